//! What one update changes in the database.

use adapters::whatsapp::{Event, IdentityChange, InboundMessage, Kind, Person};
use chrono::{DateTime, Utc};
use domain::{
    ConversationId, TenantId,
    customer::{self, Identity},
    inbound::{self, Changed, Inbound, Recorded},
};
use sqlx::{Acquire, PgConnection};

use crate::ingress::{
    numbers::{self, Item},
    status,
};

/// Switches the transaction to another tenant: from here on it sees that one's rows only.
pub(super) async fn enter(conn: &mut PgConnection, tenant: TenantId) -> sqlx::Result<()> {
    sqlx::query_scalar!("select set_config('holdfast.tenant', $1, true)", tenant.to_string())
        .fetch_one(conn)
        .await
        .map(drop)
}

/// What one update led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It told nothing new.
    Nothing,
    /// Something is known now that was not.
    Noted,
    /// And this conversation waits for an answer because of it.
    Waits(ConversationId),
}

/// Applies one item.
pub(super) async fn item(conn: &mut PgConnection, item: &Item, now: DateTime<Utc>) -> sqlx::Result<Change> {
    match &item.event {
        Event::Message(message) => self::message(conn, &item.phone_number_id, message, now).await,
        Event::Status(delivery) => {
            let is_new = status::apply(conn, &item.phone_number_id, delivery).await?;
            Ok(if is_new { Change::Noted } else { Change::Nothing })
        }
        // Told once more it changes nothing, and does not say so.
        Event::IdentityChange(change) => identity(conn, change).await.map(|()| Change::Nothing),
        Event::Other(_) => Ok(Change::Nothing),
    }
}

/// A message in the domain's terms; `None` when its sender could not be answered.
pub(super) fn inbound(message: &InboundMessage) -> Option<Inbound> {
    Some(Inbound {
        wamid: message.wamid.clone(),
        identity: numbers::identity(message)?,
        kind: message.kind.name().to_owned(),
        text: Some(message.text.clone()),
        payload: message.payload.clone(),
        reply_to: message.reply_to.clone(),
        body: message.raw.clone(),
        sent_at: message.at,
    })
}

async fn message(
    conn: &mut PgConnection,
    number: &str,
    message: &InboundMessage,
    now: DateTime<Utc>,
) -> sqlx::Result<Change> {
    let Some(inbound) = inbound(message) else {
        tracing::warn!("a message whose sender has no usable id was kept with its webhook only");
        return Ok(Change::Nothing);
    };
    match (message.kind, &message.reply_to) {
        (Kind::Edit, Some(original)) => edit(conn, number, original, inbound, now).await,
        (Kind::Revoke, Some(original)) => revoke(conn, number, original, &inbound, now).await,
        (kind, _) => Ok(match inbound::record(conn, number, &inbound, now).await? {
            Recorded::New { conversation, answerable, .. } if answerable && kind.answerable() => {
                Change::Waits(conversation)
            }
            Recorded::New { .. } => Change::Noted,
            Recorded::Duplicate => Change::Nothing,
        }),
    }
}

/// Puts an edit in the place of the original while that waits for its answer; afterwards an edit
/// is a message of its own. Told twice, the second telling is undone: an older edit must not
/// overwrite a newer one.
async fn edit(
    conn: &mut PgConnection,
    number: &str,
    original: &str,
    inbound: Inbound,
    now: DateTime<Utc>,
) -> sqlx::Result<Change> {
    let mut savepoint = conn.begin().await?;
    let words = inbound.text.clone().unwrap_or_default();
    let changed = inbound::edit(&mut savepoint, number, original, &words, now).await?;
    let inbound = match changed {
        Changed::Reopened(_) => inbound,
        Changed::Answered(_) | Changed::Unknown => Inbound { kind: Kind::Text.name().to_owned(), ..inbound },
    };
    match inbound::record(&mut savepoint, number, &inbound, now).await? {
        Recorded::New { conversation, .. } => {
            savepoint.commit().await?;
            Ok(Change::Waits(conversation))
        }
        Recorded::Duplicate => {
            savepoint.rollback().await?;
            Ok(Change::Nothing)
        }
    }
}

/// Takes a message back. A turn that thinks about it has to look again.
async fn revoke(
    conn: &mut PgConnection,
    number: &str,
    original: &str,
    inbound: &Inbound,
    now: DateTime<Utc>,
) -> sqlx::Result<Change> {
    if inbound::record(conn, number, inbound, now).await? == Recorded::Duplicate {
        return Ok(Change::Nothing);
    }
    Ok(match inbound::revoke(conn, number, original, now).await? {
        Changed::Reopened(conversation) => Change::Waits(conversation),
        Changed::Answered(_) | Changed::Unknown => Change::Noted,
    })
}

/// Lets a customer's history follow them. A new security key alone names nobody anew, so that it
/// stays with its webhook.
async fn identity(conn: &mut PgConnection, change: &IdentityChange) -> sqlx::Result<()> {
    let of = |person: &Person| Identity::new(person.bsuid.as_deref(), person.phone.as_deref(), None);
    if let Some((before, after)) = of(&change.before).zip(of(&change.after)) {
        customer::change_identity(conn, &before, &after).await?;
    }
    Ok(())
}
