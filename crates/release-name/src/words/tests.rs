//! The words files hold what they may, each word once, and nothing that contradicts itself.

use std::collections::HashMap;

use super::captions::{self, LabelWord};
use super::classes::Class;
use super::index::{CLASSES, LANGUAGES, LONGEST, RELEASE, counted, unless_dash};
use super::tags::{Strength, Tag};
use super::{Row, fold, list, rows};
use crate::text::{Text, lower};

/// The rows of a file, and that all its lines are rows or comments.
fn checked<const COLUMNS: usize>(file: &'static str) -> Vec<Row<COLUMNS>> {
    let lines = file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let rows: Vec<Row<COLUMNS>> = rows(file).collect();
    assert_eq!(rows.len(), lines.count(), "each line is a row of {COLUMNS} columns and words, or a comment");
    for row in &rows {
        assert!(row.words().count() > 0, "no words: {row:?}");
    }
    rows
}

fn is_language(code: &str) -> bool {
    code == "-" || (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase())
}

/// Names are looked up word by word in lower case: a word written otherwise is never found.
fn can_be_found(phrase: &str) {
    let text = Text::new(phrase);
    let words: Vec<&str> = (0..text.len()).map(|i| text.low(i)).collect();
    assert_eq!(words.join(" "), phrase, "no name can hold it");
    assert!(words.iter().all(|word| word.len() <= LONGEST), "{phrase} is too long");
}

/// Each word once for each meaning.
fn no_doubles<'a>(words: impl Iterator<Item = (String, &'a str)>) {
    let mut seen: HashMap<(String, &str), ()> = HashMap::new();
    for (word, meaning) in words {
        assert!(seen.insert((word.clone(), meaning), ()).is_none(), "{word} stands twice for {meaning}");
    }
}

#[test]
fn words_of_releases_are_in_order() {
    let mut meanings: HashMap<&str, String> = HashMap::new();
    for row in checked::<4>(RELEASE) {
        let [meaning, value, sure, language] = row.columns;
        assert!(is_language(language), "{row:?}");
        if Class::named(meaning).is_some() {
            continue;
        }
        assert!(Tag::named(meaning, unless_dash(value)).is_some(), "{row:?}");
        assert!(Strength::named(sure).is_some(), "{row:?}");
        for word in row.words() {
            can_be_found(word);
            let said = format!("{meaning} {value} {sure}");
            let other = meanings.insert(word, said.clone());
            assert_eq!(other, None, "{word} is {said} too");
        }
    }
}

#[test]
fn languages_are_in_order() {
    let mut named: HashMap<&str, &str> = HashMap::new();
    for row in checked::<2>(LANGUAGES) {
        let [codes, kind] = row.columns;
        assert!(codes.split(' ').all(is_language), "{row:?}");
        let is_word = matches!(kind, "name" | "code" | "subtitles");
        assert!(is_word || kind == "flags" || Class::named(kind).is_some(), "{row:?}");
        for word in row.words().filter(|_| is_word) {
            can_be_found(word);
            let other = named.insert(word, codes);
            assert_eq!(other, None, "{word} is {codes} too");
        }
    }
}

/// A word that is a language and something else must be doubtful as both: its neighbours decide.
#[test]
fn words_of_several_meanings_are_faint() {
    let sure = |row: &Row<4>| row.columns[2];
    let mut said: HashMap<&str, &str> = HashMap::new();
    for row in rows::<4>(RELEASE).filter(|row| Strength::named(sure(row)).is_some()) {
        said.extend(row.words().map(|word| (word, sure(&row))));
    }
    for row in rows::<2>(LANGUAGES).filter(|row| matches!(row.columns[1], "name" | "code" | "subtitles")) {
        for word in row.words() {
            let other = said.get(word).copied();
            assert!(other.is_none_or(|sure| sure == "faint" && row.columns[1] == "code"), "{word} is {other:?} too");
        }
    }
}

#[test]
fn classes_are_in_order() {
    for (file, text) in CLASSES {
        let rows = checked::<2>(text);
        no_doubles(rows.iter().flat_map(|row| row.words().map(|word| (word.to_owned(), row.columns[0]))));
        for row in rows {
            let [meaning, language] = row.columns;
            let is_number = counted(meaning)
                .is_some_and(|(name, number)| matches!(name, "ordinal" | "number" | "roman" | "month") && number > 0);
            assert!(is_number || Class::named(meaning).is_some(), "{file}: {meaning} is no meaning");
            assert!(is_language(language), "{file}: {row:?}");
            assert!(row.words().all(|word| lower(word) == word), "{file}: {row:?} is not in lower case");
        }
    }
}

#[test]
fn every_class_has_words() {
    for class in Class::ALL {
        assert!(!list(*class).is_empty(), "{} has no words", class.name());
    }
}

/// No word counts both, or stands on both sides of a range.
#[test]
fn classes_do_not_contradict_each_other() {
    for (one, other) in [
        (Class::Season, Class::Episode),
        (Class::SeasonLetter, Class::Episode),
        (Class::Range, Class::Of),
        (Class::Range, Class::EpisodeAnd),
        (Class::SeasonUnit, Class::EpisodeUnit),
        (Class::Archive, Class::Extension),
        (Class::Forced, Class::Sdh),
        (Class::GroupAhead, Class::Site),
    ] {
        for word in list(one) {
            assert!(!super::is(word, other), "{word} is {} and {}", one.name(), other.name());
        }
    }
}

/// The number of each row is its only number of that kind.
#[test]
fn numbers_are_one_number_each() {
    let mut numbers: HashMap<(String, &str), u8> = HashMap::new();
    for (_, text) in CLASSES {
        for row in rows::<2>(text) {
            let Some((name, number)) = counted(row.columns[0]) else { continue };
            for word in row.words() {
                let other = numbers.insert((word.to_owned(), name), number);
                assert_eq!(other, None, "{word} is {name} {number} too");
            }
        }
    }
}

#[test]
fn words_of_captions_are_in_order() {
    let rows = checked::<2>(captions::FILE);
    no_doubles(rows.iter().flat_map(|row| row.words().map(|word| (fold(word), row.columns[0]))));
    let mut labels: HashMap<String, LabelWord> = HashMap::new();
    for row in rows {
        let [meaning, language] = row.columns;
        assert!(is_language(language), "{row:?}");
        let Some(label) = LabelWord::named(meaning) else {
            let others = [
                "placeholder",
                "category",
                "unit",
                "invitation",
                "invitation stem",
                "another film",
                "address",
                "picture spoken",
                "picture read",
                "picture other",
            ];
            assert!(others.contains(&meaning), "{meaning} is no meaning");
            continue;
        };
        for word in row.words() {
            let other = labels.insert(fold(word), label);
            assert_eq!(other, None, "{word} is {label:?} too");
        }
    }
}

/// A season's or an episode's word of captions counts in names, too: both files are mended together.
#[test]
fn words_that_label_a_count_also_count() {
    // Such labels ask which one it is, or how many there are; "kısım" is a part.
    let only_labels = ["第几季", "季数", "集数", "集數", "话数", "話数", "kısım"];
    for row in rows::<2>(captions::FILE) {
        let classes: &[Class] = match row.columns[0] {
            "label season" => &[Class::Season, Class::SeasonOrPart],
            "label episode" => &[Class::Episode, Class::JointNumber],
            _ => continue,
        };
        for word in row.words().filter(|word| !word.contains(' ') && !only_labels.contains(word)) {
            assert!(classes.iter().any(|class| super::is(word, *class)), "{word} labels a count and does not count");
        }
    }
}

#[test]
fn a_word_says_what_its_row_says() {
    assert_eq!(super::tag("bluray"), Some((Tag::Source("BluRay"), Strength::Firm)));
    assert_eq!(super::tag("4k"), Some((Tag::Resolution(2160, 'p'), Strength::Firm)));
    assert_eq!(super::language("it"), Some("it"));
    assert_eq!(super::tag("it"), Some((Tag::Network("iTunes"), Strength::Faint)));
    assert!(super::is("évad", Class::Season) && super::is("rész", Class::Episode));
    assert_eq!(super::entry("sept").number(), Some(7));
    assert_eq!(super::entry("sept").month(), Some(9));
    assert_eq!(super::flags("br"), Some("pt"));
}
