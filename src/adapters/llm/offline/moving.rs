//! Moving a booking: which one, and where to.

use domain::{Language, replies};
use serde_json::json;

use super::act::{Next, bookings_of};
use super::bookings::{self, Target};
use super::calendar::Days;
use super::clock::Window;
use super::facts::{Booking, Bookings};
use super::meaning::Meaning;
use super::memory::Memory;
use super::task::Task;
use super::tell;
use super::transcript::Call;
use super::verdict::{Verdict, shares_word, weigh};
use super::wish::Wish;

/// What a wish to move comes to, once the bookings are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Moving {
    /// This booking, to what this wish finds.
    To(Booking, Wish),
    /// This booking, but nobody said where to.
    When(Booking),
    /// One of these.
    Which(Vec<Booking>),
}

/// What a message that wants something moved asks for: of the booking that is being moved already, or of another one.
pub(super) fn task(meaning: &Meaning, memory: &Memory) -> Task {
    let wish = Wish::of(&meaning.clone().without_guess());
    match &memory.moving {
        Some(booking) if wish.activities.is_empty() => task_to(booking, &wish),
        _ => Task::Move(wish),
    }
}

/// To move this booking where the wish says.
pub(super) fn task_to(booking: &Booking, wish: &Wish) -> Task {
    match to(booking, wish) {
        Moving::To(booking, wish) => Task::MoveTo(booking, wish),
        Moving::When(booking) => Task::MoveWhen(booking),
        Moving::Which(_) => Task::MyBookings,
    }
}

/// Proposes it.
pub(super) fn ask(booking: i64, session: i64) -> Next {
    Next::ask("move_booking", json!({ "booking_id": booking, "session_id": session }))
}

/// What follows for a wish to move.
pub(super) fn follow(wish: &Wish, steps: &[Vec<Call>], language: Language, may_ask: bool) -> Next {
    let found = bookings_of(steps.first().map_or(&[][..], Vec::as_slice));
    match (resolve(wish, &found), steps.get(1)) {
        (Moving::To(booking, wish), Some(calls)) => land(&booking, &wish, calls, language, may_ask),
        (Moving::To(_, wish), None) if may_ask => Next::search(&wish),
        (Moving::To(booking, _) | Moving::When(booking), _) => {
            Next::Say(replies::move_when(language, &booking.session.line()))
        }
        (Moving::Which(bookings), _) if bookings.is_empty() => Next::Say(tell::my_bookings(&found, language)),
        (Moving::Which(bookings), _) => {
            let lines: Vec<_> = bookings.iter().map(|booking| booking.session.line()).collect();
            Next::Say(replies::which_booking(language, &lines))
        }
    }
}

/// What follows once it is known what there is at the new time.
pub(super) fn land(booking: &Booking, wish: &Wish, calls: &[Call], language: Language, may_ask: bool) -> Next {
    match weigh(wish, calls) {
        Verdict::One(session) if may_ask && session.has_room(wish.party) => ask(booking.id, session.id),
        Verdict::One(session) => Next::Say(replies::full(language, Some(&session.line()), &[])),
        verdict => Next::Say(tell::found(&verdict, wish, language)),
    }
}

/// Which booking is meant, and where it shall go.
pub(super) fn resolve(wish: &Wish, found: &Bookings) -> Moving {
    // "Not on Monday, on Tuesday": all days but the last tell the booking.
    let old_days = wish.days.split_last().map_or(&[][..], |(_, others)| others);
    let target = Target { activities: wish.activities.clone(), days: old_days.to_vec(), ..Target::default() };
    match &bookings::meant(&found.list, &target)[..] {
        [booking] => to(booking, wish),
        several => Moving::Which(several.to_vec()),
    }
}

/// Where this booking shall go.
pub(super) fn to(booking: &Booking, wish: &Wish) -> Moving {
    let session = &booking.session;
    let other = wish.activities.iter().rev().find(|name| !shares_word(name, &session.service)).cloned();
    if wish.days.is_empty() && wish.windows.is_empty() && wish.part.is_none() && other.is_none() {
        return Moving::When(booking.clone());
    }
    let days = match wish.days.last() {
        Some(days) => vec![*days],
        None => vec![Days::new(session.date, session.date)],
    };
    // "From 7 to 8": the time it is to be moved to stands last.
    let windows = match wish.windows.as_slice() {
        [span] if !span.is_point() => vec![Window::point(span.until)],
        windows => windows.to_vec(),
    };
    let activities = vec![other.unwrap_or_else(|| session.service.clone())];
    let wish = Wish { activities, guessed: false, days, windows, party: booking.places(), ..wish.clone() };
    Moving::To(booking.clone(), wish)
}
