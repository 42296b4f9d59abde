//! Ids: a number that says of what it is the number.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// A business.
    TenantId
    /// Somebody who writes to a business.
    CustomerId
    /// The chat of one customer on one channel.
    ConversationId
    /// One message of a chat, in or out.
    MessageId
    /// One class at one time.
    SessionId
    /// One place in a session, and so a booking.
    SeatId
    /// What a session is of: yoga, boxing.
    ServiceId
    /// A member of the crew.
    CrewId
    /// Where sessions take place.
    LocationId
    /// Something the house offered to do once the customer says yes.
    ProposalId
    /// A price that somebody was told.
    QuoteId
    /// Somebody's place in a waiting list.
    EntryId
    /// Money for one thing.
    PaymentId
    /// Money on its way back.
    RefundId
    /// Something that can be bought ahead.
    PlanId
    /// A plan that somebody bought.
    EntitlementId
    /// One thing to tell one customer.
    NoticeId
    /// A room.
    RoomId
    /// A copy of what is known of a person.
    ExportId
    /// That a person was forgotten.
    ErasureId
    /// A weekly rule from which sessions are made.
    RuleId
    /// Days on which nothing takes place.
    ClosureId
    /// Somebody's absence.
    AbsenceId
}
