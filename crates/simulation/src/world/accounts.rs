//! Bot accounts, the people who write to them, and their letters (private messages). What happens to the letters is counted and
//! remembered as in a channel: ids and pts are the bot's own, over all its private chats.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::super::refusal::Refusal;
use super::channels::{Change, Event, History, happened, history};
use super::words::{SendingLimits, Words, WordsEdit};
use super::{World, now, now_exactly};

#[derive(Debug, Default, Serialize, Deserialize)]
pub(in super::super) struct Account {
    pub name: String,
    pub id: i64,
    /// Counts what happened to the letters; channels count for themselves.
    pub pts: i32,
    pub letters: BTreeMap<i32, Letter>,
    /// The newest letter's id ever.
    #[serde(default)]
    pub top: i32,
    /// The newest changes of letters, oldest first, without gaps.
    #[serde(default)]
    pub events: VecDeque<Event>,
    /// People who wrote to it at least once: only they may be answered.
    #[serde(default)]
    pub started: BTreeSet<i64>,
    /// Raised when all file references of the account expire.
    pub reference_generation: u32,
    /// Its token was taken away (`ACCESS_TOKEN_EXPIRED`).
    #[serde(default)]
    pub is_revoked: bool,
    /// Random ids of messages that it sent: none is taken twice.
    #[serde(skip)]
    pub random_ids: HashSet<i64>,
    #[serde(skip)]
    pub limits: SendingLimits,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Letter {
    pub id: i32,
    pub person: i64,
    /// From the bot to the person.
    pub is_out: bool,
    pub date: i32,
    pub edit_date: Option<i32>,
    /// In nanoseconds, for the order of what bots said.
    #[serde(default)]
    pub written: u64,
    #[serde(flatten)]
    pub words: Words,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in super::super) struct Person {
    pub id: i64,
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    /// Of their app.
    pub lang_code: Option<String>,
    /// Bots that they blocked.
    pub blocked: BTreeSet<i64>,
}

impl Account {
    /// Without `@`.
    pub fn username(&self) -> String {
        format!("cinepost_{}_bot", self.name)
    }

    /// Whether the person has written to the bot: only then may it answer.
    pub fn knows(&self, person: i64) -> bool {
        self.started.contains(&person) || self.letters.values().any(|letter| letter.person == person && !letter.is_out)
    }

    /// What came after a pts.
    pub fn since(&self, pts: i32, limit: usize, kept: usize) -> Result<History<'_>, Refusal> {
        history(&self.events, self.pts, pts, limit, kept)
    }

    /// A letter to or from the bot.
    pub fn write(&mut self, person: i64, is_out: bool, words: Words, kept: usize) -> Result<Event, Refusal> {
        words.check()?;
        let answers = words.reply_to.is_some_and(|id| self.letters.get(&id).is_none_or(|l| l.person != person));
        if answers {
            return Err(Refusal::bad("REPLY_MESSAGE_ID_INVALID"));
        }
        if !is_out {
            self.started.insert(person);
        }
        let newest = self.letters.last_key_value().map_or(0, |(id, _)| *id);
        let id = self.top.max(newest) + 1;
        self.top = id;
        self.letters
            .insert(id, Letter { id, person, is_out, date: now(), edit_date: None, written: now_exactly(), words });
        Ok(happened(&mut self.events, &mut self.pts, Change::New(id), 1, kept))
    }

    /// Who wrote a letter may change it.
    pub fn edit(&mut self, id: i32, is_bot: bool, edit: WordsEdit, kept: usize) -> Result<Event, Refusal> {
        let letter = self.letters.get_mut(&id).ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
        if letter.is_out != is_bot {
            return Err(Refusal::new(403, "MESSAGE_AUTHOR_REQUIRED"));
        }
        letter.words.edit(edit)?;
        letter.edit_date = Some(now());
        Ok(happened(&mut self.events, &mut self.pts, Change::Edit(id), 1, kept))
    }

    /// `None` when none of them was there.
    pub fn delete(&mut self, ids: &[i32], kept: usize) -> Option<Event> {
        let gone: Vec<i32> = ids.iter().copied().filter(|id| self.letters.remove(id).is_some()).collect();
        let count = gone.len() as i32;
        (count > 0).then(|| happened(&mut self.events, &mut self.pts, Change::Delete(gone), count, kept))
    }
}

impl World {
    /// A person whom nobody described yet gets a name.
    pub fn meet(&mut self, id: i64) -> &mut Person {
        let name = || Person { id, first_name: format!("Person {id}"), ..Person::default() };
        self.people.entry(id).or_insert_with(name)
    }

    /// Whether a bot may know a person: they wrote to it, or are in a chat with it.
    pub fn sees(&self, account: i64, person: i64) -> bool {
        let shares = |channel: &super::Channel| channel.members.contains(&account) && channel.members.contains(&person);
        self.account(account).is_some_and(|a| a.knows(person)) || self.channels.values().any(shares)
    }

    /// Whether a random id can be taken: the bot did not send a message with it before.
    pub fn check_random_id(&self, account: i64, random_id: i64) -> Result<(), Refusal> {
        if random_id == 0 {
            return Err(Refusal::bad("RANDOM_ID_EMPTY"));
        }
        match self.account(account).is_some_and(|a| a.random_ids.contains(&random_id)) {
            true => Err(Refusal::new(500, "RANDOM_ID_DUPLICATE")),
            false => Ok(()),
        }
    }

    /// A message was made with it.
    pub fn take_random_id(&mut self, account: i64, random_id: i64) {
        self.account_mut(account).into_iter().for_each(|a| _ = a.random_ids.insert(random_id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_as_a_channel_counts() {
        let mut account = Account { pts: 1, ..Account::default() };
        let text = |text: &str| Words::plain(text.to_owned());
        account.write(9, false, text("/start"), 10).expect("written");
        account.write(9, true, text("hello"), 10).expect("written");
        account.edit(2, true, WordsEdit::text("better".to_owned()), 10).expect("its own");
        account.delete(&[1, 2, 7], 10).expect("two were there");
        let steps: Vec<_> = account.events.iter().map(|event| (event.pts, event.count)).collect();
        assert_eq!(steps, [(2, 1), (3, 1), (4, 1), (6, 2)]);
        assert!(account.knows(9), "whoever pressed Start once stays known");
        account.write(9, true, text("more"), 10).expect("written");
        assert_eq!(account.letters.keys().collect::<Vec<_>>(), [&3], "no id is given twice");
    }

    #[test]
    fn letters_are_changed_by_who_wrote_them_and_answer_letters_of_their_chat() {
        let mut account = Account { pts: 1, ..Account::default() };
        account.write(9, false, Words::plain("a".to_owned()), 10).expect("written");
        let edit = |account: &mut Account, id, text: &str| {
            let refusal = account.edit(id, true, WordsEdit::text(text.to_owned()), 10).expect_err("refused");
            refusal.message.into_owned()
        };
        assert_eq!(edit(&mut account, 1, "b"), "MESSAGE_AUTHOR_REQUIRED");
        assert_eq!(edit(&mut account, 5, "b"), "MESSAGE_ID_INVALID");
        let answer = |person| Words { reply_to: Some(1), ..Words::plain(format!("to {person}")) };
        let refusal = account.write(8, true, answer(8), 10).expect_err("another chat's");
        assert_eq!(refusal.message, "REPLY_MESSAGE_ID_INVALID");
        account.write(9, true, answer(9), 10).expect("written");
        assert_eq!(edit(&mut account, 2, "to 9"), "MESSAGE_NOT_MODIFIED");
    }
}
