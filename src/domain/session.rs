//! A session with what decides about it.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use crate::{ServiceId, SessionId, tenant};

/// One session, and the terms of the house.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What it is of.
    pub service: ServiceId,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Whether the business called it off.
    pub is_cancelled: bool,
    /// All places.
    pub capacity: i32,
    /// Places that are held or booked.
    pub booked: i32,
    /// Base price of one place, in minor units.
    pub price_minor: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Whether a place is held until it is paid.
    pub prepaid: bool,
    /// Whether it was made for one booking, and goes with it.
    pub is_appointment: bool,
    /// Of the house.
    pub terms: Terms,
}

/// What a house decided about its bookings.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Of every local date and time.
    pub zone: Tz,
    /// How many days before its start a session can first be booked.
    pub opens_days: Option<i32>,
    /// How many minutes before its start it can no longer be booked.
    pub closes_minutes: i32,
    /// How long a place that must be paid is held, in minutes.
    pub hold_minutes: i32,
    /// How long a price stands, in minutes.
    pub quote_minutes: i32,
    /// What happens when a place becomes free.
    pub waitlist: Mode,
    /// How long an offered place is held at most, in minutes.
    pub claim_minutes: i32,
    /// How many minutes before the start nobody is moved up any more.
    pub cutoff_minutes: i32,
}

/// What happens when a place becomes free and somebody waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Mode {
    /// The first who waits has it.
    Auto,
    /// It is held for the first who waits, until they take it or their time is up.
    Offer,
    /// All who wait are told; who is first has it.
    Notify,
}

struct Row {
    id: SessionId,
    service: ServiceId,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    is_cancelled: bool,
    capacity: i32,
    booked: i32,
    price_minor: i64,
    currency: String,
    prepaid: bool,
    is_appointment: bool,
    zone: String,
    opens_days: Option<i32>,
    closes_minutes: i32,
    hold_minutes: i32,
    quote_minutes: i32,
    waitlist: Mode,
    claim_minutes: i32,
    cutoff_minutes: i32,
}

/// The session, if the tenant has it.
pub async fn load(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<Option<Session>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select s.id as "id: SessionId", s.service_id as "service: ServiceId", s.starts_at, s.ends_at,
               s.status = 'cancelled' as "is_cancelled!", s.capacity, s.booked, s.price_minor, s.currency, v.prepaid,
               v.kind = 'appointment' and s.rule_id is null as "is_appointment!", t.zone,
               t.booking_opens_days as opens_days, t.booking_closes_minutes as closes_minutes, t.hold_minutes, t.quote_minutes,
               t.waitlist_mode as "waitlist: Mode", t.claim_minutes, t.waitlist_cutoff_minutes as cutoff_minutes
        from session s join service v on v.id = s.service_id join tenant t on t.id = s.tenant_id
        where s.id = $1
        "#,
        id as SessionId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::session).transpose()
}

/// The session, locked until the transaction ends: who decides about its places next waits.
pub async fn lock(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<Option<Session>> {
    // Two statements: one would read its other tables as they were before it had to wait.
    let locked = sqlx::query!("select id from session where id = $1 for no key update", id as SessionId);
    match locked.fetch_optional(&mut *conn).await? {
        Some(_) => load(conn, id).await,
        None => Ok(None),
    }
}

impl Row {
    fn session(self) -> sqlx::Result<Session> {
        let terms = Terms {
            zone: tenant::read_zone(&self.zone)?,
            opens_days: self.opens_days,
            closes_minutes: self.closes_minutes,
            hold_minutes: self.hold_minutes,
            quote_minutes: self.quote_minutes,
            waitlist: self.waitlist,
            claim_minutes: self.claim_minutes,
            cutoff_minutes: self.cutoff_minutes,
        };
        Ok(Session {
            id: self.id,
            service: self.service,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            is_cancelled: self.is_cancelled,
            capacity: self.capacity,
            booked: self.booked,
            price_minor: self.price_minor,
            currency: self.currency,
            prepaid: self.prepaid,
            is_appointment: self.is_appointment,
            terms,
        })
    }
}

impl Session {
    /// Whether it has begun.
    #[must_use]
    pub fn has_started(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now
    }

    /// Places that nobody holds.
    #[must_use]
    pub const fn free(&self) -> i32 {
        self.capacity - self.booked
    }

    /// Whether it is so near that nobody is moved up from the waiting list any more.
    #[must_use]
    pub fn is_past_cutoff(&self, now: DateTime<Utc>) -> bool {
        now >= self.starts_at - TimeDelta::minutes(self.terms.cutoff_minutes.into())
    }
}
