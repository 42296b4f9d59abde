//! Weekly rules become sessions.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::Serialize;
use sqlx::{Connection, PgConnection};

use super::clash::{self, Needs, Resource};
use super::closure::Closures;
use super::rule::{self, Rule};
use super::{Clash, lock};
use crate::RuleId;
use crate::tenant::{self, Tenant};

/// How many local days ahead sessions are made.
pub const AHEAD: u64 = 28;

/// What was made of the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Made {
    /// How many sessions are new.
    pub new: u64,
    /// What could not be made because somebody or some room is taken.
    pub skipped: Vec<Skipped>,
}

/// A session that was not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Of which rule.
    pub rule: RuleId,
    /// When it would have started.
    pub starts_at: DateTime<Utc>,
    /// What stands in its way.
    pub why: Clash,
}

/// Makes the sessions of the next `days` local days, today included, for all rules of the tenant. What exists stays as
/// it is, so that a change made by hand is kept; what is taken is left out and told.
pub async fn materialise(conn: &mut PgConnection, now: DateTime<Utc>, days: u64) -> sqlx::Result<Made> {
    lock(conn).await?;
    let tenant = tenant::current(conn).await?;
    let today = now.with_timezone(&tenant.zone).date_naive();
    let days: Vec<NaiveDate> = ahead(today, days).collect();
    let rules = rule::load(conn, None).await?;
    let closures = Closures::load(conn, &days).await?;
    let slots = days.iter().flat_map(|day| rules.iter().filter_map(|rule| Slot::of(rule, *day, &tenant, &closures)));
    make(conn, &rules, slots.collect(), &tenant.currency).await
}

/// So many days from this one on.
pub(super) fn ahead(first: NaiveDate, days: u64) -> impl Iterator<Item = NaiveDate> {
    (0..days).filter_map(move |ahead| first.checked_add_days(Days::new(ahead)))
}

/// A session that a rule asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    rule: RuleId,
    day: NaiveDate,
    pub starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl Slot {
    /// What the rule asks for on this day, if it does and the house is open.
    pub fn of(rule: &Rule, day: NaiveDate, tenant: &Tenant, closures: &Closures) -> Option<Self> {
        let starts_at = rule.falls_on(day).then(|| rule.start(day, tenant.zone))??;
        if closures.has(starts_at.with_timezone(&tenant.zone).date_naive(), rule.location) {
            return None;
        }
        let ends_at = starts_at + TimeDelta::minutes(rule.minutes.into());
        Some(Self { rule: rule.id, day, starts_at, ends_at })
    }
}

/// Makes what is not there yet: all at once, which is how it mostly goes, else one by one.
pub(super) async fn make(
    conn: &mut PgConnection,
    rules: &[Rule],
    slots: Vec<Slot>,
    currency: &str,
) -> sqlx::Result<Made> {
    let slots = missing(conn, &slots).await?;
    if slots.is_empty() {
        return Ok(Made::default());
    }
    if let Ok(new) = insert(conn, &slots, currency).await? {
        return Ok(Made { new, skipped: Vec::new() });
    }
    let mut made = Made::default();
    for slot in slots {
        match insert(conn, &[slot], currency).await? {
            Ok(new) => made.new += new,
            Err(resource) => {
                let why = slot.needs(rules).clash(conn, resource).await?;
                made.skipped.push(Skipped { rule: slot.rule, starts_at: slot.starts_at, why });
            }
        }
    }
    Ok(made)
}

impl Slot {
    fn needs(&self, rules: &[Rule]) -> Needs {
        let rule = rules.iter().find(|rule| rule.id == self.rule);
        Needs {
            session: None,
            rule: Some(self.rule),
            crew: rule.and_then(|rule| rule.crew),
            room: rule.and_then(|rule| rule.room),
            during: self.starts_at..self.ends_at,
        }
    }
}

/// Those whose day has no session of the rule, wherever it was moved.
async fn missing(conn: &mut PgConnection, slots: &[Slot]) -> sqlx::Result<Vec<Slot>> {
    let (rules, days, starts, _) = columns(slots);
    let numbers = sqlx::query_scalar!(
        r#"
        select n.number as "number!" from unnest($1::bigint[], $2::date[], $3::timestamptz[])
          with ordinality n(rule, day, starts_at, number)
        where not exists (select from session s where s.rule_id = n.rule and s.rule_day = n.day)
          and not exists (select from session s where s.rule_id = n.rule and s.starts_at = n.starts_at)
        order by 1
        "#,
        &rules,
        &days,
        &starts,
    )
    .fetch_all(conn)
    .await?;
    let index = |number: i64| usize::try_from(number).ok()?.checked_sub(1);
    Ok(numbers.into_iter().filter_map(|number| slots.get(index(number)?).copied()).collect())
}

/// Writes them, all or none. A savepoint keeps the transaction alive when the database says no.
async fn insert(conn: &mut PgConnection, slots: &[Slot], currency: &str) -> sqlx::Result<Result<u64, Resource>> {
    let (rules, days, starts, ends) = columns(slots);
    let mut savepoint = conn.begin().await?;
    let made = sqlx::query!(
        "insert into session (rule_id, rule_day, service_id, location_id, room_id, crew_id, starts_at, ends_at, capacity,
                              price_minor, currency)
         select r.id, n.day, r.service_id, r.location_id, r.room_id, r.crew_id, n.starts_at, n.ends_at, r.capacity,
                r.price_minor, $5
         from unnest($1::bigint[], $2::date[], $3::timestamptz[], $4::timestamptz[]) n(rule, day, starts_at, ends_at)
         join session_rule r on r.id = n.rule
         on conflict do nothing",
        &rules,
        &days,
        &starts,
        &ends,
        currency,
    )
    .execute(&mut *savepoint)
    .await;
    match made {
        Ok(made) => savepoint.commit().await.map(|()| Ok(made.rows_affected())),
        Err(error) => match clash::resource(&error) {
            Some(resource) => savepoint.rollback().await.map(|()| Err(resource)),
            None => Err(error),
        },
    }
}

type Columns = (Vec<i64>, Vec<NaiveDate>, Vec<DateTime<Utc>>, Vec<DateTime<Utc>>);

fn columns(slots: &[Slot]) -> Columns {
    let mut columns = Columns::default();
    for slot in slots {
        columns.0.push(slot.rule.0);
        columns.1.push(slot.day);
        columns.2.push(slot.starts_at);
        columns.3.push(slot.ends_at);
    }
    columns
}
