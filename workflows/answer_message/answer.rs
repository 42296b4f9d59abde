//! What is said about a decision, from the committed row.

use adapters::llm::Message;
use domain::{
    After, BookingView, Language, SessionView,
    booking::{Accepted, Decided},
    burst::Burst,
    outbound::{Button, Content},
    replies,
    waitlist::Claimed,
};
use jobs::Claim;

use super::reply::Reply;
use crate::Cx;

/// What is said about a decision, and what it leaves to do.
pub(super) struct Answer {
    content: Content,
    /// Something stands now that the customer must hear of.
    done: bool,
    /// For others, and for what is to be paid.
    pub after: After,
}

impl Answer {
    pub fn said(text: String) -> Self {
        Self { content: Content::text(text), done: false, after: After::default() }
    }

    pub fn done(text: String, after: After) -> Self {
        Self { content: Content::text(text), done: true, after }
    }

    /// The reply, after these messages.
    pub fn reply(self, said: Vec<Message>) -> Reply {
        let reply = Reply::words(self.content.text.clone(), said);
        Reply { done: self.done, content: self.content, ..reply }
    }

    /// A booking that was made, with a button to pay it.
    fn booked(cx: &Cx, language: Language, booking: &BookingView, after: After) -> Self {
        let reference = booking.booking_id.to_string();
        let owes = if cx.world.settings.takes_cards { booking.owes_minor } else { 0 };
        let text = replies::booked(language, &booking.session.line(), &reference, owes);
        let mut answer = Self::done(text, after);
        if owes > 0 {
            let pay = Button { id: format!("pay:{reference}"), title: replies::pay_button(language) };
            answer.content.buttons = vec![pay];
        }
        answer
    }

    /// A place that is held until it is paid.
    fn held(burst: &Burst, language: Language, booking: &BookingView, after: After) -> Self {
        let until = booking.held_until.map(|until| until.with_timezone(&burst.zone).time()).unwrap_or_default();
        Self::done(replies::held(language, &booking.session.line(), until), after)
    }

    /// Of taking what the waiting list offered.
    pub fn to_claim(cx: &Cx, burst: &Burst, claim: Claim) -> Self {
        let language = burst.language;
        match (claim.claimed, claim.booking) {
            (Claimed::Taken { after, .. }, Some(booking)) if booking.held_until.is_some() => {
                Self::held(burst, language, &booking, after)
            }
            (Claimed::Taken { after, .. }, Some(booking)) => Self::booked(cx, language, &booking, after),
            (Claimed::TooLate { after }, _) => Self::done(replies::offer_gone(language), after),
            (Claimed::Closed, _) => Self::said(replies::session_started(language)),
            (Claimed::NotOffered | Claimed::Taken { .. }, _) => Self::said(replies::nothing_offered(language)),
        }
    }

    /// Of a yes to a proposal.
    pub fn to_yes(cx: &Cx, burst: &Burst, language: Language, decided: Decided) -> Self {
        let Decided { accepted, returns, after } = decided;
        let text = match accepted {
            Accepted::Booked(booking) => return Self::booked(cx, language, &booking, after),
            Accepted::Held(booking) => return Self::held(burst, language, &booking, after),
            Accepted::Moved(booking) => {
                let text = replies::moved(language, &booking.session.line(), &booking.booking_id.to_string());
                return Self::done(text, after);
            }
            Accepted::Cancelled(booking) => {
                let by_entitlement = booking.by_entitlement();
                let text = replies::cancelled(language, &booking.session.line(), returns.as_ref(), by_entitlement);
                return Self::done(text, after);
            }
            Accepted::Waiting { session, position } => {
                return Self::done(replies::waiting(language, &session.line(), position), after);
            }
            Accepted::PlaceFree { session } => replies::place_free(language, &session.line()),
            Accepted::AlreadyBooked(booking) => replies::already_booked(language, &booking.session.line()),
            Accepted::AlreadyCancelled(_) => replies::already_cancelled(language),
            Accepted::Full { session, alternatives } => {
                let others: Vec<_> = alternatives.iter().map(SessionView::line).collect();
                replies::full(language, Some(&session.line()), &others)
            }
            Accepted::SessionCancelled => replies::session_cancelled(language),
            Accepted::Started => replies::session_started(language),
            Accepted::Closed => replies::bookings_closed(language),
            Accepted::NotOpen => replies::bookings_not_open(language),
            Accepted::Clash => replies::clash(language, None),
            Accepted::TooLate => replies::too_late_to_move(language),
            Accepted::Expired | Accepted::NotYours => replies::proposal_expired(language),
        };
        Self { after, ..Self::said(text) }
    }
}
