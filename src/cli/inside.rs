//! `cinepost inside ID [--again]`: what the files of a film hold, as their bytes say; `--again` has them looked into anew.

use std::fmt::Write;

use media::{Facts, Kind, Track};

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::entry::{Entry, Inside};
use crate::domain::subtitles::text_tracks;
use crate::domain::text;
use crate::flows::unix_now;
use crate::protocols::stremio::ContentId;

/// The job that looks into files.
const JOB: &str = "probe";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The film's id (tt0063350), the episode's (tt0944947:1:2), or that of one file (cinepost:…)
    id: String,
    /// Look into them anew, before all others that wait
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let id: ContentId = args.id.parse().map_err(anyhow::Error::msg)?;
    let config = Config::from_flags(args.flags)?;
    let files = app::open_inside(&config).await?;
    let found = files.of(id).await?;
    if found.is_empty() {
        println!("There is no file of it here.");
    }
    for entry in &found {
        if args.again {
            files.again(entry.id).await?;
            println!("{} is looked into anew.", text::escaped(&entry.name));
        } else {
            print!("{}", described(entry));
        }
    }
    if args.again && !found.is_empty() {
        app::open_jobs(&config).await?.queue(JOB, unix_now()).await?;
        println!("`cinepost jobs` shows how far that is.");
    }
    Ok(())
}

/// A file, and a line for each of its tracks.
fn described(entry: &Entry) -> String {
    let mut said = format!("{}  {}\n", entry.id, text::escaped(&entry.name));
    let _ = match entry.probe.as_ref().map(|probe| &probe.found) {
        None => writeln!(said, "  nobody looked into it yet"),
        Some(Inside::Unknown(why)) => writeln!(said, "  {why}"),
        Some(Inside::Subtitles(lines)) => {
            let form = if lines.pictures { "pictures of letters" } else { "text" };
            writeln!(said, "  subtitles: {form}, {}", lines.language.as_deref().unwrap_or("language not told"))
        }
        Some(Inside::Facts(facts)) => {
            let _ = writeln!(said, "  {}", whole(facts));
            let offered: Vec<u64> = text_tracks(entry).map(|track| track.number).collect();
            facts.tracks.iter().for_each(|track| said.push_str(&line(track, &offered)));
            Ok(())
        }
    };
    said
}

fn whole(facts: &Facts) -> String {
    let mut words = vec![word(&facts.container)];
    words.extend(
        facts.duration_ms.map(|ms| format!("{}:{:02}:{:02}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60)),
    );
    let counts = [(facts.chapters.len(), "chapter"), (facts.attachments.len(), "attachment")];
    let counted = |(count, what): &(usize, &str)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" });
    words.extend(counts.iter().filter(|(count, _)| *count > 0).map(counted));
    words.extend(facts.doubts.iter().map(|doubt| format!("({})", word(doubt).replace('_', " "))));
    words.join(", ")
}

/// `  3  subtitles  subrip, en, forced, 1203 lines, offered`
fn line(track: &Track, offered: &[u64]) -> String {
    let (kind, more) = match &track.kind {
        Kind::Video(video) => ("picture", vec![format!("{}x{}", video.width, video.height)]),
        Kind::Audio(audio) => ("sound", vec![format!("{} channels", audio.channels)]),
        Kind::Subtitle => ("subtitles", Vec::new()),
        Kind::Other => ("other", Vec::new()),
    };
    let mut words = vec![word(&track.codec)];
    words.extend(more);
    words.extend(track.profile.clone());
    words.extend(track.language.clone());
    words.extend(track.title.as_deref().map(|title| format!("“{}”", text::escaped(title))));
    let flags = [
        (track.default, "default"),
        (track.forced, "forced"),
        (track.hearing_impaired, "SDH"),
        (track.commentary, "commentary"),
        (track.encrypted, "encrypted"),
    ];
    words.extend(flags.iter().filter(|(is_set, _)| *is_set).map(|(_, word)| (*word).to_owned()));
    words.extend(track.indexed_lines.map(|lines| format!("{lines} lines")));
    if track.kind == Kind::Subtitle {
        let is_offered = offered.contains(&track.number);
        let not_offered = if track.codec.is_text() {
            "not offered: the index does not say where its lines stand"
        } else {
            "not offered: pictures"
        };
        words.push(if is_offered { "offered" } else { not_offered }.to_owned());
    }
    format!("  {:>3}  {kind:<9}  {}\n", track.number, words.join(", "))
}

/// As it is written in JSON.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use media::{Codec, Video};

    use super::*;

    #[test]
    fn a_track_is_a_line() {
        let picture = Kind::Video(Video { width: 1920, height: 800, ..Video::default() });
        let lines = |codec, indexed_lines| Track {
            number: 12,
            kind: Kind::Subtitle,
            codec,
            language: Some("pt-BR".to_owned()),
            forced: true,
            indexed_lines,
            ..Track::default()
        };
        let rows = [
            (
                Track { number: 1, kind: picture, codec: Codec::Hevc, ..Track::default() },
                "    1  picture    hevc, 1920x800\n",
            ),
            (lines(Codec::SubRip, Some(7)), "   12  subtitles  subrip, pt-BR, forced, 7 lines, offered\n"),
            (
                lines(Codec::Ass, None),
                "   12  subtitles  ass, pt-BR, forced, not offered: the index does not say where its lines stand\n",
            ),
            (lines(Codec::Pgs, None), "   12  subtitles  hdmv_pgs_subtitle, pt-BR, forced, not offered: pictures\n"),
        ];
        for (track, wanted) in rows {
            let offered: Vec<u64> = track.indexed_lines.map(|_| track.number).into_iter().collect();
            assert_eq!(line(&track, &offered), wanted);
        }
    }
}
