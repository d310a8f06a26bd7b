//! What reading a name costs: names per second on one thread, and allocations for each.
//!
//! ```text
//! cargo bench -p release-name [-- FILE]      (a file of names, one a line; else the names below)
//! ```

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use release_name::{Input, explain, parse};

/// Counts what the system's allocator is asked for.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

#[expect(unsafe_code, reason = "an allocator is unsafe by its contract; each call goes to the system's unchanged")]
// SAFETY: the layout and the pointer are handed on as they came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size() as u64, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One of each kind that channels post.
const NAMES: [&str; 24] = [
    "Harvest.Moon.1969.2160p.UHD.BluRay.REMUX.HDR.HEVC.DTS-HD.MA.5.1-LANTERN.mkv",
    "Harvest Moon (1969) 1080p 10bit BluRay x265 HEVC [Hindi DD 5.1 + English DD 5.1] ESub.mkv",
    "@FilmHub_xyz - Harvest Moon 1969 Hindi 480p.mkv",
    "https___t.me_Film_World_Harvest (1969) 720p.mkv",
    "www.filmhub.party - Harvest Moon (1969) [Tamil + Telugu - 1080p HQ HDRip - x264 - AAC - 2.4GB - ESub].mkv",
    "Salt.Road.2019.S01E02.The.Well.1080p.AMZN.WEB-DL.DDP5.1.H.264-LANTERN.mkv",
    "Salt Road S01 E01-E13 Complete 720p.mkv",
    "Salt Road - 1x02 - The Well.avi",
    "Salt Road Season 3 Episode 4 720p.mkv",
    "Late.Desk.2018.06.22.Guest.Name.720p.WEB.mkv",
    "[Lantern] Kumo no Machi - 34 (1080p) [8A2B3C4D].mkv",
    "[灯笼字幕组][云之城][Kumo no Machi][24 END][GB][720P]",
    "【灯笼】★10月新番★[云之城/Kumo no Machi][12][720p][繁体]",
    "盐路.Salt.Road.S01E01.2160p.WEB-DL.mkv",
    "Соль и дым / Salt / Сезон: 5 / Серии: 1-20 из 20 [2017, WEB-DL 1080p]",
    "مسلسل القنديل الموسم 3 الحلقة 15 720p.mp4",
    "दंगा (2016) हिंदी 720p BluRay.mkv",
    "Tuz Yolu 3. Sezon 12. Bölüm.mp4",
    "Movies/Harvest.Moon.1969.DVDRip.XviD-LANTERN/ltn-hmoon.avi",
    "Salt Road/Season 02/E01-The Well.mkv",
    "Harvest.Moon.1969.1080p.BluRay.x264-LANTERN.pt-BR.forced.srt",
    "Space 1999 S01E07 1080p BluRay.mkv",
    "VID_20231125_WA0003.mp4",
    "harvest moon.avi",
];

const CAPTION: &str = "🎬 Harvest Moon (1969)\n🔊 Audio : Hindi + English\n💿 Quality: 1080p WEB-DL\n👉 Join @films";

fn main() -> anyhow::Result<()> {
    let file = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let text = file.map(std::fs::read_to_string).transpose()?;
    let names: Vec<&str> = match &text {
        Some(text) => text.lines().filter(|line| !line.is_empty()).collect(),
        None => NAMES.to_vec(),
    };
    // The words are read at the first name and the first caption that need them.
    names.iter().for_each(|name| {
        black_box(parse(&Input { name, caption: CAPTION, folder: "" }));
    });
    println!("\n{} names, one thread\n", names.len());
    measure("name", &names, |name| {
        black_box(parse(&Input { name, ..Input::default() }));
    });
    measure("name and caption", &names, |name| {
        black_box(parse(&Input { name, caption: CAPTION, folder: "" }));
    });
    measure("name, explained", &names, |name| {
        black_box(explain(&Input { name, ..Input::default() }));
    });
    Ok(())
}

/// Reads all names again and again for two seconds; the best of the rounds counts, since others only lose to other programs.
fn measure(what: &str, names: &[&str], read: impl Fn(&str)) {
    let (allocations, bytes) = (ALLOCATIONS.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
    names.iter().for_each(|name| read(name));
    let count = names.len() as f64;
    let allocations = (ALLOCATIONS.load(Ordering::Relaxed) - allocations) as f64 / count;
    let bytes = (BYTES.load(Ordering::Relaxed) - bytes) as f64 / count;
    let rounds = (2000 / names.len()).max(1);
    let begun = Instant::now();
    let mut best = f64::MAX;
    while begun.elapsed().as_secs_f64() < 2.0 {
        let round = Instant::now();
        for _ in 0..rounds {
            names.iter().for_each(|name| read(name));
        }
        best = best.min(round.elapsed().as_secs_f64());
    }
    let per_second = count * rounds as f64 / best;
    println!("{what:<18} {per_second:>9.0} a second   {allocations:>5.1} allocations   {bytes:>6.0} bytes each");
}
