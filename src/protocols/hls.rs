//! HTTP Live Streaming (RFC 8216), as text: a master playlist of qualities, and the playlists that Telegram makes for its renditions,
//! led to our own addresses.

use crate::domain::post::DocumentId;

/// The media type of a playlist (RFC 8216 section 4).
pub const MEDIA_TYPE: &str = "application/vnd.apple.mpegurl";
/// Bytes of a playlist of Telegram's: pieces of two seconds of a whole day would be less.
pub const MOST: u64 = 4 * 1024 * 1024;
/// Where bits a second are not known: players begin with what claims least.
const UNKNOWN_BANDWIDTH: u64 = 1_000_000;

/// One quality of a master playlist.
pub struct Variant {
    /// Where its own playlist is: absolute, or relative to the master playlist.
    pub uri: String,
    /// Bits a second.
    pub bandwidth: Option<u64>,
    pub width: Option<u32>,
    pub height: Option<u32>,
}

/// A playlist of qualities, between which a player changes as the line allows. In the order given: players begin with the first.
pub fn master(variants: &[Variant]) -> String {
    let mut text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n".to_owned();
    for variant in variants {
        let bandwidth = variant.bandwidth.unwrap_or(UNKNOWN_BANDWIDTH).max(1);
        text.push_str(&format!("#EXT-X-STREAM-INF:BANDWIDTH={bandwidth}"));
        if let (Some(width), Some(height)) = (variant.width, variant.height) {
            text.push_str(&format!(",RESOLUTION={width}x{height}"));
        }
        text.push_str(&format!("\n{}\n", variant.uri));
    }
    text
}

/// A playlist of Telegram's whose pieces are runs of one document (`mtproto:` and its id), with that document at `uri`. `None` when it is no
/// playlist, or names anything else: whatever a player fetched by it would not be ours.
pub fn led_to(playlist: &str, video: DocumentId, uri: &str) -> Option<String> {
    let named = format!("mtproto:{}", video.0);
    let mut lines = playlist.lines().map(str::trim);
    if lines.next()? != "#EXTM3U" {
        return None;
    }
    let mut text = "#EXTM3U\n".to_owned();
    for line in lines {
        match line {
            "" => continue,
            line if line.starts_with('#') => text.push_str(&tag_led_to(line, &named, uri)?),
            line if line == named => text.push_str(uri),
            _ => return None,
        }
        text.push('\n');
    }
    Some(text)
}

/// Tags name addresses as `URI="…"` (EXT-X-MAP, EXT-X-KEY, …).
fn tag_led_to(tag: &str, named: &str, uri: &str) -> Option<String> {
    const ATTRIBUTE: &str = "URI=\"";
    let Some((before, rest)) = tag.split_once(ATTRIBUTE) else { return Some(tag.to_owned()) };
    let (address, after) = rest.split_once('"')?;
    (address == named && !after.contains(ATTRIBUTE)).then(|| format!("{before}{ATTRIBUTE}{uri}\"{after}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_master_playlist_names_each_quality() {
        let variant = |uri: &str, bandwidth, measures: Option<(u32, u32)>| {
            let (width, height) = (measures.map(|m| m.0), measures.map(|m| m.1));
            Variant { uri: uri.to_owned(), bandwidth, width, height }
        };
        let text = master(&[variant("7.m3u8", Some(900_000), Some((1280, 720))), variant("8.m3u8", None, None)]);
        assert_eq!(
            text,
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
             #EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=1280x720\n7.m3u8\n\
             #EXT-X-STREAM-INF:BANDWIDTH=1000000\n8.m3u8\n"
        );
    }

    #[test]
    fn pieces_lead_to_us() {
        let telegrams = "#EXTM3U\r\n#EXT-X-VERSION:7\n#EXT-X-MAP:URI=\"mtproto:7\",BYTERANGE=\"800@0\"\n\
                         #EXTINF:6.0,\n#EXT-X-BYTERANGE:5000@800\nmtproto:7\n\n#EXT-X-ENDLIST\n";
        assert_eq!(
            led_to(telegrams, DocumentId(7), "7/film.mp4").as_deref(),
            Some(
                "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-MAP:URI=\"7/film.mp4\",BYTERANGE=\"800@0\"\n\
                 #EXTINF:6.0,\n#EXT-X-BYTERANGE:5000@800\n7/film.mp4\n#EXT-X-ENDLIST\n"
            )
        );
    }

    #[test]
    fn a_playlist_that_leads_elsewhere_is_none() {
        for playlist in [
            "",
            "no playlist",
            "#EXTM3U\nhttps://elsewhere.example/1.ts",
            "#EXTM3U\nmtproto:8",
            "#EXTM3U\nmtproto:77",
            "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"https://elsewhere.example/key\"",
            "#EXTM3U\n#EXT-X-MAP:URI=\"mtproto:7",
            "#EXTM3U\n#EXT-X-MAP:URI=\"mtproto:7\",URI=\"https://elsewhere.example\"",
        ] {
            assert_eq!(led_to(playlist, DocumentId(7), "7/film.mp4"), None, "{playlist}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered_and_names_nobody_else(text in "(#EXTM3U\n)?[ -~\n]{0,200}") {
            if let Some(led) = led_to(&text, DocumentId(7), "ours") {
                for line in led.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
                    prop_assert_eq!(line, "ours");
                }
            }
        }
    }
}
