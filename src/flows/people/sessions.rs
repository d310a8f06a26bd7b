//! Signing in with a one-time link, and the sessions that come of it. A browser keeps a secret, the store its hash: a session
//! can be ended here, whatever the browser does.

use std::net::IpAddr;

use super::{Actor, Error, People, random_token};
use crate::domain::access::{self, SecretHash, SecretToken};
use crate::domain::person::{Action, Person, PersonId, Session, SignInLink};
use crate::domain::text;
use crate::flows::DatabaseError;

/// Seconds that a one-time link can be used.
pub const LINK_SECS: i64 = 60 * 60;
/// The same for links that the bot sends beside its news: they are read later. The chat is the owner's own, and whoever reads
/// it can ask the bot for another one at any time.
pub const MESSAGE_LINK_SECS: i64 = 24 * 60 * 60;
/// Seconds that a browser stays signed in.
pub const SESSION_SECS: i64 = 30 * 24 * 60 * 60;
/// Seconds between two notes that a session is in use.
const SEEN_EVERY: i64 = 60;
/// What a browser calls itself is kept up to so many characters.
const AGENT_CHARS: usize = 200;

/// Who asks to be let in: what it calls itself, and from where.
#[derive(Clone, Copy, Debug, Default)]
pub struct Browser<'a> {
    pub agent: &'a str,
    pub address: Option<IpAddr>,
}

/// Somebody whose browser is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub person: Person,
    pub session: Session,
    /// What the forms of this session carry.
    pub form_token: String,
}

/// A browser that was just let in.
#[derive(Clone, Debug)]
pub struct Entered {
    pub person: Person,
    /// What the browser keeps.
    pub secret: String,
}

impl People {
    /// The secret of a link that lets one browser in as this person, once, within `secs`. `now` in unix seconds.
    pub async fn new_sign_in_token(&self, person: &Person, now: i64, secs: i64) -> Result<String, DatabaseError> {
        let token = random_token();
        let link =
            SignInLink { hash: token.hash(), person: person.id, version: person.access_version, expires: now + secs };
        self.store.sign_in_links().add(&link).await?;
        Ok(token.text())
    }

    /// Whether a one-time link's secret could be used now. Does not use it up: previews follow links.
    pub async fn is_sign_in_token(&self, text: &str, now: i64) -> Result<bool, DatabaseError> {
        let Some(token) = SecretToken::parse(text) else { return Ok(false) };
        match self.store.sign_in_links().get(token.hash(), now).await? {
            Some(link) => Ok(self.holder(link, now).await?.is_some()),
            None => Ok(false),
        }
    }

    /// Uses a one-time link up for a session of its person's. `None` when the link was used before, is too old, or never was one,
    /// or its person may not in.
    pub async fn sign_in(&self, token: &str, browser: Browser<'_>, now: i64) -> Result<Option<Entered>, DatabaseError> {
        let Some(token) = SecretToken::parse(token) else {
            return Ok(None);
        };
        // Read first: a database that fails here must not have used the link up.
        let Some(link) = self.store.sign_in_links().get(token.hash(), now).await? else { return Ok(None) };
        let Some(person) = self.holder(link, now).await? else { return Ok(None) };
        if self.store.sign_in_links().use_up(token.hash(), now).await?.is_none() {
            return Ok(None);
        }
        self.new_session(person, browser, now).await.map(Some)
    }

    /// A session of somebody's who proved otherwise who they are. `None` when they may not in, or not under this version.
    pub(super) async fn enter_as(
        &self,
        id: PersonId,
        version: u16,
        browser: Browser<'_>,
        now: i64,
    ) -> Result<Option<Entered>, DatabaseError> {
        match self.store.people().get(id).await?.filter(|person| person.admits(version, now)) {
            Some(person) => self.new_session(person, browser, now).await.map(Some),
            None => Ok(None),
        }
    }

    async fn new_session(&self, person: Person, browser: Browser<'_>, now: i64) -> Result<Entered, DatabaseError> {
        let secret = random_token();
        let session = Session {
            id: secret.hash(),
            person: person.id,
            version: person.access_version,
            created: now,
            seen: now,
            ends: now + SESSION_SECS,
            address: browser.address.map(|ip| ip.to_string()).unwrap_or_default(),
            agent: text::line(browser.agent, AGENT_CHARS),
        };
        self.store.sessions().put(&session).await?;
        Ok(Entered { person, secret: secret.text() })
    }

    /// Whose one-time link it is, while it counts.
    async fn holder(&self, link: SignInLink, now: i64) -> Result<Option<Person>, DatabaseError> {
        let person = self.store.people().get(link.person).await?;
        Ok(person.filter(|person| person.admits(link.version, now)))
    }

    /// Whose session a browser has, by what it keeps.
    pub async fn signed_in(&self, secret: &str, now: i64) -> Result<Option<SignedIn>, DatabaseError> {
        let Some(secret) = SecretToken::parse(secret) else {
            return Ok(None);
        };
        let Some(session) = self.store.sessions().get(secret.hash()).await?.filter(|session| now < session.ends) else {
            return Ok(None);
        };
        let person = self.store.people().get(session.person).await?;
        let Some(person) = person.filter(|person| person.admits(session.version, now)) else {
            return Ok(None);
        };
        if now - session.seen >= SEEN_EVERY {
            self.store.sessions().set_seen(session.id, now).await?;
        }
        self.touch(&person, now);
        let form_token = access::form_token(&session.id, &self.form);
        Ok(Some(SignedIn { person, session, form_token }))
    }

    /// Whether a form came from a page of this session.
    pub fn is_from(&self, session: &Session, form_token: &str) -> bool {
        access::is_form_token(form_token, &session.id, &self.form)
    }

    /// Everybody's sessions that still count, the one seen last first.
    pub async fn sessions(&self, now: i64) -> Result<Vec<Session>, DatabaseError> {
        let people = self.store.people().all().await?;
        let counts = |session: &Session| {
            people.iter().any(|person| person.id == session.person && person.admits(session.version, now))
        };
        Ok(self.store.sessions().all(now).await?.into_iter().filter(counts).collect())
    }

    /// Ends somebody's session, if that is allowed: one's own, or of somebody whom one may change.
    pub async fn end_session_of(&self, id: SecretHash, by: &Person, now: i64) -> Result<(), Error> {
        let Some(session) = self.store.sessions().get(id).await? else { return Ok(()) };
        if session.person != by.id
            && let Some(person) = self.get(session.person).await?
        {
            Actor::Person(by).check(Action::Change(person.role), now)?;
        }
        self.end_session(id).await?;
        Ok(())
    }

    /// Ends a session. Returns whether there was one.
    pub async fn end_session(&self, id: SecretHash) -> Result<bool, DatabaseError> {
        Ok(self.store.sessions().remove(id).await?)
    }
}
