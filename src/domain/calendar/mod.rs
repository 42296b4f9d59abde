//! The calendar of a business: weekly rules and the sessions made from them, who is where when, what changes, what is
//! called off, and appointments.
//!
//! Nobody leads two sessions at one time and no room holds two: the database promises it (`occupation_crew_free`,
//! `occupation_room_free`), and whoever is told no hears by what.

mod appointment;
mod away;
mod call_off;
mod capacity;
mod carry;
mod change;
mod check;
mod clash;
mod closure;
mod end_rule;
mod following;
mod free;
mod held;
mod hours;
mod local;
mod new_rule;
mod no;
mod removal;
mod rule;
mod slots;
mod tell;

use sqlx::PgConnection;

pub use appointment::{Appointment, Asked, book_appointment};
pub use away::away;
pub use call_off::{CalledOff, call_off, cancel_seat, unsettled};
pub use capacity::{Latest, TooSmall, set_capacity};
pub use change::{Change, change_session};
pub use clash::{Clash, Occupant, Resource};
pub use closure::{Closing, InClosure, close, in_closure};
pub use end_rule::{Shortened, end_rule};
pub use following::{Followed, RuleChange, this_and_following};
pub use free::{FreeTime, Wanted, free_times};
pub use local::{Gap, Overlap, instant, instant_by};
pub use new_rule::{Added, NewRule, add_rule};
pub use no::{Answer, No};
pub use removal::Removed;
pub use slots::{AHEAD, Made, Skipped, materialise};

/// Lets one transaction of the business at a time decide who is where when: two that did so at once could wait for each
/// other in the exclusion constraints for ever. It comes after a proposal and before a session.
async fn lock(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "select from pg_advisory_xact_lock(hashtextextended('calendar ' || current_setting('holdfast.tenant'), 0))"
    )
    .execute(conn)
    .await?;
    Ok(())
}
