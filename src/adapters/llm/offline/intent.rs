//! What a message is for.

use super::phrases;
use super::token::Token;

/// A purpose that a message may have; it may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intent {
    Greeting,
    Thanks,
    /// Yes, said as an answer.
    Yes,
    /// Approval that may as well be an end of talk: "ok", "perfect".
    Fine,
    No,
    Help,
    Human,
    Cancel,
    Move,
    /// Asks what would come back.
    Refund,
    MyBookings,
    /// Is about a waiting list.
    Queue,
    Pay,
    Receipt,
    /// Is about memberships and packs of visits.
    Plans,
    /// Wants to have something, in words that fit a purchase.
    Buy,
    Timetable,
    Crew,
    Business,
    /// Wants to know more, of whatever else it names.
    Info,
    Prices,
    Locations,
    /// Names a booking: "prenota", "sign me up", "a class".
    Book,
    /// Wishes for something, whatever it is: "vorrei", "is there".
    Want,
    /// Goes on from what was said before: "e giovedì?", "what about 6?".
    Continue,
    /// A question, by its sign or its first word.
    Question,
}

/// The purposes of a message, and a mark on every word that told one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Intents {
    found: Vec<Intent>,
}

impl Intents {
    pub fn has(&self, intent: Intent) -> bool {
        self.found.contains(&intent)
    }

    pub fn any(&self, intents: &[Intent]) -> bool {
        intents.iter().any(|intent| self.has(*intent))
    }

    pub fn drop(&mut self, intent: Intent) {
        self.found.retain(|found| *found != intent);
    }
}

/// Reads the purposes of `tokens`, and marks in `told` the words that told them.
pub(super) fn read(tokens: &[Token], told: &mut [bool]) -> Intents {
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let mut intents = Intents::default();
    for (intent, patterns) in phrases::ALL {
        for pattern in patterns.split(',') {
            let pattern: Vec<&str> = pattern.split_ascii_whitespace().collect();
            for at in 0..words.len() {
                if starts(&words[at..], &pattern) {
                    told[at..at + pattern.len()].fill(true);
                    if !intents.has(*intent) {
                        intents.found.push(*intent);
                    }
                }
            }
        }
    }
    if begins(&words, phrases::CONTINUING) {
        intents.found.push(Intent::Continue);
    }
    if words.contains(&"?") || begins(&words, phrases::ASKING) {
        intents.found.push(Intent::Question);
    }
    settle(&mut intents, &words);
    intents
}

/// Where two purposes were read from the same words, keeps the one that was meant.
fn settle(intents: &mut Intents, words: &[&str]) {
    use Intent::{Book, Business, Cancel, Crew, Human, Move, MyBookings, Pay, Plans, Prices, Refund, Timetable, Want};
    let says = |any: &[&str]| words.iter().any(|word| any.contains(word));
    if says(&["entro", "policy", "politica", "regole", "regolamento", "terms"]) {
        intents.drop(Refund);
    }
    if intents.has(Refund) {
        intents.drop(Business);
    }
    if intents.has(Business) && intents.has(Cancel) {
        // "Entro quando posso disdire?" asks for the rules.
        intents.drop(Cancel);
    }
    if intents.has(Prices) || says(&["contanti", "cash", "bancomat", "paypal", "satispay"]) {
        intents.drop(Pay);
    }
    if intents.any(&[Cancel, Move, Refund]) {
        for other in [Book, Want, MyBookings, Timetable, Prices, Pay] {
            intents.drop(other);
        }
    }
    if intents.has(Plans) {
        intents.drop(MyBookings);
    }
    if intents.any(&[Pay, Plans, Intent::Receipt]) {
        intents.drop(Business);
    }
    if intents.has(Human) {
        intents.drop(Crew);
    }
}

/// Whether the message begins with one of `patterns`.
fn begins(words: &[&str], patterns: &str) -> bool {
    patterns.split(',').any(|pattern| starts(words, &pattern.split_ascii_whitespace().collect::<Vec<_>>()))
}

/// Whether `words` begin as `pattern` does; a word of it that ends in `*` is a stem.
fn starts(words: &[&str], pattern: &[&str]) -> bool {
    words.len() >= pattern.len()
        && !pattern.is_empty()
        && pattern.iter().zip(words).all(|(wanted, word)| match wanted.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => wanted == word,
        })
}
