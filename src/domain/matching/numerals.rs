//! Numbers in names, however they are written: `Rocky III`, `Rocky 3`, `Rocky Three` and `Rocky Part 3` are one name.

/// Up to twenty, in all three writings.
const NUMERALS: [(&str, &str, &str); 20] = [
    ("1", "i", "one"),
    ("2", "ii", "two"),
    ("3", "iii", "three"),
    ("4", "iv", "four"),
    ("5", "v", "five"),
    ("6", "vi", "six"),
    ("7", "vii", "seven"),
    ("8", "viii", "eight"),
    ("9", "ix", "nine"),
    ("10", "x", "ten"),
    ("11", "xi", "eleven"),
    ("12", "xii", "twelve"),
    ("13", "xiii", "thirteen"),
    ("14", "xiv", "fourteen"),
    ("15", "xv", "fifteen"),
    ("16", "xvi", "sixteen"),
    ("17", "xvii", "seventeen"),
    ("18", "xviii", "eighteen"),
    ("19", "xix", "nineteen"),
    ("20", "xx", "twenty"),
];

/// Words that may stand before a number and add nothing to it.
const COUNTED: [&str; 9] = ["part", "pt", "volume", "vol", "chapter", "episode", "ep", "teil", "partie"];

/// The digits, the roman number and the word of a numeral in any of these writings.
pub fn writings(word: &str) -> Option<(&'static str, &'static str, &'static str)> {
    NUMERALS.into_iter().find(|(digits, roman, spelt)| [*digits, *roman, *spelt].contains(&word))
}

pub fn is_counted(word: &str) -> bool {
    COUNTED.contains(&word)
}

/// Whether the word at this place is a number. A lone V or X is none at the beginning (`V for Vendetta`), and a lone I is one only
/// at the end or behind a word that counts (`Episode I`). Both names are treated alike, so a letter taken for a number (`Malcolm
/// X`) does no harm.
pub fn is_numeral(words: &[&str], at: usize) -> bool {
    let word = words[at];
    match word {
        "v" | "x" => at > 0,
        "i" => at > 0 && (at + 1 == words.len() || is_counted(words[at - 1])),
        _ => word.bytes().all(|b| b.is_ascii_digit()) || writings(word).is_some(),
    }
}

/// Writes numbers as digits, and leaves out the word that counts before one.
pub fn in_digits(folded: &str) -> String {
    let words: Vec<&str> = folded.split(' ').collect();
    let mut written = Vec::with_capacity(words.len());
    for (at, word) in words.iter().copied().enumerate() {
        if is_counted(word) && at > 0 && at + 1 < words.len() && is_numeral(&words, at + 1) {
            continue;
        }
        written.push(if is_numeral(&words, at) { writings(word).map_or(word, |(digits, ..)| digits) } else { word });
    }
    written.join(" ")
}

/// The numbers of a name, spelt ones excepted: a slip of the finger may make a word of another (`two`, `tow`), but never a sequel
/// of a film (`II`, `III`).
pub fn unspelt(folded: &str) -> Vec<&str> {
    let words: Vec<&str> = folded.split(' ').collect();
    let is_unspelt =
        |at: &usize| is_numeral(&words, *at) && writings(words[*at]).is_none_or(|(_, _, spelt)| spelt != words[*at]);
    (0..words.len()).filter(is_unspelt).map(|at| words[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_written_in_one_way() {
        for (name, wanted) in [
            ("rocky iii", "rocky 3"),
            ("rocky part three", "rocky 3"),
            ("rocky v", "rocky 5"),
            ("v for vendetta", "v for vendetta"),
            ("star wars episode v the empire", "star wars 5 the empire"),
            ("kill bill vol 2", "kill bill 2"),
            ("part time", "part time"),
            ("part two", "part 2"),
            ("twelve monkeys", "12 monkeys"),
            ("", ""),
        ] {
            assert_eq!(in_digits(name), wanted);
        }
    }
}
