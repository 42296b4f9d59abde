//! What the staff may change about a customer.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::PgConnection;

use super::{Profile, profile};
use crate::{CustomerId, Language};

/// Characters of a name.
const NAME: usize = 256;
/// Bytes of all preferences together, as JSON.
const PREFERENCES: usize = 16 * 1024;

/// What is to be different about a customer; what is none stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// How they are called; empty: not known.
    pub name: Option<String>,
    /// `it` or `en`; empty: the house's.
    pub language: Option<String>,
    /// A JSON object. Its fields take the place of those of the same name; null takes one away.
    pub preferences: Option<Value>,
    /// Whether nothing of theirs is booked or said unasked any more.
    pub blocked: Option<bool>,
}

/// What is wrong with a field, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct Invalid {
    /// Its name in [`Change`].
    pub field: &'static str,
    /// In a sentence.
    pub problem: String,
}

fn invalid(field: &'static str, problem: impl Into<String>) -> Invalid {
    Invalid { field, problem: problem.into() }
}

/// What a change comes to, once it is found good.
#[derive(Debug, Default)]
struct Checked {
    /// Trimmed, or empty.
    name: Option<String>,
    /// A code, or empty.
    language: Option<String>,
    preferences: Option<Map<String, Value>>,
}

impl Change {
    fn check(&self) -> Result<Checked, Vec<Invalid>> {
        let mut wrong = Vec::new();
        let mut checked = Checked::default();
        if let Some(name) = self.name.as_deref().map(str::trim) {
            if name.chars().count() > NAME {
                wrong.push(invalid("name", format!("has more than {NAME} characters; shorten it")));
            } else if name.chars().any(char::is_control) {
                wrong.push(invalid("name", "holds a line break or another control character; remove it"));
            }
            checked.name = Some(name.to_owned());
        }
        match self.language.as_deref().map(|code| (code, code.parse::<Language>())) {
            Some(("", _)) => checked.language = Some(String::new()),
            Some((_, Ok(language))) => checked.language = Some(language.code().to_owned()),
            Some((_, Err(_))) => wrong.push(invalid("language", "is not spoken here; take it or en")),
            None => {}
        }
        match &self.preferences {
            Some(Value::Object(wishes)) => checked.preferences = Some(wishes.clone()),
            Some(_) => wrong.push(invalid("preferences", "is no JSON object; send one, like {\"mat\": \"own\"}")),
            None => {}
        }
        if wrong.is_empty() { Ok(checked) } else { Err(wrong) }
    }
}

/// Changes what is known of a customer, and tells how it stands then. None: the tenant has no such customer, or they were
/// erased. What is wrong is told field by field, and then nothing is changed.
pub async fn set_profile(
    conn: &mut PgConnection,
    customer: CustomerId,
    change: &Change,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<Option<Profile>, Vec<Invalid>>> {
    let checked = match change.check() {
        Ok(checked) => checked,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let known = sqlx::query!(
        r#"
        select id as "id: CustomerId", preferences from customer
        where id = (select coalesce(merged_into, id) from customer where id = $1) and erased_at is null for no key update
        "#,
        customer as CustomerId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(known) = known else { return Ok(Ok(None)) };
    let preferences = patched(known.preferences, checked.preferences);
    if preferences.to_string().len() > PREFERENCES {
        return Ok(Err(vec![invalid("preferences", "comes to more than 16 KiB; keep less of it")]));
    }
    sqlx::query!(
        "update customer set name = case when $2::text is null then name else nullif($2, '') end,
                language = case when $3::text is null then language else nullif($3, '') end, preferences = $4,
                blocked_at = case $5::boolean when true then coalesce(blocked_at, $6) when false then null else blocked_at end
         where id = $1",
        known.id as CustomerId,
        checked.name,
        checked.language,
        preferences,
        change.blocked,
        now,
    )
    .execute(&mut *conn)
    .await?;
    Ok(Ok(profile(conn, known.id, now).await?))
}

fn patched(known: Value, wishes: Option<Map<String, Value>>) -> Value {
    let mut all = match known {
        Value::Object(known) => known,
        _ => Map::new(),
    };
    for (key, value) in wishes.unwrap_or_default() {
        if value.is_null() {
            all.remove(&key);
        } else {
            all.insert(key, value);
        }
    }
    Value::Object(all)
}
