//! Who may do what: the one place that says so.

use domain::staff::Role;

/// Something that can be done in the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Sees the screens about jobs.
    Look,
    /// Asks why a customer got a message.
    Why,
    /// Reads what customers wrote and who they are. Each look is in the audit.
    Reveal,
    /// Retries, snoozes and cancels jobs.
    Act,
    /// Changes the arguments of jobs.
    Edit,
    /// Deletes jobs.
    Delete,
    /// Acts on many jobs at one time.
    Bulk,
    /// Pauses and resumes kinds of jobs.
    Pause,
    /// Forces breakers.
    Breakers,
    /// Says what became of an effect that nobody knows of.
    Settle,
    /// Reads the audit.
    Audit,
    /// Invites and manages staff.
    Staff,
    /// Sees what belongs to the whole house: workers, the database, schedules, webhooks, businesses.
    House,
    /// Acts on what belongs to the whole house: limits, schedules, webhooks.
    RunHouse,
}

use Permission::{Act, Audit, Breakers, Bulk, Delete, Edit, House, Look, Pause, Reveal, RunHouse, Settle, Staff, Why};

const YES: bool = true;
const NO: bool = false;

/// One line a permission, one column a role.
#[rustfmt::skip]
const MATRIX: [(Permission, [bool; 5]); 14] = [
    //          owner manager agent ops ops-read
    (Look,      [YES, YES,    NO,   YES, YES]),
    (Why,       [YES, YES,    YES,  YES, YES]),
    (Reveal,    [YES, NO,     NO,   YES, NO]),
    (Act,       [YES, YES,    NO,   YES, NO]),
    (Edit,      [YES, NO,     NO,   YES, NO]),
    (Delete,    [YES, NO,     NO,   YES, NO]),
    (Bulk,      [YES, NO,     NO,   YES, NO]),
    (Pause,     [YES, NO,     NO,   YES, NO]),
    (Breakers,  [YES, NO,     NO,   YES, NO]),
    (Settle,    [YES, YES,    NO,   YES, NO]),
    (Audit,     [YES, NO,     NO,   YES, YES]),
    (Staff,     [YES, NO,     NO,   NO,  NO]),
    (House,     [YES, NO,     NO,   YES, YES]),
    (RunHouse,  [YES, NO,     NO,   YES, NO]),
];

impl Permission {
    /// All of them, in the order of the matrix.
    pub const ALL: [Self; 14] =
        [Look, Why, Reveal, Act, Edit, Delete, Bulk, Pause, Breakers, Settle, Audit, Staff, House, RunHouse];

    /// Whether it is about the whole house, so that nobody who belongs to one business has it.
    #[must_use]
    pub const fn is_of_house(self) -> bool {
        matches!(self, House | RunHouse)
    }

    /// Whether somebody of this role has it; `in_house`: who does not belong to one business.
    #[must_use]
    pub fn is_of(self, role: Role, in_house: bool) -> bool {
        let column = match role {
            Role::Owner => 0,
            Role::Manager => 1,
            Role::Agent => 2,
            Role::Ops => 3,
            Role::OpsRead => 4,
        };
        let allowed = MATRIX.iter().any(|(permission, roles)| *permission == self && roles[column]);
        allowed && (in_house || !self.is_of_house())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_its_line() {
        assert_eq!(MATRIX.map(|(permission, _)| permission), Permission::ALL);
    }

    #[test]
    fn who_only_reads_changes_nothing() {
        for permission in [Act, Edit, Delete, Bulk, Pause, Breakers, Settle, Staff, RunHouse, Reveal] {
            assert!(!permission.is_of(Role::OpsRead, true), "{permission:?}");
        }
    }

    #[test]
    fn the_house_is_not_for_one_business() {
        assert!(!House.is_of(Role::Owner, false) && House.is_of(Role::Owner, true));
    }
}
