//! GET and POST `/d/{link}`: the page behind a file's link, for whoever has it. While a password is asked for, nothing of the file is
//! shown, its name included.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::install::qr;
use super::{Frame, page, see_other};
use crate::domain::limits::Secret;
use crate::domain::person::date;
use crate::domain::shared::{FileKind, SharedFile};
use crate::flows::files::Opened;
use crate::flows::unix_now;
use crate::protocols::players::{self, PlayerLink};
use crate::protocols::stremio::AbsoluteUrl;
use crate::protocols::stremio::stream::size;
use crate::texts::{Language, text};
use crate::web::auth::{begin_guess, guessed_right};
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "share.html")]
struct SharePage {
    frame: Frame,
    words: ShareWords,
    file: Shown,
}

#[derive(Template)]
#[template(path = "share_locked.html")]
struct LockedPage {
    frame: Frame,
    words: LockedWords,
    is_wrong: bool,
}

/// What is shown of a file.
struct Shown {
    name: String,
    about: String,
    terms: Vec<String>,
    is_video: bool,
    plays: bool,
    page: AbsoluteUrl,
    /// The same bytes, to be played and to be saved.
    play: AbsoluteUrl,
    save: AbsoluteUrl,
    picture: String,
    players: Vec<PlayerLink>,
    /// The owner's own player on another site: what it is called, and its address.
    web_player: Option<(String, String)>,
    qr: String,
}

/// What a link's query may hold.
#[derive(Debug, Deserialize)]
pub struct Query {
    /// Proves that the password was given.
    pub key: Option<String>,
    /// To be saved rather than shown.
    pub save: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Unlock {
    #[serde(default)]
    password: String,
}

pub async fn show(
    state: web::Data<State>,
    link: web::Path<String>,
    query: web::Query<Query>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let opened = open(&state, &link, &request).await?;
    let language = language(&request);
    let key = query.key.as_deref();
    if !state.files.is_unlocked(&opened, key, unix_now()) {
        return locked(&state, language, false);
    }
    let file = shown(&state, &link, &opened.file, key, language).await;
    // Players and download managers that were given the page's address want the bytes.
    if query.save.is_some() || request.headers().contains_key(header::RANGE) {
        let to = if query.save.is_some() { &file.save } else { &file.play };
        return Ok(see_other_file(to));
    }
    page(StatusCode::OK, &SharePage { frame: Frame::of(&state), words: ShareWords::of(language), file })
}

/// Takes the password, and leads back to the page with the proof in its address, which players take along.
pub async fn unlock(
    state: web::Data<State>,
    link: web::Path<String>,
    form: web::Form<Unlock>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let opened = open(&state, &link, &request).await?;
    begin_guess(&request, Secret::Password)?;
    match state.files.unlock(&opened, form.into_inner().password, unix_now()).await {
        Some(key) => {
            guessed_right(&request, Secret::Password);
            let to = state.addresses.shared(&link).with_query("key", &key);
            Ok(see_other(to.as_str()).finish())
        }
        None => locked(&state, language(&request), true),
    }
}

/// The file of a link. Links that nobody made count as guesses.
pub(in crate::web) async fn open(state: &State, link: &str, request: &HttpRequest) -> Result<Opened, Error> {
    use crate::flows::files::OpenError;
    match state.files.open(link, unix_now()).await {
        Err(OpenError::Forged) => {
            begin_guess(request, Secret::Token)?;
            Err(OpenError::Forged.into())
        }
        opened => Ok(opened?),
    }
}

fn see_other_file(to: &AbsoluteUrl) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((header::LOCATION, to.as_str()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

fn locked(state: &State, language: Language, is_wrong: bool) -> Result<HttpResponse, Error> {
    let status = if is_wrong { StatusCode::FORBIDDEN } else { StatusCode::OK };
    page(status, &LockedPage { frame: Frame::of(state), words: LockedWords::of(language), is_wrong })
}

async fn shown(state: &State, link: &str, file: &SharedFile, key: Option<&str>, language: Language) -> Shown {
    let page = state.addresses.shared(link);
    let keyed = |url: AbsoluteUrl| match key {
        Some(key) => url.with_query("key", key),
        None => url,
    };
    let play = keyed(state.addresses.shared_file(link, &file.name));
    let plays = file.content.kind.plays();
    let is_video = matches!(file.content.kind, FileKind::Video | FileKind::Animation);
    Shown {
        name: file.name.clone(),
        about: about(file, language),
        terms: terms(file, language),
        is_video,
        plays,
        save: play.with_query("save", "1"),
        picture: picture(state, file).await,
        players: players::links(&play, &file.name, is_video),
        web_player: state.web_player.as_ref().map(|player| (player.host().to_owned(), player.href(&play))),
        qr: if page.is_loopback() { String::new() } else { qr(&page) },
        page,
        play,
    }
}

/// The poster of the title that it became in the library, or the program's own picture.
async fn picture(state: &State, file: &SharedFile) -> String {
    let poster = async {
        let entry = state.library.entry(file.entry?).await.ok()??;
        state.library.title_of(&entry).await.ok()??.poster
    };
    match poster.await {
        Some(poster) => poster,
        None => state.addresses.asset("no-poster.png").to_string(),
    }
}

/// `1.40 GB · video`
fn about(file: &SharedFile, language: Language) -> String {
    let kind = match file.content.kind {
        FileKind::Video => text("kind-video"),
        FileKind::Animation => text("kind-animation"),
        FileKind::Audio => text("kind-audio"),
        FileKind::Voice => text("kind-voice"),
        FileKind::Photo => text("kind-photo"),
        FileKind::Document => text("kind-document"),
    };
    format!("{} · {}", size(file.content.size()), kind.to_string_in(language))
}

fn terms(file: &SharedFile, language: Language) -> Vec<String> {
    let end = file.terms.expires.map(|end| text("file-ends").with("when", date(end)));
    let limit = file.terms.downloads.map(|limit| text("file-most").with("count", u64::from(limit.most)));
    [end, limit].into_iter().flatten().map(|words| words.to_string_in(language)).collect()
}

/// The first language of the browser that there are texts in.
fn language(request: &HttpRequest) -> Language {
    let header =
        request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tags = header.split(',').map(|tag| tag.split(';').next().unwrap_or_default().trim());
    tags.take(10).find_map(Language::named).unwrap_or_default()
}

/// The attributes of `<html>`: a language's code is our own file's name, and harmless.
fn attributes(language: Language) -> String {
    let direction = if language.is_right_to_left() { " dir=\"rtl\"" } else { "" };
    format!("lang=\"{}\"{direction}", language.code())
}

struct ShareWords {
    attributes: String,
    download: String,
    players: String,
    open_in: String,
    link: String,
    direct: String,
    this_page: String,
    copy: String,
    scan: String,
    no_video: String,
}

impl ShareWords {
    fn of(language: Language) -> Self {
        let say = |words: crate::texts::Text| words.to_string_in(language);
        Self {
            attributes: attributes(language),
            download: say(text("button-download")),
            players: say(text("button-players")),
            open_in: say(text("share-open-in")),
            link: say(text("share-link")),
            direct: say(text("share-direct")),
            this_page: say(text("share-this-page")),
            copy: say(text("share-copy")),
            scan: say(text("share-scan")),
            no_video: say(text("share-no-video")),
        }
    }
}

struct LockedWords {
    attributes: String,
    locked: String,
    ask: String,
    wrong: String,
    password: String,
    unlock: String,
}

impl LockedWords {
    fn of(language: Language) -> Self {
        let say = |words: crate::texts::Text| words.to_string_in(language);
        Self {
            attributes: attributes(language),
            locked: say(text("share-locked")),
            ask: say(text("share-ask")),
            wrong: say(text("share-wrong")),
            password: say(text("share-password")),
            unlock: say(text("share-unlock")),
        }
    }
}
