//! Jobs. Without transactions the limits hold by slots: whoever begins a job takes a numbered place of its kind (`thumbnails/0`), and of
//! its person if it has one (`thumbnails/5/0`). Unique indexes see to it that no two running jobs have one slot, and the one command
//! that begins a job takes both.
//!
//! | field | is there |
//! | --- | --- |
//! | `waiting` | while it may be begun |
//! | `live_key` | while no second job with its key may be queued |
//! | `kind_slot`, `person_slot`, `holder`, `lease_ends` | while it runs |

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};
use mongodb::options::{IndexOptions, ReturnDocument};

use super::{Mongo, TRIES, contended, index, index_with, is_duplicate, number};
use crate::adapters::store::Error;
use crate::adapters::store::jobs::{Ended, Held, JobsBackend, LEASE_ENDED};
use crate::domain::job::{Added, Claim, Ending, Event, Job, JobId, Lease, NewJob, Priority, Progress, State, state};
use crate::domain::person::PersonId;

const RUNNING: i32 = State::Running as i32;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let unique = |field: &str| {
        let options =
            IndexOptions::builder().unique(true).partial_filter_expression(doc! { field: { "$exists": true } });
        index_with("jobs", field, doc! { field: 1 }, options.build())
    };
    vec![
        unique("live_key"),
        unique("period"),
        unique("kind_slot"),
        unique("person_slot"),
        // claim
        index("jobs", "waiting", doc! { "waiting": 1, "kind": 1, "priority": -1, "due": 1, "_id": 1 }),
        // unfinished
        index("jobs", "first", doc! { "waiting": 1, "priority": -1, "due": 1, "_id": 1 }),
        index("jobs", "state", doc! { "state": 1, "_id": 1 }),
        // ended, count_ended, prune
        index("jobs", "ended", doc! { "ended": -1, "_id": -1 }),
        index("jobs", "latest", doc! { "kind": 1, "ended": -1, "_id": -1 }),
        index("jobs", "stranded", doc! { "waiting": 1, "place": 1, "due": 1 }),
    ]
}

impl JobsBackend for Mongo {
    async fn add(&self, job: &NewJob, now: i64) -> Result<Added, Error> {
        for _ in 0..TRIES {
            let counter = doc! { "$inc": { "next": 1_i64 } };
            let id = self.counters.find_one_and_update(doc! { "_id": "jobs" }, counter).upsert(true);
            let id = id.return_document(ReturnDocument::After).await?;
            let id = number(&id.unwrap_or_default(), "next")?;
            match self.jobs.insert_one(new_record(id, job, now)).await {
                Err(error) if is_duplicate(&error) => {}
                result => return result.map(|_| Added::New(JobId(id))).map_err(Into::into),
            }
            for (field, value) in [("live_key", &job.key), ("period", &job.period)] {
                let Some(value) = value else { continue };
                if let Some(known) = self.jobs.find_one(doc! { field: value }).await? {
                    return Ok(Added::Known(JobId(number(&known, "_id")?)));
                }
            }
            // The one in the way ended in this moment.
        }
        Err(contended())
    }

    async fn claim(&self, claim: &Claim<'_>) -> Result<Option<Job>, Error> {
        for _ in 0..TRIES {
            let running = self.running_now(claim).await?;
            let Some(filter) = waiting_for(claim, &running) else { return Ok(None) };
            let order = doc! { "priority": -1, "due": 1, "_id": 1 };
            let Some(first) = self.jobs.find_one(filter).sort(order).await? else { return Ok(None) };
            let Some(slots) = slots(claim, &first, &running)? else { continue };
            let mut set = doc! {
                "state": RUNNING,
                "holder": claim.holder,
                "lease_ends": claim.ends,
                "began": claim.now,
                "done_before": number(&first, "done")?,
            };
            set.extend(slots);
            let change = doc! { "$set": set, "$unset": { "waiting": "" }, "$inc": { "claim": 1_i64, "tries": 1_i64 } };
            let same = doc! { "_id": first.get("_id"), "claim": number(&first, "claim")?, "waiting": true };
            match self.jobs.find_one_and_update(same, change).return_document(ReturnDocument::After).await {
                Ok(Some(claimed)) => return read(&claimed).map(Some),
                // Another one got it, or its slot.
                Ok(None) => {}
                Err(error) if is_duplicate(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // All of them went to others, who are at work.
        Ok(None)
    }

    async fn beat(&self, ends: i64, running: &[(JobId, i64, Progress)]) -> Result<Vec<Held>, Error> {
        let mut held = Vec::with_capacity(running.len());
        for (id, claim, progress) in running {
            let mut set = progress_fields(progress);
            set.insert("lease_ends", ends);
            let mine = self.jobs.find_one_and_update(mine(*id, *claim), doc! { "$set": set }).await?;
            held.push(match mine {
                Some(record) if record.get_bool("cancel_wanted").unwrap_or_default() => Held::CancelWanted,
                Some(_) => Held::Yes,
                None => Held::No,
            });
        }
        Ok(held)
    }

    async fn save(&self, id: JobId, claim: i64, checkpoint: &str, is_further: bool) -> Result<bool, Error> {
        let mut set = doc! { "checkpoint": checkpoint };
        if is_further {
            set.insert("tries", 1_i64);
        }
        Ok(self.jobs.update_one(mine(id, claim), doc! { "$set": set }).await?.matched_count == 1)
    }

    async fn end(&self, id: JobId, claim: i64, ending: &Ending) -> Result<bool, Error> {
        let mut set = progress_fields(&ending.progress);
        set.extend(doc! { "due": ending.due, "tries": i64::from(ending.tries) });
        let change = stopped(ending.state, &ending.says, ending.now, set);
        Ok(self.jobs.update_one(mine(id, claim), change).await?.matched_count == 1)
    }

    async fn cancel(&self, id: JobId, now: i64) -> Result<Option<State>, Error> {
        for _ in 0..TRIES {
            let Some(record) = self.jobs.find_one(doc! { "_id": id.0 }).await? else { return Ok(None) };
            let was = state_of(&record)?;
            let change = match state::next(was, Event::CancelWanted, true) {
                None => return Ok(Some(was)),
                Some(State::Running) => doc! { "$set": { "cancel_wanted": true } },
                Some(next) => {
                    let says = record.get_str("says").unwrap_or_default();
                    stopped(next, says, now, doc! { "cancel_wanted": true })
                }
            };
            if self.jobs.update_one(as_it_was(&record), change).await?.matched_count == 1 {
                return Ok(Some(was));
            }
        }
        Err(contended())
    }

    async fn retry(&self, id: JobId, now: i64) -> Result<Option<(State, bool)>, Error> {
        for _ in 0..TRIES {
            let Some(record) = self.jobs.find_one(doc! { "_id": id.0 }).await? else { return Ok(None) };
            let was = state_of(&record)?;
            let Some(next) = state::next(was, Event::RetryWanted, true) else { return Ok(Some((was, true))) };
            let mut set = doc! {
                "state": next as i32, "waiting": true, "due": now, "tries": 0_i64, "cancel_wanted": false, "says": "",
            };
            if let Some(key) = record.get("key") {
                set.insert("live_key", key);
            }
            let change = doc! { "$set": set, "$unset": { "ended": "" } };
            match self.jobs.update_one(as_it_was(&record), change).await {
                Ok(result) if result.matched_count == 1 => return Ok(Some((was, true))),
                Ok(_) => {}
                Err(error) if is_duplicate(&error) => return Ok(Some((was, false))),
                Err(error) => return Err(error.into()),
            }
        }
        Err(contended())
    }

    async fn get(&self, id: JobId) -> Result<Option<Job>, Error> {
        self.jobs.find_one(doc! { "_id": id.0 }).await?.as_ref().map(read).transpose()
    }

    async fn unfinished(&self, limit: u32) -> Result<Vec<Job>, Error> {
        let running = self.jobs.find(doc! { "state": RUNNING }).sort(doc! { "_id": 1 }).limit(limit.into());
        let mut records: Vec<Document> = running.await?.try_collect().await?;
        let rest = i64::from(limit) - records.len() as i64;
        // A limit of 0 would be none.
        if rest > 0 {
            let order = doc! { "priority": -1, "due": 1, "_id": 1 };
            let waiting = self.jobs.find(doc! { "waiting": true }).sort(order).limit(rest).await?;
            records.extend(waiting.try_collect::<Vec<_>>().await?);
        }
        records.iter().map(read).collect()
    }

    async fn ended(&self, limit: u32) -> Result<Vec<Job>, Error> {
        let ended = self.jobs.find(doc! { "ended": { "$gt": i64::MIN } }).sort(doc! { "ended": -1, "_id": -1 });
        let records: Vec<Document> = ended.limit(limit.into()).await?.try_collect().await?;
        records.iter().map(read).collect()
    }

    async fn latest(&self, kind: &str) -> Result<Option<Job>, Error> {
        let of_kind = doc! { "kind": kind, "ended": { "$gt": i64::MIN } };
        let latest = self.jobs.find_one(of_kind).sort(doc! { "ended": -1, "_id": -1 }).await?;
        latest.as_ref().map(read).transpose()
    }

    async fn count_ended(&self, from: i64, until: i64) -> Result<Ended, Error> {
        let count = async |state: State| {
            let ended = doc! { "ended": { "$gte": from, "$lt": until }, "state": state as i32 };
            Ok::<u64, Error>(self.jobs.count_documents(ended).await?)
        };
        Ok(Ended { done: count(State::Done).await?, failed: count(State::Failed).await? })
    }

    async fn prune(&self, before: i64) -> Result<u64, Error> {
        let ended = self.jobs.delete_many(doc! { "ended": { "$lt": before } }).await?.deleted_count;
        let stranded = doc! { "waiting": true, "place": { "$exists": true }, "due": { "$lt": before } };
        Ok(ended + self.jobs.delete_many(stranded).await?.deleted_count)
    }
}

impl Mongo {
    /// What runs, after jobs were taken back that dead instances left.
    async fn running_now(&self, claim: &Claim<'_>) -> Result<Vec<Document>, Error> {
        let now = claim.now;
        let all: Vec<Document> = self.jobs.find(doc! { "state": RUNNING }).await?.try_collect().await?;
        let mut running = Vec::with_capacity(all.len());
        for record in all {
            let ends = number(&record, "lease_ends")?;
            let holder = record.get_str("holder").map_err(Error::broken)?.to_owned();
            if !claim.finds_dead(&Lease { holder, ends }) {
                running.push(record);
                continue;
            }
            let is_cancel_wanted = record.get_bool("cancel_wanted").unwrap_or_default();
            let event = if is_cancel_wanted { Event::GaveUp } else { Event::Lost };
            let has_tries = number(&record, "tries")? < number(&record, "most_tries")?;
            let next = state::next(State::Running, event, has_tries).unwrap_or(State::Failed);
            let mut same = as_it_was(&record);
            same.insert("lease_ends", ends);
            self.jobs.update_one(same, stopped(next, LEASE_ENDED, now, doc! { "due": now })).await?;
        }
        Ok(running)
    }
}

/// The waiting jobs of kinds and people that are below their limits. `None` when no kind is.
fn waiting_for(claim: &Claim<'_>, running: &[Document]) -> Option<Document> {
    let (mut open, mut busy) = (Vec::new(), Vec::new());
    for kind in claim.kinds {
        let of_kind: Vec<_> = running.iter().filter(|job| job.get_str("kind") == Ok(kind.name)).collect();
        if of_kind.len() >= kind.at_once as usize {
            continue;
        }
        open.push(kind.name);
        let people: Vec<i64> = of_kind.iter().filter_map(|job| number(job, "person").ok()).collect();
        let is_busy = |person: &i64| people.iter().filter(|one| *one == person).count() >= kind.per_person as usize;
        let full: BTreeSet<i64> = people.iter().copied().filter(is_busy).collect();
        if !full.is_empty() {
            busy.push(doc! { "kind": kind.name, "person": { "$in": full.into_iter().collect::<Vec<_>>() } });
        }
    }
    let mut filter = doc! {
        "waiting": true,
        "kind": { "$in": &open },
        "due": { "$lte": claim.now },
        "place": { "$in": [Bson::Null, Bson::from(claim.place)] },
    };
    if !busy.is_empty() {
        filter.insert("$nor", busy);
    }
    (!open.is_empty()).then_some(filter)
}

/// The slots that a job takes when it is begun. `None` when there is none left.
fn slots(claim: &Claim<'_>, job: &Document, running: &[Document]) -> Result<Option<Document>, Error> {
    let name = job.get_str("kind").map_err(Error::broken)?;
    let Some(kind) = claim.kinds.iter().find(|kind| kind.name == name) else { return Ok(None) };
    let free = |field: &str, of: &str, limit: u32| {
        let taken: BTreeSet<&str> = running.iter().filter_map(|job| job.get_str(field).ok()).collect();
        (0..limit).map(|n| format!("{of}/{n}")).find(|slot| !taken.contains(slot.as_str()))
    };
    let Some(kind_slot) = free("kind_slot", name, kind.at_once) else { return Ok(None) };
    let mut slots = doc! { "kind_slot": kind_slot };
    if let Ok(person) = number(job, "person") {
        let Some(slot) = free("person_slot", &format!("{name}/{person}"), kind.per_person) else { return Ok(None) };
        slots.insert("person_slot", slot);
    }
    Ok(Some(slots))
}

fn mine(id: JobId, claim: i64) -> Document {
    doc! { "_id": id.0, "claim": claim, "state": RUNNING }
}

fn as_it_was(record: &Document) -> Document {
    doc! { "_id": record.get("_id"), "state": record.get("state"), "claim": record.get("claim") }
}

/// The change of a job that runs or waits to a state in which it does not run. `set`: what else is set.
fn stopped(next: State, says: &str, now: i64, mut set: Document) -> Document {
    set.extend(doc! { "state": next as i32, "says": says });
    let mut unset = doc! { "holder": "", "lease_ends": "", "kind_slot": "", "person_slot": "" };
    if next.is_waiting() {
        set.insert("waiting", true);
    } else {
        set.insert("ended", now);
        unset.extend(doc! { "waiting": "", "live_key": "" });
    }
    doc! { "$set": set, "$unset": unset }
}

fn progress_fields(progress: &Progress) -> Document {
    doc! { "done": progress.done as i64, "out_of": progress.of.map(|of| of as i64), "unit": &progress.unit }
}

fn new_record(id: i64, job: &NewJob, now: i64) -> Document {
    let mut record = doc! {
        "_id": id,
        "kind": &job.kind,
        "input": &job.input,
        "priority": job.priority as i32,
        "state": State::Queued as i32,
        "waiting": true,
        "due": job.due,
        "tries": 0_i64,
        "most_tries": i64::from(job.most_tries),
        "claim": 0_i64,
        "cancel_wanted": false,
        "done_before": 0_i64,
        "says": "",
        "created": now,
    };
    record.extend(progress_fields(&Progress::default()));
    // Absent, not null: the unique indexes look at what is there.
    let mut insert = |field: &str, value: Option<Bson>| value.map(|value| record.insert(field, value));
    insert("person", job.person.map(|person| i64::from(person.0).into()));
    insert("place", job.place.clone().map(Bson::from));
    insert("key", job.key.clone().map(Bson::from));
    insert("live_key", job.key.clone().map(Bson::from));
    insert("period", job.period.clone().map(Bson::from));
    record
}

fn state_of(record: &Document) -> Result<State, Error> {
    let state = number(record, "state")?;
    State::from_number(state).ok_or_else(|| Error::broken(format!("a job is in state {state}")))
}

fn read(record: &Document) -> Result<Job, Error> {
    let text = |field| record.get_str(field).map(str::to_owned);
    let small = |field| u32::try_from(number(record, field)?).map_err(Error::broken);
    let count = |field| u64::try_from(number(record, field)?).map_err(Error::broken);
    let priority = number(record, "priority")?;
    let lease = text("holder").ok().zip(number(record, "lease_ends").ok());
    Ok(Job {
        id: JobId(number(record, "_id")?),
        kind: text("kind").map_err(Error::broken)?,
        person: small("person").ok().map(PersonId),
        place: text("place").ok(),
        input: text("input").map_err(Error::broken)?,
        priority: Priority::from_number(priority).ok_or_else(|| Error::broken(format!("priority {priority}")))?,
        state: state_of(record)?,
        due: number(record, "due")?,
        tries: small("tries")?,
        most_tries: small("most_tries")?,
        claim: number(record, "claim")?,
        lease: lease.map(|(holder, ends)| Lease { holder, ends }),
        is_cancel_wanted: record.get_bool("cancel_wanted").map_err(Error::broken)?,
        progress: Progress {
            done: count("done")?,
            of: count("out_of").ok(),
            unit: text("unit").map_err(Error::broken)?,
            from: count("done_before")?,
        },
        checkpoint: text("checkpoint").ok(),
        says: text("says").map_err(Error::broken)?,
        created: number(record, "created")?,
        began: number(record, "began").ok(),
        ended: number(record, "ended").ok(),
    })
}
