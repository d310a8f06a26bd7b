//! What the name of a volume says.

use crate::domain::file::has_video_name;

/// How an archive was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveFormat {
    Zip,
    Rar,
}

/// How an archive's volumes belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveSplit {
    /// One archive cut anywhere (`.zip.001`), or not cut at all.
    Bytes,
    /// By the archiver, which knows of volumes (`.z01` and `.zip`, `.part1.rar`).
    Archiver,
}

/// How a name counts volumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// `.001`
    Numbered,
    /// `.z01` ... `.zip`
    Zip,
    /// `.part1.rar`
    RarParts,
    /// `.rar`, `.r00` ...
    Rar,
}

/// What a volume's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeName {
    /// The name of the whole: `film.mkv`, `pack.zip`.
    pub whole: String,
    pub scheme: Scheme,
    /// From 1. [`ZIP_LAST`] for the `.zip` behind `.z01`: only the archive knows how many come before.
    pub number: u16,
    /// Digits that the number is written with.
    digits: usize,
}

/// Stands for the number of the last volume of a split zip.
pub const ZIP_LAST: u16 = u16::MAX;

/// What the volumes are, joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Video,
    Archive(ArchiveFormat, ArchiveSplit),
}

/// Reads a file's name. `None` when it is not one of several volumes, and no archive either.
pub fn read(name: &str) -> Option<VolumeName> {
    let name = name.trim();
    let (head, ending) = name.rsplit_once('.')?;
    if head.is_empty() {
        return None;
    }
    let low = ending.to_ascii_lowercase();
    let is_number = |text: &str| !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
    let named = |whole: String, scheme, number, digits| Some(VolumeName { whole, scheme, number, digits });
    match low.as_str() {
        "zip" => named(name.to_owned(), Scheme::Zip, ZIP_LAST, 2),
        "rar" => {
            let part = head.rsplit_once('.').and_then(|(stem, part)| {
                let number = strip_prefix(part, "part").filter(|number| is_number(number) && !stem.is_empty())?;
                Some((stem, number.parse().ok().filter(|number| *number > 0)?, number.len()))
            });
            match part {
                Some((stem, number, digits)) => named(format!("{stem}.{ending}"), Scheme::RarParts, number, digits),
                None => named(name.to_owned(), Scheme::Rar, 1, 2),
            }
        }
        _ if is_number(&low) && low.len() == 3 => {
            let (_, of) = head.rsplit_once('.')?;
            let is_known = has_video_name(head) || matches!(of.to_ascii_lowercase().as_str(), "zip" | "rar");
            let number = low.parse().ok().filter(|number| *number > 0)?;
            if is_known { named(head.to_owned(), Scheme::Numbered, number, 3) } else { None }
        }
        _ if low.len() == 3 && is_number(&low[1..]) => match low.as_bytes()[0] {
            b'z' => {
                let number = low[1..].parse().ok().filter(|number| *number > 0)?;
                named(format!("{head}.zip"), Scheme::Zip, number, 2)
            }
            // .r99 is followed by .s00. Further letters stand in names for other things (.x26).
            letter @ b'r'..=b't' => {
                let hundreds = u16::from(letter - b'r') * 100;
                named(format!("{head}.rar"), Scheme::Rar, hundreds + low[1..].parse::<u16>().ok()? + 2, 2)
            }
            _ => None,
        },
        // .z100 comes after .z99.
        _ if low.len() == 4 && low.starts_with('z') && is_number(&low[1..]) => {
            named(format!("{head}.zip"), Scheme::Zip, low[1..].parse().ok().filter(|number| *number >= 100)?, 2)
        }
        _ => None,
    }
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

impl VolumeName {
    /// Under which all volumes that may belong together are found.
    pub fn set(&self) -> String {
        self.whole.to_lowercase()
    }

    pub fn content(&self) -> Content {
        let split = if self.scheme == Scheme::Numbered { ArchiveSplit::Bytes } else { ArchiveSplit::Archiver };
        match self.whole.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("zip") => Content::Archive(ArchiveFormat::Zip, split),
            Some("rar") => Content::Archive(ArchiveFormat::Rar, split),
            _ => Content::Video,
        }
    }

    /// What another volume beside this one is called.
    pub(super) fn of_number(&self, number: u16) -> String {
        let Self { whole, digits, .. } = self;
        let stem = whole.rsplit_once('.').map_or(whole.as_str(), |(stem, _)| stem);
        match self.scheme {
            Scheme::Numbered => format!("{whole}.{number:0digits$}"),
            Scheme::RarParts => format!("{stem}.part{number:0digits$}.rar"),
            Scheme::Zip if number == ZIP_LAST => whole.clone(),
            Scheme::Zip => format!("{stem}.z{number:02}"),
            Scheme::Rar if number <= 1 => whole.clone(),
            Scheme::Rar => {
                let letter = char::from(b'r'.saturating_add(((number - 2) / 100).min(2) as u8));
                format!("{stem}.{letter}{:02}", (number - 2) % 100)
            }
        }
    }

    /// What its `position`th volume (from 1) is called.
    pub fn of_position(&self, position: usize) -> String {
        self.of_number(u16::try_from(position).unwrap_or(ZIP_LAST))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_volumes_are_read() {
        for (name, wanted) in [
            ("Film.1968.mkv.001", Some(("Film.1968.mkv", Scheme::Numbered, 1))),
            (" Film.1968.MKV.012 ", Some(("Film.1968.MKV", Scheme::Numbered, 12))),
            ("pack.zip.003", Some(("pack.zip", Scheme::Numbered, 3))),
            ("pack.rar.003", Some(("pack.rar", Scheme::Numbered, 3))),
            ("pack.zip", Some(("pack.zip", Scheme::Zip, ZIP_LAST))),
            ("pack.z01", Some(("pack.zip", Scheme::Zip, 1))),
            ("pack.Z100", Some(("pack.zip", Scheme::Zip, 100))),
            ("Film 1969.part3.rar", Some(("Film 1969.rar", Scheme::RarParts, 3))),
            ("Film 1969.Part012.rar", Some(("Film 1969.rar", Scheme::RarParts, 12))),
            ("pack.rar", Some(("pack.rar", Scheme::Rar, 1))),
            ("pack.r00", Some(("pack.rar", Scheme::Rar, 2))),
            ("pack.r99", Some(("pack.rar", Scheme::Rar, 101))),
            ("pack.s00", Some(("pack.rar", Scheme::Rar, 102))),
            ("part1.rar", Some(("part1.rar", Scheme::Rar, 1))),
            ("Film.1968.mkv", None),
            ("Film.1968.mkv.000", None),
            ("Film.300", None),
            ("Show.001", None),
            ("Film.1968.mkv.1", None),
            ("Film.1968.7z.001", None),
            ("Film.x26", None),
            ("Film.é01", None),
            (".zip", None),
            ("", None),
        ] {
            let got = read(name).map(|name| (name.whole, name.scheme, name.number));
            assert_eq!(
                got.as_ref().map(|(whole, scheme, number)| (whole.as_str(), *scheme, *number)),
                wanted,
                "{name}"
            );
            if let Some(volume) = read(name)
                && !name.starts_with(' ')
            {
                assert!(volume.of_number(volume.number).eq_ignore_ascii_case(name), "{name}: {volume:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_name_is_read_without_panic(name in "\\PC{0,12}(\\.(mkv|zip|rar|z|r|part))?[0-9]{0,5}\\.?[a-z0-9]{0,5}") {
            if let Some(volume) = read(&name) {
                volume.of_position(3);
                prop_assert!(volume.number > 0 && !volume.set().is_empty());
            }
        }
    }
}
