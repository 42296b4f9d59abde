//! What somebody may look for.

use crate::{ConversationId, CustomerId, SeatId, customer::digits};

/// The fewest digits of a phone's end that are looked for.
const FEWEST: usize = 6;
/// The longest id of a message.
const LONGEST: usize = 256;

/// What jobs are looked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The digits of a phone, or its end.
    Phone(String),
    /// A booking.
    Booking(SeatId),
    /// A message of either direction: by our id, or by WhatsApp's.
    Message(String),
    /// All that one customer and one channel said to each other.
    Conversation(ConversationId),
    /// Somebody.
    Customer(CustomerId),
}

impl Subject {
    /// A phone as people write it: spaces, `+`, `-` and brackets are passed over, as is a leading `00`. The end of it is
    /// enough. None: fewer than six digits, or more than a phone has.
    #[must_use]
    pub fn phone(written: &str) -> Option<Self> {
        let known = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-./()".contains(c);
        let digits = digits(written).filter(|_| written.chars().all(known))?;
        let digits = digits.strip_prefix("00").unwrap_or(&digits);
        (digits.len() >= FEWEST).then(|| Self::Phone(digits.to_owned()))
    }

    /// A message's id, ours or WhatsApp's. None: it cannot be one.
    #[must_use]
    pub fn message(id: &str) -> Option<Self> {
        let id = id.trim();
        let plain = (1..=LONGEST).contains(&id.len()) && id.chars().all(|c| c.is_ascii_graphic());
        plain.then(|| Self::Message(id.to_owned()))
    }

    /// As the database is asked.
    pub(super) fn told(&self) -> (&'static str, String) {
        match self {
            Self::Phone(digits) => ("phone", digits.clone()),
            Self::Booking(seat) => ("booking", seat.to_string()),
            Self::Message(id) => ("message", id.clone()),
            Self::Conversation(id) => ("conversation", id.to_string()),
            Self::Customer(id) => ("customer", id.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_what_its_digits_are() {
        for written in ["393331234567", "+39 333 123-4567", "0039 333.1234567", "(+39) 333 1234567"] {
            assert_eq!(Subject::phone(written), Some(Subject::Phone("393331234567".to_owned())), "{written}");
        }
        assert_eq!(Subject::phone("123 4567"), Some(Subject::Phone("1234567".to_owned())));
        for other in ["", "12345", "call 393331234567", "1".repeat(21).as_str(), "3933312345%7"] {
            assert_eq!(Subject::phone(other), None, "{other}");
        }
    }

    #[test]
    fn an_id_of_a_message_has_no_blanks_in_it() {
        assert_eq!(Subject::message(" wamid.HBg= "), Some(Subject::Message("wamid.HBg=".to_owned())));
        for other in ["", "  ", "wamid.a b", "wamid.è", "x".repeat(257).as_str()] {
            assert_eq!(Subject::message(other), None, "{other}");
        }
    }
}
