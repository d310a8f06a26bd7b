//! The addon, for Stremio's apps: manifest, catalogs, metas, streams and subtitles under `/stremio/{token}/`.

mod hindered;
mod revoked;
#[cfg(test)]
mod tests;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::auth::Viewer;
use super::timeout::in_time;
use super::{Error, State};
use crate::domain::catalog::{Query, Shelf};
use crate::domain::entry::Entry;
use crate::domain::person::Person;
use crate::domain::title::Kind;
use crate::flows::DatabaseError;
use crate::flows::library::{Choice, Library};
use crate::protocols::addresses::Addresses;
use crate::protocols::stremio::request::{CatalogQuery, Playing, Resource};
use crate::protocols::stremio::{
    AbsoluteUrl, ContentId, Install, Manifest, MetaBody, Metas, Offer, Request, Response, Streams, Subtitles, meta,
    stream, subtitles,
};

/// Seconds. A film forwarded now should be there when a viewer looks again, so responses are fresh for a moment only. A server
/// that is away should not empty the catalogs.
const FRESH: u32 = 2;
const WHILE_REVALIDATING: u32 = 5;
const IF_ERROR: u32 = 7 * 24 * 60 * 60;

/// GET `/stremio/{token}/…`.
pub async fn resource(
    state: web::Data<State>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    viewer: Result<Viewer, Error>,
) -> Result<HttpResponse, Error> {
    let (token, _) = path.into_inner();
    // The path as it came: extras are decoded only after they were split.
    let rest = request.uri().path().splitn(4, '/').nth(3).unwrap_or_default();
    let answer = match viewer {
        Ok(viewer) => dispatch(&state, &viewer, rest).await,
        Err(error @ (Error::Forbidden | Error::Denied(_))) => {
            revoked::resource(&state.addresses, &state.addresses.install(&token), rest, error)
        }
        Err(Error::Limited(refusal)) => hindered::resource(&state.addresses, &refusal, rest),
        Err(error) => Err(error),
    };
    match answer {
        // A viewer who pressed play gets to read why nothing happens; other addons' rows stand beside it.
        Err(Error::Database(_) | Error::Slow)
            if matches!(Request::parse(rest), Ok(Request::Stream { .. } | Request::ForeignStream(_))) =>
        {
            Ok(not_kept(Streams { streams: vec![unavailable(&state.addresses)] }))
        }
        answer => answer,
    }
}

async fn dispatch(state: &State, viewer: &Viewer, path: &str) -> Result<HttpResponse, Error> {
    let library = in_time(state.library.seen_by(&viewer.person)).await?;
    match Request::parse(path)? {
        Request::Manifest => Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "application/json; charset=utf-8"))
            .insert_header((header::CACHE_CONTROL, "max-age=300"))
            .body(manifest(state, &library, &viewer.person).await?)),
        Request::Catalog { kind, catalog, extra } => {
            let query = extra.query(kind, catalog)?;
            in_time(catalog_page(&library, query, viewer)).await.map(|metas| json(Metas { metas }))
        }
        Request::Meta { kind, id } => in_time(meta_of(&library, kind, id, &viewer.install))
            .await?
            .map(|meta| json(MetaBody { meta }))
            .ok_or(Error::NotFound("such title")),
        Request::Stream { kind, id } => streams(state, viewer, in_time(entries(&library, kind, id)).await?).await,
        Request::ForeignStream(asked) => {
            let entries = in_time(library.foreign_streams(&asked)).await?;
            streams(state, viewer, entries).await
        }
        Request::Foreign(Resource::Meta) => Err(Error::NotFound("such title")),
        Request::Foreign(Resource::Stream) => Ok(json(Streams { streams: Vec::new() })),
        Request::Subtitles { kind, id, playing } => {
            Ok(subtitles(state, viewer, in_time(subtitles_of(&library, kind, id, &playing)).await?))
        }
        Request::ForeignSubtitles(asked, playing) => {
            Ok(subtitles(state, viewer, in_time(library.foreign_subtitles(&asked, &playing)).await?))
        }
        Request::Foreign(Resource::Subtitles) => Ok(json(Subtitles { subtitles: Vec::new() })),
    }
}

async fn manifest(state: &State, library: &Library, person: &Person) -> Result<String, Error> {
    let channels = in_time(library.channels()).await?.into_iter().map(|(name, _)| name).collect();
    let shown = in_time(library.shown_catalogs()).await?;
    let lists = if shown.has_lists() { in_time(library.lists(person)).await? } else { Vec::new() };
    let lists = lists.into_iter().map(|(list, kinds)| (list.id, list.name, kinds)).collect();
    let collections = shown.has_collections() && in_time(library.has_collections()).await?;
    let offer =
        Offer { last_year: last_year(), channels, lists, shown, collections, other_sites: library.knows_other_sites() };
    Ok(Manifest::new(state.addresses.base(), &offer).to_json())
}

/// The newest year that the manifest offers: that of half a year from now.
fn last_year() -> u16 {
    let then = time::OffsetDateTime::now_utc() + time::Duration::weeks(26);
    u16::try_from(then.year()).unwrap_or(u16::MAX)
}

async fn catalog_page(
    library: &Library,
    query: CatalogQuery,
    viewer: &Viewer,
) -> Result<Vec<meta::MetaPreview>, Error> {
    let install = &viewer.install;
    let titles = match query {
        CatalogQuery::Page(query) => library.page(&query).await?,
        CatalogQuery::Search { text, query } => library.search(&text, &query).await?,
        CatalogQuery::Channel { name, query } => {
            // By its name, which is all that the client knows, among those that the viewer sees.
            let Some((_, chat)) = library.channels().await?.into_iter().find(|(known, _)| *known == name) else {
                return Ok(Vec::new());
            };
            library.page(&Query { shelf: Some(Shelf::Channel(chat)), ..query }).await?
        }
        CatalogQuery::List { list, query } => library.listed(list, &viewer.person, &query).await?,
        CatalogQuery::Collections { skip } => {
            let collections = library.collections(skip).await?;
            return Ok(collections.iter().map(|collection| meta::collection_preview(collection, install)).collect());
        }
        CatalogQuery::Unmatched { search, skip } => {
            let entries = library.unmatched(search.as_deref(), skip).await?;
            return Ok(entries.iter().map(|entry| meta::entry_preview(entry, install)).collect());
        }
    };
    Ok(titles.iter().filter_map(|title| meta::preview(title, install)).collect())
}

async fn meta_of(library: &Library, kind: Kind, id: ContentId, install: &Install) -> Result<Option<meta::Meta>, Error> {
    Ok(match id {
        ContentId::Title(asked) | ContentId::Episode { title: asked, .. } => {
            let opened = library.title(kind, asked).await?;
            opened.and_then(|opened| meta::from_title(&opened.title, asked, &opened.parts, install))
        }
        ContentId::Entry(id) => {
            let entry = library.entry(id).await?;
            entry.map(|entry| meta::from_entry(&entry, install))
        }
        ContentId::Collection(id) => {
            let found = library.collection(id).await?.filter(|_| kind == Kind::Movie);
            found.map(|(collection, films)| meta::from_collection(&collection, &films, install))
        }
        ContentId::Notice => None,
    })
}

async fn entries(library: &Library, kind: Kind, id: ContentId) -> Result<Vec<Entry>, Error> {
    Ok(match id {
        ContentId::Title(title) => library.streams(kind, title, None).await?,
        ContentId::Episode { title, season, number } => library.streams(kind, title, Some((season, number))).await?,
        ContentId::Entry(id) => library.entry(id).await?.into_iter().collect(),
        ContentId::Collection(_) | ContentId::Notice => Vec::new(),
    })
}

async fn subtitles_of(
    library: &Library,
    kind: Kind,
    id: ContentId,
    playing: &Playing,
) -> Result<Vec<Choice>, DatabaseError> {
    match id {
        ContentId::Title(title) => library.subtitles(kind, title, None, playing).await,
        ContentId::Episode { title, season, number } => {
            library.subtitles(kind, title, Some((season, number)), playing).await
        }
        ContentId::Entry(id) => library.subtitles_beside(id).await,
        ContentId::Collection(_) | ContentId::Notice => Ok(Vec::new()),
    }
}

fn subtitles(state: &State, viewer: &Viewer, choices: Vec<Choice>) -> HttpResponse {
    let rows = choices.iter().map(|choice| match choice {
        Choice::File(entry) => {
            let path = state.people.subtitles_path(&viewer.person, entry.id, &subtitles::file_name(entry));
            subtitles::from_entry(entry, state.addresses.play(&path))
        }
        Choice::Inside(film, track) => {
            let name = subtitles::track_name(film, track);
            let path = state.people.track_path(&viewer.person, film.id, track.number, &name);
            subtitles::from_track(film, track, state.addresses.play(&path))
        }
    });
    json(Subtitles { subtitles: rows.collect() })
}

/// A row for each file that this viewer may play now, and one that says what stands in the way of others.
async fn streams(state: &State, viewer: &Viewer, entries: Vec<Entry>) -> Result<HttpResponse, Error> {
    let rows = |entry| rows(state, &viewer.person, entry);
    let hindrance = in_time(hindered::of(state, viewer, &entries)).await?;
    let Some(hindrance) = hindrance else {
        return Ok(json(Streams { streams: in_order(entries.iter().map(rows)) }));
    };
    let playable = in_order(entries.iter().filter(|entry| hindrance.leaves(entry)).map(rows));
    let streams = hindrance.row(&state.addresses).into_iter().chain(playable).collect();
    Ok(not_kept(Streams { streams }))
}

/// A file's row, and those of what Telegram made of it.
fn rows(state: &State, person: &Person, entry: &Entry) -> (stream::Stream, Vec<stream::Stream>) {
    let at = |rendition| state.addresses.play(&state.people.rendition_path(person, entry.id, rendition));
    let made = entry.renditions.iter().map(|one| stream::from_rendition(entry, one, at(Some(one))));
    let made = stream::from_qualities(entry, at(None)).into_iter().chain(made).collect();
    (stream::from_entry(entry, play_url(state, person, entry)), made)
}

/// What was posted first, in its order; behind it what Telegram made.
fn in_order(rows: impl Iterator<Item = (stream::Stream, Vec<stream::Stream>)>) -> Vec<stream::Stream> {
    let (posted, made): (Vec<_>, Vec<_>) = rows.unzip();
    posted.into_iter().chain(made.into_iter().flatten()).collect()
}

/// Where a person plays a file.
pub fn play_url(state: &State, person: &Person, entry: &Entry) -> AbsoluteUrl {
    state.addresses.play(&state.people.play_path(person, entry.id, &entry.name))
}

fn unavailable(addresses: &Addresses) -> stream::Stream {
    stream::notice("Not now", "The library cannot be reached.\nPlease try again in a minute.", addresses.home())
}

/// A response that counts as fresh for a moment.
fn json(body: impl Serialize) -> HttpResponse {
    let cache = format!("max-age={FRESH}, stale-while-revalidate={WHILE_REVALIDATING}, stale-if-error={IF_ERROR}");
    let response = Response { body, cache_max_age: FRESH, stale_revalidate: WHILE_REVALIDATING, stale_error: IF_ERROR };
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, cache)).json(response)
}

/// A response that is only true now.
fn not_kept(body: impl Serialize) -> HttpResponse {
    let response = Response { body, cache_max_age: 0, stale_revalidate: 0, stale_error: 0 };
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(response)
}
