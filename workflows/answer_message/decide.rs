//! The customer answers what the house proposed or offered. No model takes part.

use domain::{
    After, EntryId, MessageId, PlanId, ProposalId, SeatId, TenantId,
    booking::Declined,
    burst::{Burst, Heard},
    consent::{self, Choice, Consent},
    customer::{self, Wish},
    replies,
};
use engine::{Outcome, StepFailure, Stop};
use jobs::{AcceptProposal, ClaimOffer, DeclineProposal, PassOffer, SetConsent};

use super::{
    answer::Answer,
    errands::{Desk, about_order, about_paying, on_behalf},
    reply::Reply,
    transcript,
};
use crate::{Cx, follow_up::follow};

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
    /// To buy a plan by card.
    Buy(PlanId),
    /// To buy none.
    Skip,
    /// To be written to unasked, or not.
    Consent(Wish, MessageId),
}

/// The decision in a burst, and the messages that say something else.
///
/// A tapped button decides. Words decide when all of them together are a plain yes or no to the open proposal, or else to
/// the plan that was asked about last, or else to the one offer of the waiting list that is open.
pub(super) fn read(burst: &Burst) -> (Option<Decision>, Vec<&Heard>) {
    if let Some((at, wish)) = burst.messages.iter().enumerate().rev().find_map(wish) {
        let rest = burst.messages.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, heard)| heard);
        return (Some(wish), rest.collect());
    }
    let tap = burst.messages.iter().rev().find_map(|message| consent::choice(message.payload.as_deref()?));
    let (taps, words): (Vec<_>, Vec<_>) = burst.messages.iter().partition(|message| tapped(message));
    let asked = burst.open_proposal.is_some() || burst.open_plan.is_some() || burst.open_offer.is_some();
    if words.is_empty() || taps.is_empty() && !asked {
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
    let (yes, no) = match (burst.open_plan, burst.open_offer) {
        (Some(plan), _) => (Decision::Buy(plan), Decision::Skip),
        (None, Some(offer)) => (Decision::Claim(offer), Decision::Pass(offer)),
        (None, None) => return None,
    };
    match consent::plain(&together) {
        Consent::Yes => Some(yes),
        Consent::No => Some(no),
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
        Choice::Buy(plan) => Decision::Buy(plan),
        Choice::Skip(_) => Decision::Skip,
    }
}

/// Does it, and tells what came of it from the committed row.
pub(super) async fn act(cx: &Cx, tenant: TenantId, burst: &Burst, decision: Decision) -> Outcome<Reply> {
    let (customer, language) = (burst.customer, burst.language);
    let desk = Desk { cx, tenant, asker: on_behalf(cx, burst, language) };
    let answer = match decision {
        Decision::Yes(proposal) => {
            let decided = cx.step("accept", AcceptProposal { proposal, customer }).await?;
            let language = burst.open_proposal.as_ref().map_or(language, |open| open.language);
            Answer::to_yes(cx, burst, language, decided)
        }
        Decision::No(proposal) => match cx.step("decline", DeclineProposal { proposal, customer }).await? {
            Declined::Declined => Answer::done(replies::declined(language), After::default()),
            Declined::TooLate => Answer::said(replies::help(language)),
            Declined::NotYours => Answer::said(replies::proposal_expired(language)),
        },
        Decision::Claim(entry) => {
            Answer::to_claim(cx, burst, cx.step("claim", ClaimOffer { entry, customer, language }).await?)
        }
        Decision::Pass(entry) => match cx.step("pass", PassOffer { entry, customer }).await? {
            Some(after) => Answer::done(replies::offer_passed(language), after),
            None => Answer::said(replies::nothing_offered(language)),
        },
        Decision::Pay(seat) => Answer::said(about_paying(language, sure(desk.pay("pay", seat).await?)?)),
        Decision::Buy(plan) => about_order(language, sure(desk.order("buy", plan).await?)?),
        Decision::Skip => Answer::said(replies::declined(language)),
        Decision::Consent(wish, message) => {
            let granted = wish == Wish::Start;
            cx.step("consent", SetConsent { customer, granted, message }).await?;
            let text = if granted { replies::opted_in(language) } else { replies::opted_out(language) };
            Answer::done(text, After::default())
        }
    };
    follow(cx, "follow", tenant, answer.after.clone()).await?;
    let heard: Vec<&Heard> = burst.messages.iter().collect();
    Ok(answer.reply(vec![transcript::customer(&heard)]))
}

/// What a step came to; the staff are called when it could not be done.
fn sure<T>(done: Result<T, StepFailure>) -> Outcome<T> {
    done.map_err(|failure| Stop::fail(failure.to_string()))
}
