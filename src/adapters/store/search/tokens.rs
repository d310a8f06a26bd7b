//! What titles are found by, and what the catalog's words are found by. A token is one of:
//!
//! ```text
//! =matrix         a word                              of titles
//! ^the_matrix$    a whole name                        of titles
//! ^千             how a name begins, in a script that puts no spaces between words
//! _ma, mat, …     three letters of a word in a row (a gram); `_` stands before its first one
//! =matix          a word without one of its letters, or with all of them      of words
//! ```
//!
//! Folded text holds none of these signs, so no token is taken for another.

use std::collections::BTreeSet;

/// The names in a title's text ([`names`](super::names)): whether each is a title's own, and the name.
fn each_name(names: &str) -> impl Iterator<Item = (bool, &str)> {
    names.split('$').filter_map(|name| {
        let name = name.trim_start();
        let own = name.strip_prefix('^').map(|name| (true, name));
        own.or_else(|| name.strip_prefix('@').map(|name| (false, name))).map(|(own, name)| (own, name.trim()))
    })
}

/// Every word of a title's names, its people's included.
pub(in crate::adapters::store) fn words(names: &str) -> BTreeSet<&str> {
    each_name(names).flat_map(|(_, name)| name.split(' ')).filter(|word| !word.is_empty()).collect()
}

/// Every token of a title, once.
pub(in crate::adapters::store) fn title_tokens(names: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for word in words(names) {
        tokens.push(word_token(word));
        tokens.extend(grams(&beginning(word)));
    }
    for (_, name) in each_name(names).filter(|(own, name)| *own && !name.is_empty()) {
        tokens.push(whole_name(name));
        tokens.extend(name.chars().next().filter(|letter| is_unspaced(*letter)).map(first_letter));
    }
    tokens.sort();
    tokens.dedup();
    tokens
}

/// Every token of a word, once.
pub(in crate::adapters::store) fn word_tokens(word: &str) -> Vec<String> {
    let mut tokens: Vec<String> = grams(&beginning(word)).collect();
    let letters: Vec<char> = word.chars().collect();
    if may_be_meant(&letters) {
        tokens.extend(shortened(&letters));
    }
    tokens.sort();
    tokens.dedup();
    tokens
}

pub(super) fn word_token(word: &str) -> String {
    format!("={word}")
}

pub(super) fn whole_name(name: &str) -> String {
    format!("^{}$", name.replace(' ', "_"))
}

pub(super) fn first_letter(letter: char) -> String {
    format!("^{letter}")
}

/// A word with the sign of its beginning.
pub(super) fn beginning(word: &str) -> String {
    format!("_{word}")
}

fn grams(text: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    let runs: Vec<String> = letters.windows(3).map(|run| run.iter().collect()).collect();
    runs.into_iter()
}

/// Every other gram of a text and its last one: as telling as all of them, at half the cost of looking them up.
pub(super) fn covering_grams(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let last = letters.len().saturating_sub(3);
    let runs = letters.windows(3).enumerate().filter(|(at, _)| at % 2 == 0 || *at == last);
    let mut grams: Vec<String> = runs.map(|(_, run)| run.iter().collect()).collect();
    grams.sort();
    grams.dedup();
    grams
}

/// Below this, a word with an error could be any other.
const MISTYPED_FROM: usize = 4;
/// No word of a title is longer.
const MISTYPED_TO: usize = 24;
/// Numbers that are longer than a year are no slips of each other.
const LONGEST_NUMBER: usize = 4;

/// Whether somebody may have mistyped a word and meant another.
pub(super) fn may_be_mistyped(typed: &[char]) -> bool {
    (MISTYPED_FROM..=MISTYPED_TO).contains(&typed.len()) && !is_long_number(typed)
}

/// Whether a word may be what was meant.
fn may_be_meant(word: &[char]) -> bool {
    (MISTYPED_FROM - 1..=MISTYPED_TO + 1).contains(&word.len()) && !is_long_number(word)
}

fn is_long_number(word: &[char]) -> bool {
    word.len() > LONGEST_NUMBER && word.iter().all(char::is_ascii_digit)
}

/// A word as it is, and without each one of its letters. Two words with one error between them share one of these: the letter
/// that one of them has too many, that is wrong in both, or that changed places with its neighbour.
pub(super) fn shortened(word: &[char]) -> Vec<String> {
    let without = |left_out: usize| {
        let rest = word.iter().enumerate().filter(|(at, _)| *at != left_out);
        std::iter::once('=').chain(rest.map(|(_, letter)| *letter)).collect::<String>()
    };
    let mut words: Vec<String> = (0..=word.len()).map(without).collect();
    words.sort();
    words.dedup();
    words
}

/// Whether a letter is Chinese or Japanese.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_a_token_for_each_way_to_look_for_it() {
        let tokens = title_tokens("^ the it $^ 君の名は $^ 1968 $@ ari n $");
        let wanted = [
            "=1968",
            "=ari",
            "=it",
            "=n",
            "=the",
            "=君の名は",
            "^1968$",
            "^the_it$",
            "^君",
            "^君の名は$",
            "_19",
            "_ar",
            "_it",
            "_th",
            "_君の",
            "196",
            "968",
            "ari",
            "the",
            "の名は",
            "君の名",
        ];
        let mut wanted: Vec<String> = wanted.map(str::to_owned).to_vec();
        wanted.sort();
        assert_eq!(tokens, wanted);
    }

    #[test]
    fn a_word_is_found_by_its_letters_and_by_one_left_out() {
        assert_eq!(word_tokens("moon"), ["=mon", "=moo", "=moon", "=oon", "_mo", "moo", "oon"]);
        assert_eq!(word_tokens("it"), ["_it"]);
        assert_eq!(word_tokens("1968"), ["196", "968", "=168", "=196", "=1968", "=198", "=968", "_19"]);
        assert_eq!(word_tokens("19680"), ["196", "680", "968", "_19"], "an id is no slip of another");
    }
}
