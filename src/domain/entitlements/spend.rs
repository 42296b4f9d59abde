//! Spending on a booking, and getting it back.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use sqlx::{Connection, PgConnection};

use crate::ledger::{self, Account, Kind};
use crate::session::Session;
use crate::{CustomerId, EntitlementId, SeatId};

/// What a booking took from an entitlement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    entitlement: EntitlementId,
    credits: i32,
    value_minor: i64,
    period: Option<NaiveDate>,
    /// Credits were spent; else a membership was used.
    pub is_credit: bool,
}

/// What would pay for a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Credits.
    Credits,
    /// A membership.
    Membership,
}

struct Candidate {
    id: EntitlementId,
    is_credit: bool,
    per: Option<String>,
    at_most: Option<i32>,
}

/// Takes the places of a booking from what the customer has: from a membership whose limit leaves room, else from the
/// credits that expire first. None: nothing covers it. It must be valid when the session starts.
pub(crate) async fn spend(
    conn: &mut PgConnection,
    session: &Session,
    customer: CustomerId,
    places: i32,
) -> sqlx::Result<Option<Spent>> {
    let candidates = sqlx::query_as!(
        Candidate,
        r#"
        select e.id as "id: EntitlementId", p.kind = 'credits' as "is_credit!", p.per, p.at_most
        from entitlement e join plan p on p.id = e.plan_id
        where e.customer_id = $1 and e.state = 'active' and e.starts_at <= $2 and e.expires_at > $2
          and (p.service_ids is null or $3 = any(p.service_ids))
          and (e.credits_left >= $4 or p.kind = 'membership' and $4 = 1)
        order by p.kind = 'credits', e.expires_at, e.id
        "#,
        customer as CustomerId,
        session.starts_at,
        session.service.0,
        places,
    )
    .fetch_all(&mut *conn)
    .await?;
    for candidate in candidates {
        let spent = if candidate.is_credit {
            credits(conn, candidate.id, places).await?
        } else {
            membership(conn, &candidate, session).await?
        };
        if spent.is_some() {
            return Ok(spent);
        }
    }
    Ok(None)
}

/// What would pay for a booking, without spending it.
pub(crate) async fn covers(
    conn: &mut PgConnection,
    session: &Session,
    customer: CustomerId,
    places: i32,
) -> sqlx::Result<Option<Cover>> {
    let mut trial = conn.begin().await?;
    let spent = spend(&mut trial, session, customer, places).await?;
    trial.rollback().await?;
    Ok(spent.map(|spent| if spent.is_credit { Cover::Credits } else { Cover::Membership }))
}

async fn credits(conn: &mut PgConnection, id: EntitlementId, places: i32) -> sqlx::Result<Option<Spent>> {
    let row = sqlx::query!(
        r#"
        update entitlement set credits_left = credits_left - $2 where id = $1 and state = 'active' and credits_left >= $2
        returning price_minor, credits as "credits!", credits_left as "credits_left!"
        "#,
        id as EntitlementId,
        places,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| {
        let worth = |used: i32| row.price_minor * i64::from(used) / i64::from(row.credits);
        let used = row.credits - row.credits_left;
        // All credits together are worth what was paid for them, to the cent.
        let value_minor = worth(used) - worth(used - places);
        Spent { entitlement: id, credits: places, value_minor, period: None, is_credit: true }
    }))
}

async fn membership(conn: &mut PgConnection, candidate: &Candidate, session: &Session) -> sqlx::Result<Option<Spent>> {
    let spent = Spent { entitlement: candidate.id, credits: 1, value_minor: 0, period: None, is_credit: false };
    let (Some(per), Some(at_most)) = (&candidate.per, candidate.at_most) else { return Ok(Some(spent)) };
    let day = session.starts_at.with_timezone(&session.terms.zone).date_naive();
    let period = first_day(day, per == "week");
    let counted = sqlx::query!(
        "insert into entitlement_period as p (entitlement_id, first_day, used, at_most) values ($1, $2, 1, $3)
         on conflict (tenant_id, entitlement_id, first_day) do update set used = p.used + 1 where p.used < p.at_most",
        candidate.id as EntitlementId,
        period,
        at_most,
    )
    .execute(conn)
    .await?;
    Ok((counted.rows_affected() == 1).then_some(Spent { period: Some(period), ..spent }))
}

/// Monday of the week, or the first of the month.
fn first_day(day: NaiveDate, week: bool) -> NaiveDate {
    let back = if week { day.weekday().num_days_from_monday() } else { day.day0() };
    day - Days::new(back.into())
}

/// Writes down which seat it was spent on.
pub(crate) async fn record(
    conn: &mut PgConnection,
    spent: Spent,
    seat: SeatId,
    currency: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let id = sqlx::query_scalar!(
        "insert into entitlement_use (entitlement_id, seat_id, credits, value_minor, period, used_at)
         values ($1, $2, $3, $4, $5, $6) returning id",
        spent.entitlement as EntitlementId,
        seat as SeatId,
        spent.credits,
        spent.value_minor,
        spent.period,
        now,
    )
    .fetch_one(&mut *conn)
    .await?;
    let value = (Account::Prepaid, Account::Sales, spent.value_minor);
    ledger::post(conn, Kind::CreditsUsed, &format!("use:{id}"), value, currency, now).await
}

/// Gives back what a seat took. Credits that have expired meanwhile, or will within `grace_days`, live on that long.
pub(crate) async fn give_back(
    conn: &mut PgConnection,
    seat: SeatId,
    grace_days: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let returned = sqlx::query!(
        r#"
        update entitlement_use u set returned_at = $2 from entitlement e
        where u.seat_id = $1 and u.returned_at is null and e.id = u.entitlement_id
        returning u.id, u.entitlement_id as "entitlement: EntitlementId", u.credits, u.value_minor, u.period, e.currency
        "#,
        seat as SeatId,
        now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(used) = returned else { return Ok(false) };
    if let Some(period) = used.period {
        sqlx::query!(
            "update entitlement_period set used = used - 1 where entitlement_id = $1 and first_day = $2",
            used.entitlement as EntitlementId,
            period,
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query!(
        "update entitlement set credits_left = credits_left + $2, expires_at = greatest(expires_at, $3)
         where id = $1 and credits is not null",
        used.entitlement as EntitlementId,
        used.credits,
        now + TimeDelta::days(grace_days.into()),
    )
    .execute(&mut *conn)
    .await?;
    let value = (Account::Sales, Account::Prepaid, used.value_minor);
    ledger::post(conn, Kind::CreditsReturned, &format!("use:{}", used.id), value, &used.currency, now).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_on_monday_or_on_the_first() {
        let day: NaiveDate = "2026-11-22".parse().unwrap();
        assert_eq!(first_day(day, true).to_string(), "2026-11-16");
        assert_eq!(first_day(day, false).to_string(), "2026-11-01");
    }
}
