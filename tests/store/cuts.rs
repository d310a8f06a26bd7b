//! MongoDB cut off in the middle of calls, before each of their commands in turn. Whatever half of a call was done, the
//! store finds its way: the catalog is true after the next start, and repeating the call does the rest. Run when
//! TEST_MONGODB_URI is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use cinepost::adapters::store::{Database, Error, Store};
use cinepost::domain::catalog::Order;
use cinepost::domain::entry::{Entry, EntryId, Source, Status};
use cinepost::domain::file::VirtualFile;
use cinepost::domain::post::DocumentId;
use cinepost::domain::title::TitleId;
use cinepost::domain::volumes::Joined;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::Home;
use crate::choices::ignored_by_owner;
use crate::samples::*;

/// A way to the database that lets so many more commands through, then none and no connection.
struct Wire {
    left: Arc<AtomicI64>,
    uri: String,
}

const OPEN: i64 = i64::MAX / 2;

impl Wire {
    async fn to(home: &Home) -> Self {
        let Database::Mongo { uri } = &home.location else { panic!("only MongoDB has a wire") };
        let (_, rest) = uri.split_once("://").unwrap();
        let (server, rest) = rest.split_once('/').unwrap();
        let name = rest.split('?').next().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::new(AtomicI64::new(OPEN));
        tokio::spawn(accept(listener, server.to_owned(), Arc::clone(&left)));
        // Straight to this port: as a member of a replica set the server would tell the driver its own.
        let uri = format!("mongodb://127.0.0.1:{port}/{name}?directConnection=true&serverSelectionTimeoutMS=150");
        Self { left, uri }
    }

    /// Opened before anything is cut. On a busy machine that may take longer than a call waits for a server that was cut off.
    async fn open_whole(&self) -> Store {
        for _ in 0..100 {
            match self.open().await {
                Err(Error::Unavailable(_)) => {}
                opened => return opened.unwrap(),
            }
        }
        panic!("it cannot be opened")
    }

    async fn open(&self) -> Result<Store, Error> {
        Store::open(Database::Mongo { uri: self.uri.clone() }).await
    }
}

async fn accept(listener: TcpListener, server: String, left: Arc<AtomicI64>) {
    while let Ok((client, _)) = listener.accept().await {
        if left.load(Ordering::SeqCst) > 0 {
            let (server, left) = (TcpStream::connect(&server).await.unwrap(), Arc::clone(&left));
            // Its end is the cut: both sides are dropped.
            tokio::spawn(async move { pass(client, server, left).await.err() });
        }
    }
}

async fn pass(client: TcpStream, server: TcpStream, left: Arc<AtomicI64>) -> std::io::Result<()> {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let answers = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    loop {
        // Every message begins with its own length, little-endian.
        let mut message = from_client.read_u32_le().await?.to_le_bytes().to_vec();
        let length = u32::from_le_bytes([message[0], message[1], message[2], message[3]]) as usize;
        message.resize(length, 0);
        from_client.read_exact(&mut message[4..]).await?;
        // The driver's own greetings do not count.
        let greets = [&b"hello\0"[..], b"isMaster\0", b"ismaster\0"];
        let is_greeting = greets.iter().any(|word| message.windows(word.len()).any(|run| run == *word));
        if !is_greeting && left.fetch_sub(1, Ordering::SeqCst) <= 0 {
            answers.abort();
            return Ok(());
        }
        to_server.write_all(&message).await?;
    }
}

/// Two films with a file each, and a third one that turns out to be the second.
struct Scene {
    first: TitleId,
    second: TitleId,
}

async fn set_up(store: &Store) -> Scene {
    store.channels().seed(&[chat(FILMS), chat(SHOWS)]).await.unwrap();
    let first = store.titles().record(&film("First", 1)).await.unwrap();
    let second = store.titles().record(&film("Second", 2)).await.unwrap();
    let third = store.titles().record(&tmdb(without_imdb(film("Third", 3)), 3)).await.unwrap();
    post_matched(store, at(FILMS, 1), 1, first, vec![]).await;
    post_matched(store, at(FILMS, 2), 2, second, vec![]).await;
    post_matched(store, at(SHOWS, 3), 3, third, vec![]).await;
    store.posts().record(&volumes("")).await.unwrap();
    join(store).await.unwrap();
    Scene { first, second }
}

const SET: &str = "split.mkv";

fn volumes(caption: &str) -> [(Source, Entry); 2] {
    [21, 22].map(|n| post(at(FILMS, n), n.into(), &format!("Split.mkv.{:03}", n - 20), caption))
}

/// What both volumes make.
fn split() -> EntryId {
    EntryId::from_documents(&[21, 22].map(DocumentId))
}

/// Settles the set as ingest does: a film while both volumes are there.
async fn join(store: &Store) -> Result<(), Error> {
    let found = store.volumes().in_set(SET).await?;
    let template = post(at(FILMS, 21), 21, "Split.mkv", "").1;
    let mut pieces: Vec<_> = found.iter().map(|(entry, _)| entry.file.volumes()[0]).collect();
    pieces.sort_by_key(|volume| volume.document);
    let caption = found.first().map_or_else(String::new, |(entry, _)| entry.caption.clone());
    let film = VirtualFile::new(pieces).map(|file| Entry { id: split(), file, caption, ..template });
    let entries = film.filter(|_| found.len() == 2).into_iter().collect();
    let volumes = found.into_iter().map(|(entry, _)| (entry.id, entry.revision, Status::Volume)).collect();
    store.volumes().join(SET, &Joined { volumes, films: Vec::new(), entries }).await.map(drop)
}

/// What is made of volumes is there exactly while they are, unless its set is still to be looked at.
async fn assert_split(store: &Store, context: &str) {
    let volumes = store.volumes().in_set(SET).await.unwrap();
    let is_pending = volumes.iter().any(|(entry, _)| entry.status != Status::Volume);
    let is_there = store.entries().get(split()).await.unwrap().is_some();
    assert!(is_there == (volumes.len() == 2) || is_pending, "{context}: {is_there} {volumes:?}");
}

/// Every title stands in the catalog exactly while it has a visible entry, and is found by its name.
async fn assert_true(store: &Store, context: &str) {
    let mut listed = names(store, &movies(Order::Newest)).await;
    listed.sort();
    let mut wanted = Vec::new();
    for number in 1..=3 {
        let title = store.titles().get(TitleId(number)).await.unwrap().unwrap();
        let entries = store.catalog().entries_of(TitleId(number), None).await.unwrap();
        assert_eq!(found(store, &title.name).await.contains(&title.name), !entries.is_empty(), "{context}");
        for entry in &entries {
            assert!(matches!(entry.status, Status::Matched { .. }), "{context}: {entry:?}");
            assert!(!store.entries().sources(entry.id).await.unwrap().is_empty(), "{context}: {entry:?}");
        }
        if !entries.is_empty() && !wanted.contains(&title.name) {
            wanted.push(title.name);
        }
    }
    wanted.sort();
    assert_eq!(listed, wanted, "{context}");
}

/// The calls that write in several steps.
#[derive(Clone, Copy, Debug)]
enum Call {
    Settle,
    Edit,
    Replace,
    Remove,
    Merge,
    Hide,
    EditVolume,
    RemoveVolume,
    Ignore,
}

impl Call {
    async fn make(self, store: &Store, scene: &Scene) -> Result<(), Error> {
        let first = post(at(FILMS, 1), 1, "1.mkv", "").1.id;
        match self {
            Self::Settle => {
                let entry = store.entries().get(first).await?.unwrap();
                let moved = Status::Matched { title: scene.second, parts: vec![], how: None };
                store.entries().settle(&entry, &moved).await.map(drop)
            }
            Self::Edit => store.posts().record(&[post(at(FILMS, 1), 1, "edited.mkv", "")]).await.map(drop),
            Self::Replace => store.posts().record(&[post(at(FILMS, 1), 9, "9.mkv", "")]).await.map(drop),
            Self::Remove => store.posts().remove(&[at(FILMS, 1)]).await.map(drop),
            Self::Merge => store.titles().record(&tmdb(film("Second", 2), 3)).await.map(drop),
            Self::Ignore => store.choices().decide(first, Some(&ignored_by_owner())).await.map(drop),
            Self::Hide => store.channels().set_active(chat(SHOWS), false).await.map(drop),
            Self::EditVolume => {
                store.posts().record(&volumes("edited")).await?;
                join(store).await
            }
            Self::RemoveVolume => {
                store.posts().remove(&[at(FILMS, 22)]).await?;
                join(store).await
            }
        }
    }

    async fn assert_done(self, store: &Store, scene: &Scene, context: &str) {
        let first = post(at(FILMS, 1), 1, "1.mkv", "").1.id;
        let listed = names(store, &movies(Order::Newest)).await;
        let wanted: &[&str] = match self {
            Self::Merge => &["Second", "First"],
            Self::Hide => &["Second", "First"],
            Self::EditVolume | Self::RemoveVolume => &["Third", "Second", "First"],
            Self::Settle | Self::Edit | Self::Replace | Self::Remove | Self::Ignore => &["Third", "Second"],
        };
        assert_eq!(listed, wanted, "{context}");
        assert!(
            matches!(self, Self::Merge | Self::Hide | Self::EditVolume | Self::RemoveVolume)
                || store.catalog().entries_of(scene.first, None).await.unwrap().is_empty()
        );
        let made = store.entries().get(split()).await.unwrap();
        assert_eq!(made.is_none(), matches!(self, Self::RemoveVolume), "{context}");
        assert_eq!(made.is_some_and(|made| made.caption == "edited"), matches!(self, Self::EditVolume), "{context}");
        let is_gone = store.entries().get(first).await.unwrap().is_none();
        assert_eq!(is_gone, matches!(self, Self::Replace | Self::Remove), "{context}");
    }
}

/// Makes a test of each call.
macro_rules! cut_off_anywhere_and_finished_later {
    ($($name:ident: $call:expr,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                cut_off_anywhere($call).await;
            }
        )*
    };
}

cut_off_anywhere_and_finished_later! {
    a_settled_entry: Call::Settle,
    an_edited_post: Call::Edit,
    a_post_with_another_file: Call::Replace,
    a_removed_post: Call::Remove,
    a_file_that_a_person_ignores: Call::Ignore,
    two_titles_in_one: Call::Merge,
    a_hidden_channel: Call::Hide,
    an_edited_volume: Call::EditVolume,
    a_removed_volume: Call::RemoveVolume,
}

async fn cut_off_anywhere(call: Call) {
    let mut cuts = 0;
    loop {
        let Some(home) = Home::mongo() else { return eprintln!("left out: TEST_MONGODB_URI is not set") };
        let scene = set_up(&home.open().await).await;
        let wire = Wire::to(&home).await;
        let store = wire.open_whole().await;
        wire.left.store(cuts, Ordering::SeqCst);
        let answer = call.make(&store, &scene).await;
        wire.left.store(OPEN, Ordering::SeqCst);
        let context = format!("{call:?} cut before command {cuts}");
        if let Err(error) = &answer {
            assert!(matches!(error, Error::Unavailable(_)), "{context}: {error:?}");
        }

        let started_again = home.open().await;
        assert_true(&started_again, &context).await;
        assert_split(&started_again, &context).await;
        call.make(&started_again, &scene).await.unwrap();
        call.assert_done(&started_again, &scene, &context).await;
        assert_true(&started_again, &context).await;
        home.drop_database().await;
        if answer.is_ok() {
            break;
        }
        cuts += 1;
    }
    assert!(cuts > 3, "{call:?} was never cut in two");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_said_to_be_soon_and_used_again_when_back() {
    let Some(home) = Home::mongo() else { return eprintln!("left out: TEST_MONGODB_URI is not set") };
    set_up(&home.open().await).await;
    let wire = Wire::to(&home).await;
    let store = wire.open_whole().await;
    wire.left.store(0, Ordering::SeqCst);
    let asked = Instant::now();
    assert!(matches!(store.ping().await, Err(Error::Unavailable(_))));
    assert!(matches!(store.posts().record(&[post(at(FILMS, 4), 4, "4.mkv", "")]).await, Err(Error::Unavailable(_))));
    assert!(matches!(wire.open().await, Err(Error::Unavailable(_))));
    assert!(asked.elapsed() < Duration::from_secs(20));
    wire.left.store(OPEN, Ordering::SeqCst);
    // The driver looks for the server every half second at most.
    while store.posts().record(&[post(at(FILMS, 4), 4, "4.mkv", "")]).await.is_err() {
        assert!(asked.elapsed() < Duration::from_secs(30));
    }
    assert_eq!(store.catalog().counts().await.unwrap().files, 5);
    home.drop_database().await;
}
