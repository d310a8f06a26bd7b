//! What a Stremio app, a browser and a machine see, over HTTP: the real server on a port of its own, a store in a temporary
//! folder, a Telegram that plays a script.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::auth::now;
use super::{Parts, State, server};
use crate::adapters::metadata::{self, AnswerCache, BoxFuture, Metadata};
use crate::adapters::store::{Database, Store};
use crate::adapters::telegram::scripted::Script;
use crate::adapters::telegram::{MemoryVault, Telegram};
use crate::domain::entry::{Entry, EntryId, Reason, SeriesPart, Source, Status};
use crate::domain::post::{ChatId, DocumentId, PostRef};
use crate::domain::review::ReviewQuery;
use crate::domain::secret::{Purpose, SecretKey};
use crate::domain::title::{Title, TitleIds};
use crate::engines::bytes::{self, Engine};
use crate::flows::channels::Channels;
use crate::flows::health::Health;
use crate::flows::ingest::{self, Ingest};
use crate::flows::library::Library;
use crate::flows::people::{LINK_SECS, People, SignedIn};
use crate::flows::playback::Playback;
use crate::protocols::addresses::Addresses;
use crate::protocols::stremio::{AbsoluteUrl, samples};

const BASE: &str = "https://cine.example";

struct App {
    at: String,
    client: reqwest::Client,
    store: Store,
    people: People,
    token: String,
    dir: PathBuf,
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

struct Forgetful;

impl AnswerCache for Forgetful {
    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async { None })
    }

    fn put<'a>(&'a self, _: &'a str, _: &'a str, _: Duration) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}

fn chat() -> ChatId {
    ChatId::from_bare(1_500_000_001).expect("a channel")
}

impl App {
    async fn start() -> Self {
        Self::start_at(BASE).await
    }

    async fn start_at(base_url: &str) -> Self {
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
        let nowhere = "http://127.0.0.1:9".to_owned();
        let options = metadata::Options {
            tmdb_key: None,
            tmdb_url: nowhere.clone(),
            image_url: nowhere.clone(),
            cinemeta_url: nowhere,
            language: "en-US".into(),
        };
        let engine = Engine::new(telegram.files().clone(), bytes::Options::default()).expect("no disk");
        let (ingest, _) = Ingest::new(
            store.clone(),
            Metadata::new(options, Arc::new(Forgetful)),
            engine.clone(),
            ingest::Options::default(),
        );
        let link_key = secret.derive(Purpose::Link);
        let playback = Playback::new(store.clone(), engine, link_key);
        let channels = Channels::new(store.clone(), telegram.messages().clone(), telegram.bots().clone());
        let health = Health::new(
            store.clone(),
            Arc::new(MemoryVault::default()),
            telegram.messages().clone(),
            telegram.bots().clone(),
            channels.clone(),
        );
        let base = AbsoluteUrl::parse(base_url).expect("absolute");
        let state = State::new(Parts {
            addresses: Addresses::new(base),
            library: Library::new(store.clone()),
            people: people.clone(),
            playback,
            health,
            channels,
            ingest,
            trusted_proxies: Vec::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(server(state, listener, Duration::from_secs(1)).expect("a server"));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_gzip();
        let client = client.build().expect("a client");
        let token = people.token(&owner);
        Self { at, client, store, people, token, dir }
    }

    fn ask(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.at))
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        self.ask(Method::GET, path).send().await.expect("an answer")
    }

    /// A resource of the owner's addon.
    async fn addon(&self, path: &str) -> Value {
        let answer = self.get(&format!("/stremio/{}/{path}", self.token)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }

    async fn names(&self, catalog: &str) -> Vec<String> {
        let page = self.addon(&format!("catalog/{catalog}.json")).await;
        let metas = page["metas"].as_array().expect("metas").iter();
        metas.map(|meta| meta["name"].as_str().expect("a name").to_owned()).collect()
    }

    /// Posts a file and gives it its status.
    async fn post(&self, message: i32, entry: Entry, status: Status) -> EntryId {
        let document = DocumentId(8_000_000_000_000 + i64::from(message));
        let id = EntryId::from_documents(&[document]);
        let volume =
            crate::domain::file::Volume { document, dc: crate::domain::telegram_id::Dc(2), size: entry.file.len() };
        let file = crate::domain::file::VirtualFile::single(volume);
        let date = 1_700_000_000 + i64::from(message);
        let entry = Entry { id, file, status: Status::fresh(), posted: date, ..entry };
        let at = PostRef { chat: chat(), message };
        let source = Source { at, entry: id, document, date, album: None };
        self.store.posts().record(&[(source, entry)]).await.expect("added");
        let stored = self.store.entries().get(id).await.expect("read").expect("there");
        assert!(self.store.entries().set_status(id, stored.revision, &status).await.expect("settled"));
        id
    }

    /// A title with one file in each place; a film's only file when there are none.
    async fn title(&self, first_message: i32, title: &Title, parts: &[SeriesPart]) {
        let id = self.store.titles().record(title).await.expect("put");
        if parts.is_empty() {
            self.post(first_message, samples::matched(), Status::Matched { title: id, parts: Vec::new() }).await;
        }
        for (n, place) in (0..).zip(parts) {
            let status = Status::Matched { title: id, parts: vec![*place] };
            self.post(first_message + n, samples::matched(), status).await;
        }
    }

    async fn renew_owner(&self) {
        let owner = self.people.owner().await.expect("an owner");
        self.people.renew(&owner).await.expect("renewed");
    }

    async fn signed_in(&self, cookie: &str) -> SignedIn {
        let secret = cookie.split_once('=').expect("name=value").1;
        self.people.signed_in(secret, now()).await.expect("asked").expect("signed in")
    }

    async fn ticket(&self) -> String {
        self.people.new_sign_in_token(now(), LINK_SECS).await.expect("a one-time link")
    }

    /// Sends a form as a browser does that shows our page: with its cookie and the token out of the page.
    async fn send_form(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> reqwest::Response {
        let page = self.ask(Method::GET, "/owner").header("cookie", cookie).send().await.expect("an answer");
        let page = page.text().await.expect("text");
        let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let mut form = vec![("form_token", token.unwrap_or_default())];
        form.extend(fields);
        let request = self.ask(Method::POST, path).header("cookie", cookie).header("sec-fetch-site", "same-origin");
        with_form(request, &form).send().await.expect("an answer")
    }

    /// Enters with a new ticket; the cookie as a browser sends it back.
    async fn enter(&self) -> String {
        let answer =
            self.ask(Method::POST, &format!("/owner/enter/{}", self.ticket().await)).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        cookie.split(';').next().expect("name=value").to_owned()
    }
}

fn with_form(request: reqwest::RequestBuilder, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}

fn film(imdb: &str, name: &str, year: u16, genres: &[&str], rating: u8) -> Title {
    Title {
        ids: TitleIds { imdb: Some(imdb.parse().expect("an id")), tmdb: None },
        name: name.into(),
        year: Some(year),
        genres: genres.iter().map(|&genre| genre.to_owned()).collect(),
        rating: Some(rating),
        ..samples::film()
    }
}

#[tokio::test]
async fn a_film_is_found_by_every_filter_opened_and_listed() {
    let app = App::start().await;
    app.title(1, &film("tt0063350", "Night of the Living Dead", 1968, &["Horror", "Science Fiction"], 78), &[]).await;
    app.title(2, &film("tt0062622", "A Space Film", 1968, &["Science Fiction"], 83), &[]).await;
    app.title(3, &film("tt0013442", "Nosferatu", 1922, &["Horror"], 79), &[]).await;
    let cases: [(&str, &[&str]); 11] = [
        ("movie/newest", &["Nosferatu", "A Space Film", "Night of the Living Dead"]),
        ("movie/rating", &["A Space Film", "Nosferatu", "Night of the Living Dead"]),
        ("movie/newest/genre=Horror", &["Nosferatu", "Night of the Living Dead"]),
        ("movie/newest/year=1968", &["A Space Film", "Night of the Living Dead"]),
        ("movie/newest/year=1968&genre=Horror", &["Night of the Living Dead"]),
        ("movie/rating/genre=Science%20Fiction&year=1968", &["A Space Film", "Night of the Living Dead"]),
        ("movie/newest/skip=2", &["Night of the Living Dead"]),
        ("movie/newest/skip=3", &[]),
        ("movie/by-year/genre=1922", &["Nosferatu"]),
        ("movie/newest/search=living%20dead", &["Night of the Living Dead"]),
        ("series/newest", &[]),
    ];
    for (catalog, wanted) in cases {
        assert_eq!(app.names(catalog).await, wanted, "{catalog}");
    }

    let meta = app.addon("meta/movie/tt0063350.json").await;
    assert_eq!(meta["meta"]["behaviorHints"]["defaultVideoId"], "tt0063350");
    let genre = format!(
        "stremio:///discover/https%3A%2F%2Fcine.example%2Fstremio%2F{}%2Fmanifest.json/movie/newest?genre=Science%20Fiction",
        app.token
    );
    assert!(meta["meta"]["links"].as_array().expect("links").iter().any(|link| link["url"] == genre), "{meta}");

    let streams = app.addon("stream/movie/tt0063350.json").await;
    let [stream] = &streams["streams"].as_array().expect("streams")[..] else { panic!("one stream: {streams}") };
    let url = stream["url"].as_str().expect("a url");
    let name = "/Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv";
    assert!(url.starts_with(&format!("{BASE}/dl/")) && url.ends_with(name), "{url}");
    assert_eq!(streams, app.addon("stream/movie/tt0063350.json").await, "the same link every time");
    assert_eq!(app.addon("stream/movie/tt9999999.json").await["streams"], json!([]));
    assert_eq!(app.addon("subtitles/movie/tt0063350/filename=a.mkv&videoSize=1.json").await["subtitles"], json!([]));
}

#[tokio::test]
async fn a_series_lists_what_is_here_and_answers_by_both_ids() {
    let app = App::start().await;
    let tmdb = TitleIds { imdb: None, tmdb: Some(crate::domain::title::TmdbId(1399)) };
    let series = Title { ids: tmdb, ..samples::series() };
    app.title(1, &series, &[SeriesPart::Episode { season: 1, number: 2 }, SeriesPart::Season { season: 1 }]).await;
    let ids = |meta: &Value| -> Vec<String> {
        let videos = meta["meta"]["videos"].as_array().expect("videos").iter();
        videos.map(|video| video["id"].as_str().expect("an id").to_owned()).collect()
    };
    let before = app.addon("meta/series/tmdb%3A1399.json").await;
    assert_eq!(ids(&before), ["tmdb:1399:1:1", "tmdb:1399:1:2", "tmdb:1399:1:3"]);

    // An IMDb id appears: what apps kept goes on answering, and new visitors get the new id.
    app.store
        .titles()
        .record(&Title { ids: TitleIds { imdb: samples::series().ids.imdb, ..tmdb }, ..series })
        .await
        .expect("put");
    assert_eq!(app.addon("meta/series/tmdb:1399.json").await["meta"]["id"], "tmdb:1399");
    assert_eq!(app.addon("catalog/series/newest.json").await["metas"][0]["id"], "tt0944947");
    for (id, wanted) in
        [("tmdb:1399:1:2", 2), ("tt0944947:1:2", 2), ("tt0944947%3A1%3A1", 1), ("tt0944947:2:1", 0), ("tt0944947", 2)]
    {
        let streams = app.addon(&format!("stream/series/{id}.json")).await;
        assert_eq!(streams["streams"].as_array().map(Vec::len), Some(wanted), "{id}");
    }
}

#[tokio::test]
async fn a_file_without_a_title_is_listed_opened_and_played() {
    let app = App::start().await;
    let id = app.post(1, samples::unmatched(), Status::Review { reason: Reason::NoTitle }).await;
    assert_eq!(app.names("movie/unmatched").await, ["VID_20240712_183012"]);
    assert_eq!(app.names("movie/unmatched/search=20240712").await, ["VID_20240712_183012"]);
    assert_eq!(app.names("movie/newest").await, [""; 0]);
    let meta = app.addon(&format!("meta/movie/cinepost%3A{id}.json")).await;
    assert_eq!(meta["meta"]["poster"], "https://cine.example/assets/no-poster.png");
    let streams = app.addon(&format!("stream/movie/cinepost:{id}.json")).await;
    assert_eq!(streams["streams"][0]["behaviorHints"]["filename"], "VID_20240712_183012.mp4");
    let gone = app.get(&format!("/stremio/{}/meta/movie/cinepost:00000000000000000.json", app.token)).await;
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_or_revoked_token_gets_a_row_that_explains_and_nothing_else() {
    let app = App::start().await;
    app.title(1, &samples::film(), &[]).await;
    app.renew_owner().await;
    for token in [app.token.as_str(), "0000000000000000000000000000", "x"] {
        let at = |path: &str| format!("/stremio/{token}/{path}");
        let catalog: Value = app.get(&at("catalog/movie/newest.json")).await.json().await.expect("JSON");
        assert_eq!(catalog["metas"][0]["name"], "This link does not work");
        assert_eq!(catalog["metas"].as_array().map(Vec::len), Some(1));
        let id = catalog["metas"][0]["id"].as_str().expect("an id").to_owned();
        let next: Value = app.get(&at("catalog/movie/newest/skip=1.json")).await.json().await.expect("JSON");
        assert_eq!(next["metas"], json!([]));
        let meta: Value = app.get(&at(&format!("meta/movie/{id}.json"))).await.json().await.expect("JSON");
        assert_eq!(meta["meta"]["name"], "This link does not work");
        for id in [&id, "tt0063350"] {
            let answer = app.get(&at(&format!("stream/movie/{id}.json"))).await;
            assert_eq!(answer.headers()["cache-control"], "no-store");
            let streams: Value = answer.json().await.expect("JSON");
            assert_eq!(streams["streams"][0]["externalUrl"], "https://cine.example/access");
            assert_eq!(streams["streams"].as_array().map(Vec::len), Some(1));
        }
        for path in ["manifest.json", "subtitles/movie/tt0063350.json", "configure", "nonsense"] {
            assert_eq!(app.get(&at(path)).await.status(), StatusCode::FORBIDDEN, "{path}");
        }
    }
    let page = app.get("/access").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.expect("text").contains("It is mistyped, or the access was taken away"));
    let owner = app.people.owner().await.expect("an owner");
    let renewed = app.get(&format!("/stremio/{}/manifest.json", app.people.token(&owner))).await;
    assert_eq!(renewed.status(), StatusCode::OK, "a new token works");
}

#[tokio::test]
async fn every_answer_can_be_read_by_any_web_player() {
    let app = App::start().await;
    let manifest = format!("/stremio/{}/manifest.json", app.token);
    let bad = format!("/stremio/{}/catalog/movie/top.json", app.token);
    let cases = [
        (Method::GET, manifest.as_str(), StatusCode::OK),
        (Method::HEAD, &manifest, StatusCode::OK),
        (Method::OPTIONS, &manifest, StatusCode::NO_CONTENT),
        (Method::POST, &manifest, StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, &bad, StatusCode::BAD_REQUEST),
        (Method::GET, "/stremio/wrong/manifest.json", StatusCode::FORBIDDEN),
        (Method::GET, "/nowhere", StatusCode::NOT_FOUND),
        (Method::OPTIONS, "/dl/any/film.mkv", StatusCode::NO_CONTENT),
        (Method::GET, "/health", StatusCode::OK),
        (Method::GET, "/ready", StatusCode::OK),
        (Method::GET, "/owner", StatusCode::FORBIDDEN),
        (Method::GET, "/assets/logo.png", StatusCode::OK),
        (Method::GET, "/assets/none.png", StatusCode::NOT_FOUND),
        (Method::GET, "/owner?show=nonsense", StatusCode::BAD_REQUEST),
    ];
    for (method, path, status) in cases {
        let answer = app.ask(method.clone(), path).send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{method} {path}");
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], "*", "{method} {path}");
        let exposed = headers["access-control-expose-headers"].to_str().expect("text").to_owned();
        for name in ["Content-Range", "Content-Length", "Accept-Ranges", "ETag", "Content-Disposition"] {
            assert!(exposed.contains(name), "{exposed}");
        }
        assert_eq!(headers["x-content-type-options"], "nosniff");
        if method == Method::OPTIONS {
            assert!(headers["access-control-allow-headers"].to_str().expect("text").contains("Range"));
        }
    }
}

#[tokio::test]
async fn errors_name_the_part_that_was_not_understood() {
    let app = App::start().await;
    let cases = [
        ("catalog/movie/newest/year=soon.json", "\"soon\" is no value for the extra year"),
        ("catalog/film/newest.json", "\"film\" is not a type of this addon: movie or series"),
        ("meta/movie/kitsu:1.json", "\"kitsu:1\" is not an id"),
    ];
    for (path, wanted) in cases {
        let answer = app.get(&format!("/stremio/{}/{path}", app.token)).await;
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let error: Value = answer.json().await.expect("JSON");
        assert!(error["error"].as_str().is_some_and(|text| text.contains(wanted)), "{path}: {error}");
    }
}

#[tokio::test]
async fn answers_are_short_lived_and_compressed_and_head_says_the_same() {
    let app = App::start().await;
    app.title(1, &samples::film(), &[]).await;
    let path = format!("/stremio/{}/catalog/movie/newest.json", app.token);
    let plain = app.get(&path).await;
    assert_eq!(plain.headers()["cache-control"], "max-age=2, stale-while-revalidate=5, stale-if-error=604800");
    let length = plain.headers()["content-length"].clone();
    let body: Value = plain.json().await.expect("JSON");
    assert_eq!(
        (&body["cacheMaxAge"], &body["staleRevalidate"], &body["staleError"]),
        (&json!(2), &json!(5), &json!(604_800))
    );
    let head = app.ask(Method::HEAD, &path).send().await.expect("an answer");
    assert_eq!(head.headers()["content-length"], length);
    assert_eq!(head.bytes().await.expect("a body").len(), 0);
    let zipped = app.ask(Method::GET, &path).header("accept-encoding", "gzip").send().await.expect("an answer");
    assert_eq!(zipped.headers()["content-encoding"], "gzip");
    assert!(zipped.headers()["vary"].to_str().expect("text").to_lowercase().contains("accept-encoding"));
    assert!(zipped.bytes().await.expect("a body").starts_with(&[0x1f, 0x8b]));
}

#[tokio::test]
async fn the_owner_signs_in_once_with_a_link_and_stays_by_cookie() {
    let app = App::start_at("https://cine.example/films").await;
    let link = format!("{}/owner/enter/{}?to=review", app.at, app.ticket().await);
    for _ in 0..2 {
        let shown = app.client.get(&link).send().await.expect("an answer");
        assert_eq!(shown.status(), StatusCode::OK, "looking does not use it up");
        assert_eq!(shown.headers()["referrer-policy"], "same-origin");
        assert!(shown.headers().get("set-cookie").is_none());
        assert!(shown.text().await.expect("text").contains("<form method=\"post\">"));
    }
    let entered = app.client.post(&link).send().await.expect("an answer");
    assert_eq!(
        (entered.status(), &entered.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/films/owner/review".parse().expect("text"))
    );
    let cookie = entered.headers()["set-cookie"].to_str().expect("text");
    for flag in ["__Host-", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age="] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    for method in [Method::GET, Method::POST] {
        let again = app.client.request(method, &link).send().await.expect("an answer");
        assert_eq!(again.status(), StatusCode::GONE);
        assert!(again.headers().get("set-cookie").is_none());
        assert!(again.text().await.expect("text").contains("/start"), "says how to get another");
    }

    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let with = |cookie: &str| app.ask(Method::GET, "/owner").header("cookie", cookie.to_owned());
    let page = with(&format!("theme=dark; {cookie}")).send().await.expect("an answer");
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
    assert!(page.headers()["content-security-policy"].to_str().expect("text").contains("default-src 'none'"));
    for stranger in ["", "cinepost_session=", "cinepost_session=abc", &format!("cinepost_session={}", app.token)] {
        assert_eq!(with(stranger).send().await.expect("an answer").status(), StatusCode::FORBIDDEN, "{stranger}");
    }
    // A browser that is signed in goes on at once, and the link stays good.
    let next = format!("/owner/enter/{}", app.ticket().await);
    let passed = app.ask(Method::GET, &next).header("cookie", &cookie).send().await.expect("an answer");
    assert_eq!(passed.headers()["location"], "/films/owner");
    assert_eq!(app.get(&next).await.status(), StatusCode::OK);

    app.renew_owner().await;
    assert_eq!(with(&cookie).send().await.expect("an answer").status(), StatusCode::FORBIDDEN, "ended with the access");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = App::start().await;
    let (here, elsewhere) = (app.enter().await, app.enter().await);
    let status = async |cookie: &str| {
        app.ask(Method::GET, "/owner").header("cookie", cookie.to_owned()).send().await.expect("an answer").status()
    };
    let left = app.send_form("/owner/sign-out", &here, &[]).await;
    assert!(left.headers()["set-cookie"].to_str().expect("text").contains("Max-Age=0"));
    let page = app.get(left.headers()["location"].to_str().expect("text")).await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.expect("text");
    assert!(page.contains("/start") && page.contains("cinepost owner-link"), "says how to come back: {page}");
    assert_eq!(status(&here).await, StatusCode::FORBIDDEN, "whoever kept the cookie has nothing");
    assert_eq!(status(&elsewhere).await, StatusCode::OK);

    // From one browser another is signed out.
    let third = app.enter().await;
    let own = app.signed_in(&third).await.session;
    let mut sessions = app.people.sessions(now()).await.expect("sessions");
    assert_eq!(sessions.len(), 2);
    sessions.sort_by_key(|session| session.id == own.id);
    for session in sessions {
        let path = format!("/owner/sessions/{}/end", session.id);
        app.send_form(&path, &third, &[]).await;
    }
    assert_eq!(status(&elsewhere).await, StatusCode::FORBIDDEN);
    assert_eq!(status(&third).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_changes_something_comes_from_our_own_pages_only() {
    let app = App::start_at("https://cine.example").await;
    app.post(1, samples::unmatched(), Status::Review { reason: Reason::NoTitle }).await;
    let cookie = app.enter().await;
    let query = ReviewQuery { limit: 1, ..ReviewQuery::default() };
    let id = app.store.review().page(&query).await.expect("read").rows[0].0.id;
    let session = app.people.sessions(now()).await.expect("sessions")[0].id;
    let paths = [
        "/owner/sign-out".to_owned(),
        "/owner/people".to_owned(),
        "/owner/people/1/renew".to_owned(),
        "/owner/people/1/remove".to_owned(),
        format!("/owner/sessions/{session}/end"),
        format!("/owner/retry/{id}"),
        format!("/owner/ignore/{id}"),
    ];
    let sent: [(&str, &[(&str, &str)]); 6] = [
        ("no token", &[("cookie", &cookie)]),
        ("another site", &[("cookie", &cookie), ("sec-fetch-site", "cross-site")]),
        ("a sibling", &[("cookie", &cookie), ("sec-fetch-site", "same-site"), ("origin", "https://evil.cine.example")]),
        ("an old browser, another site", &[("cookie", &cookie), ("origin", "https://evil.example")]),
        ("an old browser, a frame", &[("cookie", &cookie), ("origin", "null")]),
        ("no cookie", &[]),
    ];
    for path in &paths {
        for (what, headers) in sent {
            let mut request = with_form(app.ask(Method::POST, path), &[("name", "Mallory")]);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            assert_eq!(request.send().await.expect("an answer").status(), StatusCode::FORBIDDEN, "{path}: {what}");
        }
    }
    // The token of another session does not do either.
    let token = app.signed_in(&app.enter().await).await.form_token;
    let request = app.ask(Method::POST, "/owner/sign-out").header("cookie", &cookie);
    let request = with_form(request, &[("form_token", token.as_str())]);
    assert_eq!(request.send().await.expect("an answer").status(), StatusCode::FORBIDDEN);
    // Nothing happened.
    assert_eq!(app.people.all().await.expect("people").len(), 1);
    assert_eq!(app.people.owner().await.expect("an owner").access_version, 1);
    assert_eq!(
        app.ask(Method::GET, "/owner").header("cookie", &cookie).send().await.expect("it").status(),
        StatusCode::OK
    );
    assert!(matches!(app.store.entries().get(id).await.expect("read").expect("there").status, Status::Review { .. }));
    // A sign-in from another site's page is refused as well, and the link stays good.
    let link = format!("/owner/enter/{}", app.ticket().await);
    let forged = app.ask(Method::POST, &link).header("sec-fetch-site", "cross-site").send().await.expect("an answer");
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
    assert_eq!(app.get(&link).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn people_are_invited_get_new_links_and_leave() {
    let app = App::start().await;
    app.title(1, &samples::film(), &[]).await;
    let cookie = app.enter().await;
    let added = app.send_form("/owner/people", &cookie, &[("name", "Anna")]).await;
    assert_eq!(added.headers()["location"], "/owner#person-2");
    let anna = app.people.by_name("anna").await.expect("there");
    let token = app.people.token(&anna);
    let manifest = |token: &str| format!("/stremio/{token}/manifest.json");
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::OK);
    let page = app.ask(Method::GET, "/owner").header("cookie", &cookie).send().await.expect("an answer");
    let page = page.text().await.expect("text");
    assert!(page.contains("Anna") && page.contains(&format!("https://cine.example{}", manifest(&token))), "{page}");
    let installs = app.get(&format!("/stremio/{token}/configure")).await.text().await.expect("text");
    assert!(installs.contains("Welcome, <bdi>Anna</bdi>"), "{installs}");

    for (name, status) in [("ANNA", 409), ("", 400), ("  ", 400), ("a\u{202e}b", 400), (&"x".repeat(41), 400)] {
        let answer = app.send_form("/owner/people", &cookie, &[("name", name)]).await;
        assert_eq!(answer.status().as_u16(), status, "{name:?}");
        assert!(answer.text().await.expect("text").contains("Back to your page"));
    }
    app.send_form("/owner/people/2/renew", &cookie, &[]).await;
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::FORBIDDEN);
    let token = app.people.token(&app.people.by_name("Anna").await.expect("there"));
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::OK);
    app.send_form("/owner/people/2/remove", &cookie, &[]).await;
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(app.people.all().await.expect("people").len(), 1);
    for (path, status) in
        [("/owner/people/2/renew", 404), ("/owner/people/99/remove", 404), ("/owner/people/1/remove", 400)]
    {
        assert_eq!(app.send_form(path, &cookie, &[]).await.status().as_u16(), status, "{path}");
    }
    // Somebody else of the same name is somebody else.
    app.send_form("/owner/people", &cookie, &[("name", "Anna")]).await;
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::FORBIDDEN);

    // The owner's own renewal signs every browser out, this one too.
    let renewed = app.send_form("/owner/people/1/renew", &cookie, &[]).await;
    assert_eq!(renewed.headers()["location"], "/signed-out");
    assert_eq!(app.get(&manifest(&app.token)).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_owners_pages_show_the_library_what_needs_them_and_how_to_mend_it() {
    let app = App::start().await;
    app.title(1, &samples::film(), &[]).await;
    let reason = Reason::NoMatch { searched: "Some <b>Film</b>".into() };
    let id =
        app.post(2, Entry { name: "Some.Film.mkv".into(), ..samples::unmatched() }, Status::Review { reason }).await;
    let cookie = app.enter().await;
    let page = async |path: &str| {
        let answer = app.ask(Method::GET, path).header("cookie", &cookie).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("text")
    };
    let owner = page("/owner").await;
    for wanted in [
        &format!("stremio://cine.example/stremio/{}/manifest.json", app.token),
        "<svg",
        "Night of the Living Dead",
        "https://image.example/p/night.jpg",
        "Some.Film.mkv",
        "Some &#60;b&#62;Film",
        "put the right title and year, or an IMDb link, into the caption",
        "https://t.me/c/1500000001/2",
        "Films",
    ] {
        assert!(owner.contains(wanted), "{wanted} is missing in {owner}");
    }
    assert!(page("/owner?show=unmatched").await.contains(&format!("/owner/title/movie/cinepost:{id}")));
    assert!(page("/owner?show=series").await.contains("Nothing here yet"));
    let title = page("/owner/title/movie/tt0063350").await;
    assert!(title.contains("https://cine.example/dl/") && title.contains("The dead walk."), "{title}");
    assert!(page(&format!("/owner/title/movie/cinepost:{id}")).await.contains("https://cine.example/dl/"));

    let retry = format!("/owner/retry/{id}");
    assert_eq!(app.send_form(&retry, "", &[]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(app.send_form(&retry, &cookie, &[]).await.status(), StatusCode::SEE_OTHER);
    assert!(app.store.entries().get(id).await.expect("read").expect("there").status.is_tried_again_now());
    assert!(page("/owner").await.contains("Looking it up now…"));
}

#[tokio::test]
async fn the_review_list_has_pages_filters_and_actions() {
    let app = App::start().await;
    for n in 1..=45 {
        let reason = match n % 3 {
            0 => Reason::NoMatch { searched: "סרט (1968)".into() },
            _ => Reason::NoTitle,
        };
        let entry = Entry { name: format!("Rehearsal {n:02}.mkv"), ..samples::unmatched() };
        app.post(n, entry, Status::Review { reason }).await;
    }
    let reason = Reason::NotVideo { mime: "text/plain".into() };
    let id = app.post(46, Entry { name: "notes.txt".into(), ..samples::unmatched() }, Status::Review { reason }).await;
    let cookie = app.enter().await;
    let send = async |method: Method, path: &str| {
        app.ask(method, path).header("cookie", &cookie).send().await.expect("an answer")
    };
    let page = async |path: &str| send(Method::GET, path).await.text().await.expect("text");
    let rows = async |path: &str| page(path).await.matches("-name\"><a href").count();
    let cases = [
        ("/owner", 5),
        ("/owner/review", 20),
        ("/owner/review?skip=40", 6),
        ("/owner/review?skip=60", 0),
        ("/owner/review?why=not-video", 1),
        ("/owner/review?why=not-found&find=rehearsal%2007", 1),
        ("/owner/review?why=ignored", 0),
    ];
    for (path, wanted) in cases {
        assert_eq!(rows(path).await, wanted, "{path}");
    }
    let first = page("/owner/review?find=rehearsal").await;
    for wanted in [
        "1–20 of 45",
        "href=\"/owner/review?find=rehearsal&#38;skip=20\"",
        "\u{2068}סרט (1968)\u{2069}",
        "<bdi>Rehearsal 45.mkv</bdi>",
    ] {
        assert!(first.contains(wanted), "{wanted} is missing in {first}");
    }
    assert_eq!(send(Method::GET, "/owner/review?why=nonsense").await.status(), StatusCode::NOT_FOUND);

    let back = "back=%2Fowner%2Freview%3Fwhy%3Dnot-video";
    let answer = app.send_form(&format!("/owner/ignore/{id}?{back}"), &cookie, &[]).await;
    assert_eq!(answer.headers()["location"], format!("/owner/review?why=not-video&ignored={id}#done").as_str());
    let told = page(&format!("/owner/review?why=not-video&ignored={id}")).await;
    assert!(told.contains("is listed nowhere any more") && told.contains("Undo"), "{told}");
    assert_eq!(rows("/owner/review?why=not-video").await, 0);
    assert!(page("/owner/review?why=ignored").await.contains("Put back"));
    let answer = app.send_form(&format!("/owner/retry/{id}?{back}"), &cookie, &[]).await;
    assert_eq!(answer.headers()["location"], format!("/owner/review?why=not-video&tried={id}#done").as_str());
    assert!(page(&format!("/owner/review?tried={id}")).await.contains("data-tried"));
    for path in [format!("/owner/ignore/{id}"), format!("/owner/retry/{id}")] {
        assert_eq!(app.send_form(&path, "", &[]).await.status(), StatusCode::FORBIDDEN, "{path}: for the owner");
        let request = with_form(app.ask(Method::POST, &path).header("cookie", &cookie), &[("form_token", "x")]);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}: from a page of ours");
    }
    assert_eq!(app.get("/owner/review").await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_library_is_searched_on_its_page() {
    let app = App::start().await;
    app.title(1, &film("tt0063350", "Night of the Living Dead", 1968, &["Horror"], 78), &[]).await;
    app.title(2, &film("tt0013442", "Nosferatu", 1922, &["Horror"], 79), &[]).await;
    app.post(3, samples::unmatched(), Status::Review { reason: Reason::NoTitle }).await;
    let cookie = app.enter().await;
    let cases: [(&str, &[&str]); 6] = [
        ("show=films", &["Nosferatu", "Night of the Living Dead"]),
        ("show=films&find=living+dead", &["Night of the Living Dead"]),
        ("show=films&find=nosfratu", &["Nosferatu"]),
        ("show=films&find=xylophone", &[]),
        ("show=series&find=nosferatu", &[]),
        ("show=unmatched&find=20240712", &["VID_20240712_183012"]),
    ];
    for (query, wanted) in cases {
        let page = app.ask(Method::GET, &format!("/owner?{query}")).header("cookie", &cookie).send().await;
        let page = page.expect("an answer").text().await.expect("text");
        let names = page.split("<bdi class=\"name\">").skip(1).filter_map(|rest| rest.split("</bdi>").next());
        assert_eq!(names.collect::<Vec<_>>(), wanted, "{query}");
    }
}

#[tokio::test]
async fn a_file_is_hidden_from_its_titles_page_and_put_back() {
    let app = App::start().await;
    app.title(1, &samples::film(), &[]).await;
    let id = EntryId::from_documents(&[DocumentId(8_000_000_000_001)]);
    let cookie = app.enter().await;
    let send = async |method: Method, path: &str| {
        app.ask(method, path).header("cookie", &cookie).send().await.expect("an answer")
    };
    let file = format!("/owner/title/movie/cinepost:{id}");
    assert_eq!(send(Method::GET, &file).await.headers()["location"], "/owner/title/movie/tt0063350", "it has a title");
    let title = send(Method::GET, "/owner/title/movie/tt0063350").await.text().await.expect("text");
    let action = format!("/owner/ignore/{id}?back=%2Fowner%2Ftitle%2Fmovie%2Ftt0063350");
    assert!(title.contains(&action), "{title}");
    let hidden = app.send_form(&action, &cookie, &[]).await;
    assert_eq!(hidden.headers()["location"], format!("/owner/title/movie/tt0063350?ignored={id}#done").as_str());
    assert_eq!(app.names("movie/newest").await, [""; 0]);
    assert_eq!(app.addon("stream/movie/tt0063350.json").await["streams"], json!([]));
    assert!(send(Method::GET, &file).await.text().await.expect("text").contains("Put back"));
}

#[tokio::test]
async fn whatever_fails_is_a_page_in_a_browser_and_json_elsewhere() {
    let app = App::start().await;
    let addon = format!("/stremio/{}", app.token);
    let mistyped = "/stremio/0000000000000000000000000000";
    let cases = [
        (Method::GET, "/dl/bad", 403, "This link does not play"),
        (Method::GET, "/dl/bad/film.mkv", 403, "This link does not play"),
        (Method::GET, "/nowhere", 404, "Nothing on this reel"),
        (Method::GET, "/assets/none.png", 404, "Nothing on this reel"),
        (Method::GET, &format!("{mistyped}/manifest.json"), 403, "mistyped, or the access was taken away"),
        (Method::GET, &format!("{mistyped}/configure"), 403, "mistyped, or the access was taken away"),
        (Method::GET, &format!("{addon}/catalog/movie/top.json"), 400, "there is no catalog"),
        (Method::POST, &format!("{addon}/manifest.json"), 405, "Not in the script"),
        (Method::GET, "/owner", 403, "For the owner"),
        (Method::GET, "/owner?show=nonsense", 400, "Not in the script"),
        (Method::POST, "/owner/retry/x", 415, "Not in the script"),
    ];
    for (method, path, status, wanted) in cases {
        let ask = async |accept: &str| {
            app.ask(method.clone(), path).header("accept", accept).send().await.expect("an answer")
        };
        let page = ask("text/html,application/xhtml+xml,*/*;q=0.8").await;
        assert_eq!(page.status(), status, "{path}");
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        assert_eq!(page.headers()["access-control-allow-origin"], "*", "{path}");
        assert!(page.headers().contains_key("content-security-policy"), "{path}");
        let text = page.text().await.expect("text");
        assert!(text.contains(wanted) && text.contains("Cinepost"), "{path}: {text}");
        if path.starts_with("/dl/") || path.starts_with("/stremio/") && path.ends_with(".json") && method == Method::GET
        {
            let answer = ask("*/*").await;
            assert_eq!(answer.status(), status, "{path}");
            let error: Value = answer.json().await.expect("JSON");
            assert!(error["error"].is_string(), "{path}: {error}");
        }
    }
}

#[tokio::test]
async fn a_qr_code_leads_phones_to_other_machines_only() {
    for (base, wanted) in
        [("https://cine.example", true), ("http://127.0.0.1:8080", false), ("http://localhost", false)]
    {
        let app = App::start_at(base).await;
        let page = app.get(&format!("/stremio/{}/configure", app.token)).await.text().await.expect("text");
        assert_eq!(page.contains("<svg"), wanted, "{base}");
        assert_eq!(page.contains("Scan with a phone"), wanted, "{base}");
    }
}

#[tokio::test]
async fn pages_for_anyone_hold_no_secret() {
    let app = App::start().await;
    app.title(1, &samples::film(), &[]).await;
    for path in ["/", "/access", "/signed-out", "/health", "/ready", "/nowhere", "/owner"] {
        let answer = app.ask(Method::GET, path).header("accept", "text/html").send().await.expect("an answer");
        let text = answer.text().await.expect("text");
        for secret in [app.token.as_str(), "Night of the Living Dead", "1500000001", "/dl/"] {
            assert!(!text.contains(secret), "{path} holds {secret}");
        }
    }
}

#[tokio::test]
async fn figures_are_for_the_owner_and_behind_a_private_address_for_this_machine() {
    let ok = StatusCode::OK;
    let no = StatusCode::FORBIDDEN;
    for (base, local) in [("http://127.0.0.1:8080", ok), (BASE, no)] {
        let app = App::start_at(base).await;
        let cookie = app.enter().await;
        let bearer = format!("Bearer {}", app.token);
        let cases: [(&[(&str, &str)], StatusCode); 12] = [
            (&[], local),
            (&[("host", "127.0.0.1")], local),
            (&[("host", "127.0.0.1"), ("x-forwarded-for", "203.0.113.7")], no),
            (&[("host", "127.0.0.1"), ("forwarded", "for=203.0.113.7")], no),
            (&[("host", "127.0.0.1"), ("origin", "https://evil.example")], no),
            (&[("host", "evil.example")], no),
            (&[("host", "evil.example"), ("x-forwarded-host", "127.0.0.1")], no),
            (&[("host", "evil.example"), ("forwarded", "host=127.0.0.1")], no),
            (&[("x-forwarded-for", "127.0.0.1")], no),
            (&[("x-forwarded-for", "203.0.113.7"), ("cookie", &cookie)], ok),
            (&[("x-forwarded-for", "203.0.113.7"), ("authorization", &bearer)], ok),
            (&[("x-forwarded-for", "203.0.113.7"), ("authorization", "Bearer x")], no),
        ];
        for path in ["/metrics", "/status"] {
            for (headers, status) in cases {
                let mut request = app.ask(Method::GET, path);
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                assert_eq!(request.send().await.expect("an answer").status(), status, "{base} {path} {headers:?}");
            }
        }
    }
}

#[tokio::test]
async fn figures_tell_what_is_here() {
    let app = App::start_at("http://127.0.0.1:8080").await;
    app.title(1, &samples::film(), &[]).await;
    assert_eq!(app.get("/nowhere").await.status(), StatusCode::NOT_FOUND);
    let text = app.get("/metrics").await.text().await.expect("text");
    for line in [
        "cinepost_titles{type=\"movie\"} 1",
        "cinepost_files 1",
        "cinepost_ready 1",
        "cinepost_http_responses_total{area=\"pages\",class=\"4xx\"} 1",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is missing in\n{text}");
    }
    let status: Value = app.get("/status").await.json().await.expect("JSON");
    assert_eq!(status["library"], json!({"movies": 1, "series": 0, "files": 1, "pending": 0, "review": 0}));
    assert_eq!(status["channels"][0]["title"], "Films");
}
