//! Signing in with a one-time link, and the sessions that come of it. A browser keeps a secret, the store its hash: a session
//! can be ended here, whatever the browser does.

use std::net::IpAddr;

use super::People;
use crate::domain::access::{self, SecretHash, SecretToken};
use crate::domain::person::{Person, Session};
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

impl People {
    /// The secret of a link that lets one browser in as the owner, once, within `secs`. `now` in unix seconds.
    pub async fn new_sign_in_token(&self, now: i64, secs: i64) -> Result<String, DatabaseError> {
        let token = random_token();
        self.store.sign_in_links().add(token.hash(), now + secs).await?;
        Ok(token.text())
    }

    /// Whether a one-time link's secret could be used now. Does not use it up: previews follow links.
    pub async fn is_sign_in_token(&self, text: &str, now: i64) -> Result<bool, DatabaseError> {
        match SecretToken::parse(text) {
            Some(token) => Ok(self.store.sign_in_links().is_valid(token.hash(), now).await?),
            None => Ok(false),
        }
    }

    /// Uses a one-time link up for a session of the owner's, and returns what the browser keeps. `None` when the link was used
    /// before, is too old, or never was one.
    pub async fn sign_in(&self, token: &str, browser: Browser<'_>, now: i64) -> Result<Option<String>, DatabaseError> {
        let Some(token) = SecretToken::parse(token) else {
            return Ok(None);
        };
        // Read first: a database that fails here must not have used the link up.
        let owner = self.owner().await?;
        if !self.store.sign_in_links().use_up(token.hash(), now).await? {
            return Ok(None);
        }
        let secret = random_token();
        let session = Session {
            id: secret.hash(),
            person: owner.id,
            version: owner.access_version,
            created: now,
            seen: now,
            ends: now + SESSION_SECS,
            address: browser.address.map(|ip| ip.to_string()).unwrap_or_default(),
            agent: text::line(browser.agent, AGENT_CHARS),
        };
        self.store.sessions().put(&session).await?;
        Ok(Some(secret.text()))
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
        let Some(person) = person.filter(|person| person.admits(session.version)) else {
            return Ok(None);
        };
        if now - session.seen >= SEEN_EVERY {
            self.store.sessions().set_seen(session.id, now).await?;
        }
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
            people.iter().any(|person| person.id == session.person && person.admits(session.version))
        };
        Ok(self.store.sessions().all(now).await?.into_iter().filter(counts).collect())
    }

    /// Ends a session. Returns whether there was one.
    pub async fn end_session(&self, id: SecretHash) -> Result<bool, DatabaseError> {
        Ok(self.store.sessions().remove(id).await?)
    }
}

fn random_token() -> SecretToken {
    let mut random = [0; 32];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    SecretToken::from_random(random)
}
