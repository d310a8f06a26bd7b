//! Members that are unpacked: subtitles in a zip.

use std::io::Read;

use flate2::read::DeflateDecoder;

/// What Deflate packed, as far as `most` bytes and one more, which says that there are too many: some kilobytes may unpack to gigabytes. Of what is
/// damaged or cut off, what comes before that.
pub fn inflated(packed: &[u8], most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = DeflateDecoder::new(packed).take(most.saturating_add(1)).read_to_end(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::read::DeflateEncoder;

    use super::*;

    #[test]
    fn a_bomb_is_cut_off_and_what_is_damaged_gives_what_came_before() {
        let pack = |bytes: &[u8]| {
            let mut packed = Vec::new();
            DeflateEncoder::new(bytes, Compression::best()).read_to_end(&mut packed).expect("from memory");
            packed
        };
        let bomb = pack(&vec![b'x'; 8 << 20]);
        assert!(bomb.len() < 16 << 10);
        assert_eq!(inflated(&bomb, 1000).len(), 1001);
        let lines: Vec<u8> =
            (0..20_000u32).flat_map(|n| format!("{}\n", n.wrapping_mul(2_654_435_761)).into_bytes()).collect();
        let packed = pack(&lines);
        assert_eq!(inflated(&packed, 1 << 20), lines);
        let half = inflated(&packed[..packed.len() / 2], 1 << 20);
        assert!(half.len() > 1000 && lines.starts_with(&half), "{}", half.len());
        assert_eq!(inflated(b"\xff\xff", 1000), b"");
    }
}
