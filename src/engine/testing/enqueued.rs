//! What was put in and has not ended.

use serde_json::Value;
use sqlx::PgConnection;

use crate::Job;

/// The open jobs of this type whose arguments contain `part`, oldest first: `json!({"name": "Ada"})` finds all that
/// have this name, whatever else they have; `json!({})` finds all.
///
/// # Panics
/// When the database does not answer, or the arguments are not this type's.
pub async fn enqueued<W, J: Job<W>>(conn: &mut PgConnection, part: Value) -> Vec<J> {
    let of_kind = payloads(conn, J::NAME, Some(part)).await;
    of_kind
        .into_iter()
        .map(|payload| {
            serde_json::from_value(payload.clone())
                .unwrap_or_else(|error| panic!("arguments of {} do not decode: {error}: {payload}", J::NAME))
        })
        .collect()
}

/// Insists on an open job of this type whose arguments contain `part`.
///
/// ```no_run
/// # use engine::{Cx, Job, Outcome, testing};
/// # #[derive(serde::Serialize, serde::Deserialize)] struct Greet { name: String, at: String }
/// # impl Job<()> for Greet {
/// #     const NAME: &'static str = "greet";
/// #     type Output = ();
/// #     async fn run(self, _: Cx<()>) -> Outcome<()> { Ok(()) }
/// # }
/// # async fn test(conn: &mut sqlx::PgConnection) {
/// testing::assert_enqueued::<_, Greet>(conn, serde_json::json!({ "name": "Ada" })).await;
/// testing::refute_enqueued::<_, Greet>(conn, serde_json::json!({ "name": "Grace" })).await;
/// # }
/// ```
///
/// # Panics
/// When there is none; the message tells those of this type.
pub async fn assert_enqueued<W, J: Job<W>>(conn: &mut PgConnection, part: Value) {
    if payloads(conn, J::NAME, Some(part.clone())).await.is_empty() {
        let others = payloads(conn, J::NAME, None).await;
        panic!("no open job {} has {part}; there are {}", J::NAME, Value::from(others));
    }
}

/// Insists that there is no open job of this type whose arguments contain `part`.
///
/// # Panics
/// When there is one.
pub async fn refute_enqueued<W, J: Job<W>>(conn: &mut PgConnection, part: Value) {
    let found = payloads(conn, J::NAME, Some(part.clone())).await;
    assert!(found.is_empty(), "open jobs {} have {part}: {}", J::NAME, Value::from(found));
}

async fn payloads(conn: &mut PgConnection, kind: &str, part: Option<Value>) -> Vec<Value> {
    let found = sqlx::query_scalar(
        "select j.payload::jsonb from holdfast.job j join holdfast.kind k on k.id = j.kind
         where k.name = $1 and ($2::jsonb is null or j.payload::jsonb @> $2) and not exists (select from holdfast.done d where d.id = j.id)
         order by j.id",
    )
    .bind(kind)
    .bind(part)
    .fetch_all(conn)
    .await;
    found.unwrap_or_else(|error| panic!("what is enqueued cannot be read: {error}"))
}
