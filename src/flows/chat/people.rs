//! Who is here, for those who run the place: /users, /invite, /ban, and a card for each person.

use super::Chat;
use super::attend::{Answer, Failure};
use super::press::{OnPerson, Press};
use super::stats::role as role_name;
use super::visitor::Visitor;
use crate::adapters::telegram::{Button, Outgoing};
use crate::domain::person::{Action, Denied, Person, PersonId, Role, date, when};
use crate::flows::people::Actor;
use crate::texts::{reasons, text};

/// People on a page of the list.
const PAGE: usize = 8;
/// What an invitation is good for when nothing else is said: a week, for one.
const INVITED_SECS: i64 = 7 * 24 * 3600;
/// People whom one invitation lets in at most.
const MOST_INVITED: u32 = 1_000;

impl Chat {
    /// `/users`, `/users words`
    pub(super) async fn users(&self, visitor: &Visitor, words: &str, from: usize) -> Result<Outgoing, Failure> {
        if !visitor.may(Action::Operate) {
            return Ok(visitor.tell(text("not-allowed")));
        }
        let page = self.people.list(words, from, PAGE).await?;
        let button = |person: &Person| {
            let mark = if person.denied(visitor.now).is_some() { "⛔ " } else { "" };
            let label = format!("{mark}{} · {}", person.name, visitor.say(role_name(person.role)));
            Button::press(label, Press::Person(person.id, OnPerson::Card).data())
        };
        let message =
            visitor.tell(text("users").with("count", page.total as u64)).column(page.people.iter().map(button));
        let earlier = (from > 0).then(|| Button::press("‹", Press::People(from.saturating_sub(PAGE) as u32).data()));
        let has_more = words.is_empty() && page.total > from + PAGE;
        let later = has_more.then(|| Button::press("›", Press::People((from + PAGE) as u32).data()));
        Ok(message.row(earlier.into_iter().chain(later)))
    }

    /// `/invite`, `/invite guest`, `/invite member 5 2027-01-31`
    pub(super) async fn invite(&self, visitor: &Visitor, rest: &str) -> Result<Outgoing, Failure> {
        let Some((role, uses, expires)) = invitation(rest, visitor.now) else {
            return Ok(visitor.tell(text("invite-how")));
        };
        let actor = Actor::Person(&visitor.person);
        let invited = self.people.invite(role, (uses, expires), actor, visitor.now).await?;
        let Some(bot) = self.messages.username() else { return Ok(visitor.tell(text("telegram-failed"))) };
        let link = self.addresses.invitation(&bot, &invited.secret).to_string();
        let words = text("invited")
            .with("role", role_name(role))
            .with("count", u64::from(uses))
            .with("until", date(expires))
            .with("link", link.as_str());
        Ok(visitor.tell(words).row([Button::copy(visitor.say(text("button-copy")), link)]))
    }

    /// `/ban name`, `/ban @name reason`
    pub(super) async fn ban(&self, visitor: &Visitor, rest: &str) -> Result<Outgoing, Failure> {
        let (who, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let Some(person) = self.meant_by(who).await? else { return Ok(visitor.tell(text("ban-how"))) };
        let actor = Actor::Person(&visitor.person);
        let person = self.people.ban(person.id, (reason.trim(), None), actor, visitor.now).await?;
        Ok(self.person_card(visitor, &person))
    }

    /// `/unban name`
    pub(super) async fn unban(&self, visitor: &Visitor, rest: &str) -> Result<Outgoing, Failure> {
        let Some(person) = self.meant_by(rest).await? else { return Ok(visitor.tell(text("ban-how"))) };
        let person = self.people.enable(person.id, Actor::Person(&visitor.person), visitor.now).await?;
        Ok(self.person_card(visitor, &person))
    }

    /// Whom a name, `@name` or a number on Telegram names; `None` when nothing was written.
    async fn meant_by(&self, words: &str) -> Result<Option<Person>, Failure> {
        if words.trim().is_empty() {
            return Ok(None);
        }
        Ok(Some(self.people.find(words).await?))
    }

    pub(super) async fn on_person(&self, visitor: &Visitor, id: PersonId, on: OnPerson) -> Result<Answer, Failure> {
        if !visitor.may(Action::Operate) {
            return Ok(Answer::Toast(visitor.say(text("not-allowed"))));
        }
        let (actor, now) = (Actor::Person(&visitor.person), visitor.now);
        let person = match on {
            OnPerson::Card => match self.people.get(id).await? {
                Some(person) => person,
                None => return Ok(Answer::Toast(visitor.say(text("no-such-person")))),
            },
            OnPerson::Approve => {
                let person = self.people.approve(id, actor, now).await?;
                self.greet(&person, now).await;
                person
            }
            OnPerson::Decline => self.people.decline(id, actor, now).await?,
            OnPerson::Give(role) => self.people.set_role(id, role, actor, now).await?,
            OnPerson::Pause => self.people.disable(id, ("", None), actor, now).await?,
            OnPerson::Ban => self.people.ban(id, ("", None), actor, now).await?,
            OnPerson::Enable => self.people.enable(id, actor, now).await?,
            OnPerson::Renew => self.people.renew(id, actor, now).await?,
        };
        Ok(Answer::Instead(self.person_card(visitor, &person)))
    }

    /// Somebody was let in: they hear of it, in their language.
    async fn greet(&self, person: &Person, now: i64) {
        let Some(telegram) = &person.telegram else { return };
        let visitor = Visitor::new(person.clone(), None, now);
        match self.welcome(&visitor).await {
            Ok(message) => self.send(crate::adapters::telegram::Place::Private(telegram.id), message).await,
            Err(error) => tracing::warn!(%error, "Somebody who was let in could not be told"),
        }
    }

    pub(super) fn person_card(&self, visitor: &Visitor, person: &Person) -> Outgoing {
        let mut lines = vec![visitor.say(role_name(person.role))];
        if let Some(telegram) = &person.telegram {
            let name = if telegram.username.is_empty() { String::new() } else { format!("@{} · ", telegram.username) };
            lines.push(format!("{name}{}", telegram.id));
        }
        if person.last_active > 0 {
            lines.push(visitor.say(text("person-active").with("when", date(person.last_active))));
        }
        if let Some(end) = person.expires {
            lines.push(visitor.say(text("stats-expires").with("when", date(end))));
        }
        let denied = person.denied(visitor.now);
        lines.extend(denied.as_ref().map(|denied| visitor.say(reasons::of_denied(denied))));
        let message = Outgoing::from(visitor.headed(&person.name, lines.join("\n")));
        buttons(visitor, person, denied.as_ref()).into_iter().fold(message, |message, row| message.row(row))
    }
}

/// What this visitor may do with this person.
fn buttons(visitor: &Visitor, person: &Person, denied: Option<&Denied>) -> Vec<Vec<Button>> {
    let on = |label, what| visitor.button(label, Press::Person(person.id, what));
    let may_change = visitor.may(Action::Change(person.role)) && !person.is_owner();
    if !may_change {
        return Vec::new();
    }
    if matches!(denied, Some(Denied::Pending)) {
        return vec![vec![
            on(text("button-approve"), OnPerson::Approve),
            on(text("button-decline"), OnPerson::Decline),
        ]];
    }
    let roles = Role::ALL.into_iter().filter(|role| *role != person.role && visitor.may(Action::Give(*role)));
    let roles = roles.map(|role| on(text("button-role").with("role", role_name(role)), OnPerson::Give(role))).collect();
    let out = match denied {
        Some(Denied::Disabled { .. } | Denied::Banned { .. }) => vec![on(text("button-enable"), OnPerson::Enable)],
        _ => vec![on(text("button-pause"), OnPerson::Pause), on(text("button-ban"), OnPerson::Ban)],
    };
    vec![roles, out, vec![on(text("button-renew"), OnPerson::Renew)]]
}

/// `member 5 30d`: a role, for how many, until when; each may be left out.
fn invitation(words: &str, now: i64) -> Option<(Role, u32, i64)> {
    let (mut role, mut uses, mut expires) = (Role::Member, 1, now + INVITED_SECS);
    for word in words.split_whitespace() {
        if let Ok(given) = word.parse() {
            role = given;
        } else if let Some(given) = word.parse().ok().filter(|uses| (1..=MOST_INVITED).contains(uses)) {
            uses = given;
        } else {
            expires = when(word, now).ok()??;
        }
    }
    Some((role, uses, expires))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invitations_are_read_in_any_order() {
        let week = 7 * 24 * 3600;
        for (words, wanted) in [
            ("", Some((Role::Member, 1, week))),
            ("guest", Some((Role::Guest, 1, week))),
            ("5 member", Some((Role::Member, 5, week))),
            ("1d guest 3", Some((Role::Guest, 3, 24 * 3600))),
            ("nonsense", None),
            ("0", None),
            ("1001", None),
        ] {
            assert_eq!(invitation(words, 0), wanted, "{words}");
        }
    }
}
