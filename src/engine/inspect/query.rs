//! The one query box: `state:dead kind:send_message error:"timed out" -tenant:3 age:>10m args.booking:17`.
//!
//! Words stand side by side and must all hold; values with commas between them are alternatives; a minus in front says
//! that it must not hold. A bare number is a job's id, any other bare word is looked for in errors, keys and kinds.

mod error;
mod field;
mod lexer;
mod value;

use std::{fmt, str::FromStr};

pub use error::QueryError;
pub(super) use field::Field;
pub use field::SubjectKind;
pub(super) use value::{age, attempts, moment, trace};

/// The most characters of a query.
const LONGEST: usize = 2_000;
/// The most words of a query.
const MOST_WORDS: usize = 40;

/// What somebody looks for. It prints in one spelling, which reads as the same query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub(super) terms: Vec<Term>,
}

/// One word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub negated: bool,
    pub field: Field,
    /// Alternatives, as they were written, without quotes.
    pub values: Vec<String>,
}

/// A word of a query, to be shown by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// The word.
    pub text: String,
    /// The query without it.
    pub without: String,
}

/// A word about somebody or something of the business, which the caller has to turn into jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What is named.
    pub kind: SubjectKind,
    /// Its names, of which any will do, as they were written.
    pub values: Vec<String>,
}

impl Query {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// Names the word that is not understood, where it stands, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        if text.chars().count() > LONGEST {
            return Err(QueryError::new(
                "",
                0,
                format!("the query is longer than {LONGEST} characters: leave words out"),
            ));
        }
        let terms = lexer::terms(text)?;
        if let Some(extra) = terms.get(MOST_WORDS) {
            return Err(QueryError::new(
                &extra.1.to_string(),
                extra.0,
                format!("the query has more than {MOST_WORDS} words: leave some out"),
            ));
        }
        Ok(Self { terms: terms.into_iter().map(|(_, term)| term).collect() })
    }

    /// Whether it asks for all jobs.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Its words, each with the query that is left without it.
    #[must_use]
    pub fn chips(&self) -> Vec<Chip> {
        let without = |left_out: usize| {
            let others = self.terms.iter().enumerate().filter(|(at, _)| *at != left_out);
            Self { terms: others.map(|(_, term)| term.clone()).collect() }.to_string()
        };
        self.terms.iter().enumerate().map(|(at, term)| Chip { text: term.to_string(), without: without(at) }).collect()
    }

    /// The words about people, bookings, messages and conversations. Whoever asks [`super::find`] with such a query turns
    /// them into jobs first (those that all of these words name), and passes these as `only`.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let subject = |term: &Term| match term.field {
            Field::Subject(kind) => Some(Subject { kind, values: term.values.clone() }),
            _ => None,
        };
        self.terms.iter().filter_map(subject).collect()
    }
}

impl Query {
    /// The query as it may be kept for years: what may name a person (phones, arguments, bare words) is left out.
    #[must_use]
    pub fn without_people(&self) -> String {
        let hidden = |field: &Field| {
            matches!(field, Field::Text | Field::Args(_) | Field::Subject(SubjectKind::Phone | SubjectKind::Message))
        };
        let told = self.terms.iter().map(|term| {
            let values = if hidden(&term.field) { vec!["…".to_owned()] } else { term.values.clone() };
            Term { values, ..term.clone() }
        });
        Self { terms: told.collect() }.to_string()
    }
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        Self::parse(text)
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{term}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("-")?;
        }
        if self.field == Field::Text {
            let text = self.values.first().map_or("", String::as_str);
            return if lexer::is_bare(text) { f.write_str(text) } else { quoted(f, text) };
        }
        write!(f, "{}:", self.field)?;
        for (at, value) in self.values.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            if lexer::is_plain(value) { f.write_str(value)? } else { quoted(f, value)? }
        }
        Ok(())
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
