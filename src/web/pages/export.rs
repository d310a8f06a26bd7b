//! GET `/owner/export.zip`: the library as files for Jellyfin, Emby and Kodi, with the links of whoever is signed in.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::flows::unix_now;
use crate::web::auth::Owner;
use crate::web::{Error, State};

pub async fn zip(state: web::Data<State>, owner: Owner) -> Result<HttpResponse, Error> {
    let pieces = state.export.download(owner.person.clone(), unix_now());
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        // It is packed already.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"cinepost.zip\""))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .streaming(pieces))
}
