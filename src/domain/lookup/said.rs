//! What was said around a message: the statuses of it, the turn it was thought in, what the customer wrote.

use sqlx::PgConnection;

use super::{
    mask,
    why::{Link, LinkKind},
};
use crate::MessageId;

/// What WhatsApp told of a message, the latest first. A message that was sent once more has statuses of both times.
pub(super) async fn statuses(conn: &mut PgConnection, message: MessageId) -> sqlx::Result<Vec<Link>> {
    let rows = sqlx::query!(
        r#"
        select d.id, d.wamid, d.status, d.at, d.error_code, d.body #>> '{errors,0,title}' as error,
               d.body #>> '{pricing,category}' as category, d.body #>> '{pricing,billable}' as billable
        from (select phone_number_id, wamid from message where id = $1 and wamid is not null) m
        join delivery_status d on d.phone_number_id = m.phone_number_id and d.wamid = m.wamid
        order by d.at desc, d.id desc limit 50
        "#,
        message as MessageId,
    )
    .fetch_all(conn)
    .await?;
    let links = rows.into_iter().map(|row| {
        Link::new(LinkKind::Status, &row.id, Some(row.at))
            .with("status", Some(row.status))
            .with("wamid", Some(row.wamid))
            .with("code", row.error_code)
            .with("error", row.error)
            .with("category", row.category)
            .with("billable", row.billable)
    });
    Ok(links.collect())
}

/// The turns among these jobs.
pub(super) async fn turns(conn: &mut PgConnection, jobs: &[i64]) -> sqlx::Result<Vec<Link>> {
    let rows = sqlx::query!(
        "select id, gathered_at, at, outcome, model, tokens_in, tokens_out from turn where id = any($1) order by id desc",
        jobs,
    )
    .fetch_all(conn)
    .await?;
    let links = rows.into_iter().map(|row| Link {
        until: row.at,
        job: Some(row.id),
        ..Link::new(LinkKind::Turn, &row.id, Some(row.gathered_at))
            .with("outcome", row.outcome)
            .with("model", row.model)
            .with("tokens_in", row.tokens_in)
            .with("tokens_out", row.tokens_out)
    });
    Ok(links.collect())
}

/// What customers wrote that these turns answered, the latest first.
pub(super) async fn heard(conn: &mut PgConnection, turns: &[i64], reveal: bool) -> sqlx::Result<Vec<Link>> {
    let rows = sqlx::query!(
        r#"
        select id, wamid, kind, text, payload, sent_at, received_at, turn_id, deleted_at is not null as "is_deleted!" from message
        where turn_id = any($1) and direction = 'in' order by sent_at desc, id desc limit 50
        "#,
        turns,
    )
    .fetch_all(conn)
    .await?;
    let links = rows.into_iter().map(|row| Link {
        text: if reveal { row.text } else { row.text.as_deref().map(mask::text) },
        until: Some(row.received_at),
        job: row.turn_id,
        ..Link::new(LinkKind::Inbound, &row.id, Some(row.sent_at))
            .with("kind", Some(row.kind))
            .with("wamid", row.wamid)
            .with("tapped", row.payload)
            .with("deleted", row.is_deleted.then_some("true"))
    });
    Ok(links.collect())
}
