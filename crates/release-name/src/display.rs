//! A release written out as a name that reads as itself: what docs/release-names.md tells people to write.
//!
//! ```text
//! Some Film (2019) 1080p BluRay H.265
//! Some Series (2019) S01E02 720p WEB-DL     Some Series S01-S03     Some Show 2018-06-22     Some Anime - 034
//! ```

use std::fmt;

use super::Release;

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        if let Some(year) = self.year {
            write!(f, " ({year})")?;
        }
        // A daily series counts and dates its episodes: "Some Show - 3921 - 2018-06-22".
        let is_counted = self.date.is_some() && !self.absolute.is_empty();
        if let Some(date) = self.date.as_ref().filter(|_| !is_counted) {
            write!(f, " {date}")?;
        }
        let letter = |letter: char, numbers: &[u16]| {
            let runs = runs(numbers).into_iter().map(|(first, last)| match first == last {
                true => format!("{letter}{first:02}"),
                false => format!("{letter}{first:02}-{letter}{last:02}"),
            });
            runs.collect::<Vec<_>>().join("+")
        };
        if self.special.is_some() || !self.absolute.iter().all(|n| n.fract() == 0.0) && !self.seasons.is_empty() {
            self.beside_episodes(f)?;
            return self.technical(f);
        }
        match (self.seasons.is_empty(), self.episodes.is_empty()) {
            (true, true) => {}
            (true, false) => write!(f, " {}", letter('E', &self.episodes))?,
            (false, true) => write!(f, " {}", letter('S', &self.seasons))?,
            (false, false) => write!(f, " {}{}", letter('S', &self.seasons[..1]), letter('E', &self.episodes))?,
        }
        match self.absolute.as_slice() {
            [] => {}
            // Beside a season's episode it is the second count: "S02E05 (017)".
            [one] if !self.episodes.is_empty() => write!(f, " ({one:03})")?,
            [first, .., last] if !self.episodes.is_empty() => write!(f, " ({first:03}-{last:03})")?,
            [one] if one.fract() == 0.0 => write!(f, " - {one:03}")?,
            [one] => write!(f, " - {one:04.1}")?,
            [first, .., last] => write!(f, " - {first:03}-{last:03}")?,
        }
        if let Some(date) = self.date.as_ref().filter(|_| is_counted) {
            write!(f, " - {date}")?;
        }
        self.technical(f)
    }
}

impl Release {
    /// `S01OVA02`, `- OVA 03`, `- OVA`; and `S01E02.5`, which lies between two episodes.
    fn beside_episodes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.special.as_deref();
        match self.seasons.first() {
            Some(season) => write!(f, " S{season:02}{}", word.unwrap_or("E"))?,
            None => write!(f, " - {}", word.unwrap_or_default())?,
        }
        let blank = if self.seasons.is_empty() { " " } else { "" };
        match self.absolute.first() {
            Some(number) if number.fract() == 0.0 => write!(f, "{blank}{number:02}"),
            Some(number) => write!(f, "{blank}{number:04.1}"),
            None => Ok(()),
        }
    }

    fn technical(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [&self.resolution, &self.source, &self.video_codec];
        words.into_iter().flatten().try_for_each(|word| write!(f, " {word}"))
    }
}

/// Numbers as runs of neighbours: 1, 2, 3, 7 is 1-3 and 7.
fn runs(numbers: &[u16]) -> Vec<(u16, u16)> {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}
