//! What films hold, a line of JSON for each, and what it took to find out:
//!
//!     cargo run --release -p media --example facts -- film.mkv other.mp4
//!
//! `--lines` adds the lines of all subtitle tracks that the index names (begin, duration in ms, bytes in hex), and `--key-frames` where playing can begin. `scripts/check-media` compares all this with ffprobe.

use std::{
    collections::BTreeMap,
    env,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

use media::{Found, Limits, Probe, Step, TextBudget, TextRead};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let (flags, paths): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|given| given == flag);
    for path in paths {
        let mut file = Counted { file: File::open(&path)?, reads: 0, bytes: 0 };
        let size = file.file.metadata()?.len();
        let mut probe = Probe::with_limits(size, Limits::default());
        let (found, why) = loop {
            match probe.step() {
                Step::Need(ranges) => {
                    for range in ranges {
                        let bytes = file.read(&range)?;
                        probe.give(range.start, &bytes);
                    }
                }
                Step::Done(found) => break (Some(found), None),
                Step::Unknown(why) => break (None, Some(format!("{why:?}"))),
            }
        };
        let mut line = json!({ "path": path, "reads": file.reads, "bytes": file.bytes, "unknown": why });
        if let Some(found) = found {
            line["hash"] = json!(found.hash.map(|hash| format!("{hash:016x}")));
            line["key_frames"] = json!(found.key_frames.len());
            line["incomplete"] = json!(found.text.incomplete);
            if has("--key-frames") {
                line["key_frames"] =
                    found.key_frames.iter().map(|frame| json!([frame.time_ns, frame.offset])).collect();
            }
            if has("--lines") {
                line["lines"] = lines(&mut file, &found, size)?;
            }
            line["facts"] = serde_json::to_value(&found.facts)?;
        }
        println!("{line}");
    }
    Ok(())
}

/// All lines by track, and what they cost.
fn lines(file: &mut Counted, found: &Found, size: u64) -> io::Result<Value> {
    let tracks: Vec<u64> = found.facts.subtitles().map(|track| track.number).collect();
    let plan = found.text.plan(&tracks, size, TextBudget::default());
    let mut by_track: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
    let mut wrong = 0;
    let mut reads: Vec<TextRead> = plan.reads.into_iter().rev().collect();
    while let Some(read) = reads.pop() {
        let lines = found.text.lines(&read, &file.read(&read.range)?, size);
        wrong += lines.wrong.len();
        reads.extend(lines.more);
        for line in lines.lines {
            let hex: String = line.payload.iter().map(|byte| format!("{byte:02x}")).collect();
            by_track.entry(line.track).or_default().push(json!([
                line.start_ns / 1_000_000,
                line.duration_ns.map(|ns| ns / 1_000_000),
                hex
            ]));
        }
    }
    Ok(json!({ "tracks": by_track, "wrong": wrong, "calls": plan.cost.calls, "bytes": plan.cost.bytes }))
}

struct Counted {
    file: File,
    reads: u32,
    bytes: u64,
}

impl Counted {
    fn read(&mut self, range: &Range<u64>) -> io::Result<Vec<u8>> {
        self.reads += 1;
        self.bytes += range.end - range.start;
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(range.start))?;
        (&mut self.file).take(range.end - range.start).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
