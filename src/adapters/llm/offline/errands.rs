//! What is done about a booking: cancelled, paid, receipted, once it is clear which one.

use domain::{Language, replies};
use serde_json::json;

use super::act::{Next, bookings_of};
use super::bookings::{self, Target};
use super::facts::{Booking, Bookings, read};
use super::task::Errand;
use super::tell;
use super::transcript::Call;

/// Asks for it; without a booking, for whatever was paid last.
pub(super) fn ask(errand: Errand, booking: Option<i64>) -> Next {
    let tool = match errand {
        Errand::Cancel | Errand::Refund => "cancel_booking",
        Errand::Pay => "pay_booking",
        Errand::Receipt => "send_receipt",
    };
    Next::ask(tool, booking.map_or_else(|| json!({}), |booking| json!({ "booking_id": booking })))
}

/// The bookings that may be meant.
pub(super) fn candidates(errand: Errand, target: &Target, found: &Bookings) -> Vec<Booking> {
    let some: Vec<Booking> = found.list.iter().filter(|booking| concerns(errand, booking)).cloned().collect();
    match errand {
        // What is named and not there is past: the paper of another booking is no answer.
        Errand::Receipt => bookings::named(&some, target),
        _ => bookings::meant(&some, target),
    }
}

fn concerns(errand: Errand, booking: &Booking) -> bool {
    match errand {
        Errand::Cancel | Errand::Refund => true,
        Errand::Pay => booking.owes_minor > 0,
        Errand::Receipt => booking.is_paid(),
    }
}

/// What follows once the bookings are known.
pub(super) fn follow(errand: Errand, target: &Target, steps: &[Vec<Call>], language: Language, may_ask: bool) -> Next {
    if let Some(info) = steps.get(1).and_then(|calls| calls.iter().find(|call| call.name == "business_info")) {
        return Next::Say(tell::business(read(&info.result), language));
    }
    let found = bookings_of(steps.first().map_or(&[][..], Vec::as_slice));
    let several = candidates(errand, target, &found);
    match several.as_slice() {
        [one] if may_ask => ask(errand, Some(one.id)),
        [] => none(errand, &found, language, may_ask),
        // What was paid last is what is meant by who names nothing.
        _ if errand == Errand::Receipt && may_ask && target.is_open() => ask(errand, None),
        several => {
            let lines: Vec<_> = several.iter().map(|booking| booking.session.line()).collect();
            Next::Say(replies::which_booking(language, &lines))
        }
    }
}

/// No booking is meant.
fn none(errand: Errand, found: &Bookings, language: Language, may_ask: bool) -> Next {
    match errand {
        Errand::Receipt if may_ask => ask(errand, None),
        Errand::Receipt => Next::Say(replies::nothing_paid(language)),
        // Who has nothing booked asks about the terms.
        Errand::Pay | Errand::Refund if may_ask && found.list.is_empty() => Next::ask("business_info", json!({})),
        Errand::Pay => Next::Say(replies::nothing_to_pay(language)),
        Errand::Cancel | Errand::Refund => Next::Say(tell::my_bookings(found, language)),
    }
}
