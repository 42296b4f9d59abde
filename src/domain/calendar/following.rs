//! "This and following": a rule goes on in another way from a day on.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};

use super::change::named;
use super::no::agreed;
use super::removal::{Removed, remove};
use super::rule::{self, Rule};
use super::{Answer, No, carry, check, end_rule, lock, new_rule, tell};
use crate::after::After;
use crate::{CrewId, RoomId, RuleId, SessionId, tenant};

/// What is to change of a rule; what is left out stays, also of sessions that were changed by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleChange {
    /// ISO: 1 is Monday.
    pub weekdays: Option<Vec<i16>>,
    /// By the wall clock.
    pub starts_at: Option<NaiveTime>,
    /// How long it lasts.
    pub minutes: Option<i32>,
    /// Who leads it; `null`: nobody is named.
    #[serde(deserialize_with = "named")]
    pub crew: Option<Option<CrewId>>,
    /// Its room; `null`: none.
    #[serde(deserialize_with = "named")]
    pub room: Option<Option<RoomId>>,
    /// Places.
    pub capacity: Option<i32>,
    /// Base price of one place, of bookings from now on.
    pub price_minor: Option<i64>,
}

/// A rule that goes on as another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Followed {
    /// The new rule.
    pub rule: RuleId,
    /// Sessions that are changed like the rule.
    pub changed: Vec<SessionId>,
    /// How many sessions are new, on days that the rule did not have.
    pub new: u64,
    /// Sessions on days that the rule has no more.
    pub removed: Removed,
    /// What is to be done.
    pub after: After,
}

/// Changes a rule and its sessions from a local day on: the rule ends on the day before, and a new one follows it. All of
/// it, or nothing: a clash anywhere is told, and nothing is done.
pub async fn this_and_following(
    conn: &mut PgConnection,
    rule: RuleId,
    from: NaiveDate,
    change: &RuleChange,
    now: DateTime<Utc>,
) -> Answer<Followed> {
    tell::lock_proposals_of(conn, rule).await?;
    lock(conn).await?;
    let mut savepoint = conn.begin().await?;
    let followed = follow(&mut savepoint, rule, from, change, now).await?;
    match &followed {
        Ok(_) => savepoint.commit().await?,
        Err(_) => savepoint.rollback().await?,
    }
    Ok(followed)
}

async fn follow(
    conn: &mut PgConnection,
    rule: RuleId,
    from: NaiveDate,
    change: &RuleChange,
    now: DateTime<Utc>,
) -> Answer<Followed> {
    let tenant = tenant::current(conn).await?;
    let today = now.with_timezone(&tenant.zone).date_naive();
    let Some(old) = rule::load(conn, Some(rule)).await?.pop() else { return Ok(Err(No::unknown("rule"))) };
    let mut new = agreed!(planned(conn, &old, from, today, change).await?);
    end_rule::end(conn, &old, new.valid_from.pred_opt().unwrap_or(from)).await?;
    new.id = agreed!(new_rule::insert(conn, &new, Some(old.id)).await?);
    let (stay, go) = carry::take_over(conn, &old, &new, tenant.zone, now).await?;
    let (mut changed, mut removed, mut after) = (Vec::new(), Removed::default(), After::default());
    for held in &go {
        remove(conn, held, now, &mut removed, &mut after).await?;
    }
    for held in &stay {
        after.extend(agreed!(carry::carry(conn, held, &new, change, tenant.zone, now).await?));
        changed.push(held.id);
    }
    let made = agreed!(carry::add_days(conn, &old, &new, &tenant, now).await?);
    Ok(Ok(Followed { rule: new.id, changed, new: made, removed, after }))
}

/// The rule as it is to be, if it can be.
async fn planned(
    conn: &mut PgConnection,
    old: &Rule,
    from: NaiveDate,
    today: NaiveDate,
    change: &RuleChange,
) -> Answer<Rule> {
    if from < today {
        return Ok(Err(No::Past));
    }
    if let Some(on) = old.valid_until.filter(|last| *last < from) {
        return Ok(Err(No::Ended { on }));
    }
    agreed!(check::numbers(change.minutes, change.capacity, change.price_minor));
    if let Some(crew) = change.crew.flatten() {
        agreed!(check::crew(conn, crew, old.service).await?);
    }
    if let Some(room) = change.room.flatten() {
        agreed!(check::room(conn, room, old.location).await?);
    }
    let weekdays = agreed!(check::weekdays(change.weekdays.as_ref().unwrap_or(&old.weekdays)));
    Ok(Ok(Rule {
        weekdays,
        crew: change.crew.unwrap_or(old.crew),
        room: change.room.unwrap_or(old.room),
        starts_at: change.starts_at.unwrap_or(old.starts_at),
        minutes: change.minutes.unwrap_or(old.minutes),
        capacity: change.capacity.unwrap_or(old.capacity),
        price_minor: change.price_minor.unwrap_or(old.price_minor),
        valid_from: from.max(old.valid_from),
        ..old.clone()
    }))
}
