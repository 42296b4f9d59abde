//! Settings of `holdfast jobs`.

use clap::{Args, Subcommand, builder::PossibleValuesParser};

use super::Database;

/// `holdfast jobs`
#[derive(Debug, Args)]
pub struct Jobs {
    /// What to do.
    #[command(subcommand)]
    pub action: JobsAction,
}

/// What can be done to jobs.
#[derive(Debug, Subcommand)]
pub enum JobsAction {
    /// Tells the newest jobs, newest first.
    List(JobsList),
    /// Tells everything that one cause led to: the job, what it came from and what came of it.
    Show(JobsShow),
    /// Runs dead or cancelled jobs once more, with all their attempts.
    Retry(JobsNamed),
    /// Ends jobs that nobody wants any more. One that runs is told, and may clean up.
    Cancel(JobsCancel),
    /// Lets nothing of a kind or a tenant start until the resume. What runs, ends as usual.
    Pause(JobsPause),
    /// Ends a pause.
    Resume(JobsResume),
}

/// Which jobs to list.
#[derive(Debug, Args)]
pub struct JobsList {
    /// Only jobs in this state; those that wait for a time are `scheduled`.
    #[arg(long, value_parser = PossibleValuesParser::new(["ready", "running", "scheduled", "blocked", "held", "completed", "dead", "cancelled"]))]
    pub state: Option<String>,
    /// Only jobs of this name.
    #[arg(long, value_name = "NAME")]
    pub kind: Option<String>,
    /// Only jobs of this tenant.
    #[arg(long, value_name = "ID")]
    pub tenant: Option<i64>,
    /// Only jobs before this one: the last id of the page before.
    #[arg(long, value_name = "ID")]
    pub before: Option<i64>,
    /// The most rows.
    #[arg(long, default_value_t = 50, value_name = "ROWS", value_parser = clap::value_parser!(i64).range(1..=1000))]
    pub most: i64,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// One job.
#[derive(Debug, Args)]
pub struct JobsShow {
    /// The job's id, as `holdfast jobs list` tells it.
    #[arg(value_name = "ID")]
    pub job: i64,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// Some jobs.
#[derive(Debug, Args)]
pub struct JobsNamed {
    /// Their ids.
    #[arg(value_name = "ID", required = true)]
    pub jobs: Vec<i64>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// Some jobs, and why they are to end.
#[derive(Debug, Args)]
pub struct JobsCancel {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub named: JobsNamed,
    /// Why, for those who find out later.
    #[arg(long, value_name = "TEXT")]
    pub why: String,
}

/// What to pause.
#[derive(Debug, Args)]
pub struct JobsPause {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub what: JobsResume,
    /// Who acts.
    #[arg(long, env = "USER", value_name = "NAME")]
    pub who: String,
    /// Why, for those who find out later.
    #[arg(long, value_name = "TEXT")]
    pub why: String,
}

/// A kind, a tenant, both, or (neither) everything.
#[derive(Debug, Args)]
pub struct JobsResume {
    /// Jobs of this name only.
    #[arg(long, value_name = "NAME")]
    pub kind: Option<String>,
    /// Jobs of this tenant only.
    #[arg(long, value_name = "ID")]
    pub tenant: Option<i64>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}
