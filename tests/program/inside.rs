//! Files whose names lie, through the whole product: posted, looked into, listed as what they are.

use cinepost::domain::entry::{Inside, Unknown};
use serde_json::Value;
use simulation::NewPost;

use crate::support::films::{element, head, info, number, track};
use crate::support::{NIGHT, STREAMS, TestApp, film, look_into_all, probing};

/// 96 minutes of H.264 in 1280x720 with German AC-3: no picture in it, but everything that a probe reads.
fn matroska() -> Vec<u8> {
    let picture = element(&[0xe0], &[number(&[0xb0], 1280), number(&[0xba], 720)].concat());
    let rate = element(&[0xb5], &48_000_f64.to_be_bytes());
    let sound = element(&[0xe1], &[rate, number(&[0x9f], 6)].concat());
    let german = [element(&[0x22, 0xb5, 0x9c], b"ger"), sound].concat();
    let tracks = [track(1, 1, "V_MPEG4/ISO/AVC", &picture), track(2, 2, "A_AC3", &german)].concat();
    let cluster = number(&[0xe7], 0);
    let segment = [
        info(5_760_000),
        element(&[0x16, 0x54, 0xae, 0x6b], &tracks),
        element(&[0x1f, 0x43, 0xb6, 0x75], &cluster),
        element(&[0xec], &vec![0; 400 * 1024]),
    ];
    [head(), element(&[0x18, 0x53, 0x80, 0x67], &segment.concat())].concat()
}

async fn streams(app: &TestApp, count: usize) -> Vec<Value> {
    let has_all = |answer: &Value| answer["streams"].as_array().is_some_and(|streams| streams.len() == count);
    let answer = app.until("the streams", || app.ask(STREAMS), has_all).await;
    answer["streams"].as_array().expect("streams").clone()
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
