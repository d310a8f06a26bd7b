//! What the owner can do about one file: POST `/owner/retry/{entry}`, `/owner/ignore/{entry}` and `/owner/choose/{entry}/{kind}/{id}`.
//!
//! Every action is a form that comes back to the page it was sent from ([`ReturnTo`]), with the action in the address ([`Action`]),
//! and that page shows the result ([`Outcome`]). The page's script only saves loading it anew.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::review::file_page;
use super::{isolated, see_other};
use crate::domain::entry::{EntryId, Status};
use crate::flows::ingest::review::{Spread, Wanted};
use crate::flows::unix_now;
use crate::protocols::stremio::encode;
use crate::web::auth::OwnerForm;
use crate::web::timeout::in_time;
use crate::web::{Error, State};

/// Takes back what was decided of a file, and matches it anew.
pub async fn retry(
    state: web::Data<State>,
    entry: web::Path<String>,
    return_to: web::Query<ReturnTo>,
    form: OwnerForm,
) -> Result<HttpResponse, Error> {
    let entry = entry_id(&entry)?;
    in_time(state.review.again(&[entry], form.owner.actor(), unix_now())).await?;
    Ok(return_to.redirect(&state, "tried", entry))
}

/// Lists a file nowhere, until that is taken back.
pub async fn ignore(
    state: web::Data<State>,
    entry: web::Path<String>,
    return_to: web::Query<ReturnTo>,
    form: OwnerForm,
) -> Result<HttpResponse, Error> {
    let entry = entry_id(&entry)?;
    in_time(state.review.ignore(&[entry], form.owner.actor(), unix_now())).await?;
    Ok(return_to.redirect(&state, "ignored", entry))
}

/// Says which title a file is.
pub async fn choose(
    state: web::Data<State>,
    chosen: web::Path<(String, String, String)>,
    return_to: web::Query<ReturnTo>,
    form: OwnerForm,
) -> Result<HttpResponse, Error> {
    let (entry, kind, id) = chosen.into_inner();
    let entry = entry_id(&entry)?;
    let no_title = || Error::NotFound("such title");
    let wanted = Wanted::Title(kind.parse().map_err(|()| no_title())?, id.parse().map_err(|_| no_title())?);
    in_time(state.review.choose(&[entry], &wanted.into(), Spread::These, form.owner.actor(), unix_now())).await?;
    Ok(return_to.redirect(&state, "tried", entry))
}

fn entry_id(text: &str) -> Result<EntryId, Error> {
    text.parse().map_err(|_| Error::NotFound("such file"))
}

/// The page that a form was sent from, by its path under BASE_URL.
#[derive(Debug, Deserialize)]
pub struct ReturnTo {
    #[serde(default)]
    back: String,
}

impl ReturnTo {
    fn redirect(&self, state: &State, action: &str, entry: EntryId) -> HttpResponse {
        see_other(&format!("{}{}", state.addresses.root(), self.with(action, entry))).finish()
    }

    /// The address to come back to, which names the action and its file.
    fn with(&self, action: &str, entry: EntryId) -> String {
        let is_ours = match self.back.strip_prefix("/owner") {
            Some(rest) => rest.is_empty() || rest.starts_with(['/', '?']),
            None => false,
        };
        let is_plain = self.back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#');
        let back = if is_ours && is_plain { self.back.as_str() } else { "/owner" };
        let joint = if back.contains('?') { '&' } else { '?' };
        format!("{back}{joint}{action}={entry}#done")
    }
}

/// The action that led back to a page, and its file.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Action {
    tried: Option<EntryId>,
    ignored: Option<EntryId>,
}

/// The result of an action.
pub(super) struct Outcome {
    pub(super) id: EntryId,
    pub(super) text: String,
    /// It is still being looked up: the page asks again.
    pub(super) is_tried_now: bool,
    pub(super) can_be_undone: bool,
    pub(super) page: Option<String>,
    pub(super) back: String,
}

/// The result of the action that led back to this page. `back`: this page, for the form that undoes the action.
pub(super) async fn outcome(state: &State, action: Action, back: &str) -> Result<Option<Outcome>, Error> {
    let Some(id) = action.tried.or(action.ignored) else { return Ok(None) };
    let Some(entry) = in_time(state.library.entry(id)).await? else { return Ok(None) };
    let name = isolated(&entry.name);
    let is_matched = matches!(entry.status, Status::Matched { .. });
    let text = match &entry.status {
        Status::Matched { .. } => format!("{name} found its title."),
        Status::Subtitles { .. } => format!("{name} stands beside its film now."),
        Status::Ignored { .. } => format!("{name} is listed nowhere any more. It stands under “Ignored”."),
        Status::Review { reason } => format!("{name} was looked up just now: {}.", reason.with_names(isolated)),
        Status::Pending { retry_at: 0, .. } => format!("Looking up {name} now…"),
        Status::Pending { reason: Some(reason), .. } => format!("{name}: {}.", reason.with_names(isolated)),
        Status::Pending { reason: None, .. } | Status::Volume => format!("{name} waits for its turn."),
    };
    Ok(Some(Outcome {
        id,
        text,
        is_tried_now: matches!(entry.status, Status::Pending { retry_at: 0, .. }),
        can_be_undone: matches!(entry.status, Status::Ignored { .. }),
        page: is_matched.then(|| file_page(state.addresses.root(), id)),
        back: encode(back),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_come_back_to_pages_of_the_owner_and_nowhere_else() {
        let entry = EntryId::from_bytes([1; 12]);
        let cases = [
            ("/owner", "/owner?tried="),
            ("/owner?show=series", "/owner?show=series&tried="),
            ("/owner/review?why=not-found&skip=20", "/owner/review?why=not-found&skip=20&tried="),
            ("", "/owner?tried="),
            ("//evil.example", "/owner?tried="),
            ("/ownerevil", "/owner?tried="),
            ("https://evil.example/owner", "/owner?tried="),
            ("/owner/../\\evil", "/owner?tried="),
            ("/owner?a=\r\nset-cookie: x", "/owner?tried="),
        ];
        for (back, wanted) in cases {
            let back = ReturnTo { back: back.to_owned() }.with("tried", entry);
            assert_eq!(back, format!("{wanted}{entry}#done"));
        }
    }
}
