//! Names of anime that TMDB and Cinemeta do not know: what Kitsu and AniList find, and what becomes of it.

use simulation::metadata::anime::{Anime as Listed, Mapped, SiteIds};

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
    let metadata = metadata.with_anime(list).with_sites(&server.kitsu_url(), &server.anilist_url());
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
        ("[Group] Nami no Machi - 02 [1080p].mkv", "nothing | Nami no Machi (2020)", "no list says which title"),
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
    let said = ask(&metadata().with_sites(nowhere, &server.anilist_url()), name, true).await.expect("one answers");
    assert!(said.starts_with("Star Basket") && said.contains("AniList (anilist:202)"), "{said}");
    let down = metadata().with_sites(nowhere, nowhere);
    let failed = ask(&down, name, true).await.expect_err("nobody answers");
    assert!(failed.is_of_a_site(), "{failed}");
    let checked = down.check_sites().await;
    assert!(checked.len() == 2 && checked.iter().all(|(_, state)| state.is_err()), "{checked:?}");
    let well = metadata().with_sites(&server.kitsu_url(), &server.anilist_url());
    assert_eq!(well.check_sites().await, [("Kitsu", Ok(())), ("AniList", Ok(()))]);
    server.stop().await;
    let _ = std::fs::remove_dir_all(dir);
}
