//! GET `/assets/{name}`: the few files that pages and the addon show, built in.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::web::Error;

pub async fn show(name: web::Path<String>) -> Result<HttpResponse, Error> {
    let (kind, bytes): (&str, &'static [u8]) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", include_bytes!("../../../templates/style.css")),
        "page.js" => ("text/javascript; charset=utf-8", include_bytes!("../../../templates/page.js")),
        "test_hls.js" => ("text/javascript; charset=utf-8", include_bytes!("../../../templates/test_hls.js")),
        "logo.png" => ("image/png", include_bytes!("../../../addon-manifest/logo.png")),
        "logo.svg" => ("image/svg+xml", include_bytes!("../../../addon-manifest/logo.svg")),
        // As PNG, since Stremio's TV apps draw no SVG.
        "no-poster.png" => ("image/png", include_bytes!("../../../addon-manifest/no-poster.png")),
        _ => return Err(Error::NotFound("such file")),
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(bytes))
}
