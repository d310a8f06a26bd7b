//! TMDB's daily export: a JSON object a line, films and series in files of their own. It has no years and only original names, so it
//! finds less than IMDb's lists; it has what is too new or too rare for those.

use std::io::BufRead;

use serde::Deserialize;

use super::lines::Lines;
use super::{Builder, Error, Read};
use crate::layout::Record;
use crate::{Id, Kind};

#[derive(Deserialize)]
struct Row {
    id: u32,
    #[serde(alias = "original_name")]
    original_title: String,
    #[serde(default)]
    popularity: f64,
    #[serde(default)]
    adult: bool,
}

pub(super) fn export(builder: &mut Builder, kind: Kind, list: impl BufRead) -> Result<Read, Error> {
    let name = match kind {
        Kind::Film => "movie_ids",
        Kind::Series => "tv_series_ids",
    };
    let mut lines = Lines::new(name, list);
    while let Some(line) = lines.next()? {
        match serde_json::from_str::<Row>(line) {
            Ok(row) if row.adult => {}
            Ok(row) => {
                let title = row.original_title.as_str();
                let fame = (row.popularity * 1000.0) as u32;
                let record = Record { id: Id::Tmdb(row.id), kind, fame, year: None, runtime_mins: None, name: title };
                builder.add(name, &record, &[title])?;
                lines.read.kept += 1;
            }
            Err(_) => lines.read.bad += 1,
        }
    }
    lines.done()
}
