//! Floor 4: the main bot's edge. Deliveries from Telegram go into ingest and chat, their answers and the owner's notices
//! go back.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::adapters::telegram::{self, Batch, Delivery, DirectMessage, Messages, Outgoing};
use crate::domain::telegram_id::UserId;
use crate::flows::chat::Chat;
use crate::flows::health::Alert;
use crate::flows::ingest::{Ingest, Notice};
use crate::flows::unix_now;

/// Files that come together (an album, a season) are told of together.
const GATHER: Duration = Duration::from_secs(3);
/// What is wrong with the program is told anew this often, and so many times, while it does not get through.
const ALERT_RETRY: Duration = Duration::from_secs(30);
const ALERT_TRIES: u32 = 20;
/// A database that is away is asked again this often.
const STORE_RETRY: Duration = Duration::from_secs(2);

/// Hands every delivery on until told to stop or Telegram ends. Channels and people do not wait for each other.
pub async fn deliver(
    mut deliveries: mpsc::Receiver<Delivery>,
    messages: Messages,
    ingest: Ingest,
    chat: Chat,
    stop: CancellationToken,
) {
    let mut running = tokio::task::JoinSet::new();
    loop {
        let delivery = tokio::select! {
            () = stop.cancelled() => break,
            _ = running.join_next(), if !running.is_empty() => continue,
            delivery = deliveries.recv() => match delivery {
                Some(delivery) => delivery,
                None => break,
            },
        };
        match delivery {
            Delivery::Channel(batch) => running.spawn(record(batch, ingest.clone())),
            Delivery::Message(message) => running.spawn(answer(message, chat.clone(), messages.clone())),
        };
    }
    // Batches cut off here were not acknowledged: Telegram's side delivers them again at the next start.
    running.shutdown().await;
}

async fn record(batch: Batch, ingest: Ingest) {
    while let Err(error) = ingest.take(&batch.events).await {
        warn!(%error, channel = %batch.chat, "Posts wait for the database");
        tokio::time::sleep(STORE_RETRY).await;
    }
    batch.done();
}

async fn answer(message: DirectMessage, chat: Chat, messages: Messages) {
    let reply = match chat.answer(message.from, &message.text, unix_now()).await {
        Ok(reply) => reply,
        Err(error) => {
            error!(%error, "A message could not be answered");
            "The database cannot be reached right now; try again in a minute.".to_owned().into()
        }
    };
    if let Err(error) = messages.send(message.from, &reply).await {
        warn!(%error, user = message.from.0, "An answer could not be sent");
    }
}

/// Tells the owner what became of files, gathered into few messages, and what is wrong with the program. Without an owner the
/// news only pass through.
pub async fn tell_owner(
    mut notices: mpsc::UnboundedReceiver<Notice>,
    mut alerts: mpsc::UnboundedReceiver<Alert>,
    messages: Messages,
    chat: Chat,
    stop: CancellationToken,
) {
    let of_files = async {
        while let Some(Some(first)) = stop.run_until_cancelled(notices.recv()).await {
            let Some(owner) = chat.owner() else { continue };
            let mut gathered = vec![first];
            // Told to stop meanwhile: what is gathered is still worth one message.
            let _ = stop.run_until_cancelled(tokio::time::sleep(GATHER)).await;
            while let Ok(more) = notices.try_recv() {
                gathered.push(more);
            }
            for message in chat.digest(&gathered, unix_now()).await {
                if let Err(error) = messages.send(owner, &message).await {
                    warn!(%error, "The owner could not be told of {} files", gathered.len());
                    break;
                }
            }
        }
    };
    let of_health = async {
        while let Some(Some(alert)) = stop.run_until_cancelled(alerts.recv()).await {
            let Some(owner) = chat.owner() else { continue };
            let message = chat.alert(&alert, unix_now()).await;
            let _ = stop.run_until_cancelled(insist(&messages, owner, &message)).await;
        }
    };
    tokio::join!(of_files, of_health);
}

/// What is wrong may be that Telegram does not answer: then it is said when it does.
async fn insist(messages: &Messages, owner: UserId, message: &Outgoing) {
    for attempt in 0..ALERT_TRIES {
        match messages.send(owner, message).await {
            Ok(()) => return,
            // The owner never wrote to the bot; trying again changes nothing.
            Err(telegram::Error::NotStarted { .. }) => return,
            Err(error) => warn!(%error, attempt, "The owner could not be told what is wrong"),
        }
        tokio::time::sleep(ALERT_RETRY).await;
    }
}
