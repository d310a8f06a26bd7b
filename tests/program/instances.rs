//! Several instances on one database: real programs, each with a folder of its own, over one MongoDB and one Telegram.

use std::collections::BTreeMap;
use std::time::Instant;

use cinepost::adapters::metadata::client;
use cinepost::domain::job::State;
use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc};
use serde_json::Value;
use simulation::{NewPress, Sent, SentKind};

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
            ("JOIN", "open".to_owned()),
            ("TMDB_API_KEY", simulation::metadata::KEY.to_owned()),
            ("TMDB_URL", format!("{}/3", provider.url)),
            ("TMDB_IMAGE_URL", format!("{}/t/p", provider.url)),
            ("CINEMETA_URL", provider.url.clone()),
            // Looking into files asks for their messages as well, and those calls are counted here.
            ("PROBE_FILES_PER_HOUR", "0".to_owned()),
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

    /// The message that a person has, as soon as one is as wanted.
    async fn read(&self, person: i64, is_wanted: impl Fn(&str) -> bool) -> Sent {
        let find = async || self.told(person).into_iter().find(|sent| is_wanted(&sent.text));
        until("a message", find, Option::is_some).await.expect("it is there")
    }

    fn told(&self, person: i64) -> Vec<Sent> {
        let is_shown = |sent: &Sent| sent.to == person && sent.kind == SentKind::Message;
        self.outside.sim.sent().into_iter().filter(is_shown).collect()
    }

    async fn database(&self) -> mongodb::Database {
        mongodb::Client::with_uri_str(&self.uri).await.expect("an address").default_database().expect("it is named")
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
    // The clock of its machine ran an hour ahead.
    let leases = shared.database().await.collection::<Document>("leases");
    leases.update_one(doc! {}, doc! { "$inc": { "ends": 3_600_i64 } }).await.expect("written");
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
    let leases = shared.database().await.collection::<Document>("leases");
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

#[tokio::test(flavor = "multi_thread")]
async fn what_the_owner_writes_to_everybody_reaches_each_once_whichever_instance_sends_it() {
    let Some(shared) = Shared::new().await else { return };
    let (one, two) = (shared.start("one"), shared.start("two"));
    shared.one_watches(&[&one, &two]).await;
    let people: Vec<i64> = (OWNER + 10..OWNER + 15).collect();
    let write = |from: i64, words: &str| _ = shared.outside.sim.message(from, BOT, words).expect("written");
    for &person in people.iter().chain([&OWNER]) {
        write(person, "/start");
        shared.read(person, |_| true).await;
    }
    // Whichever asks first sends it: of several, both do.
    for n in 1..=4 {
        let words = format!("Tonight at {n}");
        write(OWNER, &format!("/broadcast {words}"));
        let asked =
            async || shared.told(OWNER).into_iter().rfind(|sent| sent.text.starts_with("This goes to 5 people"));
        let asked =
            until("the question", asked, |asked| asked.as_ref().is_some_and(|sent| !sent.buttons.is_empty())).await;
        let (message, button) = (asked.expect("it is there").message, Some("Send".to_owned()));
        let press = NewPress { from: OWNER, to: BOT.to_owned(), message, button, ..NewPress::default() };
        shared.outside.sim.press(press).expect("a button");
        let is_told = async || {
            shared.told(OWNER).iter().any(|sent| sent.message == message && sent.text.contains("Reached: 5 of 5"))
        };
        until("the report", is_told, |is_told| *is_told).await;
        for &person in &people {
            let got = shared.told(person).iter().filter(|sent| sent.text == words).count();
            assert_eq!(got, 1, "{person}: {words}");
        }
    }
    shared.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_programs_in_copies_of_one_folder_the_later_one_works_alone() {
    let Some(shared) = Shared::new().await else { return };
    let mut one = shared.start("one");
    shared.one_watches(&[&one]).await;
    one.process.kill();
    let (from, to) = (shared.outside.dir.path.join("one"), shared.outside.dir.path.join("copy"));
    let copied = std::process::Command::new("cp").arg("-r").args([&from, &to]).status().expect("cp");
    assert!(copied.success());
    let one = shared.start("one");
    shared.one_watches(&[&one]).await;
    let copy = shared.start("copy");
    let watch = async || shared.watchers(&[&one, &copy]).await.into_iter().map(|(_, watches, _)| watches).collect();
    until("the copy alone watches", watch, |watches: &Vec<bool>| *watches == [false, true]).await;
    drop((one, copy));
    shared.end().await;
}

/// How many jobs there were of each kind. `None` while one of them is not done, or an instance has not begun its own.
async fn runs(shared: &Shared, own: &[&str]) -> Option<BTreeMap<String, u32>> {
    let all = shared.database().await.collection::<Document>("jobs").find(doc! {}).await.expect("asked");
    let all: Vec<Document> = all.try_collect().await.expect("read");
    let mut runs = BTreeMap::new();
    for job in &all {
        *runs.entry(job.get_str("kind").expect("a name").to_owned()).or_default() += 1;
    }
    let are_done = all.iter().all(|job| job.get_i32("state") == Ok(State::Done as i32));
    (are_done && own.iter().all(|kind| runs.get(*kind) == Some(&2))).then_some(runs)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_run_of_a_schedule_is_done_by_one_instance() {
    let Some(shared) = Shared::new().await else { return };
    let instances = (shared.start("one"), shared.start("two"));
    // What lies in its own folder each looks after itself.
    let own = ["disk-cache", "title-index", "anime-lists"];
    let mut found = until("the jobs of the start", || runs(&shared, &own), Option::is_some).await.expect("some");
    found.retain(|kind, _| !own.contains(&kind.as_str()));
    assert!(found.contains_key("check") && found.len() > 6 && found.values().all(|runs| *runs == 1), "{found:?}");
    drop(instances);
    shared.end().await;
}
