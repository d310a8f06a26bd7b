//! What the label of a line announces: `Title: ...`, `Год выхода: ...`, `片名：...`. The words are in `words/captions.txt`.

use crate::words::captions::{CAPTIONS, Label, LabelWord};
use crate::words::fold;

/// No label has more letters.
const LONGEST: usize = 32;

/// What a label announces, alone or with the words around it: `Audio Language`, `Título da série`, `Film Adı`.
pub fn find(text: &str) -> Option<Label> {
    let text = text.trim();
    if text.is_empty() || text.chars().nth(LONGEST).is_some() {
        return None;
    }
    let folded = fold(text);
    match CAPTIONS.label(&folded) {
        Some(LabelWord::Label(label)) => return Some(label),
        Some(LabelWord::Kind) => return Some(Label::Title),
        Some(LabelWord::Glue | LabelWord::Call) => return None,
        None => {}
    }
    let mut found = None;
    let mut is_kind = false;
    for word in folded.split([' ', '/', '|', '-', '.', ',', '(', ')', '&']).filter(|w| !w.is_empty()) {
        match CAPTIONS.label(word)? {
            // "Video quality", "Movie language", "Title (year)": the first label that is no title.
            LabelWord::Label(label) if found.is_none() || found == Some(Label::Title) => found = Some(label),
            LabelWord::Kind => is_kind = true,
            LabelWord::Label(_) | LabelWord::Glue | LabelWord::Call => {}
        }
    }
    found.or(is_kind.then_some(Label::Title))
}

/// What follows the words that announce a title: `دانلود فیلم X`, `หนัง X`, `Download Movie X`. A kind alone announces only in
/// scripts other than the Latin one, where titles begin with the same words ("Film Stars", "Series 7").
pub fn announced(line: &str) -> Option<&str> {
    let (first, rest) = line.split_once(' ')?;
    let word = |word: &str| CAPTIONS.label(&fold(word));
    let (is_called, kind, rest) = match word(first)? {
        LabelWord::Call => rest.split_once(' ').map(|(kind, rest)| (true, kind, rest))?,
        _ => (false, first, rest),
    };
    let is_kind = word(kind) == Some(LabelWord::Kind) && (is_called || !kind.starts_with(|c: char| c < '\u{530}'));
    let rest = rest.trim_start();
    (is_kind && rest.starts_with(|c: char| !c.is_numeric() && c != ':')).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_announced() {
        for (line, want) in [
            ("دانلود فیلم Salt Road 2023", Some("Salt Road 2023")),
            ("شاهد فيلم الملح", Some("الملح")),
            ("หนัง ทางเกลือ", Some("ทางเกลือ")),
            ("Watch movie Salt Road", Some("Salt Road")),
            ("Film Stars", None),
            ("Watch Salt Road", None),
            ("فيلم 300", None),
            ("Movie", None),
        ] {
            assert_eq!(announced(line), want, "{line}");
        }
    }

    #[test]
    fn a_label_is_known_with_the_words_around_it() {
        for (label, want) in [
            ("Title", Some(Label::Title)),
            ("Film Adı", Some(Label::Title)),
            ("Título da série", Some(Label::Title)),
            ("اسم المسلسل", Some(Label::Title)),
            ("نام سريال", Some(Label::Title)),
            ("Movie", Some(Label::Title)),
            ("Movie Language", Some(Label::Language)),
            ("Filmin Dili", Some(Label::Language)),
            ("Video Quality", Some(Label::Quality)),
            ("AÑO", Some(Label::Year)),
            ("Год выхода", Some(Label::Year)),
            ("Sous-titres", Some(Label::Subtitles)),
            ("Genero", Some(Label::Other)),
            ("Joker", None),
            ("Mission", None),
            ("The", None),
            ("", None),
        ] {
            assert_eq!(find(label), want, "{label}");
        }
    }
}
