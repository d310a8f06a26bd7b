//! The byte engine in figures, and what they must be: bytes from a simulated Telegram in a process of its own, through the
//! program in another, to readers here.
//!
//! ```text
//! cargo bench --bench bytes                      every case, about ten minutes
//! cargo bench --bench bytes -- stream seek       these only
//! cargo bench --bench bytes -- soak 10 50 [SEED] minutes, readers: see scripts/soak
//!
//! CINEPOST=path  another build of the program      PIN=0    do not give each side processors of its own
//! GAP_S=30       between viewers of one film (3)   PERF=1   the case cpu also says where the time goes
//! ```
//!
//! Prints one Markdown table. Cases that the simulated line limits and cases that the processor limits are told apart in it.

mod cluster;
mod crowd;
mod limits;
mod programs;
mod reader;
mod soak;
mod speed;
mod table;
mod trouble;

use std::cell::Cell;
use std::time::Instant;

use anyhow::{Context, Result, bail};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const GIB: u64 = 1024 * MIB;
const MB: f64 = 1e6;

/// In this order, the shorter ones first.
const CASES: [&str; 13] = [
    "line", "stream", "seek", "programs", "again", "cpu", "gone", "flood", "faults", "viewers", "memory", "players",
    "limits",
];

/// Prints rows as they are found.
struct Report {
    rows: Cell<usize>,
}

impl Report {
    fn row(&self, row: table::Row) {
        if self.rows.get() == 0 {
            table::print_head();
        }
        self.rows.set(self.rows.get() + 1);
        table::print(&row);
    }
}

/// SplitMix64: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }
}

fn main() -> Result<()> {
    // Before there are threads, so that all of them are where they belong.
    let is_pinned = cluster::pin_ourselves();
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(&wanted, is_pinned))
}

async fn run(wanted: &[String], is_pinned: bool) -> Result<()> {
    if wanted.first().is_some_and(|word| word == "soak") {
        let number = |n: usize, otherwise: f64| wanted.get(n).map_or(Ok(otherwise), |text| text.parse::<f64>());
        return soak::soak(number(1, 10.0)?, number(2, 50.0)? as usize, number(3, 1.0)? as u64).await;
    }
    if let Some(unknown) = wanted.iter().find(|word| !CASES.contains(&word.as_str())) {
        bail!("there is no case {unknown:?}, only {}", CASES.join(", "));
    }
    let report = Report { rows: Cell::new(0) };
    let (begun, load) = (Instant::now(), load());
    for case in CASES.into_iter().filter(|case| wanted.is_empty() || wanted.iter().any(|word| word == case)) {
        let case_begun = Instant::now();
        let result = match case {
            "line" => speed::line(&report).await,
            "stream" => speed::stream(&report).await,
            "seek" => speed::seek(&report).await,
            "programs" => programs::programs(&report).await,
            "again" => speed::again(&report).await,
            "cpu" => speed::cpu(&report).await,
            "gone" => trouble::gone(&report).await,
            "flood" => trouble::flood(&report).await,
            "faults" => trouble::faults(&report).await,
            "viewers" => crowd::viewers(&report).await,
            "memory" => crowd::memory(&report).await,
            "limits" => limits::limits(&report).await,
            _ => crowd::players(&report).await,
        };
        result.with_context(|| format!("the case {case}"))?;
        eprintln!("({case}: {:.0} s)", case_begun.elapsed().as_secs_f64());
    }
    let profile =
        cluster::program().parent().and_then(|p| p.file_name()).unwrap_or_default().to_string_lossy().into_owned();
    let sides = if is_pinned { "each side on processors of its own" } else { "all on the same processors" };
    println!(
        "\nProfile {profile}, {sides}, {:.0} s in all. Load of the machine before: {load}.",
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

/// What else the machine did in the last minute, in processors.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}
