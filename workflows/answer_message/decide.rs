//! The customer answers what the house proposed or offered. No model takes part.

use adapters::llm::Message;
use domain::{
    After, BookingView, EntryId, Language, MessageId, ProposalId, SeatId, SessionView, TenantId,
    booking::{Accepted, Decided, Declined},
    burst::{Burst, Heard},
    consent::{self, Choice, Consent},
    customer::{self, Wish},
    outbound::{Button, Content},
    replies,
    waitlist::Claimed,
};
use engine::Outcome;
use jobs::{AcceptProposal, AskPayment, ClaimOffer, DeclineProposal, PassOffer, SetConsent};

use super::{reply::Reply, transcript};
use crate::{CollectPayment, Cx, follow_up::follow};

/// What a customer decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Yes(ProposalId),
    No(ProposalId),
    /// To take what the waiting list holds for them.
    Claim(EntryId),
    /// To let it go.
    Pass(EntryId),
    /// To pay a booking by card.
    Pay(SeatId),
    /// To be written to unasked, or not.
    Consent(Wish, MessageId),
}

/// The decision in a burst, and the messages that say something else.
///
/// A tapped button decides. Words decide when all of them together are a plain yes or no to the open proposal, or else to
/// the one offer of the waiting list that is open.
pub(super) fn read(burst: &Burst) -> (Option<Decision>, Vec<&Heard>) {
    if let Some((at, wish)) = burst.messages.iter().enumerate().rev().find_map(wish) {
        let rest = burst.messages.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, heard)| heard);
        return (Some(wish), rest.collect());
    }
    let tap = burst.messages.iter().rev().find_map(|message| consent::choice(message.payload.as_deref()?));
    let (taps, words): (Vec<_>, Vec<_>) = burst.messages.iter().partition(|message| tapped(message));
    if words.is_empty() || taps.is_empty() && burst.open_proposal.is_none() && burst.open_offer.is_none() {
        return (tap.map(chosen), words);
    }
    match (tap, spoken(burst, &words)) {
        // "Yes" and then the button, or the button and then "thanks": one decision.
        (Some(tap), Some(_)) => (Some(chosen(tap)), Vec::new()),
        (None, Some(spoken)) => (Some(spoken), Vec::new()),
        (tap, None) => (tap.map(chosen), words),
    }
}

/// STOP, and nothing else in the message.
fn wish((at, heard): (usize, &Heard)) -> Option<(usize, Decision)> {
    let text = heard.text.as_deref().filter(|_| heard.kind == "text")?;
    Some((at, Decision::Consent(customer::wish(text)?, heard.id)))
}

fn spoken(burst: &Burst, words: &[&Heard]) -> Option<Decision> {
    if words.iter().any(|message| message.kind != "text") {
        return None;
    }
    let together = words.iter().filter_map(|message| message.text.as_deref()).collect::<Vec<_>>().join(" ");
    if let Some(open) = &burst.open_proposal {
        return match consent::read(&together, None, open) {
            Consent::Yes => Some(Decision::Yes(open.id)),
            Consent::No => Some(Decision::No(open.id)),
            Consent::Unclear => None,
        };
    }
    let offer = burst.open_offer?;
    match consent::plain(&together) {
        Consent::Yes => Some(Decision::Claim(offer)),
        Consent::No => Some(Decision::Pass(offer)),
        Consent::Unclear => None,
    }
}

fn tapped(message: &Heard) -> bool {
    message.payload.as_deref().is_some_and(|payload| consent::choice(payload).is_some())
}

const fn chosen(choice: Choice) -> Decision {
    match choice {
        Choice::Yes(proposal) => Decision::Yes(proposal),
        Choice::No(proposal) => Decision::No(proposal),
        Choice::Claim(entry) => Decision::Claim(entry),
        Choice::Pass(entry) => Decision::Pass(entry),
        Choice::Pay(seat) => Decision::Pay(seat),
    }
}

/// What is said about a decision.
struct Answer {
    content: Content,
    /// Something stands now that the customer must hear of.
    done: bool,
    /// For others, and for what is to be paid.
    after: After,
}

impl Answer {
    fn said(text: String) -> Self {
        Self { content: Content::text(text), done: false, after: After::default() }
    }

    fn done(text: String, after: After) -> Self {
        Self { content: Content::text(text), done: true, after }
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
}

/// Does it, and tells what came of it from the committed row.
pub(super) async fn act(cx: &Cx, tenant: TenantId, burst: &Burst, decision: Decision) -> Outcome<Reply> {
    let customer = burst.customer;
    let language = burst.language;
    let heard: Vec<&Heard> = burst.messages.iter().collect();
    let said: Vec<Message> = vec![transcript::customer(&heard)];
    let answer = match decision {
        Decision::Yes(proposal) => {
            let decided = cx.step("accept", AcceptProposal { proposal, customer }).await?;
            tell(cx, burst, decided)
        }
        Decision::No(proposal) => match cx.step("decline", DeclineProposal { proposal, customer }).await? {
            Declined::Declined => Answer::done(replies::declined(language), After::default()),
            Declined::TooLate => Answer::said(replies::help(language)),
            Declined::NotYours => Answer::said(replies::proposal_expired(language)),
        },
        Decision::Claim(entry) => claim(cx, burst, entry).await?,
        Decision::Pass(entry) => match cx.step("pass", PassOffer { entry, customer }).await? {
            Some(after) => Answer::done(replies::offer_passed(language), after),
            None => Answer::said(replies::nothing_offered(language)),
        },
        Decision::Pay(seat) => pay(cx, tenant, burst, seat).await?,
        Decision::Consent(wish, message) => {
            let granted = wish == Wish::Start;
            cx.step("consent", SetConsent { customer, granted, message }).await?;
            let text = if granted { replies::opted_in(language) } else { replies::opted_out(language) };
            Answer::done(text, After::default())
        }
    };
    follow(cx, "follow", tenant, answer.after).await?;
    let reply = Reply::words(answer.content.text.clone(), said);
    Ok(Reply { done: answer.done, content: answer.content, ..reply })
}

async fn claim(cx: &Cx, burst: &Burst, entry: EntryId) -> Outcome<Answer> {
    let (customer, language) = (burst.customer, burst.language);
    let claim = cx.step("claim", ClaimOffer { entry, customer, language }).await?;
    Ok(match (claim.claimed, claim.booking) {
        (Claimed::Taken { after, .. }, Some(booking)) if booking.held_until.is_some() => {
            Answer::held(burst, language, &booking, after)
        }
        (Claimed::Taken { after, .. }, Some(booking)) => Answer::booked(cx, language, &booking, after),
        (Claimed::TooLate { after }, _) => Answer::done(replies::offer_gone(language), after),
        (Claimed::Closed, _) => Answer::said(replies::session_started(language)),
        (Claimed::NotOffered | Claimed::Taken { .. }, _) => Answer::said(replies::nothing_offered(language)),
    })
}

/// The link follows in a message of its own.
async fn pay(cx: &Cx, tenant: TenantId, burst: &Burst, seat: SeatId) -> Outcome<Answer> {
    let asked = cx.step("ask", AskPayment { seat, customer: Some(burst.customer) }).await?;
    if asked.is_none() {
        return Ok(Answer::said(replies::nothing_to_pay(burst.language)));
    }
    cx.start("collect", CollectPayment { tenant, seat }).await?;
    Ok(Answer::said(replies::link_comes(burst.language)))
}

fn tell(cx: &Cx, burst: &Burst, Decided { accepted, returns, after }: Decided) -> Answer {
    let language = burst.open_proposal.as_ref().map_or(burst.language, |open| open.language);
    let text = match accepted {
        Accepted::Booked(booking) => return Answer::booked(cx, language, &booking, after),
        Accepted::Held(booking) => return Answer::held(burst, language, &booking, after),
        Accepted::Moved(booking) => {
            let text = replies::moved(language, &booking.session.line(), &booking.booking_id.to_string());
            return Answer::done(text, after);
        }
        Accepted::Cancelled(booking) => {
            let by_entitlement = booking.by_entitlement();
            let text = replies::cancelled(language, &booking.session.line(), returns.as_ref(), by_entitlement);
            return Answer::done(text, after);
        }
        Accepted::Waiting { session, position } => {
            return Answer::done(replies::waiting(language, &session.line(), position), after);
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
    Answer { after, ..Answer::said(text) }
}
