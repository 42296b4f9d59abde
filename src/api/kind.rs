//! Every kind of problem, under a name that stays.

use axum::http::StatusCode;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $slug:literal $status:ident $title:literal)+) => {
        /// What went wrong. The name is part of the problem's address, `/problems/NAME`, and never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind {
            $($(#[$doc])* #[doc = $title] $name,)+
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $slug),+ }
            }

            /// The status that it is told with.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// In a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

kinds! {
    Malformed "malformed" BAD_REQUEST "The request cannot be read"
    Unauthorized "unauthorized" UNAUTHORIZED "A token is missing"
    MissingScope "missing_scope" FORBIDDEN "The token may not do this"
    NotFound "not_found" NOT_FOUND "There is no such thing"
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED "This cannot be done here"
    Timeout "timeout" REQUEST_TIMEOUT "The request took too long to arrive"
    TooLarge "too_large" PAYLOAD_TOO_LARGE "The body is too large"
    MediaType "media_type" UNSUPPORTED_MEDIA_TYPE "The body is not JSON"
    Invalid "invalid" UNPROCESSABLE_ENTITY "A field is not as it must be"
    KeyReused "key_reused" UNPROCESSABLE_ENTITY "This Idempotency-Key was used for another request"
    InProgress "in_progress" CONFLICT "The same request is under way"
    Full "full" CONFLICT "There are not enough places"
    AlreadyBooked "already_booked" CONFLICT "The customer has a place in this session"
    SessionCancelled "session_cancelled" CONFLICT "The session was called off"
    Started "started" CONFLICT "The session has begun"
    Closed "closed" CONFLICT "It is too close to the start"
    NotOpen "not_open" CONFLICT "It is too far ahead"
    Clash "clash" CONFLICT "The customer has another booking at that time"
    TooLate "too_late" CONFLICT "It is too late to exchange the place"
    PlaceFree "place_free" CONFLICT "There is a free place"
    Waiting "waiting" CONFLICT "The customer waits already"
    NotWaiting "not_waiting" CONFLICT "The customer does not wait any more"
    QuoteVoid "quote_void" CONFLICT "The price does not stand"
    AlreadyCancelled "already_cancelled" CONFLICT "The booking was given up"
    NotBooked "not_booked" CONFLICT "The place is not booked"
    Offered "offered" CONFLICT "The place is held for an offer of the waiting list"
    NothingOwed "nothing_owed" CONFLICT "Nothing is to be paid"
    NothingPaid "nothing_paid" CONFLICT "Nothing was paid"
    NoCards "no_cards" CONFLICT "Nobody takes card payments for this business"
    RefundTooLarge "refund_too_large" CONFLICT "There is not so much left of the payment"
    Disputed "disputed" CONFLICT "The customer's bank asks for the money"
    NotByHand "not_by_hand" CONFLICT "This refund is not one to give back by hand"
    NotOnSale "not_on_sale" CONFLICT "The plan is not on sale"
    NotFree "not_free" CONFLICT "Nobody is free at that time"
    Taken "taken" CONFLICT "Somebody or some room is taken at that time"
    TooSmall "too_small" CONFLICT "More places are booked than there would be"
    Past "past" CONFLICT "That time is over"
    RuleEnded "rule_ended" CONFLICT "The weekly class ends before"
    SameRule "same_rule" CONFLICT "There is such a weekly class"
    NameTaken "name_taken" CONFLICT "Another one has this name"
    PhoneTaken "phone_taken" CONFLICT "Another customer has this number"
    Internal "internal" INTERNAL_SERVER_ERROR "Something went wrong with us"
    Unavailable "unavailable" SERVICE_UNAVAILABLE "The database cannot be reached"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Kind;

    #[test]
    fn names_are_different_and_fit_an_address() {
        let names: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')), "{names:?}");
    }
}
