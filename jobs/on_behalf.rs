//! For whom a tool works.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{ConversationId, CustomerId, Language, TenantId, booking, catalog::Asker, tenant};
use engine::Outcome;
use serde::{Deserialize, Serialize};
use sqlx::{Postgres, Transaction};

use crate::Cx;

/// Whose turn it is. Written by the workflow from the conversation; a model has no say in it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct OnBehalf {
    /// Where they write.
    pub conversation: ConversationId,
    /// Who they are.
    pub customer: CustomerId,
    /// What they are answered in.
    pub language: Language,
    /// The turn's id.
    pub turn: i64,
    /// When they wrote: "tomorrow" is counted from here.
    pub at: DateTime<Utc>,
    /// Of the house.
    pub zone: Tz,
}

impl OnBehalf {
    /// A transaction of the job's tenant, and the one who asks in it. What has started is decided by the clock, not by
    /// the time of the message.
    pub(crate) async fn begin(&self, cx: &Cx) -> Outcome<(Transaction<'static, Postgres>, Asker)> {
        let Self { customer, language, zone, .. } = *self;
        Ok((begin(cx).await?, Asker { customer, language, zone, now: cx.world.clock.now() }))
    }
}

impl OnBehalf {
    /// The turn in which the customer asks.
    pub(crate) fn turn<'a>(&self, asker: &'a Asker) -> booking::Turn<'a> {
        booking::Turn { asker, conversation: self.conversation, id: self.turn }
    }
}

/// A transaction of the job's tenant.
pub(crate) async fn begin(cx: &Cx) -> Outcome<Transaction<'static, Postgres>> {
    Ok(tenant::begin(&cx.world.pool, TenantId(cx.tenant())).await?)
}
