//! Messages that customers send, recorded once however often they are delivered.

mod change;
mod many;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sqlx::PgConnection;

pub use change::{Changed, edit, revoke};
pub use many::{Arrived, Work, record_all, take_in};

use crate::customer::{self, Identity};
use crate::{ConversationId, CustomerId, MessageId, conversation};

/// How far ahead of ours WhatsApp's clock is believed.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// Kinds that nobody waits for an answer to.
const UNANSWERED: [&str; 7] = ["reaction", "system", "edit", "revoke", "request_welcome", "ephemeral", "unknown"];

/// A message as read from a webhook.
#[derive(Debug, Clone)]
pub struct Inbound {
    /// WhatsApp's id of it.
    pub wamid: String,
    /// Who wrote.
    pub identity: Identity,
    /// WhatsApp's type: `text`, `interactive`, `image`, …
    pub kind: String,
    /// What can be read of it: the text, a caption, the title that was tapped.
    pub text: Option<String>,
    /// The id of the button or list row that was tapped.
    pub payload: Option<String>,
    /// Id of the message it answers.
    pub reply_to: Option<String>,
    /// The message object as it came.
    pub body: Value,
    /// WhatsApp's time of it.
    pub sent_at: DateTime<Utc>,
}

impl Inbound {
    fn answerable(&self) -> bool {
        !UNANSWERED.contains(&self.kind.as_str())
    }

    /// A time that lies in the future is pulled back, so that no window opens for longer than it may.
    fn said_at(&self, received: DateTime<Utc>) -> DateTime<Utc> {
        self.sent_at.min(received + CLOCK_SKEW)
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is kept.
    New {
        /// Where it belongs.
        conversation: ConversationId,
        /// Who wrote it.
        customer: CustomerId,
        /// Its id.
        message: MessageId,
        /// Whether it waits for an answer.
        answerable: bool,
    },
    /// It had been recorded before.
    Duplicate,
}

/// Records a message of this channel; the first of any number of deliveries wins.
pub async fn record(
    conn: &mut PgConnection,
    phone_number_id: &str,
    inbound: &Inbound,
    now: DateTime<Utc>,
) -> sqlx::Result<Recorded> {
    let customer = customer::identify(conn, &inbound.identity).await?;
    let conversation = conversation::of(conn, customer, phone_number_id).await?;
    let answerable = inbound.answerable();
    let message = insert(conn, conversation, phone_number_id, inbound, answerable, now).await?;
    Ok(message.map_or(Recorded::Duplicate, |message| Recorded::New { conversation, customer, message, answerable }))
}

async fn insert(
    conn: &mut PgConnection,
    conversation: ConversationId,
    phone_number_id: &str,
    inbound: &Inbound,
    answerable: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<MessageId>> {
    sqlx::query_scalar!(
        r#"
        with kept as (
          insert into message (conversation_id, phone_number_id, direction, wamid, kind, text, payload, reply_to, body,
                               answerable, sent_at, received_at)
          values ($1, $2, 'in', $3, $4, $5, $6, $7, $8, $9, $10, $11)
          on conflict on constraint message_wamid_unique do nothing returning id
        ), heard as (
          update conversation set last_inbound_at = greatest(last_inbound_at, $10)
          where id = $1 and exists (select from kept)
        )
        select id as "id: MessageId" from kept
        "#,
        conversation as ConversationId,
        phone_number_id,
        inbound.wamid,
        inbound.kind,
        inbound.text.as_deref().map(storable),
        inbound.payload,
        inbound.reply_to,
        inbound.body,
        answerable,
        inbound.said_at(now),
        now,
    )
    .fetch_optional(conn)
    .await
}

/// PostgreSQL keeps every character but NUL.
fn storable(text: &str) -> String {
    text.replace('\0', "")
}
