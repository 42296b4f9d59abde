//! What earlier turns left behind: the wish so far, and what was offered last.

use chrono::NaiveDate;

use super::super::Request;
use super::facts::{Booking, Bookings, Proposal, Session, Sessions, read};
use super::names::Names;
use super::plan;
use super::task::{Saying, Task};
use super::transcript::{Call, Turn};
use super::verdict::weigh;
use super::wish::Wish;
use super::{bookings, meaning};

/// What the next message may refer to.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    pub wish: Option<Wish>,
    /// Sessions that were numbered in the last reply.
    pub sessions: Vec<Session>,
    /// Bookings that were numbered in the last reply, to cancel one.
    pub bookings: Vec<Booking>,
    /// Proposed by the last reply; a yes that reaches the assistant came too late for it.
    pub proposed: Option<Task>,
    /// The last reply asked for the activity.
    pub asked_activity: bool,
}

/// Today in the zone of the business.
pub(super) fn today(request: &Request) -> NaiveDate {
    request.now.with_timezone(&request.zone).date_naive()
}

impl Memory {
    /// What all turns before the last one left.
    pub fn of(turns: &[Turn], names: &Names, request: &Request) -> Self {
        let earlier = turns.split_last().map_or(&[][..], |(_, earlier)| earlier);
        earlier.iter().fold(Self::default(), |memory, turn| memory.after(turn, names, request))
    }

    fn after(self, turn: &Turn, names: &Names, request: &Request) -> Self {
        let meaning = meaning::understand(&turn.said, request.now, request.zone, names);
        let tasks = plan::tasks(&turn.said, &meaning, &self, today(request));
        let Some(first) = turn.steps.first() else {
            let offered = tasks.iter().find_map(|task| match task {
                Task::Choose(sessions) => Some(sessions.clone()),
                _ => None,
            });
            return match offered {
                Some(sessions) => Self { wish: self.wish, sessions, ..Self::default() },
                // A word of thanks does not take back what was offered; a no does.
                None if tasks.iter().all(is_polite) => Self { proposed: None, ..self },
                None => Self { wish: self.wish, ..Self::default() },
            };
        };
        let mut next = Self { wish: self.wish, ..Self::default() };
        for task in &tasks {
            next.note(task, first, &turn.steps);
        }
        next.note_proposals(turn.steps.last().unwrap_or(first));
        next
    }

    fn note(&mut self, task: &Task, first: &[Call], steps: &[Vec<Call>]) {
        match task {
            Task::Book(wish) => {
                self.sessions = weigh(wish, first).offer().to_vec();
                self.wish = Some(wish.clone().settled(first));
            }
            Task::Move(wish) => {
                let second = steps.get(1).map_or(&[][..], Vec::as_slice);
                if let Some(wish) = bookings::moved(wish, first) {
                    self.sessions = weigh(&wish, second).offer().to_vec();
                    self.wish = Some(wish.settled(second));
                }
            }
            Task::Cancel(target) => {
                let answer: Bookings = find(first, "find_bookings");
                self.bookings = bookings::meant(&answer.list, target);
            }
            Task::Timetable(_) => self.sessions = find::<Sessions>(first, "list_sessions").list,
            Task::WhichActivity => self.asked_activity = true,
            _ => {}
        }
    }

    fn note_proposals(&mut self, last: &[Call]) {
        for call in last {
            let answer: Proposal = read(&call.result);
            let id = |key: &str| call.args.get(key).and_then(serde_json::Value::as_i64);
            match (call.name.as_str(), answer.result.as_str()) {
                ("create_booking", "proposed") => self.proposed = id("session_id").map(Task::Take),
                ("cancel_booking", "proposed") => self.proposed = id("booking_id").map(Task::GiveUp),
                ("create_booking", "full") => self.sessions = answer.alternatives,
                _ => continue,
            }
            if self.proposed.is_some() {
                self.sessions.clear();
                self.bookings.clear();
            }
        }
    }
}

fn is_polite(task: &Task) -> bool {
    matches!(task, Task::Say(saying) if *saying != Saying::Declined)
}

fn find<T: serde::de::DeserializeOwned + Default>(calls: &[Call], name: &str) -> T {
    calls.iter().find(|call| call.name == name).map(|call| read(&call.result)).unwrap_or_default()
}
