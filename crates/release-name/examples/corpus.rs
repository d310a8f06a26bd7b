//! Reads a corpus of names, for comparing two states of the crate field by field.
//!
//! ```text
//! cargo run --release -p release-name --example corpus -- [--explain] < names.jsonl > read.jsonl
//! ```
//!
//! A line in is `{"id", "name", "caption"?, "folder"?}`; a line out is `{"id", "release", "evidence"?}`.

use std::io::{self, BufRead, BufWriter, Write};

use anyhow::{Context, Result};
use release_name::{Input, Origin, explain, parse};
use serde_json::{Value, json};

fn main() -> Result<()> {
    let is_explained = std::env::args().any(|arg| arg == "--explain");
    let mut out = BufWriter::new(io::stdout().lock());
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let line: Value = serde_json::from_str(&line?).with_context(|| format!("line {}", number + 1))?;
        let text = |key: &str| line[key].as_str().unwrap_or_default();
        let input = Input { name: text("name"), caption: text("caption"), folder: text("folder") };
        let mut said = json!({ "id": line["id"] });
        if is_explained {
            let explained = explain(&input);
            said["release"] = serde_json::to_value(&explained.release)?;
            let texts = |origin| match origin {
                Origin::Name => input.name,
                Origin::Folder => input.folder,
                Origin::Caption => input.caption,
            };
            let evidence = explained.evidence.iter().map(|e| {
                let word = texts(e.origin).get(e.span.clone()).unwrap_or("?");
                format!(
                    "{:?} {}..{} {word:?} {}={} {:?} {}",
                    e.origin,
                    e.span.start,
                    e.span.end,
                    e.field,
                    e.value,
                    e.confidence,
                    e.rule.text()
                )
            });
            said["evidence"] = evidence.collect::<Vec<_>>().into();
        } else {
            said["release"] = serde_json::to_value(parse(&input))?;
        }
        writeln!(out, "{said}")?;
    }
    Ok(())
}
