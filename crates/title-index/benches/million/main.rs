//! A million titles: what building costs in time and memory, how large the file is, how long look-ups take and what they find.
//!
//!     cargo bench -p title-index
//!     TITLES=300000 FILMS=films.csv.gz cargo bench -p title-index

mod lists;
mod slips;

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;
use std::time::{Duration, Instant};

use lists::{Chance, Lists, Title};
use slips::Slip;
use title_index::{Builder, Edits, Id, Summary, TitleIndex, Wanted};

const LOOK_UPS: u32 = 20_000;

fn main() {
    // cargo test runs benches too, with nothing of its own to see here.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let titles = std::env::var("TITLES").map_or(1_000_000, |n| n.parse().expect("TITLES is a number"));
    let lists = Lists::new(titles, std::env::var_os("FILMS").as_deref().map(Path::new));
    let folder = std::env::temp_dir().join(format!("title-index-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("index");

    let before = memory("VmRSS");
    let began = Instant::now();
    let summary = build(&lists, &path, &folder);
    println!("{titles} titles, {} keys", summary.keys);
    println!("build (the lists are made meanwhile)   {:.1} s", began.elapsed().as_secs_f64());
    println!("most memory, over {before:.0} MiB before       {:.0} MiB", memory("VmHWM") - before);
    println!("file                                   {:.1} MiB", summary.bytes as f64 / f64::from(1 << 20));
    let began = Instant::now();
    let index = TitleIndex::open(&path).expect("whole");
    println!("open, every byte checked               {:.0} ms", began.elapsed().as_secs_f64() * 1000.0);

    println!("\n{:<28} {:>9} {:>9} {:>9} {:>8}", "look-up, with its year", "median", "99 %", "longest", "found");
    measure("as it is", &index, &lists, Edits::None, |title, _| title.name.clone());
    measure("an alias as it is", &index, &lists, Edits::None, |title, chance| title.alias(chance));
    for slip in Slip::ALL {
        measure(slip.words(), &index, &lists, Edits::One, |title, chance| slip.make(&title.name, chance));
    }
    measure("nobody's name, one edit", &index, &lists, Edits::One, |_, chance| lists::name(chance) + " qwrtz");
    println!("\nmemory with the file in use            {:.0} MiB", memory("VmRSS"));
    let _ = fs::remove_dir_all(folder);
}

fn build(lists: &Lists, path: &Path, scratch: &Path) -> Summary {
    let mut file = File::create(path).expect("created");
    let mut builder = Builder::new(&mut file, scratch).expect("begun");
    builder.ratings(BufReader::new(lists.ratings())).expect("read");
    builder.basics(BufReader::new(lists.basics())).expect("read");
    builder.akas(BufReader::new(lists.akas())).expect("read");
    builder.finish(b"").expect("finished")
}

/// Asks for names made of random titles; found is who is among the answers. Each is asked three times and its shortest time counts:
/// others have their turns on the processors too, and a turn is longer than a look-up.
fn measure(
    what: &str,
    index: &TitleIndex,
    lists: &Lists,
    edits: Edits,
    question: impl Fn(&Title, &mut Chance) -> String,
) {
    let mut chance = Chance::new(7);
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..LOOK_UPS {
        let title = lists.title(chance.below(lists.len()));
        let name = question(&title, &mut chance);
        let wanted = Wanted { names: &[&name], year: Some(title.year), kind: None, edits };
        let mut shortest = Duration::MAX;
        let mut answer = Vec::new();
        for _ in 0..3 {
            let began = Instant::now();
            answer = index.look_up(&wanted);
            shortest = shortest.min(began.elapsed());
        }
        times.push(shortest);
        found += u32::from(answer.iter().any(|one| one.id == Id::Imdb(title.id)));
    }
    times.sort_unstable();
    let shown = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1000.0);
    let (median, late) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    let percent = f64::from(found) * 100.0 / f64::from(LOOK_UPS);
    println!(
        "{what:<28} {:>9} {:>9} {:>9} {percent:>7.2}%",
        shown(median),
        shown(late),
        shown(*times.last().expect("some"))
    );
}

/// A line of /proc/self/status, in MiB; 0 where there is none.
fn memory(line: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib =
        status.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':')?.trim().strip_suffix(" kB")?.parse().ok());
    kib.unwrap_or(0.0) / 1024.0
}
