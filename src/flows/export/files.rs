//! A placed file of the library -> the files of the tree that stand for it. Pure.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use subtitles::Writing;

use crate::domain::entry::Entry;
use crate::domain::export::{Placed, part};
use crate::domain::subtitles::{Film, Form, fitness, form_of, language, variety};
use crate::domain::title::{Kind, Title};
use crate::protocols::nfo;

/// Raised when lines are written otherwise than before, so that files of before are made anew.
const WRITTEN: u16 = 1;

/// A file of the tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct File {
    pub path: String,
    pub holds: Holds,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Holds {
    Text(String),
    /// The lines of subtitles, which have to be read. `origin` differs whenever they may.
    Lines {
        subtitles: Box<Entry>,
        shift_ms: i64,
        origin: u64,
    },
}

/// The link and the NFO of a file. `url`: where it plays.
pub(super) fn link_and_nfo(title: &Title, placed: &Placed<'_>, url: &str) -> [File; 2] {
    let about = match title.kind {
        Kind::Movie => nfo::movie(title, placed.entry),
        Kind::Series => nfo::episodes(title, &placed.episodes, placed.entry),
    };
    let text =
        |ending: &str, text: String| File { path: format!("{}.{ending}", placed.stem), holds: Holds::Text(text) };
    [text("strm", format!("{url}\n")), text("nfo", about)]
}

/// Of the subtitles of its title those that stand beside a file: of each language and purpose the one that fits it best.
pub(super) fn beside<'a>(placed: &Placed<'_>, found: &'a [Entry]) -> Vec<(String, &'a Entry)> {
    let entry = placed.entry;
    let film = Film { entry: Some(entry.id), name: &entry.name, release: &entry.release };
    let mut best: BTreeMap<String, (u32, &'a Entry)> = BTreeMap::new();
    for one in found.iter().filter(|one| form_of(one) == Some(Form::Text)) {
        let fits = fitness(one, &film);
        let is_better = |(known, kept): &(u32, &Entry)| (fits, &kept.name) > (*known, &one.name);
        let ending = ending(one);
        if best.get(&ending).is_none_or(is_better) {
            best.insert(ending, (fits, one));
        }
    }
    best.into_iter().map(|(ending, (_, one))| (format!("{}{ending}", placed.stem), one)).collect()
}

/// `.de.forced.srt`, as all three servers read it.
fn ending(subtitles: &Entry) -> String {
    let mut ending = String::new();
    let language =
        variety(subtitles).or(language(subtitles)).map(|code| part(code, 10)).filter(|code| !code.is_empty());
    let release = &subtitles.release;
    let words = [language.as_deref(), release.forced.then_some("forced"), release.sdh.then_some("sdh")];
    for word in words.into_iter().flatten() {
        ending.push('.');
        ending.push_str(word);
    }
    ending + "." + name_ending(subtitles)
}

/// Lines that have colours and places of their own keep them.
pub(super) fn writing(subtitles: &Entry) -> Writing {
    match Writing::of(&subtitles.name) {
        Writing::Ass => Writing::Ass,
        Writing::Srt | Writing::Vtt => Writing::Srt,
    }
}

pub(super) fn name_ending(subtitles: &Entry) -> &'static str {
    if writing(subtitles) == Writing::Ass { "ass" } else { "srt" }
}

/// What the lines of subtitles are made of.
pub(super) fn origin(subtitles: &Entry, shift_ms: i64) -> u64 {
    // An id is made of the documents' ids, whose bytes never change.
    let mut text = [0; 12 + 8 + 2];
    text[..12].copy_from_slice(&subtitles.id.to_bytes());
    text[12..20].copy_from_slice(&shift_ms.to_be_bytes());
    text[20..].copy_from_slice(&WRITTEN.to_be_bytes());
    stable(&text).max(1)
}

/// The same in every version of the program: FNV-1a, 64 bits.
fn stable(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A number for a name, in this run of the program.
pub(super) fn key(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}
