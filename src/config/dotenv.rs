//! `.env` in the current folder or above it: variables for the environment that it does not have yet.

use anyhow::{Context, bail};

/// Takes its lines into the environment. Absent is normal; a broken one is worth stopping for, before half of its settings
/// take effect.
pub fn load() -> anyhow::Result<()> {
    match dotenvy::dotenv() {
        Ok(_) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        // Never with the line itself, which the library's error repeats: it may hold a token.
        Err(dotenvy::Error::LineParse(line, _)) => {
            let text = std::fs::read_to_string(".env").unwrap_or_default();
            bail!("{}", cannot_be_read(&text, &line))
        }
        Err(error) => Err(error).context(".env cannot be read"),
    }
}

/// Which line, and how it should look. `part` is what the library says of the line: sometimes the value alone.
fn cannot_be_read(text: &str, part: &str) -> String {
    let found = text.lines().enumerate().find(|(_, line)| line.contains(part.trim()));
    let place = found.map(|(n, _)| format!("line {} of ", n + 1)).unwrap_or_default();
    let name = found.and_then(|(_, line)| line.split_once('=')).map(|(name, _)| name.trim());
    let example = name.filter(|name| !name.is_empty() && !name.contains(' ')).unwrap_or("NAME");
    format!(
        "{place}.env cannot be read: a line is {example}=value, and a value with spaces, quotes or $ in it stands in single \
         quotes, as in {example}='two words'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_counted_and_its_value_is_not_told() {
        let text = "API_ID=5\n# a remark\nBOT_TOKEN=\"123:secret\nPORT 80\nTITLE=two words\n";
        let cases = [
            ("BOT_TOKEN=\"123:secret", "line 3 of .env cannot be read: a line is BOT_TOKEN=value"),
            ("two words", "line 5 of .env cannot be read: a line is TITLE=value"),
            ("PORT 80", "line 4 of .env cannot be read: a line is NAME=value"),
            ("elsewhere", ".env cannot be read: a line is NAME=value"),
        ];
        for (line, wanted) in cases {
            let said = cannot_be_read(text, line);
            assert!(said.starts_with(wanted) && !said.contains("secret"), "{said}");
        }
    }
}
