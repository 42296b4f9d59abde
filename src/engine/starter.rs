//! Starting steps, of many workflows at one time.
//!
//! A step that this process has a slot for starts here at once: the statement that writes its row claims it, too. So
//! a step costs two commits, shared with all others of the moment: this one, and the one that settles it.

use std::{
    sync::{Arc, Weak},
    time::Instant,
};

use tokio::sync::{mpsc, oneshot};

use crate::{link::Link, registry::Claimed, runner, session::Core};

/// Steps written at one time.
const BATCH: usize = 250;

/// A step that a workflow asks for.
pub(crate) struct Request {
    /// The workflow's.
    pub claim: i64,
    pub parent: i64,
    pub root: i64,
    pub tenant: i64,
    pub name: String,
    pub kind: i16,
    pub priority: i16,
    pub limit_key: Option<String>,
    pub trace: Option<String>,
    pub detached: bool,
    /// The run does not know yet whether it is a replay.
    pub opening: bool,
    pub payload: String,
}

/// The step's job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Begun {
    /// None: not begun, because the workflow has a journal that the run has not read.
    pub child: Option<i64>,
    /// An earlier run of the workflow began it.
    pub existed: bool,
}

/// `Ok(None)`: the workflow is not ours any more.
type Answer = sqlx::Result<Option<Begun>>;

/// The way to the one task that starts steps.
#[derive(Clone)]
pub(crate) struct Starter(mpsc::UnboundedSender<(Request, oneshot::Sender<Answer>)>);

/// What arrives there.
pub(crate) type Requests = mpsc::UnboundedReceiver<(Request, oneshot::Sender<Answer>)>;

impl Starter {
    pub fn new() -> (Self, Requests) {
        let (sender, requests) = mpsc::unbounded_channel();
        (Self(sender), requests)
    }

    pub async fn begin(&self, request: Request) -> Answer {
        let (sender, answer) = oneshot::channel();
        self.0.send((request, sender)).map_err(|_| sqlx::Error::WorkerCrashed)?;
        answer.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

/// Runs until the session is over.
pub(crate) async fn run<W: Clone + Send + Sync + 'static>(core: Weak<Core<W>>, mut requests: Requests, mut link: Link) {
    let mut buffer = Vec::with_capacity(BATCH);
    while requests.recv_many(&mut buffer, BATCH).await > 0 {
        let Some(core) = core.upgrade() else { return };
        let (batch, answers): (Vec<_>, Vec<_>) = buffer.drain(..).unzip();
        match start(&core, &mut link, batch).await {
            Ok(begun) => {
                for (answer, begun) in answers.into_iter().zip(begun) {
                    // A workflow that was laid aside meanwhile finds the step in its journal.
                    let _ = answer.send(Ok(begun));
                }
            }
            Err(error) => {
                tracing::warn!(%error, "steps are not started");
                // Each workflow tries again with its own backoff.
                for answer in answers {
                    let _ = answer.send(Err(sqlx::Error::Protocol(error.to_string())));
                }
            }
        }
    }
}

async fn start<W: Clone + Send + Sync + 'static>(
    core: &Arc<Core<W>>,
    link: &mut Link,
    batch: Vec<Request>,
) -> sqlx::Result<Vec<Option<Begun>>> {
    let slots: Vec<bool> = batch
        .iter()
        .map(|request| {
            core.registry.get(request.kind).is_some_and(|kind| {
                !core.draining.is_cancelled() && core.breakers.lets_through(&kind.policy) && kind.try_slot()
            })
        })
        .collect();
    let rows = match write(core.worker, link, &batch, &slots).await {
        Ok(rows) => rows,
        Err(error) => {
            free(core, batch.iter().zip(&slots).filter(|(_, slot)| **slot).map(|(request, _)| request.kind));
            return Err(error);
        }
    };
    let mut begun = vec![None; batch.len()];
    let direct = rows.iter().filter(|row| row.claim.is_some()).count();
    if let Some(claim) = rows.iter().find_map(|row| row.claim) {
        core.settler.track(claim, direct);
    }
    let mut unused = slots;
    let mut queued = false;
    for row in rows {
        let at = usize::try_from(row.n - 1).unwrap_or(usize::MAX);
        let (Some(request), Some(answer)) = (batch.get(at), begun.get_mut(at)) else { continue };
        *answer = Some(Begun { child: row.child, existed: row.existed });
        match row.claim.zip(row.child) {
            Some((claim, child)) => {
                unused[at] = false;
                let job = claimed(request, claim, child, &row);
                if !core.dispatcher.send((job.clone(), request.payload.clone())) {
                    runner::give_back(core, job).await;
                }
            }
            None => queued |= !row.existed,
        }
    }
    free(core, batch.iter().zip(&unused).filter(|(_, unused)| **unused).map(|(request, _)| request.kind));
    if queued {
        core.client.wake_here();
    }
    Ok(begun)
}

fn free<W: Clone + Send + Sync + 'static>(core: &Core<W>, kinds: impl Iterator<Item = i16>) {
    kinds.for_each(|kind| core.registry.free_slot(kind));
}

fn claimed(request: &Request, claim: i64, child: i64, row: &Row) -> Claimed {
    Claimed {
        claim,
        id: child,
        kind: request.kind,
        attempts: 0,
        losses: 0,
        lane: None,
        tenant: request.tenant,
        root: request.root,
        parent: Some(request.parent),
        trace: request.trace.clone(),
        created_at: row.at,
        due_at: row.at,
        at: row.at,
        fetched: Instant::now(),
    }
}

struct Row {
    n: i64,
    child: Option<i64>,
    existed: bool,
    claim: Option<i64>,
    at: chrono::DateTime<chrono::Utc>,
}

async fn write(worker: i64, link: &mut Link, batch: &[Request], slots: &[bool]) -> sqlx::Result<Vec<Row>> {
    fn column<T>(batch: &[Request], field: impl Fn(&Request) -> T) -> Vec<T> {
        batch.iter().map(field).collect()
    }
    let mut conn = link.take().await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select n as "n!", child, existed as "existed!", claim, at as "at!"
           from holdfast.start_steps($1, $2, $3, $4, $5, $6, $7::text[]::json[], $8, $9, $10, $11, $12, $13, $14)"#,
        worker,
        &column(batch, |r| r.claim),
        &column(batch, |r| r.parent),
        &column(batch, |r| r.root),
        &column(batch, |r| r.name.clone()),
        &column(batch, |r| r.kind),
        &column(batch, |r| r.payload.clone()),
        &column(batch, |r| r.tenant),
        &column(batch, |r| r.priority),
        &column(batch, |r| r.limit_key.clone()) as _,
        &column(batch, |r| r.trace.clone()) as _,
        &column(batch, |r| r.detached),
        &column(batch, |r| r.opening),
        slots,
    )
    .fetch_all(&mut *conn)
    .await?;
    link.keep(conn);
    Ok(rows)
}
