//! The response to a link that is mistyped or whose access was taken away, both alike: a row that says so wherever Stremio shows
//! rows, 403 elsewhere.

use actix_web::HttpResponse;

use super::not_kept;
use crate::protocols::addresses::Addresses;
use crate::protocols::stremio::{ContentId, Install, MetaBody, Metas, Request, Streams, meta, stream};
use crate::web::Error;

const ENDED: &str = "This link does not work";
/// In lines as short as a row of streams has room for.
const ENDED_WHY: &str = "It is mistyped, or the access was\ntaken away. Ask whoever runs this\nCinepost for a new one.";

/// `path`: what stands behind the token, still encoded.
pub fn resource(addresses: &Addresses, install: &Install, path: &str) -> Result<HttpResponse, Error> {
    let notice = |id, kind| meta::notice(id, kind, ENDED, ENDED_WHY, install);
    match Request::parse(path) {
        Ok(Request::Catalog { kind, extra, .. }) => {
            // One row: the second page is empty, or clients would ask on for ever.
            let metas = if extra.skip == 0 { vec![notice(ContentId::Notice, kind).preview] } else { Vec::new() };
            Ok(not_kept(Metas { metas }))
        }
        Ok(Request::Meta { kind, id }) => Ok(not_kept(MetaBody { meta: notice(id, kind) })),
        Ok(Request::Stream { .. }) => {
            let row = stream::notice("No access", ENDED_WHY, addresses.access());
            Ok(not_kept(Streams { streams: vec![row] }))
        }
        Ok(Request::Manifest | Request::Subtitles { .. }) | Err(_) => Err(Error::Forbidden),
    }
}
