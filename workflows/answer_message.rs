//! A customer wrote: gather, think, use tools, think, say.
//!
//! Authority lives here and in the domain, not in the model. Who asks comes from the conversation. What is booked or
//! cancelled is what the customer said yes to, read by rules; the model can only propose.

mod answer;
mod choices;
mod decide;
mod ending;
mod errands;
mod reply;
mod think;
mod tools;
mod transcript;

use adapters::World;
use domain::{ConversationId, TenantId, burst::Burst};
use engine::{Debounce, Job, Outcome, Policy, Stop};
use futures_util::future::try_join;
use jobs::{GatherBurst, HandOver, MarkRead, Said, SendReply};
use serde::{Deserialize, Serialize};

use crate::Cx;
use reply::Reply;

/// Answers what a customer wrote in one conversation. A burst is one turn, and turns of a conversation run one after
/// the other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerMessage {
    /// Whose customer.
    pub tenant: TenantId,
    /// Where they wrote.
    pub conversation: ConversationId,
}

/// How a turn ended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// An earlier turn has answered everything, or what was written is gone.
    Nothing,
    /// One reply, or the reason why there is none.
    Turn(Said),
    /// It could not be answered; staff were called.
    HandedOver,
}

impl AnswerMessage {
    /// The wait for more of a burst, when this much silence ends it.
    #[must_use]
    pub fn debounce(silence: std::time::Duration) -> Debounce {
        Debounce { wait: silence, at_most: silence * 5 }
    }
}

impl Job<World> for AnswerMessage {
    const NAME: &'static str = "answer_message";
    // Turns at one time in a process: enough to keep it busy, few enough that each is soon answered.
    const POLICY: Policy = Policy { attempts: 10, concurrency: 48, ..Policy::WORKFLOW };
    type Output = Answered;

    fn key(&self) -> String {
        format!("{}:{}", self.tenant, self.conversation)
    }

    fn lane(&self) -> Option<String> {
        Some(format!("conversation:{}:{}", self.tenant, self.conversation))
    }

    async fn run(self, cx: Cx) -> Outcome<Answered> {
        match self.answer(&cx).await {
            Err(Stop::Fail(reason)) => {
                cx.step("hand_over", HandOver { conversation: self.conversation, reason }).await?;
                Ok(Answered::HandedOver)
            }
            outcome => outcome,
        }
    }
}

impl AnswerMessage {
    async fn answer(&self, cx: &Cx) -> Outcome<Answered> {
        let burst = cx.step("gather", GatherBurst { conversation: self.conversation, turn: cx.id() }).await?;
        let Some(wamid) = burst.last_wamid.clone() else { return Ok(Answered::Nothing) };
        let read = MarkRead { phone_number_id: burst.phone_number_id.clone(), wamid };
        let ((), reply) = try_join(cx.start("mark_read", read), self.reply(cx, &burst)).await?;
        let hand_over = reply.hand_over.clone();
        let said = cx.step("say", say(cx, &burst, reply)).await?;
        if let Some(reason) = hand_over {
            cx.step("hand_over", HandOver { conversation: burst.conversation, reason }).await?;
        }
        Ok(Answered::Turn(said))
    }

    /// First what the customer decided, then whatever else they wrote.
    async fn reply(&self, cx: &Cx, burst: &Burst) -> Outcome<Reply> {
        let (decision, rest) = decide::read(burst);
        let decided = match decision {
            Some(decision) => decide::act(cx, self.tenant, burst, decision).await?,
            None => Reply::default(),
        };
        if rest.is_empty() {
            Ok(decided)
        } else {
            Ok(decided.then(think::answer(cx, self.tenant, burst, &rest).await?))
        }
    }
}

/// The reply, with which the turn ends.
fn say(cx: &Cx, burst: &Burst, reply: Reply) -> SendReply {
    SendReply {
        conversation: burst.conversation,
        turn: cx.id(),
        number: 0,
        content: reply.content,
        must_say: reply.done,
        transcript: Some(reply.transcript),
        spent: reply.spent,
    }
}
