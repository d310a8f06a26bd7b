//! Cues -> SubRip and WebVTT.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::formats::markup::CLASSES;
use crate::text::{Anchor, Span, Style, Text};
use crate::{Cue, times};

/// SubRip. Players on phones (Media3) take a cue's beginning for the end of the one before it, so no two are shown at a time: what
/// overlaps is cut into pieces that show all of it.
pub fn srt(cues: &[Cue]) -> String {
    let mut file = String::new();
    srt_from(1, cues, &mut file);
    file
}

/// The same behind what was written before. Returns the number that comes next.
pub fn srt_from(first: usize, cues: &[Cue], file: &mut String) -> usize {
    let pieces = one_at_a_time(cues);
    for (n, cue) in pieces.iter().enumerate() {
        let (start, end) = (clock(cue.start_ms, ','), clock(cue.end_ms, ','));
        let _ = writeln!(file, "{}\n{start} --> {end}", first + n);
        if cue.anchor != Anchor::BOTTOM {
            let _ = write!(file, "{{\\an{}}}", cue.anchor.key());
        }
        let _ = writeln!(file, "{}\n", marked(&cue.text, Target::SubRip));
    }
    first + pieces.len()
}

/// WebVTT, where cues may overlap.
pub fn vtt(cues: &[Cue]) -> String {
    let mut file = VTT_HEAD.to_owned();
    vtt_cues(cues, &mut file);
    file
}

/// What a file of WebVTT begins with.
pub const VTT_HEAD: &str = "WEBVTT\n\n";

/// The cues behind it.
pub fn vtt_cues(cues: &[Cue], file: &mut String) {
    for cue in cues {
        let (start, end) = (clock(cue.start_ms, '.'), clock(cue.end_ms, '.'));
        let _ = writeln!(file, "{start} --> {end}{}", settings(cue.anchor));
        let _ = writeln!(file, "{}\n", marked(&cue.text, Target::WebVtt));
    }
}

fn clock(ms: u64, point: char) -> String {
    let (seconds, minutes) = (ms / 1000, ms / 60_000);
    format!("{:02}:{:02}:{:02}{point}{:03}", minutes / 60, minutes % 60, seconds % 60, ms % 1000)
}

fn settings(anchor: Anchor) -> String {
    let mut settings = String::new();
    settings.push_str([" line:0", " line:50%", ""][usize::from(anchor.row())]);
    settings.push_str([" position:0% align:left", "", " position:100% align:right"][usize::from(anchor.column())]);
    settings
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    SubRip,
    WebVtt,
}

/// The text with its marks, closed and opened again at each change.
fn marked(text: &Text, target: Target) -> String {
    let mut line = String::new();
    let mut open: Vec<Mark> = Vec::new();
    for Span { text, style } in text.spans() {
        let wanted = marks(*style, target);
        let same = open.iter().zip(&wanted).take_while(|(open, wanted)| open == wanted).count();
        while open.len() > same {
            line.push_str(open.pop().map_or("", Mark::end));
        }
        for mark in &wanted[same..] {
            mark.begin(&mut line);
            open.push(*mark);
        }
        escape(text, target, &mut line);
    }
    while let Some(mark) = open.pop() {
        line.push_str(mark.end());
    }
    without_times(line)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Bold,
    Italic,
    Underline,
    Strike,
    Font([u8; 3]),
    Class(&'static str),
}

fn marks(style: Style, target: Target) -> Vec<Mark> {
    let color = style.color.and_then(|color| match target {
        Target::SubRip => Some(Mark::Font(color)),
        // Other colours are for style sheets, which no player of films lets in.
        Target::WebVtt => CLASSES.iter().find(|(_, known)| *known == color).map(|(name, _)| Mark::Class(name)),
    });
    let strike = (style.strike && target == Target::SubRip).then_some(Mark::Strike);
    let plain = [
        style.bold.then_some(Mark::Bold),
        style.italic.then_some(Mark::Italic),
        style.underline.then_some(Mark::Underline),
    ];
    color.into_iter().chain(plain.into_iter().flatten()).chain(strike).collect()
}

impl Mark {
    fn begin(self, line: &mut String) {
        let _ = match self {
            Self::Bold => write!(line, "<b>"),
            Self::Italic => write!(line, "<i>"),
            Self::Underline => write!(line, "<u>"),
            Self::Strike => write!(line, "<s>"),
            Self::Font([red, green, blue]) => write!(line, "<font color=\"#{red:02x}{green:02x}{blue:02x}\">"),
            Self::Class(name) => write!(line, "<c.{name}>"),
        };
    }

    fn end(self) -> &'static str {
        match self {
            Self::Bold => "</b>",
            Self::Italic => "</i>",
            Self::Underline => "</u>",
            Self::Strike => "</s>",
            Self::Font(_) => "</font>",
            Self::Class(_) => "</c>",
        }
    }
}

/// Whatever would be read as a mark. In SubRip as little as possible: many players show entities as they stand.
fn escape(text: &str, target: Target, line: &mut String) {
    for (at, letter) in text.char_indices() {
        let next = text[at + letter.len_utf8()..].chars().next();
        let is_mark = match target {
            Target::WebVtt => matches!(letter, '<' | '>' | '&'),
            Target::SubRip => match letter {
                '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || next == '/' || next == ' '),
                '&' => next.is_some_and(|next| next.is_ascii_alphabetic() || next == '#'),
                '{' | '\\' => true,
                _ => false,
            },
        };
        match (letter, is_mark) {
            ('<', true) => line.push_str("&lt;"),
            ('>', true) => line.push_str("&gt;"),
            ('&', true) => line.push_str("&amp;"),
            // Before a letter that makes a mark of it.
            ('{', true) if next == Some('\\') => line.push_str("&#123;"),
            ('\\', true) if next == Some('N') => line.push_str("&#92;"),
            _ => line.push(letter),
        }
    }
}

/// A line of dialogue that reads as a line of times.
fn without_times(text: String) -> String {
    if !text.lines().any(|line| times::take_span(line).is_some()) {
        return text;
    }
    let lines = text.lines().map(|line| match times::take_span(line) {
        Some(_) => format!("\u{200e}{line}"),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Lines at one moment, at most: what piles up higher is no dialogue.
const MOST_AT_ONCE: usize = 6;
/// Letters that cutting may come to. A sign that stands all through the film is repeated with each line of dialogue, and so are
/// a thousand of them; from here on cues are written as they are.
const MOST_LETTERS: usize = 4 << 20;
/// An overlap as short as this is carelessness, not two voices.
const CARELESS_MS: u64 = 100;

/// Cues of which no two are shown at the same time: pieces from each change to the next, in which all that is shown stands one
/// below the other.
fn one_at_a_time(cues: &[Cue]) -> Vec<Cue> {
    let mut pieces: Vec<Cue> = Vec::with_capacity(cues.len());
    let (mut rest, mut letters) = (cues, 0);
    while !rest.is_empty() {
        // Those that hang together by overlaps.
        let mut end = rest[0].end_ms;
        let together = rest.iter().position(|cue| {
            let is_apart = cue.start_ms >= end;
            end = end.max(cue.end_ms);
            is_apart
        });
        let (group, others) = rest.split_at(together.unwrap_or(rest.len()));
        rest = others;
        match group {
            [_] => pieces.extend_from_slice(group),
            _ => pieces.extend(cut(group, &mut letters)),
        }
    }
    pieces
}

fn cut(cues: &[Cue], letters: &mut usize) -> Vec<Cue> {
    let mut group = cues.to_vec();
    for n in 1..group.len() {
        let start = group[n].start_ms;
        let before = &mut group[n - 1];
        if before.end_ms > start && before.end_ms - start <= CARELESS_MS && before.start_ms < start {
            before.end_ms = start;
        }
    }
    let moments: BTreeSet<u64> = group.iter().flat_map(|cue| [cue.start_ms, cue.end_ms]).collect();
    let mut pieces: Vec<Cue> = Vec::new();
    // By their order in `group`, which is that of their beginnings.
    let (mut shown, mut next): (Vec<usize>, usize) = (Vec::new(), 0);
    for (&from, &to) in moments.iter().zip(moments.iter().skip(1)) {
        shown.retain(|n| group[*n].end_ms > from);
        while next < group.len() && group[next].start_ms <= from {
            if group[next].end_ms > from && shown.len() < MOST_AT_ONCE {
                shown.push(next);
            }
            next += 1;
        }
        let Some(piece) = joined(shown.iter().map(|n| &group[*n]), from, to) else { continue };
        *letters += piece.text.spans().iter().map(|span| span.text.len()).sum::<usize>();
        if *letters > MOST_LETTERS {
            return cues.to_vec();
        }
        match pieces.last_mut() {
            Some(last) if last.end_ms == from && last.text == piece.text && last.anchor == piece.anchor => {
                last.end_ms = to
            }
            _ => pieces.push(piece),
        }
    }
    pieces
}

/// All that is shown at a moment as one cue: what stands higher in the picture above. `None` for nothing.
fn joined<'a>(shown: impl Iterator<Item = &'a Cue>, start_ms: u64, end_ms: u64) -> Option<Cue> {
    let mut shown: Vec<&Cue> = shown.collect();
    shown.sort_by_key(|cue| cue.anchor.row());
    // It stands where the lowest does.
    let anchor = shown.last()?.anchor;
    let text = shown.iter().fold(Text::default(), |above, cue| match above.is_empty() {
        true => cue.text.clone(),
        false => above.above(&cue.text),
    });
    Some(Cue { start_ms, end_ms, anchor, text })
}
