//! The films of the simulated provider, and those that are kept from it.

use std::path::Path;

use simulation::metadata::files;
use simulation::metadata::work::{Kind, Work};

use super::chance::Chance;

pub struct Library {
    pub known: Vec<Work>,
    /// Films that exist and that the provider does not have.
    pub absent: Vec<Work>,
}

/// Without a file, the demo's films.
pub fn load(path: Option<&Path>) -> anyhow::Result<Library> {
    let films = match path {
        Some(path) => files::films(path)?,
        None => simulation::library::works().into_iter().filter(|work| work.kind == Kind::Movie).collect(),
    };
    let (mut known, mut absent) = (Vec::new(), Vec::new());
    for mut film in films {
        let mut chance = Chance::new(film.tmdb ^ 0x5eed);
        if chance.is_once_in(20) {
            absent.push(film);
            continue;
        }
        // The list has no accents: a few names get theirs back, so that there is something to write out.
        if chance.is_once_in(30)
            && let Some(at) = film.name.rfind(['a', 'o', 'u'])
        {
            let umlaut = match &film.name[at..=at] {
                "a" => "ä",
                "o" => "ö",
                _ => "ü",
            };
            film.name.replace_range(at..=at, umlaut);
        }
        known.push(film);
    }
    Ok(Library { known, absent })
}
