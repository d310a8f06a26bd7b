//! Whether somebody may in now, and if not, why.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::super::text;

/// How it stands between a person and this place. Times are unix seconds; a pause or a ban without `until` has no end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    #[default]
    Active,
    /// Asked to be let in.
    Pending,
    /// A pause: what they had works again afterwards.
    Disabled { reason: String, until: Option<i64> },
    /// Everything that they had has ended for good; they stay known, so that they cannot come in anew.
    Banned { reason: String, until: Option<i64> },
}

/// Why somebody may not in now; a sentence for them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("this access was taken away")]
    Removed,
    #[error("this access waits until somebody approves it")]
    Pending,
    #[error("this access is paused{}", details(.reason, *.until))]
    Disabled { reason: String, until: Option<i64> },
    #[error("this access was taken away{}", details(.reason, *.until))]
    Banned { reason: String, until: Option<i64> },
    #[error("this access ended on {}", date(*.at))]
    Expired { at: i64 },
}

impl Standing {
    /// With its reason as it is kept: one line.
    #[must_use]
    pub fn cleaned(&self) -> Self {
        let mut standing = self.clone();
        if let Self::Disabled { reason, .. } | Self::Banned { reason, .. } = &mut standing {
            *reason = text::line(reason, text::NAME);
        }
        standing
    }

    /// What keeps somebody who stands so from coming in.
    pub(super) fn denies(&self, now: i64) -> Option<Denied> {
        let is_on = |until: &Option<i64>| until.is_none_or(|until| now < until);
        match self {
            Self::Disabled { reason, until } if is_on(until) => {
                Some(Denied::Disabled { reason: reason.clone(), until: *until })
            }
            Self::Banned { reason, until } if is_on(until) => {
                Some(Denied::Banned { reason: reason.clone(), until: *until })
            }
            Self::Pending => Some(Denied::Pending),
            Self::Active | Self::Disabled { .. } | Self::Banned { .. } => None,
        }
    }
}

/// ` until 2027-01-31 23:59 UTC: too many devices`
fn details(reason: &str, until: Option<i64>) -> String {
    let until = until.map(|until| format!(" until {}", date(until))).unwrap_or_default();
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    format!("{until}{reason}")
}

/// `2027-01-31 23:59 UTC`, of unix seconds.
pub fn date(secs: i64) -> String {
    match OffsetDateTime::from_unix_timestamp(secs) {
        Ok(at) => {
            let (year, month, day) = at.to_calendar_date();
            format!("{year:04}-{:02}-{day:02} {:02}:{:02} UTC", u8::from(month), at.hour(), at.minute())
        }
        // Ten thousand years from now.
        Err(_) => "the end of time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_and_a_ban_end_by_themselves() {
        let until = |until| {
            [Standing::Disabled { reason: "r".to_owned(), until }, Standing::Banned { reason: "r".to_owned(), until }]
        };
        for standing in until(Some(10)) {
            assert!(standing.denies(9).is_some() && standing.denies(10).is_none(), "{standing:?}");
        }
        for standing in until(None) {
            assert!(standing.denies(i64::MAX).is_some(), "{standing:?}");
        }
        assert_eq!(Standing::Pending.denies(0), Some(Denied::Pending));
        assert_eq!(Standing::Active.denies(0), None);
    }

    #[test]
    fn who_may_not_in_reads_why_and_until_when() {
        let (reason, until) = ("shared with the street".to_owned(), Some(1_801_439_940));
        for (denied, wanted) in [
            (Denied::Pending, "this access waits until somebody approves it"),
            (
                Denied::Disabled { reason: reason.clone(), until },
                "this access is paused until 2027-01-31 23:59 UTC: shared with the street",
            ),
            (Denied::Disabled { reason: String::new(), until: None }, "this access is paused"),
            (Denied::Banned { reason, until: None }, "this access was taken away: shared with the street"),
            (Denied::Expired { at: 0 }, "this access ended on 1970-01-01 00:00 UTC"),
            (Denied::Expired { at: i64::MAX }, "this access ended on the end of time"),
        ] {
            assert_eq!(denied.to_string(), wanted);
        }
    }

    #[test]
    fn stored_forms_do_not_change() {
        let banned = Standing::Banned { reason: "r".to_owned(), until: Some(5) };
        for (standing, text) in [
            (Standing::Active, r#""active""#),
            (Standing::Pending, r#""pending""#),
            (banned, r#"{"banned":{"reason":"r","until":5}}"#),
        ] {
            assert_eq!(serde_json::to_string(&standing).ok().as_deref(), Some(text));
            assert_eq!(serde_json::from_str(text).ok(), Some(standing));
        }
    }
}
