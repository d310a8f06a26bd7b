//! The library in the chat: search, a title with what plays it, and results for `@bot title` anywhere.

use std::collections::BTreeSet;
use std::time::Duration;

use release_name::Extra;

use super::Chat;
use super::attend::Failure;
use super::command::title_parameter;
use super::press::Press;
use super::visitor::Visitor;
use crate::adapters::telegram::{
    Button, InlineAnswer, InlineQuery, InlineResult, Outgoing, PersonEvent, Text as Formatted,
};
use crate::domain::catalog::{Order, Query};
use crate::domain::entry::{Entry, SeriesPart};
use crate::domain::title::{Kind, MetaId, Title};
use crate::flows::library::Library;
use crate::protocols::stremio::stream::size;
use crate::texts::text;

/// Titles of one kind in an answer.
const FOUND: u32 = 6;
/// The same for results of an inline query, of which Telegram takes fifty.
const RESULTS: u32 = 20;
/// Buttons in a row, for seasons and for episodes.
const IN_A_ROW: usize = 5;
/// Episodes and files below one message; Telegram takes a hundred buttons.
const MOST_EPISODES: usize = 90;
const MOST_FILES: usize = 12;
/// Letters of a plot in a message.
const PLOT: usize = 600;
/// Telegram may give its own memory of an answer so long.
const CACHED: Duration = Duration::from_secs(60);

impl Chat {
    /// Words -> titles of the library, and files of one's own.
    pub(super) async fn search(&self, visitor: &Visitor, words: &str) -> Result<Outgoing, Failure> {
        if words.is_empty() {
            return Ok(visitor.tell(text("search-how")));
        }
        let titles = self.found(visitor, words, FOUND).await?;
        let button = |(id, title): &(MetaId, Title)| Button::press(named(title), Press::Title(title.kind, *id).data());
        if titles.is_empty() {
            return Ok(visitor.tell(text("search-nothing").with("words", words)));
        }
        Ok(visitor.tell(text("search-found").with("words", words)).column(titles.iter().map(button)))
    }

    /// The library as this person sees it.
    async fn seen_by(&self, visitor: &Visitor) -> Result<Library, Failure> {
        Ok(self.library.seen_by(&visitor.person).await?)
    }

    /// Titles by name, films before series, each with an id that it is asked for by.
    async fn found(&self, visitor: &Visitor, words: &str, limit: u32) -> Result<Vec<(MetaId, Title)>, Failure> {
        let mut found = Vec::new();
        for kind in [Kind::Movie, Kind::Series] {
            let query = Query { limit, ..Query::all(kind, Order::Newest) };
            let titles = self.seen_by(visitor).await?.search(words, &query).await?;
            found.extend(titles.into_iter().filter_map(|title| Some((title.meta_id()?, title))));
        }
        Ok(found)
    }

    /// A film with its files, or a series with its seasons.
    pub(super) async fn title(&self, visitor: &Visitor, kind: Kind, id: MetaId) -> Result<Outgoing, Failure> {
        let Some(opened) = self.seen_by(visitor).await?.title(kind, id).await? else {
            return Ok(visitor.tell(text("title-gone")));
        };
        let about = Outgoing::from(about(&opened.title));
        if kind == Kind::Movie {
            let entries = self.seen_by(visitor).await?.streams(kind, id, None).await?;
            return Ok(self.with_files(visitor, about, &entries));
        }
        let seasons: BTreeSet<u16> = opened.parts.iter().map(season_of).collect();
        let button = |season: &u16| {
            visitor.button(text("season").with("number", season.to_string()), Press::Season(id, *season))
        };
        let buttons: Vec<_> = seasons.iter().map(button).take(MOST_EPISODES).collect();
        Ok(buttons.chunks(3).fold(about, |message, row| message.row(row.to_vec())))
    }

    /// A season's episodes, those that are here.
    pub(super) async fn season(&self, visitor: &Visitor, id: MetaId, season: u16) -> Result<Outgoing, Failure> {
        let Some(opened) = self.seen_by(visitor).await?.title(Kind::Series, id).await? else {
            return Ok(visitor.tell(text("title-gone")));
        };
        let is_whole = opened.parts.contains(&SeriesPart::Season { season });
        let numbers: BTreeSet<u16> = match is_whole {
            true => opened.title.episodes.iter().filter(|e| e.season == season).map(|e| e.number).collect(),
            false => opened.parts.iter().filter_map(|part| episode_in(part, season)).collect(),
        };
        let heading = visitor.say(text("season").with("number", season.to_string()));
        let button = |number: &u16| Button::press(number.to_string(), Press::Episode(id, season, *number).data());
        let buttons: Vec<_> = numbers.iter().map(button).take(MOST_EPISODES).collect();
        let message = Outgoing::from(visitor.headed(&opened.title.name, heading));
        let message = buttons.chunks(IN_A_ROW).fold(message, |message, row| message.row(row.to_vec()));
        Ok(message.row([visitor.button(text("button-back"), Press::Title(Kind::Series, id))]))
    }

    /// An episode with its files.
    pub(super) async fn episode(
        &self,
        visitor: &Visitor,
        id: MetaId,
        season: u16,
        number: u16,
    ) -> Result<Outgoing, Failure> {
        let Some(opened) = self.seen_by(visitor).await?.title(Kind::Series, id).await? else {
            return Ok(visitor.tell(text("title-gone")));
        };
        let episode = opened.title.episodes.iter().find(|e| (e.season, e.number) == (season, number));
        let name = episode.map(|episode| episode.name.as_str()).unwrap_or_default();
        let heading = visitor.headed(&opened.title.name, format!("S{season:02}E{number:02} {name}"));
        let entries = self.seen_by(visitor).await?.streams(Kind::Series, id, Some((season, number))).await?;
        let message = self.with_files(visitor, heading.into(), &entries);
        Ok(message.row([visitor.button(text("button-back"), Press::Season(id, season))]))
    }

    /// A button for each file, that plays it under this person's own link.
    fn with_files(&self, visitor: &Visitor, message: Outgoing, entries: &[Entry]) -> Outgoing {
        if entries.is_empty() {
            let words = Formatted::new().then(&message.text).plain("\n\n").plain(&visitor.say(text("title-no-files")));
            return Outgoing { text: words, ..message };
        }
        let button = |entry: &Entry| {
            let path = self.people.play_path(&visitor.person, entry.id, &entry.name);
            Button::open(file_label(entry), self.addresses.play(&path).to_string())
        };
        message.column(entries.iter().take(MOST_FILES).map(button))
    }

    /// `@bot words`, anywhere. What is chosen is seen by others, so it holds no link of this person's: a button leads everybody to
    /// the bot, which shows each what they may see.
    pub(super) async fn on_query(&self, query: &InlineQuery, event: &PersonEvent, now: i64) {
        let answer = match self.visitor(&query.from, event, now).await {
            Ok(Ok(visitor)) => self.results(&visitor, &query.text).await.unwrap_or_default(),
            // Whoever may not in finds nothing, and a line that says where to ask.
            Ok(Err(_)) => InlineAnswer { is_personal: true, ..InlineAnswer::default() },
            Err(error) => {
                tracing::error!(%error, "Somebody's search could not be answered");
                return;
            }
        };
        if let Err(error) = self.messages.answer_inline(query.id, &answer).await {
            tracing::debug!(%error, "Nobody waits for what was found any more");
        }
    }

    async fn results(&self, visitor: &Visitor, words: &str) -> Result<InlineAnswer, Failure> {
        let words = words.trim();
        let titles = match words {
            "" => self.newest(visitor).await?,
            words => self.found(visitor, words, RESULTS).await?,
        };
        let bot = self.messages.username().unwrap_or_default();
        let result = |(id, title): &(MetaId, Title)| {
            let parameter = title_parameter(title.kind, *id);
            let open = format!("https://t.me/{bot}?start={parameter}");
            InlineResult {
                id: parameter,
                title: named(title),
                description: shortened(&title.plot, 120),
                picture: title.poster.clone(),
                message: about(title),
                keyboard: vec![vec![Button::open(visitor.say(text("button-watch")), open)]],
            }
        };
        let results = titles.iter().take(50).map(result).collect();
        Ok(InlineAnswer { results, cache: CACHED, is_personal: true, ..InlineAnswer::default() })
    }

    async fn newest(&self, visitor: &Visitor) -> Result<Vec<(MetaId, Title)>, Failure> {
        let query = Query { limit: RESULTS, ..Query::all(Kind::Movie, Order::Newest) };
        let titles = self.seen_by(visitor).await?.page(&query).await?;
        Ok(titles.into_iter().filter_map(|title| Some((title.meta_id()?, title))).collect())
    }
}

/// `Night of the Living Dead (1968)`
fn named(title: &Title) -> String {
    match title.year {
        Some(year) => format!("{} ({year})", title.name),
        None => title.name.clone(),
    }
}

fn about(title: &Title) -> Formatted {
    let rating = title.rating.map(|rating| format!("★ {}.{}", rating / 10, rating % 10));
    let line: Vec<_> = rating.into_iter().chain(title.genres.iter().take(3).cloned()).collect();
    let text = Formatted::new().bold(&named(title));
    let text = if line.is_empty() { text } else { text.plain("\n").plain(&line.join(" · ")) };
    if title.plot.is_empty() { text } else { text.plain("\n\n").plain(&shortened(&title.plot, PLOT)) }
}

fn shortened(words: &str, letters: usize) -> String {
    match words.char_indices().nth(letters) {
        Some((at, _)) => format!("{}…", words[..at].trim_end()),
        None => words.to_owned(),
    }
}

fn season_of(part: &SeriesPart) -> u16 {
    match part {
        SeriesPart::Episode { season, .. } | SeriesPart::Season { season } => *season,
    }
}

fn episode_in(part: &SeriesPart, wanted: u16) -> Option<u16> {
    match part {
        SeriesPart::Episode { season, number } if *season == wanted => Some(*number),
        _ => None,
    }
}

/// `▶ 1080p 3.22 GB`; a sample says that it is one.
fn file_label(entry: &Entry) -> String {
    let release = entry.described();
    let (extra, quality) = (release.extra.map(Extra::word), release.resolution.as_deref());
    let size = size(entry.file.len());
    let words: Vec<&str> = ["▶"].into_iter().chain(extra).chain(quality).chain([size.as_str()]).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use release_name::Release;

    use super::*;
    use crate::protocols::stremio::samples;

    #[test]
    fn a_files_button_says_what_it_plays() {
        let entry = samples::matched();
        let sample = Release { extra: Some(Extra::Sample), ..entry.release.clone() };
        let bare = Release { resolution: None, ..entry.release.clone() };
        for (release, wanted) in
            [(entry.release.clone(), "▶ 1080p 3.22 GB"), (sample, "▶ Sample 1080p 3.22 GB"), (bare, "▶ 3.22 GB")]
        {
            assert_eq!(file_label(&Entry { release, ..entry.clone() }), wanted);
        }
    }
}
