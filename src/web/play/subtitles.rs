//! Subtitles for players: GET and HEAD `/sub/{link}/{file name}`. What the name ends in says how they are wanted: `.srt`, `.vtt` or `.ass`.

use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, http, web};

use super::{file_headers, found_by, nothing};
use crate::flows::playback::Writing;
use crate::flows::unix_now;
use crate::web::{Error, State};

/// GET and HEAD `/sub/{link}/{file name}`.
pub async fn subtitles(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let found = found_by(&state, &request).await?;
    state.limits.take_request(found.asker, unix_now()).map_err(Error::Limited)?;
    let name = request.match_info().get("name").unwrap_or_default();
    let writing = Writing::of(name);
    let content_type = match writing {
        Writing::Srt => "application/x-subrip; charset=utf-8",
        Writing::Vtt => "text/vtt; charset=utf-8",
        Writing::Ass => "text/x-ssa; charset=utf-8",
    };
    let text = state.playback.subtitles(&found, writing).await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CONTENT_DISPOSITION, file_headers::content_disposition(name, false)))
        // A link is one person's, and a person may move the lines.
        .insert_header((header::CACHE_CONTROL, "private, max-age=60"));
    if request.method() == http::Method::HEAD {
        return Ok(response.body(SizedStream::new(text.len() as u64, nothing())));
    }
    Ok(response.body(text))
}
