//! Backends that play a script and record what they were asked, for tests of what stands above. Reading is as strict about
//! getFile's rules as Telegram is, and the byte at offset n of every document is `n % 251`: 251 is a prime, so a shifted,
//! repeated or missing chunk never fits. There are no channels; people do what the test says (`said`).

mod said;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};

use super::{
    BotHealth, BotIndex, BotTraffic, Bots, ChannelAccess, ConnectionSlot, ConnectionState, Files, Messages, ReadError,
    Telegram, VolumeLocation, bots, files,
};
use crate::domain::post::{ChatId, DocumentId};
use crate::domain::telegram_id::Dc;

use said::Talk;
pub use said::{Cast, Done, Refusal, Said};

/// What goes wrong with a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    FloodWait(Duration),
    /// No answer, ever.
    Silence,
    /// Half of the bytes.
    WrongLength,
    Refused,
    Connection,
    NotVisible,
}

/// What the scripted Telegram is like.
#[derive(Clone, Debug, Default)]
pub struct Script {
    bots: usize,
    slots: usize,
    latency: Duration,
    on_call: HashMap<usize, Fault>,
    of_bot: HashMap<usize, Fault>,
    cast: Cast,
}

impl Script {
    /// So many bots with so many connections each, that answer at once and without fault.
    pub fn new(bots: usize, slots: usize) -> Self {
        Self { bots, slots, ..Self::default() }
    }

    /// Every answer, good or bad, takes so long.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The `number`th read of all, counted from 1, goes wrong.
    pub fn on_call(mut self, number: usize, fault: Fault) -> Self {
        self.on_call.insert(number, fault);
        self
    }

    /// These people and messages are there.
    pub fn cast(mut self, cast: Cast) -> Self {
        self.cast = cast;
        self
    }

    /// Every read of this bot goes wrong.
    pub fn of_bot(mut self, bot: usize, fault: Fault) -> Self {
        self.of_bot.insert(bot, fault);
        self
    }
}

/// One read that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    pub slot: ConnectionSlot,
    pub document: DocumentId,
    pub offset: u64,
    pub limit: u32,
    pub at: Instant,
    /// When its answer was given, unless it still is waited for or was given up.
    pub answered: Option<Instant>,
}

/// What was asked so far, and the script to change while it plays. Cheap to clone.
#[derive(Clone)]
pub struct Calls {
    stage: Arc<Stage>,
}

impl Calls {
    /// Every read, in order.
    pub fn all(&self) -> Vec<Call> {
        self.stage.lock().calls.clone()
    }

    pub fn count(&self) -> usize {
        self.stage.lock().calls.len()
    }

    /// Reads without an answer that somebody still waits for.
    pub fn waiting(&self) -> usize {
        self.stage.lock().waiting
    }

    /// Everything that the bot said, in order.
    pub fn said(&self) -> Vec<Said> {
        self.stage.talk().said.clone()
    }

    /// From now on these people and messages are there.
    pub fn set_cast(&self, cast: Cast) {
        self.stage.talk().cast = cast;
    }

    /// From now on every read of this bot goes wrong; with `None` its reads are well again.
    pub fn set_bot(&self, bot: usize, fault: Option<Fault>) {
        let of_bot = &mut self.stage.lock().script.of_bot;
        match fault {
            Some(fault) => of_bot.insert(bot, fault),
            None => of_bot.remove(&bot),
        };
    }
}

struct Stage {
    state: Mutex<State>,
    talk: Mutex<Talk>,
}

struct State {
    script: Script,
    calls: Vec<Call>,
    waiting: usize,
    /// When each connection last answered.
    heard: HashMap<ConnectionSlot, Instant>,
    /// Until when each bot was told to wait.
    shut_until: HashMap<BotIndex, Instant>,
}

impl Stage {
    fn talk(&self) -> MutexGuard<'_, Talk> {
        self.talk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn play(
        &self,
        slot: ConnectionSlot,
        at: &VolumeLocation,
        offset: u64,
        limit: u32,
    ) -> Result<Bytes, ReadError> {
        let (number, fault, latency) = {
            let mut state = self.lock();
            let document = at.volume.document;
            state.calls.push(Call { slot, document, offset, limit, at: Instant::now(), answered: None });
            let number = state.calls.len();
            let fault = state.script.on_call.get(&number).or(state.script.of_bot.get(&slot.bot.0)).cloned();
            state.waiting += 1;
            (number, fault, state.script.latency)
        };
        let _waiting = Waiting(self);
        sleep(latency).await;
        if fault == Some(Fault::Silence) {
            std::future::pending::<()>().await;
        }
        {
            let (mut state, now) = (self.lock(), Instant::now());
            state.calls[number - 1].answered = Some(now);
            state.heard.insert(slot, now);
        }
        let bot = slot.bot;
        let bytes = getfile(at.volume.size, offset, limit)?;
        match fault {
            None | Some(Fault::Silence) => Ok(bytes),
            Some(Fault::FloodWait(wait)) => {
                let until = Instant::now() + wait;
                let shut_until = &mut self.lock().shut_until;
                shut_until.insert(bot, shut_until.get(&bot).copied().max(Some(until)).unwrap_or(until));
                Err(ReadError::FloodWait { bot, wait })
            }
            Some(Fault::WrongLength) => Ok(bytes.slice(..bytes.len() / 2)),
            Some(Fault::Refused) => Err(ReadError::Refused("500 INTERNAL".to_owned())),
            Some(Fault::Connection) => Err(ReadError::Connection("cut by the script".to_owned())),
            Some(Fault::NotVisible) => Err(ReadError::NotVisible { bot }),
        }
    }
}

/// Counts a read as waited for until it is answered or given up.
struct Waiting<'a>(&'a Stage);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}

/// What upload.getFile answers, rules included (core.telegram.org/api/files): with `precise` steps of 1 KiB, never across a
/// line of 1 MiB.
fn getfile(size: u64, offset: u64, limit: u32) -> Result<Bytes, ReadError> {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    let len = u64::from(limit);
    if !offset.is_multiple_of(KIB) {
        return Err(ReadError::Refused("400 OFFSET_INVALID".to_owned()));
    }
    if len == 0 || !len.is_multiple_of(KIB) || offset % MIB + len > MIB {
        return Err(ReadError::Refused("400 LIMIT_INVALID".to_owned()));
    }
    Ok(content(offset, size.saturating_sub(offset).min(len)))
}

/// The bytes from `offset` of any document.
pub fn content(offset: u64, len: u64) -> Bytes {
    (0..251u8).cycle().skip((offset % 251) as usize).take(len as usize).collect()
}

impl Telegram {
    /// A Telegram that plays `script`, and what it was asked.
    pub fn scripted(script: Script) -> (Self, Calls) {
        let talk = Talk::new(script.cast.clone());
        let state = State { script, calls: Vec::new(), waiting: 0, heard: HashMap::new(), shut_until: HashMap::new() };
        let stage = Arc::new(Stage { state: Mutex::new(state), talk: Mutex::new(talk) });
        let scripted = Scripted(Arc::clone(&stage));
        let telegram = Self {
            messages: Messages::new(scripted.clone()),
            files: Files::new(scripted.clone()),
            bots: Bots::new(scripted),
            running: None,
        };
        (telegram, Calls { stage })
    }
}

#[derive(Clone)]
struct Scripted(Arc<Stage>);

impl files::Backend for Scripted {
    fn slots(&self) -> Vec<ConnectionSlot> {
        let script = &self.0.lock().script;
        let of_bot = |bot| (0..script.slots).map(move |index| ConnectionSlot { bot: BotIndex(bot), index });
        (0..script.bots).flat_map(of_bot).collect()
    }

    /// Everything is open and known.
    fn connections(&self, _at: &VolumeLocation) -> Vec<ConnectionState> {
        let slots = self.slots();
        let state = self.0.lock();
        let open = |slot: ConnectionSlot| ConnectionState {
            slot,
            is_open: true,
            knows_file: true,
            heard: state.heard.get(&slot).copied(),
            round_trip: None,
            due_bytes: 0,
            shut_until: state.shut_until.get(&slot.bot).copied(),
        };
        slots.into_iter().map(open).collect()
    }

    fn open(&self, _slot: ConnectionSlot, _at: &VolumeLocation) {}

    fn give_up(&self, _slot: ConnectionSlot, _dc: Dc) {}

    fn changed(&self) -> BoxFuture<'_, ()> {
        std::future::pending().boxed()
    }

    fn traffic(&self) -> Vec<BotTraffic> {
        Vec::new()
    }

    fn read<'a>(
        &'a self,
        slot: ConnectionSlot,
        at: &'a VolumeLocation,
        offset: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        self.0.play(slot, at, offset, limit).boxed()
    }
}

impl bots::Backend for Scripted {
    fn health(&self) -> Vec<BotHealth> {
        Vec::new()
    }

    fn clock_ahead_secs(&self) -> Option<i64> {
        None
    }

    fn silence(&self) -> Option<Duration> {
        None
    }

    fn check_channel(&self, _chat: ChatId) -> BoxFuture<'_, Vec<ChannelAccess>> {
        async { Vec::new() }.boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::file::Volume;

    fn film(size: u64) -> VolumeLocation {
        VolumeLocation { volume: Volume { document: DocumentId(7), dc: Dc(2), size }, posts: Vec::new() }
    }

    #[tokio::test]
    async fn it_is_as_strict_as_telegram_and_keeps_to_its_script() {
        let script = Script::new(2, 1).latency(Duration::from_millis(40)).on_call(2, Fault::Connection);
        let (telegram, calls) = Telegram::scripted(script);
        let files = telegram.files();
        let [first, second] = files.slots()[..] else { panic!("two bots with one connection each") };
        let began = Instant::now();
        assert_eq!(files.read(first, &film(5000), 4096, 4096).await, Ok(content(4096, 904)));
        assert!(began.elapsed() >= Duration::from_millis(40));
        assert!(matches!(files.read(first, &film(5000), 0, 4096).await, Err(ReadError::Connection(_))));
        for (offset, limit) in [(1, 4096), (0, 5000), (0, 0), (0, 2 << 20), (1024 * 1020, 8192)] {
            let got = files.read(second, &film(5 << 20), offset, limit).await;
            assert!(matches!(got, Err(ReadError::Refused(_))), "{offset} {limit}");
        }
        assert_eq!(calls.count(), 7);
        assert_eq!((calls.all()[1].slot, calls.all()[1].limit), (first, 4096));
    }

    #[test]
    fn content_is_the_offset_modulo_a_prime() {
        assert_eq!(content(249, 5)[..], [249, 250, 0, 1, 2]);
        assert_eq!(content(u64::MAX - 1, 1)[..], [((u64::MAX - 1) % 251) as u8]);
    }
}
