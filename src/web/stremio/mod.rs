//! The addon: manifest, catalog, meta, stream, subtitles.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::auth::within_patience;
use super::{Error, State};
use crate::domain::person::Person;
use crate::domain::title::Kind;
use crate::flows::people::Caller;
use crate::protocols::addresses::Addresses;
use crate::protocols::stremio::request::Ask;
use crate::protocols::stremio::{
    AbsoluteUrl, Answer, ContentId, Install, Manifest, MetaBody, Metas, Request, Streams, Subtitles, meta, stream,
};

/// Seconds. A film forwarded now should be there when one looks again, so answers are fresh for a moment only; but a
/// server that is away should not empty the shelves.
const FRESH: u32 = 2;
const WHILE_REVALIDATING: u32 = 5;
const IF_ERROR: u32 = 7 * 24 * 60 * 60;

/// GET `/stremio/{token}/…`.
pub async fn answer(
    state: web::Data<State>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (token, _) = path.into_inner();
    // The path as it came: extras are decoded only after they were split.
    let rest = request.uri().path().splitn(4, '/').nth(3).unwrap_or_default();
    match answer_to(&state, &token, rest).await {
        // A viewer who pressed play gets to read why nothing happens; other addons' rows stand beside it.
        Err(Error::Database(_) | Error::Slow) if matches!(Request::parse(rest), Ok(Request::Stream { .. })) => {
            Ok(not_kept(Streams { streams: vec![unavailable(&state.addresses)] }))
        }
        answer => answer,
    }
}

async fn answer_to(state: &State, token: &str, rest: &str) -> Result<HttpResponse, Error> {
    let install = state.addresses.install(token);
    match within_patience(state.people.caller(token)).await? {
        Caller::Person(person) => welcome(state, &person, Request::parse(rest)?, &install).await,
        Caller::Revoked | Caller::Unknown => turned_away(rest, &state.addresses, &install),
    }
}

async fn welcome(state: &State, person: &Person, request: Request, install: &Install) -> Result<HttpResponse, Error> {
    match request {
        Request::Manifest => Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "application/json; charset=utf-8"))
            .insert_header((header::CACHE_CONTROL, "max-age=300"))
            .body(Manifest::new(state.addresses.base(), last_year()).to_json())),
        Request::Catalog { kind, catalog, extra } => {
            let ask = extra.ask(kind, catalog)?;
            within_patience(catalog_page(state, ask, install)).await.map(|metas| json(Metas { metas }))
        }
        Request::Meta { kind, id } => within_patience(meta_page(state, kind, id, install))
            .await?
            .map(|meta| json(MetaBody { meta }))
            .ok_or(Error::NotFound("such title")),
        Request::Stream { kind, id } => {
            within_patience(streams(state, person, kind, id)).await.map(|streams| json(Streams { streams }))
        }
        Request::Subtitles { .. } => Ok(json(Subtitles { subtitles: Vec::new() })),
    }
}

/// The newest year that the manifest offers: that of half a year from now.
fn last_year() -> u16 {
    let then = time::OffsetDateTime::now_utc() + time::Duration::weeks(26);
    u16::try_from(then.year()).unwrap_or(u16::MAX)
}

async fn catalog_page(state: &State, ask: Ask, install: &Install) -> Result<Vec<meta::MetaPreview>, Error> {
    let titles = match ask {
        Ask::Page(query) => state.library.page(&query).await?,
        Ask::Search { text, query } => state.library.search(&text, &query).await?,
        Ask::Unmatched { search, skip } => {
            let entries = state.library.unmatched(search.as_deref(), skip).await?;
            return Ok(entries.iter().map(|entry| meta::entry_preview(entry, install)).collect());
        }
    };
    Ok(titles.iter().filter_map(|title| meta::preview(title, install)).collect())
}

async fn meta_page(state: &State, kind: Kind, id: ContentId, install: &Install) -> Result<Option<meta::Meta>, Error> {
    Ok(match id {
        ContentId::Title(asked) | ContentId::Episode { title: asked, .. } => {
            let opened = state.library.title(kind, asked).await?;
            opened.and_then(|opened| meta::from_title(&opened.title, asked, &opened.parts, install))
        }
        ContentId::Entry(id) => {
            let entry = state.library.entry(id).await?;
            entry.map(|entry| meta::from_entry(&entry, install))
        }
        ContentId::Notice => None,
    })
}

async fn streams(state: &State, person: &Person, kind: Kind, id: ContentId) -> Result<Vec<stream::Stream>, Error> {
    let entries = match id {
        ContentId::Title(title) => state.library.streams(kind, title, None).await?,
        ContentId::Episode { title, season, number } => {
            state.library.streams(kind, title, Some((season, number))).await?
        }
        ContentId::Entry(id) => state.library.entry(id).await?.into_iter().collect(),
        ContentId::Notice => Vec::new(),
    };
    let row = |entry| stream::from_entry(entry, play_url(state, person, entry));
    Ok(entries.iter().map(row).collect())
}

/// Where a person plays a file.
pub fn play_url(state: &State, person: &Person, entry: &crate::domain::entry::Entry) -> AbsoluteUrl {
    state.addresses.play(&state.people.play_path(person, entry.id, &entry.name))
}

const ENDED: &str = "This link does not work";
/// In lines that a row of streams has room for.
const ENDED_WHY: &str = "It is mistyped, or the access was\ntaken away. Ask whoever runs this\nCinepost for a new one.";

/// What somebody sees whose link is mistyped or whose access was taken away, both alike: a readable row wherever Stremio shows rows,
/// 403 elsewhere.
fn turned_away(rest: &str, addresses: &Addresses, install: &Install) -> Result<HttpResponse, Error> {
    let notice = |id, kind| meta::notice(id, kind, ENDED, ENDED_WHY, install);
    match Request::parse(rest) {
        Ok(Request::Catalog { kind, extra, .. }) => {
            // One row: the second page is empty, or clients would ask on for ever.
            let metas = if extra.skip == 0 { vec![notice(ContentId::Notice, kind).preview] } else { Vec::new() };
            Ok(not_kept(Metas { metas }))
        }
        Ok(Request::Meta { kind, id }) => Ok(not_kept(MetaBody { meta: notice(id, kind) })),
        Ok(Request::Stream { .. }) => {
            let row = stream::notice("No access", ENDED_WHY, addresses.access());
            Ok(not_kept(Streams { streams: vec![row] }))
        }
        Ok(Request::Manifest | Request::Subtitles { .. }) | Err(_) => Err(Error::Forbidden),
    }
}

fn unavailable(addresses: &Addresses) -> stream::Stream {
    stream::notice("Not now", "The library cannot be reached.\nPlease try again in a minute.", addresses.home())
}

/// An answer that counts as fresh for a moment.
fn json(body: impl Serialize) -> HttpResponse {
    let cache = format!("max-age={FRESH}, stale-while-revalidate={WHILE_REVALIDATING}, stale-if-error={IF_ERROR}");
    let answer = Answer { body, cache_max_age: FRESH, stale_revalidate: WHILE_REVALIDATING, stale_error: IF_ERROR };
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, cache)).json(answer)
}

/// An answer that is only true now.
fn not_kept(body: impl Serialize) -> HttpResponse {
    let answer = Answer { body, cache_max_age: 0, stale_revalidate: 0, stale_error: 0 };
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer)
}
