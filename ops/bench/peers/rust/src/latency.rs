//! w3: from the enqueue to the handler of an idle worker, one at a time.

use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::{sync::mpsc, time::sleep};

use crate::{Load, Peer, Result, jobs::STARTS, result, work::cap};

const ROUNDS: i64 = 500;

pub(crate) async fn run<P: Peer>(peer: &P, load: Load) -> Result {
    let (sender, mut starts) = mpsc::unbounded_channel();
    STARTS.set(sender).ok();
    let notes = peer.work(load).await?;
    sleep(Duration::from_millis(1500)).await;
    let (began, mut rounds) = (Instant::now(), Vec::new());
    for number in 0..ROUNDS {
        let enqueued = Instant::now();
        peer.one(number).await?;
        let (_, started) = starts.recv().await.context("the worker is gone")?;
        rounds.push(started.saturating_duration_since(enqueued));
        if began.elapsed() > cap() {
            break;
        }
        // Not in step with anybody's polling.
        sleep(Duration::from_millis(5 + (number as u64 * 7919) % 20)).await;
    }
    result::rounds(rounds, began.elapsed(), notes);
    Ok(())
}
