//! Being let in: invitations, and what happens when somebody comes to the bot.

use super::{Actor, Error, People, random_token};
use crate::adapters::store::Taken;
use crate::domain::access::{SecretHash, SecretToken};
use crate::domain::person::{
    Action, Denied, Invitation, JoinPolicy, Joining, NewPerson, Person, PersonId, Refusal, Role, Standing,
    TelegramIdentity, language, name_from_telegram,
};

/// So many may wait for approval: strangers come by the thousand, and who approves reads the list.
const MOST_WAITING: usize = 200;

/// The setting in which the bot's name is kept.
const BOT_NAME: &str = "bot";

/// An invitation that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub invitation: Invitation,
    /// What lets people in; it is not kept. [`Addresses::invitation`](crate::protocols::addresses::Addresses::invitation) makes the link.
    pub secret: String,
}

/// What becomes of somebody who is new.
struct Entrance {
    role: Role,
    standing: Standing,
}

impl People {
    /// Makes an invitation: so many may come with it until `expires` (unix seconds) and get this role.
    pub async fn invite(
        &self,
        role: Role,
        (uses, expires): (u32, i64),
        by: Actor<'_>,
        now: i64,
    ) -> Result<Invited, Error> {
        by.check(Action::Give(role), now)?;
        self.new_invitation(role, (uses, expires), None, by, now).await
    }

    /// Makes an invitation for somebody who is here already: who comes with it first is them.
    pub async fn invite_to_be(&self, person: &Person, expires: i64, by: Actor<'_>, now: i64) -> Result<Invited, Error> {
        by.check(Action::Change(person.role), now)?;
        self.new_invitation(person.role, (1, expires), Some(person.id), by, now).await
    }

    /// Invitations that are good now, the newest first.
    pub async fn invitations(&self, now: i64) -> Result<Vec<Invitation>, Error> {
        Ok(self.store.invitations().all(now).await?)
    }

    /// Takes an invitation back, by its id or the first digits of it that no other one has.
    pub async fn take_back(&self, digits: &str, by: Actor<'_>, now: i64) -> Result<(), Error> {
        by.check(Action::Operate, now)?;
        let all = self.invitations(now).await?;
        let mut found = all.iter().filter(|one| !digits.is_empty() && one.id.to_string().starts_with(digits));
        let (Some(invitation), None) = (found.next(), found.next()) else { return Err(Error::UnknownInvitation) };
        if !self.store.invitations().remove(invitation.id).await? {
            return Err(Error::UnknownInvitation);
        }
        self.note("person.uninvite", invitation.person, &short(invitation.id), by, now).await
    }

    /// Lets somebody in who came to the bot, as far as that is allowed. Whoever is known stays who they are. `secret`: what came
    /// with an invitation's link.
    pub async fn join(
        &self,
        identity: &TelegramIdentity,
        spoken: Option<&str>,
        secret: Option<&str>,
        now: i64,
    ) -> Result<Joining, Error> {
        let identity = &identity.cleaned();
        let invitation = match secret {
            Some(secret) => self.usable(secret, now).await?,
            None => None,
        };
        match (self.store.people().by_telegram(identity.id).await?, invitation) {
            (Some(person), invitation) => self.come_again(person, identity, invitation, now).await,
            (None, Some(invitation)) => self.come_invited(identity, spoken, &invitation, now).await,
            (None, None) => match self.join {
                JoinPolicy::Closed if secret.is_some() => Ok(Joining::Refused(Refusal::InvitationOver)),
                JoinPolicy::Closed => Ok(Joining::Closed),
                JoinPolicy::Open => {
                    let entrance = Entrance { role: Role::Member, standing: Standing::Active };
                    self.enter(identity, spoken, entrance, now).await
                }
                JoinPolicy::Approval => {
                    if self.store.people().waiting().await?.len() >= MOST_WAITING {
                        return Ok(Joining::Refused(Refusal::TooManyWaiting));
                    }
                    let entrance = Entrance { role: Role::Member, standing: Standing::Pending };
                    self.enter(identity, spoken, entrance, now).await
                }
            },
        }
    }

    /// Keeps what the bot is called, for commands that do not sign in to Telegram.
    pub async fn set_bot_name(&self, username: &str) -> Result<(), Error> {
        Ok(self.store.settings().set(BOT_NAME, username).await?)
    }

    /// What the bot was called at the last start, without `@`.
    pub async fn bot_name(&self) -> Result<Option<String>, Error> {
        Ok(self.store.settings().get(BOT_NAME).await?)
    }

    /// Those who wait for approval.
    pub async fn waiting(&self) -> Result<Vec<Person>, Error> {
        Ok(self.store.people().waiting().await?)
    }

    async fn new_invitation(
        &self,
        role: Role,
        (uses, expires): (u32, i64),
        person: Option<PersonId>,
        by: Actor<'_>,
        now: i64,
    ) -> Result<Invited, Error> {
        let secret = random_token();
        let invitation = Invitation { id: secret.hash(), role, uses, created: now, expires, made_by: by.id(), person };
        self.store.invitations().add(&invitation).await?;
        let detail = format!("{}: {role}, {uses}", short(invitation.id));
        self.note("person.invite", person, &detail, by, now).await?;
        Ok(Invited { invitation, secret: secret.text() })
    }

    /// The invitation of a secret, while it is good and whoever made it may still let people in.
    async fn usable(&self, secret: &str, now: i64) -> Result<Option<Invitation>, Error> {
        let Some(secret) = SecretToken::parse(secret) else { return Ok(None) };
        let Some(invitation) = self.store.invitations().get(secret.hash(), now).await? else { return Ok(None) };
        let Some(made_by) = invitation.made_by else { return Ok(Some(invitation)) };
        let maker = self.store.people().get(made_by).await?;
        let still_may = maker.is_some_and(|maker| maker.may(Action::Give(invitation.role), now));
        Ok(still_may.then_some(invitation))
    }

    async fn come_again(
        &self,
        person: Person,
        identity: &TelegramIdentity,
        invitation: Option<Invitation>,
        now: i64,
    ) -> Result<Joining, Error> {
        if let Some(other) = invitation.as_ref().and_then(|invitation| invitation.person)
            && other != person.id
        {
            return Ok(Joining::Refused(Refusal::ForSomebodyElse));
        }
        let person = match person.telegram.as_ref() == Some(identity) {
            true => person,
            // They call themselves otherwise now.
            false => {
                self.replace(person.id, |person| Ok(Person { telegram: Some(identity.clone()), ..person })).await?
            }
        };
        match person.denied(now) {
            None => Ok(Joining::Joined(person)),
            Some(Denied::Pending) => match invitation {
                Some(invitation) if self.store.invitations().use_up(invitation.id, now).await? => {
                    let (role, standing) = (invitation.role, Standing::Active);
                    let let_in = |person| Ok(Person { role, standing: standing.clone(), ..person });
                    let person = self.replace(person.id, let_in).await?;
                    self.note_joined(&person, &invitation, now).await?;
                    Ok(Joining::Joined(person))
                }
                _ => Ok(Joining::WaitsForApproval(person)),
            },
            Some(denied) => Ok(Joining::Refused(denied.into())),
        }
    }

    async fn come_invited(
        &self,
        identity: &TelegramIdentity,
        spoken: Option<&str>,
        invitation: &Invitation,
        now: i64,
    ) -> Result<Joining, Error> {
        if !self.store.invitations().use_up(invitation.id, now).await? {
            return Ok(Joining::Refused(Refusal::InvitationOver));
        }
        let came = match invitation.person {
            Some(id) => self.become_known(id, identity, now).await,
            None => {
                let entrance = Entrance { role: invitation.role, standing: Standing::Active };
                self.enter(identity, spoken, entrance, now).await
            }
        };
        match &came {
            Ok(Joining::Joined(person)) => self.note_joined(person, invitation, now).await?,
            // Nobody came in with it.
            _ => self.store.invitations().give_back(invitation.id).await?,
        }
        came
    }

    /// Somebody who was added in the terminal comes to the bot for the first time.
    async fn become_known(&self, id: PersonId, identity: &TelegramIdentity, now: i64) -> Result<Joining, Error> {
        let Some(person) = self.get(id).await?.filter(|person| person.telegram.is_none()) else {
            return Ok(Joining::Refused(Refusal::InvitationOver));
        };
        if let Some(denied) = person.denied(now) {
            return Ok(Joining::Refused(denied.into()));
        }
        let person = self.replace(id, |person| Ok(Person { telegram: Some(identity.clone()), ..person })).await?;
        Ok(Joining::Joined(person))
    }

    /// Adds somebody under the name that Telegram knows, or another one like it.
    async fn enter(
        &self,
        identity: &TelegramIdentity,
        spoken: Option<&str>,
        Entrance { role, standing }: Entrance,
        now: i64,
    ) -> Result<Joining, Error> {
        self.owner().await?;
        for is_taken in [false, true] {
            let name = name_from_telegram(identity, is_taken);
            let new = NewPerson {
                telegram: Some(identity.clone()),
                language: spoken.and_then(|tag| language(tag).ok()),
                standing: standing.clone(),
                ..NewPerson::called(&name, role, now)
            };
            let person = match self.store.people().add(&new).await? {
                Ok(person) => Some(person),
                Err(Taken::Name) => continue,
                // Twice in the same moment.
                Err(Taken::Telegram) => self.store.people().by_telegram(identity.id).await?,
            };
            let person = person.ok_or_else(|| Error::Contended(name.clone()))?;
            return Ok(match person.denied(now) {
                None => Joining::Joined(person),
                Some(Denied::Pending) => Joining::WaitsForApproval(person),
                Some(denied) => Joining::Refused(denied.into()),
            });
        }
        Err(Error::NameTaken(name_from_telegram(identity, true)))
    }

    async fn note_joined(&self, person: &Person, invitation: &Invitation, now: i64) -> Result<(), Error> {
        self.note("person.join", Some(person.id), &short(invitation.id), Actor::Person(person), now).await
    }
}

/// How an invitation is called in lists and in the audit.
fn short(id: SecretHash) -> String {
    id.to_string().chars().take(8).collect()
}
