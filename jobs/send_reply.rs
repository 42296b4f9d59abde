//! Says the reply of a turn, with which the turn ends.

use adapters::{World, llm::Message};
use domain::{
    ConversationId, conversation,
    outbound::{self, Content, Outbound, Window},
    turn::{self, Spent},
};
use engine::{Breaker, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    Cx,
    on_behalf::begin,
    sending::{self, Letter, Said},
};

/// Sends one message of a turn.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendReply {
    /// To whom.
    pub conversation: ConversationId,
    /// The turn's id.
    pub turn: i64,
    /// Which message of the turn, from 0.
    pub number: i32,
    /// What is said.
    pub content: Content,
    /// It tells of something that was done: it is said even when the customer has written on.
    pub must_say: bool,
    /// What the customer, the model and the tools said. With it the turn ends.
    pub transcript: Option<Vec<Message>>,
    /// What the model's steps of the turn cost.
    #[serde(default)]
    pub spent: Spent,
}

impl Job<World> for SendReply {
    const NAME: &'static str = "send_reply";
    const POLICY: Policy = Policy {
        attempts: 12,
        breaker: Some(Breaker::new("whatsapp")),
        concurrency: 32,
        priority: -5,
        ..Policy::DEFAULT
    };
    type Output = Said;

    async fn run(self, cx: Cx) -> Outcome<Said> {
        let mut tx = begin(&cx).await?;
        cx.fence(&mut tx).await?;
        let now = cx.world.clock.now();
        let message = outbound::plan(&mut tx, self.conversation, self.turn, self.number, &self.content, now)
            .await
            .map_err(sending::unplanned)?;
        sending::send(&cx, &self, tx, &message).await
    }
}

impl Letter for SendReply {
    type Output = Said;

    async fn refusal(&self, cx: &Cx, conn: &mut PgConnection, _: &Outbound) -> Outcome<Option<Said>> {
        let standing = outbound::standing(conn, self.conversation, self.turn, cx.world.clock.now()).await?;
        if standing.overtaken && !self.must_say {
            return Ok(Some(Said::Overtaken));
        }
        Ok((standing.window == Window::Closed).then_some(Said::WindowClosed))
    }

    async fn end(
        &self,
        cx: &Cx,
        mut tx: Transaction<'static, Postgres>,
        message: &Outbound,
        said: Said,
    ) -> Outcome<Said> {
        let now = cx.world.clock.now();
        let trouble = match &said {
            Said::WindowClosed => Some("a reply came too late: the 24-hour window is closed".to_owned()),
            Said::Refused { reason } => Some(format!("WhatsApp did not take a reply: {reason}")),
            _ => None,
        };
        if let Some(trouble) = trouble {
            conversation::needs_person(&mut tx, message.conversation, &trouble, now).await?;
        }
        if let Some(transcript) = &self.transcript {
            let transcript = serde_json::to_value(transcript)?;
            turn::finish(&mut tx, self.turn, outcome(&said), &transcript, &self.spent, now).await?;
        }
        cx.finish(tx, said).await
    }
}

/// The word for it in the turn.
const fn outcome(said: &Said) -> &'static str {
    match said {
        Said::Sent { .. } => "answered",
        Said::Overtaken => turn::OVERTAKEN,
        Said::WindowClosed => "window_closed",
        Said::Skipped { .. } => "skipped",
        Said::Refused { .. } => "refused",
    }
}
