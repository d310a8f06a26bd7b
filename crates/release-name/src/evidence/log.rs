//! Keeps what each line says while it is read.

use super::{Confidence, Evidence, Origin, of_draft};
use crate::Release;
use crate::draft::Draft;
use crate::rules::Rule;
use crate::text::plain::Plain;

/// Where a part of a text begins.
pub(super) fn offset(whole: &str, part: &str) -> usize {
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
    /// A log that keeps.
    pub fn keeping() -> Self {
        Self { kept: Some(Vec::new()) }
    }

    /// What was kept, in the order that it was read.
    pub fn kept(self) -> Vec<Evidence> {
        self.kept.unwrap_or_default()
    }

    /// Keeps a draft's evidence. `release` is what it says.
    pub fn draft(&mut self, draft: &Draft<'_>, release: &Release, place: Place<'_>) {
        let Some(kept) = &mut self.kept else { return };
        let from = kept.len();
        let base = offset(place.whole, draft.line);
        of_draft::keep(draft, release, place.origin, base, kept);
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
