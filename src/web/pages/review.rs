//! The review list: files that need a person.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{Acting, explained, see_other};
use crate::domain::entry::{EntryId, Status};
use crate::site::Spot;
use crate::stremio::stream;
use crate::web::access::{self, within_patience};
use crate::web::{Error, State};

/// One file that needs a person.
pub(super) struct ReviewRow {
    pub(super) id: EntryId,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) reason: String,
    /// Opens the post in Telegram, where its caption can be edited.
    pub(super) post: Option<String>,
}

/// POST `/owner/retry/{entry}`: matches it anew.
pub async fn retry(
    state: web::Data<State>,
    request: HttpRequest,
    entry: web::Path<String>,
    form: web::Form<Acting>,
) -> HttpResponse {
    let result = async {
        access::acting_owner(&state, &request, &form.form_token).await?;
        let entry = entry.parse().map_err(|_| Error::NotFound("such file"))?;
        within_patience(state.ingest.retry(Some(entry))).await?;
        Ok(see_other(&state.site.owner_path(Spot::Review)).finish())
    };
    explained(&state, result.await)
}

pub(super) async fn review_rows(state: &State) -> Result<Vec<ReviewRow>, Error> {
    let mut rows = Vec::new();
    for entry in state.library.review(0).await? {
        let reason = match &entry.status {
            Status::Review { reason } | Status::Pending { reason: Some(reason), .. } => reason.to_string(),
            Status::Pending { reason: None, .. } | Status::Matched { .. } | Status::Volume => continue,
        };
        let post = state.library.sources(entry.id).await?.first().map(|source| source.at.url());
        rows.push(ReviewRow { id: entry.id, size: stream::size(entry.file.len()), name: entry.name, reason, post });
    }
    Ok(rows)
}
