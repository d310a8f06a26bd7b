//! Zips, as far as tests need them.

use std::io::Read;

use flate2::Compression;
use flate2::read::DeflateEncoder;

/// A zip with each file deflated (APPNOTE.TXT 4.3).
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let deflate = |bytes: &[u8]| {
        let mut packed = Vec::new();
        DeflateEncoder::new(bytes, Compression::best()).read_to_end(&mut packed).expect("from memory");
        packed
    };
    archive(files, DEFLATED, deflate)
}

/// A zip with each file as it is.
pub fn stored(files: &[(&str, &[u8])]) -> Vec<u8> {
    archive(files, STORED, <[u8]>::to_vec)
}

const STORED: u8 = 0;
const DEFLATED: u8 = 8;

fn archive(files: &[(&str, &[u8])], method: u8, pack: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let (mut out, mut index): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let packed = pack(bytes);
        let at = out.len() as u32;
        let mut shared = vec![20, 0, 0, 0, method, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        shared.extend((packed.len() as u32).to_le_bytes());
        shared.extend((bytes.len() as u32).to_le_bytes());
        shared.extend((name.len() as u16).to_le_bytes());
        shared.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&shared);
        out.extend(name.as_bytes());
        out.extend(packed);
        index.extend(b"PK\x01\x02\x14\x03");
        index.extend(&shared);
        index.extend([0; 10]);
        index.extend(at.to_le_bytes());
        index.extend(name.as_bytes());
    }
    let start = out.len() as u32;
    out.extend(&index);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((index.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}
