//! Two series that nobody ever filmed. Their ids lie above those that IMDb and TMDB have given.

use crate::metadata::work::Kind;
use crate::metadata::work::{Episode, Work};

/// Season, day of the first episode (the others follow week by week), names and plots.
type Season = (u16, [u16; 3], &'static [(&'static str, &'static str)]);

const TIDE_TABLES: [Season; 2] = [
    (
        1,
        [2021, 9, 5],
        &[
            (
                "High Water",
                "The ferry stops running on the day the new harbour master arrives, and the old one's books begin a year late.",
            ),
            (
                "Slack",
                "Between two tides nothing moves, so whatever lies on the causeway must have been carried there.",
            ),
            ("Neap", "Marit measures the pier against the plans. One of the two is four metres short."),
            ("Undertow", "A diver comes up with an anchor that belongs to no ship on the register."),
            (
                "Spring Tide",
                "The whole island walks out on the sand for the count of the seals. One more comes back than went.",
            ),
            (
                "Low Water",
                "The tide tables were right all along; it was the clock on the church that somebody had taught to lie.",
            ),
        ],
    ),
    (
        2,
        [2023, 1, 8],
        &[
            ("Storm Glass", "A winter storm brings back the ferry, empty, with its lights on."),
            ("Lee Shore", "Everybody agrees where the ship was going. Nobody agrees who had steered it."),
            (
                "Dead Reckoning",
                "Without instruments Jonas rows the course again, and arrives where he did not mean to.",
            ),
            ("The Pilot", "A letter that was posted twenty years ago asks for a pilot at dawn."),
            ("Salvage", "What is found belongs to the finder, unless the finder had lost it first."),
            ("Ebb", "The harbour is handed over, with all its keys but one."),
        ],
    ),
];

const PAPER_OBSERVATORY: [Season; 2] = [
    (
        1,
        [2018, 3, 3],
        &[
            (
                "First Light",
                "Three children fold a telescope from the pages of an atlas and find a star that folds back.",
            ),
            ("The Margin", "Where the map ends the sky is blank, and something there is drawing."),
            ("Crease", "A planet with a line across it is torn along the line."),
            ("Watermark", "Held against the sun, every page shows the same small door."),
            ("The Bookbinder", "Someone has been sewing their nights together in the wrong order."),
        ],
    ),
    (
        2,
        [2019, 3, 2],
        &[
            ("Second Edition", "The sky has been printed again, with corrections."),
            ("Errata", "A comet that was a mistake asks to be left in."),
            ("Footnotes", "Small and at the bottom of the world lives everything that was too long for the story."),
            ("Index", "To find one name they have to read all of them."),
            ("Endpaper", "The last page is empty, and there is room for everyone on it."),
        ],
    ),
];

pub fn works() -> Vec<Work> {
    vec![
        Work {
            imdb: "tt99900011".parse().ok(),
            name: "Tide Tables".to_owned(),
            other_names: vec![("US", "The Tide Tables".to_owned())],
            translations: vec![("de", "Gezeitentafeln".to_owned()), ("ru", "Таблицы приливов".to_owned())],
            released: "2021-09-05".to_owned(),
            plot: "On an island that the sea cuts off twice a day, a harbour master finds that the tables by which everybody lives \
                   have been changed, a few minutes here and there, for years."
                .to_owned(),
            genres: vec!["Drama".to_owned(), "Mystery".to_owned()],
            rating: 8.2,
            votes: 640,
            runtime_mins: 48,
            cast: cast(&[("Ines Halvard", "Marit"), ("Tomas Brekke", "Jonas"), ("Odile Marchetti", "The Pilot's Widow")]),
            directors: vec!["Runa Solberg".to_owned()],
            country: ("NO", "Norway"),
            episodes: episodes(&TIDE_TABLES),
            ..invented(9_900_011)
        },
        Work {
            imdb: "tt99900012".parse().ok(),
            name: "The Paper Observatory".to_owned(),
            original_name: Some("L'Observatoire de papier".to_owned()),
            original_language: "fr",
            translations: vec![("fr", "L'Observatoire de papier".to_owned()), ("ru", "Бумажная обсерватория".to_owned())],
            released: "2018-03-03".to_owned(),
            ended: Some("2019-03-30".to_owned()),
            plot: "Three children fold a telescope out of old maps. What they see through it is drawn by somebody, and the \
                   pencil is nearly used up."
                .to_owned(),
            genres: vec!["Animation".to_owned(), "Kids".to_owned(), "Sci-Fi & Fantasy".to_owned()],
            rating: 7.8,
            votes: 410,
            runtime_mins: 24,
            cast: cast(&[("Lou Ferrand", "Colette"), ("Aimé Tessier", "Bastien"), ("Nour Delacroix", "Sacha")]),
            directors: vec!["Margaux Lindqvist".to_owned(), "Paul Aubert".to_owned()],
            country: ("FR", "France"),
            episodes: episodes(&PAPER_OBSERVATORY),
            ..invented(9_900_012)
        },
    ]
}

fn invented(tmdb: u64) -> Work {
    Work {
        kind: Kind::Series,
        imdb: None,
        tmdb,
        name: String::new(),
        original_name: None,
        original_language: "en",
        other_names: Vec::new(),
        translations: Vec::new(),
        released: String::new(),
        ended: None,
        plot: String::new(),
        genres: Vec::new(),
        rating: 0.0,
        votes: 0,
        runtime_mins: 0,
        cast: Vec::new(),
        directors: Vec::new(),
        country: ("US", "United States of America"),
        episodes: Vec::new(),
        orders: Vec::new(),
        collection: None,
        tvdb: None,
    }
}

fn cast(people: &[(&str, &str)]) -> Vec<(String, String)> {
    people.iter().map(|(name, role)| ((*name).to_owned(), (*role).to_owned())).collect()
}

fn episodes(seasons: &[Season]) -> Vec<Episode> {
    let mut episodes = Vec::new();
    for (season, [year, month, day], rows) in seasons {
        for ((name, plot), number) in rows.iter().zip(1u16..) {
            // Ours begin early in a month of thirty or thirty-one days.
            let days = day + 7 * (number - 1);
            let (month, day) = (month + (days - 1) / 31, (days - 1) % 31 + 1);
            episodes.push(Episode {
                season: *season,
                number,
                name: (*name).to_owned(),
                plot: (*plot).to_owned(),
                aired: format!("{year:04}-{month:02}-{day:02}"),
            });
        }
    }
    episodes
}
