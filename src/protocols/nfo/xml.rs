//! Elements of XML, one a line, and the characters that may stand in them.

use std::borrow::Cow;
use std::fmt::Write;

/// What was written so far.
pub(super) struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    pub fn document() -> Self {
        Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_owned(), depth: 0 }
    }

    pub fn finish(self) -> String {
        self.text
    }

    /// An element with text in it; none for an empty text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.with(name, &[], text);
    }

    pub fn number(&mut self, name: &str, number: Option<u32>) {
        if let Some(number) = number {
            self.text(name, &number.to_string());
        }
    }

    /// The same with attributes.
    pub fn with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        let text = escaped(text.trim());
        if !text.is_empty() {
            self.open(name, attributes);
            let _ = writeln!(self.text, "{text}</{name}>");
        }
    }

    /// An element with others in it; none when they are none.
    pub fn inside(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.inside_with(name, &[], write);
    }

    pub fn inside_with(&mut self, name: &str, attributes: &[(&str, &str)], write: impl FnOnce(&mut Self)) {
        let before = self.text.len();
        self.open(name, attributes);
        self.text.push('\n');
        let begun = self.text.len();
        self.depth += 1;
        write(self);
        self.depth -= 1;
        if self.text.len() == begun {
            self.text.truncate(before);
            return;
        }
        self.indent();
        let _ = writeln!(self.text, "</{name}>");
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        let _ = write!(self.text, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.text, " {key}=\"{}\"", escaped(value));
        }
        self.text.push('>');
    }

    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n(' ', 2 * self.depth));
    }
}

/// Text as it stands in an element or an attribute. What XML 1.0 has no place for is left out: no reference (`&#1;`) may name it either.
fn escaped(text: &str) -> Cow<'_, str> {
    if text.chars().all(|letter| may_stand(letter) && reference(letter).is_none()) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars().filter(|letter| may_stand(*letter)) {
        match reference(letter) {
            Some(reference) => escaped.push_str(reference),
            None => escaped.push(letter),
        }
    }
    escaped.into()
}

fn reference(letter: char) -> Option<&'static str> {
    Some(match letter {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        // A reader would make a line's end of it.
        '\r' => "&#13;",
        _ => return None,
    })
}

/// `Char` of XML 1.0.
fn may_stand(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn elements_hold_text_others_or_are_not_there() {
        let mut xml = Xml::document();
        xml.inside("movie", |xml| {
            xml.text("title", " Tom & \"Jerry\" <1> ");
            xml.text("plot", "");
            xml.number("year", None);
            xml.inside("set", |xml| xml.text("name", " "));
            xml.with("thumb", &[("aspect", "a\"b")], "https://image.example/?a=1&b=2");
            xml.inside("fanart", |xml| xml.text("thumb", "x"));
        });
        assert_eq!(
            xml.finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<movie>\n  \
             <title>Tom &amp; &quot;Jerry&quot; &lt;1&gt;</title>\n  \
             <thumb aspect=\"a&quot;b\">https://image.example/?a=1&amp;b=2</thumb>\n  \
             <fanart>\n    <thumb>x</thumb>\n  </fanart>\n</movie>\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_but_for_what_xml_has_no_place_for(text in any::<String>(), value in any::<String>()) {
            let mut xml = Xml::document();
            xml.inside("movie", |xml| xml.with("plot", &[("of", &value)], &format!("x{text}x")));
            let xml = xml.finish();
            let read = roxmltree::Document::parse(&xml).expect("it parses");
            let plot = read.root_element().first_element_child().expect("the plot");
            let wanted: String = text.chars().filter(|letter| may_stand(*letter)).collect();
            let said = format!("x{wanted}x");
            prop_assert_eq!(plot.text(), Some(said.as_str()));
        }
    }
}
