//! Trees of a small library: what is in them, whose they are, and what a second time does.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::TryStreamExt;

use super::*;
use crate::adapters::store::Database;
use crate::domain::channel::Profile;
use crate::domain::entry::{Entry, EntryId, SeriesPart, Source, Status};
use crate::domain::file::{VirtualFile, Volume};
use crate::domain::list::{ByIds, ListId};
use crate::domain::person::{NewPerson, Role};
use crate::domain::post::{ChatId, DocumentId, PostRef};
use crate::domain::secret::{Purpose, SecretKey};
use crate::domain::telegram_id::Dc;
use crate::domain::title::{Episode, Kind, MetaId, Title, TitleId};
use crate::protocols::m3u::Playlist;
use crate::protocols::stremio::AbsoluteUrl;

/// 2026-11-30 05:00 UTC.
const NOW: i64 = 1_796_014_800;

struct Home {
    dir: PathBuf,
    store: Store,
    export: Export,
    lines: Arc<Said>,
}

/// Lines that somebody reads out, with a count of how often.
#[derive(Default)]
struct Said {
    read: Mutex<Vec<String>>,
    fails: Mutex<bool>,
}

impl Lines for Said {
    fn read<'a>(
        &'a self,
        _: &'a Export,
        _: &'a Person,
        subtitles: &'a Entry,
        shift_ms: i64,
    ) -> BoxFuture<'a, Result<Option<String>, Unread>> {
        self.read.lock().expect("whole").push(subtitles.name.clone());
        let fails = *self.fails.lock().expect("whole");
        Box::pin(async move {
            match subtitles.name.as_str() {
                _ if fails => Err(Unread("nobody is there".to_owned())),
                name if name.contains("empty") => Ok(None),
                name => Ok(Some(format!("{name} {shift_ms}"))),
            }
        })
    }
}

impl Said {
    fn count(&self) -> usize {
        self.read.lock().expect("whole").len()
    }
}

fn chat(n: i64) -> ChatId {
    ChatId::from_bare(1_500_000_000 + n).expect("a channel")
}

impl Home {
    async fn open() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("cinepost-export-{}-{count}", std::process::id()));
        let store = Store::open(Database::Embedded { dir: dir.join("data") }).await.expect("a store");
        store.channels().seed(&[chat(1), chat(2)]).await.expect("seeded");
        store.people().put(&Person::owner("Olga")).await.expect("kept");
        let link = SecretKey::from_bytes([7; 32]).derive(Purpose::Link);
        let addresses = Addresses::new(AbsoluteUrl::parse("https://films.example.org").expect("absolute"));
        let lines = Arc::new(Said::default());
        let export = Export::new(store.clone(), link, addresses, lines.clone());
        Self { dir, store, export, lines }
    }

    async fn title(&self, kind: Kind, id: &str, name: &str, year: u16) -> TitleId {
        let ids = id.parse::<MetaId>().expect("an id").into();
        let episode = |number| Episode {
            season: 1,
            number,
            name: format!("Part {number}"),
            overview: String::new(),
            aired: None,
            still: None,
        };
        let episodes = if kind == Kind::Series { (1..=3).map(episode).collect() } else { Vec::new() };
        let title = Title { year: Some(year), episodes, ..Title::new(kind, ids, name) };
        self.store.titles().record(&title).await.expect("recorded")
    }

    async fn post(&self, channel: i64, message: i32, name: &str, status: Status) -> EntryId {
        let document = DocumentId(channel * 1000 + i64::from(message));
        let id = EntryId::from_documents(&[document]);
        let volume = Volume { document, dc: Dc(4), size: 1 << 30 };
        let entry = Entry {
            release: Entry::read(name, "", None, &Profile::default()),
            duration_secs: Some(5400),
            posted: NOW,
            ..Entry::of(id, VirtualFile::single(volume), name, "video/x-matroska")
        };
        let at = PostRef { chat: chat(channel), message };
        let source = Source { at, entry: id, document, date: NOW, album: None, reply_to: None };
        self.store.posts().record(&[(source, entry)]).await.expect("recorded");
        let entry = self.store.entries().get(id).await.expect("asked").expect("there");
        assert!(self.store.entries().settle(&entry, &status).await.expect("settled"));
        id
    }

    async fn film(&self, message: i32, title: TitleId, name: &str) -> EntryId {
        self.post(1, message, name, matched(title, &[])).await
    }

    async fn lines_of(&self, message: i32, title: TitleId, name: &str) -> EntryId {
        let status = Status::Subtitles { title: Some(title), parts: Vec::new(), beside: None, how: None };
        self.post(1, message, name, status).await
    }

    async fn owner(&self) -> Person {
        self.store.people().all().await.expect("asked").remove(0)
    }

    fn tree(&self) -> PathBuf {
        self.dir.join("tree")
    }

    async fn write(&self) -> Report {
        let person = self.owner().await;
        self.export.write(&person, NOW, &self.tree(), &|_| ()).await.expect("written")
    }

    /// Paths and texts of what stands in the tree, but for the list.
    fn files(&self) -> BTreeMap<String, String> {
        let (mut files, mut folders) = (BTreeMap::new(), vec![self.tree()]);
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
                let name = path.strip_prefix(self.tree()).expect("inside").display().to_string();
                match path.is_dir() {
                    true => folders.push(path),
                    false if name.starts_with('.') => {}
                    false => _ = files.insert(name, std::fs::read_to_string(path).expect("text")),
                }
            }
        }
        files
    }

    fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn matched(title: TitleId, parts: &[SeriesPart]) -> Status {
    Status::Matched { title, parts: parts.to_vec(), how: None }
}

#[tokio::test]
async fn a_film_and_an_episode_stand_with_their_links_and_what_is_known_of_them() {
    let home = Home::open().await;
    let night = home.title(Kind::Movie, "tt0063350", "Night", 1968).await;
    home.film(1, night, "Night.1968.1080p.mkv").await;
    home.film(2, night, "Night.1968.720p.mp4").await;
    home.film(3, night, "Night.1968.sample.mkv").await;
    let show = home.title(Kind::Series, "tt0944947", "Show", 2011).await;
    home.post(1, 4, "Show.S01E02.mkv", matched(show, &[SeriesPart::Episode { season: 1, number: 2 }])).await;
    home.post(1, 5, "Show.S07.mkv", matched(show, &[SeriesPart::Season { season: 7 }])).await;
    let report = home.write().await;
    let said = "1 film and 1 series with 3 links and 0 files of subtitles: 7 new, 0 changed, 0 removed; \
                1 season in one file has no place, as nobody knows their episodes";
    assert_eq!(report.words(), said);
    assert_eq!(
        home.names(),
        [
            "Movies/Night (1968)/Night (1968) - 1080p.nfo",
            "Movies/Night (1968)/Night (1968) - 1080p.strm",
            "Movies/Night (1968)/Night (1968) - 720p.nfo",
            "Movies/Night (1968)/Night (1968) - 720p.strm",
            "Shows/Show (2011)/Season 01/Show (2011) S01E02.nfo",
            "Shows/Show (2011)/Season 01/Show (2011) S01E02.strm",
            "Shows/Show (2011)/tvshow.nfo",
        ]
    );
    let files = home.files();
    let link = &files["Movies/Night (1968)/Night (1968) - 720p.strm"];
    assert!(link.starts_with("https://films.example.org/dl/") && link.ends_with("/Night.1968.720p.mp4\n"), "{link}");
    assert!(files["Shows/Show (2011)/Season 01/Show (2011) S01E02.nfo"].contains("<title>Part 2</title>"));
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".nfo")) {
        roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let again = home.write().await;
    assert_eq!((again.kept.same, again.kept.new, again.kept.changed), (7, 0, 0));
}

#[tokio::test]
async fn what_is_gone_goes_and_titles_of_one_name_are_told_apart() {
    let home = Home::open().await;
    let one = home.title(Kind::Movie, "tt0000001", "Cinema", 2001).await;
    let kept = home.film(1, one, "Cinema.2001.mkv").await;
    home.write().await;
    assert_eq!(home.names(), ["Movies/Cinema (2001)/Cinema (2001).nfo", "Movies/Cinema (2001)/Cinema (2001).strm"]);
    let link = home.files()["Movies/Cinema (2001)/Cinema (2001).strm"].clone();

    let other = home.title(Kind::Movie, "tt0000002", "CINEMA", 2001).await;
    home.film(2, other, "CINEMA.2001.mkv").await;
    let report = home.write().await;
    assert_eq!((report.kept.new, report.kept.removed), (4, 2));
    let folders: Vec<String> =
        home.names().iter().map(|name| name.split('/').nth(1).unwrap_or_default().to_owned()).collect();
    let (first, second) = ("CINEMA (2001) [imdbid-tt0000002]", "Cinema (2001) [imdbid-tt0000001]");
    assert_eq!(folders, [first, first, second, second]);

    // The first is gone, so the other one has its name again.
    let at = PostRef { chat: chat(1), message: 1 };
    assert_eq!(home.store.posts().remove(&[at]).await.expect("removed").len(), 1);
    home.write().await;
    assert_eq!(home.names(), ["Movies/CINEMA (2001)/CINEMA (2001).nfo", "Movies/CINEMA (2001)/CINEMA (2001).strm"]);
    home.film(1, one, "Cinema.2001.mkv").await;
    home.write().await;
    let back = &home.files()[&format!("Movies/{second}/{second}.strm")];
    assert_eq!(*back, link, "{kept} plays where it played before");
}

#[tokio::test]
async fn a_tree_is_one_persons() {
    let home = Home::open().await;
    let [seen, hidden] = [("tt0000001", "Seen"), ("tt0000002", "Hidden")];
    let seen = home.title(Kind::Movie, seen.0, seen.1, 2001).await;
    let hidden = home.title(Kind::Movie, hidden.0, hidden.1, 2001).await;
    home.film(1, seen, "Seen.2001.mkv").await;
    home.post(2, 2, "Hidden.2001.mkv", matched(hidden, &[])).await;
    home.write().await;
    let of_owner = home.files();
    assert_eq!(of_owner.len(), 4);

    let new = NewPerson::called("Anna", Role::Guest, NOW);
    let anna = home.store.people().add(&new).await.expect("asked").expect("added");
    let anna = Person { reach: crate::domain::catalog::Reach::Only([chat(1)].into()), ..anna };
    home.store.people().put(&anna).await.expect("kept");
    let dir = home.dir.join("anna");
    let write = async |person: &Person| home.export.write(person, NOW, &dir, &|_| ()).await;
    let report = write(&anna).await.expect("written");
    assert_eq!((report.films, report.links), (1, 1));
    let path = "Movies/Seen (2001)/Seen (2001).strm";
    let hers = std::fs::read_to_string(dir.join(path)).expect("there");
    assert_ne!(hers, of_owner[path], "her own link");
    let banned = Person { is_removed: true, ..anna };
    assert!(matches!(write(&banned).await, Err(Error::MayNotWatch { name }) if name == "Anna"));
}

#[tokio::test]
async fn subtitles_are_read_once_and_those_of_before_are_better_than_none() {
    let home = Home::open().await;
    let night = home.title(Kind::Movie, "tt0063350", "Night", 1968).await;
    home.film(1, night, "Night.1968.1080p.BluRay-GRP.mkv").await;
    let lines = home.lines_of(2, night, "Night.1968.1080p.BluRay-GRP.de.forced.srt").await;
    home.lines_of(3, night, "Night.1968.HDTV.German.forced.srt").await;
    home.lines_of(4, night, "Night.1968.en.ass").await;
    home.lines_of(5, night, "Night.1968.empty.fr.srt").await;
    home.lines_of(6, night, "Night.1968.es.idx").await;
    assert_eq!(home.write().await.subtitles, 2);
    let stem = "Movies/Night (1968)/Night (1968) - 1080p BluRay GRP";
    let files = home.files();
    assert_eq!(files[&format!("{stem}.de.forced.srt")], "Night.1968.1080p.BluRay-GRP.de.forced.srt 0", "what fits");
    assert_eq!(files[&format!("{stem}.en.ass")], "Night.1968.en.ass 0");
    assert_eq!(files.len(), 4);
    assert_eq!(home.lines.count(), 3);
    assert_eq!(home.write().await.subtitles, 2);
    assert_eq!(home.lines.count(), 4, "only what has none is asked again; the program remembers those itself");

    // Moved: they are written anew. Nobody is there: they stay as they were.
    *home.lines.fails.lock().expect("whole") = true;
    home.store.subtitles().set_shift(lines, 1500).await.expect("kept");
    let report = home.write().await;
    assert_eq!((report.unread, report.unread_why.as_str(), report.kept.removed), (2, "nobody is there", 0));
    assert_eq!(home.files()[&format!("{stem}.de.forced.srt")], files[&format!("{stem}.de.forced.srt")]);
    *home.lines.fails.lock().expect("whole") = false;
    home.write().await;
    assert!(home.files()[&format!("{stem}.de.forced.srt")].ends_with(" 1500"));
}

#[tokio::test]
async fn a_zip_holds_the_same_tree() {
    let home = Home::open().await;
    let night = home.title(Kind::Movie, "tt0063350", "Night", 1968).await;
    home.film(1, night, "Night.1968.mkv").await;
    home.lines_of(2, night, "Night.1968.de.srt").await;
    home.write().await;
    let path = home.dir.join("films.ZIP");
    let owner = home.owner().await;
    let report = home.export.write(&owner, NOW, &path, &|_| ()).await.expect("written");
    let bytes = std::fs::read(&path).expect("there");
    assert_eq!(report.zip_bytes, Some(bytes.len() as u64));
    let archive = rawzip::ZipArchive::from_slice(&bytes).expect("a zip");
    let (mut entries, mut names) = (archive.entries(), Vec::new());
    while let Some(entry) = entries.next_entry().expect("an entry") {
        names.push(entry.file_path().try_normalize().expect("a name").as_ref().to_owned());
    }
    names.sort();
    assert_eq!(names, home.names());
    assert!(report.words().starts_with("wrote 1 film and 0 series with 1 link and 1 file of subtitles, 0.0 MB"));
}

async fn playlist(home: &Home, what: Playlist) -> Option<String> {
    let items = home.export.playlist(what, &home.owner().await).await.expect("asked")?;
    let pieces: Vec<bytes::Bytes> = items.try_collect().await.expect("whole");
    Some(String::from_utf8(pieces.concat()).expect("UTF-8"))
}

/// Names and addresses, read as strictly as can be.
fn read(text: &str) -> Vec<(String, String)> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("#EXTM3U"));
    assert!(lines.next().is_some_and(|line| line.starts_with("#PLAYLIST:")));
    let mut items = Vec::new();
    while let Some(info) = lines.next() {
        let (about, name) = info.strip_prefix("#EXTINF:").and_then(|info| info.split_once(',')).expect("an item");
        let secs: i64 = about.split(' ').next().and_then(|secs| secs.parse().ok()).expect("a length");
        assert_eq!(secs, 5400);
        let url = AbsoluteUrl::parse(lines.next().expect("an address")).expect("absolute");
        items.push((name.to_owned(), url.as_str().to_owned()));
    }
    items
}

#[tokio::test]
async fn playlists_hold_the_best_file_of_each() {
    let home = Home::open().await;
    let night = home.title(Kind::Movie, "tt0063350", "Night, Part 1: Dawn", 1968).await;
    home.film(1, night, "Night.1968.720p.mkv").await;
    home.film(2, night, "Night.1968.1080p.mkv").await;
    let discs = home.title(Kind::Movie, "tt0000001", "Discs", 1999).await;
    home.film(3, discs, "Discs.1999.CD2.avi").await;
    home.film(4, discs, "Discs.1999.CD1.avi").await;
    let show = home.title(Kind::Series, "tt0944947", "Show", 2011).await;
    let episode = |number| SeriesPart::Episode { season: 1, number };
    home.post(1, 5, "Show.S01E02.mkv", matched(show, &[episode(2)])).await;
    home.post(1, 6, "Show.S01E01.720p.mkv", matched(show, &[episode(1)])).await;
    home.post(1, 7, "Show.S01E01.2160p.mkv", matched(show, &[episode(1)])).await;

    let films = read(&playlist(&home, Playlist::Films).await.expect("there"));
    let names: Vec<&str> = films.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Discs (1999) CD1", "Discs (1999) CD2", "Night, Part 1: Dawn (1968)"]);
    assert!(films[2].1.ends_with("/Night.1968.1080p.mkv"), "{films:?}");

    let series = |id: &str| Playlist::Series(id.parse().expect("an id"));
    let episodes = read(&playlist(&home, series("tt0944947")).await.expect("there"));
    let names: Vec<&str> = episodes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Show S01E01 Part 1", "Show S01E02 Part 2"]);
    assert!(episodes[0].1.ends_with("/Show.S01E01.2160p.mkv"));
    assert_eq!(playlist(&home, series("tt0000001")).await, None, "no series");

    let mut list = home.store.lists().add("Weekend").await.expect("asked").expect("made");
    for id in [show, night] {
        let title = home.store.titles().get(id).await.expect("asked").expect("there");
        list.put(ByIds::of(&title), None);
    }
    assert!(home.store.lists().put(&list).await.expect("kept"));
    let items = read(&playlist(&home, Playlist::List(list.id)).await.expect("there"));
    assert_eq!(items, [episodes, vec![films[2].clone()]].concat());
    assert_eq!(playlist(&home, Playlist::List(ListId(99))).await, None);
}
