//! The initialization segment of a track: `ftyp` and a `moov` without samples.

use bytes::Bytes;

use super::Boxes;
use crate::{Track, TrackKind};

/// All segments of a track have one number in their boxes: each track is a presentation of its own.
pub(super) const TRACK_ID: u32 = 1;
/// The picture as it is, in 16.16 and 2.30.
const UPRIGHT: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// What `EXT-X-MAP` names: some 700 bytes.
pub fn init_segment(track: &Track) -> Bytes {
    let mut boxes = Boxes::default();
    boxes.add(b"ftyp", |ftyp| {
        ftyp.bytes(b"iso6").u32(0).bytes(b"iso6").bytes(b"cmfc").bytes(b"mp41");
    });
    boxes.add(b"moov", |moov| {
        moov.full(b"mvhd", 0, 0, |mvhd| {
            mvhd.u32(0).u32(0).u32(1000).u32(0).u32(0x1_0000).u16(0x100).zeros(10);
            UPRIGHT.iter().for_each(|number| {
                mvhd.u32(*number);
            });
            mvhd.zeros(24).u32(TRACK_ID + 1);
        });
        moov.add(b"trak", |trak| self::trak(trak, track));
        moov.add(b"mvex", |mvex| {
            mvex.full(b"trex", 0, 0, |trex| {
                trex.u32(TRACK_ID).u32(1).u32(0).u32(0).u32(0);
            });
        });
    });
    boxes.0.into()
}

fn trak(trak: &mut Boxes, track: &Track) {
    let (width, height) = match track.kind {
        TrackKind::Video { width, height, .. } => (width, height),
        TrackKind::Audio { .. } => (0, 0),
    };
    // Enabled, in the presentation and in its preview.
    trak.full(b"tkhd", 0, 7, |tkhd| {
        tkhd.u32(0).u32(0).u32(TRACK_ID).u32(0).u32(0).zeros(8).u16(0).u16(0);
        tkhd.u16(if track.is_video() { 0 } else { 0x100 }).u16(0);
        match &track.matrix {
            Some(matrix) => {
                tkhd.bytes(matrix);
            }
            None => UPRIGHT.iter().for_each(|number| {
                tkhd.u32(*number);
            }),
        }
        tkhd.u32(width << 16).u32(height << 16);
    });
    if track.late() > 0 {
        trak.add(b"edts", |edts| {
            // All that comes, from there on, at its own speed.
            edts.full(b"elst", 1, 0, |elst| {
                elst.u32(1).u64(0).u64(track.late().unsigned_abs()).u32(0x1_0000);
            });
        });
    }
    trak.add(b"mdia", |mdia| self::mdia(mdia, track));
}

fn mdia(mdia: &mut Boxes, track: &Track) {
    // "und", five bits a letter.
    mdia.full(b"mdhd", 0, 0, |mdhd| {
        mdhd.u32(0).u32(0).u32(track.timescale).u32(0).u16(0x55c4).u16(0);
    });
    let handler = if track.is_video() { b"vide" } else { b"soun" };
    mdia.full(b"hdlr", 0, 0, |hdlr| {
        hdlr.u32(0).bytes(handler).zeros(12).u8(0);
    });
    mdia.add(b"minf", |minf| {
        if track.is_video() {
            minf.full(b"vmhd", 0, 1, |vmhd| {
                vmhd.zeros(8);
            });
        } else {
            minf.full(b"smhd", 0, 0, |smhd| {
                smhd.zeros(4);
            });
        }
        minf.add(b"dinf", |dinf| {
            // One place, and it is this file.
            dinf.full(b"dref", 0, 0, |dref| dref.u32(1).full(b"url ", 0, 1, |_| ()));
        });
        minf.add(b"stbl", |stbl| {
            stbl.full(b"stsd", 0, 0, |stsd| {
                stsd.u32(1).bytes(&track.entry);
            });
            stbl.full(b"stts", 0, 0, |stts| {
                stts.u32(0);
            });
            stbl.full(b"stsc", 0, 0, |stsc| {
                stsc.u32(0);
            });
            stbl.full(b"stsz", 0, 0, |stsz| {
                stsz.u32(0).u32(0);
            });
            stbl.full(b"stco", 0, 0, |stco| {
                stco.u32(0);
            });
        });
    });
}
