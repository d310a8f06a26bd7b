//! What happens in the scheduler, for whoever counts: the scheduler keeps no counters of its own.

use std::time::Duration;

use crate::adapters::telegram::BotIndex;
use crate::engines::bytes::metrics::ConnectionLoad;
use crate::engines::bytes::streams::StreamId;

/// Called with each event as it happens, by the scheduler's task: must not block.
pub(in crate::engines::bytes) type Listener = Box<dyn Fn(Event) + Send>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engines::bytes) enum Event {
    /// A connection was asked for a run.
    ReadSent,
    /// An attempt brought nothing.
    ReadFailed { is_flood_wait: bool },
    /// A run was asked of another connection because the first is late.
    Hedged { bytes: u64 },
    /// The hedge brought the bytes before the late attempt did.
    HedgeWon,
    /// A run goes back to the queue because its connection fell silent.
    FailedOver,
    /// The bytes of such a run came, so long after the attempt that brought them was sent.
    Recovered { took: Duration },
    /// A bot has read for a stream.
    Served { stream: StreamId, bot: BotIndex },
    /// A reader got what it had waited for in mid-stream.
    HeadWaited { took: Duration },
    /// How the connections stand; about once a second while anything happens.
    Loads(Vec<ConnectionLoad>),
}
