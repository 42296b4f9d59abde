//! The process is killed again and again, while customers book and WhatsApp loses answers.
//!
//! `HOLDFAST_CHAOS=full` makes it long; `HOLDFAST_CHAOS_SEED` repeats a run's choices.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use futures_util::future::join_all;
use ops::simulate::{Fault, Kind, Sent, Target};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::time::sleep;

use crate::house::{Process, Story};

/// Places in one class of the demo studio. There are fewer than customers.
const PLACES: usize = 10;

#[derive(Debug)]
struct Scale {
    conversations: usize,
    kills: usize,
    seed: u64,
}

impl Scale {
    /// How many classes are wanted: one customer in six finds them full.
    fn days(&self) -> usize {
        self.conversations * 5 / 6 / PLACES
    }

    fn told() -> Self {
        #[expect(clippy::disallowed_methods, reason = "who runs the tests says how long")]
        let told = |name| std::env::var(name).ok();
        let seed = told("HOLDFAST_CHAOS_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
        match told("HOLDFAST_CHAOS").as_deref() {
            Some("full") => Self { conversations: 200, kills: 100, seed },
            _ => Self { conversations: 60, kills: 25, seed },
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_any_moment_lose_and_repeat_nothing() {
    let scale = Scale::told();
    let story = Story::besieged().await;
    story.simulators.fault(Fault {
        probability: 0.2,
        seed: Some(scale.seed),
        ..Fault::new(Target::Whatsapp, Kind::DropResponseAfterAccept)
    });
    let (process, ()) = tokio::join!(kill_and_restart(&story, &scale), conversations(&story, &scale));
    story.judge.finds_all_done().await;
    judge(&story, &scale).await;
    assert!(process.terminate().await, "the last process ended badly");
    story.end().await;
}

async fn kill_and_restart(story: &Story, scale: &Scale) -> Process {
    let mut dice = StdRng::seed_from_u64(scale.seed);
    let mut process = story.process("chaos").await;
    for _ in 0..scale.kills {
        sleep(Duration::from_millis(dice.random_range(50..1200))).await;
        process.kill().await;
        process = story.process("chaos").await;
    }
    process
}

/// Everybody writes once, hears one offer or the truth, and says yes to the offer.
async fn conversations(story: &Story, scale: &Scale) {
    let customers: Vec<_> =
        (0..scale.conversations).map(|n| story.customer(&format!("+44770{:07}", 9_000_000 + n))).collect();
    join_all(customers.iter().enumerate().map(async |(n, customer)| {
        // They come one after the other, so that some are always in the middle.
        sleep(Duration::from_millis(250 * u64::try_from(n).unwrap())).await;
        let day = story.clock.now() + TimeDelta::days(i64::try_from(1 + n % scale.days()).unwrap());
        customer.says(&format!("yoga on {} at 19:00", day.format("%-d %B"))).await;
        let offer = customer.expect_reply().await;
        if let Some(yes) = offer.buttons.iter().find(|button| button.id.starts_with("yes:")) {
            customer.taps(&yes.title).await;
            customer.expect_reply().await;
        }
    }))
    .await;
}

/// One answer a turn; as many places as confirmations; and everything that was sent is on the books.
async fn judge(story: &Story, scale: &Scale) {
    let log = story.simulators.messages(None);
    let mut said: BTreeMap<&str, Vec<&Sent>> = BTreeMap::new();
    for sent in &log {
        said.entry(&sent.to).or_default().push(sent);
    }
    assert_eq!(said.len(), scale.conversations, "{scale:?}: somebody heard nothing");
    let confirmed = log.iter().filter(|sent| sent.text.contains("you are booked")).count();
    let seats = story.judge.number("select count(*) from seat where state = 'booked'").await;
    assert_eq!(usize::try_from(seats).unwrap(), confirmed, "{scale:?}: places and confirmations differ");
    assert_eq!(confirmed, scale.days() * PLACES, "{scale:?}: there were places left");
    let known = "select count(*) from message where direction = 'out' and wamid is not null";
    let known = story.judge.number(known).await;
    assert_eq!(usize::try_from(known).unwrap(), log.len(), "{scale:?}: sent messages are not on the books");
}
