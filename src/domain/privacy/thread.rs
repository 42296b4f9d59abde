//! Where everything of one person hangs.

use sqlx::PgConnection;

use super::{Marks, marks};
use crate::ErasureId;

/// The rows that lead to all others of a person who is being forgotten.
#[derive(Debug, Clone)]
pub struct Thread {
    /// The erasure.
    pub erasure: ErasureId,
    /// They, and all who were merged into them.
    pub customers: Vec<i64>,
    /// All their conversations.
    pub conversations: Vec<i64>,
    /// Jobs that answered them, or told them something.
    pub jobs: Vec<i64>,
    /// What they are known by.
    pub marks: Marks,
}

/// The thread of an erasure.
pub async fn thread(conn: &mut PgConnection, erasure: ErasureId) -> sqlx::Result<Thread> {
    let row = sqlx::query!(
        r#"
        with family as (
          select c.id from customer c join privacy_erasure e on c.id = e.customer_id or c.merged_into = e.customer_id where e.id = $1
        ), talks as (
          select v.id from conversation v where v.customer_id in (select id from family)
        )
        select array(select id from family order by id) as "customers!", array(select id from talks order by id) as "conversations!",
               array(select t.id from turn t where t.conversation_id in (select id from talks)
                     union select m.turn_id from message m where m.conversation_id in (select id from talks) and m.turn_id is not null
                     order by 1) as "jobs!"
        "#,
        erasure as ErasureId,
    )
    .fetch_one(&mut *conn)
    .await?;
    let marks = marks(conn, erasure).await?;
    Ok(Thread { erasure, customers: row.customers, conversations: row.conversations, jobs: row.jobs, marks })
}
