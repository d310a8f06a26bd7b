//! GET `/owner/title/{kind}/{id}`: one title and its files, with links for other players. A file without a title has such a page too;
//! once it has found one, its page is the title's.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::library::{about, no_poster, poster};
use super::review::{ReviewRow, row};
use super::review_actions::{Action, Outcome, outcome};
use super::{Frame, isolated, page, see_other};
use crate::domain::entry::{Entry, EntryId, SeriesPart, Status};
use crate::domain::person::Person;
use crate::domain::title::{Kind, MetaId};
use crate::protocols::stremio::{AbsoluteUrl, ContentId, encode, language, meta, stream};
use crate::web::auth::Owner;
use crate::web::stremio::play_url;
use crate::web::timeout::in_time;
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "title.html")]
struct TitlePage {
    frame: Frame,
    name: String,
    /// For the browser's tab, where no element can hold its direction.
    tab: String,
    about: String,
    plot: String,
    poster: String,
    background: Option<AbsoluteUrl>,
    in_stremio: AbsoluteUrl,
    files: Vec<FileRow>,
    /// A file that has no title, and what can be done about it.
    review: Option<ReviewRow>,
    outcome: Option<Outcome>,
}

struct FileRow {
    id: EntryId,
    name: String,
    about: String,
    part: String,
    /// How its title was found, where that is known.
    how: Option<String>,
    url: AbsoluteUrl,
    /// The page that hiding the file returns to. `None` where the file has no such button.
    back: Option<String>,
}

pub async fn show(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    action: web::Query<Action>,
    owner: Owner,
) -> Result<HttpResponse, Error> {
    let kind: Kind = path.0.parse().map_err(|()| Error::NotFound("such title"))?;
    let id: ContentId = path.1.parse().map_err(|_| Error::NotFound("such title"))?;
    let answer = in_time(async {
        match id {
            ContentId::Title(id) => title_page(&state, &owner, kind, id, *action).await,
            ContentId::Entry(id) => file_page(&state, &owner, id, *action).await,
            ContentId::Episode { .. } | ContentId::Collection(_) | ContentId::Notice => {
                Err(Error::NotFound("such title"))
            }
        }
    });
    answer.await
}

/// The address of a title's page, from the root on.
fn page_of(kind: Kind, id: &str) -> String {
    format!("/owner/title/{kind}/{id}")
}

async fn title_page(
    state: &State,
    owner: &Owner,
    kind: Kind,
    id: MetaId,
    action: Action,
) -> Result<HttpResponse, Error> {
    let opened = state.library.title(kind, id).await?.ok_or(Error::NotFound("such title"))?;
    let title = opened.title;
    let mut entries = state.library.streams(kind, id, None).await?;
    // Episodes in their order; the sort keeps best first within each.
    entries.sort_by_key(first_part);
    let frame = Frame::of_owner(state, owner);
    let here = page_of(kind, &id.to_string());
    let about = [about(&title), title.genres.join(", ")];
    let template = TitlePage {
        about: about.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
        poster: poster(&title, &frame.root),
        background: title.background.as_deref().and_then(AbsoluteUrl::parse),
        frame,
        in_stremio: AbsoluteUrl::detail(kind.as_str(), &id.to_string()),
        files: entries.iter().map(|entry| file_row(state, &owner.person, entry, Some(&here))).collect(),
        tab: isolated(&title.name),
        name: title.name,
        plot: title.plot,
        review: None,
        outcome: outcome(state, action, &here).await?,
    };
    page(StatusCode::OK, &template)
}

async fn file_page(state: &State, owner: &Owner, id: EntryId, action: Action) -> Result<HttpResponse, Error> {
    let entry = state.library.entry(id).await?.ok_or(Error::NotFound("such file"))?;
    if let Some(title) = state.library.title_of(&entry).await?
        && let Some(id) = title.meta_id()
    {
        return Ok(see_other(&format!("{}{}", state.addresses.root(), page_of(title.kind, &id.to_string()))).finish());
    }
    let here = page_of(Kind::Movie, &ContentId::Entry(id).to_string());
    let frame = Frame::of_owner(state, owner);
    let post = state.library.sources(id).await?.first().map(|source| source.at);
    let name = meta::entry_name(&entry);
    let template = TitlePage {
        tab: isolated(&name),
        name,
        about: stream::size(entry.file.len()),
        plot: String::new(),
        poster: no_poster(&frame.root),
        background: None,
        in_stremio: AbsoluteUrl::detail("movie", &ContentId::Entry(id).to_string()),
        files: vec![file_row(state, &owner.person, &entry, None)],
        review: match entry.status {
            Status::Review { .. } | Status::Ignored { .. } | Status::Pending { reason: Some(_), .. } => {
                Some(ReviewRow { page: None, ..row(&frame.root, &entry, post, &here) })
            }
            Status::Pending { reason: None, .. }
            | Status::Matched { .. }
            | Status::Subtitles { .. }
            | Status::Volume => None,
        },
        outcome: outcome(state, action, &here).await?,
        frame,
    };
    page(StatusCode::OK, &template)
}

fn first_part(entry: &Entry) -> Option<SeriesPart> {
    match &entry.status {
        Status::Matched { parts, .. } | Status::Subtitles { parts, .. } => parts.first().copied(),
        Status::Pending { .. } | Status::Review { .. } | Status::Ignored { .. } | Status::Volume => None,
    }
}

/// `back`: the page that lists the file, when it can be hidden there.
fn file_row(state: &State, owner: &Person, entry: &Entry, back: Option<&str>) -> FileRow {
    let release = &entry.described();
    let words = [stream::resolution(entry), release.source.clone(), release.video_codec.clone()];
    // Without their flags, which Windows does not draw.
    let languages = release.languages.iter().filter_map(|code| language::describe(code));
    let languages = languages.map(|(_, name)| name.to_owned());
    let beside = release.extra.map(|extra| extra.word().to_owned());
    let about =
        beside.into_iter().chain(words.into_iter().flatten()).chain(languages).chain([stream::size(entry.file.len())]);
    FileRow {
        id: entry.id,
        name: entry.name.clone(),
        about: about.collect::<Vec<_>>().join(" · "),
        part: match first_part(entry) {
            Some(SeriesPart::Episode { season, number }) => format!("S{season:02}E{number:02}"),
            Some(SeriesPart::Season { season }) => format!("Season {season}"),
            None => String::new(),
        },
        how: match &entry.status {
            Status::Matched { how, .. } | Status::Subtitles { how, .. } => {
                how.as_ref().map(|how| isolated(&how.to_string()))
            }
            Status::Pending { .. } | Status::Review { .. } | Status::Ignored { .. } | Status::Volume => None,
        },
        url: play_url(state, owner, entry),
        back: back.map(encode),
    }
}
