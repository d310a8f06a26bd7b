//! What stands in the way of playing, in Stremio: a row that says which limit was reached and when that ends.

use actix_web::HttpResponse;

use super::not_kept;
use crate::domain::entry::Entry;
use crate::domain::limits::Refusal;
use crate::flows::unix_now;
use crate::protocols::addresses::Addresses;
use crate::protocols::stremio::{Request, Streams, stream};
use crate::web::auth::Viewer;
use crate::web::{Error, State};

/// Letters in a line of a row's description: TVs show few.
const LINE: usize = 36;

/// What stands in the way of some files of a title, or of all.
pub struct Hindrance {
    refusal: Option<Refusal>,
    largest: Option<u64>,
    /// Not one file is left to be played.
    is_total: bool,
}

/// What stands in the way of these files. `None` for nothing, and where there is nothing to play anyway.
pub async fn of(state: &State, viewer: &Viewer, entries: &[Entry]) -> Result<Option<Hindrance>, Error> {
    if entries.is_empty() {
        return Ok(None);
    }
    let largest = state.limits.largest_file(viewer.asker());
    let refusal = state.limits.hindrance(viewer.asker(), unix_now()).await?;
    let mut hindrance = Hindrance { refusal, largest, is_total: false };
    let playable = entries.iter().filter(|entry| hindrance.leaves(entry)).count();
    hindrance.is_total = playable == 0;
    Ok((refusal.is_some() || playable < entries.len()).then_some(hindrance))
}

impl Hindrance {
    /// Whether a file is listed all the same. One more stream may be had by ending another one.
    pub fn leaves(&self, entry: &Entry) -> bool {
        let is_open = matches!(self.refusal, None | Some(Refusal::Streams { .. }));
        is_open && self.largest.is_none_or(|most| entry.file.len() <= most)
    }

    /// The row that says why, if anything is to be said: of several files the smaller ones speak for themselves.
    pub fn row(&self, addresses: &Addresses) -> Option<stream::Stream> {
        let too_large = self.largest.filter(|_| self.is_total).map(|most| Refusal::File { most });
        self.refusal.or(too_large).map(|refusal| row(addresses, &refusal))
    }
}

/// The answer to a request that a limit refuses: the row where Stremio shows rows, 429 elsewhere.
pub fn resource(addresses: &Addresses, refusal: &Refusal, path: &str) -> Result<HttpResponse, Error> {
    match Request::parse(path) {
        Ok(Request::Stream { .. } | Request::ForeignStream(_)) => {
            Ok(not_kept(Streams { streams: vec![row(addresses, refusal)] }))
        }
        Ok(
            Request::Manifest
            | Request::Catalog { .. }
            | Request::Meta { .. }
            | Request::Subtitles { .. }
            | Request::ForeignSubtitles(..)
            | Request::Foreign(_),
        )
        | Err(_) => Err(Error::Limited(*refusal)),
    }
}

fn row(addresses: &Addresses, refusal: &Refusal) -> stream::Stream {
    stream::notice(refusal.title(), &in_lines(&refusal.text(unix_now())), addresses.home())
}

/// Broken at blanks.
fn in_lines(text: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > LINE {
            lines.push('\n');
            length = 0;
        } else if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += letters;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_are_broken_into_lines() {
        let text = "Your 50 GB of today are used up. It goes on in 3 h 5 min.";
        assert_eq!(in_lines(text), "Your 50 GB of today are used up. It\ngoes on in 3 h 5 min.");
        assert_eq!(in_lines(&"x".repeat(50)), "x".repeat(50));
    }
}
