//! The list as the program keeps it: fetched, kept, found again, and left alone when what comes is no list.

use simulation::metadata::anime::{Anime as Listed, Mapped, SiteIds};
use simulation::metadata::{self as provider, Fault};

use super::*;
use crate::adapters::data_folder::write_with;
use crate::domain::title::Kind;

/// The second cour of a series.
pub fn second_cour() -> Listed {
    Listed {
        sort: "TV",
        ids: SiteIds { anidb: 21, anilist: 22, kitsu: 23, mal: 24 },
        romaji: "Hoshi Kago: Zoku".to_owned(),
        english: Some("Star Basket Continued".to_owned()),
        native: Some("星籠 続".to_owned()),
        synonyms: vec!["Hoshikago 2".to_owned()],
        started: "2021-01-10".to_owned(),
        episodes: 12,
        mapped: Some(Mapped {
            imdb: "tt99900031".parse().ok(),
            tmdb: Some(99_900_031),
            tvdb: Some(25),
            of_tvdb: (Some(2), 0),
            of_tmdb: (Some(1), 12),
        }),
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("cinepost-anime-{name}-{}", std::process::id())))
    }

    fn list(&self, url: &str) -> AnimeList {
        let (dir, url) = (self.0.clone(), url.to_owned());
        AnimeList::new(Options { is_on: true, dir, url, listed_by: ListedBy::Tmdb, write: write_with })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn id(text: &str) -> ForeignId {
    text.parse().expect("an id")
}

#[tokio::test]
async fn the_list_is_fetched_once_and_found_again_by_every_sites_number() {
    let anime = vec![second_cour(), Listed { mapped: None, ..second_cour() }];
    let server =
        provider::start(provider::Options { anime, ..provider::Options::default() }).await.expect("a free port");
    let folder = Folder::new("fetched");
    let list = folder.list(&server.anime_lists_url());
    list.open().await;
    assert_eq!((list.state(), list.needs_fetch()), (State::Missing, true));
    assert_eq!(list.fetch(7).await.expect("fetched"), Fetched::Taken(1));
    for known in ["anidb:21", "anilist:22", "kitsu:23", "mal:24", "tvdb:25"] {
        let found = list.find(id(known));
        assert_eq!((found.len(), found[0].kind, found[0].tmdb.offset), (1, Kind::Series, 12), "{known}");
    }
    for unknown in ["anidb:22", "kitsu:21", "tvdb:1", "mal:4294967295"] {
        assert!(list.find(id(unknown)).is_empty(), "{unknown}");
    }
    // After a restart it is there, and is not sent again.
    let again = folder.list(&server.anime_lists_url());
    again.open().await;
    assert_eq!((again.state(), again.needs_fetch()), (State::Ready { titles: 1, fetched: 7 }, false));
    assert_eq!(again.fetch(8).await.expect("asked"), Fetched::Unchanged);
    // Another address may have another list.
    let elsewhere = folder.list(&format!("{}?x", server.anime_lists_url()));
    elsewhere.open().await;
    assert!(elsewhere.needs_fetch() && !elsewhere.find(id("kitsu:23")).is_empty(), "the old one serves meanwhile");
    assert_eq!(elsewhere.fetch(9).await.expect("asked"), Fetched::Taken(1));
    server.stop().await;
}

#[tokio::test]
async fn what_fails_leaves_the_list_in_use() {
    let anime = vec![second_cour()];
    let server =
        provider::start(provider::Options { anime, ..provider::Options::default() }).await.expect("a free port");
    let folder = Folder::new("fails");
    let list = folder.list(&server.anime_lists_url());
    list.fetch(7).await.expect("fetched");
    server.set_fault(Some(Fault::Broken { times: None })).await.expect("set");
    assert!(matches!(list.fetch(8).await, Err(Error::Down(_))));
    server.set_fault(Some(Fault::Down)).await.expect("set");
    assert!(matches!(list.fetch(8).await, Err(Error::Down(_))));
    server.set_fault(None).await.expect("set");
    for (path, problem) in [("/manifest.json", "no list of anime"), ("/anime-lists/none.json", "check ANIME_LISTS_URL")]
    {
        let wrong = folder.list(&format!("{}{path}", server.url));
        wrong.open().await;
        let error = wrong.fetch(8).await.expect_err(path).to_string();
        assert!(error.contains(problem), "{error}");
        assert_eq!(wrong.state(), State::Ready { titles: 1, fetched: 7 });
    }
    // A damaged file is no list, and is fetched anew.
    std::fs::write(folder.0.join("anime.json"), "{").expect("written");
    let damaged = folder.list(&server.anime_lists_url());
    damaged.open().await;
    assert!(damaged.needs_fetch());
    assert_eq!(damaged.fetch(9).await.expect("fetched"), Fetched::Taken(1));
    server.stop().await;
}

#[tokio::test]
async fn without_the_owners_wish_nothing_is_looked_at() {
    let folder = Folder::new("off");
    let list = folder.list("http://127.0.0.1:9/list.json");
    let off = AnimeList::new(Options {
        is_on: false,
        dir: folder.0.clone(),
        url: String::new(),
        listed_by: ListedBy::Tmdb,
        write: write_with,
    });
    off.open().await;
    assert_eq!((off.state(), off.needs_fetch(), list.state()), (State::Off, false, State::Missing));
    assert!(AnimeList::none().find(id("kitsu:1")).is_empty());
}
