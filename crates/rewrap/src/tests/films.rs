//! Small films as Matroska and as MP4: H.264 with reordered pictures, 25 a second, and AAC.

use crate::fmp4::{Boxes, entry};

/// What a film is like.
#[derive(Debug)]
pub(super) struct Shape {
    /// Of each group: how many pictures, and whether they are reordered.
    pub groups: Vec<(usize, bool)>,
    /// Of a picture, about.
    pub bytes: usize,
    /// How far sounds stand behind the pictures they are heard with; less than 0: before them.
    pub lag_ms: i64,
    /// Blocks in a cluster, samples in a chunk.
    pub in_cluster: usize,
    /// Sounds in a block, but for one.
    pub lace: usize,
}

pub(super) struct Made {
    pub file: Vec<u8>,
    /// In the order of decoding.
    pub pictures: Vec<Frame>,
    pub sounds: Vec<Frame>,
}

#[derive(Clone)]
pub(super) struct Frame {
    pub shown_ms: u64,
    pub key: bool,
    pub bytes: Vec<u8>,
}

/// `avcC` without parameter sets that could be read.
const AVCC: &[u8] = &[1, 0x64, 0, 0x28, 0xff, 0xe1, 0, 4, 0x67, 0x64, 0, 0x28, 1, 0, 1, 0x68];
const AAC: &[u8] = &[0x11, 0x90];

fn frames(shape: &Shape) -> (Vec<Frame>, Vec<Frame>) {
    let mut pictures = Vec::new();
    let mut seed = shape.bytes as u64;
    let mut bytes = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let len = 1 + most / 2 + (seed >> 33) as usize % (1 + most / 2);
        (0..len).map(|n| (seed >> 40) as u8 ^ n as u8).collect::<Vec<u8>>()
    };
    let mut first = 0u64;
    for (len, is_reordered) in &shape.groups {
        let mut order: Vec<u64> = (0..*len as u64).collect();
        if *is_reordered {
            // A key frame, then fours: the last of them first, the middle, the others.
            for four in order[1..].chunks_mut(4).filter(|four| four.len() == 4) {
                four.copy_from_slice(&[four[3], four[1], four[0], four[2]]);
            }
        }
        let frame = |place: &u64| Frame { shown_ms: (first + place) * 40, key: *place == 0, bytes: bytes(shape.bytes) };
        pictures.extend(order.iter().map(frame));
        first += *len as u64;
    }
    let sounds =
        (0..first * 40 * 48 / 1024).map(|n| Frame { shown_ms: (n * 1024 + 24) / 48, key: true, bytes: bytes(200) });
    (pictures, sounds.collect())
}

/// Both in the order in which they stand in the file: whether it is a picture, and its number.
fn interleaved(pictures: &[Frame], sounds: &[Frame], lag_ms: i64) -> Vec<(bool, usize)> {
    let mut decoded: Vec<(i64, bool, usize)> = (0..pictures.len()).map(|n| (n as i64 * 40, true, n)).collect();
    decoded.extend(sounds.iter().enumerate().map(|(n, sound)| (sound.shown_ms as i64 + lag_ms, false, n)));
    decoded.sort_by_key(|(time, is_picture, number)| (*time, !*is_picture, *number));
    decoded.into_iter().map(|(_, is_picture, number)| (is_picture, number)).collect()
}

fn element(id: u32, data: &[u8]) -> Vec<u8> {
    let id: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    [&id[..], &(data.len() as u64 | 1 << 56).to_be_bytes(), data].concat()
}

fn uint(id: u32, number: u64) -> Vec<u8> {
    element(id, &number.to_be_bytes())
}

pub(super) fn matroska(shape: &Shape) -> Made {
    let (pictures, sounds) = frames(shape);
    let (clusters, keys) = clusters(shape, &pictures, &sounds);
    let duration_ms = pictures.len() as f64 * 40.0;
    let info = element(0x1549_a966, &element(0x4489, &duration_ms.to_be_bytes()));
    let tracks = element(
        0x1654_ae6b,
        &[
            element(
                0xae,
                &[
                    uint(0xd7, 1),
                    uint(0x83, 1),
                    uint(0x0023_e383, 40_000_000),
                    element(0x86, b"V_MPEG4/ISO/AVC"),
                    element(0x63a2, AVCC),
                    element(0xe0, &[uint(0xb0, 640), uint(0xba, 360)].concat()),
                ]
                .concat(),
            ),
            element(
                0xae,
                &[
                    uint(0xd7, 2),
                    uint(0x83, 2),
                    element(0x86, b"A_AAC"),
                    element(0x63a2, AAC),
                    element(0xe1, &[element(0xb5, &48000f64.to_be_bytes()), uint(0x9f, 2)].concat()),
                ]
                .concat(),
            ),
        ]
        .concat(),
    );
    let cues = |behind: u64| {
        let point = |(ms, at): &(u64, u64)| {
            let positions = element(0xb7, &[uint(0xf7, 1), uint(0xf1, behind + at)].concat());
            element(0xbb, &[uint(0xb3, *ms), positions].concat())
        };
        element(0x1c53_bb6b, &keys.iter().flat_map(point).collect::<Vec<u8>>())
    };
    let front = (info.len() + tracks.len() + cues(0).len()) as u64;
    let segment = element(0x1853_8067, &[info, tracks, cues(front), clusters].concat());
    Made { file: [element(0x1a45_dfa3, &[]), segment].concat(), pictures, sounds }
}

/// Clusters, and of each key frame when it is shown and where its cluster begins.
fn clusters(shape: &Shape, pictures: &[Frame], sounds: &[Frame]) -> (Vec<u8>, Vec<(u64, u64)>) {
    let order = interleaved(pictures, sounds, shape.lag_ms);
    let (mut clusters, mut keys) = (Vec::new(), Vec::new());
    for blocks in order.chunks(shape.in_cluster) {
        let frame =
            |(is_picture, number): &(bool, usize)| if *is_picture { &pictures[*number] } else { &sounds[*number] };
        let begin = blocks.iter().map(|block| frame(block).shown_ms).min().unwrap_or(0);
        let mut body = uint(0xe7, begin);
        let mut rest = blocks;
        while let [first, ..] = rest {
            let (is_picture, _) = first;
            let laced = match is_picture {
                true => 1,
                false => rest.iter().take(1 + shape.lace).take_while(|(is_picture, _)| !is_picture).count(),
            };
            let its = frame(first);
            if *is_picture && its.key {
                keys.push((its.shown_ms, clusters.len() as u64));
            }
            let relative = i16::try_from(its.shown_ms - begin).expect("a cluster is short");
            let mut block = vec![if *is_picture { 0x81 } else { 0x82 }];
            block.extend(relative.to_be_bytes());
            block.push(if its.key { 0x80 } else { 0 } | if laced > 1 { 2 } else { 0 });
            if laced > 1 {
                block.push(laced as u8 - 1);
                for size in rest[..laced - 1].iter().map(|block| frame(block).bytes.len()) {
                    block.extend(vec![255; size / 255]);
                    block.push((size % 255) as u8);
                }
            }
            rest[..laced].iter().for_each(|one| block.extend(&frame(one).bytes));
            body.extend(element(0xa3, &block));
            rest = &rest[laced..];
        }
        clusters.extend(element(0x1f43_b675, &body));
    }
    (clusters, keys)
}

pub(super) fn mp4(shape: &Shape) -> Made {
    let (pictures, sounds) = frames(shape);
    let mut mdat = Vec::new();
    let mut chunks: [Vec<(u64, u32)>; 2] = Default::default();
    let mut before = None;
    for (is_picture, number) in interleaved(&pictures, &sounds, shape.lag_ms) {
        let chunks = &mut chunks[usize::from(!is_picture)];
        if before == Some(is_picture)
            && chunks.last().is_some_and(|(_, samples)| (*samples as usize) < shape.in_cluster)
        {
            chunks.last_mut().expect("it was looked at").1 += 1;
        } else {
            chunks.push((16 + mdat.len() as u64, 1));
        }
        before = Some(is_picture);
        mdat.extend(if is_picture { &pictures[number].bytes } else { &sounds[number].bytes });
    }
    // Two pictures late, which the edit list takes off.
    let later = |(n, frame): (usize, &Frame)| (frame.shown_ms as i64 + 80 - n as i64 * 40) as u32;
    let record = entry::Picture { kind: *b"avc1", width: 640, height: 360, record: (*b"avcC", AVCC), more: &[] };
    let mut file = Boxes::default();
    file.add(b"ftyp", |ftyp| {
        ftyp.bytes(b"isom");
    });
    file.0.resize(8, 0);
    file.0[..4].copy_from_slice(&8u32.to_be_bytes());
    file.add(b"mdat", |body| {
        body.bytes(&mdat);
    });
    file.add(b"moov", |moov| {
        moov.full(b"mvhd", 0, 0, |mvhd| {
            mvhd.u32(0).u32(0).u32(1000).u32(0);
        });
        let offsets: Vec<u32> = pictures.iter().enumerate().map(later).collect();
        let of_picture =
            Trak { number: 7, handler: b"vide", scale: 1000, duration: 40, edit: 80, entry: entry::picture(&record) };
        trak(moov, of_picture, &pictures, &chunks[0], Some(&offsets));
        let entry = entry::sound(b"mp4a", 2, 48_000, &entry::descriptors(0x40, AAC));
        let of_sound = Trak { number: 8, handler: b"soun", scale: 48_000, duration: 1024, edit: 0, entry };
        trak(moov, of_sound, &sounds, &chunks[1], None);
    });
    Made { file: file.0, pictures, sounds }
}

struct Trak {
    number: u32,
    handler: &'static [u8; 4],
    scale: u32,
    duration: u32,
    edit: u32,
    entry: Vec<u8>,
}

fn trak(moov: &mut Boxes, of: Trak, frames: &[Frame], chunks: &[(u64, u32)], offsets: Option<&[u32]>) {
    moov.add(b"trak", |trak| {
        trak.full(b"tkhd", 0, 7, |tkhd| {
            tkhd.u32(0).u32(0).u32(of.number).zeros(68);
        });
        trak.add(b"edts", |edts| {
            edts.full(b"elst", 0, 0, |elst| {
                elst.u32(1).u32(1).u32(of.edit).u32(0x1_0000);
            });
        });
        trak.add(b"mdia", |mdia| {
            mdia.full(b"mdhd", 0, 0, |mdhd| {
                mdhd.u32(0).u32(0).u32(of.scale).u32(0);
            });
            mdia.full(b"hdlr", 0, 0, |hdlr| {
                hdlr.u32(0).bytes(of.handler);
            });
            mdia.add(b"minf", |minf| minf.add(b"stbl", |stbl| tables(stbl, &of, frames, chunks, offsets)));
        });
    });
}

fn tables(stbl: &mut Boxes, of: &Trak, frames: &[Frame], chunks: &[(u64, u32)], offsets: Option<&[u32]>) {
    stbl.full(b"stsd", 0, 0, |stsd| {
        stsd.u32(1).bytes(&of.entry);
    });
    stbl.full(b"stts", 0, 0, |stts| {
        stts.u32(1).u32(frames.len() as u32).u32(of.duration);
    });
    if let Some(offsets) = offsets {
        stbl.full(b"ctts", 0, 0, |ctts| {
            ctts.u32(offsets.len() as u32);
            offsets.iter().for_each(|offset| {
                ctts.u32(1).u32(*offset);
            });
        });
        let keys: Vec<u32> = (1..).zip(frames).filter(|(_, frame)| frame.key).map(|(number, _)| number).collect();
        stbl.full(b"stss", 0, 0, |stss| {
            stss.u32(keys.len() as u32);
            keys.iter().for_each(|key| {
                stss.u32(*key);
            });
        });
    }
    stbl.full(b"stsc", 0, 0, |stsc| {
        stsc.u32(chunks.len() as u32);
        (1..).zip(chunks).for_each(|(number, (_, samples))| {
            stsc.u32(number).u32(*samples).u32(1);
        });
    });
    stbl.full(b"stsz", 0, 0, |stsz| {
        stsz.u32(0).u32(frames.len() as u32);
        frames.iter().for_each(|frame| {
            stsz.u32(frame.bytes.len() as u32);
        });
    });
    stbl.full(b"co64", 0, 0, |co64| {
        co64.u32(chunks.len() as u32);
        chunks.iter().for_each(|(at, _)| {
            co64.u64(*at);
        });
    });
}
