//! GET `/owner/review`: the files that need a person, each with the reason and what can be done about it. Its first rows are a section of
//! the owner's page, and each row is a section of its file's page.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::review_actions::{Action, Outcome, outcome};
use super::{Frame, isolated, page};
use crate::domain::entry::{Entry, EntryId, Reason, ReasonKind, Status};
use crate::domain::matching::Suggestion;
use crate::domain::post::PostRef;
use crate::domain::review::{ReviewPart, ReviewQuery};
use crate::protocols::stremio::{ContentId, encode, stream};
use crate::web::auth::Owner;
use crate::web::timeout::in_time;
use crate::web::{Error, State};

/// Rows on one page of the list.
const PAGE_ROWS: u32 = 20;
/// Rows of the list on the owner's page.
const FIRST_ROWS: u32 = 5;

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    frame: Frame,
    list: ReviewList,
    outcome: Option<Outcome>,
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
    /// What was weighed, line by line.
    pub(super) details: Vec<String>,
    /// Titles that it may be, each with the address that says so.
    pub(super) choices: Vec<TitleChoice>,
    /// The file's own page; `None` where that is what is shown, under its name.
    pub(super) page: Option<String>,
    /// Opens the post in Telegram, where its caption can be edited.
    pub(super) post: Option<String>,
    pub(super) is_tried_now: bool,
    pub(super) is_ignored: bool,
    /// Where its actions come back to.
    pub(super) back: String,
}

/// A title that can be chosen for a file.
pub(super) struct TitleChoice {
    pub(super) title: String,
    pub(super) address: String,
}

/// The part of the list that an address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    /// The word of a [`ReasonKind`], or `ignored`.
    #[serde(default)]
    why: String,
    #[serde(default)]
    find: String,
    #[serde(default)]
    skip: u32,
}

pub async fn show(
    state: web::Data<State>,
    filter: web::Query<Filter>,
    action: web::Query<Action>,
    owner: Owner,
) -> Result<HttpResponse, Error> {
    let frame = Frame::of_owner(&state, &owner);
    let list = in_time(review_list(&state, &filter, PAGE_ROWS)).await?;
    let outcome = outcome(&state, *action, &filter.address(filter.skip)).await?;
    page(StatusCode::OK, &ReviewPage { frame, list, outcome })
}

impl Filter {
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

    /// The address of this part of the list, from row `skip` on.
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

/// The first rows, for the owner's page.
pub(super) async fn first_rows(state: &State) -> Result<ReviewList, Error> {
    let mut list = review_list(state, &Filter::default(), FIRST_ROWS).await?;
    for row in &mut list.rows {
        row.back = "/owner".to_owned();
    }
    Ok(list)
}

async fn review_list(state: &State, filter: &Filter, limit: u32) -> Result<ReviewList, Error> {
    let part = filter.part()?;
    let query = ReviewQuery { part, channel: None, text: filter.find.clone(), skip: filter.skip, limit };
    let found = state.library.review(&query).await?;
    let root = state.addresses.root();
    let address = |skip: u32| format!("{root}{}", filter.address(skip));
    let back = filter.address(filter.skip);
    let rows: Vec<ReviewRow> = found.rows.iter().map(|(entry, post)| row(root, entry, *post, &back)).collect();
    let from = u64::from(filter.skip);
    let to = from + rows.len() as u64;

    let all: u64 = found.kinds.iter().map(|(_, count)| count).sum();
    let tab = |name, why: &str, count| {
        let address = Filter { why: why.to_owned(), find: filter.find.clone(), skip: 0 }.address(0);
        Tab { name, count, address: format!("{root}{address}"), is_current: filter.why == why }
    };
    let kinds = found.kinds.iter().map(|(kind, count)| tab(tab_name(*kind), kind.word(), *count));
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
        why: filter.why.clone(),
        find: filter.find.clone(),
        newer: (filter.skip > 0).then(|| address(filter.skip.saturating_sub(limit))),
        older: (to < found.total).then(|| address(filter.skip.saturating_add(limit))),
    })
}

fn tab_name(kind: ReasonKind) -> &'static str {
    match kind {
        ReasonKind::NotFound => "Not found",
        ReasonKind::Ambiguous => "Several fit",
        ReasonKind::NoEpisode => "Which episode?",
        ReasonKind::NotVideo => "Not a video",
        ReasonKind::Volumes => "Volumes and archives",
        ReasonKind::Waiting => "Waiting",
        ReasonKind::ByChannel => "Not looked for",
    }
}

/// A file with what can be done about it. `back`: the page that it stands on.
pub(super) fn row(root: &str, entry: &Entry, post: Option<PostRef>, back: &str) -> ReviewRow {
    let reason = entry.status.reason().map(|reason| reason.with_names(isolated));
    let details = reason.as_ref().map(Reason::details).unwrap_or_default();
    ReviewRow {
        id: entry.id,
        name: entry.name.clone(),
        size: stream::size(entry.file.len()),
        reason: reason.as_ref().map_or_else(|| "it was hidden from the library".to_owned(), Reason::to_string),
        details,
        choices: choices(entry.id, reason.as_ref()),
        page: Some(file_page(root, entry.id)),
        post: post.map(|post| post.url()),
        is_tried_now: entry.status.is_tried_again_now(),
        is_ignored: matches!(entry.status, Status::Ignored { .. }),
        back: encode(back),
    }
}

/// Of a series whose episode is not known, the title alone would not do.
fn choices(id: EntryId, reason: Option<&Reason>) -> Vec<TitleChoice> {
    let reason = reason.filter(|reason| !matches!(reason, Reason::NoEpisode { .. }));
    let choice = |title: &Suggestion| {
        let address = format!("/owner/choose/{id}/{}/{}", title.kind, title.meta_id()?);
        Some(TitleChoice { title: title.to_string(), address })
    };
    reason.map(Reason::suggestions).unwrap_or_default().iter().filter_map(choice).collect()
}

/// The address of a file's own page.
pub(super) fn file_page(root: &str, id: EntryId) -> String {
    format!("{root}/owner/title/movie/{}", ContentId::Entry(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_is_wanted_and_no_more() {
        let filter = |why: &str, find: &str| Filter { why: why.to_owned(), find: find.to_owned(), skip: 0 };
        let cases = [
            (filter("", ""), 0, "/owner/review"),
            (filter("", ""), 20, "/owner/review?skip=20"),
            (filter("ambiguous", " a&b "), 40, "/owner/review?why=ambiguous&find=a%26b&skip=40"),
        ];
        for (filter, skip, address) in cases {
            assert_eq!(filter.address(skip), address);
        }
        assert!(filter("nonsense", "").part().is_err());
    }
}
