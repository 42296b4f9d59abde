//! Whether customers want to be written to unasked, and where we know it from.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{CustomerId, MessageId};

/// Where a yes or a no came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Source {
    /// The customer wrote it.
    Message,
    /// Somebody of the staff put it in.
    Staff,
    /// A program of the tenant did.
    Api,
    /// A list that was imported.
    Import,
    /// WhatsApp's own switch.
    Whatsapp,
}

/// What a whole message asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// No more messages unasked.
    Stop,
    /// Messages again.
    Start,
}

const STOP: [&str; 12] = [
    "stop",
    "stopall",
    "unsubscribe",
    "ferma",
    "fermare",
    "basta messaggi",
    "annulla iscrizione",
    "disiscrivimi",
    "cancellami dalla lista",
    "non scrivermi piu",
    "no more messages",
    "opt out",
];
const START: [&str; 7] = ["start", "unstop", "subscribe", "riprendi", "iscrivimi di nuovo", "riattiva", "opt in"];

/// Reads a message that says nothing but STOP, FERMA or the like. Inside of a sentence they mean something else.
#[must_use]
pub fn wish(text: &str) -> Option<Wish> {
    let words = crate::catalog::names::words(text).join(" ");
    if STOP.contains(&words.as_str()) {
        Some(Wish::Stop)
    } else if START.contains(&words.as_str()) {
        Some(Wish::Start)
    } else {
        None
    }
}

/// Writes down a yes or a no. One that comes out of a list brings nobody back who said no themselves.
pub async fn consent(
    conn: &mut PgConnection,
    customer: CustomerId,
    granted: bool,
    source: Source,
    message: Option<MessageId>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update customer set opted_out_at = case when $2 then null else coalesce(opted_out_at, $3) end
         where id = $1 and not ($2 and $4 = 'import' and opted_out_at is not null)",
        customer as CustomerId,
        granted,
        now,
        source as Source,
    )
    .execute(&mut *conn)
    .await?;
    if changed.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "insert into consent (customer_id, granted, source, message_id, at) values ($1, $2, $3, $4, $5)",
        customer as CustomerId,
        granted,
        source as Source,
        message as Option<MessageId>,
        now,
    )
    .execute(conn)
    .await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_message_is_a_stop() {
        for stop in ["STOP", "Stop.", "ferma", "Annulla iscrizione!", "non scrivermi più"] {
            assert_eq!(wish(stop), Some(Wish::Stop), "{stop}");
        }
        for start in ["START", "Riprendi"] {
            assert_eq!(wish(start), Some(Wish::Start), "{start}");
        }
        for other in
            ["stop by at 7?", "non fermarti", "annulla", "annulla la mia prenotazione", "start yoga tomorrow", ""]
        {
            assert_eq!(wish(other), None, "{other}");
        }
    }
}
