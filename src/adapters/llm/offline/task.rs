//! What the house can be asked for.

use chrono::NaiveDate;
use domain::{Language, replies};

use super::bookings::Target;
use super::calendar::Days;
use super::facts::{Booking, Session};
use super::wish::Wish;

/// One thing to do for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    /// Find sessions for this wish, and propose when there is just one.
    Book(Wish),
    /// Propose to book this session, or to wait for it.
    Take {
        session: i64,
        places: u32,
    },
    /// Ask again which of these, for so many.
    Choose(Vec<Session>, u32),
    /// Ask which of these full ones to wait for.
    ChooseFull(Vec<Session>),
    /// Find the booking, and do this about it.
    Errand(Errand, Target),
    /// Do this about this booking.
    Do(Errand, i64),
    /// Find the booking, and sessions it may move to.
    Move(Wish),
    /// Find sessions that this booking may move to.
    MoveTo(Booking, Wish),
    /// Propose to move this booking to this session.
    Exchange {
        booking: i64,
        session: i64,
    },
    /// Ask when this booking shall be instead.
    MoveWhen(Booking),
    MyBookings,
    /// The waiting lists that the customer is in.
    MyLists,
    /// Find the waiting list, and take the customer off it.
    Leave(Target),
    /// Take the customer off the waiting list of this session.
    LeaveThis(i64),
    /// Memberships and packs; `own`: what the customer has of them.
    Plans {
        own: bool,
    },
    /// Find the plan that these words name, and propose it.
    Buy(Vec<String>),
    /// Propose this plan.
    Offer(i64),
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
    /// Ask which activity, for so many.
    WhichActivity {
        places: u32,
    },
    /// The day has passed.
    Past(NaiveDate),
    Say(Saying),
}

/// What is done about a booking, once it is clear which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    Cancel,
    /// Tell what would come back, which the proposal to cancel does.
    Refund,
    Pay,
    Receipt,
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
