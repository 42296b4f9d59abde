//! What is wrong with a query.

/// A word that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}`, character {at}: {remedy}")]
pub struct QueryError {
    /// The word, as it was written.
    pub word: String,
    /// Where it begins: the first character is 1.
    pub at: usize,
    /// What is wrong with it, and what to write instead.
    pub remedy: String,
}

impl QueryError {
    /// Of the word that begins after `before` characters.
    pub(super) fn new(word: &str, before: usize, remedy: impl Into<String>) -> Self {
        Self { word: word.to_owned(), at: before + 1, remedy: remedy.into() }
    }
}
