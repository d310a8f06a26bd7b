//! Films that were cut to fit on CDs: `Film.CD1.avi`, `Film.CD2.avi`. Each plays on its own, so they are no volumes; they are watched
//! one after the other, so they stand so wherever files are listed.

use super::entry::Entry;

/// Words before the number of a disc.
const WORDS: [&str; 4] = ["cd", "disc", "disk", "dvd"];

/// The same files, those of one film in the order of their discs, where the first of them stood.
pub fn in_order(entries: Vec<Entry>) -> Vec<Entry> {
    let mut sets: Vec<(Option<String>, Vec<(u8, Entry)>)> = Vec::new();
    for entry in entries {
        match disc(&entry.name) {
            None => sets.push((None, vec![(0, entry)])),
            Some((set, number)) => match sets.iter_mut().find(|(of, _)| of.as_ref() == Some(&set)) {
                Some((_, discs)) => discs.push((number, entry)),
                None => sets.push((Some(set), vec![(number, entry)])),
            },
        }
    }
    let sorted = sets.into_iter().flat_map(|(_, mut discs)| {
        discs.sort_by_key(|(number, _)| *number);
        discs
    });
    sorted.map(|(_, entry)| entry).collect()
}

/// What the name would be without the number of its disc, and that number.
fn disc(name: &str) -> Option<(String, u8)> {
    let low = name.to_lowercase();
    let mut found: Option<(usize, String, u8)> = None;
    for word in WORDS {
        for (at, _) in low.match_indices(word) {
            let rest = &low[at + word.len()..];
            let number = rest.trim_start_matches([' ', '.', '_', '-']);
            let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
            let is_word = !low[..at].ends_with(char::is_alphanumeric);
            let ends = !number[digits.len()..].starts_with(char::is_alphanumeric);
            // The last counts: a title may have such a word too.
            if let Ok(n @ 1..=20) = digits.parse::<u8>()
                && is_word
                && ends
                && found.as_ref().is_none_or(|(before, ..)| *before < at)
            {
                let end = low.len() - number.len() + digits.len();
                found = Some((at, format!("{}{}", &low[..at], &low[end..]), n));
            }
        }
    }
    found.map(|(_, set, number)| (set, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_disc_is_read() {
        for (name, wanted) in [
            ("Film.1968.CD1.DVDRip.avi", Some(("film.1968..dvdrip.avi", 1))),
            ("Film (1968) [Disc 2].mkv", Some(("film (1968) [].mkv", 2))),
            ("Film - cd_03.avi", Some(("film - .avi", 3))),
            ("The.Disc.1.Film.CD2.avi", Some(("the.disc.1.film..avi", 2))),
            ("ACDC1.Live.mkv", None),
            ("Film.CD1x.avi", None),
            ("Film.DVD.1968.avi", None),
            ("Film.DVD5.avi", Some(("film..avi", 5))),
            ("Film.CD.avi", None),
            ("Film.CD0.avi", None),
            ("", None),
        ] {
            let found = disc(name);
            assert_eq!(found.as_ref().map(|(set, n)| (set.as_str(), *n)), wanted, "{name}");
        }
    }
}
