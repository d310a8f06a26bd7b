//! Several titles fit alike: the running time tells them apart, else how well known they are, else a person.

use super::running_time::RunningTime;
use super::{NameFit, Scored, Step, YearFit};
use crate::domain::title::Title;

/// How many times as many votes as its rivals the winner has to have.
const CLEARLY: u64 = 9;
const CLEARLY_WITHOUT_YEAR: u64 = 25;
/// The same of rivals that run equally long: whoever uploads what has an unknown namesake of its very length is not counted on.
const CLEARLY_OF_ONE_LENGTH: u64 = 400;
/// How near a title has to be that a running time chooses, and how far the next: providers round to minutes, and a minute of credits is
/// cut. What agrees to the half minute needs less between it and the next.
const CLEARLY_NEARER: [Nearer; 2] =
    [Nearer { near_secs: 180, than_next_secs: 120 }, Nearer { near_secs: 30, than_next_secs: 75 }];

#[derive(Clone, Copy)]
struct Nearer {
    near_secs: u32,
    than_next_secs: u32,
}

impl Nearer {
    fn holds(self, nearest_secs: u32, next_secs: u32) -> bool {
        nearest_secs <= self.near_secs && next_secs - nearest_secs >= self.than_next_secs
    }
}

/// A title that fits, with what is known of it beside its name.
#[derive(Clone, Debug)]
pub struct Rival<'c> {
    pub scored: Scored<'c>,
    pub runtime_mins: Option<u16>,
    pub votes: u64,
}

impl<'c> Rival<'c> {
    /// `title`: its details, where they were asked for.
    pub fn new(scored: Scored<'c>, title: Option<&Title>) -> Self {
        let candidate = scored.candidate;
        let votes = match title {
            Some(title) if candidate.votes.is_none() => votes_of_popularity(title.popularity),
            _ => candidate.votes.map_or_else(|| votes_of_popularity(candidate.popularity), u64::from),
        };
        Self { scored, runtime_mins: title.and_then(|t| t.runtime_mins).or(candidate.runtime_mins), votes }
    }

    fn is_close(&self, time: RunningTime) -> bool {
        self.runtime_mins.is_some_and(|mins| time.is_close(mins))
    }

    fn is_off(&self, time: RunningTime) -> bool {
        self.runtime_mins.is_some_and(|mins| time.is_off(mins))
    }
}

/// Popularity grows with the root of the votes.
fn votes_of_popularity(thousandths: u64) -> u64 {
    (thousandths / 1000).saturating_pow(2)
}

/// What came of comparing rivals. They are there in any case, best known first.
#[derive(Clone, Debug)]
pub enum Settled<'c> {
    Chosen { chosen: Scored<'c>, step: Step },
    Open(Vec<Rival<'c>>),
}

/// Whether nothing could speak against this one: alone in the field, its name, and its very year.
pub fn is_certain(field: &[Scored<'_>]) -> bool {
    match field {
        [one] => one.year == YearFit::Exact && one.name >= NameFit::Article,
        _ => false,
    }
}

/// Chooses among those that fit. `time`: the document's, if it counts for anything.
pub fn settle(mut rivals: Vec<Rival<'_>>, time: Option<RunningTime>) -> Settled<'_> {
    rivals.sort_by_key(|rival| std::cmp::Reverse(rival.votes));
    if let [one] = rivals.as_slice() {
        let is_certain = is_certain(std::slice::from_ref(&one.scored));
        let is_another = !is_certain && time.is_some_and(|time| one.is_off(time));
        return match is_another {
            true => Settled::Open(rivals),
            false => chosen(&rivals[0], Step::of(rivals[0].scored.name)),
        };
    }
    if let Some(time) = time {
        return by_running_time(rivals, time);
    }
    let has_year = rivals.first().is_some_and(|best| matches!(best.scored.year, YearFit::Exact | YearFit::OneOff));
    match best_known(&rivals, if has_year { CLEARLY } else { CLEARLY_WITHOUT_YEAR }) {
        Some(best) => chosen(best, Step::Votes),
        None => Settled::Open(rivals),
    }
}

fn chosen<'c>(rival: &Rival<'c>, step: Step) -> Settled<'c> {
    Settled::Chosen { chosen: rival.scored.clone(), step }
}

fn by_running_time(rivals: Vec<Rival<'_>>, time: RunningTime) -> Settled<'_> {
    // At its own speed first: four minutes of a hundred are what another speed makes, and what another film may have.
    let chosen_by = [RunningTime::plain_distance_secs, RunningTime::distance_secs]
        .into_iter()
        .find_map(|distance| nearest(&rivals, |mins| distance(time, mins)));
    if let Some(best) = chosen_by {
        return chosen(best, Step::RunningTime);
    }
    // Those that it cannot tell apart. When it fits none, being well known does not help.
    let possible: Vec<Rival<'_>> =
        rivals.iter().filter(|rival| rival.runtime_mins.is_none() || rival.is_close(time)).cloned().collect();
    match best_known(&possible, CLEARLY_OF_ONE_LENGTH) {
        Some(best) if best.is_close(time) => chosen(best, Step::Votes),
        _ => Settled::Open(rivals),
    }
}

/// The one that is near, and clearly nearer than the next. `None` too where a running time is not known.
fn nearest<'r, 'c>(rivals: &'r [Rival<'c>], distance: impl Fn(u16) -> u32) -> Option<&'r Rival<'c>> {
    let known = rivals.iter().map(|rival| Some((distance(rival.runtime_mins?), rival)));
    let mut known = known.collect::<Option<Vec<(u32, &Rival<'_>)>>>()?;
    known.sort_by_key(|(distance, _)| *distance);
    match known[..] {
        [(nearest, best), (next, _), ..] => {
            CLEARLY_NEARER.iter().any(|nearer| nearer.holds(nearest, next)).then_some(best)
        }
        _ => None,
    }
}

/// By far the best known, of those that are in their order. A slip of the finger has to be the only one.
fn best_known<'r, 'c>(rivals: &'r [Rival<'c>], clearly: u64) -> Option<&'r Rival<'c>> {
    let (first, others) = rivals.split_first()?;
    let next = others.first().map_or(0, |second| second.votes);
    let is_clear = first.votes > 0 && first.votes >= next.saturating_mul(clearly);
    (is_clear && first.scored.name != NameFit::Typo).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_agrees_to_the_half_minute_needs_less_between_it_and_the_next() {
        let is_chosen = |nearest, next| CLEARLY_NEARER.iter().any(|nearer| nearer.holds(nearest, next));
        for (nearest, next, wanted) in [
            (0, 120, true),
            (180, 300, true),
            (181, 400, false),
            (20, 100, true),
            (30, 105, true),
            (30, 104, false),
            (31, 150, false),
            // Films a minute apart: the file's own cut weighs more.
            (0, 60, false),
        ] {
            assert_eq!(is_chosen(nearest, next), wanted, "{nearest} {next}");
        }
    }
}
