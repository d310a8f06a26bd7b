//! One title: what it is, and its files with links for other players.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::shelf::{about, no_poster, poster};
use super::{Frame, explained, page};
use crate::accounts::SignedIn;
use crate::domain::entry::{Entry, EntryId, Status};
use crate::domain::person::Person;
use crate::domain::title::{Kind, MetaId};
use crate::stremio::{AbsoluteUrl, ContentId, language, meta, stream};
use crate::web::access::{self, within_patience};
use crate::web::addon::play_url;
use crate::web::{Error, State};

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

struct FileRow {
    name: String,
    about: String,
    place: String,
    url: AbsoluteUrl,
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

async fn title_page(state: &State, signed_in: &SignedIn, kind: Kind, id: MetaId) -> Result<Option<TitlePage>, Error> {
    let Some(opened) = state.library.title(kind, id).await? else {
        return Ok(None);
    };
    let title = opened.title;
    let mut entries = state.library.streams(kind, id, None).await?;
    // Episodes in their order; the sort keeps best first within each.
    entries.sort_by_key(first_place);
    let frame = Frame::signed_in(state, signed_in);
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
        files: entries.iter().map(|entry| file_row(state, &signed_in.person, entry)).collect(),
        name: title.name,
        plot: title.plot,
    }))
}

async fn file_page(state: &State, signed_in: &SignedIn, id: EntryId) -> Result<Option<TitlePage>, Error> {
    let Some(entry) = state.library.entry(id).await? else {
        return Ok(None);
    };
    let plot = match &entry.status {
        Status::Review { reason } | Status::Pending { reason: Some(reason), .. } => format!("Not matched: {reason}."),
        Status::Pending { reason: None, .. } | Status::Matched { .. } | Status::Volume => String::new(),
    };
    let frame = Frame::signed_in(state, signed_in);
    Ok(Some(TitlePage {
        name: meta::entry_name(&entry),
        about: stream::size(entry.file.len()),
        plot,
        poster: no_poster(&frame.root),
        background: None,
        frame,
        in_stremio: AbsoluteUrl::detail("movie", &ContentId::Entry(id).to_string()),
        files: vec![file_row(state, &signed_in.person, &entry)],
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
