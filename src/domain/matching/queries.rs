//! What to ask a provider's search for a name. A search wants every word of the question in one name, letter by letter (the
//! last word may be the beginning of one), so each way in which a name may be written is a question of its own; and a question
//! of fewer words finds more.

use super::names::{ARTICLES, fold};
use super::numerals::{is_counted, is_numeral, writings};

/// Questions for one name's other writings.
const WRITINGS: usize = 9;
/// Questions with a word left out.
const LEFT_OUT: usize = 7;

/// The name as others may write it, the likelier first, without the name itself. `is_narrowed`: a year narrows the answer, so that
/// few words are enough.
pub fn other_writings(name: &str, is_narrowed: bool) -> Vec<String> {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').collect();
    let mut asked = Vec::new();
    let mut seen = vec![String::new(), as_searched(name)];
    let mut add = |query: String| {
        let as_searched = as_searched(&query);
        if !seen.contains(&as_searched) {
            seen.push(as_searched);
            asked.push(query);
        }
    };
    // Numerals in all writings, "and", articles and single letters at once.
    if is_narrowed {
        add(essential(&words).join(" "));
    }
    add(parted_by_case(name));
    add(plain(name, |word| if matches!(word, "and" | "und" | "&" | "+") { None } else { Some(word.to_owned()) }));
    add(endings_joined(&words));
    for numeral in numerals(&words) {
        add(numeral);
    }
    add(without_articles(&words).join(" "));
    add(plain(name, |word| Some(umlauts_contracted(word))));
    add(with_elisions(&words));
    if words[0].starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']) {
        add(format!("l'{}", name.to_lowercase()));
    }
    if !is_narrowed {
        add(essential(&words).join(" "));
    }
    asked.truncate(WRITINGS);
    asked
}

/// For a name with a letter astray, and a year: each word left out in turn, or the beginning of the only one, or that word as two.
pub fn words_left_out(name: &str) -> Vec<String> {
    let folded = fold(name);
    let all: Vec<&str> = folded.split(' ').collect();
    let words = essential(&all);
    let mut asked: Vec<String> = Vec::new();
    let mut add = |query: String| {
        if query.chars().count() > 1 && query != folded && !asked.contains(&query) {
            asked.push(query);
        }
    };
    match words.as_slice() {
        [] => {}
        [word] => {
            beginnings(word).into_iter().for_each(&mut add);
            parted(word).into_iter().for_each(&mut add);
        }
        _ => {
            for at in 0..words.len() {
                let mut others = words.clone();
                others.remove(at);
                add(others.join(" "));
            }
            // The last word may be the beginning of one: a slip behind it does no harm, and the answer is narrow.
            for word in words.iter().filter(|word| word.chars().count() >= 6) {
                beginnings(word).into_iter().take(1).for_each(&mut add);
            }
        }
    }
    asked.truncate(LEFT_OUT);
    asked
}

/// Both titles of `A Bronx Tale - Rue noche`, and of `A Bronx Tale (Rue noche)`.
pub fn sides(name: &str) -> Vec<String> {
    let mut sides = Vec::new();
    for mark in [" - ", " – ", " — ", " / "] {
        if let Some((before, after)) = name.split_once(mark) {
            sides.extend([before, after]);
        }
        if let Some((before, after)) = name.rsplit_once(mark) {
            sides.extend([after, before]);
        }
    }
    if let Some((before, rest)) = name.split_once(['(', '[']) {
        sides.extend([before, rest.trim_end_matches([')', ']', ' '])]);
    }
    let mut distinct: Vec<String> = Vec::new();
    for side in sides.into_iter().map(str::trim) {
        if fold(side).chars().count() >= 3 && !distinct.iter().any(|known| known == side) {
            distinct.push(side.to_owned());
        }
    }
    distinct
}

/// How a search sees a name, for not asking the same twice: marks part words, apostrophes are nothing.
fn as_searched(name: &str) -> String {
    let low = name.to_lowercase().replace(['\'', '’'], "");
    low.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The words that every writing of the name has in common: no numerals, articles, conjunctions or single letters. All of them when
/// nothing else is there.
fn essential<'w>(words: &[&'w str]) -> Vec<&'w str> {
    let is_essential = |at: &usize| {
        let word = words[*at];
        !is_numeral(words, *at)
            && !is_counted(word)
            && !ARTICLES.contains(&word)
            && !matches!(word, "and" | "und")
            && word.chars().count() > 1
    };
    let essential: Vec<&str> = (0..words.len()).filter(is_essential).map(|at| words[at]).collect();
    if essential.is_empty() { words.to_vec() } else { essential }
}

fn without_articles<'w>(words: &[&'w str]) -> Vec<&'w str> {
    let is_outer = |at: usize| at == 0 || at + 1 == words.len();
    (0..words.len()).filter(|at| !(is_outer(*at) && ARTICLES.contains(&words[*at]))).map(|at| words[at]).collect()
}

/// Word by word, the marks of the name kept, since each provider folds them in its own way.
fn plain(name: &str, rewrite: impl Fn(&str) -> Option<String>) -> String {
    name.split_whitespace().filter_map(|word| rewrite(&word.to_lowercase())).collect::<Vec<_>>().join(" ")
}

/// `general s daughter` -> `generals daughter`, `don t look now` -> `dont look now`.
fn endings_joined(words: &[&str]) -> String {
    let mut joined = String::new();
    for (at, word) in words.iter().enumerate() {
        let is_ending = at > 0 && matches!(*word, "s" | "t" | "d" | "m" | "ll" | "re" | "ve" | "n");
        if at > 0 && !is_ending {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// `l homme` -> `lhomme`: how a search that drops apostrophes knows it.
fn with_elisions(words: &[&str]) -> String {
    let mut joined = String::new();
    for (at, word) in words.iter().enumerate() {
        joined.push_str(word);
        let is_elided =
            matches!(*word, "l" | "d" | "qu" | "j" | "c" | "n" | "m" | "t" | "s" | "dell" | "nell" | "all" | "un");
        if at + 1 < words.len() && !is_elided {
            joined.push(' ');
        }
    }
    joined
}

/// `DTox` -> `D Tox`, `SpiderMan` -> `Spider Man`.
fn parted_by_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut parted = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let begins_word = at > 0
            && letter.is_uppercase()
            && letters[at - 1].is_alphabetic()
            && (letters[at - 1].is_lowercase() || letters.get(at + 1).is_some_and(|next| next.is_lowercase()));
        if begins_word {
            parted.push(' ');
        }
        parted.push(*letter);
    }
    parted
}

/// The first number in its other writings, with the word that counts before it and without.
fn numerals(words: &[&str]) -> Vec<String> {
    let Some(at) = (1..words.len()).find(|at| is_numeral(words, *at)) else { return Vec::new() };
    let is_behind_count = is_counted(words[at - 1]) && at > 1;
    let Some((digits, roman, spelt)) = writings(words[at]) else { return Vec::new() };
    let mut asked = Vec::new();
    for way in [roman, digits, spelt] {
        let mut other: Vec<&str> = words.to_vec();
        other[at] = way;
        let whole = other.join(" ");
        if is_behind_count {
            other.remove(at - 1);
            asked.extend([other.join(" "), whole]);
        } else {
            asked.push(whole);
        }
    }
    asked
}

fn umlauts_contracted(word: &str) -> String {
    word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

/// Beginnings of a word with a slip in it: half of it, a doubled letter made single, and the first three.
fn beginnings(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let half = letters.len().div_ceil(2).max(3);
    let mut asked: Vec<String> = vec![letters.iter().take(half).collect()];
    for at in (1..letters.len()).filter(|at| letters[*at] == letters[at - 1]).take(2) {
        let mut single = letters.clone();
        single.remove(at);
        asked.push(single.into_iter().collect());
    }
    if half > 3 {
        asked.push(letters.iter().take(3).collect());
    }
    asked
}

/// A word that lost its hyphen: `dtox` -> `d tox`. Most often the first part is short.
fn parted(word: &str) -> Vec<String> {
    let places = word.char_indices().map(|(at, _)| at).skip(1).take(3);
    places.map(|at| format!("{} {}", &word[..at], &word[at..])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_are_asked_the_likelier_first() {
        for (name, is_narrowed, first) in [
            ("Lethal Weapon III", true, "lethal weapon"),
            ("Cats and Dogs", true, "cats dogs"),
            ("Cats and Dogs", false, "cats dogs"),
            ("DTox", true, "D Tox"),
            ("SpiderMan", false, "Spider Man"),
            ("Rocky 3", false, "rocky iii"),
            ("Rocky Part 3", false, "rocky iii"),
            ("Matrix, The", false, "matrix"),
            ("The General s Daughter", false, "the generals daughter"),
            ("Fack ju Goehte", false, "fack ju gohte"),
        ] {
            assert_eq!(other_writings(name, is_narrowed).first().map(String::as_str), Some(first), "{name}");
        }
        assert_eq!(other_writings("Metropolis", true), Vec::<String>::new(), "there is only one");
    }

    #[test]
    fn each_word_is_left_out_and_a_single_one_is_cut() {
        for (name, wanted) in [
            ("The Huricane Express", vec!["express", "huricane", "huri", "expr"]),
            ("Casablnca", vec!["casab", "cas", "c asablnca", "ca sablnca", "cas ablnca"]),
            ("Nosfferatu", vec!["nosff", "nosferatu", "nos", "n osfferatu", "no sfferatu", "nos fferatu"]),
            ("It", vec!["i t"]),
        ] {
            assert_eq!(words_left_out(name), wanted, "{name}");
        }
    }

    #[test]
    fn a_name_has_sides() {
        for (name, wanted) in [
            ("A Bronx Tale - Rue noche", vec!["A Bronx Tale", "Rue noche"]),
            ("A Bronx Tale (Rue noche)", vec!["A Bronx Tale", "Rue noche"]),
            ("One - Two - Three", vec!["One", "Two - Three", "Three", "One - Two"]),
            ("Metropolis", vec![]),
        ] {
            assert_eq!(sides(name), wanted, "{name}");
        }
    }
}
