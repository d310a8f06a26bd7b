//! Requests that change something come from our own pages only. Browsers say where a request comes from in `Sec-Fetch-Site` and
//! `Origin`; a page of another site, a sibling on the same domain included, cannot hide it. (Forms carry a token besides: [`super::OwnerForm`].)

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, ResponseError};
use url::Url;

use crate::web::{Error, State};

/// Refuses what another site's page sends and GET does not.
pub async fn own_pages_only<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    if request.method().is_safe() || is_ours(request.request(), &State::of(request.request())) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    Ok(request.into_response(Error::Foreign.error_response()).map_into_right_body())
}

/// Whether a request comes from one of our own pages, as far as the browser tells.
pub fn is_ours(request: &HttpRequest, state: &State) -> bool {
    is_own(request.headers(), state.addresses.base().as_str())
}

/// Whether the page that sends this is one of ours, as far as the browser tells; programs that are no browsers send neither header.
fn is_own(headers: &HeaderMap, base_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text("origin") else { return true };
    let own = Url::parse(base_url).map(|url| url.origin().ascii_serialization());
    // The owner may have come by another address than BASE_URL; then the browser's own `Host` names it.
    let host = text(header::HOST.as_str()).unwrap_or_default();
    own.is_ok_and(|own| own == origin)
        || Url::parse(origin).is_ok_and(|url| !host.is_empty() && authority(&url) == host)
}

/// `host` or `host:port`, as `Host` has it.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn other_sites_siblings_included_are_told_apart() {
        let base = "https://films.example.org/cinema";
        type Headers = &'static [(&'static str, &'static str)];
        let cases: [(&str, Headers, bool); 12] = [
            ("no browser", &[("host", "127.0.0.1:8080")], true),
            ("our page", &[("sec-fetch-site", "same-origin"), ("origin", "https://films.example.org")], true),
            ("our page behind a proxy that renames", &[("sec-fetch-site", "same-origin"), ("host", "app:8080")], true),
            ("another site", &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false),
            ("a sibling", &[("sec-fetch-site", "same-site"), ("origin", "https://evil.example.org")], false),
            ("older browsers: our page", &[("origin", "https://films.example.org"), ("host", "app:8080")], true),
            (
                "older browsers: another site",
                &[("origin", "https://evil.example"), ("host", "films.example.org")],
                false,
            ),
            (
                "older browsers: a sibling",
                &[("origin", "https://evil.example.org"), ("host", "films.example.org")],
                false,
            ),
            (
                "older browsers: other scheme and port",
                &[("origin", "http://films.example.org:81"), ("host", "films.example.org")],
                false,
            ),
            (
                "by the address in the house",
                &[("origin", "http://192.168.1.5:8080"), ("host", "192.168.1.5:8080")],
                true,
            ),
            ("a sandboxed frame", &[("origin", "null"), ("host", "films.example.org")], false),
            ("nonsense", &[("origin", "\u{7f}"), ("host", "")], false),
        ];
        for (what, headers, wanted) in cases {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                let value = HeaderValue::from_bytes(value.as_bytes()).unwrap_or(HeaderValue::from_static("?"));
                map.insert(HeaderName::from_static(name), value);
            }
            assert_eq!(is_own(&map, base), wanted, "{what}");
        }
    }
}
