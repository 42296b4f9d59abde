//! One act on many jobs, which outlives the process that carries it out.
//!
//! What it is about is frozen first ([`freeze`]) and shown with its count; nothing happens until somebody has typed that
//! count ([`confirm`]). Then a job ([`RunBulk`]) goes over the items in the order in which their jobs were enqueued. What
//! became of a chunk is written in the transaction that acts on it: a process that dies repeats nothing and leaves nothing
//! out. On the way everybody may look ([`show`], [`items`]), [`pause`], [`resume`], [`abort`] or change the rate.

mod act;
mod chunk;
mod confirm;
mod freeze;
mod gather;
mod pace;
mod run;
mod show;
mod steer;

pub use confirm::{Confirm, confirm, phrase};
pub(crate) use freeze::sweep;
pub use freeze::{Asked, Frozen, MOST, Sampled, freeze, frozen};
pub use gather::gather;
pub use run::RunBulk;
pub use show::{Bulk, Item, items, list, show};
pub use steer::{Steered, abort, pause, resume, set_rate};

use serde::{Deserialize, Serialize};

/// What is done to each job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Dead and cancelled jobs run once more.
    Retry,
    /// Jobs that nobody wants any more end.
    Cancel,
    /// What waits for its time starts now.
    RunNow,
    /// What waits starts no earlier than a given time.
    Snooze,
    /// Ended jobs are forgotten.
    Delete,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Retry, Self::Cancel, Self::RunNow, Self::Snooze, Self::Delete];

    /// As it is written in the database and in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Cancel => "cancel",
            Self::RunNow => "run_now",
            Self::Snooze => "snooze",
            Self::Delete => "delete",
        }
    }

    /// The verb of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }
}

/// A verb of a row, which the table's check has seen.
fn stored(verb: &str) -> sqlx::Result<Verb> {
    Verb::named(verb).ok_or_else(|| sqlx::Error::Decode(format!("no verb {verb:?}").into()))
}
