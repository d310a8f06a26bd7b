//! Buttons that people pressed and inline queries that they asked, each until it is answered or too old; what people saw beside
//! messages; ephemeral messages; and the commands that bots offer.

use std::time::{Duration, Instant};

use super::super::post::{CommandSet, InlineResult, Sent, SentKind};
use super::super::refusal::Refusal;
use super::words::Words;
use super::{World, now, now_exactly};

#[derive(Clone, Debug)]
pub(in super::super) struct Query {
    pub id: i64,
    pub account: i64,
    pub person: i64,
    pub asked: Instant,
    pub is_inline: bool,
    pub is_answered: bool,
    /// Of an inline query that was answered.
    pub results: Vec<InlineResult>,
}

/// In a group, seen by one person only.
#[derive(Clone, Debug)]
pub(in super::super) struct Ephemeral {
    pub id: i32,
    pub account: i64,
    pub bare: i64,
    pub person: i64,
    pub date: i32,
    pub written: u64,
    pub words: Words,
}

#[derive(Debug, Default)]
pub(in super::super) struct Talk {
    pub queries: Vec<Query>,
    pub ephemerals: Vec<Ephemeral>,
    /// Ids of ephemeral messages count for themselves.
    newest_ephemeral: i32,
    /// What people saw beside messages, with its moment in nanoseconds.
    pub shown: Vec<(u64, Sent)>,
    pub commands: Vec<CommandSet>,
}

/// Old ones are forgotten.
const MOST_QUERIES: usize = 10_000;

impl Talk {
    /// A new ephemeral message.
    pub fn write_ephemeral(&mut self, account: i64, bare: i64, person: i64, words: Words) -> Ephemeral {
        self.newest_ephemeral += 1;
        let (id, date, written) = (self.newest_ephemeral, now(), now_exactly());
        let sent = Ephemeral { id, account, bare, person, date, written, words };
        self.ephemerals.push(sent.clone());
        sent
    }
}

impl World {
    pub fn new_query(&mut self, account: i64, person: i64, is_inline: bool) -> i64 {
        let talk = &mut self.talk;
        // Looks like Telegram's: a large number that says nothing.
        let next = talk.queries.last().map_or(0, |query| query.id >> 16) + 1;
        let id = next << 16 | 0x5e5e;
        if talk.queries.len() >= MOST_QUERIES {
            talk.queries.remove(0);
        }
        let (asked, results) = (Instant::now(), Vec::new());
        talk.queries.push(Query { id, account, person, asked, is_inline, is_answered: false, results });
        id
    }

    /// A query that waits for this bot's answer; answers it.
    pub fn answer_query(
        &mut self,
        id: i64,
        account: i64,
        is_inline: bool,
        lifetime: Duration,
    ) -> Result<&mut Query, Refusal> {
        let query = self.talk.queries.iter_mut().find(|query| query.id == id);
        let waits = |query: &&mut Query| {
            query.account == account
                && query.is_inline == is_inline
                && !query.is_answered
                && query.asked.elapsed() <= lifetime
        };
        let query = query.filter(waits).ok_or(Refusal::bad("QUERY_ID_INVALID"))?;
        query.is_answered = true;
        Ok(query)
    }

    /// A person saw something that is no message.
    pub fn show(&mut self, account: i64, person: i64, kind: SentKind, text: String, results: Vec<InlineResult>) {
        let from = self.account(account).map(|account| account.name.clone()).unwrap_or_default();
        let sent = Sent { from, to: person, kind, text, results, ..Sent::default() };
        self.talk.shown.push((now_exactly(), sent));
    }
}
