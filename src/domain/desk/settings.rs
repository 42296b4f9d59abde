//! What a house decided about its bookings.

use chrono::NaiveTime;
use sqlx::PgConnection;

use crate::session::Mode;

/// All of it. Lengths are in the unit of their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long before its start a session can first be booked; none: whenever it is in the calendar.
    pub booking_opens_days: Option<i32>,
    /// How long before its start it can no longer be booked.
    pub booking_closes_minutes: i32,
    /// How long a place that must be paid is held.
    pub hold_minutes: i32,
    /// How long a price stands.
    pub quote_minutes: i32,
    /// What happens when a place becomes free.
    pub waitlist_mode: Mode,
    /// How long an offered place is held at most.
    pub claim_minutes: i32,
    /// How long before the start nobody is moved up any more.
    pub waitlist_cutoff_minutes: i32,
    /// How long before the start a booking is reminded of.
    pub reminder_minutes: Vec<i32>,
    /// From when on nobody is written to unasked, by the wall clock.
    pub quiet_from: NaiveTime,
    /// Until when.
    pub quiet_until: NaiveTime,
    /// How long credits that come back live on at least.
    pub credit_grace_days: i32,
    /// How long what was said is kept.
    pub retention_days: i32,
}

/// How early a session can be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// As soon as it is in the calendar.
    AtOnce,
    /// So many days before its start.
    Days(i32),
}

/// What is to be different; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// See [`Settings`].
    pub booking_opens: Option<Opens>,
    /// See [`Settings`].
    pub booking_closes_minutes: Option<i32>,
    /// See [`Settings`].
    pub hold_minutes: Option<i32>,
    /// See [`Settings`].
    pub quote_minutes: Option<i32>,
    /// See [`Settings`].
    pub waitlist_mode: Option<Mode>,
    /// See [`Settings`].
    pub claim_minutes: Option<i32>,
    /// See [`Settings`].
    pub waitlist_cutoff_minutes: Option<i32>,
    /// See [`Settings`].
    pub reminder_minutes: Option<Vec<i32>>,
    /// See [`Settings`].
    pub quiet_from: Option<NaiveTime>,
    /// See [`Settings`].
    pub quiet_until: Option<NaiveTime>,
    /// See [`Settings`].
    pub credit_grace_days: Option<i32>,
    /// See [`Settings`].
    pub retention_days: Option<i32>,
}

/// As they are.
pub async fn load(conn: &mut PgConnection) -> sqlx::Result<Settings> {
    sqlx::query_as!(
        Settings,
        r#"
        select booking_opens_days, booking_closes_minutes, hold_minutes, quote_minutes, waitlist_mode as "waitlist_mode: Mode",
               claim_minutes, waitlist_cutoff_minutes, reminder_minutes, quiet_from, quiet_until, credit_grace_days, retention_days
        from tenant where id = nullif(current_setting('holdfast.tenant', true), '')::bigint
        "#,
    )
    .fetch_one(conn)
    .await
}

/// Changes them, for everything that is decided from now on.
pub async fn change(conn: &mut PgConnection, change: &Change) -> sqlx::Result<()> {
    let opens_days = match change.booking_opens {
        Some(Opens::Days(days)) => Some(days),
        Some(Opens::AtOnce) | None => None,
    };
    sqlx::query!(
        "update tenant set booking_opens_days = case when $1 then $2 else booking_opens_days end,
           booking_closes_minutes = coalesce($3, booking_closes_minutes), hold_minutes = coalesce($4, hold_minutes),
           quote_minutes = coalesce($5, quote_minutes), waitlist_mode = coalesce($6, waitlist_mode),
           claim_minutes = coalesce($7, claim_minutes), waitlist_cutoff_minutes = coalesce($8, waitlist_cutoff_minutes),
           reminder_minutes = coalesce($9, reminder_minutes), quiet_from = coalesce($10, quiet_from),
           quiet_until = coalesce($11, quiet_until), credit_grace_days = coalesce($12, credit_grace_days),
           retention_days = coalesce($13, retention_days)
         where id = nullif(current_setting('holdfast.tenant', true), '')::bigint",
        change.booking_opens.is_some(),
        opens_days,
        change.booking_closes_minutes,
        change.hold_minutes,
        change.quote_minutes,
        change.waitlist_mode as Option<Mode>,
        change.claim_minutes,
        change.waitlist_cutoff_minutes,
        change.reminder_minutes.as_deref(),
        change.quiet_from,
        change.quiet_until,
        change.credit_grace_days,
        change.retention_days,
    )
    .execute(conn)
    .await?;
    Ok(())
}
