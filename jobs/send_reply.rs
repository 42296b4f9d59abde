//! Says something to a customer, once.
//!
//! WhatsApp knows no idempotency key. So the ledger says that a request is let go before it is; an attempt that
//! finds it so does not know whether it arrived, and waits for a status that names our message. Only silence
//! longer than the reconcile window, through all of which this process could hear, counts as "it never arrived".

mod outcome;

use std::time::Duration;

use adapters::{
    World,
    llm::Message,
    whatsapp::{NotSent, Recipient, SendError},
};
use domain::{
    ConversationId,
    outbound::{self, Content, Outbound, PlanError, Window},
    turn,
};
use engine::{
    Breaker, Job, Outcome, Policy, Stop,
    effect::{self, Begin},
};
use serde::{Deserialize, Serialize};
use sqlx::{Postgres, Transaction};

use crate::{Cx, on_behalf::begin};
pub use outcome::Said;

/// Waits between looks at a channel whose settings must be mended first.
const HOLD: Duration = Duration::from_mins(1);

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
        let message = self.plan(&cx, &mut tx).await?;
        let key = key(&message);
        match effect::begin(&mut tx, &key, cx.id()).await? {
            Begin::Send => {
                if let Some(said) = self.refusal(&cx, &mut tx, &message).await? {
                    return self.end(&cx, tx, said).await;
                }
            }
            Begin::Unknown { .. } if !self.reopened(&cx, &mut tx, &key).await? => {
                tx.commit().await?;
                return Err(Stop::snooze(
                    cx.world.settings.reconcile,
                    "waits for a status of a message that perhaps went out",
                ));
            }
            Begin::Unknown { .. } => {}
            Begin::Confirmed { reference } => {
                let wamid = reference.unwrap_or_default();
                outbound::accepted(&mut tx, message.id, &wamid).await?;
                return self.end(&cx, tx, Said::Sent { message: message.id, wamid }).await;
            }
            Begin::Failed { reason } => {
                let said = outcome::refused(&cx, &mut tx, &message, None, reason).await?;
                return self.end(&cx, tx, said).await;
            }
        }
        tx.commit().await?;
        let Some(to) = recipient(&message) else {
            let mut tx = begin(&cx).await?;
            let said = outcome::refused(&cx, &mut tx, &message, None, "the customer has no address".to_owned()).await?;
            return self.end(&cx, tx, said).await;
        };
        let sent = cx.world.whatsapp.send(&message.phone_number_id, &to, &message.content, &message.callback()).await;
        self.settle(&cx, &message, sent).await
    }
}

impl SendReply {
    async fn plan(&self, cx: &Cx, conn: &mut sqlx::PgConnection) -> Outcome<Outbound> {
        let now = cx.world.clock.now();
        match outbound::plan(conn, self.conversation, self.turn, self.number, &self.content, now).await {
            Ok(message) => Ok(message),
            Err(PlanError::Content(error)) => Err(Stop::fail(error.to_string())),
            Err(PlanError::Database(error)) => Err(error.into()),
        }
    }

    /// Why the message is not to be sent any more, looked at just before it would be.
    async fn refusal(&self, cx: &Cx, conn: &mut sqlx::PgConnection, message: &Outbound) -> Outcome<Option<Said>> {
        let standing = outbound::standing(conn, self.conversation, self.turn, cx.world.clock.now()).await?;
        if standing.overtaken && !self.must_say {
            outcome::drop(conn, message, "overtaken").await?;
            return Ok(Some(Said::Overtaken));
        }
        if standing.window == Window::Closed {
            outcome::close_window(cx, conn, message).await?;
            return Ok(Some(Said::WindowClosed));
        }
        Ok(None)
    }

    /// Whether silence has lasted long enough, while we could hear, to send once more.
    async fn reopened(&self, cx: &Cx, conn: &mut sqlx::PgConnection, key: &str) -> Outcome<bool> {
        let window = cx.world.settings.reconcile;
        Ok(cx.world.awake() >= window && effect::reopen(conn, key, window).await?)
    }

    async fn settle(
        &self,
        cx: &Cx,
        message: &Outbound,
        sent: Result<adapters::whatsapp::Accepted, SendError>,
    ) -> Outcome<Said> {
        let key = key(message);
        let mut tx = begin(cx).await?;
        match sent {
            Ok(accepted) => {
                effect::confirm(&mut tx, &key, &accepted.wamid).await?;
                outbound::accepted(&mut tx, message.id, &accepted.wamid).await?;
                self.end(cx, tx, Said::Sent { message: message.id, wamid: accepted.wamid }).await
            }
            Err(SendError::NotSent { reason, wait }) => {
                effect::not_sent(&mut tx, &key, reason.name()).await?;
                tx.commit().await?;
                Err(match reason {
                    NotSent::Unreachable => Stop::unavailable(reason.name(), wait),
                    _ => Stop::snooze(wait.unwrap_or(Duration::from_secs(5)), reason.name()),
                })
            }
            Err(SendError::Unknown { reason }) => {
                effect::unknown(&mut tx, &key, &reason).await?;
                tx.commit().await?;
                Err(Stop::snooze(cx.world.settings.reconcile, format!("perhaps sent: {reason}")))
            }
            Err(SendError::WindowClosed) => {
                outcome::close_window(cx, &mut tx, message).await?;
                self.end(cx, tx, Said::WindowClosed).await
            }
            Err(SendError::Rejected { code, title, class }) if class.stops_the_channel() => {
                effect::not_sent(&mut tx, &key, &title).await?;
                tx.commit().await?;
                Err(Stop::snooze(HOLD, format!("{code} {title}: mend the channel's settings")))
            }
            Err(SendError::Rejected { code, title, .. }) => {
                let code_of_ours = i32::try_from(code).ok();
                let said = outcome::refused(cx, &mut tx, message, code_of_ours, format!("{code} {title}")).await?;
                self.end(cx, tx, said).await
            }
        }
    }

    /// The message has met its fate, and with the last one so has its turn.
    async fn end(&self, cx: &Cx, mut tx: Transaction<'static, Postgres>, said: Said) -> Outcome<Said> {
        if let Some(transcript) = &self.transcript {
            let transcript = serde_json::to_value(transcript)?;
            turn::finish(&mut tx, self.turn, said.outcome(), &transcript, cx.world.clock.now()).await?;
        }
        cx.finish(tx, said).await
    }
}

/// The effect's name in the ledger; statuses lead to it through the callback data.
fn key(message: &Outbound) -> String {
    format!("whatsapp:{}", message.id)
}

fn recipient(message: &Outbound) -> Option<Recipient> {
    let phone = message.phone.clone().map(Recipient::Phone);
    phone.or_else(|| message.bsuid.clone().map(Recipient::Bsuid))
}
