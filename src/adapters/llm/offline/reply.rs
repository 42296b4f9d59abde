//! A message as an answer to the last reply: a row of what it listed, a time it asked for, a late yes.

use super::choice::{self, Choice, choose};
use super::facts::Session;
use super::intent::Intent;
use super::meaning::Meaning;
use super::memory::Memory;
use super::moving;
use super::plans;
use super::task::{Errand, Task};
use super::waiting::places;
use super::wish::Wish;

/// Purposes that begin something else.
const ELSE: [Intent; 15] = [
    Intent::Cancel,
    Intent::Move,
    Intent::Refund,
    Intent::MyBookings,
    Intent::Queue,
    Intent::Pay,
    Intent::Receipt,
    Intent::Timetable,
    Intent::Crew,
    Intent::Business,
    Intent::Prices,
    Intent::Locations,
    Intent::Human,
    Intent::Help,
    Intent::Info,
];

/// What the message answers, if it does.
pub(super) fn read(meaning: &Meaning, memory: &Memory) -> Option<Task> {
    if meaning.intents.any(&ELSE) {
        return None;
    }
    if let Some(task) = late_yes(meaning, memory) {
        return Some(task);
    }
    if let Choice::These(rows) = choose(meaning, &memory.sessions) {
        let sessions: Vec<Session> = rows.iter().filter_map(|row| memory.sessions.get(*row).cloned()).collect();
        let places = places(meaning, memory);
        return Some(match sessions.as_slice() {
            [one] => take(one.id, places, memory),
            _ => Task::Choose(sessions, places),
        });
    }
    of_bookings(meaning, memory)
        .or_else(|| row(meaning, &memory.lists).map(|at| Task::LeaveThis(memory.lists[at].id)))
        .or_else(|| plans::chosen(meaning, &memory.plans).map(Task::Offer))
        .or_else(|| move_to(meaning, memory))
}

/// A session that was chosen: to be booked, or for the booking that is to be moved.
pub(super) fn take(session: i64, places: u32, memory: &Memory) -> Task {
    match &memory.moving {
        Some(booking) => Task::Exchange { booking: booking.id, session },
        None => Task::Take { session, places },
    }
}

/// One of the bookings that were listed, for what it was asked about.
fn of_bookings(meaning: &Meaning, memory: &Memory) -> Option<Task> {
    let booked: Vec<Session> = memory.bookings.iter().map(|booking| booking.session.clone()).collect();
    let booking = &memory.bookings[row(meaning, &booked)?];
    Some(match (&memory.move_wish, memory.errand) {
        (Some(wish), _) => moving::task_to(booking, wish),
        (None, errand) => Task::Do(errand.unwrap_or(Errand::Cancel), booking.id),
    })
}

fn row(meaning: &Meaning, sessions: &[Session]) -> Option<usize> {
    match choose(meaning, sessions) {
        Choice::These(rows) => match rows.as_slice() {
            [row] => Some(*row),
            _ => None,
        },
        Choice::Other => None,
    }
}

/// The time that a booking shall be moved to, which was asked for.
fn move_to(meaning: &Meaning, memory: &Memory) -> Option<Task> {
    let booking = memory.moving.as_ref().filter(|_| meaning.has_when())?;
    Some(moving::task_to(booking, &Wish::of(&meaning.clone().without_guess())))
}

/// Such a yes came too late, or the house would have taken it: propose again. So is the same proposal for more people.
fn late_yes(meaning: &Meaning, memory: &Memory) -> Option<Task> {
    let chooses = choice::by_number(meaning, 10).is_some();
    let proposed = memory.proposed.clone().filter(|_| !meaning.has_slots() && !chooses)?;
    let is_yes = meaning.intents.any(&[Intent::Yes, Intent::Fine]) && !meaning.is(Intent::No);
    match (&meaning.party, proposed) {
        (Some(party), Task::Take { session, .. }) => Some(Task::Take { session, places: party.count }),
        (_, proposed) => is_yes.then_some(proposed),
    }
}
