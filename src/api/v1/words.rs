//! Words of the wire, each the domain's word for the same: renaming one there does not rename it here.

use domain::{Texts, booking, calendar, customer, desk, entitlements, ledger, payments, session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::input::{Name, only_objects};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $domain:path { $($(#[$about:meta])* $variant:ident)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name { $($(#[$about])* $variant),+ }

        impl From<$domain> for $name {
            fn from(word: $domain) -> Self {
                match word { $(<$domain>::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $domain {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),+ }
            }
        }
    )+};
}

words! {
    /// Where a booking stands: held until it is paid or taken, booked, cancelled.
    Standing = desk::bookings::Standing { Held Booked Cancelled }
    /// How a place is paid.
    Way = booking::Way { OnSite Link Credits Membership None }
    /// Who asked for a place.
    Via = booking::Via { Customer Staff Api Waitlist }
    /// Who gave a place up.
    GivenUpBy = booking::By { Customer Business Expiry Move }
    /// Who came; unknown takes back what was said.
    Attendance = booking::Attendance { CheckedIn NoShow Unknown }
    /// Where a yes or a no came from.
    Source = customer::Source { Message Staff Api Import Whatsapp }
    /// How money comes.
    Method = payments::Method { Card Cash }
    /// Where a payment stands.
    PaymentState = payments::State { Created Authorised Captured PartiallyRefunded Refunded Failed Expired Disputed }
    /// Where a refund stands. `by_hand`: cash that the staff gives back.
    RefundState = payments::RefundState { Requested Pending ByHand Succeeded Failed }
    /// Why money goes back.
    RefundReason = payments::RefundReason { Cancelled SessionCancelled PaidInVain PriceLower Goodwill }
    /// What a plan gives: places for a while, or a number of them.
    PlanKind = entitlements::PlanKind { Membership Credits }
    /// What happens when a place becomes free: given to the first who waits, offered to one after the other, told to all.
    WaitlistMode = session::Mode { Auto Offer Notify }
    /// How a service is sold.
    ServiceKind = desk::catalog::ServiceKind { Class Appointment }
    /// Where money is, or what it is for.
    Account = ledger::Account { Card Cash Sales Refunds Prepaid Disputed }
    /// What becomes of a time that the clock skips: as much later as it jumps, or nothing on that day.
    ClockGap = calendar::Gap { Forward Skip }
    /// Of a time that the clock shows twice.
    ClockOverlap = calendar::Overlap { First Second }
    /// A language that customers are spoken to in.
    Language = domain::Language { It En }
}

/// A text in every language; what nobody wrote is empty.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Said {
    /// Italian.
    it: String,
    /// English.
    en: String,
}

impl From<Texts> for Said {
    fn from(texts: Texts) -> Self {
        Self { it: texts.it, en: texts.en }
    }
}

/// A name in one language or in both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(super) struct Named {
    /// Italian.
    #[schema(inline)]
    it: Option<Name>,
    /// English.
    #[schema(inline)]
    en: Option<Name>,
}

only_objects!(Named);

impl Named {
    /// The name, if there is one at all.
    pub fn texts(self) -> Option<Texts> {
        let word = |line: Option<Name>| line.map(|line| line.0).unwrap_or_default();
        (self.it.is_some() || self.en.is_some()).then(|| Texts::new(word(self.it), word(self.en)))
    }
}

impl Language {
    /// `it` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
        }
    }
}
