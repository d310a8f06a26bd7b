//! Signing in by six digits, in both directions:
//!
//! ```text
//! new_code      the bot gives a code to somebody    sign_in_by_code   who types it in the browser
//! ask_to_enter  a browser shows a code              allow             somebody who sends it to the bot; enter_if_allowed lets the browser in
//! ```
//!
//! Six digits can be guessed: whoever takes them from strangers slows them down after each wrong one, for longer each time.

use super::sessions::{Browser, Entered};
use super::{Error, People, random_token};
use crate::domain::access::SecretToken;
use crate::domain::person::{Code, Person, SignInCode};
use crate::flows::DatabaseError;

/// Seconds that a code can be used: time enough to type it, and too little to try many.
pub const CODE_SECS: i64 = 5 * 60;
/// How often another code is drawn when one is out already.
const TRIES: usize = 20;

/// A browser's code, and what the browser keeps to ask what became of it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub code: Code,
    pub secret: String,
}

/// What became of a browser's code.
#[derive(Clone, Debug)]
pub enum Entrance {
    /// Nobody said yes so far.
    Waiting(Code),
    Entered(Box<Entered>),
    /// It was used, has expired, or never was; or whoever said yes may not in any more.
    Over,
}

impl People {
    /// A code for somebody who is known by their chat with the bot, to be typed in a browser. `now` in unix seconds.
    pub async fn new_code(&self, person: &Person, now: i64) -> Result<Code, Error> {
        let holder = Some((person.id, person.access_version));
        self.give_out(now, |code| SignInCode { code, holder, asker: None, expires: now + CODE_SECS }).await
    }

    /// Lets a browser in by a code that the bot gave. `None` for a wrong one.
    pub async fn sign_in_by_code(
        &self,
        code: Code,
        browser: Browser<'_>,
        now: i64,
    ) -> Result<Option<Entered>, DatabaseError> {
        let Some((person, version)) = self.store.codes().use_up(code, now).await? else { return Ok(None) };
        self.enter_as(person, version, browser, now).await
    }

    /// A code for a browser to show, until somebody sends it to the bot.
    pub async fn ask_to_enter(&self, now: i64) -> Result<Asked, Error> {
        let secret = random_token();
        let asker = Some(secret.hash());
        let code =
            self.give_out(now, |code| SignInCode { code, holder: None, asker, expires: now + CODE_SECS }).await?;
        Ok(Asked { code, secret: secret.text() })
    }

    /// Says yes to the browser that shows this code: it will be signed in as this person. Returns whether there is one.
    pub async fn allow(&self, person: &Person, code: Code, now: i64) -> Result<bool, DatabaseError> {
        Ok(self.store.codes().allow(code, (person.id, person.access_version), now).await?)
    }

    /// What became of a browser's code. Lets the browser in, once, when somebody said yes.
    pub async fn enter_if_allowed(
        &self,
        secret: &str,
        browser: Browser<'_>,
        now: i64,
    ) -> Result<Entrance, DatabaseError> {
        let Some(secret) = SecretToken::parse(secret) else { return Ok(Entrance::Over) };
        match self.store.codes().asked(secret.hash(), now).await? {
            None => Ok(Entrance::Over),
            Some(SignInCode { code, holder: None, .. }) => Ok(Entrance::Waiting(code)),
            Some(_) => {
                let Some((person, version)) = self.store.codes().use_up_asked(secret.hash(), now).await? else {
                    return Ok(Entrance::Over);
                };
                let entered = self.enter_as(person, version, browser, now).await?;
                Ok(entered.map_or(Entrance::Over, |entered| Entrance::Entered(Box::new(entered))))
            }
        }
    }

    /// Draws codes until one is not out already.
    async fn give_out(&self, now: i64, made: impl Fn(Code) -> SignInCode) -> Result<Code, Error> {
        for _ in 0..TRIES {
            let number = getrandom::u32().expect("the operating system gives random bytes");
            let Some(code) = Code::from_random(number) else { continue };
            if self.store.codes().add(&made(code), now).await? {
                return Ok(code);
            }
        }
        Err(Error::NoCodeLeft)
    }
}
