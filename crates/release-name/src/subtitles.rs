//! Names of subtitle files: `Show.S01E02.en.srt`, `Film 2019.pt-BR.forced.srt`, `26_Romanian.srt`, `2- English {SDH}.srt`.
//!
//! They carry the name of the film, then the language they are written in, and for whom they are made. A language
//! counts only at the end of the name: "French" inside of it is a word of the film's.

use super::marks::Marks;
use super::rules::Rule;
use super::tokens::Text;
use super::vocab::{self, Strength, What};

/// The endings of files that hold subtitles.
pub fn is_subtitle(container: &str) -> bool {
    matches!(container, "srt" | "ass" | "ssa" | "sub" | "idx" | "vtt" | "sup" | "smi")
}

/// For whom a subtitle file is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purpose {
    /// Only what is spoken in another language than the film's.
    pub forced: bool,
    /// Sounds are described too.
    pub sdh: bool,
}

/// Reads the tail of a subtitle file's name and marks it.
pub fn mark(text: &Text<'_>, marks: &mut Marks) -> Purpose {
    let mut purpose = Purpose::default();
    let mut end = text.len();
    let mut found = false;
    while end > 0 {
        let at = end - 1;
        let word = text.low(at);
        match word {
            "forced" | "foreign" => purpose.forced = true,
            // "en.hi": for the hard of hearing, where another language stands before it; else it is Hindi.
            "sdh" | "cc" | "hi" | "hoh" if word != "hi" || found || at > 0 && language(text.low(at - 1)).is_some() => {
                purpose.sdh = true;
            }
            "full" | "default" | "sub" | "subs" | "subtitles" | "normal" | "complete" => {}
            // Regions and scripts: "pt-BR", "es-419", "zh-Hans", "Spanish Latin America", "Chinese (Traditional)".
            "br" | "us" | "gb" | "uk" | "419" | "la" | "latam" | "hans" | "hant" | "cn" | "tw" | "hk" | "mx" | "ca"
            | "latin" | "america" | "american" | "european" | "simplified" | "traditional" | "brazil" | "brazilian"
                if !found && at > 0 && language(text.low(at - 1)).is_some() => {}
            "america" if !found && at > 1 && text.low(at - 1) == "latin" => {}
            "br" if !found => {
                marks.put(at, at, What::Subtitles("pt"), Strength::Firm, Rule::LanguageOfSubtitles);
                found = true;
            }
            // "Brazilian.por", "Traditional Chinese.chi": said twice.
            "brazilian" | "traditional" | "simplified" | "european" | "latin" if found => {}
            _ => match language(word) {
                Some(code) => {
                    let again = found && marks.at(end).is_some_and(|m| m.what == What::Subtitles(code));
                    if found && !again {
                        break;
                    }
                    marks.put(at, at, What::Subtitles(code), Strength::Firm, Rule::LanguageOfSubtitles);
                    found = true;
                    end = at;
                    continue;
                }
                None => break,
            },
        }
        if marks.is_free(at) || !found {
            marks.put(at, at, What::Noise, Strength::Firm, Rule::LanguageOfSubtitles);
        }
        end = at;
    }
    // "26_Romanian", "2- English": the number of a track.
    if found && end == 1 && text.number(0).is_some() {
        marks.put(0, 0, What::Noise, Strength::Firm, Rule::LanguageOfSubtitles);
    }
    purpose
}

fn language(word: &str) -> Option<&'static str> {
    match vocab::word(word)?.0 {
        What::Language(code) if word.len() > 1 => Some(code),
        _ => vocab::language(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_says_language_and_purpose() {
        for (name, code, purpose) in [
            ("Salt Road S01E02.en", Some("en"), Purpose::default()),
            ("Harvest.Moon.1969.pt-BR", Some("pt"), Purpose::default()),
            ("Harvest Moon (1969).es.forced", Some("es"), Purpose { forced: true, sdh: false }),
            ("Harvest Moon.eng.sdh", Some("en"), Purpose { forced: false, sdh: true }),
            ("26_Romanian", Some("ro"), Purpose::default()),
            ("2- English- {SDH}", Some("en"), Purpose { forced: false, sdh: true }),
            ("Harvest Moon.Spanish Latin America", Some("es"), Purpose::default()),
            ("Traditional Chinese.chi", Some("zh"), Purpose::default()),
            ("Harvest Moon", None, Purpose::default()),
        ] {
            let text = Text::new(name);
            let mut marks = Marks::of(&text);
            let read = mark(&text, &mut marks);
            let codes: Vec<_> = marks
                .live()
                .filter_map(|m| match m.what {
                    What::Subtitles(code) => Some(code),
                    _ => None,
                })
                .collect();
            assert_eq!((codes.first().copied(), read), (code, purpose), "{name}");
        }
    }
}
