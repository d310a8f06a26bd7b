//! Lists made by hand, collections, and the choice of catalogs: by the terminal beside the running program, in Stremio.

use serde_json::Value;

use crate::support::{CHAT, NIGHT, TestApp, film};

const GENERAL: &str = "The.General.1926.1080p.BluRay.x264-GRP.mkv";
const SHERLOCK: &str = "Sherlock.Jr.1924.1080p.BluRay.x264-GRP.mkv";

/// `movie/newest` for each catalog that the manifest of an addon offers.
async fn offered(app: &TestApp, addon: &str) -> Vec<String> {
    let manifest: Value = app.get(&format!("{addon}/manifest.json")).await.json().await.expect("JSON");
    let catalogs = manifest["catalogs"].as_array().expect("catalogs").iter();
    let name = |catalog: &Value, field| catalog[field].as_str().unwrap_or_default().to_owned();
    catalogs.map(|catalog| format!("{}/{}", name(catalog, "type"), name(catalog, "id"))).collect()
}

async fn listed(app: &TestApp, addon: &str, catalog: &str) -> Vec<String> {
    let page: Value = app.get(&format!("{addon}/catalog/{catalog}.json")).await.json().await.expect("JSON");
    let metas = page["metas"].as_array().expect("metas").iter();
    metas.map(|meta| meta["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn done(app: &TestApp, args: &[&str]) -> String {
    let (is_fine, said) = app.command(args, &[]);
    assert!(is_fine, "{args:?}: {said}");
    said
}

/// Somebody else's addon.
fn addon_of(app: &TestApp, name: &str) -> String {
    let base = app.addon().split("/stremio/").next().expect("a base").to_owned();
    let (is_fine, said) = app.command(&["person", "add", name, "--role", "guest"], &[("BASE_URL", &base)]);
    let link = said.split_whitespace().find(|word| word.contains("/stremio/")).unwrap_or_else(|| panic!("{said}"));
    assert!(is_fine);
    link.trim_end_matches("/manifest.json").to_owned()
}

async fn all_here(app: &TestApp) {
    for name in [NIGHT, GENERAL, SHERLOCK, "The.Paper.Observatory.S02E01.1080p.WEB-DL.mkv"] {
        app.post(film(name, 1_000));
    }
    let counts = |found: &Result<cinepost::domain::catalog::Counts, _>| {
        found.as_ref().is_ok_and(|counts| (counts.movies, counts.series) == (3, 1))
    };
    app.until("all four", || app.app.library.counts(), counts).await.expect("counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_a_catalog_for_those_that_it_is_for() {
    let app = TestApp::start().await;
    all_here(&app).await;
    let (owner, anna, ben) = (app.addon(), addon_of(&app, "Anna"), addon_of(&app, "Ben"));
    assert!(done(&app, &["list", "make", "Autumn “evenings”"]).contains("Made list 1"));
    assert!(!offered(&app, &owner).await.contains(&"movie/list-1".to_owned()), "an empty row helps nobody");
    for title in [&["night of the living dead"][..], &["tt0017925"], &["Sherlock", "Jr."], &["The Paper Observatory"]] {
        done(&app, &[&["list", "add", "autumn “EVENINGS”"], title].concat());
    }
    assert!(done(&app, &["list", "add", "1", "tt0015324", "--at", "1"]).contains("4 titles, for guests"));
    assert_eq!(listed(&app, &anna, "movie/list-1").await, ["Sherlock Jr.", "Night of the Living Dead", "The General"]);
    assert_eq!(listed(&app, &anna, "series/list-1").await, ["The Paper Observatory"]);
    let shown = done(&app, &["list", "show", "1"]);
    assert!(shown.contains("1  movie  tt0015324    Sherlock Jr. (1924)"), "{shown}");

    // Anna alone, beside the owner; her channels count all the same.
    done(&app, &["list", "for", "1", "owner", "--person", "anna"]);
    for (addon, sees) in [(&owner, true), (&anna, true), (&ben, false)] {
        assert_eq!(offered(&app, addon).await.contains(&"movie/list-1".to_owned()), sees);
        assert_eq!(listed(&app, addon, "movie/list-1").await.len(), if sees { 3 } else { 0 });
    }
    done(&app, &["channel", "audience", &CHAT.to_string(), "members"]);
    assert!(listed(&app, &anna, "movie/list-1").await.is_empty(), "nobody sees through a list what is not for them");
    assert!(!offered(&app, &anna).await.contains(&"movie/list-1".to_owned()));
    assert_eq!(listed(&app, &owner, "movie/list-1").await.len(), 3);

    assert!(done(&app, &["list", "take", "1", "tt0015324"]).contains("Taken out: Sherlock Jr. (1924), tt0015324"));
    let said = done(&app, &["list", "add", "1", "tt0063350"]);
    assert!(said.contains("Put in: Night of the Living Dead (1968), tt0063350\nThat is so already."), "{said}");
    assert!(done(&app, &["list", "rename", "1", "Winter"]).contains("Winter: 3 titles, for owner and Anna"));
    for (args, wanted) in [
        (&["list", "add", "Spring", "tt0015324"][..], "there is no list"),
        (&["list", "add", "1", "Nobody's film"], "nothing here is called"),
        (&["list", "add", "1", "Sherlock"], "  movie tt0015324  Sherlock Jr. (1924)"),
        (&["list", "take", "1", "tt0015324"], "is not in it"),
        (&["list", "make", "winter"], "is called \"winter\" already"),
        (&["list", "for", "1", "friends"], "it should be guests"),
        (&["list", "for", "1", "owner", "--person", "Carl"], "nobody is called \"Carl\""),
    ] {
        let (is_fine, said) = app.command(args, &[]);
        assert!(!is_fine && said.contains(wanted), "{args:?}: {said}");
    }
    done(&app, &["list", "remove", "winter"]);
    assert!(listed(&app, &owner, "movie/list-1").await.is_empty());
    assert!(done(&app, &["list"]).contains("There is no list yet"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn films_that_belong_together_stand_in_a_collection() {
    let app = TestApp::start().await;
    app.post(film(GENERAL, 1_000));
    let here = |wanted: u64| {
        move |found: &Result<cinepost::domain::catalog::Counts, _>| {
            found.as_ref().is_ok_and(|counts| counts.movies == wanted)
        }
    };
    app.until("one film", || app.app.library.counts(), here(1)).await.expect("counts");
    let addon = app.addon();
    assert!(!offered(&app, &addon).await.contains(&"movie/collections".to_owned()), "one film is no collection");
    app.post(film(SHERLOCK, 1_000));
    app.until("two films", || app.app.library.counts(), here(2)).await.expect("counts");
    assert!(offered(&app, &addon).await.contains(&"movie/collections".to_owned()));
    let page = app.ask("catalog/movie/collections.json").await;
    let collection = &page["metas"][0];
    assert_eq!(collection["name"], "Buster Keaton Collection");
    assert!(collection["poster"].as_str().is_some_and(|poster| poster.starts_with("http")), "{collection}");
    let id = collection["id"].as_str().expect("an id");
    let meta = app.ask(&format!("meta/movie/{id}.json")).await;
    let films: Vec<&str> =
        meta["meta"]["videos"].as_array().expect("videos").iter().filter_map(|video| video["id"].as_str()).collect();
    assert_eq!(films, ["tt0015324", "tt0017925"], "as they came out");
    for film in films {
        let streams = app.ask(&format!("stream/movie/{film}.json")).await;
        assert_eq!(streams["streams"].as_array().map(Vec::len), Some(1), "{film}");
    }
    assert_eq!(app.get(&format!("{addon}/meta/movie/cinepost:collection:77.json")).await.status(), 404);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_chooses_which_catalogs_are_shown() {
    let app = TestApp::start().await;
    all_here(&app).await;
    let addon = app.addon();
    let all = offered(&app, &addon).await;
    let said = done(&app, &["catalogs", "show", "collections", "newest"]);
    assert!(said.contains("shown: collections newest") && said.contains("install it anew"), "{said}");
    assert_eq!(offered(&app, &addon).await, ["movie/collections", "movie/newest", "series/newest"]);
    assert_eq!(listed(&app, &addon, "movie/popular").await.len(), 3, "installed before, it goes on working");
    let (is_fine, said) = app.command(&["catalogs", "show", "new"], &[]);
    assert!(!is_fine && said.contains("\"new\" is no catalog; there are newest"), "{said}");
    done(&app, &["catalogs", "reset"]);
    assert_eq!(offered(&app, &addon).await, all);
    app.stop().await;
}
