//! Lines of a caption that say nothing of the file: invitations, ratings, running times, plots. Such a line never names a
//! film and never counts seasons, whatever it says ("Join for Season 2").

use crate::words::captions::{CAPTIONS, Picture};
use crate::words::fold;

/// What the pictures before a line say of it.
pub fn picture(decoration: &str) -> Option<Picture> {
    decoration.chars().find_map(|c| CAPTIONS.picture(c))
}

/// A line for readers, not about the file. `line` has no decoration at its ends.
pub fn is_boilerplate(line: &str) -> bool {
    is_address(line) || is_measure(line) || is_prose(line) || is_invitation(line)
}

/// Links and handles, and nothing before them.
fn is_address(line: &str) -> bool {
    let starts = |head: &str| line.get(..head.len()).is_some_and(|l| l.eq_ignore_ascii_case(head));
    line.starts_with('@') || CAPTIONS.addresses.iter().any(|head| starts(head))
}

fn is_invitation(line: &str) -> bool {
    let low = fold(line);
    let opens = |at: usize| !low[..at].ends_with(char::is_alphanumeric);
    let closes = |at: usize| !low[at..].starts_with(char::is_alphanumeric);
    let has = |word: &str| low.match_indices(word).any(|(at, _)| opens(at) && closes(at + word.len()));
    // Scripts behind Thai do without blanks.
    let has_stem =
        |stem: &str| low.match_indices(stem).any(|(at, _)| opens(at) || stem.starts_with(|c| c >= '\u{e00}'));
    let begins = |word: &str| low.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    // "Followed (2020)", "Casino (1995)": a year in brackets is a film's, unless the next one's: "Next: Salt Road 2 (2025)".
    let has_year = has_bracketed_year(line);
    let words = &*CAPTIONS;
    words.another_film.iter().any(|word| begins(word) && (low.contains(':') || !has_year))
        || !has_year
            && (words.invitations.iter().any(|word| has(word))
                || words.invitation_stems.iter().any(|stem| has_stem(stem)))
}

pub fn has_bracketed_year(line: &str) -> bool {
    line.match_indices(['(', '[', '（']).any(|(at, open)| {
        let rest = &line[at + open.len()..];
        let figures = rest.bytes().take_while(u8::is_ascii_digit).count();
        figures == 4 && matches!(rest.as_bytes()[0], b'1' | b'2') && rest[4..].starts_with([')', ']', '）'])
    })
}

/// `1h 54min`, `8.7/10`, `127 мин.`, `1.5 GB`, `⚡ 1300 MB ⚡`: figures with their units, at most one word more.
fn is_measure(line: &str) -> bool {
    let mut figures = 0;
    let mut units = 0;
    for word in line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(12) {
        let letters = word.trim_matches(|c: char| c.is_ascii_digit());
        figures += usize::from(letters.len() < word.len());
        if letters.is_empty() {
            continue;
        }
        // "1h52"
        let low = fold(letters);
        if !low.split(|c: char| c.is_ascii_digit()).all(|unit| CAPTIONS.is_unit(unit)) {
            return false;
        }
        units += 1;
    }
    figures > 0 && (units > 0 || line.contains("/10") || line.contains('%'))
}

/// A sentence, or several: too long for a name, or with a sentence's end inside.
fn is_prose(line: &str) -> bool {
    let words = line.split_whitespace().count();
    let is_sentence = line.ends_with(['.', '!', '?', '…', '。', '！', '।', '؟']) && words > 8;
    let is_long = words > 22 || line.chars().nth(180).is_some();
    // Scripts without blanks: a comma of theirs in a long line.
    let is_written = line.contains(['。', '，', '、']) && line.chars().nth(24).is_some() && words < 8;
    (is_sentence || is_long || is_written) && !has_bracketed_year(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boilerplate_is_told_from_names() {
        for line in [
            "Join @channel for more",
            "https://t.me/channel",
            "ПОДПИШИСЬ на нас",
            "Kanalımıza abone olun",
            "قناتنا 👈 @films",
            "1h 54min",
            "1h52",
            "8.7/10",
            "127 мин.",
            "1300 MB",
            "A young farmer must choose between the land of his fathers and the girl he met in town.",
            "Next upload: Salt Road 2 (2025)",
            "小城列车司机王响被卷入一桩悬案，多年以后他仍在寻找真相",
        ] {
            assert!(is_boilerplate(line), "{line}");
        }
        for line in [
            "Harvest Moon (2019)",
            "Followed (2020) 720p",
            "The Next Three Days (2010)",
            "Salt Road S01E02",
            "720p | WEBRip",
            "300",
            "12 стульев (1976)",
            "盐路",
            "Rejoice 2019",
        ] {
            assert!(!is_boilerplate(line), "{line}");
        }
    }
}
