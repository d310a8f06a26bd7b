//! One line read: a file's name without its folders, or a line of a caption that looks like one.

use super::marks::{Mark, Marks};
use super::name::Span;
use super::rules::Rule;
use super::tokens::{Gap, Text, leading_number};
use super::vocab::{Strength, What};
use super::{
    Release, ReleaseKind, absolute, container, counting, dates, episode, facts, group, kind, name, readings, sites,
    subtitles,
};

/// Reads a line.
pub fn read(name: &str) -> Release {
    dissect(name).0
}

/// A line taken apart: which tokens became what.
#[derive(Debug)]
pub struct Anatomy<'a> {
    pub text: Text<'a>,
    pub marks: Marks,
    /// The title with all its readings.
    pub title: Span,
    /// The part of it that is the release's title.
    pub best: Span,
    /// Its other readings, in the order of the release's alternative titles.
    pub others: Vec<Span>,
    pub episode_title: Option<Span>,
    pub group: Option<group::Found>,
}

/// Reads a line and keeps how it was read. `None` for a line without a word.
pub fn dissect(name: &str) -> (Release, Option<Anatomy<'_>>) {
    let stem = container::split(name);
    let mut release = Release { container: stem.container, part: stem.part, ..Release::default() };
    let text = Text::new(stem.name);
    if text.len() == 0 {
        stem.name.trim().clone_into(&mut release.title);
        return (release, None);
    }
    let mut marks = Marks::of(&text);
    group::mark_prefix(&text, &mut marks);
    release.site = sites::mark(&text, &mut marks);
    if release.container.as_deref().is_some_and(subtitles::is_subtitle) {
        let purpose = subtitles::mark(&text, &mut marks);
        (release.forced, release.sdh) = (purpose.forced, purpose.sdh);
    }
    let date = air_date(&text, &mut marks);
    release.version = extras(&text, &mut marks);
    let mut numbering = episode::read(&text, &mut marks);
    let date = date.or_else(|| day_of_episode(&text, &mut marks));
    let first = name::start(&text, &marks).first;
    release.year = name::year(&text, &mut marks, first, date.is_some());
    let mut head = name::start(&text, &marks);
    if release.year.is_some() && !head.has_group && list_number(&text, &mut marks, head.first) {
        head = name::start(&text, &marks);
    }
    let has_group = head.has_group || marks.iter().any(|m| m.what == What::Crc);
    if let Some(count) = soap(&text, &mut marks, head.first) {
        numbering.absolute.push(count);
    } else if date.is_none() {
        let setting = absolute::Setting { start: head.first, has_group, has_year: release.year.is_some() };
        absolute::read(&text, &mut marks, setting, &mut numbering);
    }
    let first = name::start(&text, &marks).first;
    let mut whole = name::end(&text, &marks, first);
    // "[S02E03] Title - Name of the episode"
    let is_numbered = marks.at(0).is_some_and(|m| m.rule == Rule::SeasonAndEpisode) && text.bracket(0) != 0;
    if is_numbered && let Some(dash) = (first + 1..whole.end).find(|i| text.gap(*i).is_spaced_dash()) {
        whole.end = dash;
    }
    let (best, others) = titles(&text, &marks, whole);
    // A name of tags alone: they all count.
    let whole = if best.end == best.first { best } else { whole };
    release.title = article_first(name::words(&text, best.first, best.end));
    for other in &others {
        release.alternative_titles.push(name::words(&text, other.first, other.end));
    }
    let mut anatomy = Anatomy { title: whole, best, others, episode_title: None, group: None, text, marks };
    let (text, marks) = (&anatomy.text, &anatomy.marks);
    if let Some(latin) = name::second(text, marks, whole) {
        let native = std::mem::replace(&mut release.title, name::words(text, latin.first, latin.end));
        release.alternative_titles.insert(0, native);
        anatomy.others.insert(0, anatomy.best);
        anatomy.best = latin;
        anatomy.title = Span { first: whole.first, end: latin.end };
    } else if let Some(native) = name::before(text, marks, whole) {
        release.alternative_titles.push(name::words(text, native.first, native.end));
        anatomy.others.push(native);
    }
    release.alternative_titles.retain(|t| !t.is_empty());
    let title = anatomy.title;
    let episode_title = episode_title(text, marks, title);
    release.episode_title = episode_title.map(|span| name::words(text, span.first, span.end)).filter(|t| !t.is_empty());
    release.title_part = title_part(text, marks, title);
    release.date = date.map(|d| d.to_string());
    release.version = numbering.version.or(release.version);
    release.special = numbering.special.map(str::to_uppercase);
    release.seasons = numbering.seasons;
    release.episodes = numbering.episodes;
    release.absolute = numbering.absolute;
    let is_anime = has_group && (!release.absolute.is_empty() || marks.iter().any(|m| m.what == What::Crc));
    let group = group::find(text, marks, title, is_anime);
    release.group =
        group.map(|g| text.source[text.tokens[g.first].start..text.tokens[g.end - 1].end].trim().to_owned());
    // "[三体] Three Body (2023)": brackets ahead that are no group's hold the native title.
    let ahead = if text.bracket(0) == 0 { 0 } else { text.bracket_end(0) };
    if group.is_none_or(|g| g.first > 0)
        && (1..=title.first).contains(&ahead)
        && (0..ahead).all(|i| marks.is_free(i))
        && text.raw(0).chars().any(name::is_native)
    {
        release.alternative_titles.push(name::words(text, 0, ahead));
    }
    facts::collect(text, marks, title, episode_title, group, &mut release);
    if is_whole_series(text, marks, &release) {
        release.kind = ReleaseKind::Season;
    }
    release.kind = kind(&release);
    let is_told = |i: &usize| {
        episode_title.is_some_and(|e| (e.first..e.end).contains(i))
            || group.is_some_and(|g| (g.first..g.end).contains(i))
            || anatomy.others.iter().any(|o| (o.first..o.end).contains(i))
    };
    release.unknown =
        (title.end..text.len()).filter(|i| marks.is_free(*i) && !is_told(i)).map(|i| text.raw(i).to_owned()).collect();
    anatomy.episode_title = episode_title;
    anatomy.group = group;
    release.readings = readings::of(&anatomy, &release);
    (release, Some(anatomy))
}

/// Reads a line that names nothing: all its words are technical, or beside the matter.
pub fn facts(line: &str) -> (Release, Anatomy<'_>) {
    let text = Text::new(line);
    let marks = Marks::of(&text);
    let title = Span { first: 0, end: 0 };
    let mut release = Release::default();
    facts::collect(&text, &marks, title, None, None, &mut release);
    let anatomy = Anatomy { text, marks, title, best: title, others: Vec::new(), episode_title: None, group: None };
    (release, anatomy)
}

/// `Hindi | Tamil`, `720p WEB-DL & ESub @channel`: a line of technical words alone. Words that may as well be a film ("Red",
/// "It", "Max" are stores too) do not make it one.
pub fn is_technical(line: &str) -> bool {
    let text = Text::new(line);
    let marks = Marks::of(&text);
    let says = |m: &Mark| {
        m.strength > Strength::Faint
            && !matches!(m.what, What::Noise | What::Edition(_) | What::Complete | What::Country(_))
    };
    marks.iter().any(says)
        && (0..text.len()).all(|i| !marks.is_free(i) || text.raw(i).starts_with('@') || is_filler(text.low(i)))
}

/// What stands between technical words.
fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "with"
            | "in"
            | "only"
            | "available"
            | "print"
            | "quality"
            | "version"
            | "track"
            | "tracks"
            | "added"
            | "file"
            | "y"
            | "e"
            | "et"
            | "und"
            | "con"
            | "com"
            | "avec"
            | "mit"
            | "versão"
            | "versión"
            | "и"
            | "с"
            | "в"
            | "و"
            | "با"
            | "به"
            | "إلى"
            | "ve"
            | "dan"
            | "și"
            | "oraz"
            | "och"
            | "og"
            | "en"
    )
}

/// `01 - Some Film (2019)`, `1. Some Film (2019)`: a film's place in a list, since it has a year of its own.
fn list_number(text: &Text<'_>, marks: &mut Marks, first: usize) -> bool {
    let gap = text.gap(first + 1);
    let low = text.low(first);
    let is_padded = low.starts_with('0');
    let parted = gap == Gap::DOT.with(Gap::SPACE) || (gap.is_spaced_dash() || gap == Gap::SPACE) && is_padded;
    let is_number = low.len() <= 2 && text.number(first).is_some() && marks.is_free(first) && marks.is_free(first + 1);
    let has_numbers = marks.iter().any(|m| matches!(m.what, What::Number | What::Date));
    if !(parted && is_number) || has_numbers || first + 1 >= text.len() {
        return false;
    }
    marks.put(first, first, What::Noise, Strength::Firm, Rule::ListNumber);
    true
}

/// `Title 3921 - 12 January 2024`: a daily series that counts and dates its episodes.
fn soap(text: &Text<'_>, marks: &mut Marks, start: usize) -> Option<f32> {
    let date = marks.live().find(|m| m.what == What::Date)?.first;
    let at = date.checked_sub(1).filter(|at| *at > start && marks.is_free(*at))?;
    let number = text.number(at).filter(|n| *n >= 100 && text.gap(date).is_spaced_dash())?;
    marks.put(at, at, What::Number, Strength::Firm, Rule::Trailing);
    u16::try_from(number).ok().map(f32::from)
}

/// `E16.END.240428`: Korean names put the day that an episode was aired behind its number.
fn day_of_episode(text: &Text<'_>, marks: &mut Marks) -> Option<dates::Date> {
    let episode = marks.live().find(|m| m.rule == Rule::Episode || m.rule == Rule::SeasonAndEpisode)?.last;
    let at = episode + 1 + usize::from(matches!(text.low(episode + 1), "end" | "fin"));
    let date = dates::short(text.low(at)).filter(|_| text.gap(at).is_blank() && !marks.is_firm(at))?;
    marks.put(at, at, What::Date, Strength::Firm, Rule::Date);
    Some(date)
}

/// The first date; all dates are marked.
fn air_date(text: &Text<'_>, marks: &mut Marks) -> Option<dates::Date> {
    let mut date = None;
    let mut i = 0;
    while i < text.len() {
        match dates::at(text, i).filter(|_| !marks.is_firm(i)) {
            Some((found, last)) => {
                marks.put(i, last, What::Date, Strength::Firm, Rule::Date);
                date = date.or(Some(found));
                i = last + 1;
            }
            None => i += 1,
        }
    }
    date
}

/// What anime names hang behind the title: `Vol. 3v2`, `v2`. The version is the answer.
fn extras(text: &Text<'_>, marks: &mut Marks) -> Option<u8> {
    if text.bracket(0) == 0 || !text.source.starts_with('[') {
        return None;
    }
    let mut version = None;
    let ends = |marks: &Marks, i: usize| text.gap(i).is_bracket() || marks.is_firm(i) || i >= text.len();
    for i in text.bracket_end(0) + 1..text.len() {
        let low = text.low(i);
        if text.bracket(i) != 0 {
            continue;
        }
        if low == "vol" && text.gap(i + 1).is_tight() {
            let (number, _, rest) = leading_number(text.low(i + 1)).unwrap_or((0, 0, "?"));
            let said = rest.strip_prefix('v').and_then(|v| v.parse().ok());
            let joined = text.gap(i + 2).has(Gap::AMPERSAND);
            if number < 100 && (rest.is_empty() || said.is_some()) && (ends(marks, i + 2) || joined) {
                marks.put(i, i + 1, What::Noise, Strength::Firm, Rule::Disc);
                version = version.or(said);
            }
        } else if let Some(said) = low.strip_prefix('v').and_then(|v| v.parse::<u8>().ok())
            && said < 10
            && text.gap(i).is_blank()
            && ends(marks, i + 1)
            && marks.is_free(i)
        {
            marks.put(i, i, What::Noise, Strength::Firm, Rule::Disc);
            version = version.or(Some(said));
        }
    }
    version
}

/// `COMPLETE` of a name without numbers: the whole series. A film is complete only on a disc, or with its year.
fn is_whole_series(text: &Text<'_>, marks: &Marks, release: &Release) -> bool {
    release.complete
        && marks.live().filter(|m| m.what == What::Complete).any(|m| {
            let said = |word: &str| (m.first..=m.last).any(|i| text.low(i).starts_with(word));
            said("全")
                || said("series")
                || said("season")
                || said("miniseries")
                || said("integrale")
                || said("intégrale")
                || {
                    let collects =
                        ["trilogy", "quadr", "duology", "anthology", "collection", "box", "batch", "the", "coffret"];
                    release.year.is_none() && !collects.iter().any(|word| said(word))
                }
        })
}

/// Parts a title in several languages: the one to search for, and its other readings.
fn titles(text: &Text<'_>, marks: &Marks, title: Span) -> (Span, Vec<Span>) {
    // A number or a tag where the title should be: the name has none.
    if marks.is_firm(title.first) && !marks.at(title.first).is_some_and(|m| m.what == What::Year) {
        return (Span { first: title.first, end: title.first }, Vec::new());
    }
    let (best, mut others) = name::readings(text, title);
    if text.gap(title.end).has(Gap::OPEN) && title.end < text.len() {
        // "Kimi no Na wa (Your Name)": a bracket of plain words right behind is another name.
        let end = text.bracket_end(title.end);
        if (title.end..end).all(|i| marks.is_free(i)) && end < text.len() {
            others.push(Span { first: title.end, end });
        }
    }
    // "Salt Road | Соляная дорога (2019)"
    if text.gap(title.end).has(Gap::PIPE) && marks.is_free(title.end) {
        let mut end = title.end + 1;
        while marks.is_free(end) && !text.gap(end).has(Gap::PIPE) && !text.gap(end).is_bracket() {
            end += 1;
        }
        let is_name = (title.end..end).any(|i| text.raw(i).chars().any(char::is_alphabetic));
        if is_name && marks.is_firm(end) && text.bracket(title.end) == text.bracket(title.first) {
            others.push(Span { first: title.end, end });
        }
    }
    (best, others)
}

/// `Part 2`, `Part III`, `Pt. Two`: which part of the story, wherever behind the title's first word it stands.
fn title_part(text: &Text<'_>, marks: &Marks, title: Span) -> Option<u16> {
    (title.first + 1..text.len()).find_map(|i| {
        let word = text.low(i);
        let number = |word: &str| counting::counted(word).or_else(|| counting::roman(word));
        match word {
            "part" | "pt" | "parte" | "partie" | "teil" | "часть" if marks.is_free(i) && text.gap(i + 1).is_tight() =>
            {
                let value = text.number(i + 1).and_then(|n| u16::try_from(n).ok());
                value.filter(|n| *n > 0 && *n < 100).or_else(|| number(text.low(i + 1)))
            }
            _ => word.strip_prefix("part").filter(|n| n.len() <= 2).and_then(|n| n.parse().ok()),
        }
    })
}

/// `Tide, The` as people say it: `The Tide`.
fn article_first(title: String) -> String {
    const ARTICLES: [&str; 10] = ["the", "a", "an", "le", "la", "les", "der", "das", "el", "los"];
    match title.rsplit_once(", ") {
        Some((name, article)) if ARTICLES.contains(&article.to_lowercase().as_str()) && !name.contains(',') => {
            format!("{article} {name}")
        }
        _ => title,
    }
}

/// What stands between the episode's number and the next mark.
fn episode_title(text: &Text<'_>, marks: &Marks, title: Span) -> Option<Span> {
    let number = (title.end..text.len())
        .rev()
        .find(|i| marks.at(*i).is_some_and(|m| matches!(m.what, What::Number | What::Date)))?;
    let mut first = number + 1;
    // A year or a second number may stand before it.
    while first < text.len() && marks.at(first).is_some_and(|m| matches!(m.what, What::Year)) {
        first += 1;
    }
    if first >= text.len() || text.bracket(first) != text.bracket(number) && text.bracket(first) != 0 {
        return None;
    }
    let home = text.bracket(first);
    let mut end = first;
    while end < text.len() && !marks.is_firm(end) && !(text.gap(end).has(Gap::OPEN) && text.bracket(end) != home) {
        end += 1;
    }
    // What is left of it: behind the last free word all belongs to the technical part.
    let free = (first..end).rev().find(|i| marks.is_free(*i))?;
    let is_group = end == text.len() && free + 1 == end && text.gap(free).is_hyphen();
    let end = if is_group { free } else { free + 1 };
    let lone = (first..end).find(|i| marks.is_free(*i))?;
    (lone < end && text.bracket(first) == 0).then_some(Span { first, end })
}
