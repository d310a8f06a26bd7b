//! Playlists: all films, what is here of a series, a list made by hand. They are written while they are sent, so that any library goes through.

use std::collections::VecDeque;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use futures_util::{Stream, stream};
use tracing::warn;

use super::Export;
use crate::adapters::store;
use crate::domain::catalog::{Order, PAGE, Query, Reach};
use crate::domain::discs::best_first;
use crate::domain::entry::{Entry, SeriesPart, Status};
use crate::domain::list::Listed;
use crate::domain::person::Person;
use crate::domain::title::{Kind, Title, TitleId};
use crate::flows::DatabaseError;
use crate::protocols::m3u::{Item, Playlist, head};

/// A playlist, piece by piece. It ends early when the database fails.
pub type Items = BoxStream<'static, Result<Bytes, DatabaseError>>;

impl Export {
    /// A playlist as somebody sees it. `None` when there is none of that kind for them.
    pub async fn playlist(&self, what: Playlist, person: &Person) -> Result<Option<Items>, DatabaseError> {
        let reach = self.store.reach_of(person).await?;
        let maker = Maker { export: self.clone(), person: person.clone(), reach };
        Ok(match what {
            Playlist::Films => Some(whole("Films", maker.films())),
            Playlist::Series(id) => match self.store.titles().find(Kind::Series, id).await? {
                Some((id, title)) => {
                    let items = maker.series(id, &title).await?;
                    (!items.is_empty()).then(|| whole(&title.name, stream::iter([Ok(items)])))
                }
                None => None,
            },
            Playlist::List(id) => {
                let list = self.store.lists().get(id).await?.filter(|list| list.is_for(person));
                list.map(|list| whole(&list.name.clone(), maker.listed(list.name, list.titles)))
            }
        })
    }
}

fn whole(name: &str, items: impl Stream<Item = Result<String, store::Error>> + Send + 'static) -> Items {
    let head = Ok(Bytes::from(head(name)));
    let items = items.inspect_err(|error| warn!(%error, "A playlist was cut off"));
    stream::iter([head]).chain(items.map_ok(Bytes::from).map_err(DatabaseError::from)).boxed()
}

/// Makes items for one person.
struct Maker {
    export: Export,
    person: Person,
    reach: Reach,
}

impl Maker {
    /// The newest first, a page at a time.
    fn films(self) -> impl Stream<Item = Result<String, store::Error>> + Send {
        stream::try_unfold((self, Some(0)), |(maker, skip)| async move {
            let Some(skip) = skip else { return Ok(None) };
            let query = Query { skip, viewer: maker.person.id.0, ..Query::all(Kind::Movie, Order::Newest) };
            let page = maker.export.store.catalog().page_in(&query, &maker.reach).await?;
            let next = (page.len() == PAGE as usize).then_some(skip + PAGE);
            let listed: Vec<Listed> = page.iter().filter_map(listed).collect();
            let here = maker.export.store.catalog().here(&listed, &maker.reach).await?;
            let mut items = String::new();
            for title in &page {
                if let Some(id) = self::listed(title).and_then(|listed| here.get(&listed)) {
                    items.push_str(&maker.film(*id, title, "Films").await?);
                }
            }
            Ok(Some((items, (maker, next))))
        })
    }

    /// The titles of a list in its order, of a series all that is here.
    fn listed(self, name: String, titles: Vec<Listed>) -> impl Stream<Item = Result<String, store::Error>> + Send {
        stream::try_unfold((self, name, VecDeque::from(titles)), |(maker, name, mut titles)| async move {
            let Some(listed) = titles.pop_front() else { return Ok(None) };
            let items = match maker.export.store.titles().find(listed.kind, listed.id).await? {
                Some((id, title)) => match title.kind {
                    Kind::Movie => maker.film(id, &title, &name).await?,
                    Kind::Series => maker.series(id, &title).await?,
                },
                None => String::new(),
            };
            Ok(Some((items, (maker, name, titles))))
        })
    }

    async fn film(&self, id: TitleId, title: &Title, group: &str) -> Result<String, store::Error> {
        let entries = self.export.store.catalog().entries_in(id, None, &self.reach).await?;
        let year = title.year.map(|year| format!(" ({year})")).unwrap_or_default();
        let name = format!("{}{year}", title.name);
        let best = best_of(entries);
        Ok(best.iter().map(|entry| self.item(title, &name, group, entry).to_string()).collect())
    }

    async fn series(&self, id: TitleId, title: &Title) -> Result<String, store::Error> {
        let entries = self.export.store.catalog().entries_in(id, None, &self.reach).await?;
        let entries: Vec<Entry> =
            best_first(entries).into_iter().filter(|entry| entry.release.extra.is_none()).collect();
        let mut parts: Vec<SeriesPart> = entries.iter().flat_map(parts_of).copied().collect();
        parts.sort_unstable_by_key(|part| match *part {
            SeriesPart::Season { season } => (season, 0),
            SeriesPart::Episode { season, number } => (season, number),
        });
        parts.dedup();
        let mut items = String::new();
        for part in parts {
            let Some(best) = entries.iter().find(|entry| parts_of(entry).contains(&part)) else { continue };
            items.push_str(&self.item(title, &part_name(title, part), &title.name, best).to_string());
        }
        Ok(items)
    }

    fn item<'a>(&self, title: &'a Title, name: &str, group: &'a str, entry: &Entry) -> Item<'a> {
        let disc = entry.release.disc.map(|disc| format!(" CD{disc}")).unwrap_or_default();
        Item {
            name: format!("{name}{disc}"),
            secs: entry.runtime_secs(),
            id: title.meta_id(),
            logo: title.poster.as_deref(),
            group,
            url: self.export.play_url(&self.person, entry),
        }
    }
}

fn listed(title: &Title) -> Option<Listed> {
    title.meta_id().map(|id| Listed { kind: title.kind, id })
}

/// The best file of a film; of one that was cut for several discs, all of them.
fn best_of(entries: Vec<Entry>) -> Vec<Entry> {
    let mut best: Vec<Entry> = Vec::new();
    for entry in best_first(entries).into_iter().filter(|entry| entry.release.extra.is_none()) {
        match best.last().map(|last| last.release.disc) {
            None => best.push(entry),
            Some(Some(last)) if entry.release.disc == Some(last + 1) => best.push(entry),
            Some(_) => break,
        }
    }
    best
}

fn parts_of(entry: &Entry) -> &[SeriesPart] {
    match &entry.status {
        Status::Matched { parts, .. } => parts,
        _ => &[],
    }
}

/// `A Series S01E02 Pilot`, `A Series S01`.
fn part_name(title: &Title, part: SeriesPart) -> String {
    match part {
        SeriesPart::Season { season } => format!("{} S{season:02}", title.name),
        SeriesPart::Episode { season, number } => {
            let known = title.episodes.iter().find(|one| (one.season, one.number) == (season, number));
            let name = known.map(|episode| episode.name.trim()).unwrap_or_default();
            format!("{} S{season:02}E{number:02} {name}", title.name).trim_end().to_owned()
        }
    }
}
