//! How many letters two names are apart.

/// Letters added, left out, exchanged, and neighbours swapped (optimal string alignment), counted no further than `limit`:
/// more is `None`.
pub fn edits(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let exchanged = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = exchanged.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row.iter().all(|count| *count > limit) {
            return None;
        }
        (before, above) = (above, row);
    }
    Some(above[b.len()]).filter(|count| *count <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_is_one_edit() {
        for (a, b, count) in [
            ("casablanca", "casablanca", Some(0)),
            ("casablanca", "casabalnca", Some(1)),
            ("casablanca", "casabanca", Some(1)),
            ("casablanca", "casaablanca", Some(1)),
            ("casablanca", "casablonca", Some(1)),
            ("casablanca", "cosablonca", Some(2)),
            ("casablanca", "cosoblonca", None),
            ("ёлки", "елки", Some(1)),
            ("", "ab", Some(2)),
            ("", "abc", None),
        ] {
            assert_eq!(edits(a, b, 2), count, "{a} {b}");
            assert_eq!(edits(b, a, 2), count, "{b} {a}");
        }
    }
}
