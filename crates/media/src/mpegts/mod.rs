//! MPEG-TS and M2TS (ISO/IEC 13818-1): packets without an index. What there is stands in the tables of the program and in the streams' first frames; the
//! duration is from the first time to the last.
//!
//! ```text
//! packets.rs    packets of 188, 192 or 204 bytes, and the way back when they lost their step
//! sections.rs   which streams a program has
//! streams.rs    a stream and its descriptors -> a track; sounds.rs for two that no other container has
//! pes.rs        what a stream's bytes come in, and their times
//! ```
//!
//! mpeg2ts-reader and mpeg2ts were looked at: the first wants a handler type for each kind of stream and has no packets but those of 188 bytes, the second ends at the first
//! packet that is damaged. What is asked here is the first frame of each stream.

mod packets;
mod pes;
mod sections;
mod sounds;
mod streams;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::file::File;
use crate::{Codec, Container, Doubt, Facts, Found, Kind, Track, Why, codecs};
use packets::{Framing, framing, packets};

/// Is it one, by what it begins with?
pub fn fits(file: &File) -> bool {
    framing_of(file).is_some()
}

fn framing_of(file: &File) -> Option<Framing> {
    let head = file.at_hand(0);
    framing(head, head.len() as u64 == file.size())
}

/// How much of the beginning is looked at until every stream showed what it is. A recording that begins anywhere has its tables within half a second, and pictures
/// that can be begun with within two; at 20 Mbit/s half of that.
const HEAD_BYTES: [u64; 3] = [256 << 10, 1 << 20, 5 << 19];
/// How much of the end is looked at until there is a time.
const TAIL_BYTES: [u64; 2] = [crate::HASH_BLOCK_BYTES, 1 << 20];

/// What is inside.
pub fn probe(file: &File) -> Result<Found, Why> {
    let framing = framing_of(file).ok_or(Why::NotKnown)?;
    let mut head = Head::default();
    for bytes in HEAD_BYTES {
        let Some(bytes) = file.read(0..bytes) else { break };
        head = Head::read(&bytes[framing.first.min(bytes.len())..], framing.step);
        if head.is_complete() || bytes.len() as u64 == file.size() {
            break;
        }
    }
    let duration_ms = head.tracks.first().and_then(|_| duration_ms(file, framing, &head.times));
    if head.tracks.is_empty() {
        return Err(Why::Damaged);
    }
    let mut facts = Facts {
        container: if framing.step == 192 { Container::M2ts } else { Container::MpegTs },
        duration_ms,
        tracks: head.tracks,
        ..Facts::default()
    };
    let usual_first = if framing.step == 192 { 4 } else { 0 };
    for (seen, doubt) in [
        (framing.first != usual_first, Doubt::GarbageInFront),
        (head.too_many, Doubt::TooMany),
        (facts.duration_ms.is_some(), Doubt::DurationReckoned),
        (facts.tracks.iter().any(|track| track.encrypted), Doubt::Encrypted),
    ] {
        if seen {
            facts.doubt(doubt);
        }
    }
    Ok(Found { facts, ..Found::default() })
}

/// As many tracks as facts keep.
const MOST_TRACKS: usize = 256;
/// What of a frame is looked at: parameter sets, messages, and the head of a DTS extension behind its core.
const FRAME_BYTES: usize = 8 << 10;

/// What the beginning of the stream tells.
#[derive(Default)]
struct Head {
    tracks: Vec<Track>,
    times: Times,
    too_many: bool,
}

impl Head {
    fn read(bytes: &[u8], step: usize) -> Head {
        let Some(section) = program(bytes, step) else { return Head::default() };
        let Some((program, streams)) = sections::streams(&section) else { return Head::default() };
        let blu_ray = step == 192 || streams::is_blu_ray(program);
        let mut head = Head { too_many: streams.len() > MOST_TRACKS, ..Head::default() };
        head.tracks = streams.iter().take(MOST_TRACKS).map(|stream| streams::track(stream, blu_ray)).collect();
        head.look_at_frames(bytes, step);
        head
    }

    /// Every stream showed what it is. Subtitles need not: they come when somebody speaks.
    fn is_complete(&self) -> bool {
        !self.tracks.is_empty() && self.tracks.iter().all(|track| track.encrypted || !wants_frame(track))
    }

    fn look_at_frames(&mut self, bytes: &[u8], step: usize) {
        let mut places: BTreeMap<u16, (usize, Vec<u8>)> = BTreeMap::new();
        for (place, track) in self.tracks.iter().enumerate() {
            places.insert(track.number as u16, (place, Vec::new()));
        }
        for packet in packets(bytes, step) {
            self.times.take(&packet);
            let Some((place, frame)) = places.get_mut(&packet.pid) else { continue };
            let track = &mut self.tracks[*place];
            track.encrypted |= packet.scrambled && !packet.payload.is_empty();
            if track.encrypted || !(wants_frame(track) || streams::is_unknown(track)) {
                continue;
            }
            if packet.begins {
                look_at(track, frame);
                frame.clear();
                frame.extend_from_slice(pes::read(packet.payload).map_or(&[][..], |pes| pes.payload));
            } else if !frame.is_empty() && frame.len() < FRAME_BYTES {
                frame.extend_from_slice(packet.payload);
                if frame.len() >= FRAME_BYTES {
                    look_at(track, frame);
                }
            }
        }
        for (place, frame) in places.into_values() {
            look_at(&mut self.tracks[place], &frame);
        }
    }
}

/// The table of the first program that has a picture, or of the first program.
fn program(bytes: &[u8], step: usize) -> Option<Vec<u8>> {
    let mut assemblies: BTreeMap<u16, sections::Assembly> = BTreeMap::from([(0, sections::Assembly::default())]);
    let mut first = None;
    for packet in packets(bytes, step) {
        let Some(assembly) = assemblies.get_mut(&packet.pid) else { continue };
        let Some(section) = assembly.take(packet.begins, packet.payload) else { continue };
        if packet.pid == 0 {
            for pid in sections::programs(&section).unwrap_or_default() {
                assemblies.entry(pid).or_default();
            }
        } else if let Some((program, streams)) = sections::streams(&section) {
            let blu_ray = step == 192 || streams::is_blu_ray(program);
            let has_picture = streams.iter().any(|it| matches!(streams::track(it, blu_ray).kind, Kind::Video(_)));
            if has_picture {
                return Some(section);
            }
            first = first.or(Some(section));
        }
    }
    first
}

/// Whether a frame would tell more.
fn wants_frame(track: &Track) -> bool {
    match &track.kind {
        Kind::Video(video) => video.width == 0 && !matches!(track.codec, Codec::Vc1 | Codec::Vvc | Codec::Av1),
        Kind::Audio(sound) => sound.channels == 0 && !matches!(track.codec, Codec::Ac4 | Codec::MpegH),
        _ => false,
    }
}

fn look_at(track: &mut Track, frame: &[u8]) {
    if streams::is_unknown(track) {
        streams::recognise(track, frame);
    }
    if frame.is_empty() || track.encrypted || !wants_frame(track) {
        return;
    }
    match (track.codec, track.codec_id.as_str()) {
        (Codec::Pcm, _) => sounds::lpcm(track, frame).unwrap_or_default(),
        (Codec::Aac, "0x11") => sounds::latm(track, frame).unwrap_or_default(),
        _ => codecs::frame(track, frame),
    }
}

/// The first and the last time of each stream, and of the clock (under a PID that no stream has), in 90 kHz.
#[derive(Default)]
struct Times(BTreeMap<u16, (u64, u64)>);

/// No stream's PID: these have thirteen bits.
const CLOCK: u16 = u16::MAX;
/// Pictures are shown in another order than they come in, by a second at most.
const REORDERED: u64 = 90_000;

impl Times {
    fn take(&mut self, packet: &packets::Packet) {
        let time = if packet.begins { pes::read(packet.payload).and_then(|pes| pes.time) } else { None };
        for (pid, time) in [(packet.pid, time), (CLOCK, packet.clock)] {
            let Some(time) = time else { continue };
            let (first, last) = self.0.entry(pid).or_insert((time, time));
            if pes::since(time, *first).is_some_and(|before| before < REORDERED) {
                *first = time;
            }
            if pes::since(*last, time).is_some() {
                *last = time;
            }
        }
    }

    /// The longest time between a stream's first time here and its last one in `end`; the clock's where no stream has both.
    fn until(&self, end: &Times) -> Option<u64> {
        let span = |pid: &u16| pes::since(self.0.get(pid)?.0, end.0.get(pid)?.1);
        let streams = self.0.keys().filter(|pid| **pid != CLOCK).filter_map(span).max();
        streams.or_else(|| span(&CLOCK))
    }
}

/// A film of fewer bits a second is none: times began anew somewhere in between.
const FEWEST_BITS_A_SECOND: u64 = 40_000;

fn duration_ms(file: &File, framing: Framing, first: &Times) -> Option<u64> {
    for bytes in TAIL_BYTES {
        let bytes = file.read(file.size().saturating_sub(bytes)..file.size())?;
        let mut last = Times::default();
        packets(bytes, framing.step).for_each(|packet| last.take(&packet));
        let has_stream = last.0.keys().any(|pid| *pid != CLOCK && first.0.contains_key(pid));
        if has_stream || bytes.len() as u64 == file.size() {
            let ms = first.until(&last)? / 90;
            let bits = u128::from(file.size()) * 8 * 1000;
            return (ms > 0 && bits / u128::from(ms) >= FEWEST_BITS_A_SECOND.into()).then_some(ms);
        }
    }
    None
}
