//! Ending on request.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that the first Ctrl-C or SIGTERM cancels, so that everyone finishes what they hold. A
/// second one ends the process at once, which loses nothing either, but leaves more to redo.
pub fn on_signal() -> anyhow::Result<CancellationToken> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let drain = CancellationToken::new();
    let token = drain.clone();
    tokio::spawn(async move {
        for first in [true, false] {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if first {
                tracing::info!("finishing; once more ends at once");
                token.cancel();
            }
        }
        std::process::exit(130);
    });
    Ok(drain)
}
