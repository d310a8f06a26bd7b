//! Bot accounts, the people who write to them, and their letters (private messages).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::post::UrlButton;
use super::super::refusal::Refusal;
use super::{World, now};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in super::super) struct Account {
    pub name: String,
    pub id: i64,
    /// Counts what happened to the letters; channels count for themselves.
    pub pts: i32,
    pub letters: BTreeMap<i32, Letter>,
    /// Raised when all file references of the account expire.
    pub reference_generation: u32,
    /// Its token was taken away (`ACCESS_TOKEN_EXPIRED`).
    #[serde(default)]
    pub is_revoked: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Letter {
    pub id: i32,
    pub person: i64,
    /// From the bot to the person.
    pub is_out: bool,
    pub date: i32,
    pub edit_date: Option<i32>,
    pub text: String,
    pub document: Option<i64>,
    /// Buttons that open an address, in rows.
    #[serde(default)]
    pub buttons: Vec<Vec<UrlButton>>,
    /// The account's pts right after it was written.
    pub pts: i32,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in super::super) struct Person {
    pub id: i64,
    pub first_name: String,
}

/// Telegram's limit on the length of a message.
const LONGEST_TEXT: usize = 4096;

impl Account {
    /// Without `@`.
    pub fn username(&self) -> String {
        format!("cinepost_{}_bot", self.name)
    }

    /// Whether the person has written to the bot: only then may it answer.
    pub fn knows(&self, person: i64) -> bool {
        self.letters.values().any(|letter| letter.person == person && !letter.is_out)
    }
}

impl World {
    /// A letter to or from a bot.
    pub fn write_letter(
        &mut self,
        account: i64,
        person: i64,
        is_out: bool,
        text: String,
        document: Option<i64>,
        buttons: Vec<Vec<UrlButton>>,
    ) -> Result<Letter, Refusal> {
        check_text(&text, document.is_some())?;
        let account = self.account_mut(account).ok_or(Refusal::bad("PEER_ID_INVALID"))?;
        account.pts += 1;
        let id = account.letters.last_key_value().map_or(1, |(id, _)| id + 1);
        let letter =
            Letter { id, person, is_out, date: now(), edit_date: None, text, document, buttons, pts: account.pts };
        account.letters.insert(id, letter.clone());
        Ok(letter)
    }

    pub fn edit_letter(&mut self, account: i64, id: i32, text: String) -> Result<(Letter, i32), Refusal> {
        check_text(&text, true)?;
        let account = self.account_mut(account).ok_or(Refusal::bad("PEER_ID_INVALID"))?;
        let letter = account.letters.get_mut(&id).ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
        if !letter.is_out {
            return Err(Refusal::new(403, "MESSAGE_AUTHOR_REQUIRED"));
        }
        if letter.text == text {
            return Err(Refusal::bad("MESSAGE_NOT_MODIFIED"));
        }
        account.pts += 1;
        letter.text = text;
        letter.edit_date = Some(now());
        Ok((letter.clone(), account.pts))
    }

    /// The account's pts afterwards, and how many letters there were.
    pub fn delete_letters(&mut self, account: i64, ids: &[i32]) -> (i32, i32) {
        let Some(account) = self.account_mut(account) else { return (0, 0) };
        let gone = ids.iter().filter(|id| account.letters.remove(id).is_some()).count() as i32;
        account.pts += gone;
        (account.pts, gone)
    }
}

pub(super) fn check_text(text: &str, has_document: bool) -> Result<(), Refusal> {
    match text.encode_utf16().count() {
        0 if !has_document => Err(Refusal::bad("MESSAGE_EMPTY")),
        LONGEST_TEXT.. => Err(Refusal::bad("MESSAGE_TOO_LONG")),
        _ => Ok(()),
    }
}
