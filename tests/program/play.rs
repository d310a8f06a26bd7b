//! What a player sees of a link, over a real socket: status, headers and bytes, for every kind of range and condition, for
//! links that do not open, and while Telegram fails.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use cinepost::adapters::store::{Database, Store};
use cinepost::adapters::telegram::scripted::{Calls, Fault, Script, content};
use cinepost::adapters::telegram::{MemoryVault, Telegram};
use cinepost::domain::entry::{Entry, EntryId, Source};
use cinepost::domain::file::{VirtualFile, Volume};
use cinepost::domain::link::Link;
use cinepost::domain::person::{Person, PersonId};
use cinepost::domain::post::{ChatId, DocumentId, PostRef};
use cinepost::domain::secret::{Key, Purpose, SecretKey};
use cinepost::domain::telegram_id::Dc;
use cinepost::engines::bytes::{Engine, Options};
use cinepost::flows::channels::Channels;
use cinepost::flows::export::{Export, TelegramLines};
use cinepost::flows::files::{self, Files};
use cinepost::flows::health::Health;
use cinepost::flows::ingest::Ingest;
use cinepost::flows::ingest::review::Review;
use cinepost::flows::instances::Instances;
use cinepost::flows::jobs::JobList;
use cinepost::flows::library::Library;
use cinepost::flows::limits::{self, Limits};
use cinepost::flows::people::People;
use cinepost::flows::playback::Playback;
use cinepost::flows::titles::Titles;
use cinepost::flows::upkeep;
use cinepost::protocols::addresses::Addresses;
use cinepost::protocols::stremio::AbsoluteUrl;
use cinepost::web::{self, Runtime, State};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::metadata_at;

const LENGTH: u64 = 20 * 1024 * 1024 + 77;
const POSTED: i64 = 784_111_777;
const POSTED_TEXT: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const CHAT: i64 = -1_001_500_000_001;
const DOCUMENT: DocumentId = DocumentId(7_000_000_000_001);

fn ada(access_version: u16) -> Person {
    Person { access_version, ..Person::owner("Ada") }
}

/// A server with one film, a scripted Telegram behind it, and the owner's link to the film.
struct Cinema {
    address: SocketAddr,
    store: Store,
    calls: Calls,
    playback: Playback,
    key: Key,
    link: Link,
    dir: PathBuf,
}

impl Cinema {
    async fn open(script: Script) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("cinepost-play-{}-{count}", std::process::id()));
        let store = Store::open(Database::Embedded { dir: dir.clone() }).await.unwrap();
        let chat = ChatId::try_from(CHAT).unwrap();
        store.channels().seed(&[chat]).await.unwrap();
        store.people().put(&ada(3)).await.unwrap();
        let entry = film();
        let source = Source {
            at: PostRef { chat, message: 5 },
            entry: entry.id,
            document: DOCUMENT,
            date: POSTED,
            album: None,
            reply_to: None,
        };
        let link = Link { entry: entry.id, person: PersonId::OWNER, version: 3, expires: None };
        store.posts().record(&[(source, entry)]).await.unwrap();

        let (telegram, calls) = Telegram::scripted(script);
        let secret = SecretKey::from_bytes([9; 32]);
        let key = secret.derive(Purpose::Link);
        let options = Options {
            read_limit: Duration::from_millis(600),
            patience: Duration::from_millis(2500),
            ..Options::default()
        };
        let engine = Engine::new(telegram.files().clone(), options).unwrap();
        let limits = Limits::new(store.clone(), limits::Options::default());
        let playback = Playback::new(store.clone(), engine.clone(), key.clone(), limits.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = state(&store, telegram, engine, (playback.clone(), limits), &secret, address);
        tokio::spawn(web::server(state, listener, Duration::from_secs(1)).unwrap());
        Self { address, store, calls, playback, key, link, dir }
    }

    fn path(&self) -> String {
        self.link.path(&self.key, "Night 1968.mkv")
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut socket = self.send(method, path, headers).await;
        let mut raw = Vec::new();
        // A cut connection may come as an error after the bytes that arrived.
        let _ = socket.read_to_end(&mut raw).await;
        Reply::parse(&raw)
    }

    async fn get(&self, headers: &[(&str, &str)]) -> Reply {
        self.ask("GET", &self.path(), headers).await
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        socket.write_all(format!("{request}\r\n").as_bytes()).await.unwrap();
        socket
    }
}

impl Drop for Cinema {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// What the server needs beside the bytes; none of it is asked for here.
fn state(
    store: &Store,
    telegram: Telegram,
    engine: Engine,
    (playback, limits): (Playback, Limits),
    secret: &SecretKey,
    address: SocketAddr,
) -> State {
    let (ingest, _) =
        Ingest::new(store.clone(), metadata_at(None), engine.clone(), cinepost::flows::ingest::Options::default());
    let channels = Channels::new(store.clone(), telegram.messages().clone(), telegram.bots().clone());
    let health = Health::new(
        store.clone(),
        Arc::new(MemoryVault::default()),
        telegram.messages().clone(),
        telegram.bots().clone(),
        channels.clone(),
    );
    let base_url = AbsoluteUrl::parse(&format!("http://{address}")).unwrap();
    let people = People::new(store.clone(), secret);
    let lines = Arc::new(TelegramLines::new(store.clone(), engine));
    let export = Export::new(store.clone(), secret.derive(Purpose::Link), Addresses::new(base_url.clone()), lines);
    State {
        addresses: Addresses::new(base_url.clone()),
        library: Library::new(store.clone()),
        people,
        export,
        files: Files::new(store.clone(), telegram.messages().clone(), files::Options::default(), secret),
        playback,
        limits,
        health,
        channels,
        review: Review::of(&ingest),
        ingest,
        instances: Instances::alone(store.clone(), telegram.messages().clone()),
        jobs: JobList::new(store.clone(), upkeep::ABOUT.to_vec()),
        titles: Titles::none(),
        web_player: None,
        trusted_proxies: Vec::new(),
        runtime: Runtime::default(),
    }
}

fn film() -> Entry {
    Entry {
        posted: POSTED,
        ..Entry::of(
            EntryId::from_documents(&[DOCUMENT]),
            VirtualFile::single(Volume { document: DOCUMENT, dc: Dc(4), size: LENGTH }),
            "Night \"1968\" é.mkv",
            "application/octet-stream",
        )
    }
}

fn etag() -> String {
    format!("\"{}-{LENGTH:x}\"", film().id)
}

#[derive(Debug)]
struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn parse(raw: &[u8]) -> Self {
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = std::str::from_utf8(&raw[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Self { status, headers, body: raw[end + 4..].to_vec() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let first = values.next();
        assert!(values.next().is_none(), "{name} stands twice");
        first
    }

    fn content_length(&self) -> Option<u64> {
        self.header("content-length").map(|text| text.parse().unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_range_is_answered_to_the_letter() {
    let cinema = Cinema::open(Script::new(2, 2)).await;
    let last = LENGTH - 1;
    let (full, to_end) = (0..LENGTH, |start| start..LENGTH);
    let line = 1024 * 1024;
    let cases = [
        ("bytes=0-0".to_owned(), Some(0..1)),
        ("bytes=0-".to_owned(), Some(full.clone())),
        (format!("bytes=0-{last}"), Some(full.clone())),
        (format!("bytes=0-{LENGTH}"), Some(full.clone())),
        ("bytes=-1".to_owned(), Some(to_end(last))),
        (format!("bytes={last}-"), Some(to_end(last))),
        (format!("bytes=-{}", LENGTH + 5), Some(full.clone())),
        ("bytes=0-99999999999999999999".to_owned(), Some(full.clone())),
        ("bytes=-99999999999999999999".to_owned(), Some(full.clone())),
        ("BYTES=5-9".to_owned(), Some(5..10)),
        ("bytes=5-9,7-20".to_owned(), Some(5..21)),
        // Around every kind of line in the grid of chunks.
        (format!("bytes={}-{}", line - 1, line), Some(line - 1..line + 1)),
        (format!("bytes={}-{}", line, 2 * line - 1), Some(line..2 * line)),
        (format!("bytes={}-{}", 131_071, 131_072), Some(131_071..131_073)),
        (format!("bytes={}-{}", 4095, 4096), Some(4095..4097)),
        // Outside.
        ("bytes=-0".to_owned(), None),
        (format!("bytes={LENGTH}-"), None),
        ("bytes=99999999999999999999-".to_owned(), None),
    ];
    for (range, wanted) in cases {
        let reply = cinema.get(&[("Range", &range)]).await;
        assert_eq!(reply.header("etag"), Some(etag().as_str()), "{range}");
        match wanted {
            Some(wanted) => {
                let content_range = format!("bytes {}-{}/{LENGTH}", wanted.start, wanted.end - 1);
                assert_eq!(reply.status, 206, "{range}");
                assert_eq!(reply.header("content-range"), Some(content_range.as_str()), "{range}");
                assert_eq!(reply.content_length(), Some(wanted.end - wanted.start), "{range}");
                assert!(reply.body == content(wanted.start, wanted.end - wanted.start), "{range}");
            }
            None => {
                assert_eq!(reply.status, 416, "{range}");
                assert_eq!(reply.header("content-range"), Some(format!("bytes */{LENGTH}").as_str()), "{range}");
            }
        }
    }
    // What is not understood is ignored.
    for range in ["bytes=9-5", "bytes=a-b", "bytes", "items=0-5", "bytes=0-1,9-5"] {
        let reply = cinema.get(&[("Range", range)]).await;
        assert_eq!((reply.status, reply.header("content-range")), (200, None), "{range}");
        assert!(reply.body == content(0, LENGTH), "{range}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_range_the_whole_file_comes_with_all_that_a_player_wants_to_know() {
    let cinema = Cinema::open(Script::new(2, 2)).await;
    let bare = format!("/dl/{}", cinema.link.seal(&cinema.key));
    for path in [cinema.path(), bare.clone(), format!("{bare}/"), format!("{bare}/an/other%2Fname")] {
        let reply = cinema.ask("GET", &path, &[]).await;
        assert_eq!((reply.status, reply.content_length()), (200, Some(LENGTH)), "{path}");
        assert!(reply.body == content(0, LENGTH), "{path}");
        let wanted = [
            ("content-type", "video/x-matroska"),
            ("accept-ranges", "bytes"),
            ("etag", &etag()),
            ("last-modified", POSTED_TEXT),
            ("cache-control", "private"),
            (
                "content-disposition",
                "inline; filename=\"Night _1968_ _.mkv\"; filename*=UTF-8''Night%20%221968%22%20%C3%A9.mkv",
            ),
        ];
        for (name, value) in wanted {
            assert_eq!(reply.header(name), Some(value), "{path}");
        }
        assert_eq!(reply.header("transfer-encoding"), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn head_says_the_same_without_asking_telegram() {
    let cinema = Cinema::open(Script::new(2, 2)).await;
    let get = cinema.get(&[]).await;
    let asked = cinema.calls.count();
    for headers in [&[][..], &[("Range", "bytes=0-0")], &[("Range", "bytes=999999999-")]] {
        let head = cinema.ask("HEAD", &cinema.path(), headers).await;
        assert_eq!((head.status, head.body.len()), (200, 0), "{headers:?}");
        let names = |reply: &Reply| {
            let mut all: Vec<_> = reply
                .headers
                .iter()
                .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
                .cloned()
                .collect();
            all.sort();
            all
        };
        assert_eq!(names(&head), names(&get), "{headers:?}");
    }
    let refused = cinema.ask("HEAD", "/dl/nonsense/a.mkv", &[]).await;
    assert_eq!((refused.status, refused.body.len()), (403, 0));
    assert_eq!(cinema.calls.count(), asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_ranges_come_as_parts() {
    let cinema = Cinema::open(Script::new(2, 2)).await;
    let reply = cinema.get(&[("Range", "bytes=2000000-2000009, 0-4, -3, 1-2, 99999999999-")]).await;
    assert_eq!((reply.status, reply.header("content-range")), (206, None));
    let kind = reply.header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/byteranges; boundary=").unwrap();
    let mut wanted = Vec::new();
    for (start, end) in [(2_000_000, 2_000_010), (0, 5), (LENGTH - 3, LENGTH)] {
        let head = format!(
            "\r\n--{boundary}\r\nContent-Type: video/x-matroska\r\nContent-Range: bytes {start}-{}/{LENGTH}\r\n\r\n",
            end - 1
        );
        wanted.extend_from_slice(head.as_bytes());
        wanted.extend_from_slice(&content(start, end - start));
    }
    wanted.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    assert_eq!(reply.content_length(), Some(wanted.len() as u64));
    assert_eq!(String::from_utf8_lossy(&reply.body), String::from_utf8_lossy(&wanted));
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_are_judged_before_anything_is_read() {
    let cinema = Cinema::open(Script::new(2, 2)).await;
    let tag = etag();
    let weak = format!("W/{tag}");
    let later = "Sun, 06 Nov 1994 08:49:38 GMT";
    let one = ("Range", "bytes=0-0");
    let cases: &[(&[(&str, &str)], u16)] = &[
        (&[("If-Match", &tag), one], 206),
        (&[("If-Match", "*"), one], 206),
        (&[("If-Match", "\"x\""), ("If-Match", &tag), one], 206),
        (&[("If-Match", &weak), one], 412),
        (&[("If-Match", "\"x\""), one], 412),
        (&[("If-Unmodified-Since", POSTED_TEXT), one], 206),
        (&[("If-Unmodified-Since", "Sat, 05 Nov 1994 08:49:37 GMT"), one], 412),
        (&[("If-None-Match", &tag), one], 304),
        (&[("If-None-Match", &weak)], 304),
        (&[("If-None-Match", "\"x\""), one], 206),
        (&[("If-Modified-Since", POSTED_TEXT)], 304),
        (&[("If-None-Match", "\"x\""), ("If-Modified-Since", later), one], 206),
        (&[("If-Range", &tag), one], 206),
        (&[("If-Range", POSTED_TEXT), one], 206),
        (&[("If-Range", &weak), one], 200),
        (&[("If-Range", "\"x\""), one], 200),
        (&[("If-Range", later), one], 200),
        (&[("If-Range", "\"x\""), ("Range", "bytes=999999999-")], 200),
        (&[("If-Range", &tag), ("Range", "bytes=999999999-")], 416),
    ];
    for (headers, status) in cases {
        let asked = cinema.calls.count();
        let reply = cinema.get(headers).await;
        assert_eq!(reply.status, *status, "{headers:?}");
        assert_eq!(reply.header("etag"), Some(tag.as_str()), "{headers:?}");
        match status {
            206 => assert_eq!(reply.body, [0], "{headers:?}"),
            200 => assert_eq!(reply.body.len() as u64, LENGTH, "{headers:?}"),
            _ => assert_eq!((reply.body.len(), cinema.calls.count()), (0, asked), "{headers:?}"),
        }
    }
    for (method, status) in [("HEAD", 304), ("GET", 304)] {
        let reply = cinema.ask(method, &cinema.path(), &[("If-None-Match", &tag)]).await;
        assert_eq!((reply.status, reply.header("cache-control")), (status, Some("private")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_do_not_open_say_why() {
    let cinema = Cinema::open(Script::new(1, 1)).await;
    let path = |link: Link| link.path(&cinema.key, "a.mkv");
    let other_key = SecretKey::from_bytes([8; 32]).derive(Purpose::Link);
    let unknown = EntryId::from_documents(&[DocumentId(1)]);
    let cases = [
        ("/dl/nonsense/a.mkv".to_owned(), 403),
        (cinema.link.path(&other_key, "a.mkv"), 403),
        (path(Link { expires: Some(1_000_000_000), ..cinema.link }), 410),
        (path(Link { version: 2, ..cinema.link }), 403),
        (path(Link { person: PersonId::FIRST_GUEST, ..cinema.link }), 403),
        (path(Link { entry: unknown, ..cinema.link }), 404),
        (path(Link { expires: Some(u64::MAX), ..cinema.link }), 200),
    ];
    for (path, status) in cases {
        assert_eq!(cinema.ask("GET", &path, &[]).await.status, status, "{path}");
    }
    // Its channel is not watched any more, and then it is again.
    let chat = ChatId::try_from(CHAT).unwrap();
    for (active, status) in [(false, 404), (true, 200)] {
        cinema.store.channels().set_active(chat, active).await.unwrap();
        assert_eq!(cinema.get(&[]).await.status, status);
    }
    // Access is taken away: the link is dead at once.
    cinema.store.people().put(&ada(4)).await.unwrap();
    assert_eq!(cinema.get(&[]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_refuses_is_told_by_the_status() {
    let cinema = Cinema::open(Script::new(2, 1)).await;
    let both = |fault: Fault| {
        for bot in [0, 1] {
            cinema.calls.set_bot(bot, Some(fault.clone()));
        }
    };
    both(Fault::NotVisible);
    assert_eq!(cinema.get(&[]).await.status, 404);
    both(Fault::Connection);
    assert_eq!(cinema.get(&[]).await.status, 502);
    both(Fault::FloodWait(Duration::from_millis(61_990)));
    let busy = cinema.get(&[]).await;
    assert_eq!((busy.status, busy.header("retry-after")), (503, Some("62")));
    assert_eq!((busy.header("etag"), busy.header("cache-control")), (None, Some("no-store")));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_byte_is_right_while_bots_and_connections_fail() {
    let mut script = Script::new(4, 2).latency(Duration::from_millis(2)).of_bot(3, Fault::Silence);
    for (number, fault) in [
        (3, Fault::FloodWait(Duration::from_millis(200))),
        (7, Fault::Connection),
        (9, Fault::WrongLength),
        (12, Fault::Refused),
        (20, Fault::Silence),
        (25, Fault::NotVisible),
    ] {
        script = script.on_call(number, fault);
    }
    let cinema = Cinema::open(script).await;
    let reply = cinema.get(&[]).await;
    assert_eq!(reply.status, 200);
    assert_eq!(Sha256::digest(&reply.body), Sha256::digest(content(0, LENGTH)));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_telegram_stays_away_the_connection_is_cut_short_of_the_promise() {
    let cinema = Cinema::open(Script::new(2, 1).latency(Duration::from_millis(5))).await;
    let mut socket = cinema.send("GET", &cinema.path(), &[]).await;
    let mut raw = vec![0; 300_000];
    socket.read_exact(&mut raw).await.unwrap();
    for bot in [0, 1] {
        cinema.calls.set_bot(bot, Some(Fault::Connection));
    }
    let _ = socket.read_to_end(&mut raw).await;
    let reply = Reply::parse(&raw);
    assert_eq!((reply.status, reply.content_length()), (200, Some(LENGTH)));
    assert!((reply.body.len() as u64) < LENGTH);
    assert!(reply.body == content(0, reply.body.len() as u64));
}

#[tokio::test(flavor = "multi_thread")]
async fn for_a_reader_who_left_nothing_more_is_read() {
    let cinema = Cinema::open(Script::new(2, 2).latency(Duration::from_millis(5))).await;
    let settled = async || {
        let soon = Instant::now() + Duration::from_secs(5);
        while Instant::now() < soon && !(cinema.calls.waiting() == 0 && cinema.playback.watching().is_empty()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let asked = cinema.calls.count();
        tokio::time::sleep(Duration::from_millis(250)).await;
        assert_eq!((cinema.calls.count(), cinema.calls.waiting()), (asked, 0));
        assert!(cinema.playback.watching().is_empty());
    };
    // In the middle of the film.
    let mut socket = cinema.send("GET", &cinema.path(), &[]).await;
    socket.read_exact(&mut vec![0; 500_000]).await.unwrap();
    assert_eq!(cinema.playback.watching().len(), 1);
    drop(socket);
    settled().await;
    // While Telegram keeps it waiting, in the middle and before the first byte.
    for first in [500_000, 0] {
        for bot in [0, 1] {
            cinema.calls.set_bot(bot, None);
        }
        let mut socket = cinema.send("GET", &cinema.path(), &[("Range", "bytes=4096-")]).await;
        if first > 0 {
            socket.read_exact(&mut vec![0; first]).await.unwrap();
        }
        for bot in [0, 1] {
            cinema.calls.set_bot(bot, Some(Fault::Silence));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(socket);
        settled().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_serves_one_range_after_the_other() {
    let cinema = Cinema::open(Script::new(2, 2)).await;
    let mut socket = TcpStream::connect(cinema.address).await.unwrap();
    for start in [0u64, 10_000_000, 5] {
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: localhost\r\nRange: bytes={start}-{}\r\n\r\n",
            cinema.path(),
            start + 999
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut raw = Vec::new();
        while !raw.windows(4).any(|four| four == b"\r\n\r\n") {
            raw.push(socket.read_u8().await.unwrap());
        }
        let mut body = vec![0; 1000];
        socket.read_exact(&mut body).await.unwrap();
        assert_eq!(Reply::parse(&raw).status, 206);
        assert!(body == content(start, 1000));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_of_any_page_may_read_what_they_ask_for() {
    let cinema = Cinema::open(Script::new(1, 1)).await;
    let preflight = [
        ("Origin", "https://web.stremio.com"),
        ("Access-Control-Request-Method", "GET"),
        ("Access-Control-Request-Headers", "range"),
    ];
    let reply = cinema.ask("OPTIONS", &cinema.path(), &preflight).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, Some("*")));
    assert!(reply.header("access-control-allow-headers").unwrap().contains("Range"));
    for path in [cinema.path(), "/dl/nonsense".to_owned()] {
        let reply = cinema.ask("HEAD", &path, &[("Origin", "https://web.stremio.com")]).await;
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert!(reply.header("access-control-expose-headers").unwrap().contains("Content-Range"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_are_never_compressed() {
    let cinema = Cinema::open(Script::new(1, 1)).await;
    let reply = cinema.get(&[("Accept-Encoding", "gzip, br"), ("Range", "bytes=0-9999")]).await;
    assert_eq!((reply.header("content-encoding"), reply.content_length()), (None, Some(10_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_sees_what_is_being_sent() {
    let cinema = Cinema::open(Script::new(2, 2).latency(Duration::from_millis(5))).await;
    let mut socket = cinema.send("GET", &cinema.path(), &[]).await;
    socket.read_exact(&mut vec![0; 300_000]).await.unwrap();
    let status = cinema.ask("GET", "/status", &[]).await;
    let status: serde_json::Value = serde_json::from_slice(&status.body).unwrap();
    let stream = &status["streams"][0];
    assert_eq!((stream["name"].as_str(), stream["person"].as_u64()), (Some(film().name.as_str()), Some(1)));
    assert!(stream["sent_bytes"].as_u64().unwrap() >= 300_000);
    let metrics = String::from_utf8(cinema.ask("GET", "/metrics", &[]).await.body).unwrap();
    assert!(
        metrics.contains("\ncinepost_streams 1\n") && metrics.contains("\ncinepost_streams_total 1\n"),
        "{metrics}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_the_access_is_taken_away() {
    let cinema = Cinema::open(Script::new(2, 2).latency(Duration::from_millis(5))).await;
    let mut socket = cinema.send("GET", &cinema.path(), &[]).await;
    let mut read = 300_000;
    socket.read_exact(&mut vec![0; read]).await.unwrap();
    cinema.store.people().put(&ada(4)).await.unwrap();
    // Slower than the film would have to be to come whole before the store is asked.
    let mut piece = vec![0; 64 * 1024];
    while let Ok(more @ 1..) = socket.read(&mut piece).await {
        read += more;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!((read as u64) < LENGTH / 2, "{read} of {LENGTH} bytes came");
    until_nobody_watches(&cinema.playback).await;
    assert_eq!(cinema.get(&[]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_waits_for_telegram_ends_with_the_access_too() {
    let cinema = Cinema::open(Script::new(1, 1).latency(Duration::from_millis(5))).await;
    let mut socket = cinema.send("GET", &cinema.path(), &[]).await;
    socket.read_exact(&mut vec![0; 300_000]).await.unwrap();
    cinema.calls.set_bot(0, Some(Fault::FloodWait(Duration::from_secs(600))));
    cinema.store.people().put(&ada(4)).await.unwrap();
    let mut rest = Vec::new();
    let _ = socket.read_to_end(&mut rest).await;
    assert!((rest.len() as u64) < LENGTH - 300_000);
    until_nobody_watches(&cinema.playback).await;
}

async fn until_nobody_watches(playback: &Playback) {
    while !playback.watching().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
