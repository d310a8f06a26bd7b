//! SubViewer: a line of two times with a comma between them, and below it the text with `[br]` for ends of lines.

use super::markup::{self, Markup};
use super::{Cues, Raw, lines};
use crate::Error;
use crate::times;

pub fn read(text: &str) -> Result<Cues, Error> {
    let mut cues = Cues::default();
    let mut lines = lines(text);
    while let Some(line) = lines.next() {
        let Some((start, end)) = take_times(line.trim()) else { continue };
        let said: Vec<&str> = lines.by_ref().take_while(|line| !line.trim().is_empty()).collect();
        let shown = markup::read(&said.join("\n").replace("[br]", "\n"), Markup::SubRip);
        cues.add(Raw { start, end: Some(end), anchor: shown.anchor, text: shown.text })?;
    }
    Ok(cues)
}

/// `00:00:01.00,00:00:02.00`: the comma parts the times, so that fractions stand behind dots.
pub fn take_times(line: &str) -> Option<(i64, i64)> {
    if !line.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    let (start, end) = line.split_once(',')?;
    let is_whole = |time: &str| time.matches(':').count() == 2 && time.contains('.');
    (is_whole(start) && is_whole(end)).then_some(())?;
    Some((times::parse(start)?, times::parse(end)?))
}
