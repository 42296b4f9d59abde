//! Where a job may stand.

/// All states, in the order in which a job comes to them.
pub const ALL: [&str; 10] =
    ["scheduled", "blocked", "held", "ready", "running", "retrying", "waiting", "completed", "dead", "cancelled"];

/// Those of jobs that have ended, as `holdfast.done` numbers them.
pub(super) const ENDED: [(&str, i16); 3] = [("completed", 0), ("dead", 1), ("cancelled", 2)];
