//! What somebody is there for.

use std::{fmt, str::FromStr};

/// The part that an account plays. What each may do is the console's matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
pub enum Role {
    /// Answers for a tenant, or for the whole house.
    Owner,
    /// Runs a tenant from day to day.
    Manager,
    /// Serves the customers of a tenant.
    Agent,
    /// Sees what happens, and acts on jobs.
    Ops,
    /// Sees what happens, and changes nothing.
    OpsRead,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Owner, Self::Manager, Self::Agent, Self::Ops, Self::OpsRead];

    /// Its name in the database, in commands and in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Agent => "agent",
            Self::Ops => "ops",
            Self::OpsRead => "ops-read",
        }
    }

    /// Whether an account of this role may be of the whole house. Who serves customers serves those of one tenant.
    #[must_use]
    pub const fn of_the_house(self) -> bool {
        matches!(self, Self::Owner | Self::Ops | Self::OpsRead)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or(UnknownRole)
    }
}

/// No role is called so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("choose of owner, manager, agent, ops, ops-read")]
pub struct UnknownRole;
