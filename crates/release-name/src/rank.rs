//! Which of several files of a film is the best to look at.

use super::Release;

/// How good a file looks, for "best first": resolution, source, HDR, then size. Compared as a whole; larger is better.
pub type Rank = (u32, u8, u8, u64);

/// The rank of a file of so many bytes.
pub fn rank(release: &Release, size: u64) -> Rank {
    let lines = release.resolution.as_deref().and_then(|r| r.trim_end_matches(['p', 'i']).parse().ok()).unwrap_or(0);
    let source = match release.source.as_deref() {
        Some("Remux") => 9,
        Some("BluRay") => 8,
        Some("WEB-DL") => 7,
        Some("BDRip" | "BRRip" | "HD-DVD") => 6,
        Some("WEBRip") => 5,
        Some("HDTV" | "HDRip") => 4,
        Some("DVD" | "DVDRip") => 3,
        Some("CAM" | "TeleSync" | "TeleCine" | "SCR" | "PreDVD" | "Workprint") => 0,
        _ => 2,
    };
    (lines, source, u8::from(!release.hdr.is_empty()), size)
}
