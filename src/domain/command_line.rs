//! A command as the owner writes it in a setting: words apart by blanks, with quotes around those that have blanks in them. It is
//! started as it stands, no shell reads it; what only a shell understands is refused rather than handed on as letters.

use std::str::FromStr;

/// A program and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    pub program: String,
    pub arguments: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandLineError {
    #[error("there is no program in it")]
    Empty,
    #[error("a quote ({0}) is opened and not closed")]
    OpenQuote(char),
    #[error(
        "{0} means something to a shell, and no shell reads it: write a script and name that, or put {0} into quotes"
    )]
    OfShell(char),
    #[error("it holds a letter that no program can be given")]
    Unusable,
}

const OF_SHELL: &str = "|&;<>()$`*?[]#~!\\\n";

impl FromStr for CommandLine {
    type Err = CommandLineError;

    fn from_str(text: &str) -> Result<Self, CommandLineError> {
        let mut words = words(text)?.into_iter();
        let program = words.next().filter(|program| !program.is_empty()).ok_or(CommandLineError::Empty)?;
        Ok(Self { program, arguments: words.collect() })
    }
}

fn words(text: &str) -> Result<Vec<String>, CommandLineError> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in text.trim().chars() {
        match (quote, c) {
            (_, '\0') => return Err(CommandLineError::Unusable),
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                // An empty word is one.
                word.get_or_insert_default();
            }
            (None, c) if OF_SHELL.contains(c) => return Err(CommandLineError::OfShell(c)),
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    if let Some(open) = quote {
        return Err(CommandLineError::OpenQuote(open));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_apart_by_blanks_and_kept_together_by_quotes() {
        use CommandLineError::{Empty, OfShell, OpenQuote, Unusable};
        for (text, wanted) in [
            ("clamdscan --no-summary -", Ok(vec!["clamdscan", "--no-summary", "-"])),
            ("  '/opt/my tools/scan'  \"a b\"c '' ", Ok(vec!["/opt/my tools/scan", "a bc", ""])),
            ("scan \"it's\" '$HOME | x'", Ok(vec!["scan", "it's", "$HOME | x"])),
            ("", Err(Empty)),
            ("''", Err(Empty)),
            ("scan 'a", Err(OpenQuote('\''))),
            ("scan | grep x", Err(OfShell('|'))),
            ("scan $FILE", Err(OfShell('$'))),
            ("scan; rm x", Err(OfShell(';'))),
            ("scan \0", Err(Unusable)),
        ] {
            let read = text.parse::<CommandLine>();
            let words = read.map(|line| [vec![line.program], line.arguments].concat());
            assert_eq!(words, wanted.map(|words| words.into_iter().map(str::to_owned).collect()), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_word_comes_through_in_quotes(word in "[^'\\x00]{1,30}") {
            let line: CommandLine = format!("scan '{word}'").parse().expect("a command");
            prop_assert_eq!(line.arguments, [word]);
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,60}") {
            let _ = text.parse::<CommandLine>();
        }
    }
}
