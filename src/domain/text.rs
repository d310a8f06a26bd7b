//! Text from outside: file names, captions and channel titles that anybody may post, what providers answer, what is inside
//! archives. It goes through here once, where it enters, and is harmless afterwards wherever it is shown.
//!
//! | taken away | what it would do |
//! | --- | --- |
//! | CR, LF, NEL, U+2028, U+2029 in one line | forge lines in logs and headers |
//! | ESC and all other control characters | move the cursor of a terminal, end a C string |
//! | U+202A to U+202E, U+2066 to U+2069 | turn the text around it: `exe.mkv` for `vkm.exe` |
//! | what is beyond the limit | fill pages, logs and messages |
//!
//! Marks that belong to writing stay: U+200E, U+200F, joiners, variation selectors. Where a name is put between other words,
//! [`isolated`] keeps one from turning the other around.

use std::borrow::Cow;

/// Characters of a file's name. Telegram's apps cut at 64 or 255; archives know longer ones.
pub const FILE_NAME: usize = 400;
/// Characters of a title, a person's or a channel's name.
pub const NAME: usize = 300;
/// Characters of a caption. Telegram takes 1,024, or 4,096 of Premium users.
pub const CAPTION: usize = 8_192;
/// Characters of a plot.
pub const PLOT: usize = 8_192;
/// Characters of a media type, a date, an id, or what a server says went wrong.
pub const WORD: usize = 200;

/// How much of a file's name is kept at its end: the extension and the number of a volume stand there.
const ENDING: usize = 40;

/// One line of at most `limit` characters; what ends a line becomes a blank, as other control characters do.
pub fn line(text: &str, limit: usize) -> String {
    cut(&cleaned(text, false), limit)
}

/// The same, lines kept. They end in LF.
pub fn lines(text: &str, limit: usize) -> String {
    cut(&cleaned(text, true), limit)
}

/// A file's name: one line of which, if it is too long, the middle goes.
pub fn file_name(name: &str) -> String {
    let name = cleaned(name, false);
    let length = name.chars().count();
    if length <= FILE_NAME {
        return name.into_owned();
    }
    let head = name.chars().take(FILE_NAME - ENDING - 1);
    head.chain(['…']).chain(name.chars().skip(length - ENDING)).collect()
}

/// Between U+2068 and U+2069 when something in it is written from right to left, so that neither it nor the words around
/// it change places. Other text comes back as it is: not every player knows these marks.
pub fn isolated(text: &str) -> Cow<'_, str> {
    match text.chars().any(is_right_to_left) {
        true => format!("\u{2068}{text}\u{2069}").into(),
        false => text.into(),
    }
}

/// For logs and terminals, which show text that did not come through here too: errors of libraries, what was typed. What
/// would be taken away is shown as in Rust's strings (`\n`, `\u{202e}`).
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_harmful(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown.into()
}

/// Whether a character has no place in one line of text.
pub fn is_harmful(c: char) -> bool {
    c.is_control() || ends_line(c) || turns(c)
}

fn cleaned(text: &str, keep_lines: bool) -> Cow<'_, str> {
    if !text.chars().any(|c| is_harmful(c) && !(keep_lines && c == '\n')) {
        return text.into();
    }
    let mut clean = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        match c {
            // The second half of CR LF.
            '\n' if before == Some('\r') => {}
            _ if turns(c) => {}
            _ if ends_line(c) && keep_lines => clean.push('\n'),
            _ if ends_line(c) || c.is_control() => clean.push(' '),
            _ => clean.push(c),
        }
        before = Some(c);
    }
    clean.into()
}

fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
    }
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Embeddings, overrides and isolates; and marks of annotations, which Unicode takes out of plain text too.
pub fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
}

/// The blocks of Unicode whose letters run from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        || matches!(c, '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_harms_goes_and_what_is_writing_stays() {
        let cases = [
            ("Film.1968.mkv", "Film.1968.mkv"),
            ("a\r\nINFO forged\nb", "a INFO forged b"),
            ("\u{1b}[2Jgone\0\u{7}", " [2Jgone  "),
            ("cod\u{202e}vkm.exe", "codvkm.exe"),
            ("\u{2067}x\u{2069}\u{206a}\u{fffa}", "x"),
            ("a\u{85}b\u{2028}c\u{9b}1m", "a b c 1m"),
            ("a\tb", "a b"),
            ("شب\u{200c}های روشن \u{200f}(1957)", "شب\u{200c}های روشن \u{200f}(1957)"),
            ("👩\u{200d}🚀 ❤\u{fe0f} e\u{301}", "👩\u{200d}🚀 ❤\u{fe0f} e\u{301}"),
        ];
        for (text, wanted) in cases {
            assert_eq!(line(text, NAME), wanted, "{text:?}");
        }
        assert_eq!(lines("a\r\nb\rc\n\nd\u{2029}e\u{b}f\tg", NAME), "a\nb\nc\n\nd\ne\nf g");
    }

    #[test]
    fn long_text_is_cut_and_a_file_keeps_its_ending() {
        assert_eq!(line("abcdef", 6), "abcdef");
        assert_eq!(line("abcdefg", 6), "abcde…");
        let name = file_name(&format!("{}.mkv.001", "é".repeat(5_000)));
        assert_eq!(name.chars().count(), FILE_NAME);
        assert!(name.ends_with("é.mkv.001"), "{name}");
        assert_eq!(file_name("short.mkv"), "short.mkv");
    }

    #[test]
    fn only_names_written_from_right_to_left_are_isolated() {
        for plain in ["", "Film.mkv", "千と千尋.mkv", "Фильм.mkv"] {
            assert_eq!(isolated(plain), plain);
        }
        for name in ["סרט (1968).mkv", "Film فيلم.mkv", "ޑިވެހި", "𞤀𞤣"] {
            assert_eq!(isolated(name), format!("\u{2068}{name}\u{2069}"));
        }
    }

    #[test]
    fn what_is_escaped_can_be_read() {
        assert_eq!(escaped("a\nb\u{1b}[1m\u{202e}é"), "a\\nb\\u{1b}[1m\\u{202e}é");
        assert!(matches!(escaped("Großstadt"), Cow::Borrowed(_)));
    }

    /// Text with more of what harms than chance would bring.
    pub fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<String>(),
            "[\\x00-\\x1f\\x7f-\\x9f]{1,4}",
            "[\\u{2028}-\\u{202e}\\u{2066}-\\u{206f}\\u{fff9}-\\u{fffb}]{1,4}",
            "[a-zא-ת0-9 .]{0,12}",
            Just("\r\n".to_owned()),
        ];
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_that_harms_comes_through(text in hostile(), limit in 1usize..200) {
            let one = line(&text, limit);
            prop_assert!(!one.chars().any(is_harmful) && one.chars().count() <= limit, "{one:?}");
            let several = lines(&text, limit);
            prop_assert!(!several.chars().any(|c| is_harmful(c) && c != '\n') && several.chars().count() <= limit);
            let name = file_name(&text);
            prop_assert!(!name.chars().any(is_harmful) && name.chars().count() <= FILE_NAME);
            prop_assert!(!escaped(&text).chars().any(is_harmful));
            // Going through twice changes nothing: stores and pages may do so.
            prop_assert_eq!(line(&one, limit), one);
            prop_assert_eq!(lines(&several, limit), several);
            prop_assert_eq!(file_name(&name), name);
        }

        #[test]
        fn clean_text_is_left_alone(text in "[a-zA-Zא-ת一-龥 .,:()\\[\\]-]{0,60}") {
            prop_assert_eq!(line(&text, NAME), text.as_str());
            prop_assert_eq!(file_name(&text), text.as_str());
            prop_assert_eq!(lines(&text, NAME), text.as_str());
        }
    }
}
