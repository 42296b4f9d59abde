//! Every sentence a customer reads, one Fluent file a language (`it.ftl`, `en.ftl`).
//!
//! Functions are named by what they mean, not by what they say. They are pure: facts go in, a
//! message comes out. Times are local to the business already, so no zone is needed here.

mod bookings;
mod catalog;
mod choices;
mod dates;
mod deals;
mod documents;
mod errands;
#[cfg(test)]
mod errands_tests;
mod house;
mod notices;
mod plans;
mod price;
mod session;
mod talk;
#[cfg(test)]
mod tests;
mod waits;

pub use bookings::{
    already_booked, already_cancelled, booking_unknown, bookings_closed, bookings_list, declined, full, no_bookings,
    no_button, proposal_expired, session_cancelled, session_started, session_unknown, yes_button,
};
pub use choices::{
    Row, list_button, no_such_activity, nothing_found, nothing_scheduled, option_row, options, past_date, timetable,
    which_activity, which_booking,
};
pub use dates::{day, time_range};
pub use deals::{
    Cost, already_waiting, booked, bookings_not_open, cancelled, clash, held, link_comes, moved, nothing_offered,
    nothing_to_pay, offer_gone, offer_passed, opted_in, opted_out, pay_button, place_free, proposal_to_book,
    proposal_to_cancel, proposal_to_move, proposal_to_wait, too_late_to_move, waiting,
};
pub use documents::{
    PaymentMethod, ReceiptWords, calendar_cancelled, calendar_caption, calendar_description, calendar_filename,
    calendar_summary, full_date, full_moment, payment_method, receipt_caption, receipt_filename, receipt_foot,
    receipt_name, receipt_page, receipt_words,
};
pub use errands::{move_when, nothing_paid, pay_at_the_studio, receipt_comes, too_many_places};
pub use house::{
    BusinessFacts, CrewLine, LocationLine, business_info, crew_list, locations_list, no_crew, prices, talk_to_staff,
};
pub use notices::{
    called_off, credits_expiring, hold_expired, offer_expired, paid_in_vain, payment_link, payment_received, plan_paid,
    refund_made, reminder, session_changed, somebody_cancelled, take_button, waitlist_offer, waitlist_promoted,
};
pub use plans::{plan_at_the_studio, plan_offer, plan_unknown, plan_yours, plans, which_plan, your_plans};
pub use price::money;
pub use session::{SessionLine, session_line};
pub use talk::{
    greeting, help, last_word, not_understood, thanks_reply, trouble, unsupported_kind, yes_without_question,
};
pub use waits::{all_full, also_full, left_list, not_waiting, waiting_lists, which_list};
