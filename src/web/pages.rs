//! The pages: what this is (for anyone), the owner's page, and those that explain.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;

use super::access::{self, now, within_patience};
use super::addon::play_url;
use super::status::unready;
use super::{Error, State};
use crate::domain::catalog::{Order, PAGE, Query};
use crate::domain::entry::{Entry, EntryId, Status};
use crate::domain::title::{Kind, MetaId, Title};
use crate::health;
use crate::ingest::Progress;
use crate::playback::Watching;
use crate::store::{Channel, Counts, Person};
use crate::stremio::{AbsoluteUrl, ContentId, Install, language, meta, stream};

/// Pictures come from wherever the metadata provider keeps them; everything else is ours.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                              img-src 'self' http: https: data:; form-action 'self'; base-uri 'none'; \
                              frame-ancestors 'none'";

/// What every page needs: where it is mounted (empty, or the path of BASE_URL).
struct Frame {
    root: String,
    version: &'static str,
}

impl Frame {
    fn of(state: &State) -> Self {
        let path = state.base_url.as_str().splitn(4, '/').nth(3).unwrap_or_default().trim_end_matches('/');
        let root = if path.is_empty() { String::new() } else { format!("/{path}") };
        Self { root, version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    waiting: Vec<String>,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    frame: Frame,
    title: &'a str,
    text: &'a str,
}

#[derive(Template)]
#[template(path = "enter.html")]
struct EnterPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "configure.html")]
struct ConfigurePage {
    frame: Frame,
    install: InstallCard,
    person: Person,
    counts: Option<Counts>,
}

#[derive(Template)]
#[template(path = "owner.html")]
struct OwnerPage {
    frame: Frame,
    install: InstallCard,
    counts: Counts,
    waiting: Vec<String>,
    progress: Progress,
    watching: Vec<Watching>,
    bots: Vec<health::Finding>,
    channels: Vec<Channel>,
    review: Vec<ReviewRow>,
    shelf: Shelf,
}

#[derive(Template)]
#[template(path = "title.html")]
struct TitlePage {
    frame: Frame,
    name: String,
    about: String,
    plot: String,
    poster: String,
    background: Option<AbsoluteUrl>,
    in_stremio: AbsoluteUrl,
    files: Vec<FileRow>,
}

/// How to get the addon into Stremio.
struct InstallCard {
    manifest: AbsoluteUrl,
    open_app: AbsoluteUrl,
    open_web: String,
    /// Stremio's apps make every `stremio://` address an https one, so the button is of use with https only.
    is_https: bool,
    /// Leads to the page with the install button: phones open such an address from any camera.
    qr: String,
}

impl InstallCard {
    fn of(install: &Install) -> Self {
        let picture = QrCode::new(install.configure().as_str());
        let qr = picture.map(|code| {
            let picture = code.render::<svg::Color>().min_dimensions(200, 200).build();
            // It stands inside HTML, where an XML declaration has no place.
            picture.split_once("?>").map_or_else(String::new, |(_, svg)| svg.to_owned())
        });
        Self {
            manifest: install.manifest(),
            open_app: install.open_app(),
            open_web: install.open_web(),
            is_https: install.base().is_https(),
            // A URL too long for any QR code is shown as text alone.
            qr: qr.unwrap_or_default(),
        }
    }
}

/// One file that needs a person.
struct ReviewRow {
    id: EntryId,
    name: String,
    size: String,
    reason: String,
    /// Opens the post in Telegram, where its caption can be edited.
    post: Option<String>,
}

/// The part of the library that is shown.
struct Shelf {
    show: Show,
    cards: Vec<Card>,
    newer: Option<u32>,
    older: Option<u32>,
}

struct Card {
    name: String,
    about: String,
    poster: String,
    page: String,
}

struct FileRow {
    name: String,
    about: String,
    place: String,
    url: AbsoluteUrl,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Show {
    #[default]
    Films,
    Series,
    Unmatched,
}

impl Show {
    /// As it stands in the address.
    fn word(self) -> &'static str {
        match self {
            Self::Films => "films",
            Self::Series => "series",
            Self::Unmatched => "unmatched",
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct OwnerQuery {
    #[serde(default)]
    show: Show,
    #[serde(default)]
    skip: u32,
}

/// GET `/`: for anyone, so without anything that is not for everyone.
pub async fn home(state: web::Data<State>) -> HttpResponse {
    let waiting = unready(&state).await;
    explained(&state, page(StatusCode::OK, &HomePage { frame: Frame::of(&state), waiting }))
}

/// GET `/access`: where the row of a revoked install leads.
pub async fn access_ended(state: web::Data<State>) -> HttpResponse {
    ended(&state, StatusCode::OK)
}

fn ended(state: &State, status: StatusCode) -> HttpResponse {
    let text = "The link by which this Cinepost was installed in Stremio is not valid any more: whoever runs it took it \
                away or made a new one. Ask them for the new link. In Stremio, remove the addon and install it again with it.";
    message(state, status, "Your access has ended", text)
}

/// Whatever else is asked for.
pub async fn missing(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    match wants_html(&request) {
        true => message(&state, StatusCode::NOT_FOUND, "Nothing on this reel", "There is no such page here."),
        false => Error::NotFound("such page").error_response(),
    }
}

/// GET `/stremio/{token}/configure`: what Stremio's gear opens, and the QR code.
pub async fn configure(state: web::Data<State>, token: web::Path<String>) -> HttpResponse {
    let result = async {
        let person = access::person(&state, &token).await?;
        let install = InstallCard::of(&Install::new(&state.base_url, &token));
        // Without the counts the page is still what was asked for.
        let counts = within_patience(state.library.counts()).await.ok();
        page(StatusCode::OK, &ConfigurePage { frame: Frame::of(&state), install, person, counts })
    };
    match result.await {
        Err(Error::Forbidden) => ended(&state, StatusCode::FORBIDDEN),
        result => explained(&state, result),
    }
}

/// GET `/owner/enter/{ticket}`: only a button, since previews in chats follow links.
pub async fn knock(state: web::Data<State>, ticket: web::Path<String>) -> HttpResponse {
    let result = async {
        match within_patience(state.accounts.has_ticket(&ticket, now())).await? {
            true => page(StatusCode::OK, &EnterPage { frame: Frame::of(&state) }),
            false => Ok(used_up(&state)),
        }
    };
    explained(&state, result.await)
}

/// POST `/owner/enter/{ticket}`: uses it up.
pub async fn enter(state: web::Data<State>, ticket: web::Path<String>) -> HttpResponse {
    let result = async {
        Ok(match within_patience(state.accounts.enter(&ticket, now())).await? {
            Some(session) => see_other(&state, "/owner")
                .append_header((header::SET_COOKIE, access::set_cookie(&state, &session)))
                .finish(),
            None => used_up(&state),
        })
    };
    explained(&state, result.await)
}

fn used_up(state: &State) -> HttpResponse {
    let text = "It was used already, or is more than an hour old. Run “cinepost owner-link” where Cinepost runs: \
                it prints another.";
    message(state, StatusCode::GONE, "This link is used up", text)
}

/// POST `/owner/leave`: ends the session in this browser.
pub async fn leave(state: web::Data<State>) -> HttpResponse {
    see_other(&state, "/").append_header((header::SET_COOKIE, access::unset_cookie(&state))).finish()
}

/// POST `/owner/retry/{entry}`: matches it anew. The cookie is `SameSite`, so no other site can press this button.
pub async fn retry(state: web::Data<State>, request: HttpRequest, entry: web::Path<String>) -> HttpResponse {
    let result = async {
        access::owner(&state, &request).await?;
        let entry = entry.parse().map_err(|_| Error::NotFound("such file"))?;
        within_patience(state.ingest.retry(Some(entry))).await?;
        Ok(see_other(&state, "/owner#review").finish())
    };
    explained(&state, result.await)
}

/// GET `/owner`.
pub async fn owner(state: web::Data<State>, request: HttpRequest, query: web::Query<OwnerQuery>) -> HttpResponse {
    let result = async {
        let owner = access::owner(&state, &request).await?;
        let install = InstallCard::of(&Install::new(&state.base_url, &state.accounts.token(&owner)));
        let content = within_patience(async {
            let review = review_rows(&state).await?;
            let shelf = shelf(&state, query.show, query.skip).await?;
            Ok::<_, Error>((review, shelf, state.library.counts().await?, state.library.channels().await?))
        });
        let (review, shelf, counts, channels) = content.await?;
        let waiting = unready(&state).await;
        let (progress, bots, watching) = (state.ingest.progress(), state.health.bots(), state.playback.watching());
        let frame = Frame::of(&state);
        page(
            StatusCode::OK,
            &OwnerPage { frame, install, counts, waiting, progress, watching, bots, channels, review, shelf },
        )
    };
    explained(&state, result.await)
}

async fn review_rows(state: &State) -> Result<Vec<ReviewRow>, Error> {
    let mut rows = Vec::new();
    for entry in state.library.review(0).await? {
        let reason = match &entry.status {
            Status::Review { reason } | Status::Pending { reason: Some(reason), .. } => reason.to_string(),
            Status::Pending { reason: None, .. } | Status::Matched { .. } | Status::Volume => continue,
        };
        let post = state.library.sources(entry.id).await?.first().map(|source| source.at.url());
        rows.push(ReviewRow { id: entry.id, size: stream::size(entry.file.len()), name: entry.name, reason, post });
    }
    Ok(rows)
}

async fn shelf(state: &State, show: Show, skip: u32) -> Result<Shelf, Error> {
    let root = Frame::of(state).root;
    let cards: Vec<Card> = match show {
        Show::Films | Show::Series => {
            let kind = if show == Show::Films { Kind::Movie } else { Kind::Series };
            let query = Query { kind, order: Order::Newest, genre: None, year: None, skip, limit: PAGE };
            let titles = state.library.page(&query).await?;
            titles.iter().filter_map(|title| title_card(&root, title)).collect()
        }
        Show::Unmatched => {
            let entries = state.library.unmatched(None, skip).await?;
            entries.iter().map(|entry| file_card(&root, entry)).collect()
        }
    };
    let older = (cards.len() as u32 >= PAGE).then(|| skip.saturating_add(PAGE));
    let newer = (skip > 0).then(|| skip.saturating_sub(PAGE));
    Ok(Shelf { show, cards, newer, older })
}

fn title_card(root: &str, title: &Title) -> Option<Card> {
    Some(Card {
        name: title.name.clone(),
        about: about(title),
        poster: poster(title, root),
        page: format!("{root}/owner/title/{}/{}", title.kind, title.meta_id()?),
    })
}

fn file_card(root: &str, entry: &Entry) -> Card {
    Card {
        name: meta::entry_name(entry),
        about: stream::size(entry.file.len()),
        poster: no_poster(root),
        page: format!("{root}/owner/title/movie/{}", ContentId::Entry(entry.id)),
    }
}

fn poster(title: &Title, root: &str) -> String {
    let poster = title.poster.as_deref().and_then(AbsoluteUrl::parse);
    poster.map_or_else(|| no_poster(root), |url| url.to_string())
}

/// By its path alone: the owner may have come by another address than BASE_URL.
fn no_poster(root: &str) -> String {
    format!("{root}/assets/no-poster.png")
}

fn about(title: &Title) -> String {
    let year = title.year.map(|year| year.to_string());
    let rating = title.rating.map(|tenths| format!("★ {}.{}", tenths / 10, tenths % 10));
    [year, rating].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// GET `/owner/title/{kind}/{id}`: the files of a title, with links for other players.
pub async fn title(state: web::Data<State>, request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let result = async {
        let owner = access::owner(&state, &request).await?;
        let kind: Kind = path.0.parse().map_err(|()| Error::NotFound("such title"))?;
        let id: ContentId = path.1.parse().map_err(|_| Error::NotFound("such title"))?;
        let page_of = within_patience(async {
            match id {
                ContentId::Title(id) => title_page(&state, &owner, kind, id).await,
                ContentId::Entry(id) => file_page(&state, &owner, id).await,
                ContentId::Episode { .. } | ContentId::Notice => Ok(None),
            }
        });
        page(StatusCode::OK, &page_of.await?.ok_or(Error::NotFound("such title"))?)
    };
    explained(&state, result.await)
}

async fn title_page(state: &State, owner: &Person, kind: Kind, id: MetaId) -> Result<Option<TitlePage>, Error> {
    let Some(opened) = state.library.title(kind, id).await? else {
        return Ok(None);
    };
    let title = opened.title;
    let mut entries = state.library.streams(kind, id, None).await?;
    // Episodes in their order; the sort keeps best first within each.
    entries.sort_by_key(first_place);
    let frame = Frame::of(state);
    Ok(Some(TitlePage {
        about: [Some(about(&title)), Some(title.genres.join(", "))]
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        poster: poster(&title, &frame.root),
        background: title.background.as_deref().and_then(AbsoluteUrl::parse),
        frame,
        in_stremio: AbsoluteUrl::detail(kind.as_str(), &id.to_string()),
        files: entries.iter().map(|entry| file_row(state, owner, entry)).collect(),
        name: title.name,
        plot: title.plot,
    }))
}

async fn file_page(state: &State, owner: &Person, id: EntryId) -> Result<Option<TitlePage>, Error> {
    let Some(entry) = state.library.entry(id).await? else {
        return Ok(None);
    };
    let plot = match &entry.status {
        Status::Review { reason } | Status::Pending { reason: Some(reason), .. } => format!("Not matched: {reason}."),
        Status::Pending { reason: None, .. } | Status::Matched { .. } | Status::Volume => String::new(),
    };
    let frame = Frame::of(state);
    Ok(Some(TitlePage {
        name: meta::entry_name(&entry),
        about: stream::size(entry.file.len()),
        plot,
        poster: no_poster(&frame.root),
        background: None,
        frame,
        in_stremio: AbsoluteUrl::detail("movie", &ContentId::Entry(id).to_string()),
        files: vec![file_row(state, owner, &entry)],
    }))
}

fn first_place(entry: &Entry) -> Option<crate::domain::entry::Place> {
    match &entry.status {
        Status::Matched { places, .. } => places.first().copied(),
        Status::Pending { .. } | Status::Review { .. } | Status::Volume => None,
    }
}

fn file_row(state: &State, owner: &Person, entry: &Entry) -> FileRow {
    use crate::domain::entry::Place;
    let release = &entry.release;
    let words = [stream::resolution(entry), release.source.clone(), release.video_codec.clone()];
    // Without their flags, which Windows does not draw.
    let languages = release.languages.iter().filter_map(|code| language::describe(code));
    let languages = languages.map(|(_, name)| name.to_owned());
    let about = words.into_iter().flatten().chain(languages).chain([stream::size(entry.file.len())]);
    FileRow {
        name: entry.name.clone(),
        about: about.collect::<Vec<_>>().join(" · "),
        place: match first_place(entry) {
            Some(Place::Episode { season, number }) => format!("S{season:02}E{number:02}"),
            Some(Place::Season { season }) => format!("Season {season}"),
            None => String::new(),
        },
        url: play_url(state, owner, entry),
    }
}

/// The page, or a page that says why not.
fn explained(state: &State, result: Result<HttpResponse, Error>) -> HttpResponse {
    let error = match result {
        Ok(answer) => return answer,
        Err(error) => error,
    };
    // Logs what is ours to mend.
    let status = error.error_response().status();
    match error {
        Error::NotOwner => message(
            state,
            status,
            "For the owner",
            "Only the owner can see this page. Run \
                                   “cinepost owner-link” where Cinepost runs: it prints a link that lets you in.",
        ),
        Error::NotFound(_) => message(state, status, "Nothing on this reel", "It is not here, or not any more."),
        Error::Request(_) | Error::Forbidden | Error::Playback(_) | Error::Store(_) | Error::Slow | Error::Page(_) => {
            message(state, status, "Intermission", "This cannot be shown right now. Please try again in a minute.")
        }
    }
}

fn message(state: &State, status: StatusCode, title: &str, text: &str) -> HttpResponse {
    let answer = page(status, &MessagePage { frame: Frame::of(state), title, text });
    answer.unwrap_or_else(|error| error.error_response())
}

fn page(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        // Addresses of pages hold tokens: no other site gets to see where one came from.
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(template.render()?))
}

fn see_other(state: &State, path: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::SeeOther();
    answer
        .insert_header((header::LOCATION, format!("{}{path}", Frame::of(state).root)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    answer
}

fn wants_html(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|value| value.contains("text/html"))
}
