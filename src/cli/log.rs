//! Logs: one line for each event, whatever text from outside is in it. Such text is cleaned where it enters. The errors of libraries
//! and servers are not, so their control characters are escaped here.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

use tracing::Dispatch;
use tracing::field::{Field, Visit};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::{FormatFields, Writer};

use crate::domain::text;

/// The form of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Lines for people, with colours or without.
    Lines { colours: bool },
    /// A JSON object for each event.
    Json,
}

/// Writes the events that `filter` lets through.
pub fn dispatch<W>(filter: EnvFilter, style: Style, writer: W) -> Dispatch
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    match style {
        Style::Lines { colours } => {
            Dispatch::new(builder.with_ansi(colours).compact().fmt_fields(Escaped).with_writer(writer).finish())
        }
        Style::Json => Dispatch::new(builder.with_ansi(false).json().with_writer(InJson(writer)).finish()),
    }
}

/// The fields of an event as `tracing-subscriber` writes them, but escaped.
struct Escaped;

impl<'writer> FormatFields<'writer> for Escaped {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut visitor = Fields { writer, is_first: true, result: Ok(()) };
        fields.record(&mut visitor);
        visitor.result
    }
}

struct Fields<'writer> {
    writer: Writer<'writer>,
    is_first: bool,
    result: fmt::Result,
}

impl Fields<'_> {
    fn write(&mut self, field: &Field, value: &str) -> fmt::Result {
        let name = field.name().trim_start_matches("r#");
        // The fields that events of the `log` crate have besides their message.
        if name.starts_with("log.") {
            return Ok(());
        }
        if !std::mem::take(&mut self.is_first) {
            self.writer.write_char(' ')?;
        }
        if name != "message" {
            let (italic, plain) = if self.writer.has_ansi_escapes() { ("\u{1b}[3m", "\u{1b}[0m") } else { ("", "") };
            write!(self.writer, "{italic}{name}{plain}=")?;
        }
        self.writer.write_str(&text::escaped(value))
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.result = self.result.and_then(|()| self.write(field, &format!("{value:?}")));
    }

    /// With its causes.
    fn record_error(&mut self, field: &Field, error: &(dyn Error + 'static)) {
        let mut chain = error.to_string();
        let mut cause = error.source();
        while let Some(deeper) = cause {
            let _ = write!(chain, ": {deeper}");
            cause = deeper.source();
        }
        self.result = self.result.and_then(|()| self.write(field, &chain));
    }
}

/// JSON itself escapes what lies below U+0020; this does the rest.
struct InJson<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for InJson<W> {
    type Writer = InJson<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        InJson(self.0.make_writer())
    }
}

impl<W: Write> Write for InJson<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut clean = String::with_capacity(line.len());
        for c in String::from_utf8_lossy(line).chars() {
            match c {
                '\n' => clean.push('\n'),
                // All of them are in Unicode's first plane.
                c if text::is_harmful(c) => {
                    let _ = write!(clean, "\\u{:04x}", u32::from(c));
                }
                c => clean.push(c),
            }
        }
        self.0.write_all(clean.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("not poisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The log line of an event whose fields of every kind hold this text.
    fn logged(style: Style, said: &str) -> String {
        let captured = Captured::default();
        let writer = captured.clone();
        let dispatch = dispatch(EnvFilter::new("info"), style, move || writer.clone());
        tracing::dispatcher::with_default(&dispatch, || {
            let error = anyhow::anyhow!("{said}").context("outer");
            let error: &(dyn Error + 'static) = error.as_ref();
            tracing::info_span!("asking", %said).in_scope(|| {
                tracing::warn!(said, shown = %said, quoted = ?said, error, "It said {said}");
            });
        });
        let bytes = captured.0.lock().expect("not poisoned").clone();
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn an_event_reads_as_before() {
        let line = logged(Style::Lines { colours: false }, "hello");
        let (_, line) = line.split_once(" WARN ").expect("its level");
        let wanted = "It said hello said=\"hello\" shown=hello quoted=\"hello\" error=outer: hello said=hello\n";
        assert_eq!(line.trim_start_matches("asking: "), wanted);
        assert!(logged(Style::Lines { colours: true }, "hello").contains("\u{1b}[3mshown\u{1b}[0m=hello"));
    }

    proptest! {
        #[test]
        fn no_text_forges_a_line_or_reaches_the_terminal(
            said in "(\\PC|[\\x00-\\x1f\\x7f-\\x9f\\u{2028}-\\u{202e}\\u{2066}-\\u{2069}]){0,24}",
        ) {
            for style in [Style::Lines { colours: false }, Style::Json] {
                let text = logged(style, &said);
                let line = text.strip_suffix('\n').expect("a whole line");
                prop_assert!(!line.chars().any(text::is_harmful), "{line:?}");
            }
            let json: serde_json::Value = serde_json::from_str(&logged(Style::Json, &said)).expect("JSON");
            prop_assert_eq!(&json["fields"]["said"], &said, "nothing is lost");
            let colours = logged(Style::Lines { colours: true }, &said);
            let ours = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[3m", "\u{1b}[33m"];
            let rest = ours.iter().fold(colours, |text, code| text.replace(code, ""));
            prop_assert!(!rest.trim_end_matches('\n').chars().any(text::is_harmful), "{rest:?}");
        }
    }
}
