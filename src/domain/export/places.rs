//! A title and its files -> where each stands in the tree, without its ending.
//!
//! Jellyfin takes files of one folder for versions of one film, or of one episode, when their names begin with the same words and go on with
//! ` - ` and a label (of episodes since its version 12), and so does Emby. A label says what the release is, as far as its name tells.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use super::names::{folded, part};
use crate::domain::entry::{Entry, SeriesPart, Status};
use crate::domain::title::{MetaId, Title};

pub const FILMS: &str = "Movies";
pub const SHOWS: &str = "Shows";

/// Bytes of a title in a name. With a year, an id, numbers of episodes and the longest ending it stays below the 255 that file systems
/// keep, and mostly below the 260 of a whole path that old programs on Windows do.
const TITLE_BYTES: usize = 100;
const LABEL_BYTES: usize = 80;
/// Bytes before the endings (`.pt-BR.forced.sdh.srt`, `.nfo`).
const STEM_BYTES: usize = 225;
/// Episodes that a name lists one by one: Kodi takes those that are written there. Of more, the first and the last.
const MOST_LISTED: usize = 12;

/// A file's place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<'a> {
    /// Its path from the root of the tree, without an ending.
    pub stem: String,
    pub entry: &'a Entry,
    /// Season and number of each episode that it holds. Empty for films.
    pub episodes: Vec<(u16, u16)>,
}

/// What a title's folder is called. `with_id`: another title is called so as well.
pub fn folder(title: &Title, with_id: bool) -> String {
    let id = title.meta_id();
    let mut name = part(&title.name, TITLE_BYTES);
    if name.is_empty() {
        name = part(&id.map_or_else(|| "Untitled".to_owned(), |id| id.to_string()), TITLE_BYTES);
    }
    if let Some(year) = title.year {
        let _ = write!(name, " ({year})");
    }
    // As Jellyfin and Emby read it.
    match id.filter(|_| with_id) {
        Some(MetaId::Imdb(id)) => _ = write!(name, " [imdbid-{id}]"),
        Some(MetaId::Tmdb(id)) => _ = write!(name, " [tmdbid-{}]", id.0),
        None => {}
    }
    name
}

pub fn film_folder(folder: &str) -> String {
    format!("{FILMS}/{folder}")
}

pub fn show_folder(folder: &str) -> String {
    format!("{SHOWS}/{folder}")
}

/// The files of a film; samples and trailers are left out.
pub fn films<'a>(folder: &str, entries: &'a [Entry]) -> Vec<Placed<'a>> {
    let whole = entries.iter().filter(|entry| entry.release.extra.is_none());
    let placed = whole.map(|entry| {
        let stem = format!("{}/{}", film_folder(folder), labelled(folder, entry));
        Placed { stem, entry, episodes: Vec::new() }
    });
    told_apart(placed.collect())
}

/// The files of a series, and how many of them have no place: whole seasons of which nobody knows the episodes.
pub fn episodes<'a>(folder: &str, title: &Title, entries: &'a [Entry]) -> (Vec<Placed<'a>>, usize) {
    let (mut placed, mut without) = (Vec::new(), 0);
    for entry in entries.iter().filter(|entry| entry.release.extra.is_none()) {
        let seasons = seasons_of(title, entry);
        without += usize::from(seasons.is_empty());
        for (season, numbers) in seasons {
            let name = labelled(&format!("{folder} {}", numbers_text(season, &numbers)), entry);
            let stem = format!("{}/Season {season:02}/{name}", show_folder(folder));
            let episodes = numbers.into_iter().map(|number| (season, number)).collect();
            placed.push(Placed { stem, entry, episodes });
        }
    }
    (told_apart(placed), without)
}

/// The episodes in a file by their seasons, in order.
fn seasons_of(title: &Title, entry: &Entry) -> BTreeMap<u16, Vec<u16>> {
    let Status::Matched { parts, .. } = &entry.status else { return BTreeMap::new() };
    let mut seasons: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
    for part in parts {
        match *part {
            SeriesPart::Episode { season, number } => seasons.entry(season).or_default().push(number),
            SeriesPart::Season { season } => {
                let known = title.episodes.iter().filter(|episode| episode.season == season);
                let numbers: Vec<u16> = known.map(|episode| episode.number).collect();
                if !numbers.is_empty() {
                    seasons.entry(season).or_default().extend(numbers);
                }
            }
        }
    }
    for numbers in seasons.values_mut() {
        numbers.sort_unstable();
        numbers.dedup();
    }
    seasons
}

/// `S01E02`, `S01E02-E03`.
fn numbers_text(season: u16, numbers: &[u16]) -> String {
    let ends = [numbers.first(), numbers.last()];
    let listed: Vec<u16> = match numbers.len() > MOST_LISTED {
        true => ends.into_iter().flatten().copied().collect(),
        false => numbers.to_vec(),
    };
    let listed: Vec<String> = listed.iter().map(|number| format!("E{number:02}")).collect();
    format!("S{season:02}{}", listed.join("-"))
}

/// `{name} - {label}`; the name alone where nothing is known of the release.
fn labelled(name: &str, entry: &Entry) -> String {
    let room = STEM_BYTES.saturating_sub(name.len() + 3).min(LABEL_BYTES);
    let label = part(&label(entry), room);
    let disc = entry.release.disc.map(|disc| format!("cd{disc}"));
    let words: Vec<String> = Some(label).filter(|label| !label.is_empty()).into_iter().chain(disc).collect();
    match words.is_empty() {
        true => name.to_owned(),
        false => format!("{name} - {}", words.join(" ")),
    }
}

/// `1080p Director's Cut BluRay HDR H.265 de fr GRP`. A resolution first: by it Jellyfin orders the versions. As the release's name says it, not its
/// bytes: servers know a film by its path, which should not change when it is looked into.
fn label(entry: &Entry) -> String {
    let release = &entry.release;
    let mut words: Vec<&str> = release.resolution.iter().map(String::as_str).collect();
    words.extend(release.edition.iter().map(String::as_str));
    words.extend(release.source.iter().chain(&release.hdr).chain(&release.video_codec).map(String::as_str));
    words.extend(release.three_d.then_some("3D"));
    // A film in ten languages is called by none.
    words.extend(release.languages.iter().filter(|_| release.languages.len() <= 3).map(String::as_str));
    words.extend(release.group.as_deref());
    words.join(" ")
}

/// Those that would have one name get a piece of their ids, which stay the same whatever else comes.
fn told_apart(mut placed: Vec<Placed<'_>>) -> Vec<Placed<'_>> {
    /// Of base62: enough for files of one title and one label.
    const PIECE: usize = 6;
    let mut count: HashMap<String, u32> = HashMap::new();
    for one in &placed {
        *count.entry(folded(&one.stem)).or_default() += 1;
    }
    for one in &mut placed {
        if count.get(&folded(&one.stem)).is_some_and(|count| *count > 1) {
            let id = one.entry.id.to_string();
            let piece = id.get(id.len().saturating_sub(PIECE)..).unwrap_or_default();
            let _ = write!(one.stem, " - {piece}");
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::channel::Profile;
    use crate::domain::entry::EntryId;
    use crate::domain::file::{VirtualFile, Volume};
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;
    use crate::domain::title::{Episode, Kind, TitleId};

    fn title(kind: Kind, id: &str, name: &str, year: Option<u16>) -> Title {
        Title { year, ..Title::new(kind, id.parse::<MetaId>().expect("an id").into(), name) }
    }

    fn entry(document: i64, name: &str, parts: &[SeriesPart]) -> Entry {
        let document = DocumentId(document);
        Entry {
            release: Entry::read(name, "", None, &Profile::default()),
            status: Status::Matched { title: TitleId(1), parts: parts.to_vec(), how: None },
            ..Entry::of(
                EntryId::from_documents(&[document]),
                VirtualFile::single(Volume { document, dc: Dc(2), size: 1 }),
                name,
                "",
            )
        }
    }

    fn stems<'a>(placed: &'a [Placed<'_>]) -> Vec<&'a str> {
        placed.iter().map(|one| one.stem.as_str()).collect()
    }

    #[test]
    fn folders_are_called_as_their_titles() {
        let cases = [
            (
                title(Kind::Movie, "tt0063350", "Night of the Living Dead", Some(1968)),
                "Night of the Living Dead (1968)",
            ),
            (title(Kind::Movie, "tt0063350", "Alien: Romulus", Some(2024)), "Alien - Romulus (2024)"),
            (title(Kind::Movie, "tt0063350", "...", None), "tt0063350"),
            (title(Kind::Movie, "tmdb:10331", "???", Some(2001)), "tmdb-10331 (2001)"),
            (title(Kind::Movie, "tt0063350", "Nul", None), "_Nul"),
        ];
        for (title, wanted) in cases {
            assert_eq!(folder(&title, false), wanted);
        }
        let film = title(Kind::Movie, "tt0063350", "Night", Some(1968));
        assert_eq!(folder(&film, true), "Night (1968) [imdbid-tt0063350]");
        let film = title(Kind::Movie, "tmdb:10331", "Night", None);
        assert_eq!(folder(&film, true), "Night [tmdbid-10331]");
    }

    #[test]
    fn releases_of_a_film_stand_side_by_side() {
        let files = [
            entry(1, "Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv", &[]),
            entry(2, "Night.of.the.Living.Dead.1968.German.DVDRip.XviD.CD1.avi", &[]),
            entry(3, "Night.of.the.Living.Dead.1968.German.DVDRip.XviD.CD2.avi", &[]),
            entry(4, "Night.of.the.Living.Dead.1968.sample.mkv", &[]),
            entry(5, "Night.mkv", &[]),
        ];
        let placed = films("Night (1968)", &files);
        assert_eq!(
            stems(&placed),
            [
                "Movies/Night (1968)/Night (1968) - 1080p BluRay H.264 GRP",
                "Movies/Night (1968)/Night (1968) - DVDRip Xvid de cd1",
                "Movies/Night (1968)/Night (1968) - DVDRip Xvid de cd2",
                "Movies/Night (1968)/Night (1968)",
            ]
        );
    }

    #[test]
    fn files_that_would_have_one_name_keep_theirs_whatever_comes() {
        let files = [1, 2, 3].map(|id| entry(id, "Night.1968.1080p.mkv", &[]));
        let placed = films("Night (1968)", &files);
        let names: std::collections::BTreeSet<&str> = stems(&placed).into_iter().collect();
        assert_eq!(names.len(), 3);
        let two = films("Night (1968)", &files[..2]);
        assert_eq!(stems(&two), stems(&placed)[..2]);
    }

    #[test]
    fn episodes_stand_in_their_seasons() {
        let episode = |season, number| SeriesPart::Episode { season, number };
        let known = |season, number| Episode {
            season,
            number,
            name: String::new(),
            overview: String::new(),
            aired: None,
            still: None,
        };
        let episodes_known = (1..=3).map(|n| known(1, n)).chain((1..=20).map(|n| known(2, n))).collect();
        let show = Title { episodes: episodes_known, ..title(Kind::Series, "tt0944947", "A Series", Some(2011)) };
        let files = [
            entry(1, "A.Series.S01E02.720p.mkv", &[episode(1, 2)]),
            entry(2, "A.Series.S01E01E02.mkv", &[episode(1, 2), episode(1, 1)]),
            entry(3, "A.Series.Special.mkv", &[episode(0, 7)]),
            entry(4, "A.Series.S01.1080p.mkv", &[SeriesPart::Season { season: 1 }]),
            entry(5, "A.Series.S02.1080p.mkv", &[SeriesPart::Season { season: 2 }]),
            entry(6, "A.Series.S09.1080p.mkv", &[SeriesPart::Season { season: 9 }]),
            entry(7, "A.Series.S01E03.S02E01.mkv", &[episode(1, 3), episode(2, 1)]),
            entry(8, "A.Series.S01E100.mkv", &[episode(1, 100)]),
        ];
        let (placed, without) = episodes("A Series (2011)", &show, &files);
        assert_eq!(without, 1, "nobody knows the episodes of season 9");
        let short: Vec<&str> =
            stems(&placed).into_iter().map(|stem| stem.trim_start_matches("Shows/A Series (2011)/")).collect();
        assert_eq!(
            short,
            [
                "Season 01/A Series (2011) S01E02 - 720p",
                "Season 01/A Series (2011) S01E01-E02",
                "Season 00/A Series (2011) S00E07",
                "Season 01/A Series (2011) S01E01-E02-E03 - 1080p",
                "Season 02/A Series (2011) S02E01-E20 - 1080p",
                "Season 01/A Series (2011) S01E03",
                "Season 02/A Series (2011) S02E01",
                "Season 01/A Series (2011) S01E100",
            ]
        );
        assert_eq!(placed[4].episodes.len(), 20, "the file holds them all, whatever its name lists");
    }

    #[test]
    fn no_name_is_longer_than_file_systems_keep() {
        let show = title(Kind::Series, "tt0944947", &"🎬é".repeat(200), Some(2011));
        let parts: Vec<SeriesPart> = (1..=40).map(|number| SeriesPart::Episode { season: 1, number }).collect();
        let name = format!("Show.S01E01-E40.1080p.{}.BluRay.REMUX.HDR10+.DV.x265-{}.mkv", "IMAX", "G".repeat(90));
        let files = [entry(1, &name, &parts), entry(2, &name, &parts), entry(3, &name, &parts[..12])];
        let folder = folder(&show, true);
        let (placed, _) = episodes(&folder, &show, &files);
        for one in &placed {
            for name in one.stem.split('/') {
                assert!(name.len() + ".pt-BR.forced.sdh.srt".len() <= 255, "{} bytes: {name}", name.len());
            }
        }
    }
}
