//! How far a job is.

use std::fmt::Write;

/// So many of so many: "12 of 80 films".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    /// `None` while it is not known.
    pub of: Option<u64>,
    /// What is counted, in the plural: `films`; bytes are written as MB.
    pub unit: String,
    /// What was done when this try began: the rate counts from there.
    pub from: u64,
}

pub const BYTES: &str = "bytes";

impl Progress {
    /// Units in a second. `secs`: how long this try has been going on.
    pub fn rate(&self, secs: i64) -> Option<f64> {
        let done = self.done.checked_sub(self.from).filter(|done| *done > 0)?;
        (secs > 0).then(|| done as f64 / secs as f64)
    }

    /// Seconds until all is done, if it goes on like this.
    pub fn remaining_secs(&self, secs: i64) -> Option<u64> {
        let left = self.of?.checked_sub(self.done)?;
        Some((left as f64 / self.rate(secs)?).ceil() as u64)
    }

    /// As people read it. Empty while nothing is known.
    pub fn words(&self, secs: i64) -> String {
        if self.unit.is_empty() {
            return String::new();
        }
        let mut text = match self.of {
            Some(of) => format!("{} of {}", self.amount(self.done as f64), self.amount(of as f64)),
            None => self.amount(self.done as f64),
        };
        if self.unit != BYTES {
            let _ = write!(text, " {}", self.unit);
        }
        if let Some(rate) = self.rate(secs) {
            let _ = write!(text, ", {}/s", self.amount(rate));
        }
        if let Some(left) = self.remaining_secs(secs).filter(|left| *left > 0) {
            let _ = write!(text, ", {} left", duration(left));
        }
        text
    }

    fn amount(&self, amount: f64) -> String {
        match self.unit.as_str() {
            BYTES => format!("{:.1} MB", amount / 1e6),
            _ if amount < 10.0 && amount.fract() > 0.0 => format!("{amount:.1}"),
            _ => format!("{amount:.0}"),
        }
    }
}

/// Seconds as people read them: `3 h 20 min`.
pub fn duration(secs: u64) -> String {
    match secs {
        0..60 => format!("{secs} s"),
        60..3600 => format!("{} min", secs / 60),
        3600..86_400 => format!("{} h {} min", secs / 3600, secs % 3600 / 60),
        _ => format!("{} days", secs / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(done: u64, of: Option<u64>, unit: &str, from: u64) -> Progress {
        Progress { done, of, unit: unit.to_owned(), from }
    }

    #[test]
    fn progress_reads_as_people_say_it() {
        let cases = [
            (Progress::default(), 10, ""),
            (progress(12, Some(80), "films", 0), 0, "12 of 80 films"),
            (progress(12, Some(80), "films", 12), 10, "12 of 80 films"),
            (progress(12, Some(80), "films", 2), 4, "12 of 80 films, 2.5/s, 28 s left"),
            (progress(80, Some(80), "films", 0), 4, "80 of 80 films, 20/s"),
            (progress(90, Some(80), "films", 0), 9, "90 of 80 films, 10/s"),
            (progress(7, None, "people", 0), 7, "7 people, 1/s"),
            (progress(30_000_000, Some(7_230_000_000), BYTES, 0), 10, "30.0 MB of 7230.0 MB, 3.0 MB/s, 40 min left"),
        ];
        for (progress, secs, wanted) in cases {
            assert_eq!(progress.words(secs), wanted);
        }
        assert_eq!(
            (duration(59), duration(12_000), duration(200_000)),
            ("59 s".into(), "3 h 20 min".into(), "2 days".into())
        );
    }
}
