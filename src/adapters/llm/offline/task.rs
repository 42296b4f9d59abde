//! What the house can be asked for.

use chrono::NaiveDate;
use domain::{Language, replies};

use super::bookings::Target;
use super::calendar::Days;
use super::facts::Session;
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

impl Saying {
    /// The words.
    pub fn text(self, language: Language) -> String {
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
