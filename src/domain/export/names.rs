//! Parts of paths out of any text, such that Linux, Windows, macOS and SMB keep the same name.
//!
//! | what | why | becomes |
//! | --- | --- | --- |
//! | `: ` and `:` | Windows | ` - ` and `-` |
//! | `/` `\` `\|` | separators | `-` |
//! | `"` | Windows | `'` |
//! | `<` `>` `?` `*` | Windows | nothing |
//! | control characters, marks that turn text | no file system shows them alike | a blank, nothing |
//! | U+F000 to U+F0FF | stand for `:` and others where macOS and Samba map names | nothing |
//! | dots and blanks at the end, dots at the beginning | Windows drops them; hidden files are not scanned | nothing |
//! | `CON`, `NUL.txt`, `COM1`, … | devices of Windows | `_CON` |
//! | one letter in two ways of writing | macOS takes them for one | its composed form |

use unicode_normalization::UnicodeNormalization;

use crate::domain::text::{is_harmful, turns};

/// A part of a path of at most `most` bytes. Empty when nothing of the text is left.
pub fn part(text: &str, most: usize) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ':' if letters.peek().is_none_or(|next| next.is_whitespace()) => clean.push_str(" -"),
            ':' | '/' | '\\' | '|' => clean.push('-'),
            '"' => clean.push('\''),
            '<' | '>' | '?' | '*' => {}
            _ if turns(letter) || is_invisible(letter) => {}
            _ if is_harmful(letter) || letter.is_whitespace() => clean.push(' '),
            _ => clean.push(letter),
        }
    }
    let words: String = clean.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").nfc().collect();
    let kept = cut(words.trim_start_matches(['.', ' ']), most).trim_end_matches(['.', ' ', '\u{200d}']);
    match is_device(kept) {
        true => format!("_{kept}"),
        false => kept.to_owned(),
    }
}

/// The same for all names that some file system takes for one.
pub fn folded(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).collect()
}

/// As much of a text as fits into so many bytes.
fn cut(text: &str, most: usize) -> &str {
    let end = text.char_indices().map(|(at, letter)| at + letter.len_utf8()).take_while(|end| *end <= most).last();
    &text[..end.unwrap_or(0)]
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{f000}'..='\u{f0ff}')
        || matches!(u32::from(letter) & 0xffff, 0xfffe | 0xffff)
}

/// Whether Windows takes it for a device, with whatever ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_uppercase();
    let numbered = |rest: &str| matches!(rest, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³");
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || ["COM", "LPT"].iter().any(|port| stem.strip_prefix(port).is_some_and(numbered))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stay_as_they_are_wherever_they_lie() {
        let cases = [
            ("Night of the Living Dead", "Night of the Living Dead"),
            ("Alien: Romulus", "Alien - Romulus"),
            ("2001:A", "2001-A"),
            ("Fargo:", "Fargo -"),
            ("Face/Off", "Face-Off"),
            ("What If...?", "What If"),
            ("M*A*S*H", "MASH"),
            ("\"Q\" <1> |a\\b", "'Q' 1 -a-b"),
            ("...And Justice", "And Justice"),
            ("  a\t\r\nb  c ", "a b c"),
            ("a\u{0}b\u{1b}[2Jc", "a b [2Jc"),
            ("exe\u{202e}vkm", "exevkm"),
            ("a\u{f022}b\u{200b}c\u{feff}", "abc"),
            ("Cafe\u{301}", "Café"),
            ("שלום", "שלום"),
            ("👨‍👩‍👧 🎬", "👨‍👩‍👧 🎬"),
            ("CON", "_CON"),
            ("con.2020", "_con.2020"),
            ("Com3", "_Com3"),
            ("LPT¹", "_LPT¹"),
            ("Console", "Console"),
            ("COM10", "COM10"),
            ("..", ""),
            ("???", ""),
            ("", ""),
        ];
        for (text, wanted) in cases {
            assert_eq!(part(text, 100), wanted, "{text:?}");
        }
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        assert_eq!(part("ééé", 5), "éé");
        assert_eq!(part("ab cd", 3), "ab");
        assert_eq!(part("a🎬", 4), "a");
        // Half a family is no family.
        assert_eq!(part("👨‍👩", 7), "👨");
    }

    #[test]
    fn names_that_some_file_system_takes_for_one_fold_alike() {
        for (one, other) in [("Cinema", "CINEMA"), ("Café", "CAFE\u{301}"), ("Ｘ", "x"), ("ΟΔΟΣ", "οδοσ")] {
            assert_eq!(folded(&folded(one)).replace('ς', "σ"), folded(&folded(other)), "{one} {other}");
        }
        assert_ne!(folded("Cafe"), folded("Café"));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_name_that_is_kept(text in any::<String>(), most in 1usize..200) {
            let name = part(&text, most);
            prop_assert!(name.len() <= most + 1, "one for the mark of a device");
            prop_assert!(!name.contains(|c: char| c.is_control() || r#"<>:"/\|?*"#.contains(c)), "{name:?}");
            prop_assert!(!name.starts_with(['.', ' ']) && !name.ends_with(['.', ' ']), "{name:?}");
            prop_assert!(!is_device(&name));
            prop_assert_eq!(part(&name, most + 1), name.clone(), "it is kept as it is");
        }
    }
}
