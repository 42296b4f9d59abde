//! w2: how fast jobs are put in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use crate::{Peer, Result, result};

const BATCH: i64 = 1000;

pub(crate) async fn fill<P: Peer>(peer: &P, count: i64) -> Result {
    for from in (0..count).step_by(BATCH as usize) {
        peer.many(from, BATCH.min(count - from)).await?;
    }
    Ok(())
}

pub(crate) async fn singly<P: Peer>(peer: &P, count: i64) -> Result {
    for number in 0..count {
        peer.one(number).await?;
    }
    Ok(())
}

pub(crate) async fn bulk<P: Peer>(peer: &P, count: i64) -> Result {
    let started = Instant::now();
    fill(peer, count).await?;
    result::rate(count, started.elapsed(), &format!("batches of {BATCH}"));
    Ok(())
}

pub(crate) async fn clients<P: Peer>(peer: &P, clients: usize, count: i64) -> Result {
    let next = Arc::new(AtomicI64::new(0));
    let started = Instant::now();
    let clients: Vec<_> = (0..clients).map(|_| tokio::spawn(client(peer.clone(), next.clone(), count))).collect();
    let mut rounds = Vec::new();
    for client in clients {
        rounds.extend(client.await??);
    }
    result::rounds(rounds, started.elapsed(), "one call a job");
    Ok(())
}

async fn client<P: Peer>(peer: P, next: Arc<AtomicI64>, count: i64) -> Result<Vec<Duration>> {
    let mut rounds = Vec::new();
    loop {
        let number = next.fetch_add(1, Relaxed);
        if number >= count {
            return Ok(rounds);
        }
        let started = Instant::now();
        peer.one(number).await?;
        rounds.push(started.elapsed());
    }
}
