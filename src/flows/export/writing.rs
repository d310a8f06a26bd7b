//! One walk over the library: title by title, each with its files.

use std::collections::HashSet;

use super::files::{File, Holds, beside, key, link_and_nfo, origin};
use super::out::Out;
use super::{Error, Export, Report, Unread, blocking};
use crate::domain::catalog::{PAGE, Reach};
use crate::domain::entry::{Entry, EntryId};
use crate::domain::export::{Placed, episodes, films, folded, folder, show_folder};
use crate::domain::link::Link;
use crate::domain::person::Person;
use crate::domain::subtitles::Wanted;
use crate::domain::title::{Kind, Title, TitleId};
use crate::protocols::nfo;

/// When so many reads in a row fail, the others would too: they come next time.
const FAILURES_IN_A_ROW: u32 = 3;

/// Files of one title that are made at a time: a series of thousands of episodes is never in memory as a whole.
const TOGETHER: usize = 50;

pub(super) struct Writing<'a> {
    pub export: &'a Export,
    pub person: &'a Person,
    pub reach: Reach,
    /// Taken while files are written, on a thread of its own.
    pub out: Option<Out>,
    pub report: Report,
    /// Reads in a row that failed.
    pub failures: u32,
}

impl Writing<'_> {
    /// Everything, and then what is gone is removed.
    pub async fn all(mut self, progress: &(dyn Fn(u64) + Sync)) -> Result<Report, Error> {
        let doubled = self.doubled_names().await?;
        let mut after = None;
        loop {
            let page = self.page(after).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            for (id, title) in page {
                let name = folder(&title, doubled.contains(&name_key(&title)));
                match title.kind {
                    Kind::Movie => self.film(id, &title, &name).await?,
                    Kind::Series => self.series(id, &name).await?,
                }
                progress(self.report.films + self.report.series);
            }
        }
        let Self { out, report, .. } = self;
        let out = out.expect("it is put back after every use");
        let ended = blocking(move || out.finish()).await?;
        Ok(Report { kept: ended.kept, zip_bytes: ended.zip_bytes, ..report })
    }

    /// In the order of their numbers, which no post changes: nothing is met twice or missed while the library grows.
    async fn page(&self, after: Option<TitleId>) -> Result<Vec<(TitleId, Title)>, Error> {
        Ok(self.export.store.catalog().behind(after, PAGE, &self.reach).await?)
    }

    /// Names of folders that several titles would have: each of them gets its id besides. Known before the first is written, so that none
    /// is called by who came first.
    async fn doubled_names(&self) -> Result<HashSet<u64>, Error> {
        let (mut met, mut doubled, mut after) = (HashSet::new(), HashSet::new(), None);
        loop {
            let page = self.page(after).await?;
            let Some((last, _)) = page.last() else { return Ok(doubled) };
            after = Some(*last);
            let keys = page.iter().map(|(_, title)| name_key(title));
            doubled.extend(keys.filter(|key| !met.insert(*key)));
        }
    }

    async fn film(&mut self, id: TitleId, title: &Title, name: &str) -> Result<(), Error> {
        let entries = self.entries(id).await?;
        let placed = films(name, &entries);
        self.report.films += u64::from(!placed.is_empty());
        self.placed(id, title, &placed).await
    }

    async fn series(&mut self, id: TitleId, name: &str) -> Result<(), Error> {
        let Some(title) = self.export.store.titles().get(id).await? else { return Ok(()) };
        let entries = self.entries(id).await?;
        let (placed, without) = episodes(name, &title, &entries);
        self.report.without_place += without as u64;
        if placed.is_empty() {
            return Ok(());
        }
        self.report.series += 1;
        let about = File { path: format!("{}/tvshow.nfo", show_folder(name)), holds: Holds::Text(nfo::show(&title)) };
        self.put(vec![about]).await?;
        self.placed(id, &title, &placed).await
    }

    async fn entries(&self, id: TitleId) -> Result<Vec<Entry>, Error> {
        let mut entries = self.export.store.catalog().entries_in(id, None, &self.reach).await?;
        entries.sort_by_key(|entry| entry.id);
        Ok(entries)
    }

    async fn placed(&mut self, id: TitleId, title: &Title, placed: &[Placed<'_>]) -> Result<(), Error> {
        let all: Vec<EntryId> = placed.iter().map(|one| one.entry.id).collect();
        let mut of_film = None;
        for batch in placed.chunks(TOGETHER) {
            let mut files = Vec::with_capacity(2 * batch.len());
            for one in batch {
                let url = self.export.play_url(self.person, one.entry);
                files.extend(link_and_nfo(title, one, url.as_str()));
                let found = match (one.episodes.as_slice(), &mut of_film) {
                    ([], Some(found)) => Vec::clone(found),
                    ([], none) => none.insert(self.subtitles(id, None, &all).await?).clone(),
                    ([episode], _) => self.subtitles(id, Some(*episode), &[one.entry.id]).await?,
                    // Those of one episode are not in time with a file of several.
                    (_, _) => Vec::new(),
                };
                for (path, subtitles) in beside(one, &found) {
                    let shift_ms = self.export.store.subtitles().shift(subtitles.id).await?;
                    let origin = origin(subtitles, shift_ms);
                    files.push(File {
                        path,
                        holds: Holds::Lines { subtitles: subtitles.clone().into(), shift_ms, origin },
                    });
                }
            }
            self.report.links += batch.len() as u64;
            self.put(files).await?;
        }
        Ok(())
    }

    async fn subtitles(
        &self,
        title: TitleId,
        episode: Option<(u16, u16)>,
        beside: &[EntryId],
    ) -> Result<Vec<Entry>, Error> {
        let wanted = Wanted { title: Some(title), episode, beside: beside.to_vec() };
        Ok(self.export.store.subtitles().of(&wanted, &self.reach).await?)
    }

    async fn put(&mut self, files: Vec<File>) -> Result<(), Error> {
        // What is there need not be read.
        let to_read = self
            .with_out(move |out| {
                let mut to_read = Vec::new();
                for file in files {
                    match file.holds {
                        Holds::Text(text) => out.put(&file.path, 0, text.as_bytes())?,
                        Holds::Lines { origin, .. } if out.keep(&file.path, Some(origin))? => to_read.push(None),
                        Holds::Lines { subtitles, shift_ms, origin } => {
                            to_read.push(Some((file.path, subtitles, shift_ms, origin)));
                        }
                    }
                }
                Ok(to_read)
            })
            .await?;
        for one in to_read {
            let Some((path, subtitles, shift_ms, origin)) = one else {
                self.report.subtitles += 1;
                continue;
            };
            let read = match self.failures < FAILURES_IN_A_ROW {
                true => self.export.lines.read(self.export, self.person, &subtitles, shift_ms).await,
                false => Err(Unread(self.report.unread_why.clone())),
            };
            self.failures = if read.is_err() { self.failures + 1 } else { 0 };
            match read {
                Ok(Some(text)) => {
                    self.report.subtitles += 1;
                    self.with_out(move |out| out.put(&path, origin, text.as_bytes())).await?;
                }
                Ok(None) => {}
                Err(Unread(why)) => {
                    self.report.unread += 1;
                    self.report.unread_why = why;
                    // Those of before are better than none.
                    self.with_out(move |out| out.keep(&path, None)).await?;
                }
            }
        }
        Ok(())
    }

    async fn with_out<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Out) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let mut out = self.out.take().expect("it is put back after every use");
        let (out, done) = blocking(move || {
            let done = work(&mut out);
            Ok::<_, Error>((out, done))
        })
        .await?;
        self.out = Some(out);
        done
    }
}

impl Export {
    /// Where a person plays a file: the same address every time.
    pub(super) fn play_url(&self, person: &Person, entry: &Entry) -> crate::protocols::stremio::AbsoluteUrl {
        let link = Link { entry: entry.id, person: person.id, version: person.access_version, expires: None };
        self.addresses.play(&link.path(&self.link, &entry.name))
    }

    /// The path under which the program writes subtitles anew for a person.
    pub fn subtitles_path(&self, person: &Person, subtitles: &Entry) -> String {
        let link = Link { entry: subtitles.id, person: person.id, version: person.access_version, expires: None };
        let ending = super::files::name_ending(subtitles);
        link.subtitles_path(&self.link, &format!("lines.{ending}"))
    }
}

fn name_key(title: &Title) -> u64 {
    key((title.kind, folded(&folder(title, false))))
}
