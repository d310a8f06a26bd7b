//! What the lines of a caption say together.
//!
//! Labelled lines come first, then the line that names the film, then what else the lines say. A line that neither has a
//! label nor names the film gives technical words and numbers, and only where it holds nothing else.

use super::lines::{Is, Line, lines};
use super::tags;
use super::titles;
use crate::fields::{Subject, complete, fill};
use crate::labels::Field;
use crate::rules::Rule;
use crate::vocab::What;
use crate::{Release, counting, languages, line};

/// What a caption says.
#[derive(Debug, Default)]
pub struct Told {
    /// The title is empty when no line names the film.
    pub release: Release,
    /// Something beside the title speaks of a film or episode, so that the title is no slogan.
    pub is_telling: bool,
    /// Hashtags that may be titles, as words.
    pub tags: Vec<String>,
    /// The channels that the caption names.
    pub handles: Vec<String>,
}

/// What is gathered line by line.
#[derive(Default)]
struct Reader {
    labelled: Release,
    /// The line that names the film.
    named: Option<Release>,
    /// Titles of lines that turned out to be less, or of a second language.
    others: Vec<String>,
    /// Lines of technical words and of numbers.
    rest: Release,
    /// The year of a line or tag of its own.
    year: Option<u16>,
    tags: Vec<String>,
    /// A tag ahead of everything.
    first_tag: Option<String>,
    has_label: bool,
    /// The line before named the film: the next may do so in another language.
    is_behind_name: bool,
    lines: usize,
}

/// Reads a caption in plain letters.
pub fn read(caption: &str) -> Told {
    let mut reader = Reader::default();
    for line in lines(caption) {
        let is_behind_name = std::mem::take(&mut reader.is_behind_name);
        reader.line(line, is_behind_name);
        reader.lines += 1;
    }
    reader.close(handles(caption))
}

impl Reader {
    fn line(&mut self, line: Line<'_>, is_behind_name: bool) {
        match line.is {
            Is::Pair(field, value) => self.pair(field, value),
            Is::Tags => self.tags(line.text),
            Is::Facts(are_read) => {
                let mut facts = self::facts(line.text);
                if are_read {
                    read_not_spoken(&mut facts);
                }
                complete(&mut self.rest, facts);
            }
            Is::Aside => {}
            Is::Text => self.text(line.text, is_behind_name),
        }
    }

    fn pair(&mut self, field: Field, value: &str) {
        let year = || value.split(|c: char| !c.is_ascii_digit()).find_map(calendar_year);
        match field {
            Field::Title => {
                let parsed = line::read(&tags::as_words(value));
                if titles::is_useless(&parsed.title) {
                    return;
                }
                if self.labelled.title.is_empty() {
                    fill(&mut self.labelled, parsed);
                } else {
                    self.others.push(parsed.title.clone());
                    complete(&mut self.labelled, technical(parsed));
                }
            }
            Field::Year => self.labelled.year = self.labelled.year.or_else(year),
            Field::Season => {
                if self.labelled.seasons.is_empty() {
                    self.labelled.seasons = numbers(value);
                }
                // "Season : 2 (2021) 720p"
                self.year = self.year.or_else(year);
                complete(&mut self.rest, facts(value));
            }
            Field::Episode if self.labelled.episodes.is_empty() => {
                self.labelled.episodes = numbers(value);
                complete(&mut self.rest, facts(value));
            }
            Field::Episodes if self.labelled.episodes.is_empty() => {
                // "Episodes: 16" are so many; "01 to 05" and "05" are these.
                let counted = numbers(value);
                let is_padded = value.starts_with('0');
                if counted.len() > 1 || is_padded {
                    self.labelled.episodes = counted;
                }
            }
            Field::Language | Field::Quality => {
                let mut facts = facts(value);
                if field == Field::Language && facts.languages.is_empty() {
                    facts.languages = languages::of_flags(value);
                }
                complete(&mut self.labelled, facts);
            }
            Field::Subtitles => {
                let mut facts = facts(value);
                if facts.languages.is_empty() && facts.subtitles.is_empty() {
                    facts.languages = languages::of_flags(value);
                }
                read_not_spoken(&mut facts);
                complete(&mut self.labelled, facts);
            }
            Field::Episode | Field::Episodes | Field::Other => return,
        }
        self.has_label = true;
    }

    fn tags(&mut self, line: &str) {
        let mut said = String::new();
        for tag in line.split_whitespace() {
            let words = tags::words(tag);
            if line::is_technical(&words) {
                // "#Hindi #Tamil" is a list.
                said = said + &words + " | ";
                continue;
            }
            if let Some(year) = calendar_year(&words) {
                self.year = self.year.or(Some(year));
                continue;
            }
            let parsed = line::read(&words);
            if parsed.title.is_empty() {
                complete(&mut self.rest, numbered(parsed));
            } else if titles::is_useless(&parsed.title) {
                // "#movie2023"
                self.year = self.year.or(parsed.year);
            } else if !tags::is_shelf(tag) {
                if self.lines == 0 && self.tags.is_empty() {
                    self.first_tag = Some(words.clone());
                }
                self.tags.push(words);
            }
        }
        complete(&mut self.rest, facts(&said));
    }

    fn text(&mut self, text: &str, is_behind_name: bool) {
        if let Some(year) = calendar_year(text.trim_matches(['(', ')', '[', ']'])) {
            self.year = self.year.or(Some(year));
            return;
        }
        let words = tags::as_words(text);
        let (mut parsed, anatomy) = line::dissect(&words);
        let mut counts_first = false;
        let is_named = self.named.is_some() || self.first_tag.is_some() || !self.labelled.title.is_empty();
        if let Some(anatomy) = anatomy {
            if has_choice(&anatomy) {
                parsed.resolution = None;
            }
            if let Some(year) = foreign_year(&anatomy, &parsed) {
                parsed.absolute.clear();
                parsed.year = parsed.year.or(Some(year));
            }
            let first = anatomy.marks.at(0).map(|mark| mark.rule);
            counts_first = matches!(first, Some(Rule::Season | Rule::Episode | Rule::SeasonAndEpisode));
        }
        if parsed.title.is_empty() || titles::is_useless(&parsed.title) || counts_first && is_named {
            // "Season 2 | Episode 06", "Episode 4 of 16", "S01E03 (2023)".
            self.year = self.year.or(parsed.year);
            let counts = parsed.title.is_empty() || counts_first;
            // "S01 E01 | Hindi | 720p"
            if counts_first && line::is_technical(&parsed.title) {
                complete(&mut self.rest, facts(&parsed.title));
            }
            complete(&mut self.rest, if counts { numbered(parsed) } else { technical(parsed) });
            return;
        }
        // "2019 • Drama": the year of what is named already.
        let leading_year = parsed.title.split(' ').next().and_then(calendar_year);
        if let Some(year) = leading_year.filter(|_| self.named.is_some() && parsed.year.is_none()) {
            self.year = self.year.or(Some(year));
            complete(&mut self.rest, technical(parsed));
            return;
        }
        let Some(named) = &mut self.named else {
            self.named = Some(parsed);
            self.is_behind_name = true;
            return;
        };
        if titles::is_same(&named.title, &parsed.title) {
            // Said again, and more of it.
            complete(named, Release { title: String::new(), ..parsed });
            return;
        }
        let is_other_script = titles::is_latin(&named.title) != titles::is_latin(&parsed.title);
        let is_short = parsed.title.split_whitespace().count() <= 7 && !text.ends_with(['!', ':', ',']);
        if is_better(named, &parsed) {
            // "New film!", then the line that says which.
            let slogan = std::mem::replace(named, parsed);
            if is_other_script || is_behind_name {
                self.others.push(slogan.title);
            }
            fill(named, Release { title: String::new(), ..slogan });
        } else if is_behind_name && is_short && is_other_script {
            // The name in another language right below.
            self.others.push(std::mem::take(&mut parsed.title));
            self.others.append(&mut parsed.alternative_titles);
            complete(named, parsed);
        } else {
            complete(&mut self.rest, technical(parsed));
        }
    }

    fn close(self, handles: Vec<String>) -> Told {
        let Self { mut labelled, named, mut others, rest, year, tags, first_tag, has_label, lines, .. } = self;
        let mut release = if labelled.title.is_empty() {
            let mut named = named.unwrap_or_default();
            complete(&mut named, std::mem::take(&mut labelled));
            named
        } else {
            let named = named.unwrap_or_default();
            if titles::is_latin(&named.title) != titles::is_latin(&labelled.title) {
                others.insert(0, named.title.clone());
            }
            complete(&mut labelled, Release { title: String::new(), ..named });
            labelled
        };
        complete(&mut release, rest);
        release.year = release.year.or(year);
        let is_numbered = !(release.seasons.is_empty() && release.episodes.is_empty() && release.absolute.is_empty());
        let says_more = is_numbered
            || release.year.is_some()
            || release.date.is_some()
            || release.resolution.is_some()
            || !release.languages.is_empty();
        // "#Some_Series", and lines that count: the tag is all the title there is.
        if release.title.is_empty() && (is_numbered || release.year.is_some() || lines <= 2) {
            release.title = first_tag.or_else(|| tags.first().filter(|_| is_numbered).cloned()).unwrap_or_default();
        }
        for other in others {
            let is_known = titles::key(&other) == titles::key(&release.title);
            if !is_known && !other.is_empty() && !release.alternative_titles.contains(&other) {
                release.alternative_titles.push(other);
            }
        }
        let is_telling = !release.title.is_empty() && (says_more || has_label || lines <= 2);
        Told { release, is_telling, tags, handles }
    }
}

/// A line that says which film or episode it is stands against one that only may be a title.
fn is_better(named: &Release, other: &Release) -> bool {
    let says = |r: &Release| r.year.is_some() || !r.seasons.is_empty() && !r.episodes.is_empty();
    let is_bare = named.seasons.is_empty() && named.episodes.is_empty() && named.year.is_none();
    is_bare && says(other)
}

/// Technical words of a line or value.
fn facts(text: &str) -> Release {
    let (mut release, anatomy) = line::facts(text);
    if has_choice(&anatomy) {
        release.resolution = None;
    }
    release.only(&[Subject::Pack, Subject::Technical])
}

/// `480p | 720p | 1080p`: what the channel has of the film, not what this file is.
fn has_choice(anatomy: &line::Anatomy<'_>) -> bool {
    let mut seen = None;
    anatomy.marks.live().any(|mark| match mark.what {
        What::Resolution(lines, _) => *seen.get_or_insert(lines) != lines,
        _ => false,
    })
}

/// What says nothing of the identity.
fn technical(parsed: Release) -> Release {
    parsed.only(&[Subject::Technical])
}

/// What a line without a title says: it counts, and may be technical too.
fn numbered(parsed: Release) -> Release {
    Release {
        absolute: Vec::new(),
        special: None,
        ..parsed.only(&[Subject::Number, Subject::Pack, Subject::Technical])
    }
}

/// The languages of a line about subtitles.
fn read_not_spoken(facts: &mut Release) {
    if !facts.languages.is_empty() {
        facts.subtitles = std::mem::take(&mut facts.languages);
    }
}

/// `หลานม่า (2567)`: a year of another calendar, in brackets, was read as a count.
fn foreign_year(anatomy: &line::Anatomy<'_>, parsed: &Release) -> Option<u16> {
    let mark = anatomy.marks.live().find(|mark| mark.rule == Rule::Bracketed)?;
    let figures = anatomy.text.raw(mark.first);
    calendar_year(figures).filter(|_| mark.first == mark.last && !titles::is_latin(&parsed.title))
}

/// The year in figures: of our calendar, of Iran's or of Thailand's.
fn calendar_year(figures: &str) -> Option<u16> {
    if figures.len() != 4 {
        return None;
    }
    match figures.parse().ok()? {
        year @ 1880..=2035 => Some(year),
        // Solar Hijri years begin in March: most of one lies 621 years on.
        year @ 1300..=1414 => Some(year + 621),
        year @ 2440..=2578 => Some(year - 543),
        _ => None,
    }
}

/// The numbers of a value: `02`, `01 to 05 (Combined)`, `1, 2 & 3`, `04 / 20` (of which it is the first), `پنجم`.
fn numbers(value: &str) -> Vec<u16> {
    /// No season or list is longer.
    const MOST: u16 = 400;
    let mut numbers: Vec<u16> = Vec::new();
    let mut rest = value;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (between, tail) = rest.split_at(start);
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let Some(number) = tail[..end].parse::<u16>().ok().filter(|_| end <= 4) else { break };
        rest = &tail[end..];
        let Some(last) = numbers.last().copied() else {
            numbers.push(number);
            continue;
        };
        let between = between.trim();
        let is_range =
            matches!(between, "-" | "–" | "—" | "~" | "～" | "to") || counting::is_range_word(&between.to_lowercase());
        let is_list = matches!(between, "," | "&" | "+" | "،" | "、" | "and" | "y" | "e" | "и" | "و");
        if is_range && number > last && number - last < MOST {
            numbers.extend(last + 1..=number);
        } else if is_list && number > last && numbers.len() < usize::from(MOST) {
            numbers.push(number);
        } else {
            break;
        }
    }
    if numbers.is_empty() {
        let words =
            || value.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(2).map(str::to_lowercase);
        numbers.extend(words().find_map(|word| counting::counted(&word).or_else(|| counting::ordinal(&word))));
    }
    numbers
}

/// The channels a caption names, as keys.
fn handles(caption: &str) -> Vec<String> {
    /// Captions of networks name many; one of the first is the file's.
    const MOST: usize = 8;
    ["@", "t.me/"]
        .iter()
        .flat_map(|sign| caption.match_indices(sign).map(|(at, sign)| &caption[at + sign.len()..]))
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next())
        .filter(|handle| handle.len() >= 4)
        .take(MOST)
        .map(titles::key)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted() {
        for (value, want) in [
            ("02", vec![2]),
            ("01 to 05 (Combined)", vec![1, 2, 3, 4, 5]),
            ("1-3", vec![1, 2, 3]),
            ("04 / 20", vec![4]),
            ("5 из 20", vec![5]),
            ("10 – Cold Harbor", vec![10]),
            ("2 (2021)", vec![2]),
            ("1, 2 & 4", vec![1, 2, 4]),
            ("الثالث", vec![3]),
            ("第8集", vec![8]),
            ("1 تا 3", vec![1, 2, 3]),
            ("final", vec![]),
            ("99999999999", vec![]),
        ] {
            assert_eq!(numbers(value), want, "{value}");
        }
    }
}
