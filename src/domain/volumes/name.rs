//! What the name of a volume says. Each form that uploaders use is one function and one row of the test.

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

/// How a name counts volumes. Volumes that are counted in two ways come from two uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// `film.mkv.001`; the first may be `.000`.
    Numbered,
    /// `film.mkv.00`; some begin with `.01`.
    TwoDigits,
    /// `film.mkv.part1`
    Part,
    /// `film.part1.mkv`
    PartInside,
    /// `film (1 of 2).mkv`, with how many there are.
    Of(u16),
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
    /// From 1, or from 0 where the first volume has that. [`ZIP_LAST`] for the `.zip` behind `.z01`: only the archive knows
    /// how many come before.
    pub number: u16,
    /// What stands round the number, and how many digits it is written with at least.
    before: String,
    after: String,
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
    let (head, ending) = name.rsplit_once('.').filter(|(head, _)| !head.is_empty())?;
    let low = ending.to_ascii_lowercase();
    behind_an_extension(head, ending, &low)
        .or_else(|| of_zip(name, head, &low))
        .or_else(|| of_rar(name, head, &low))
        .or_else(|| ahead_of_an_extension(head, ending))
}

/// `film.mkv.001`, `film.mkv.00`, `film.mkv.part1`: of anything that ends as films and archives do.
fn behind_an_extension(head: &str, ending: &str, low: &str) -> Option<VolumeName> {
    let is_file = has_video_name(head) || is_archive(head);
    let (scheme, digits) = match low.strip_prefix("part") {
        Some(digits) => (Scheme::Part, digits),
        None if low.len() == 3 => (Scheme::Numbered, low),
        None if low.len() == 2 => (Scheme::TwoDigits, low),
        None => return None,
    };
    let before = format!("{head}.{}", &ending[..ending.len() - digits.len()]);
    is_file.then(|| counted(head.to_owned(), scheme, digits, (before, String::new())))?
}

/// `film.part1.mkv`, `film (1 of 2).mkv`.
fn ahead_of_an_extension(head: &str, ending: &str) -> Option<VolumeName> {
    if !has_video_name(&format!("{head}.{ending}")) {
        return None;
    }
    // Brackets may stand round either.
    let closing = head.strip_suffix([')', ']']).map_or("", |inner| &head[inner.len()..]);
    let inner = &head[..head.len() - closing.len()];
    let opening = if closing == "]" { '[' } else { '(' };
    let named = |scheme, stem: &str, digits: &str, before: &str| {
        let separators = ['.', '_', '-', ' '];
        let stem = if closing.is_empty() { stem.strip_suffix(separators)? } else { stem.strip_suffix(opening)? };
        let stem = stem.trim_end_matches(separators);
        let whole = (!stem.is_empty()).then(|| format!("{stem}.{ending}"))?;
        let after = format!("{}{closing}.{ending}", &inner[before.len() + digits.len()..]);
        counted(whole, scheme, digits, (before.to_owned(), after))
    };
    let (rest, last) = trailing_digits(inner)?;
    if let Some(stem) = strip_suffix(rest, "part") {
        return named(Scheme::PartInside, stem, last, rest);
    }
    // Without brackets `1 of 6` counts the episodes of a series.
    let total: u16 = last.parse().ok().filter(|total| (2..1000).contains(total) && !closing.is_empty())?;
    let (before, number) = trailing_digits(strip_suffix(rest.trim_end(), "of")?.trim_end())?;
    let is_among = number.parse().is_ok_and(|number| (1..=total).contains(&number));
    is_among.then(|| named(Scheme::Of(total), before, number, before))?
}

/// `.zip`, `.z01`; `.z100` comes after `.z99`.
fn of_zip(name: &str, head: &str, low: &str) -> Option<VolumeName> {
    if low == "zip" {
        return Some(whole(name, Scheme::Zip, ZIP_LAST));
    }
    let digits = low.strip_prefix('z').filter(|digits| matches!(digits.len(), 2 | 3))?;
    let is_right = is_number(digits) && (digits.len() == 2 || digits >= "100");
    let number = digits.parse().ok().filter(|number| *number > 0 && is_right)?;
    Some(whole(&format!("{head}.zip"), Scheme::Zip, number))
}

/// `.part1.rar`, `.rar`, `.r00`. `.r99` is followed by `.s00`; further letters stand in names for other things (`.x26`).
fn of_rar(name: &str, head: &str, low: &str) -> Option<VolumeName> {
    if low == "rar" {
        let ending = &name[head.len() + 1..];
        let part = trailing_digits(head).and_then(|(before, digits)| {
            let stem = strip_suffix(before, ".part").filter(|stem| !stem.is_empty())?;
            let around = (before.to_owned(), format!(".{ending}"));
            counted(format!("{stem}.{ending}"), Scheme::RarParts, digits, around).filter(|name| name.number > 0)
        });
        return Some(part.unwrap_or_else(|| whole(name, Scheme::Rar, 1)));
    }
    let letter = low.bytes().next().filter(|letter| (b'r'..=b't').contains(letter))?;
    let digits = low.get(1..).filter(|digits| digits.len() == 2 && is_number(digits))?;
    let number = u16::from(letter - b'r') * 100 + digits.parse::<u16>().ok()? + 2;
    Some(whole(&format!("{head}.rar"), Scheme::Rar, number))
}

/// A volume whose number stands between two texts.
fn counted(whole: String, scheme: Scheme, digits: &str, (before, after): (String, String)) -> Option<VolumeName> {
    let number = Some(digits).filter(|digits| is_number(digits))?.parse().ok().filter(|number| *number < ZIP_LAST)?;
    Some(VolumeName { whole, scheme, number, before, after, digits: digits.len() })
}

/// A volume whose name follows from that of the whole.
fn whole(whole: &str, scheme: Scheme, number: u16) -> VolumeName {
    VolumeName { whole: whole.to_owned(), scheme, number, before: String::new(), after: String::new(), digits: 2 }
}

fn is_number(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_archive(name: &str) -> bool {
    strip_suffix(name, ".zip").or(strip_suffix(name, ".rar")).is_some()
}

/// `film.part01` -> `film.part` and `01`.
fn trailing_digits(text: &str) -> Option<(&str, &str)> {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[before.len()..];
    is_number(digits).then_some((before, digits))
}

fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    rest.eq_ignore_ascii_case(suffix).then_some(head)
}

impl VolumeName {
    /// Under which all volumes that may belong together are found.
    pub fn set(&self) -> String {
        self.whole.to_lowercase()
    }

    pub fn content(&self) -> Content {
        let split = match self.scheme {
            Scheme::Zip | Scheme::RarParts | Scheme::Rar => ArchiveSplit::Archiver,
            Scheme::Numbered | Scheme::TwoDigits | Scheme::Part | Scheme::PartInside | Scheme::Of(_) => {
                ArchiveSplit::Bytes
            }
        };
        match self.whole.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("zip") => Content::Archive(ArchiveFormat::Zip, split),
            Some("rar") => Content::Archive(ArchiveFormat::Rar, split),
            _ => Content::Video,
        }
    }

    /// Whether the name may as well be that of a film that plays on its own, the second of two or the third of six.
    pub fn is_doubtful(&self) -> bool {
        matches!(self.scheme, Scheme::PartInside | Scheme::Of(_))
    }

    /// What another volume beside this one is called.
    pub(super) fn of_number(&self, number: u16) -> String {
        let Self { whole, before, after, digits, .. } = self;
        let stem = whole.rsplit_once('.').map_or(whole.as_str(), |(stem, _)| stem);
        match self.scheme {
            Scheme::Zip if number == ZIP_LAST => whole.clone(),
            Scheme::Zip => format!("{stem}.z{number:02}"),
            Scheme::Rar if number <= 1 => whole.clone(),
            Scheme::Rar => {
                let letter = char::from(b'r'.saturating_add(((number - 2) / 100).min(2) as u8));
                format!("{stem}.{letter}{:02}", (number - 2) % 100)
            }
            _ => format!("{before}{number:0digits$}{after}"),
        }
    }

    /// What the `position`th volume (from 1) is called, of those that begin with this one.
    pub fn of_position(&self, position: usize) -> String {
        let number = if self.number == 0 { position.saturating_sub(1) } else { position };
        self.of_number(u16::try_from(number).unwrap_or(ZIP_LAST))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Wanted = Option<(&'static str, Scheme, u16)>;

    const VOLUMES: &[(&str, Wanted)] = &[
        ("Film.1968.mkv.001", Some(("Film.1968.mkv", Scheme::Numbered, 1))),
        (" Film.1968.MKV.012 ", Some(("Film.1968.MKV", Scheme::Numbered, 12))),
        ("Film.1968.mkv.000", Some(("Film.1968.mkv", Scheme::Numbered, 0))),
        ("pack.zip.003", Some(("pack.zip", Scheme::Numbered, 3))),
        ("pack.rar.003", Some(("pack.rar", Scheme::Numbered, 3))),
        ("Film.1968.mkv.00", Some(("Film.1968.mkv", Scheme::TwoDigits, 0))),
        ("Film 1968.mp4.11", Some(("Film 1968.mp4", Scheme::TwoDigits, 11))),
        ("pack.zip.01", Some(("pack.zip", Scheme::TwoDigits, 1))),
        ("Film.1968.mkv.part1", Some(("Film.1968.mkv", Scheme::Part, 1))),
        ("Film.1968.mkv.Part001", Some(("Film.1968.mkv", Scheme::Part, 1))),
        ("pack.zip.part02", Some(("pack.zip", Scheme::Part, 2))),
        ("Film.1968.part1.mkv", Some(("Film.1968.mkv", Scheme::PartInside, 1))),
        ("Film 1968.PART012.mkv", Some(("Film 1968.mkv", Scheme::PartInside, 12))),
        ("Film_1968_part2.mp4", Some(("Film_1968.mp4", Scheme::PartInside, 2))),
        ("Film 1968 (part2).mp4", Some(("Film 1968.mp4", Scheme::PartInside, 2))),
        ("Film 1968 (1 of 2).mkv", Some(("Film 1968.mkv", Scheme::Of(2), 1))),
        ("Film.1968.[2of2].mkv", Some(("Film.1968.mkv", Scheme::Of(2), 2))),
        ("Film 1968 - (03 Of 12).avi", Some(("Film 1968.avi", Scheme::Of(12), 3))),
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
    ];

    /// Films, parts that play on their own, and what is nothing of ours.
    const OTHERS: &[&str] = &[
        "Film.1968.mkv",
        "Film.300",
        "Show.001",
        "Film.1968.mkv.1",
        "Film.1968.7z.001",
        "Film.1968.mkv.part",
        "Harry.Potter.Part.1.mkv",
        "Dune Part 2 (2024).mkv",
        "Kill Bill Part One.mkv",
        "Film.1968.CD1.avi",
        "Film.1968.pt1.mkv",
        "Counterpart1.mkv",
        "Some.Counterpart1.mkv",
        "part1.mkv",
        "BBC.The.Planets.1of6.mkv",
        "Film (3 of 2).mkv",
        "Film (0 of 2).mkv",
        "Film (1 of 1).mkv",
        "(1 of 2).mkv",
        "Film [1 of 2).mkv",
        "Film (1of2).srt",
        "Film.x26",
        "Film.z099",
        "Film.é01",
        ".zip",
        "",
    ];

    #[test]
    fn names_of_volumes_are_read() {
        for (name, wanted) in VOLUMES.iter().copied().chain(OTHERS.iter().map(|name| (*name, None))) {
            let got = read(name).map(|name| (name.whole, name.scheme, name.number));
            let got = got.as_ref().map(|(whole, scheme, number)| (whole.as_str(), *scheme, *number));
            assert_eq!(got, wanted, "{name}");
        }
    }

    #[test]
    fn volumes_beside_a_volume_are_called_alike() {
        for (name, _) in VOLUMES {
            let volume = read(name).expect("a volume");
            assert!(volume.of_number(volume.number).eq_ignore_ascii_case(name.trim()), "{name}: {volume:?}");
        }
        for (first, position, wanted) in [
            ("film.mkv.001", 3, "film.mkv.003"),
            ("film.mkv.000", 3, "film.mkv.002"),
            ("film.mkv.00", 12, "film.mkv.11"),
            ("film.mkv.part1", 10, "film.mkv.part10"),
            ("film.part01.mkv", 2, "film.part02.mkv"),
            ("film (1 of 3).mkv", 3, "film (3 of 3).mkv"),
            ("film.[1of2].mkv", 2, "film.[2of2].mkv"),
            ("pack.part1.rar", 2, "pack.part2.rar"),
        ] {
            assert_eq!(read(first).expect("a volume").of_position(position), wanted);
        }
    }

    proptest! {
        #[test]
        fn any_name_is_read_without_panic(
            name in "\\PC{0,12}[ ._(\\[]?(1of|part)?[0-9]{0,2}[)\\]]?(\\.(mkv|zip|rar|z|r|part))?[0-9]{0,5}\\.?[a-z0-9]{0,5}",
        ) {
            if let Some(volume) = read(&name) {
                volume.of_position(3);
                prop_assert!(!volume.set().is_empty());
                prop_assert!(volume.of_number(volume.number).eq_ignore_ascii_case(name.trim()), "{:?}", volume);
            }
        }
    }
}
