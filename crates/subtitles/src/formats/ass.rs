//! ASS, and SSA before it: sections of lines, of which `Format:` names the fields. What is shown are the `Dialogue:` lines of `[Events]`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::markup::{self, Markup, Scene, old_anchor};
use super::{Cues, Raw, lines};
use crate::text::{Anchor, Style};
use crate::{Error, Hints, decode, times};

/// A line by which a file is known.
pub fn begins(line: &str) -> bool {
    let is_section =
        |name: &str| line.len() >= name.len() && line.as_bytes()[..name.len()].eq_ignore_ascii_case(name.as_bytes());
    is_section("[script info]") || is_section("[v4") || is_section("[events]") || is_section("dialogue:")
}

pub fn read(text: &str) -> Result<Cues, Error> {
    let mut cues = Cues::default();
    let mut script = Script::default();
    for line in lines(text) {
        if let Some(event) = script.take(line) {
            let times = (times::parse(event.start), times::parse(event.end));
            if let (Some(start), Some(end)) = times {
                cues.add(script.cue(&event, start, Some(end)))?;
            }
        }
    }
    Ok(cues)
}

/// What was read of a script so far.
#[derive(Default)]
pub struct Script {
    section: Section,
    /// Of the events and of the styles: their fields, in order.
    fields: Vec<String>,
    styles: BTreeMap<String, (Style, Option<Anchor>)>,
    width: Option<f64>,
    height: Option<f64>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Info,
    /// The first ones count anchors otherwise.
    Styles {
        is_old: bool,
    },
    Events,
    Other,
}

/// A line of dialogue.
pub struct Event<'a> {
    pub start: &'a str,
    pub end: &'a str,
    style: &'a str,
    text: &'a str,
}

/// What `Format:` says where it is missing.
const EVENT_FIELDS: [&str; 10] =
    ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"];

impl Script {
    /// Takes a line in; returns it if it is dialogue.
    pub fn take<'a>(&mut self, line: &'a str) -> Option<Event<'a>> {
        let line = line.trim_start_matches('\u{feff}').trim_start();
        if line.starts_with('[') {
            self.section = section(line);
            self.fields.clear();
            return None;
        }
        let (name, value) = line.split_once(':')?;
        let name = name.trim();
        match self.section {
            _ if name.eq_ignore_ascii_case("Dialogue") => return self.event(value),
            Section::Info if name.eq_ignore_ascii_case("PlayResX") => self.width = size(value),
            Section::Info if name.eq_ignore_ascii_case("PlayResY") => self.height = size(value),
            Section::Styles { .. } | Section::Events if name.eq_ignore_ascii_case("Format") => {
                self.fields = value.split(',').map(|field| field.trim().to_ascii_lowercase()).collect();
            }
            Section::Styles { is_old } if name.eq_ignore_ascii_case("Style") => self.style(value, is_old),
            _ => {}
        }
        None
    }

    fn event<'a>(&self, value: &'a str) -> Option<Event<'a>> {
        let is_said = self.section == Section::Events && self.fields.iter().any(|field| field == "text");
        let names: Vec<&str> =
            if is_said { self.fields.iter().map(String::as_str).collect() } else { EVENT_FIELDS.to_vec() };
        // The text stands last and has commas of its own.
        let values: Vec<&str> = value.splitn(names.len(), ',').collect();
        let field = |name: &str| names.iter().position(|known| *known == name).and_then(|at| values.get(at).copied());
        Some(Event {
            start: field("start")?.trim(),
            end: field("end")?.trim(),
            style: field("style").unwrap_or_default().trim().trim_start_matches('*'),
            text: field("text")?,
        })
    }

    /// Dialogue out of a Matroska file: `ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text`.
    pub fn event_of_block(payload: &str) -> Option<Event<'_>> {
        let values: Vec<&str> = payload.splitn(9, ',').collect();
        let [_, _, style, .., text] = values[..] else { return None };
        (values.len() == 9).then_some(Event { start: "", end: "", style: style.trim(), text })
    }

    fn style(&mut self, value: &str, is_old: bool) {
        let values: Vec<&str> = value.split(',').map(str::trim).collect();
        let field = |name: &str| {
            let at = self.fields.iter().position(|known| known == name)?;
            values.get(at).copied()
        };
        let is_on = |name: &str| field(name).is_some_and(|value| value != "0");
        // Whole scripts are bold, or of a colour that somebody likes. A slant means something.
        let style = Style { italic: is_on("italic"), ..Style::default() };
        let key = field("alignment").and_then(|key| key.parse().ok());
        let anchor = key.map(|key| if is_old { old_anchor(key) } else { Anchor::new(key) });
        if let Some(name) = field("name").or(values.first().copied()) {
            self.styles.insert(name.trim_start_matches('*').to_owned(), (style, anchor));
        }
    }

    pub fn cue(&self, event: &Event<'_>, start: i64, end: Option<i64>) -> Raw {
        let (style, anchor) =
            self.styles.get(event.style).or_else(|| self.styles.get("Default")).copied().unwrap_or_default();
        // What libass takes where nothing is said.
        let picture = match (self.width, self.height) {
            (None, None) => (384.0, 288.0),
            (Some(width), None) => (width, width * 3.0 / 4.0),
            (None, Some(height)) => (height * 4.0 / 3.0, height),
            (Some(width), Some(height)) => (width, height),
        };
        let scene = Scene { style, anchor, picture: Some(picture) };
        let shown = markup::read_in(event.text, Markup::Ass, &scene);
        Raw { start, end, anchor: shown.anchor, text: shown.text }
    }
}

fn section(line: &str) -> Section {
    let name = line.trim().trim_matches(['[', ']']).to_ascii_lowercase();
    match name.as_str() {
        "script info" => Section::Info,
        "events" => Section::Events,
        // "V4+ Styles", "V4++ Styles"
        _ if name.starts_with("v4") => Section::Styles { is_old: !name.contains('+') },
        _ => Section::Other,
    }
}

fn size(value: &str) -> Option<f64> {
    value.trim().parse().ok().filter(|size| (1.0..100_000.0).contains(size))
}

/// A whole ASS file, in UTF-8 and later by `shift_ms`, for players that show all of it. `None` when it is none.
pub fn whole(bytes: &[u8], hints: &Hints<'_>, shift_ms: i64) -> Result<Option<String>, Error> {
    let text = decode(bytes, hints)?;
    if !lines(&text).map(str::trim).any(begins) {
        return Ok(None);
    }
    let mut script = Script::default();
    let mut whole = String::with_capacity(text.len());
    for line in lines(&text) {
        let moved = script.take(line).filter(|_| shift_ms != 0).map(|event| later(line, &event, shift_ms));
        whole.push_str(moved.as_deref().unwrap_or(line));
        whole.push('\n');
    }
    // Splitting makes a last line of nothing.
    whole.truncate(whole.trim_end_matches('\n').len() + 1);
    Ok(Some(whole))
}

/// A line of dialogue with other times.
fn later(line: &str, event: &Event<'_>, shift_ms: i64) -> String {
    let mut moved = line.to_owned();
    // The end first: it stands behind, and places before it stay.
    let mut fields = [event.start, event.end].map(|field| place(line, field));
    fields.sort_by_key(|range| std::cmp::Reverse(range.start));
    for range in fields {
        if let Some(at) = times::parse(&line[range.clone()]) {
            moved.replace_range(range, &time(at.saturating_add(shift_ms).clamp(0, times::MAX_MS)));
        }
    }
    moved
}

/// Where a part of a line stands in it.
fn place(line: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize).min(line.len());
    start..(start + part.len()).min(line.len())
}

/// `H:MM:SS.cc`.
pub fn time(ms: i64) -> String {
    let hundredths = ms / 10;
    let (seconds, minutes) = (hundredths / 100, hundredths / 6_000);
    format!("{}:{:02}:{:02}.{:02}", minutes / 60, minutes % 60, seconds % 60, hundredths % 100)
}

/// A script with the fonts that it is drawn with, each under its file's name: in a section `[Fonts]`, as players read them (libass, VSFilter).
pub fn with_fonts<'a>(script: &str, fonts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut whole = script.trim_end().to_owned();
    whole.push('\n');
    for (n, (name, bytes)) in fonts.into_iter().enumerate() {
        if n == 0 {
            whole.push_str("\n[Fonts]\n");
        }
        whole.push_str("fontname: ");
        whole.extend(name.chars().filter(|letter| !letter.is_control()));
        whole.push('\n');
        let digits: Vec<u8> = bytes.chunks(3).flat_map(font_digits).collect();
        for line in digits.chunks(80) {
            whole.extend(line.iter().map(|digit| char::from(*digit)));
            whole.push('\n');
        }
    }
    whole
}

/// Three bytes as four letters of six bits each, the first of which is `!`; fewer bytes as one letter more than they are.
fn font_digits(bytes: &[u8]) -> impl Iterator<Item = u8> + use<> {
    let mut three = [0; 3];
    three[..bytes.len()].copy_from_slice(bytes);
    let [a, b, c] = three;
    let digits = [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63];
    digits.into_iter().take(bytes.len() + 1).map(|digit| digit + b'!')
}
