//! What a query may ask about.

use std::fmt;

/// Something of the business that jobs are about; the engine does not know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    /// A telephone number.
    Phone,
    /// A booking.
    Booking,
    /// A message.
    Message,
    /// A conversation.
    Conversation,
}

/// What stands before the colon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) enum Field {
    /// Nothing: a bare word.
    Text,
    State,
    Kind,
    Tenant,
    Id,
    Root,
    Parent,
    Trace,
    Lane,
    Key,
    Error,
    Attempt,
    Age,
    Since,
    Until,
    /// A place in the job's arguments.
    Args(Vec<String>),
    Subject(SubjectKind),
}

const NAMES: [(&str, Field); 18] = [
    ("state", Field::State),
    ("kind", Field::Kind),
    ("tenant", Field::Tenant),
    ("id", Field::Id),
    ("root", Field::Root),
    ("parent", Field::Parent),
    ("trace", Field::Trace),
    ("lane", Field::Lane),
    ("key", Field::Key),
    ("error", Field::Error),
    ("attempt", Field::Attempt),
    ("age", Field::Age),
    ("since", Field::Since),
    ("until", Field::Until),
    ("phone", Field::Subject(SubjectKind::Phone)),
    ("booking", Field::Subject(SubjectKind::Booking)),
    ("message", Field::Subject(SubjectKind::Message)),
    ("conversation", Field::Subject(SubjectKind::Conversation)),
];

impl Field {
    /// None: there is no such qualifier.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(path) = name.strip_prefix("args.") {
            let path: Vec<String> = path.split('.').map(str::to_owned).collect();
            return (!path.iter().any(String::is_empty)).then_some(Self::Args(path));
        }
        let name = name.to_lowercase();
        NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    /// All qualifiers, for whoever wrote one that is none.
    pub fn all() -> String {
        NAMES.map(|(name, _)| name).join(", ") + " and args.NAME"
    }

    /// Whether one value, and no minus, is all that it takes.
    pub const fn is_bound(&self) -> bool {
        matches!(self, Self::Attempt | Self::Age | Self::Since | Self::Until)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Args(path) = self {
            return write!(f, "args.{}", path.join("."));
        }
        let known = NAMES.iter().find(|(_, field)| field == self);
        f.write_str(known.map_or("", |(name, _)| name))
    }
}
