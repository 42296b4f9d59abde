//! The log of what came in, without what it says.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Which bodies are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those of which something was put aside.
    pub quarantined: bool,
}

/// One body that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Under which it is kept.
    pub id: i64,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// How long it is, in bytes.
    pub bytes: i64,
    /// `whatsapp`, `payments` (only what belongs to no business here: see [`payments`]), or `unknown`.
    pub source: String,
    /// Messages of customers in it.
    pub messages: i64,
    /// News of messages of ours.
    pub statuses: i64,
    /// Of what kinds these are (`text`, `delivered`, …). Empty for one that cannot be read, or is longer than 256 KiB.
    pub kinds: Vec<String>,
    /// What was put aside.
    pub quarantined: Vec<Quarantined>,
    /// Something of it was erased: it cannot be taken in once more.
    pub is_erased: bool,
}

/// A part of a body that was put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// WhatsApp's id of the number that it was for.
    pub phone_number_id: String,
    /// Why.
    pub reason: String,
    /// A business here has that number by now.
    pub is_known_now: bool,
}

/// The newest bodies before the id `before`, newest first, at most `most` (and never more than 200). A body may be for
/// several businesses: this is for people who may look at all of them.
pub async fn list(conn: &mut PgConnection, filter: Filter, before: Option<i64>, most: i32) -> sqlx::Result<Vec<Entry>> {
    let rows = sqlx::query!(
        r#"
        select l.id as "id!", l.received_at as "received_at!", l.bytes as "bytes!", l.source as "source!", l.messages as "messages!",
               l.statuses as "statuses!", l.kinds as "kinds!", l.erased as "is_erased!",
               array(select q.phone_number_id from webhook_quarantine q where q.event_id = l.id order by q.id) as "numbers!",
               array(select q.reason from webhook_quarantine q where q.event_id = l.id order by q.id) as "reasons!",
               array(select exists (select from channel c where c.phone_number_id = q.phone_number_id)
                     from webhook_quarantine q where q.event_id = l.id order by q.id) as "known!"
        from webhook_log($1, $2, $3) l order by l.id desc
        "#,
        before,
        most,
        filter.quarantined,
    )
    .fetch_all(conn)
    .await?;
    let entries = rows.into_iter().map(|row| Entry {
        id: row.id,
        received_at: row.received_at,
        bytes: row.bytes.into(),
        source: row.source,
        messages: row.messages,
        statuses: row.statuses,
        kinds: row.kinds,
        quarantined: quarantined(row.numbers, row.reasons, row.known),
        is_erased: row.is_erased,
    });
    Ok(entries.collect())
}

fn quarantined(numbers: Vec<String>, reasons: Vec<String>, known: Vec<bool>) -> Vec<Quarantined> {
    let rows = numbers.into_iter().zip(reasons).zip(known);
    rows.map(|((phone_number_id, reason), is_known_now)| Quarantined { phone_number_id, reason, is_known_now })
        .collect()
}

/// One body, whoever it is about: whoever looks at it writes down that they did. None: there is none of this id.
pub async fn body(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("select webhook_body($1)", id).fetch_one(conn).await
}

/// Something that the payment provider told one business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentTold {
    /// The provider's id of it; the key of the job `settle_payment` that takes it in.
    pub event: String,
    /// What happened: `link_paid`, `refund_changed`, … Empty: it was erased.
    pub kind: String,
    /// `payment:` or `refund:` and our id, or the provider's id of the payment or link.
    pub about: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When it was taken in. None: it came before what it is about, and waits.
    pub applied_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Option<String>,
}

/// What the payment provider told the business of this transaction, newest first; after the first page those before the
/// last one's time and id.
pub async fn payments(
    conn: &mut PgConnection,
    before: Option<(DateTime<Utc>, &str)>,
    most: i64,
) -> sqlx::Result<Vec<PaymentTold>> {
    let (at, event) = before.unzip();
    sqlx::query_as!(
        PaymentTold,
        r#"
        select event, coalesce(body #>> '{kind,kind}', '') as "kind!", about, received_at, applied_at, outcome from payment_event
        where $1::timestamptz is null or (received_at <= $1 and (received_at < $1 or event < $2))
        order by received_at desc, event desc limit $3
        "#,
        at,
        event,
        most,
    )
    .fetch_all(conn)
    .await
}
