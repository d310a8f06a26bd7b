//! Where each value of a release came from: the bytes of the name, the folder or the caption that say it, the rule that
//! took them, and how sure it is.
//!
//! Drafts know which tokens said what. While a name is read for [`explain`], a [`Log`] keeps that of each line that was read,
//! whether it won or not; at the end stands what the release says. [`parse`](super::parse) reads with a log that keeps nothing.

use std::ops::Range;

use super::draft::{Draft, Found, Span};
use super::fields::FIELDS;
use super::finish::{self, Use};
use super::marks::Mark;
use super::passes::title;
use super::rules::Rule;
use super::text::plain::Plain;
use super::words::{Strength, Tag};
use super::{Input, Release, merge};

/// How sure a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The likeliest of several readings.
    Guess,
    /// Other readings are possible, and rare.
    Likely,
    /// It can hardly mean anything else.
    Sure,
}

/// Which text a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// [`Input::name`], with its folders.
    Name,
    /// [`Input::folder`].
    Folder,
    /// [`Input::caption`].
    Caption,
}

/// One value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The field's name, as in the JSON form. `"noise"` for what was understood and says nothing of use, `"unknown"` for
    /// what was not understood.
    pub field: &'static str,
    /// The value, as [`Field::texts`](super::Field::texts) writes it.
    pub value: String,
    /// Which text it stands in.
    pub origin: Origin,
    /// Bytes of that text.
    pub span: Range<usize>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why it was taken.
    pub rule: Rule,
}

/// A release with the evidence for it, in the order of the text: the name's first, then the folder's and the caption's.
#[derive(Clone, Debug)]
pub struct Explained {
    /// As [`parse`](super::parse) gives it.
    pub release: Release,
    /// What says it.
    pub evidence: Vec<Evidence>,
}

/// Reads as [`parse`](super::parse) does, and tells where each value came from.
pub fn explain(input: &Input<'_>) -> Explained {
    let mut log = Log { kept: Some(Vec::new()) };
    let release = merge::read(input, &mut log);
    let evidence = standing(&release, log.kept.unwrap_or_default());
    Explained { release, evidence }
}

/// What a draft says by itself.
#[cfg(test)]
pub fn evidence_of(draft: &Draft<'_>) -> Vec<Evidence> {
    let mut log = Log { kept: Some(Vec::new()) };
    let release = finish::finish(draft);
    log.draft(draft, &release, Place::of(Origin::Name, draft.line));
    standing(&release, log.kept.unwrap_or_default())
}

/// Of what was kept, what the release says: each value once, by the text that is read first.
fn standing(release: &Release, kept: Vec<Evidence>) -> Vec<Evidence> {
    let said: Vec<(&str, String)> =
        FIELDS.iter().flat_map(|field| field.texts(release).into_iter().map(|text| (field.name, text))).collect();
    let mut evidence: Vec<Evidence> = Vec::new();
    for found in kept {
        let stands = match found.field {
            // Of the file's own name only: a caption's plot is no list of words to mend.
            "noise" | "unknown" => {
                found.origin == Origin::Name
                    && !evidence.iter().any(|e| e.origin == found.origin && overlaps(&e.span, &found.span))
            }
            field => {
                said.iter().any(|(f, v)| *f == field && *v == found.value)
                    && !evidence.iter().any(|e| {
                        e.field == field && e.value == found.value && (e.origin != found.origin || e.span != found.span)
                    })
            }
        };
        if stands {
            evidence.push(found);
        }
    }
    evidence.sort_by_key(|e| (e.origin as u8, e.span.start, e.span.end));
    evidence
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Where a part of a text begins.
fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize).min(whole.len())
}

/// Where a line that is read stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub origin: Origin,
    /// The text that the line is cut from.
    pub whole: &'a str,
    /// What was read in other words: all that it says stands in all of this.
    pub stands_for: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// A line that is cut from a text.
    pub fn of(origin: Origin, whole: &'a str) -> Self {
        Self { origin, whole, stands_for: None }
    }
}

/// Keeps what each line says while it is read.
#[derive(Debug, Default)]
pub struct Log {
    /// None when nobody asks.
    kept: Option<Vec<Evidence>>,
}

impl Log {
    /// Keeps a draft's evidence. `release` is what it says.
    pub fn draft(&mut self, draft: &Draft<'_>, release: &Release, place: Place<'_>) {
        let Some(kept) = &mut self.kept else { return };
        let from = kept.len();
        let base = offset(place.whole, draft.line);
        Keeper { draft, release, origin: place.origin, base, kept }.keep();
        if let Some(line) = place.stands_for {
            let start = offset(place.whole, line);
            kept[from..].iter_mut().for_each(|found| found.span = start..start + line.len());
        }
    }

    /// Takes the languages of the lines behind `from` for those of subtitles.
    pub fn read_not_spoken(&mut self, from: usize) {
        let kept = self.kept.iter_mut().flat_map(|kept| &mut kept[from..]);
        kept.filter(|found| found.field == "languages").for_each(|found| found.field = "subtitles");
    }

    /// How much is kept by now.
    pub fn len(&self) -> usize {
        self.kept.as_ref().map_or(0, Vec::len)
    }

    /// Keeps each figure of a value whose label says what it counts.
    pub fn figures(&mut self, field: &'static str, value: &str, place: Place<'_>) {
        let Some(kept) = &mut self.kept else { return };
        let base = offset(place.whole, value);
        let mut start = 0;
        while let Some(first) = value[start..].find(|c: char| c.is_ascii_digit()) {
            start += first;
            let digits = value[start..].bytes().take_while(u8::is_ascii_digit).count();
            kept.push(Evidence {
                field,
                value: value[start..start + digits].trim_start_matches('0').to_owned(),
                origin: place.origin,
                span: base + start..base + start + digits,
                confidence: Confidence::Sure,
                rule: Rule::Labelled,
            });
            start += digits;
        }
    }

    /// Keeps a word of a text that says a value by its form.
    pub fn word(&mut self, field: &'static str, value: &impl ToString, rule: Rule, place: Place<'_>) {
        let Some(kept) = &mut self.kept else { return };
        let value = value.to_string();
        if let Some(start) = place.whole.find(&value) {
            let span = start..start + value.len();
            kept.push(Evidence { field, value, origin: place.origin, span, confidence: Confidence::Sure, rule });
        }
    }

    /// An empty log that keeps as this one does.
    pub fn begin(&self) -> Log {
        Log { kept: self.kept.as_ref().map(|_| Vec::new()) }
    }

    /// Adds what another log kept.
    pub fn append(&mut self, other: Log) {
        if let (Some(kept), Some(other)) = (&mut self.kept, other.kept) {
            kept.extend(other);
        }
    }

    /// Turns places in a text's plain letters into places in the text.
    pub fn in_source(&mut self, origin: Origin, plain: &Plain<'_>) {
        let kept = self.kept.iter_mut().flatten().filter(|found| found.origin == origin);
        kept.for_each(|found| found.span = plain.source(found.span.clone()));
    }
}

/// Writes down what a draft says.
struct Keeper<'d, 'a> {
    draft: &'d Draft<'a>,
    release: &'d Release,
    origin: Origin,
    /// Where the draft's line begins in its text.
    base: usize,
    kept: &'d mut Vec<Evidence>,
}

impl Keeper<'_, '_> {
    fn keep(mut self) {
        if self.draft.text.len() == 0 {
            return;
        }
        self.titles();
        self.found();
        self.marks();
        self.unknown();
        self.ending();
    }

    fn add(&mut self, field: &'static str, value: String, span: Span, confidence: Confidence, rule: Rule) {
        let tokens = &self.draft.text.tokens;
        let start = self.base + offset(self.draft.line, self.draft.text.source);
        let span = start + tokens[span.first].start..start + tokens[span.end - 1].end;
        self.kept.push(Evidence { field, value, origin: self.origin, span, confidence, rule });
    }

    fn titles(&mut self) {
        let (draft, release) = (self.draft, self.release);
        if !draft.best.is_empty() && !release.title.is_empty() {
            let confidence = self.title_confidence();
            self.add("title", release.title.clone(), draft.best, confidence, Rule::Title);
        }
        for other in draft.others.iter().filter(|other| !other.is_empty()) {
            let value = title::words(&draft.text, *other);
            self.add("alternative_titles", value, *other, Confidence::Likely, Rule::OtherTitle);
        }
        if let (Some(span), Some(value)) = (draft.episode_title, &release.episode_title) {
            self.add("episode_title", value.clone(), span, Confidence::Likely, Rule::EpisodeTitle);
        }
    }

    /// A title is as sure as what ends it.
    fn title_confidence(&self) -> Confidence {
        let Draft { text, marks, best, .. } = self.draft;
        match marks.at(best.end).map(|m| m.tag) {
            Some(Tag::Year | Tag::Number | Tag::Date) => Confidence::Sure,
            _ if marks.is_firm(best.end) || text.gap(best.end).is_bracket() && best.end < text.len() => {
                Confidence::Likely
            }
            _ => Confidence::Guess,
        }
    }

    /// What passes keep with its tokens.
    fn found(&mut self) {
        let (draft, release) = (self.draft, self.release);
        if let (Some(group), Some(value)) = (draft.group, &release.group) {
            let confidence = match group.rule {
                Rule::LastWordGroup => Confidence::Guess,
                Rule::HyphenatedGroup => Confidence::Sure,
                _ => Confidence::Likely,
            };
            self.add("group", value.clone(), group.span, confidence, group.rule);
        }
        let mut add = |field, found: Option<Found<String>>| {
            if let Some(Found { value, span, rule }) = found {
                self.add(field, value, span, confidence(rule, Strength::Firm), rule);
            }
        };
        add("title_part", draft.title_part.map(|part| part.text()));
        add("version", draft.said_version().map(|version| version.text()));
        add("special", draft.numbering.special.map(|special| special.with(special.value.to_uppercase())));
        add("forced", draft.forced.map(|forced| forced.with("true".to_owned())));
        add("sdh", draft.sdh.map(|sdh| sdh.with("true".to_owned())));
    }

    fn marks(&mut self) {
        let draft = self.draft;
        let said = finish::said(draft);
        let uses = finish::uses(&draft.text, &said);
        let is_group = |m: &Mark| draft.group.is_some_and(|group| group.span.holds(m.first));
        for mark in draft.marks.live().filter(|m| !is_group(m)) {
            if !finish::counts(draft, mark) && !is_pass(mark) {
                continue;
            }
            let at = said.iter().position(|m| m.first == mark.first && m.tag == mark.tag);
            let is_used = at.map_or(Use::Spoken, |at| uses[at]);
            for (field, value) in self.said_by(mark, is_used) {
                let span = Span { first: mark.first, end: mark.last + 1 };
                self.add(field, value, span, confidence(mark.rule, mark.strength), mark.rule);
            }
        }
    }

    /// The fields and values that a mark gave its line's release.
    fn said_by(&self, mark: &Mark, is_used: Use) -> Vec<(&'static str, String)> {
        let (draft, release) = (self.draft, self.release);
        let raw = draft.text.raw(mark.first);
        let one = |field: &'static str, value: &str| vec![(field, value.to_owned())];
        match mark.tag {
            Tag::Resolution(lines, scan) => one("resolution", &format!("{lines}{scan}")),
            Tag::Source(source) => one("source", source),
            Tag::Video(codec) => one("video_codec", codec),
            Tag::Depth(bits) => one("bit_depth", &bits.to_string()),
            Tag::Hdr(hdr) => one("hdr", hdr),
            Tag::Audio(audio) => one("audio", audio),
            Tag::Channels(channels) => one("channels", channels),
            Tag::Language(codes) | Tag::Subtitles(codes) if !codes.is_empty() => {
                let field = if is_used == Use::Spoken { "languages" } else { "subtitles" };
                codes.split(' ').map(|code| (field, code.to_owned())).collect()
            }
            Tag::Edition(edition) => one("edition", edition),
            Tag::Container(container) => one("container", container),
            Tag::Network(network) => one("network", network),
            Tag::Country(country) => one("country", country),
            Tag::Proper => one("proper", "true"),
            Tag::Repack => one("repack", "true"),
            Tag::Complete => one("complete", "true"),
            Tag::ThreeD => one("three_d", "true"),
            Tag::Dubbed if finish::says_dubbed(&draft.text, mark) => one("dubbed", "true"),
            Tag::Crc => one("crc32", &raw.to_ascii_uppercase()),
            Tag::Site => match (&release.site, draft.site) {
                (Some(site), Some(span)) if (mark.first..=mark.last).contains(&span.first) => one("site", site),
                _ => one("noise", raw),
            },
            Tag::Year => release.year.map(|y| ("year", y.to_string())).into_iter().collect(),
            Tag::Date => release.date.clone().map(|d| ("date", d)).into_iter().collect(),
            Tag::Number => numbers(mark, release),
            // What a pass keeps with its tokens is told already.
            Tag::Noise if draft.is_kept(mark.first) => Vec::new(),
            Tag::Language(_) | Tag::Subtitles(_) | Tag::SubtitleWord | Tag::Dubbed | Tag::Noise => one("noise", raw),
        }
    }

    fn unknown(&mut self) {
        let draft = self.draft;
        for i in (0..draft.text.len()).filter(|i| draft.is_unknown(*i)) {
            let span = Span { first: i, end: i + 1 };
            self.add("unknown", draft.text.raw(i).to_owned(), span, Confidence::Guess, Rule::NotUnderstood);
        }
    }

    /// The extension and the number of a volume, behind the words.
    fn ending(&mut self) {
        let draft = self.draft;
        let stem_end = offset(draft.line, draft.text.source) + draft.text.source.len();
        let rest = &draft.line[stem_end..];
        let base = self.base + stem_end;
        let mut add = |field, value: String, span: Range<usize>, rule| {
            let span = base + span.start..base + span.end;
            self.kept.push(Evidence { field, value, origin: self.origin, span, confidence: Confidence::Sure, rule });
        };
        if let Some(container) = &self.release.container
            && let Some(start) = rest.to_ascii_lowercase().find(container.as_str())
        {
            add("container", container.clone(), start..start + container.len(), Rule::Extension);
        }
        if let Some(part) = self.release.part {
            let digits = rest.trim_end_matches(|c: char| !c.is_ascii_digit());
            let start = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            add("part", part.to_string(), start..digits.len(), Rule::Volume);
        }
    }
}

/// Found by a pass rather than a table: counts wherever it stands.
fn is_pass(mark: &Mark) -> bool {
    matches!(mark.tag, Tag::Year | Tag::Number | Tag::Date | Tag::Site | Tag::Crc)
}

/// How sure a rule is; a word of the vocabulary is as sure as the vocabulary says.
fn confidence(rule: Rule, strength: Strength) -> Confidence {
    match rule {
        Rule::SeasonAndEpisode | Rule::Season | Rule::Episode | Rule::BracketedYear | Rule::Date => Confidence::Sure,
        Rule::LastYear | Rule::Dashed | Rule::Bracketed | Rule::SecondCount | Rule::AfterSeason | Rule::TitlePart => {
            Confidence::Likely
        }
        Rule::LateYear
        | Rule::LeadingYear
        | Rule::Paired
        | Rule::Trailing
        | Rule::Leading
        | Rule::Middle
        | Rule::Compressed
        | Rule::TelevisionPart => Confidence::Guess,
        _ => match strength {
            Strength::Firm => Confidence::Sure,
            Strength::Loose => Confidence::Likely,
            Strength::Faint => Confidence::Guess,
        },
    }
}

fn numbers(mark: &Mark, release: &Release) -> Vec<(&'static str, String)> {
    let seasons = || release.seasons.iter().map(|n| ("seasons", n.to_string()));
    let episodes = || release.episodes.iter().map(|n| ("episodes", n.to_string()));
    let absolute = || release.absolute.iter().map(|n| ("absolute", n.to_string()));
    match mark.rule {
        Rule::Season => seasons().collect(),
        Rule::Episode => episodes().collect(),
        Rule::SecondCount => absolute().collect(),
        Rule::SeasonAndEpisode | Rule::Paired | Rule::Compressed | Rule::TelevisionPart => {
            seasons().chain(episodes()).collect()
        }
        _ if release.absolute.is_empty() => episodes().collect(),
        _ => absolute().collect(),
    }
}
