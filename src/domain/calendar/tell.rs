//! Those who are booked hear of a change, and are not bound by it.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use crate::after::After;
use crate::notices::{self, Kind, Plan};
use crate::{CustomerId, RuleId, SeatId, SessionId};

/// Locks what is proposed about a session: proposals are locked before sessions everywhere.
pub(super) async fn lock_proposals(conn: &mut PgConnection, session: SessionId) -> sqlx::Result<()> {
    sqlx::query!(
        "select id from proposal where session_id = $1 and state = 'open' order by id for no key update",
        session as SessionId,
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// The same for all sessions of a rule.
pub(super) async fn lock_proposals_of(conn: &mut PgConnection, rule: RuleId) -> sqlx::Result<()> {
    sqlx::query!(
        "select id from proposal
         where state = 'open' and session_id in (select s.id from session s where s.rule_id = $1) order by id for no key update",
        rule as RuleId,
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

struct Booked {
    seat: SeatId,
    customer: CustomerId,
    /// It is held for somebody who waited, and has not said yes.
    is_offered: bool,
}

/// Time, place or person changed, for the `changes`th time: who is booked is told and may cancel free of charge, and what
/// was proposed of the session as it was is off the table.
pub(super) async fn changed(
    conn: &mut PgConnection,
    session: SessionId,
    changes: i32,
    starts_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<After> {
    withdraw_proposals(conn, session, now).await?;
    let mut after = After::default();
    for booked in free_of_charge(conn, session).await?.into_iter().filter(|booked| !booked.is_offered) {
        let notice = Plan {
            customer: booked.customer,
            kind: Kind::SessionChanged,
            subject: format!("seat:{}:{changes}", booked.seat),
            facts: json!({ "seat": booked.seat }),
            due_at: now,
            useful_until: Some(starts_at),
        };
        after.notices.extend(notices::plan(conn, notice).await?);
    }
    Ok(after)
}

async fn free_of_charge(conn: &mut PgConnection, session: SessionId) -> sqlx::Result<Vec<Booked>> {
    sqlx::query_as!(
        Booked,
        r#"
        with freed as (
          update seat set free_cancel = true where session_id = $1 and state <> 'cancelled' returning id, customer_id
        )
        select f.id as "seat: SeatId", f.customer_id as "customer: CustomerId",
               exists (select from waitlist_entry e where e.seat_id = f.id and e.state = 'offered') as "is_offered!"
        from freed f order by f.id
        "#,
        session as SessionId,
    )
    .fetch_all(conn)
    .await
}

/// A yes to a summary that is not true any more books nothing. Giving a place up is another matter. What was proposed
/// since they were locked, and is being said yes to, is let be: that transaction waits for this one.
async fn withdraw_proposals(conn: &mut PgConnection, session: SessionId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update proposal set state = 'superseded', decided_at = $2
         where id in (select id from proposal where session_id = $1 and state = 'open' and kind in ('book', 'move')
                      for no key update skip locked)",
        session as SessionId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
