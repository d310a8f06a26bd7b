//! All words but those of captions in one index, so that each word of a name is looked up once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::classes::{Class, Classes};
use super::tags::{Strength, Tag};
use super::{Row, rows};

pub(super) const RELEASE: &str = include_str!("../../words/release.txt");
pub(super) const LANGUAGES: &str = include_str!("../../words/languages.txt");
/// Files of classes and numbers.
pub(super) const CLASSES: [(&str, &str); 5] = [
    ("counting.txt", include_str!("../../words/counting.txt")),
    ("titles.txt", include_str!("../../words/titles.txt")),
    ("dates.txt", include_str!("../../words/dates.txt")),
    ("files.txt", include_str!("../../words/files.txt")),
    ("sites.txt", include_str!("../../words/sites.txt")),
];

/// A phrase behind its first word.
#[derive(Debug)]
pub struct Phrase {
    /// The words after the first.
    pub rest: Vec<&'static str>,
    pub tag: Tag,
    pub strength: Strength,
}

/// What is known of a word.
#[derive(Debug, Default)]
pub struct Entry {
    /// The word itself.
    pub word: &'static str,
    classes: Classes,
    /// The phrases that start with the word, the longest first.
    pub phrases: Vec<Phrase>,
    ordinal: u8,
    number: u8,
    roman: u8,
    month: u8,
}

static UNKNOWN: Entry =
    Entry { word: "", classes: Classes::NONE, phrases: Vec::new(), ordinal: 0, number: 0, roman: 0, month: 0 };

impl Entry {
    pub fn is(&self, class: Class) -> bool {
        self.classes.has(class)
    }

    /// What the word says when it stands alone.
    pub fn tag(&self) -> Option<(Tag, Strength)> {
        self.phrases.iter().find(|p| p.rest.is_empty()).map(|p| (p.tag, p.strength))
    }

    /// The language that the word names, also when it says something else first.
    pub fn language(&self) -> Option<&'static str> {
        self.phrases.iter().filter(|p| p.rest.is_empty()).find_map(|p| match p.tag {
            Tag::Language(code) => Some(code),
            _ => None,
        })
    }

    /// A season counted in words, in front of its word: `first`, `zweite`.
    pub fn ordinal(&self) -> Option<u16> {
        said(self.ordinal)
    }

    /// A number in words, behind what it counts: `two`, `الثالث`.
    pub fn number(&self) -> Option<u16> {
        said(self.number)
    }

    /// `II` to `XX`, behind what it counts.
    pub fn roman(&self) -> Option<u16> {
        said(self.roman)
    }

    /// From 1 to 12.
    pub fn month(&self) -> Option<u32> {
        said(self.month).map(u32::from)
    }
}

fn said(number: u8) -> Option<u16> {
    (number > 0).then_some(u16::from(number))
}

/// No word is longer, in bytes.
pub(super) const LONGEST: usize = 48;

/// What is known of a word in lower case.
pub fn entry(word: &str) -> &'static Entry {
    if word.len() > LONGEST {
        return &UNKNOWN;
    }
    INDEX.words.get(word).unwrap_or(&UNKNOWN)
}

/// All words of a class, in the order of their file.
pub fn list(class: Class) -> &'static [&'static str] {
    &INDEX.lists[class as usize]
}

/// The language that a country's flag stands for. The country as in ISO 3166, in lower case.
pub fn flags(country: &str) -> Option<&'static str> {
    INDEX.flags.iter().find(|(flag, _)| *flag == country).map(|(_, code)| *code)
}

struct Index {
    words: HashMap<&'static str, Entry, BuildHasherDefault<WordHasher>>,
    lists: Vec<Vec<&'static str>>,
    flags: Vec<(&'static str, &'static str)>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index { words: HashMap::default(), lists: vec![Vec::new(); Class::ALL.len()], flags: Vec::new() };
    for row in rows::<4>(RELEASE) {
        let [meaning, value, sure, _] = row.columns;
        if let (Some(tag), Some(strength)) = (Tag::named(meaning, unless_dash(value)), Strength::named(sure)) {
            row.words().for_each(|phrase| index.phrase(phrase, tag, strength));
        } else {
            index.row(meaning, &row);
        }
    }
    for row in rows::<2>(LANGUAGES) {
        let [code, kind] = row.columns;
        let code = unless_dash(code);
        let mut phrases = |tag, strength| row.words().for_each(|word| index.phrase(word, tag, strength));
        match kind {
            "name" => phrases(Tag::Language(code), Strength::Loose),
            "code" => phrases(Tag::Language(code), Strength::Faint),
            "subtitles" => phrases(Tag::Subtitles(code), Strength::Firm),
            "flags" => index.flags.extend(row.words().map(|word| (word, code))),
            _ => index.row(kind, &row),
        }
    }
    for (_, file) in CLASSES {
        for row in rows::<2>(file) {
            index.row(row.columns[0], &row);
        }
    }
    for entry in index.words.values_mut() {
        entry.phrases.sort_by_key(|p| std::cmp::Reverse(p.rest.len()));
    }
    index
});

pub(super) fn unless_dash(value: &'static str) -> &'static str {
    if value == "-" { "" } else { value }
}

/// A meaning that counts, `ordinal 2`, as its name and number.
pub(super) fn counted(meaning: &str) -> Option<(&str, u8)> {
    let (name, number) = meaning.rsplit_once(' ')?;
    Some((name, number.parse().ok()?))
}

impl Index {
    fn entry(&mut self, word: &'static str) -> &mut Entry {
        self.words.entry(word).or_insert_with(|| Entry { word, ..Entry::default() })
    }

    fn phrase(&mut self, phrase: &'static str, tag: Tag, strength: Strength) {
        let mut words = phrase.split(' ');
        if let Some(first) = words.next() {
            let phrase = Phrase { rest: words.collect(), tag, strength };
            self.entry(first).phrases.push(phrase);
        }
    }

    /// Adds the words of a row of classes or numbers.
    fn row<const COLUMNS: usize>(&mut self, meaning: &str, row: &Row<COLUMNS>) {
        let class = Class::named(meaning);
        let number = counted(meaning);
        for word in row.words() {
            let entry = self.entry(word);
            match (class, number) {
                (Some(class), _) => {
                    entry.classes.add(class);
                    self.lists[class as usize].push(word);
                }
                (None, Some(("ordinal", number))) => entry.ordinal = number,
                (None, Some(("number", number))) => entry.number = number,
                (None, Some(("roman", number))) => entry.roman = number,
                (None, Some(("month", number))) => entry.month = number,
                (None, _) => {}
            }
        }
    }
}

/// A fast hash for a few thousand fixed words. The words of a name are only looked up, so nobody can make them collide.
#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        const FACTOR: u64 = 0x517c_c1b7_2722_0a95;
        let (chunks, rest) = bytes.as_chunks::<8>();
        let rest = rest.iter().fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
        for number in chunks.iter().map(|chunk| u64::from_le_bytes(*chunk)).chain([rest]) {
            self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(FACTOR);
        }
    }

    /// What ends a string: it tells "ab" and "c" from "a" and "bc", which words alone do not need.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
