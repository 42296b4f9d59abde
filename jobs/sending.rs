//! Sending a message of ours, once.
//!
//! WhatsApp knows no idempotency key. So the ledger says that a request is let go before it is; an attempt that
//! finds it so does not know whether it arrived, and waits for a status that names our message. Only silence
//! longer than the reconcile window, through all of which this process could hear, counts as "it never arrived".

use std::{future::Future, time::Duration};

use adapters::whatsapp::{Accepted, NotSent, Recipient, SendError};
use domain::{
    MessageId, conversation,
    outbound::{self, Outbound, PlanError},
};
use engine::{
    Outcome, Stop,
    effect::{self, Begin},
};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{Cx, on_behalf::begin};

/// Waits between looks at a channel whose settings must be mended first.
const HOLD: Duration = Duration::from_mins(1);

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Said {
    /// WhatsApp has it.
    Sent {
        /// Ours.
        message: MessageId,
        /// WhatsApp's name for it.
        wamid: String,
    },
    /// The customer wrote on; the next turn answers everything.
    Overtaken,
    /// It is not wanted, or of no use any more.
    Skipped {
        /// Why.
        reason: String,
    },
    /// More than 24 hours have passed.
    WindowClosed,
    /// WhatsApp will never take it.
    Refused {
        /// Code and title.
        reason: String,
    },
}

/// What a message is part of.
pub(crate) trait Letter: Sync {
    /// What its job leaves behind.
    type Output;

    /// Why it is not to be sent any more, looked at just before it would be.
    fn refusal(
        &self,
        cx: &Cx,
        conn: &mut PgConnection,
        message: &Outbound,
    ) -> impl Future<Output = Outcome<Option<Said>>> + Send;

    /// The message has met its fate: ends the job with it.
    fn end(
        &self,
        cx: &Cx,
        tx: Transaction<'static, Postgres>,
        message: &Outbound,
        said: Said,
    ) -> impl Future<Output = Outcome<Self::Output>> + Send;
}

/// Sends a message that is planned in this transaction.
pub(crate) async fn send<L: Letter>(
    cx: &Cx,
    letter: &L,
    mut tx: Transaction<'static, Postgres>,
    message: &Outbound,
) -> Outcome<L::Output> {
    let key = key(message);
    match effect::begin(&mut tx, &key, cx.id()).await? {
        Begin::Unknown { .. } if !reopened(cx, &mut tx, &key).await? => {
            tx.commit().await?;
            return Err(Stop::snooze(
                cx.world.settings.reconcile,
                "waits for a status of a message that perhaps went out",
            ));
        }
        Begin::Send | Begin::Unknown { .. } => {
            let nobody = message.erased.then(|| Said::Skipped { reason: "the customer was erased".to_owned() });
            let refusal = match nobody {
                Some(said) => Some(said),
                None => letter.refusal(cx, &mut tx, message).await?,
            };
            if let Some(said) = refusal {
                drop_it(&mut tx, message, &said).await?;
                return letter.end(cx, tx, message, said).await;
            }
        }
        Begin::Confirmed { reference } => {
            let wamid = reference.unwrap_or_default();
            outbound::accepted(&mut tx, message.id, &wamid).await?;
            return letter.end(cx, tx, message, Said::Sent { message: message.id, wamid }).await;
        }
        Begin::Failed { reason } => {
            let said = refused(&mut tx, message, None, reason).await?;
            return letter.end(cx, tx, message, said).await;
        }
    }
    tx.commit().await?;
    let Some(to) = recipient(message) else {
        let mut tx = begin(cx).await?;
        let said = refused(&mut tx, message, None, "the customer has no address".to_owned()).await?;
        return letter.end(cx, tx, message, said).await;
    };
    let sent = cx.world.whatsapp.send(&message.phone_number_id, &to, &message.content, &message.callback()).await;
    settle(cx, letter, message, sent).await
}

/// Whether silence has lasted long enough, while we could hear, to send once more.
async fn reopened(cx: &Cx, conn: &mut PgConnection, key: &str) -> Outcome<bool> {
    let window = cx.world.settings.reconcile;
    Ok(cx.world.awake() >= window && effect::reopen(conn, key, window).await?)
}

async fn settle<L: Letter>(
    cx: &Cx,
    letter: &L,
    message: &Outbound,
    sent: Result<Accepted, SendError>,
) -> Outcome<L::Output> {
    let key = key(message);
    let mut tx = begin(cx).await?;
    match sent {
        Ok(accepted) => {
            effect::confirm(&mut tx, &key, &accepted.wamid).await?;
            outbound::accepted(&mut tx, message.id, &accepted.wamid).await?;
            letter.end(cx, tx, message, Said::Sent { message: message.id, wamid: accepted.wamid }).await
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
            drop_it(&mut tx, message, &Said::WindowClosed).await?;
            letter.end(cx, tx, message, Said::WindowClosed).await
        }
        Err(SendError::Rejected { code, title, class }) if class.stops_the_channel() => {
            effect::not_sent(&mut tx, &key, &title).await?;
            tx.commit().await?;
            Err(Stop::snooze(HOLD, format!("{code} {title}: mend the channel's settings")))
        }
        Err(SendError::Rejected { code, title, .. }) => {
            let code_of_ours = i32::try_from(code).ok();
            let said = refused(&mut tx, message, code_of_ours, format!("{code} {title}")).await?;
            letter.end(cx, tx, message, said).await
        }
    }
}

/// A message that cannot even be planned never will be.
pub(crate) fn unplanned(error: PlanError) -> Stop {
    match error {
        PlanError::Content(error) => Stop::fail(error.to_string()),
        PlanError::Database(error) => error.into(),
    }
}

/// It will not be sent.
async fn drop_it(conn: &mut PgConnection, message: &Outbound, said: &Said) -> sqlx::Result<()> {
    let reason = match said {
        Said::WindowClosed => {
            // Free-form messages are over until the customer writes again.
            conversation::close_window(conn, message.conversation).await?;
            "the 24-hour window is closed"
        }
        Said::Skipped { reason } | Said::Refused { reason } => reason,
        Said::Overtaken | Said::Sent { .. } => "overtaken",
    };
    effect::refuse(conn, &key(message), reason).await?;
    outbound::failed(conn, message.id, None, reason).await
}

/// WhatsApp will never take it.
async fn refused(conn: &mut PgConnection, message: &Outbound, code: Option<i32>, reason: String) -> sqlx::Result<Said> {
    effect::refuse(conn, &key(message), &reason).await?;
    outbound::failed(conn, message.id, code, &reason).await?;
    Ok(Said::Refused { reason })
}

/// The effect's name in the ledger; statuses lead to it through the callback data.
fn key(message: &Outbound) -> String {
    format!("whatsapp:{}", message.id)
}

fn recipient(message: &Outbound) -> Option<Recipient> {
    let phone = message.phone.clone().map(Recipient::Phone);
    phone.or_else(|| message.bsuid.clone().map(Recipient::Bsuid))
}
