//! Names as they are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::domain::title::Title;

/// Text as it is compared: lower case, no accents, no punctuation, words apart by one space.
pub(in crate::adapters::store) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            // Accents, Hebrew points and Arabic vowel signs, which people leave out. Other marks are letters.
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' => {}
            '\'' | '’' | '`' => {}
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'þ' => folded.push_str("th"),
            '&' => folded.push_str(" and "),
            c if c.is_alphanumeric() || is_combining_mark(c) => folded.push(c),
            _ => folded.push(' '),
        }
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names of a title as one text, its year and its people included; see the head of this folder.
pub(in crate::adapters::store) fn names(title: &Title) -> String {
    let names = [&title.name].into_iter().chain(&title.original_name).chain(&title.alternative_names);
    let mut folded: Vec<String> = Vec::new();
    for name in names.map(|name| fold(name)).chain(title.year.map(|year| year.to_string())) {
        if !name.is_empty() && !folded.contains(&name) {
            folded.push(name);
        }
    }
    let mut people: Vec<String> = Vec::new();
    for person in title.cast.iter().chain(&title.directors).map(|name| fold(name)) {
        if !person.is_empty() && !people.contains(&person) {
            people.push(person);
        }
    }
    let people = people.iter().map(|person| format!("@ {person} $"));
    folded.iter().map(|name| format!("^ {name} $")).chain(people).collect()
}

/// Nobody types so much; a backend must not be asked for thousands of grams, or words.
const TYPED: usize = 100;

pub(super) fn typed_text(typed: &str) -> String {
    fold(&typed.chars().take(TYPED).collect::<String>())
}

/// The words of what somebody typed, for those who look for each.
pub(in crate::adapters::store) fn typed_words(typed: &str) -> Vec<String> {
    typed_text(typed).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_folded_to_what_people_type() {
        let cases = [
            ("  Amélie,  (2001)! ", "amelie 2001"),
            ("Schindler’s List", "schindlers list"),
            ("Fast & Furious", "fast and furious"),
            ("Großstadtträume", "grossstadttraume"),
            ("Łódź Øst Æon Œuvre", "lodz ost aeon oeuvre"),
            ("IĞDIR ışık", "igdir isik"),
            ("Ёлки", "елки"),
            ("ﬁlm ①", "film 1"),
            ("千と千尋の神隠し", "千と千尋の神隠し"),
            // Vowel signs are letters, not accents.
            ("हिन्दी", "हिन्दी"),
            ("…—!", ""),
        ];
        for (text, wanted) in cases {
            assert_eq!(fold(text), wanted, "{text}");
        }
    }
}
