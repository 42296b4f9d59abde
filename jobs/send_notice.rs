//! Tells a customer something that they did not ask for, once.
//!
//! Within the customer's 24 hours it is said in our own words, afterwards with the approved template of its kind; where
//! there is none, staff are called. Consent, and whether it is still true, are looked at when it is sent.

use std::time::Duration;

use adapters::World;
use domain::{
    After, EntryId, NoticeId,
    catalog::Asker,
    conversation, customer,
    notices::{self, Ended, Kind, Notice, Words},
    outbound::{self, Content, Outbound, Window},
    waitlist,
};
use engine::{Breaker, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    Cx,
    on_behalf::begin,
    sending::{self, Letter, Said},
};

/// Sends one notice.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendNotice {
    /// Which.
    pub notice: NoticeId,
}

/// What became of a notice, and what is to be done now.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// What became of it.
    #[serde(flatten)]
    pub said: Said,
    /// An offer that could not be told is passed on.
    #[serde(default)]
    pub after: After,
}

impl Job<World> for SendNotice {
    const NAME: &'static str = "send_notice";
    const POLICY: Policy =
        Policy { attempts: 12, breaker: Some(Breaker::new("whatsapp")), concurrency: 32, ..Policy::DEFAULT };
    type Output = Told;

    async fn run(self, cx: Cx) -> Outcome<Told> {
        let mut tx = begin(&cx).await?;
        cx.fence(&mut tx).await?;
        let Some(notice) = notices::lock(&mut tx, self.notice).await?.filter(|notice| !notice.is_settled) else {
            let said = Said::Skipped { reason: "it was told before".to_owned() };
            return cx.finish(tx, Told { said, after: After::default() }).await;
        };
        match prepare(&cx, &mut tx, &notice).await? {
            Ready::Letter(letter) => {
                let (content, telling) = *letter;
                let Telling { conversation, number, .. } = telling;
                let now = cx.world.clock.now();
                let message = outbound::plan(&mut tx, conversation, cx.id(), number, &content, now)
                    .await
                    .map_err(sending::unplanned)?;
                sending::send(&cx, &telling, tx, &message).await
            }
            Ready::Skip(reason) => {
                // What perhaps went out is not left in doubt, although nobody needs it any more.
                if let Some(message) = outbound::begun(&mut tx, cx.id()).await? {
                    let telling = Telling { notice, conversation: message.conversation, number: 0 };
                    return sending::send(&cx, &Moot { telling, reason }, tx, &message).await;
                }
                notices::settle(&mut tx, notice.id, Ended::Skipped, Some(reason), None, cx.world.clock.now()).await?;
                let said = Said::Skipped { reason: reason.to_owned() };
                cx.finish(tx, Told { said, after: After::default() }).await
            }
            Ready::NoTemplate(conversation) => {
                let reason = format!("{} could not be told: more than 24 hours, and no template", notice.kind.name());
                let said = Said::Refused { reason };
                let telling = Telling { notice, conversation, number: 1 };
                telling.settle(&cx, tx, None, said).await
            }
        }
    }
}

/// What is to be done with a notice.
enum Ready {
    Letter(Box<(Content, Telling)>),
    Skip(&'static str),
    NoTemplate(domain::ConversationId),
}

async fn prepare(cx: &Cx, conn: &mut PgConnection, notice: &Notice) -> Outcome<Ready> {
    let now = cx.world.clock.now();
    let to = customer::addressee(conn, notice.customer).await?;
    if to.opted_out && !notice.kind.is_service() {
        return Ok(Ready::Skip("the customer wants no messages unasked"));
    }
    let asker = Asker::new(conn, notice.customer, to.language, now).await?;
    let Words { content, values } = match notices::words(conn, notice, &asker).await? {
        Ok(words) => words,
        Err(reason) => return Ok(Ready::Skip(reason)),
    };
    let Some(conversation) = conversation::latest(conn, notice.customer).await? else {
        return Ok(Ready::Skip("there is no number to write from"));
    };
    let telling = |number| Telling { notice: notice.clone(), conversation, number };
    // A first try in our own words is gone through with before another one begins.
    let in_words = match outbound::has_failed(conn, cx.id(), 0).await? {
        Some(failed) => !failed,
        None => outbound::window(conn, conversation, now).await? != Window::Closed,
    };
    if in_words {
        return Ok(Ready::Letter(Box::new((content, telling(0)))));
    }
    Ok(match notices::template(conn, notice.kind, to.language, values, &content).await? {
        Some(content) => Ready::Letter(Box::new((content, telling(1)))),
        None => Ready::NoTemplate(conversation),
    })
}

/// A notice on its way.
struct Telling {
    notice: Notice,
    conversation: domain::ConversationId,
    /// 0 in our own words, 1 with a template.
    number: i32,
}

impl Letter for Telling {
    type Output = Told;

    async fn refusal(&self, cx: &Cx, conn: &mut PgConnection, _: &Outbound) -> Outcome<Option<Said>> {
        let window = outbound::window(conn, self.conversation, cx.world.clock.now()).await?;
        Ok((self.number == 0 && window == Window::Closed).then_some(Said::WindowClosed))
    }

    async fn end(&self, cx: &Cx, tx: Transaction<'static, Postgres>, message: &Outbound, said: Said) -> Outcome<Told> {
        if said == Said::WindowClosed && self.number == 0 {
            tx.commit().await?;
            return Err(Stop::snooze(Duration::ZERO, "the 24 hours are over: with a template then"));
        }
        self.settle(cx, tx, Some(message), said).await
    }
}

/// A notice that was on its way and is not true any more.
struct Moot {
    telling: Telling,
    reason: &'static str,
}

impl Letter for Moot {
    type Output = Told;

    async fn refusal(&self, _: &Cx, _: &mut PgConnection, _: &Outbound) -> Outcome<Option<Said>> {
        Ok(Some(Said::Skipped { reason: self.reason.to_owned() }))
    }

    async fn end(&self, cx: &Cx, tx: Transaction<'static, Postgres>, message: &Outbound, said: Said) -> Outcome<Told> {
        self.telling.settle(cx, tx, Some(message), said).await
    }
}

impl Telling {
    async fn settle(
        &self,
        cx: &Cx,
        mut tx: Transaction<'static, Postgres>,
        message: Option<&Outbound>,
        said: Said,
    ) -> Outcome<Told> {
        let now = cx.world.clock.now();
        let mut after = After::default();
        let (ended, reason) = match &said {
            Said::Sent { .. } => (Ended::Sent, None),
            Said::Skipped { reason } => (Ended::Skipped, Some(reason.as_str())),
            Said::Refused { reason } => (Ended::Failed, Some(reason.as_str())),
            Said::WindowClosed => (Ended::Failed, Some("the 24-hour window is closed")),
            Said::Overtaken => (Ended::Skipped, Some("overtaken")),
        };
        if let (Ended::Failed, Some(reason)) = (ended, reason) {
            conversation::needs_person(&mut tx, self.conversation, reason, now).await?;
            if let Some(entry) = self.offer() {
                after = waitlist::withdraw(&mut tx, entry, now).await?.unwrap_or_default();
            }
        }
        let message = message.map(|message| message.id);
        notices::settle(&mut tx, self.notice.id, ended, reason, message, now).await?;
        cx.finish(tx, Told { said, after }).await
    }

    /// The offer of the waiting list that it tells.
    fn offer(&self) -> Option<EntryId> {
        let entry = self.notice.facts.get("entry").filter(|_| self.notice.kind == Kind::WaitlistOffer);
        entry.and_then(serde_json::Value::as_i64).map(EntryId)
    }
}
