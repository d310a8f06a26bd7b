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

/// The same, all of it. `size`: bytes of it, as the archive says. `None` for what is damaged, and for more than `most` bytes.
pub fn inflated_whole(packed: &[u8], size: u64, most: u64) -> Option<Vec<u8>> {
    let bytes = inflated(packed, most);
    (bytes.len() as u64 == size && size <= most).then_some(bytes)
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

        let size = lines.len() as u64;
        let mut broken = packed.clone();
        broken.truncate(packed.len() / 2);
        for (packed, size, most, is_whole) in [
            (&packed, size, size, true),
            (&packed, size, size - 1, false),
            (&packed, size + 1, 1 << 20, false),
            (&broken, size, 1 << 20, false),
        ] {
            assert_eq!(inflated_whole(packed, size, most).is_some(), is_whole, "{size} {most}");
        }
    }
}
