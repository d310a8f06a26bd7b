//! Floor 4: the main bot's edge. Deliveries from Telegram go into ingest and chat, their answers and the owner's notices
//! go back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::chat::Chat;
use crate::ingest::{Ingest, Notice};
use crate::telegram::{Batch, Delivery, DirectMessage, Telegram};

/// Files that come together (an album, a season) are told of together.
const GATHER: Duration = Duration::from_secs(3);
/// A database that is away is asked again this often.
const STORE_RETRY: Duration = Duration::from_secs(2);

/// Hands every delivery on until told to stop or Telegram ends. Channels and people do not wait for each other.
pub async fn deliver(
    mut deliveries: mpsc::Receiver<Delivery>,
    telegram: Telegram,
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
            Delivery::Message(message) => running.spawn(answer(message, chat.clone(), telegram.clone())),
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

async fn answer(message: DirectMessage, chat: Chat, telegram: Telegram) {
    let reply = match chat.answer(message.from, &message.text, unix_now()).await {
        Ok(reply) => reply,
        Err(error) => {
            error!(%error, "A message could not be answered");
            "The database cannot be reached right now; try again in a minute.".to_owned().into()
        }
    };
    if let Err(error) = telegram.send(message.from, &reply).await {
        warn!(%error, user = message.from, "An answer could not be sent");
    }
}

/// Tells the owner what became of files, gathered into few messages. Without an owner the notices only pass through.
pub async fn tell_owner(
    mut notices: mpsc::UnboundedReceiver<Notice>,
    telegram: Telegram,
    chat: Chat,
    stop: CancellationToken,
) {
    while let Some(Some(first)) = stop.run_until_cancelled(notices.recv()).await {
        let Some(owner) = chat.owner() else { continue };
        let mut gathered = vec![first];
        // Told to stop meanwhile: what is gathered is still worth one message.
        let _ = stop.run_until_cancelled(tokio::time::sleep(GATHER)).await;
        while let Ok(more) = notices.try_recv() {
            gathered.push(more);
        }
        for message in chat.digest(&gathered, unix_now()).await {
            if let Err(error) = telegram.send(owner, &message).await {
                warn!(%error, "The owner could not be told of {} files", gathered.len());
                break;
            }
        }
    }
}

fn unix_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs() as i64)
}
