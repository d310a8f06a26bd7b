//! Names of subtitle files: `Show.S01E02.en.srt`, `Film 2019.pt-BR.forced.srt`, `26_Romanian.srt`, `2- English {SDH}.srt`.
//!
//! They carry the name of the film, then the language they are written in, and for whom they are made. A language
//! counts only at the end of the name: "French" inside of it is a word of the film's.

use super::{Pass, example};
use crate::draft::{Draft, Found, Span};
use crate::ending;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "subtitles",
    looks_at: "the extension",
    fills: &["forced", "sdh"],
    run,
    examples: &[
        example("Harvest Moon (2019).pt-BR.forced.srt", "pt", "subtitles"),
        example("Harvest Moon (2019).pt-BR.forced.srt", "forced", "forced"),
        example("Harvest Moon (2019).eng.sdh.srt", "sdh", "sdh"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    if draft.container.is_some_and(ending::is_subtitle) {
        read_tail(draft);
    }
}

/// What a word at the end of the name is.
enum Word {
    Forced,
    Sdh,
    /// A region, a script, or of no use.
    Filler,
    Language(&'static str),
    /// The film's.
    Other,
}

/// Reads the tail from its end and marks it.
fn read_tail(draft: &mut Draft<'_>) {
    let mut end = draft.text.len();
    let mut found = false;
    while end > 0 {
        let at = end - 1;
        let span = Span { first: at, end };
        let purpose = Some(Found { value: (), span, rule: Rule::LanguageOfSubtitles });
        match word(&draft.text, at, found) {
            Word::Forced => draft.forced = purpose,
            Word::Sdh => draft.sdh = purpose,
            Word::Filler => {}
            Word::Language(code) => {
                let tag = Tag::Subtitles(code);
                let again = found && draft.marks.at(end).is_some_and(|m| m.tag == tag);
                if found && !again {
                    break;
                }
                draft.marks.put(at, at, tag, Strength::Firm, Rule::LanguageOfSubtitles);
                found = true;
                end = at;
                continue;
            }
            Word::Other => break,
        }
        // "Film.br.srt": the region says it all.
        if draft.text.is(at, Class::RegionForLanguage) && !found && !follows_language(&draft.text, at) {
            draft.marks.put(at, at, Tag::Subtitles("pt"), Strength::Firm, Rule::LanguageOfSubtitles);
            found = true;
        } else if draft.marks.is_free(at) || !found {
            draft.marks.put(at, at, Tag::Noise, Strength::Firm, Rule::LanguageOfSubtitles);
        }
        end = at;
    }
    // "26_Romanian", "2- English": the number of a track.
    if found && end == 1 && draft.text.number(0).is_some() {
        draft.marks.put(0, 0, Tag::Noise, Strength::Firm, Rule::LanguageOfSubtitles);
    }
}

/// `found`: a language stands behind.
fn word(text: &Text<'_>, at: usize, found: bool) -> Word {
    let is = |class| text.is(at, class);
    if is(Class::Forced) {
        return Word::Forced;
    }
    // "en.hi": for the hard of hearing, where another language stands before it; else it is Hindi.
    if is(Class::Sdh) && (text.low(at) != "hi" || found || follows_language(text, at)) {
        return Word::Sdh;
    }
    let is_region = is(Class::Region) && !found && follows_language(text, at)
        || is(Class::RegionSecond) && !found && at > 1 && text.is(at - 1, Class::RegionFirst)
        || is(Class::RegionForLanguage) && !found
        || is(Class::RegionAhead) && found;
    if is(Class::SubtitleFiller) || is_region {
        return Word::Filler;
    }
    language(text, at).map_or(Word::Other, Word::Language)
}

fn follows_language(text: &Text<'_>, at: usize) -> bool {
    at > 0 && language(text, at - 1).is_some()
}

fn language(text: &Text<'_>, at: usize) -> Option<&'static str> {
    match text.entry(at).tag()?.0 {
        Tag::Language(code) if text.low(at).len() > 1 => Some(code),
        _ => text.entry(at).language(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_says_language_and_purpose() {
        for (name, code, forced, sdh) in [
            ("Salt Road S01E02.en", Some("en"), false, false),
            ("Harvest.Moon.1969.pt-BR", Some("pt"), false, false),
            ("Harvest Moon (1969).es.forced", Some("es"), true, false),
            ("Harvest Moon.eng.sdh", Some("en"), false, true),
            ("26_Romanian", Some("ro"), false, false),
            ("2- English- {SDH}", Some("en"), false, true),
            ("Harvest Moon.Spanish Latin America", Some("es"), false, false),
            ("Traditional Chinese.chi", Some("zh"), false, false),
            ("Harvest Moon", None, false, false),
        ] {
            let line = format!("{name}.srt");
            let draft = Draft::read(&line);
            let codes: Vec<_> = draft
                .marks
                .live()
                .filter_map(|m| match m.tag {
                    Tag::Subtitles(code) => Some(code),
                    _ => None,
                })
                .collect();
            let read = (codes.first().copied(), draft.forced.is_some(), draft.sdh.is_some());
            assert_eq!(read, (code, forced, sdh), "{name}");
        }
    }
}
