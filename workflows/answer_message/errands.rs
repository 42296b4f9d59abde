//! What a customer may have at once, because it takes nothing from them: a link to pay, a receipt, their name off a list.

use domain::{After, Language, PlanId, SeatId, SessionId, TenantId, burst::Burst, replies};
use engine::{Outcome, StepFailure};
use jobs::{FindReceipt, LeaveWaitlist, LeftList, OnBehalf, OrderPlan, Ordered, Owed, Paper, PayBooking, SendReceipt};

use super::answer::Answer;
use crate::{CollectPayment, CollectPlanPayment, Cx, follow_up::follow};

/// Where errands are run, and for whom.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub cx: &'a Cx,
    pub tenant: TenantId,
    pub asker: OnBehalf,
}

/// What a step came to, or that it could not be done.
type Done<T> = Outcome<Result<T, StepFailure>>;

/// The one who wrote a burst, answered in this language. "Tomorrow" is counted from when they wrote it.
pub(super) fn on_behalf(cx: &Cx, burst: &Burst, language: Language) -> OnBehalf {
    OnBehalf {
        conversation: burst.conversation,
        customer: burst.customer,
        language,
        turn: cx.id(),
        at: burst.messages.last().map_or_else(|| cx.started_at(), |message| message.sent_at),
        zone: burst.zone,
    }
}

impl Desk<'_> {
    /// Sends the link to pay a booking in a message of its own, unless there is one to say.
    pub async fn pay(&self, step: &str, booking_id: SeatId) -> Done<Owed> {
        let owed = self.cx.try_step(step, PayBooking { asker: self.asker, booking_id }).await?;
        if let Ok(Owed::Owes { link: None, .. }) = owed {
            let collect = CollectPayment { tenant: self.tenant, seat: booking_id };
            self.cx.start(&format!("{step}/collect"), collect).await?;
        }
        Ok(owed)
    }

    /// Orders a plan, and sends the link to pay it like that of a booking.
    pub async fn order(&self, step: &str, plan: PlanId) -> Done<Ordered> {
        let ordered = self.cx.try_step(step, OrderPlan { asker: self.asker, plan }).await?;
        if let Ok(Ordered::ToPay { payment, link: None }) = ordered {
            let collect = CollectPlanPayment { tenant: self.tenant, payment };
            self.cx.start(&format!("{step}/collect"), collect).await?;
        }
        Ok(ordered)
    }

    /// Takes the customer off a waiting list; what was held for them goes to the next.
    pub async fn leave(&self, step: &str, session_id: SessionId) -> Done<LeftList> {
        let left = self.cx.try_step(step, LeaveWaitlist { asker: self.asker, session_id }).await?;
        if let Ok(LeftList::Left { after, .. }) = &left {
            follow(self.cx, &format!("{step}/follow"), self.tenant, after.clone()).await?;
        }
        Ok(left)
    }

    /// Sends the receipt of what was paid, in a message of its own.
    pub async fn receipt(&self, step: &str, booking_id: Option<SeatId>) -> Done<Paper> {
        let paper = self.cx.try_step(step, FindReceipt { asker: self.asker, booking_id }).await?;
        if let Ok(Paper::Paid { payment }) = paper {
            self.cx.start(&format!("{step}/send"), SendReceipt { payment }).await?;
        }
        Ok(paper)
    }
}

/// What is said about a wish to pay.
pub(super) fn about_paying(language: Language, owed: Owed) -> String {
    match owed {
        Owed::Owes { link: Some(link), .. } => link,
        Owed::Owes { link: None, .. } => replies::link_comes(language),
        Owed::NothingToPay => replies::nothing_to_pay(language),
        Owed::NoCards => replies::pay_at_the_studio(language),
        Owed::UnknownBooking => replies::booking_unknown(language),
    }
}

/// What is said about an order.
pub(super) fn about_order(language: Language, ordered: Ordered) -> Answer {
    Answer::said(match ordered {
        Ordered::ToPay { link: Some(link), .. } => link,
        Ordered::ToPay { link: None, .. } => replies::link_comes(language),
        Ordered::UnknownPlan => replies::plan_unknown(language),
        Ordered::NoCards => replies::pay_at_the_studio(language),
        Ordered::Theirs { name, until } => {
            return Answer::done(replies::plan_yours(language, &name, until), After::default());
        }
    })
}
