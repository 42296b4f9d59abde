//! The one task of a process that claims jobs, in batches, for whatever has a free slot.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    backend::Fetched,
    link::Link,
    offers::{rest, withdraw},
    registry::Claimed,
    runner,
    session::Core,
};

/// The floor: work that nobody told us of is found this late.
const POLL: Duration = Duration::from_millis(250);
/// While jobs wait for slots, slots are gathered this long before the next claim.
const GATHER: Duration = Duration::from_millis(1);
/// Wait after the database refused.
const PAUSE: Duration = Duration::from_millis(250);
/// A longer way to the first job led over rows that are dead, and that a long transaction keeps from being cleaned away.
const SLOW: Duration = Duration::from_millis(5);
/// Then the next claim that looks everywhere comes after so many times its length.
const REST: u32 = 20;
/// But no later than this: workflows that wake stand where they stood first, before what is known.
const REST_AT_MOST: Duration = Duration::from_secs(2);
/// A tenant of whom nothing was claimed for this long has nothing more.
const KEPT: Duration = Duration::from_secs(5);

/// Claims until the session drains.
pub(crate) async fn run<W: Clone + Send + Sync + 'static>(core: Arc<Core<W>>) {
    let wake = core.client.local_wake();
    let (mut link, mut heads, mut offers) = (Link::own(core.client.pool()), Heads::default(), false);
    loop {
        let wait =
            if core.settler.is_behind() { GATHER } else { look(&core, &mut link, &mut heads, &mut offers).await };
        tokio::select! {
            biased;
            () = core.draining.cancelled() => break,
            () = wake.notified() => {}
            () = core.registry.freed() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(wait) => {}
        }
    }
    withdraw(&core, &mut link, &mut offers).await;
}

/// Claims once and hands out; returns when to look again. With nothing to claim it offers to start what comes.
async fn look<W: Clone + Send + Sync + 'static>(
    core: &Arc<Core<W>>,
    link: &mut Link,
    heads: &mut Heads,
    offers: &mut bool,
) -> Duration {
    match claim(core, link, heads).await {
        Ok((jobs, more)) => {
            for job in jobs {
                dispatch(core, job).await;
            }
            if more {
                withdraw(core, link, offers).await;
                return GATHER;
            }
            *offers = true;
            let due = rest(core, link).await.ok().flatten().unwrap_or(POLL.as_secs_f64());
            Duration::from_secs_f64(due.max(0.0)).clamp(GATHER, POLL)
        }
        Err(error) => {
            tracing::warn!(%error, "no jobs claimed, trying again");
            PAUSE
        }
    }
}

/// How far each queue (kind, priority, tenant) is claimed, for the time while looking everywhere is slow.
#[derive(Default)]
pub(crate) struct Heads {
    ranks: HashMap<(i16, i16, i64), (i64, Instant)>,
    full_again: Option<Instant>,
}

/// Of each queue that is known: only what comes after the rank.
#[derive(Default)]
struct Known {
    kinds: Vec<i16>,
    priorities: Vec<i16>,
    tenants: Vec<i64>,
    ranks: Vec<i64>,
}

impl Heads {
    /// What the next claim may start from; nothing: it looks everywhere.
    fn known(&self) -> Option<Known> {
        if self.ranks.is_empty() || self.full_again.is_none_or(|at| at <= Instant::now()) {
            return None;
        }
        let mut known = Known::default();
        for ((kind, priority, tenant), (rank, _)) in &self.ranks {
            known.kinds.push(*kind);
            known.priorities.push(*priority);
            known.tenants.push(*tenant);
            known.ranks.push(*rank);
        }
        Some(known)
    }

    fn note(&mut self, everywhere: bool, walk: Duration, claimed: impl Iterator<Item = ((i16, i16, i64), i64)>) {
        let claimed: Vec<_> = claimed.collect();
        if everywhere {
            // A tenant that got nothing this time may still have jobs of the priority whose turn it is.
            let turn: HashSet<_> = claimed.iter().map(|((kind, priority, _), _)| (*kind, *priority)).collect();
            let again: HashSet<_> = claimed.iter().map(|(queue, _)| *queue).collect();
            self.ranks.retain(|queue, (_, at)| {
                turn.contains(&(queue.0, queue.1)) && !again.contains(queue) && at.elapsed() < KEPT
            });
            self.full_again = (walk > SLOW).then(|| Instant::now() + (walk * REST).min(REST_AT_MOST));
        }
        for (queue, rank) in claimed {
            let (head, at) = self.ranks.entry(queue).or_insert((rank, Instant::now()));
            (*head, *at) = (rank.max(*head), Instant::now());
        }
    }
}

/// Fetches for the free slots; true when there may be more for them, or a type had more jobs than slots.
pub(crate) async fn claim<W: Clone + Send + Sync + 'static>(
    core: &Core<W>,
    link: &mut Link,
    heads: &mut Heads,
) -> sqlx::Result<(Vec<Fetched>, bool)> {
    let (kinds, free) = core.registry.free();
    if kinds.is_empty() {
        return Ok((Vec::new(), true));
    }
    let known = heads.known();
    let everywhere = known.is_none();
    let mut conn = link.take().await?;
    let mut rows = sqlx::query!(
        r#"select claim as "claim!", id as "id!", kind as "kind!", attempts as "attempts!", losses as "losses!", lane, tenant as "tenant!",
                  root as "root!", parent, payload::text as "payload!", created_at as "created_at!", clock_timestamp() as "claimed_at!",
                  priority as "priority!", rank as "rank!", trace, due_at as "due_at!", walk_ms as "walk_ms!"
           from holdfast.claim($1, $2, $3, $4, $5, $6, $7, $8)"#,
        core.worker,
        &kinds,
        &free,
        core.registry.gated(),
        known.as_ref().map(|known| known.kinds.as_slice()) as _,
        known.as_ref().map(|known| known.priorities.as_slice()) as _,
        known.as_ref().map(|known| known.tenants.as_slice()) as _,
        known.as_ref().map(|known| known.ranks.as_slice()) as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    link.keep(conn);
    let fetched = Instant::now();
    // A claim takes one priority of a type and a share for each tenant: what it left may be next. So may what lies behind
    // jobs that all have to wait; claim 0 tells of them.
    let more = !rows.is_empty();
    let walk = Duration::from_secs_f64(rows.first().map_or(0.0, |row| row.walk_ms.max(0.0)) / 1000.0);
    rows.retain(|row| row.claim != 0);
    heads.note(everywhere, walk, rows.iter().map(|row| ((row.kind, row.priority, row.tenant), row.rank)));
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
                trace: row.trace,
                created_at: row.created_at,
                due_at: row.due_at,
                at: row.claimed_at,
                fetched,
            };
            (claimed, row.payload)
        })
        .collect();
    if let Some((first, _)) = jobs.first() {
        core.settler.track(first.claim, jobs.len());
    }
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
