//! Playlists for VLC, Kodi and other players: GET and HEAD `/m3u/{token}/films.m3u8`, `series/{id}.m3u8`, `list/{number}.m3u8`.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::auth::Viewer;
use super::timeout::in_time;
use super::{Error, State};
use crate::protocols::m3u::{CONTENT_TYPE, Playlist};

/// GET `/m3u/{token}/…`.
pub async fn show(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    viewer: Viewer,
) -> Result<HttpResponse, Error> {
    let (_, rest) = path.into_inner();
    let playlist = Playlist::parse(&rest).ok_or(Error::NotFound("such playlist"))?;
    let items = in_time(state.export.playlist(playlist, &viewer.person)).await?;
    let items = items.ok_or(Error::NotFound("such playlist"))?;
    let name = playlist.parts().pop().unwrap_or_default().replace(':', "-");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, CONTENT_TYPE))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        // Its links are one person's.
        .insert_header((header::CACHE_CONTROL, "private, max-age=60"))
        .streaming(items))
}
