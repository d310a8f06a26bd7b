//! GET `/status`: what `/metrics` says and more, as JSON for people.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::report;
use crate::domain::job::{self, Job};
use crate::flows::channels::{ChannelStatus, Readability};
use crate::flows::health::{self, Finding};
use crate::flows::instances::Seen;
use crate::flows::jobs::{Overview, Scheduled};
use crate::flows::playback::Watching;
use crate::flows::titles;
use crate::flows::unix_now;
use crate::web::auth::Operator;
use crate::web::timeout::in_time;
use crate::web::{Error, State};

pub async fn show(state: web::Data<State>, _: Operator) -> Result<HttpResponse, Error> {
    let report = report(&state).await;
    let waiting = report.waiting_for();
    let counts = in_time(state.library.counts()).await?;
    let unprobed = in_time(state.library.unprobed()).await?;
    let channels: Vec<_> = in_time(state.channels.list()).await?.iter().map(channel).collect();
    let now = unix_now();
    let jobs = jobs(&in_time(state.jobs.overview(now)).await?, now);
    let progress = state.ingest.progress();
    let bots: Vec<_> = state.health.bots().iter().map(bot).collect();
    let month: BTreeMap<_, _> = in_time(state.limits.records().spent_by_all(unix_now())).await?.into_iter().collect();
    let this_month = |person| month.get(&person).copied().unwrap_or_default().month.bytes;
    let stream = |watching: &Watching| stream(watching, &bots, this_month(watching.person));
    let streams: Vec<_> = state.playback.watching().iter().map(stream).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "uptime_secs": state.runtime.started.elapsed().as_secs(),
        "ready": waiting.is_empty(),
        "waiting_for": waiting,
        "instance": instance(&state.instances.seen()),
        "troubles": report.troubles.iter().map(|trouble| &trouble.says).collect::<Vec<_>>(),
        "library": {
            "movies": counts.movies,
            "series": counts.series,
            "files": counts.files,
            "pending": counts.pending,
            "review": counts.review,
            "unprobed": unprobed,
        },
        "matching": progress.matching,
        "waiting_for_provider": progress.waiting_for_provider,
        "title_index": title_index(&state.titles.state()),
        "anime_list": anime_list(&state.library.anime_list()),
        "other_sites": progress.sites.iter().map(|(name, seen)| site(name, seen.as_ref())).collect::<Vec<_>>(),
        "channels": channels,
        "streams": streams,
        "bots": bots,
        "jobs": jobs,
    })))
}

/// Which one this is, and who watches the channels: null while nobody does or the database does not say.
fn instance(seen: &Seen) -> Value {
    let watcher = seen
        .watcher
        .as_ref()
        .map(|lease| json!({ "id": lease.instance.id, "name": lease.instance.name, "since": lease.since }));
    json!({ "id": seen.this.id, "name": seen.this.name, "watches": seen.watches, "watcher": watcher })
}

/// Null where no list was chosen for one.
fn title_index(index: &titles::State) -> Value {
    match index {
        titles::State::Off => Value::Null,
        titles::State::Missing => json!({ "ready": false, "says": "not fetched yet" }),
        titles::State::Refused(why) => json!({ "ready": false, "says": why }),
        titles::State::Ready(holds) => json!({
            "ready": true,
            "titles": holds.titles,
            "names": holds.keys,
            "bytes": holds.bytes,
            "built": holds.built,
        }),
    }
}

/// Null where the owner wants none.
fn anime_list(list: &titles::anime::State) -> Value {
    match list {
        titles::anime::State::Off => Value::Null,
        titles::anime::State::Missing => json!({ "ready": false, "says": "not fetched yet" }),
        titles::anime::State::Ready { titles, fetched } => {
            json!({ "ready": true, "titles": titles, "fetched": fetched })
        }
    }
}

/// Null where it was not asked yet.
fn site(name: &str, seen: Option<&Result<(), impl ToString>>) -> Value {
    let says = seen.and_then(|seen| seen.as_ref().err()).map(ToString::to_string);
    json!({ "name": name, "well": seen.map(Result::is_ok), "says": says })
}

fn bot(bot: &Finding) -> Value {
    json!({ "name": bot.what, "well": bot.state != health::State::Bad, "says": bot.says })
}

/// `bots`: all of them, in the order in which a stream numbers them.
fn stream(stream: &Watching, bots: &[Value], month_bytes: u64) -> Value {
    json!({
        "entry": stream.entry,
        "name": stream.name,
        "person": stream.person,
        "person_month_bytes": month_bytes,
        "secs": stream.since.elapsed().unwrap_or_default().as_secs(),
        "sent_bytes": stream.sent_bytes,
        "bytes_per_second": stream.bytes_per_second,
        "bots": stream.bots.iter().filter_map(|bot| bots.get(*bot)).map(|bot| &bot["name"]).collect::<Vec<_>>(),
    })
}

fn jobs(overview: &Overview, now: i64) -> Value {
    let scheduled = |kind: &Scheduled| {
        json!({
            "kind": kind.about.name,
            "does": kind.about.does,
            "last": kind.last.as_ref().map(|last| job(last, now)),
            "next": kind.next,
        })
    };
    json!({
        "scheduled": overview.scheduled.iter().map(scheduled).collect::<Vec<_>>(),
        "unfinished": overview.unfinished.iter().map(|one| job(one, now)).collect::<Vec<_>>(),
        "ended": overview.ended.iter().map(|one| job(one, now)).collect::<Vec<_>>(),
    })
}

/// Times in unix seconds. Rate and remaining time are null while they are not known.
fn job(job: &Job, now: i64) -> Value {
    let secs = job.secs(now);
    json!({
        "id": job.id.0,
        "kind": job.kind,
        "person": job.person,
        "state": job.state.word(),
        "says": job.says,
        "done": job.progress.done,
        "of": job.progress.of,
        "unit": job.progress.unit,
        "per_second": job.progress.rate(secs),
        "remaining_secs": job.progress.remaining_secs(secs).filter(|_| job.state == job::State::Running),
        "tries": job.tries,
        "created": job.created,
        "began": job.began,
        "ended": job.ended,
        "due": job.state.is_waiting().then_some(job.due),
    })
}

fn channel(status: &ChannelStatus) -> Value {
    let channel = &status.channel;
    // Null while it is not known.
    let (readable, says) = match &status.readability {
        Readability::Readable => (Some(true), None),
        Readability::PartlyReadable(says) => (Some(true), Some(says)),
        Readability::Unreadable(says) => (Some(false), Some(says)),
        Readability::Unknown | Readability::Removed => (None, None),
    };
    json!({
        "id": channel.chat.get(),
        "title": channel.title,
        "active": channel.active,
        "readable": readable,
        "says": says,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::titles::{Holds, Titles};

    #[test]
    fn a_list_of_anime_is_ready_or_says_why_not() {
        use titles::anime::State;
        for (state, wanted) in [
            (State::Off, Value::Null),
            (State::Missing, json!({ "ready": false, "says": "not fetched yet" })),
            (State::Ready { titles: 12, fetched: 7 }, json!({ "ready": true, "titles": 12, "fetched": 7 })),
        ] {
            assert_eq!(anime_list(&state), wanted);
        }
    }

    #[test]
    fn a_site_is_as_it_was_last_seen() {
        let says = |seen: Option<Result<(), &str>>| site("Kitsu", seen.as_ref());
        assert_eq!(says(None), json!({ "name": "Kitsu", "well": null, "says": null }));
        assert_eq!(says(Some(Ok(()))), json!({ "name": "Kitsu", "well": true, "says": null }));
        assert_eq!(says(Some(Err("away"))), json!({ "name": "Kitsu", "well": false, "says": "away" }));
    }

    #[test]
    fn a_title_index_is_ready_or_says_why_not() {
        let holds = Holds { titles: 12, keys: 30, bytes: 2048, built: 7, sources: Titles::none().sources() };
        let ready = json!({ "ready": true, "titles": 12, "names": 30, "bytes": 2048, "built": 7 });
        for (state, wanted) in [
            (titles::State::Off, Value::Null),
            (titles::State::Missing, json!({ "ready": false, "says": "not fetched yet" })),
            (titles::State::Refused("damaged".to_owned()), json!({ "ready": false, "says": "damaged" })),
            (titles::State::Ready(holds), ready),
        ] {
            assert_eq!(title_index(&state), wanted);
        }
    }
}
