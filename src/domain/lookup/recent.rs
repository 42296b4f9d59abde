//! The last messages that somebody got, for whoever knows only their phone.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Person, mask};
use crate::{CustomerId, MessageId};

/// A message of ours, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// Our id.
    pub message: MessageId,
    /// `text`, `buttons`, `list`, `template`, `document`.
    pub kind: String,
    /// How far it got, as in [`crate::delivery::State`].
    pub state: String,
    /// When it was planned.
    pub at: DateTime<Utc>,
    /// To whom: no more than to recognise them.
    pub to: Person,
}

/// The newest messages of the business of this transaction to everybody whose phone ends in these digits (at least six),
/// newest first, at most `most`.
pub async fn recent(conn: &mut PgConnection, digits: &str, most: i64) -> sqlx::Result<Vec<Recent>> {
    let rows = sqlx::query!(
        r#"
        with people as (
          select coalesce(c.merged_into, c.id) as id from customer c
          where c.phone_end = right($1, 6) and right(c.phone, length($1)) = $1 limit 20
        )
        select m.id as "message: MessageId", m.kind, m.state as "state!", m.sent_at, c.id as "customer: CustomerId", c.name, c.phone,
               c.erased_at is not null as "is_erased!"
        from people p join customer c on c.id = p.id join conversation v on v.customer_id = c.id
        cross join lateral (
          select x.id, x.kind, x.state, x.sent_at from message x where x.conversation_id = v.id and x.direction = 'out'
          order by x.sent_at desc, x.id desc limit $2) m
        order by m.sent_at desc, m.id desc limit $2
        "#,
        digits,
        most,
    )
    .fetch_all(conn)
    .await?;
    let recent = rows.into_iter().map(|row| Recent {
        message: row.message,
        kind: row.kind,
        state: row.state,
        at: row.sent_at,
        to: Person {
            id: row.customer,
            name: row.name.as_deref().map(mask::name),
            phone: row.phone.as_deref().map(mask::phone),
            is_erased: row.is_erased,
        },
    });
    Ok(recent.collect())
}
