//! From tasks to tool calls, and from their results to words or further calls.

use domain::{Language, replies};
use serde_json::{Value, json};

use super::answered;
use super::errands;
use super::facts::{Bookings, Session, Sessions, lines, read};
use super::memory::Memory;
use super::moving;
use super::party::MOST;
use super::plans;
use super::task::{Errand, Task};
use super::tell;
use super::transcript::Call;
use super::verdict::{Verdict, weigh};
use super::waiting;
use super::wish::Wish;

/// A tool to be asked, with its arguments.
pub(super) type Ask = (&'static str, Value);

/// What a task comes to, for now.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Next {
    Ask(Vec<Ask>),
    Say(String),
}

impl Next {
    /// One tool.
    pub fn ask(name: &'static str, args: Value) -> Self {
        Self::Ask(vec![(name, args)])
    }

    /// The searches for a wish, side by side.
    pub fn search(wish: &Wish) -> Self {
        Self::Ask(wish.searches().into_iter().map(|args| ("find_sessions", args)).collect())
    }
}

/// The first step of a task.
pub(super) fn begin(task: &Task, language: Language) -> Next {
    match task {
        Task::Book(wish) | Task::MoveTo(_, wish) => Next::search(wish),
        Task::Take { places, .. } if *places > MOST => Next::Say(replies::too_many_places(language, MOST)),
        Task::Take { session, places } => Next::ask("create_booking", booking(*session, *places)),
        Task::Choose(sessions, _) => Next::Say(replies::options(language, &lines(sessions))),
        Task::ChooseFull(sessions) => Next::Say(replies::all_full(language, &lines(sessions))),
        Task::Errand(..) | Task::Move(_) | Task::MyBookings | Task::MyLists | Task::Leave(_) => {
            Next::ask("find_bookings", json!({}))
        }
        Task::Do(errand, booking) => errands::ask(*errand, Some(*booking)),
        Task::Exchange { booking, session } => moving::ask(*booking, *session),
        Task::MoveWhen(booking) => Next::Say(replies::move_when(language, &booking.session.line())),
        Task::LeaveThis(session) => Next::ask("leave_waitlist", json!({ "session_id": session })),
        Task::Plans { .. } | Task::Buy(_) => Next::ask("find_plans", json!({})),
        Task::Offer(plan) => Next::ask("buy_plan", json!({ "plan_id": plan })),
        Task::Timetable(days) => {
            let count = ((days.until - days.from).num_days() + 1).clamp(1, 14);
            Next::ask("list_sessions", json!({ "date": days.from.to_string(), "days": count }))
        }
        Task::Crew { name, activity } => Next::ask("find_crew", named(&[("name", name), ("activity", activity)])),
        Task::Business | Task::Human | Task::Unanswerable => Next::ask("business_info", json!({})),
        Task::Prices(Some(activity)) => Next::ask("find_sessions", json!({ "activity": activity })),
        Task::Prices(None) => Next::ask("list_sessions", json!({ "days": 7 })),
        Task::Locations => Next::ask("list_locations", json!({})),
        Task::WhichActivity { .. } => Next::ask("find_sessions", json!({})),
        Task::Past(date) => Next::Say(replies::past_date(language, *date)),
        Task::Say(saying) => Next::Say(saying.text(language)),
    }
}

/// What follows from the steps made for a task so far. `may_ask`: it is the only task, and
/// tools are still to be had.
pub(super) fn follow(task: &Task, steps: &[Vec<Call>], memory: &Memory, language: Language, may_ask: bool) -> Next {
    let first = steps.first().map_or(&[][..], Vec::as_slice);
    let last = steps.last().map_or(&[][..], Vec::as_slice);
    if let Some(call) = last.iter().find(|call| answered::is_wish(&call.name)) {
        return Next::Say(answered::tell(call, &seen(task, first, memory), language));
    }
    if last.iter().any(Call::failed) {
        return Next::Say(replies::trouble(language));
    }
    match task {
        Task::Book(wish) if wish.waits => waiting::join(wish, first, language, may_ask),
        Task::Book(wish) => book(&weigh(wish, first), wish, language, may_ask),
        Task::Errand(errand, target) => errands::follow(*errand, target, steps, language, may_ask),
        Task::Move(wish) => moving::follow(wish, steps, language, may_ask),
        Task::MoveTo(booking, wish) => moving::land(booking, wish, first, language, may_ask),
        Task::Leave(target) => waiting::leave(target, first, language, may_ask),
        Task::Buy(words) => plans::buy(words, first, language, may_ask),
        other => Next::Say(tell::plainly(other, last, language)),
    }
}

/// What follows from a search.
pub(super) fn book(verdict: &Verdict, wish: &Wish, language: Language, may_ask: bool) -> Next {
    match verdict {
        Verdict::One(session) if may_ask && wish.party <= MOST => {
            Next::ask("create_booking", booking(session.id, wish.party))
        }
        verdict => Next::Say(tell::found(verdict, wish, language)),
    }
}

fn booking(session: i64, places: u32) -> Value {
    if places > 1 { json!({ "session_id": session, "places": places }) } else { json!({ "session_id": session }) }
}

/// Sessions that were seen on the way to a proposal.
fn seen(task: &Task, first: &[Call], memory: &Memory) -> Vec<Session> {
    let mut seen = memory.sessions.clone();
    seen.extend(memory.full.iter().cloned());
    seen.extend(first.iter().flat_map(|call| read::<Sessions>(&call.result).list));
    if let Task::Errand(Errand::Cancel | Errand::Refund, _) | Task::Leave(_) = task {
        let found = bookings_of(first);
        seen.extend(found.list.into_iter().map(|booking| booking.session));
        seen.extend(found.waiting.into_iter().map(|waiting| waiting.session));
    }
    seen
}

/// What `find_bookings` answered.
pub(super) fn bookings_of(calls: &[Call]) -> Bookings {
    let call = calls.iter().find(|call| call.name == "find_bookings");
    call.map(|call| read(&call.result)).unwrap_or_default()
}

fn named(fields: &[(&str, &Option<String>)]) -> Value {
    let set = fields.iter().filter_map(|(key, value)| Some(((*key).to_owned(), json!(value.as_ref()?))));
    Value::Object(set.collect())
}
