//! Titles compared, and titles that name nothing.

use unicode_normalization::char::is_combining_mark;

use crate::words::captions::CAPTIONS;
use crate::words::{self, fold};

pub use crate::passes::title::is_latin;
pub use crate::words::captions::key;

/// Both may name the same film: equal, one of them the longer form of the other, or two spellings of one sound.
pub fn is_same(a: &str, b: &str) -> bool {
    is_equal(a, b) || {
        let (a, b) = (parts(a), parts(b));
        let (few, many) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
        few.iter().map(String::len).sum::<usize>() >= 3 && few.iter().all(|word| many.contains(word))
    }
}

/// The same title, perhaps in another spelling.
pub fn is_equal(a: &str, b: &str) -> bool {
    let (left, right) = (key(a), key(b));
    if left.is_empty() || right.is_empty() {
        return false;
    }
    left == right || {
        let (left, right) = (sound(&left), sound(&right));
        left.len() >= 4 && left == right
    }
}

fn parts(title: &str) -> Vec<String> {
    let folded = fold(title);
    folded
        .split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Consonants without their doubles: Latin spellings of one Indian or Arabic title differ in vowels ("Lapata", "Laapataa").
fn sound(key: &str) -> String {
    let mut sound = String::with_capacity(key.len());
    for c in key.chars().filter(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h')) {
        if !sound.ends_with(c) || c.is_ascii_digit() {
            sound.push(c);
        }
    }
    sound
}

/// `QoT` of `Queen of Tears`.
pub fn are_initials(short: &str, title: &str) -> bool {
    let initials = parts(title).iter().filter_map(|word| word.chars().next()).collect::<String>();
    initials.chars().count() >= 2 && key(short) == initials
}

/// `HOTD`, `IC814`, `Citadel HB`: begins words of the title in their order, the first or the one behind an article among them,
/// and leaves out most of its letters.
pub fn is_abbreviation(short: &str, title: &str) -> bool {
    fn begins(short: &[char], words: &[Vec<char>]) -> bool {
        short.is_empty()
            || words.iter().enumerate().any(|(n, word)| {
                let same = short.iter().zip(word).take_while(|(a, b)| a == b).count();
                (1..=same).rev().any(|len| begins(&short[len..], &words[n + 1..]))
            })
    }
    let whole = parts(title);
    if parts(short).iter().all(|word| whole.contains(word)) {
        return false;
    }
    let short: Vec<char> = key(short).chars().collect();
    let words: Vec<Vec<char>> = whole.iter().take(6).map(|word| word.chars().collect()).collect();
    let letters: usize = words.iter().map(Vec::len).sum();
    let starts = words.iter().take(2).any(|word| word.first() == short.first());
    (3..=12).contains(&short.len()) && short.len() * 5 <= letters * 3 && starts && begins(&short, &words)
}

/// The title without the channel's name ahead of it. `None` when the name is not there, or is all of it.
pub fn without_channel<'t>(title: &'t str, handle: &str) -> Option<&'t str> {
    let mut ahead = String::new();
    let mut at = 0;
    while ahead.len() < handle.len() && at < title.len() {
        let end = title[at..].find(|c: char| !c.is_alphanumeric()).map_or(title.len(), |i| at + i);
        ahead.push_str(&key(&title[at..end]));
        let rest = &title[end..];
        at = rest.find(char::is_alphanumeric).map_or(title.len(), |i| end + i);
    }
    (ahead == handle && at < title.len()).then(|| &title[at..])
}

/// Titles that name nothing: `video`, `VID 20231125 WA0003`, `fichier 0042`, `05`, a hash.
pub fn is_placeholder(title: &str) -> bool {
    // "film ita"
    if let Some((head, tail)) = title.rsplit_once(' ')
        && tail.len() == 3
        && words::language(&fold(tail)).is_some()
    {
        return is_placeholder(head);
    }
    title.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).filter(|w| !w.is_empty()).all(|word| {
        let low = fold(word);
        let letters = low.trim_matches(|c: char| c.is_ascii_digit());
        let is_ordinal = || !word.is_ascii() && words::entry(word).number().is_some();
        letters.is_empty() || is_ordinal() || CAPTIONS.is_placeholder(letters) || is_scramble(word)
    })
}

/// A hash or an id: hexadecimal, or capitals, small letters and figures in turns (`AgADBQADxqkxG4`).
fn is_scramble(word: &str) -> bool {
    if word.len() >= 16 && word.bytes().all(|b| b.is_ascii_hexdigit()) {
        return true;
    }
    let turns = word.as_bytes().windows(2).filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase()).count();
    word.len() >= 12 && word.is_ascii() && turns >= 2 && word.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_name_nothing_are_known() {
        for title in [
            "",
            "video",
            "VID 20231125 WA0003",
            "fichier 0042",
            "05",
            "1 5078214563298214",
            "AgADBQADxqkxG4",
            "قسمت",
            "dizi",
            "Новый фильм 2",
        ] {
            assert_eq!(is_placeholder(title), title != "Новый фильм 2", "{title}");
        }
        for title in ["Harvest Moon", "Film Stars", "Moving", "12 стульев"] {
            assert!(!is_placeholder(title), "{title}");
        }
    }

    #[test]
    fn initials_stand_for_their_title() {
        assert!(are_initials("QoT", "Queen of Tears") && are_initials("got", "Game of Thrones"));
        assert!(!are_initials("It", "It") && !are_initials("Salt", "Salt Road"));
    }

    #[test]
    fn abbreviations_begin_the_words_of_their_title() {
        let cases = [
            ("HMSR", "Harvest Moon: Salt Road"),
            ("SR814", "Salt Road 814: The Long Way"),
            ("Harvest SR", "Harvest: Salt Road"),
            ("HOTM", "The House of the Moon"),
        ];
        for (short, title) in cases {
            assert!(is_abbreviation(short, title), "{short} {title}");
        }
        for (short, title) in
            [("Salt Road", "Salt Roads"), ("Dark", "The Harvest"), ("It", "In Time"), ("XYZ", "Salt Road")]
        {
            assert!(!is_abbreviation(short, title), "{short} {title}");
        }
    }

    #[test]
    fn titles_are_the_same_in_other_spellings() {
        for (a, b) in [
            ("Laapataa Ladies", "Lapata Ladies"),
            ("Heeramandi", "Heeramandi: The Diamond Bazaar"),
            ("Dark", "تاریکی Dark"),
            ("SaltRoad", "Salt Road"),
            ("Kulüp", "Kulup"),
        ] {
            assert!(is_same(a, b), "{a} {b}");
        }
        for (a, b) in [("Harvest Moon", "Salt Road"), ("Leo", "Lea"), ("", "Leo"), ("It", "It Follows")] {
            assert!(!is_same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn a_channel_ahead_of_the_title_is_taken_off() {
        assert_eq!(without_channel("Series Vault Severance", "seriesvault"), Some("Severance"));
        assert_eq!(without_channel("SeriesVault - Severance", "seriesvault"), Some("Severance"));
        assert_eq!(without_channel("Series Vault", "seriesvault"), None);
        assert_eq!(without_channel("Severance", "seriesvault"), None);
    }
}
