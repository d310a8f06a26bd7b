//! The first things that people see: /start, /help, the way to their page, and what they can choose.

use tracing::debug;

use super::Chat;
use super::attend::{Answer, Failure};
use super::command::{COMMANDS, Row};
use super::press::Press;
use super::visitor::Visitor;
use crate::adapters::telegram::{BotCommand, Button, CommandScope, Outgoing};
use crate::domain::person::{Action, Preferences, Role};
use crate::flows::people;
use crate::protocols::addresses::OwnerPage;
use crate::texts::{Language, text};

impl Chat {
    pub(super) async fn welcome(&self, visitor: &Visitor) -> Result<Outgoing, Failure> {
        let install = self.addresses.install(&self.people.token(&visitor.person));
        let mut words = visitor.say(text("welcome").with("name", visitor.person.name.as_str()));
        if visitor.may(Action::Operate) {
            words.push_str("\n\n");
            words.push_str(&visitor.say(text("welcome-owner")));
        }
        if self.files.is_open() && visitor.may(Action::Upload) {
            words.push_str("\n\n");
            words.push_str(&visitor.say(text("welcome-files")));
        }
        words.push_str("\n\n");
        words.push_str(&visitor.say(text("welcome-install").with("link", install.manifest().as_str())));
        words.push_str(&self.reach(visitor));
        let mut message = Outgoing::from(words);
        if visitor.may(Action::Operate) {
            message = message.row([self.page_button(visitor, OwnerPage::Top).await?]);
        }
        Ok(message.row([Button::open(visitor.say(text("button-install")), install.configure().to_string())]))
    }

    /// The commands that this person may use, a line each.
    pub(super) fn help(&self, visitor: &Visitor) -> Outgoing {
        let can = |needs: Option<Action>| needs.is_none_or(|action| visitor.may(action));
        let is_there = |needs: Option<Action>| needs != Some(Action::Upload) || self.files.is_open();
        let rows = COMMANDS.iter().filter(|row| can(row.needs) && is_there(row.needs));
        let lines = rows.map(|row| format!("/{} – {}", row.name, visitor.say(row.command.help())));
        let mut words = visitor.say(text("help"));
        words.push_str("\n\n");
        words.push_str(&lines.collect::<Vec<_>>().join("\n"));
        words.into()
    }

    /// Tells Telegram which commands its apps are to offer, in each language: those of members to everybody, all of them to the owner.
    pub async fn offer_commands(self) {
        let commands = |language: Language, is_for: fn(&Row) -> bool| {
            let command = |row: &Row| BotCommand {
                name: row.name.to_owned(),
                description: row.command.help().to_string_in(language),
            };
            COMMANDS.iter().filter(|row| is_for(row)).map(command).collect::<Vec<_>>()
        };
        let is_members: fn(&Row) -> bool = |row| row.needs.is_none_or(|action| Role::Member.may(action));
        for language in Language::all() {
            // Telegram gives those without a language to everybody who has another one.
            let code = if language == Language::ENGLISH { "" } else { language.code() };
            let offered = commands(language, is_members);
            let mut set = vec![self.messages.set_commands(CommandScope::PrivateChats, code, &offered).await];
            if let Some(owner) = self.owner {
                let all = commands(language, |_| true);
                set.push(self.messages.set_commands(CommandScope::Person(owner), code, &all).await);
            }
            for error in set.into_iter().filter_map(Result::err) {
                debug!(%error, "Telegram does not offer the bot's commands");
            }
        }
    }

    pub(super) async fn web(&self, visitor: &Visitor) -> Result<Outgoing, Failure> {
        if !visitor.may(Action::Operate) {
            let install = self.addresses.install(&self.people.token(&visitor.person));
            let button = Button::open(visitor.say(text("button-install")), install.configure().to_string());
            return Ok(visitor.tell(text("web-guest")).row([button]));
        }
        let button = self.page_button(visitor, OwnerPage::Top).await?;
        let words = visitor.say(text("web").with("minutes", (people::LINK_SECS / 60) as u64));
        Ok(Outgoing::from(words + &self.reach(visitor)).row([button]))
    }

    pub(super) fn settings(&self, visitor: &Visitor) -> Outgoing {
        let Preferences { keeps_history, gets_news, .. } = visitor.person.preferences;
        let turn = |is_on: bool| if is_on { text("on") } else { text("off") };
        let languages: Vec<_> = Language::all()
            .enumerate()
            .map(|(at, language)| {
                let mark = if language == visitor.language { "• " } else { "" };
                let own_name = text("language-name").to_string_in(language);
                Button::press(format!("{mark}{own_name}"), Press::Language(at as u8).data())
            })
            .collect();
        let message =
            languages.chunks(3).fold(visitor.tell(text("settings")), |message, row| message.row(row.to_vec()));
        message
            .row([visitor.button(text("button-history").with("state", turn(keeps_history)), Press::History)])
            .row([visitor.button(text("button-erase-history"), Press::EraseHistory)])
            .row([visitor.button(text("button-news").with("state", turn(gets_news)), Press::News)])
    }

    pub(super) fn ask_to_erase(&self, visitor: &Visitor) -> Outgoing {
        let now = visitor.button(text("button-erase"), Press::EraseHistoryNow);
        visitor.tell(text("history-erase")).row([now, visitor.button(text("button-back"), Press::Settings)])
    }

    pub(super) async fn erase_history(&self, visitor: &Visitor) -> Result<Outgoing, Failure> {
        // What waits to be stored would stand there again a moment later.
        self.limits.save(visitor.now).await;
        self.limits.records().erase_history(Some(visitor.person.id)).await?;
        Ok(visitor.tell(text("history-erased")).row([visitor.button(text("button-back"), Press::Settings)]))
    }

    pub(super) async fn speak(&self, visitor: &Visitor, at: u8) -> Result<Answer, Failure> {
        let Some(language) = Language::all().nth(at.into()) else {
            return Ok(Answer::Toast(visitor.say(text("button-old"))));
        };
        let person = self.people.set_language(visitor.person.id, language.code()).await?;
        Ok(Answer::Instead(self.settings(&Visitor { person, language, now: visitor.now })))
    }

    /// Turns one of the switches.
    pub(super) async fn turn(&self, visitor: &Visitor, which: Press) -> Result<Answer, Failure> {
        let mut chosen = visitor.person.preferences.clone();
        match which {
            Press::History => chosen.keeps_history = !chosen.keeps_history,
            _ => chosen.gets_news = !chosen.gets_news,
        }
        let person = self.people.set_preferences(visitor.person.id, &chosen).await?;
        Ok(Answer::Instead(self.settings(&Visitor { person, language: visitor.language, now: visitor.now })))
    }

    pub(super) async fn page_button(&self, visitor: &Visitor, page: OwnerPage) -> Result<Button, Failure> {
        let label = visitor.say(match page {
            OwnerPage::Review => text("button-review"),
            _ => text("button-page"),
        });
        Ok(self.sign_in(&visitor.person, &label, page, visitor.now, people::LINK_SECS).await?)
    }

    /// Where our links open, when that is not everywhere.
    pub(super) fn reach(&self, visitor: &Visitor) -> String {
        match self.addresses.is_loopback() {
            true => format!("\n\n{}", visitor.say(text("only-this-machine"))),
            false => String::new(),
        }
    }
}
