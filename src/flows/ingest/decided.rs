//! What a person decided comes before everything else: a choice of this very file, then a rule for all that read like it. Only the
//! title's details are asked for, and while no provider answers, what the store knows of it will do.

use super::Ingest;
use super::matching::{Decision, later};
use crate::adapters::metadata::Metadata;
use crate::domain::entry::{Entry, Reason, SeriesPart};
use crate::domain::matching::{How, Step, Suggestion};
use crate::domain::review::{Choice, ChosenTitle, Decided, Numbers, ReadsAs, Rule};
use crate::domain::series_parts::series_parts;
use crate::domain::title::{Kind, Title, TitleId};
use crate::flows::DatabaseError;

impl Ingest {
    /// What a person decided of this file. `None` when nobody did.
    pub(super) async fn by_choice(&self, entry: &Entry) -> Result<Option<Decision>, DatabaseError> {
        let Some(choice) = self.inner.store.choices().of(entry.id).await? else { return Ok(None) };
        let Choice { what: Decided::Title { title, numbers }, .. } = choice else {
            return Ok(Some(Decision::Ignored(entry.status.reason().cloned())));
        };
        let how = How { step: Step::Chosen, why: title.id.to_string() };
        self.chosen(entry, &title, &numbers, how).await.map(Some)
    }

    /// What a person decided of all files that read like this one. Of two rules that of its channel counts.
    pub(super) async fn by_rule(&self, entry: &Entry) -> Result<Option<Decision>, DatabaseError> {
        let Some(Rule { id, rule }) = self.rule_of(entry).await? else { return Ok(None) };
        let how = How { step: Step::Rule, why: format!("rule {id}, made for “{}”", rule.example.name) };
        self.chosen(entry, &rule.title, &Numbers::AsRead(rule.shift), how).await.map(Some)
    }

    async fn rule_of(&self, entry: &Entry) -> Result<Option<Rule>, DatabaseError> {
        let Some(reads_as) = ReadsAs::of(&entry.release) else { return Ok(None) };
        let mut rules = self.inner.store.choices().rules_for(&reads_as).await?;
        if rules.is_empty() {
            return Ok(None);
        }
        let sources = self.inner.store.entries().sources(entry.id).await?;
        let channel = sources.first().map(|source| source.at.chat);
        rules.retain(|rule| rule.rule.channel.is_none() || rule.rule.channel == channel);
        rules.sort_by_key(|rule| rule.rule.channel.is_none());
        Ok(rules.into_iter().next())
    }

    async fn chosen(
        &self,
        entry: &Entry,
        chosen: &ChosenTitle,
        numbers: &Numbers,
        how: How,
    ) -> Result<Decision, DatabaseError> {
        let (id, title) = match self.details(entry, chosen).await? {
            Ok(found) => found,
            Err(instead) => return Ok(instead),
        };
        let parts = parts(&self.inner.metadata, entry, &title, numbers).await;
        if title.kind == Kind::Series && parts.is_empty() {
            return Ok(Decision::Review(Reason::NoEpisode { title: Suggestion::from(&title) }));
        }
        Ok(Decision::Match { id, title: Box::new(title), parts, how })
    }

    /// What is known of a title that was chosen, or what becomes of the entry when nobody knows it.
    async fn details(
        &self,
        entry: &Entry,
        chosen: &ChosenTitle,
    ) -> Result<Result<(TitleId, Title), Decision>, DatabaseError> {
        let titles = self.inner.store.titles();
        let mut instead = Decision::Review(Reason::UnknownId { id: chosen.id.to_string() });
        match self.provider_down() {
            Some(down) => instead = later(entry, down),
            None => match self.inner.metadata.rated(chosen.kind, chosen.id).await {
                Ok(Some(title)) => return Ok(Ok((titles.record(&title).await?, title))),
                Ok(None) => {}
                Err(error) => instead = later(entry, self.leave_alone(&error)),
            },
        }
        Ok(titles.find(chosen.kind, chosen.id).await?.ok_or(instead))
    }
}

/// Which part of the title an entry is by what was decided. Empty for films, and where neither the person nor the name says it.
pub(super) async fn parts(metadata: &Metadata, entry: &Entry, title: &Title, numbers: &Numbers) -> Vec<SeriesPart> {
    match (title.kind, numbers) {
        (Kind::Movie, _) => Vec::new(),
        (Kind::Series, Numbers::Said(parts)) => parts.clone(),
        (Kind::Series, Numbers::AsRead(shift)) => {
            let release = shift.applied(entry.release.clone());
            match metadata.place(&release, title, None).await {
                Ok(placed) => placed.parts,
                // Other orders than the seasons are not known just now.
                Err(_) => series_parts(&release, title),
            }
        }
    }
}
