//! Small films made by hand, and what is read of them.

use std::cell::RefCell;
use std::ops::Range;

use super::boxes::FourCc;
use crate::tests::look_at;
use crate::{
    Codec, Container, Doubt, Found, Hdr, Index, KeyFrame, Kind, Limits, Probe, Ratio, Step, Track, Video, Why,
};

pub(super) fn atom(kind: &FourCc, body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

/// A box with version 0 and no flags, of numbers.
fn full(kind: &FourCc, numbers: &[u32]) -> Vec<u8> {
    flagged(kind, 0, numbers)
}

fn flagged(kind: &FourCc, flags: u32, numbers: &[u32]) -> Vec<u8> {
    atom(kind, &[&flags.to_be_bytes()[..], &words(numbers)].concat())
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A film of which some bytes are given and the others are zeros.
struct Disk {
    size: u64,
    given: Vec<(u64, Vec<u8>)>,
    reads: RefCell<Vec<Range<u64>>>,
}

impl Disk {
    fn new(bytes: Vec<u8>) -> Self {
        Disk { size: bytes.len() as u64, given: vec![(0, bytes)], reads: RefCell::default() }
    }

    fn read(&self, range: Range<u64>) -> Vec<u8> {
        self.reads.borrow_mut().push(range.clone());
        let mut bytes = vec![0; (range.end - range.start) as usize];
        for (at, given) in &self.given {
            let (from, to) = (range.start.max(*at), range.end.min(at + given.len() as u64));
            if from < to {
                let there = &given[(from - at) as usize..(to - at) as usize];
                bytes[(from - range.start) as usize..(to - range.start) as usize].copy_from_slice(there);
            }
        }
        bytes
    }

    fn probe(&self) -> Result<Found, Why> {
        look_at(self.size, |range| self.read(range)).0
    }

    fn probe_within(&self, limits: Limits) -> Result<Found, Why> {
        let mut probe = Probe::with_limits(self.size, limits);
        loop {
            match probe.step() {
                Step::Need(ranges) => {
                    for range in ranges {
                        let bytes = self.read(range.clone());
                        probe.give(range.start, &bytes);
                    }
                }
                Step::Done(found) => return Ok(*found),
                Step::Unknown(why) => return Err(why),
            }
        }
    }
}

/// A track as its boxes.
#[derive(Clone, Default)]
struct Made {
    id: u32,
    handler: FourCc,
    entry: Vec<u8>,
    stbl: Vec<u8>,
    /// Boxes of `trak` beside the usual ones.
    more: Vec<u8>,
    /// Boxes of `mdia` beside the usual ones.
    media: Vec<u8>,
    name: &'static [u8],
}

const TIMESCALE: u32 = 24000;
const MATRIX: [u32; 9] = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000];
const TURNED: [u32; 9] = [0, 0x10000, 0, 0xffff_0000, 0, 0, 0, 0, 0x4000_0000];

fn header(id: u32, matrix: [u32; 9], width: u32, height: u32) -> Vec<u8> {
    let numbers = [&[0, 0, id, 0, 0, 0, 0, 0, 0][..], &matrix, &[width << 16, height << 16]].concat();
    flagged(b"tkhd", 1, &numbers)
}

impl Made {
    fn trak(&self) -> Vec<u8> {
        let stsd = atom(b"stsd", &[&words(&[0, 1])[..], &self.entry].concat());
        let stbl = atom(b"stbl", &[stsd, self.stbl.clone()].concat());
        let language = u32::from_be_bytes([0x15, 0xc7, 0, 0]); // eng
        let mdhd = full(b"mdhd", &[0, 0, TIMESCALE, 0, language]);
        let hdlr = atom(b"hdlr", &[&[0; 8], &self.handler[..], &[0; 12], self.name, b"\0"].concat());
        let mdia = [mdhd, hdlr, self.media.clone(), atom(b"minf", &stbl)].concat();
        let mut trak = self.more.clone();
        if super::boxes::find(&trak, b"tkhd").is_none() {
            trak.extend(header(self.id, MATRIX, 0, 0));
        }
        trak.extend(atom(b"mdia", &mdia));
        atom(b"trak", &trak)
    }
}

fn video_entry(format: &FourCc, width: u16, height: u16, children: &[u8]) -> Vec<u8> {
    let mut body = vec![0; 78];
    body[24..26].copy_from_slice(&width.to_be_bytes());
    body[26..28].copy_from_slice(&height.to_be_bytes());
    body.extend(children);
    atom(format, &body)
}

fn audio_entry(format: &FourCc, version: u16, channels: u16, bits: u16, rate: u32, more: &[u8]) -> Vec<u8> {
    let mut body = vec![0; 28];
    body[8..10].copy_from_slice(&version.to_be_bytes());
    body[16..18].copy_from_slice(&channels.to_be_bytes());
    body[18..20].copy_from_slice(&bits.to_be_bytes());
    body[24..28].copy_from_slice(&(rate << 16).to_be_bytes());
    body.extend(more);
    atom(format, &body)
}

fn moov(traks: &[Made], more: &[u8]) -> Vec<u8> {
    let mvhd = full(b"mvhd", &[0, 0, 1000, 60_000]);
    let traks: Vec<u8> = traks.iter().flat_map(Made::trak).collect();
    atom(b"moov", &[&mvhd, &traks[..], more].concat())
}

/// Ten pictures of 100 bytes from `at` on, the first and the sixth of which can be begun with.
fn ten_pictures(at: u32) -> Vec<u8> {
    let tables = [
        full(b"stts", &[1, 10, 1001]),
        full(b"ctts", &[1, 10, 2002]),
        full(b"stss", &[2, 1, 6]),
        full(b"stsc", &[2, 1, 4, 1, 2, 3, 1]),
        full(b"stsz", &[100, 10]),
        full(b"stco", &[3, at, at + 1000, at + 2000]),
    ];
    tables.concat()
}

fn picture(id: u32, at: u32) -> Made {
    let entry = video_entry(b"mp4v", 640, 360, &[]);
    Made { id, handler: *b"vide", entry, stbl: ten_pictures(at), ..Made::default() }
}

fn sound(id: u32, entry: Vec<u8>) -> Made {
    Made { id, handler: *b"soun", entry, ..Made::default() }
}

fn ftyp() -> Vec<u8> {
    atom(b"ftyp", b"isom\0\0\0\0")
}

fn film(traks: &[Made], more: &[u8]) -> Vec<u8> {
    [ftyp(), moov(traks, more), atom(b"mdat", &[0; 4000])].concat()
}

fn tracks(traks: &[Made]) -> Vec<Track> {
    Disk::new(film(traks, &[])).probe().expect("a film").facts.tracks
}

fn as_video(track: &Track) -> &Video {
    let Kind::Video(video) = &track.kind else { panic!("{track:?} is no picture") };
    video
}

#[test]
fn a_film_with_its_index_in_front() {
    let found = Disk::new(film(&[picture(1, 500)], &[])).probe().expect("a film");
    let facts = found.facts;
    assert_eq!((facts.container, facts.index, facts.duration_ms), (Container::Mp4, Index::Front, Some(60_000)));
    assert_eq!((facts.fragmented, &facts.doubts[..]), (false, &[][..]));
    let video = as_video(&facts.tracks[0]);
    assert_eq!((video.width, video.height, video.frame_rate), (640, 360, Ratio::new(24000, 1001)));
    assert_eq!(facts.tracks[0].language.as_deref(), Some("en"));
    // The sixth picture is the second one of the second chunk: 4 in the first, then 3 in each.
    let keys: Vec<KeyFrame> = found.key_frames.iter().collect();
    let shown = |picture: u64| (picture * 1001 + 2002) * 1_000_000_000 / 24000;
    assert_eq!(keys[0], KeyFrame { time_ns: shown(0), offset: 500 });
    assert_eq!(keys[1], KeyFrame { time_ns: shown(5), offset: 500 + 1000 + 100 });
}

#[test]
fn a_film_of_four_gigabytes_with_its_index_at_the_end_costs_three_reads() {
    let head = [ftyp(), [&words(&[1])[..], b"mdat", &words(&[1, 0])].concat()].concat();
    let at = 16 + (1 << 32);
    let index = moov(&[picture(1, 500)], &atom(b"free", &vec![0; 200_000]));
    let size = at + index.len() as u64;
    let disk = Disk { size, given: vec![(0, head), (at, index)], reads: RefCell::default() };
    let found = disk.probe().expect("a film");
    assert_eq!((found.facts.index, found.key_frames.len()), (Index::End, 2));
    let reads = disk.reads.borrow();
    let bytes: u64 = reads.iter().map(|range| range.end - range.start).sum();
    assert!(reads.len() == 3 && bytes < 600_000, "{reads:?}");
}

#[test]
fn an_index_that_is_too_long_is_read_without_its_tables() {
    let mut made = picture(1, 500);
    made.stbl = [full(b"stts", &[1, 10, 1001]), full(b"stsz", &vec![0; 100_000]), full(b"stco", &[1, 500])].concat();
    let mut other = sound(2, audio_entry(b"sowt", 0, 2, 16, 48000, &[]));
    other.more = full(b"free", &vec![0; 100_000]);
    let bytes = film(&[made, other], &[]);
    let limits = Limits { index_bytes: 100_000, ..Limits::default() };
    let padded = [ftyp(), atom(b"free", &vec![0; 300_000]), bytes[16..].to_vec(), atom(b"free", &vec![0; 99_000])];
    let found = Disk::new(padded.concat()).probe_within(limits).expect("a film");
    assert_eq!(found.facts.doubts, [Doubt::IndexGivenUp]);
    let kinds: Vec<Codec> = found.facts.tracks.iter().map(|track| track.codec).collect();
    assert_eq!(kinds, [Codec::Mpeg4, Codec::Pcm]);
    assert_eq!(found.facts.duration_ms, Some(60_000));
    assert!(found.key_frames.is_empty());
}

#[test]
fn damage_costs_what_is_damaged() {
    let whole = film(&[picture(1, 500)], &[]);
    let told = |bytes: Vec<u8>| Disk::new(bytes).probe().map(|found| (found.facts.tracks.len(), found.facts.doubts));
    let cut = whole[..whole.len() - 3900].to_vec();
    assert_eq!(told(cut), Ok((1, vec![Doubt::CutOff])));
    // A size that leads nowhere; the index is found at the end all the same.
    let lost = [&ftyp()[..], b"\0\0\x01\0mdat", &[7; 100], &moov(&[picture(1, 500)], &[])].concat();
    assert_eq!(told(lost), Ok((1, vec![Doubt::CutOff, Doubt::Damaged])));
    assert_eq!(told([ftyp(), atom(b"mdat", &[0; 100])].concat()), Err(Why::Damaged));
    assert_eq!(told([ftyp(), atom(b"moov", &atom(b"cmov", &[0; 20]))].concat()), Err(Why::NotKnown));
    assert_eq!(told(film(&[], &[])), Err(Why::Damaged));
}

#[test]
fn pictures_are_turned_stretched_and_coloured() {
    let colour = atom(b"colr", b"nclx\0\x09\0\x10\0\x09\0");
    let mut wide = picture(1, 500);
    wide.entry =
        video_entry(b"mp4v", 720, 576, &[full(b"free", &[]), colour, atom(b"pasp", &words(&[64, 45]))].concat());
    let mut phone = picture(2, 500);
    phone.more = header(2, TURNED, 640, 360);
    let mut told = picture(3, 500);
    told.more = header(3, MATRIX, 480, 360);
    told.entry = video_entry(b"apch", 640, 360, &[]);
    let tracks = tracks(&[wide, phone, told]);
    assert_eq!((tracks[2].profile.as_deref(), as_video(&tracks[2]).bit_depth), (Some("HQ"), Some(10)));
    let videos: Vec<&Video> = tracks.iter().map(as_video).collect();
    assert_eq!((videos[0].display, &videos[0].hdr[..]), (Some((1024, 576)), &[Hdr::Hdr10][..]));
    assert_eq!((videos[1].display, videos[1].rotation), (None, 90));
    assert_eq!((videos[2].display, videos[2].rotation), (Some((480, 360)), 0));
}

#[test]
fn sounds_of_iso_and_of_quicktime() {
    let esds = atom(b"esds", b"\0\0\0\0\x03\x16\0\0\0\x04\x11\x6b\x15\0\0\0\0\0\0\0\0\x01\xf4\0\x05\x02\x11\x90");
    let quicktime = |version: u16, more: &[u8]| audio_entry(b"mp4a", version, 2, 16, 44100, more);
    let wave = atom(b"wave", &[atom(b"frma", b"mp4a"), esds.clone()].concat());
    let second = [&words(&[72])[..], &48000f64.to_be_bytes(), &words(&[6, 0x7f00_0000, 24, 12, 18, 1])].concat();
    let made = [
        sound(1, audio_entry(b"mp4a", 0, 2, 16, 48000, &esds)),
        sound(2, quicktime(1, &[&[0; 16], &wave[..]].concat())),
        sound(3, audio_entry(b"lpcm", 2, 3, 16, 1, &second)),
        sound(4, audio_entry(b"in24", 1, 6, 16, 48000, &[0; 16])),
        sound(5, audio_entry(b"dtsl", 0, 2, 16, 48000, &dts_box())),
    ];
    let tracks = tracks(&made);
    let told = tracks.iter().map(|track| {
        let Kind::Audio(sound) = &track.kind else { panic!("{track:?}") };
        (track.codec, sound.channels, sound.sample_rate, sound.bit_depth)
    });
    let expected = [
        (Codec::Mp3, 2, 48000, None),
        (Codec::Mp3, 2, 44100, None),
        (Codec::Pcm, 6, 48000, Some(24)),
        (Codec::Pcm, 6, 48000, Some(24)),
        (Codec::Dts, 8, 96000, Some(24)),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert_eq!((tracks[0].bit_rate, tracks[4].profile.as_deref()), (Some(128_000), Some("DTS-HD MA")));
}

/// 96 kHz, 24 bits, and C, L R, Ls Rs, LFE, Lsr Rsr.
fn dts_box() -> Vec<u8> {
    atom(b"ddts", &[&words(&[96000, 0, 0])[..], &[24, 0, 0, 0, 0, 0, 0b0100_1111, 0]].concat())
}

#[test]
fn roles_and_languages() {
    let kind =
        |value: &str| atom(b"kind", &[&[0; 4], &b"urn:mpeg:dash:role:2011\0"[..], value.as_bytes(), b"\0"].concat());
    let tagged = atom(b"tagc", b"public.accessibility.describes-video");
    let made = |id, udta: &[u8], media: Vec<u8>| Made {
        id,
        handler: *b"sbtl",
        entry: atom(b"tx3g", &[&[0; 8][..], &words(&[0x8000_0000 * u32::from(id == 1)]), &[0; 30]].concat()),
        more: atom(b"udta", udta),
        media,
        name: b"SubtitleHandler",
        ..Made::default()
    };
    let tracks = tracks(&[
        made(1, &kind("caption"), Vec::new()),
        made(2, &[kind("forced-subtitle"), tagged].concat(), atom(b"elng", b"\0\0\0\0pt-BR\0")),
        made(3, &[kind("commentary"), atom(b"name", "Régie".as_bytes())].concat(), Vec::new()),
    ]);
    let flags = |track: &Track| [track.forced, track.hearing_impaired, track.visual_impaired, track.commentary];
    assert_eq!(flags(&tracks[0]), [true, true, false, false]);
    assert_eq!(flags(&tracks[1]), [true, false, true, false]);
    assert_eq!(flags(&tracks[2]), [false, false, false, true]);
    assert_eq!(tracks[1].language.as_deref(), Some("pt-BR"));
    assert_eq!((tracks[0].title.as_deref(), tracks[2].title.as_deref()), (None, Some("Régie")));
    assert!(tracks.iter().all(|track| track.kind == Kind::Subtitle && track.codec == Codec::MovText));
}

#[test]
fn what_is_encrypted_says_what_it_was() {
    let sinf = atom(b"sinf", &atom(b"frma", b"avc1"));
    let made = Made { entry: video_entry(b"encv", 640, 360, &sinf), ..picture(1, 500) };
    let facts = Disk::new(film(&[made], &[])).probe().expect("a film").facts;
    assert_eq!((facts.tracks[0].codec, facts.tracks[0].encrypted), (Codec::H264, true));
    assert_eq!(facts.doubts, [Doubt::Encrypted]);
}

/// Two lines and a pause between them, from byte 600 on.
fn lines(id: u32) -> Made {
    let tables = [
        full(b"stts", &[3, 1, 24000, 1, 12000, 1, 48000]),
        full(b"stsc", &[1, 1, 1, 1]),
        full(b"stsz", &[0, 3, 20, 2, 30]),
        atom(b"co64", &[&words(&[0, 3])[..], &words(&[0, 600, 0, 700, 0, 800])].concat()),
    ];
    let entry = atom(b"tx3g", &[0; 42]);
    Made { id, handler: *b"sbtl", entry, stbl: tables.concat(), ..Made::default() }
}

#[test]
fn lines_of_subtitles_have_a_place_each() {
    let mut late = lines(2);
    late.more = atom(b"edts", &full(b"elst", &[2, 500, u32::MAX, 0x10000, 60_000, 0, 0x10000]));
    let text = Disk::new(film(&[picture(1, 500), late], &[])).probe().expect("a film").text;
    let spots: Vec<_> =
        text.spots.iter().map(|spot| (spot.offset, spot.len, spot.start_ns, spot.duration_ns)).collect();
    let ms = |ms: u64| ms * 1_000_000;
    assert_eq!(spots, [(600, Some(20), ms(500), Some(ms(1000))), (800, Some(30), ms(2000), Some(ms(2000)))]);
    assert!(text.spots.iter().all(|spot| spot.track == 2) && text.incomplete.is_empty());
}

#[test]
fn chapters_of_a_track_are_read_where_they_lie() {
    let named = Made { handler: *b"text", entry: atom(b"text", &[0; 51]), ..lines(2) };
    let mut video = picture(1, 500);
    video.more = atom(b"tref", &atom(b"chap", &words(&[2])));
    let mut bytes = film(&[video, named], &[]);
    assert!(bytes.len() > 4000, "the media must reach behind the lines");
    // Byte 600 lies in the index here, so the media is moved behind it.
    let shift = bytes.len() - 4000;
    let find = |bytes: &[u8], number: u64| {
        bytes.windows(8).position(|window| window == number.to_be_bytes()).expect("a place of the table")
    };
    for (place, name) in [(600u64, "One"), (700, ""), (800, "Zwei")] {
        let at = find(&bytes, place);
        bytes[at..at + 8].copy_from_slice(&(place + shift as u64).to_be_bytes());
        let at = place as usize + shift;
        bytes[at..at + 2].copy_from_slice(&(name.len() as u16).to_be_bytes());
        bytes[at + 2..at + 2 + name.len()].copy_from_slice(name.as_bytes());
    }
    let facts = Disk::new(bytes).probe().expect("a film").facts;
    let chapters: Vec<_> =
        facts.chapters.iter().map(|chapter| (chapter.start_ms, chapter.end_ms, chapter.title.as_deref())).collect();
    let expected = [(0, Some(1000), Some("One")), (1000, Some(1500), None), (1500, Some(3500), Some("Zwei"))];
    assert_eq!(chapters, expected);
    assert_eq!(facts.tracks[1].kind, Kind::Other);
}

/// A fragment of the picture's track: ten samples of 1001 from `begins` on.
fn fragment(begins: u32) -> Vec<u8> {
    let tfhd = flagged(b"tfhd", 0x2_0000, &[1]);
    let trun = flagged(b"trun", 0x301, &[6, 200, 1001, 100, 1001, 100, 1001, 100, 1001, 100, 1001, 100, 1001, 100]);
    let more = flagged(b"trun", 0x100, &[4, 1001, 1001, 1001, 1001]);
    let traf = atom(b"traf", &[tfhd, full(b"tfdt", &[begins]), trun, more].concat());
    [atom(b"moof", &[full(b"mfhd", &[1]), traf].concat()), atom(b"mdat", &[0; 1000])].concat()
}

fn fragmented(more: &[u8], between: impl Fn(usize) -> Vec<u8>, end: impl Fn(usize) -> Vec<u8>) -> Disk {
    let empty = Made { stbl: Vec::new(), ..picture(1, 0) };
    let mvex = atom(b"mvex", &[full(b"trex", &[1, 1, 1001, 0, 0]), more.to_vec()].concat());
    let mut bytes = [ftyp(), moov(&[empty], &mvex)].concat();
    bytes.extend(between(bytes.len()));
    let first = bytes.len();
    bytes.extend(fragment(0));
    bytes.extend(fragment(10010));
    bytes.extend(end(first));
    Disk::new(bytes)
}

#[test]
fn fragments_are_found_by_any_of_their_indexes() {
    let length = fragment(0).len() as u32;
    let none = |_| Vec::new();
    let sidx = |_| {
        let key = 0x9000_0000;
        full(b"sidx", &[1, TIMESCALE, 0, 0, 2, length, 10010, key, length, 10010, key])
    };
    let mfra = |first: usize| {
        let (first, second) = (first as u32, first as u32 + length);
        let mut body = words(&[0, 1, 0, 2]);
        for (time, at) in [(0, first), (10010, second)] {
            body.extend(words(&[time, at]));
            body.extend([1, 1, 1]);
        }
        let tfra = atom(b"tfra", &body);
        atom(b"mfra", &[&tfra[..], &full(b"mfro", &[tfra.len() as u32 + 24])].concat())
    };
    let mehd = full(b"mehd", &[7000]);
    let told = |disk: Disk| {
        let found = disk.probe().expect("a film");
        assert!(found.facts.fragmented);
        assert_eq!(as_video(&found.facts.tracks[0]).frame_rate, Ratio::new(24000, 1001));
        let keys: Vec<u64> = found.key_frames.iter().map(|frame| frame.time_ns / 1_000_000).collect();
        (found.facts.duration_ms, found.facts.index, keys, found.facts.doubts)
    };
    let reckoned = vec![Doubt::DurationReckoned];
    assert_eq!(told(fragmented(&[], sidx, none)), (Some(834), Index::Front, vec![0, 417], vec![]));
    assert_eq!(told(fragmented(&[], none, mfra)), (Some(834), Index::End, vec![0, 417], reckoned.clone()));
    assert_eq!(told(fragmented(&[], none, none)), (Some(834), Index::Missing, vec![], reckoned));
    assert_eq!(told(fragmented(&mehd, none, none)), (Some(7000), Index::Missing, vec![], vec![]));
}

#[test]
fn tables_that_promise_more_than_they_hold_cost_what_they_hold() {
    let mut made = picture(1, 500);
    made.stbl = [
        full(b"stts", &[u32::MAX, u32::MAX, 1]),
        full(b"stss", &[u32::MAX, 1, 2, 3]),
        full(b"stsc", &[u32::MAX, 1, u32::MAX, 1]),
        full(b"stsz", &[0, u32::MAX, 5, 5, 5, 5]),
        full(b"stco", &[u32::MAX, 500]),
    ]
    .concat();
    let mut endless = picture(2, 500);
    endless.stbl = [
        full(b"stts", &[1, u32::MAX, 1]),
        full(b"stss", &[0]),
        full(b"stsc", &[1, 1, u32::MAX, 1]),
        full(b"stsz", &[1, u32::MAX]),
        full(b"stco", &[1, 500]),
    ]
    .concat();
    let found = Disk::new(film(&[made], &[])).probe().expect("a film");
    assert_eq!(found.key_frames.len(), 3);
    let found = Disk::new(film(&[endless], &[])).probe().expect("a film");
    assert_eq!((found.key_frames.len(), found.facts.doubts), (0, vec![Doubt::CutOff]));
}

#[test]
fn small_sizes_are_unpacked() {
    let sizes = |bits: u32, bytes: &[u8]| {
        let stz2 = atom(b"stz2", &[&words(&[0, bits, 4])[..], bytes].concat());
        let tables = [stz2, full(b"stts", &[1, 4, 1]), full(b"stsc", &[1, 1, 4, 1]), full(b"stco", &[1, 0])].concat();
        super::tables::Tables::read(&tables).samples().map(|sample| sample.at).collect::<Vec<_>>()
    };
    assert_eq!(sizes(4, &[0x12, 0x34]), [0, 1, 3, 6]);
    assert_eq!(sizes(8, &[1, 2, 3, 4]), [0, 1, 3, 6]);
    assert_eq!(sizes(16, &[0, 1, 0, 2, 0, 3, 0, 4]), [0, 1, 3, 6]);
    assert_eq!(sizes(5, &[1, 2, 3, 4]), Vec::<u64>::new());
}

/// One of each: what properties cut and flip.
fn rich() -> Vec<u8> {
    let mut video = picture(1, 500);
    video.more = [atom(b"tref", &atom(b"chap", &words(&[3]))), atom(b"edts", &full(b"elst", &[1, 10, 5, 0]))].concat();
    let esds = atom(b"esds", b"\0\0\0\0\x03\x16\0\0\0\x04\x11\x40\x15\0\0\0\0\0\0\0\0\x01\xf4\0\x05\x02\x11\x90");
    let names = Made { handler: *b"text", entry: atom(b"text", &[0; 51]), ..lines(3) };
    let made = [video, sound(2, audio_entry(b"mp4a", 0, 2, 16, 48000, &esds)), names, lines(4)];
    film(&made, &atom(b"udta", &atom(b"chpl", b"\0\0\0\0\x01\0\0\0\0\0\0\0\0\x03One")))
}

proptest::proptest! {
    #[test]
    fn any_cut_and_any_flip_end(cut in 0usize..6000, flips in proptest::collection::vec((0usize..6000, 0u8..), 0..8)) {
        for mut bytes in [rich(), fragmented(&[], |_| Vec::new(), |_| Vec::new()).given.remove(0).1] {
            for (at, value) in &flips {
                let len = bytes.len();
                bytes[at % len] = *value;
            }
            bytes.truncate(bytes.len().min(cut.max(1)));
            let disk = Disk::new(bytes);
            let _ = disk.probe();
        }
    }
}
