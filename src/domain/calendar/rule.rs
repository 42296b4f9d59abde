//! Weekly rules become sessions.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use super::instant;
use crate::tenant;

struct Rule {
    id: i64,
    weekdays: Vec<i16>,
    starts_at: NaiveTime,
    minutes: i32,
}

/// Makes the sessions of the next `days` local days, today included, for all rules of the tenant.
/// What exists stays as it is, so that a change made by hand is kept. Returns how many are new.
pub async fn materialise(conn: &mut PgConnection, now: DateTime<Utc>, days: u64) -> sqlx::Result<u64> {
    let tenant = tenant::current(conn).await?;
    let rules = sqlx::query_as!(Rule, "select id, weekdays, starts_at, minutes from session_rule order by id")
        .fetch_all(&mut *conn)
        .await?;
    let today = now.with_timezone(&tenant.zone).date_naive();
    let mut slots = Slots::default();
    for day in (0..days).filter_map(|ahead| today.checked_add_days(Days::new(ahead))) {
        for rule in rules.iter().filter(|rule| rule.falls_on(day)) {
            slots.add(rule, day, tenant.zone);
        }
    }
    slots.insert(conn, &tenant.currency).await
}

impl Rule {
    fn falls_on(&self, day: NaiveDate) -> bool {
        self.weekdays.iter().any(|weekday| u32::try_from(*weekday) == Ok(day.weekday().number_from_monday()))
    }
}

#[derive(Default)]
struct Slots {
    rules: Vec<i64>,
    starts: Vec<DateTime<Utc>>,
    ends: Vec<DateTime<Utc>>,
}

impl Slots {
    fn add(&mut self, rule: &Rule, day: NaiveDate, zone: Tz) {
        let start = instant(day.and_time(rule.starts_at), zone);
        self.rules.push(rule.id);
        self.starts.push(start);
        self.ends.push(start + TimeDelta::minutes(rule.minutes.into()));
    }

    async fn insert(&self, conn: &mut PgConnection, currency: &str) -> sqlx::Result<u64> {
        let made = sqlx::query!(
            "insert into session (rule_id, service_id, location_id, crew_id, starts_at, ends_at, capacity, price_minor, currency)
             select r.id, r.service_id, r.location_id, r.crew_id, n.starts_at, n.ends_at, r.capacity, r.price_minor, $4
             from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) n(rule, starts_at, ends_at)
             join session_rule r on r.id = n.rule
             on conflict on constraint session_once_per_rule do nothing",
            &self.rules,
            &self.starts,
            &self.ends,
            currency,
        )
        .execute(conn)
        .await?;
        Ok(made.rows_affected())
    }
}
