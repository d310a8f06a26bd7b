//! What is said of the picture, the sound and the file: which words count where, and which of several wins.

use super::languages::{self, Use};
use crate::draft::Draft;
use crate::marks::Mark;
use crate::text::{Gap, Text};
use crate::words::{self, Class, Strength, Tag};
use crate::{Extra, Release};

/// Fills everything that the words outside of the title say.
pub fn collect(draft: &Draft<'_>, release: &mut Release) {
    let mut picture = Picture::default();
    let mut has_languages = false;
    for mark in draft.marks.live().filter(|m| counts(draft, m) && !is_group(draft, m)) {
        picture.mark(draft, mark, release);
        has_languages |= matches!(mark.tag, Tag::Language(_) | Tag::Subtitles(_));
    }
    picture.choose_source(release);
    if has_languages {
        languages::collect(&draft.text, &said(draft), release);
    }
    languages::flags(draft.text.source, release);
}

/// What a mark says by itself. `is_used`: what it is of, if it is a language's.
pub fn alone(draft: &Draft<'_>, mark: &Mark, is_used: Use) -> Release {
    let mut release = Release::default();
    let mut picture = Picture::default();
    picture.mark(draft, mark, &mut release);
    picture.choose_source(&mut release);
    languages::add(mark, is_used, &mut release);
    release
}

/// The marks that count, in the order of the name.
pub fn said(draft: &Draft<'_>) -> Vec<Mark> {
    draft.marks.live().filter(|m| counts(draft, m) && !is_group(draft, m)).copied().collect()
}

/// A group may be called like a language: "BEN.THE.MEN", "GERMAN.DVDRip.XviD-iND".
fn is_group(draft: &Draft<'_>, mark: &Mark) -> bool {
    let is_language = |m: &Mark| matches!(m.tag, Tag::Language(_));
    let is_spoken_before =
        |first: usize| draft.marks.live().any(|m| is_language(m) && m.first >= draft.title.end && m.last < first);
    is_language(mark)
        && draft.group.is_some_and(|group| {
            let span = group.span;
            span.holds(mark.first) && (span.end > span.first + 1 || is_spoken_before(span.first))
        })
}

/// What several words say together of the picture and where it was taken from.
#[derive(Default)]
struct Picture {
    /// The resolution was said in figures.
    is_stated: bool,
    is_remux: bool,
    /// `BluRay.REMUX` names the disc too.
    names_disc: bool,
}

impl Picture {
    /// Takes what a mark says of all but languages.
    fn mark(&mut self, draft: &Draft<'_>, mark: &Mark, release: &mut Release) {
        match mark.tag {
            Tag::Resolution(lines, scan) => self.resolution(&draft.text, mark, lines, scan, release),
            Tag::Source(source) => {
                // "COMPLETE.BLURAY": all of the disc.
                release.complete |= draft.text.is(mark.first, Class::PackWord);
                self.source(mark, source, release);
            }
            tag => other(draft, mark, tag, release),
        }
    }

    /// "2160p 4K" agree; "UHD ... 1080p" is a 1080p picture from a UHD disc.
    fn resolution(&mut self, text: &Text<'_>, mark: &Mark, lines: u16, scan: char, release: &mut Release) {
        let word = text.low(mark.first);
        let is_stated = word.contains(|c: char| c.is_ascii_digit()) && !matches!(word, "4k" | "8k" | "2k");
        if release.resolution.is_none() || (is_stated && !self.is_stated) {
            release.resolution = Some(format!("{lines}{scan}"));
            self.is_stated = is_stated;
        }
    }

    fn source(&mut self, mark: &Mark, source: &str, release: &mut Release) {
        if source == "Remux" {
            self.is_remux = true;
            self.names_disc |= mark.last > mark.first;
            return;
        }
        let is_better = match (release.source.as_deref(), source) {
            (None, _)
            // "DVD SCR", "WEB-DL ... HDRip": what the rip says about itself is more exact.
            | (Some("DVD"), "SCR" | "DVDRip")
            // "PPV HDTV": what was paid for, and how it was taken.
            | (Some("PPVRip"), _)
            | (Some("VODRip"), "WEB-DL" | "WEBRip")
            | (Some("R5"), "CAM" | "TeleSync") => true,
            _ => false,
        };
        if is_better {
            release.source = Some(source.to_owned());
        }
    }

    /// A disc holds 1080 lines or more, so a remux with fewer was made from it and is none.
    fn choose_source(&self, release: &mut Release) {
        if release.source.is_none() && self.names_disc {
            release.source = Some("BluRay".to_owned());
        }
        let source = release.source.as_deref();
        let is_small = source == Some("BluRay")
            && matches!(release.resolution.as_deref(), Some("720p" | "576p" | "540p" | "480p" | "480i" | "576i"));
        if self.is_remux && !is_small && !matches!(source, Some("HDTV" | "WEB-DL" | "WEBRip" | "DVD")) {
            release.source = Some("Remux".to_owned());
        }
    }
}

fn other(draft: &Draft<'_>, mark: &Mark, tag: Tag, release: &mut Release) {
    let Draft { text, title, .. } = draft;
    match tag {
        Tag::Video(codec) => set(&mut release.video_codec, codec),
        Tag::Depth(bits) => release.bit_depth = release.bit_depth.or(Some(bits)),
        Tag::Hdr(hdr) => add(&mut release.hdr, hdr),
        Tag::Audio(audio) => add(&mut release.audio, audio),
        Tag::Channels(channels) => add(&mut release.channels, channels),
        Tag::Edition(edition) => add(&mut release.edition, edition),
        Tag::Container(container) => set(&mut release.container, container),
        Tag::Network(network) => set(&mut release.network, network),
        Tag::Country(country) if mark.first <= title.end => set(&mut release.country, country),
        Tag::Proper => release.proper = true,
        Tag::Repack => release.repack = true,
        Tag::Complete => release.complete = true,
        Tag::ThreeD => release.three_d = true,
        Tag::Dubbed if says_dubbed(text, mark) => release.dubbed = true,
        Tag::Language(_) => release.dubbed |= says_dubbed(text, mark),
        Tag::DualAudio => release.dual_audio = true,
        Tag::SubtitleWord | Tag::Subtitles(_) => {
            release.subbed = true;
            release.hardcoded_subs |= text.is(mark.last, Class::BurntIn) || text.is(mark.first, Class::BurntIn);
        }
        Tag::Hardcoded => release.hardcoded_subs = true,
        Tag::Disc(disc) => release.disc = release.disc.or(Some(disc)),
        Tag::Upscaled => release.upscaled = true,
        Tag::Size => set(&mut release.size, &size(text, mark)),
        // "Season 1 + Deleted Scenes": they are there as well.
        Tag::Extra(extra) if !text.gap(mark.first).has(Gap::PLUS) => {
            release.extra = release.extra.or(Extra::named(extra))
        }
        Tag::Crc => release.crc32 = Some(text.raw(mark.first).to_ascii_uppercase()),
        _ => {}
    }
}

/// "Audio" and "Dual" stand beside languages too, and say nothing of a dub.
fn says_dubbed(text: &Text<'_>, mark: &Mark) -> bool {
    // "Türkçe Dublaj": the language may stand first.
    (mark.first..=mark.last).any(|i| words::list(Class::DubWord).iter().any(|word| text.low(i).starts_with(word)))
}

/// `1.4GB`: the figures with a dot, and the unit in capitals.
fn size(text: &Text<'_>, mark: &Mark) -> String {
    let mut size = String::new();
    for i in mark.first..=mark.last {
        let word = text.low(i);
        if i > mark.first && word.starts_with(|c: char| c.is_ascii_digit()) {
            size.push('.');
        }
        size.push_str(&word.to_ascii_uppercase());
    }
    size
}

fn set(field: &mut Option<String>, value: &str) {
    if field.is_none() {
        *field = Some(value.to_owned());
    }
}

/// Adds a value that is not in the list.
pub fn add(list: &mut Vec<String>, value: &str) {
    if !value.is_empty() && !list.iter().any(|v| v == value) {
        list.push(value.to_owned());
    }
}

/// Firm words count everywhere, others where no title can be.
pub fn counts(draft: &Draft<'_>, mark: &Mark) -> bool {
    let Draft { text, title, .. } = draft;
    if title.holds(mark.first) && !is_boxed(draft, mark) || draft.episode_title.is_some_and(|e| e.holds(mark.first)) {
        return false;
    }
    let ahead = mark.first < title.first;
    match mark.strength {
        Strength::Firm => true,
        // "Tamil - Title - 2019"
        Strength::Loose => {
            let is_heading = mark.first == 0 && text.gap(mark.last + 1).is_spaced_dash();
            !ahead || text.bracket(mark.first) != 0 || is_heading && matches!(mark.tag, Tag::Language(_))
        }
        Strength::Faint => {
            let word = text.raw(mark.first);
            // "it", "no", "es" are words; "IT", "ES" and whatever stands in a list of languages are codes.
            let is_code = matches!(mark.tag, Tag::Language(_));
            let is_loud = || word.chars().all(|c| !c.is_lowercase());
            let is_short = || word.chars().count() <= 2 || text.is(mark.first, Class::CodeIsWord);
            !ahead && (!is_code || is_loud() || !is_short() || text.bracket(mark.first) != 0)
        }
    }
}

/// `三体[国语配音].Three-Body`: between two titles, a bracket of nothing but tags.
fn is_boxed(draft: &Draft<'_>, mark: &Mark) -> bool {
    let Draft { text, marks, title, .. } = draft;
    let bracket = text.bracket(mark.first);
    bracket != 0
        && bracket != text.bracket(title.first)
        && (title.first..title.end).filter(|i| text.bracket(*i) == bracket).all(|i| !marks.is_free(i))
}
