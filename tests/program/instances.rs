//! Several instances on one database: real programs, each with a folder of its own, over one MongoDB and one Telegram.

use std::time::Instant;

use cinepost::adapters::metadata::client;
use mongodb::bson::{Document, doc};
use serde_json::Value;
use simulation::{Sent, SentKind};

use crate::outages::{Process, cinepost, free_port, listed};
use crate::support::{CHAT, OWNER, Outside, calls, drop_mongo, film, mongo, until};

/// Two instances have this key in common.
const KEY: &str = "0123456789abcdef";
const BOT: &str = "main";

/// What instances share.
struct Shared {
    outside: Outside,
    uri: String,
    http: reqwest::Client,
}

/// A program of several.
struct Instance {
    process: Process,
    /// Its addon's address.
    addon: String,
}

impl Shared {
    /// `None`, with a word about it, where there is no MongoDB.
    async fn new() -> Option<Self> {
        let uri = mongo()?;
        let outside = Outside::start(simulation::Options::default().with_helpers(1)).await;
        Some(Self { outside, uri, http: client::builder().build().expect("a client") })
    }

    /// Starts an instance, or starts it again.
    fn start(&self, name: &str) -> Instance {
        let (Outside { dir, provider, .. }, uri) = (&self.outside, &self.uri);
        let mut command = cinepost();
        command.current_dir(&dir.path).env("DATA_DIR", name).envs([
            ("PORT", free_port().to_string()),
            ("BIND", "127.0.0.1".to_owned()),
            ("TELEGRAM_SIM", "book.json".to_owned()),
            ("DATABASE_URL", uri.clone()),
            ("SECRET_KEY", KEY.repeat(4)),
            ("AUTH_CHANNEL", CHAT.to_string()),
            ("OWNER_ID", OWNER.to_string()),
            ("TMDB_API_KEY", simulation::metadata::KEY.to_owned()),
            ("TMDB_URL", format!("{}/3", provider.url)),
            ("TMDB_IMAGE_URL", format!("{}/t/p", provider.url)),
            ("CINEMETA_URL", provider.url.clone()),
        ]);
        let mut process = Process::start(&mut command);
        let addon = process.line_with("/manifest.json").trim_end_matches("/manifest.json").to_owned();
        Instance { process, addon }
    }

    async fn status(&self, of: &Instance) -> Value {
        let base = of.addon.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        self.http.get(format!("{base}/status")).send().await.expect("it answers").json().await.expect("JSON")
    }

    /// What each says of who watches: itself, and the watcher's id.
    async fn watchers(&self, instances: &[&Instance]) -> Vec<(String, bool, String)> {
        let mut all = Vec::new();
        for instance in instances {
            let said = &self.status(instance).await["instance"];
            let text = |said: &Value| said.as_str().unwrap_or_default().to_owned();
            all.push((text(&said["id"]), said["watches"] == true, text(&said["watcher"]["id"])));
        }
        all
    }

    /// Until all of these say that one of them watches, and the same one. Returns which.
    async fn one_watches(&self, instances: &[&Instance]) -> usize {
        let agree = |said: &Vec<(String, bool, String)>| {
            let watching: Vec<_> = said.iter().filter(|(_, watches, _)| *watches).collect();
            watching.len() == 1 && said.iter().all(|(.., watcher)| *watcher == watching[0].0)
        };
        let said = until("one watches, and all know it", || self.watchers(instances), agree).await;
        said.iter().position(|(_, watches, _)| *watches).expect("one does")
    }

    fn post(&self, names: &[String]) {
        for name in names {
            self.outside.sim.post(CHAT, film(name, 1_000)).expect("posted");
        }
    }

    fn told(&self, person: i64) -> Vec<Sent> {
        let is_shown = |sent: &Sent| sent.to == person && sent.kind == SentKind::Message;
        self.outside.sim.sent().into_iter().filter(is_shown).collect()
    }

    async fn end(self) {
        drop_mongo(&self.uri).await;
    }
}

fn names(what: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("Night.of.the.Living.Dead.1968.{what}.{n:03}.mkv")).collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_watcher_is_followed_by_another_and_no_post_is_lost_or_doubled() {
    let Some(shared) = Shared::new().await else { return };
    let all = [names("old", 5), names("both", 20), names("cut", 40), names("alone", 20)];
    shared.post(&all[0]);
    let mut one = shared.start("one");
    assert_eq!(shared.one_watches(&[&one]).await, 0);
    let two = shared.start("two");
    assert_eq!(shared.one_watches(&[&one, &two]).await, 0, "the second one stands by");

    shared.post(&all[1]);
    let wanted = sorted(all[..2].concat());
    until("every post, none twice, at the second", || listed(&shared.http, &two.addon), |names| *names == wanted).await;

    let swept = calls(&shared.outside.sim, "channels.getMessages");
    shared.post(&all[2]);
    one.process.kill();
    let killed = Instant::now();
    shared.post(&all[3]);
    assert_eq!(shared.one_watches(&[&two]).await, 0);
    eprintln!("taken over {:?} after the kill", killed.elapsed());
    let wanted = sorted(all.concat());
    until("every post, none twice", || listed(&shared.http, &two.addon), |names| *names == wanted).await;
    let after = calls(&shared.outside.sim, "channels.getMessages");
    assert!(after < swept + 5, "it goes on from where the other one was: {swept} pages, then {after}");

    let again = shared.start("one");
    assert_eq!(shared.one_watches(&[&again, &two]).await, 1, "who comes back stands by");
    drop((again, two));
    shared.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_stops_in_order_leaves_the_watch_to_the_next_at_once() {
    let Some(shared) = Shared::new().await else { return };
    let mut one = shared.start("one");
    assert_eq!(shared.one_watches(&[&one]).await, 0);
    let two = shared.start("two");
    assert_eq!(shared.one_watches(&[&one, &two]).await, 0);
    let id = shared.watchers(&[&one]).await.remove(0).0;
    one.process.terminate();
    let database =
        mongodb::Client::with_uri_str(&shared.uri).await.expect("an address").default_database().expect("named");
    let leases = database.collection::<Document>("leases");
    assert_eq!(leases.find_one(doc! { "instance": id }).await.expect("asked"), None, "nobody waits for its end");
    assert_eq!(shared.one_watches(&[&two]).await, 0);
    shared.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_is_answered_once_and_by_whoever_watches() {
    let Some(shared) = Shared::new().await else { return };
    let mut one = shared.start("one");
    let two = shared.start("two");
    shared.one_watches(&[&one, &two]).await;
    let answers =
        |wanted: usize| until("an answer", async || shared.told(OWNER).len(), move |told: &usize| *told >= wanted);
    for n in 1..=3 {
        shared.outside.sim.message(OWNER, BOT, "/start").expect("written");
        assert_eq!(answers(n).await, n);
    }
    one.process.kill();
    // Nobody hears it now.
    shared.outside.sim.message(OWNER, BOT, "/help").expect("written");
    shared.one_watches(&[&two]).await;
    assert_eq!(answers(4).await, 4, "neither the new one left out nor an old one answered again");
    shared.outside.sim.message(OWNER, BOT, "/help").expect("written");
    assert_eq!(answers(5).await, 5);
    shared.end().await;
}
