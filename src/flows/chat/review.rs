//! A file that needs a hand: the titles that it may be as buttons below the news of it, and what pressing one does.

use super::Chat;
use super::attend::{Answer, Failure};
use super::press::{OnReview, Press};
use super::visitor::Visitor;
use crate::adapters::telegram::Button;
use crate::domain::entry::{EntryId, Reason};
use crate::domain::matching::Suggestion;
use crate::domain::person::{Action, Actor};
use crate::flows::ingest::review::{self, Spread, Wanted};
use crate::texts::{Text, text};

/// Titles that are offered; the page shows the rest.
const OFFERED: usize = 3;

impl Chat {
    pub(super) async fn on_review(&self, visitor: &Visitor, id: EntryId, on: OnReview) -> Result<Answer, Failure> {
        if !visitor.may(Action::Operate) {
            return Ok(Answer::Toast(visitor.say(text("not-allowed"))));
        }
        let (by, now) = (Actor::Person(&visitor.person), visitor.now);
        let file = self.review.show(id).await?.entry.name;
        let take_back = || visitor.button(text("button-take-back"), Press::Review(id, OnReview::Again));
        Ok(match on {
            OnReview::Choose(kind, title) => {
                let wish = Wanted::Title(kind, title).into();
                let title = self.review.choose(&[id], &wish, Spread::These, by, now).await?.title.to_string();
                let words = text("review-chosen").with("file", file).with("title", title);
                // The news may tell of other files as well, so it stays.
                Answer::Message(visitor.tell(words).row([take_back()]))
            }
            OnReview::Ignore => {
                self.review.ignore(&[id], by, now).await?;
                Answer::Message(visitor.tell(text("review-ignored").with("file", file)).row([take_back()]))
            }
            OnReview::Again => {
                self.review.again(&[id], by, now).await?;
                Answer::Instead(visitor.tell(text("review-again").with("file", file)))
            }
        })
    }

    /// What can be decided of a file with one press. Of a series whose episode is not known nothing but to ignore it.
    pub(super) fn review_buttons(visitor: &Visitor, id: EntryId, reason: &Reason) -> Vec<Button> {
        let is_whole = !matches!(reason, Reason::NoEpisode { .. });
        let offered = reason.suggestions().iter().filter(|_| is_whole);
        let button = |title: &Suggestion| {
            let press = Press::Review(id, OnReview::Choose(title.kind, title.meta_id()?));
            Some(Button::press(title.to_string(), press.data()))
        };
        let mut buttons: Vec<Button> = offered.filter_map(button).take(OFFERED).collect();
        buttons.push(visitor.button(text("button-ignore"), Press::Review(id, OnReview::Ignore)));
        buttons
    }
}

pub(super) fn why_not(error: &review::Error) -> Text {
    use review::Error as E;
    match error {
        E::NotAllowed(_) => text("not-allowed"),
        E::UnknownFile(_) => text("review-no-file"),
        E::NoEpisode(title) => text("review-no-episode").with("title", title.as_str()),
        E::Provider(_) => text("review-no-provider"),
        E::UnknownId { .. } => text("review-unknown-title"),
        E::Database(_) => text("no-database"),
        // What no button brings.
        E::Volume
        | E::Archive
        | E::NoSuggestion { .. }
        | E::OnlyALine
        | E::NobodysId { .. }
        | E::NothingSaid(_)
        | E::Nothing { .. }
        | E::Several { .. }
        | E::NoSeasons(_)
        | E::NoSeason
        | E::NoNumber
        | E::NothingAlike
        | E::UnknownRule(_) => text("review-on-the-page"),
    }
}
