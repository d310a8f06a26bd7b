//! What players do on the wire, played back: their headers, their order, their leaving in the middle. Each byte is compared.
//!
//! The traces were taken from the programs' sources and from what they send: ffmpeg 5 to 7 (libavformat/http.c) and mpv on top
//! of it, VLC 3 (access/http), Chromium (media/blink url_data), ExoPlayer (DefaultHttpDataSource), Safari, aria2.

use crate::support::{TestApp, until};
use futures_util::future::join_all;
use simulation::content;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
/// Nothing about it is round.
const SIZE: u64 = 150 * MIB + 54_321;
const LAVF: &[(&str, &str)] =
    &[("User-Agent", "Lavf/60.16.100"), ("Accept", "*/*"), ("Connection", "close"), ("Icy-MetaData", "1")];

/// A film that can be played, and a whole product behind it.
struct Cinema {
    app: TestApp,
    host: String,
    path: String,
    document: i64,
}

impl Cinema {
    async fn open() -> Self {
        let (app, url, document) = TestApp::playing(2, SIZE).await;
        let (host, path) = url.strip_prefix("http://").and_then(|url| url.split_once('/')).expect("a play URL");
        Self { host: host.to_owned(), path: format!("/{path}"), document, app }
    }

    /// One request on a connection of its own.
    async fn get(&self, common: &[(&str, &str)], own: &[(&str, &str)]) -> Answer {
        let socket = TcpStream::connect(&self.host).await.expect("it listens");
        self.ask("GET", socket, &[common, own].concat()).await
    }

    async fn ask(&self, method: &str, mut socket: TcpStream, headers: &[(&str, &str)]) -> Answer {
        let mut request = format!("{method} {} HTTP/1.1\r\nHost: {}\r\n", self.path, self.host);
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        socket.write_all(format!("{request}\r\n").as_bytes()).await.expect("sent");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.expect("a head"));
        }
        let head = String::from_utf8(head).expect("text");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut answer = Answer { socket, status, head, document: self.document, at: 0, end: 0 };
        if method == "GET" && (status == 200 || status == 206) {
            let length: u64 = answer.header("content-length").expect("the length is known").parse().expect("a number");
            answer.at = match answer.header("content-range") {
                Some(range) => {
                    let (first, rest) = range.strip_prefix("bytes ").and_then(|r| r.split_once('-')).expect("a range");
                    let (last, size) = rest.split_once('/').expect("a range");
                    let (first, last): (u64, u64) = (first.parse().expect("a number"), last.parse().expect("a number"));
                    assert_eq!((size, last - first + 1), (SIZE.to_string().as_str(), length));
                    first
                }
                None => 0,
            };
            answer.end = answer.at + length;
        }
        answer
    }

    /// Everybody left: nothing is being sent any more.
    async fn close(self) {
        let streams = async || {
            let status = self.app.get(&format!("http://{}/status", self.host)).await;
            let status: serde_json::Value = status.json().await.expect("it is JSON");
            status["streams"].as_array().expect("streams").len()
        };
        until("no stream is left", streams, |streams| *streams == 0).await;
        self.app.stop().await;
    }
}

struct Answer {
    socket: TcpStream,
    status: u16,
    head: String,
    document: i64,
    /// Place in the film of the next byte, and of the end of the body.
    at: u64,
    end: u64,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Reads so much, or to the end, and compares it.
    async fn read(&mut self, bytes: u64) -> &mut Self {
        let until = self.end.min(self.at.saturating_add(bytes));
        let (mut buffer, mut wanted) = (vec![0; 128 * 1024], vec![0; 128 * 1024]);
        while self.at < until {
            let most = buffer.len().min((until - self.at) as usize);
            let read = self.socket.read(&mut buffer[..most]).await.expect("readable");
            assert!(read > 0, "the body ended at {} of {}", self.at, self.end);
            content::fill(self.document, self.at, &mut wanted[..read]);
            assert!(buffer[..read] == wanted[..read], "a wrong byte between {} and {}", self.at, self.at + read as u64);
            self.at += read as u64;
        }
        self
    }

    async fn read_all(&mut self) -> &mut Self {
        self.read(u64::MAX).await
    }

    /// The connection, for the next request on it. The body must be read.
    fn again(self) -> TcpStream {
        assert_eq!(self.at, self.end);
        self.socket
    }
}

fn from(offset: u64) -> String {
    format!("bytes={offset}-")
}

fn between(offset: u64, len: u64) -> String {
    format!("bytes={offset}-{}", offset + len - 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn ffmpeg_and_mpv() {
    let cinema = Cinema::open().await;
    let open = async |offset: u64| {
        let answer = cinema.get(LAVF, &[("Range", &from(offset))]).await;
        assert_eq!((answer.status, answer.at, answer.end), (206, offset, SIZE));
        // Without it, ffmpeg takes the file for one that cannot be sought in.
        assert_eq!(answer.header("accept-ranges"), Some("bytes"));
        answer
    };
    // The head says where the cues are: near the end. Each time the connection is closed in the middle of the body.
    open(0).await.read(320 * KIB).await;
    open(SIZE - 87 * KIB).await.read_all().await;
    // Back to behind the EBML header, which is how a Matroska file is begun; then the person seeks.
    open(48).await.read(5 * MIB).await;
    for target in [SIZE / 2 + 7, SIZE / 3, SIZE - 3 * MIB] {
        open(target).await.read(3 * MIB).await;
    }
    // Past the end, as ffmpeg probes files that grow.
    let answer = cinema.get(LAVF, &[("Range", &from(SIZE))]).await;
    assert_eq!((answer.status, answer.header("content-range")), (416, Some(format!("bytes */{SIZE}").as_str())));
    cinema.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vlc() {
    let cinema = Cinema::open().await;
    let vlc = [("User-Agent", "VLC/3.0.20 LibVLC/3.0.20"), ("Accept", "*/*"), ("Accept-Language", "en_US")];
    let mut answer = cinema.get(&vlc, &[("Range", "bytes=0-")]).await;
    assert_eq!(answer.status, 206);
    let etag = answer.header("etag").expect("VLC keeps it").to_owned();
    assert!(etag.starts_with('"'), "strong, or If-Match never holds: {etag}");
    answer.read(700 * KIB).await;
    drop(answer);
    for offset in [SIZE - 200 * KIB, 12_345, SIZE / 2, 0] {
        let mut answer = cinema.get(&vlc, &[("Range", &from(offset)), ("If-Match", &etag)]).await;
        assert_eq!((answer.status, answer.at, answer.header("etag")), (206, offset, Some(etag.as_str())));
        answer.read(2 * MIB).await;
    }
    // Another file in its place: VLC stops instead of showing the end of another film.
    let answer = cinema.get(&vlc, &[("Range", &from(MIB)), ("If-Match", "\"another\"")]).await;
    assert_eq!(answer.status, 412);
    drop(answer);
    cinema.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chromium() {
    let cinema = Cinema::open().await;
    let chromium = [
        ("Accept-Encoding", "identity;q=1, *;q=0"),
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"),
        ("Accept", "*/*"),
        ("Sec-Fetch-Dest", "video"),
        ("Sec-Fetch-Mode", "no-cors"),
    ];
    let mut first = cinema.get(&chromium, &[("Range", "bytes=0-")]).await;
    assert_eq!((first.status, first.header("content-encoding")), (206, None));
    let etag = first.header("etag").expect("for If-Range").to_owned();
    first.read(4 * MIB).await;
    // Its buffer is full: it does not read on, and keeps the connection. Meanwhile it asks for parts of its own choosing.
    for (offset, len) in [(SIZE - 512 * KIB, 512 * KIB), (SIZE / 2, 2 * MIB), (SIZE / 2 + 2 * MIB, 64 * KIB)] {
        let range = between(offset, len);
        let mut part = cinema.get(&chromium, &[("Range", &range), ("If-Range", &etag)]).await;
        assert_eq!((part.status, part.at, part.end), (206, offset, offset + len));
        part.read_all().await;
    }
    // The paused body goes on where it stopped.
    first.read(8 * MIB).await;
    drop(first);
    // Had the file changed, the whole of it would come.
    let mut whole = cinema.get(&chromium, &[("Range", &from(SIZE / 2)), ("If-Range", "\"another\"")]).await;
    assert_eq!((whole.status, whole.at, whole.end), (200, 0, SIZE));
    whole.read(MIB).await;
    drop(whole);
    cinema.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exoplayer() {
    let cinema = Cinema::open().await;
    let exo = [
        ("User-Agent", "Stremio/1.0 (Linux;Android 14) ExoPlayerLib/2.19.1"),
        ("Accept-Encoding", "identity"),
        ("Connection", "Keep-Alive"),
    ];
    let mut answer = cinema.get(&exo, &[]).await;
    assert_eq!((answer.status, answer.end, answer.header("content-range")), (200, SIZE, None));
    answer.read(500 * KIB).await;
    drop(answer);
    for offset in [SIZE - 40 * KIB, 48 * MIB + 1, 48 * MIB + 3 * MIB] {
        let mut answer = cinema.get(&exo, &[("Range", &from(offset))]).await;
        assert_eq!((answer.status, answer.at, answer.end), (206, offset, SIZE));
        answer.read(3 * MIB).await;
    }
    cinema.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn safari() {
    let cinema = Cinema::open().await;
    let safari = [
        ("X-Playback-Session-Id", "B5A3C6E0-0000-4000-8000-000000000001"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", "AppleCoreMedia/1.0.0.21G93 (Macintosh; U; Intel Mac OS X 14_6; en_us)"),
        ("Connection", "keep-alive"),
    ];
    // Two bytes, to see whether ranges are understood. Anything but 206 and exactly two bytes, and nothing is played.
    let mut probe = cinema.get(&safari, &[("Range", "bytes=0-1")]).await;
    assert_eq!((probe.status, probe.at, probe.end), (206, 0, 2));
    assert!(probe.header("content-type").is_some_and(|kind| kind.starts_with("video/")), "{}", probe.head);
    probe.read_all().await;
    // On the same connection from the first to the last byte; it leaves when it has the head.
    let range = between(0, SIZE);
    let headers: Vec<_> = safari.iter().copied().chain([("Range", range.as_str())]).collect();
    let mut answer = cinema.ask("GET", probe.again(), &headers).await;
    assert_eq!((answer.status, answer.at, answer.end), (206, 0, SIZE));
    answer.read(MIB).await;
    drop(answer);
    for (offset, len) in [(SIZE - 65_536, 65_536), (64 * KIB, 3 * MIB), (SIZE / 2, SIZE - SIZE / 2)] {
        let mut part = cinema.get(&safari, &[("Range", &between(offset, len))]).await;
        assert_eq!((part.status, part.at, part.end), (206, offset, offset + len));
        part.read(3 * MIB).await;
    }
    cinema.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_manager_with_eight_connections() {
    let cinema = Cinema::open().await;
    let aria = [("User-Agent", "aria2/1.37.0"), ("Accept", "*/*"), ("Want-Digest", "SHA-256;q=1")];
    // The size first, as some ask.
    let socket = TcpStream::connect(&cinema.host).await.expect("it listens");
    let head = cinema.ask("HEAD", socket, &aria).await;
    assert_eq!((head.status, head.header("content-length")), (200, Some(SIZE.to_string().as_str())));
    let part = SIZE.div_ceil(8);
    let parts = (0..8).map(|n| {
        let (begin, end) = (n * part, SIZE.min((n + 1) * part));
        let (cinema, aria) = (&cinema, &aria);
        async move {
            let mut answer = cinema.get(aria, &[("Range", &between(begin, end - begin))]).await;
            assert_eq!((answer.status, answer.at, answer.end), (206, begin, end));
            answer.read_all().await;
        }
    });
    join_all(parts).await;
    drop(head);
    cinema.close().await;
}
