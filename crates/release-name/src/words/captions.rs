//! The words of captions: labels of lines (`Title: ...`, `Год: ...`, `片名：...`), hashtags that sort, adverts. They are looked up
//! folded (see [`fold()`]), since captions are typed by people.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::{fold, rows};

pub(super) const FILE: &str = include_str!("../../words/captions.txt");

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    Title,
    Year,
    Season,
    Episode,
    /// Episodes: which ones, or how many there are.
    Episodes,
    Language,
    Subtitles,
    Quality,
    /// Known, and of no use: genre, rating, size.
    Other,
}

/// A word of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelWord {
    /// Announces something by itself.
    Label(Label),
    /// What is posted: a film, a series. Announces the title, beside another label nothing.
    Kind,
    /// What is to be done with a film, ahead of the word for it.
    Call,
    /// Joins a label's words.
    Glue,
}

impl LabelWord {
    /// As the file writes it.
    pub(super) fn named(meaning: &str) -> Option<Self> {
        Some(match meaning {
            "label title" => Self::Label(Label::Title),
            "label year" => Self::Label(Label::Year),
            "label season" => Self::Label(Label::Season),
            "label episode" => Self::Label(Label::Episode),
            "label episodes" => Self::Label(Label::Episodes),
            "label language" => Self::Label(Label::Language),
            "label subtitles" => Self::Label(Label::Subtitles),
            "label quality" => Self::Label(Label::Quality),
            "label other" => Self::Label(Label::Other),
            "kind" => Self::Kind,
            "call" => Self::Call,
            "glue" => Self::Glue,
            _ => return None,
        })
    }
}

/// What the picture before a line says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Languages that are spoken.
    Spoken,
    /// Languages of subtitles.
    Read,
    /// Ratings, people, genres, running times, places, money.
    Other,
}

/// All words of captions.
#[derive(Debug, Default)]
pub struct Captions {
    labels: HashMap<String, LabelWord>,
    placeholders: HashSet<String>,
    categories: HashSet<String>,
    units: HashSet<String>,
    pictures: Vec<(&'static str, Picture)>,
    /// Words that only adverts use.
    pub invitations: Vec<String>,
    /// Beginnings of such words.
    pub invitation_stems: Vec<String>,
    /// What a line begins with that speaks of another film than the file's.
    pub another_film: Vec<String>,
    /// What addresses begin with.
    pub addresses: Vec<&'static str>,
}

impl Captions {
    /// What a folded word or phrase of a label says.
    pub fn label(&self, folded: &str) -> Option<LabelWord> {
        self.labels.get(folded).copied()
    }

    /// Names nothing by itself: `video`, `file`, `episode`. The word is folded.
    pub fn is_placeholder(&self, folded: &str) -> bool {
        self.placeholders.contains(folded)
    }

    /// Sorts, as a hashtag. The tag is folded, without anything but letters and figures.
    pub fn is_category(&self, key: &str) -> bool {
        self.categories.contains(key)
    }

    /// A unit of time or size. The word is folded.
    pub fn is_unit(&self, folded: &str) -> bool {
        self.units.contains(folded)
    }

    /// What a character says when it stands before a line.
    pub fn picture(&self, c: char) -> Option<Picture> {
        let mut bytes = [0; 4];
        let c: &str = c.encode_utf8(&mut bytes);
        self.pictures.iter().find(|(picture, _)| *picture == c).map(|(_, says)| *says)
    }
}

/// The words of captions, read at the first caption.
pub static CAPTIONS: LazyLock<Captions> = LazyLock::new(|| {
    let mut captions = Captions::default();
    for row in rows::<2>(FILE) {
        let meaning = row.columns[0];
        let folded = || row.words().map(fold);
        match meaning {
            "placeholder" => captions.placeholders.extend(folded()),
            "category" => captions.categories.extend(row.words().map(key)),
            "unit" => captions.units.extend(folded()),
            "invitation" => captions.invitations.extend(folded()),
            "invitation stem" => captions.invitation_stems.extend(folded()),
            "another film" => captions.another_film.extend(folded()),
            "address" => captions.addresses.extend(row.words()),
            "picture spoken" => captions.pictures.extend(row.words().map(|word| (word, Picture::Spoken))),
            "picture read" => captions.pictures.extend(row.words().map(|word| (word, Picture::Read))),
            "picture other" => captions.pictures.extend(row.words().map(|word| (word, Picture::Other))),
            _ => {
                if let Some(word) = LabelWord::named(meaning) {
                    for label in folded() {
                        captions.labels.entry(label).or_insert(word);
                    }
                }
            }
        }
    }
    captions
});

/// Letters and figures alone, folded.
pub fn key(title: &str) -> String {
    fold(title).chars().filter(|c| c.is_alphanumeric()).collect()
}
