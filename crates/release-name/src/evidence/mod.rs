//! Where each value of a release came from: the bytes of the name, the folder or the caption that say it, the rule that
//! took them, and how sure it is.
//!
//! Drafts know which tokens said what. While a name is read for [`explain`], a [`Log`] keeps that of each line that was read,
//! whether it won or not; at the end stands what the release says. [`parse`](super::parse) reads with a log that keeps nothing.

mod log;
mod of_draft;

use std::ops::Range;

use super::fields::FIELDS;
use super::rules::Rule;
use super::{Input, Release, merge};

pub use log::{Log, Place};

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
    let mut log = Log::keeping();
    let release = merge::read(input, &mut log);
    let evidence = standing(&release, log.kept());
    Explained { release, evidence }
}

/// What a draft says by itself.
#[cfg(test)]
pub fn evidence_of(draft: &super::draft::Draft<'_>) -> Vec<Evidence> {
    let mut log = Log::keeping();
    let release = super::finish::finish(draft);
    log.draft(draft, &release, Place::of(Origin::Name, draft.line));
    standing(&release, log.kept())
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
