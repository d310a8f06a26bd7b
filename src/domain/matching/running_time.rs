//! How long a file runs, beside how long a film does: what tells namesakes apart.

/// Of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningTime {
    secs: u32,
}

/// Providers' minutes are rounded, and credits are cut.
const CLOSE_SECS: u32 = 4 * 60;
/// Beyond this another film is meant, or another cut of this one.
const OFF_SECS: u32 = 10 * 60;
/// A short film that is ten minutes longer is another; a long one may be a longer cut. So much of a hundred is one as well.
const OFF_PERCENT: u32 = 10;
/// What shows at another speed fits a little less well.
const OTHER_SPEED_SECS: u32 = 60;
/// Below this it is a clip, and says nothing of a film.
const LEAST_SECS: u32 = 60;

impl RunningTime {
    /// `None` for what can be no film's.
    pub fn new(secs: u32) -> Option<Self> {
        (secs >= LEAST_SECS).then_some(Self { secs })
    }

    /// Seconds between the two. Films of 24 frames a second are shown at 25 on European television, and some files the other
    /// way round.
    pub fn distance_secs(self, film_mins: u16) -> u32 {
        let film = u32::from(film_mins) * 60;
        let faster = self.secs.abs_diff(film / 25 * 24) + OTHER_SPEED_SECS;
        let slower = self.secs.abs_diff(film / 24 * 25) + OTHER_SPEED_SECS;
        self.plain_distance_secs(film_mins).min(faster).min(slower)
    }

    /// The same for a file that is shown at the film's own speed.
    pub fn plain_distance_secs(self, film_mins: u16) -> u32 {
        self.secs.abs_diff(u32::from(film_mins) * 60)
    }

    /// It may well be this film.
    pub fn is_close(self, film_mins: u16) -> bool {
        self.distance_secs(film_mins) <= CLOSE_SECS
    }

    /// It is not this film as the provider knows it.
    pub fn is_off(self, film_mins: u16) -> bool {
        let film = u32::from(film_mins) * 60;
        let distance = self.distance_secs(film_mins);
        // A short film's minutes count more.
        distance > OFF_SECS.max(film / 100 * OFF_PERCENT) || (distance > CLOSE_SECS && distance > film / 2)
    }

    pub fn mins(self) -> u32 {
        (self.secs + 30) / 60
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_time_is_close_or_off_or_neither() {
        for (mins, film, wanted) in [
            (97, 97, "close"),
            (94, 97, "close"),
            // PAL: 97 minutes at 25 frames a second.
            (93, 97, "close"),
            (26, 97, "off"),
            (107, 97, ""),
            (112, 97, "off"),
            (140, 120, "off"),
            (235, 201, "off"),
            (215, 201, ""),
            (12, 6, "off"),
            (7, 5, "close"),
        ] {
            let time = RunningTime::new(mins * 60).expect("long enough");
            let said = match (time.is_close(film), time.is_off(film)) {
                (true, false) => "close",
                (false, true) => "off",
                (false, false) => "",
                (true, true) => "both",
            };
            assert_eq!(said, wanted, "{mins} {film}");
        }
        assert_eq!(RunningTime::new(12), None, "a clip");
    }
}
