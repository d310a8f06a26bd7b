//! Questions of the bot's that wait for an answer: "what shall it be called?". In memory: after a restart the answer is taken for
//! words, and whoever asked presses the button again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::person::PersonId;
use crate::domain::shared::{FileId, FolderId};

/// Unix seconds for which a question waits.
const PATIENCE: i64 = 10 * 60;
/// So many people may be asked at once; beyond it those go that were asked first.
const MOST: usize = 10_000;

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    NameOfFile(FileId),
    Password(FileId),
    NewFolder(Option<FolderId>),
    NameOfFolder(FolderId),
}

/// Of each person the newest question.
#[derive(Default)]
pub(super) struct Prompts(Mutex<HashMap<PersonId, (Question, i64)>>);

impl Prompts {
    pub fn ask(&self, person: PersonId, question: Question, now: i64) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST {
            open.retain(|_, (_, since)| now < *since + PATIENCE);
        }
        if open.len() >= MOST
            && let Some(first) = open.iter().min_by_key(|(_, (_, since))| *since).map(|(person, _)| *person)
        {
            open.remove(&first);
        }
        open.insert(person, (question, now));
    }

    /// The question that this person's words answer, which no longer waits then.
    pub fn take(&self, person: PersonId, now: i64) -> Option<Question> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (question, since) = open.remove(&person)?;
        (now < since + PATIENCE).then_some(question)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_waits_for_its_person_and_not_for_ever() {
        let prompts = Prompts::default();
        let (anna, ivan) = (PersonId(2), PersonId(3));
        prompts.ask(anna, Question::NewFolder(None), 0);
        prompts.ask(anna, Question::Password(FileId(1)), 1);
        assert_eq!(prompts.take(ivan, 2), None);
        assert_eq!(prompts.take(anna, 2), Some(Question::Password(FileId(1))), "the newest");
        assert_eq!(prompts.take(anna, 2), None, "once");
        prompts.ask(anna, Question::NewFolder(None), 0);
        assert_eq!(prompts.take(anna, PATIENCE), None);
    }

    #[test]
    fn however_many_are_asked_memory_has_an_end() {
        let prompts = Prompts::default();
        for n in 0..MOST as u32 + 50 {
            prompts.ask(PersonId(n), Question::NewFolder(None), i64::from(n % 100));
        }
        assert_eq!(prompts.0.lock().expect("not poisoned").len(), MOST);
        assert!(prompts.take(PersonId(MOST as u32 + 49), 99).is_some(), "the last is there");
    }
}
