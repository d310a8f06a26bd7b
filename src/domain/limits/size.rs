//! Amounts of bytes as people write them: `50GB`, `1.5 TB`, `700MiB`.

const UNITS: [(&str, u64); 8] = [
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("KB", 1_000),
    ("TIB", 1 << 40),
    ("GIB", 1 << 30),
    ("MIB", 1 << 20),
    ("KIB", 1 << 10),
];

/// Bytes. A number without a unit is bytes.
pub(super) fn parse(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_uppercase();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim());
    let factor = match unit {
        "" | "B" => 1,
        _ => UNITS.iter().find(|(name, _)| *name == unit || name.strip_suffix('B') == Some(unit))?.1,
    };
    match number.split_once('.') {
        None => number.parse::<u64>().ok()?.checked_mul(factor),
        Some((whole, part)) => {
            let digits = u32::try_from(part.len()).ok().filter(|digits| (1..=9).contains(digits))?;
            let part = part.parse::<u64>().ok()?.checked_mul(factor)? / 10_u64.pow(digits);
            whole.parse::<u64>().ok()?.checked_mul(factor)?.checked_add(part)
        }
    }
}

/// The exact amount in the largest unit that says it whole: what [`parse`] reads again.
pub(super) fn exact(bytes: u64) -> String {
    let whole = UNITS.iter().filter(|(_, factor)| bytes >= *factor && bytes.is_multiple_of(*factor));
    match whole.max_by_key(|(_, factor)| *factor) {
        Some((name, factor)) => format!("{}{}", bytes / factor, name.replace('I', "i")),
        None => bytes.to_string(),
    }
}

/// An amount for people to read: three figures at most, `1.5 GB`.
pub fn size_text(bytes: u64) -> String {
    let Some((name, factor)) = UNITS[..4].iter().find(|(_, factor)| bytes >= *factor) else {
        return format!("{bytes} bytes");
    };
    let amount = bytes as f64 / *factor as f64;
    if amount < 10.0 && !bytes.is_multiple_of(*factor) {
        format!("{amount:.1} {name}")
    } else {
        format!("{amount:.0} {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let cases = [
            ("50GB", Some(50_000_000_000)),
            ("50 gb", Some(50_000_000_000)),
            ("50g", Some(50_000_000_000)),
            ("1.5TB", Some(1_500_000_000_000)),
            ("700MiB", Some(700 << 20)),
            ("4 KiB", Some(4096)),
            ("123", Some(123)),
            ("123B", Some(123)),
            ("0", Some(0)),
            ("", None),
            ("GB", None),
            ("-1GB", None),
            ("1.GB", None),
            ("1.2.3GB", None),
            ("50 miles", None),
            ("99999999999TB", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(parse(text), wanted, "{text}");
        }
        for bytes in [0, 1, 999, 1000, 1024, 1500, 50_000_000_000, 700 << 20, u64::MAX] {
            assert_eq!(parse(&exact(bytes)), Some(bytes), "{}", exact(bytes));
        }
        assert_eq!([999, 1500, 2_000_000, 12_345_678].map(size_text), ["999 bytes", "1.5 KB", "2 MB", "12 MB"]);
    }
}
