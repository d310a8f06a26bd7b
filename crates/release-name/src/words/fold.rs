//! Words of captions as they are looked up: people write them with and without accents, and Arabic in several spellings.

use unicode_normalization::UnicodeNormalization;

/// In lower case, without accents, Arabic letters in one of their spellings.
pub fn fold(word: &str) -> String {
    // Most captions are, and have no accents.
    if word.is_ascii() {
        return word.chars().map(|c| if c == '_' { ' ' } else { c.to_ascii_lowercase() }).collect();
    }
    word.chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter_map(|c| match c {
            '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{200c}' | '\u{200d}' => None,
            'ı' => Some('i'),
            'ی' | 'ى' => Some('ي'),
            'ک' => Some('ك'),
            'ة' => Some('ه'),
            '_' | '\u{a0}' => Some(' '),
            c => Some(c),
        })
        .collect()
}
