//! A body is recorded at once or not at all: the raw bytes, every message and status in it, and the work that answers
//! them. Plain messages share a transaction with those of other bodies ([`desk`]); what is more than that, or cannot be
//! recorded together with others, has one of its own, here.

mod apply;
mod careful;
mod desk;
mod retry;
mod together;

use std::collections::BTreeSet;

use adapters::{World, whatsapp};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{ConversationId, TenantId, tenant, webhook};
use engine::{EnqueueError, When};
use ring::digest::{SHA256, digest};
use sqlx::{Postgres, Transaction};
use workflows::AnswerMessage;

use super::{
    Intake,
    numbers::{self, Item, Sorted},
};

use apply::Change;
pub(super) use desk::Desk;
use together::Letter;
pub(super) use together::Office;

type Tx = Transaction<'static, Postgres>;

/// What a body led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is kept, and what it asks for is under way.
    Recorded,
    /// The same bytes had been recorded before.
    Repeated,
    /// It is kept, but holds nothing that can be read.
    Unreadable,
}

impl Outcome {
    /// The name in metrics.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Repeated => "repeated",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub(super) enum RecordError {
    /// The database refused, or could not be reached.
    #[error("the database did not take the webhook")]
    Database(#[from] sqlx::Error),
    /// The work could not be written down.
    #[error("the work of the webhook was not enqueued")]
    Enqueue(#[from] EnqueueError),
}

/// Records a body whose signature was good. Nothing of it is there before all of it is.
pub(super) async fn record(intake: &Intake, body: &Bytes) -> Result<Outcome, RecordError> {
    let now = intake.world.clock.now();
    let (updates, outcome) = match whatsapp::parse(body, now) {
        Ok(updates) => (updates, Outcome::Recorded),
        Err(error) => {
            tracing::warn!(%error, "a signed webhook is kept unread");
            (Vec::new(), Outcome::Unreadable)
        }
    };
    let sorted = numbers::sort(&intake.world.pool, &intake.channels, updates).await?;
    if let Some((tenant, letter)) = Letter::of(body, now, &sorted)
        && let Some(outcome) = intake.desk.hand_in(tenant, letter).await
    {
        return Ok(outcome);
    }
    alone(Recording { intake, body, now, sorted, outcome, stored: None, careful: false }).await
}

/// Records once more what a body tells that is kept as this event. Repeated: it told nothing new.
pub(super) async fn again(intake: &Intake, event: i64, body: &[u8]) -> Result<Outcome, RecordError> {
    let now = intake.world.clock.now();
    let Ok(updates) = whatsapp::parse(body, now) else { return Ok(Outcome::Unreadable) };
    let sorted = numbers::sort(&intake.world.pool, &intake.channels, updates).await?;
    let stored = Some(event);
    alone(Recording { intake, body, now, sorted, outcome: Outcome::Recorded, stored, careful: false }).await
}

async fn alone(mut recording: Recording<'_>) -> Result<Outcome, RecordError> {
    let mut attempt = 0;
    loop {
        let result = recording.run().await;
        let Err(error) = result else { return result };
        attempt += 1;
        match retry::after(&error, attempt) {
            retry::Next::Again(pause) => tokio::time::sleep(pause).await,
            retry::Next::Carefully if !recording.careful => recording.careful = true,
            _ => return Err(error),
        }
    }
}

fn sha256(body: &[u8]) -> [u8; 32] {
    let mut code = [0; 32];
    code.copy_from_slice(digest(&SHA256, body).as_ref());
    code
}

struct Recording<'a> {
    intake: &'a Intake,
    body: &'a [u8],
    now: DateTime<Utc>,
    sorted: Sorted,
    /// What it is once committed.
    outcome: Outcome,
    /// The event that keeps the body, when it is recorded once more.
    stored: Option<i64>,
    /// Whether each update gets a savepoint of its own, since one of them cannot be recorded.
    careful: bool,
}

/// What the items of a body led to.
#[derive(Debug, Default)]
struct Applied {
    /// The conversations that wait for an answer, in a stable order.
    waiting: BTreeSet<(TenantId, ConversationId)>,
    /// Something is known now that was not.
    is_new: bool,
}

impl Recording<'_> {
    async fn run(&self) -> Result<Outcome, RecordError> {
        let first = self.sorted.items.first().map(|item| item.tenant);
        let mut tx = match first {
            Some(tenant) => tenant::begin(&self.intake.world.pool, tenant).await?,
            None => engine::begin(&self.intake.world.pool).await?,
        };
        let Some(event) = self.keep(&mut tx).await? else { return Ok(Outcome::Repeated) };
        for number in &self.sorted.strays {
            tracing::warn!(event, "webhook for a number that nobody here has");
            webhook::quarantine(&mut tx, event, number, "unknown phone number", self.now).await?;
        }
        let quiet = When::Quiet(AnswerMessage::debounce(self.intake.world.settings.burst));
        let Applied { waiting, is_new } = self.apply(&mut tx, event).await?;
        for (tenant, conversation) in waiting {
            let work = AnswerMessage { tenant, conversation };
            self.intake.engine.enqueue_when::<World, _>(&mut tx, tenant.0, &work, quiet).await?;
        }
        self.intake.engine.commit(tx).await?;
        Ok(if self.stored.is_some() && !is_new { Outcome::Repeated } else { self.outcome })
    }

    /// The event that keeps the body; `None` when it came before.
    async fn keep(&self, tx: &mut Tx) -> sqlx::Result<Option<i64>> {
        if self.stored.is_some() {
            return Ok(self.stored);
        }
        Ok(match webhook::store(tx, self.body, &sha256(self.body), self.now).await? {
            webhook::Stored::New(event) => Some(event),
            webhook::Stored::AlreadySeen => None,
        })
    }

    async fn apply(&self, tx: &mut Tx, event: i64) -> sqlx::Result<Applied> {
        let mut applied = Applied::default();
        let mut tenant = self.sorted.items.first().map(|item| item.tenant);
        for item in &self.sorted.items {
            if tenant != Some(item.tenant) {
                apply::enter(tx, item.tenant).await?;
                tenant = Some(item.tenant);
            }
            let change = self.one(tx, event, item).await?;
            applied.is_new |= change != Change::Nothing;
            if let Change::Waits(conversation) = change {
                applied.waiting.insert((item.tenant, conversation));
            }
        }
        Ok(applied)
    }

    async fn one(&self, tx: &mut Tx, event: i64, item: &Item) -> sqlx::Result<Change> {
        if self.careful {
            careful::apply(tx, event, item, self.now).await
        } else {
            apply::item(tx, item, self.now).await
        }
    }
}
