//! Zip archives are written here by the rules of APPNOTE.TXT, RAR archives by those of RARLAB's technotes: there is no free
//! program that makes RAR archives, so these headers were put together by hand.

use proptest::prelude::*;

use super::*;

/// What is asked for while an archive is read, at most: nothing may go round in circles.
const MANY: usize = 2_000;

/// Reads an archive as a flow does, in pieces of so many bytes. Answers how many were fetched, too.
fn read_in(format: ArchiveFormat, split: ArchiveSplit, volumes: &[Vec<u8>], piece: u64) -> (Step, usize) {
    let sizes: Vec<u64> = volumes.iter().map(|volume| volume.len() as u64).collect();
    let whole = volumes.concat();
    let mut index = Index::new(format, split, &sizes);
    for asked in 0..MANY {
        match index.step() {
            Step::Need(run) => {
                let end = run.start + run.len;
                assert!(run.len > 0 && end <= whole.len() as u64, "{run:?} of {}", whole.len());
                let from = run.start / piece * piece;
                let to = end.next_multiple_of(piece).min(whole.len() as u64);
                index.supply(from, &whole[from as usize..to as usize]);
            }
            step => return (step, asked),
        }
    }
    panic!("it never ends");
}

fn read(format: ArchiveFormat, split: ArchiveSplit, volumes: &[Vec<u8>]) -> Step {
    let (step, _) = read_in(format, split, volumes, 1);
    assert_eq!(read_in(format, split, volumes, 4096).0, step, "the pieces in which it is read make no difference");
    step
}

/// Names, packing and the very bytes of the members.
fn contents(volumes: &[Vec<u8>], step: Step) -> Vec<(String, Packing, Vec<u8>)> {
    let Step::Members(members) = step else { panic!("{step:?}") };
    let sizes: Vec<u64> = volumes.iter().map(|volume| volume.len() as u64).collect();
    let index = Index::new(ArchiveFormat::Zip, ArchiveSplit::Bytes, &sizes);
    let bytes = |member: &Member| {
        let extents = index.extents(&member.runs).expect("inside");
        let piece = |e: Extent| volumes[e.volume][e.start as usize..(e.start + e.len) as usize].to_vec();
        extents.into_iter().flat_map(piece).collect()
    };
    members.iter().map(|member| (member.name.clone(), member.packing, bytes(member))).collect()
}

fn stored(name: &str, content: &[u8]) -> (String, Packing, Vec<u8>) {
    (name.to_owned(), Packing::Stored, content.to_vec())
}

fn cut(whole: &[u8], at: usize) -> Vec<Vec<u8>> {
    whole.chunks(at).map(<[u8]>::to_vec).collect()
}

fn film(len: usize) -> Vec<u8> {
    (0..251u8).cycle().take(len).collect()
}

#[derive(Clone, Copy, Default)]
struct Zip {
    flags: u16,
    method: u16,
    /// Sizes and offsets in their 64-bit form.
    wide: bool,
    /// Bytes put before the archive.
    before: usize,
    /// Cut by the archiver after so many bytes.
    volume: Option<usize>,
}

impl Zip {
    #[expect(clippy::too_many_lines, reason = "a zip in the order of its bytes")]
    fn write(self, files: &[(&str, &[u8])], comment: &[u8]) -> Vec<Vec<u8>> {
        let mut out = vec![0xaa; self.before];
        let size = self.volume.unwrap_or(usize::MAX);
        let place = |at: usize| ((at / size) as u16, (at % size) as u32);
        let mut index = Vec::new();
        for (name, content) in files {
            let at = place(out.len() - self.before);
            let len = content.len() as u32;
            out.extend(LOCAL.to_le_bytes());
            out.extend([20, 0]);
            for n in [self.flags, self.method, 0, 0] {
                out.extend(n.to_le_bytes());
            }
            for n in [0, len, len] {
                out.extend(n.to_le_bytes());
            }
            // An extra field that the index does not have.
            out.extend((name.len() as u16).to_le_bytes());
            out.extend(9u16.to_le_bytes());
            out.extend(name.as_bytes());
            out.extend([0x55, 0x54, 5, 0, 1, 1, 2, 3, 4]);
            out.extend(*content);

            let mut extra = Vec::new();
            if self.wide {
                extra.extend([1, 0, 28, 0]);
                extra.extend(u64::from(len).to_le_bytes());
                extra.extend(u64::from(len).to_le_bytes());
                extra.extend(u64::from(at.1).to_le_bytes());
                extra.extend(u32::from(at.0).to_le_bytes());
            }
            let short = |n: u32| if self.wide { u32::MAX } else { n };
            index.extend(CENTRAL.to_le_bytes());
            index.extend([20, 3, 20, 0]);
            for n in [self.flags, self.method, 0, 0] {
                index.extend(n.to_le_bytes());
            }
            for n in [0, short(len), short(len)] {
                index.extend(n.to_le_bytes());
            }
            for n in [name.len() as u16, extra.len() as u16, 0, if self.wide { u16::MAX } else { at.0 }] {
                index.extend(n.to_le_bytes());
            }
            index.extend([0; 6]);
            index.extend(short(at.1).to_le_bytes());
            index.extend(name.as_bytes());
            index.extend(extra);
        }
        let (volume, offset) = place(out.len() - self.before);
        let count = files.len() as u16;
        out.extend(&index);
        let (this, _) = place(out.len());
        if self.wide {
            let (end_volume, end) = place(out.len() - self.before);
            out.extend(0x0606_4b50u32.to_le_bytes());
            out.extend(44u64.to_le_bytes());
            out.extend([45, 0, 45, 0]);
            out.extend(u32::from(this).to_le_bytes());
            out.extend(u32::from(volume).to_le_bytes());
            for n in [u64::from(count), u64::from(count), index.len() as u64, u64::from(offset)] {
                out.extend(n.to_le_bytes());
            }
            out.extend(0x0706_4b50u32.to_le_bytes());
            out.extend(u32::from(end_volume).to_le_bytes());
            out.extend(u64::from(end).to_le_bytes());
            out.extend((u32::from(this) + 1).to_le_bytes());
        }
        out.extend(END.to_le_bytes());
        let short = |n: u16| if self.wide { u16::MAX } else { n };
        for n in [short(this), short(volume), short(count), short(count)] {
            out.extend(n.to_le_bytes());
        }
        for n in [index.len() as u32, offset] {
            out.extend(if self.wide { u32::MAX } else { n }.to_le_bytes());
        }
        out.extend((comment.len() as u16).to_le_bytes());
        out.extend(comment);
        match self.volume {
            Some(size) => {
                assert_eq!(out.len() / size, usize::from(this), "the end must not be cut: choose another size");
                cut(&out, size)
            }
            None => vec![out],
        }
    }
}

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;

#[test]
fn stored_members_of_a_zip_are_found_however_it_was_written() {
    let (one, two) = (film(5_000), film(700));
    let files: [(&str, &[u8]); 4] =
        [("Show/", b""), ("Show/S01E01.mkv", &one), ("Show\\S01E02.mkv", &two), ("../empty.txt", b"")];
    let wanted = [stored("Show/S01E01.mkv", &one), stored("Show/S01E02.mkv", &two)];
    for wide in [false, true] {
        for before in [0, 3_000] {
            for comment in [&b""[..], b"a comment with PK\x05\x06 in it, and quite some bytes after it"] {
                let whole = Zip { wide, before, ..Zip::default() }.write(&files, comment);
                let step = read(ArchiveFormat::Zip, ArchiveSplit::Bytes, &whole);
                assert_eq!(contents(&whole, step), wanted, "{wide} {before}");
                // Cut anywhere it is the same archive.
                let volumes = cut(&whole[0], 1_999);
                let step = read(ArchiveFormat::Zip, ArchiveSplit::Bytes, &volumes);
                assert_eq!(contents(&volumes, step), wanted, "{wide} {before}, cut");
            }
        }
        let volumes = Zip { wide, volume: Some(1_300), ..Zip::default() }.write(&files, b"");
        assert_eq!(volumes.len(), 5);
        let step = read(ArchiveFormat::Zip, ArchiveSplit::Archiver, &volumes);
        assert_eq!(contents(&volumes, step), wanted, "{wide}, split");
    }
}

#[test]
fn a_few_fetches_are_enough() {
    let one = film(300_000);
    let whole = Zip::default().write(&[("a.mkv", &one), ("b.mkv", &one), ("c.mkv", &one)], b"");
    let (_, asked) = read_in(ArchiveFormat::Zip, ArchiveSplit::Bytes, &whole, 4096);
    assert!(asked <= 4, "{asked}");
    let (_, asked) =
        read_in(ArchiveFormat::Rar, ArchiveSplit::Archiver, &rar5(&[("a.mkv", &one)], 100_000, Rar::default()), 4096);
    assert!(asked <= 8, "{asked}");
}

#[test]
fn what_is_compressed_or_encrypted_in_a_zip_is_told() {
    for (flags, method, wanted) in [
        (0, 8, Packing::Compressed),
        (0, 12, Packing::Compressed),
        (1, 0, Packing::Encrypted),
        (1, 8, Packing::Encrypted),
        (0, 99, Packing::Encrypted),
    ] {
        let whole = Zip { flags, method, ..Zip::default() }.write(&[("film.mkv", b"12345")], b"");
        let member = Member { name: "film.mkv".to_owned(), packing: wanted, runs: Vec::new(), size: 5 };
        assert_eq!(
            read(ArchiveFormat::Zip, ArchiveSplit::Bytes, &whole),
            Step::Members(vec![member]),
            "{flags} {method}"
        );
    }
}

#[test]
fn subtitles_that_are_deflated_in_a_zip_can_be_unpacked_up_to_so_many() {
    let zip = |files: &[(&str, &[u8])]| Zip { method: 8, ..Zip::default() }.write(files, b"");
    let whole = zip(&[("Season 1/English.srt", b"packed"), ("film.mkv", b"12345"), ("readme.txt", b"1")]);
    let found = contents(&whole, read(ArchiveFormat::Zip, ArchiveSplit::Bytes, &whole));
    let wanted = [
        ("Season 1/English.srt".to_owned(), Packing::Deflated, b"packed".to_vec()),
        ("film.mkv".to_owned(), Packing::Compressed, Vec::new()),
        ("readme.txt".to_owned(), Packing::Compressed, Vec::new()),
    ];
    assert_eq!(found, wanted);

    let names: Vec<String> = (0..MAX_SUBTITLES + 5).map(|n| format!("{n}.srt")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let whole = zip(&many);
    // Each header is looked at once: more steps than any other archive takes, and no more.
    let mut index = Index::new(ArchiveFormat::Zip, ArchiveSplit::Bytes, &[whole[0].len() as u64]);
    index.supply(0, &whole[0]);
    let Step::Members(members) = index.step() else { panic!("all is here") };
    let unpacked = members.iter().filter(|member| member.packing == Packing::Deflated).count();
    assert_eq!((members.len(), unpacked), (MAX_SUBTITLES + 5, MAX_SUBTITLES));

    let whole = Zip::default().write(&many, b"");
    let mut index = Index::new(ArchiveFormat::Zip, ArchiveSplit::Bytes, &[whole[0].len() as u64]);
    index.supply(0, &whole[0]);
    let Step::Members(members) = index.step() else { panic!("all is here") };
    let taken = members.iter().filter(|member| member.packing == Packing::Stored).count();
    assert_eq!((members.len(), taken), (MAX_SUBTITLES + 5, MAX_SUBTITLES));
}

#[test]
fn subtitles_that_are_not_where_the_index_says_take_nothing_from_the_others() {
    let mut whole = Zip { method: 8, ..Zip::default() }.write(&[("de.srt", b"packed"), ("en.srt", b"packed too")], b"");
    whole[0][0] ^= 0xff;
    let found = contents(&whole, read(ArchiveFormat::Zip, ArchiveSplit::Bytes, &whole));
    assert_eq!(found, [("en.srt".to_owned(), Packing::Deflated, b"packed too".to_vec())]);
    // A film is what the archive is here for.
    let mut whole = Zip::default().write(&[("film.mkv", b"12345")], b"");
    whole[0][0] ^= 0xff;
    assert!(matches!(read(ArchiveFormat::Zip, ArchiveSplit::Bytes, &whole), Step::Failed(Problem::Damaged(_))));
}

#[test]
fn volumes_of_a_zip_that_are_not_here_are_missed() {
    let one = film(5_000);
    let volumes = Zip { volume: Some(1_300), ..Zip::default() }.write(&[("film.mkv", &one)], b"");
    let last = volumes.len() - 1;
    let missing = |volumes: &[Vec<u8>]| read(ArchiveFormat::Zip, ArchiveSplit::Archiver, volumes);
    assert_eq!(missing(&volumes[last..]), Step::Failed(Problem::Missing { volume: Some(1) }));
    let without_fourth = [&volumes[..3], &volumes[last..]].concat();
    assert_eq!(volumes.len(), 4);
    assert!(matches!(missing(&without_fourth), Step::Members(_)), "none is missing");
    let two = [&volumes[..2], &volumes[last..]].concat();
    assert_eq!(missing(&two), Step::Failed(Problem::Missing { volume: Some(3) }));
    assert!(matches!(missing(&volumes[..last]), Step::Failed(Problem::Damaged(_))));
}

#[derive(Clone, Copy, Default)]
struct Rar {
    compressed: bool,
    encrypted: bool,
    locked: bool,
}

fn vint(mut n: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let low = (n & 0x7f) as u8;
        n >>= 7;
        out.push(if n > 0 { low | 0x80 } else { low });
        if n == 0 {
            return out;
        }
    }
}

fn rar5_block(fields: &[u8]) -> Vec<u8> {
    let sized = [vint(fields.len() as u64), fields.to_vec()].concat();
    [bytes::crc32(&sized).to_le_bytes().to_vec(), sized].concat()
}

/// Volumes with at most `room` bytes of data each.
fn rar5(files: &[(&str, &[u8])], room: usize, rar: Rar) -> Vec<Vec<u8>> {
    let begin = |number: usize| {
        let mut out = b"Rar!\x1a\x07\x01\x00".to_vec();
        if rar.locked {
            out.extend(rar5_block(&[vec![4, 0, 0, 0, 15], vec![7; 16]].concat()));
        }
        let fields = if number == 0 { vec![1, 0, 1] } else { [vec![1, 0, 3], vint(number as u64)].concat() };
        out.extend(rar5_block(&fields));
        out
    };
    let mut volumes = vec![begin(0)];
    let mut left = room;
    for (name, content) in files {
        let (mut at, mut before) = (0, false);
        loop {
            let now = left.min(content.len() - at);
            let goes_on = at + now < content.len();
            let extra = if rar.encrypted { vec![3, 1, 0, 0] } else { Vec::new() };
            let mut flags = 2 | if before { 8 } else { 0 } | if goes_on { 16 } else { 0 };
            flags |= u64::from(rar.encrypted);
            let mut fields = [vint(2), vint(flags)].concat();
            if rar.encrypted {
                fields.extend(vint(extra.len() as u64));
            }
            fields.extend(vint(now as u64));
            fields.extend(vint(4));
            fields.extend(vint(content.len() as u64));
            fields.extend(vint(0o644));
            fields.extend([1, 2, 3, 4]);
            fields.extend(vint(if rar.compressed { 3 << 7 } else { 0 }));
            fields.extend(vint(1));
            fields.extend(vint(name.len() as u64));
            fields.extend(name.as_bytes());
            fields.extend(extra);
            let volume = volumes.last_mut().expect("one at least");
            volume.extend(rar5_block(&fields));
            volume.extend(&content[at..at + now]);
            (at, before) = (at + now, true);
            left -= now;
            if !goes_on {
                break;
            }
            volume.extend(rar5_block(&[5, 0, 1]));
            volumes.push(begin(volumes.len()));
            left = room;
        }
    }
    volumes.last_mut().expect("one at least").extend(rar5_block(&[5, 0, 0]));
    volumes
}

fn rar4_block(kind: u8, flags: u16, fields: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    out.extend(flags.to_le_bytes());
    out.extend((fields.len() as u16 + 7).to_le_bytes());
    out.extend(fields);
    [(bytes::crc32(&out) as u16).to_le_bytes().to_vec(), out].concat()
}

fn rar4(files: &[(&str, &[u8])], room: usize, rar: Rar) -> Vec<Vec<u8>> {
    let begin = |number: usize| {
        let flags = 1 | if number == 0 { 0x100 } else { 0 } | if rar.locked { 0x80 } else { 0 };
        [b"Rar!\x1a\x07\x00".to_vec(), rar4_block(0x73, flags, &[0; 6])].concat()
    };
    let mut volumes = vec![begin(0)];
    let mut left = room;
    for (name, content) in files {
        let (mut at, mut before) = (0, false);
        loop {
            let now = left.min(content.len() - at);
            let goes_on = at + now < content.len();
            let mut flags = 0x8000 | 0x0100 | u16::from(before) | if goes_on { 2 } else { 0 };
            flags |= if rar.encrypted { 4 } else { 0 };
            let mut fields = (now as u32).to_le_bytes().to_vec();
            fields.extend((content.len() as u32).to_le_bytes());
            fields.extend([2, 1, 2, 3, 4, 0, 0, 0, 0, 20, if rar.compressed { 0x33 } else { 0x30 }]);
            fields.extend((name.len() as u16).to_le_bytes());
            fields.extend([0; 4]);
            fields.extend([0; 8]);
            fields.extend(name.as_bytes());
            let volume = volumes.last_mut().expect("one at least");
            volume.extend(rar4_block(0x74, flags, &fields));
            volume.extend(&content[at..at + now]);
            (at, before) = (at + now, true);
            left -= now;
            if !goes_on {
                break;
            }
            volume.extend(rar4_block(0x7b, 0x4001, &[]));
            volumes.push(begin(volumes.len()));
            left = room;
        }
    }
    volumes.last_mut().expect("one at least").extend(rar4_block(0x7b, 0x4000, &[]));
    volumes
}

type Writer = fn(&[(&str, &[u8])], usize, Rar) -> Vec<Vec<u8>>;
const RARS: [(&str, Writer); 2] = [("RAR4", rar4), ("RAR5", rar5)];

#[test]
fn stored_members_of_a_rar_are_found_in_one_volume_and_in_many() {
    let (one, two) = (film(5_000), film(700));
    let files: [(&str, &[u8]); 2] = [("Show/S01E01.mkv", &one), ("Show\\S01E02.mkv", &two)];
    let wanted = [stored("Show/S01E01.mkv", &one), stored("Show/S01E02.mkv", &two)];
    for (form, write) in RARS {
        // 5,200: the second film begins in the first volume's last bytes.
        for (room, count) in [(100_000, 1), (1_999, 3), (5_200, 2)] {
            let volumes = write(&files, room, Rar::default());
            assert_eq!(volumes.len(), count);
            let step = read(ArchiveFormat::Rar, ArchiveSplit::Archiver, &volumes);
            assert_eq!(contents(&volumes, step), wanted, "{form} {room}");
        }
        let cuts = cut(&write(&files, 100_000, Rar::default())[0], 1_001);
        let step = read(ArchiveFormat::Rar, ArchiveSplit::Bytes, &cuts);
        assert_eq!(contents(&cuts, step), wanted, "{form}, cut by bytes");
    }
}

#[test]
fn what_cannot_be_played_from_a_rar_is_told() {
    let one = film(5_000);
    for (form, write) in RARS {
        for (rar, wanted) in [
            (Rar { compressed: true, ..Rar::default() }, Packing::Compressed),
            (Rar { encrypted: true, ..Rar::default() }, Packing::Encrypted),
            (Rar { encrypted: true, compressed: true, ..Rar::default() }, Packing::Encrypted),
        ] {
            let volumes = write(&[("film.mkv", &one)], 2_000, rar);
            let member = Member { name: "film.mkv".to_owned(), packing: wanted, runs: Vec::new(), size: 0 };
            assert_eq!(
                read(ArchiveFormat::Rar, ArchiveSplit::Archiver, &volumes),
                Step::Members(vec![member]),
                "{form}"
            );
        }
        let volumes = write(&[("film.mkv", &one)], 2_000, Rar { locked: true, ..Rar::default() });
        assert_eq!(
            read(ArchiveFormat::Rar, ArchiveSplit::Archiver, &volumes),
            Step::Failed(Problem::Encrypted),
            "{form}"
        );
    }
}

#[test]
fn volumes_of_a_rar_that_are_not_here_are_missed() {
    let one = film(5_000);
    for (form, write) in RARS {
        let volumes = write(&[("film.mkv", &one)], 2_000, Rar::default());
        let read = |volumes: &[Vec<u8>]| read(ArchiveFormat::Rar, ArchiveSplit::Archiver, volumes);
        assert_eq!(read(&volumes[..1]), Step::Failed(Problem::Missing { volume: Some(2) }), "{form}");
        assert_eq!(read(&volumes[..2]), Step::Failed(Problem::Missing { volume: Some(3) }), "{form}");
        assert_eq!(read(&volumes[1..]), Step::Failed(Problem::Missing { volume: None }), "{form}");
        let other = write(&[("other.mkv", &one)], 2_000, Rar::default());
        let mixed = [&volumes[..1], &other[1..]].concat();
        assert!(matches!(read(&mixed), Step::Failed(Problem::Damaged(_))), "{form}");
        let mut broken = volumes.clone();
        broken[1][30] ^= 1;
        assert!(!matches!(read(&broken), Step::Members(_)), "{form}: checksums are looked at");
    }
}

#[test]
fn what_is_no_archive_is_said_to_be_damaged() {
    for format in [ArchiveFormat::Zip, ArchiveFormat::Rar] {
        for volumes in [vec![], vec![vec![]], vec![vec![0; 10]], vec![film(100_000)]] {
            assert!(matches!(read(format, ArchiveSplit::Archiver, &volumes), Step::Failed(Problem::Damaged(_))));
        }
    }
}

#[test]
fn runs_beyond_the_end_have_no_extents() {
    let index = Index::new(ArchiveFormat::Zip, ArchiveSplit::Bytes, &[10, 0, 5]);
    let extent = |volume, start, len| Extent { volume, start, len };
    for (run, wanted) in [
        ((0, 10), Some(vec![extent(0, 0, 10)])),
        ((9, 2), Some(vec![extent(0, 9, 1), extent(2, 0, 1)])),
        ((10, 5), Some(vec![extent(2, 0, 5)])),
        ((10, 6), None),
        ((u64::MAX, 2), None),
    ] {
        assert_eq!(index.extents(&[run]), wanted, "{run:?}");
    }
}

proptest! {
    #[test]
    fn members_are_byte_for_byte_what_was_put_in(
        sizes in proptest::collection::vec(1usize..3_000, 1..5),
        room in 500usize..4_000,
        cut_at in 100usize..4_000,
        wide: bool,
        before in 0usize..100,
    ) {
        let names: Vec<String> = (0..sizes.len()).map(|n| format!("S01E{n:02}.mkv")).collect();
        let films: Vec<Vec<u8>> = sizes.iter().map(|size| film(*size)).collect();
        let files: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(films.iter().map(Vec::as_slice)).collect();
        let wanted: Vec<_> = files.iter().map(|(name, content)| stored(name, content)).collect();
        for (_, write) in RARS {
            let volumes = write(&files, room, Rar::default());
            let step = read(ArchiveFormat::Rar, ArchiveSplit::Archiver, &volumes);
            prop_assert_eq!(&contents(&volumes, step), &wanted);
        }
        let volumes = cut(&Zip { wide, before, ..Zip::default() }.write(&files, b"!")[0], cut_at);
        let step = read(ArchiveFormat::Zip, ArchiveSplit::Bytes, &volumes);
        prop_assert_eq!(&contents(&volumes, step), &wanted);
    }

    #[test]
    fn damaged_archives_lead_to_an_answer_and_never_outside(
        flips in proptest::collection::vec((0usize..6_000, 0u8..8), 1..6),
        keep in 0usize..8_000,
        room in 500usize..6_000,
        split: bool,
    ) {
        let content = film(2_500);
        let files: [(&str, &[u8]); 2] = [("a.mkv", &content), ("b.mkv", &content)];
        let zip = |wide| Zip { wide, ..Zip::default() }.write(&files, b"comment");
        let archives = [
            (ArchiveFormat::Zip, zip(false)),
            (ArchiveFormat::Zip, zip(true)),
            (ArchiveFormat::Rar, rar4(&files, room, Rar::default())),
            (ArchiveFormat::Rar, rar5(&files, room, Rar::default())),
        ];
        for (format, volumes) in archives {
            let mut volumes = if split { cut(&volumes.concat(), room) } else { volumes };
            for (at, bit) in &flips {
                let count = volumes.len();
                let volume = &mut volumes[at % count];
                let len = volume.len();
                if len > 0 {
                    volume[at % len] ^= 1 << bit;
                }
            }
            let last = volumes.last_mut().expect("one at least");
            last.truncate(keep);
            for split in [ArchiveSplit::Bytes, ArchiveSplit::Archiver] {
                // `read` checks what is asked for, `contents` that members lie inside.
                if let step @ Step::Members(_) = read(format, split, &volumes) {
                    contents(&volumes, step);
                }
            }
        }
    }

    #[test]
    fn any_bytes_lead_to_an_answer(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), form in 0usize..4, at in 1usize..400) {
        let signature: &[u8] = [&b"Rar!\x1a\x07\x00"[..], b"Rar!\x1a\x07\x01\x00", b"PK\x03\x04", b""][form];
        bytes.splice(0..0, signature.iter().copied());
        if form >= 2 {
            bytes.extend(END.to_le_bytes());
            bytes.extend([0; 8]);
            bytes.extend([40, 0, 0, 0, 4, 0, 0, 0, 0, 0]);
        }
        for format in [ArchiveFormat::Zip, ArchiveFormat::Rar] {
            for split in [ArchiveSplit::Bytes, ArchiveSplit::Archiver] {
                read(format, split, &cut(&bytes, at));
            }
        }
    }

    #[test]
    fn bytes_come_back_as_they_were_supplied(supplied in proptest::collection::vec((0u64..60, 1usize..20), 1..12)) {
        let mut known = Known::default();
        let mut has = [false; 100];
        for (start, len) in supplied {
            known.add(start, &film(100)[start as usize..start as usize + len]);
            has[start as usize..start as usize + len].fill(true);
        }
        for start in 0..100u64 {
            for len in 1..=(100 - start) {
                let (from, to) = (start as usize, (start + len) as usize);
                let wanted = has[from..to].iter().all(|has| *has).then(|| film(100)[from..to].to_vec());
                prop_assert_eq!(known.get(start, len).ok().map(<[u8]>::to_vec), wanted);
            }
        }
    }
}
