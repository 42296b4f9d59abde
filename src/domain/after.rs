//! What has to be done next, once a change of the domain is committed: by whoever made it, as work of their own.

use serde::{Deserialize, Serialize};

use crate::{EntryId, NoticeId, PaymentId, RefundId, SeatId, SessionId};

/// Follow-ups. They are in the database too, so that one that was lost is found by a sweep.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct After {
    /// Things to tell.
    pub notices: Vec<NoticeId>,
    /// Places that are held until they are paid.
    pub holds: Vec<SeatId>,
    /// Offers of the waiting list that run out.
    pub offers: Vec<EntryId>,
    /// Money to give back.
    pub refunds: Vec<RefundId>,
    /// Payments whose receipts the customer is to have.
    pub receipts: Vec<PaymentId>,
    /// Workflows that wait for the end of something that has ended.
    pub waits: Vec<i64>,
    /// Payments whose links are of no use any more.
    pub links: Vec<PaymentId>,
    /// Sessions that were called off, whose bookings are to be given up.
    pub called_off: Vec<SessionId>,
}

impl After {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what another change left to do.
    pub fn extend(&mut self, other: Self) {
        self.notices.extend(other.notices);
        self.holds.extend(other.holds);
        self.offers.extend(other.offers);
        self.refunds.extend(other.refunds);
        self.receipts.extend(other.receipts);
        self.waits.extend(other.waits);
        self.links.extend(other.links);
        self.called_off.extend(other.called_off);
    }
}
