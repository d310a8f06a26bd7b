//! Languages as viewers know them: a flag and a name for an ISO 639-1 code.

use crate::domain::language;

/// Flag of the country that most viewers read the language by, and the English name. `None` for codes not in the table.
pub fn describe(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code.split('-').next().unwrap_or(code) {
        "ar" => ("🇸🇦", "Arabic"),
        "bg" => ("🇧🇬", "Bulgarian"),
        "bn" => ("🇧🇩", "Bengali"),
        "ca" => ("🇦🇩", "Catalan"),
        "cs" => ("🇨🇿", "Czech"),
        "da" => ("🇩🇰", "Danish"),
        "de" => ("🇩🇪", "German"),
        "el" => ("🇬🇷", "Greek"),
        "en" => ("🇬🇧", "English"),
        "es" => ("🇪🇸", "Spanish"),
        "et" => ("🇪🇪", "Estonian"),
        "fa" => ("🇮🇷", "Persian"),
        "fi" => ("🇫🇮", "Finnish"),
        "fr" => ("🇫🇷", "French"),
        "he" => ("🇮🇱", "Hebrew"),
        "hi" => ("🇮🇳", "Hindi"),
        "hr" => ("🇭🇷", "Croatian"),
        "hu" => ("🇭🇺", "Hungarian"),
        "id" => ("🇮🇩", "Indonesian"),
        "is" => ("🇮🇸", "Icelandic"),
        "it" => ("🇮🇹", "Italian"),
        "ja" => ("🇯🇵", "Japanese"),
        "kn" => ("🇮🇳", "Kannada"),
        "ko" => ("🇰🇷", "Korean"),
        "lt" => ("🇱🇹", "Lithuanian"),
        "lv" => ("🇱🇻", "Latvian"),
        "ml" => ("🇮🇳", "Malayalam"),
        "mr" => ("🇮🇳", "Marathi"),
        "ms" => ("🇲🇾", "Malay"),
        "nl" => ("🇳🇱", "Dutch"),
        "no" | "nb" | "nn" => ("🇳🇴", "Norwegian"),
        "pa" => ("🇮🇳", "Punjabi"),
        "pl" => ("🇵🇱", "Polish"),
        "pt" => ("🇵🇹", "Portuguese"),
        "ro" => ("🇷🇴", "Romanian"),
        "ru" => ("🇷🇺", "Russian"),
        "sk" => ("🇸🇰", "Slovak"),
        "sl" => ("🇸🇮", "Slovenian"),
        "sr" => ("🇷🇸", "Serbian"),
        "sv" => ("🇸🇪", "Swedish"),
        "ta" => ("🇮🇳", "Tamil"),
        "te" => ("🇮🇳", "Telugu"),
        "th" => ("🇹🇭", "Thai"),
        "tr" => ("🇹🇷", "Turkish"),
        "uk" => ("🇺🇦", "Ukrainian"),
        "ur" => ("🇵🇰", "Urdu"),
        "vi" => ("🇻🇳", "Vietnamese"),
        "zh" => ("🇨🇳", "Chinese"),
        _ => return None,
    })
}

/// As the subtitle addons that players know by heart write it. Portuguese of Brazil is `pob`, as in OpenSubtitles' list, which Stremio
/// names in its own words; no other variety has letters of its own there.
pub fn three_letters(code: &str) -> &'static str {
    if code == "pt-BR" { "pob" } else { language::three_letters(code) }
}

/// The languages that a catalog offers to choose from, by their names.
pub const OFFERED: [&str; 35] = [
    "ar", "bn", "bg", "zh", "hr", "cs", "da", "nl", "en", "fi", "fr", "de", "el", "he", "hi", "hu", "id", "it", "ja",
    "kn", "ko", "ml", "mr", "no", "fa", "pl", "pt", "ro", "ru", "es", "sv", "ta", "te", "tr", "uk",
];

/// The code of a language that is offered, by its name.
pub fn offered(name: &str) -> Option<&'static str> {
    OFFERED.into_iter().find(|code| describe(code).is_some_and(|(_, named)| named == name))
}

/// `🇬🇧`, or the bare code in capitals where no flag is known: names would not fit into a row.
pub fn flag(code: &str) -> String {
    match describe(code) {
        Some((flag, _)) => flag.to_owned(),
        None => code.to_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_that_has_a_name_has_three_letters() {
        for code in OFFERED {
            assert_ne!(three_letters(code), "und", "{code}");
        }
        let cases = [
            ("de", "ger"),
            ("pt-BR", "pob"),
            ("pt-PT", "por"),
            ("uk", "ukr"),
            ("tlh", "und"),
            ("", "und"),
            ("zh-Hant", "chi"),
        ];
        for (code, wanted) in cases {
            assert_eq!(three_letters(code), wanted, "{code}");
        }
    }

    #[test]
    fn codes_become_flags() {
        for (code, wanted) in [("en", "🇬🇧"), ("pt-BR", "🇵🇹"), ("tlh", "TLH"), ("", "")] {
            assert_eq!(flag(code), wanted);
        }
    }
}
