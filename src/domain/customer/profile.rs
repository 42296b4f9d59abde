//! A customer as the staff see them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;

use crate::catalog::{self, Asker, BookingView, WaitingView};
use crate::customer::Source;
use crate::entitlements::{self, Held};
use crate::{CustomerId, Language, Money};

/// A customer as the staff see them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Profile {
    /// Theirs; of those who were merged, the one who stayed.
    pub id: CustomerId,
    /// As WhatsApp or the staff call them.
    pub name: Option<String>,
    /// Digits, country code first.
    pub phone: Option<String>,
    /// What they are spoken to in; none: the house's.
    pub language: Option<Language>,
    /// What is known of their wishes.
    pub preferences: Value,
    /// Since when we know them.
    pub since: DateTime<Utc>,
    /// Since when they are blocked.
    pub blocked_at: Option<DateTime<Utc>>,
    /// Since when they were erased; then there is little else.
    pub erased_at: Option<DateTime<Utc>>,
    /// Whether they may be written to unasked.
    pub consent: ConsentState,
    /// Places to come, soonest first.
    pub bookings: Vec<BookingView>,
    /// Sessions that they wait for, soonest first.
    pub waiting: Vec<WaitingView>,
    /// What they bought ahead and is still good.
    pub entitlements: Vec<Held>,
    /// What came in and went back, for each currency.
    pub money: Vec<Totals>,
    /// How they kept their bookings.
    pub record: Record,
}

/// Whether somebody may be written to unasked, and where we know it from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsentState {
    /// Since when they do not want it.
    pub opted_out_at: Option<DateTime<Utc>>,
    /// Where the last word came from, if there was any.
    pub source: Option<Source>,
    /// When that was.
    pub at: Option<DateTime<Utc>>,
}

/// Money of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// What they paid.
    pub paid: Money,
    /// What of it went back or is on its way.
    pub returned: Money,
}

/// How somebody kept their bookings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Bookings that stand or stood, without those that were given up.
    pub bookings: i64,
    /// To which they came.
    pub visits: i64,
    /// To which they did not come.
    pub no_shows: i64,
    /// Which they gave up so late that it counts as not having come.
    pub late_cancels: i64,
}

/// A customer as the staff see them. None: the tenant has no such customer.
pub async fn profile(
    conn: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Profile>> {
    let row = sqlx::query!(
        r#"
        select id as "id: CustomerId", name, phone, language as "language: Language", preferences, created_at, blocked_at, erased_at,
               opted_out_at, last.source as "source?: Source", last.at as "at?"
        from customer c left join lateral (
          select source, at from consent where customer_id = c.id order by id desc limit 1) last on true
        where id = (select coalesce(merged_into, id) from customer where id = $1)
        "#,
        customer as CustomerId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let language = super::addressee(conn, row.id).await?.language;
    let asker = Asker::new(conn, row.id, language, now).await?;
    let found = catalog::find_bookings(conn, &asker).await?;
    Ok(Some(Profile {
        id: row.id,
        name: row.name,
        phone: row.phone,
        language: row.language,
        preferences: row.preferences,
        since: row.created_at,
        blocked_at: row.blocked_at,
        erased_at: row.erased_at,
        consent: ConsentState { opted_out_at: row.opted_out_at, source: row.source, at: row.at },
        bookings: found.bookings,
        waiting: found.waiting,
        entitlements: entitlements::held_by(conn, row.id, now).await?,
        money: money(conn, row.id).await?,
        record: record(conn, row.id).await?,
    }))
}

async fn money(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Vec<Totals>> {
    let rows = sqlx::query!(
        r#"
        select currency, sum(captured_minor)::bigint as "paid!", sum(refunded_minor)::bigint as "returned!" from payment
        where customer_id = $1 and captured_minor > 0 group by currency order by currency
        "#,
        customer as CustomerId,
    )
    .fetch_all(conn)
    .await?;
    let totals = rows.into_iter().map(|row| Totals {
        paid: Money::new(row.paid, &row.currency),
        returned: Money::new(row.returned, &row.currency),
    });
    Ok(totals.collect())
}

async fn record(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Record> {
    sqlx::query_as!(
        Record,
        r#"
        select count(*) filter (where state = 'booked') as "bookings!", count(*) filter (where checked_in_at is not null) as "visits!",
               count(*) filter (where no_show_at is not null) as "no_shows!", count(*) filter (where late) as "late_cancels!"
        from seat where customer_id = $1
        "#,
        customer as CustomerId,
    )
    .fetch_one(conn)
    .await
}
