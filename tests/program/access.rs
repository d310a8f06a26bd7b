//! Access that ends while somebody watches: each way to end it, on the instance that streams, from a command, and from another
//! instance on the same database.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cinepost::domain::person::{NewPerson, Person, Role};
use cinepost::flows::people::Actor::Terminal;
use cinepost::flows::unix_now;
use serde_json::Value;

use crate::support::{CHAT, NIGHT, STREAMS, TestApp, drop_mongo, film, mongo, until};

/// Far more than is read before the access ends: at the pace below it would take minutes.
const SIZE: u64 = 512 * 1024 * 1024;
const PACE: Duration = Duration::from_millis(20);

/// Somebody's own address of the film, once it is there.
async fn film_of(app: &TestApp, person: &Person) -> String {
    let ask = || app.ask(STREAMS);
    let is_listed = |streams: &Value| streams["streams"].as_array().is_some_and(|streams| streams.len() == 1);
    until("the stream", ask, is_listed).await;
    let addon = app.app.addresses.install(&app.app.people.token(person)).manifest().to_string();
    let url = format!("{}/{STREAMS}", addon.trim_end_matches("/manifest.json"));
    let streams: Value = app.get(&url).await.json().await.expect("it is JSON");
    streams["streams"][0]["url"].as_str().expect("a url").to_owned()
}

/// A film that somebody watches at a player's pace.
struct Watching {
    answer: reqwest::Response,
    read: u64,
}

impl Watching {
    async fn start(app: &TestApp, url: &str) -> Self {
        let answer = app.get(url).await;
        assert_eq!(answer.status(), 200);
        let mut watching = Self { answer, read: 0 };
        assert!(watching.go_on().await, "it plays");
        watching
    }

    /// Whether another piece came.
    async fn go_on(&mut self) -> bool {
        tokio::time::sleep(PACE).await;
        match self.answer.chunk().await {
            Ok(Some(piece)) => {
                self.read += piece.len() as u64;
                true
            }
            Ok(None) | Err(_) => false,
        }
    }

    /// Watches until it is cut off. Returns how long that took.
    async fn until_cut(&mut self) -> Duration {
        let begin = Instant::now();
        while self.go_on().await {}
        assert!(self.read < SIZE / 4, "{} bytes of {SIZE} came", self.read);
        begin.elapsed()
    }
}

async fn add(app: &TestApp, name: &str) -> Person {
    app.app.people.add(NewPerson::called(name, Role::Member, 0), Terminal, unix_now()).await.expect("added")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_of_ending_an_access_ends_its_streams_and_no_others() {
    let (app, owners, _) = TestApp::playing(2, SIZE).await;
    let mut others = Watching::start(&app, &owners).await;
    for way in ["disable", "ban", "expire", "expires by itself", "remove", "renew"] {
        let people = &app.app.people;
        let anna = add(&app, &format!("Anna {way}")).await;
        let url = film_of(&app, &anna).await;
        if way == "expires by itself" {
            people.set_expiry(anna.id, Some(unix_now() + 2), Terminal, unix_now()).await.expect("set");
        }
        let mut watching = Watching::start(&app, &url).await;
        let now = unix_now();
        match way {
            "disable" => people.disable(anna.id, ("", None), Terminal, now).await.map(drop),
            "ban" => people.ban(anna.id, ("", None), Terminal, now).await.map(drop),
            "expire" => people.set_expiry(anna.id, Some(now), Terminal, now).await.map(drop),
            "expires by itself" => Ok(()),
            "remove" => people.remove(anna.id, Terminal, now).await,
            _ => people.renew(anna.id, Terminal, now).await.map(drop),
        }
        .expect(way);
        let took = watching.until_cut().await;
        eprintln!("{way}: cut off after {took:?}");
        assert_eq!(app.get(&url).await.status(), 403, "{way}: the link does not play any more");
        assert!(others.go_on().await, "{way}: the owner's goes on");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_ends_a_stream_of_the_running_program_and_its_links_say_why() {
    let (app, _, _) = TestApp::playing(2, SIZE).await;
    let anna = add(&app, "Anna").await;
    let url = film_of(&app, &anna).await;
    let mut watching = Watching::start(&app, &url).await;
    let (ok, text) = app.command(&["person", "disable", "anna", "--reason", "a holiday", "--until", "2d"], &[]);
    assert!(ok && text.contains("this access is paused until"), "{text}");
    eprintln!("by a command: cut off after {:?}", watching.until_cut().await);
    let addon = app.app.addresses.install(&app.app.people.token(&anna)).manifest().to_string();
    let row: Value = app.get(&addon.replace("manifest.json", STREAMS)).await.json().await.expect("it is JSON");
    let row = row["streams"][0]["description"].as_str().expect("a row that says why");
    assert!(row.contains("paused until") && row.contains("a holiday"), "{row}");
    let (ok, text) = app.command(&["person", "enable", "Anna"], &[]);
    assert!(ok && text.contains("may watch again"), "{text}");
    Watching::start(&app, &url).await;
    app.stop().await;
}

/// A second program, that goes with the test.
pub struct Instance {
    process: Child,
    pub base: String,
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const KEY: &str = "0123456789abcdef";

impl Instance {
    /// Another instance over the same database and the same Telegram, with a folder of its own.
    pub async fn start(app: &TestApp, uri: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let base = format!("http://127.0.0.1:{port}");
        let process = Self::command(app, uri, &base)
            .env("PORT", port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let instance = Self { process, base };
        let health = format!("{}/health", instance.base);
        let ask = || async { app.http.get(&health).send().await.is_ok_and(|answer| answer.status() == 200) };
        until("the second instance", ask, |is_there| *is_there).await;
        instance
    }

    fn command(app: &TestApp, uri: &str, base: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cinepost"));
        let dir = &app.dir.path;
        command
            .current_dir(dir)
            .env_clear()
            .env("DATA_DIR", dir.join("second"))
            .env("TELEGRAM_SIM", dir.join("book.json"));
        command
            .env("DATABASE_URL", uri)
            .env("SECRET_KEY", KEY.repeat(4))
            .env("BASE_URL", base)
            .env("BIND", "127.0.0.1");
        command.env("AUTH_CHANNEL", CHAT.to_string());
        command
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn access_that_ends_on_one_instance_ends_streams_on_the_other() {
    let Some(uri) = mongo() else { return };
    let app = TestApp::start_on_mongo(&uri).await;
    app.post(film(NIGHT, SIZE));
    let second = Instance::start(&app, &uri).await;
    let anna = add(&app, "Anna").await;
    let url = film_of(&app, &anna).await;
    let mut watching = Watching::start(&app, &url).await;

    // The owner takes it away on a page of the second instance.
    let link = Instance::command(&app, &uri, &second.base).arg("owner-link").output().expect("it runs").stdout;
    let link = String::from_utf8(link).expect("text");
    let link = link.split_whitespace().find(|word| word.starts_with(&second.base)).expect("a link").to_owned();
    let (cookie, _) = app.sign_in(&link).await;
    let page = app.http.get(format!("{}/owner", second.base)).header("cookie", &cookie).send().await.expect("a page");
    let page = page.text().await.expect("text");
    let token =
        page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    let remove = app.http.post(format!("{}/owner/people/{}/remove", second.base, anna.id)).header("cookie", &cookie);
    let remove = remove.header("content-type", "application/x-www-form-urlencoded").body(format!("form_token={token}"));
    let removed = remove.send().await.expect("an answer");
    assert!(removed.status().is_success() || removed.status().is_redirection(), "{}", removed.status());

    eprintln!("on another instance: cut off after {:?}", watching.until_cut().await);
    assert_eq!(app.get(&url).await.status(), 403);
    drop(second);
    app.stop().await;
    drop_mongo(&uri).await;
}
