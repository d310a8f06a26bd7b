//! Files whose names lie, through the whole product: posted, looked into, listed as what they are.

use cinepost::adapters::clock::unix_now;
use cinepost::config::Flags;
use cinepost::domain::entry::{Inside, Unknown};
use cinepost::domain::job::NewJob;
use cinepost::flows::ingest::probe;
use serde_json::Value;
use simulation::NewPost;

use crate::support::ebml::{element, number};
use crate::support::{NIGHT, STREAMS, TestApp, film};

fn track(number_: u32, kind: u32, codec: &str, more: &[u8]) -> Vec<u8> {
    let head = [number(&[0xd7], number_), number(&[0x73, 0xc5], number_), number(&[0x83], kind)].concat();
    element(&[0xae], &[&head, &element(&[0x86], codec.as_bytes()), more].concat())
}

/// 96 minutes of H.264 in 1280x720 with German AC-3: no picture in it, but everything that a probe reads.
fn matroska() -> Vec<u8> {
    let header = [element(&[0x42, 0x82], b"matroska"), number(&[0x42, 0x87], 4), number(&[0x42, 0x85], 2)].concat();
    let duration = element(&[0x44, 0x89], &5_760_000_f64.to_be_bytes());
    let info = [number(&[0x2a, 0xd7, 0xb1], 1_000_000), duration].concat();
    let picture = element(&[0xe0], &[number(&[0xb0], 1280), number(&[0xba], 720)].concat());
    let rate = element(&[0xb5], &48_000_f64.to_be_bytes());
    let sound = element(&[0xe1], &[rate, number(&[0x9f], 6)].concat());
    let german = [element(&[0x22, 0xb5, 0x9c], b"ger"), sound].concat();
    let tracks = [track(1, 1, "V_MPEG4/ISO/AVC", &picture), track(2, 2, "A_AC3", &german)].concat();
    let cluster = number(&[0xe7], 0);
    let segment = [
        element(&[0x15, 0x49, 0xa9, 0x66], &info),
        element(&[0x16, 0x54, 0xae, 0x6b], &tracks),
        element(&[0x1f, 0x43, 0xb6, 0x75], &cluster),
        element(&[0xec], &vec![0; 400 * 1024]),
    ];
    [element(&[0x1a, 0x45, 0xdf, 0xa3], &header), element(&[0x18, 0x53, 0x80, 0x67], &segment.concat())].concat()
}

async fn probing() -> TestApp {
    let fast = |flags| Flags { probe_files_per_hour: Some("100000".to_owned()), ..flags };
    TestApp::set_up(simulation::Options::default(), |_| {}, fast).await
}

async fn streams(app: &TestApp, count: usize) -> Vec<Value> {
    let has_all = |answer: &Value| answer["streams"].as_array().is_some_and(|streams| streams.len() == count);
    let answer = app.until("the streams", || app.ask(STREAMS), has_all).await;
    answer["streams"].as_array().expect("streams").clone()
}

/// Runs the job, which would begin by itself some seconds later.
async fn look_into_all(app: &TestApp) {
    let now = unix_now();
    let id = app.app.store.jobs().add(&NewJob::of(&probe::ABOUT, now), now).await.expect("queued").id();
    let job = async || app.app.store.jobs().get(id).await.expect("read").expect("there");
    app.until("the probe", job, |job| job.state.has_ended()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_says_what_the_file_is_and_that_its_name_says_something_else() {
    let app = probing().await;
    let name = "Night.of.the.Living.Dead.1968.2160p.BluRay.x265.French-GRP.mkv";
    app.post(NewPost::bytes(name, matroska()));
    app.post(film(NIGHT, 3 << 20));
    let before = streams(&app, 2).await;
    assert_eq!(before[0]["behaviorHints"]["filename"], name, "it says that it has more lines");

    look_into_all(&app).await;
    let rows = streams(&app, 2).await;
    assert_eq!(rows[0]["behaviorHints"]["filename"], NIGHT, "1080p comes before what is 720p");
    let row = &rows[1];
    assert_eq!(row["name"], "Cinepost\n720p");
    let lines: Vec<&str> = row["description"].as_str().expect("text").lines().collect();
    assert!(lines[0].ends_with("not 2160p H.265 · BluRay H.264"), "{lines:?}");
    assert_eq!(lines[1], "🔊 DD 5.1 · 🇩🇪");
    let hash = row["behaviorHints"]["videoHash"].as_str().expect("a hash");
    assert_eq!(hash.len(), 16, "{hash}");

    // What is no container at all stays what its name says.
    assert_eq!(rows[0]["name"], "Cinepost\n1080p");
    let entries = app.app.store.entries().behind(None, 9).await.expect("read");
    let generated = entries.into_iter().find(|entry| entry.name == NIGHT).expect("there");
    assert_eq!(generated.probe.expect("looked into").found, Inside::Unknown(Unknown::Container));
    app.stop().await;
}
