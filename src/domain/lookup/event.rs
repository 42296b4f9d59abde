//! The business event behind a message that nobody asked for: the notice that it tells, and what that one is about.

use serde_json::Value;
use sqlx::PgConnection;

use super::why::{Link, LinkKind};
use crate::MessageId;

/// What rows a notice or a document is about, by their ids.
#[derive(Debug, Default)]
struct About {
    seat: Option<i64>,
    entry: Option<i64>,
    payment: Option<i64>,
    refund: Option<i64>,
    entitlement: Option<i64>,
    session: Option<i64>,
}

impl About {
    /// From what was written down with it, and from its subject: `seat:12:120:1790000000`.
    fn read(subject: &str, facts: &Value) -> Self {
        let mut words = subject.split(':');
        let (kind, number) = (words.next(), words.next().and_then(|id| id.parse().ok()));
        let of = |name: &str| facts.get(name).and_then(Value::as_i64).or(number.filter(|_| kind == Some(name)));
        Self {
            seat: of("seat"),
            entry: of("entry"),
            payment: of("payment"),
            refund: of("refund"),
            entitlement: of("entitlement"),
            session: of("session"),
        }
    }
}

/// The notice that a message tells and what it is about; or what the document in it is about. Empty: it is the answer of a
/// turn.
pub(super) async fn notice(conn: &mut PgConnection, message: MessageId) -> sqlx::Result<Vec<Link>> {
    let row = sqlx::query!(
        r#"
        select n.id, n.kind, n.subject, n.facts, n.due_at, n.state, n.reason, n.settled_at from notice n where n.message_id = $1
        union all
        select null, 'document', '', m.content #> '{document,kind}', null, null, null, null
        from message m where m.id = $1 and m.content -> 'document' <> 'null'
        limit 1
        "#,
        message as MessageId,
    );
    let Some(row) = row.fetch_optional(&mut *conn).await? else { return Ok(Vec::new()) };
    let facts = row.facts.unwrap_or_default();
    let (mut links, about) = match row.id {
        Some(id) => {
            let notice = Link { until: row.settled_at, ..Link::new(LinkKind::Notice, &id, row.due_at) }
                .with("kind", row.kind)
                .with("state", row.state)
                .with("reason", row.reason);
            (vec![notice], About::read(&row.subject.unwrap_or_default(), &facts))
        }
        None => (Vec::new(), document(&facts)),
    };
    links.extend(of(conn, about).await?);
    Ok(links)
}

/// `{"receipt": {"payment": 7}}`, `{"calendar": {"seat": 7}}`.
fn document(kind: &Value) -> About {
    let number = |pointer: &str| kind.pointer(pointer).and_then(Value::as_i64);
    About { payment: number("/receipt/payment"), seat: number("/calendar/seat"), ..About::default() }
}

/// The rows, from the nearest cause to the farthest.
async fn of(conn: &mut PgConnection, about: About) -> sqlx::Result<Vec<Link>> {
    let rows = sqlx::query!(
        r#"
        with refunds as (select * from refund where id = $1),
        payments as (select * from payment where id = $2 or id = (select payment_id from refunds)),
        entries as (select * from waitlist_entry where id = $3),
        seats as (select * from seat where id = coalesce($4, (select seat_id from payments), (select seat_id from entries)))
        select 1 as place, 'refund' as "kind!", id as "id!", state as "state!", reason as why, created_at as at, settled_at as until, null::bigint as job
        from refunds
        union all
        select 2, 'payment', id, state, method, created_at, captured_at, null from payments
        union all
        select 3, 'waitlist', id, state, (select l.event from waitlist_log l where l.entry_id = entries.id order by l.id desc limit 1),
               joined_at, offer_expires_at, awaited_by from entries
        union all
        select 4, 'plan', id, state, null, created_at, expires_at, null from entitlement
        where id = coalesce($5, (select entitlement_id from payments))
        union all
        select 5, 'booking', id, state, cancelled_by, created_at, cancelled_at, awaited_by from seats
        union all
        select 6, 'session', s.id, s.status, v.slug, s.starts_at, s.ends_at, null from session s join service v on v.id = s.service_id
        where s.id = coalesce($6, (select session_id from seats), (select session_id from entries))
        order by 1
        "#,
        about.refund,
        about.payment,
        about.entry,
        about.seat,
        about.entitlement,
        about.session,
    )
    .fetch_all(conn)
    .await?;
    let links = rows.into_iter().filter_map(|row| {
        let (kind, why) = known(&row.kind)?;
        let link = Link { until: row.until, job: row.job, ..Link::new(kind, &row.id, row.at) };
        Some(link.with("state", Some(row.state)).with(why, row.why))
    });
    Ok(links.collect())
}

/// What it is, and the name of what more is known of it.
fn known(kind: &str) -> Option<(LinkKind, &'static str)> {
    Some(match kind {
        "refund" => (LinkKind::Refund, "reason"),
        "payment" => (LinkKind::Payment, "method"),
        "waitlist" => (LinkKind::Waitlist, "event"),
        "plan" => (LinkKind::Plan, "plan"),
        "booking" => (LinkKind::Booking, "cancelled_by"),
        "session" => (LinkKind::Session, "service"),
        _ => return None,
    })
}
