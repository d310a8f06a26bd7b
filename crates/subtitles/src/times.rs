//! Times as files write them.

/// Times are counted to a hundred hours, which is longer than any film.
pub const MAX_MS: i64 = 100 * 60 * 60 * 1000;

/// A time such as `00:01:02,345`, `1:02.3`, `-0:00:01.00`, in milliseconds, and what stands behind it. Hours may be missing; the
/// fraction stands behind a comma, a dot or a third colon, and may be missing too.
pub fn take(text: &str) -> Option<(i64, &str)> {
    let text = text.trim_start();
    let (is_negative, mut rest) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut parts = [0i64; 3];
    let mut count = 0;
    loop {
        let (number, behind) = take_number(rest)?;
        parts[count] = number;
        count += 1;
        rest = behind;
        let Some(next) = rest.trim_start_matches(' ').strip_prefix([':', '\u{ff1a}']) else { break };
        if count == 3 {
            break;
        }
        rest = next.trim_start_matches(' ');
    }
    let [hours, minutes, seconds] = match (count, parts) {
        (3, parts) => parts,
        (2, [minutes, seconds, _]) => [0, minutes, seconds],
        _ => return None,
    };
    let mut ms = 0;
    if let Some(digits) = rest.trim_start_matches(' ').strip_prefix([',', '.', ':', ';']) {
        let digits = digits.trim_start_matches(' ');
        if let Some((fraction, behind)) = take_fraction(digits) {
            (ms, rest) = (fraction, behind);
        }
    }
    let at = ((hours.saturating_mul(60).saturating_add(minutes)).saturating_mul(60).saturating_add(seconds))
        .saturating_mul(1000)
        .saturating_add(ms);
    Some((if is_negative { -at } else { at }, rest))
}

/// The whole text is a time.
pub fn parse(text: &str) -> Option<i64> {
    take(text).filter(|(_, rest)| rest.trim().is_empty()).map(|(at, _)| at)
}

/// The arrow between two times, as people's programs write it.
const ARROWS: [&str; 7] = ["-->", "->", "–>", "—>", "- ->", "=>", "→"];

/// A line of two times, and what stands behind them.
pub fn take_span(line: &str) -> Option<(i64, i64, &str)> {
    // The cheap question first: most lines are dialogue.
    let first = line.trim_start().bytes().next()?;
    if !(first.is_ascii_digit() || first == b'-' || first > 0x7f) {
        return None;
    }
    let (start, rest) = take(line)?;
    let rest = rest.trim_start();
    let behind = ARROWS.iter().find_map(|arrow| rest.strip_prefix(arrow))?;
    let (end, rest) = take(behind)?;
    // "--> 00:00:02,000and text" is no time.
    rest.chars().next().is_none_or(char::is_whitespace).then_some((start, end, rest))
}

fn take_number(text: &str) -> Option<(i64, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text[..length].parse().ok().filter(|_| length <= 9)?;
    Some((number, &text[length..]))
}

/// `5` is half a second: who writes fewer than three digits counts tenths or hundredths.
fn take_fraction(text: &str) -> Option<(i64, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = text.get(..length.min(3))?;
    let number: i64 = digits.parse().ok()?;
    Some((number * [100, 10, 1][digits.len() - 1], &text[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_writing() {
        for (text, wanted) in [
            ("00:00:01,000", Some(1000)),
            ("00:00:01.000", Some(1000)),
            ("00:00:01:500", Some(1500)),
            ("0:0:1,5", Some(1500)),
            ("1:02.25", Some(62_250)),
            ("00:00:01", Some(1000)),
            ("00:00:01, 250", Some(1250)),
            ("00: 00: 01,250", Some(1250)),
            ("-00:00:01,000", Some(-1000)),
            ("100:00:00,000", Some(MAX_MS)),
            ("00:00:01,1234567", Some(1123)),
            ("1", None),
            ("", None),
            ("00:00:", None),
            ("12345678901:00:00", None),
            ("００:00:01", None),
        ] {
            assert_eq!(parse(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_line_of_times_is_told_from_dialogue() {
        for (line, wanted) in [
            ("00:00:01,000 --> 00:00:02,000", Some((1000, 2000, ""))),
            ("00:00:01,000-->00:00:02,000", Some((1000, 2000, ""))),
            ("00:00:01,000 -> 00:00:02,000", Some((1000, 2000, ""))),
            ("00:00:01,000 –> 00:00:02,000", Some((1000, 2000, ""))),
            ("00:00:01,000 --> 00:00:02,000  X1:10 X2:20", Some((1000, 2000, "  X1:10 X2:20"))),
            ("-00:00:01,000 --> 00:00:02,000", Some((-1000, 2000, ""))),
            ("10:30 --> we leave at 11:00", None),
            ("At 10:30 --> 11:00", None),
            ("- No.", None),
            ("12", None),
        ] {
            assert_eq!(take_span(line), wanted, "{line:?}");
        }
    }
}
