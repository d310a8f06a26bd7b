//! What is counted day by day.

/// One thing that is counted. Stored by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// In the library at the end of the day.
    Films,
    Series,
    Files,
    /// Who used the program that day.
    PeopleActive,
    /// Sent to players and browsers.
    BytesServed,
    JobsDone,
    JobsFailed,
}

impl Figure {
    pub const ALL: [Self; 7] = [
        Self::Films,
        Self::Series,
        Self::Files,
        Self::PeopleActive,
        Self::BytesServed,
        Self::JobsDone,
        Self::JobsFailed,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Films => "films",
            Self::Series => "series",
            Self::Files => "files",
            Self::PeopleActive => "people_active",
            Self::BytesServed => "bytes_served",
            Self::JobsDone => "jobs_done",
            Self::JobsFailed => "jobs_failed",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.name() == name)
    }
}

pub const DAY_SECS: i64 = 24 * 60 * 60;

/// The day of a moment (unix seconds): its number since 1970, UTC.
pub fn day(moment: i64) -> i64 {
    moment.div_euclid(DAY_SECS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_days_begin_at_midnight() {
        for figure in Figure::ALL {
            assert_eq!(Figure::from_name(figure.name()), Some(figure));
        }
        assert_eq!(Figure::from_name("elephants"), None);
        assert_eq!((day(0), day(DAY_SECS - 1), day(DAY_SECS), day(-1)), (0, 0, 1, -1));
    }
}
