//! What other customers said of a person: their number in a text, their card in a message.

use sqlx::PgConnection;

use super::Thread;

/// Strikes the person's numbers, ids and full names out of messages that are not theirs.
pub(super) async fn messages(conn: &mut PgConnection, thread: &Thread) -> sqlx::Result<u64> {
    let struck = sqlx::query!(
        "update message set text = redact_text(text, $1), payload = redact_text(payload, $1), body = redact(body, $1, $1, '{}'),
                content = redact(content, $1, $1, '{}')
         where conversation_id <> all($2)
           and exists (select from unnest($1::text[]) w where strpos(concat_ws(' ', text, payload, body, content), w) > 0)",
        &thread.marks.everywhere(),
        &thread.conversations,
    )
    .execute(conn)
    .await?;
    Ok(struck.rows_affected())
}

/// And out of what was thought about them, and out of copies made for others.
pub(super) async fn documents(conn: &mut PgConnection, thread: &Thread) -> sqlx::Result<[u64; 2]> {
    let words = thread.marks.everywhere();
    let turns = sqlx::query!(
        "update turn set transcript = redact(transcript, '{}', $1, '{}')
         where exists (select from unnest($1::text[]) w where strpos(transcript::text, w) > 0)",
        &words,
    );
    let turns = turns.execute(&mut *conn).await?.rows_affected();
    let exports = sqlx::query!(
        "update privacy_export set document = redact(document, '{}', $1, '{}')
         where exists (select from unnest($1::text[]) w where strpos(document::text, w) > 0)",
        &words,
    );
    Ok([turns, exports.execute(conn).await?.rows_affected()])
}
