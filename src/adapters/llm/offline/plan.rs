//! What a message asks of the house.

use chrono::NaiveDate;

use super::bookings::Target;
use super::calendar::Days;
use super::intent::Intent;
use super::meaning::Meaning;
use super::memory::Memory;
use super::moving;
use super::task::{Errand, Saying, Task};
use super::wish::Wish;
use super::{plans, reply, waiting};

/// Days that a timetable shows when none is named.
const TIMETABLE_DAYS: u64 = 7;
/// A question of no more words and signs is taken to name what it is about: "avete il golf?".
const CURT: usize = 5;

/// What `said` asks for, after what `memory` holds.
pub(super) fn tasks(said: &str, meaning: &Meaning, memory: &Memory, today: NaiveDate) -> Vec<Task> {
    if let Some(session) = tapped(said) {
        return vec![reply::take(session, waiting::places(meaning, memory), memory)];
    }
    if is_unreadable(said) {
        return vec![Task::Say(Saying::Unsupported)];
    }
    if let Some(task) = reply::read(meaning, memory) {
        return vec![task];
    }
    if let Some(task) = past(meaning, today) {
        return vec![task];
    }
    let mut tasks = requests(meaning, memory, today);
    if tasks.is_empty() {
        tasks.push(small_talk(meaning));
    }
    tasks
}

/// The session of a tap on a list: "Yoga 19:00 [session 12]".
pub(super) fn tapped(said: &str) -> Option<i64> {
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

/// All days it names have gone: which day is meant, if it is about booking at all.
fn past(meaning: &Meaning, today: NaiveDate) -> Option<Task> {
    let last = meaning.days.iter().map(|days| days.until).max().filter(|last| *last < today)?;
    if meaning.intents.any(&[Intent::Receipt, Intent::Refund]) {
        return None;
    }
    let books =
        meaning.intents.any(&[Intent::Book, Intent::Want]) || !meaning.guessed && !meaning.activities.is_empty();
    Some(if books || meaning.tokens.len() <= CURT { Task::Past(last) } else { small_talk(meaning) })
}

fn requests(meaning: &Meaning, memory: &Memory, today: NaiveDate) -> Vec<Task> {
    let is = |intent| meaning.is(intent);
    let known = meaning.activities.first().filter(|_| !meaning.guessed).cloned();
    if let Some(task) = errand(meaning, memory, today) {
        return vec![task];
    }
    let mut tasks = Vec::new();
    if is(Intent::MyBookings) {
        tasks.push(Task::MyBookings);
    }
    if is(Intent::Crew) && !(is(Intent::Book) && meaning.has_when()) {
        let name = meaning.crew.clone().or_else(|| who(meaning));
        tasks.push(Task::Crew { name, activity: known.clone() });
    }
    if is(Intent::Locations) {
        tasks.push(Task::Locations);
    }
    if is(Intent::Business) || is(Intent::Info) && !meaning.has_slots() {
        tasks.push(Task::Business);
    }
    let wants = meaning.intents.any(&[Intent::Book, Intent::Want]);
    let books = wants && known.is_some() && meaning.has_when();
    // Credits and memberships pay for a booking by themselves.
    if is(Intent::Plans) && !(known.is_some() && meaning.has_when()) {
        tasks.push(plans::task(meaning));
    }
    if is(Intent::Prices) && !books && !is(Intent::Plans) {
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

/// What is asked about bookings that there are.
fn errand(meaning: &Meaning, memory: &Memory, today: NaiveDate) -> Option<Task> {
    let is = |intent| meaning.is(intent);
    let about = |errand| Some(Task::Errand(errand, Target::of(meaning)));
    let books = is(Intent::Book) && !meaning.guessed && !meaning.activities.is_empty() && meaning.has_when();
    if is(Intent::Human) || is(Intent::Cancel) && is(Intent::Plans) {
        Some(Task::Human)
    } else if is(Intent::Queue) {
        Some(waiting::task(meaning, memory, today))
    } else if is(Intent::Move) {
        Some(moving::task(meaning, memory))
    } else if is(Intent::Refund) {
        about(Errand::Refund)
    } else if is(Intent::Cancel) {
        about(Errand::Cancel)
    } else if is(Intent::Receipt) {
        about(Errand::Receipt)
    } else if is(Intent::Pay) && !is(Intent::Plans) && !books {
        about(Errand::Pay)
    } else {
        None
    }
}

/// "Chi è Giulia?": the name, when nothing but a name is asked.
fn who(meaning: &Meaning) -> Option<String> {
    let name = meaning.activities.first().filter(|_| meaning.guessed)?;
    let words = meaning.words();
    let at = words.iter().position(|word| name.starts_with(word))?;
    matches!(words[..at], [.., "chi", "e"] | [.., "who", "is" | "s"]).then(|| name.clone())
}

/// The wish to book, if the message tells one; `informs`: it asks for something else already,
/// which its slots may belong to.
fn booking(meaning: &Meaning, memory: &Memory, today: NaiveDate, informs: bool) -> Option<Task> {
    let wants = meaning.intents.any(&[Intent::Book, Intent::Want]);
    if informs {
        let timetable = meaning.is(Intent::Timetable) && meaning.activities.is_empty();
        let sure = wants
            && !meaning.guessed
            && !meaning.activities.is_empty()
            && !meaning.intents.any(&[Intent::MyBookings, Intent::Prices, Intent::Crew]);
        return (sure && !timetable).then(|| Task::Book(Wish::of(meaning)));
    }
    // Of a question that is no booking, an unknown word is rather what it is about.
    let idle_question = meaning.is(Intent::Question) && !meaning.is(Intent::Book) && meaning.tokens.len() > CURT;
    let guess_counts = wants && !idle_question
        || meaning.has_when()
        || memory.asked_activity
        || meaning.is(Intent::Continue) && memory.wish.is_some();
    let meaning = if meaning.guessed && !guess_counts { meaning.clone().without_guess() } else { meaning.clone() };
    // "We are three": what was wished for before, for so many.
    if let (Some(party), Some(earlier), false) = (&meaning.party, &memory.wish, meaning.has_slots()) {
        return Some(Task::Book(Wish { party: party.count, ..earlier.clone() }));
    }
    if meaning.has_slots() || meaning.is(Intent::Timetable) {
        return Some(Task::Book(Wish::after(&meaning, memory.wish.as_ref(), today)));
    }
    let places = meaning.party.as_ref().map_or(1, |party| party.count);
    (meaning.is(Intent::Book) || wants && !meaning.is(Intent::Question)).then_some(Task::WhichActivity { places })
}

fn small_talk(meaning: &Meaning) -> Task {
    let is = |intent| meaning.is(intent);
    let saying = if is(Intent::Help) {
        Saying::Help
    } else if is(Intent::No) && !meaning.guessed {
        Saying::Declined
    } else if is(Intent::Thanks) {
        Saying::Welcome
    } else if is(Intent::Yes) && !meaning.guessed {
        Saying::NothingToConfirm
    } else if is(Intent::Greeting) {
        Saying::Greeting
    } else if is(Intent::Fine) && !meaning.guessed {
        Saying::Welcome
    } else if meaning.tokens.len() > if is(Intent::Question) { 3 } else { CURT } {
        return Task::Unanswerable;
    } else {
        Saying::NotUnderstood
    };
    Task::Say(saying)
}
