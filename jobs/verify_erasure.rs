//! Proves that a customer is forgotten.

use adapters::World;
use domain::{
    ErasureId,
    privacy::{self, Proof, Thread},
};
use engine::{
    Job, Outcome, Policy, Stop,
    erasure::{self, Marks},
};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Bodies or jobs looked at in one statement.
const BATCH: i32 = 2000;

/// Searches every table, webhook and job for what the customer was known by, and writes down what it found: nothing, and
/// then the erasure is done. Where something stands is told, and what stands there is not.
#[derive(Debug, Serialize, Deserialize)]
pub struct VerifyErasure {
    /// Which.
    pub erasure: ErasureId,
    /// Whether something that is left is a failure: nobody comes to erase it.
    pub last: bool,
}

impl Job<World> for VerifyErasure {
    const NAME: &'static str = "verify_erasure";
    const POLICY: Policy = crate::LONG;
    type Output = Proof;

    async fn run(self, cx: Cx) -> Outcome<Proof> {
        let mut tx = begin(&cx).await?;
        let thread = privacy::thread(&mut tx, self.erasure).await?;
        let mut proof = privacy::search(&mut tx, &thread).await?;
        tx.commit().await?;
        cx.heartbeat(&proof).await?;
        self.webhooks(&cx, &thread, &mut proof).await?;
        self.jobs(&cx, &thread, &mut proof).await?;
        let mut tx = begin(&cx).await?;
        cx.fence(&mut tx).await?;
        let clean = privacy::finish(&mut tx, self.erasure, &proof, cx.world.clock.now()).await?;
        if !clean && self.last {
            tx.commit().await?;
            return Err(Stop::fail(format!(
                "something of the customer is left in {}: remove it there",
                proof.places()
            )));
        }
        cx.finish(tx, proof).await
    }
}

impl VerifyErasure {
    async fn webhooks(&self, cx: &Cx, thread: &Thread, proof: &mut Proof) -> Outcome<()> {
        let mut after = None;
        loop {
            let mut tx = begin(cx).await?;
            let look = privacy::search_webhooks(&mut tx, thread, after, BATCH).await?;
            tx.commit().await?;
            proof.note("webhooks", look.searched, "webhook_event.body", look.found);
            cx.heartbeat(proof).await?;
            after = look.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn jobs(&self, cx: &Cx, thread: &Thread, proof: &mut Proof) -> Outcome<()> {
        let mut tx = begin(cx).await?;
        let since = privacy::erasure(&mut tx, self.erasure).await?.map(|erasure| erasure.since).unwrap_or_default();
        let mut after = erasure::id_before(&mut tx, since).await?;
        let words = thread.marks.everywhere();
        let marks = Marks { words: &words, tokens: &thread.marks.tokens };
        let keys = erasure::keys_with(&mut tx, cx.tenant(), &words).await?;
        proof.note("keys", 1, "holdfast.uniq", keys);
        tx.commit().await?;
        loop {
            let mut tx = begin(cx).await?;
            let look = erasure::mentions(&mut tx, cx.tenant(), marks, after, BATCH).await?;
            let kinds = erasure::kinds_of(&mut tx, &look.found).await?.join(", ");
            tx.commit().await?;
            let found = i64::try_from(look.found.len()).unwrap_or(i64::MAX);
            proof.note("jobs", look.searched, &format!("jobs of type {kinds}"), found);
            cx.heartbeat(proof).await?;
            let Some(next) = look.next else { return Ok(()) };
            after = next;
        }
    }
}
