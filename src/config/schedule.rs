//! Settings of `holdfast schedule`.

use clap::{Args, Subcommand};

use super::Database;

/// `holdfast schedule`
#[derive(Debug, Args)]
pub struct Schedule {
    /// What to do.
    #[command(subcommand)]
    pub action: ScheduleAction,
}

/// What can be done to schedules.
#[derive(Debug, Subcommand)]
pub enum ScheduleAction {
    /// Tells all schedules: when they ran, when they will, and who paused them.
    List(Database),
    /// Lets no tick become a job until the resume. Ticks of that time are not made up for.
    Pause(ScheduleAct),
    /// Lets ticks count again, from now.
    Resume(ScheduleAct),
    /// Makes one job at once, whatever ticks and pause say.
    Trigger(ScheduleAct),
}

/// One schedule, and what is written down of whoever acts on it.
#[derive(Debug, Args)]
pub struct ScheduleAct {
    /// The schedule's name, as `holdfast schedule list` tells it.
    #[arg(value_name = "NAME")]
    pub schedule: String,
    /// Who acts.
    #[arg(long, env = "USER", value_name = "NAME")]
    pub who: String,
    /// Why, for those who find out later.
    #[arg(long, value_name = "TEXT")]
    pub why: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}
