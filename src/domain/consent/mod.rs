//! Reading whether a customer agreed. No model takes part: a yes makes things happen.

mod phrases;
#[cfg(test)]
mod tests;
mod wait;

use serde::{Deserialize, Serialize};

use crate::booking::{Kind, Proposal};
use crate::{EntryId, PlanId, ProposalId, SeatId};
use phrases::{Meaning, PHRASES};

pub use wait::asks_to_wait;

/// What a message says to an open proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// The customer agrees, and says nothing else.
    Yes,
    /// The customer does not want it, and says nothing else.
    No,
    /// Anything else: a question, another wish, a yes with a condition.
    Unclear,
}

/// Reads a message as the answer to `open`, in Italian or English.
///
/// A button counts when it is a button of this very proposal. Words count when every one of them
/// is known to be part of a plain yes or a plain no: "yes but at 8" is neither.
#[must_use]
pub fn read(text: &str, payload: Option<&str>, open: &Proposal) -> Consent {
    match payload {
        Some(payload) => match tapped(payload) {
            Some((consent, proposal)) if proposal == open.id => consent,
            _ => Consent::Unclear,
        },
        None => words(text, open.kind),
    }
}

/// Reads the id of a yes or no button, of whatever proposal. Old buttons can be tapped for ever:
/// accepting their proposal again answers what came of it.
#[must_use]
pub fn tapped(payload: &str) -> Option<(Consent, ProposalId)> {
    let (answer, id) = payload.split_once(':')?;
    let consent = match answer {
        "yes" => Consent::Yes,
        "no" => Consent::No,
        _ => return None,
    };
    Some((consent, id.parse().ok()?))
}

/// What a customer chose by tapping one of our buttons, whenever that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Yes to a proposal.
    Yes(ProposalId),
    /// No to a proposal.
    No(ProposalId),
    /// To take a place that the waiting list offers.
    Claim(EntryId),
    /// To let it go.
    Pass(EntryId),
    /// To pay a booking by card.
    Pay(SeatId),
    /// To buy a plan by card.
    Buy(PlanId),
    /// To let it be.
    Skip(PlanId),
}

/// Reads the id of a button of ours.
#[must_use]
pub fn choice(payload: &str) -> Option<Choice> {
    let (what, id) = payload.split_once(':')?;
    match what {
        "yes" => id.parse().ok().map(Choice::Yes),
        "no" => id.parse().ok().map(Choice::No),
        "claim" => id.parse().ok().map(Choice::Claim),
        "pass" => id.parse().ok().map(Choice::Pass),
        "pay" => id.parse().ok().map(Choice::Pay),
        "buy" => id.parse().ok().map(Choice::Buy),
        "skip" => id.parse().ok().map(Choice::Skip),
        _ => None,
    }
}

/// Reads a plain yes or no to an offered place.
#[must_use]
pub fn plain(text: &str) -> Consent {
    words(text, Kind::Book)
}

fn words(text: &str, kind: Kind) -> Consent {
    if text.contains('?') {
        return Consent::Unclear;
    }
    let words = split(text);
    let (mut yes, mut no) = (false, false);
    let mut at = 0;
    while at < words.len() {
        let Some((meaning, length)) = longest(&words[at..]) else { return Consent::Unclear };
        match (meaning, kind) {
            (Meaning::Yes, _)
            | (Meaning::Cancel, Kind::Cancel)
            | (Meaning::Book, Kind::Book)
            | (Meaning::Wait, Kind::Wait)
            | (Meaning::Move, Kind::Move) => yes = true,
            (Meaning::No, _)
            | (Meaning::Cancel, Kind::Book | Kind::Wait)
            | (Meaning::Keep, Kind::Cancel | Kind::Move) => no = true,
            (Meaning::Polite, _) => {}
            // "Cancel" to an exchange may mean the booking; "book" to a full class, that one after all.
            _ => return Consent::Unclear,
        }
        at += length;
    }
    match (yes, no) {
        (true, false) => Consent::Yes,
        (false, true) => Consent::No,
        _ => Consent::Unclear,
    }
}

/// The longest phrase that the words begin with.
fn longest(words: &[String]) -> Option<(Meaning, usize)> {
    let begins = |phrase: &str| {
        let mut length = 0;
        let matches = phrase.split(' ').all(|part| {
            length += 1;
            words.get(length - 1).is_some_and(|word| word == part)
        });
        matches.then_some(length)
    };
    let all = PHRASES.iter().flat_map(|(meaning, phrases)| phrases.split(',').map(|phrase| (*meaning, phrase.trim())));
    all.filter_map(|(meaning, phrase)| Some((meaning, begins(phrase)?))).max_by_key(|(_, length)| *length)
}

/// Folded words; each symbol is a word of its own, punctuation is none.
fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.chars().flat_map(char::to_lowercase).map(crate::catalog::names::fold) {
        if letter.is_alphanumeric() {
            words.last_mut().unwrap_or(&mut String::new()).push(letter);
        } else if is_symbol(letter) {
            words.extend([letter.to_string(), String::new()]);
        } else if !is_modifier(letter) {
            words.push(String::new());
        }
    }
    words.iter().filter(|word| !word.is_empty()).map(|word| shorten(word)).collect()
}

fn is_symbol(letter: char) -> bool {
    !letter.is_ascii()
        && !letter.is_whitespace()
        && !is_modifier(letter)
        && !('\u{2000}'..='\u{206f}').contains(&letter)
        && !('\u{300}'..='\u{36f}').contains(&letter)
        && !"«»¡".contains(letter)
}

/// Skin tones, and what joins or styles symbols; and accents written as letters of their own.
fn is_modifier(letter: char) -> bool {
    matches!(letter, '\u{1f3fb}'..='\u{1f3ff}' | '\u{fe0f}' | '\u{200d}' | '\u{300}'..='\u{36f}' | '♂' | '♀')
}

/// "siiii" is "si": a letter three times or more is one that was held down.
fn shorten(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let runs = letters.chunk_by(|a, b| a == b);
    runs.flat_map(|run| run.iter().take(if run.len() >= 3 && run[0].is_alphabetic() { 1 } else { run.len() })).collect()
}
