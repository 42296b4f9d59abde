//! Templates: what may be said once a customer's 24 hours are over.

use sqlx::PgConnection;

use super::Kind;
use crate::Language;
use crate::outbound::{Content, Template};

/// A notice as its template says it, if the house has one in this language or, else, in the other. What the template says
/// is Meta's; our own words are kept beside it for the thread.
pub async fn template(
    conn: &mut PgConnection,
    kind: Kind,
    language: Language,
    values: Vec<String>,
    words: &Content,
) -> sqlx::Result<Option<Content>> {
    let found = sqlx::query!(
        r#"
        select name, language as "language: Language" from template where kind = $1 order by language = $2 desc limit 1
        "#,
        kind.name(),
        language.code(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|row| {
        // A quick reply of a template comes back with what we give it here, as a button of ours does.
        let payloads = words.buttons.iter().map(|button| button.id.clone()).collect();
        let template = Template { name: row.name, language: row.language, values, payloads };
        Content { template: Some(template), ..Content::text(words.text.clone()) }
    }))
}
