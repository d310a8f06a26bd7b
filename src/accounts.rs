//! Floor 3: people and what proves who they are: access tokens in install links, the owner's one-time link and cookie.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::access::{Access, Session, Ticket};
use crate::domain::entry::EntryId;
use crate::domain::link::Link;
use crate::domain::secret::{Key, Purpose, SecretKey};
use crate::store::{Error, Person, Store};

/// The owner's id in the store.
const OWNER: u32 = 1;
/// Seconds that a one-time link can be used.
pub const TICKET_SECS: i64 = 60 * 60;
/// Seconds that a browser stays signed in.
pub const SESSION_SECS: u64 = 30 * 24 * 60 * 60;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    access: Key,
    cookie: Key,
    link: Key,
}

/// Who holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    Person(Person),
    /// The token was right once.
    Revoked,
    /// The token was never made here.
    Unknown,
}

impl Accounts {
    pub fn new(store: Store, secret: &SecretKey) -> Self {
        Self {
            store,
            access: secret.derive(Purpose::Access),
            cookie: secret.derive(Purpose::Cookie),
            link: secret.derive(Purpose::Link),
        }
    }

    /// Makes the owner on the first start ever; answers them on every start.
    pub async fn owner(&self) -> Result<Person, Error> {
        if let Some(owner) = self.store.person(OWNER).await? {
            return Ok(owner);
        }
        let owner = Person { id: OWNER, name: "Owner".into(), is_owner: true, access_version: 1 };
        self.store.put_person(&owner).await?;
        Ok(owner)
    }

    /// The token of a person's install link: the same until their access is taken away.
    pub fn token(&self, person: &Person) -> String {
        Access { person: person.id, version: person.access_version }.token(&self.access)
    }

    /// What a person installs in Stremio. `base_url` has no slash at its end.
    pub fn install_link(&self, person: &Person, base_url: &str) -> String {
        format!("{base_url}/stremio/{}/manifest.json", self.token(person))
    }

    /// Whose token it is.
    pub async fn caller(&self, token: &str) -> Result<Caller, Error> {
        let Some(access) = Access::open(token, &self.access) else {
            return Ok(Caller::Unknown);
        };
        Ok(match self.holder(access).await? {
            Some(person) => Caller::Person(person),
            None => Caller::Revoked,
        })
    }

    /// Ends every token, link and session that the person has, and answers them with what makes new ones. `None` when there
    /// is no such person.
    pub async fn revoke(&self, person: u32) -> Result<Option<Person>, Error> {
        let Some(mut person) = self.store.person(person).await? else {
            return Ok(None);
        };
        person.access_version = person.access_version.wrapping_add(1);
        self.store.put_person(&person).await?;
        Ok(Some(person))
    }

    /// The path under BASE_URL where this person plays a file: the same every time, since players remember a position by it.
    pub fn play_path(&self, person: &Person, entry: EntryId, file_name: &str) -> String {
        let link = Link { entry, person: person.id, version: person.access_version, expires: None };
        link.path(&self.link, file_name)
    }

    /// A link that opens the owner's page in one browser, once, within [`TICKET_SECS`]. `base_url` has no slash at its end.
    pub async fn owner_page_link(&self, base_url: &str) -> Result<String, Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs() as i64);
        Ok(format!("{base_url}/owner/enter/{}", self.new_ticket(now).await?))
    }

    /// A ticket that lets one browser in as the owner, within [`TICKET_SECS`]. `now` in unix seconds.
    pub async fn new_ticket(&self, now: i64) -> Result<String, Error> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).expect("the operating system gives random bytes");
        let ticket = Ticket::from_random(random);
        self.store.put_ticket(&ticket.hash(), now + TICKET_SECS).await?;
        Ok(ticket.text())
    }

    /// Whether a ticket could be used now. Does not use it up: previews follow links.
    pub async fn has_ticket(&self, text: &str, now: i64) -> Result<bool, Error> {
        match Ticket::parse(text) {
            Some(ticket) => self.store.has_ticket(&ticket.hash(), now).await,
            None => Ok(false),
        }
    }

    /// Uses a ticket up for the cookie of an owner's session. `None` when it was used before, is too old, or never was one.
    pub async fn enter(&self, text: &str, now: i64) -> Result<Option<String>, Error> {
        let Some(ticket) = Ticket::parse(text) else {
            return Ok(None);
        };
        // Read first: a database that fails here must not have cost the ticket.
        let owner = self.owner().await?;
        if !self.store.take_ticket(&ticket.hash(), now).await? {
            return Ok(None);
        }
        let access = Access { person: owner.id, version: owner.access_version };
        let ends = now.max(0).unsigned_abs() + SESSION_SECS;
        Ok(Some(Session { access, ends }.cookie(&self.cookie)))
    }

    /// The owner, when the cookie is one of their sessions'.
    pub async fn owner_of_cookie(&self, cookie: &str, now: i64) -> Result<Option<Person>, Error> {
        match Session::open(cookie, &self.cookie, now.max(0).unsigned_abs()) {
            Some(session) => Ok(self.holder(session.access).await?.filter(|person| person.is_owner)),
            None => Ok(None),
        }
    }

    /// The person, while the version is still theirs.
    async fn holder(&self, access: Access) -> Result<Option<Person>, Error> {
        let person = self.store.person(access.person).await?;
        Ok(person.filter(|person| person.access_version == access.version))
    }
}
