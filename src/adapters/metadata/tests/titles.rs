//! A title with everything that is known of it, from each provider.

use super::*;

#[tokio::test]
async fn a_film_is_whole_by_either_id_and_by_either_kind_of_key() {
    for key in [provider::KEY, provider::TOKEN] {
        let Lab { server, metadata, .. } = lab(Some(key)).await;
        let title = metadata.title(Kind::Movie, imdb("tt0000417")).await.expect("it answers").expect("it is known");
        assert_eq!(
            title,
            metadata.title(Kind::Movie, MetaId::Tmdb(TmdbId(775))).await.expect("it answers").expect("known")
        );
        assert_eq!(title.ids, TitleIds { imdb: "tt0000417".parse().ok(), tmdb: Some(TmdbId(775)) });
        assert_eq!(
            (title.name.as_str(), title.original_name.as_deref()),
            ("A Trip to the Moon", Some("Le Voyage dans la Lune"))
        );
        assert_eq!((title.year, title.released.as_deref()), (Some(1902), Some("1902-09-01")));
        assert_eq!((title.rating, title.runtime_mins, title.popularity), (Some(80), Some(15), 83_347));
        assert_eq!(title.genres, ["Adventure", "Fantasy", "Science Fiction"]);
        assert_eq!(title.directors, ["Georges Méliès"]);
        assert_eq!(title.cast, ["Georges Méliès", "Bleuette Bernon"]);
        assert_eq!(title.country.as_deref(), Some("France"));
        // The original name is said once, under its own field.
        assert_eq!(title.alternative_names, ["Die Reise zum Mond", "Viaje a la Luna", "Путешествие на Луну"]);
        assert_eq!(title.poster, Some(format!("{}/t/p/w500/m775-poster.svg", server.url)));
        for picture in [&title.poster, &title.background, &title.logo] {
            let url = picture.as_deref().expect("it has one");
            let answer = reqwest::get(url).await.expect("it is served");
            assert_eq!(
                (answer.status().as_u16(), &answer.headers()["content-type"]),
                (200, &"image/svg+xml".parse().expect("a type"))
            );
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn a_series_comes_with_its_seasons() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    let title = metadata.title(Kind::Series, imdb("tt99900012")).await.expect("it answers").expect("it is known");
    assert_eq!((title.year, title.ended, title.runtime_mins), (Some(2018), Some(2019), Some(24)));
    assert_eq!(title.genres, ["Animation", "Kids", "Sci-Fi & Fantasy"]);
    assert_eq!(title.directors, ["Margaux Lindqvist", "Paul Aubert"]);
    let parts: Vec<_> = title.episodes.iter().map(|e| (e.season, e.number)).collect();
    assert_eq!(parts, [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5)]);
    let errata = &title.episodes[6];
    assert_eq!((errata.name.as_str(), errata.aired.as_deref()), ("Errata", Some("2019-03-09")));
    assert_eq!(errata.still, Some(format!("{}/t/p/w300/t9900012-s2e2.svg", server.url)));
    server.stop().await;
}

#[tokio::test]
async fn more_than_twenty_seasons_are_asked_for_twenty_at_a_time() {
    let mut works = simulation::library::works();
    let soap = works.iter_mut().find(|w| w.kind == provider::work::Kind::Series).expect("there are two");
    let first = soap.episodes[0].clone();
    soap.episodes = (0..45).map(|season| Episode { season, ..first.clone() }).collect();
    let id = MetaId::Tmdb(TmdbId(soap.tmdb));
    let server =
        provider::start(provider::Options { works, ..provider::Options::default() }).await.expect("a free port");
    let metadata = handle(&server, Some(provider::KEY), Arc::default());
    let title = metadata.title(Kind::Series, id).await.expect("it answers").expect("it is known");
    assert_eq!(title.episodes.len(), 45);
    assert_eq!(server.asked(), 1 + 3);
    server.stop().await;
}

#[tokio::test]
async fn without_a_key_cinemeta_answers() {
    let Lab { metadata, server, .. } = lab(None).await;
    assert_eq!(metadata.check().await, Ok("Cinemeta"));
    let title = matched(metadata.identify(&Clues::from(&film("The General", Some(1926)))).await.expect("it answers"));
    assert_eq!(title.ids, TitleIds { imdb: "tt0017925".parse().ok(), tmdb: Some(TmdbId(961)) });
    assert_eq!(
        (title.runtime_mins, title.rating, title.country.as_deref()),
        (Some(79), Some(77), Some("United States of America"))
    );
    let series = metadata.title(Kind::Series, imdb("tt99900012")).await.expect("it answers").expect("it is known");
    assert_eq!((series.year, series.ended, series.episodes.len()), (Some(2018), Some(2019), 10));
    assert_eq!(series.episodes[0].aired.as_deref(), Some("2018-03-03"));
    // It knows TMDB's numbers only as a remark, which tells namesakes apart and other films off.
    for (id, wanted) in [(10331, Some("tt0063350")), (19185, Some("tt0100258")), (1, None)] {
        let release = Release { tmdb: Some(TmdbId(id)), ..film("Night of the Living Dead", None) };
        let found = metadata.identify(&Clues::from(&release)).await.expect("it answers");
        let imdb = match found {
            Identified::Match { title, .. } => title.ids.imdb.map(|id| id.to_string()),
            _ => None,
        };
        assert_eq!(imdb.as_deref(), wanted, "{id}");
    }
    assert_eq!(metadata.title(Kind::Movie, MetaId::Tmdb(TmdbId(961))).await, Ok(None));
    assert_eq!(metadata.title(Kind::Movie, imdb("tt0000001")).await, Ok(None));
    assert_eq!(metadata.kind_of("tt99900012".parse().expect("an id")).await, Ok(Some(Kind::Series)));
    server.stop().await;
}

#[tokio::test]
async fn a_rating_is_imdbs_where_it_is_known() {
    let Lab { server, metadata, .. } = lab(Some(provider::KEY)).await;
    let charade = film("Charade", Some(1963));
    let tmdbs = metadata.title(Kind::Movie, imdb("tt0056923")).await.expect("it answers").expect("known");
    let title = matched(metadata.identify(&Clues::from(&charade)).await.expect("it answers"));
    assert_eq!((tmdbs.rated_by, title.rated_by), (Rater::Tmdb, Rater::Imdb));
    assert_ne!(title.rating, tmdbs.rating, "the two are never the same here");
    assert_eq!(
        title.rating,
        matched(lab(None).await.metadata.identify(&Clues::from(&charade)).await.expect("it answers")).rating
    );

    // Where nobody can tell it, TMDB's stands under its own name, and soon nothing waits for it any more.
    let away = Options {
        tmdb_key: Some(provider::KEY.to_owned()),
        tmdb_url: server.tmdb_url(),
        image_url: server.image_url(),
        cinemeta_url: "http://127.0.0.1:1".to_owned(),
        language: "en-US".to_owned(),
    };
    let metadata = Metadata::new(away, Arc::new(Kept::default()));
    for _ in 0..3 {
        let title = matched(metadata.identify(&Clues::from(&charade)).await.expect("it answers"));
        assert_eq!((title.rating, title.rated_by), (tmdbs.rating, Rater::Tmdb));
    }
    let began = tokio::time::Instant::now();
    let other = matched(metadata.identify(&Clues::from(&film("Metropolis", Some(1927)))).await.expect("it answers"));
    assert_eq!(other.rated_by, Rater::Tmdb);
    assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    server.stop().await;
}
