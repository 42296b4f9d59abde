//! Greetings, help, and what is said when something goes wrong.

use super::catalog::say;
use crate::Language;

/// Hello, and what can be done here.
#[must_use]
pub fn greeting(language: Language) -> String {
    say(language, "greeting")
}

/// What can be asked, with examples.
#[must_use]
pub fn help(language: Language) -> String {
    say(language, "help")
}

/// The message made no sense to us.
#[must_use]
pub fn not_understood(language: Language) -> String {
    say(language, "not-understood")
}

/// You are welcome.
#[must_use]
pub fn thanks_reply(language: Language) -> String {
    say(language, "thanks-reply")
}

/// The customer agreed, but nothing was asked.
#[must_use]
pub fn yes_without_question(language: Language) -> String {
    say(language, "yes-without-question")
}

/// The turn's budget ran out: a person follows up.
#[must_use]
pub fn last_word(language: Language) -> String {
    say(language, "last-word")
}

/// Something of ours failed.
#[must_use]
pub fn trouble(language: Language) -> String {
    say(language, "trouble")
}

/// This kind of message cannot be read here.
#[must_use]
pub fn unsupported_kind(language: Language) -> String {
    say(language, "unsupported-kind")
}
