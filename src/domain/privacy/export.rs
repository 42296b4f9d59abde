//! A copy of all that is known of a person.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Counts, sections};
use crate::{CustomerId, ExportId};

/// How long a copy is kept.
const KEPT: TimeDelta = TimeDelta::days(30);

/// A copy of all that is known of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// One JSON document: `profile`, `consents`, `conversations` with their messages, `turns`, `proposals`, `quotes`,
    /// `bookings`, `waitlist` with its log, `payments` with refunds, `entitlements` with uses, `notices`.
    pub document: Value,
    /// Rows of each table that are in it.
    pub counts: Counts,
}

/// A copy that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its id.
    pub id: ExportId,
    /// Of whom.
    pub customer: CustomerId,
    /// Rows of each table that are in it.
    pub counts: Counts,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it is removed.
    pub expires_at: DateTime<Utc>,
}

/// Copies all that is known of a person, also from before two contacts of theirs were merged. None: there is no such
/// customer.
pub async fn export(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Option<Export>> {
    let family = sqlx::query_scalar!(
        "select id from customer
         where coalesce(merged_into, id) = (select coalesce(c.merged_into, c.id) from customer c where c.id = $1) order by id",
        customer as CustomerId,
    )
    .fetch_all(&mut *conn)
    .await?;
    if family.is_empty() {
        return Ok(None);
    }
    let document = json!({
        "profile": sections::profile(conn, &family).await?,
        "consents": sections::consents(conn, &family).await?,
        "conversations": sections::conversations(conn, &family).await?,
        "turns": sections::turns(conn, &family).await?,
        "proposals": sections::proposals(conn, &family).await?,
        "quotes": sections::quotes(conn, &family).await?,
        "bookings": sections::bookings(conn, &family).await?,
        "waitlist": sections::waitlist(conn, &family).await?,
        "payments": sections::payments(conn, &family).await?,
        "entitlements": sections::entitlements(conn, &family).await?,
        "notices": sections::notices(conn, &family).await?,
    });
    let counts = counts(&document);
    Ok(Some(Export { document, counts }))
}

/// Of each table, where its rows are in the document: the part, and lists within its rows.
const TABLES: [(&str, &[&str]); 17] = [
    ("customer", &["profile"]),
    ("consent", &["consents"]),
    ("conversation", &["conversations"]),
    ("message", &["conversations", "messages"]),
    ("delivery_status", &["conversations", "messages", "statuses"]),
    ("turn", &["turns"]),
    ("proposal", &["proposals"]),
    ("quote", &["quotes"]),
    ("seat", &["bookings"]),
    ("waitlist_entry", &["waitlist"]),
    ("waitlist_log", &["waitlist", "log"]),
    ("payment", &["payments"]),
    ("refund", &["payments", "refunds"]),
    ("entitlement", &["entitlements"]),
    ("entitlement_use", &["entitlements", "uses"]),
    ("entitlement_period", &["entitlements", "periods"]),
    ("notice", &["notices"]),
];

fn counts(document: &Value) -> Counts {
    TABLES.iter().map(|(table, path)| ((*table).to_owned(), rows(document, path))).collect()
}

fn rows(within: &Value, path: &[&str]) -> i64 {
    let Some((first, rest)) = path.split_first() else { return 1 };
    let list = within.get(first).and_then(Value::as_array);
    list.into_iter().flatten().map(|row| rows(row, rest)).sum()
}

/// Makes a copy and keeps it for 30 days, so that somebody can hand it over. None: there is no such customer.
pub async fn keep(conn: &mut PgConnection, customer: CustomerId, now: DateTime<Utc>) -> sqlx::Result<Option<Kept>> {
    let Some(Export { document, counts }) = export(conn, customer).await? else { return Ok(None) };
    let expires_at = now + KEPT;
    let row = sqlx::query!(
        r#"
        insert into privacy_export (customer_id, document, counts, created_at, expires_at)
        select coalesce(merged_into, id), $2, $3, $4, $5 from customer where id = $1
        returning id as "id: ExportId", customer_id as "customer: CustomerId"
        "#,
        customer as CustomerId,
        document,
        Json(&counts) as _,
        now,
        expires_at,
    )
    .fetch_one(conn)
    .await?;
    Ok(Some(Kept { id: row.id, customer: row.customer, counts, created_at: now, expires_at }))
}

/// The copies of a customer that are kept, the latest first.
pub async fn exports(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Vec<Kept>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: ExportId", customer_id as "customer: CustomerId", counts as "counts: Json<Counts>", created_at, expires_at
        from privacy_export where customer_id = $1 order by id desc
        "#,
        customer as CustomerId,
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        customer: row.customer,
        counts: row.counts.0,
        created_at: row.created_at,
        expires_at: row.expires_at,
    });
    Ok(kept.collect())
}

/// The document of a copy that is kept, and of whom it is.
pub async fn kept(conn: &mut PgConnection, id: ExportId) -> sqlx::Result<Option<(CustomerId, Value)>> {
    let row = sqlx::query!(
        r#"select customer_id as "customer: CustomerId", document from privacy_export where id = $1"#,
        id as ExportId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.customer, row.document)))
}
