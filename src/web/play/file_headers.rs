//! How a file presents itself to players and browsers: its media type and the name to save it by.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::text;

const UNKNOWN: &str = "application/octet-stream";

/// The media type to send. Telegram's type counts where it says something; most senders' apps say `application/octet-stream`
/// for everything they do not play themselves, and then the name's extension decides. What a browser would run
/// (pages, scripts, SVG) is never sent as what it is: files come from channels, and this is our own origin.
pub fn content_type<'a>(name: &str, mime: &'a str) -> &'a str {
    let mime = mime.split(';').next().unwrap_or_default().trim();
    let known = by_extension(name);
    if is_harmless(mime) { mime } else { known.unwrap_or(UNKNOWN) }
}

fn is_harmless(mime: &str) -> bool {
    let is_token = |c: u8| c.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&c);
    let Some((kind, rest)) = mime.split_once('/') else {
        return false;
    };
    let is_media = ["video", "audio", "image"].iter().any(|media| kind.eq_ignore_ascii_case(media));
    is_media && !rest.is_empty() && rest.bytes().all(is_token) && !rest.to_ascii_lowercase().contains("svg")
}

fn by_extension(name: &str) -> Option<&'static str> {
    let mut parts = name.rsplit('.');
    let mut extension = parts.next()?;
    // film.mkv.001: one file in volumes.
    if !extension.is_empty() && extension.bytes().all(|c| c.is_ascii_digit()) {
        extension = parts.next()?;
    }
    parts.next()?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "mkv" | "mk3d" => "video/x-matroska",
        "mp4" | "m4v" | "f4v" => "video/mp4",
        "webm" => "video/webm",
        "avi" | "divx" => "video/x-msvideo",
        "mov" => "video/quicktime",
        "ts" | "m2ts" | "mts" => "video/mp2t",
        "mpg" | "mpeg" | "mpe" | "vob" => "video/mpeg",
        "wmv" => "video/x-ms-wmv",
        "asf" => "video/x-ms-asf",
        "wtv" => "video/x-ms-wtv",
        "flv" => "video/x-flv",
        "ogv" | "ogm" => "video/ogg",
        "dv" => "video/dv",
        "rm" => "application/vnd.rn-realmedia",
        "rmvb" => "application/vnd.rn-realmedia-vbr",
        "3gp" => "video/3gpp",
        "mka" => "audio/x-matroska",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "aac" => "audio/aac",
        "flac" => "audio/flac",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "srt" => "application/x-subrip",
        "vtt" => "text/vtt",
        "ass" | "ssa" => "text/x-ssa",
        _ => return None,
    })
}

/// `Content-Disposition`: to be shown in place, or to be saved, with the name to save it by (RFC 6266): as it is in `filename*`, and in
/// ASCII for those who do not read that. No name can end the header, or lead out of the folder it is saved in.
pub fn content_disposition(name: &str, is_to_save: bool) -> String {
    // attr-char of RFC 8187.
    const ATTR: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'!')
        .remove(b'#')
        .remove(b'$')
        .remove(b'&')
        .remove(b'+')
        .remove(b'-')
        .remove(b'.')
        .remove(b'^')
        .remove(b'_')
        .remove(b'`')
        .remove(b'|')
        .remove(b'~');
    let shown = name.chars().filter(|&c| !text::turns(c));
    let safe: String = shown.map(|c| if c.is_control() || c == '/' || c == '\\' { '_' } else { c }).collect();
    // Some clients decode percent signs in the plain form too.
    let plain = |c: char| if (' '..='~').contains(&c) && c != '"' && c != '%' { c } else { '_' };
    let ascii: String = safe.chars().map(plain).collect();
    let kind = if is_to_save { "attachment" } else { "inline" };
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(&safe, ATTR))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_extension_decides_where_telegram_says_nothing() {
        let cases = [
            ("a.mkv", "application/octet-stream", "video/x-matroska"),
            ("a.MKV", "", "video/x-matroska"),
            ("a.mkv", "video/mp4", "video/mp4"),
            ("a.mp4", "video/mp4; codecs=avc1", "video/mp4"),
            ("a.mkv.001", "application/octet-stream", "video/x-matroska"),
            ("a.rmvb", "application/octet-stream", "application/vnd.rn-realmedia-vbr"),
            ("a.srt", "application/octet-stream", "application/x-subrip"),
            ("mkv", "application/octet-stream", UNKNOWN),
            ("a.001", "application/octet-stream", UNKNOWN),
            ("a.exe", "application/octet-stream", UNKNOWN),
            ("", "", UNKNOWN),
            ("a.", "", UNKNOWN),
            ("a.mkv", "video/\r\nx: y", "video/x-matroska"),
            ("a.html", "text/html", UNKNOWN),
            ("a.svg", "image/svg+xml", UNKNOWN),
            ("a.jpg", "image/jpeg", "image/jpeg"),
        ];
        for (name, mime, wanted) in cases {
            assert_eq!(content_type(name, mime), wanted, "{name} {mime}");
        }
    }

    #[test]
    fn names_are_safe_in_the_header() {
        let cases = [
            ("Night 1968.mkv", "inline; filename=\"Night 1968.mkv\"; filename*=UTF-8''Night%201968.mkv"),
            ("Amélie.mkv", "inline; filename=\"Am_lie.mkv\"; filename*=UTF-8''Am%C3%A9lie.mkv"),
            ("a\"; x=\"b\r\n", "inline; filename=\"a_; x=_b__\"; filename*=UTF-8''a%22%3B%20x%3D%22b__"),
            ("../../etc/passwd", "inline; filename=\".._.._etc_passwd\"; filename*=UTF-8''.._.._etc_passwd"),
            ("a\u{202e}vkm.exe", "inline; filename=\"avkm.exe\"; filename*=UTF-8''avkm.exe"),
            ("100%.mkv", "inline; filename=\"100_.mkv\"; filename*=UTF-8''100%25.mkv"),
        ];
        for (name, wanted) in cases {
            assert_eq!(content_disposition(name, false), wanted);
        }
    }

    proptest! {
        #[test]
        fn any_name_makes_a_header_of_printable_ascii(name in any::<String>()) {
            let header = content_disposition(&name, false);
            prop_assert!(header.bytes().all(|c| (b' '..=b'~').contains(&c)));
            prop_assert_eq!(header.matches('"').count(), 2);
            prop_assert!(!header.contains('/') && !header.contains('\\'));
        }
    }
}
