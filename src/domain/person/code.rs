//! Six digits that people read on one device and type on another, to be signed in there.

use std::fmt;
use std::str::FromStr;

use super::super::access::SecretHash;
use super::PersonId;

const CODES: u32 = 1_000_000;

/// Six digits. They are short enough to be guessed, so they live for minutes and whoever takes them in slows guessing down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code(u32);

impl Code {
    /// `None` for numbers that would make some codes likelier than others; try with another one.
    pub fn from_random(number: u32) -> Option<Self> {
        let whole = u32::MAX - u32::MAX % CODES;
        (number < whole).then_some(Self(number % CODES))
    }

    /// A number that was stored.
    pub fn from_number(number: u32) -> Option<Self> {
        (number < CODES).then_some(Self(number))
    }

    pub fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// The text is not six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code is six digits, such as 042137")]
pub struct NotACode;

impl FromStr for Code {
    type Err = NotACode;

    /// People put blanks or a dash into it.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(7).collect();
        let is_code = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit());
        is_code.then(|| digits.parse().ok().map(Self)).flatten().ok_or(NotACode)
    }
}

/// A code that is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInCode {
    pub code: Code,
    /// Who is let in with it, and their access version; `None` while nobody has said yes to what a browser asked.
    pub holder: Option<(PersonId, u16)>,
    /// The hash of what the browser keeps that asked for it; `None` when the bot gave it to its person.
    pub asker: Option<SecretHash>,
    /// Unix seconds.
    pub expires: i64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_code_is_read_as_it_is_shown(number in 0..CODES) {
            let code = Code::from_number(number).expect("six digits");
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }
    }

    #[test]
    fn codes_are_six_digits_however_they_are_typed() {
        for (text, number) in
            [("042137", 42_137), ("042 137", 42_137), ("042-137", 42_137), (" 000000\n", 0), ("999999", 999_999)]
        {
            let code: Code = text.parse().expect(text);
            assert_eq!(code.number(), number);
            assert_eq!(code.to_string().parse(), Ok(code));
        }
        for bad in ["", "12345", "1234567", "12345a", "-12345", "+12345", "１２３４５６", &"1".repeat(100_000)] {
            assert_eq!(bad.parse::<Code>(), Err(NotACode), "{bad:.20}");
        }
    }

    #[test]
    fn no_code_is_likelier_than_another() {
        assert_eq!(Code::from_random(5_000_042), Some(Code(42)));
        assert_eq!(Code::from_random(4_293_999_999), Some(Code(999_999)));
        assert_eq!(Code::from_random(4_294_000_000), None, "the rest is not whole");
        assert_eq!((Code::from_number(999_999), Code::from_number(1_000_000)), (Some(Code(999_999)), None));
    }
}
