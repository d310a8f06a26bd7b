//! A record in a backup: a row of cells, in the order of the fields that its section names.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One value. Bytes are text of hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    None,
    Number(i64),
    Text(String),
}

pub type Row = Vec<Cell>;

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_unit(),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl Visitor<'_> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a whole number or a text")
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::None)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Number(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Cell, E> {
        i64::try_from(number).map(Cell::Number).map_err(E::custom)
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Cell, E> {
        Ok(Cell::Text(text))
    }
}

/// Bytes as a cell holds them.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}

/// The bytes of a cell. `None` for what [`hex`] never writes.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_they_were_written() {
        let row = vec![Cell::None, Cell::Number(i64::MIN), Cell::Number(i64::MAX), Cell::Text("“a”\n\0✓".to_owned())];
        let text = serde_json::to_string(&row).expect("it can be written");
        assert_eq!(text, "[null,-9223372036854775808,9223372036854775807,\"“a”\\n\\u0000✓\"]");
        assert_eq!(serde_json::from_str::<Row>(&text).expect("it can be read"), row);
        for other in ["[1.5]", "[true]", "[[]]", "[{}]", "[18446744073709551615]", "{}", "["] {
            assert!(serde_json::from_str::<Row>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn bytes_are_hexadecimal_digits() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes(&hex(&all)), Some(all));
        for other in ["a", "0g", "AB", "é", "0x00"] {
            assert_eq!(bytes(other), None, "{other}");
        }
    }
}
