//! How far an entry has come, and what a person's "try again" and "ignore" make of it.

use serde::{Deserialize, Serialize};

use super::{EntryId, Reason, SeriesPart};
use crate::domain::matching::How;
use crate::domain::review::{Choice, Decided};
use crate::domain::title::TitleId;

/// How far an entry has come on its way into the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Status {
    /// Waits for its match since it was posted, edited or put back. `retry_at` (unix seconds) is 0 while it is its turn.
    /// With a `reason` the entry stays listed for review meanwhile: a provider is down, and it is tried again at
    /// `retry_at`; or a person had it tried again just now, and the reason is the one before.
    Pending { tries: u32, retry_at: i64, reason: Option<Reason> },
    /// Stands in the catalog. `parts` is empty for films.
    Matched {
        title: TitleId,
        #[serde(rename = "places")]
        parts: Vec<SeriesPart>,
        /// How the title was found. `None` of files that were matched before this was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        how: Option<How>,
    },
    /// Holds subtitles, which are listed beside what they belong to: a title's parts (as above), or one file, whatever title that has.
    Subtitles {
        title: Option<TitleId>,
        #[serde(rename = "places")]
        parts: Vec<SeriesPart>,
        /// The file that they were posted to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beside: Option<EntryId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        how: Option<How>,
    },
    /// Needs a person, or a better caption.
    Review { reason: Reason },
    /// A person wants it listed nowhere: neither in the catalog, nor under "Unmatched", nor for review. Links to it go on
    /// playing. It stays so until they put it back. `reason` is why it stood in review; `None` when it had a title.
    Ignored { reason: Option<Reason> },
    /// A volume: it is played through the entries that are made of its set, or waits with its set, of which the first volume
    /// says why.
    Volume,
}

impl Status {
    /// What every new or edited entry begins with.
    pub fn fresh() -> Self {
        Self::Pending { tries: 0, retry_at: 0, reason: None }
    }

    /// Whether both stand under the same title and parts, however that was found.
    pub fn is_of_the_same_title(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Matched { title, parts, .. }, Self::Matched { title: other, parts: others, .. }) => {
                title == other && parts == others
            }
            (
                Self::Subtitles { title, parts, beside, .. },
                Self::Subtitles { title: other, parts: others, beside: file, .. },
            ) => (title, parts, beside) == (other, others, file),
            _ => false,
        }
    }

    /// Why it has no title, where somebody is told.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Review { reason } => Some(reason),
            Self::Pending { reason, .. } | Self::Ignored { reason } => reason.as_ref(),
            Self::Matched { .. } | Self::Subtitles { .. } | Self::Volume => None,
        }
    }

    /// What a person's decision makes of it, and with `None` taking it back. A title that was chosen is found by
    /// the next match. `None` where there is nothing to decide.
    pub fn decided(&self, choice: Option<&Choice>, was_decided: bool) -> Option<Self> {
        match choice.map(|choice| &choice.what) {
            _ if *self == Self::Volume => None,
            Some(Decided::Ignored) => Some(self.ignored().unwrap_or_else(|| self.clone())),
            Some(Decided::Title { .. }) => {
                Some(Self::Pending { tries: 0, retry_at: 0, reason: self.reason().cloned() })
            }
            None => self.tried_again().or_else(|| was_decided.then(Self::fresh)),
        }
    }

    /// What a person's "try again" makes of it; also what takes an [`Status::Ignored`] back. `None` where there is nothing
    /// to try.
    fn tried_again(&self) -> Option<Self> {
        match self {
            Self::Review { .. } | Self::Ignored { .. } => {}
            Self::Pending { retry_at, .. } if *retry_at > 0 => {}
            Self::Pending { .. } | Self::Matched { .. } | Self::Subtitles { .. } | Self::Volume => return None,
        }
        Some(Self::Pending { tries: 0, retry_at: 0, reason: self.reason().cloned() })
    }

    /// What a person's "ignore" makes of it. `None` for what is listed nowhere anyhow.
    fn ignored(&self) -> Option<Self> {
        match self {
            Self::Review { .. } | Self::Pending { .. } | Self::Matched { .. } | Self::Subtitles { .. } => {
                Some(Self::Ignored { reason: self.reason().cloned() })
            }
            Self::Ignored { .. } | Self::Volume => None,
        }
    }

    /// A person had it tried again, and nothing has come of it yet.
    pub fn is_tried_again_now(&self) -> bool {
        matches!(self, Self::Pending { retry_at: 0, reason: Some(_), .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::matching::Step;
    use crate::domain::review::{ChosenTitle, Numbers};
    use crate::domain::title::Kind;

    #[test]
    fn how_a_title_was_found_is_kept_and_makes_it_no_other() {
        let how = How { step: Step::RunningTime, why: "Metropolis (1927)".to_owned() };
        let before = Status::Matched { title: TitleId(1), parts: Vec::new(), how: None };
        let after = Status::Matched { title: TitleId(1), parts: Vec::new(), how: Some(how) };
        assert!(before.is_of_the_same_title(&after) && before != after);
        assert!(!before.is_of_the_same_title(&Status::fresh()));
        let kept = r#"{"state":"matched","title":1,"places":[]}"#;
        assert_eq!(serde_json::to_string(&before).expect("JSON"), kept, "as it was kept before");
        for status in [before, after] {
            let text = serde_json::to_string(&status).expect("JSON");
            assert_eq!(serde_json::from_str::<Status>(&text).expect("its own words"), status);
        }
    }

    #[test]
    fn people_decide_what_is_tried_again_and_what_is_ignored() {
        let reason = || Some(Reason::NoTitle);
        let pending = |retry_at, reason| Status::Pending { tries: 0, retry_at, reason };
        let review = Status::Review { reason: Reason::NoTitle };
        let ignored = |reason| Status::Ignored { reason };
        let matched = Status::Matched { title: TitleId(1), parts: Vec::new(), how: None };
        let subtitles = Status::Subtitles { title: Some(TitleId(1)), parts: Vec::new(), beside: None, how: None };
        // status -> tried again, ignored
        let cases = [
            (review, Some(pending(0, reason())), Some(ignored(reason()))),
            (pending(500, reason()), Some(pending(0, reason())), Some(ignored(reason()))),
            (pending(0, reason()), None, Some(ignored(reason()))),
            (Status::fresh(), None, Some(ignored(None))),
            (matched, None, Some(ignored(None))),
            (subtitles, None, Some(ignored(None))),
            (ignored(reason()), Some(pending(0, reason())), None),
            (ignored(None), Some(Status::fresh()), None),
            (Status::Volume, None, None),
        ];
        for (status, tried_again, ignored) in cases {
            assert_eq!(status.tried_again(), tried_again, "{status:?}");
            assert_eq!(status.ignored(), ignored, "{status:?}");
            let choice = |what| Choice { what, by: None, at: 0 };
            let ignore = choice(Decided::Ignored);
            let is_volume = status == Status::Volume;
            let stays = (!is_volume).then(|| ignored.unwrap_or_else(|| status.clone()));
            assert_eq!(status.decided(Some(&ignore), false), stays, "{status:?}");
            let (kind, id) = (Kind::Movie, "tt0063350".parse().expect("an id"));
            let title = ChosenTitle { kind, id, name: "Night".to_owned(), year: None };
            let title = choice(Decided::Title { title, numbers: Numbers::Said(Vec::new()) });
            let found = (!is_volume).then(|| pending(0, status.reason().cloned()));
            assert_eq!(status.decided(Some(&title), false), found, "{status:?}");
            assert_eq!(status.decided(None, false), tried_again, "{status:?}");
            let taken_back = if is_volume { None } else { tried_again.or(Some(Status::fresh())) };
            assert_eq!(status.decided(None, true), taken_back, "{status:?}");
        }
    }
}
