//! What a message asks of the house.

use chrono::NaiveDate;
use domain::Language;

use super::bookings::Target;
use super::calendar::Days;
use super::choice::{Choice, choose};
use super::facts::Session;
use super::intent::Intent;
use super::meaning::Meaning;
use super::memory::Memory;
use super::wish::Wish;

/// One thing to do for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    /// Find sessions for this wish, and propose when there is just one.
    Book(Wish),
    /// Propose to book this session.
    Take(i64),
    /// Ask again which of these.
    Choose(Vec<Session>),
    /// Find the booking, and propose to cancel it.
    Cancel(Target),
    /// Propose to cancel this booking.
    GiveUp(i64),
    /// Find the booking, and sessions it may move to.
    Move(Wish),
    MyBookings,
    Timetable(Days),
    Crew {
        name: Option<String>,
        activity: Option<String>,
    },
    Business,
    Prices(Option<String>),
    Locations,
    Human,
    /// A question that nothing here can answer.
    Unanswerable,
    WhichActivity,
    /// The day has passed.
    Past(NaiveDate),
    Say(Saying),
}

/// Words that need no tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saying {
    Greeting,
    Help,
    Welcome,
    Declined,
    NothingToConfirm,
    NotUnderstood,
    Unsupported,
}

/// Days that a timetable shows when none is named.
const TIMETABLE_DAYS: u64 = 7;

/// What `said` asks for, after what `memory` holds.
pub(super) fn tasks(said: &str, meaning: &Meaning, memory: &Memory, today: NaiveDate) -> Vec<Task> {
    if let Some(session) = tapped(said) {
        return vec![Task::Take(session)];
    }
    if is_unreadable(said) {
        return vec![Task::Say(Saying::Unsupported)];
    }
    if let Some(task) = answer(meaning, memory) {
        return vec![task];
    }
    if let Some(past) = meaning
        .days
        .iter()
        .find(|days| days.until < today)
        .filter(|_| meaning.days.iter().all(|days| days.until < today))
    {
        return vec![Task::Past(past.until)];
    }
    let mut tasks = requests(meaning, memory, today);
    if tasks.is_empty() {
        tasks.push(small_talk(meaning));
    }
    tasks
}

/// The session of a tap on a list: "Yoga 19:00 [session 12]".
fn tapped(said: &str) -> Option<i64> {
    let (_, rest) = said.rsplit_once("[session ")?;
    rest.split(']').next()?.trim().parse().ok()
}

/// A message without words: "[audio]", "[location: 45.4,11.8]".
fn is_unreadable(said: &str) -> bool {
    let said = said.trim();
    let inner = said.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|inner| match inner.split_once(':') {
        Some((kind, caption)) => !matches!(kind, "image" | "video" | "document") || caption.trim().is_empty(),
        None => true,
    })
}

/// The message as an answer to the last reply.
fn answer(meaning: &Meaning, memory: &Memory) -> Option<Task> {
    let asks_else = meaning.intents.any(&[
        Intent::Cancel,
        Intent::Move,
        Intent::MyBookings,
        Intent::Timetable,
        Intent::Crew,
        Intent::Business,
        Intent::Prices,
        Intent::Locations,
        Intent::Human,
        Intent::Help,
    ]);
    if asks_else {
        return None;
    }
    if let Choice::These(rows) = choose(meaning, &memory.sessions) {
        let sessions: Vec<Session> = rows.iter().filter_map(|row| memory.sessions.get(*row).cloned()).collect();
        return Some(match sessions.as_slice() {
            [one] if meaning.party <= 1 => Task::Take(one.session_id),
            _ => Task::Choose(sessions),
        });
    }
    let booked: Vec<Session> = memory.bookings.iter().map(|booking| booking.session.clone()).collect();
    if let Choice::These(rows) = choose(meaning, &booked)
        && let [row] = rows.as_slice()
    {
        return memory.bookings.get(*row).map(|booking| Task::GiveUp(booking.booking_id));
    }
    let is_yes = meaning.intents.any(&[Intent::Yes, Intent::Fine]) && !meaning.is(Intent::No);
    let late = memory.proposed.clone().filter(|_| is_yes && !meaning.has_slots());
    late
}

fn requests(meaning: &Meaning, memory: &Memory, today: NaiveDate) -> Vec<Task> {
    let is = |intent| meaning.is(intent);
    let known = meaning.activities.first().filter(|_| !meaning.guessed).cloned();
    if is(Intent::Human) {
        return vec![Task::Human];
    }
    if is(Intent::Move) {
        return vec![Task::Move(Wish::of(&meaning.clone().without_guess()))];
    }
    if is(Intent::Cancel) {
        return vec![Task::Cancel(Target::of(meaning))];
    }
    let mut tasks = Vec::new();
    if is(Intent::MyBookings) {
        tasks.push(Task::MyBookings);
    }
    if is(Intent::Crew) && !(is(Intent::Book) && meaning.has_when()) {
        let name = meaning.crew.clone().or_else(|| meaning.activities.first().filter(|_| meaning.guessed).cloned());
        tasks.push(Task::Crew { name, activity: known.clone() });
    }
    if is(Intent::Locations) {
        tasks.push(Task::Locations);
    }
    if is(Intent::Business) {
        tasks.push(Task::Business);
    }
    let books = is(Intent::Book) && known.is_some() && meaning.has_when();
    if is(Intent::Prices) && !books {
        tasks.push(Task::Prices(known.clone()));
    }
    if is(Intent::Timetable) && known.is_none() && !meaning.has_time() {
        let week = Days::new(today, today + chrono::Days::new(TIMETABLE_DAYS - 1));
        let days = meaning.days.first().copied().unwrap_or(week);
        tasks.push(Task::Timetable(Days::new(days.from.max(today), days.until.max(today))));
    }
    let informs = !tasks.is_empty();
    tasks.extend(booking(meaning, memory, today, informs));
    tasks
}

/// The wish to book, if the message tells one; `informs`: it asks for something else already,
/// which its slots may belong to.
fn booking(meaning: &Meaning, memory: &Memory, today: NaiveDate, informs: bool) -> Option<Task> {
    let wants = meaning.is(Intent::Book);
    if informs {
        let timetable = meaning.is(Intent::Timetable) && meaning.activities.is_empty();
        let sure = wants
            && !meaning.guessed
            && !meaning.activities.is_empty()
            && !meaning.intents.any(&[Intent::MyBookings, Intent::Prices, Intent::Crew]);
        return (sure && !timetable).then(|| Task::Book(Wish::of(meaning)));
    }
    let guess_counts =
        wants || meaning.has_when() || memory.asked_activity || meaning.is(Intent::Continue) && memory.wish.is_some();
    let meaning = if meaning.guessed && !guess_counts { meaning.clone().without_guess() } else { meaning.clone() };
    if meaning.has_slots() || meaning.is(Intent::Timetable) {
        return Some(Task::Book(Wish::after(&meaning, memory.wish.as_ref(), today)));
    }
    wants.then_some(Task::WhichActivity)
}

fn small_talk(meaning: &Meaning) -> Task {
    let is = |intent| meaning.is(intent);
    let saying = if is(Intent::Help) {
        Saying::Help
    } else if is(Intent::Thanks) {
        Saying::Welcome
    } else if is(Intent::No) && !meaning.guessed {
        Saying::Declined
    } else if is(Intent::Yes) && !meaning.guessed {
        Saying::NothingToConfirm
    } else if is(Intent::Greeting) {
        Saying::Greeting
    } else if is(Intent::Fine) && !meaning.guessed {
        Saying::Welcome
    } else if is(Intent::Question) && meaning.tokens.len() > 3 {
        return Task::Unanswerable;
    } else {
        Saying::NotUnderstood
    };
    Task::Say(saying)
}

impl Saying {
    /// The words.
    pub fn text(self, language: Language) -> String {
        use domain::replies;
        match self {
            Self::Greeting => replies::greeting(language),
            Self::Help => replies::help(language),
            Self::Welcome => replies::thanks_reply(language),
            Self::Declined => replies::declined(language),
            Self::NothingToConfirm => replies::yes_without_question(language),
            Self::NotUnderstood => replies::not_understood(language),
            Self::Unsupported => replies::unsupported_kind(language),
        }
    }
}
