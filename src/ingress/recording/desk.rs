//! Webhooks that come at about the same time share a transaction: while one is committed, the next gathers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::TenantId;
use sqlx::{PgPool, Postgres, pool::PoolConnection};
use tokio::sync::{
    Semaphore,
    mpsc::{self, UnboundedReceiver, UnboundedSender},
    oneshot,
};

use super::{
    Outcome, RecordError,
    together::{self, Letter, Office},
};

/// Webhooks of one transaction.
const MOST: usize = 256;
/// Transactions at a time, each of one business.
const CLERKS: usize = 2;

/// Where webhooks are handed in. A business whose rows are held by somebody else holds up no other.
#[derive(Debug)]
pub(in crate::ingress) struct Desk {
    clerks: Arc<Clerks>,
    /// Letters with statuses have a queue of their own: a customer's message waits for none of them.
    queues: Mutex<HashMap<(TenantId, bool), UnboundedSender<Handed>>>,
}

#[derive(Debug)]
struct Handed {
    letter: Letter,
    answer: oneshot::Sender<Option<Outcome>>,
}

impl Desk {
    pub fn new(pool: PgPool, office: Office) -> Self {
        let clerks = Clerks { pool, office, free: Semaphore::new(CLERKS), connections: Mutex::default() };
        Self { clerks: Arc::new(clerks), queues: Mutex::default() }
    }

    /// Records the letter with others. `None`: together they could not be recorded, and nothing of it was.
    pub async fn hand_in(&self, tenant: TenantId, letter: Letter) -> Option<Outcome> {
        let (answer, recorded) = oneshot::channel();
        self.queue(tenant, letter.tells_of_ours()).send(Handed { letter, answer }).ok()?;
        recorded.await.ok().flatten()
    }

    fn queue(&self, tenant: TenantId, of_ours: bool) -> UnboundedSender<Handed> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = || {
            let (queue, letters) = mpsc::unbounded_channel();
            // Ends with the desk.
            tokio::spawn(take(self.clerks.clone(), tenant, letters));
            queue
        };
        queues.entry((tenant, of_ours)).or_insert_with(begin).clone()
    }
}

/// Takes what waits, again and again.
async fn take(clerks: Arc<Clerks>, tenant: TenantId, mut letters: UnboundedReceiver<Handed>) {
    let mut waiting = Vec::with_capacity(MOST);
    while letters.recv_many(&mut waiting, MOST).await > 0 {
        // Whose sender has given up is sent again; recording it now would only make the others wait, too.
        let handed = waiting.drain(..).filter(|handed| !handed.answer.is_closed());
        let (letters, answers): (Vec<_>, Vec<_>) = handed.map(|handed| (handed.letter, handed.answer)).unzip();
        let outcomes = match clerks.record(tenant, &letters).await {
            Ok(outcomes) => outcomes.into_iter().map(Some).collect(),
            Err(error) => {
                tracing::debug!(%error, webhooks = letters.len(), "webhooks are recorded one by one");
                vec![None; letters.len()]
            }
        };
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // Nobody listens: the deadline has passed, and it is sent again.
            let _ = answer.send(outcome);
        }
    }
}

/// Who records, each on a connection of their own that does not go back: at the pool it would queue behind the workers.
#[derive(Debug)]
struct Clerks {
    pool: PgPool,
    office: Office,
    free: Semaphore,
    connections: Mutex<Vec<PoolConnection<Postgres>>>,
}

impl Clerks {
    async fn record(&self, tenant: TenantId, letters: &[Letter]) -> Result<Vec<Outcome>, RecordError> {
        let _free = self.free.acquire().await;
        let kept = self.connections.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut conn = match kept {
            Some(conn) => conn,
            None => self.pool.acquire().await?,
        };
        let outcomes = together::record(&self.office, &mut conn, tenant, letters).await?;
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        Ok(outcomes)
    }
}
