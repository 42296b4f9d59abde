//! From tasks to tool calls, and from their results to words or further calls.

use domain::{Language, replies};
use serde_json::{Value, json};

use super::bookings::{self, moved};
use super::facts::{Booking, Bookings, Session, Sessions, lines, read};
use super::memory::Memory;
use super::task::Task;
use super::tell;
use super::transcript::Call;
use super::verdict::{Verdict, weigh};

/// A tool to be asked, with its arguments.
pub(super) type Ask = (&'static str, Value);

/// What a task comes to, for now.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Next {
    Ask(Vec<Ask>),
    Say(String),
}

/// The first step of a task.
pub(super) fn begin(task: &Task, language: Language) -> Next {
    let one = |name, args| Next::Ask(vec![(name, args)]);
    match task {
        Task::Book(wish) => Next::Ask(wish.searches().into_iter().map(|args| ("find_sessions", args)).collect()),
        Task::Take(session) => one("create_booking", json!({ "session_id": session })),
        Task::GiveUp(booking) => one("cancel_booking", json!({ "booking_id": booking })),
        Task::Choose(sessions) => Next::Say(replies::options(language, &lines(sessions))),
        Task::Cancel(_) | Task::Move(_) | Task::MyBookings => one("find_bookings", json!({})),
        Task::Timetable(days) => {
            let count = ((days.until - days.from).num_days() + 1).clamp(1, 14);
            one("list_sessions", json!({ "date": days.from.to_string(), "days": count }))
        }
        Task::Crew { name, activity } => one("find_crew", named(&[("name", name), ("activity", activity)])),
        Task::Business | Task::Human | Task::Unanswerable => one("business_info", json!({})),
        Task::Prices(Some(activity)) => one("find_sessions", json!({ "activity": activity })),
        Task::Prices(None) => one("list_sessions", json!({ "days": 7 })),
        Task::Locations => one("list_locations", json!({})),
        Task::WhichActivity => one("find_sessions", json!({})),
        Task::Past(date) => Next::Say(replies::past_date(language, *date)),
        Task::Say(saying) => Next::Say(saying.text(language)),
    }
}

/// What follows from the steps made for a task so far. `may_ask`: it is the only task, and
/// tools are still to be had.
pub(super) fn follow(task: &Task, steps: &[Vec<Call>], memory: &Memory, language: Language, may_ask: bool) -> Next {
    let first = steps.first().map_or(&[][..], Vec::as_slice);
    let last = steps.last().map_or(&[][..], Vec::as_slice);
    if let Some(call) = last.iter().find(|call| matches!(call.name.as_str(), "create_booking" | "cancel_booking")) {
        return Next::Say(tell::proposal(call, &seen(task, first, memory), language));
    }
    if last.iter().any(Call::failed) {
        return Next::Say(replies::trouble(language));
    }
    match task {
        Task::Book(wish) => book(&weigh(wish, first), wish, language, may_ask),
        Task::Cancel(target) => cancel(&bookings::meant(&bookings_of(first), target), language, may_ask),
        Task::Move(wish) => match (moved(wish, first), steps.get(1)) {
            (None, _) => Next::Say(tell::cannot_move(&bookings_of(first), language)),
            (Some(wish), Some(found)) => Next::Say(tell::moves(&weigh(&wish, found), &wish, language)),
            (Some(wish), None) if may_ask => {
                Next::Ask(wish.searches().into_iter().map(|args| ("find_sessions", args)).collect())
            }
            (Some(_), None) => Next::Say(replies::move_explained(language)),
        },
        other => Next::Say(tell::plainly(other, last, language)),
    }
}

fn book(verdict: &Verdict, wish: &super::wish::Wish, language: Language, may_ask: bool) -> Next {
    match verdict {
        Verdict::One(session) if may_ask && wish.party <= 1 => {
            Next::Ask(vec![("create_booking", json!({ "session_id": session.id }))])
        }
        verdict => Next::Say(tell::found(verdict, wish, language)),
    }
}

fn cancel(meant: &[Booking], language: Language, may_ask: bool) -> Next {
    match meant {
        [one] if may_ask => Next::Ask(vec![("cancel_booking", json!({ "booking_id": one.id }))]),
        [] => Next::Say(replies::no_bookings(language)),
        several => {
            let sessions: Vec<_> = several.iter().map(|booking| booking.session.line()).collect();
            Next::Say(replies::which_booking(language, &sessions))
        }
    }
}

/// Sessions that were seen on the way to a proposal.
fn seen(task: &Task, first: &[Call], memory: &Memory) -> Vec<Session> {
    let mut seen = memory.sessions.clone();
    seen.extend(first.iter().flat_map(|call| read::<Sessions>(&call.result).list));
    if let Task::Cancel(_) | Task::GiveUp(_) = task {
        seen.extend(bookings_of(first).into_iter().map(|booking| booking.session));
    }
    seen
}

fn bookings_of(calls: &[Call]) -> Vec<Booking> {
    let call = calls.iter().find(|call| call.name == "find_bookings");
    call.map(|call| read::<Bookings>(&call.result).list).unwrap_or_default()
}

fn named(fields: &[(&str, &Option<String>)]) -> Value {
    let set = fields.iter().filter_map(|(key, value)| Some(((*key).to_owned(), json!(value.as_ref()?))));
    Value::Object(set.collect())
}
