//! The calendar of the next days.

use chrono::{Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::find::MOST;
use super::{Asker, SessionView, lenient, row};
use crate::calendar;

/// Which days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListSessions {
    /// The first local day; today when left out.
    #[serde(deserialize_with = "lenient::parsed")]
    pub date: Option<NaiveDate>,
    /// How many days, 1 to 14; without it, the one day that was named, or a week.
    pub days: Option<u8>,
}

/// What takes place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The first ten.
    pub sessions: Vec<SessionView>,
    /// How many more there are.
    pub more: usize,
}

/// All sessions of some days that have not started yet, soonest first.
pub async fn list_sessions(conn: &mut PgConnection, asker: &Asker, wish: &ListSessions) -> sqlx::Result<Listed> {
    let first = wish.date.unwrap_or_else(|| asker.now.with_timezone(&asker.zone).date_naive());
    let days = wish.days.unwrap_or(if wish.date.is_some() { 1 } else { 7 }).clamp(1, 14);
    let end = first.checked_add_days(Days::new(days.into())).unwrap_or(first);
    let midnight = |day: NaiveDate| calendar::instant(day.and_time(NaiveTime::MIN), asker.zone);
    // Sessions at midnight sharp start on the day.
    let from = asker.now.max(midnight(first) - chrono::TimeDelta::microseconds(1));
    let rows = row::between(conn, asker, from, midnight(end), None).await?;
    let sessions = rows.iter().take(MOST).map(|row| row.view(asker)).collect();
    Ok(Listed { sessions, more: rows.len().saturating_sub(MOST) })
}
