//! Names and titles as files have them: made harmless and short.

/// No title is longer; what is, was damaged or is no title.
const LONGEST_CHARS: usize = 500;

/// Text of unknown encoding: UTF-16 behind its mark, UTF-8, else Latin-1, in which every byte is a letter. Ends at the first zero. Control characters become
/// spaces. `None` for what is empty then.
pub fn text(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(until_zero(rest)).into_owned(),
        _ => utf8_or_latin1(until_zero(bytes)),
    };
    let harmless: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_CHARS).collect();
    let trimmed = harmless.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).take(LONGEST_CHARS).collect()
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    &bytes[..end.min(4 * LONGEST_CHARS)]
}

fn utf8_or_latin1(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // Cut in the middle of a letter; other letters before it say that it is one.
        Err(error) if error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii() => {
            String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()
        }
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Four letters that name a format; what is none is written as a number: `ms[0]U`.
pub fn four_cc(letters: [u8; 4]) -> String {
    let written = letters.iter().map(|byte| match byte {
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("[{byte}]"),
    });
    written.collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_every_encoding_is_harmless() {
        let rows: [(&[u8], Option<&str>); 10] = [
            ("Café".as_bytes(), Some("Café")),
            (b"Caf\xe9", Some("Café")),
            (b"\xfe\xff\0C\0a\0f\0\xe9", Some("Café")),
            (b"\xff\xfeC\0a\0f\0\xe9\0\0\0x\0", Some("Café")),
            (b"\xef\xbb\xbfCaf\xc3\xa9", Some("Café")),
            (b"\xc3\xa9t\xc3", Some("ét")),
            (b"one\0two", Some("one")),
            (b" \tone\n", Some("one")),
            (b"", None),
            (b"\0\0", None),
        ];
        for (bytes, expected) in rows {
            assert_eq!(text(bytes).as_deref(), expected, "{bytes:?}");
        }
        assert_eq!(text(&[b'a'; 5000]).map(|text| text.len()), Some(500));
    }

    #[test]
    fn formats_have_letters_or_numbers() {
        assert_eq!(four_cc(*b"avc1"), "avc1");
        assert_eq!(four_cc(*b"mp3 "), "mp3");
        assert_eq!(four_cc(*b"ms\0\x55"), "ms[0]U");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_short_text(bytes: Vec<u8>) {
            if let Some(text) = text(&bytes) {
                assert!(!text.contains(char::is_control) && text.chars().count() <= LONGEST_CHARS && text == text.trim());
            }
        }
    }
}
