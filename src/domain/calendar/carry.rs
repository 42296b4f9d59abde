//! The sessions of a rule that goes on in another way.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use super::change::{self, Change};
use super::closure::Closures;
use super::held::{self, Held};
use super::no::agreed;
use super::rule::Rule;
use super::slots::{self, AHEAD, Slot, ahead};
use super::{Answer, No, RuleChange, capacity};
use crate::after::After;
use crate::tenant::Tenant;
use crate::{RuleId, session};

/// Sessions of the days from then on are the new rule's, also those that were called off: it makes none in their place.
/// Returns those that can still be changed: on days that the new rule has, and on others.
pub(super) async fn take_over(
    conn: &mut PgConnection,
    old: &Rule,
    new: &Rule,
    zone: Tz,
    now: DateTime<Utc>,
) -> sqlx::Result<(Vec<Held>, Vec<Held>)> {
    // Locked in their order, which an update does not promise.
    sqlx::query!(
        "select id from session where rule_id = $1 and rule_day >= $2 order by id for no key update",
        old.id as RuleId,
        new.valid_from,
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "update session set rule_id = $2 where rule_id = $1 and rule_day >= $3",
        old.id as RuleId,
        new.id as RuleId,
        new.valid_from,
    )
    .execute(&mut *conn)
    .await?;
    let mut sessions = held::lock_from(conn, new.id, Some(new.valid_from), now).await?;
    // Each moves to where the one before it has just been, should they touch.
    sessions.sort_by_key(|held| held.starts_at);
    if new.starts_at > old.starts_at {
        sessions.reverse();
    }
    let stays = |held: &Held| held.rule_day.is_some_and(|day| new.falls_on(day) && new.start(day, zone).is_some());
    Ok(sessions.into_iter().partition(stays))
}

/// Changes a session like its rule.
pub(super) async fn carry(
    conn: &mut PgConnection,
    held: &Held,
    new: &Rule,
    change: &RuleChange,
    zone: Tz,
    now: DateTime<Utc>,
) -> Answer<After> {
    let start = held.rule_day.and_then(|day| new.start(day, zone));
    let wanted = Change {
        starts_at: change.starts_at.and(start),
        minutes: change.minutes,
        crew: change.crew,
        room: change.room,
        location: None,
        price_minor: change.price_minor,
    };
    let mut after = agreed!(change::edit(conn, held, &wanted, now).await?);
    if let Some(places) = change.capacity {
        let mut session = session::load(conn, held.id).await?.ok_or(sqlx::Error::RowNotFound)?;
        after.extend(agreed!(capacity::resize(conn, &mut session, places, now).await?));
    }
    Ok(Ok(after))
}

/// Makes the sessions of weekdays that the rule did not have. Those that it had are left to the next night, which leaves
/// out what was taken before.
pub(super) async fn add_days(
    conn: &mut PgConnection,
    old: &Rule,
    new: &Rule,
    tenant: &Tenant,
    now: DateTime<Utc>,
) -> Answer<u64> {
    let added: Vec<i16> = new.weekdays.iter().copied().filter(|day| !old.weekdays.contains(day)).collect();
    let rule = Rule { weekdays: added, ..new.clone() };
    let days: Vec<_> = ahead(now.with_timezone(&tenant.zone).date_naive(), AHEAD).collect();
    let closures = Closures::load(conn, &days).await?;
    let wanted = days.iter().filter_map(|day| Slot::of(&rule, *day, tenant, &closures));
    let wanted = wanted.filter(|slot| slot.starts_at > now).collect();
    let made = slots::make(conn, &[rule], wanted, &tenant.currency).await?;
    Ok(match made.skipped.into_iter().next() {
        Some(skipped) => Err(No::Taken(skipped.why)),
        None => Ok(made.new),
    })
}
