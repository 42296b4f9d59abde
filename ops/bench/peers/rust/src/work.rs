//! w1, w4, w5: until the database shows no job that is not finished. w6: until killed.

use std::{
    sync::atomic::Ordering::SeqCst,
    time::{Duration, Instant},
};

use tokio::time::sleep;

use crate::{
    Load, Peer, Result,
    jobs::{self, HANDLED},
    result, setting,
};

pub(crate) async fn drain<P: Peer>(peer: &P, load: Load, count: i64) -> Result {
    let started = Instant::now();
    let mut notes = peer.work(load).await?.to_owned();
    while HANDLED.load(SeqCst) < count || peer.unfinished().await? > 0 {
        if started.elapsed() > cap() {
            notes = format!("CAPPED; {notes}");
            break;
        }
        sleep(Duration::from_millis(5)).await;
    }
    let took = started.elapsed();
    if load == Load::Lanes {
        notes = format!("{notes}; {}", jobs::disorder());
    }
    result::rate(HANDLED.load(SeqCst).min(count), took, &notes);
    Ok(())
}

pub(crate) async fn hold<P: Peer>(peer: &P) -> Result {
    peer.work(Load::Hold).await?;
    println!("READY");
    std::future::pending().await
}

/// The longest that a measurement may take.
pub(crate) fn cap() -> Duration {
    Duration::from_secs(setting("MAXS", "40").parse().unwrap_or(40))
}
