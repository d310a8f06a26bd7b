//! Conditional requests: what `If-Match` and its kin mean for a file that has a strong ETag and perhaps a date (RFC 9110
//! section 13), and, with `Range`, what is sent in the end.

use std::time::{Duration, UNIX_EPOCH};

use super::range::{Answer, Wanted};

/// What names this state of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validators {
    /// Strong, with its quotes: `"0a1b"`.
    pub etag: String,
    /// Unix seconds. Counts as a strong validator: the bytes behind a document's id never change, so they did not change
    /// twice within one second (section 8.8.2.2).
    pub modified: Option<i64>,
}

/// The request's headers that decide, as text; each `None` when absent. Several lines of one header are joined by commas.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conditions<'a> {
    pub if_match: Option<&'a str>,
    pub if_unmodified_since: Option<&'a str>,
    pub if_none_match: Option<&'a str>,
    pub if_modified_since: Option<&'a str>,
    pub range: Option<&'a str>,
    pub if_range: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    /// Ranges have no meaning here (section 14.2) and are ignored.
    Head,
}

/// How a request is to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 200, 206 or 416.
    Send(Answer),
    /// 304.
    NotModified,
    /// 412.
    PreconditionFailed,
}

impl Conditions<'_> {
    /// Decides in the order of section 13.2.2. `length` is the file's.
    pub fn decide(&self, method: Method, current: &Validators, length: u64) -> Outcome {
        let unchanged_since = |text: &str| {
            // A date that cannot be read, or a file without one, makes no condition (sections 13.1.3 and 13.1.4).
            let since = date(text)?;
            Some(current.modified? <= since)
        };
        let holds = match (self.if_match, self.if_unmodified_since) {
            (Some(tags), _) => any_tag(tags, |tag| tag.strongly_is(&current.etag)),
            (None, Some(text)) => unchanged_since(text) != Some(false),
            (None, None) => true,
        };
        if !holds {
            return Outcome::PreconditionFailed;
        }
        let known = match (self.if_none_match, self.if_modified_since) {
            (Some(tags), _) => any_tag(tags, |tag| tag.weakly_is(&current.etag)),
            (None, Some(text)) => unchanged_since(text) == Some(true),
            (None, None) => false,
        };
        if known {
            return Outcome::NotModified;
        }
        let wanted = match method {
            Method::Get if self.if_range.is_none_or(|text| same_state(text, current)) => {
                self.range.and_then(Wanted::parse)
            }
            Method::Get | Method::Head => None,
        };
        Outcome::Send(wanted.map_or(Answer::Full, |wanted| wanted.answer(length)))
    }
}

/// Whether an `If-Range` value names the current state (section 13.1.5): a strong ETag, or exactly the date we send.
fn same_state(text: &str, current: &Validators) -> bool {
    let text = text.trim();
    match Tag::parse(text) {
        Some((tag, "")) => tag.strongly_is(&current.etag),
        Some(_) => false,
        None => date(text).is_some_and(|date| current.modified == Some(date)),
    }
}

/// An entity tag as it stands in a header.
struct Tag<'a> {
    weak: bool,
    /// With its quotes.
    text: &'a str,
}

impl<'a> Tag<'a> {
    /// Reads one at the beginning of `text`; returns what follows it too.
    fn parse(text: &'a str) -> Option<(Self, &'a str)> {
        let (weak, text) = match text.strip_prefix("W/") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let inside = text.strip_prefix('"')?;
        let len = inside.find('"')? + 2;
        Some((Self { weak, text: &text[..len] }, &text[len..]))
    }

    fn strongly_is(&self, etag: &str) -> bool {
        !self.weak && self.text == etag
    }

    fn weakly_is(&self, etag: &str) -> bool {
        self.text == etag
    }
}

/// `*`, or a list with a tag for which `is` holds. A tag may contain commas, so the list is walked tag by tag; what follows
/// something that is no tag is not looked at.
fn any_tag(list: &str, is: impl Fn(&Tag) -> bool) -> bool {
    let mut rest = list.trim();
    if rest == "*" {
        return true;
    }
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        match Tag::parse(rest) {
            Some((tag, _)) if is(&tag) => return true,
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
}

/// An HTTP date in any of its three forms (section 5.6.7) as unix seconds.
fn date(text: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(text.trim()).ok()?;
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// The form of it that we send: `Sun, 06 Nov 1994 08:49:37 GMT`. `None` for what HTTP cannot write (before 1970, after 9999).
pub fn http_date(unix: i64) -> Option<String> {
    const YEAR_10000: u64 = 253_402_300_800;
    let secs = u64::try_from(unix).ok().filter(|secs| *secs < YEAR_10000)?;
    Some(httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(secs)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::range::ByteRange;

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const LATER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";
    const EARLIER: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

    fn decide(method: Method, conditions: Conditions) -> Outcome {
        let current = Validators { etag: "\"a,b\"".to_owned(), modified: Some(784_111_777) };
        conditions.decide(method, &current, 1000)
    }

    fn full() -> Outcome {
        Outcome::Send(Answer::Full)
    }

    fn first_byte() -> Outcome {
        Outcome::Send(Answer::Partial(ByteRange::new(0, 1).expect("forwards")))
    }

    #[test]
    fn if_match_wants_the_same_strong_tag() {
        let cases = [
            ("\"a,b\"", full()),
            ("*", full()),
            ("\"x\", \"a,b\"", full()),
            ("\"x\",, \"a,b\",", full()),
            ("W/\"a,b\"", Outcome::PreconditionFailed),
            ("\"a\"", Outcome::PreconditionFailed),
            ("a,b", Outcome::PreconditionFailed),
            ("\"a,b", Outcome::PreconditionFailed),
            ("", Outcome::PreconditionFailed),
        ];
        for (tags, wanted) in cases {
            let got = decide(Method::Get, Conditions { if_match: Some(tags), ..Default::default() });
            assert_eq!(got, wanted, "{tags}");
        }
    }

    #[test]
    fn if_none_match_takes_weak_tags_too() {
        let cases = [
            ("\"a,b\"", Outcome::NotModified),
            ("W/\"a,b\"", Outcome::NotModified),
            ("\"x\", W/\"a,b\"", Outcome::NotModified),
            ("*", Outcome::NotModified),
            ("\"x\"", full()),
            ("a,b", full()),
        ];
        for (tags, wanted) in cases {
            for method in [Method::Get, Method::Head] {
                let got = decide(method, Conditions { if_none_match: Some(tags), ..Default::default() });
                assert_eq!(got, wanted, "{tags}");
            }
        }
    }

    #[test]
    fn dates_count_when_there_is_no_tag_to_go_by() {
        let cases = [
            (Conditions { if_modified_since: Some(DATE), ..Default::default() }, Outcome::NotModified),
            (Conditions { if_modified_since: Some(LATER), ..Default::default() }, Outcome::NotModified),
            (Conditions { if_modified_since: Some(EARLIER), ..Default::default() }, full()),
            (Conditions { if_modified_since: Some("yesterday"), ..Default::default() }, full()),
            (
                Conditions { if_modified_since: Some("Sunday, 06-Nov-94 08:49:37 GMT"), ..Default::default() },
                Outcome::NotModified,
            ),
            (
                Conditions { if_modified_since: Some("Sun Nov  6 08:49:37 1994"), ..Default::default() },
                Outcome::NotModified,
            ),
            (Conditions { if_none_match: Some("\"x\""), if_modified_since: Some(DATE), ..Default::default() }, full()),
            (Conditions { if_unmodified_since: Some(DATE), ..Default::default() }, full()),
            (Conditions { if_unmodified_since: Some(EARLIER), ..Default::default() }, Outcome::PreconditionFailed),
            (Conditions { if_unmodified_since: Some("yesterday"), ..Default::default() }, full()),
            (Conditions { if_match: Some("*"), if_unmodified_since: Some(EARLIER), ..Default::default() }, full()),
        ];
        for (conditions, wanted) in cases {
            assert_eq!(decide(Method::Get, conditions), wanted, "{conditions:?}");
        }
    }

    #[test]
    fn if_range_decides_whether_the_range_counts() {
        let cases = [
            (None, first_byte()),
            (Some("\"a,b\""), first_byte()),
            (Some(DATE), first_byte()),
            (Some("W/\"a,b\""), full()),
            (Some("\"x\""), full()),
            (Some("\"a,b\" \"x\""), full()),
            (Some(EARLIER), full()),
            (Some(LATER), full()),
            (Some("*"), full()),
            (Some(""), full()),
        ];
        for (if_range, wanted) in cases {
            let conditions = Conditions { range: Some("bytes=0-0"), if_range, ..Default::default() };
            assert_eq!(decide(Method::Get, conditions), wanted, "{if_range:?}");
        }
        let outside = Conditions { range: Some("bytes=1000-"), if_range: Some("\"x\""), ..Default::default() };
        assert_eq!(decide(Method::Get, outside), full());
    }

    #[test]
    fn preconditions_come_before_the_range_and_each_in_its_turn() {
        let conditions = Conditions {
            if_match: Some("\"x\""),
            if_none_match: Some("*"),
            range: Some("bytes=5000-"),
            ..Default::default()
        };
        assert_eq!(decide(Method::Get, conditions), Outcome::PreconditionFailed);
        let conditions = Conditions { if_match: Some("*"), ..conditions };
        assert_eq!(decide(Method::Get, conditions), Outcome::NotModified);
        let conditions = Conditions { if_none_match: None, ..conditions };
        assert_eq!(decide(Method::Get, conditions), Outcome::Send(Answer::NotSatisfiable));
    }

    #[test]
    fn head_knows_no_ranges() {
        for range in ["bytes=0-0", "bytes=5000-"] {
            assert_eq!(decide(Method::Head, Conditions { range: Some(range), ..Default::default() }), full());
        }
    }

    #[test]
    fn dates_are_written_as_http_wants_them() {
        assert_eq!(http_date(784_111_777).as_deref(), Some(DATE));
        assert_eq!(http_date(-1), None);
        assert_eq!(http_date(i64::MAX), None);
    }
}
