//! Who may watch: the section of the owner's page, and what its buttons do (POST `/owner/people` and below it).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::message::{message_with_way_back, sentence};
use super::{date, see_other};
use crate::domain::person::{Action, NewPerson, Person, PersonId, Role};
use crate::flows::{people, unix_now};
use crate::protocols::addresses::OwnerPage;
use crate::protocols::stremio::AbsoluteUrl;
use crate::web::auth::{Owner, OwnerForm};
use crate::web::timeout::{RESPONSE_TIMEOUT, in_time};
use crate::web::{Error, State};

/// Somebody who may watch.
pub(super) struct PersonRow {
    pub(super) id: PersonId,
    pub(super) name: String,
    pub(super) is_owner: bool,
    /// What they are, in a word; empty for members.
    pub(super) tag: &'static str,
    /// Why they may not in now.
    pub(super) denied: Option<String>,
    pub(super) access_version: u16,
    pub(super) added: Option<String>,
    /// What they install, and the page with the buttons and the QR code for it. Personal: an admin sees none but their own.
    pub(super) install: Option<Links>,
    /// How many streams they watch now.
    pub(super) streams: usize,
}

pub(super) struct Links {
    pub(super) manifest: AbsoluteUrl,
    pub(super) page: AbsoluteUrl,
}

pub(super) fn people_rows(state: &State, owner: &Owner, people: Vec<Person>) -> Vec<PersonRow> {
    let watching = state.playback.watching();
    let sees_all = owner.person.role.may(Action::SeeSecrets);
    let row = |person: Person| {
        let is_shown = sees_all || person.id == owner.person.id;
        let install = is_shown.then(|| state.addresses.install(&state.people.token(&person)));
        PersonRow {
            id: person.id,
            is_owner: person.is_owner(),
            tag: if person.role == Role::Member { "" } else { person.role.word() },
            denied: person.denied(unix_now()).map(|denied| sentence(&denied)),
            access_version: person.access_version,
            added: (person.joined > 0).then(|| date(person.joined)),
            install: install.map(|install| Links { manifest: install.manifest(), page: install.configure() }),
            streams: watching.iter().filter(|stream| stream.person == person.id).count(),
            name: person.name,
        }
    };
    people.into_iter().map(row).collect()
}

#[derive(Debug, Deserialize)]
pub struct NewName {
    #[serde(default)]
    name: String,
}

/// POST `/owner/people`: adds somebody.
pub async fn add(state: web::Data<State>, form: OwnerForm<NewName>) -> Result<HttpResponse, Error> {
    let now = unix_now();
    let new = NewPerson::called(&form.fields.name, Role::Member, now);
    let added = change_in_time(state.people.add(new, form.owner.actor(), now)).await?;
    result_page(&state, added.map(|person| OwnerPage::Person(person.id)))
}

/// POST `/owner/people/{id}/renew`: ends every link of theirs and makes new ones.
pub async fn renew(state: web::Data<State>, id: web::Path<PersonId>, form: OwnerForm) -> Result<HttpResponse, Error> {
    let person = person(&state, *id).await?;
    let renewed = change_in_time(state.people.renew(person.id, form.owner.actor(), unix_now())).await?;
    let renewed = renewed.map(|person| OwnerPage::Person(person.id));
    if person.id == form.owner.person.id && renewed.is_ok() {
        // It ended this browser's session too.
        return Ok(see_other(&state.addresses.signed_out_path()).finish());
    }
    result_page(&state, renewed)
}

/// POST `/owner/people/{id}/remove`: takes their access away for good.
pub async fn remove(state: web::Data<State>, id: web::Path<PersonId>, form: OwnerForm) -> Result<HttpResponse, Error> {
    let person = person(&state, *id).await?;
    result_page(
        &state,
        change_in_time(state.people.remove(person.id, form.owner.actor(), unix_now()))
            .await?
            .map(|()| OwnerPage::People),
    )
}

async fn person(state: &State, id: PersonId) -> Result<Person, Error> {
    in_time(state.people.get(id)).await?.ok_or(Error::NotFound("such person"))
}

/// As [`in_time`], for a change whose own failure is shown beside its page.
pub(in crate::web) async fn change_in_time<T>(change: impl Future<Output = T>) -> Result<T, Error> {
    tokio::time::timeout(RESPONSE_TIMEOUT, change).await.map_err(|_| Error::Slow)
}

/// Back to the list, at the person; or why not.
pub(in crate::web) fn result_page(
    state: &State,
    done: Result<OwnerPage, people::Error>,
) -> Result<HttpResponse, Error> {
    match done {
        Ok(page) => Ok(see_other(&state.addresses.owner_path(page)).finish()),
        Err(error) => {
            let (status, title) = match &error {
                people::Error::NameTaken(_) => (StatusCode::CONFLICT, "That name is taken"),
                people::Error::AccountTaken { .. } | people::Error::Contended(_) => {
                    (StatusCode::CONFLICT, "That did not work")
                }
                people::Error::NotAllowed(_) | people::Error::MakesAdmin => (StatusCode::FORBIDDEN, "Not allowed"),
                people::Error::NoCodeLeft => (StatusCode::SERVICE_UNAVAILABLE, "That did not work"),
                people::Error::Name(_)
                | people::Error::Owner
                | people::Error::OneOwner
                | people::Error::Unknown(_)
                | people::Error::UnknownInvitation
                | people::Error::NotWaiting(_)
                | people::Error::NotKeptOut(_) => (StatusCode::BAD_REQUEST, "That did not work"),
                people::Error::Database(error) => return Err(error.clone().into()),
            };
            Ok(message_with_way_back(state, status, title, &sentence(&error)))
        }
    }
}
