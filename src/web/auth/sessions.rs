//! The browsers that are signed in: the section of the owner's page, and POST `/owner/sessions/{id}/end`.

use actix_web::{HttpResponse, web};

use super::{Owner, OwnerForm};
use crate::domain::person::{Person, Session};
use crate::flows::unix_now;
use crate::protocols::addresses::OwnerPage;
use crate::web::pages::date;
use crate::web::pages::people::{change_in_time, result_page};
use crate::web::{Error, State};

/// One browser.
pub struct SessionRow {
    pub id: String,
    /// The name of the person who is signed in.
    pub person: String,
    pub browser: String,
    pub address: String,
    pub created: String,
    pub seen: String,
    pub is_this: bool,
}

/// Everybody's sessions, the one seen last first. `people`: everybody.
pub async fn session_rows(state: &State, owner: &Owner, people: &[Person]) -> Result<Vec<SessionRow>, Error> {
    let name = |session: &Session| people.iter().find(|person| person.id == session.person).map(|p| p.name.clone());
    let row = |session: Session| SessionRow {
        id: session.id.to_string(),
        person: name(&session).unwrap_or_default(),
        browser: browser_name(&session.agent),
        created: date(session.created),
        seen: date(session.seen),
        is_this: session.id == owner.session.id,
        address: session.address,
    };
    Ok(state.people.sessions(unix_now()).await?.into_iter().map(row).collect())
}

/// Signs a browser out, this one or another.
pub async fn end(state: web::Data<State>, id: web::Path<String>, form: OwnerForm) -> Result<HttpResponse, Error> {
    let id = id.parse().map_err(|_| Error::NotFound("such session"))?;
    let ended = change_in_time(state.people.end_session_of(id, &form.owner.person, unix_now())).await?;
    result_page(&state, ended.map(|()| OwnerPage::People))
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
}
