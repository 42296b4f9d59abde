//! From the message back to where it began, as cards.

use domain::lookup::{self, Link, LinkKind, Thought};
use engine::{cause::CauseJob, inspect::Effect};

use super::{
    card::{Card, What},
    read::{Known, effect},
};

/// The message first, where it all began last.
pub(super) fn story(known: &Known) -> Vec<Card> {
    let turns: Vec<i64> =
        known.why.causes.iter().filter(|link| link.kind == LinkKind::Turn).filter_map(|link| link.job).collect();
    let sent =
        known.chain.first().and_then(|job| job.effects.iter().find(|one| one.key == effect(known.why.message.id)));
    let mut cards = vec![message(known, sent)];
    cards.extend(sent.map(of_effect));
    // A turn is told of with what the business knows of it, below.
    let line = known.chain.iter().filter(|job| job.is_in_line && !turns.contains(&job.id));
    cards.extend(
        line.enumerate()
            .map(|(nth, job)| of_job(if nth == 0 && sent.is_some() { What::Sending } else { What::Workflow }, job)),
    );
    let links = |is: fn(LinkKind) -> bool| known.why.causes.iter().filter(move |link| is(link.kind));
    cards.extend(links(|kind| !matches!(kind, LinkKind::Status | LinkKind::Turn | LinkKind::Inbound)).map(of_link));
    cards.extend(steps(known, &turns));
    cards.extend(links(|kind| kind == LinkKind::Turn).map(|link| turn(link, &known.chain)));
    cards.extend(links(|kind| kind == LinkKind::Inbound).map(of_link));
    cards
}

fn message(known: &Known, sent: Option<&Effect>) -> Card {
    let said = &known.why.message;
    Card {
        state: Some(("message-state", said.state.clone())),
        text: said.text.clone(),
        errors: said.error.iter().cloned().collect(),
        at: sent.and_then(|effect| effect.settled_at.or(effect.sent_at)).or(Some(said.planned_at)),
        ..Card::new(What::Message, said.id.to_string())
    }
    .with("kind", Some(said.kind.clone()))
    .with("wamid", said.wamid.clone())
    .with("pricing", said.pricing.clone())
    .with("code", said.error_code)
}

fn of_effect(effect: &Effect) -> Card {
    Card {
        state: Some(("effect-state", effect.state.clone())),
        errors: effect.reason.iter().cloned().collect(),
        at: effect.sent_at.or(Some(effect.planned_at)),
        until: effect.settled_at,
        ..Card::new(What::Effect, effect.key.clone())
    }
    .with("reference", effect.reference.clone())
}

fn of_job(what: What, job: &CauseJob) -> Card {
    let card = Card {
        state: Some(("state", job.state.clone())),
        errors: job.errors.clone(),
        at: Some(job.created_at),
        until: job.finished_at,
        job: Some(job.id),
        ..Card::new(what, job.kind.clone())
    };
    card.with("attempts", job.attempts.filter(|attempts| *attempts > 1))
        .with("step", job.step.clone())
        .with("outcome", job.output.as_ref().and_then(lookup::word))
}

/// What the turns did before the message was sent, the latest first: what the model thought, and what it had done.
fn steps<'a>(known: &'a Known, turns: &'a [i64]) -> impl Iterator<Item = Card> + 'a {
    let before = known.chain.first().map(|job| job.id);
    let of_turn = |job: &&CauseJob| job.parent.is_some_and(|parent| turns.contains(&parent));
    let mut steps: Vec<&CauseJob> = known.chain.iter().filter(|job| !job.is_in_line).filter(of_turn).collect();
    steps.retain(|job| before.is_none_or(|sending| job.id < sending));
    steps.sort_by_key(|job| std::cmp::Reverse(job.id));
    steps.into_iter().map(|job| match job.output.as_ref().and_then(lookup::thought) {
        Some(thought) => of_thought(job, &thought),
        None if job.kind == "think" => of_job(What::Thought, job),
        // The model's tools are steps of a round: `list_sessions/1.0`.
        None if job.step.as_deref().is_some_and(|step| step.contains('/')) => of_job(What::Tool, job),
        None => of_job(What::Step, job),
    })
}

fn of_thought(job: &CauseJob, thought: &Thought) -> Card {
    of_job(What::Thought, job)
        .with("model", Some(thought.model.clone()))
        .with("tokens_in", Some(thought.tokens_in))
        .with("tokens_out", Some(thought.tokens_out))
        .with("stop", Some(thought.stop.clone()))
        .with("tools", Some(thought.tools.join(", ")).filter(|tools| !tools.is_empty()))
}

fn of_link(link: &Link) -> Card {
    let state = link.facts.iter().find(|(name, _)| *name == "state").map(|(_, state)| ("why-state", state.clone()));
    let facts = link.facts.iter().filter(|(name, _)| *name != "state").cloned().collect();
    let name = link.id.clone();
    Card {
        state,
        facts,
        text: link.text.clone(),
        at: link.at,
        until: link.until,
        job: link.job,
        ..Card::new(What::Link(link.kind.name()), name)
    }
}

/// A turn, with what the engine knows of its job.
fn turn(link: &Link, chain: &[CauseJob]) -> Card {
    let card = of_link(link);
    match chain.iter().find(|job| Some(job.id) == link.job) {
        Some(job) => Card {
            state: Some(("state", job.state.clone())),
            errors: job.errors.clone(),
            name: job.kind.clone(),
            at: Some(job.created_at),
            until: job.finished_at,
            ..card
        },
        None => card,
    }
}
