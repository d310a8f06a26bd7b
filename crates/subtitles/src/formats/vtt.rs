//! WebVTT (w3.org/TR/webvtt1). Styles, regions and notes are read past: players of one's own look have no use for them. So is
//! `X-TIMESTAMP-MAP`, which says where a piece of an HLS stream belongs: who posts a whole file has times from the film's beginning.

use super::markup::{self, Markup};
use super::{Cues, Raw, lines};
use crate::Error;
use crate::text::Anchor;
use crate::times::take_span;

pub fn read(text: &str) -> Result<Cues, Error> {
    let mut cues = Cues::default();
    let mut lines = lines(text).peekable();
    while let Some(line) = lines.next() {
        // Notes and styles hold no arrow; what stands above the times is a name.
        let Some((start, end, settings)) = take_span(line) else { continue };
        let mut said = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.trim().is_empty() && take_span(line).is_none()) {
            said.push(line);
        }
        cues.add(cue(start, end, settings, &said.join("\n")))?;
    }
    Ok(cues)
}

/// A cue of its parts, as they stand in a film too.
pub fn cue(start: i64, end: i64, settings: &str, text: &str) -> Raw {
    let shown = markup::read(text, Markup::WebVtt);
    Raw { start, end: Some(end), anchor: anchor(settings), text: shown.text }
}

/// The third of the picture that a cue's settings mean.
fn anchor(settings: &str) -> Anchor {
    let (mut row, mut column) = (2, 1);
    for setting in settings.split_whitespace() {
        let Some((name, value)) = setting.split_once(':') else { continue };
        match name {
            "line" => row = line(value.split(',').next().unwrap_or_default()),
            "align" => {
                column = match value {
                    "start" | "left" => 0,
                    "end" | "right" => 2,
                    _ => 1,
                }
            }
            _ => {}
        }
    }
    Anchor::of_thirds(column, row)
}

/// A share of the picture, or the number of a line: from the top, and if negative from below.
fn line(value: &str) -> u8 {
    match value.strip_suffix('%') {
        Some(share) => match share.parse::<f64>() {
            Ok(share) if share < 34.0 => 0,
            Ok(share) if share < 67.0 => 1,
            _ => 2,
        },
        None => match value.parse::<f64>() {
            // Of some fifteen.
            Ok(number) if (0.0..5.0).contains(&number) => 0,
            Ok(number) if (5.0..10.0).contains(&number) => 1,
            _ => 2,
        },
    }
}
