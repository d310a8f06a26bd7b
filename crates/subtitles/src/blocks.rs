//! Lines that stand in a film: blocks of a Matroska track, samples of an MP4 track.

use std::borrow::Cow;
use std::fmt::Write;

use encoding_rs::{UTF_8, UTF_16BE};

use crate::formats::ass::{self, Script};
use crate::formats::markup::{self, Markup};
use crate::formats::{Cues, Format, Raw, lines, vtt};
use crate::text::{Anchor, Span, Style, Text};
use crate::{Error, Subtitles, order};

/// How a track's text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Matroska's `S_TEXT/UTF8`: SubRip without numbers and times.
    Srt,
    /// `S_TEXT/ASS` and `S_TEXT/SSA`; the codec's private data is the script up to its events.
    Ass,
    /// `S_TEXT/WEBVTT` and `D_WEBVTT/SUBTITLES`: the text of a cue; and MP4's `wvtt`, in boxes.
    WebVtt,
    /// MP4's `tx3g` (`mov_text`).
    Tx3g,
}

/// A block, or a sample.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// Milliseconds from the film's beginning.
    pub start_ms: u64,
    /// `None`: until the next one.
    pub duration_ms: Option<u64>,
    /// Its bytes.
    pub payload: &'a [u8],
}

/// The lines of a track. `private` is its codec's private data, which only ASS has.
pub fn from_blocks<'a>(
    codec: Codec,
    private: &[u8],
    blocks: impl IntoIterator<Item = Block<'a>>,
) -> Result<Subtitles, Error> {
    let script = script(codec, private);
    let mut cues = Cues::default();
    for block in blocks {
        let start = i64::try_from(block.start_ms).unwrap_or(i64::MAX);
        let end = block.duration_ms.map(|duration| start.saturating_add_unsigned(duration));
        match codec {
            Codec::Srt => {
                let shown = markup::read(&text(block.payload), Markup::SubRip);
                cues.add(Raw { start, end, anchor: shown.anchor, text: shown.text })?;
            }
            Codec::Ass => {
                if let Some(event) = Script::event_of_block(&text(block.payload)) {
                    cues.add(script.cue(&event, start, end))?;
                }
            }
            Codec::WebVtt => {
                for (settings, said) in web_vtt(block.payload) {
                    cues.add(Raw { end, ..vtt::cue(start, start, &settings, &said) })?;
                }
            }
            Codec::Tx3g => cues.add(Raw { start, end, anchor: Anchor::BOTTOM, text: tx3g(block.payload) })?,
        }
    }
    let format = match codec {
        Codec::Srt => Format::Srt,
        Codec::Ass => Format::Ass,
        Codec::WebVtt => Format::Vtt,
        Codec::Tx3g => Format::Tx3g,
    };
    order::put_right(format, cues.into_inner())
}

/// The whole script of an ASS track, as it was before it was put into the film, by the order of its events.
pub fn ass_from_blocks<'a>(private: &[u8], blocks: impl IntoIterator<Item = Block<'a>>) -> String {
    let head = text(private);
    let mut whole = String::new();
    for line in lines(head.trim_end()) {
        whole.push_str(line);
        whole.push('\n');
    }
    if !lines(&head).any(|line| line.trim().eq_ignore_ascii_case("[Events]")) {
        whole.push_str("\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n");
    }
    let mut events: Vec<(u64, String)> = Vec::new();
    for block in blocks {
        let payload = text(block.payload);
        let Some((order, rest)) = payload.split_once(',') else { continue };
        let Some((layer, rest)) = rest.split_once(',') else { continue };
        let at = |ms: u64| ass::time(i64::try_from(ms).unwrap_or(i64::MAX).min(crate::times::MAX_MS));
        let end = block.start_ms.saturating_add(block.duration_ms.unwrap_or(0));
        let mut event = String::new();
        let said = rest.trim_end_matches(['\r', '\n', '\0']).replace(['\r', '\n'], "\\N");
        let _ = writeln!(event, "Dialogue: {layer},{},{},{said}", at(block.start_ms), at(end));
        events.push((order.trim().parse().unwrap_or(u64::MAX), event));
    }
    events.sort_by_key(|(order, _)| *order);
    events.iter().for_each(|(_, event)| whole.push_str(event));
    whole
}

fn script(codec: Codec, private: &[u8]) -> Script {
    let mut script = Script::default();
    if codec == Codec::Ass {
        lines(&text(private)).for_each(|line| {
            let _ = script.take(line);
        });
    }
    script
}

/// Containers hold UTF-8.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    UTF_8.decode_with_bom_removal(bytes).0
}

/// Settings and text of the cues of a block: Matroska's is one cue's text, MP4's are boxes (`vttc` with `payl` and `sttg` in it).
fn web_vtt(payload: &[u8]) -> Vec<(String, String)> {
    match payload.get(4..8) {
        Some(b"vttc" | b"vtte" | b"vttx" | b"vtta") => {
            let cues = boxes(payload).filter(|(kind, _)| *kind == b"vttc");
            cues.map(|(_, cue)| {
                let of = |wanted: &[u8; 4]| {
                    boxes(cue).find(|(kind, _)| *kind == wanted).map(|(_, inside)| text(inside).into_owned())
                };
                (of(b"sttg").unwrap_or_default(), of(b"payl").unwrap_or_default())
            })
            .collect()
        }
        _ => vec![(String::new(), text(payload).into_owned())],
    }
}

/// Boxes of ISO BMFF one after the other: length, kind, content.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, _) = rest.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let content = bytes.get(8..length)?;
        bytes = &bytes[length..];
        Some((kind, content))
    })
}

/// Length, text, and boxes of styles (ETSI TS 126 245): of `styl` bold, italics and underlining are kept.
fn tx3g(payload: &[u8]) -> Text {
    let Some((length, rest)) = payload.split_first_chunk::<2>() else { return Text::default() };
    let length = usize::from(u16::from_be_bytes(*length)).min(rest.len());
    let (said, about) = rest.split_at(length);
    let said = match said {
        [0xFE, 0xFF, wide @ ..] => UTF_16BE.decode_without_bom_handling(wide).0,
        _ => text(said),
    };
    let styles = boxes(about).find(|(kind, _)| *kind == b"styl").map_or(&[][..], |(_, inside)| inside);
    let mut spans: Vec<Span> = Vec::new();
    for (n, letter) in said.chars().enumerate() {
        let style = style_at(styles, n);
        match spans.last_mut().filter(|span| span.style == style) {
            Some(span) => span.text.push(letter),
            None => spans.push(Span { text: letter.to_string(), style }),
        }
    }
    Text::of(spans)
}

/// Records of twelve bytes behind their count: first letter, the one behind the last, font, flags, size, colour.
fn style_at(styles: &[u8], letter: usize) -> Style {
    let mut records = styles.get(2..).unwrap_or_default().chunks_exact(12).take(64);
    let number = |record: &[u8], at: usize| usize::from(u16::from_be_bytes([record[at], record[at + 1]]));
    let of_letter = records.rfind(|record| (number(record, 0)..number(record, 2)).contains(&letter));
    let flags = of_letter.map_or(0, |record| record[6]);
    Style { bold: flags & 1 != 0, italic: flags & 2 != 0, underline: flags & 4 != 0, ..Style::default() }
}
