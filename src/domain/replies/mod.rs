//! Every sentence a customer reads, one Fluent file a language (`it.ftl`, `en.ftl`).
//!
//! Functions are named by what they mean, not by what they say. They are pure: facts go in, a
//! message comes out. Times are local to the business already, so no zone is needed here.

mod bookings;
mod catalog;
mod choices;
mod dates;
mod house;
mod price;
mod session;
mod talk;
#[cfg(test)]
mod tests;

pub use bookings::{
    already_booked, already_cancelled, booked, booking_unknown, bookings_closed, bookings_list, cancelled, declined,
    full, no_bookings, no_button, proposal_expired, proposal_to_book, proposal_to_cancel, session_cancelled,
    session_started, session_unknown, yes_button,
};
pub use choices::{
    Row, list_button, no_such_activity, nothing_found, nothing_scheduled, option_row, options, past_date, timetable,
    which_activity, which_booking,
};
pub use dates::{day, time_range};
pub use house::{
    BusinessFacts, CrewLine, LocationLine, business_info, crew_list, locations_list, no_crew, prices, talk_to_staff,
};
pub use price::money;
pub use session::SessionLine;
pub use talk::{
    greeting, help, last_word, move_explained, not_understood, one_place_each, thanks_reply, trouble, unsupported_kind,
    yes_without_question,
};
