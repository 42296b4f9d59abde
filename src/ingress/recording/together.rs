//! Many webhooks of one business in one transaction.

use std::{collections::BTreeSet, time::Duration};

use adapters::{
    World,
    whatsapp::{DeliveryStatus, Event, Kind},
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{
    ConversationId, TenantId,
    delivery::{self, Status},
    inbound::{self, Arrived, Inbound, Work},
    tenant,
    webhook::{self, Body, Stored},
};
use engine::Job;
use sqlx::PgConnection;
use workflows::AnswerMessage;

use super::{Outcome, RecordError, apply, sha256};
use crate::ingress::{
    numbers::{Item, Sorted},
    status,
};

/// A longer body is recorded on its own.
const LONGEST: usize = 64 * 1024;

/// A webhook that tells of plain messages and statuses of one business, as nearly all do.
#[derive(Debug)]
pub(in crate::ingress) struct Letter {
    body: Bytes,
    digest: [u8; 32],
    at: DateTime<Utc>,
    /// With the number of ours that each was sent to.
    messages: Vec<(String, Inbound)>,
    /// With what is left to do about one that cannot be applied with others.
    statuses: Vec<(Status, DeliveryStatus)>,
}

/// What recording takes beside a connection.
#[derive(Debug, Clone)]
pub(in crate::ingress) struct Office {
    pub engine: engine::Client,
    /// Silence after which a burst is answered.
    pub burst: Duration,
}

impl Office {
    /// The turns of a business, for a conversation that the database fills in.
    fn work(&self, tenant: TenantId) -> sqlx::Result<Work> {
        let any = ConversationId(i64::MAX);
        let turn = AnswerMessage { tenant, conversation: any };
        let pattern = |text: String| text.replace('%', "%%").replace(&any.0.to_string(), "%s");
        let payload = serde_json::to_string(&turn).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let debounce = AnswerMessage::debounce(self.burst);
        Ok(Work {
            job: AnswerMessage::NAME,
            payload: pattern(payload),
            key: pattern(turn.key()),
            lane: turn.lane().map(pattern),
            priority: <AnswerMessage as Job<World>>::POLICY.priority,
            quiet: debounce.wait,
            quiet_at_most: debounce.at_most,
        })
    }
}

impl Letter {
    /// `None` when it is to be recorded on its own.
    pub fn of(body: &Bytes, at: DateTime<Utc>, sorted: &Sorted) -> Option<(TenantId, Self)> {
        let tenant = sorted.items.first()?.tenant;
        if body.len() > LONGEST || !sorted.strays.is_empty() || sorted.items.iter().any(|item| item.tenant != tenant) {
            return None;
        }
        let mut letter =
            Self { body: body.clone(), digest: sha256(body), at, messages: Vec::new(), statuses: Vec::new() };
        sorted.items.iter().all(|item| letter.takes(item)).then_some((tenant, letter))
    }

    /// Takes what tells nothing of another message, or of who somebody is.
    fn takes(&mut self, item: &Item) -> bool {
        match &item.event {
            Event::Message(message) if !matches!(message.kind, Kind::Edit | Kind::Revoke) => {
                let inbound = apply::inbound(message).map(|inbound| (item.phone_number_id.clone(), inbound));
                let known = inbound.is_some();
                self.messages.extend(inbound);
                known
            }
            Event::Status(delivery) if status::is_plain(delivery) => {
                self.statuses.push((status::told(&item.phone_number_id, delivery), delivery.clone()));
                true
            }
            _ => false,
        }
    }

    /// Whether it holds a status: recording one takes longer, and nobody waits for an answer to it.
    pub fn tells_of_ours(&self) -> bool {
        !self.statuses.is_empty()
    }

    fn arrived(&self) -> impl Iterator<Item = Arrived<'_>> {
        self.messages.iter().map(|(number, inbound)| Arrived { phone_number_id: number, at: self.at, inbound })
    }
}

/// Records all letters, or none. What each led to is in their order.
pub(super) async fn record(
    office: &Office,
    conn: &mut PgConnection,
    tenant: TenantId,
    letters: &[Letter],
) -> Result<Vec<Outcome>, RecordError> {
    let bodies: Vec<_> =
        letters.iter().map(|letter| Body { bytes: &letter.body, digest: letter.digest, at: letter.at }).collect();
    let taken = if letters.iter().any(Letter::tells_of_ours) {
        None
    } else {
        take_in(office, conn, tenant, letters, &bodies).await?
    };
    let new = match taken {
        Some(new) => new,
        None => step_by_step(office, conn, tenant, letters, &bodies).await?,
    };
    wake_later(office);
    Ok(new.into_iter().map(|new| if new { Outcome::Recorded } else { Outcome::Repeated }).collect())
}

/// The common case, in one round trip: messages of people who are known just as told. Else none, and nothing is recorded.
async fn take_in(
    office: &Office,
    conn: &mut PgConnection,
    tenant: TenantId,
    letters: &[Letter],
    bodies: &[Body<'_>],
) -> sqlx::Result<Option<Vec<bool>>> {
    let arrived = letters.iter().enumerate();
    let arrived: Vec<_> = arrived.flat_map(|(body, letter)| letter.arrived().map(move |told| (body, told))).collect();
    let taken = inbound::take_in(conn, tenant, bodies, &arrived, &office.work(tenant)?).await?;
    if taken.is_some() {
        office.engine.wake();
    }
    Ok(taken)
}

/// Tells for each letter whether it is new.
async fn step_by_step(
    office: &Office,
    conn: &mut PgConnection,
    tenant: TenantId,
    letters: &[Letter],
    bodies: &[Body<'_>],
) -> Result<Vec<bool>, RecordError> {
    let mut tx = tenant::begin_many(conn, tenant).await?;
    let stored = webhook::store_all(&mut tx, bodies).await?;
    let new: Vec<bool> = stored.iter().map(|stored| matches!(stored, Stored::New(_))).collect();
    let fresh: Vec<_> = letters.iter().zip(&new).filter(|(_, new)| **new).map(|(letter, _)| letter).collect();
    let arrived: Vec<_> = fresh.iter().flat_map(|letter| letter.arrived()).collect();
    let waiting = inbound::record_all(&mut tx, &arrived).await?;
    apply_statuses(&mut tx, &fresh.iter().flat_map(|letter| &letter.statuses).collect::<Vec<_>>()).await?;
    enqueue(office, &mut tx, tenant, waiting).await?;
    office.engine.commit(tx).await?;
    Ok(new)
}

/// Those that others wait for are applied one by one, in the order of all processes.
async fn apply_statuses(conn: &mut PgConnection, told: &[&(Status, DeliveryStatus)]) -> Result<(), RecordError> {
    let statuses: Vec<_> = told.iter().map(|(status, _)| status).collect();
    let left = delivery::apply_all(conn, &statuses).await?;
    let mut left: Vec<_> = left.into_iter().filter_map(|position| told.get(position)).collect();
    left.sort_by_key(|(status, _)| &status.wamid);
    for (status, delivery) in left {
        status::apply(conn, &status.phone_number_id, delivery).await?;
    }
    Ok(())
}

/// The turns that answer these conversations, put in with one statement.
async fn enqueue(
    office: &Office,
    conn: &mut PgConnection,
    tenant: TenantId,
    waiting: BTreeSet<ConversationId>,
) -> Result<(), RecordError> {
    if waiting.is_empty() {
        return Ok(());
    }
    let turns: Vec<_> = waiting.into_iter().map(|conversation| AnswerMessage { tenant, conversation }).collect();
    let payloads = turns.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>();
    let payloads = payloads.map_err(|error| sqlx::Error::Encode(error.into()))?;
    let debounce = AnswerMessage::debounce(office.burst);
    sqlx::query!(
        "select count(e.id) from unnest($1::text[], $2::text[], $3::text[]) as turn (payload, key, lane),
           lateral holdfast.enqueue($4, turn.payload::json, $5, turn.key, turn.lane, $6::smallint,
             debounce_wait => make_interval(secs => $7), debounce_max => make_interval(secs => $8)) e",
        &payloads,
        &turns.iter().map(Job::key).collect::<Vec<_>>(),
        &turns.iter().map(Job::lane).collect::<Vec<_>>() as _,
        AnswerMessage::NAME,
        tenant.0,
        <AnswerMessage as Job<World>>::POLICY.priority,
        debounce.wait.as_secs_f64(),
        debounce.at_most.as_secs_f64(),
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// When the customers have been quiet, workers are to look again.
fn wake_later(office: &Office) {
    let Office { engine, burst } = office.clone();
    if !burst.is_zero() {
        tokio::spawn(async move {
            tokio::time::sleep(burst + Duration::from_millis(1)).await;
            engine.wake();
        });
    }
}
