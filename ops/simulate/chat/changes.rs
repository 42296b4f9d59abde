//! What open pages are told.

/// Something that a page may have to draw again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// A message is new or looks different.
    Message { customer: String, wamid: String },
    /// The business came to type, or stopped.
    Presence { customer: String },
    /// Only the list of phones looks different.
    Roster,
    /// Everything is gone.
    Reset,
}

impl Change {
    pub(crate) fn message(customer: &str, wamid: &str) -> Self {
        Self::Message { customer: customer.to_owned(), wamid: wamid.to_owned() }
    }

    pub(crate) fn presence(customer: &str) -> Self {
        Self::Presence { customer: customer.to_owned() }
    }
}
