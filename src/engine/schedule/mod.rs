//! The crontab: each tick becomes one job, whoever of the processes sees it first.
//!
//! There is no leader. A tick's job and the row that says so (`holdfast.schedule`) are one transaction under that row's
//! lock, so that a process that dies on the way leaves nothing behind, and another does it within a second. The only
//! clock is the database's.

mod act;
mod crontab;
mod definition;
mod expression;
mod history;
mod jitter;
mod keyed;
mod line;
mod list;
mod plan;
mod row;
mod timing;

use chrono::{DateTime, Utc};

pub use act::{ActError, job_of, pause, resume, trigger};
pub(crate) use crontab::Crontab;
pub use definition::{CrontabError, Missed, Overlap, Schedule};
pub use expression::ExpressionError;
pub use history::{Act, Run, acts, runs};
pub use list::{Entry, LastRun, Pause, list};
pub use timing::Timing;

/// The instant that a crontab line names.
pub type Tick = DateTime<Utc>;
