//! Languages as QuickTime counts them: codes of the Macintosh's Script Manager, from 0 on.

/// Codes below this are the Macintosh's, those above three letters of five bits each.
pub(super) const FIRST_LETTERS: u16 = 0x400;

/// ISO 639 of a code (Apple's QuickTime File Format, "Language code values"). Those from 95 to 127 were never given away.
pub(super) fn language(code: u16) -> Option<&'static str> {
    let name = match code {
        0..95 => FIRST[usize::from(code)],
        128..139 => LATER[usize::from(code) - 128],
        _ => return None,
    };
    (!name.is_empty()).then_some(name)
}

#[rustfmt::skip]
const FIRST: [&str; 95] = [
    "en", "fr", "de", "it", "nl", "sv", "es", "da", "pt", "no", "he", "ja", "ar", "fi", "el", "is", "mt", "tr", "hr",
    "zh-Hant", "ur", "hi", "th", "ko", "lt", "pl", "hu", "et", "lv", "se", "fo", "fa", "ru", "zh-Hans", "nl-BE", "ga", "sq",
    "ro", "cs", "sk", "sl", "yi", "sr", "mk", "bg", "uk", "be", "uz", "kk", "az", "az", "hy", "ka", "ro-MD", "ky", "tg",
    "tk", "mn", "mn", "ps", "ku", "ks", "sd", "bo", "ne", "sa", "mr", "bn", "as", "gu", "pa", "or", "ml", "kn", "ta",
    "te", "si", "my", "km", "lo", "vi", "id", "tl", "ms", "ms", "am", "ti", "om", "so", "sw", "rw", "rn", "ny",
    "mg", "eo",
];

const LATER: [&str; 11] = ["cy", "eu", "ca", "la", "qu", "gn", "ay", "tt", "ug", "dz", "jv"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_where_apple_counts_them() {
        let rows =
            [(0, "en"), (11, "ja"), (22, "th"), (33, "zh-Hans"), (45, "uk"), (80, "vi"), (94, "eo"), (138, "jv")];
        for (code, name) in rows {
            assert_eq!(language(code), Some(name), "{code}");
        }
        assert_eq!([95, 127, 139, 0x3ff].map(language), [None; 4]);
    }
}
