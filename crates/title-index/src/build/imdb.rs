//! IMDb's datasets: lines of cells between tabs, `\N` for nothing, no quoting. Ids are sorted as text there, so tt10000000 comes before
//! tt2000000; nothing here relies on an order.

use std::io::BufRead;

use super::lines::Lines;
use super::{Builder, Error, MOST_TITLES, Read};
use crate::layout::Record;
use crate::{Id, Kind};

const RATINGS: &str = "title.ratings";
const BASICS: &str = "title.basics";
const AKAS: &str = "title.akas";

pub(super) fn ratings(builder: &mut Builder, list: impl BufRead) -> Result<Read, Error> {
    let mut lines = Lines::new(RATINGS, list);
    let columns = lines.columns(["tconst", "numVotes"])?;
    while let Some(line) = lines.next()? {
        let row = columns.of(line).and_then(|[id, votes]| Some((number(id?)?, votes?.parse().ok()?)));
        match row {
            Some(_) if builder.votes.len() == MOST_TITLES => return Err(Error::TooMany { list: RATINGS }),
            Some(row) => {
                builder.votes.push(row);
                lines.read.kept += 1;
            }
            None => lines.read.bad += 1,
        }
    }
    builder.votes.sort_unstable();
    lines.done()
}

pub(super) fn basics(builder: &mut Builder, list: impl BufRead) -> Result<Read, Error> {
    // Given back before the keys are sorted.
    let votes = std::mem::take(&mut builder.votes);
    let mut lines = Lines::new(BASICS, list);
    let columns = lines.columns([
        "tconst",
        "titleType",
        "primaryTitle",
        "originalTitle",
        "isAdult",
        "startYear",
        "runtimeMinutes",
    ])?;
    while let Some(line) = lines.next()? {
        let Some([Some(id), Some(kind), Some(name), original, adult, year, runtime]) = columns.of(line) else {
            lines.read.bad += 1;
            continue;
        };
        let Some(number) = self::number(id) else {
            lines.read.bad += 1;
            continue;
        };
        let votes = votes.binary_search_by_key(&number, |row| row.0).ok().map(|at| votes[at].1);
        let Some(kind) = kept(kind, votes.is_some()).filter(|_| adult != Some("1")) else { continue };
        let record = Record {
            id: Id::Imdb(number),
            kind,
            fame: votes.unwrap_or(0),
            year: year.and_then(|year| year.parse().ok()),
            runtime_mins: runtime.and_then(|mins| mins.parse().ok()),
            name,
        };
        let at = builder.add(BASICS, &record, &[name, original.unwrap_or(name)])?;
        if votes.is_some() {
            builder.rated.push((number, at));
        }
        lines.read.kept += 1;
    }
    builder.rated.sort_unstable();
    lines.done()
}

pub(super) fn akas(builder: &mut Builder, list: impl BufRead) -> Result<Read, Error> {
    let mut lines = Lines::new(AKAS, list);
    let columns = lines.columns(["titleId", "title"])?;
    // Rows of a title stand together.
    let mut last = (0, None);
    while let Some(line) = lines.next()? {
        let Some((number, name)) = columns.of(line).and_then(|[id, name]| Some((self::number(id?)?, name?))) else {
            lines.read.bad += 1;
            continue;
        };
        if last.0 != number {
            let at = builder.rated.binary_search_by_key(&number, |row| row.0).ok();
            last = (number, at.map(|at| builder.rated[at].1));
        }
        if let Some(record) = last.1 {
            builder.file(AKAS, record, name)?;
            lines.read.kept += 1;
        }
    }
    lines.done()
}

/// `tt0133093` -> 133093.
fn number(id: &str) -> Option<u32> {
    id.strip_prefix("tt")?.parse().ok()
}

/// What IMDb calls a title -> its kind; `None` for what nobody posts as a film, and for short films that nobody rated, of which there
/// are as many as of all films.
fn kept(title_type: &str, is_rated: bool) -> Option<Kind> {
    match title_type {
        "movie" | "tvMovie" | "video" | "tvSpecial" => Some(Kind::Film),
        "short" | "tvShort" if is_rated => Some(Kind::Film),
        "tvSeries" | "tvMiniSeries" => Some(Kind::Series),
        _ => None,
    }
}
