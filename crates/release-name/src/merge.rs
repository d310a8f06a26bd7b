//! Name, folder and caption together: which of them says what the file is.
//!
//! The rule, in order:
//! 1. Ids (IMDb, TMDB) count wherever they stand.
//! 2. A name that says what it is wins: it has a title of its own, and a year, an episode or something technical.
//!    The caption then fills what the name left open, unless it speaks of another film.
//! 3. Otherwise the caption wins, if one of its lines (or its "Title: ..." lines) names a title; advertisement does not.
//! 4. Otherwise the name stands, with what the caption's lines say beside a title.
//!
//! Folders have completed the name by then ([`folders`]).

use super::alternatives::{Doubt, Reading};
use super::caption::{self, Caption, titles};
use super::draft::Draft;
use super::evidence::{Log, Origin, Place};
use super::rules::Rule;
use super::technical_line::is_technical;
use super::text::plain::Plain;
use super::{Input, Release, ending, fields, finish, folders, ids};

/// Reads all three texts and decides who wins.
pub fn read(input: &Input<'_>, log: &mut Log) -> Release {
    let name = Plain::name(input.name);
    let place = Place::of(Origin::Name, &name.text);
    let mut release = if input.caption.trim().is_empty() {
        folders::read(&name.text, place, input.folder, log)
    } else {
        let plain = Plain::caption(input.caption);
        let mut caption_log = log.begin();
        let caption = caption::read(&plain.text, &mut caption_log);
        let own = without_handle(&name.text, &caption, log);
        let named = folders::read(own, place, input.folder, log);
        let release = together(own, place, named, caption, log);
        caption_log.in_source(Origin::Caption, &plain);
        log.append(caption_log);
        release
    };
    log.in_source(Origin::Name, &name);
    for (origin, text) in [(Origin::Name, input.name), (Origin::Caption, input.caption)] {
        find_ids(&mut release, Place::of(origin, text), log);
    }
    release.subbed |= !release.subtitles.is_empty();
    release
}

/// The first id of each kind counts.
fn find_ids(release: &mut Release, place: Place<'_>, log: &mut Log) {
    release.imdb = release.imdb.or_else(|| ids::imdb(place.whole));
    release.tmdb = release.tmdb.or_else(|| ids::tmdb(place.whole));
    if let Some(imdb) = release.imdb {
        log.word("imdb", &imdb, Rule::Id, place);
    }
    if let Some(tmdb) = release.tmdb {
        log.word("tmdb", &tmdb.0, Rule::Id, place);
    }
}

fn together(name: &str, place: Place<'_>, mut named: Release, caption: Caption, log: &mut Log) -> Release {
    take_off_channel(&mut named, &caption);
    take_off_uploader(&mut named, &caption.release);
    if !caption.names_film {
        let title_kept =
            Release { title: String::new(), title_part: None, alternative_titles: Vec::new(), ..caption.release };
        fields::complete(&mut named, title_kept);
        return named;
    }
    let stem = ending::split(name).stem;
    let is_facts = is_technical(stem);
    if !is_facts && says_what_it_is(name, &named, &caption) {
        take_off_season(&mut named, &caption);
        complete(&mut named, caption);
        return named;
    }
    if is_facts {
        // "480p_Hindi_ESub": no word of it is a title.
        let draft = Draft::technical(stem);
        let facts = finish::technical(&draft);
        log.draft(&draft, &facts, place);
        named = Release { container: named.container, part: named.part, ..facts };
    }
    replace(named, caption)
}

/// `@Hub_Adda_Some_Film_2023` under a caption of @Hub_Adda: the caption knows where the channel's name ends.
fn without_handle<'n>(name: &'n str, caption: &Caption, log: &mut Log) -> &'n str {
    let signed = name.trim_start().strip_prefix('[').unwrap_or(name).strip_prefix('@');
    let own =
        signed.and_then(|signed| caption.handles.iter().find_map(|handle| titles::without_channel(signed, handle)));
    let Some(own) = own else { return name };
    let handle = name[..name.len() - own.len()].trim_end_matches(|c: char| !c.is_alphanumeric());
    log.word("noise", &handle, Rule::Site, Place::of(Origin::Name, name));
    own
}

/// `Series_Vault_Severance_S02E10` from @Series_Vault: what is left behind the channel's name is a title that the caption knows.
fn take_off_channel(named: &mut Release, caption: &Caption) {
    let title = caption
        .handles
        .iter()
        .find_map(|handle| titles::without_channel(&named.title, handle))
        .filter(|title| titles::is_same(title, &caption.release.title))
        .map(str::to_owned);
    if let Some(title) = title {
        named.title = title;
    }
}

/// `SomeChannel Some Film 1995` under `Some Film (1995)`: what stands ahead of the caption's title is who uploaded it.
fn take_off_uploader(named: &mut Release, caption: &Release) {
    let is_same_year = named.year.is_some() && named.year == caption.year;
    let is_same_episode =
        !named.episodes.is_empty() && named.episodes == caption.episodes && named.seasons == caption.seasons;
    let cut = named.title.len().checked_sub(caption.title.len()).filter(|cut| named.title.is_char_boundary(*cut));
    let Some((ahead, title)) = cut.map(|cut| named.title.split_at(cut)) else { return };
    let is_one_word = ahead.ends_with(' ') && !ahead.trim_end().contains(' ') && ahead.len() > 4;
    if is_one_word && titles::key(title) == titles::key(&caption.title) && (is_same_year || is_same_episode) {
        named.title = title.to_owned();
    }
}

/// `Show2 E06`, `Show T02` under a caption that says "Show" and "Season 2": the title's figure is the season's.
fn take_off_season(named: &mut Release, caption: &Caption) {
    let [season] = caption.release.seasons[..] else { return };
    let stem = named.title.trim_end_matches(|c: char| c.is_ascii_digit());
    let figure = named.title[stem.len()..].parse::<u16>();
    let stem = stem.trim_end_matches([' ', '.', '-']);
    let letter = stem.strip_suffix([' ', '.']).unwrap_or(stem);
    let stem = letter.strip_suffix(" S").or_else(|| letter.strip_suffix(" T")).unwrap_or(letter).trim_end();
    let is_said =
        std::iter::once(&caption.release.title).chain(&caption.tags).any(|title| titles::is_same(stem, title));
    if named.seasons.is_empty() && figure == Ok(season) && is_said {
        named.title = stem.to_owned();
    }
}

/// A name says what it is when its title is not a camera's, a counter's or the channel's, and something stands beside it.
fn says_what_it_is(name: &str, release: &Release, caption: &Caption) -> bool {
    let title = titles::key(&release.title);
    let is_channel = caption.handles.contains(&title) && !titles::is_same(&release.title, &caption.release.title);
    !name.trim().is_empty()
        && !release.title.is_empty()
        && !titles::is_placeholder(&release.title)
        && !is_channel
        && !is_shortened(release, &caption.release)
        && !is_one_word_of(release, &caption.release)
        && !is_guessed(release)
        && (release.year.is_some()
            || release.resolution.is_some()
            || release.source.is_some()
            || release.date.is_some()
            || !release.seasons.is_empty()
            || !release.episodes.is_empty()
            || !release.absolute.is_empty())
}

/// `HOTD_S02E08` under `House of the Dragon S02E08`.
fn is_shortened(named: &Release, theirs: &Release) -> bool {
    let stands_for = |title| titles::are_initials(&named.title, title) || titles::is_abbreviation(&named.title, title);
    std::iter::once(&theirs.title).chain(&theirs.alternative_titles).any(|title| stands_for(title))
        && !differs(&named.seasons, &theirs.seasons)
        && !differs(&named.episodes, &theirs.episodes)
}

/// `Reina_08` under `La Reina del Sur`, episode 8: the shortest name that the file could have.
fn is_one_word_of(named: &Release, theirs: &Release) -> bool {
    let words = |title: &str| title.split_whitespace().count();
    words(&named.title) == 1
        && (3..=6).contains(&words(&theirs.title))
        && titles::is_same(&named.title, &theirs.title)
        && !theirs.title.to_lowercase().starts_with(&named.title.to_lowercase())
        && !theirs.episodes.is_empty()
        && !differs(&named.seasons, &theirs.seasons)
        && (named.episodes == theirs.episodes || named.episodes.is_empty() && !named.absolute.is_empty())
}

/// Both say something, and nothing that they have in common.
fn differs(a: &[u16], b: &[u16]) -> bool {
    !a.is_empty() && !b.is_empty() && !a.iter().any(|n| b.contains(n))
}

/// Nothing speaks for the name but a number that may be anything: `random_name_123`.
fn is_guessed(release: &Release) -> bool {
    release.year.is_none()
        && release.resolution.is_none()
        && release.source.is_none()
        && release.date.is_none()
        && release.readings.iter().any(|r| matches!(r.doubt, Doubt::NumberTogether | Doubt::NumberInTitle))
}

/// How the caption's film relates to the name's.
#[derive(Clone, Copy, PartialEq)]
enum Relation {
    SameTitle,
    /// The same film under a title in another script.
    OtherScript,
    /// Another film's caption, or a slogan.
    OtherFilm,
}

fn relation(named: &Release, caption: &Caption) -> Relation {
    let release = &caption.release;
    let theirs = || std::iter::once(&release.title).chain(&release.alternative_titles).chain(&caption.tags);
    if theirs().any(|title| titles::is_equal(&named.title, title)) {
        return Relation::SameTitle;
    }
    let years = named.year.zip(release.year);
    // Premieres abroad and uploads come a year late.
    let is_contradicted = years.is_some_and(|(ours, theirs)| ours.abs_diff(theirs) > 1)
        || differs(&named.seasons, &release.seasons)
        || differs(&named.episodes, &release.episodes);
    if is_contradicted {
        Relation::OtherFilm
    } else if theirs().any(|title| titles::is_same(&named.title, title)) {
        Relation::SameTitle
    } else if titles::is_latin(&named.title) != titles::is_latin(&release.title) {
        // In one script a year or an episode that agrees proves nothing: every series has an S01E02.
        Relation::OtherScript
    } else {
        Relation::OtherFilm
    }
}

/// A name that says what it is stands; a caption that speaks of the same film adds what the name left open.
fn complete(release: &mut Release, caption: Caption) {
    let relation = relation(release, &caption);
    let is_known = titles::key(&release.title) == titles::key(&caption.release.title);
    let mut other = caption.release;
    // "📅 17 December 2004": the day of a film's premiere.
    other.date = other.date.filter(|_| release.year.is_none());
    let is_identity = other.year.is_some() || !other.seasons.is_empty() || !other.episodes.is_empty();
    if relation != Relation::SameTitle && is_identity {
        // Another film's caption, a slogan, or the better half of a bilingual title: worth a second search.
        release.readings.push(otherwise(release, &other));
    }
    if relation == Relation::OtherFilm {
        return;
    }
    for title in std::iter::once(&other.title).filter(|_| !is_known).chain(&other.alternative_titles) {
        if titles::key(title) != titles::key(&release.title) && !release.alternative_titles.contains(title) {
            release.alternative_titles.push(title.clone());
        }
    }
    // "Kumo - 05" under "Episode 5": the caption knows what the number counts.
    if let ([number], [episode]) = (&release.absolute[..], &other.episodes[..])
        && *number == f32::from(*episode)
        && !other.seasons.is_empty()
    {
        release.absolute.clear();
    }
    fields::complete(release, Release { group: None, ..other });
}

/// The caption's film as a second reading.
fn otherwise(release: &Release, caption: &Release) -> Reading {
    let is_numbered = !(caption.seasons.is_empty()
        && caption.episodes.is_empty()
        && caption.absolute.is_empty()
        && caption.date.is_none());
    // What the caption does not say, the name does.
    let numbers = if is_numbered { caption } else { release };
    let Release { seasons, episodes, absolute, date, .. } = numbers.clone();
    let year = caption.year.or(release.year);
    Reading { title: caption.title.clone(), year, seasons, episodes, absolute, date, doubt: Doubt::CaptionSays }
}

/// The caption stands; what only the file can know (container, volume) and what the caption left open stays the name's.
fn replace(named: Release, caption: Caption) -> Release {
    let mut release = Release { container: None, part: None, group: None, ..caption.release };
    release.date = release.date.filter(|_| release.year.is_none());
    let numbers_differ = !release.episodes.is_empty() || !release.absolute.is_empty();
    let named = if numbers_differ || is_guessed(&named) {
        Release { seasons: Vec::new(), episodes: Vec::new(), absolute: Vec::new(), ..named }
    } else {
        named
    };
    // The numbers of a camera's or a channel's counter are no episodes.
    let counter = named.seasons.is_empty() && named.episodes.is_empty();
    // "12.mkv" under "Some Series S02": the file is the number.
    if !release.seasons.is_empty()
        && release.episodes.is_empty()
        && counter
        && let Ok(number @ 1..=999) = named.title.trim().parse::<u16>()
    {
        release.episodes.push(number);
    }
    // "Vettaiyan.mkv" under the title in Tamil: both are its names. A counter's name has figures.
    let is_words = named.title.chars().filter(|c| c.is_alphabetic()).count() > 2
        && !named.title.contains(|c: char| c.is_ascii_digit())
        && !titles::is_placeholder(&named.title);
    let is_translation = titles::is_latin(&named.title) && !titles::is_latin(&release.title);
    if is_translation && is_words && !release.alternative_titles.contains(&named.title) {
        release.alternative_titles.push(named.title.clone());
    }
    let title_part = named.title_part.filter(|_| titles::is_same(&named.title, &release.title));
    let named = Release {
        title: String::new(),
        title_part,
        alternative_titles: Vec::new(),
        date: None,
        year: None,
        episode_title: None,
        absolute: if counter { Vec::new() } else { named.absolute },
        ..named
    };
    fields::complete(&mut release, named);
    release
}
