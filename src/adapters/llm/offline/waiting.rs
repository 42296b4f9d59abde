//! Waiting lists: getting on, getting off, and where one stands.

use chrono::NaiveDate;
use domain::{Language, replies};
use serde_json::json;

use super::act::{self, Next, bookings_of};
use super::bookings::{self, Target};
use super::choice::{Choice, choose};
use super::facts::{Session, lines};
use super::intent::Intent;
use super::meaning::Meaning;
use super::memory::Memory;
use super::task::Task;
use super::transcript::Call;
use super::verdict::weigh;
use super::wish::Wish;

/// Said by who does not want to wait any more.
const OFF: &[&str] = &[
    "off",
    "out",
    "remove",
    "leave",
    "leaving",
    "withdraw",
    "rimuovi",
    "rimuovimi",
    "rimuovermi",
    "toglimi",
    "togliermi",
    "togli",
    "togliete",
    "toglietemi",
    "esco",
    "esci",
    "uscire",
    "lascio",
    "lasciare",
    "levami",
    "levatemi",
];
/// Said by who wants to wait.
const ON: &[&str] = &[
    "put",
    "add",
    "join",
    "mettimi",
    "mettici",
    "mettermi",
    "aggiungimi",
    "aggiungici",
    "segnami",
    "inseriscimi",
    "iscrivimi",
];
/// Said by who wants to know where they stand.
const WHERE: &[&str] =
    &["am", "sono", "siamo", "position", "posizione", "punto", "numero", "number", "ancora", "still"];

/// What a message about a waiting list asks for.
pub(super) fn task(meaning: &Meaning, memory: &Memory, today: NaiveDate) -> Task {
    if !meaning.says(ON) && (meaning.is(Intent::Cancel) || meaning.says(OFF)) {
        return Task::Leave(Target::of(meaning));
    }
    let named = meaning.has_slots() && !meaning.guessed;
    let asks_where = meaning.says(WHERE) || meaning.words().starts_with(&["a", "che", "posto"]);
    let joins = meaning.intents.any(&[Intent::Book, Intent::Want, Intent::Buy]) || meaning.says(ON);
    if asks_where && !meaning.says(ON) || !named && !joins && memory.full.is_empty() {
        return Task::MyLists;
    }
    wish_to_join(meaning, memory, today)
}

fn wish_to_join(meaning: &Meaning, memory: &Memory, today: NaiveDate) -> Task {
    let places = places(meaning, memory);
    let meaning = &meaning.clone().without_guess();
    let told = match (choose(meaning, &memory.full), memory.full.as_slice()) {
        (Choice::These(rows), full) => rows.iter().filter_map(|row| full.get(*row).cloned()).collect(),
        (Choice::Other, full) if !meaning.has_slots() => full.to_vec(),
        (Choice::Other, _) => Vec::new(),
    };
    match (told.as_slice(), &memory.proposed) {
        ([one], _) => Task::Take { session: one.id, places },
        ([_, _, ..], _) => Task::ChooseFull(told),
        // What was asked before, and not answered in time.
        ([], Some(proposed @ Task::Take { .. })) if !meaning.has_slots() => proposed.clone(),
        ([], _) if meaning.has_slots() => {
            Task::Book(Wish { waits: true, ..Wish::after(meaning, memory.wish.as_ref(), today) })
        }
        ([], _) => Task::WhichActivity { places },
    }
}

/// For how many: as told now, or before.
pub(super) fn places(meaning: &Meaning, memory: &Memory) -> u32 {
    let before = || memory.wish.as_ref().map_or(1, |wish| wish.party);
    meaning.party.as_ref().map_or_else(before, |party| party.count)
}

/// What follows once it is known what there is: a place, where there is one after all.
pub(super) fn join(wish: &Wish, calls: &[Call], language: Language, may_ask: bool) -> Next {
    let verdict = weigh(wish, calls);
    match verdict.full(wish.party) {
        [] => act::book(&verdict, wish, language, may_ask),
        [one] if may_ask => act::book(&super::verdict::Verdict::One(one.clone()), wish, language, may_ask),
        several => Next::Say(replies::all_full(language, &lines(several))),
    }
}

/// What follows once it is known what the customer waits for.
pub(super) fn leave(target: &Target, calls: &[Call], language: Language, may_ask: bool) -> Next {
    let waiting = bookings_of(calls).waiting;
    match (bookings::awaited(&waiting, target).as_slice(), listed(target, calls).as_slice()) {
        (_, []) => Next::Say(replies::not_waiting(language)),
        ([one], _) if may_ask => Next::ask("leave_waitlist", json!({ "session_id": one.id })),
        // Nothing is done about a list that was not named.
        (_, several) => Next::Say(replies::which_list(language, &lines(several))),
    }
}

/// The lists that may be meant; all, when none fits.
pub(super) fn listed(target: &Target, calls: &[Call]) -> Vec<Session> {
    let waiting = bookings_of(calls).waiting;
    let some = bookings::awaited(&waiting, target);
    if some.is_empty() { waiting.into_iter().map(|waiting| waiting.session).collect() } else { some }
}
