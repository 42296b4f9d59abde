//! What is done about a booking on request: moving it, paying it, a receipt for it.

use super::catalog::{args, say, say_with};
use super::session::{SessionLine, session};
use crate::Language;

/// When the booking shall be instead.
#[must_use]
pub fn move_when(language: Language, line: &SessionLine) -> String {
    say_with(language, "move-when", &args! { "session" => session(language, line) })
}

/// Nobody here takes cards.
#[must_use]
pub fn pay_at_the_studio(language: Language) -> String {
    say(language, "pay-at-the-studio")
}

/// The receipt is on its way.
#[must_use]
pub fn receipt_comes(language: Language) -> String {
    say(language, "receipt-comes")
}

/// Nothing was paid that there could be a receipt for.
#[must_use]
pub fn nothing_paid(language: Language) -> String {
    say(language, "nothing-paid")
}

/// One booking has no more places than this.
#[must_use]
pub fn too_many_places(language: Language, most: u32) -> String {
    say_with(language, "too-many-places", &args! { "most" => most })
}
