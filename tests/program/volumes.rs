//! Split films and archives, from posts in a channel to rows in Stremio that play: `.001` and its kin, zip and RAR.

use std::process::Command;
use std::time::Duration;

use crate::support::zip;
use crate::support::{Dir, NIGHT, STREAMS, TestApp, UNMATCHED, chat, document, film, metadata_at, until};
use cinepost::adapters::store::{Database, Store};
use cinepost::adapters::telegram::Telegram;
use cinepost::adapters::telegram::scripted::Script;
use cinepost::domain::entry::{Reason, Status};
use cinepost::domain::post::{Attachment, ChannelEvent, DocumentId, Post, PostRef};
use cinepost::domain::review::{ReviewPage, ReviewQuery};
use cinepost::domain::telegram_id::Dc;
use cinepost::engines::bytes::{self, Engine};
use cinepost::flows::ingest::{self, Ingest};
use serde_json::Value;
use simulation::faults::{Effect, Fault};
use simulation::{NewPost, Posted, content};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const MIB: u64 = 1 << 20;

fn volume(number: u32) -> String {
    format!("{NIGHT}.{number:03}")
}

fn rows(streams: &Value) -> Vec<Value> {
    streams["streams"].as_array().expect("streams").clone()
}

/// The film's rows, once there are so many.
async fn streams(app: &TestApp, wanted: usize) -> Vec<Value> {
    rows(&app.until("the streams", || app.ask(STREAMS), |s| rows(s).len() == wanted).await)
}

async fn url(app: &TestApp) -> String {
    streams(app, 1).await[0]["url"].as_str().expect("a url").to_owned()
}

/// The review list's only row, once its reason holds these words.
async fn reviewed(app: &TestApp, words: &str) {
    let reason = |status: &Status| match status {
        Status::Review { reason } | Status::Pending { reason: Some(reason), .. } => reason.to_string(),
        other => panic!("{other:?}"),
    };
    let list = || app.reviewed();
    let is_wanted = |list: &Vec<_>| {
        let list: &Vec<cinepost::domain::entry::Entry> = list;
        list.len() == 1 && reason(&list[0].status).contains(words)
    };
    app.until(words, list, is_wanted).await;
}

/// What the volumes of these posts hold together.
fn bytes_of(posts: &[(&Posted, u64)]) -> Vec<u8> {
    let mut whole = Vec::new();
    for (posted, size) in posts {
        let mut bytes = vec![0; *size as usize];
        content::fill(document(posted).0, 0, &mut bytes);
        whole.extend(bytes);
    }
    whole
}

#[tokio::test(flavor = "multi_thread")]
async fn volumes_in_any_order_are_one_film_that_plays_across_its_joints() {
    let app = TestApp::start().await;
    let (size, rest) = (3 * MIB + 4_321, MIB + 77);
    let third = app.post(film(&volume(3), rest));
    reviewed(&app, &volume(1)).await;
    let first = app.post(film(&volume(1), size));
    reviewed(&app, &format!("forward {} too", volume(2))).await;
    assert!(app.names(UNMATCHED).await.is_empty(), "half a film is nothing to watch");
    let second = app.post(film(&volume(2), size));

    let row = streams(&app, 1).await.remove(0);
    let whole = bytes_of(&[(&first, size), (&second, size), (&third, rest)]);
    assert_eq!(row["behaviorHints"]["filename"], NIGHT);
    assert_eq!(row["behaviorHints"]["videoSize"], whole.len() as u64);
    assert!(app.reviewed().await.is_empty());
    assert_eq!(app.app.library.counts().await.expect("counts").files, 1);

    let url = row["url"].as_str().expect("a url");
    let answer = app.get(url).await;
    assert_eq!(answer.content_length(), Some(whole.len() as u64));
    assert!(answer.bytes().await.expect("it plays") == whole);
    let joint = size as usize;
    for (from, to) in [(joint - 1, joint), (joint, joint + 9), (joint - 70_000, joint + 70_000), (10, 2 * joint + 5)] {
        let range = format!("bytes={from}-{to}");
        let part = app.http.get(url).header("Range", &range).send().await.expect("it answers");
        assert_eq!(part.status(), 206);
        assert!(part.bytes().await.expect("bytes")[..] == whole[from..=to], "{range}");
    }
    app.stop().await;
}

/// All ways of naming volumes, each posted as files and as videos: names, and the sizes of the volumes.
const WAYS: &[&[(&str, u64)]] = &[
    &[("{}.mkv.001", MIB), ("{}.mkv.002", 11)],
    &[("{}.mkv.000", MIB), ("{}.mkv.001", MIB), ("{}.mkv.002", 12)],
    &[("{}.mkv.00", MIB), ("{}.mkv.01", MIB), ("{}.mkv.02", 13)],
    &[("{}.mkv.part1", MIB), ("{}.mkv.part2", 14)],
    &[("{}.mkv.part001", MIB), ("{}.mkv.part002", 15)],
    &[("{}.part01.mkv", MIB), ("{}.part02.mkv", 16)],
    &[("{}.part1.mkv", 77_777), ("{}.part2.mkv", 77_777), ("{}.part3.mkv", 17)],
    &[("{} (1 of 2).mkv", 99_999), ("{} (2 of 2).mkv", 18)],
    &[("{}.[1of3].mkv", 50_001), ("{}.[2of3].mkv", 50_001), ("{}.[3of3].mkv", 50_001)],
];

#[tokio::test(flavor = "multi_thread")]
async fn volumes_are_put_together_however_they_are_named_and_sent() {
    let app = TestApp::start().await;
    let stem = NIGHT.trim_end_matches(".mkv");
    let mut wholes = Vec::new();
    for (n, way) in WAYS.iter().enumerate() {
        for (as_video, mime) in [(0, "application/octet-stream"), (1, "video/x-matroska")] {
            let mut whole = Vec::new();
            for (name, size) in *way {
                // Sizes tell the uploads apart: by them the volumes of each find each other.
                let size = if *size < 100 { size + 100 * as_video } else { size + as_video * 65_536 };
                let name = name.replace("{}", &format!("{stem}.{n}"));
                let post = NewPost { mime: Some(mime.to_owned()), ..film(&name, size) };
                whole.push((app.post(post), size));
            }
            wholes.push(bytes_of(&whole.iter().map(|(post, size)| (post, *size)).collect::<Vec<_>>()));
        }
    }
    for row in streams(&app, 2 * WAYS.len()).await {
        let url = row["url"].as_str().expect("a url");
        let bytes = app.get(url).await.bytes().await.expect("it plays");
        assert!(wholes.iter().any(|whole| *whole == bytes), "{row}");
    }
    assert!(app.reviewed().await.is_empty());
    app.stop().await;
}

/// A file that begins as Matroska does.
fn matroska(name: &str, seed: i64, len: usize) -> NewPost {
    let mut bytes = noise(seed, len);
    bytes[..4].copy_from_slice(b"\x1a\x45\xdf\xa3");
    NewPost::bytes(name, bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn films_that_are_counted_like_volumes_each_play_on_their_own() {
    let app = TestApp::start().await;
    let part = |n: i64| NIGHT.replace(".mkv", &format!(".part{n}.mkv"));
    app.post(matroska(&part(1), 1, 70_001));
    streams(&app, 1).await;
    app.post(matroska(&part(2), 2, 60_001));
    let rows = streams(&app, 2).await;
    let mut sizes: Vec<u64> = rows.iter().filter_map(|row| row["behaviorHints"]["videoSize"].as_u64()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [60_001, 70_001]);
    assert!(app.reviewed().await.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_without_its_beginning_says_what_is_missing() {
    let cases = [
        (vec![("Night.part2.mkv", 70_001)], "forward Night.part1.mkv too"),
        (vec![("Night (2 of 2).mkv", 70_001)], "forward Night (1 of 2).mkv too"),
        (vec![("Night.mkv.01", MIB), ("Night.mkv.02", 9)], "forward Night.mkv.00 too"),
    ];
    for (volumes, words) in cases {
        let app = TestApp::start().await;
        for (name, size) in volumes {
            app.post(film(name, size));
        }
        reviewed(&app, words).await;
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_digits_that_begin_with_01_are_a_film_when_it_begins_there() {
    let app = TestApp::start().await;
    app.post(matroska(&format!("{NIGHT}.01"), 1, 70_001));
    app.post(film(&format!("{NIGHT}.02"), 9));
    assert_eq!(streams(&app, 1).await[0]["behaviorHints"]["videoSize"], 70_010);
    assert!(app.reviewed().await.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_loses_a_volume_waits_for_it_in_the_review_list() {
    let app = TestApp::start().await;
    app.post(film(&volume(1), MIB));
    let second = app.post(film(&volume(2), MIB));
    app.post(film(&volume(3), 5_000));
    let url = url(&app).await;
    assert_eq!(app.get(&url).await.status(), 200);
    app.sim.delete(chat(), &[second.message]).expect("deleted");
    reviewed(&app, &volume(2)).await;
    assert_eq!(app.get(&url).await.status(), 404);
    streams(&app, 0).await;

    app.post(NewPost { document: second.document.clone(), ..NewPost::default() });
    assert_eq!(streams(&app, 1).await[0]["url"], url.as_str(), "the same film under the same link");
    assert_eq!(app.get(&url).await.bytes().await.expect("it plays").len() as u64, 2 * MIB + 5_000);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn volumes_forwarded_twice_are_one_film_that_survives_losing_one_of_each() {
    let app = TestApp::start().await;
    let posts = [app.post(film(&volume(1), MIB)), app.post(film(&volume(2), 5_000))];
    let url = url(&app).await;
    for post in &posts {
        app.post(NewPost { document: post.document.clone(), ..NewPost::default() });
    }
    let id = cinepost::domain::entry::EntryId::from_documents(&[document(&posts[0]), document(&posts[1])]);
    app.until(
        "four sources",
        || async { app.app.store.entries().sources(id).await },
        |s| s.as_ref().is_ok_and(|s| s.len() == 4),
    )
    .await
    .expect("sources");
    assert_eq!(streams(&app, 1).await[0]["url"], url.as_str());
    app.sim.delete(chat(), &[posts[0].message, posts[1].message]).expect("deleted");
    app.until(
        "two sources",
        || async { app.app.store.entries().sources(id).await },
        |s| s.as_ref().is_ok_and(|s| s.len() == 2),
    )
    .await
    .expect("sources");
    assert_eq!(app.get(&url).await.bytes().await.expect("it plays").len() as u64, MIB + 5_000);
    assert_eq!(streams(&app, 1).await.len(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_uploads_of_one_name_are_two_rows() {
    let app = TestApp::start().await;
    let album = |number, size, album| NewPost { album: Some(album), ..film(&volume(number), size) };
    app.post(film(&volume(1), MIB));
    app.post(film(&volume(2), 5_000));
    // In an album, backwards.
    for (number, size) in [(3, 300_000), (2, 2 * MIB), (1, 2 * MIB)] {
        app.post(album(number, size, 77));
    }
    let rows = streams(&app, 2).await;
    let mut sizes: Vec<u64> =
        rows.iter().map(|row| row["behaviorHints"]["videoSize"].as_u64().expect("a size")).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [MIB + 5_000, 4 * MIB + 300_000]);
    assert!(app.reviewed().await.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caption_on_any_volume_counts_for_the_film() {
    let app = TestApp::start().await;
    app.post(film("holiday.mkv.001", MIB));
    let second = app.post(film("holiday.mkv.002", 5_000));
    let page = app.until("the film", || app.names(UNMATCHED), |names| names.len() == 1).await;
    assert_eq!(page.len(), 1);
    app.sim.edit(chat(), second.message, "https://www.imdb.com/title/tt0063350/").expect("edited");
    assert_eq!(streams(&app, 1).await[0]["behaviorHints"]["filename"], "holiday.mkv");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn volumes_that_come_while_the_program_is_down_join_those_before() {
    let app = TestApp::start().await;
    app.post(film(&volume(1), MIB));
    reviewed(&app, &volume(2)).await;
    let TestApp { sim, provider, app: running, http, dir } = app;
    running.stop().await;
    sim.post(chat(), film(&volume(2), MIB)).expect("posted");
    sim.post(chat(), film(&volume(3), 9)).expect("posted");
    let running = crate::support::start_product(&dir.path, &provider.url).await;
    let app = TestApp { sim, provider, app: running, http, dir };
    assert_eq!(streams(&app, 1).await[0]["behaviorHints"]["videoSize"], 2 * MIB + 9);
    app.stop().await;
}

// --- archives ---------------------------------------------------------------------------------------------------------

/// Volumes of a RAR5 archive with one stored file, by RARLAB's technote: no free program makes them.
fn rar(name: &str, bytes: &[u8], room: usize) -> Vec<Vec<u8>> {
    let vint = |mut n: usize| {
        let mut out = Vec::new();
        while n > 0x7f {
            out.push(n as u8 | 0x80);
            n >>= 7;
        }
        out.push(n as u8);
        out
    };
    let block = |fields: Vec<u8>| {
        let sized = [vint(fields.len()), fields].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&sized);
        [crc.sum().to_le_bytes().to_vec(), sized].concat()
    };
    let pieces: Vec<&[u8]> = bytes.chunks(room).collect();
    let volume = |(n, piece): (usize, &&[u8])| {
        let goes_on = n + 1 < pieces.len();
        let flags = 2 | if n > 0 { 8 } else { 0 } | if goes_on { 16 } else { 0 };
        let head = [vec![2, flags], vint(piece.len()), vec![0], vint(bytes.len()), vec![0, 0, 1], vint(name.len())];
        [
            b"Rar!\x1a\x07\x01\x00".to_vec(),
            block(if n == 0 { vec![1, 0, 1] } else { vec![1, 0, 3, n as u8] }),
            block([head.concat(), name.as_bytes().to_vec()].concat()),
            piece.to_vec(),
            block(vec![5, 0, u8::from(goes_on)]),
        ]
        .concat()
    };
    pieces.iter().enumerate().map(volume).collect()
}

/// What Info-ZIP's `zip` makes of files: names and bytes of the volumes. `None` where it is not installed.
fn info_zip(files: &[(&str, &[u8])], options: &[&str]) -> Option<Vec<(String, Vec<u8>)>> {
    let (from, to) = (Dir::new(), Dir::new());
    for (name, bytes) in files {
        std::fs::write(from.path.join(name), bytes).expect("the folder can be written");
    }
    let mut command = Command::new("zip");
    command.current_dir(&from.path).arg("-q").args(options).arg(to.path.join("pack.zip"));
    command.args(files.iter().map(|(name, _)| name));
    let Ok(status) = command.status() else {
        eprintln!("left out: zip is not installed");
        return None;
    };
    assert!(status.success());
    let mut volumes: Vec<(String, Vec<u8>)> = Vec::new();
    for file in std::fs::read_dir(&to.path).expect("the folder").flatten() {
        let name = file.file_name().into_string().expect("a name");
        volumes.push((name, std::fs::read(file.path()).expect("readable")));
    }
    volumes.sort();
    Some(volumes)
}

/// Bytes that do not get smaller by compressing.
fn noise(seed: i64, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    content::fill(seed, 0, &mut bytes);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_stored_in_a_zip_stands_in_the_catalog() {
    let app = TestApp::start().await;
    let bytes = noise(1, 300_000);
    app.post(NewPost::bytes("Night.zip", zip::stored(&[("readme.txt", b"hello"), (NIGHT, &bytes)])));
    let row = streams(&app, 1).await.remove(0);
    assert_eq!(row["behaviorHints"]["filename"], NIGHT);
    assert_eq!(row["behaviorHints"]["videoSize"], 300_000);
    assert!(app.reviewed().await.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_season_in_a_zip_is_its_episodes_however_the_zip_was_cut() {
    let episodes = [noise(1, 200_000), noise(2, 150_000)];
    let names = ["Tide.Tables.S01E01.1080p.mkv", "Tide.Tables.S01E02.1080p.mkv"];
    let files: Vec<(&str, &[u8])> = names.iter().copied().zip(episodes.iter().map(Vec::as_slice)).collect();
    let cut: Vec<(String, Vec<u8>)> = (1..)
        .zip(zip::stored(&files).chunks(100_000))
        .map(|(n, bytes)| (format!("Tide.Tables.S01.zip.{n:03}"), bytes.to_vec()))
        .collect();
    let by_archiver = info_zip(&files, &["-0", "-s", "128k"]).unwrap_or_default();
    assert!(by_archiver.is_empty() || by_archiver.len() == 3, "{}", by_archiver.len());
    for volumes in [cut, by_archiver] {
        if volumes.is_empty() {
            continue;
        }
        let app = TestApp::start().await;
        for (name, bytes) in volumes.iter().rev() {
            app.post(NewPost::bytes(name, bytes.clone()));
        }
        let series = || app.ask("catalog/series/newest.json");
        let page = app.until("the series", series, |page| page["metas"].as_array().is_some_and(|m| m.len() == 1)).await;
        let id = page["metas"][0]["id"].as_str().expect("an id").to_owned();
        for (episode, size) in [(1, 200_000), (2, 150_000)] {
            let resource = format!("stream/series/{id}:1:{episode}.json");
            let ask = || app.ask(&resource);
            let found = app.until("the episode", ask, |streams| rows(streams).len() == 1).await;
            assert_eq!(rows(&found)[0]["behaviorHints"]["filename"], names[episode - 1]);
            assert_eq!(rows(&found)[0]["behaviorHints"]["videoSize"], size);
        }
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_in_rar_volumes_waits_for_the_missing_and_stands_in_the_catalog() {
    let app = TestApp::start().await;
    let bytes = noise(1, 250_000);
    let volumes = rar(NIGHT, &bytes, 100_000);
    let post = |n: usize| app.post(NewPost::bytes(&format!("Night.part{}.rar", n + 1), volumes[n].clone()));
    assert_eq!(volumes.len(), 3);
    post(0);
    post(2);
    reviewed(&app, "Night.part2.rar").await;
    post(1);
    assert_eq!(streams(&app, 1).await[0]["behaviorHints"]["videoSize"], 250_000);
    assert!(app.reviewed().await.is_empty());
    app.stop().await;
}

/// Needs a byte engine that reads extents.
#[tokio::test(flavor = "multi_thread")]
async fn a_film_plays_from_inside_its_archive() {
    let bytes = noise(1, 2_500_000);
    let cut = |archive: Vec<u8>, name: &str| -> Vec<(String, Vec<u8>)> {
        let chunks = archive.chunks(1_000_000).map(<[u8]>::to_vec);
        (1..).zip(chunks).map(|(n, bytes)| (format!("{name}.{n:03}"), bytes)).collect()
    };
    let rars = rar(NIGHT, &bytes, 1_000_000).into_iter().enumerate();
    let archives = [
        vec![("Night.zip".to_owned(), zip::stored(&[("a.txt", b"12345"), (NIGHT, &bytes)]))],
        cut(zip::stored(&[("a.txt", b"12345"), (NIGHT, &bytes)]), "Night.zip"),
        info_zip(&[("a.txt", b"12345"), (NIGHT, &bytes)], &["-0", "-s", "1m"]).unwrap_or_default(),
        rars.map(|(n, bytes)| (format!("Night.part{}.rar", n + 1), bytes)).collect(),
    ];
    for volumes in archives.iter().filter(|volumes| !volumes.is_empty()) {
        let app = TestApp::start().await;
        for (name, bytes) in volumes {
            app.post(NewPost::bytes(name, bytes.clone()));
        }
        let url = url(&app).await;
        assert!(app.get(&url).await.bytes().await.expect("it plays") == bytes, "{}", volumes[0].0);
        for (from, to) in [(0, 9), (999_900, 1_000_300), (1_048_570, 1_048_600), (2_400_000, 2_499_999)] {
            let range = format!("bytes={from}-{to}");
            let part = app.http.get(&url).header("Range", &range).send().await.expect("it answers");
            assert!(part.bytes().await.expect("bytes")[..] == bytes[from..=to], "{} {range}", volumes[0].0);
        }
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_compressed_or_encrypted_inside_stands_in_review_beside_what_plays() {
    let (squeezable, stored) = (vec![7; 100_000], noise(1, 100_000));
    let compressed = info_zip(&[("Charade.1963.720p.mp4", &squeezable), (NIGHT, &stored)], &["-n", ".mkv"]);
    if let Some(volumes) = compressed {
        let app = TestApp::start().await;
        app.post(NewPost::bytes("pack.zip", volumes[0].1.clone()));
        reviewed(&app, "Charade.1963.720p.mp4 is compressed inside the archive; forward the film itself").await;
        assert_eq!(streams(&app, 1).await[0]["behaviorHints"]["videoSize"], 100_000);
        app.stop().await;
    }
    if let Some(volumes) = info_zip(&[(NIGHT, &stored)], &["-0", "-P", "secret"]) {
        let app = TestApp::start().await;
        app.post(NewPost::bytes("pack.zip", volumes[0].1.clone()));
        reviewed(&app, &format!("{NIGHT} is encrypted inside the archive")).await;
        app.stop().await;
    }
    let app = TestApp::start().await;
    app.post(NewPost::bytes("pack.zip", zip::stored(&[("readme.txt", b"hello")])));
    reviewed(&app, "no video is inside the archive").await;
    app.stop().await;
    let app = TestApp::start().await;
    app.post(film("Night.zip", 300_000));
    reviewed(&app, "the archive cannot be read: its end is missing").await;
    app.post(film("Night.7z.001", 300_000));
    let list = || app.reviewed();
    let list = app.until("both", list, |list| list.len() == 2).await;
    assert!(list.iter().any(|entry| entry.status == Status::Review { reason: Reason::Compressed { files: vec![] } }));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_read_again_when_telegram_is_back() {
    let app = TestApp::start().await;
    app.sim.fault(Fault {
        method: Some("upload.getFile".to_owned()),
        ..Fault::new(Effect::RpcError { code: 400, message: "FILE_ID_INVALID".to_owned() })
    });
    app.post(NewPost::bytes("Night.zip", zip::stored(&[(NIGHT, &noise(1, 300_000))])));
    reviewed(&app, "cannot be read from Telegram just now").await;
    app.sim.clear_faults();
    streams(&app, 1).await;
    assert!(app.reviewed().await.is_empty());
    app.stop().await;
}

// --- what only time tells ---------------------------------------------------------------------------------------------

fn posted(message: i32, name: &str, size: u64) -> ChannelEvent {
    ChannelEvent::Posted(Post {
        at: PostRef { chat: chat(), message },
        date: 1_700_000_000 + i64::from(message),
        album: None,
        reply_to: None,
        caption: String::new(),
        attachment: Attachment {
            document: DocumentId(message.into()),
            dc: Dc(4),
            size,
            mime: "application/octet-stream".to_owned(),
            file_name: Some(name.to_owned()),
            duration_secs: None,
            width: None,
            height: None,
            renditions: Vec::new(),
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn volumes_of_one_size_are_taken_as_they_are_when_no_more_come_and_again_when_one_does() {
    let dir = Dir::new();
    let store = Store::open(Database::Embedded { dir: dir.path.clone() }).await.expect("a store");
    store.channels().seed(&[chat()]).await.expect("a channel");
    let metadata = metadata_at(None);
    let (telegram, _) = Telegram::scripted(Script::new(1, 1));
    let engine = Engine::new(telegram.files().clone(), bytes::Options::default()).expect("no disk");
    let options = ingest::Options { quiet: Duration::from_secs(2), ..ingest::Options::default() };
    let (ingest, mut notices) = Ingest::new(store.clone(), metadata, engine, options);
    let stop = CancellationToken::new();
    let run = tokio::spawn(ingest.clone().run(watch::channel(true).1, stop.clone()));

    let sizes = || async {
        let entries = store.catalog().unmatched(None, 0, 10).await.expect("a list");
        entries.into_iter().map(|entry| entry.file.len()).collect::<Vec<_>>()
    };
    ingest.record(&[posted(1, &volume(1), 1000), posted(2, &volume(2), 1000)]).await.expect("recorded");
    let query = ReviewQuery { limit: 10, ..ReviewQuery::default() };
    let review = || async { store.review().page(&query).await.expect("a list") };
    let waits = |list: &ReviewPage| {
        let wanted = Some(Reason::MoreVolumes);
        list.rows.iter().any(|(e, _)| matches!(&e.status, Status::Pending { reason, .. } if *reason == wanted))
    };
    until("the wait", review, waits).await;
    assert!(sizes().await.is_empty());
    until("the film as it is", sizes, |sizes| sizes == &[2000]).await;
    ingest.record(&[posted(3, &volume(3), 500)]).await.expect("recorded");
    until("the whole film", sizes, |sizes| sizes == &[2500]).await;

    // What stays incomplete is told once.
    ingest.record(&[posted(9, "Charade.1963.mkv.002", 1000)]).await.expect("recorded");
    let told = loop {
        match notices.recv().await.expect("a notice") {
            ingest::Notice::NeedsReview { reason: Reason::MissingVolumes { files }, .. } => break files,
            _ => continue,
        }
    };
    assert_eq!(told, ["Charade.1963.mkv.001"]);
    stop.cancel();
    run.await.expect("it stops");
}
