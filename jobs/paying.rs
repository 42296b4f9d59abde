//! What to do about a payment provider that did not do as asked.

use std::time::Duration;

use adapters::payments::{NotSent, PayError};
use engine::Stop;

/// Waits between looks at settings that must be mended first.
const HOLD: Duration = Duration::from_mins(1);

/// Asking again with the same key is safe, unless the provider answers that key with its own failure for ever: then this
/// job has failed, and another one, with another key, may do better.
pub(crate) fn stop(error: &PayError) -> Stop {
    match error {
        PayError::NotSent { reason: NotSent::Unreachable, wait } => Stop::unavailable(error.to_string(), *wait),
        PayError::NotSent { wait, .. } => Stop::snooze(wait.unwrap_or(Duration::from_secs(2)), error.to_string()),
        PayError::Unknown { stored: false, .. } => Stop::retry(error.to_string()),
        PayError::Rejected { class, .. } if class.is_configuration() => {
            Stop::snooze(HOLD, format!("{error}: mend the settings of the payment provider"))
        }
        PayError::Unknown { stored: true, .. } | PayError::Rejected { .. } => Stop::fail(error.to_string()),
    }
}
