//! Reading what providers really send: null for a text, nothing for a list, "" for a date. A field that is not as documented
//! counts as absent; it never makes the whole answer unreadable.

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::text;

/// The value, or its default when it is null or of another shape. Beside `#[serde(default)]`, which covers absence.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// Those items of a list that can be read.
pub(super) fn each<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    let Value::Array(items) = Value::deserialize(from)? else { return Ok(Vec::new()) };
    Ok(items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect())
}

/// One text or several: Cinemeta writes a lone director either way.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        let texts = match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        };
        texts.into_iter().filter_map(|t| text(&t)).collect()
    }
}

/// One clean line, trimmed; `None` when nothing is left.
pub(super) fn text(raw: &str) -> Option<String> {
    Some(text::line(raw.trim(), text::NAME)).filter(|text| !text.trim().is_empty())
}

/// Clean text of any number of lines.
pub(super) fn plot(raw: &str) -> Option<String> {
    Some(text::lines(raw.trim(), text::PLOT)).filter(|text| !text.trim().is_empty())
}

/// What an address or an id may be made of.
pub(super) fn token(raw: &str) -> Option<String> {
    Some(raw.trim()).filter(|raw| !raw.is_empty() && raw.bytes().all(|b| b.is_ascii_graphic())).map(str::to_owned)
}

/// The year at the beginning of a date or of `2008–2013`. Films begin in 1874; what lies far off is a slip.
pub(super) fn year(raw: &str) -> Option<u16> {
    let digits = raw.trim().get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok().filter(|year| (1870..=2200).contains(year))
}

/// `YYYY-MM-DD` from a date or a moment. `None` for anything that is no day.
pub(super) fn date(raw: &str) -> Option<String> {
    let day = raw.trim().get(..10)?;
    let format = time::macros::format_description!("[year]-[month]-[day]");
    time::Date::parse(day, format).ok().filter(|d| (1870..=2200).contains(&d.year())).map(|_| day.to_owned())
}

/// 7.83 -> 78. `None` for zero, which means that nobody voted.
pub(super) fn tenths(rating: f64) -> Option<u8> {
    let tenths = (rating * 10.0).round();
    (1.0..=100.0).contains(&tenths).then_some(tenths as u8)
}

/// The best known films have some 200 names.
const LISTED: usize = 500;

/// Without repetitions and without those in `except`, order kept.
pub(super) fn distinct(texts: impl IntoIterator<Item = String>, except: &[&str]) -> Vec<String> {
    let mut seen: std::collections::HashSet<String> = except.iter().map(|t| t.to_lowercase()).collect();
    texts.into_iter().filter(|t| seen.insert(t.to_lowercase())).take(LISTED).collect()
}

/// Fails for a title that holds a text as it came.
#[cfg(test)]
pub(super) fn assert_clean(title: &crate::domain::title::Title) {
    fn walk(field: &str, value: &Value) {
        let has_lines = matches!(field, "plot" | "overview");
        match value {
            Value::String(text) => {
                let found = text.chars().find(|&c| text::is_harmful(c) && !(has_lines && c == '\n'));
                assert!(found.is_none() && text.chars().count() <= text::PLOT, "{field}: {found:?}");
            }
            Value::Array(values) => values.iter().for_each(|value| walk(field, value)),
            Value::Object(fields) => fields.iter().for_each(|(field, value)| walk(field, value)),
            _ => {}
        }
    }
    walk("", &serde_json::to_value(title).expect("JSON"));
}

/// What a provider that was broken into may say for any text.
#[cfg(test)]
pub(super) fn hostile() -> String {
    format!("\u{202e}a\r\nb\u{1b}[2J\0\u{9b}\u{2066}c{}", "é".repeat(99_999))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_years_are_read_only_where_they_are() {
        for (raw, wanted_year, wanted_date) in [
            ("1968-10-04", Some(1968), Some("1968-10-04")),
            ("1994-10-14T00:00:00.000Z", Some(1994), Some("1994-10-14")),
            ("2008–2013", Some(2008), None),
            ("1968-13-40", Some(1968), None),
            ("0000-00-00", None, None),
            ("", None, None),
            ("196", None, None),
            ("ééééé", None, None),
        ] {
            assert_eq!((year(raw), date(raw).as_deref()), (wanted_year, wanted_date), "{raw}");
        }
    }

    #[test]
    fn what_comes_from_a_provider_is_clean() {
        assert_eq!(text(" \u{202e}Night\r\nof\0 "), Some("Night of ".to_owned()));
        assert_eq!((text("\u{202e}\n"), plot("\u{202e}"), token(" ")), (None, None, None));
        assert_eq!(plot("One.\r\n\u{1b}[1mTwo.").as_deref(), Some("One.\n [1mTwo."));
        assert_eq!(token("/a.jpg").as_deref(), Some("/a.jpg"));
        assert_eq!(token("/a.jpg\nX"), None);
        assert_eq!(text(&"x".repeat(9_999)).map(|text| text.len()), Some(text::NAME - 1 + '…'.len_utf8()));
    }

    #[test]
    fn ratings_are_tenths_and_zero_is_none() {
        for (rating, wanted) in [(7.83, Some(78)), (10.0, Some(100)), (0.0, None), (f64::NAN, None), (77.0, None)] {
            assert_eq!(tenths(rating), wanted, "{rating}");
        }
    }
}
