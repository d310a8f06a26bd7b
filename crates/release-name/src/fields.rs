//! The fields of a [`Release`], each declared once: what it speaks of, how a folder or a caption completes it, and a name
//! that says it.
//!
//! Merging, [`explain`](super::explain) and `cinepost parse` go over this one list, so no field can be forgotten in one of
//! them: a field of `Release` that is not declared here does not compile, and a test reads each example from the name, from
//! the caption and from the folder.
//!
//! # How to add a field
//!
//! 1. Add it to [`Release`], with a doc comment, where readers of JSON should find it.
//! 2. Declare it below, in the same place, with a name that says it.
//! 3. Fill it where a line's words become a release (`finish`), or in a pass of its own.

use super::ending::is_subtitle;
use super::release::kind;
use super::{Extra, ImdbId, Reading, Release, ReleaseKind, TmdbId};

/// What a field speaks of. Decides which lines of a caption may say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Which film or series it is. Said by the line that names it.
    Identity,
    /// Which season and episode it is. Said by any line that counts.
    Number,
    /// All of it is here. Said by lines that count, and by lines of technical words alone.
    Pack,
    /// How it looks and sounds. Said by any line.
    Technical,
    /// Which file it is: only the name, and what repeats the name, can know.
    File,
    /// Made from the other fields.
    Derived,
}

/// A field of [`Release`].
#[derive(Debug)]
pub struct Field {
    /// Its name in Rust, in JSON and in [`Evidence`](super::Evidence).
    pub name: &'static str,
    /// What it speaks of.
    pub subject: Subject,
    /// A name that says it.
    pub example: &'static str,
    merge: fn(&mut Release, &mut Release, Lists),
    clear: fn(&mut Release),
    texts: fn(&Release) -> Vec<String>,
}

impl Field {
    /// The field's values as text, in their order; empty when nothing is said.
    pub fn texts(&self, release: &Release) -> Vec<String> {
        (self.texts)(release)
    }

    /// Whether the release says it.
    pub fn is_said(&self, release: &Release) -> bool {
        !self.texts(release).is_empty()
    }

    /// Forgets the field's value.
    pub(crate) fn clear(&self, release: &mut Release) {
        (self.clear)(release);
    }
}

/// How two lists of languages become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lists {
    /// The first one said stands.
    First,
    /// The longer one stands when it holds the other.
    Longer,
}

/// Declares the fields. A row is `name: subject, merge, example`; `open` takes what is not said yet.
macro_rules! fields {
    ($($name:ident: $subject:ident, $merge:ident, $example:expr;)*) => {
        /// All fields, in the order of [`Release`].
        pub const FIELDS: &[Field] = &[$(Field {
            name: stringify!($name),
            subject: Subject::$subject,
            example: $example,
            merge: fields!(@merge $merge $name),
            clear: |release| release.$name = Default::default(),
            texts: |release| release.$name.texts(),
        }),*];

        // A field that is not declared stops here.
        const _: fn(Release) = |Release { $($name: _),* }| {};
    };
    (@merge open $name:ident) => { |release, other, _| release.$name.open(&mut other.$name) };
    (@merge longer $name:ident) => { |release, other, lists| longer(&mut release.$name, &mut other.$name, lists) };
    (@merge $merge:ident $name:ident) => { |release, other, _| $merge(release, other) };
}

#[rustfmt::skip]
fields! {
    title:              Identity,  title,    "Some Film (2019) 1080p.mkv";
    alternative_titles: Identity,  open,     "Имя / Name (2019) 1080p.mkv";
    year:               Identity,  open,     "Some Film (2019) 1080p.mkv";
    kind:               Derived,   own,      "Some Series S01E02 720p.mkv";
    seasons:            Number,    open,     "Some Series S01E02 720p.mkv";
    episodes:           Number,    episodes, "Some Series S01E02 720p.mkv";
    absolute:           Number,    linked,   "[Group] Some Anime - 034 [1080p].mkv";
    date:               Number,    open,     "Some Show 2018-06-22 720p.mkv";
    episode_title:      Number,    open,     "Some Series S01E02 The Well 720p.mkv";
    resolution:         Technical, open,     "Some Film (2019) 1080p.mkv";
    source:             Technical, open,     "Some Film (2019) 1080p BluRay.mkv";
    video_codec:        Technical, open,     "Some Film (2019) 1080p x265.mkv";
    bit_depth:          Technical, open,     "Some Film (2019) 1080p 10bit x265.mkv";
    hdr:                Technical, open,     "Some Film (2019) 2160p DV HDR10+.mkv";
    audio:              Technical, open,     "Some Film (2019) 1080p DDP5.1 Atmos.mkv";
    channels:           Technical, open,     "Some Film (2019) 1080p DDP5.1.mkv";
    languages:          Technical, longer,   "Some Film (2019) 1080p [Tamil + Telugu].mkv";
    subtitles:          Technical, longer,   "Some Film (2019) 1080p ESub.mkv";
    edition:            Technical, open,     "Some Film (2019) Director's Cut 1080p.mkv";
    group:              File,      open,     "Some.Film.2019.1080p.WEB-DL.x264-GRP.mkv";
    container:          File,      open,     "Some Film (2019) 1080p.mkv";
    part:               File,      open,     "Some Film (2019) 1080p.mkv.002";
    disc:               File,      open,     "Some.Film.2019.DVDRip.XviD.CD1.avi";
    version:            File,      open,     "[Group] Some Anime - 34v2 [1080p].mkv";
    special:            Number,    linked,   "[Group] Some Anime - SP01 [1080p].mkv";
    extra:              File,      open,     "Some Film (2019) Trailer 1080p.mkv";
    crc32:              File,      open,     "[Group] Some Anime - 34 [1080p][8A2B3C4D].mkv";
    proper:             Technical, open,     "Some.Film.2019.PROPER.1080p.WEB-DL.x264-GRP.mkv";
    repack:             Technical, open,     "Some.Film.2019.REPACK.1080p.WEB-DL.x264-GRP.mkv";
    complete:           Pack,      open,     "Some Series S01 Complete 720p.mkv";
    dubbed:             Technical, open,     "Some Film (2019) Dubbed 720p.mkv";
    dual_audio:         Technical, open,     "Some Film (2019) 720p Dual Audio.mkv";
    subbed:             Technical, open,     "Some Film (2019) 1080p ESub.mkv";
    hardcoded_subs:     Technical, open,     "Some Film (2019) 1080p HC WEBRip.mkv";
    upscaled:           Technical, open,     "Some Film (2019) 2160p Upscaled.mkv";
    size:               File,      open,     "Some Film (2019) 720p 1.4GB.mkv";
    three_d:            Technical, open,     "Some Film (2019) 3D HSBS 1080p.mkv";
    forced:             Technical, forced,   "Some Film (2019).pt-BR.forced.srt";
    sdh:                Technical, sdh,      "Some Film (2019).en.sdh.srt";
    title_part:         Identity,  part,     "Some Film Part Two (2019) 1080p.mkv";
    country:            Identity,  open,     "Some Series US S01E02 720p.mkv";
    network:            Technical, open,     "Some.Series.S01E02.1080p.AMZN.WEB-DL.x264-GRP.mkv";
    site:               File,      open,     "www.example.com - Some Film (2019) 1080p.mkv";
    imdb:               Identity,  open,     "Some Film (2019) tt0063350.mkv";
    tmdb:               Identity,  open,     "Some Film (2019) {tmdb-10331}.mkv";
    unknown:            Derived,   own,      "Some Film (2019) 1080p wobbly x264-GRP.mkv";
    readings:           Derived,   own,      "Some Film 2019 1080p.mkv";
}

/// Takes from `other` what is still open.
pub(crate) fn fill(release: &mut Release, other: Release) {
    merge(release, other, Lists::First);
}

/// Takes what is still open, and the longer of two lists of languages when it holds the other.
pub(crate) fn complete(release: &mut Release, other: Release) {
    merge(release, other, Lists::Longer);
}

fn merge(release: &mut Release, mut other: Release, lists: Lists) {
    for field in FIELDS {
        (field.merge)(release, &mut other, lists);
    }
    release.kind = kind(release);
}

impl Release {
    /// The release with nothing but the fields of these subjects.
    pub(crate) fn only(mut self, subjects: &[Subject]) -> Self {
        FIELDS.iter().filter(|field| !subjects.contains(&field.subject)).for_each(|field| field.clear(&mut self));
        self
    }
}

/// The release's own, or made anew from what was merged.
fn own(_: &mut Release, _: &mut Release) {}

/// Merged with the episodes.
fn linked(_: &mut Release, _: &mut Release) {}

/// What else a name may mean goes with its title.
fn title(release: &mut Release, other: &mut Release) {
    if release.title.is_empty() {
        release.readings = std::mem::take(&mut other.readings);
    }
    release.title.open(&mut other.title);
}

/// An absolute number says which episode it is, as an episode's does; what it counts (`SP`) goes with it. One without the
/// other would be an episode of the series.
fn episodes(release: &mut Release, other: &mut Release) {
    let counts = |r: &Release| !(r.episodes.is_empty() && r.absolute.is_empty());
    let is_open = !counts(release);
    let agrees = release.episodes == other.episodes && release.absolute == other.absolute;
    let is_said = counts(other);
    if release.absolute.is_empty() {
        release.episodes.open(&mut other.episodes);
    }
    if release.episodes.is_empty() {
        release.absolute.open(&mut other.absolute);
    }
    if is_said && (is_open || agrees) {
        release.special.open(&mut other.special);
    }
}

/// `Some Film.part3` over `Some Film.part3.rar`: the volume, once more without its ending.
fn part(release: &mut Release, other: &mut Release) {
    if other.title_part != release.part {
        release.title_part.open(&mut other.title_part);
    }
}

fn forced(release: &mut Release, other: &mut Release) {
    release.forced |= other.forced && may_be_subtitles(release);
}

fn sdh(release: &mut Release, other: &mut Release) {
    release.sdh |= other.sdh && may_be_subtitles(release);
}

/// Under a video, a caption that is named like its subtitles says nothing of the video.
fn may_be_subtitles(release: &Release) -> bool {
    release.container.as_deref().is_none_or(is_subtitle)
}

fn longer(list: &mut Vec<String>, other: &mut Vec<String>, lists: Lists) {
    if lists == Lists::Longer && other.len() > list.len() && list.iter().all(|word| other.contains(word)) {
        *list = std::mem::take(other);
    }
    list.open(other);
}

/// A type that fields have.
trait Value {
    /// Takes the other value when this one says nothing.
    fn open(&mut self, other: &mut Self);
    fn texts(&self) -> Vec<String>;
}

impl Value for String {
    fn open(&mut self, other: &mut Self) {
        if self.is_empty() {
            *self = std::mem::take(other);
        }
    }

    fn texts(&self) -> Vec<String> {
        if self.is_empty() { Vec::new() } else { vec![self.clone()] }
    }
}

impl Value for bool {
    fn open(&mut self, other: &mut Self) {
        *self |= *other;
    }

    fn texts(&self) -> Vec<String> {
        if *self { vec!["true".to_owned()] } else { Vec::new() }
    }
}

impl<T: Text> Value for Option<T> {
    fn open(&mut self, other: &mut Self) {
        if self.is_none() {
            *self = other.take();
        }
    }

    fn texts(&self) -> Vec<String> {
        self.iter().map(Text::text).collect()
    }
}

impl<T: Text> Value for Vec<T> {
    fn open(&mut self, other: &mut Self) {
        if self.is_empty() {
            *self = std::mem::take(other);
        }
    }

    fn texts(&self) -> Vec<String> {
        self.iter().map(Text::text).collect()
    }
}

impl Value for ReleaseKind {
    fn open(&mut self, _: &mut Self) {}

    fn texts(&self) -> Vec<String> {
        let name = match self {
            Self::Movie => "movie",
            Self::Episode => "episode",
            Self::Anime => "anime",
            Self::Season => "season",
        };
        vec![name.to_owned()]
    }
}

/// One value of a field that has none, one or many.
trait Text {
    fn text(&self) -> String;
}

macro_rules! text {
    ($($kind:ty: $text:expr;)*) => {
        $(impl Text for $kind {
            fn text(&self) -> String {
                let text: fn(&Self) -> String = $text;
                text(self)
            }
        })*
    };
}

text! {
    String: Clone::clone;
    u8: ToString::to_string;
    u16: ToString::to_string;
    f32: ToString::to_string;
    Extra: |extra| extra.name().to_owned();
    ImdbId: ToString::to_string;
    TmdbId: |id| id.0.to_string();
    Reading: |reading| reading.title.clone();
}
