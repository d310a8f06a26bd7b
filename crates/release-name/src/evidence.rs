//! Where each value of a release came from: the bytes of the name, the folder or the caption that say it, the rule that
//! took them, and how sure it is. Worked out on demand from the same passes; [`super::parse`] does not pay for it.

use std::borrow::Cow;
use std::ops::Range;

use super::caption::{Is, Line};
use super::fields::FIELDS;
use super::labels::Field;
use super::line::{self, Anatomy};
use super::marks::Mark;
use super::plain::Plain;
use super::rules::Rule;
use super::vocab::{Strength, What};
use super::{Input, Release, caption, facts, folders, parse};

/// How sure a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The likeliest of several readings.
    Guess,
    /// Other readings are possible, and rare.
    Likely,
    /// It can hardly mean anything else.
    Sure,
}

/// Which text a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Name,
    Folder,
    Caption,
}

/// One value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The field's name, as in the JSON form. `"noise"` for what was understood and says nothing of use, `"unknown"` for
    /// what was not understood.
    pub field: &'static str,
    pub value: String,
    pub origin: Origin,
    /// Bytes of that text.
    pub span: Range<usize>,
    pub confidence: Confidence,
    pub rule: Rule,
}

/// A release with the evidence for it, in the order of the text: the name's first, then the folder's and the caption's.
#[derive(Clone, Debug)]
pub struct Explained {
    pub release: Release,
    pub evidence: Vec<Evidence>,
}

/// Reads as [`parse`] does, and tells where each value came from.
pub fn explain(input: &Input<'_>) -> Explained {
    let release = parse(input);
    let mut gathered = Vec::new();
    let name = Plain::name(input.name);
    let mut parts = folders::parts(&name.text);
    let file = parts.pop().unwrap_or(&name.text);
    of_line(file, Origin::Name, offset(&name.text, file), &mut gathered);
    for part in parts.into_iter().rev() {
        of_line(part, Origin::Name, offset(&name.text, part), &mut gathered);
    }
    gathered.iter_mut().for_each(|found| found.span = name.source(found.span.clone()));
    for part in folders::shelves(input.folder).into_iter().rev() {
        of_line(part, Origin::Folder, offset(input.folder, part), &mut gathered);
    }
    let caption = Plain::caption(input.caption);
    let mut told = Vec::new();
    for line in caption::lines(&caption.text) {
        of_caption(line, &caption.text, &mut told);
    }
    told.iter_mut().for_each(|found| found.span = caption.source(found.span.clone()));
    gathered.append(&mut told);
    for (text, origin) in [(input.name, Origin::Name), (input.caption, Origin::Caption)] {
        of_ids(text, origin, &release, &mut gathered);
    }
    let said = values(&release);
    let mut evidence: Vec<Evidence> = Vec::new();
    for found in gathered {
        let stands = match found.field {
            // Of the file's own name only: a caption's plot is no list of words to mend.
            "noise" | "unknown" => {
                found.origin == Origin::Name
                    && !evidence.iter().any(|e| e.origin == found.origin && overlaps(&e.span, &found.span))
            }
            field => {
                said.iter().any(|(f, v)| *f == field && *v == found.value)
                    && !evidence.iter().any(|e| {
                        e.field == field && e.value == found.value && (e.origin != found.origin || e.span != found.span)
                    })
            }
        };
        if stands {
            evidence.push(found);
        }
    }
    evidence.sort_by_key(|e| (e.origin as u8, e.span.start, e.span.end));
    Explained { release, evidence }
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Where a part of a text begins.
fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize).min(whole.len())
}

/// What a line of the caption says; spans are bytes of the caption in plain letters.
fn of_caption(line: Line<'_>, caption: &str, gathered: &mut Vec<Evidence>) {
    let at = |part: &str| offset(caption, part);
    match line.is {
        Is::Pair(Field::Title, value) => of_words(value, at(value), gathered),
        Is::Pair(field @ (Field::Language | Field::Subtitles | Field::Quality), value) => {
            of_facts(value, field == Field::Subtitles, at(value), gathered);
        }
        Is::Pair(Field::Year, value) => of_figures("year", value, at(value), gathered),
        Is::Pair(Field::Season, value) => of_figures("seasons", value, at(value), gathered),
        Is::Pair(Field::Episode | Field::Episodes, value) => of_figures("episodes", value, at(value), gathered),
        Is::Facts(are_read) => of_facts(line.text, are_read, at(line.text), gathered),
        Is::Tags => line.text.split_whitespace().for_each(|tag| of_words(tag, at(tag), gathered)),
        Is::Text => of_words(line.text, at(line.text), gathered),
        Is::Pair(Field::Other, _) | Is::Aside => {}
    }
}

/// A line that may hold a hashtag: then all it says stands in the whole line, since it was read in other words.
fn of_words(line: &str, at: usize, gathered: &mut Vec<Evidence>) {
    match caption::as_words(line) {
        Cow::Borrowed(text) => of_line(text, Origin::Caption, at, gathered),
        Cow::Owned(words) => {
            let before = gathered.len();
            of_line(&words, Origin::Caption, 0, gathered);
            gathered[before..].iter_mut().for_each(|found| found.span = at..at + line.len());
        }
    }
}

/// A line or value of technical words. `are_read`: its languages are those of subtitles.
fn of_facts(line: &str, are_read: bool, at: usize, gathered: &mut Vec<Evidence>) {
    let before = gathered.len();
    let (release, anatomy) = line::facts(line);
    of_anatomy(line, &release, &anatomy, Origin::Caption, at, gathered);
    for found in gathered[before..].iter_mut().filter(|found| are_read && found.field == "languages") {
        found.field = "subtitles";
    }
}

/// The figures behind a label that counts.
fn of_figures(field: &'static str, value: &str, at: usize, gathered: &mut Vec<Evidence>) {
    let mut start = 0;
    while let Some(first) = value[start..].find(|c: char| c.is_ascii_digit()) {
        start += first;
        let digits = value[start..].bytes().take_while(u8::is_ascii_digit).count();
        gathered.push(Evidence {
            field,
            value: value[start..start + digits].trim_start_matches('0').to_owned(),
            origin: Origin::Caption,
            span: at + start..at + start + digits,
            confidence: Confidence::Sure,
            rule: Rule::Labelled,
        });
        start += digits;
    }
}

fn of_ids(text: &str, origin: Origin, release: &Release, gathered: &mut Vec<Evidence>) {
    let imdb = release.imdb.map(|id| ("imdb", id.to_string(), id.to_string()));
    let tmdb = release.tmdb.map(|id| ("tmdb", id.0.to_string(), id.0.to_string()));
    for (field, value, word) in [imdb, tmdb].into_iter().flatten() {
        if let Some(start) = text.find(&word) {
            let span = start..start + word.len();
            gathered.push(Evidence { field, value, origin, span, confidence: Confidence::Sure, rule: Rule::Id });
        }
    }
}

/// What one line says, whether it wins or not.
fn of_line(line: &str, origin: Origin, at: usize, gathered: &mut Vec<Evidence>) {
    if let (release, Some(anatomy)) = line::dissect(line) {
        of_anatomy(line, &release, &anatomy, origin, at, gathered);
    }
}

fn of_anatomy(
    line: &str,
    release: &Release,
    anatomy: &Anatomy<'_>,
    origin: Origin,
    at: usize,
    gathered: &mut Vec<Evidence>,
) {
    let base = at + offset(line, anatomy.text.source);
    let Anatomy { text, marks, title, best, others, episode_title, group } = anatomy;
    let span = |first: usize, end: usize| base + text.tokens[first].start..base + text.tokens[end - 1].end;
    let mut add = |field, value: String, span: Range<usize>, confidence, rule| {
        gathered.push(Evidence { field, value, origin, span, confidence, rule });
    };
    if best.end > best.first && !release.title.is_empty() {
        let confidence = match marks.at(best.end).map(|m| m.what) {
            Some(What::Year | What::Number | What::Date) => Confidence::Sure,
            _ if marks.is_firm(best.end) || text.gap(best.end).is_bracket() && best.end < text.len() => {
                Confidence::Likely
            }
            _ => Confidence::Guess,
        };
        add("title", release.title.clone(), span(best.first, best.end), confidence, Rule::Title);
    }
    for other in others.iter().filter(|o| o.end > o.first) {
        let value = super::name::words(text, other.first, other.end);
        add("alternative_titles", value, span(other.first, other.end), Confidence::Likely, Rule::OtherTitle);
    }
    if let (Some(told), Some(value)) = (episode_title, &release.episode_title) {
        add("episode_title", value.clone(), span(told.first, told.end), Confidence::Likely, Rule::EpisodeTitle);
    }
    if let (Some(found), Some(value)) = (group, &release.group) {
        let confidence = match found.rule {
            Rule::LastWordGroup => Confidence::Guess,
            Rule::HyphenatedGroup => Confidence::Sure,
            _ => Confidence::Likely,
        };
        add("group", value.clone(), span(found.first, found.end), confidence, found.rule);
    }
    let is_group = |m: &Mark| group.is_some_and(|g| (g.first..g.end).contains(&m.first));
    for mark in marks.live().filter(|m| !is_group(m)) {
        let counts = facts::counts(text, marks, mark, *title, *episode_title) || is_pass(mark);
        for (field, value) in said_by(mark, release, text.raw(mark.first)) {
            let sure = confidence(mark);
            if counts {
                add(field, value, span(mark.first, mark.last + 1), sure, mark.rule);
            }
        }
    }
    let is_told = |i: usize| {
        (title.first..title.end).contains(&i)
            || episode_title.is_some_and(|e| (e.first..e.end).contains(&i))
            || group.is_some_and(|g| (g.first..g.end).contains(&i))
            || others.iter().any(|o| (o.first..o.end).contains(&i))
    };
    for i in (0..text.len()).filter(|i| marks.is_free(*i) && !is_told(*i)) {
        add("unknown", text.raw(i).to_owned(), span(i, i + 1), Confidence::Guess, Rule::NotUnderstood);
    }
    let ending = base + text.source.len();
    let rest = &line[offset(line, text.source) + text.source.len()..];
    if let Some(container) = &release.container
        && let Some(start) = rest.to_ascii_lowercase().find(container.as_str())
    {
        add(
            "container",
            container.clone(),
            ending + start..ending + start + container.len(),
            Confidence::Sure,
            Rule::Extension,
        );
    }
    if let Some(part) = release.part {
        let digits = rest.trim_end_matches(|c: char| !c.is_ascii_digit());
        let start = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        add("part", part.to_string(), ending + start..ending + digits.len(), Confidence::Sure, Rule::Volume);
    }
}

/// Found by a pass rather than a table: counts wherever it stands.
fn is_pass(mark: &Mark) -> bool {
    matches!(mark.what, What::Year | What::Number | What::Date | What::Site | What::Crc)
}

fn confidence(mark: &Mark) -> Confidence {
    match mark.rule {
        Rule::SeasonAndEpisode | Rule::Season | Rule::Episode | Rule::BracketedYear | Rule::Date => Confidence::Sure,
        Rule::LastYear | Rule::Dashed | Rule::Bracketed | Rule::Beside | Rule::AfterSeason => Confidence::Likely,
        Rule::LateYear | Rule::LeadingYear | Rule::Paired | Rule::Trailing | Rule::Leading | Rule::Middle => {
            Confidence::Guess
        }
        Rule::Compressed | Rule::TelevisionPart => Confidence::Guess,
        _ => match mark.strength {
            Strength::Firm => Confidence::Sure,
            Strength::Loose => Confidence::Likely,
            Strength::Faint => Confidence::Guess,
        },
    }
}

/// The fields and values that a mark gave its line's release.
fn said_by(mark: &Mark, release: &Release, raw: &str) -> Vec<(&'static str, String)> {
    let one = |field: &'static str, value: &str| vec![(field, value.to_owned())];
    match mark.what {
        What::Resolution(lines, scan) => one("resolution", &format!("{lines}{scan}")),
        What::Source(source) => one("source", source),
        What::Video(codec) => one("video_codec", codec),
        What::Depth(bits) => one("bit_depth", &bits.to_string()),
        What::Hdr(hdr) => one("hdr", hdr),
        What::Audio(audio) => one("audio", audio),
        What::Channels(channels) => one("channels", channels),
        What::Language(code) => vec![("languages", code.to_owned()), ("subtitles", code.to_owned())],
        What::Subtitles(codes) if !codes.is_empty() => {
            codes.split(' ').map(|code| ("subtitles", code.to_owned())).collect()
        }
        What::Edition(edition) => one("edition", edition),
        What::Container(container) => one("container", container),
        What::Network(network) => one("network", network),
        What::Country(country) => one("country", country),
        What::Proper => one("proper", "true"),
        What::Repack => one("repack", "true"),
        What::Complete => one("complete", "true"),
        What::ThreeD => one("three_d", "true"),
        What::Dubbed => vec![("dubbed", "true".to_owned()), ("noise", raw.to_owned())],
        What::Crc => one("crc32", &raw.to_ascii_uppercase()),
        What::Site => match &release.site {
            Some(site) => one("site", site),
            None => one("noise", raw),
        },
        What::Year => release.year.map(|y| ("year", y.to_string())).into_iter().collect(),
        What::Date => release.date.clone().map(|d| ("date", d)).into_iter().collect(),
        What::Number => numbers(mark, release),
        What::Subtitles(_) | What::SubtitleWord | What::Noise => one("noise", raw),
    }
}

fn numbers(mark: &Mark, release: &Release) -> Vec<(&'static str, String)> {
    let seasons = || release.seasons.iter().map(|n| ("seasons", n.to_string()));
    let episodes = || release.episodes.iter().map(|n| ("episodes", n.to_string()));
    let absolute = || release.absolute.iter().map(|n| ("absolute", n.to_string()));
    match mark.rule {
        Rule::Season => seasons().collect(),
        Rule::Episode => episodes().collect(),
        Rule::Beside => absolute().collect(),
        Rule::SeasonAndEpisode | Rule::Paired | Rule::Compressed | Rule::TelevisionPart => {
            seasons().chain(episodes()).collect()
        }
        _ if release.absolute.is_empty() => episodes().collect(),
        _ => absolute().collect(),
    }
}

/// Every value of a release as field and text.
fn values(release: &Release) -> Vec<(&'static str, String)> {
    FIELDS.iter().flat_map(|field| field.texts(release).into_iter().map(|text| (field.name, text))).collect()
}
