//! Which failures of a recording are worth another try.

use std::time::Duration;

use engine::EnqueueError;

use super::RecordError;

/// How often processes that got into each other's way try again.
const ATTEMPTS: u32 = 5;

/// What to do about a failed recording.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing here: the sender will try again.
    GiveUp,
    /// The whole transaction once more, after a pause.
    Again(Duration),
    /// Once more, update by update.
    Carefully,
}

/// Decides after the `attempt`th failure, counted from 1.
pub(super) fn after(error: &RecordError, attempt: u32) -> Next {
    let (RecordError::Database(database) | RecordError::Enqueue(EnqueueError::Database { source: database, .. })) =
        error
    else {
        return Next::GiveUp;
    };
    match code(database).as_deref() {
        // Deadlock; serialisation failure.
        Some("40P01" | "40001") if attempt < ATTEMPTS => Next::Again(Duration::from_millis(u64::from(attempt) * 10)),
        _ if refused_for_good(database).is_some() => Next::Carefully,
        _ => Next::GiveUp,
    }
}

/// The SQLSTATE of a refusal that the same data would meet again: bad data (22), a broken
/// constraint (23), a limit of the program (54).
pub(super) fn refused_for_good(error: &sqlx::Error) -> Option<String> {
    code(error).filter(|code| ["22", "23", "54"].iter().any(|class| code.starts_with(class)))
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}
