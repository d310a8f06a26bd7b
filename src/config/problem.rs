//! What is wrong with settings, one by one and all together.

use std::fmt;

/// A setting that cannot be used. The text says which, why, and what a right one looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub variable: &'static str,
    pub text: String,
}

impl Problem {
    /// Whether only signing in needs the setting: commands that do not sign in (`channel`, `owner-link`) work without it.
    pub(super) fn is_of_telegram(&self) -> bool {
        ["API_ID", "API_HASH", "BOT_TOKEN", "HELPER_BOT_TOKENS", "TELEGRAM_SIM"].contains(&self.variable)
    }
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub(super) Vec<Problem>);

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [one] = self.0.as_slice() {
            return f.write_str(&one.text);
        }
        write!(f, "{} settings are wrong:", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {}", problem.text))
    }
}
