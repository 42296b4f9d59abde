//! Which activity a message names.

use super::names::{Names, plain};
use super::stopwords::is_stopword;
use super::token::Token;
use super::vocabulary::{activities, is_qualifier};

/// An activity as it is asked for, and where it stands in the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub name: String,
    pub at: usize,
}

/// Longest phrase of unknown words that is taken for an activity.
const LONGEST_GUESS: usize = 3;

/// The activities that are known by name: services of this business, or common ones.
pub(super) fn known(tokens: &[Token], names: &Names, taken: &mut [bool]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut services: Vec<(Vec<String>, &String)> = names.services.iter().map(|name| (plain(name), name)).collect();
    services.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    for (words, name) in &services {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        for at in matches(tokens, &words, taken) {
            taken[at..at + words.len()].fill(true);
            found.push(Named { name: (*name).clone(), at });
        }
    }
    for words in activities() {
        for at in matches(tokens, words, taken) {
            let (from, until) = widened(tokens, at, at + words.len(), taken);
            taken[from..until].fill(true);
            let name: Vec<&str> = tokens[from..until].iter().map(|token| token.text.as_str()).collect();
            found.push(Named { name: name.join(" "), at: from });
        }
    }
    found.sort_by_key(|named| named.at);
    found.dedup_by(|a, b| a.name.eq_ignore_ascii_case(&b.name));
    found
}

/// The first words that mean nothing else; they may name an activity we never heard of.
pub(super) fn guess(tokens: &[Token], taken: &[bool]) -> Option<Named> {
    let is_left = |at: usize| {
        let word = &tokens[at];
        !taken[at] && word.is_word() && word.text.len() >= 3 && !is_stopword(&word.text)
    };
    let at = (0..tokens.len()).find(|at| is_left(*at))?;
    let run = (at..tokens.len()).take_while(|at| is_left(*at)).count();
    let name: Vec<&str> = tokens[at..at + run].iter().map(|token| token.text.as_str()).collect();
    (run <= LONGEST_GUESS).then(|| Named { name: name.join(" "), at })
}

/// Where `words` stand among free tokens.
fn matches(tokens: &[Token], words: &[&str], taken: &[bool]) -> Vec<usize> {
    if words.is_empty() {
        return Vec::new();
    }
    let here = |at: &usize| {
        let end = at + words.len();
        tokens[*at..end].iter().zip(words).all(|(token, word)| token.text == *word) && !taken[*at..end].contains(&true)
    };
    (0..(tokens.len() + 1).saturating_sub(words.len())).filter(here).collect()
}

/// The span with the free qualifiers on both sides: "yoga dolce", "beginner pilates".
fn widened(tokens: &[Token], mut from: usize, mut until: usize, taken: &[bool]) -> (usize, usize) {
    while from > 0 && !taken[from - 1] && is_qualifier(&tokens[from - 1].text) {
        from -= 1;
    }
    while until < tokens.len() && !taken[until] && is_qualifier(&tokens[until].text) {
        until += 1;
    }
    (from, until)
}
