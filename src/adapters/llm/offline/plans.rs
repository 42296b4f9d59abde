//! Memberships and packs of visits: which one is meant.

use domain::Language;
use domain::entitlements::OnSale;
use domain::replies;
use serde_json::json;

use super::act::Next;
use super::choice;
use super::facts::{Plans, read};
use super::intent::Intent;
use super::meaning::Meaning;
use super::numbers;
use super::task::Task;
use super::token::{texts, tokens};
use super::transcript::Call;

/// What a membership may be called, whatever its name.
const MEMBERSHIP: &[&str] =
    &["abbonamento", "abbonamenti", "membership", "memberships", "subscription", "abbonarmi", "abbono"];
/// What a pack of visits may be called.
const PACK: &[&str] = &[
    "pacchetto",
    "pacchetti",
    "pack",
    "packs",
    "package",
    "carnet",
    "ingressi",
    "ingresso",
    "visits",
    "visit",
    "credits",
    "crediti",
    "tessera",
];
/// Said by who asks, and buys nothing yet.
const ASKING: &[&str] = &[
    "what",
    "which",
    "quali",
    "che",
    "avete",
    "quanto",
    "quanti",
    "quante",
    "how",
    "many",
    "sapere",
    "know",
    "info",
    "informazioni",
    "fate",
    "offrite",
    "there",
    "left",
    "restano",
    "rimangono",
    "rimasti",
    "remaining",
];
/// Said of what one has.
const OWN: &[&str] = &[
    "restano",
    "rimangono",
    "rimasti",
    "rimaste",
    "left",
    "remaining",
    "ho",
    "mio",
    "mia",
    "miei",
    "mie",
    "my",
    "have",
    "scade",
    "scadono",
    "expire",
    "expires",
];

/// What a message about plans asks for.
pub(super) fn task(meaning: &Meaning) -> Task {
    if meaning.is(Intent::Pay) && meaning.says(&["with", "con", "coi"]) {
        return Task::Plans { own: true };
    }
    let do_you_have = meaning.words().windows(2).any(|pair| pair == ["you", "have"]);
    if meaning.intents.any(&[Intent::Buy, Intent::Pay]) && !meaning.says(ASKING) && !do_you_have {
        return Task::Buy(meaning.words().into_iter().map(str::to_owned).collect());
    }
    Task::Plans { own: meaning.says(OWN) && !do_you_have }
}

/// What follows once it is known what is on sale.
pub(super) fn buy(words: &[String], calls: &[Call], language: Language, may_ask: bool) -> Next {
    match listed(words, calls).as_slice() {
        [one] if may_ask => Next::ask("buy_plan", json!({ "plan_id": one.plan_id })),
        several => Next::Say(replies::which_plan(language, several)),
    }
}

/// The plans that these words may mean; all, when they name none.
pub(super) fn listed(words: &[String], calls: &[Call]) -> Vec<OnSale> {
    let on_sale = on_sale(calls);
    let some = named(words, &on_sale);
    if some.is_empty() { on_sale } else { some }
}

/// What `find_plans` found on sale.
pub(super) fn on_sale(calls: &[Call]) -> Vec<OnSale> {
    let call = calls.iter().find(|call| call.name == "find_plans");
    call.map(|call| read::<Plans>(&call.result).on_sale).unwrap_or_default()
}

/// The plan that an answer to a list of them chooses, if it does.
pub(super) fn chosen(meaning: &Meaning, listed: &[OnSale]) -> Option<i64> {
    if let Some(row) = choice::by_number(meaning, listed.len()) {
        return listed.get(row).map(|plan| plan.plan_id.0);
    }
    let about_sessions = meaning.has_time() || !meaning.activities.is_empty() && !meaning.guessed;
    let words: Vec<String> = meaning.words().into_iter().map(str::to_owned).collect();
    match named(&words, listed).as_slice() {
        [one] if !about_sessions && score(&words, one) > 0 => Some(one.plan_id.0),
        _ => None,
    }
}

/// The plans that these words fit best; all of them, when there is only one.
fn named(words: &[String], on_sale: &[OnSale]) -> Vec<OnSale> {
    let scores: Vec<usize> = on_sale.iter().map(|plan| score(words, plan)).collect();
    let best = scores.iter().copied().max().unwrap_or_default();
    if best == 0 && on_sale.len() > 1 {
        return Vec::new();
    }
    on_sale.iter().zip(scores).filter(|(_, score)| *score == best).map(|(plan, _)| plan.clone()).collect()
}

/// How well the words fit a plan: a word of its name counts more than what it is called in general.
fn score(words: &[String], plan: &OnSale) -> usize {
    let words: Vec<String> = words.iter().map(|word| figure(word)).collect();
    let says = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
    let counts = plan.credits.or(plan.at_most).map(|count| count.to_string());
    let name: Vec<String> = texts(&tokens(&plan.name)).into_iter().map(figure).filter(|word| tells(word)).collect();
    let of_name = name.iter().filter(|part| words.iter().any(|word| same(word, part))).count();
    let of_count = usize::from(counts.is_some_and(|count| words.contains(&count)));
    let kind = if plan.credits.is_some() { says(PACK) } else { says(MEMBERSHIP) };
    3 * of_name + 2 * of_count + usize::from(kind)
}

/// "Dieci" and "ten" as "10".
fn figure(word: &str) -> String {
    numbers::cardinal(&[word]).map_or_else(|| word.to_owned(), |(number, _)| number.to_string())
}

/// Whether a word of a name tells it apart.
fn tells(word: &str) -> bool {
    word.len() > 2 || word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether two words are one, but for the ending: "visit", "visits".
fn same(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    a == b || common >= 4 && a.chars().count().max(b.chars().count()) <= common + 1
}
