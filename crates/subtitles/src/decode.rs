//! Bytes -> text: what is no text is told apart, then the encoding is found.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::{Error, Hints, MAX_BYTES};

/// So many of the first bytes tell whether it is text.
const LOOKED_AT: usize = 64 << 10;

/// The text of a file, in whatever encoding it is.
pub fn decode(bytes: &[u8], hints: &Hints<'_>) -> Result<String, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge { bytes: bytes.len() as u64 });
    }
    if let Some(pictures) = pictures(bytes) {
        return Err(Error::Pictures(pictures));
    }
    let encoding = encoding(bytes, hints);
    // A mark at the beginning is taken off, and wins.
    let (text, ..) = encoding.decode(bytes);
    if is_noise(&text) {
        return Err(Error::NotText);
    }
    Ok(text.into_owned())
}

/// Formats that hold drawn letters, by their first bytes.
fn pictures(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        // A pack of an MPEG program stream.
        [0, 0, 1, 0xBA, ..] => Some("VobSub"),
        [b'P', b'G', _, _, _, _, _, _, _, _, 0x14..=0x17 | 0x80, ..] => Some("PGS"),
        // The index of VobSub is text, of places in the other file.
        _ if bytes.starts_with(b"# VobSub index file") => Some("VobSub"),
        _ => None,
    }
}

fn encoding(bytes: &[u8], hints: &Hints<'_>) -> &'static Encoding {
    if let Some((marked, _)) = Encoding::for_bom(bytes) {
        return marked;
    }
    if let Some(wide) = without_mark(bytes) {
        return wide;
    }
    if is_nearly_utf_8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(hints.language.and_then(country).map(str::as_bytes), Utf8Detection::Deny)
}

/// UTF-16 whose mark is missing: figures, blanks and ends of lines are in every file, and each brings a zero.
fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes.chunks_exact(2).take(LOOKED_AT / 2);
    let is_plain = |byte: u8| byte == b'\n' || byte == b'\r' || (0x20..0x7f).contains(&byte);
    let (mut little, mut big, mut all) = (0usize, 0usize, 0usize);
    for pair in pairs {
        all += 1;
        little += usize::from(is_plain(pair[0]) && pair[1] == 0);
        big += usize::from(pair[0] == 0 && is_plain(pair[1]));
    }
    // A quarter is what times and numbers come to where the letters are Chinese.
    let is_wide = |count: usize| count >= 8 && count * 8 >= all;
    match (is_wide(little), is_wide(big)) {
        (true, false) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-8, be it with a few letters that were cut or pasted from elsewhere: letters of other encodings make whole ones of UTF-8 by accident
/// only.
fn is_nearly_utf_8(bytes: &[u8]) -> bool {
    let (mut letters, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken * 4 <= letters
}

/// The country whose old encodings a language was written in: the detector goes by the ends of web addresses. Chinese is not among them:
/// which of its two encodings it is shows the script better than the language.
fn country(language: &str) -> Option<&'static str> {
    Some(match language {
        "ar" => "eg",
        "bg" => "bg",
        "cs" => "cz",
        "el" => "gr",
        "et" => "ee",
        "fa" => "ir",
        "he" => "il",
        "hr" => "hr",
        "hu" => "hu",
        "ja" => "jp",
        "ko" => "kr",
        "lt" => "lt",
        "lv" => "lv",
        "mk" => "mk",
        "pl" => "pl",
        "ro" => "ro",
        "ru" => "ru",
        "sk" => "sk",
        "sl" => "si",
        "sr" => "rs",
        "th" => "th",
        "tr" => "tr",
        "uk" => "ua",
        "vi" => "vn",
        _ => return None,
    })
}

/// More control letters than any text has.
fn is_noise(text: &str) -> bool {
    let (mut letters, mut odd) = (0usize, 0usize);
    for letter in text.chars().take(LOOKED_AT) {
        letters += 1;
        let is_odd = letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}' | '\u{1a}');
        odd += usize::from(is_odd || letter == char::REPLACEMENT_CHARACTER);
    }
    odd * 50 > letters
}
