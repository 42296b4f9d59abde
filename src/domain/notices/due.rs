//! What is to be told now.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Kind, Plan, Quiet, due_at, plan};
use crate::{CustomerId, NoticeId, SeatId, tenant};

/// A reminder may go out this much earlier than wanted, because of quiet hours.
const EARLIER: TimeDelta = TimeDelta::hours(24);
/// At one time.
const MOST: i64 = 500;

/// Notices that wait to be sent, oldest first.
pub async fn due(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<NoticeId>> {
    sqlx::query_scalar!(
        r#"select id as "id: NoticeId" from notice where state = 'planned' and due_at <= $1 order by due_at, id limit $2"#,
        now,
        MOST,
    )
    .fetch_all(conn)
    .await
}

struct House {
    zone: String,
    reminder_minutes: Vec<i32>,
    quiet_from: NaiveTime,
    quiet_until: NaiveTime,
}

struct Near {
    seat: SeatId,
    customer: CustomerId,
    starts_at: DateTime<Utc>,
    booked_at: DateTime<Utc>,
}

/// Writes down the reminders that are due now. One who booked after it would have been due is not reminded.
pub async fn remind(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<NoticeId>> {
    let house = sqlx::query_as!(
        House,
        "select zone, reminder_minutes, quiet_from, quiet_until from tenant
         where id = nullif(current_setting('holdfast.tenant', true), '')::bigint",
    )
    .fetch_one(&mut *conn)
    .await?;
    let zone = tenant::read_zone(&house.zone)?;
    let quiet = Quiet { from: house.quiet_from, until: house.quiet_until, zone };
    let mut notices = Vec::new();
    for minutes in house.reminder_minutes {
        let before = TimeDelta::minutes(minutes.into());
        for near in near(conn, minutes, now, now + before + EARLIER).await? {
            let wanted = due_at(near.starts_at - before, near.starts_at, quiet);
            if wanted <= now && near.booked_at <= wanted {
                notices.extend(plan(conn, near.reminder(minutes, now)).await?);
            }
        }
    }
    Ok(notices)
}

/// Bookings of sessions that start until then and were not reminded of.
async fn near(
    conn: &mut PgConnection,
    minutes: i32,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<Vec<Near>> {
    sqlx::query_as!(
        Near,
        r#"
        select x.id as "seat: SeatId", x.customer_id as "customer: CustomerId", s.starts_at, x.created_at as booked_at
        from session s join seat x on x.session_id = s.id
        where s.status = 'scheduled' and s.starts_at > $1 and s.starts_at <= $2 and x.state = 'booked'
          and not exists (select from notice n where n.kind = 'reminder'
                          and n.subject = 'seat:' || x.id || ':' || $3::integer || ':' || extract(epoch from s.starts_at)::bigint)
        order by s.starts_at, x.id limit 5000
        "#,
        now,
        until,
        minutes,
    )
    .fetch_all(conn)
    .await
}

impl Near {
    fn reminder(&self, minutes: i32, now: DateTime<Utc>) -> Plan {
        Plan {
            customer: self.customer,
            kind: Kind::Reminder,
            subject: format!("seat:{}:{minutes}:{}", self.seat, self.starts_at.timestamp()),
            facts: serde_json::json!({ "seat": self.seat }),
            due_at: now,
            useful_until: Some(self.starts_at),
        }
    }
}
