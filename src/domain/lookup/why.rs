//! Why a customer got a message: the rows of the business from the message back to what caused it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{event, mask, said};
use crate::{ConversationId, CustomerId, MessageId};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// A message of ours.
    pub message: MessageId,
    /// Where its sending began, when the engine still knows: the job that is the root of the one that sent it. It may be
    /// the turn of another customer: one gives up a place, and another hears of it.
    pub root: Option<i64>,
    /// Names, phones and words are told as they are; else only enough to recognise them.
    pub reveal: bool,
}

/// A message of ours, and what led to it.
#[derive(Debug, Clone)]
pub struct Why {
    /// What was said.
    pub message: Said,
    /// To whom.
    pub customer: Person,
    /// Where.
    pub conversation: ConversationId,
    /// What became of it, then what caused it, back to where it began.
    pub causes: Vec<Link>,
}

/// Somebody, as much of them as may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: CustomerId,
    /// Their name, or its initials.
    pub name: Option<String>,
    /// Their phone, or its last three digits.
    pub phone: Option<String>,
    /// They were forgotten.
    pub is_erased: bool,
}

/// A message of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Our id; the effect of sending it is `whatsapp:` and this.
    pub id: MessageId,
    /// WhatsApp's id, once known.
    pub wamid: Option<String>,
    /// `text`, `buttons`, `list`, `template`, `document`.
    pub kind: String,
    /// What it says, or as many dots as it has letters (24 at most).
    pub text: Option<String>,
    /// How far it got, as in [`crate::delivery::State`].
    pub state: String,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
    /// The turn, or the job, that planned it.
    pub job: Option<i64>,
    /// WhatsApp's code of why it failed.
    pub error_code: Option<i32>,
    /// Why it failed.
    pub error: Option<String>,
    /// The category by which WhatsApp prices it.
    pub pricing: Option<String>,
    /// Whether it costs something.
    pub billable: Option<bool>,
}

/// Of what a [`Link`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// What WhatsApp told of the message.
    Status,
    /// Something to tell that was written down.
    Notice,
    /// A booking.
    Booking,
    /// The session of the booking.
    Session,
    /// A place in a waiting list.
    Waitlist,
    /// Money.
    Payment,
    /// Money on its way back.
    Refund,
    /// A plan that somebody bought.
    Plan,
    /// The turn in which it was thought.
    Turn,
    /// What a customer wrote.
    Inbound,
}

impl LinkKind {
    /// The name in addresses and of words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Notice => "notice",
            Self::Booking => "booking",
            Self::Session => "session",
            Self::Waitlist => "waitlist",
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Plan => "plan",
            Self::Turn => "turn",
            Self::Inbound => "inbound",
        }
    }
}

/// One thing on the way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Of what.
    pub kind: LinkKind,
    /// Its id.
    pub id: String,
    /// What there is to know of it, by plain names. Never what somebody said.
    pub facts: Vec<(&'static str, String)>,
    /// What somebody said; dots unless it may be told.
    pub text: Option<String>,
    /// When it was.
    pub at: Option<DateTime<Utc>>,
    /// When it ended.
    pub until: Option<DateTime<Utc>>,
    /// The job that it is known by.
    pub job: Option<i64>,
}

impl Link {
    pub(super) fn new(kind: LinkKind, id: &impl ToString, at: Option<DateTime<Utc>>) -> Self {
        Self { kind, id: id.to_string(), facts: Vec::new(), text: None, at, until: None, job: None }
    }

    /// Adds what is known.
    pub(super) fn with(mut self, name: &'static str, fact: Option<impl ToString>) -> Self {
        self.facts.extend(fact.map(|fact| (name, fact.to_string())));
        self
    }
}

/// Why the business of this transaction sent a message. None: it has no such message of its own.
pub async fn why(conn: &mut PgConnection, asked: Asked) -> sqlx::Result<Option<Why>> {
    let Some((message, customer, conversation)) = message(conn, asked).await? else { return Ok(None) };
    let mut causes = said::statuses(conn, asked.message).await?;
    causes.extend(event::notice(conn, asked.message).await?);
    let turns: Vec<i64> = message.job.into_iter().chain(asked.root).collect();
    causes.extend(said::turns(conn, &turns).await?);
    causes.extend(said::heard(conn, &turns, asked.reveal).await?);
    Ok(Some(Why { message, customer, conversation, causes }))
}

async fn message(conn: &mut PgConnection, asked: Asked) -> sqlx::Result<Option<(Said, Person, ConversationId)>> {
    let row = sqlx::query!(
        r#"
        select m.wamid, m.kind, m.text, m.state as "state!", m.sent_at, m.turn_id, m.error_code, m.error_reason, m.pricing, m.billable,
               m.conversation_id as "conversation: ConversationId", c.id as "customer: CustomerId", c.name, c.phone,
               c.erased_at is not null as "is_erased!"
        from message m join conversation v on v.id = m.conversation_id join customer c on c.id = v.customer_id
        where m.id = $1 and m.direction = 'out'
        "#,
        asked.message as MessageId,
    );
    let Some(row) = row.fetch_optional(conn).await? else { return Ok(None) };
    let told = |text: Option<String>, mask: fn(&str) -> String| match text {
        Some(text) if !asked.reveal => Some(mask(&text)),
        text => text,
    };
    let customer = Person {
        id: row.customer,
        name: told(row.name, mask::name),
        phone: told(row.phone, mask::phone),
        is_erased: row.is_erased,
    };
    let message = Said {
        id: asked.message,
        wamid: row.wamid,
        kind: row.kind,
        text: told(row.text, mask::text),
        state: row.state,
        planned_at: row.sent_at,
        job: row.turn_id,
        error_code: row.error_code,
        error: row.error_reason,
        pricing: row.pricing,
        billable: row.billable,
    };
    Ok(Some((message, customer, row.conversation)))
}
