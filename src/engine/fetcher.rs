//! The one task of a process that claims jobs, in batches, for whatever has a free slot.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{backend::Fetched, registry::Claimed, runner, session::Core};

/// The floor: work that nobody told us of is found this late.
const POLL: Duration = Duration::from_millis(250);
/// While jobs wait for slots, slots are gathered this long before the next claim.
const GATHER: Duration = Duration::from_millis(1);
/// Wait after the database refused.
const PAUSE: Duration = Duration::from_millis(250);

/// Claims until the session drains.
pub(crate) async fn run<W: Clone + Send + Sync + 'static>(core: Arc<Core<W>>) {
    let wake = core.client.local_wake();
    loop {
        let mut wait = POLL;
        match claim(&core).await {
            Ok((jobs, more)) => {
                for job in jobs {
                    dispatch(&core, job).await;
                }
                if more {
                    wait = GATHER;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "no jobs claimed, trying again");
                wait = PAUSE;
            }
        }
        tokio::select! {
            biased;
            () = core.draining.cancelled() => return,
            () = wake.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Fetches for the free slots; true when a type had more jobs than slots.
async fn claim<W: Clone + Send + Sync + 'static>(core: &Core<W>) -> sqlx::Result<(Vec<Fetched>, bool)> {
    let (kinds, free) = core.registry.free();
    if kinds.is_empty() {
        return Ok((Vec::new(), true));
    }
    let rows = sqlx::query!(
        r#"select claim as "claim!", id as "id!", kind as "kind!", attempts as "attempts!", losses as "losses!", lane, tenant as "tenant!",
                  root as "root!", parent, payload::text as "payload!", created_at as "created_at!", clock_timestamp() as "claimed_at!"
           from holdfast.claim($1, $2, $3)"#,
        core.worker,
        &kinds,
        &free,
    )
    .fetch_all(core.client.pool())
    .await?;
    let jobs: Vec<Fetched> = rows
        .into_iter()
        .map(|row| {
            let claimed = Claimed {
                claim: row.claim,
                id: row.id,
                kind: row.kind,
                attempts: row.attempts,
                losses: row.losses,
                lane: row.lane,
                tenant: row.tenant,
                root: row.root,
                parent: row.parent,
                created_at: row.created_at,
                at: row.claimed_at,
                fetched: Instant::now(),
            };
            (claimed, row.payload)
        })
        .collect();
    if let Some((first, _)) = jobs.first() {
        core.settler.track(first.claim, jobs.len());
    }
    let more = kinds.iter().zip(&free).any(|(kind, free)| {
        jobs.iter().filter(|(job, _)| job.kind == *kind).count() >= usize::try_from(*free).unwrap_or(0)
    });
    Ok((jobs, more))
}

async fn dispatch<W: Clone + Send + Sync + 'static>(core: &Arc<Core<W>>, job: Fetched) {
    if let Some(kind) = core.registry.get(job.0.kind) {
        kind.take_slot();
    }
    let claimed = job.0.clone();
    if !core.dispatcher.send(job) {
        runner::give_back(core, claimed).await;
    }
}
