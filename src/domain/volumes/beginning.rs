//! How films begin: tells a film of its own from a piece that was cut out of one.

/// Bytes that are enough to tell.
pub const BEGINNING: u64 = 1024;

/// What stands at the start of a file, and where.
const SIGNATURES: &[(usize, &[u8])] = &[
    (0, b"\x1a\x45\xdf\xa3"), // Matroska, WebM
    (4, b"ftyp"),             // MP4, QuickTime; the others are QuickTime's of old
    (4, b"moov"),
    (4, b"mdat"),
    (4, b"wide"),
    (8, b"AVI "),                             // behind RIFF and its length
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"), // Windows Media
    (0, b"FLV\x01"),
    (0, b"OggS"),
    (0, b".RMF"),         // RealMedia
    (0, b"\0\0\x01\xba"), // MPEG program stream, and video without one
    (0, b"\0\0\x01\xb3"),
];

/// Each packet of an MPEG transport stream begins with this; the packets of discs have a time of 4 bytes ahead.
const SYNC: u8 = 0x47;
const PACKETS: &[(usize, usize)] = &[(0, 188), (4, 192)];

/// Whether a file that begins with these bytes is a film from its start. Needs up to [`BEGINNING`] of them.
///
/// A transport stream has a start in every packet: wherever it was cut, the piece plays, and so it counts as a film.
pub fn begins_as_video(bytes: &[u8]) -> bool {
    let is_at = |at: usize, wanted: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(wanted));
    let in_packets =
        |(first, step): &(usize, usize)| (0..4).all(|packet| bytes.get(first + packet * step) == Some(&SYNC));
    SIGNATURES.iter().any(|(at, wanted)| is_at(*at, wanted)) || PACKETS.iter().any(in_packets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn films_are_told_from_the_middle_of_one() {
        let packets = |first: usize, step: usize| (0..1024).map(|n| if n % step == first { SYNC } else { 7 }).collect();
        let cases: [(&str, Vec<u8>, bool); 8] = [
            ("Matroska", b"\x1a\x45\xdf\xa3\x01\0\0\0".to_vec(), true),
            ("MP4", b"\0\0\0\x20ftypisom".to_vec(), true),
            ("AVI", b"RIFF\x12\x34\x56\x78AVI LIST".to_vec(), true),
            ("a transport stream", packets(0, 188), true),
            ("a disc's transport stream", packets(4, 192), true),
            ("the middle of anything", (0..1024u32).map(|n| (n % 251) as u8).collect(), false),
            ("one packet's mark by chance", b"\x47abc".to_vec(), false),
            ("nothing", Vec::new(), false),
        ];
        for (what, bytes, wanted) in cases {
            assert_eq!(begins_as_video(&bytes), wanted, "{what}");
        }
    }
}
