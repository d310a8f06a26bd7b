//! Who may watch, and which browsers are signed in: the owner's sections on both, and what their buttons do.

use std::time::{Duration, UNIX_EPOCH};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::{Acting, explained, message_with_way_back, see_other};
use crate::domain::person::{Person, PersonId, Session};
use crate::flows::DatabaseError;
use crate::flows::people::{self, SignedIn};
use crate::protocols::addresses::OwnerPage;
use crate::protocols::stremio::AbsoluteUrl;
use crate::web::auth::{self, now, within_patience};
use crate::web::{Error, State};

/// Somebody who may watch.
pub(super) struct PersonRow {
    pub(super) id: PersonId,
    pub(super) name: String,
    pub(super) is_owner: bool,
    pub(super) access_version: u16,
    pub(super) added: Option<String>,
    /// What they install; personal.
    pub(super) manifest: AbsoluteUrl,
    /// The page with the buttons and the QR code for it.
    pub(super) install_page: AbsoluteUrl,
    /// How many streams they watch now.
    pub(super) streams: usize,
}

/// A browser that is signed in.
pub(super) struct SessionRow {
    pub(super) id: String,
    pub(super) who: String,
    pub(super) browser: String,
    pub(super) address: String,
    pub(super) created: String,
    pub(super) seen: String,
    pub(super) is_this: bool,
}

pub(super) async fn people_rows(state: &State) -> Result<Vec<PersonRow>, DatabaseError> {
    let watching = state.playback.watching();
    let row = |person: Person| {
        let install = state.addresses.install(&state.people.token(&person));
        PersonRow {
            id: person.id,
            is_owner: person.is_owner,
            access_version: person.access_version,
            added: (person.added > 0).then(|| date(person.added)),
            manifest: install.manifest(),
            install_page: install.configure(),
            streams: watching.iter().filter(|stream| stream.person == person.id).count(),
            name: person.name,
        }
    };
    Ok(state.people.all().await?.into_iter().map(row).collect())
}

pub(super) async fn session_rows(state: &State, signed_in: &SignedIn) -> Result<Vec<SessionRow>, DatabaseError> {
    let people = state.people.all().await?;
    let who = |session: &Session| people.iter().find(|person| person.id == session.person).map(|p| p.name.clone());
    let sessions = state.people.sessions(now()).await?;
    let row = |session: Session| SessionRow {
        id: session.id.to_string(),
        who: who(&session).unwrap_or_default(),
        browser: browser_name(&session.agent),
        created: date(session.created),
        seen: date(session.seen),
        is_this: session.id == signed_in.session.id,
        address: session.address,
    };
    Ok(sessions.into_iter().map(row).collect())
}

#[derive(Debug, Deserialize)]
pub struct NewPerson {
    #[serde(default)]
    form_token: String,
    #[serde(default)]
    name: String,
}

/// POST `/owner/people`: adds somebody.
pub async fn add_person(state: web::Data<State>, request: HttpRequest, form: web::Form<NewPerson>) -> HttpResponse {
    let result = async {
        auth::acting_owner(&state, &request, &form.form_token).await?;
        let added = patiently(state.people.add(&form.name, now())).await?;
        answer(&state, added.map(|person| OwnerPage::Person(person.id)))
    };
    explained(&state, result.await)
}

/// POST `/owner/people/{id}/renew`: ends every link of theirs and makes new ones.
pub async fn renew_person(
    state: web::Data<State>,
    request: HttpRequest,
    id: web::Path<PersonId>,
    form: web::Form<Acting>,
) -> HttpResponse {
    let result = async {
        let signed_in = auth::acting_owner(&state, &request, &form.form_token).await?;
        let person = within_patience(state.people.get(*id)).await?.ok_or(Error::NotFound("such person"))?;
        let renewed = patiently(state.people.renew(&person)).await?.map(|person| OwnerPage::Person(person.id));
        if person.id == signed_in.person.id && renewed.is_ok() {
            // It ended this browser's session too.
            return Ok(see_other(&state.addresses.signed_out_path()).finish());
        }
        answer(&state, renewed)
    };
    explained(&state, result.await)
}

/// POST `/owner/people/{id}/remove`: takes their access away for good.
pub async fn remove_person(
    state: web::Data<State>,
    request: HttpRequest,
    id: web::Path<PersonId>,
    form: web::Form<Acting>,
) -> HttpResponse {
    let result = async {
        auth::acting_owner(&state, &request, &form.form_token).await?;
        let person = within_patience(state.people.get(*id)).await?.ok_or(Error::NotFound("such person"))?;
        answer(&state, patiently(state.people.remove(&person)).await?.map(|()| OwnerPage::People))
    };
    explained(&state, result.await)
}

/// Lets go of a change that takes too long; what it came to is told with it.
async fn patiently<T>(change: impl Future<Output = T>) -> Result<T, Error> {
    tokio::time::timeout(crate::web::PATIENCE, change).await.map_err(|_| Error::Slow)
}

/// Back to the list, at the person; or why not.
fn answer(state: &State, done: Result<OwnerPage, people::Error>) -> Result<HttpResponse, Error> {
    match done {
        Ok(spot) => Ok(see_other(&state.addresses.owner_path(spot)).finish()),
        Err(people::Error::Database(error)) => Err(error.into()),
        Err(error @ (people::Error::Name(_) | people::Error::Owner | people::Error::Unknown(_))) => {
            Ok(message_with_way_back(state, StatusCode::BAD_REQUEST, "That did not work", &sentence(&error)))
        }
        Err(error @ people::Error::NameTaken(_)) => {
            Ok(message_with_way_back(state, StatusCode::CONFLICT, "That name is taken", &sentence(&error)))
        }
    }
}

/// `Somebody is called Anna already.`
fn sentence(error: &people::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// `29 Nov 2026 14:05` in UTC: the server does not know where the reader is.
fn date(unix_secs: i64) -> String {
    let secs = unix_secs.max(0).unsigned_abs();
    let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(secs));
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    text.get(5..22).unwrap_or_default().to_owned()
}

/// `Firefox on Linux`, from what browsers call themselves: enough to tell one's own devices apart.
fn browser_name(agent: &str) -> String {
    let first = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // Each names the ones before it as well, so the most special comes first.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if agent.is_empty() => "A program without a name".to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_by_their_names() {
        let cases = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.14.1", "curl/8.14.1"),
            ("", "A program without a name"),
        ];
        for (agent, wanted) in cases {
            assert_eq!(browser_name(agent), wanted, "{agent}");
        }
    }

    #[test]
    fn dates_are_short() {
        assert_eq!(date(784_111_777), "06 Nov 1994 08:49");
        assert_eq!(date(-5), "01 Jan 1970 00:00");
    }
}
