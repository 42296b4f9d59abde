//! What is to be done by now, whether or not anybody is at it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;

use crate::notices::{self, Kind, Plan};
use crate::{After, EntryId, NoticeId, RefundId, SeatId, calendar, entitlements, waitlist};

/// Work that is under way is left alone for so long.
const LATE: TimeDelta = TimeDelta::seconds(45);

/// Reminders that are due; and what should have been done a while ago, because the work for it was lost.
pub async fn due(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<After> {
    let mut after = After { notices: notices::remind(conn, now).await?, ..After::default() };
    for lapsing in entitlements::lapsing(conn, now).await? {
        let notice = Plan {
            customer: lapsing.customer,
            kind: Kind::CreditsExpiring,
            subject: format!("entitlement:{}:{}", lapsing.entitlement, lapsing.expires_at.timestamp()),
            facts: json!({ "entitlement": lapsing.entitlement }),
            due_at: now,
            useful_until: Some(lapsing.expires_at),
        };
        after.notices.extend(notices::plan(conn, notice).await?);
    }
    entitlements::lapse(conn, now).await?;
    waitlist::close_started(conn, now).await?;
    let late = now - LATE;
    after.notices.extend(lost_notices(conn, late).await?);
    after.holds = lost_holds(conn, late).await?;
    after.offers = lost_offers(conn, late).await?;
    after.refunds = lost_refunds(conn, late).await?;
    after.called_off = calendar::unsettled(conn, late).await?;
    Ok(after)
}

async fn lost_notices(conn: &mut PgConnection, late: DateTime<Utc>) -> sqlx::Result<Vec<NoticeId>> {
    notices::due(conn, late).await
}

async fn lost_holds(conn: &mut PgConnection, late: DateTime<Utc>) -> sqlx::Result<Vec<SeatId>> {
    sqlx::query_scalar!(
        r#"
        select x.id as "id: SeatId" from seat x where x.state = 'held' and x.hold_expires_at < $1
          and not exists (select from waitlist_entry e where e.seat_id = x.id and e.state = 'offered')
        order by x.hold_expires_at limit 200
        "#,
        late,
    )
    .fetch_all(conn)
    .await
}

async fn lost_offers(conn: &mut PgConnection, late: DateTime<Utc>) -> sqlx::Result<Vec<EntryId>> {
    sqlx::query_scalar!(
        r#"
        select id as "id: EntryId" from waitlist_entry where state = 'offered' and offer_expires_at < $1
        order by offer_expires_at limit 200
        "#,
        late,
    )
    .fetch_all(conn)
    .await
}

async fn lost_refunds(conn: &mut PgConnection, late: DateTime<Utc>) -> sqlx::Result<Vec<RefundId>> {
    sqlx::query_scalar!(
        r#"select id as "id: RefundId" from refund where state = 'requested' and created_at < $1 order by id limit 200"#,
        late,
    )
    .fetch_all(conn)
    .await
}
