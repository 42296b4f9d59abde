//! Bursts: all that a customer wrote since the last answer, taken up by one turn.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

use crate::booking::{self, Proposal};
use crate::consent::{self, Choice};
use crate::conversation::{self, Meeting};
use crate::{ConversationId, CustomerId, EntryId, Language, MessageId, PlanId, ProposalId, turn};

/// What one turn answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Burst {
    /// Where; not the one asked for when that was merged into another.
    pub conversation: ConversationId,
    /// The number of ours that they wrote to, by WhatsApp's id.
    pub phone_number_id: String,
    /// Who wrote.
    pub customer: CustomerId,
    /// The language they are spoken to in.
    pub language: Language,
    /// The business's zone.
    pub zone: Tz,
    /// In the order they were written. Empty when there is nothing left to answer.
    pub messages: Vec<Heard>,
    /// What the customer may be saying yes or no to.
    pub open_proposal: Option<Proposal>,
    /// A place that the waiting list holds for them.
    #[serde(default)]
    pub open_offer: Option<EntryId>,
    /// A plan that the last message to them asked about.
    #[serde(default)]
    pub open_plan: Option<PlanId>,
    /// WhatsApp's id of the last message, to mark as read.
    pub last_wamid: Option<String>,
}

/// One message of a burst.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Heard {
    /// Its id.
    pub id: MessageId,
    /// WhatsApp's id of it.
    pub wamid: String,
    /// WhatsApp's type: `text`, `interactive`, `image`, …
    pub kind: String,
    /// What can be read of it.
    pub text: Option<String>,
    /// The id of the button or list row that was tapped.
    pub payload: Option<String>,
    /// WhatsApp's time of it.
    pub sent_at: DateTime<Utc>,
}

/// Takes up all messages that wait for an answer; when there are none, the turn has ended. Asked again, a turn gets what it took up at
/// first and no more: what came since belongs to the next turn.
pub async fn gather(
    conn: &mut PgConnection,
    conversation: ConversationId,
    turn_id: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Burst> {
    let with = conversation::meet(conn, conversation).await?;
    let messages = match take(conn, with.conversation, turn_id, now).await? {
        Some(messages) => messages,
        None => heard(conn, turn_id).await?,
    };
    if messages.is_empty() {
        turn::finish(conn, turn_id, turn::NOTHING, &Value::Array(Vec::new()), &turn::Spent::default(), now).await?;
    }
    let open = open(conn, &with, now).await?;
    let open_proposal = match open.proposal {
        Some(id) => booking::proposal(conn, id).await?,
        None => None,
    };
    Ok(Burst {
        conversation: with.conversation,
        phone_number_id: with.phone_number_id,
        customer: with.customer,
        language: with.language,
        zone: with.zone,
        last_wamid: messages.last().map(|message| message.wamid.clone()),
        messages,
        open_proposal,
        open_offer: open.offer,
        open_plan: open.button.as_deref().and_then(consent::choice).and_then(plan),
    })
}

struct Open {
    proposal: Option<ProposalId>,
    offer: Option<EntryId>,
    button: Option<String>,
}

/// What the customer may be answering: the open proposal, even if it expired a while ago, so that a late yes gets told so;
/// the one place that the waiting list holds for them; and the first button of what was said to them last.
async fn open(conn: &mut PgConnection, with: &Meeting, now: DateTime<Utc>) -> sqlx::Result<Open> {
    sqlx::query_as!(
        Open,
        r#"
        select (select id from proposal where conversation_id = $1 and state = 'open' and expires_at > $2) as "proposal: ProposalId",
               (select case when count(*) = 1 then min(id) end from waitlist_entry
                where customer_id = $3 and state = 'offered' and offer_expires_at > $4) as "offer: EntryId",
               (select case when sent_at > $5 then content->'buttons'->0->>'id' end from message
                where conversation_id = $1 and direction = 'out' and state <> 'failed'
                order by sent_at desc, id desc limit 1) as button
        "#,
        with.conversation as ConversationId,
        now - booking::MEMORY,
        with.customer as CustomerId,
        now,
        now - booking::LIFETIME,
    )
    .fetch_one(conn)
    .await
}

const fn plan(choice: Choice) -> Option<PlanId> {
    match choice {
        Choice::Buy(plan) => Some(plan),
        _ => None,
    }
}

/// Begins the turn with all messages that wait. None: it has begun before.
async fn take(
    conn: &mut PgConnection,
    conversation: ConversationId,
    turn_id: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Vec<Heard>>> {
    let taken = sqlx::query!(
        r#"
        with fresh as (select where not exists (select from turn where id = $2)),
        claimed as (
          update message set turn_id = $2 from fresh
          where conversation_id = $1 and answerable and turn_id is null and deleted_at is null
          returning id, wamid, kind, text, payload, sent_at
        ), begun as (
          insert into turn (id, conversation_id, gathered_at, first_message_id, last_message_id)
            select $2, $1, $3, (select min(id) from claimed), (select max(id) from claimed) from fresh returning id
        )
        select c.id as "id?: MessageId", c.wamid, c.kind as "kind?", c.text, c.payload, c.sent_at as "sent_at?"
        from begun left join claimed c on true order by c.sent_at, c.id
        "#,
        conversation as ConversationId,
        turn_id,
        now,
    )
    .fetch_all(conn)
    .await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let heard = taken.into_iter().filter_map(|row| {
        let (id, wamid, kind, sent_at) = (row.id?, row.wamid?, row.kind?, row.sent_at?);
        Some(Heard { id, wamid, kind, text: row.text, payload: row.payload, sent_at })
    });
    Ok(Some(heard.collect()))
}

async fn heard(conn: &mut PgConnection, turn_id: i64) -> sqlx::Result<Vec<Heard>> {
    sqlx::query_as!(
        Heard,
        r#"
        select id as "id: MessageId", wamid as "wamid!", kind, text, payload, sent_at from message
        where turn_id = $1 and direction = 'in' and deleted_at is null order by sent_at, id
        "#,
        turn_id,
    )
    .fetch_all(conn)
    .await
}
