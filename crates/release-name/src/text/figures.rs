//! Numbers at the beginning of words, in the figures of every script that names are written in.

/// What a figure is worth: Western, full-width, Arabic, Persian, and those of Hindi and Bengali.
pub fn digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    const ZEROS: [char; 5] = ['０', '٠', '۰', '०', '০'];
    ZEROS.iter().map(|zero| u32::from(c).wrapping_sub(u32::from(*zero))).find(|value| *value < 10)
}

/// The number a word starts with, its count of figures and the rest; the figures of other scripts count too.
pub fn leading_number(word: &str) -> Option<(u32, usize, &str)> {
    let mut value: u32 = 0;
    let mut width = 0;
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let Some(digit) = digit(c) else { break };
        value = value.saturating_mul(10).saturating_add(digit);
        width += 1;
        rest = &rest[c.len_utf8()..];
    }
    (width > 0).then_some((value, width, rest))
}
