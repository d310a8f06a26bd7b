//! Tells [`Limits`] in rounds what is sent here, and ends the streams that somebody asked to stop.

use std::sync::Weak;
use std::time::{Duration, UNIX_EPOCH};

use tracing::info;

use super::viewers::{Registry, Viewers};
use crate::adapters::clock::unix_now;
use crate::adapters::store::Changes;
use crate::domain::usage::Running;
use crate::engines::bytes::Engine;
use crate::flows::limits::{EVERY, Limits};

/// Streams that end within this time go to the store together: players end several at once.
const TOGETHER: Duration = Duration::from_millis(300);

/// Goes on for as long as there is a playback.
pub(super) async fn tell_limits(viewers: Weak<Registry>, engine: Engine, limits: Limits) {
    let mut settings = limits.records().changes();
    loop {
        let Some(open) = viewers.upgrade().map(Viewers::from) else { return };
        let running = open.watching(engine.streams()).into_iter().map(|watching| Running {
            id: watching.number.to_string(),
            person: watching.person,
            entry: watching.entry,
            name: watching.name,
            since: seconds(watching.since.duration_since(UNIX_EPOCH).unwrap_or_default()),
            sent_bytes: watching.sent_bytes,
            bytes_per_second: watching.bytes_per_second,
            bots: watching.bots,
        });
        for stream in limits.sync(running.collect(), unix_now()).await {
            if stream.parse().is_ok_and(|number| open.stop(number)) {
                info!("Stream {stream} ends: somebody stopped it");
            }
        }
        drop(open);
        until_next(&limits, &mut settings).await;
    }
}

/// Until the next round; what has ended meanwhile is stored at once, and what was set meanwhile holds at once.
async fn until_next(limits: &Limits, settings: &mut Changes) {
    let next = tokio::time::sleep(EVERY);
    tokio::pin!(next);
    loop {
        tokio::select! {
            () = &mut next => return,
            () = settings.next() => limits.settings_changed(unix_now()).await,
            () = limits.stream_ended() => {
                tokio::time::sleep(TOGETHER).await;
                limits.save(unix_now()).await;
            }
        }
    }
}

fn seconds(since: Duration) -> i64 {
    since.as_secs().cast_signed()
}
