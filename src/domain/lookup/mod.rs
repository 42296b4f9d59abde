//! From what people know (a phone, a booking, a message) to jobs, and from a message back to what caused it.
//!
//! Jobs are the engine's; here they are told by their ids, or by kind and key where the key is an id of the business.

mod event;
mod mask;
mod recent;
mod said;
mod step;
mod subject;
mod why;

use std::collections::BTreeMap;

use sqlx::PgConnection;

pub use recent::{Recent, recent};
pub use step::{Thought, thought, word};
pub use subject::Subject;
pub use why::{Asked, Link, LinkKind, Person, Said, Why, why};

use crate::{MessageId, TenantId};

/// What one business knows of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    /// Whose.
    pub tenant: TenantId,
    /// Jobs whose ids stand in rows of the business, newest first. Some may be long gone.
    pub jobs: Vec<i64>,
    /// Kind and key of jobs that are known by an id of the business.
    pub keys: Vec<(String, String)>,
    /// Whom it is about, without giving them away: `A. R. ···567`. May be empty.
    pub label: String,
}

/// What is known of a subject: by one business, or (`within` none) by all that know it, in one round trip.
///
/// The connection may be in any transaction or none: it looks past the transaction's business, and leaves it as it was.
pub async fn find(conn: &mut PgConnection, within: Option<TenantId>, subject: &Subject) -> sqlx::Result<Vec<Trail>> {
    let (kind, told) = subject.told();
    let rows = sqlx::query!(
        r#"select tenant as "tenant!: TenantId", kind, key, job from trails($1, $2, $3)"#,
        within as Option<TenantId>,
        kind,
        told,
    )
    .fetch_all(conn)
    .await?;
    let mut trails: BTreeMap<TenantId, Trail> = BTreeMap::new();
    for row in rows {
        let empty = || Trail { tenant: row.tenant, jobs: Vec::new(), keys: Vec::new(), label: String::new() };
        let trail = trails.entry(row.tenant).or_insert_with(empty);
        match (row.kind, row.key, row.job) {
            (_, _, Some(job)) => trail.jobs.push(job),
            (Some(kind), Some(told), _) if kind == "name" => trail.tell(&mask::name(&told)),
            (Some(kind), Some(told), _) if kind == "phone" => trail.tell(&mask::phone(&told)),
            (Some(kind), Some(key), _) => trail.keys.push((kind, key)),
            _ => {}
        }
    }
    Ok(trails.into_values().map(Trail::in_order).collect())
}

impl Trail {
    fn tell(&mut self, masked: &str) {
        let space = if self.label.is_empty() { "" } else { " " };
        self.label = format!("{}{space}{masked}", self.label);
    }

    fn in_order(mut self) -> Self {
        self.jobs.sort_unstable_by(|one, other| other.cmp(one));
        self.jobs.dedup();
        self.keys.sort_unstable();
        self.keys.dedup();
        self
    }
}

/// The message of either direction that has this id: ours, or WhatsApp's. Looks as [`find`] does.
pub async fn message(
    conn: &mut PgConnection,
    within: Option<TenantId>,
    called: &str,
) -> sqlx::Result<Option<(TenantId, MessageId)>> {
    let found = sqlx::query!(
        r#"select tenant as "tenant: TenantId", message as "message: MessageId" from find_message($1, $2)"#,
        within as Option<TenantId>,
        called,
    )
    .fetch_one(conn)
    .await?;
    Ok(found.tenant.zip(found.message))
}
