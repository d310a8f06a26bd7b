//! What a draft says, as evidence: its titles, what passes keep with its tokens, its marks, and what no pass took.

use std::ops::Range;

use super::log::offset;
use super::{Confidence, Evidence, Origin};
use crate::Release;
use crate::draft::{Draft, Found, Span};
use crate::fields::{FIELDS, Subject};
use crate::finish::{self, Use};
use crate::marks::Mark;
use crate::passes::title;
use crate::rules::Rule;
use crate::words::{Strength, Tag};

/// Adds what a draft says to what is kept. `base`: where its line begins in its text.
pub(super) fn keep(draft: &Draft<'_>, release: &Release, origin: Origin, base: usize, kept: &mut Vec<Evidence>) {
    Keeper { draft, release, origin, base, kept }.keep();
}

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
            Tag::Site => match (&release.site, draft.site) {
                (Some(site), Some(span)) if (mark.first..=mark.last).contains(&span.first) => one("site", site),
                _ => one("noise", raw),
            },
            Tag::Year => release.year.map(|y| ("year", y.to_string())).into_iter().collect(),
            Tag::Date => release.date.clone().map(|d| ("date", d)).into_iter().collect(),
            Tag::Number => numbers(mark, release),
            // What a pass keeps with its tokens is told already.
            Tag::Noise if draft.is_kept(mark.first) => Vec::new(),
            Tag::Noise => one("noise", raw),
            tag => {
                let alone = finish::alone(draft, mark, is_used);
                let fields = FIELDS.iter().filter(|field| field.subject != Subject::Derived);
                let texts = fields.flat_map(|field| field.texts(&alone).into_iter().map(|text| (field.name, text)));
                let said: Vec<_> = texts.collect();
                if said.is_empty() && tag == Tag::Dubbed { one("noise", raw) } else { said }
            }
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
