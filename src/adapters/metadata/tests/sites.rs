//! Names that TMDB and Cinemeta do not know: what Kitsu and AniList find of anime, TheTVDB of all, and what becomes of it.

use simulation::metadata::anime::{Anime as Listed, Mapped, SiteIds};
use simulation::metadata::tvdb::Listed as TvdbListed;

use super::ladder::work;
use super::*;
use crate::adapters::data_folder::write_with;
use crate::domain::anime::ListedBy;

fn listed(kitsu: u32, romaji: &str, synonyms: &[&str], mapped: Option<Mapped>) -> Listed {
    Listed {
        sort: "TV",
        ids: SiteIds { anidb: 100 + kitsu, anilist: 200 + kitsu, kitsu, mal: 300 + kitsu },
        romaji: romaji.to_owned(),
        english: None,
        native: Some("籠の星".to_owned()).filter(|_| kitsu == 1),
        synonyms: synonyms.iter().map(|name| (*name).to_owned()).collect(),
        started: "2020-01-05".to_owned(),
        episodes: 3,
        mapped,
    }
}

/// A provider with one series of six, whose second half sites for anime have under another name, and one that no list knows.
async fn server() -> Server {
    let series = work(Kind::Series, "Star Basket", "2020-01-05", &[6]);
    let of = |offset| Mapped {
        imdb: None,
        tmdb: u32::try_from(series.tmdb).ok(),
        tvdb: None,
        of_tvdb: (Some(2), 0),
        of_tmdb: (Some(1), offset),
    };
    let anime = vec![
        listed(1, "Kago no Hoshi", &["Hoshikago"], Some(of(0))),
        listed(2, "Kago no Hoshi Zoku", &["Hoshikago Encore"], Some(of(3))),
        listed(3, "Nami no Machi", &[], None),
    ];
    provider::start(provider::Options { works: vec![series], anime, ..provider::Options::default() })
        .await
        .expect("a port")
}

/// With the list fetched into a folder of its own.
async fn with_list(server: &Server, name: &str) -> (AnimeList, std::path::PathBuf) {
    let dir = std::env::temp_dir().join(format!("cinepost-sites-{name}-{}", std::process::id()));
    let (url, listed_by) = (server.anime_lists_url(), ListedBy::Tmdb);
    let list = AnimeList::new(anime::Options { is_on: true, dir: dir.clone(), url, listed_by, write: write_with });
    list.fetch(0).await.expect("fetched");
    (list, dir)
}

fn anime_at(kitsu_url: &str, anilist_url: &str) -> SiteOptions {
    let sites = AnimeSites { kitsu_url: kitsu_url.to_owned(), anilist_url: anilist_url.to_owned() };
    SiteOptions { anime: Some(sites), tvdb: None }
}

async fn ask(metadata: &Metadata, name: &str, is_anime: bool) -> Result<String, Error> {
    let release = parse(&Input { name, caption: "", folder: "" });
    let clues = Clues { file_name: name, is_anime, ..Clues::from(&release) };
    Ok(match metadata.identify(&clues).await? {
        Identified::Match { title, how, anime, .. } => {
            let placed = metadata.place(&release, &title, anime.as_deref()).await?;
            let parts: String = placed.parts.iter().map(|part| format!(" {part:?}")).collect();
            format!("{}{parts} | {how}", title.name)
        }
        Identified::NoMatch { nearest, .. } => {
            let nearest: Vec<_> = nearest.iter().map(crate::domain::matching::Suggestion::with_why).collect();
            format!("nothing | {}", nearest.join("; "))
        }
        other => format!("{other:?}"),
    })
}

#[tokio::test]
async fn names_of_anime_lead_to_the_title_and_the_season_that_the_list_says() {
    let server = server().await;
    let (list, dir) = with_list(&server, "names").await;
    let metadata = handle(&server, Some(provider::KEY), Arc::new(Kept::default()));
    let metadata = metadata.with_anime(list).with_sites(anime_at(&server.kitsu_url(), &server.anilist_url()));
    for (name, wanted, why) in [
        (
            "[Group] Kago no Hoshi Zoku - 02 [1080p].mkv",
            "Star Basket Episode { season: 1, number: 5 }",
            "Kitsu (kitsu:2)",
        ),
        (
            "[Group] Hoshikago Encore - 03 [1080p].mkv",
            "Star Basket Episode { season: 1, number: 6 }",
            "Kitsu (kitsu:2)",
        ),
        ("[Group] Kago no Hoshi - 02 [1080p].mkv", "Star Basket Episode { season: 1, number: 2 }", "Kitsu (kitsu:1)"),
        ("籠の星 - 03 [1080p].mkv", "Star Basket Episode { season: 1, number: 3 }", "Kitsu (kitsu:1)"),
        // Beyond the season, and beyond the series: counted through, and not at all.
        ("[Group] Kago no Hoshi Zoku - 06 [1080p].mkv", "Star Basket Episode { season: 1, number: 6 }", "Kitsu"),
        ("[Group] Nami no Machi - 02 [1080p].mkv", "nothing | Nami no Machi (2020)", "nobody says which title"),
        ("[Group] Yama no Ie - 02 [1080p].mkv", "nothing | ", ""),
    ] {
        let said = ask(&metadata, name, true).await.expect("they answer");
        assert!(said.starts_with(wanted) && said.contains(why), "{name}: {said}");
    }
    // What was found is remembered, and other channels ask nobody.
    let asked = server.asked();
    assert!(ask(&metadata, "[Group] Kago no Hoshi Zoku - 02 [1080p].mkv", true).await.is_ok());
    let said = ask(&metadata, "[Group] Kago no Hoshi Zoku - 01 [1080p].mkv", false).await.expect("they answer");
    assert!(said.starts_with("nothing"), "{said}");
    assert_eq!(server.asked(), asked);
    server.stop().await;
    let _ = std::fs::remove_dir_all(dir);
}

#[tokio::test]
async fn a_site_that_is_down_is_made_up_for_by_the_other_or_waited_for() {
    let server = server().await;
    let (list, dir) = with_list(&server, "down").await;
    let nowhere = "http://127.0.0.1:9";
    let metadata = || handle(&server, Some(provider::KEY), Arc::new(Kept::default())).with_anime(list.clone());
    let name = "[Group] Kago no Hoshi Zoku - 02 [1080p].mkv";
    let said =
        ask(&metadata().with_sites(anime_at(nowhere, &server.anilist_url())), name, true).await.expect("one answers");
    assert!(said.starts_with("Star Basket") && said.contains("AniList (anilist:202)"), "{said}");
    let down = metadata().with_sites(anime_at(nowhere, nowhere));
    assert_eq!(down.sites_seen(), [("Kitsu", None), ("AniList", None)]);
    let failed = ask(&down, name, true).await.expect_err("nobody answers");
    assert!(failed.is_of_a_site(), "{failed}");
    let checked = down.check_sites().await;
    assert!(checked.len() == 2 && checked.iter().all(|(_, state)| state.is_err()), "{checked:?}");
    assert!(down.sites_seen().iter().all(|(_, seen)| matches!(seen, Some(Err(_)))), "{:?}", down.sites_seen());
    let well = metadata().with_sites(anime_at(&server.kitsu_url(), &server.anilist_url()));
    assert_eq!(well.check_sites().await, [("Kitsu", Ok(())), ("AniList", Ok(()))]);
    server.stop().await;
    let _ = std::fs::remove_dir_all(dir);
}

#[tokio::test]
async fn thetvdbs_numbers_lead_to_series_that_tmdb_knows_by_them() {
    let series = Work { tvdb: Some(81_189), ..work(Kind::Series, "Star Basket", "2020-01-05", &[6]) };
    let options = provider::Options { works: vec![series], ..provider::Options::default() };
    let server = provider::start(options).await.expect("a free port");
    for (key, name, wanted) in [
        (Some(provider::KEY), "Whatever {tvdb-81189} S01E02.mkv", "Star Basket Episode { season: 1, number: 2 }"),
        (Some(provider::KEY), "Whatever {tvdb-7} S01E02.mkv", "nothing"),
        (Some(provider::KEY), "Star Basket {tvdb-7} S01E02.mkv", "Star Basket Episode { season: 1, number: 2 }"),
        (None, "Whatever {tvdb-81189} S01E02.mkv", "nothing"),
    ] {
        let said = ask(&handle(&server, key, Arc::new(Kept::default())), name, false).await.expect("it answers");
        assert!(said.starts_with(wanted), "{name}: {said}");
    }
    server.stop().await;
}

fn tvdb_at(server: &Server, key: &str) -> SiteOptions {
    let account = TvdbAccount { url: server.tvdb_url(), key: key.to_owned(), pin: None };
    SiteOptions { anime: None, tvdb: Some(account) }
}

/// A series and a film that others know under one name, and one that nobody else knows.
async fn tvdb_server() -> Server {
    let known = |work: Work, imdb: &str| Work { imdb: imdb.parse().ok(), ..work };
    let series = known(work(Kind::Series, "Star Basket", "2020-01-05", &[6]), "tt99900051");
    let film = known(work(Kind::Movie, "The Glass Harbour", "2019-05-01", &[]), "tt99900052");
    use simulation::metadata::work::Kind as Sort;
    let listed = |kind, id, slug: &str, name: &str, alias: &str, of: Option<&Work>| TvdbListed {
        kind,
        id,
        slug: slug.to_owned(),
        name: name.to_owned(),
        aliases: vec![alias.to_owned()],
        translations: vec![("deu", format!("{alias} auf Deutsch"))],
        year: if kind == Sort::Series { 2020 } else { 2019 },
        imdb: of.and_then(|work| work.imdb),
        tmdb: of.and_then(|work| u32::try_from(work.tmdb).ok()),
    };
    let tvdb = vec![
        listed(Sort::Series, 900_001, "star-basket-2020", "Star Basket (2020)", "Cesta Estrelada", Some(&series)),
        listed(Sort::Series, 900_002, "quiet-river", "Quiet River", "Rio Calmo", None),
        // Films are numbered apart.
        listed(Sort::Movie, 900_002, "glass-harbour", "The Glass Harbour", "O Porto de Vidro", Some(&film)),
    ];
    let options = provider::Options { works: vec![series, film], tvdb, ..provider::Options::default() };
    provider::start(options).await.expect("a free port")
}

#[tokio::test]
async fn names_that_only_thetvdb_knows_lead_to_the_title_that_it_says() {
    let server = tvdb_server().await;
    for key in [Some(provider::KEY), None] {
        let metadata = handle(&server, key, Arc::new(Kept::default()));
        let metadata = metadata.with_sites(tvdb_at(&server, provider::tvdb::KEY));
        for (name, wanted, why) in [
            (
                "Cesta.Estrelada.S01E02.1080p.mkv",
                "Star Basket Episode { season: 1, number: 2 }",
                "TheTVDB (tvdb:900001)",
            ),
            ("Cesta Estrelada auf Deutsch - 1x03.mkv", "Star Basket Episode { season: 1, number: 3 }", "TheTVDB"),
            ("O.Porto.de.Vidro.2019.1080p.mkv", "The Glass Harbour", "TheTVDB (tvdb:900002)"),
            ("Rio.Calmo.S01E01.mkv", "nothing | Quiet River (2020)", "TheTVDB (tvdb:900002); nobody says which title"),
            ("Nobody Knows This S01E01.mkv", "nothing | ", ""),
        ] {
            let said = ask(&metadata, name, false).await.expect("it answers");
            assert!(said.starts_with(wanted) && said.contains(why), "{key:?} {name}: {said}");
        }
        let asked = server.asked();
        server.end_tvdb_tokens();
        assert!(ask(&metadata, "Cesta.Estrelada.S01E02.1080p.mkv", false).await.is_ok());
        assert_eq!(server.asked(), asked, "what was found is remembered");
        let said = ask(&metadata, "Cesta Estrelada S01E04.mkv 2020", false).await.expect("a new token is asked for");
        assert!(said.starts_with("Star Basket"), "{said}");
    }
    server.stop().await;
}

#[tokio::test]
async fn thetvdbs_addresses_and_numbers_are_understood_by_itself() {
    let server = tvdb_server().await;
    let metadata = handle(&server, None, Arc::new(Kept::default()));
    let metadata = metadata.with_sites(tvdb_at(&server, provider::tvdb::KEY));
    for (name, caption, wanted) in [
        ("a S01E02.mkv", "https://thetvdb.com/series/star-basket-2020", "Star Basket Episode { season: 1, number: 2 }"),
        ("a {tvdb-900001} S01E02.mkv", "", "Star Basket Episode { season: 1, number: 2 }"),
        ("a.mkv", "https://thetvdb.com/movies/glass-harbour", "The Glass Harbour"),
        // Numbered apart: of what the file seems to be, or of what is called so.
        ("The Glass Harbour {tvdb-900002}.mkv", "", "The Glass Harbour"),
        ("Star Basket {tvdb-900001}.mkv", "", "Star Basket"),
        (
            "Star Basket S01E02.mkv",
            "https://thetvdb.com/series/no-such",
            "Star Basket Episode { season: 1, number: 2 }",
        ),
    ] {
        let release = parse(&Input { name, caption, folder: "" });
        let clues = Clues { file_name: name, caption, ..Clues::from(&release) };
        let found = metadata.identify(&clues).await.expect("it answers");
        let Identified::Match { title, .. } = found else { panic!("{name}: {found:?}") };
        let placed = metadata.place(&release, &title, None).await.expect("it answers");
        let parts: String = placed.parts.iter().map(|part| format!(" {part:?}")).collect();
        assert_eq!(format!("{}{parts}", title.name).trim(), wanted, "{name} {caption}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_key_that_thetvdb_refuses_keeps_no_file_waiting() {
    let server = tvdb_server().await;
    let metadata = handle(&server, Some(provider::KEY), Arc::new(Kept::default()));
    let metadata = metadata.with_sites(tvdb_at(&server, "wrong"));
    let said = ask(&metadata, "Cesta.Estrelada.S01E02.mkv", false).await.expect("it goes to review");
    assert!(said.starts_with("nothing"), "{said}");
    let checked = metadata.check_sites().await;
    assert_eq!(checked, [("TheTVDB", Err(Error::BadKey { provider: "TheTVDB" }))]);
    let Err(error) = &checked[0].1 else { panic!("{checked:?}") };
    assert!(error.to_string().contains("TVDB_API_KEY") && error.is_of_a_site(), "{error}");
    assert!(matches!(metadata.sites_seen()[..], [("TheTVDB", Some(Err(_)))]), "as last seen");
    server.stop().await;
}
