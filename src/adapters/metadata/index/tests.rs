//! The whole way, from a server's lists to a look-up, and what a server or a disk can do on it.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use flate2::write::GzEncoder;
use simulation::metadata::{self as provider, Fault, Server};
use title_index::{Edits, Id};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

const NOW: i64 = 1_700_049_600;
const BOTH: Sources = Sources { imdb: true, tmdb: true };
const TMDB: Sources = Sources { imdb: false, tmdb: true };
/// The film of 1968 at IMDb, and both of its name at TMDB, whose lists say no years.
const NIGHT: u32 = 63_350;
const NIGHTS: [Id; 2] = [Id::Tmdb(10_331), Id::Tmdb(19_185)];

/// A data folder of a test's own, gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("cinepost-titles-{}-{n}", std::process::id())))
    }

    fn titles(&self, sources: Sources, imdb_url: &str, tmdb_url: &str) -> Titles {
        let (imdb_url, tmdb_url) = (imdb_url.to_owned(), tmdb_url.to_owned());
        let write = crate::adapters::data_folder::write_with;
        Titles::new(Options { dir: self.0.clone(), sources, imdb_url, tmdb_url, write })
    }

    fn of(&self, server: &Server, sources: Sources) -> Titles {
        self.titles(sources, &server.datasets_url(), &server.exports_url())
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).into_iter().flatten();
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn provider() -> Server {
    provider::start(provider::Options::default()).await.expect("a free port")
}

async fn fetch(titles: &Titles) -> Result<Fetched, Error> {
    titles.fetch(NOW, &|_| {}).await
}

fn ids(titles: &Titles, name: &str) -> Vec<Id> {
    let wanted = Wanted { names: &[name], year: Some(1968), kind: None, edits: Edits::One };
    titles.look_up(&wanted).into_iter().map(|found| found.id).collect()
}

#[tokio::test]
async fn lists_become_an_index_that_finds_misspelt_names_and_are_fetched_again_when_they_changed() {
    let (server, folder) = (provider().await, Folder::new());
    let titles = folder.of(&server, BOTH);
    titles.open().await;
    assert_eq!((titles.state(), titles.needs_fetch()), (State::Missing, true));
    assert_eq!(ids(&titles, "Night of the Living Dead"), []);

    let so_far = std::sync::Mutex::new(Vec::new());
    let built = titles.fetch(NOW, &|bytes| so_far.lock().expect("no panic").push(bytes)).await.expect("fetched");
    assert!(matches!(built, Fetched::Built(summary) if summary.titles > 0));
    assert!(so_far.into_inner().expect("no panic").is_sorted(), "progress is of all lists together");
    assert_eq!(ids(&titles, "Nihgt of the Living Dead"), [Id::Imdb(NIGHT), NIGHTS[0], NIGHTS[1]]);
    assert_eq!(folder.names(), ["titles.index"], "nothing else is left");

    let asked = server.asked();
    assert_eq!(fetch(&titles).await.expect("asked"), Fetched::Unchanged);
    assert_eq!(server.asked() - asked, 5, "one question for each list");
    // Another process, as after a restart.
    let again = folder.of(&server, BOTH);
    again.open().await;
    assert!(matches!(again.state(), State::Ready(Holds { built: NOW, sources: BOTH, .. })));
    assert_eq!(fetch(&again).await.expect("asked"), Fetched::Unchanged);
    // An owner who wants fewer lists gets an index without the others; until then the old one serves.
    let fewer = folder.of(&server, TMDB);
    fewer.open().await;
    assert!(fewer.needs_fetch() && fewer.is_ready());
    assert!(matches!(fetch(&fewer).await, Ok(Fetched::Built(_))));
    assert_eq!(ids(&fewer, "Night of the Living Dead"), NIGHTS);
    // Which the first one takes into use.
    titles.open().await;
    assert_eq!(ids(&titles, "Night of the Living Dead"), NIGHTS);
    server.stop().await;
}

#[tokio::test]
async fn a_damaged_index_is_refused_with_a_word_and_made_anew() {
    let (server, folder) = (provider().await, Folder::new());
    let titles = folder.of(&server, TMDB);
    fetch(&titles).await.expect("fetched");
    let path = titles.inner.file.path.clone();
    let mut bytes = fs::read(&path).expect("there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(folder.0.join("other"), bytes).and_then(|()| fs::rename(folder.0.join("other"), &path)).expect("written");

    let again = folder.of(&server, TMDB);
    again.open().await;
    assert_eq!((again.state(), again.needs_fetch()), (State::Refused("it is damaged".to_owned()), true));
    assert!(matches!(fetch(&again).await, Ok(Fetched::Built(_))));
    assert!(again.is_ready());
    server.stop().await;
}

#[tokio::test]
async fn the_old_index_serves_while_there_is_no_new_one() {
    let (server, folder) = (provider().await, Folder::new());
    let titles = folder.of(&server, TMDB);
    fetch(&titles).await.expect("fetched");
    let before = fs::read(titles.inner.file.path.clone()).expect("there");

    server.set_fault(Some(Fault::TooMany { retry_after_secs: 3600, times: None })).await.expect("set");
    let wanted = folder.of(&server, BOTH);
    wanted.open().await;
    let error = fetch(&wanted).await.expect_err("it wants an hour");
    assert_eq!(error.to_string(), "title.ratings cannot be fetched: too many requests (429)");
    assert_eq!(ids(&wanted, "Night of the Living Dead"), NIGHTS);
    assert_eq!(
        (folder.names(), fs::read(titles.inner.file.path.clone()).expect("there")),
        (vec!["titles.index".to_owned()], before)
    );
    server.stop().await;
}

/// Answers each connection's request by what this says of it.
async fn answering(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut question = vec![0; 4096];
            let length = connection.read(&mut question).await.unwrap_or(0);
            let answer = answer(&String::from_utf8_lossy(&question[..length]).to_lowercase());
            let _ = connection.write_all(&answer).await;
        }
    });
    url
}

fn films() -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::none());
    for n in 0..2000 {
        writeln!(packed, "{{\"id\":{n},\"original_title\":\"Film {n} of the night\",\"popularity\":1.5}}")
            .expect("taken");
    }
    packed.finish().expect("packed")
}

fn head(status: &str, more: &str, length: usize) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{more}content-length: {length}\r\nconnection: close\r\n\r\n").into_bytes()
}

/// The list, of which a connection brings a third.
fn a_third(question: &str, more: &str) -> Vec<u8> {
    let packed = films();
    let begin = question.split("range: bytes=").nth(1).and_then(|range| range.split('-').next()?.parse().ok());
    let status = if begin.is_some() { "206 Partial Content" } else { "200 OK" };
    let rest = &packed[begin.unwrap_or(0)..];
    let range =
        begin.map(|begin: usize| format!("content-range: bytes {begin}-{}/{}\r\n", packed.len() - 1, packed.len()));
    let sent = rest.len().min(packed.len() / 3 + 1);
    [&head(status, &format!("{more}{}", range.unwrap_or_default()), rest.len()), &rest[..sent]].concat()
}

#[tokio::test]
async fn what_breaks_off_is_gone_on_with_from_where_it_was() {
    let folder = Folder::new();
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let url = answering(move |question| {
        count.fetch_add(1, Ordering::Relaxed);
        let is_rest = question.contains("range: bytes=");
        assert_eq!(is_rest, question.contains("if-range: \"one\""), "only the same file is gone on with");
        a_third(question, "etag: \"one\"\r\n")
    })
    .await;
    let titles = folder.titles(TMDB, "http://127.0.0.1:9", &url);
    let Ok(Fetched::Built(built)) = fetch(&titles).await else { panic!("it is fetched") };
    // Both lists are of the same server, in three parts each.
    assert_eq!((built.titles, asked.load(Ordering::Relaxed)), (4000, 6));
}

#[tokio::test]
async fn what_cannot_be_had_is_said_and_leaves_nothing_behind() {
    let not_gzip = [head("200 OK", "", 30), b"<html> please sign in </html> ".to_vec()].concat();
    let elsewhere = head("302 Found", "location: http://127.0.0.1:1/\r\n", 0);
    type Answer = Box<dyn Fn(&str) -> Vec<u8> + Send>;
    let cases: [(Answer, &str); 5] = [
        (
            Box::new(|question| a_third(question, "")),
            "movie_ids cannot be fetched: it broke off, and cannot be continued",
        ),
        (
            Box::new(|question| match question.contains("range:") {
                true => [head("200 OK", "etag: \"two\"\r\n", 3), b"abc".to_vec()].concat(),
                false => a_third(question, "etag: \"one\"\r\n"),
            }),
            "movie_ids cannot be fetched: it broke off, and is another file now",
        ),
        (
            Box::new(|_| head("404 Not Found", "", 0)),
            "movie_ids is not there (it answered 404); check TMDB_EXPORTS_URL",
        ),
        (
            Box::new(move |_| elsewhere.clone()),
            "movie_ids cannot be fetched: it answered 302, which leads nowhere; check TMDB_EXPORTS_URL",
        ),
        (Box::new(move |_| not_gzip.clone()), "movie_ids cannot be unpacked: invalid gzip header"),
    ];
    for (answer, said) in cases {
        let folder = Folder::new();
        let url = answering(answer).await;
        let titles = folder.titles(TMDB, "http://127.0.0.1:9", &url);
        let error = fetch(&titles).await.expect_err("there is no list");
        assert_eq!((error.to_string().as_str(), folder.names()), (said, Vec::new()));
    }
}

#[tokio::test]
async fn one_that_nobody_waits_for_any_more_leaves_nothing_behind() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    // It begins, and never goes on.
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut connection, _)) = listener.accept().await {
            let _ = connection.write_all(&[head("200 OK", "", 1_000_000), films()].concat()).await;
            held.push(connection);
        }
    });
    let titles = folder.titles(TMDB, "http://127.0.0.1:9", &url);
    tokio::select! {
        fetched = fetch(&titles) => panic!("{fetched:?}"),
        () = async { while folder.names().len() < 2 { tokio::task::yield_now().await } } => {}
    }
    // The builder's thread hears of it with its next read.
    while !folder.names().is_empty() {
        tokio::task::yield_now().await;
    }
}
