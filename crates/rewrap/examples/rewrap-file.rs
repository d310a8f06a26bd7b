//! Writes a film's playlists and segments into a folder: rewrap-file IN OUT_DIR [SEGMENT_MS]
//!
//! `master.m3u8`, and for each track a folder with its playlist, its initialization segment and its segments. The last line says what it took: bytes in and out,
//! seconds of CPU, and the most that was held.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    ops::Range,
    path::Path,
    process::ExitCode,
};

use media::Facts;
use rewrap::{Addresses, Film, Opening, Rendition, SegmentMaker, Step};

/// As the byte engine gives them.
const CHUNK_BYTES: u64 = 1 << 20;

struct Beside;

impl Addresses for Beside {
    fn init(&self) -> String {
        "init.mp4".into()
    }

    fn segment(&self, number: usize) -> String {
        format!("{number}.m4s")
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(from), Some(to)) = (arguments.first(), arguments.get(1)) else {
        eprintln!("usage: rewrap-file IN OUT_DIR [SEGMENT_MS]");
        return ExitCode::from(2);
    };
    let segment_ms = arguments.get(2).and_then(|text| text.parse().ok()).unwrap_or(6000);
    match write(Path::new(from), Path::new(to), segment_ms) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("rewrap-file: {from}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(from: &Path, to: &Path, segment_ms: u32) -> Result<String, Box<dyn std::error::Error>> {
    let mut file = File::open(from)?;
    let film = open(&mut file, segment_ms)?;
    let facts = facts(&mut file)?;
    let mut sounds = Vec::new();
    let mut picture = String::new();
    let (mut read, mut written, mut held) = (0, 0, 0);
    for (place, track) in film.tracks.iter().enumerate() {
        let name = format!("track{}", track.number);
        let folder = to.join(&name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("index.m3u8"), rewrap::media_playlist(&film, &Beside))?;
        fs::write(folder.join("init.mp4"), rewrap::init_segment(track))?;
        for number in 0..film.segments.len() {
            let mut out = File::create(folder.join(format!("{number}.m4s")))?;
            let mut maker = SegmentMaker::new(&film, place, number).ok_or("no such segment")?;
            loop {
                while let Some(piece) = maker.pop() {
                    written += piece.len();
                    out.write_all(&piece)?;
                }
                let Some(range) = maker.wants() else { break };
                let bytes = bytes(&mut file, range.start..range.end.min(range.start + CHUNK_BYTES))?;
                read += bytes.len();
                maker.push(bytes.into());
                held = held.max(maker.held_bytes());
            }
        }
        let address = format!("{name}/index.m3u8");
        match Rendition::of(&film, place, &facts, address.clone()) {
            Some(sound) => sounds.push(sound),
            None => picture = address,
        }
    }
    fs::write(to.join("master.m3u8"), rewrap::master_playlist(&film, &picture, &sounds))?;
    for left_out in &film.left_out {
        println!("left out: track {} ({}): {:?}", left_out.number, left_out.codec_id, left_out.why);
    }
    Ok(format!(
        "{} segments, {} tracks, read {read}, written {written}, held at most {held}, cpu {:.3} s",
        film.segments.len(),
        film.tracks.len(),
        cpu_seconds()
    ))
}

fn open(file: &mut File, segment_ms: u32) -> Result<Film, Box<dyn std::error::Error>> {
    let mut opening = Opening::new(file.metadata()?.len(), segment_ms);
    loop {
        match opening.step() {
            Step::Need(range) => opening.give(range.start, &bytes(file, range)?),
            Step::Done(film) => return Ok(*film),
            Step::Cannot(why) => return Err(why.to_string().into()),
        }
    }
}

/// What sounds are called and spoken in; nothing where the file is not understood.
fn facts(file: &mut File) -> std::io::Result<Facts> {
    let mut probe = media::Probe::new(file.metadata()?.len());
    loop {
        match probe.step() {
            media::Step::Need(ranges) => {
                for range in ranges {
                    probe.give(range.start, &bytes(file, range)?);
                }
            }
            media::Step::Done(found) => return Ok(found.facts),
            media::Step::Unknown(_) => return Ok(Facts::default()),
        }
    }
}

fn bytes(file: &mut File, range: Range<u64>) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(range.start))?;
    file.take(range.end - range.start).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Of this process, in user mode: what is spent beside reading and writing. 0 where there is no `/proc`.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: f64 = fields.split(' ').nth(11).and_then(|ticks| ticks.parse().ok()).unwrap_or_default();
    ticks / 100.0
}
