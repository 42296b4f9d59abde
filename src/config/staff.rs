//! Settings of `holdfast staff`.

use clap::{Args, Subcommand};
use domain::staff::Role;

use super::Database;

/// `holdfast staff`
#[derive(Debug, Args)]
pub struct Staff {
    /// What to do.
    #[command(subcommand)]
    pub action: StaffAction,
}

/// What can be done to the accounts of the console.
#[derive(Debug, Subcommand)]
pub enum StaffAction {
    /// Prints a link on which somebody chooses a password: good for 24 hours and once.
    Invite(StaffInvite),
    /// Tells all accounts.
    List(Database),
    /// Prints a link on which somebody who has forgotten their password chooses another one.
    Reset(StaffReset),
    /// Lets somebody sign in no more, and ends their sessions.
    Disable(StaffNamed),
    /// Lets somebody sign in again.
    Enable(StaffNamed),
}

/// Somebody to be invited.
#[derive(Debug, Args)]
pub struct StaffInvite {
    /// What they will sign in with.
    #[arg(long, value_name = "ADDRESS")]
    pub email: String,
    /// What they are there for: owner, manager, agent, ops, ops-read.
    #[arg(long, value_name = "ROLE")]
    pub role: Role,
    /// The short name of the business whose rows they see; without it, they see the whole house.
    #[arg(long, value_name = "SLUG")]
    pub tenant: Option<String>,
    /// As others read it; without it, what stands before the @.
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Where the console is, as their browser finds it.
    #[arg(long, env = "HOLDFAST_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub url: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// An account.
#[derive(Debug, Args)]
pub struct StaffNamed {
    /// What they sign in with.
    #[arg(value_name = "EMAIL")]
    pub email: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// Somebody who has forgotten their password.
#[derive(Debug, Args)]
pub struct StaffReset {
    /// Where the console is, as their browser finds it.
    #[arg(long, env = "HOLDFAST_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub url: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub named: StaffNamed,
}
