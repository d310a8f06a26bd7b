//! Text in plain letters: channels write words in letters of other shapes, and no pass should have to know.
//!
//! ```text
//! 𝗧𝗶𝘁𝗹𝗲 (𝟮𝟬𝟮𝟰)  🅷🅾🆃🆂🆃🅰🆁  ꜱᴇᴀꜱᴏɴ  قسمت ۱۴  5️⃣      letters and figures of other shapes, in names and captions
//! <b>Title</b> &amp; **Title** `1080p` ||@channel||      what bots meant as bold or code, in captions
//! ```
//!
//! Each character becomes one or none, so every place in the plain text has its place in the source, which evidence needs.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A text in plain letters, and the way back.
#[derive(Clone, Debug)]
pub struct Plain<'a> {
    pub text: Cow<'a, str>,
    changes: Vec<Change>,
}

/// A stretch of the source that became something of another length.
#[derive(Clone, Debug)]
struct Change {
    plain: Range<usize>,
    source: Range<usize>,
}

impl<'a> Plain<'a> {
    /// A name: its letters.
    pub fn name(source: &'a str) -> Self {
        // Nearly every name is plain already.
        if source.is_ascii()
            || !source.chars().any(|c| matches!(c, KEYCAP | TATWEEL | WIDE_BLANK) || letter(c).is_some())
        {
            return Self { text: source.into(), changes: Vec::new() };
        }
        Self::built(source, |rest, _| styled(rest))
    }

    /// A caption: the figures of all scripts become ours, since its labels count with them, and markup is taken off.
    pub fn caption(source: &'a str) -> Self {
        Self::built(source, |rest, before| markup(rest, before).or_else(|| styled(rest)).or_else(|| figure(rest)))
    }

    /// Where a part of the plain text stands in the source. What was taken off around it is no part of it.
    pub fn source(&self, part: Range<usize>) -> Range<usize> {
        let start = match self.changes[..self.changes.partition_point(|c| c.plain.start <= part.start)].last() {
            Some(change) if change.plain.end > part.start => change.source.start,
            Some(change) => change.source.end + (part.start - change.plain.end),
            None => part.start,
        };
        let end = match self.changes[..self.changes.partition_point(|c| c.plain.start < part.end)].last() {
            Some(change) if change.plain.end >= part.end => change.source.end,
            Some(change) => change.source.end + (part.end - change.plain.end),
            None => part.end,
        };
        start..end.max(start)
    }

    fn built(source: &'a str, change: impl Fn(&str, Option<char>) -> Becomes) -> Self {
        let mut text = String::with_capacity(source.len());
        let mut changes: Vec<Change> = Vec::new();
        let mut at = 0;
        while let Some(c) = source[at..].chars().next() {
            let Some((becomes, length)) = change(&source[at..], text.chars().next_back()) else {
                text.push(c);
                at += c.len_utf8();
                continue;
            };
            let start = text.len();
            text.extend(becomes);
            changes.push(Change { plain: start..text.len(), source: at..at + length });
            at += length;
        }
        Self { text: text.into(), changes }
    }
}

/// What a change makes of the text's beginning: the character it becomes, and how many bytes that takes.
type Becomes = Option<(Option<char>, usize)>;

const KEYCAP: char = '\u{20e3}';
/// Stretches a word in Arabic scripts and says nothing.
const TATWEEL: char = 'ـ';
const WIDE_BLANK: char = '\u{3000}';

/// A character that is a letter or a figure of another shape, or only decoration.
fn styled(rest: &str) -> Becomes {
    let c = rest.chars().next()?;
    let length = c.len_utf8();
    match c {
        // "5️⃣" is a figure in a box; "#️⃣" is decoration.
        '#' | '*' if boxed(&rest[1..]) > 0 => Some((None, 1 + boxed(&rest[1..]))),
        '0'..='9' if boxed(&rest[1..]) > 0 => Some((Some(c), 1 + boxed(&rest[1..]))),
        WIDE_BLANK => Some((Some(' '), length)),
        // Marks of direction, and blanks of no width.
        TATWEEL
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => Some((None, length)),
        _ => letter(c).map(|plain| (Some(plain), length)),
    }
}

/// The length of what boxes a figure.
fn boxed(rest: &str) -> usize {
    let variant = rest.strip_prefix('\u{fe0f}').unwrap_or(rest);
    if variant.starts_with(KEYCAP) { rest.len() - variant.len() + KEYCAP.len_utf8() } else { 0 }
}

/// The plain form of a styled letter or figure.
fn letter(c: char) -> Option<char> {
    // Most letters of the world, passed by at a glance.
    if matches!(c, '\0'..'\u{250}' | '\u{370}'..='\u{65f}' | '\u{3000}'..='\u{a6ff}' | '\u{ac00}'..='\u{fefe}') {
        return None;
    }
    let nth = |first: char, base: char| char::from_u32(u32::from(base) + u32::from(c) - u32::from(first));
    if let Some(small) = small_capital(c) {
        return Some(small);
    }
    match c {
        '\u{1f150}'..='\u{1f169}' => nth('\u{1f150}', 'A'),
        '\u{1f170}'..='\u{1f189}' => nth('\u{1f170}', 'A'),
        // Circled, raised, mathematical, squared and full-width ones: compatible with one letter or figure, by Unicode's table.
        '\u{1d2c}'..='\u{1d6a}'
        | '\u{2100}'..='\u{214f}'
        | '\u{24b6}'..='\u{24e9}'
        | '\u{ff10}'..='\u{ff19}'
        | '\u{ff21}'..='\u{ff3a}'
        | '\u{ff41}'..='\u{ff5a}'
        | '\u{1d400}'..='\u{1d7ff}'
        | '\u{1f130}'..='\u{1f149}' => {
            let mut plain = std::iter::once(c).nfkc();
            match (plain.next(), plain.next()) {
                (Some(one), None) if one != c && one.is_alphanumeric() => Some(one),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A figure of another script.
fn figure(rest: &str) -> Becomes {
    let c = rest.chars().next().filter(|c| *c >= ZEROS[0])?;
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10))?;
    Some((char::from_digit(value, 10), c.len_utf8()))
}

/// The figure 0 of scripts that have their own ten figures in a row.
const ZEROS: [char; 18] = ['٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០', '᠐'];

/// Phonetic letters that look like small capitals. They are read as small letters: words of captions are known by those.
fn small_capital(c: char) -> Option<char> {
    const LETTERS: [(char, char); 24] = [
        ('ᴀ', 'a'),
        ('ʙ', 'b'),
        ('ᴄ', 'c'),
        ('ᴅ', 'd'),
        ('ᴇ', 'e'),
        ('ꜰ', 'f'),
        ('ɢ', 'g'),
        ('ʜ', 'h'),
        ('ɪ', 'i'),
        ('ᴊ', 'j'),
        ('ᴋ', 'k'),
        ('ʟ', 'l'),
        ('ᴍ', 'm'),
        ('ɴ', 'n'),
        ('ᴏ', 'o'),
        ('ᴘ', 'p'),
        ('ꞯ', 'q'),
        ('ʀ', 'r'),
        ('ꜱ', 's'),
        ('ᴛ', 't'),
        ('ᴜ', 'u'),
        ('ᴠ', 'v'),
        ('ᴡ', 'w'),
        ('ʏ', 'y'),
    ];
    match c {
        'ᴢ' => Some('z'),
        _ => LETTERS.iter().find(|(small, _)| *small == c).map(|(_, plain)| *plain),
    }
}

/// No tag of a message is longer: one with a link may be long.
const LONGEST_TAG: usize = 400;

/// What bots and their owners write to style a message: HTML, its entities and Markdown.
fn markup(rest: &str, before: Option<char>) -> Becomes {
    match rest.as_bytes().first()? {
        b'<' => {
            let end = rest.bytes().take(LONGEST_TAG).position(|b| b == b'>')?;
            let name = rest[1..end].trim_start_matches('/').split([' ', '/']).next()?;
            match name {
                "br" => Some((Some('\n'), end + 1)),
                "b" | "strong" | "i" | "em" | "u" | "ins" | "s" | "strike" | "del" | "a" | "code" | "pre" | "span"
                | "blockquote" | "p" | "spoiler" | "tg-spoiler" | "tg-emoji" => Some((None, end + 1)),
                _ => None,
            }
        }
        b'&' => {
            const ENTITIES: [(&str, char); 7] = [
                ("&amp;", '&'),
                ("&lt;", '<'),
                ("&gt;", '>'),
                ("&quot;", '"'),
                ("&apos;", '\''),
                ("&#39;", '\''),
                ("&nbsp;", ' '),
            ];
            ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)).map(|(entity, c)| (Some(*c), entity.len()))
        }
        b'`' => Some((None, 1)),
        _ => {
            let sign = ["**", "__", "||", "~~"].into_iter().find(|sign| rest.starts_with(sign))?;
            // Signs of markup touch the text on one side alone: "||@channel||", but "Title || 2024" and "Some__Title".
            let is_text = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let after = rest[2..].chars().next();
            let is_free = sign == "**" || is_text(before) != is_text(after) || !is_word(before) && is_word(after);
            is_free.then_some((None, 2))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dressed_letters_are_plain_ones() {
        for (source, plain) in [
            ("𝗧𝗶𝘁𝗹𝗲 (𝟮𝟬𝟮𝟰)", "Title (2024)"),
            ("𝕳𝖆𝖗𝖛𝖊𝖘𝖙 𝑀𝑜𝑜𝑛 ℋ𝒶𝓇𝓋ℯ𝓈𝓉", "Harvest Moon Harvest"),
            ("𝙷𝚊𝚛𝚟𝚎𝚜𝚝", "Harvest"),
            ("Ｈａｒｖｅｓｔ　２０２４", "Harvest 2024"),
            ("🅷🅾🆃🆂🆃🅰🆁 🅗🅓 🄷🄳 Ⓗⓓ", "HOTSTAR HD HD Hd"),
            ("ꜱᴇᴀꜱᴏɴ 2 Tʜᴇ Wᴇʟʟ", "season 2 The Well"),
            ("Temporada 3️⃣ Capítulo 1️⃣5️⃣ #️⃣", "Temporada 3 Capítulo 15 "),
            ("فيلـــم", "فيلم"),
            // Letters of languages stay what they are.
            ("Diriliş Ертұғрул Lật Mặt 7 ⅓ ™ №5 ②", "Diriliş Ертұғрул Lật Mặt 7 ⅓ ™ №5 ②"),
        ] {
            assert_eq!(Plain::name(source).text, plain, "{source}");
            assert_eq!(Plain::caption(source).text, plain, "{source}");
        }
    }

    #[test]
    fn captions_have_our_figures_and_no_markup() {
        for (source, plain) in [
            ("الحلقة ١٥ قسمت ۱۴ एपिसोड ४५ পর্ব ১ ตอน ๑๒", "الحلقة 15 قسمت 14 एपिसोड 45 পর্ব 1 ตอน 12"),
            ("<b>Salt &amp; Road</b> <i>2019</i>", "Salt & Road 2019"),
            ("<a href=\"https://t.me/x\">Join</a><br>2", "Join\n2"),
            ("**Salt Road** `1080p` ||@channel|| __note__ ~~old~~", "Salt Road 1080p @channel note old"),
            ("Salt Road || 2019 || 720p", "Salt Road || 2019 || 720p"),
            ("Salt__Road I <3 you", "Salt__Road I <3 you"),
        ] {
            assert_eq!(Plain::caption(source).text, plain, "{source}");
        }
        assert_eq!(Plain::name("<b>Salt__Road**").text, "<b>Salt__Road**", "names have no markup");
    }

    #[test]
    fn every_part_has_its_place_in_the_source() {
        let source = "<b>𝗦𝗮𝗹𝘁 Road</b> (𝟮𝟬𝟮𝟰) &amp;";
        let plain = Plain::caption(source);
        for (part, from) in
            [("Salt", "𝗦𝗮𝗹𝘁"), ("Road", "Road"), ("Salt Road", "𝗦𝗮𝗹𝘁 Road"), ("2024", "𝟮𝟬𝟮𝟰"), ("&", "&amp;")]
        {
            let start = plain.text.find(part).expect("it is there");
            assert_eq!(&source[plain.source(start..start + part.len())], from);
        }
    }
}
