//! From a [`Draft`] to a [`Release`]: what its words mean together. Pure: nothing is looked for here that a pass did not find.

mod languages;
mod technical;

pub use languages::{Use, of_flags, uses};
pub use technical::{alone, counts, said};

use super::draft::{Draft, Span};
use super::passes::title;
use super::release::kind;
use super::words::{self, Class, Tag};
use super::{Extra, Release, ReleaseKind, alternatives};

/// The release that a line says.
pub fn finish(draft: &Draft<'_>) -> Release {
    let mut release = Release {
        container: draft.container.map(str::to_owned),
        part: draft.part,
        forced: draft.forced.is_some(),
        sdh: draft.sdh.is_some(),
        ..Release::default()
    };
    if draft.text.len() == 0 {
        draft.text.source.trim().clone_into(&mut release.title);
        return release;
    }
    titles(draft, &mut release);
    numbers(draft, &mut release);
    release.group = draft.group.map(|group| source(draft, group.span).trim().to_owned());
    release.site = draft.site.map(|site| source(draft, site).to_owned());
    technical::collect(draft, &mut release);
    if is_whole_series(draft, &release) {
        release.kind = ReleaseKind::Season;
    }
    release.kind = kind(&release);
    release.unknown = (draft.title.end..draft.text.len())
        .filter(|i| draft.is_unknown(*i))
        .map(|i| draft.text.raw(i).to_owned())
        .collect();
    release.readings = alternatives::of(draft, &release);
    release
}

/// What a line of technical words says.
pub fn technical(draft: &Draft<'_>) -> Release {
    let mut release = Release::default();
    technical::collect(draft, &mut release);
    release
}

fn source<'a>(draft: &Draft<'a>, span: Span) -> &'a str {
    let tokens = &draft.text.tokens;
    &draft.text.source[tokens[span.first].start..tokens[span.end - 1].end]
}

fn titles(draft: &Draft<'_>, release: &mut Release) {
    release.title = article_first(title::words(&draft.text, draft.best));
    let others = draft.others.iter().map(|other| title::words(&draft.text, *other));
    release.alternative_titles = others.filter(|title| !title.is_empty()).collect();
    let episode_title = draft.episode_title.map(|span| title::words(&draft.text, span));
    release.episode_title = episode_title.filter(|title| !title.is_empty());
    release.title_part = draft.title_part.map(|part| part.value);
}

fn numbers(draft: &Draft<'_>, release: &mut Release) {
    let numbering = &draft.numbering;
    release.year = draft.year;
    release.date = draft.date.map(|date| date.to_string());
    release.seasons.clone_from(&numbering.seasons);
    release.episodes.clone_from(&numbering.episodes);
    release.absolute.clone_from(&numbering.absolute);
    release.version = draft.said_version().map(|version| version.value);
    release.special = numbering.special.map(|special| special.value.to_uppercase());
    release.extra = numbering.special.and_then(|special| beside_series(special.value));
}

/// Openings and previews are no episodes at all.
fn beside_series(special: &str) -> Option<Extra> {
    let is = |class| words::is(special, class);
    is(Class::PreviewSpecial).then_some(Extra::Trailer).or(is(Class::BonusSpecial).then_some(Extra::Bonus))
}

/// `Tide, The` as people say it: `The Tide`.
fn article_first(title: String) -> String {
    match title.rsplit_once(", ") {
        Some((name, article)) if words::is(&article.to_lowercase(), Class::Article) && !name.contains(',') => {
            format!("{article} {name}")
        }
        _ => title,
    }
}

/// `COMPLETE` of a name without numbers: the whole series. A film is complete only on a disc, or with its year.
fn is_whole_series(draft: &Draft<'_>, release: &Release) -> bool {
    release.complete
        && draft.marks.live().filter(|m| m.tag == Tag::Complete).any(|m| {
            let begins = |class| {
                let said = |i| words::list(class).iter().any(|word| draft.text.low(i).starts_with(word));
                (m.first..=m.last).any(said)
            };
            begins(Class::WholeSeries) || release.year.is_none() && !begins(Class::Collection)
        })
}
