//! Jobs. A claim is one transaction on the file, and of those only one is open at a time, over all processes: no two get one job.

use rusqlite::types::{Type, Value};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params, params_from_iter};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::jobs::{Ended, Held, JobsBackend, LEASE_ENDED};
use crate::domain::job::{
    About, Added, Claim, Ending, Event, Job, JobId, Lease, NewJob, Priority, Progress, State, state,
};
use crate::domain::person::PersonId;

const FIELDS: &str = "id, kind, person, place, input, priority, state, due, tries, most_tries, claim, holder, lease_ends, \
                      cancel_wanted, done, out_of, unit, done_before, checkpoint, says, created, began, ended";

pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("jobs.sql"))?)
}

impl JobsBackend for Embedded {
    async fn add(&self, job: &NewJob, now: i64) -> Result<Added, Error> {
        let job = job.clone();
        self.write(Commit::Durable, move |db| match insert(db, &job, now) {
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == ErrorCode::ConstraintViolation => {
                let known = db
                    .prepare_cached(
                        "SELECT id FROM jobs WHERE unique_key = ?1 AND unique_key IS NOT NULL AND state < 3
                         UNION ALL SELECT id FROM jobs WHERE period = ?2 AND period IS NOT NULL",
                    )?
                    .query_row(params![job.key, job.period], |row| row.get(0))?;
                Ok(Added::Known(JobId(known)))
            }
            inserted => {
                inserted?;
                Ok(Added::New(JobId(db.last_insert_rowid())))
            }
        })
        .await
    }

    async fn claim(&self, claim: &Claim<'_>) -> Result<Option<Job>, Error> {
        let (holder, place) = (claim.holder.to_owned(), claim.place.to_owned());
        let (kinds, now, ends) = (claim.kinds.iter().map(|kind| **kind).collect::<Vec<_>>(), claim.now, claim.ends);
        self.write(Commit::Quick, move |db| {
            take_back(db, &Claim { holder: &holder, place: &place, now, ends, kinds: &[] })?;
            let Some(id) = first_waiting(db, &kinds, &place, now)? else { return Ok(None) };
            let claimed = db
                .prepare_cached(&format!(
                    "UPDATE jobs SET state = ?, holder = ?, lease_ends = ?, claim = claim + 1, tries = tries + 1, began = ?,
                                     done_before = done
                     WHERE id = ? RETURNING {FIELDS}"
                ))?
                .query_row(params![State::Running as i64, holder, ends, now, id], read)?;
            Ok(Some(claimed))
        })
        .await
    }

    async fn beat(&self, ends: i64, running: &[(JobId, i64, Progress)]) -> Result<Vec<Held>, Error> {
        let running = running.to_vec();
        self.write(Commit::Quick, move |db| {
            let mut update = db.prepare_cached(
                "UPDATE jobs SET lease_ends = ?, done = ?, out_of = ?, unit = ? WHERE id = ? AND claim = ? AND state = 2
                 RETURNING cancel_wanted",
            )?;
            let beats = running.iter().map(|(id, claim, progress)| {
                let Progress { done, of, unit, .. } = progress;
                let values = params![ends, *done as i64, of.map(|of| of as i64), unit, id.0, claim];
                Ok(match update.query_row(values, |row| row.get(0)).optional()? {
                    Some(false) => Held::Yes,
                    Some(true) => Held::CancelWanted,
                    None => Held::No,
                })
            });
            beats.collect()
        })
        .await
    }

    async fn save(&self, id: JobId, claim: i64, checkpoint: &str, is_further: bool) -> Result<bool, Error> {
        let checkpoint = checkpoint.to_owned();
        self.write(Commit::Durable, move |db| {
            let mut update = db.prepare_cached(
                "UPDATE jobs SET checkpoint = ?, tries = CASE WHEN ? THEN 1 ELSE tries END
                 WHERE id = ? AND claim = ? AND state = 2",
            )?;
            Ok(update.execute(params![checkpoint, is_further, id.0, claim])? == 1)
        })
        .await
    }

    async fn end(&self, id: JobId, claim: i64, ending: &Ending) -> Result<bool, Error> {
        let ending = ending.clone();
        self.write(Commit::Durable, move |db| {
            let mut update = db.prepare_cached(
                "UPDATE jobs SET state = ?, due = ?, tries = ?, says = ?, done = ?, out_of = ?, unit = ?, ended = ?,
                                 holder = NULL, lease_ends = NULL
                 WHERE id = ? AND claim = ? AND state = 2",
            )?;
            let Ending { state, due, tries, says, progress, now } = &ending;
            let ended = state.has_ended().then_some(now);
            let (done, of, unit) = (progress.done as i64, progress.of.map(|of| of as i64), &progress.unit);
            let values = params![*state as i64, due, tries, says, done, of, unit, ended, id.0, claim];
            Ok(update.execute(values)? == 1)
        })
        .await
    }

    async fn cancel(&self, id: JobId, now: i64) -> Result<Option<State>, Error> {
        self.write(Commit::Durable, move |db| {
            let Some(was) = state_of(db, id)? else { return Ok(None) };
            if let Some(next) = state::next(was, Event::CancelWanted, true) {
                let ended = next.has_ended().then_some(now);
                db.prepare_cached("UPDATE jobs SET state = ?, cancel_wanted = 1, ended = ? WHERE id = ?")?
                    .execute(params![next as i64, ended, id.0])?;
            }
            Ok(Some(was))
        })
        .await
    }

    async fn retry(&self, id: JobId, now: i64) -> Result<Option<(State, bool)>, Error> {
        self.write(Commit::Durable, move |db| {
            let Some(was) = state_of(db, id)? else { return Ok(None) };
            let Some(next) = state::next(was, Event::RetryWanted, true) else { return Ok(Some((was, true))) };
            let queued = db
                .prepare_cached(
                    "UPDATE jobs SET state = ?, due = ?, tries = 0, cancel_wanted = 0, ended = NULL, says = '' WHERE id = ?",
                )?
                .execute(params![next as i64, now, id.0]);
            match queued {
                Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == ErrorCode::ConstraintViolation => {
                    Ok(Some((was, false)))
                }
                queued => {
                    queued?;
                    Ok(Some((was, true)))
                }
            }
        })
        .await
    }

    async fn get(&self, id: JobId) -> Result<Option<Job>, Error> {
        self.read(move |db| {
            Ok(db
                .prepare_cached(&format!("SELECT {FIELDS} FROM jobs WHERE id = ?"))?
                .query_row([id.0], read)
                .optional()?)
        })
        .await
    }

    async fn unfinished(&self, limit: u32) -> Result<Vec<Job>, Error> {
        self.read(move |db| {
            // The plus keeps SQLite from walking the whole table in the order of ids: few run, and they have an index.
            let mut found = jobs(db, "WHERE state = 2 ORDER BY +id LIMIT ?", params![limit])?;
            let rest = limit.saturating_sub(found.len() as u32);
            found.extend(jobs(db, "WHERE state < 2 ORDER BY priority DESC, due, id LIMIT ?", params![rest])?);
            Ok(found)
        })
        .await
    }

    async fn ended(&self, limit: u32) -> Result<Vec<Job>, Error> {
        self.read(move |db| jobs(db, "WHERE state > 2 ORDER BY ended DESC, id DESC LIMIT ?", params![limit])).await
    }

    async fn latest(&self, kind: &str) -> Result<Option<Job>, Error> {
        let kind = kind.to_owned();
        self.read(move |db| {
            let rest = "WHERE state > 2 AND kind = ? ORDER BY ended DESC, id DESC LIMIT 1";
            Ok(jobs(db, rest, params![kind])?.pop())
        })
        .await
    }

    async fn count_ended(&self, from: i64, until: i64) -> Result<Ended, Error> {
        self.read(move |db| {
            let count = |state: State| {
                db.prepare_cached(
                    "SELECT count(*) FROM jobs WHERE state > 2 AND ended >= ? AND ended < ? AND state = ?",
                )?
                .query_row(params![from, until, state as i64], |row| row.get::<_, i64>(0))
                .map(|count| count as u64)
            };
            Ok(Ended { done: count(State::Done)?, failed: count(State::Failed)? })
        })
        .await
    }

    async fn prune(&self, before: i64) -> Result<u64, Error> {
        self.write(Commit::Quick, move |db| {
            let ended = db.execute("DELETE FROM jobs WHERE state > 2 AND ended < ?", [before])?;
            let stranded =
                db.execute("DELETE FROM jobs WHERE state < 2 AND place IS NOT NULL AND due < ?", [before])?;
            Ok((ended + stranded) as u64)
        })
        .await
    }
}

fn insert(db: &Connection, job: &NewJob, now: i64) -> Result<(), rusqlite::Error> {
    db.prepare_cached(
        "INSERT INTO jobs(kind, person, place, unique_key, period, input, priority, state, due, tries, most_tries, claim,
                          cancel_wanted, done, unit, done_before, says, created)
         VALUES(?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?, 0, 0, 0, '', 0, '', ?)",
    )?
    .execute(params![
        job.kind,
        job.person.map(|person| person.0),
        job.place,
        job.key,
        job.period,
        job.input,
        job.priority as i64,
        job.due,
        job.most_tries,
        now
    ])?;
    Ok(())
}

/// Takes jobs back that dead instances left.
fn take_back(db: &Connection, claim: &Claim<'_>) -> Result<(), Error> {
    let now = claim.now;
    let is_dead = |job: &Job| job.lease.as_ref().is_none_or(|lease| claim.finds_dead(lease));
    for job in jobs(db, "WHERE state = 2", params![])?.into_iter().filter(is_dead) {
        let event = if job.is_cancel_wanted { Event::GaveUp } else { Event::Lost };
        let next = state::next(job.state, event, job.tries < job.most_tries).unwrap_or(State::Failed);
        db.prepare_cached(
            "UPDATE jobs SET state = ?, due = ?, says = ?, ended = ?, holder = NULL, lease_ends = NULL WHERE id = ?",
        )?
        .execute(params![next as i64, now, LEASE_ENDED, next.has_ended().then_some(now), job.id.0])?;
    }
    Ok(())
}

/// The job that comes first among the kinds and people that are below their limits.
fn first_waiting(db: &Connection, kinds: &[About], place: &str, now: i64) -> Result<Option<i64>, Error> {
    let running: Vec<(String, Option<u32>)> = db
        .prepare_cached("SELECT kind, person FROM jobs WHERE state = 2")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut first: Option<(i64, i64, i64)> = None;
    for kind in kinds {
        let of_kind: Vec<Option<u32>> =
            running.iter().filter(|(name, _)| name == kind.name).map(|(_, person)| *person).collect();
        if of_kind.len() >= kind.at_once as usize {
            continue;
        }
        let is_busy =
            |person: &u32| of_kind.iter().filter(|other| **other == Some(*person)).count() >= kind.per_person as usize;
        let mut busy: Vec<u32> = of_kind.iter().copied().flatten().filter(is_busy).collect();
        busy.sort_unstable();
        busy.dedup();
        let marks = vec!["?"; busy.len()].join(", ");
        // Lower numbers come first: the priority is turned round.
        let mut query = db.prepare_cached(&format!(
            "SELECT -priority, due, id FROM jobs
             WHERE state < 2 AND kind = ? AND due <= ? AND (place IS NULL OR place = ?) AND (person IS NULL OR person NOT IN ({marks}))
             ORDER BY priority DESC, due, id LIMIT 1"
        ))?;
        let values = [Value::from(kind.name.to_owned()), Value::from(now), Value::from(place.to_owned())];
        let values = values.into_iter().chain(busy.into_iter().map(|person| Value::from(i64::from(person))));
        let found =
            query.query_row(params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        first = first.into_iter().chain(found).min();
    }
    Ok(first.map(|(_, _, id)| id))
}

fn state_of(db: &Connection, id: JobId) -> Result<Option<State>, Error> {
    let number: Option<i64> =
        db.prepare_cached("SELECT state FROM jobs WHERE id = ?")?.query_row([id.0], |row| row.get(0)).optional()?;
    number.map(|n| State::from_number(n).ok_or_else(|| Error::broken(format!("job {id} is in state {n}")))).transpose()
}

/// The jobs that `rest` (all of the query from WHERE on) finds.
fn jobs(db: &Connection, rest: &str, values: impl rusqlite::Params) -> Result<Vec<Job>, Error> {
    let mut query = db.prepare_cached(&format!("SELECT {FIELDS} FROM jobs {rest}"))?;
    Ok(query.query_map(values, read)?.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> Result<Job, rusqlite::Error> {
    let count = |column| row.get::<_, i64>(column).map(|count| count as u64);
    let unknown = |column| {
        let of = "a number that this version does not know".to_owned();
        move || rusqlite::Error::InvalidColumnType(column, of, Type::Integer)
    };
    let holder: Option<String> = row.get(11)?;
    let lease_ends: Option<i64> = row.get(12)?;
    Ok(Job {
        id: JobId(row.get(0)?),
        kind: row.get(1)?,
        person: row.get::<_, Option<u32>>(2)?.map(PersonId),
        place: row.get(3)?,
        input: row.get(4)?,
        priority: Priority::from_number(row.get(5)?).ok_or_else(unknown(5))?,
        state: State::from_number(row.get(6)?).ok_or_else(unknown(6))?,
        due: row.get(7)?,
        tries: row.get(8)?,
        most_tries: row.get(9)?,
        claim: row.get(10)?,
        lease: holder.zip(lease_ends).map(|(holder, ends)| Lease { holder, ends }),
        is_cancel_wanted: row.get(13)?,
        progress: Progress {
            done: count(14)?,
            of: row.get::<_, Option<i64>>(15)?.map(|of| of as u64),
            unit: row.get(16)?,
            from: count(17)?,
        },
        checkpoint: row.get(18)?,
        says: row.get(19)?,
        created: row.get(20)?,
        began: row.get(21)?,
        ended: row.get(22)?,
    })
}
