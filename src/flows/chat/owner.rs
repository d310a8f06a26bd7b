//! What the owner is told without asking: what became of files, and what is wrong with the program.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::Chat;
use super::digest::{Gathered, digest};
use super::visitor::Visitor;
use crate::adapters::clock::unix_now;
use crate::adapters::telegram::{self, Button, Outgoing, Place};
use crate::domain::telegram_id::UserId;
use crate::flows::health::Alert;
use crate::flows::ingest::Notice;
use crate::flows::people::MESSAGE_LINK_SECS;
use crate::protocols::addresses::OwnerPage;

/// Files that come together (an album, a season) are reported together.
const GATHER: Duration = Duration::from_secs(3);
/// What is wrong with the program is sent again this often, and so many times, while it does not get through.
const ALERT_RETRY: Duration = Duration::from_secs(30);
const ALERT_TRIES: u32 = 20;

impl Chat {
    /// Tells the owner what became of files, gathered into few messages, and what is wrong with the program, until it is stopped.
    /// Without an owner the news only pass through.
    pub async fn tell_owner(
        self,
        mut notices: mpsc::UnboundedReceiver<Notice>,
        mut alerts: mpsc::UnboundedReceiver<Alert>,
        stop: CancellationToken,
    ) {
        let of_files = async {
            while let Some(Some(first)) = stop.run_until_cancelled(notices.recv()).await {
                let Some(owner) = self.owner else { continue };
                let mut gathered = vec![first];
                // Stopped meanwhile: what is gathered is still worth one message.
                let _ = stop.run_until_cancelled(tokio::time::sleep(GATHER)).await;
                while let Ok(more) = notices.try_recv() {
                    gathered.push(more);
                }
                for message in self.digest(&gathered, unix_now()).await {
                    if let Err(error) = self.messages.send(Place::Private(owner), &message).await {
                        warn!(%error, "The owner could not be told of {} files", gathered.len());
                        break;
                    }
                }
            }
        };
        let of_health = async {
            while let Some(Some(alert)) = stop.run_until_cancelled(alerts.recv()).await {
                let Some(owner) = self.owner else { continue };
                let message = self.alert(&alert, unix_now()).await;
                let _ = stop.run_until_cancelled(self.send_until_received(owner, &message)).await;
            }
        };
        tokio::join!(of_files, of_health);
    }

    /// What is wrong may be that Telegram does not answer: then it is sent when it does.
    async fn send_until_received(&self, owner: UserId, message: &Outgoing) {
        for attempt in 0..ALERT_TRIES {
            match self.messages.send(Place::Private(owner), message).await {
                Ok(_) => return,
                // The owner never wrote to the bot, or blocked it; trying again changes nothing.
                Err(telegram::Error::NotStarted { .. } | telegram::Error::Blocked { .. }) => return,
                Err(error) => warn!(%error, attempt, "The owner could not be told what is wrong"),
            }
            tokio::time::sleep(ALERT_RETRY).await;
        }
    }

    /// What is wrong with the program, or no longer is.
    async fn alert(&self, alert: &Alert, now: i64) -> Outgoing {
        match alert {
            Alert::Wrong(says) => {
                let button = self.owner_button("Open your page", OwnerPage::Top, now).await;
                Outgoing::from(format!("Something is wrong.\n\n{says}.")).column(button)
            }
            Alert::Mended(says) => format!("Mended. It was: {says}.").into(),
        }
    }

    /// `None` while the database does not answer.
    async fn owner_button(&self, label: &str, page: OwnerPage, now: i64) -> Option<Button> {
        let owner = self.people.owner().await.ok()?;
        self.sign_in(&owner, label, page, now, MESSAGE_LINK_SECS).await.ok()
    }

    /// The messages that tell the owner what became of files, as few as fit. Those about files that need a hand have a button that
    /// leads to them; while the store cannot be written they have none.
    async fn digest(&self, notices: &[Notice], now: i64) -> Vec<Outgoing> {
        let mut messages = Vec::new();
        for Gathered { text, page, file } in digest(notices) {
            let link = match page {
                Some(page) => self.owner_button("Open the review list", page, now).await,
                None => None,
            };
            let owner = match file {
                Some(_) => self.people.owner().await.ok(),
                None => None,
            };
            let choices = owner.zip(file).map(|(owner, (entry, reason))| {
                let visitor = Visitor::new(owner, None, now);
                Self::review_buttons(&visitor, entry, reason)
            });
            messages.push(Outgoing::from(text).column(choices.into_iter().flatten()).column(link));
        }
        messages
    }
}
