//! Who may watch: the section of the owner's page, and what its buttons do (POST `/owner/people` and below it).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::message::message_with_way_back;
use super::{date, see_other};
use crate::domain::person::{Person, PersonId};
use crate::flows::{people, unix_now};
use crate::protocols::addresses::OwnerPage;
use crate::protocols::stremio::AbsoluteUrl;
use crate::web::auth::OwnerForm;
use crate::web::timeout::{RESPONSE_TIMEOUT, in_time};
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

pub(super) fn people_rows(state: &State, people: Vec<Person>) -> Vec<PersonRow> {
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
    people.into_iter().map(row).collect()
}

#[derive(Debug, Deserialize)]
pub struct NewPerson {
    #[serde(default)]
    name: String,
}

/// POST `/owner/people`: adds somebody.
pub async fn add(state: web::Data<State>, form: OwnerForm<NewPerson>) -> Result<HttpResponse, Error> {
    let added = change_in_time(state.people.add(&form.fields.name, unix_now())).await?;
    result_page(&state, added.map(|person| OwnerPage::Person(person.id)))
}

/// POST `/owner/people/{id}/renew`: ends every link of theirs and makes new ones.
pub async fn renew(state: web::Data<State>, id: web::Path<PersonId>, form: OwnerForm) -> Result<HttpResponse, Error> {
    let person = person(&state, *id).await?;
    let renewed = change_in_time(state.people.renew(&person)).await?.map(|person| OwnerPage::Person(person.id));
    if person.id == form.owner.person.id && renewed.is_ok() {
        // It ended this browser's session too.
        return Ok(see_other(&state.addresses.signed_out_path()).finish());
    }
    result_page(&state, renewed)
}

/// POST `/owner/people/{id}/remove`: takes their access away for good.
pub async fn remove(state: web::Data<State>, id: web::Path<PersonId>, _: OwnerForm) -> Result<HttpResponse, Error> {
    let person = person(&state, *id).await?;
    result_page(&state, change_in_time(state.people.remove(&person)).await?.map(|()| OwnerPage::People))
}

async fn person(state: &State, id: PersonId) -> Result<Person, Error> {
    in_time(state.people.get(id)).await?.ok_or(Error::NotFound("such person"))
}

/// As [`in_time`], for a change whose own failure is shown beside its page.
async fn change_in_time<T>(change: impl Future<Output = T>) -> Result<T, Error> {
    tokio::time::timeout(RESPONSE_TIMEOUT, change).await.map_err(|_| Error::Slow)
}

/// Back to the list, at the person; or why not.
fn result_page(state: &State, done: Result<OwnerPage, people::Error>) -> Result<HttpResponse, Error> {
    match done {
        Ok(page) => Ok(see_other(&state.addresses.owner_path(page)).finish()),
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
