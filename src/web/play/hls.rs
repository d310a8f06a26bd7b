//! Films as HLS, for players: what stands in the addresses says [`crate::protocols::playlist`].

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http, web};
use bytes::Bytes;
use futures_util::{Stream, stream};
use rewrap::Addresses;
use serde::Deserialize;
use serde_json::json;

use super::{Error, State, decide, found_by, nothing, status};
use crate::domain::conditions::{Method, Outcome, Validators};
use crate::flows::playback::{self, Found, Segment, Way};
use crate::flows::unix_now;
use crate::protocols::hls::MEDIA_TYPE;
use crate::protocols::players;
use crate::protocols::playlist::{PICTURE_TYPE, Player, SOUND_TYPE, TrackName};
use crate::protocols::stremio::AbsoluteUrl;

/// Which way a film takes may change: a player says more of itself, ffmpeg is installed.
const WAY_KEPT: &str = "private, max-age=60";
/// What is made of a file's bytes stays the same, as they do. A link is one person's: shared caches keep out.
const PART_KEPT: &str = "private, max-age=3600";
/// Raised when other bytes are made of the same film, so that nobody mixes what they have with what they get.
const MADE_BY: u32 = 1;

/// For whom it is.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(rename = "for")]
    who: Option<String>,
    also: Option<String>,
}

impl Asked {
    fn player(&self) -> Result<Player, Error> {
        Ok(Player::named(self.who.as_deref(), self.also.as_deref())?)
    }
}

/// The film of a link, and which way it takes to who asks; or why it takes none.
async fn way(state: &State, request: &HttpRequest, asked: &Asked) -> Result<(Found, Result<Way, String>), Error> {
    let found = found_by(state, request).await?;
    let player = asked.player()?;
    state.limits.take_request(found.asker, unix_now()).map_err(Error::Limited)?;
    let way = match state.playback.way(&found, &player).await {
        Ok(way) => Ok(way),
        Err(playback::Error::NotHls(why)) => Err(why),
        Err(error) => return Err(error.into()),
    };
    Ok((found, way))
}

/// GET and HEAD `/playlist/{link}.m3u8`.
pub async fn film(
    state: web::Data<State>,
    request: HttpRequest,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (found, way) = way(&state, &request, &asked).await?;
    let way = match way {
        Ok(way) => way,
        Err(why) => return Ok(not_hls(&state, &request, &found, &why)),
    };
    let link = link_of(&request);
    let address = |track: TrackName| state.addresses.track_playlist(link, &track.to_string()).to_string();
    Ok(playlist(way.master_playlist(address), WAY_KEPT))
}

/// GET `/playlist/{link}.json`: the same as words, for pages that play. Where the film goes in Telegram's qualities it says so: who asked for JSON is not sent to a playlist.
pub async fn about(
    state: web::Data<State>,
    request: HttpRequest,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (found, way) = way(&state, &request, &asked).await?;
    let mut said = elsewhere(&state, link_of(&request), &found);
    let way = match way {
        Ok(way) => way,
        Err(why) => {
            let Some(there) = instead(&state, &request, &found) else {
                return Ok(not_hls(&state, &request, &found, &why));
            };
            said["error"] = json!(why);
            said["instead"] = json!(there);
            return Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, WAY_KEPT)).json(said));
        }
    };
    said["says"] = json!(way.says);
    said["direct"] = json!(way.is_direct);
    said["playlist"] = json!(state.addresses.playlist(link_of(&request)));
    said["sounds"] = sounds(&way);
    said["left_out"] = json!(way.left_out);
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, WAY_KEPT)).json(said))
}

fn sounds(way: &Way) -> serde_json::Value {
    let sound = |choice: &playback::Choice| {
        let rendition = &choice.rendition;
        json!({
            "track": choice.track.number,
            "name": rendition.name,
            "language": rendition.language,
            "channels": rendition.channels,
            "codecs": rendition.codecs,
            "encoded": choice.track.aac.is_some(),
        })
    };
    way.sounds.iter().map(sound).collect()
}

/// Where the qualities are that Telegram made of the film, when it made some.
fn instead(state: &State, request: &HttpRequest, found: &Found) -> Option<AbsoluteUrl> {
    let has_some = found.entry.renditions.iter().any(|one| one.playlist.is_some());
    has_some.then(|| state.addresses.qualities(link_of(request)))
}

/// A film that goes no such way: in the qualities that Telegram made of it, when it made some; else why, and who plays the file.
fn not_hls(state: &State, request: &HttpRequest, found: &Found, why: &str) -> HttpResponse {
    if let Some(there) = instead(state, request, found) {
        return HttpResponse::TemporaryRedirect()
            .insert_header((header::LOCATION, there.as_str()))
            .insert_header((header::CACHE_CONTROL, WAY_KEPT))
            .json(json!({ "error": why, "instead": there }));
    }
    let mut said = elsewhere(state, link_of(request), found);
    said["error"] = json!(format!("{why}; VLC, Infuse and Stremio play the file as it is"));
    HttpResponse::UnprocessableEntity().insert_header((header::CACHE_CONTROL, "no-store")).json(said)
}

/// Where the file plays as it is.
fn elsewhere(state: &State, link: &str, found: &Found) -> serde_json::Value {
    let file = state.addresses.file(link, &found.entry.name);
    let player = |link: players::PlayerLink| json!({ "player": link.player, "on": link.on, "url": link.href });
    let players: Vec<_> = players::links(&file, &found.entry.name, true).into_iter().map(player).collect();
    json!({ "file": file, "players": players })
}

/// GET and HEAD `/playlist/{link}/{track}.m3u8`.
pub async fn track(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (found, name) = track_asked(&state, &request).await?;
    let under = state.addresses.track_parts(link_of(&request), &name.to_string()).to_string();
    let text = state.playback.track_playlist(&found, name, &Under(under)).await?;
    // No ETag: it holds addresses of this server's, which may change, and is compressed in several ways.
    Ok(playlist(text, PART_KEPT))
}

/// Addresses of a track's parts.
struct Under(String);

impl Addresses for Under {
    fn init(&self) -> String {
        format!("{}/init.mp4", self.0)
    }

    fn segment(&self, number: usize) -> String {
        format!("{}/{number}.m4s", self.0)
    }
}

/// GET and HEAD `/playlist/{link}/{track}/init.mp4`.
pub async fn init(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (found, name) = track_asked(&state, &request).await?;
    // Of what is not there nobody has the right one, whatever they say.
    let bytes = state.playback.track_init(&found, name).await?;
    let (mut response, is_known) = part(&request, &found, &format!("{name}-init"));
    if is_known {
        return Ok(response.finish());
    }
    Ok(response.content_type(PICTURE_TYPE).body(bytes))
}

/// GET and HEAD `/playlist/{link}/{track}/{number}.m4s`.
pub async fn segment(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (found, name) = track_asked(&state, &request).await?;
    let number = request.match_info().get("number").unwrap_or_default();
    let number = number.parse().map_err(|_| Error::NotFound("such segment"))?;
    state.playback.has_segment(&found, name, number).await?;
    let (mut response, is_known) = part(&request, &found, &format!("{name}-{number}"));
    if is_known {
        return Ok(response.finish());
    }
    response.content_type(if name.aac.is_some() { SOUND_TYPE } else { PICTURE_TYPE });
    if request.method() == http::Method::HEAD {
        // How long it will be is not known before it is made.
        return Ok(response.streaming(nothing()));
    }
    let segment = state.playback.segment(&found, name, number).await?;
    if let Some(len) = segment.known_bytes() {
        response.no_chunking(len);
    }
    Ok(response.streaming(pieces(segment)))
}

/// A body of a segment; after an error nothing comes.
fn pieces(segment: Segment) -> impl Stream<Item = Result<Bytes, playback::Error>> {
    stream::unfold(Some(segment), |segment| async move {
        let mut segment = segment?;
        match segment.next().await.transpose()? {
            Ok(piece) => Some((Ok(piece), Some(segment))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

/// What the link leads to, and the track in the path.
async fn track_asked(state: &State, request: &HttpRequest) -> Result<(Found, TrackName), Error> {
    let found = found_by(state, request).await?;
    state.limits.take_request(found.asker, unix_now()).map_err(Error::Limited)?;
    let name = request.match_info().get("track").unwrap_or_default();
    Ok((found, name.parse().map_err(|()| Error::NotFound("such track"))?))
}

/// The headers of a part of a film, and whether the client has it already.
fn part(request: &HttpRequest, found: &Found, name: &str) -> (HttpResponseBuilder, bool) {
    let etag = format!("\"{}-{:x}-{MADE_BY}-{name}\"", found.entry.id, found.entry.file.len());
    let validators = Validators { etag, modified: None };
    // Of a part nobody has seen the length, so nobody asks for a range of it.
    let outcome = decide(request, Method::Head, &validators, 0);
    let is_known = matches!(outcome, Outcome::NotModified | Outcome::PreconditionFailed);
    let mut response = HttpResponse::build(if is_known { status(&outcome) } else { StatusCode::OK });
    response.insert_header((header::ETAG, validators.etag.as_str())).insert_header((header::CACHE_CONTROL, PART_KEPT));
    (response, is_known)
}

fn playlist(text: String, kept: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
        .insert_header((header::CACHE_CONTROL, kept))
        .body(text)
}

fn link_of(request: &HttpRequest) -> &str {
    request.match_info().get("link").unwrap_or_default()
}
