//! `cinepost parse`: what the release-name parser reads in a name, for people as a table and for programs as JSON lines.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::text;
use release_name::{Confidence, Evidence, FIELDS, Input, Origin, Reading, Release};

/// Show what the file names given say: title, year, episode, quality.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Read JSON lines {"id", "name", "caption"?, "folder"?} from standard input and write {"id", fields...} for each
    #[arg(long)]
    json: bool,
    /// Say which rule took which word, where it stands and how sure it is
    #[arg(long, conflicts_with = "json")]
    explain: bool,
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

/// What is read, cleaned as it is when it comes from Telegram: the same is read then, and terminals are safe from it.
struct Texts {
    name: String,
    caption: String,
    folder: String,
}

impl Texts {
    fn new(name: &str, caption: Option<&str>, folder: Option<&str>) -> Self {
        Self {
            name: text::file_name(name),
            caption: text::lines(caption.unwrap_or_default(), text::CAPTION),
            folder: text::line(folder.unwrap_or_default(), text::CAPTION),
        }
    }

    fn input(&self) -> Input<'_> {
        Input { name: &self.name, caption: &self.caption, folder: &self.folder }
    }
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
            .with_context(|| format!("line {} is not {{\"id\", \"name\", \"caption\"?, \"folder\"?}}", number + 1))?;
        let texts = Texts::new(&line.name, line.caption.as_deref(), line.folder.as_deref());
        let mut fields = fields(&release_name::parse(&texts.input()))?;
        fields.insert("id".to_owned(), line.id);
        serde_json::to_writer(&mut *out, &fields)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn table(args: &Args, out: &mut impl Write) -> Result<()> {
    let paint = Paint { colours: io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() };
    for (number, name) in args.names.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let texts = Texts::new(name, Some(&args.caption), Some(&args.folder));
        show(&texts.input(), args.explain, paint, out)?;
    }
    Ok(())
}

/// The texts with their words in colours, then the fields, and with `is_explained` the rule behind each word.
fn show(input: &Input<'_>, is_explained: bool, paint: Paint, out: &mut impl Write) -> Result<()> {
    let explained = release_name::explain(input);
    for (text, origin) in [(input.folder, Origin::Folder), (input.name, Origin::Name), (input.caption, Origin::Caption)]
    {
        if !text.is_empty() {
            writeln!(out, "{}", paint.words(text, origin, &explained.evidence))?;
        }
    }
    for (field, value) in fields(&explained.release)? {
        // The readings have a line each below; the other title is among the alternatives.
        if field == "readings" || field == "alt_title" {
            continue;
        }
        let doubt = explained.evidence.iter().filter(|e| e.field == field).map(|e| e.confidence).min();
        let mark = match doubt {
            Some(Confidence::Guess) => " ?",
            _ => "",
        };
        let value = paint.value(&field, &plain(&value));
        writeln!(out, "  {:<18} {value}{mark}", field.replace('_', " "))?;
    }
    for reading in &explained.release.readings {
        writeln!(out, "  {:<18} {} ({})", "or", identity(reading), reading.doubt.text())?;
    }
    if is_explained {
        writeln!(out)?;
        for evidence in &explained.evidence {
            let text = match evidence.origin {
                Origin::Name => input.name,
                Origin::Folder => input.folder,
                Origin::Caption => input.caption,
            };
            let word = text.get(evidence.span.clone()).unwrap_or_default();
            let value = match evidence.field {
                "noise" | "unknown" => String::new(),
                _ if evidence.value == word => String::new(),
                _ => format!(" {}", evidence.value),
            };
            let sure = match evidence.confidence {
                Confidence::Sure => "sure",
                Confidence::Likely => "likely",
                Confidence::Guess => "a guess",
            };
            let said = format!("{}{value}", evidence.field.replace('_', " "));
            let span = format!("{}..{}", evidence.span.start, evidence.span.end);
            writeln!(
                out,
                "  {span:>9}  {}  {said}: {} ({sure})",
                paint.value(evidence.field, word),
                evidence.rule.text()
            )?;
        }
    }
    Ok(())
}

/// `Space (1999) S01E07`
fn identity(reading: &Reading) -> String {
    let mut text = reading.title.clone();
    let year = reading.year.map(|y| format!(" ({y})"));
    let season = reading.seasons.first().map(|s| format!(" S{s:02}"));
    let episode = reading.episodes.first().map(|e| format!("E{e:02}"));
    let absolute = reading.absolute.first().map(|n| format!(" - {n}"));
    let date = reading.date.as_ref().map(|d| format!(" {d}"));
    for part in [year, season, episode, absolute, date].into_iter().flatten() {
        text += &part;
    }
    text
}

/// Colours for a terminal, or none.
#[derive(Clone, Copy)]
struct Paint {
    colours: bool,
}

impl Paint {
    /// What a person looks for first stands out; what was not understood is red.
    fn code(field: &str) -> &'static str {
        match field {
            "title" => "1;32",
            "alternative_titles" | "episode_title" => "32",
            "year" | "date" => "1;36",
            "seasons" | "episodes" | "absolute" | "part" => "1;33",
            "languages" | "subtitles" | "dubbed" => "35",
            "group" | "site" | "network" => "34",
            "unknown" => "31",
            "noise" => "2",
            _ => "36",
        }
    }

    fn value(self, field: &str, text: &str) -> String {
        // A name may hold escape codes of its own.
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        if self.colours { format!("\u{1b}[{}m{text}\u{1b}[0m", Self::code(field)) } else { text }
    }

    /// A text with each word in the colour of the first field that took it.
    fn words(self, text: &str, origin: Origin, evidence: &[Evidence]) -> String {
        let mut painted = String::with_capacity(text.len() * 2);
        let mut end = 0;
        for found in evidence.iter().filter(|e| e.origin == origin) {
            if found.span.start < end {
                continue;
            }
            let (Some(between), Some(word)) = (text.get(end..found.span.start), text.get(found.span.clone())) else {
                continue;
            };
            painted.extend(between.chars().filter(|c| !c.is_control() || *c == '\n'));
            painted += &self.value(found.field, word);
            end = found.span.end;
        }
        painted.extend(text[end..].chars().filter(|c| !c.is_control() || *c == '\n'));
        painted
    }
}

/// What was said, field by field; what was not said is left out.
fn fields(release: &Release) -> Result<Map<String, Value>> {
    let Value::Object(mut values) = serde_json::to_value(release)? else { bail!("a release is an object") };
    let mut said = Map::new();
    for field in FIELDS.iter().filter(|field| field.is_said(release)) {
        said.extend(values.remove_entry(field.name));
    }
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
    fn every_word_is_explained() {
        let input = Input { name: "[@films] Salt.Road.2019.S01E02.720p.wobbly.x264-GRP.mkv", caption: "", folder: "" };
        let mut out = Vec::new();
        show(&input, true, Paint { colours: false }, &mut out).expect("memory takes it");
        let text = String::from_utf8(out).expect("it is text");
        assert_eq!(text.lines().next(), Some(input.name), "without colours the name stands as it is");
        for wanted in [
            "  title              Salt Road\n",
            "  or                 Salt Road 2019 S01E02 (the year may belong to the title)\n",
            "  1..7  @films  noise: a channel's handle or a website (sure)\n",
            "S01E02  seasons 1: season and episode, said by letters or words (sure)\n",
            "wobbly  unknown: no rule knows it (a guess)\n",
            "GRP  group: behind a hyphen at the end (sure)\n",
        ] {
            assert!(text.contains(wanted), "{wanted} in\n{text}");
        }
    }

    #[test]
    fn words_are_painted_and_escapes_of_a_name_are_not() {
        let input = Input { name: "Salt \u{1b}[31mRoad (2019).mkv", caption: "", folder: "" };
        let explained = release_name::explain(&input);
        let painted = Paint { colours: true }.words(input.name, Origin::Name, &explained.evidence);
        assert!(painted.contains("\u{1b}[1;36m2019\u{1b}[0m"), "{painted:?}");
        assert!(!painted.contains("\u{1b}[31m"), "{painted:?}");
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = json("{\"name\":1}".as_bytes(), &mut Vec::new()).expect_err("no id");
        assert!(error.to_string().starts_with("line 1"), "{error}");
    }
}
