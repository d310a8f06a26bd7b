//! Checks of single settings. Each takes the text that was given and returns a value to go on with: the default when the text
//! cannot be used. Problems are collected, so that all of them are reported together.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::misspelt::{REQUIRED, meant};
use super::{Hidden, Problem};
use crate::domain::bot_token::BotToken;
use crate::domain::command_line::CommandLine;
use crate::protocols::stremio::AbsoluteUrl;

/// The result so far.
pub(super) struct Checks<'a> {
    settings: Vec<String>,
    /// Names of everything in the environment.
    environment: &'a [String],
    given: BTreeSet<&'static str>,
    missing: BTreeSet<&'static str>,
    pub problems: Vec<Problem>,
}

impl<'a> Checks<'a> {
    pub fn new(environment: &'a [String]) -> Self {
        Self {
            settings: super::flags::variables(),
            environment,
            given: BTreeSet::new(),
            missing: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    pub fn wrong(&mut self, variable: &'static str, text: impl Into<String>) {
        self.problems.push(Problem { variable, text: text.into() });
    }

    /// A setting without the blanks around it; `None` when it is absent or empty, as `NAME=` in an environment file means.
    pub fn given(&mut self, variable: &'static str, value: Option<String>) -> Option<String> {
        let text = value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if text.is_some() {
            self.given.insert(variable);
        }
        text
    }

    pub fn path(&mut self, variable: &'static str, value: Option<PathBuf>) -> Option<PathBuf> {
        let path = value.filter(|path| *path != Path::new(""))?;
        self.given.insert(variable);
        Some(path)
    }

    pub fn list(&mut self, variable: &'static str, value: Option<String>) -> Vec<String> {
        let text = self.given(variable, value).unwrap_or_default();
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// Reports that a setting is missing, and which variable may have been meant for it.
    pub fn missing(&mut self, variable: &'static str, how: &str) {
        let slips: Vec<_> =
            self.environment.iter().filter(|name| meant(name, &self.settings) == Some(variable)).collect();
        let text = match slips.first() {
            Some(slip) => format!("{variable} is missing, but {slip} is set: did you mean {variable}?"),
            None => format!("{variable} is missing: {how}"),
        };
        self.missing.insert(variable);
        self.wrong(variable, text);
    }

    /// Variables that nothing reads and that were probably meant to be settings which are not given.
    pub fn misspelt(&self) -> Vec<String> {
        let hint = |name: &String| {
            let setting = meant(name, &self.settings)?;
            let is_settled =
                self.given.contains(setting) || self.missing.contains(setting) || REQUIRED.contains(&setting);
            (!is_settled).then(|| format!("{name} is set, and nothing reads it: did you mean {setting}?"))
        };
        self.environment.iter().filter_map(hint).collect()
    }

    /// Any type that can be parsed.
    pub fn parsed<T: FromStr>(&mut self, variable: &'static str, value: Option<String>, default: T, should: &str) -> T {
        let Some(text) = self.given(variable, value) else { return default };
        text.parse().unwrap_or_else(|_| {
            self.wrong(variable, format!("{variable} is {text:?}; it should be {should}"));
            default
        })
    }

    /// `on` or `off`.
    pub fn switch(&mut self, variable: &'static str, value: Option<String>, default: bool) -> bool {
        let Some(text) = self.given(variable, value) else { return default };
        match text.to_ascii_lowercase().as_str() {
            "on" => true,
            "off" => false,
            _ => {
                self.wrong(variable, format!("{variable} is {text:?}; it should be on or off"));
                default
            }
        }
    }

    pub fn number<T: FromStr + PartialOrd + Display>(
        &mut self,
        variable: &'static str,
        value: Option<String>,
        default: T,
        within: RangeInclusive<T>,
        should: &str,
    ) -> T {
        let Some(text) = self.given(variable, value) else { return default };
        match text.parse().ok().filter(|number| within.contains(number)) {
            Some(number) => number,
            None => {
                self.wrong(variable, format!("{variable} is {text:?}; it should be {should}"));
                default
            }
        }
    }

    /// An http or https address, without a slash at its end. `example` is what it could look like.
    pub fn url(&mut self, variable: &'static str, value: Option<String>, default: &str, example: &str) -> String {
        let Some(text) = self.given(variable, value) else { return default.to_owned() };
        let has_scheme = text.starts_with("https://") || text.starts_with("http://");
        let is_clean = !text.contains(['?', '#', ' ', '"', '<', '>']);
        if has_scheme && is_clean && AbsoluteUrl::parse(&text).is_some() {
            return text.trim_end_matches('/').to_owned();
        }
        self.wrong(variable, format!("{variable} is {text:?}; it should be an address such as {example}"));
        default.to_owned()
    }

    /// A command of one program with its arguments, which must be there.
    pub fn command(&mut self, variable: &'static str, value: Option<String>) -> Option<CommandLine> {
        let text = self.given(variable, value)?;
        let problem = match text.parse::<CommandLine>() {
            Err(error) => error.to_string(),
            Ok(command) if is_program(&command.program) => return Some(command),
            Ok(command) => format!(
                "there is no program {:?}; write its whole path, or install it into a folder of PATH",
                command.program
            ),
        };
        self.wrong(variable, format!("{variable} is {text:?}: {problem}"));
        None
    }

    /// A bot's token. No problem repeats the text.
    pub fn token(&mut self, variable: &'static str, text: &str) -> Option<Hidden> {
        if text.parse::<BotToken>().is_ok() {
            return Some(Hidden(text.to_owned()));
        }
        self.wrong(variable, format!("{variable} should look like 123456789:AAE…, as @BotFather gave it"));
        None
    }

    /// `en-US`, as TMDB knows languages: two or three letters, then perhaps a country.
    pub fn language(&mut self, variable: &'static str, value: Option<String>, default: &str) -> String {
        let Some(text) = self.given(variable, value) else { return default.to_owned() };
        let mut parts = text.split('-');
        let is_letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
        let is_language = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && is_letters(p));
        if is_language && parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric())) {
            return text;
        }
        self.wrong(
            variable,
            format!("{variable} is {text:?}; it should be a language and a country, such as en-US or de-DE"),
        );
        default.to_owned()
    }
}

/// Whether it can be run: the file that a path names, or one of that name in a folder of PATH.
fn is_program(name: &str) -> bool {
    if name.contains('/') {
        return is_executable(Path::new(name));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| is_executable(&folder.join(name)))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}
