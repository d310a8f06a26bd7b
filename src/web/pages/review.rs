//! The review list: files that need a person, and what a person can do about them.
//!
//! Every action is a form that comes back to the page it was sent from (`back`), with a line there on what came of it; the
//! script of the page only saves the way.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{Acting, Frame, explained, isolated, page, see_other};
use crate::domain::entry::{Entry, EntryId, ReasonKind, Status};
use crate::domain::post::PostRef;
use crate::domain::review::{ReviewPart, ReviewQuery};
use crate::protocols::stremio::{ContentId, encode, stream};
use crate::web::auth::{self, within_patience};
use crate::web::{Error, State};

/// Rows on one page of the list.
const PAGE_ROWS: u32 = 20;
/// Of the list, on the owner's page.
const FIRST_ROWS: u32 = 5;

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    frame: Frame,
    list: ReviewList,
    done: Option<Done>,
}

/// Part of the list, as it is shown.
pub(super) struct ReviewList {
    pub(super) rows: Vec<ReviewRow>,
    /// How many the filter finds.
    pub(super) total: u64,
    pub(super) ignored: u64,
    /// Numbers of the first and last row among them.
    from: u64,
    to: u64,
    tabs: Vec<Tab>,
    why: String,
    find: String,
    newer: Option<String>,
    older: Option<String>,
}

/// A filter by kind of reason.
struct Tab {
    name: &'static str,
    count: u64,
    address: String,
    is_current: bool,
}

/// One file that needs a person.
pub(super) struct ReviewRow {
    pub(super) id: EntryId,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) reason: String,
    /// The file's own page; `None` where that is what is shown, under its name.
    pub(super) page: Option<String>,
    /// Opens the post in Telegram, where its caption can be edited.
    pub(super) post: Option<String>,
    pub(super) is_tried_now: bool,
    pub(super) is_ignored: bool,
    /// Where its actions come back to.
    pub(super) back: String,
}

/// What came of an action, told on the page that it came back to.
pub(super) struct Done {
    pub(super) id: EntryId,
    pub(super) text: String,
    /// Still being looked up: the page asks again.
    pub(super) is_tried_now: bool,
    pub(super) can_be_undone: bool,
    pub(super) page: Option<String>,
    pub(super) back: String,
}

/// What an action was about, in the address that it comes back to.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Did {
    tried: Option<EntryId>,
    ignored: Option<EntryId>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wanted {
    /// The word of a [`ReasonKind`], or `ignored`.
    #[serde(default)]
    why: String,
    #[serde(default)]
    find: String,
    #[serde(default)]
    skip: u32,
}

#[derive(Debug, Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// GET `/owner/review`.
pub async fn review(
    state: web::Data<State>,
    request: HttpRequest,
    wanted: web::Query<Wanted>,
    did: web::Query<Did>,
) -> HttpResponse {
    let result = async {
        let frame = Frame::signed_in(&state, &auth::owner(&state, &request).await?);
        let list = within_patience(review_list(&state, &wanted, PAGE_ROWS)).await?;
        let done = done(&state, *did, &wanted.address(wanted.skip)).await?;
        page(StatusCode::OK, &ReviewPage { frame, list, done })
    };
    explained(&state, result.await)
}

/// POST `/owner/retry/{entry}`: matches it anew.
pub async fn retry(
    state: web::Data<State>,
    request: HttpRequest,
    entry: web::Path<String>,
    back: web::Query<Back>,
    form: web::Form<Acting>,
) -> HttpResponse {
    let result = async {
        auth::acting_owner(&state, &request, &form.form_token).await?;
        let entry = entry.parse().map_err(|_| Error::NotFound("such file"))?;
        within_patience(state.ingest.retry(entry)).await?;
        Ok(see_other(&format!("{}{}", state.addresses.root(), back.with("tried", entry))).finish())
    };
    explained(&state, result.await)
}

/// POST `/owner/ignore/{entry}`: lists it nowhere.
pub async fn ignore(
    state: web::Data<State>,
    request: HttpRequest,
    entry: web::Path<String>,
    back: web::Query<Back>,
    form: web::Form<Acting>,
) -> HttpResponse {
    let result = async {
        auth::acting_owner(&state, &request, &form.form_token).await?;
        let entry = entry.parse().map_err(|_| Error::NotFound("such file"))?;
        within_patience(state.ingest.ignore(entry)).await?;
        Ok(see_other(&format!("{}{}", state.addresses.root(), back.with("ignored", entry))).finish())
    };
    explained(&state, result.await)
}

impl Back {
    /// The address to come back to, which says what was done to which file.
    fn with(&self, did: &str, entry: EntryId) -> String {
        let is_ours = match self.back.strip_prefix("/owner") {
            Some(rest) => rest.is_empty() || rest.starts_with(['/', '?']),
            None => false,
        };
        let is_plain = self.back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#');
        let back = if is_ours && is_plain { self.back.as_str() } else { "/owner" };
        let joint = if back.contains('?') { '&' } else { '?' };
        format!("{back}{joint}{did}={entry}#done")
    }
}

impl Wanted {
    fn part(&self) -> Result<ReviewPart, Error> {
        match self.why.as_str() {
            "" => Ok(ReviewPart::All),
            IGNORED => Ok(ReviewPart::Ignored),
            word => {
                let kind = ReasonKind::ALL.into_iter().find(|kind| kind.word() == word);
                kind.map(ReviewPart::Because).ok_or(Error::NotFound("such part of the list"))
            }
        }
    }

    /// Of this part of the list from a row on.
    fn address(&self, skip: u32) -> String {
        let skip = if skip > 0 { skip.to_string() } else { String::new() };
        let pairs = [("why", self.why.as_str()), ("find", self.find.trim()), ("skip", skip.as_str())];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let query = pairs.map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&");
        if query.is_empty() { LIST.to_owned() } else { format!("{LIST}?{query}") }
    }
}

const LIST: &str = "/owner/review";
const IGNORED: &str = "ignored";

/// The list's beginning, for the owner's page.
pub(super) async fn first_rows(state: &State) -> Result<ReviewList, Error> {
    let mut list = review_list(state, &Wanted::default(), FIRST_ROWS).await?;
    for row in &mut list.rows {
        row.back = "/owner".to_owned();
    }
    Ok(list)
}

async fn review_list(state: &State, wanted: &Wanted, limit: u32) -> Result<ReviewList, Error> {
    let part = wanted.part()?;
    let query = ReviewQuery { part, text: wanted.find.clone(), skip: wanted.skip, limit };
    let found = state.library.review(&query).await?;
    let root = state.addresses.root();
    let address = |skip: u32| format!("{root}{}", wanted.address(skip));
    let back = wanted.address(wanted.skip);
    let rows: Vec<ReviewRow> = found.rows.iter().map(|(entry, post)| row(root, entry, *post, &back)).collect();
    let from = u64::from(wanted.skip);
    let to = from + rows.len() as u64;

    let all: u64 = found.kinds.iter().map(|(_, count)| count).sum();
    let tab = |name, why: &str, count| {
        let address = Wanted { why: why.to_owned(), find: wanted.find.clone(), skip: 0 }.address(0);
        Tab { name, count, address: format!("{root}{address}"), is_current: wanted.why == why }
    };
    let kinds = found.kinds.iter().map(|(kind, count)| tab(name_of(*kind), kind.word(), *count));
    let mut tabs: Vec<Tab> = [tab("All", "", all)].into_iter().chain(kinds).collect();
    if found.ignored > 0 || part == ReviewPart::Ignored {
        tabs.push(tab("Ignored", IGNORED, found.ignored));
    }
    Ok(ReviewList {
        rows,
        total: found.total,
        ignored: found.ignored,
        from: from + 1,
        to,
        tabs,
        why: wanted.why.clone(),
        find: wanted.find.clone(),
        newer: (wanted.skip > 0).then(|| address(wanted.skip.saturating_sub(limit))),
        older: (to < found.total).then(|| address(wanted.skip.saturating_add(limit))),
    })
}

fn name_of(kind: ReasonKind) -> &'static str {
    match kind {
        ReasonKind::NotFound => "Not found",
        ReasonKind::Ambiguous => "Several fit",
        ReasonKind::NoEpisode => "Which episode?",
        ReasonKind::NotVideo => "Not a video",
        ReasonKind::Volumes => "Volumes and archives",
        ReasonKind::Waiting => "Waiting",
    }
}

/// A file with what can be done about it. `back`: the page that it stands on.
pub(super) fn row(root: &str, entry: &Entry, post: Option<PostRef>, back: &str) -> ReviewRow {
    let reason = entry.status.reason().map(|reason| reason.with_names(isolated).to_string());
    ReviewRow {
        id: entry.id,
        name: entry.name.clone(),
        size: stream::size(entry.file.len()),
        reason: reason.unwrap_or_else(|| "it was hidden from the library".to_owned()),
        page: Some(file_page(root, entry.id)),
        post: post.map(|post| post.url()),
        is_tried_now: entry.status.is_tried_again_now(),
        is_ignored: matches!(entry.status, Status::Ignored { .. }),
        back: encode(back),
    }
}

fn file_page(root: &str, id: EntryId) -> String {
    format!("{root}/owner/title/movie/{}", ContentId::Entry(id))
}

/// What came of the action that this page was come back to from.
pub(super) async fn done(state: &State, did: Did, back: &str) -> Result<Option<Done>, Error> {
    let Some(id) = did.tried.or(did.ignored) else { return Ok(None) };
    let Some(entry) = within_patience(state.library.entry(id)).await? else { return Ok(None) };
    let name = isolated(&entry.name);
    let is_matched = matches!(entry.status, Status::Matched { .. });
    let text = match &entry.status {
        Status::Matched { .. } => format!("{name} found its title."),
        Status::Ignored { .. } => format!("{name} is listed nowhere any more. It stands under “Ignored”."),
        Status::Review { reason } => format!("{name} was looked up just now: {}.", reason.with_names(isolated)),
        Status::Pending { retry_at: 0, .. } => format!("Looking up {name} now…"),
        Status::Pending { reason: Some(reason), .. } => format!("{name}: {}.", reason.with_names(isolated)),
        Status::Pending { reason: None, .. } | Status::Volume => format!("{name} waits for its turn."),
    };
    Ok(Some(Done {
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
            let back = Back { back: back.to_owned() }.with("tried", entry);
            assert_eq!(back, format!("{wanted}{entry}#done"));
        }
    }

    #[test]
    fn an_address_holds_what_is_wanted_and_no_more() {
        let wanted = |why: &str, find: &str| Wanted { why: why.to_owned(), find: find.to_owned(), skip: 0 };
        let cases = [
            (wanted("", ""), 0, "/owner/review"),
            (wanted("", ""), 20, "/owner/review?skip=20"),
            (wanted("ambiguous", " a&b "), 40, "/owner/review?why=ambiguous&find=a%26b&skip=40"),
        ];
        for (wanted, skip, address) in cases {
            assert_eq!(wanted.address(skip), address);
        }
        assert!(wanted("nonsense", "").part().is_err());
    }
}
