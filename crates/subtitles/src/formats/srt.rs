//! SubRip. Nobody ever wrote down what it is, so that every program writes it otherwise: what counts are lines of two times. What stands
//! between two of them is the first one's text, but for the number above the second.

use super::markup::{self, Markup};
use super::{Cues, Raw, lines};
use crate::Error;
use crate::times::take_span;

pub fn read(text: &str) -> Result<Cues, Error> {
    let mut cues = Cues::default();
    let mut open: Option<Open<'_>> = None;
    for line in lines(text) {
        match take_span(line) {
            Some((start, end, _)) => {
                if let Some(open) = open.take() {
                    cues.add(open.closed(true))?;
                }
                open = Some(Open { start, end, lines: Vec::new() });
            }
            None => {
                if let Some(open) = &mut open {
                    open.lines.push(line);
                }
            }
        }
    }
    if let Some(open) = open {
        cues.add(open.closed(false))?;
    }
    Ok(cues)
}

struct Open<'a> {
    start: i64,
    end: i64,
    lines: Vec<&'a str>,
}

impl Open<'_> {
    /// `is_before_another`: what stands last may be the number of the next one.
    fn closed(mut self, is_before_another: bool) -> Raw {
        if is_before_another {
            // "12", a blank line, the times: the blank line is surplus.
            let behind = self.lines.iter().rposition(|line| !line.trim().is_empty());
            let last = self.lines.len().saturating_sub(1);
            let number = behind.filter(|at| is_number(self.lines[*at]) && (*at == last || self.is_apart(*at)));
            if let Some(at) = number {
                self.lines.truncate(at);
            }
        }
        let shown = markup::read(&self.lines.join("\n"), Markup::SubRip);
        Raw { start: self.start, end: Some(self.end), anchor: shown.anchor, text: shown.text }
    }

    /// A blank line stands above, and dialogue above that.
    fn is_apart(&self, at: usize) -> bool {
        at > 1 && self.lines[at - 1].trim().is_empty()
    }
}

fn is_number(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.len() <= 9 && line.bytes().all(|b| b.is_ascii_digit())
}
