//! The customer answers what the house proposed. No model takes part.

use adapters::llm::Message;
use domain::{
    ProposalId,
    booking::{Accepted, Declined},
    burst::{Burst, Heard},
    consent::{self, Consent},
    replies,
};
use engine::Outcome;
use jobs::{AcceptProposal, DeclineProposal};

use super::{reply::Reply, transcript};
use crate::Cx;

/// A yes or a no, and to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Yes(ProposalId),
    No(ProposalId),
}

/// The decision in a burst, and the messages that say something else.
///
/// A tapped button decides. Words decide when all of them together are a plain yes or no to the open proposal.
pub(super) fn read(burst: &Burst) -> (Option<Decision>, Vec<&Heard>) {
    let tap = burst.messages.iter().rev().find_map(|message| decision(consent::tapped(message.payload.as_deref()?)?));
    let (taps, words): (Vec<_>, Vec<_>) = burst.messages.iter().partition(|message| tapped(message));
    if words.is_empty() || taps.is_empty() && burst.open_proposal.is_none() {
        return (tap, words);
    }
    let together = words.iter().filter_map(|message| message.text.as_deref()).collect::<Vec<_>>().join(" ");
    let all_words = words.iter().all(|message| message.kind == "text");
    let spoken = burst.open_proposal.as_ref().filter(|_| all_words).and_then(|open| {
        let said = consent::read(&together, None, open);
        decision((said, open.id))
    });
    match (tap, spoken) {
        // "Yes" and then the button, or the button and then "thanks": one decision.
        (Some(tap), Some(_)) => (Some(tap), Vec::new()),
        (None, Some(spoken)) => (Some(spoken), Vec::new()),
        (tap, None) => (tap, words),
    }
}

fn tapped(message: &Heard) -> bool {
    message.payload.as_deref().is_some_and(|payload| consent::tapped(payload).is_some())
}

fn decision((consent, proposal): (Consent, ProposalId)) -> Option<Decision> {
    match consent {
        Consent::Yes => Some(Decision::Yes(proposal)),
        Consent::No => Some(Decision::No(proposal)),
        Consent::Unclear => None,
    }
}

/// Does it, and tells what came of it from the committed row.
pub(super) async fn act(cx: &Cx, burst: &Burst, decision: Decision) -> Outcome<Reply> {
    let customer = burst.customer;
    let heard: Vec<&Heard> = burst.messages.iter().collect();
    let said: Vec<Message> = vec![transcript::customer(&heard)];
    let (text, done) = match decision {
        Decision::Yes(proposal) => {
            let accepted = cx.step("accept", AcceptProposal { proposal, customer }).await?;
            (tell(burst, &accepted), changed(&accepted))
        }
        Decision::No(proposal) => match cx.step("decline", DeclineProposal { proposal, customer }).await? {
            Declined::Declined => (replies::declined(burst.language), true),
            Declined::TooLate => (replies::help(burst.language), false),
            Declined::NotYours => (replies::proposal_expired(burst.language), false),
        },
    };
    Ok(Reply { done, ..Reply::words(text, said) })
}

/// Whether something stands now that the customer must hear of.
fn changed(accepted: &Accepted) -> bool {
    matches!(accepted, Accepted::Booked(_) | Accepted::Cancelled(_))
}

fn tell(burst: &Burst, accepted: &Accepted) -> String {
    let language = burst.open_proposal.as_ref().map_or(burst.language, |open| open.language);
    match accepted {
        Accepted::Booked(booking) => {
            replies::booked(language, &booking.session.line(), &booking.booking_id.to_string())
        }
        Accepted::AlreadyBooked(booking) => replies::already_booked(language, &booking.session.line()),
        Accepted::Cancelled(booking) => replies::cancelled(language, &booking.session.line()),
        Accepted::AlreadyCancelled(_) => replies::already_cancelled(language),
        Accepted::Full { session, alternatives } => {
            let others: Vec<_> = alternatives.iter().map(domain::SessionView::line).collect();
            replies::full(language, Some(&session.line()), &others)
        }
        Accepted::SessionCancelled => replies::session_cancelled(language),
        Accepted::Started => replies::session_started(language),
        Accepted::Closed => replies::bookings_closed(language),
        Accepted::Expired | Accepted::NotYours => replies::proposal_expired(language),
    }
}
