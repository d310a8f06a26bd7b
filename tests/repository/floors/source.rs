//! Reads Rust source for the paths that it names: tokens first, then paths out of the tokens.
//!
//! Tokens are enough, and see more than a parser would: what stands inside a macro call is read as well. Not read is what
//! is compiled for tests only (an item behind `#[cfg(test)]`): tests may set up what they need from every floor.

/// A path as written, with the line that it stands on: `["crate", "domain", "entry", "Entry"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub line: usize,
    pub segments: Vec<String>,
    /// Inline modules around it, outermost first: `super` counts from there.
    pub inside: Vec<String>,
}

/// What a file says.
#[derive(Debug, Default)]
pub struct Source {
    pub named: Vec<Named>,
    /// Modules that are compiled for tests only and have a file of their own: `#[cfg(test)] mod tests;`.
    pub test_modules: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::`
    Step,
    /// Any other character that is no space.
    Mark(char),
}

pub fn read(text: &str) -> Source {
    let mut reader = Reader { tokens: tokens(text), at: 0, source: Source::default(), modules: Vec::new(), depth: 0 };
    reader.run();
    reader.source
}

// --- tokens -------------------------------------------------------------------------------------------------------------

/// The tokens of a file with their lines, without comments, text, numbers' insides and lifetimes.
fn tokens(text: &str) -> Vec<(usize, Token)> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while let Some(&c) = chars.get(at) {
        let begin = at;
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        if c == '/' && next == '/' {
            at = end_of(&chars, at, |rest| rest[0] == '\n');
        } else if c == '/' && next == '*' {
            at = end_of_comment(&chars, at);
        } else if let Some(end) = end_of_text(&chars, at) {
            at = end;
        } else if c.is_alphanumeric() || c == '_' {
            at = end_of(&chars, at, |rest| !rest[0].is_alphanumeric() && rest[0] != '_');
            let word = chars[begin..at].iter().collect();
            found.push((line, Token::Word(word)));
        } else if c == ':' && next == ':' {
            at += 2;
            found.push((line, Token::Step));
        } else {
            at += 1;
            if !c.is_whitespace() {
                found.push((line, Token::Mark(c)));
            }
        }
        line += chars[begin..at].iter().filter(|c| **c == '\n').count();
    }
    found
}

fn end_of(chars: &[char], mut at: usize, is_end: impl Fn(&[char]) -> bool) -> usize {
    while at < chars.len() && !is_end(&chars[at..]) {
        at += 1;
    }
    at
}

/// Block comments nest.
fn end_of_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    loop {
        match chars.get(at..at + 2) {
            Some(['/', '*']) => (depth, at) = (depth + 1, at + 2),
            Some(['*', '/']) => (depth, at) = (depth - 1, at + 2),
            Some(_) => at += 1,
            None => return chars.len(),
        }
        if depth == 0 {
            return at;
        }
    }
}

/// Where the text, character or lifetime that begins here ends. `None` when none begins here.
fn end_of_text(chars: &[char], at: usize) -> Option<usize> {
    // `r"…"`, `br#"…"#`: a word in front of a quote, no escapes, as many `#` behind it as before it.
    let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
    if at.checked_sub(1).and_then(|before| chars.get(before)).is_none_or(|before| !is_word(before)) {
        let prefix = chars[at..].iter().take_while(|c| is_word(c)).count();
        let is_raw = prefix > 0 && prefix <= 2 && chars[at + prefix - 1] == 'r';
        let hashes = chars[at + prefix..].iter().take_while(|c| **c == '#').count();
        if is_raw && chars.get(at + prefix + hashes) == Some(&'"') {
            let body = at + prefix + hashes + 1;
            let closes = |rest: &[char]| rest[0] == '"' && rest[1..].iter().take(hashes).all(|c| *c == '#');
            return Some((end_of(chars, body, closes) + 1 + hashes).min(chars.len()));
        }
    }
    match chars[at] {
        '"' => Some(end_of_quoted(chars, at, '"')),
        '\'' => match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('\\'), _) | (Some(_), Some('\'')) => Some(end_of_quoted(chars, at, '\'')),
            _ => Some(end_of(chars, at + 1, |rest| !is_word(&rest[0]))),
        },
        _ => None,
    }
}

fn end_of_quoted(chars: &[char], at: usize, quote: char) -> usize {
    let mut at = at + 1;
    while let Some(&c) = chars.get(at) {
        at += if c == '\\' { 2 } else { 1 };
        if c == quote {
            break;
        }
    }
    at.min(chars.len())
}

// --- paths --------------------------------------------------------------------------------------------------------------

struct Reader {
    tokens: Vec<(usize, Token)>,
    at: usize,
    source: Source,
    /// Inline modules that are open, with the depth at which each began.
    modules: Vec<(String, usize)>,
    /// Of braces.
    depth: usize,
}

impl Reader {
    fn run(&mut self) {
        while self.at < self.tokens.len() {
            if self.skips_test_item() {
                continue;
            }
            match self.token(0) {
                Some(Token::Mark('{')) => (self.depth, self.at) = (self.depth + 1, self.at + 1),
                Some(Token::Mark('}')) => {
                    self.depth = self.depth.saturating_sub(1);
                    self.modules.retain(|(_, depth)| *depth < self.depth);
                    self.at += 1;
                }
                Some(Token::Word(word)) if word == "mod" && self.token(2) == Some(&Token::Mark('{')) => {
                    if let Some(Token::Word(name)) = self.token(1).cloned() {
                        self.modules.push((name, self.depth));
                    }
                    self.at += 2;
                }
                Some(Token::Word(word)) if word == "use" => {
                    self.at += 1;
                    self.tree(Vec::new(), true);
                }
                Some(Token::Word(word)) if word == "pub" && self.token(1) == Some(&Token::Mark('(')) => {
                    // `pub(super)` and its like name nobody; `pub(in crate::x)` can name only what is around it.
                    self.skip_to(&[Token::Mark(')')]);
                }
                Some(Token::Word(_)) => self.tree(Vec::new(), false),
                // `0..crate::a::B`: behind a range a path may begin, behind a single dot none does.
                Some(Token::Mark('.')) if self.token(1) == Some(&Token::Mark('.')) => self.at += 2,
                Some(Token::Step | Token::Mark('.')) if matches!(self.token(1), Some(Token::Word(_))) => self.at += 2,
                _ => self.at += 1,
            }
        }
    }

    fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(_, token)| token)
    }

    fn is(&self, ahead: usize, word: &str) -> bool {
        matches!(self.token(ahead), Some(Token::Word(found)) if found == word)
    }

    /// Goes on behind the next of these marks.
    fn skip_to(&mut self, marks: &[Token]) {
        while self.token(0).is_some_and(|token| !marks.contains(token)) {
            self.at += 1;
        }
        self.at += 1;
    }

    /// A path, or what a `use` names: `a::b`, `a::{b, c::d}`, `a::*`, `a as b`. Ends behind it.
    fn tree(&mut self, mut segments: Vec<String>, is_use: bool) {
        let line = self.tokens.get(self.at).map_or(0, |(line, _)| *line);
        if self.token(0) == Some(&Token::Step) {
            self.at += 1; // `::std::fmt`
        }
        loop {
            match self.token(0) {
                Some(Token::Word(word)) => segments.push(word.clone()),
                Some(Token::Mark('{')) if !segments.is_empty() || is_use => return self.group(&segments),
                Some(Token::Mark('*')) if is_use => {
                    self.at += 1;
                    break;
                }
                _ => break, // the `<` of `collect::<Vec<_>>`
            }
            self.at += 1;
            if self.token(0) != Some(&Token::Step) {
                break;
            }
            self.at += 1;
        }
        if is_use && self.is(0, "as") {
            self.at += 2;
        }
        // Outside of `use` a single word is a variable, a keyword, a type that was imported: nothing that can be told.
        if segments.len() > 1 || is_use {
            let inside = self.modules.iter().map(|(name, _)| name.clone()).collect();
            self.source.named.push(Named { line, segments, inside });
        }
    }

    fn group(&mut self, prefix: &[String]) {
        self.at += 1;
        while let Some(token) = self.token(0) {
            match token {
                Token::Mark('}') => {
                    self.at += 1;
                    return;
                }
                Token::Mark(',') => self.at += 1,
                Token::Word(word) if word == "self" => {
                    let line = self.tokens[self.at].0;
                    let inside = self.modules.iter().map(|(name, _)| name.clone()).collect();
                    self.source.named.push(Named { line, segments: prefix.to_vec(), inside });
                    self.at += if self.is(1, "as") { 3 } else { 1 };
                }
                Token::Mark('*') => {
                    let line = self.tokens[self.at].0;
                    let inside = self.modules.iter().map(|(name, _)| name.clone()).collect();
                    self.source.named.push(Named { line, segments: prefix.to_vec(), inside });
                    self.at += 1;
                }
                Token::Mark('{') => self.group(prefix),
                Token::Word(_) | Token::Step => self.tree(prefix.to_vec(), true),
                Token::Mark(_) => self.at += 1,
            }
        }
    }

    /// Goes over `#[cfg(test)]` (or `#[cfg(all(test, …))]`) and the item that it belongs to.
    fn skips_test_item(&mut self) -> bool {
        let is_test = self.token(0) == Some(&Token::Mark('#'))
            && self.token(1) == Some(&Token::Mark('['))
            && self.is(2, "cfg")
            && (self.is(4, "test") || (self.is(4, "all") && self.is(6, "test")));
        if !is_test {
            return false;
        }
        while self.token(0) == Some(&Token::Mark('#')) {
            self.skip_brackets();
        }
        let begin = self.at;
        let is_use = self.is(0, "use") || (self.is(0, "pub") && self.is(1, "use"));
        let mut depth = 0;
        while let Some(token) = self.token(0) {
            let mut is_end = false;
            match token {
                Token::Mark('{' | '(' | '[') => depth += 1,
                Token::Mark('}' | ')' | ']') => {
                    depth -= 1;
                    is_end = depth == 0 && *token == Token::Mark('}') && !is_use;
                }
                Token::Mark(';') => is_end = depth == 0,
                _ => {}
            }
            self.at += 1;
            if is_end {
                break;
            }
        }
        if let [(_, Token::Word(word)), (_, Token::Word(name)), (_, Token::Mark(';'))] = &self.tokens[begin..self.at]
            && word == "mod"
        {
            self.source.test_modules.push(name.clone());
        }
        true
    }

    /// From `#` to the `]` that ends the attribute.
    fn skip_brackets(&mut self) {
        let mut depth = 0;
        while let Some(token) = self.token(0) {
            match token {
                Token::Mark('[') => depth += 1,
                Token::Mark(']') => depth -= 1,
                _ => {}
            }
            let is_end = depth == 0 && *token == Token::Mark(']');
            self.at += 1;
            if is_end {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        read(text).named.into_iter().map(|named| named.segments.join("::")).collect()
    }

    #[test]
    fn every_way_to_name_something_is_seen() {
        for (text, wanted) in [
            ("use crate::domain::entry::Entry;", &["crate::domain::entry::Entry"][..]),
            ("pub use crate::{a, b::{c, d as e}, f::*};", &["crate::a", "crate::b::c", "crate::b::d", "crate::f"]),
            ("use crate::a::{self, b};", &["crate::a", "crate::a::b"]),
            ("use {std::fmt, crate::a::b};", &["std::fmt", "crate::a::b"]),
            ("use ::grammers_client::Client;", &["grammers_client::Client"]),
            ("use mongodb;", &["mongodb"]),
            (
                "fn f() -> crate::a::B { super::super::c::d(x.e::<crate::f::G>()) }",
                &["crate::a::B", "super::super::c::d", "crate::f::G"],
            ),
            ("select! { x = crate::a::b() => self.c }", &["crate::a::b"]),
            ("#[derive(clap::Parser)] struct A;", &["clap::Parser"]),
            ("fn f<'a>(x: &'a str) { a('\\'', 'x', b::c) }", &["b::c"]),
            ("pub(super) fn f() {} pub(in crate::a) struct B;", &[]),
            ("// crate::a::b\n/* crate::c /* crate::d */ crate::e */ \"crate::f\\\"\" r#\"crate::\"g\"# ", &[]),
            ("a.b::<c::D>(); e.await; 0..crate::f::G", &["c::D", "crate::f::G"]),
        ] {
            assert_eq!(paths(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_compiled_for_tests_only_is_not_read() {
        assert_eq!(paths("#[cfg(test)] mod tests { use crate::a::b; } use crate::c::d;"), ["crate::c::d"]);
        assert_eq!(paths("#[cfg(test)]\nuse crate::a::{b, c};\nuse crate::c::d;"), ["crate::c::d"]);
        assert_eq!(paths("#[cfg(all(test, unix))] #[allow(x)] fn f() { a::b() } fn g() { c::d() }"), ["c::d"]);
        assert_eq!(read("#[cfg(test)]\nmod tests;\nmod b;").test_modules, ["tests"]);
    }

    #[test]
    fn lines_and_inline_modules_are_told() {
        let source = read("/* \n */ mod a {\n mod b { use super::x; }\n use super::y;\n}\nuse self::z;");
        let told: Vec<_> = source.named.iter().map(|n| (n.line, n.inside.join("::"), n.segments.join("::"))).collect();
        let wanted = [(3, "a::b", "super::x"), (4, "a", "super::y"), (6, "", "self::z")];
        assert_eq!(told, wanted.map(|(line, inside, path)| (line, inside.to_owned(), path.to_owned())));
    }
}
