//! Waiting for something that happens elsewhere.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Longer than anything here takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first `Ok` of `look`; fails with its last complaint when there is none for 30 s.
pub async fn eventually<T>(look: impl AsyncFn() -> Result<T, String>) -> T {
    within(PATIENCE, look).await
}

/// The same with a limit of one's own.
pub async fn within<T>(patience: Duration, look: impl AsyncFn() -> Result<T, String>) -> T {
    let until = Instant::now() + patience;
    loop {
        match look().await {
            Ok(found) => return found,
            Err(complaint) if Instant::now() > until => panic!("after {patience:?}: {complaint}"),
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
    }
}
