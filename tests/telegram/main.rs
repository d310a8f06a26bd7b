//! The product's side of Telegram against data centres that misbehave: what it says, what it survives, what it never loses.

mod people;

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cinepost::adapters::telegram::{
    Arrival, BotHealth, BotIndex, Button, ConnectionSlot, Delivery, Error, Message, Network, Options, Outgoing,
    PageRead, PersonEvent, Place, ReadError, Simulated, Telegram, Timing, Vault, VaultError, VolumeLocation,
};
use cinepost::domain::file::Volume;
use cinepost::domain::post::{ChannelEvent, ChatId, Post, PostRef};
use cinepost::domain::telegram_id::{Dc, UserId};
use serde_json::{Value, json};
use simulation::{NewPost, Sim};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// A vault that outlives the Telegram that uses it, as a database would.
#[derive(Default)]
struct Memory(Mutex<HashMap<String, Vec<u8>>>);

impl Vault for Memory {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
        Ok(self.0.lock().expect("not poisoned").get(key).cloned())
    }

    fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError> {
        self.0.lock().expect("not poisoned").insert(key.to_owned(), value.to_vec());
        Ok(())
    }

    fn remove(&self, key: &str) -> Result<(), VaultError> {
        self.0.lock().expect("not poisoned").remove(key);
        Ok(())
    }
}

/// Short enough for a test, long enough for a busy machine.
const TIMING: Timing =
    Timing { call: Duration::from_secs(2), poll: Duration::from_secs(1), ping: Duration::from_millis(500) };

fn options(network: Simulated) -> Options {
    Options {
        api_id: 1,
        api_hash: "0123456789abcdef0123456789abcdef".to_owned(),
        main: network.main_token().expect("there is a main bot"),
        helpers: network.helper_tokens(),
        network: Network::Simulated(network),
        connections_per_bot: 2,
        timing: TIMING,
    }
}

/// A DC that does with each connection what it is told.
async fn dc<F, Fut>(serve: F) -> Simulated
where
    F: Fn(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    book(port)
}

fn book(port: u16) -> Simulated {
    let line = serde_json::json!({
        "home_dc": 2,
        "dcs": [{"id": 2, "ip": "127.0.0.1", "port": port}],
        "accounts": [{"name": "main", "bot": true, "token": "1001:abc", "keys": {"2": "a7".repeat(256)}}],
    });
    Simulated::from_json(&line.to_string()).expect("a book")
}

/// Answers every packet with a transport error, in the intermediate transport.
async fn answer_status(mut stream: TcpStream, status: i32) {
    let mut buffer = [0; 4096];
    let error = [4i32.to_le_bytes(), (-status).to_le_bytes()].concat();
    while matches!(stream.read(&mut buffer).await, Ok(n) if n > 0) {
        if stream.write_all(&error).await.is_err() {
            return;
        }
    }
}

async fn start_error(network: Simulated) -> (Error, Duration) {
    let begin = Instant::now();
    match Telegram::start(options(network), Arc::new(Memory::default())).await {
        Ok(_) => panic!("signed in with a DC that never answered"),
        Err(error) => (error, begin.elapsed()),
    }
}

#[tokio::test]
async fn a_black_hole_ends_in_a_clear_message_within_the_time_limit() {
    let hole = dc(|stream| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    });
    let (error, took) = start_error(hole.await).await;
    assert!(matches!(&error, Error::Unreachable { .. }), "{error:?}");
    assert!(took < TIMING.call * 2, "{took:?}");
    assert!(error.to_string().contains("check that this machine has a network"), "{error}");
}

#[tokio::test]
async fn a_closed_port_ends_in_a_clear_message_at_once() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a free port").local_addr().expect("bound").port();
    let (error, took) = start_error(book(closed)).await;
    assert!(matches!(&error, Error::Unreachable { detail } if detail.contains("refused")), "{error:?}");
    assert!(took < TIMING.call, "{took:?}");
}

#[tokio::test]
async fn an_unknown_key_ends_in_a_clear_message_not_in_a_key_exchange() {
    let (error, took) = start_error(dc(|stream| answer_status(stream, 404)).await).await;
    assert!(matches!(error, Error::UnknownKey { .. }), "{error:?}");
    assert!(took < TIMING.call, "{took:?}");
    assert!(error.to_string().contains("TELEGRAM_SIM"), "{error}");
}

/// Nothing that works takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A simulated Telegram, and a vault that outlives each start of the product.
struct Bed {
    sim: Sim,
    vault: Arc<Memory>,
}

impl Bed {
    async fn new() -> Self {
        Self::with(simulation::Options::default().with_helpers(1)).await
    }

    async fn with(options: simulation::Options) -> Self {
        Self { sim: simulation::start(options).await.expect("the simulation starts"), vault: Arc::default() }
    }

    fn network(&self) -> Simulated {
        Simulated::from_json(&self.sim.book().to_json()).expect("a book")
    }

    async fn start(&self) -> Running {
        let vault = Arc::clone(&self.vault) as Arc<dyn Vault>;
        let (telegram, deliveries) = Telegram::start(options(self.network()), vault).await.expect("signed in");
        telegram.messages().hear().await;
        Running { telegram, deliveries }
    }

    /// Started and watching the channel.
    async fn watch(&self) -> Running {
        let running = self.start().await;
        running.telegram.messages().watch(vec![chat()]);
        running
    }

    /// The same for the first time: what is posted from now on is delivered, what was before is unread.
    async fn watch_anew(&self) -> (Running, Seen) {
        let (mut running, mut seen) = (self.watch().await, Seen::default());
        running.caught_up(&mut seen).await;
        (running, seen)
    }

    /// Posts so many films; answers their message ids.
    fn post(&self, count: usize) -> Vec<i32> {
        let film = |n| NewPost::generated(&format!("Film.{n}.1968.mkv"), 3 << 20);
        (0..count).map(|n| self.sim.post(chat(), film(n)).expect("posted").message).collect()
    }

    fn post_in(&self, dc: i32, size: u64) -> i32 {
        let film = NewPost { dc: Some(dc), ..NewPost::generated("Film.1968.mkv", size) };
        self.sim.post(chat(), film).expect("posted").message
    }

    fn edit(&self, message: i32, caption: &str) {
        self.sim.edit(chat(), message, caption).expect("edited");
    }

    fn delete(&self, messages: &[i32]) {
        self.sim.delete(chat(), messages).expect("deleted");
    }

    fn fault(&self, fault: Value) {
        self.sim.fault(serde_json::from_value(fault).expect("a fault"));
    }

    /// How often a method was called, by anybody.
    fn calls(&self, method: &str) -> u64 {
        self.sim.stats().calls(method)
    }
}

fn chat() -> ChatId {
    ChatId::try_from(simulation::CHANNEL).expect("a channel id")
}

struct Running {
    telegram: Telegram,
    deliveries: mpsc::Receiver<Delivery>,
}

/// What the channel came to be, as ingest would keep it, and how often each message was posted to it.
#[derive(Default)]
struct Seen {
    posts: std::collections::BTreeMap<i32, Post>,
    posted: HashMap<i32, u32>,
}

impl Seen {
    fn take(&mut self, events: &[ChannelEvent]) {
        for event in events {
            match event {
                ChannelEvent::Posted(post) => {
                    *self.posted.entry(post.at.message).or_default() += 1;
                    self.posts.insert(post.at.message, post.clone());
                }
                ChannelEvent::Edited(post) => {
                    self.posts.insert(post.at.message, post.clone());
                }
                ChannelEvent::PassedOver(one) => {
                    self.posts.remove(&one.at.message);
                }
                ChannelEvent::Unread { .. } => {}
                ChannelEvent::Gone(refs) => refs.iter().for_each(|at| {
                    self.posts.remove(&at.message);
                }),
            }
        }
    }

    fn ids(&self) -> Vec<i32> {
        self.posts.keys().copied().collect()
    }

    fn caption(&self, message: i32) -> Option<&str> {
        self.posts.get(&message).map(|post| post.caption.as_str())
    }
}

impl Running {
    async fn delivery(&mut self) -> Delivery {
        timeout(PATIENCE, self.deliveries.recv()).await.expect("something is delivered").expect("not stopped")
    }

    /// Takes batches until what they say is as wanted.
    async fn until(&mut self, seen: &mut Seen, wanted: impl Fn(&Seen) -> bool) {
        while !wanted(seen) {
            if let Delivery::Channel(batch) = self.delivery().await {
                assert_eq!(batch.chat, chat());
                seen.take(&batch.events);
                batch.done();
            }
        }
    }

    /// Takes what the channel already had.
    async fn caught_up(&mut self, seen: &mut Seen) {
        while !self.telegram.messages().is_caught_up() {
            if let Ok(Some(Delivery::Channel(batch))) = timeout(Duration::from_millis(20), self.deliveries.recv()).await
            {
                seen.take(&batch.events);
                batch.done();
            }
        }
    }

    async fn arrival(&mut self) -> Arrival {
        loop {
            if let Delivery::Person(arrival) = self.delivery().await {
                return arrival;
            }
        }
    }

    /// What somebody wrote next; it counts as dealt with, and what else happened before it as well.
    async fn message(&mut self) -> Message {
        loop {
            let arrival = self.arrival().await;
            let event = arrival.event.clone();
            arrival.done();
            if let PersonEvent::Message(message) = event {
                return message;
            }
        }
    }

    /// Nothing more comes, polls included.
    async fn is_quiet(&mut self) -> bool {
        timeout(TIMING.poll * 2, self.deliveries.recv()).await.is_err()
    }
}

#[tokio::test]
async fn posts_edits_and_deletions_arrive_as_they_happen() {
    let bed = Bed::new().await;
    let (mut running, mut seen) = bed.watch_anew().await;
    let ids = bed.post(3);
    running.until(&mut seen, |seen| ids.iter().all(|id| seen.posts.contains_key(id))).await;
    let post = seen.posts[&ids[0]].clone();
    assert_eq!((post.attachment.file_name.as_deref(), post.attachment.dc), (Some("Film.0.1968.mkv"), Dc(4)));
    bed.edit(ids[0], "tt0063350");
    running.until(&mut seen, |seen| seen.caption(ids[0]) == Some("tt0063350")).await;
    bed.delete(&ids[1..]);
    running.until(&mut seen, |seen| !ids[1..].iter().any(|id| seen.posts.contains_key(id))).await;
    assert!(running.telegram.messages().is_caught_up());
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_restart_signs_nobody_in_and_misses_nothing() {
    let bed = Bed::new().await;
    let (mut running, mut seen) = bed.watch_anew().await;
    let old = bed.post(3);
    running.until(&mut seen, |seen| old.iter().all(|id| seen.posts.contains_key(id))).await;
    running.telegram.stop().await;
    drop(running);
    let sign_ins = bed.calls("auth.importBotAuthorization");
    assert!(sign_ins > 0);

    let new = bed.post(2);
    bed.edit(old[0], "edited while away");
    bed.delete(&old[1..2]);

    let mut running = bed.watch().await;
    running
        .until(&mut seen, |seen| {
            new.iter().all(|id| seen.posts.contains_key(id))
                && seen.caption(old[0]) == Some("edited while away")
                && !seen.posts.contains_key(&old[1])
        })
        .await;
    assert_eq!(bed.calls("auth.importBotAuthorization"), sign_ins, "nobody signs in again");
    assert!(seen.posted.values().all(|&times| times == 1), "what was acknowledged does not come again");
    running.telegram.stop().await;
}

#[tokio::test]
async fn what_was_not_acknowledged_comes_again_after_a_restart() {
    let bed = Bed::new().await;
    let (mut running, mut seen) = bed.watch_anew().await;
    let id = bed.post(1)[0];
    let Delivery::Channel(lost) = running.delivery().await else { panic!("a batch was awaited") };
    assert!(matches!(&lost.events[..], [ChannelEvent::Posted(post)] if post.at.message == id));
    drop(lost);
    running.telegram.stop().await;
    drop(running);

    let mut running = bed.watch().await;
    running.until(&mut seen, |seen| seen.posts.contains_key(&id)).await;
    running.telegram.stop().await;
}

#[tokio::test]
async fn what_a_channel_says_to_the_bot_comes_until_it_was_dealt_with() {
    let bed = Bed::new().await;
    let old = bed.sim.post(chat(), NewPost::text("/link of before")).expect("posted").message;
    let (mut running, _) = bed.watch_anew().await;
    let film = bed.post(1)[0];
    let call = NewPost { reply_to: Some(film), author: Some(900_033), ..NewPost::text(" /link 2 ") };
    let at = bed.sim.post(chat(), call).expect("posted").message;
    let next = async |running: &mut Running| loop {
        match running.delivery().await {
            Delivery::Called(called) => break called,
            Delivery::Channel(batch) => batch.done(),
            Delivery::Person(_) => {}
        }
    };
    let called = next(&mut running).await;
    assert_eq!((called.at.message, called.reply_to, called.text.as_str()), (at, Some(film), " /link 2 "));
    assert_eq!(called.by.as_ref().map(|person| person.id.0), Some(900_033));
    drop(called);
    // Whoever did not come to its end gets it again, here and after a restart.
    drop(next(&mut running).await);
    running.telegram.stop().await;
    drop(running);
    let mut running = bed.watch().await;
    let again = next(&mut running).await;
    assert_eq!(again.at.message, at, "and never {old}, which was there before anybody watched");
    again.done();
    let later = bed.sim.post(chat(), NewPost::text("/link")).expect("posted").message;
    let other = next(&mut running).await;
    assert_eq!((other.at.message, other.by.is_none()), (later, true), "what was dealt with is over");
    other.done();
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_new_channel_is_unread_until_somebody_was_told() {
    let bed = Bed::new().await;
    let ids = bed.post(3);
    let mut up_to = Vec::new();
    // Told again after a crash before it was dealt with, and never again after it was.
    for is_dealt_with in [false, true] {
        let mut running = bed.watch().await;
        let Delivery::Channel(batch) = running.delivery().await else { panic!("a batch") };
        let [ChannelEvent::Unread { chat: unread, up_to: end }] = batch.events[..] else {
            panic!("{:?}", batch.events)
        };
        assert_eq!(unread, chat());
        up_to.push(end);
        if is_dealt_with {
            batch.done();
            assert!(running.is_quiet().await);
        }
        running.telegram.stop().await;
    }
    assert!(up_to.iter().all(|end| (ids[2]..=ids[2] + 1).contains(end)), "{up_to:?}");
    let mut running = bed.watch().await;
    assert!(running.is_quiet().await);
    running.telegram.stop().await;
}

/// Wants a page, and takes what comes until it is there.
async fn page(running: &mut Running, seen: &mut Seen, ids: RangeInclusive<i32>) -> Result<PageRead, Error> {
    let messages = running.telegram.messages().clone();
    let page = tokio::spawn(async move { messages.read_page(chat(), ids).await });
    while !page.is_finished() {
        if let Ok(Some(Delivery::Channel(batch))) = timeout(Duration::from_millis(20), running.deliveries.recv()).await
        {
            seen.take(&batch.events);
            batch.done();
        }
    }
    page.await.expect("it does not panic")
}

#[tokio::test]
async fn old_messages_are_read_by_their_ids_in_order_with_what_happens() {
    let bed = Bed::new().await;
    let ids = bed.post(250);
    bed.sim.post(chat(), NewPost::text("words")).expect("posted");
    bed.delete(&ids[..120]);
    assert_eq!(bed.sim.posts(chat()).len(), 131);
    let (mut running, mut seen) = bed.watch_anew().await;
    assert!(seen.posts.is_empty(), "nobody asked for them");
    let first = ids[0];
    let newest = running.telegram.messages().newest_message(chat()).await.expect("it answers");
    assert!(
        (first + 250..=first + 520).contains(&newest),
        "{newest}: one above the newest message, or what raised pts"
    );
    let old = page(&mut running, &mut seen, first + 151..=first + 250).await.expect("read");
    assert_eq!(old, PageRead { files: 99, passed_over: 1 });
    let older = page(&mut running, &mut seen, first..=first + 150).await.expect("read");
    assert_eq!((older, seen.ids()), (PageRead { files: 31, passed_over: 0 }, ids[120..].to_vec()));

    // What happened while nobody listened comes before the page.
    bed.fault(json!({"kind": "lose_updates"}));
    bed.edit(ids[200], "edited");
    page(&mut running, &mut seen, ids[200]..=ids[200]).await.expect("read");
    assert_eq!(seen.caption(ids[200]), Some("edited"));
    // A page that was asked for again is the same.
    let again = page(&mut running, &mut seen, first..=first + 150).await.expect("read");
    assert_eq!(again, older);
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_page_says_why_it_cannot_be_read() {
    let bed = Bed::new().await;
    bed.post(1);
    let (mut running, mut seen) = bed.watch_anew().await;
    bed.fault(json!({"kind": "flood_wait", "method": "channels.getMessages", "seconds": 9, "times": 1}));
    let waits = page(&mut running, &mut seen, 1..=10).await;
    assert!(matches!(waits, Err(Error::FloodWait { wait, .. }) if wait.as_secs() == 9), "{waits:?}");
    let other = ChatId::try_from(simulation::CHANNEL - 7).expect("a channel id");
    let unwatched = running.telegram.messages().read_page(other, 1..=10).await;
    assert!(matches!(unwatched, Err(Error::NotWatched { chat }) if chat == other), "{unwatched:?}");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_gap_too_long_to_be_told_is_swept_by_id() {
    let bed = Bed::new().await;
    let (mut running, mut seen) = bed.watch_anew().await;
    let old = bed.post(3);
    running.until(&mut seen, |seen| old.iter().all(|id| seen.posts.contains_key(id))).await;
    running.telegram.stop().await;
    drop(running);

    bed.edit(old[0], "edited while away");
    bed.delete(&old[1..2]);
    let new = bed.post(250);
    bed.fault(json!({"kind": "too_long", "method": "updates.getChannelDifference", "times": 1}));
    let mut running = bed.watch().await;
    running
        .until(&mut seen, |seen| {
            new.iter().all(|id| seen.posts.contains_key(id))
                && seen.caption(old[0]) == Some("edited while away")
                && !seen.posts.contains_key(&old[1])
        })
        .await;
    let live = bed.post(1);
    running.until(&mut seen, |seen| seen.posts.contains_key(&live[0])).await;
    assert!(running.is_quiet().await);
    assert!(seen.posted.values().all(|&times| times == 1), "each once");
    running.telegram.stop().await;
}

#[tokio::test]
async fn posts_whose_updates_never_come_are_found_by_looking() {
    let bed = Bed::new().await;
    let (mut running, mut seen) = bed.watch_anew().await;
    // Nothing is announced; nothing, and the session is forgotten besides; only that there is too much to tell.
    for faults in [&["lose_updates"][..], &["lose_updates", "new_session"], &["too_long"]] {
        faults.iter().for_each(|kind| bed.fault(json!({"kind": kind})));
        let ids = bed.post(2);
        running.until(&mut seen, |seen| ids.iter().all(|id| seen.posts.contains_key(id))).await;
        bed.sim.clear_faults();
    }
    assert!(seen.posted.values().all(|&times| times == 1), "each once");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_thousand_posts_at_once_all_arrive_once() {
    let bed = Bed::new().await;
    let (mut running, mut seen) = bed.watch_anew().await;
    let mut wanted = Vec::new();
    for _ in 0..10 {
        wanted.extend(bed.post(120));
    }
    running.until(&mut seen, |seen| wanted.iter().all(|id| seen.posts.contains_key(id))).await;
    assert!(running.is_quiet().await);
    assert!(wanted.iter().all(|id| seen.posted[id] == 1), "none twice");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_home_connection_that_drops_comes_back_and_nothing_is_lost() {
    let bed = Bed::new().await;
    let (mut running, mut seen) = bed.watch_anew().await;
    let before = bed.post(1);
    running.until(&mut seen, |seen| seen.posts.contains_key(&before[0])).await;
    bed.sim.restart(Duration::from_millis(300)).await.expect("restarted");
    let after = bed.post(2);
    running.until(&mut seen, |seen| after.iter().all(|id| seen.posts.contains_key(id))).await;
    let live = bed.post(1);
    running.until(&mut seen, |seen| seen.posts.contains_key(&live[0])).await;
    let health = running.telegram.bots().health();
    assert!(health.iter().all(|bot| bot.is_signed_in && bot.problem.is_none()), "{health:?}");
    running.telegram.stop().await;
}

fn private(id: i64) -> Place {
    Place::Private(UserId(id))
}

#[tokio::test]
async fn people_are_heard_and_answered() {
    let bed = Bed::new().await;
    let mut running = bed.start().await;
    // The place in the bot's own history is taken by the first start; what comes after it is heard.
    let messages = running.telegram.messages().clone();
    let refused = messages.send(private(900_777), &"hello".into()).await;
    assert!(matches!(refused, Err(Error::NotStarted { user: UserId(900_777) })), "{refused:?}");
    bed.sim.message(900_001, "main", "/start").expect("written");
    let message = running.message().await;
    assert_eq!((message.at.place, message.text.as_str()), (private(900_001), "/start"));
    let with_button = |url: &str| Outgoing::from("Welcome").row([Button::open("Open", url)]);
    messages.send(private(900_001), &with_button("https://films.example.org/owner")).await.expect("sent");
    // Telegram makes no button of such an address.
    messages.send(private(900_001), &with_button("http://localhost:8080/owner")).await.expect("sent");
    let sent: Vec<_> = bed.sim.sent().into_iter().map(|sent| (sent.to, sent.text, sent.buttons)).collect();
    let button = simulation::Button::url("Open", "https://films.example.org/owner");
    let as_text = "Welcome\n\nOpen:\nhttp://localhost:8080/owner".to_owned();
    assert_eq!(sent, [(900_001, "Welcome".to_owned(), vec![vec![button]]), (900_001, as_text, Vec::new())]);
    running.telegram.stop().await;

    bed.sim.message(900_001, "main", "written while away").expect("written");
    let mut running = bed.start().await;
    assert_eq!(running.message().await.text, "written while away");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_channel_is_checked_with_every_bot() {
    let bed = Bed::new().await;
    bed.sim.set_member(chat(), "helper1", false).expect("left");
    let running = bed.start().await;
    let access = running.telegram.bots().check_channel(chat()).await;
    let main = access.iter().find(|a| a.bot == "main bot").expect("checked");
    assert_eq!((main.is_member, main.can_read, &main.problem), (true, true, &None));
    assert!(main.title.is_some());
    let helper = access.iter().find(|a| a.bot == "helper bot 1").expect("checked");
    assert!(!helper.is_member && !helper.can_read);
    assert!(
        helper.problem.as_deref().is_some_and(|p| p.contains("make @cinepost_helper1_bot an administrator")),
        "{helper:?}"
    );
    let nowhere = ChatId::try_from(-1_001_999_999_999).expect("a channel id");
    let title = running.telegram.messages().channel_title(nowhere).await;
    assert!(matches!(title, Err(Error::NotMember { .. })), "{title:?}");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_revoked_token_is_named_at_the_start_and_while_running() {
    let bed = Bed::new().await;
    let running = bed.start().await;
    bed.sim.set_revoked("helper1", true).expect("revoked");
    let helper = wait_for(&running, |health| health[1].problem.clone()).await;
    assert!(helper.contains("@BotFather"), "{helper}");
    assert_eq!(running.telegram.files().slots().len(), 2, "the main bot's lanes are left");
    running.telegram.stop().await;

    bed.sim.set_revoked("main", true).expect("revoked");
    let (error, _) = start_error(bed.network()).await;
    assert!(matches!(error, Error::Token { .. }), "{error:?}");
}

#[tokio::test]
async fn a_wrong_api_hash_is_named() {
    let api = Some((1, "ffffffffffffffffffffffffffffffff".to_owned()));
    let bed = Bed::with(simulation::Options { api, ..simulation::Options::default() }).await;
    let (error, _) = start_error(bed.network()).await;
    assert!(matches!(error, Error::ApiId), "{error:?}");
}

#[tokio::test]
async fn a_start_without_a_network_waits_for_it_when_the_session_is_there() {
    let bed = Bed::new().await;
    bed.watch_anew().await.0.telegram.stop().await;
    bed.fault(json!({"kind": "black_hole"}));
    let mut running = bed.watch().await;
    let problem = wait_for(&running, |health| health[0].problem.clone()).await;
    assert!(problem.contains("cannot be reached"), "{problem}");
    bed.sim.clear_faults();
    let id = bed.post(1)[0];
    running.until(&mut Seen::default(), |seen| seen.posts.contains_key(&id)).await;
    running.telegram.stop().await;
}

async fn wait_for<T>(running: &Running, wanted: impl Fn(&[BotHealth]) -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = wanted(&running.telegram.bots().health()) {
            return found;
        }
        assert!(begin.elapsed() < PATIENCE, "{:?}", running.telegram.bots().health());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

const KIB: u32 = 1024;

fn location(post: &Post) -> VolumeLocation {
    let file = &post.attachment;
    VolumeLocation { volume: Volume { document: file.document, dc: file.dc, size: file.size }, posts: vec![post.at] }
}

fn content(post: &Post, offset: u64, len: u32) -> Vec<u8> {
    let mut bytes = vec![0; len as usize];
    simulation::content::fill(post.attachment.document.0, offset, &mut bytes);
    bytes
}

/// Films of this size, one in each DC (2 is the bots' home), and a product that may read them.
async fn films(bed: &Bed, size: u64) -> (Running, Post, Post) {
    let (mut running, mut seen) = bed.watch_anew().await;
    let (home, foreign) = (bed.post_in(2, size), bed.post_in(4, size));
    running.until(&mut seen, |seen| [home, foreign].iter().all(|id| seen.posts.contains_key(id))).await;
    let take = |id| seen.posts[&id].clone();
    (running, take(home), take(foreign))
}

const MAIN: ConnectionSlot = ConnectionSlot { bot: BotIndex(0), index: 0 };

#[tokio::test]
async fn every_lane_reads_the_right_bytes_in_every_dc() {
    let bed = Bed::new().await;
    let size = (5 << 20) + 1_000;
    let (running, home, foreign) = films(&bed, size).await;
    let lanes = running.telegram.files().slots();
    assert_eq!(lanes.len(), 2 * running.telegram.bots().health().len());
    for post in [&home, &foreign] {
        for &slot in &lanes {
            for (offset, limit, len) in
                [(0, 512 * KIB, 512 * KIB), (4 << 20, 4 * KIB, 4 * KIB), (5 << 20, 512 * KIB, 1_000)]
            {
                let bytes = running.telegram.files().read(slot, &location(post), offset, limit).await.expect("read");
                assert!(bytes == content(post, offset, len), "{slot:?}, DC {}, {offset}", post.attachment.dc);
            }
        }
    }
    let bots = running.telegram.bots().health().len() as u64;
    assert_eq!(bed.calls("auth.importAuthorization"), bots, "once for each bot, not for each connection");
    running.telegram.stop().await;
    drop(running);

    let running = bed.start().await;
    running.telegram.files().read(MAIN, &location(&foreign), 0, 4 * KIB).await.expect("read");
    assert_eq!(bed.calls("auth.importAuthorization"), bots, "and kept over a restart");
    running.telegram.stop().await;
}

#[tokio::test]
async fn files_come_from_the_address_for_files_and_from_the_common_one_when_that_is_dead() {
    let bed = Bed::new().await;
    let (running, _, film) = films(&bed, 1 << 20).await;
    running.telegram.files().read(MAIN, &location(&film), 0, 4 * KIB).await.expect("read");
    let by_address = |bed: &Bed, is_for_files| {
        bed.sim.stats().connections.iter().filter(|c| c.dc == 4 && c.is_for_files == is_for_files).count()
    };
    assert_eq!((by_address(&bed, true), by_address(&bed, false)), (1, 0));
    running.telegram.stop().await;
    drop(running);

    bed.fault(json!({"kind": "black_hole", "is_for_files": true}));
    let running = bed.start().await;
    let begin = Instant::now();
    let bytes = loop {
        match running.telegram.files().read(MAIN, &location(&film), 0, 4 * KIB).await {
            Ok(bytes) => break bytes,
            Err(error) => assert!(begin.elapsed() < Duration::from_secs(20), "{error}"),
        }
    };
    assert!(bytes == content(&film, 0, 4 * KIB));
    assert_eq!(by_address(&bed, false), 1);
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_stale_reference_is_renewed_once_for_all_who_read() {
    let bed = Bed::new().await;
    let (running, _, film) = films(&bed, 8 << 20).await;
    running.telegram.files().read(MAIN, &location(&film), 0, 4 * KIB).await.expect("read");
    let before = bed.calls("channels.getMessages");
    bed.fault(json!({"kind": "expire_references", "method": "upload.getFile", "times": 1}));
    let at = location(&film);
    let reads = (0..8).map(|n| {
        running.telegram.files().read(
            ConnectionSlot { bot: BotIndex(0), index: n % 2 },
            &at,
            (n as u64) << 20,
            64 * KIB,
        )
    });
    for (n, bytes) in futures_util::future::join_all(reads).await.into_iter().enumerate() {
        assert!(bytes.expect("read") == content(&film, (n as u64) << 20, 64 * KIB));
    }
    assert_eq!(bed.calls("channels.getMessages"), before + 1);
    running.telegram.stop().await;
}

#[tokio::test]
async fn the_question_for_a_reference_is_asked_again_when_its_connection_falls_silent() {
    let bed = Bed::new().await;
    let (running, _, film) = films(&bed, 8 << 20).await;
    running.telegram.files().read(MAIN, &location(&film), 0, 4 * KIB).await.expect("read");
    bed.fault(json!({"kind": "expire_references", "method": "upload.getFile", "times": 1}));
    bed.fault(json!({"kind": "stall", "method": "channels.getMessages", "times": 1}));
    let bytes = running.telegram.files().read(MAIN, &location(&film), 1 << 20, 64 * KIB).await.expect("read");
    assert!(bytes == content(&film, 1 << 20, 64 * KIB));
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_forgotten_authorization_is_brought_again() {
    let bed = Bed::new().await;
    let (running, home, film) = films(&bed, 1 << 20).await;
    for post in [&home, &film] {
        running.telegram.files().read(MAIN, &location(post), 0, 4 * KIB).await.expect("read");
    }
    let before = bed.calls("auth.importAuthorization");
    bed.fault(json!({"kind": "rpc_error", "code": 401, "message": "AUTH_KEY_UNREGISTERED", "method": "upload.getFile", "times": 1}));
    let bytes = running.telegram.files().read(MAIN, &location(&film), 0, 4 * KIB).await.expect("read");
    assert!(bytes == content(&film, 0, 4 * KIB));
    assert_eq!(bed.calls("auth.importAuthorization"), before + 1);
    running.telegram.stop().await;
}

#[tokio::test]
async fn where_files_are_is_known_after_a_restart() {
    let bed = Bed::new().await;
    let (running, home, film) = films(&bed, 1 << 20).await;
    for post in [&home, &film] {
        running.telegram.files().read(MAIN, &location(post), 0, 4 * KIB).await.expect("read");
    }
    // Kept beside the reading: give the disk a moment.
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.telegram.stop().await;
    drop(running);

    let running = bed.start().await;
    let asked = bed.calls("channels.getMessages");
    for post in [&home, &film] {
        let bytes = running.telegram.files().read(MAIN, &location(post), 0, 4 * KIB).await.expect("read");
        assert!(bytes == content(post, 0, 4 * KIB));
    }
    assert_eq!(bed.calls("channels.getMessages"), asked, "no post had to be read again");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_bots_only_connection_is_opened_again_within_a_second_of_429() {
    let bed = Bed::new().await;
    let (running, _, film) = films(&bed, 1 << 20).await;
    bed.fault(json!({"kind": "transport_error", "code": -429, "method": "upload.getFile", "times": 1}));
    let refused = running.telegram.files().read(MAIN, &location(&film), 0, 4 * KIB).await;
    assert!(matches!(refused, Err(ReadError::Connection(_))), "{refused:?}");
    let begin = Instant::now();
    let bytes = loop {
        match running.telegram.files().read(MAIN, &location(&film), 0, 4 * KIB).await {
            Ok(bytes) => break bytes,
            Err(error) => assert!(begin.elapsed() < Duration::from_secs(2), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(bytes == content(&film, 0, 4 * KIB));
    running.telegram.stop().await;
}

#[tokio::test]
async fn what_telegram_refuses_is_told_by_kind() {
    let bed = Bed::new().await;
    let (running, _, film) = films(&bed, 1 << 20).await;
    let place = location(&film);
    let read = || running.telegram.files().read(MAIN, &place, 0, 64 * KIB);
    let at = |mut fault: Value| {
        fault["method"] = "upload.getFile".into();
        fault["times"] = 1.into();
        fault
    };
    read().await.expect("read");
    for kind in ["flood_wait", "flood_premium_wait"] {
        bed.fault(at(json!({"kind": kind, "seconds": 1})));
        let wait = Duration::from_secs(1);
        assert_eq!(read().await, Err(ReadError::FloodWait { bot: BotIndex(0), wait }), "{kind}");
        bed.sim.clear_faults();
        // Refused here until the second is over: nothing is sent.
        let sent = bed.calls("upload.getFile");
        assert!(matches!(read().await, Err(ReadError::FloodWait { bot: BotIndex(0), .. })));
        assert_eq!(bed.calls("upload.getFile"), sent);
        tokio::time::sleep(wait).await;
        assert!(read().await.expect("read again afterwards") == content(&film, 0, 64 * KIB));
    }
    for (fault, wanted) in [
        (json!({"kind": "short_reply"}), ReadError::WrongLength { wanted: 64 * KIB, got: 32 * KIB as usize }),
        (json!({"kind": "rpc_error"}), ReadError::Refused("INTERNAL".to_owned())),
        (json!({"kind": "stall"}), ReadError::Timeout(TIMING.call)),
    ] {
        bed.fault(at(fault));
        assert_eq!(read().await, Err(wanted));
        bed.sim.clear_faults();
        assert!(read().await.expect("read again at once") == content(&film, 0, 64 * KIB));
    }
    bed.fault(at(json!({"kind": "cut"})));
    assert!(matches!(read().await, Err(ReadError::Connection(_))));
    assert!(read().await.expect("over a new line") == content(&film, 0, 64 * KIB));
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_dc_that_is_a_black_hole_stops_no_other() {
    let bed = Bed::new().await;
    let (mut running, home, foreign) = films(&bed, 1 << 20).await;
    bed.fault(json!({"kind": "black_hole", "dc": 4}));
    let begin = Instant::now();
    let (at_home, at_foreign) = (location(&home), location(&foreign));
    let (stuck, free) = tokio::join!(running.telegram.files().read(MAIN, &at_foreign, 0, 4 * KIB), async {
        let bytes = running.telegram.files().read(MAIN, &at_home, 0, 4 * KIB).await.expect("DC 2 answers");
        (bytes, begin.elapsed())
    });
    assert!(matches!(stuck, Err(ReadError::Timeout(_) | ReadError::Connection(_))), "{stuck:?}");
    assert!(begin.elapsed() < TIMING.call * 2 && free.1 < TIMING.call / 2, "{:?}, {:?}", begin.elapsed(), free.1);
    assert!(free.0 == content(&home, 0, 4 * KIB));

    let live = bed.post(1);
    running.until(&mut Seen::default(), |seen| seen.posts.contains_key(&live[0])).await;
    bed.sim.clear_faults();
    let begin = Instant::now();
    while running.telegram.files().read(MAIN, &at_foreign, 0, 4 * KIB).await.is_err() {
        assert!(begin.elapsed() < PATIENCE, "DC 4 never came back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_bot_that_cannot_see_the_post_says_so() {
    let bed = Bed::new().await;
    let (running, film, _) = films(&bed, 1 << 20).await;
    bed.sim.set_member(chat(), "helper1", false).expect("left");
    let helper = ConnectionSlot { bot: BotIndex(1), index: 0 };
    let refused = running.telegram.files().read(helper, &location(&film), 0, 4 * KIB).await;
    assert_eq!(refused, Err(ReadError::NotVisible { bot: BotIndex(1) }));
    let mut gone = location(&film);
    gone.posts = vec![PostRef { chat: chat(), message: 999_999 }];
    assert_eq!(
        running.telegram.files().read(MAIN, &gone, 0, 4 * KIB).await,
        Err(ReadError::NotVisible { bot: BotIndex(0) })
    );
    gone.posts.extend(location(&film).posts);
    running.telegram.files().read(MAIN, &gone, 0, 4 * KIB).await.expect("through the second post");
    running.telegram.stop().await;
}

/// What clocks are wrong by in the field: more than Telegram takes, no summer time, a battery that is empty.
const STEPS: [i64; 8] = [40, 60, 3_600, 86_400, -310, -600, -3_600, -86_400];

/// How far ahead of the simulation this machine's clock is seen to be.
fn is_seen(running: &Running, ahead: i64) -> bool {
    running.telegram.bots().clock_ahead_secs().is_some_and(|seen| (seen - ahead).abs() <= 1)
}

#[tokio::test]
async fn a_start_with_a_wrong_clock_works_at_once() {
    for ahead in STEPS {
        let bed = Bed::new().await;
        bed.sim.step_clock(-ahead);
        let begin = Instant::now();
        let (running, _, film) = films(&bed, 1 << 20).await;
        let bytes = running.telegram.files().read(MAIN, &location(&film), 0, 64 * KIB).await.expect("read");
        assert!(bytes == content(&film, 0, 64 * KIB));
        assert!(begin.elapsed() < Duration::from_secs(5), "{ahead} s: {:?}", begin.elapsed());
        assert!(is_seen(&running, ahead), "{ahead} s: {:?}", running.telegram.bots().clock_ahead_secs());
        // One for the time on each connection that is the first to learn it, one for the salt on every first.
        let stats = bed.sim.stats();
        assert!(stats.refused() <= 8 && stats.messages() < 80, "{ahead} s: {:?}", stats.messages);
        running.telegram.stop().await;
    }
}

#[tokio::test]
async fn a_step_of_the_clock_while_running_delays_nothing_for_long() {
    let bed = Bed::new().await;
    let (mut running, _, film) = films(&bed, 8 << 20).await;
    let at = location(&film);
    let lanes = running.telegram.files().slots();
    for slot in &lanes {
        running.telegram.files().read(*slot, &at, 0, 4 * KIB).await.expect("read");
    }
    let mut ahead = 0;
    for step in STEPS {
        ahead += step;
        let before = bed.sim.stats();
        bed.sim.step_clock(-step);
        let begin = Instant::now();
        let id = bed.post(1)[0];
        running.until(&mut Seen::default(), |seen| seen.posts.contains_key(&id)).await;
        for slot in &lanes {
            // A line that has to go is told to on its first read.
            let mut tries = 0;
            let bytes = loop {
                match running.telegram.files().read(*slot, &at, 1 << 20, 64 * KIB).await {
                    Ok(bytes) => break bytes,
                    Err(error) => assert!(tries < 2, "{step} s: {error}"),
                }
                tries += 1;
            };
            assert!(bytes == content(&film, 1 << 20, 64 * KIB));
        }
        assert!(begin.elapsed() < Duration::from_secs(5), "{step} s: {:?}", begin.elapsed());
        assert!(is_seen(&running, ahead), "{step} s: {:?}", running.telegram.bots().clock_ahead_secs());
        // What is usual in that time included: two bots, each asked whether it lives twice a second, and the channel's poll.
        let now = bed.sim.stats();
        let (messages, refused) = (now.messages() - before.messages(), now.refused() - before.refused());
        println!("{step} s: {messages} messages, {refused} refused in {:?}", begin.elapsed());
        assert!(messages < 60 && refused < 16, "{step} s: {messages} messages, {refused} refused");
    }
    running.telegram.stop().await;
}

#[tokio::test]
async fn messages_that_telegram_never_takes_are_no_storm() {
    for code in [16, 17, 20, 32, 48, 64] {
        let bed = Bed::new().await;
        let (mut running, _, film) = films(&bed, 1 << 20).await;
        let (at, before) = (location(&film), bed.sim.stats());
        bed.fault(json!({"kind": "bad_message", "code": code}));
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(3) {
            // Posts, questions and reads all the while.
            bed.post(1);
            running.telegram.files().read(MAIN, &at, 0, 4 * KIB).await.expect_err("refused");
            let _ = running.telegram.messages().channel_title(chat()).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let now = bed.sim.stats();
        let (messages, opened) =
            (now.messages() - before.messages(), now.connections_opened - before.connections_opened);
        println!("code {code}: {messages} messages, {opened} connections in 3 s");
        assert!(messages < 100 && opened < 20, "code {code}: {messages} messages, {opened} connections in 3 s");
        bed.sim.clear_faults();
        let id = bed.post(1)[0];
        running.until(&mut Seen::default(), |seen| seen.posts.contains_key(&id)).await;
        running.telegram.stop().await;
    }
}

#[tokio::test]
async fn calls_without_end_are_held_to_a_rate_over_every_reconnect() {
    let bed = Bed::new().await;
    let running = bed.start().await;
    let before = bed.sim.stats();
    let begin = Instant::now();
    let storm = async {
        loop {
            let calls = (0..50).map(|_| running.telegram.messages().channel_title(chat()));
            futures_util::future::join_all(calls).await;
        }
    };
    let restart = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        bed.sim.restart(Duration::from_millis(100)).await.expect("it comes back");
        tokio::time::sleep(Duration::from_secs(3)).await;
    };
    tokio::select! { () = storm => {}, () = restart => {} }
    let said = bed.calls("channels.getChannels") - before.calls("channels.getChannels");
    // 100 at once and 60 a second; those that were under way at the restart are tried once more.
    let most = 100 + begin.elapsed().as_secs() * 60 + 60;
    assert!((60..=most).contains(&said), "{said} in {:?}, at most {most}", begin.elapsed());
    let all = bed.sim.stats().messages() - before.messages();
    assert!(all <= most + 60, "{all} messages");
    running.telegram.stop().await;
}

#[tokio::test]
async fn silence_is_told_and_ends_with_the_first_answer() {
    let bed = Bed::new().await;
    let (mut running, _) = bed.watch_anew().await;
    assert_eq!(running.telegram.bots().silence(), None);
    bed.fault(json!({"kind": "black_hole"}));
    let begin = Instant::now();
    while running.telegram.bots().silence().is_none_or(|silence| silence < Duration::from_secs(5)) {
        assert!(begin.elapsed() < PATIENCE, "{:?}", running.telegram.bots().silence());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(running.telegram.bots().silence().is_some_and(|silence| silence <= begin.elapsed()));
    bed.sim.clear_faults();
    let id = bed.post(1)[0];
    running.until(&mut Seen::default(), |seen| seen.posts.contains_key(&id)).await;
    assert_eq!(running.telegram.bots().silence(), None);
    running.telegram.stop().await;
}
