//! Films as HLS, through the whole product: playlists, segments, who may have them, what they cost.

use std::path::{Path, PathBuf};

use cinepost::config::Flags;
use cinepost::domain::person::PersonId;
use cinepost::flows::people::Actor::Terminal;
use cinepost::flows::unix_now;
use reqwest::StatusCode;
use rewrap::{Opening, SegmentMaker, Step};
use serde_json::Value;
use simulation::faults::{Effect, Fault};
use simulation::{FileKind, NewPost, NewRendition};

use crate::support::{NIGHT, STREAMS, TestApp, calls, film, films};

fn clip(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/simulation/src/media").join(name)
}

/// The product with one film, and the film's link.
async fn showing(post: NewPost, change: impl FnOnce(Flags) -> Flags) -> (TestApp, String) {
    let app = TestApp::set_up(simulation::Options::default(), |_| {}, change).await;
    app.post(post);
    let is_listed = |answer: &Value| answer["streams"].as_array().is_some_and(|streams| !streams.is_empty());
    let answer = app.until("the stream", || app.ask(STREAMS), is_listed).await;
    let url = answer["streams"][0]["url"].as_str().expect("a url");
    let link = url.split("/dl/").nth(1).and_then(|rest| rest.split('/').next()).expect("a link").to_owned();
    (app, link)
}

async fn clip_showing(name: &str) -> (TestApp, String) {
    let bytes = std::fs::read(clip(name)).expect("the clip");
    showing(NewPost::bytes(NIGHT, bytes), |flags| flags).await
}

fn at(app: &TestApp, path: &str) -> String {
    format!("{}{path}", app.app.addresses.base().as_str().trim_end_matches('/'))
}

async fn text(app: &TestApp, url: &str) -> String {
    let answer = app.get(url).await;
    assert_eq!(answer.status(), 200, "{url}");
    answer.text().await.expect("text")
}

/// Addresses in a playlist.
fn addresses(playlist: &str) -> Vec<&str> {
    playlist.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

fn attribute<'a>(playlist: &'a str, tag: &str, name: &str) -> &'a str {
    let line = playlist.lines().find(|line| line.starts_with(tag)).expect("the tag");
    line.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect("the attribute")
}

/// The film's segments, as the crate makes them of the file alone.
fn made_of(file: &[u8]) -> Vec<(Vec<u8>, Vec<Vec<u8>>)> {
    let slice = |range: std::ops::Range<u64>| &file[range.start as usize..(range.end as usize).min(file.len())];
    let mut opening = Opening::new(file.len() as u64, 6000);
    let film = loop {
        match opening.step() {
            Step::Need(range) => opening.give(range.start, slice(range)),
            Step::Done(film) => break film,
            Step::Cannot(why) => panic!("{why}"),
        }
    };
    let segment = |track: usize, number: usize| {
        let mut maker = SegmentMaker::new(&film, track, number).expect("it is there");
        let mut made = Vec::new();
        while let Some(range) = maker.wants() {
            maker.push(slice(range).to_vec().into());
            made.extend(std::iter::from_fn(|| maker.pop()).flatten());
        }
        made.extend(std::iter::from_fn(|| maker.pop()).flatten());
        made
    };
    let track = |track: usize| {
        let init = rewrap::init_segment(&film.tracks[track]).to_vec();
        (init, (0..film.segments.len()).map(|number| segment(track, number)).collect())
    };
    (0..film.tracks.len()).map(track).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_comes_as_segments_that_hold_its_own_bytes() {
    for name in ["film.mkv", "film.mp4", "home.mp4"] {
        let (app, link) = clip_showing(name).await;
        let master = text(&app, &at(&app, &format!("/playlist/{link}.m3u8?for=browser"))).await;
        assert!(master.contains("CODECS=\"avc1.") && master.contains("RESOLUTION=640x360"), "{master}");
        let says = master.lines().nth(1).expect("a comment");
        let expected = if name == "film.mkv" {
            "# re-wrapped: MKV in this browser"
        } else {
            "# re-wrapped, though the file would play as it is"
        };
        assert_eq!(says, expected);

        let expected = made_of(&std::fs::read(clip(name)).expect("the clip"));
        let tracks = [addresses(&master)[0], attribute(&master, "#EXT-X-MEDIA", "URI")];
        for (playlist, (init, segments)) in tracks.iter().zip(&expected) {
            let playlist = text(&app, playlist).await;
            assert!(playlist.ends_with("#EXT-X-ENDLIST\n"), "{playlist}");
            let map = app.get(attribute(&playlist, "#EXT-X-MAP", "URI")).await;
            assert_eq!(map.bytes().await.expect("bytes"), *init);
            let named = addresses(&playlist);
            assert_eq!(named.len(), segments.len());
            for (number, (address, segment)) in named.iter().zip(segments).enumerate() {
                let answer = app.get(address).await;
                assert_eq!(answer.headers()["content-type"], "video/mp4");
                assert_eq!(answer.headers()["access-control-allow-origin"], "*");
                assert_eq!(answer.bytes().await.expect("bytes"), *segment, "{name}, segment {number}");
            }
        }
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_player_has_is_not_sent_again_and_head_tells_of_it() {
    let (app, link) = clip_showing("film.mkv").await;
    for part in ["1/init.mp4", "1/0.m4s"] {
        let url = at(&app, &format!("/playlist/{link}/{part}"));
        let first = app.http.head(&url).send().await.expect("an answer");
        assert_eq!(first.status(), 200, "{part}");
        assert_eq!(first.headers()["content-type"], "video/mp4", "{part}");
        let etag = first.headers()["etag"].clone();
        assert_eq!(app.get(&url).await.headers()["etag"], etag);
        let again = app.http.get(&url).header("if-none-match", etag).send().await.expect("an answer");
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{part}");
    }
    for (part, status) in
        [("1/init.mp4", 304), ("9/init.mp4", 404), ("1/0.m4s", 304), ("1/99.m4s", 404), ("9.m3u8", 404)]
    {
        let url = at(&app, &format!("/playlist/{link}/{part}"));
        let any = app.http.get(&url).header("if-none-match", "*").send().await.expect("an answer");
        assert_eq!(any.status(), status, "any of {part}");
    }
    // The same under two addresses of the server, or compressed, are other bytes.
    let playlist = app.http.head(at(&app, &format!("/playlist/{link}/1.m3u8"))).send().await.expect("an answer");
    assert_eq!(playlist.headers()["content-type"], "application/vnd.apple.mpegurl");
    assert_eq!((playlist.status().as_u16(), playlist.headers().get("etag")), (200, None));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_what_is_not_theirs_or_not_there() {
    let (app, link) = clip_showing("film.mkv").await;
    let none = "-aac2/0.m4s";
    for (path, status) in [
        (format!("{link}.m3u8?for=radio"), 400),
        (format!("{link}.m3u8?also=smell"), 400),
        (format!("{link}/9.m3u8"), 404),
        (format!("{link}/x.m3u8"), 404),
        (format!("{link}/9/init.mp4"), 404),
        (format!("{link}/1/99.m4s"), 404),
        (format!("{link}/1/-1.m4s"), 404),
        // No picture is encoded, and nothing is when there is no ffmpeg.
        (format!("{link}/1{none}"), 404),
        ("forged.m3u8".to_owned(), 403),
        ("forged.json".to_owned(), 403),
        ("forged/1.m3u8".to_owned(), 403),
        ("forged/1/init.mp4".to_owned(), 403),
        ("forged/1/0.m4s".to_owned(), 403),
    ] {
        assert_eq!(app.get(&at(&app, &format!("/playlist/{path}"))).await.status(), status, "{path}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_ends_in_the_middle_of_a_segment() {
    // 36 MB a segment: far more than a socket holds.
    let bytes = films::pictured(8, 240_000);
    let (app, link) = showing(NewPost::bytes(NIGHT, bytes), |flags| flags).await;
    let segment = at(&app, &format!("/playlist/{link}/1/0.m4s"));
    let mut answer = app.get(&segment).await;
    assert_eq!(answer.status(), 200);
    let first = answer.chunk().await.expect("it comes").expect("it is not empty");
    let owner = app.app.people.owner().await.expect("the owner");
    app.app.people.renew(owner.id, Terminal, unix_now()).await.expect("renewed");
    let mut read = first.len();
    let ended = loop {
        // At a player's pace: the whole segment would take much longer than an access takes to end.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        match answer.chunk().await {
            Ok(Some(piece)) => read += piece.len(),
            other => break other,
        }
    };
    assert!(ended.is_err(), "it was cut off: {read} bytes");
    assert!(read < 36_000_000, "{read} bytes");
    assert_eq!(app.get(&segment).await.status(), 403, "what was there before is nobody's");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_segments_are_read_before_they_are_asked_for() {
    // Segments of 3 MB.
    let (app, link) = showing(NewPost::bytes(NIGHT, films::pictured(48, 20_000)), |flags| flags).await;
    let fetch = async |number: usize| {
        let answer = app.get(&at(&app, &format!("/playlist/{link}/1/{number}.m4s"))).await;
        answer.bytes().await.expect("bytes").len()
    };
    assert!(fetch(0).await > 3_000_000);
    let is_quiet = || async {
        let before = calls(&app.sim, "upload.getFile");
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        calls(&app.sim, "upload.getFile") == before
    };
    app.until("nothing is read any more", is_quiet, |is_quiet| *is_quiet).await;
    app.sim.fault(Fault { method: Some("upload.getFile".to_owned()), ..Fault::new(Effect::Stall { ms: None }) });
    for number in 1..=2 {
        assert!(fetch(number).await > 3_000_000, "segment {number} is here though Telegram says nothing any more");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_counted_as_the_films_own_bytes_are() {
    let (app, link) = showing(NewPost::bytes(NIGHT, films::pictured(12, 20_000)), |flags| flags).await;
    let mut sent = 0;
    for number in 0..2 {
        let answer = app.get(&at(&app, &format!("/playlist/{link}/1/{number}.m4s"))).await;
        sent += answer.bytes().await.expect("bytes").len() as u64;
    }
    let spent = || async { app.app.limits.records().spent(Some(PersonId::OWNER), unix_now()).await.expect("stored") };
    let spent = app.until("the sums", spent, |spent| spent.day.bytes > 0).await;
    assert_eq!((spent.day.bytes, spent.day.streams), (sent, 1));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_is_opened_once_however_many_ask() {
    let (app, link) = clip_showing("film.mkv").await;
    let master = at(&app, &format!("/playlist/{link}.m3u8"));
    let before = calls(&app.sim, "upload.getFile");
    let all = futures_util::future::join_all((0..8).map(|_| text(&app, &master))).await;
    assert!(all.windows(2).all(|two| two[0] == two[1]));
    let after = calls(&app.sim, "upload.getFile");
    assert!(after - before <= 6, "{} calls for a head and an index", after - before);
    text(&app, &master).await;
    assert_eq!(calls(&app.sim, "upload.getFile"), after);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_film_says_who_plays_it_instead() {
    let (app, link) = showing(film(NIGHT, 300_000), |flags| flags).await;
    for ending in ["m3u8", "json"] {
        let answer = app.get(&at(&app, &format!("/playlist/{link}.{ending}"))).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let said: Value = answer.json().await.expect("JSON");
        assert_eq!(
            said["error"],
            "the file is no film that can be read here; VLC, Infuse and Stremio play the file as it is"
        );
        assert!(said["file"].as_str().is_some_and(|file| file.contains(&format!("/dl/{link}/"))), "{said}");
        assert!(said["players"].as_array().is_some_and(|players| players.len() > 5), "{said}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_telegram_made_qualities_they_take_the_place_of_what_cannot_be() {
    let playlist = "#EXTM3U\n#EXT-X-MAP:URI=\"{video}\",BYTERANGE=\"1000@0\"\n#EXTINF:45.0,\n#EXT-X-BYTERANGE:2000@1000\n{video}\n#EXT-X-ENDLIST\n";
    let made = NewRendition {
        media: clip("film.mp4"),
        width: 854,
        height: 480,
        duration: 45.0,
        codec: None,
        playlist: Some(playlist.to_owned()),
    };
    let post = NewPost {
        kind: FileKind::Video,
        width: Some(1920),
        height: Some(1080),
        duration: Some(45.0),
        renditions: vec![made],
        ..film(NIGHT, 3_000_000)
    };
    let (app, link) = showing(post, |flags| flags).await;
    let answer = app.get(&at(&app, &format!("/playlist/{link}.m3u8?for=browser"))).await;
    assert!(answer.url().path().ends_with("/film.m3u8"), "{}", answer.url());
    assert!(answer.text().await.expect("text").contains("RESOLUTION=854x480"));
    // Who asked for words gets words.
    let answer = app.get(&at(&app, &format!("/playlist/{link}.json?for=browser"))).await;
    assert!(answer.status() == 200 && answer.url().path().ends_with(".json"), "{}", answer.url());
    let said: Value = answer.json().await.expect("JSON");
    assert!(said["instead"].as_str().is_some_and(|url| url.ends_with("/film.m3u8")), "{said}");
    assert!(said["error"].is_string() && said["file"].is_string() && said["players"].is_array(), "{said}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_in_words_what_a_player_gets() {
    let (app, link) = clip_showing("film.mp4").await;
    let said: Value =
        app.get(&at(&app, &format!("/playlist/{link}.json?for=safari"))).await.json().await.expect("JSON");
    assert_eq!(said["says"], "re-wrapped, though the file would play as it is");
    assert_eq!((&said["direct"], &said["left_out"]), (&Value::Bool(true), &Value::Array(Vec::new())));
    assert_eq!(said["sounds"][0]["encoded"], false, "{said}");
    assert!(said["playlist"].as_str().is_some_and(|url| url.ends_with(&format!("/playlist/{link}.m3u8"))));
    app.stop().await;
}

/// A program that says that it is ffmpeg, and does this instead of encoding.
fn encoder(name: &str, does: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = std::env::temp_dir().join(format!("cinepost-encoder-{}-{name}", std::process::id()));
    let script =
        format!("#!/bin/sh\ncase \"$*\" in *-version*) echo 'ffmpeg version 9.9 of a test';; *) {does};; esac\n");
    std::fs::write(&path, script).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("made a program");
    path
}

async fn encoding(program: &str) -> (TestApp, String) {
    let bytes = std::fs::read(clip("film.mkv")).expect("the clip");
    let program = program.to_owned();
    showing(NewPost::bytes(NIGHT, bytes), move |flags| Flags { ffmpeg: Some(program), ..flags }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_is_encoded_once_for_all_who_ask() {
    let runs = std::env::temp_dir().join(format!("cinepost-encoder-runs-{}", std::process::id()));
    // Frames of two bytes, more of them than any segment has.
    let frames =
        "i=0; while [ $i -lt 500 ]; do printf '\\377\\361\\120\\200\\001\\077\\374\\000\\007'; i=$((i+1)); done";
    let does = format!("cat >/dev/null; echo run >>{}; {frames}", runs.display());
    let program = encoder("counts", &does);
    let (app, link) = encoding(&program.display().to_string()).await;
    let segment = at(&app, &format!("/playlist/{link}/2-aac2/1.m4s"));
    let all = futures_util::future::join_all((0..6).map(|_| async {
        let answer = app.get(&segment).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "audio/mp4");
        let length = answer.headers()["content-length"].to_str().expect("text").to_owned();
        let bytes = answer.bytes().await.expect("bytes");
        assert_eq!(length, bytes.len().to_string());
        bytes
    }));
    let all = all.await;
    assert!(all.windows(2).all(|two| two[0] == two[1]));
    assert_eq!(std::fs::read_to_string(&runs).expect("noted").lines().count(), 1);
    let playlist = text(&app, &at(&app, &format!("/playlist/{link}/2-aac2.m3u8"))).await;
    assert!(addresses(&playlist).contains(&&*segment), "{playlist}");
    app.stop().await;
    let _ = (std::fs::remove_file(runs), std::fs::remove_file(program));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoder_that_fails_or_is_not_there_costs_its_sound_alone() {
    let broken = encoder("fails", "cat >/dev/null; echo broken >&2; exit 1");
    let short = encoder("short", "printf 'no sound'");
    let much = encoder("floods", "head -c 20000000 /dev/zero");
    for (program, status) in [
        (&*broken.display().to_string(), 500),
        (&short.display().to_string(), 500),
        (&much.display().to_string(), 500),
        ("off", 422),
    ] {
        let (app, link) = encoding(program).await;
        let get = async |part: &str| app.get(&at(&app, &format!("/playlist/{link}/{part}"))).await.status().as_u16();
        assert_eq!(get("2-aac2/0.m4s").await, status, "{program}");
        assert_eq!((get("1/0.m4s").await, get("2/0.m4s").await), (200, 200), "{program}");
        app.stop().await;
    }
    [broken, short, much].iter().for_each(|path| drop(std::fs::remove_file(path)));
}
