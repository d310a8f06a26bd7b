//! What the tests of this folder share: the server, as a Stremio app, a browser and a machine see it over HTTP.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::{Runtime, State, server};
use crate::adapters::metadata::{self, Metadata, NoAnswers};
use crate::adapters::store::{Database, Store};
use crate::adapters::telegram::scripted::Script;
use crate::adapters::telegram::{MemoryVault, Telegram};
use crate::domain::entry::{Entry, EntryId, SeriesPart, Source, Status};
use crate::domain::file::{VirtualFile, Volume};
use crate::domain::matching::{How, Step};
use crate::domain::post::{ChatId, DocumentId, PostRef};
use crate::domain::secret::{Purpose, SecretKey};
use crate::domain::telegram_id::Dc;
use crate::domain::title::{Title, TitleIds};
use crate::engines::bytes::{self, Engine};
use crate::flows::channels::Channels;
use crate::flows::export::{Export, TelegramLines};
use crate::flows::files::{self, Files};
use crate::flows::health::Health;
use crate::flows::ingest::review::Review;
use crate::flows::ingest::{self, Ingest};
use crate::flows::instances::Instances;
use crate::flows::jobs::JobList;
use crate::flows::library::Library;
use crate::flows::limits::{self, Limits};
use crate::flows::people::{Actor, LINK_SECS, People, SignedIn};
use crate::flows::playback::Playback;
use crate::flows::titles::Titles;
use crate::flows::{unix_now, upkeep};
use crate::protocols::addresses::Addresses;
use crate::protocols::stremio::{AbsoluteUrl, samples};

/// BASE_URL.
pub const BASE: &str = "https://cine.example";

/// The real server on a port of its own, a store in a temporary folder, a Telegram that plays a script, no provider.
pub struct TestApp {
    /// `http://127.0.0.1:PORT`.
    pub at: String,
    pub client: reqwest::Client,
    pub store: Store,
    pub people: People,
    /// The owner's access token.
    pub token: String,
    dir: PathBuf,
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn chat() -> ChatId {
    ChatId::from_bare(1_500_000_001).expect("a channel")
}

/// Providers that never answer.
fn no_metadata() -> Metadata {
    let nowhere = "http://127.0.0.1:9".to_owned();
    let options = metadata::Options {
        tmdb_key: None,
        tmdb_url: nowhere.clone(),
        image_url: nowhere.clone(),
        cinemeta_url: nowhere,
        language: "en-US".into(),
    };
    Metadata::new(options, Arc::new(NoAnswers))
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_at(BASE).await
    }

    pub async fn start_at(base_url: &str) -> Self {
        Self::start_limited(base_url, limits::Options::default()).await
    }

    pub async fn start_limited(base_url: &str, limits: limits::Options) -> Self {
        Self::start_behind(base_url, limits, &[]).await
    }

    /// With proxies whose word counts.
    pub async fn start_behind(base_url: &str, limits: limits::Options, proxies: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("cinepost-web-{}-{count}", std::process::id()));
        let store = Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store");
        store.channels().seed(&[chat()]).await.expect("seeded");
        store.channels().set_title(chat(), "Films").await.expect("named");
        let secret = SecretKey::from_bytes([7; 32]);
        let people = People::new(store.clone(), &secret);
        let owner = people.owner().await.expect("an owner");
        let (telegram, _) = Telegram::scripted(Script::new(1, 1));
        let engine = Engine::new(telegram.files().clone(), bytes::Options::default()).expect("no disk");
        let (ingest, _) = Ingest::new(store.clone(), no_metadata(), engine.clone(), ingest::Options::default());
        let limits = Limits::new(store.clone(), limits);
        let link_key = secret.derive(Purpose::Link);
        let playback = Playback::new(store.clone(), engine.clone(), link_key.clone(), limits.clone());
        let channels = Channels::new(store.clone(), telegram.messages().clone(), telegram.bots().clone());
        let health = Health::new(
            store.clone(),
            Arc::new(MemoryVault::default()),
            telegram.messages().clone(),
            telegram.bots().clone(),
            channels.clone(),
        );
        let base = AbsoluteUrl::parse(base_url).expect("absolute");
        let lines = Arc::new(TelegramLines::new(store.clone(), engine.clone()));
        let export = Export::new(store.clone(), link_key.clone(), Addresses::new(base.clone()), lines);
        let state = State {
            addresses: Addresses::new(base.clone()),
            library: Library::new(store.clone()),
            people: people.clone(),
            export,
            files: Files::new(store.clone(), telegram.messages().clone(), files::Options::default(), &secret),
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
            trusted_proxies: proxies.iter().map(|net| net.parse().expect("a net")).collect(),
            runtime: Runtime::default(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(server(state, listener, Duration::from_secs(1)).expect("a server"));
        let client = crate::adapters::metadata::client::builder().redirect(reqwest::redirect::Policy::none()).no_gzip();
        let client = client.build().expect("a client");
        let token = people.token(&owner);
        Self { at, client, store, people, token, dir }
    }

    pub fn ask(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.at))
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.ask(Method::GET, path).send().await.expect("an answer")
    }

    /// A resource of the owner's addon.
    pub async fn addon(&self, path: &str) -> Value {
        let answer = self.get(&format!("/stremio/{}/{path}", self.token)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }

    pub async fn names(&self, catalog: &str) -> Vec<String> {
        let page = self.addon(&format!("catalog/{catalog}.json")).await;
        let metas = page["metas"].as_array().expect("metas").iter();
        metas.map(|meta| meta["name"].as_str().expect("a name").to_owned()).collect()
    }

    /// Posts a file and gives it its status.
    pub async fn post(&self, message: i32, entry: Entry, status: Status) -> EntryId {
        let document = DocumentId(8_000_000_000_000 + i64::from(message));
        let id = EntryId::from_documents(&[document]);
        let volume = Volume { document, dc: Dc(2), size: entry.file.len() };
        let file = VirtualFile::single(volume);
        let date = 1_700_000_000 + i64::from(message);
        let entry = Entry { id, file, status: Status::fresh(), posted: date, ..entry };
        let at = PostRef { chat: chat(), message };
        let source = Source { at, entry: id, document, date, album: None, reply_to: None };
        self.store.posts().record(&[(source, entry)]).await.expect("added");
        let stored = self.store.entries().get(id).await.expect("read").expect("there");
        assert!(self.store.entries().settle(&stored, &status).await.expect("settled"));
        id
    }

    /// A title with one file for each part; a film's only file when there are none.
    pub async fn title(&self, first_message: i32, title: &Title, parts: &[SeriesPart]) {
        let id = self.store.titles().record(title).await.expect("put");
        if parts.is_empty() {
            let why = format!("{} ({}): same name, same year", title.name, title.year.unwrap_or_default());
            let how = Some(How { step: Step::Title, why });
            let status = Status::Matched { title: id, parts: Vec::new(), how };
            self.post(first_message, samples::matched(), status).await;
        }
        for (n, part) in (0..).zip(parts) {
            let status = Status::Matched { title: id, parts: vec![*part], how: None };
            self.post(first_message + n, samples::matched(), status).await;
        }
    }

    pub async fn renew_owner(&self) {
        let owner = self.people.owner().await.expect("an owner");
        self.people.renew(owner.id, Actor::Terminal, unix_now()).await.expect("renewed");
    }

    pub async fn signed_in(&self, cookie: &str) -> SignedIn {
        let secret = cookie.split_once('=').expect("name=value").1;
        self.people.signed_in(secret, unix_now()).await.expect("asked").expect("signed in")
    }

    pub async fn sign_in_token(&self) -> String {
        let owner = self.people.owner().await.expect("an owner");
        self.people.new_sign_in_token(&owner, unix_now(), LINK_SECS).await.expect("a one-time link")
    }

    /// Sends a form as a browser does that shows our page: with its cookie and the token out of the page.
    pub async fn send_form(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> reqwest::Response {
        let page = self.ask(Method::GET, "/owner").header("cookie", cookie).send().await.expect("an answer");
        let page = page.text().await.expect("text");
        let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let mut form = vec![("form_token", token.unwrap_or_default())];
        form.extend(fields);
        let request = self.ask(Method::POST, path).header("cookie", cookie).header("sec-fetch-site", "same-origin");
        with_form(request, &form).send().await.expect("an answer")
    }

    /// Enters with a new one-time link. Returns the cookie as a browser sends it back.
    pub async fn enter(&self) -> String {
        let answer = self
            .ask(Method::POST, &format!("/owner/enter/{}", self.sign_in_token().await))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        cookie.split(';').next().expect("name=value").to_owned()
    }
}

pub fn with_form(request: reqwest::RequestBuilder, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}

pub fn film(imdb: &str, name: &str, year: u16, genres: &[&str], rating: u8) -> Title {
    Title {
        ids: TitleIds { imdb: Some(imdb.parse().expect("an id")), tmdb: None },
        name: name.into(),
        year: Some(year),
        genres: genres.iter().map(|&genre| genre.to_owned()).collect(),
        rating: Some(rating),
        ..samples::film()
    }
}
