//! Floor 5: the main bot's edge. What comes in goes to the flow that it concerns.

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::flows::chat::{Chat, Inbox, Incoming};
use crate::flows::ingest::Ingest;

/// Hands everything on until it is stopped or Telegram ends. Channels and people do not wait for each other.
pub async fn run(mut inbox: Inbox, ingest: Ingest, chat: Chat, stop: CancellationToken) {
    let mut running = JoinSet::new();
    loop {
        let incoming = tokio::select! {
            () = stop.cancelled() => break,
            _ = running.join_next(), if !running.is_empty() => continue,
            incoming = inbox.recv() => match incoming {
                Some(incoming) => incoming,
                None => break,
            },
        };
        match incoming {
            Incoming::Channel(batch) => running.spawn(ingest.clone().record_batch(batch)),
            Incoming::Called(called) => running.spawn(chat.clone().attend_post(called)),
            Incoming::Person(arrival) => running.spawn(chat.clone().attend(arrival)),
        };
    }
    // What is cut off here was not acknowledged: Telegram's side delivers it again at the next start.
    running.shutdown().await;
}
