//! CORS on every response, errors and preflights included: without it Stremio's web client sees nothing, not even the reason.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

/// Named one by one: the browsers of older TVs do not know `*` here.
const REQUEST_HEADERS: &str = "Accept, Accept-Language, Content-Type, Range, If-Range, If-Match, If-None-Match, \
                               If-Modified-Since, If-Unmodified-Since, Cache-Control, Authorization";
/// The headers that a player's script may read.
const RESPONSE_HEADERS: &str = "Content-Range, Content-Length, Accept-Ranges, ETag, Content-Disposition, Retry-After, \
                                X-Request-Id";
const METHODS: &str = "GET, HEAD, OPTIONS";

/// Any page may read our responses: secrets are kept by tokens in the path, and browsers never send the owner's
/// cookie along with `*`.
pub async fn on_every_response<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let mut response = if request.method() == Method::OPTIONS {
        preflight(request).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

fn preflight(request: ServiceRequest) -> ServiceResponse {
    let response = HttpResponse::build(StatusCode::NO_CONTENT)
        .insert_header((header::ALLOW, METHODS))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        // Chromium asks this before a public page such as web.stremio.com may talk to an addon on this machine.
        .insert_header((HeaderName::from_static("access-control-allow-private-network"), "true"))
        .finish();
    request.into_response(response)
}
