//! What can be booked, and what there is to know about the business. Read only.

mod asker;
mod bookings;
mod find;
mod house;
mod known;
mod lenient;
mod list;
pub(crate) mod names;
mod near;
pub(crate) mod row;
mod view;

pub use asker::Asker;
pub use bookings::{FoundBookings, WaitingView, booking, find_bookings};
pub use find::{FindSessions, Found, Match, PartOfDay, find_sessions};
pub use house::{
    BusinessInfo, CrewView, FindCrew, FoundCrew, ListedLocations, LocationView, business_info, find_crew,
    list_locations,
};
pub use list::{ListSessions, Listed, list_sessions};
pub use near::alternatives;
pub use row::session;
pub use view::{BookingView, SessionView, hhmm};
