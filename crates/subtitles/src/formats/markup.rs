//! Letters with marks among them -> letters that look so. Each writing has its own marks, and people mix them: `{\an8}` stands in SubRip,
//! `<i>` in MicroDVD. What is no mark is text: "I <3 you".

use crate::text::{Anchor, Span, Style, Text};

/// Whose marks count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// `<i>`, `<font color>`, entities, and `{\an8}` of ASS.
    SubRip,
    /// `<i>`, entities; whatever else stands in `<>` is a mark without a look.
    WebVtt,
    /// `{y:i}`, and SubRip's.
    MicroDvd,
    /// `{\i1}`, `\N`.
    Ass,
}

/// What a text with marks comes to.
pub struct Shown {
    pub anchor: Anchor,
    pub text: Text,
}

/// What ASS knows of the picture and its styles.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scene {
    /// Of the cue's style.
    pub style: Style,
    pub anchor: Option<Anchor>,
    /// Width and height in which positions are given.
    pub picture: Option<(f64, f64)>,
}

pub fn read(text: &str, markup: Markup) -> Shown {
    read_in(text, markup, &Scene::default())
}

/// The same for a cue of ASS.
pub fn read_in(text: &str, markup: Markup, scene: &Scene) -> Shown {
    let mut reader = Reader {
        markup,
        scene,
        style: scene.style,
        line_style: None,
        fonts: Vec::new(),
        anchor: scene.anchor,
        is_drawing: false,
        spans: Vec::new(),
    };
    reader.read(text);
    Shown { anchor: reader.anchor.unwrap_or(Anchor::BOTTOM), text: Text::of(reader.spans) }
}

/// Lines of one look each.
pub fn of_lines<'a>(lines: impl Iterator<Item = (&'a str, Style)>) -> Text {
    Text::of(lines.map(|(line, style)| Span { text: format!("{line}\n"), style }))
}

struct Reader<'a> {
    markup: Markup,
    scene: &'a Scene,
    style: Style,
    /// What `style` was at the beginning of a line of MicroDVD whose marks end with it.
    line_style: Option<Style>,
    /// What each open `<font>` hides.
    fonts: Vec<Option<[u8; 3]>>,
    anchor: Option<Anchor>,
    /// `{\p1}`: what follows are lines of a drawing.
    is_drawing: bool,
    spans: Vec<Span>,
}

/// A mark is no longer than this; what is longer is a `<` that somebody typed.
const MAX_MARK: usize = 400;
/// `&thinsp;` and its kind; those that are read are shorter.
const LONGEST_ENTITY: usize = 12;
/// Fonts within fonts.
const MAX_FONTS: usize = 64;

impl Reader<'_> {
    fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['<', '{', '&', '\\', '\n']) {
            self.say(&rest[..at]);
            rest = &rest[at..];
            let taken = match rest.as_bytes()[0] {
                b'<' if self.markup != Markup::Ass => self.tag(rest),
                b'{' => self.braces(rest),
                b'&' if self.markup != Markup::Ass => self.entity(rest),
                b'\\' => self.escape(rest),
                b'\n' => {
                    self.say("\n");
                    self.style = self.line_style.take().unwrap_or(self.style);
                    1
                }
                _ => 0,
            };
            if taken == 0 {
                self.say(&rest[..1]);
            }
            rest = &rest[taken.max(1)..];
        }
        self.say(rest);
    }

    fn say(&mut self, text: &str) {
        if !text.is_empty() && !self.is_drawing {
            self.spans.push(Span { text: text.to_owned(), style: self.style });
        }
    }

    /// `<i>`, `</font>`. Returns its length, or 0 when it is none.
    fn tag(&mut self, text: &str) -> usize {
        let Some(length) = end_of(text, b'>') else { return 0 };
        let inside = text[1..length - 1].trim_matches(' ');
        let (is_end, inside) = match inside.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, inside),
        };
        let name_length = inside.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (name, about) = inside.split_at(name_length);
        let on = !is_end;
        match name.to_ascii_lowercase().as_str() {
            "i" | "em" => self.style.italic = on,
            "b" | "strong" => self.style.bold = on,
            "u" => self.style.underline = on,
            "s" | "strike" | "del" => self.style.strike = on,
            "br" => self.say("\n"),
            "font" => self.font(on, about),
            "c" if self.markup == Markup::WebVtt => self.class(on, about),
            "span" | "p" | "div" | "v" | "lang" | "ruby" | "rt" | "c" | "a" => {}
            _ if self.markup == Markup::WebVtt => {}
            _ => return 0,
        }
        length
    }

    fn font(&mut self, on: bool, about: &str) {
        if on && self.fonts.len() < MAX_FONTS {
            self.fonts.push(self.style.color);
            let value = attribute(about, "color");
            self.style.color = value.and_then(html_color).or(self.style.color);
        } else if !on {
            self.style.color = self.fonts.pop().unwrap_or(None);
        }
    }

    /// `<c.yellow.bg_blue>`: the colours that WebVTT names.
    fn class(&mut self, on: bool, about: &str) {
        let color = about.split('.').find_map(|class| CLASSES.iter().find(|(name, _)| *name == class.trim()));
        if on && self.fonts.len() < MAX_FONTS {
            self.fonts.push(self.style.color);
            self.style.color = color.map(|(_, color)| *color).or(self.style.color);
        } else if !on {
            self.style.color = self.fonts.pop().unwrap_or(None);
        }
    }

    /// `{\an8\i1}` of ASS, `{y:i}` of MicroDVD. Returns its length, or 0 when it is text.
    fn braces(&mut self, text: &str) -> usize {
        let Some(length) = end_of_braces(text, self.markup) else { return 0 };
        let inside = &text[1..length - 1];
        match self.markup {
            Markup::WebVtt => return 0,
            Markup::Ass => self.overrides(inside),
            Markup::SubRip | Markup::MicroDvd if inside.starts_with('\\') => self.overrides(inside),
            Markup::MicroDvd if inside.as_bytes().get(1) == Some(&b':') => self.micro_dvd(inside),
            Markup::SubRip | Markup::MicroDvd => return 0,
        }
        length
    }

    /// Small letters count for the line, capitals for the cue.
    fn micro_dvd(&mut self, inside: &str) {
        let (name, value) = (inside.as_bytes()[0], &inside[2..]);
        if name.is_ascii_lowercase() && self.line_style.is_none() {
            self.line_style = Some(self.style);
        }
        match name {
            b'y' | b'Y' => {
                for letter in value.chars() {
                    match letter {
                        'i' => self.style.italic = true,
                        'b' => self.style.bold = true,
                        'u' => self.style.underline = true,
                        's' => self.style.strike = true,
                        _ => {}
                    }
                }
            }
            b'c' | b'C' => self.style.color = value.strip_prefix('$').and_then(ass_color).or(self.style.color),
            _ => {}
        }
    }

    fn overrides(&mut self, inside: &str) {
        for tag in inside.split('\\').skip(1) {
            let tag = tag.trim();
            let is = |name: &str| tag.strip_prefix(name).filter(|value| is_switch(value));
            if let Some(value) = tag.strip_prefix("an").and_then(|key| key.parse().ok()) {
                self.anchor = Some(Anchor::new(value));
            } else if let Some(value) = tag.strip_prefix("pos").or_else(|| tag.strip_prefix("move")) {
                self.place(value);
            } else if let Some(value) = tag.strip_prefix('a').and_then(|key| key.parse().ok()) {
                self.anchor = Some(old_anchor(value));
            } else if let Some(value) = is("i") {
                self.style.italic = on(value, self.scene.style.italic);
            } else if let Some(value) = is("b") {
                self.style.bold = on(value, self.scene.style.bold);
            } else if let Some(value) = is("u") {
                self.style.underline = on(value, self.scene.style.underline);
            } else if let Some(value) = is("s") {
                self.style.strike = on(value, self.scene.style.strike);
            } else if let Some(value) = is("p") {
                self.is_drawing = on(value, false);
            } else if let Some(value) = tag.strip_prefix("1c").or_else(|| tag.strip_prefix('c')) {
                self.recolor(value);
            } else if tag.starts_with('r') {
                self.style = self.scene.style;
            }
        }
    }

    /// `&HBBGGRR&`; nothing takes it back.
    fn recolor(&mut self, value: &str) {
        let digits = value.trim_matches('&').trim_start_matches(['H', 'h']);
        if digits.is_empty() {
            self.style.color = self.scene.style.color;
        } else if let Some(color) = ass_color(digits) {
            self.style.color = Some(color);
        }
    }

    /// `(x,y)`: the third of the picture that it lies in.
    fn place(&mut self, value: &str) {
        let Some((width, height)) = self.scene.picture else { return };
        let mut numbers = value.trim_matches(['(', ')']).split(',').map(|number| number.trim().parse::<f64>());
        if let (Some(Ok(x)), Some(Ok(y))) = (numbers.next(), numbers.next()) {
            let third = |at: f64, of: f64| (at * 3.0 / of).clamp(0.0, 2.0) as u8;
            self.anchor = Some(Anchor::of_thirds(third(x, width), third(y, height)));
        }
    }

    /// `\N` is the end of a line, `\h` a blank. SubRip has them from ASS.
    fn escape(&mut self, text: &str) -> usize {
        if !matches!(self.markup, Markup::Ass | Markup::SubRip) {
            return 0;
        }
        match text.as_bytes().get(1) {
            Some(b'N') => self.say("\n"),
            Some(b'n') if self.markup == Markup::Ass => self.say("\n"),
            Some(b'h') if self.markup == Markup::Ass => self.say(" "),
            _ => return 0,
        }
        2
    }

    fn entity(&mut self, text: &str) -> usize {
        let Some(length) = end_of(&text[..char_floor(text, LONGEST_ENTITY)], b';') else { return 0 };
        let name = &text[1..length - 1];
        let letter = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            "lrm" => Some('\u{200e}'),
            "rlm" => Some('\u{200f}'),
            _ => name.strip_prefix('#').and_then(number_of_letter),
        };
        let Some(letter) = letter else { return 0 };
        self.say(letter.encode_utf8(&mut [0; 4]));
        length
    }
}

/// The last place before `at` where a letter begins.
fn char_floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn number_of_letter(number: &str) -> Option<char> {
    let number = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(number.ok()?).filter(|letter| *letter != '\0')
}

/// The length up to and with what closes a mark, if it is near.
fn end_of(text: &str, close: u8) -> Option<usize> {
    let near = text.bytes().skip(1).take(MAX_MARK).position(|byte| byte == close || byte == b'\n' || byte == b'<');
    let at = near? + 1;
    (text.as_bytes()[at] == close).then_some(at + 1)
}

/// Of ASS, whose comments in braces may be long, to the end of the text.
fn end_of_braces(text: &str, markup: Markup) -> Option<usize> {
    let most = if markup == Markup::Ass { text.len() } else { MAX_MARK };
    text.bytes().take(most).position(|byte| byte == b'}').map(|at| at + 1)
}

/// Nothing, or a number: "b700", not "bord2".
fn is_switch(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// `otherwise` is the style's, which nothing goes back to.
fn on(value: &str, otherwise: bool) -> bool {
    if value.is_empty() { otherwise } else { value != "0" }
}

/// SSA's numbers: 1 to 3 below, 5 to 7 above, 9 to 11 in the middle.
pub fn old_anchor(number: u8) -> Anchor {
    let column = (number & 3).saturating_sub(1);
    let row = match number {
        5..=7 => 0,
        9..=11 => 1,
        _ => 2,
    };
    Anchor::of_thirds(column, row)
}

/// Blue, green, red in hexadecimal; more in front is how clear it is.
fn ass_color(digits: &str) -> Option<[u8; 3]> {
    let number = u32::from_str_radix(digits.trim_end_matches('&'), 16).ok()?;
    let [_, blue, green, red] = number.to_be_bytes();
    Some([red, green, blue])
}

/// `#ffcc00`, `ffcc00`, `#fc0`, or a name.
fn html_color(value: &str) -> Option<[u8; 3]> {
    let value = value.trim();
    let digits = value.strip_prefix('#').unwrap_or(value);
    if digits.len() == 6
        && let Ok(number) = u32::from_str_radix(digits, 16)
    {
        let [_, red, green, blue] = number.to_be_bytes();
        return Some([red, green, blue]);
    }
    let name = value.to_ascii_lowercase();
    COLORS.iter().chain(&CLASSES).find(|(known, _)| *known == name).map(|(_, color)| *color)
}

/// The value of `color="…"`, whatever the quotes.
fn attribute<'a>(about: &'a str, name: &str) -> Option<&'a str> {
    let at = about.to_ascii_lowercase().find(name)?;
    let value = about.get(at + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
    let value = match value.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next()?,
        None => value.split_whitespace().next()?,
    };
    Some(value)
}

/// The colours that WebVTT has classes for.
pub const CLASSES: [(&str, [u8; 3]); 8] = [
    ("white", [255, 255, 255]),
    ("lime", [0, 255, 0]),
    ("cyan", [0, 255, 255]),
    ("red", [255, 0, 0]),
    ("yellow", [255, 255, 0]),
    ("magenta", [255, 0, 255]),
    ("blue", [0, 0, 255]),
    ("black", [0, 0, 0]),
];

/// Others that SubRip files name.
const COLORS: [(&str, [u8; 3]); 6] = [
    ("green", [0, 128, 0]),
    ("orange", [255, 165, 0]),
    ("gray", [128, 128, 128]),
    ("grey", [128, 128, 128]),
    ("pink", [255, 192, 203]),
    ("aqua", [0, 255, 255]),
];
