//! Adding people, finding them, changing them, taking their access away. Who does it is an argument: the table of rights decides.

use super::{Actor, Error, People};
use crate::adapters::store::Taken;
use crate::domain::catalog::Reach;
use crate::domain::person::{
    self, Action, NewPerson, Person, PersonId, Preferences, Role, Standing, TelegramIdentity, name_key,
};
use crate::domain::telegram_id::UserId;
use crate::flows::DatabaseError;

/// How often a change is tried again that somebody else's change came before.
const TRIES: usize = 20;

/// Some of those who may be found, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeoplePage {
    pub people: Vec<Person>,
    /// Of everybody found.
    pub total: usize,
}

/// A change of a person, and how the audit calls it.
struct Change<'a> {
    what: &'static str,
    detail: &'a str,
    /// The owner may be changed so too.
    of_owner: bool,
}

impl People {
    /// Everybody, the owner first.
    pub async fn all(&self) -> Result<Vec<Person>, DatabaseError> {
        Ok(self.store.people().all().await?)
    }

    /// Those whose name or Telegram name holds a text, or whose number on Telegram it is; all of them for an empty text. Reads
    /// everybody: they are hundreds, and ten thousands at a place that is open to all.
    pub async fn list(&self, search: &str, skip: usize, limit: usize) -> Result<PeoplePage, DatabaseError> {
        let text = name_key(search.trim().trim_start_matches('@'));
        let is_found = |person: &Person| {
            let telegram = person.telegram.as_ref();
            name_key(&person.name).contains(&text)
                || telegram.is_some_and(|t| name_key(&t.username).contains(&text) || t.id.to_string() == text)
        };
        let found: Vec<Person> = self.all().await?.into_iter().filter(is_found).collect();
        Ok(PeoplePage { total: found.len(), people: found.into_iter().skip(skip).take(limit).collect() })
    }

    /// Somebody by id, unless removed.
    pub async fn get(&self, id: PersonId) -> Result<Option<Person>, DatabaseError> {
        Ok(self.store.people().get(id).await?.filter(|person| !person.is_removed))
    }

    /// Somebody by name, in whatever case it is written, or by `@name` or number on Telegram.
    pub async fn find(&self, text: &str) -> Result<Person, Error> {
        let key = name_key(&person::name(text)?);
        let people = self.all().await?;
        let is_account = |person: &&Person| {
            let telegram = person.telegram.as_ref();
            telegram.is_some_and(|t| t.id.to_string() == key || key.strip_prefix('@') == Some(&name_key(&t.username)))
        };
        // What has the form of an account names one first: anybody may call themselves by somebody else's number.
        let has_form = key.starts_with('@') || key.bytes().all(|b| b.is_ascii_digit());
        let by_account = people.iter().find(is_account).filter(|_| has_form);
        let found = by_account.or_else(|| people.iter().find(|person| name_key(&person.name) == key)).cloned();
        found.ok_or_else(|| Error::Unknown(text.trim().to_owned()))
    }

    /// Adds somebody.
    pub async fn add(&self, new: NewPerson, by: Actor<'_>, now: i64) -> Result<Person, Error> {
        by.check(Action::Give(new.role), now)?;
        let new = NewPerson { name: person::name(&new.name)?, ..new };
        // The owner has to be there first: their id is theirs even in a store that was just made.
        self.owner().await?;
        match self.store.people().add(&new).await? {
            Ok(person) => {
                self.note("person.add", Some(person.id), person.role.word(), by, now).await?;
                Ok(person)
            }
            Err(taken) => Err(self.taken(taken, &new.name, new.telegram.as_ref()).await?),
        }
    }

    pub async fn rename(&self, id: PersonId, name: &str, by: Actor<'_>, now: i64) -> Result<Person, Error> {
        let name = person::name(name)?;
        let change = Change { what: "person.rename", detail: &name, of_owner: true };
        self.change(id, change, by, now, |person| Ok(Person { name: name.clone(), ..person })).await
    }

    /// Says which Telegram account is theirs.
    pub async fn set_telegram(
        &self,
        id: PersonId,
        identity: &TelegramIdentity,
        by: Actor<'_>,
        now: i64,
    ) -> Result<Person, Error> {
        let (detail, identity) = (identity.id.to_string(), identity.cleaned());
        let change = Change { what: "person.telegram", detail: &detail, of_owner: true };
        self.change(id, change, by, now, |person| Ok(Person { telegram: Some(identity.clone()), ..person })).await
    }

    /// Says that the owner has this Telegram account (the setting OWNER_ID). Nothing is done when they have it.
    pub async fn set_owner_account(&self, account: UserId, now: i64) -> Result<(), Error> {
        let owner = self.owner().await?;
        if owner.telegram.as_ref().is_none_or(|known| known.id != account) {
            self.set_telegram(owner.id, &TelegramIdentity::of(account), Actor::Terminal, now).await?;
        }
        Ok(())
    }

    pub async fn set_role(&self, id: PersonId, role: Role, by: Actor<'_>, now: i64) -> Result<Person, Error> {
        by.check(Action::Give(role), now)?;
        let change = Change { what: "person.role", detail: role.word(), of_owner: false };
        self.change(id, change, by, now, |person| Ok(Person { role, ..person })).await
    }

    /// `at` in unix seconds; `None`: their access does not end by itself.
    pub async fn set_expiry(&self, id: PersonId, at: Option<i64>, by: Actor<'_>, now: i64) -> Result<Person, Error> {
        let detail = at.map_or_else(|| "never".to_owned(), person::date);
        let change = Change { what: "person.expire", detail: &detail, of_owner: false };
        self.change(id, change, by, now, |person| Ok(Person { expires: at, ..person })).await
    }

    /// Says which channels' films are there for them. What they watch goes on to the end of its request.
    pub async fn set_reach(&self, id: PersonId, reach: &Reach, by: Actor<'_>, now: i64) -> Result<Person, Error> {
        let detail = match reach {
            Reach::All => "all".to_owned(),
            Reach::Only(chats) => chats.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        };
        let change = Change { what: "person.channels", detail: &detail, of_owner: false };
        self.change(id, change, by, now, |person| Ok(Person { reach: reach.clone(), ..person })).await
    }

    /// A pause, until then or until [`People::enable`]: what they have does not work meanwhile, and does again afterwards.
    pub async fn disable(
        &self,
        id: PersonId,
        (reason, until): (&str, Option<i64>),
        by: Actor<'_>,
        now: i64,
    ) -> Result<Person, Error> {
        let standing = Standing::Disabled { reason: reason.to_owned(), until }.cleaned();
        let change = Change { what: "person.disable", detail: reason, of_owner: false };
        self.change(id, change, by, now, |person| Ok(Person { standing: standing.clone(), ..person })).await
    }

    /// Ends everything that they have for good, and keeps them out until then or until [`People::enable`].
    pub async fn ban(
        &self,
        id: PersonId,
        (reason, until): (&str, Option<i64>),
        by: Actor<'_>,
        now: i64,
    ) -> Result<Person, Error> {
        let standing = Standing::Banned { reason: reason.to_owned(), until }.cleaned();
        let change = Change { what: "person.ban", detail: reason, of_owner: false };
        let ban = |person: Person| Ok(Person { standing: standing.clone(), ..person.with_next_version() });
        self.change(id, change, by, now, ban).await
    }

    /// Ends a pause or a ban.
    pub async fn enable(&self, id: PersonId, by: Actor<'_>, now: i64) -> Result<Person, Error> {
        let change = Change { what: "person.enable", detail: "", of_owner: false };
        let enable = |person: Person| match person.standing {
            Standing::Disabled { .. } | Standing::Banned { .. } => Ok(Person { standing: Standing::Active, ..person }),
            Standing::Active | Standing::Pending => Err(Error::NotKeptOut(person.name)),
        };
        self.change(id, change, by, now, enable).await
    }

    /// Lets somebody in who waits for it.
    pub async fn approve(&self, id: PersonId, by: Actor<'_>, now: i64) -> Result<Person, Error> {
        let change = Change { what: "person.approve", detail: "", of_owner: false };
        let approve = |person| waiting(person).map(|person| Person { standing: Standing::Active, ..person });
        self.change(id, change, by, now, approve).await
    }

    /// The same said no to. They stay known as banned, so that they cannot ask again.
    pub async fn decline(&self, id: PersonId, by: Actor<'_>, now: i64) -> Result<Person, Error> {
        let change = Change { what: "person.decline", detail: "", of_owner: false };
        let standing = Standing::Banned { reason: "not let in".to_owned(), until: None };
        let decline = |person| waiting(person).map(|person| Person { standing: standing.clone(), ..person });
        self.change(id, change, by, now, decline).await
    }

    /// Ends every token, play link, session and stream that the person has, and returns them with a version that makes new ones.
    pub async fn renew(&self, id: PersonId, by: Actor<'_>, now: i64) -> Result<Person, Error> {
        let change = Change { what: "person.renew", detail: "", of_owner: true };
        self.change(id, change, by, now, |person| Ok(person.with_next_version())).await
    }

    /// The same for good: they are no longer listed, their name and Telegram account are free again, and nothing more is kept of
    /// them than the name.
    pub async fn remove(&self, id: PersonId, by: Actor<'_>, now: i64) -> Result<(), Error> {
        let change = Change { what: "person.remove", detail: "", of_owner: false };
        let remove = |person: Person| {
            Ok(Person {
                is_removed: true,
                telegram: None,
                language: None,
                standing: Standing::Active,
                reach: Reach::All,
                preferences: Preferences::default(),
                ..person.with_next_version()
            })
        };
        self.change(id, change, by, now, remove).await.map(drop)
    }

    /// What somebody chose for themselves; not for the audit.
    pub async fn set_preferences(&self, id: PersonId, chosen: &Preferences) -> Result<Person, Error> {
        self.replace(id, |person| Ok(Person { preferences: chosen.clone(), ..person })).await
    }

    /// The same for what they are spoken to in, a tag that [`person::language`] made.
    pub async fn set_language(&self, id: PersonId, language: &str) -> Result<Person, Error> {
        self.replace(id, |person| Ok(Person { language: Some(language.to_owned()), ..person })).await
    }

    /// Changes somebody if that is allowed, and notes it.
    async fn change(
        &self,
        id: PersonId,
        Change { what, detail, of_owner }: Change<'_>,
        by: Actor<'_>,
        now: i64,
        edit: impl Fn(Person) -> Result<Person, Error>,
    ) -> Result<Person, Error> {
        let edit = |person: Person| {
            by.check(Action::Change(person.role), now)?;
            if person.is_owner() && !of_owner { Err(Error::Owner) } else { edit(person) }
        };
        let changed = self.replace(id, edit).await?;
        self.note(what, Some(id), detail, by, now).await?;
        Ok(changed)
    }

    /// Changes somebody on what they are now: of several changes at once none is lost.
    pub(super) async fn replace(
        &self,
        id: PersonId,
        edit: impl Fn(Person) -> Result<Person, Error>,
    ) -> Result<Person, Error> {
        let mut name = String::new();
        for _ in 0..TRIES {
            let person = self.get(id).await?.ok_or_else(|| Error::Unknown(id.to_string()))?;
            let changed = edit(person)?;
            match self.store.people().replace(&changed).await? {
                Ok(true) => return Ok(Person { revision: changed.revision.wrapping_add(1), ..changed }),
                Ok(false) => name = changed.name,
                Err(taken) => return Err(self.taken(taken, &changed.name, changed.telegram.as_ref()).await?),
            }
        }
        Err(Error::Contended(name))
    }

    /// Who has it.
    async fn taken(&self, taken: Taken, name: &str, telegram: Option<&TelegramIdentity>) -> Result<Error, Error> {
        let (Taken::Telegram, Some(identity)) = (taken, telegram) else {
            return Ok(Error::NameTaken(name.to_owned()));
        };
        let holder = self.by_telegram(identity.id).await?;
        let name = holder.map_or_else(|| "somebody".to_owned(), |person| person.name);
        Ok(Error::AccountTaken { account: identity.id, name })
    }
}

fn waiting(person: Person) -> Result<Person, Error> {
    match person.standing {
        Standing::Pending => Ok(person),
        Standing::Active | Standing::Disabled { .. } | Standing::Banned { .. } => Err(Error::NotWaiting(person.name)),
    }
}

impl Actor<'_> {
    pub(super) fn check(self, action: Action, now: i64) -> Result<(), Error> {
        match action {
            Action::Give(Role::Owner) => Err(Error::OneOwner),
            _ if self.may(action, now) => Ok(()),
            Action::Give(Role::Admin) if self.may(Action::Operate, now) => Err(Error::MakesAdmin),
            Action::Change(Role::Owner) if self.may(Action::Operate, now) => Err(Error::Owner),
            _ => Err(Error::NotAllowed(self.role(now))),
        }
    }
}
