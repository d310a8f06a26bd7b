//! Films that were cut to fit on CDs: `Film.CD1.avi`, `Film.CD2.avi`. Each plays on its own, so they are no volumes; they are watched
//! one after the other, so they stand so wherever files are listed. Which disc a file is, its release says.

use std::cmp::Reverse;

use release_name::Release;

use super::channel::Profile;
use super::entry::{Entry, Named};

/// The best file first, samples and trailers last, and the discs of a film in their order.
pub fn best_first(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by_cached_key(|entry| {
        (entry.release.extra.is_some(), Reverse(release_name::rank(&entry.described(), entry.file.len())))
    });
    in_order(entries)
}

/// Files that are one film, each with the number of its disc.
struct Set {
    /// `None` of a file that is whole.
    film: Option<Release>,
    discs: Vec<(u8, Entry)>,
}

/// The same files, those of one film in the order of their discs, where the first of them stood.
pub fn in_order(entries: Vec<Entry>) -> Vec<Entry> {
    let mut sets: Vec<Set> = Vec::new();
    for entry in entries {
        let film = film(&entry);
        let disc = (entry.release.disc.unwrap_or(0), entry);
        match sets.iter_mut().find(|set| film.is_some() && set.film == film) {
            Some(set) => set.discs.push(disc),
            None => sets.push(Set { film, discs: vec![disc] }),
        }
    }
    sets.iter_mut().for_each(|set| set.discs.sort_by_key(|(number, _)| *number));
    sets.into_iter().flat_map(|set| set.discs).map(|(_, entry)| entry).collect()
}

/// What a disc's name says besides its number. The name alone: captions of one film's discs may say more or less.
fn film(entry: &Entry) -> Option<Release> {
    entry.release.disc?;
    let caption = if entry.named == Some(Named::ByCaption) { &entry.caption } else { "" };
    let read = Entry::read(&entry.name, caption, entry.named.as_ref(), &Profile::default());
    Some(Release { disc: None, size: None, crc32: None, unknown: Vec::new(), ..read })
}

#[cfg(test)]
mod tests {
    use super::super::entry::EntryId;
    use super::super::file::{VirtualFile, Volume};
    use super::super::post::DocumentId;
    use super::super::telegram_id::Dc;
    use super::*;

    fn entry(document: DocumentId, name: &str, caption: &str) -> Entry {
        Entry {
            caption: caption.to_owned(),
            release: Entry::read(name, caption, None, &Profile::default()),
            parser: release_name::VERSION,
            ..Entry::of(
                EntryId::from_documents(&[document]),
                VirtualFile::single(Volume { document, dc: Dc(2), size: 1 }),
                name,
                "",
            )
        }
    }

    fn ordered(files: &[(&str, &str)]) -> Vec<String> {
        let entries = files.iter().zip(1..).map(|((name, caption), n)| entry(DocumentId(n), name, caption)).collect();
        in_order(entries).into_iter().map(|entry| entry.name).collect()
    }

    #[test]
    fn discs_of_one_film_stand_together_in_their_order() {
        assert_eq!(
            ordered(&[
                ("Film.1968.CD2.DVDRip.avi", "Film (1968)\n720p | Hindi"),
                ("Film.1968.1080p.mkv", ""),
                ("Film.1968.CD2.HDTV.avi", ""),
                ("Film.1968.CD1.DVDRip.avi", ""),
                ("Film.1968.CD1.HDTV.avi", ""),
            ]),
            [
                "Film.1968.CD1.DVDRip.avi",
                "Film.1968.CD2.DVDRip.avi",
                "Film.1968.1080p.mkv",
                "Film.1968.CD1.HDTV.avi",
                "Film.1968.CD2.HDTV.avi",
            ],
        );
        assert_eq!(
            ordered(&[("Film (1968) [Disc 2].mkv", ""), ("Film (1968) [Disc 1].mkv", "")])[0],
            "Film (1968) [Disc 1].mkv"
        );
    }

    #[test]
    fn whole_files_keep_their_places() {
        let names = ["Film.1968.DVD5.avi", "Film.CD.1968.avi", "Film.1968.DVDRip.avi", "ACDC1.Live.mkv"];
        assert_eq!(ordered(&names.map(|name| (name, ""))), names);
    }
}
