//! The rows of a journal, told.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use sqlx::PgConnection;

use super::{Entry, Line, Step};
use crate::{
    Sight,
    inspect::page::raw,
    journal::PATCH,
    saga::{UNDO, Undoing},
};

/// The most lines that are read.
const MOST: i64 = 500;

/// The lines in their order, and whether there are more.
pub(super) async fn read(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<(Vec<Line>, bool)> {
    let rows = sqlx::query!(
        r#"select x.name as "name!", x.child, x.at, case when isfinite(x.wake_at) then x.wake_at end as until, x.wake_at is not null as "waits!",
                  coalesce(x.wake_at = '-infinity' or x.wake_at <= clock_timestamp(), false) as "over!", x.note, x.detached as "detached!",
                  s.id as "job?", s.kind as "kind?", s.state as "state?", s.output::text as output, s.attempts, s.created_at as "created_at?", s.started_at, s.finished_at,
                  a.error as "error?"
           from (select s.name, s.child, holdfast.id_time(coalesce(s.child, s.noted)) as at, s.wake_at, s.output::text as note, s.detached, coalesce(s.child, s.noted) as place
                 from holdfast.step s where s.parent = $1 order by coalesce(s.child, s.noted), s.name limit $3) x
           left join lateral (select s.* from holdfast.job_state s where s.id = x.child and ($2::bigint is null or s.tenant = $2)) s on true
           left join lateral (select coalesce(a.ending || ': ' || a.error, a.ending) as error from holdfast.attempt a where a.id = s.id order by a.ended_at desc limit 1) a on true
           order by x.place, x.name"#,
        id,
        sight.tenant,
        MOST + 1
    )
    .fetch_all(conn)
    .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let entry = match (row.child, row.note) {
            (Some(_), _) => Entry::Step(Box::new(Step {
                job: row.job,
                kind: row.kind,
                state: row.state,
                output: row.output.map(raw).transpose()?,
                error: row.error,
                attempts: row.attempts,
                created_at: row.created_at,
                started_at: row.started_at,
                finished_at: row.finished_at,
                undoes: row.name.strip_prefix(UNDO).map(str::to_owned),
                detached: row.detached,
                beside: Vec::new(),
            })),
            (None, Some(note)) if row.waits => Entry::Signal { payload: raw(note)? },
            (None, Some(note)) => decision(&row.name, raw(note)?),
            (None, None) => Entry::Wait { until: row.until, over: row.over },
        };
        lines.push(Line { name: row.name, at: row.at, entry });
    }
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let more = lines.len() > most;
    lines.truncate(most);
    put_side_by_side(&mut lines);
    Ok((lines, more))
}

fn decision(name: &str, value: Box<RawValue>) -> Entry {
    if name.starts_with(PATCH) {
        return Entry::Patch { new: value.get() == "true" };
    }
    let why = || serde_json::from_str::<(String, String)>(value.get()).ok().map(|(_, why)| why);
    match name.starts_with(Undoing::MARK).then(why).flatten() {
        Some(why) => Entry::Undoing { why },
        None => Entry::Decision { value },
    }
}

/// Steps whose times overlap.
fn put_side_by_side(lines: &mut [Line]) {
    let time = |line: &Line| match &line.entry {
        Entry::Step(step) => step.created_at.map(|from| (from, step.finished_at.unwrap_or(DateTime::<Utc>::MAX_UTC))),
        _ => None,
    };
    let times: Vec<_> = lines.iter().map(|line| (line.name.clone(), time(line))).collect();
    for (at, line) in lines.iter_mut().enumerate() {
        let (Some((from, to)), Entry::Step(step)) = (times.get(at).and_then(|(_, time)| *time), &mut line.entry) else {
            continue;
        };
        let others = times.iter().enumerate().filter(|(other, _)| *other != at);
        let overlaps = others
            .filter_map(|(_, (name, time))| time.filter(|time| time.0 < to && from < time.1).map(|_| name.clone()));
        step.beside = overlaps.collect();
    }
}
