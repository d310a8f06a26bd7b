//! A name's keys. Names that people take for the same have a key in common: `Amélie & Co.` and `amelie and co`, `Rocky II` and
//! `Rocky 2`, `Fack ju Göhte` and `Fack ju Goehte`, `L'homme du train` and `Homme du train`, `Ocean's Eleven` and `Oceans 11`.
//!
//! A title is filed under all its keys and asked for by all of them, so each way of writing needs to be known on one side only.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer names are cut here; nobody tells titles apart so late.
const MOST_LETTERS: usize = 120;

/// Articles that people leave out or move to the end. German "die" is not among them: it would make "Die Hard" "Hard".
const ARTICLES: [&str; 14] = ["the", "a", "an", "le", "la", "les", "l", "el", "los", "las", "der", "das", "il", "lo"];
/// Those that English lists move behind a comma.
const MOVED: [&str; 3] = ["the", "a", "an"];

/// What people write before the number of a part, or leave out.
const PART: [&str; 12] =
    ["part", "pt", "vol", "volume", "chapter", "episode", "teil", "partie", "parte", "kapitel", "chapitre", "часть"];

const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// The keys of a name, each once, the plainest first. Empty for a text of spaces alone.
pub fn keys(name: &str) -> Vec<String> {
    let mut keys = Vec::with_capacity(4);
    let words = words(name, Umlauts::Plain);
    if words.is_empty() {
        // A name of signs alone: "$", "...".
        let signs: String = name.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(MOST_LETTERS).collect();
        return if signs.is_empty() { keys } else { vec![signs] };
    }
    file(&words, &mut keys);
    if words.iter().any(|word| word.is_joint) {
        let apart: Vec<Word> = words.into_iter().filter(|word| !word.is_joint).collect();
        file(&apart, &mut keys);
    }
    if name.chars().any(|c| written_out(c).is_some()) {
        file(&self::words(name, Umlauts::WrittenOut), &mut keys);
    }
    keys
}

/// Adds the keys of one reading: with and without its article, with numbers as they stand and as digits.
fn file(words: &[Word], keys: &mut Vec<String>) {
    let spoken: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    for words in [spoken.as_slice(), without_article(&spoken)] {
        for key in [words.concat(), as_digits(words)] {
            let key = cut(key);
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
}

fn cut(mut key: String) -> String {
    if let Some((end, _)) = key.char_indices().nth(MOST_LETTERS) {
        key.truncate(end);
    }
    key
}

struct Word {
    text: String,
    /// It was a sign: `&` or `+`.
    is_joint: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Umlauts {
    /// ö is o.
    Plain,
    /// ö is oe.
    WrittenOut,
}

/// Stands before an "and" that was a sign; no letter, so no name brings its own.
const JOINT: char = '\u{1}';

/// Lower case words of letters and digits, roman numerals as digits. Apostrophes and hyphens part words like spaces: keys are joined
/// without spaces, so it does not matter where people put them.
fn words(name: &str, umlauts: Umlauts) -> Vec<Word> {
    let mut plain = String::with_capacity(name.len());
    for c in name.nfc().take(4 * MOST_LETTERS) {
        match written_out(c) {
            Some(letters) if umlauts == Umlauts::WrittenOut => plain.push_str(letters),
            _ => spell(c, &mut plain),
        }
    }
    let mut words: Vec<Word> = plain
        .split_whitespace()
        .map(|word| match word.strip_prefix(JOINT) {
            Some(and) => Word { text: and.to_owned(), is_joint: true },
            None => Word { text: word.to_owned(), is_joint: false },
        })
        .collect();
    let last = words.len().saturating_sub(1);
    for (n, word) in words.iter_mut().enumerate() {
        if let Some(number) = roman(&word.text, n == last && n > 0) {
            word.text = number.to_string();
        }
    }
    words
}

/// Letters that German, Danish and their kin write as two where a keyboard lacks them.
fn written_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
        'ü' | 'Ü' => "ue",
        'å' | 'Å' => "aa",
        _ => return None,
    })
}

fn spell(c: char, plain: &mut String) {
    match c {
        '&' | '+' | '＆' => plain.extend([' ', JOINT, 'a', 'n', 'd', ' ']),
        'ß' | 'ẞ' => plain.push_str("ss"),
        'æ' | 'Æ' => plain.push('a'),
        'œ' | 'Œ' => plain.push_str("oe"),
        'ø' | 'Ø' => plain.push('o'),
        'ł' | 'Ł' => plain.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => plain.push('d'),
        'þ' | 'Þ' => plain.push_str("th"),
        'ı' => plain.push('i'),
        // Nearly every name is plain.
        c if c.is_ascii_alphanumeric() => plain.push(c.to_ascii_lowercase()),
        c => std::iter::once(c).nfkd().for_each(|part| match part {
            // Accents of scripts in which people leave them out: Latin, Greek, Cyrillic; Arabic and Hebrew vowel points.
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{1dc0}'..='\u{1dff}' => {}
            // Other combining marks carry meaning (Devanagari vowels, Japanese voicing) and stay.
            part if part.is_alphanumeric() || is_combining_mark(part) => plain.extend(part.to_lowercase()),
            _ => plain.push(' '),
        }),
    }
}

/// A lone I, V or X is a number only at the end (`Rocky V`, not `V for Vendetta`). Title and question are read alike, so a word that is
/// taken for a number (`Malcolm X`) does no harm.
fn roman(word: &str, is_last: bool) -> Option<u32> {
    let is_one_letter = word.len() == 1;
    if word.is_empty() || word.len() > 7 || is_one_letter && !(is_last && matches!(word, "i" | "v" | "x")) {
        return None;
    }
    let mut sum = 0;
    let mut rest = word;
    for (letters, value) in [("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1)] {
        let most = if letters == "x" || letters == "i" { 3 } else { 1 };
        for _ in 0..most {
            let Some(after) = rest.strip_prefix(letters) else { break };
            sum += value;
            rest = after;
        }
    }
    rest.is_empty().then_some(sum)
}

fn without_article<'w, 't>(words: &'w [&'t str]) -> &'w [&'t str] {
    match words {
        [first, rest @ ..] if !rest.is_empty() && ARTICLES.contains(first) => rest,
        [rest @ .., last] if !rest.is_empty() && MOVED.contains(last) => rest,
        all => all,
    }
}

/// The words joined, numbers up to twenty as digits, and no word for "part" before a number.
fn as_digits(words: &[&str]) -> String {
    let number = |word: &str| NUMBERS.iter().position(|number| *number == word);
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit()) || number(word).is_some();
    let mut key = String::new();
    for (n, word) in words.iter().enumerate() {
        let names_a_part = n > 0 && PART.contains(word) && words.get(n + 1).is_some_and(|next| is_number(next));
        match number(word) {
            _ if names_a_part => {}
            Some(number) => key.push_str(&number.to_string()),
            None => key.push_str(word),
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meet(a: &str, b: &str) -> bool {
        let b = keys(b);
        keys(a).iter().any(|key| b.contains(key))
    }

    #[test]
    fn names_that_people_take_for_the_same_have_a_key_in_common() {
        for (a, b) in [
            ("Amélie & Co.", "amelie and co"),
            ("Cats & Dogs", "Cats Dogs"),
            ("Rocky II", "ROCKY 2"),
            ("Rocky V", "Rocky 5"),
            ("The Godfather: Part II", "The Godfather 2"),
            ("Kill Bill: Vol. 1", "Kill Bill Volume One"),
            ("Ocean's Eleven", "Oceans 11"),
            ("Fack ju Göhte", "Fack ju Goehte"),
            ("Fack ju Göhte", "Fack ju Gohte"),
            ("L'homme du train", "Homme du train"),
            ("The General's Daughter", "The General s Daughter"),
            ("The General's Daughter", "Generals Daughter"),
            ("Matrix, The", "The Matrix"),
            ("D-Tox", "DTox"),
            ("S.W.A.T.", "SWAT"),
            ("Straße", "STRASSE"),
            ("Ёлки", "елки"),
            ("千と千尋の神隠し", "千と千尋の神隠し"),
            ("친절한 금자씨", "친절한금자씨"),
            ("Æon Flux", "Aeon Flux"),
            ("$", "$"),
        ] {
            assert!(meet(a, b), "{a}: {:?}; {b}: {:?}", keys(a), keys(b));
        }
    }

    #[test]
    fn other_names_have_none() {
        for (a, b) in [
            ("Alien", "Aliens"),
            ("Rocky II", "Rocky III"),
            ("V for Vendetta", "5 for Vendetta"),
            ("Die Hard", "Hard"),
            ("The", "A"),
            ("The Thing", "Thing, Any"),
        ] {
            assert!(!meet(a, b), "{a}: {:?}; {b}: {:?}", keys(a), keys(b));
        }
    }

    #[test]
    fn a_name_of_nothing_has_no_key_and_a_long_one_is_cut() {
        assert_eq!(keys(" \u{1}\n "), Vec::<String>::new());
        assert_eq!(keys("a \u{1}b")[0], "ab");
        assert!(keys(&"long ".repeat(500)).iter().all(|key| key.chars().count() == MOST_LETTERS));
    }

    #[test]
    fn romans_are_read_to_39() {
        for (word, number) in [("ii", 2), ("iv", 4), ("ix", 9), ("xiv", 14), ("xxxix", 39)] {
            assert_eq!(roman(word, false), Some(number));
        }
        for word in ["iiii", "vx", "ic", "mix", "i", "", "x"] {
            assert_eq!(roman(word, false), None, "{word}");
        }
    }
}
