//! The response to a link that is mistyped or whose access was taken away, both alike, and to one whose person may not in now: a row
//! that says so wherever Stremio shows rows, 403 elsewhere.

use actix_web::HttpResponse;

use super::not_kept;
use crate::protocols::addresses::Addresses;
use crate::protocols::stremio::{ContentId, Install, MetaBody, Metas, Request, Streams, meta, stream};
use crate::web::Error;

const ENDED: &str = "This link does not work";
/// In lines as short as a row of streams has room for.
const ENDED_WHY: &str = "It is mistyped, or the access was\ntaken away. Ask whoever runs this\nCinepost for a new one.";

/// `path`: what stands behind the token, still encoded. `refusal`: why it is not answered.
pub fn resource(addresses: &Addresses, install: &Install, path: &str, refusal: Error) -> Result<HttpResponse, Error> {
    let (title, why) = match &refusal {
        Error::Denied(denied) => ("Not now", denied.to_string()),
        _ => (ENDED, ENDED_WHY.to_owned()),
    };
    let notice = |id, kind| meta::notice(id, kind, title, &why, install);
    match Request::parse(path) {
        Ok(Request::Catalog { kind, extra, .. }) => {
            // One row: the second page is empty, or clients would ask on for ever.
            let metas = if extra.skip == 0 { vec![notice(ContentId::Notice, kind).preview] } else { Vec::new() };
            Ok(not_kept(Metas { metas }))
        }
        Ok(Request::Meta { kind, id }) => Ok(not_kept(MetaBody { meta: notice(id, kind) })),
        Ok(Request::Stream { .. } | Request::ForeignStream(_)) => {
            let row = stream::notice("No access", &why, addresses.access());
            Ok(not_kept(Streams { streams: vec![row] }))
        }
        Ok(Request::Manifest | Request::Subtitles { .. } | Request::ForeignSubtitles(..) | Request::Foreign(_))
        | Err(_) => Err(refusal),
    }
}
