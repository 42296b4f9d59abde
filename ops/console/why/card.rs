//! One thing on the way from a message back to where it began.

use chrono::{DateTime, TimeDelta, Utc};

/// What a card is about: the name of its title among the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Message,
    Effect,
    Sending,
    Workflow,
    Thought,
    Tool,
    Step,
    Link(&'static str),
}

impl What {
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Effect => "effect",
            Self::Sending => "sending",
            Self::Workflow => "workflow",
            Self::Thought => "thought",
            Self::Tool => "tool",
            Self::Step => "step",
            Self::Link(name) => name,
        }
    }
}

/// One card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    pub what: What,
    /// Which one: a job's type, an effect's name, an id.
    pub name: String,
    /// Where it stands, and the prefix of the word for it.
    pub state: Option<(&'static str, String)>,
    /// What there is to know, by plain names.
    pub facts: Vec<(&'static str, String)>,
    /// What somebody said, or dots.
    pub text: Option<String>,
    /// What went wrong.
    pub errors: Vec<String>,
    pub at: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    pub job: Option<i64>,
}

impl Card {
    pub fn new(what: What, name: impl Into<String>) -> Self {
        Self {
            what,
            name: name.into(),
            state: None,
            facts: Vec::new(),
            text: None,
            errors: Vec::new(),
            at: None,
            until: None,
            job: None,
        }
    }

    /// Adds what is known.
    pub fn with(mut self, name: &'static str, fact: Option<impl ToString>) -> Self {
        self.facts.extend(fact.map(|fact| (name, fact.to_string())));
        self
    }

    /// How long after `before`, which led to it, this began. None: nobody knows, or it began first.
    pub fn after(&self, before: &Self) -> Option<TimeDelta> {
        let gap = self.at? - before.at?;
        (gap >= TimeDelta::zero()).then_some(gap)
    }
}
