//! What earlier turns left behind: the wish so far, and what was offered last.

use chrono::NaiveDate;
use domain::entitlements::OnSale;
use serde_json::Value;

use super::super::Request;
use super::act::bookings_of;
use super::errands;
use super::facts::{Answer, Booking, Session, Sessions, read};
use super::moving::{self, Moving};
use super::names::Names;
use super::plans;
use super::task::{Errand, Saying, Task};
use super::transcript::{Call, Turn};
use super::verdict::weigh;
use super::wish::Wish;
use super::{meaning, plan, waiting};

/// What the next message may refer to.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    pub wish: Option<Wish>,
    /// Sessions that were numbered in the last reply.
    pub sessions: Vec<Session>,
    /// Sessions that the last reply called full.
    pub full: Vec<Session>,
    /// Bookings that were numbered in the last reply.
    pub bookings: Vec<Booking>,
    /// What one of those is wanted for, if not to be moved.
    pub errand: Option<Errand>,
    /// Where one of those shall go.
    pub move_wish: Option<Wish>,
    /// A booking that is being moved: to one of the sessions, or nobody has said yet where to.
    pub moving: Option<Booking>,
    /// Waiting lists that were numbered in the last reply.
    pub lists: Vec<Session>,
    /// Plans that were numbered in the last reply.
    pub plans: Vec<OnSale>,
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
            // A word of thanks does not take back what was offered; a no does.
            return match tasks.iter().find_map(|task| self.asked(task)) {
                Some(next) => next,
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

    /// What is left by a question that needed no tool.
    fn asked(&self, task: &Task) -> Option<Self> {
        let blank = Self { wish: self.wish.clone(), ..Self::default() };
        match task {
            Task::Choose(sessions, places) => {
                let wish = blank.wish.clone().map(|wish| Wish { party: *places, ..wish });
                Some(Self { wish, sessions: sessions.clone(), moving: self.moving.clone(), ..blank })
            }
            Task::ChooseFull(sessions) => Some(Self { sessions: sessions.clone(), full: sessions.clone(), ..blank }),
            Task::MoveWhen(booking) => Some(Self { moving: Some(booking.clone()), ..blank }),
            _ => None,
        }
    }

    fn note(&mut self, task: &Task, first: &[Call], steps: &[Vec<Call>]) {
        match task {
            Task::Book(wish) => self.note_search(wish, first),
            Task::Take { places, .. } => {
                self.wish = self.wish.take().map(|wish| Wish { party: *places, ..wish });
            }
            Task::Move(wish) => match moving::resolve(wish, &bookings_of(first)) {
                Moving::To(booking, wish) => {
                    self.note_search(&wish, steps.get(1).map_or(&[][..], Vec::as_slice));
                    self.moving = Some(booking);
                }
                Moving::When(booking) => self.moving = Some(booking),
                Moving::Which(bookings) => (self.bookings, self.move_wish) = (bookings, Some(wish.clone())),
            },
            Task::MoveTo(booking, wish) => {
                self.note_search(wish, first);
                self.moving = Some(booking.clone());
            }
            Task::Errand(errand, target) => {
                self.bookings = errands::candidates(*errand, target, &bookings_of(first));
                self.errand = Some(*errand);
            }
            Task::Leave(target) => self.lists = waiting::listed(target, first),
            Task::Plans { .. } => self.plans = plans::on_sale(first),
            Task::Buy(words) => self.plans = plans::listed(words, first),
            Task::Timetable(_) => self.sessions = timetable(first),
            Task::WhichActivity { places } => {
                self.asked_activity = true;
                self.wish = Some(Wish { party: *places, ..self.wish.take().unwrap_or_default() });
            }
            _ => {}
        }
    }

    fn note_search(&mut self, wish: &Wish, found: &[Call]) {
        let verdict = weigh(wish, found);
        self.full = verdict.full(wish.party).to_vec();
        self.sessions = if wish.waits && self.full.len() > 1 { self.full.clone() } else { verdict.offer().to_vec() };
        self.wish = Some(wish.clone().settled(found));
    }

    fn note_proposals(&mut self, last: &[Call]) {
        for call in last {
            let answer: Answer = read(&call.result);
            let id = |key: &str| call.args.get(key).and_then(Value::as_i64);
            let places = id("places").and_then(|places| u32::try_from(places).ok()).unwrap_or(1);
            let take = || id("session_id").map(|session| Task::Take { session, places });
            let proposed = match (call.name.as_str(), answer.result.as_str()) {
                ("create_booking", "proposed") => take(),
                ("cancel_booking", "proposed") => id("booking_id").map(|booking| Task::Do(Errand::Cancel, booking)),
                ("move_booking", "proposed") => id("booking_id").zip(id("session_id")).map(exchange),
                ("buy_plan", "offered") => id("plan_id").map(Task::Offer),
                ("create_booking", "full") => {
                    let proposed = answer.wait.as_ref().and_then(|_| take());
                    *self = Self { sessions: answer.alternatives, proposed, wish: self.wish.take(), ..Self::default() };
                    continue;
                }
                _ => continue,
            };
            *self = Self { proposed, wish: self.wish.take(), ..Self::default() };
        }
    }
}

const fn exchange((booking, session): (i64, i64)) -> Task {
    Task::Exchange { booking, session }
}

fn is_polite(task: &Task) -> bool {
    matches!(task, Task::Say(saying) if *saying != Saying::Declined)
}

fn timetable(calls: &[Call]) -> Vec<Session> {
    let call = calls.iter().find(|call| call.name == "list_sessions");
    call.map(|call| read::<Sessions>(&call.result).list).unwrap_or_default()
}
