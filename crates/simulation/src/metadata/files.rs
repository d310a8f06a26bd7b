//! Titles from CSV files, plain or gzipped, for libraries larger than the sample one.
//!
//! ```text
//! films:    imdb_id,tmdb_id,title,year,runtime_min,rating,votes,genres[,original_title,alternative_titles]
//! episodes: imdb_id,tmdb_id,title,year,season,episode,name,aired,genres     one row per episode; the ids are the series'
//! ```
//!
//! Columns go by their names, in any order; genres and alternative titles are joined by `|`; imdb_id, rating, votes,
//! runtime_min, name, aired, genres and the titles after them may be empty, and the columns in brackets may be missing.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::work::Kind;
use super::work::{Episode, Work};

/// Why a file of films or episodes cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", .path.display())]
pub struct Error {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it, and in which line.
    pub problem: String,
}

#[derive(Deserialize)]
struct FilmRow {
    imdb_id: String,
    tmdb_id: u64,
    title: String,
    year: Option<u16>,
    runtime_min: Option<u16>,
    rating: Option<f64>,
    votes: Option<u32>,
    genres: String,
    #[serde(default)]
    original_title: String,
    #[serde(default)]
    alternative_titles: String,
}

#[derive(Deserialize)]
struct EpisodeRow {
    imdb_id: String,
    tmdb_id: u64,
    title: String,
    year: Option<u16>,
    season: u16,
    episode: u16,
    name: String,
    aired: String,
    genres: String,
}

/// Reads films, one a row.
pub fn films(path: &Path) -> Result<Vec<Work>, Error> {
    let rows: Vec<FilmRow> = rows(path)?;
    Ok(rows
        .into_iter()
        .map(|row| Work {
            rating: row.rating.unwrap_or(0.0),
            votes: row.votes.unwrap_or(0),
            runtime_mins: row.runtime_min.unwrap_or(0),
            original_name: (!row.original_title.is_empty()).then_some(row.original_title),
            // The file does not say of which country.
            other_names: joined(&row.alternative_titles).map(|name| ("US", name.to_owned())).collect(),
            ..work(Kind::Movie, &row.imdb_id, row.tmdb_id, row.title, row.year, &row.genres)
        })
        .collect())
}

/// Reads series, one episode a row; rows of one series stand together.
pub fn series(path: &Path) -> Result<Vec<Work>, Error> {
    let rows: Vec<EpisodeRow> = rows(path)?;
    let mut series: BTreeMap<u64, Work> = BTreeMap::new();
    for row in rows {
        let work = series
            .entry(row.tmdb_id)
            .or_insert_with(|| work(Kind::Series, &row.imdb_id, row.tmdb_id, row.title, row.year, &row.genres));
        work.episodes.push(Episode {
            season: row.season,
            number: row.episode,
            name: row.name,
            plot: String::new(),
            aired: row.aired,
        });
    }
    let mut series: Vec<Work> = series.into_values().collect();
    for work in &mut series {
        work.episodes.sort_by_key(|e| (e.season, e.number));
    }
    Ok(series)
}

fn joined(texts: &str) -> impl Iterator<Item = &str> {
    texts.split('|').map(str::trim).filter(|text| !text.is_empty())
}

fn work(kind: Kind, imdb_id: &str, tmdb: u64, name: String, year: Option<u16>, genres: &str) -> Work {
    let genres: Vec<String> = joined(genres).map(str::to_owned).collect();
    let sort = if kind == Kind::Movie { "film" } else { "series" };
    let of = if genres.is_empty() { String::new() } else { format!(" ({})", genres.join(", ").to_lowercase()) };
    Work {
        kind,
        imdb: imdb_id.parse().ok(),
        tmdb,
        original_name: None,
        original_language: "en",
        other_names: Vec::new(),
        translations: Vec::new(),
        released: year.map(|y| format!("{y}-01-01")).unwrap_or_default(),
        ended: None,
        plot: format!("“{name}”, a {sort}{of} of a simulated provider, which does not know what happens in it."),
        genres,
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
        name,
    }
}

fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Error> {
    let failed = |problem: String| Error { path: path.to_owned(), problem };
    let file = BufReader::new(File::open(path).map_err(|e| failed(e.to_string()))?);
    let is_packed = path.extension().is_some_and(|e| e == "gz");
    let text: Box<dyn Read> = if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    csv::Reader::from_reader(text).into_deserialize().collect::<Result<_, _>>().map_err(|e| failed(e.to_string()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn other_names_are_read_where_there_are_columns_for_them() {
        let path = std::env::temp_dir().join(format!("cinepost-names-{}.csv", std::process::id()));
        let text = "tmdb_id,imdb_id,title,original_title,alternative_titles,year,runtime_min,rating,votes,genres\n\
                    1,,The Man on the Train,L'Homme du train,Der Mann im Zug|El hombre del tren,2002,90,7,900,\n2,,Ask,,,,,,,\n";
        std::fs::write(&path, text).expect("write");
        let films = films(&path).expect("both rows are good");
        let names: Vec<Vec<&str>> = films.iter().map(|film| film.names().collect()).collect();
        let all = vec!["The Man on the Train", "L'Homme du train", "Der Mann im Zug", "El hombre del tren"];
        assert_eq!(names, [all, vec!["Ask"]]);
        std::fs::remove_file(path).expect("clean up");
    }

    #[test]
    fn films_are_read_plain_and_packed_and_a_bad_row_is_named() {
        let folder = std::env::temp_dir().join(format!("cinepost-films-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder in the temporary one");
        let text = "imdb_id,tmdb_id,title,year,runtime_min,rating,votes,genres\n\
                    tt90000001,1,\"$40,000\",1996,70,8.2,6,Comedy|Drama\n,2,Ask,,,,,\n";
        let plain = folder.join("films.csv");
        std::fs::write(&plain, text).expect("write");
        let packed = folder.join("films.csv.gz");
        let mut gz = flate2::write::GzEncoder::new(File::create(&packed).expect("create"), Default::default());
        gz.write_all(text.as_bytes()).and_then(|()| gz.finish()).expect("gzip");
        for path in [&plain, &packed] {
            let films = films(path).expect("both rows are good");
            assert_eq!(films.len(), 2);
            assert_eq!((films[0].name.as_str(), films[0].year(), films[0].genres.len()), ("$40,000", Some(1996), 2));
            assert_eq!((films[1].imdb, films[1].year()), (None, None));
        }
        std::fs::write(&plain, format!("{text}tt1,x,Bad,1990,1,1,1,\n")).expect("write");
        let error = films(&plain).expect_err("x is no number").to_string();
        assert!(error.contains("films.csv") && error.contains("line: 4"), "{error}");
        std::fs::remove_dir_all(folder).expect("clean up");
    }
}
