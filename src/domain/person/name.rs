//! What people may be called, and the languages that they may ask for.

use super::super::text::is_harmful;
use super::TelegramIdentity;

/// Why a name cannot be given to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a name is needed, such as Anna")]
    Empty,
    #[error("a name has at most {NAME_CHARS} letters")]
    TooLong,
    #[error("a name is letters, digits and blanks in one line, without control characters")]
    NotText,
}

const NAME_CHARS: usize = 40;

/// A name as it is kept: blanks at the ends and doubled ones are gone.
pub fn name(text: &str) -> Result<String, NameError> {
    if text.chars().any(is_harmful) {
        return Err(NameError::NotText);
    }
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(NameError::Empty),
        1..=NAME_CHARS => Ok(name),
        _ => Err(NameError::TooLong),
    }
}

/// Two names with the same key are taken for the same: people type them in a terminal.
pub fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// The name for somebody who did not choose it: what Telegram calls them, as far as that is a name. `is_taken`: somebody is called
/// that already, so their number on Telegram stands behind it.
pub fn name_from_telegram(identity: &TelegramIdentity, is_taken: bool) -> String {
    let clean = |text: &str| {
        let clean: String = text.chars().map(|c| if is_harmful(c) { ' ' } else { c }).collect();
        clean.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let candidates = [clean(&identity.first_name), clean(&identity.username), "Guest".to_owned()];
    let base = candidates.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let number = if is_taken { format!(" {}", identity.id) } else { String::new() };
    let room = NAME_CHARS - number.chars().count();
    format!("{}{number}", base.chars().take(room).collect::<String>().trim_end())
}

/// The text is no language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no language; it should look like en, de or pt-br")]
pub struct NotALanguage(pub String);

/// A language as it is kept and as Telegram names it: two or three letters, then perhaps a region or a script, in lower case.
pub fn language(text: &str) -> Result<String, NotALanguage> {
    let tag = text.trim().to_ascii_lowercase();
    let mut parts = tag.split('-');
    let is_language =
        parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()));
    let is_rest = |p: &str| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    match is_language && parts.clone().count() < 3 && parts.all(is_rest) {
        true => Ok(tag),
        false => Err(NotALanguage(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::telegram_id::UserId;
    use super::*;

    #[test]
    fn names_are_one_line_of_text() {
        let forty = "x".repeat(40);
        let cases = [
            ("Anna", Ok("Anna")),
            ("  Anna   Maria ", Ok("Anna Maria")),
            ("Бабушка", Ok("Бабушка")),
            ("أمي", Ok("أمي")),
            ("📺 TV", Ok("📺 TV")),
            ("👨\u{200d}👩\u{200d}👧", Ok("👨\u{200d}👩\u{200d}👧")),
            ("نیم\u{200c}فاصله", Ok("نیم\u{200c}فاصله")),
            (&forty, Ok(&*forty)),
            ("", Err(NameError::Empty)),
            ("   ", Err(NameError::Empty)),
            ("a\nb", Err(NameError::NotText)),
            ("a\u{1b}[2Jb", Err(NameError::NotText)),
            ("a\u{202e}b", Err(NameError::NotText)),
            ("\0", Err(NameError::NotText)),
        ];
        for (text, wanted) in cases {
            assert_eq!(name(text), wanted.map(str::to_owned), "{text:?}");
        }
        assert_eq!(name(&"x".repeat(41)), Err(NameError::TooLong));
        assert_eq!(name_key("ANNA"), name_key("anna"));
    }

    #[test]
    fn whatever_telegram_calls_somebody_becomes_a_name() {
        let long = "x".repeat(4096);
        for (first_name, username, is_taken, wanted) in [
            ("Anna", "anna_m", false, "Anna"),
            ("Anna", "anna_m", true, "Anna 900001"),
            ("  Anna\n<b>Maria</b>", "", false, "Anna <b>Maria</b>"),
            ("\u{202e}", "anna_m", false, "anna_m"),
            ("", "", false, "Guest"),
            ("", "", true, "Guest 900001"),
            (long.as_str(), "", false, &long[..40]),
            (long.as_str(), "", true, &format!("{} 900001", &long[..33])),
        ] {
            let identity = TelegramIdentity {
                id: UserId(900_001),
                username: username.to_owned(),
                first_name: first_name.to_owned(),
            };
            let made = name_from_telegram(&identity, is_taken);
            assert_eq!(made, wanted, "{first_name:?}");
            assert_eq!(name(&made).as_deref(), Ok(wanted), "is a name");
        }
    }

    #[test]
    fn languages_are_tags() {
        for (text, wanted) in [
            ("en", Some("en")),
            ("pt-BR", Some("pt-br")),
            (" zh-Hans ", Some("zh-hans")),
            ("zh-hans-cn", Some("zh-hans-cn")),
        ] {
            assert_eq!(language(text).ok().as_deref(), wanted, "{text}");
        }
        for bad in ["", "e", "english", "en_US", "en-", "e1", "en-us-x-y", "дe"] {
            assert_eq!(language(bad), Err(NotALanguage(bad.to_owned())));
        }
    }
}
