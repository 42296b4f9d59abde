//! The nearest there is to what was asked for.

use chrono::{NaiveDate, NaiveTime};
use sqlx::PgConnection;

use super::find::{FindSessions, Wanted};
use super::row::{self, Row};
use super::{Asker, SessionView};
use crate::SessionId;

/// Few enough to choose from.
const FEW: usize = 5;

/// Sessions by how little they miss the wish: free before full, the right person and place, then
/// the right day, then the right time.
pub(super) fn nearest<'a>(rows: &'a [Row], wanted: &Wanted, asker: &Asker) -> Vec<&'a Row> {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by_cached_key(|row| {
        let local = row.local_start(asker.zone);
        let misses = u8::from(!wanted.right_crew(row)) + u8::from(!wanted.right_place(row));
        let days = days_off(local.date(), wanted.wish);
        (row.spots_left() == 0, misses, days, minutes_off(local.time(), wanted.wish), row.starts_at)
    });
    rows.truncate(FEW);
    rows
}

fn days_off(day: NaiveDate, wish: &FindSessions) -> i64 {
    let Some(first) = wish.date.or(wish.until) else { return 0 };
    let last = wish.until.max(wish.date).unwrap_or(first);
    (first - day).num_days().max((day - last).num_days()).max(0)
}

fn minutes_off(time: NaiveTime, wish: &FindSessions) -> i64 {
    if let Some(wanted) = wish.time {
        return (time - wanted).num_minutes().abs();
    }
    match wish.part_of_day {
        Some(part) if !part.has(time) => 1,
        _ => 0,
    }
}

/// Sessions of the same service with room, nearest in time to one that cannot be had.
pub async fn alternatives(conn: &mut PgConnection, asker: &Asker, to: SessionId) -> sqlx::Result<Vec<SessionView>> {
    let Some(missed) = row::by_id(conn, asker, &[to.0]).await?.pop() else { return Ok(Vec::new()) };
    let from = missed.starts_at.max(asker.now);
    let until = from + chrono::TimeDelta::days(14);
    let mut rows = row::between(conn, asker, asker.now, until, Some(&[missed.service_id.0])).await?;
    rows.retain(|row| row.id != to && row.spots_left() > 0 && !row.mine);
    rows.sort_by_key(|row| (row.starts_at - missed.starts_at).abs());
    rows.truncate(FEW);
    rows.sort_by_key(|row| row.starts_at);
    Ok(rows.iter().map(|row| row.view(asker)).collect())
}
