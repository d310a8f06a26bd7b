//! Why an entry stands in the review list, and what reasons have in common.

use serde::{Deserialize, Serialize};

use crate::domain::matching::Suggestion;

/// Why an entry stands in the review list. The text says what would mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Reason {
    #[error("no title could be read from its name; edit the caption: a title and a year, or an IMDb link")]
    NoTitle,
    #[error("nothing called “{searched}” was found; put the right title and year, or an IMDb link, into the caption")]
    NoMatch {
        searched: String,
        /// What came nearest, each with what speaks against it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        nearest: Vec<Suggestion>,
    },
    #[error("“{searched}” could be {}; put the right one's IMDb link into the caption", or(.candidates))]
    Ambiguous { searched: String, candidates: Vec<Suggestion> },
    #[error("{id} is not known to the metadata provider; check the link in the caption")]
    UnknownId { id: String },
    #[error("its name does not say which episode it is; write S01E02 into the caption")]
    NoEpisode { title: Suggestion },
    #[error(
        "its name does not say what it belongs to; post it in answer to the film, or write the film's name into the caption"
    )]
    SubtitlesOfNothing,
    /// The same as for a film, of subtitles: they are nothing to be played meanwhile.
    #[error("{reason}")]
    Subtitles { reason: Box<Reason> },
    #[error("it cannot be shown: {problem}")]
    BrokenSubtitles { problem: String },
    #[error("it stands in a channel of personal files, for which nobody looks for titles")]
    Personal,
    #[error("its channel holds nothing that is to be watched")]
    SetAside,
    #[error("it is not a video ({mime})")]
    NotVideo { mime: String },
    #[error("the metadata provider cannot be reached ({problem}); it is tried again by itself")]
    ProviderDown { problem: String },
    #[error("a volume is missing: forward {} too", listed(.files))]
    MissingVolumes { files: Vec<String> },
    #[error("all its volumes so far are of one size, so a last one may be missing; if none comes it is taken as it is")]
    MoreVolumes,
    #[error(
        "volumes of different uploads have this name and cannot be told apart; delete those that do not belong together"
    )]
    MixedVolumes,
    #[error("{} is compressed inside the archive; forward the film itself", listed(.files))]
    Compressed { files: Vec<String> },
    #[error("{} is encrypted inside the archive; forward the film itself", listed(.files))]
    Encrypted { files: Vec<String> },
    #[error("no video is inside the archive")]
    NoVideo,
    #[error("the archive cannot be read: {problem}; forward the film itself")]
    BrokenArchive { problem: String },
    #[error("its archive cannot be read from Telegram just now ({problem}); it is tried again by itself")]
    TelegramDown { problem: String },
}

/// What reasons have in common, for a list that is long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonKind {
    /// No title is known for it.
    NotFound,
    /// Several titles could be it.
    Ambiguous,
    /// Of a series, nobody knows which episode.
    NoEpisode,
    /// Nothing to watch is in it.
    NotVideo,
    /// Volumes or archives that cannot be put together or read.
    Volumes,
    /// Whoever should answer is away; it is tried again by itself.
    Waiting,
    /// The owner wants it so, for all of its channel. It is not listed for review.
    ByChannel,
}

impl ReasonKind {
    pub const ALL: [Self; 7] = [
        Self::NotFound,
        Self::Ambiguous,
        Self::NoEpisode,
        Self::NotVideo,
        Self::Volumes,
        Self::Waiting,
        Self::ByChannel,
    ];

    /// As stores and addresses write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Ambiguous => "ambiguous",
            Self::NoEpisode => "no-episode",
            Self::NotVideo => "not-video",
            Self::Volumes => "volumes",
            Self::Waiting => "waiting",
            Self::ByChannel => "by-channel",
        }
    }
}

impl Reason {
    pub fn kind(&self) -> ReasonKind {
        match self {
            Self::Subtitles { reason } => reason.kind(),
            Self::NoTitle | Self::NoMatch { .. } | Self::UnknownId { .. } | Self::SubtitlesOfNothing => {
                ReasonKind::NotFound
            }
            Self::Ambiguous { .. } => ReasonKind::Ambiguous,
            Self::NoEpisode { .. } => ReasonKind::NoEpisode,
            Self::NotVideo { .. } | Self::NoVideo | Self::BrokenSubtitles { .. } => ReasonKind::NotVideo,
            Self::MissingVolumes { .. }
            | Self::MoreVolumes
            | Self::MixedVolumes
            | Self::Compressed { .. }
            | Self::Encrypted { .. }
            | Self::BrokenArchive { .. } => ReasonKind::Volumes,
            Self::ProviderDown { .. } | Self::TelegramDown { .. } => ReasonKind::Waiting,
            Self::Personal | Self::SetAside => ReasonKind::ByChannel,
        }
    }

    /// The titles that it may be, the likeliest first, each with what was weighed.
    pub fn suggestions(&self) -> &[Suggestion] {
        match self {
            Self::NoMatch { nearest, .. } => nearest,
            Self::Ambiguous { candidates, .. } => candidates,
            Self::NoEpisode { title } => std::slice::from_ref(title),
            Self::Subtitles { reason } => reason.suggestions(),
            _ => &[],
        }
    }

    /// Lines that say what was weighed, for whoever wants to know more.
    pub fn details(&self) -> Vec<String> {
        match self {
            Self::NoMatch { nearest, .. } => nearest.iter().map(Suggestion::with_why).collect(),
            Self::Ambiguous { candidates, .. } => {
                candidates.iter().filter(|title| !title.why.is_empty()).map(Suggestion::with_why).collect()
            }
            Self::Subtitles { reason } => reason.details(),
            _ => Vec::new(),
        }
    }

    /// The same, with every name in it (of a file, a title) rewritten: where it is shown decides what a name may hold.
    pub fn with_names(&self, rewrite: impl Fn(&str) -> String) -> Self {
        // Behind a pointer, so that what stands inside of another reason is no type of its own.
        let rewrite: &dyn Fn(&str) -> String = &rewrite;
        let all = |names: &[String]| names.iter().map(|name| rewrite(name)).collect();
        let one = |title: &Suggestion| Suggestion { title: rewrite(&title.title), ..title.clone() };
        let titles = |titles: &[Suggestion]| titles.iter().map(one).collect();
        match self {
            Self::Subtitles { reason } => Self::Subtitles { reason: Box::new(reason.with_names(rewrite)) },
            Self::NoMatch { searched, nearest } => {
                Self::NoMatch { searched: rewrite(searched), nearest: titles(nearest) }
            }
            Self::Ambiguous { searched, candidates } => {
                Self::Ambiguous { searched: rewrite(searched), candidates: titles(candidates) }
            }
            Self::UnknownId { id } => Self::UnknownId { id: rewrite(id) },
            Self::NoEpisode { title } => Self::NoEpisode { title: one(title) },
            Self::NotVideo { mime } => Self::NotVideo { mime: rewrite(mime) },
            Self::MissingVolumes { files } => Self::MissingVolumes { files: all(files) },
            Self::Compressed { files } => Self::Compressed { files: all(files) },
            Self::Encrypted { files } => Self::Encrypted { files: all(files) },
            Self::NoTitle
            | Self::SubtitlesOfNothing
            | Self::BrokenSubtitles { .. }
            | Self::Personal
            | Self::SetAside
            | Self::MoreVolumes
            | Self::MixedVolumes
            | Self::NoVideo
            | Self::ProviderDown { .. }
            | Self::BrokenArchive { .. }
            | Self::TelegramDown { .. } => self.clone(),
        }
    }
}

fn or(titles: &[Suggestion]) -> String {
    titles.iter().map(Suggestion::to_string).collect::<Vec<_>>().join(" or ")
}

/// `a`, `a and b`, `a, b, c and 4 more`.
fn listed(names: &[String]) -> String {
    match names {
        [] => "it".to_owned(),
        [one] => one.clone(),
        [before @ .., last] if names.len() <= 4 => format!("{} and {last}", before.join(", ")),
        _ => format!("{} and {} more", names[..3].join(", "), names.len() - 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(title: &str) -> Suggestion {
        serde_json::from_value(title.into()).expect("a line")
    }

    #[test]
    fn reasons_that_older_versions_kept_are_read() {
        let kept =
            r#"{"why":"ambiguous","searched":"Night","candidates":["Night (1968)","Night (1990)"],"compared":["x"]}"#;
        let reason: Reason = serde_json::from_str(kept).expect("read");
        assert_eq!(
            reason.to_string(),
            "“Night” could be Night (1968) or Night (1990); put the right one's IMDb link into the caption"
        );
        let kept = r#"{"why":"no_match","searched":"Night","nearest":["Night (1968): same name, another year"]}"#;
        let reason: Reason = serde_json::from_str(kept).expect("read");
        assert_eq!(reason.details(), ["Night (1968): same name, another year"]);
        let kept = r#"{"why":"no_episode","title":"Kumo"}"#;
        assert_eq!(serde_json::from_str::<Reason>(kept).expect("read"), Reason::NoEpisode { title: line("Kumo") });
    }

    #[test]
    fn reasons_name_a_few_files() {
        for (count, wanted) in [
            (1, "a volume is missing: forward f1 too"),
            (2, "a volume is missing: forward f1 and f2 too"),
            (4, "a volume is missing: forward f1, f2, f3 and f4 too"),
            (9, "a volume is missing: forward f1, f2, f3 and 6 more too"),
        ] {
            let files = (1..=count).map(|n| format!("f{n}")).collect();
            assert_eq!(Reason::MissingVolumes { files }.to_string(), wanted);
        }
    }

    #[test]
    fn names_in_reasons_can_be_rewritten() {
        let loud = |reason: Reason| reason.with_names(str::to_uppercase).to_string();
        let cases = [
            (
                Reason::NoMatch { searched: "night".into(), nearest: Vec::new() },
                "nothing called “NIGHT” was found; put the right title and year, or an IMDb link, into the caption",
            ),
            (
                Reason::Ambiguous { searched: "night".into(), candidates: vec![line("a"), line("b")] },
                "“NIGHT” could be A or B; put the right one's IMDb link into the caption",
            ),
            (
                Reason::MissingVolumes { files: vec!["a".into(), "b".into()] },
                "a volume is missing: forward A and B too",
            ),
            (Reason::NoVideo, "no video is inside the archive"),
        ];
        for (reason, wanted) in cases {
            assert_eq!(loud(reason), wanted);
        }
    }

    #[test]
    fn kinds_of_reasons_are_written_as_they_are_read() {
        for kind in ReasonKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.word());
        }
    }
}
