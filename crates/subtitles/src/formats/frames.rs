//! Two old writings with one cue a line: MicroDVD, `{25}{50}text`, counts pictures; MPL2, `[10][20]text`, tenths of a second. `|` parts
//! lines in both.

use super::markup::{self, Markup};
use super::{Cues, Raw, lines};
use crate::Error;
use crate::text::Style;

/// Of films, and of most that is said to have 24 a second.
const FILM: f64 = 24000.0 / 1001.0;

pub fn is_micro_dvd(line: &str) -> bool {
    take_two(line, '{', '}').is_some()
}

pub fn is_mpl2(line: &str) -> bool {
    take_two(line, '[', ']').is_some()
}

/// `frames_per_second`: where the file does not say it in its first line, `{1}{1}23.976`.
pub fn micro_dvd(text: &str, frames_per_second: Option<f64>) -> Result<Cues, Error> {
    let mut cues = Cues::default();
    let mut rate = frames_per_second.filter(is_rate).unwrap_or(FILM);
    let mut is_first = true;
    for line in lines(text) {
        let Some((first, last, said)) = take_two(line.trim(), '{', '}') else { continue };
        let own_rate = said.trim().replace(',', ".").parse().ok().filter(is_rate);
        if let Some(own) = own_rate.filter(|_| std::mem::take(&mut is_first)) {
            rate = own;
            continue;
        }
        is_first = false;
        let at = |frame: u32| (f64::from(frame) * 1000.0 / rate).round() as i64;
        let shown = markup::read(&said.replace('|', "\n"), Markup::MicroDvd);
        let (start, end) = (at(first.unwrap_or(0)), last.map(at));
        cues.add(Raw { start, end, anchor: shown.anchor, text: shown.text })?;
    }
    Ok(cues)
}

fn is_rate(rate: &f64) -> bool {
    (5.0..=120.0).contains(rate)
}

pub fn mpl2(text: &str) -> Result<Cues, Error> {
    let mut cues = Cues::default();
    for line in lines(text) {
        let Some((first, last, said)) = take_two(line.trim(), '[', ']') else { continue };
        // A slash ahead of a line slants it.
        let styled = said.split('|').map(|line| match line.trim_start().strip_prefix('/') {
            Some(slanted) => (slanted, Style { italic: true, ..Style::default() }),
            None => (line, Style::default()),
        });
        let text = markup::of_lines(styled);
        let at = |tenths: u32| i64::from(tenths) * 100;
        let (start, end) = (at(first.unwrap_or(0)), last.map(at));
        cues.add(Raw { start, end, anchor: crate::Anchor::BOTTOM, text })?;
    }
    Ok(cues)
}

/// Two numbers in brackets, each of which may be left out, and what follows them.
fn take_two(line: &str, open: char, close: char) -> Option<(Option<u32>, Option<u32>, &str)> {
    let take = |text: &str| -> Option<(Option<u32>, usize)> {
        let inside = text.strip_prefix(open)?;
        let length = inside.find(close).filter(|length| *length <= 9)?;
        let digits = &inside[..length];
        let is_number = digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| (digits.parse().ok(), length + 2))
    };
    let (first, length) = take(line)?;
    let rest = &line[length..];
    let (last, length) = take(rest)?;
    (first.is_some() || last.is_some()).then_some((first, last, &rest[length..]))
}
