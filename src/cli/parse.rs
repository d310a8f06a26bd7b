//! `cinepost parse`: what the release-name parser reads in a name, for people as a table and for programs as JSON lines.

use std::io::{self, BufRead, Write};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::release::{self, Input, Release};

/// Show what the file names given say: title, year, episode, quality.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Read JSON lines {"id", "name", "caption"?} from standard input and write {"id", fields...} for each
    #[arg(long)]
    json: bool,
    /// Caption that goes with the names
    #[arg(long, default_value = "")]
    caption: String,
    /// Folder that the names lie in
    #[arg(long, default_value = "")]
    folder: String,
    /// File names to read
    #[arg(required_unless_present = "json")]
    names: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    id: Value,
    name: String,
    #[serde(default)]
    caption: Option<String>,
    #[serde(default)]
    folder: Option<String>,
}

pub fn run(args: &Args) -> Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let done = if args.json { json(io::stdin().lock(), &mut out) } else { table(args, &mut out) };
    match done.and_then(|()| out.flush().map_err(Into::into)) {
        // `cinepost parse ... | head` is no failure.
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) => {
            Ok(())
        }
        other => other,
    }
}

fn json(input: impl BufRead, out: &mut impl Write) -> Result<()> {
    for (number, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&line)
            .with_context(|| format!("line {} is not {{\"id\", \"name\", \"caption\"?}}", number + 1))?;
        let caption = line.caption.as_deref().unwrap_or_default();
        let folder = line.folder.as_deref().unwrap_or_default();
        let mut fields = fields(&release::parse(&Input { name: &line.name, caption, folder }))?;
        fields.insert("id".to_owned(), line.id);
        serde_json::to_writer(&mut *out, &fields)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn table(args: &Args, out: &mut impl Write) -> Result<()> {
    for (number, name) in args.names.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{name}")?;
        for (field, value) in fields(&release::parse(&Input { name, caption: &args.caption, folder: &args.folder }))? {
            writeln!(out, "  {:<18} {}", field.replace('_', " "), plain(&value))?;
        }
    }
    Ok(())
}

/// What was said, field by field; what was not said is left out.
fn fields(release: &Release) -> Result<Map<String, Value>> {
    let Value::Object(fields) = serde_json::to_value(release)? else { bail!("a release is an object") };
    let mut said: Map<String, Value> = fields.into_iter().filter(|(_, value)| !is_unsaid(value)).collect();
    // Through their shortest text: 7.1 as f32 is 7.0999999 as f64.
    let absolute =
        release.absolute.iter().filter_map(|n| n.to_string().parse::<f64>().ok()).map(Value::from).collect::<Vec<_>>();
    if !absolute.is_empty() {
        said.insert("absolute".to_owned(), absolute.into());
    }
    // The vocabulary's name for the other reading that goes best with the title.
    if let Some(other) = release.alternative_titles.first() {
        said.insert("alt_title".to_owned(), other.as_str().into());
    }
    // The vocabulary has one word for a volume of a file and a part of a story; no name says both.
    if let Some(part) = release.title_part.filter(|_| release.part.is_none()) {
        said.insert("part".to_owned(), part.into());
    }
    Ok(said)
}

fn is_unsaid(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) => "yes".to_owned(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_lines_are_answered_line_by_line() {
        let input = "{\"id\":1,\"name\":\"Harvest.Moon.1969.1080p.WEB-DL.x264-GRP.mkv\"}\n\n{\"id\":\"b\",\"name\":\"\",\"caption\":\"Harvest Moon (1969)\"}\n";
        let mut out = Vec::new();
        json(input.as_bytes(), &mut out).expect("both lines are well formed");
        let lines: Vec<Value> = String::from_utf8(out)
            .expect("JSON is UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (&lines[0]["id"], &lines[0]["title"], &lines[0]["year"]),
            (&1.into(), &"Harvest Moon".into(), &1969.into())
        );
        assert_eq!((&lines[1]["id"], &lines[1]["title"]), (&"b".into(), &"Harvest Moon".into()));
        assert!(lines[0].get("seasons").is_none(), "what was not said is left out");
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = json("{\"name\":1}".as_bytes(), &mut Vec::new()).expect_err("no id");
        assert!(error.to_string().starts_with("line 1"), "{error}");
    }
}
