//! A customer's message, normalised.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Sender, content, lenient};

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Words.
    Text,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A file.
    Document,
    /// A sticker.
    Sticker,
    /// A sound; most often a voice note.
    Audio,
    /// A place on the map.
    Location,
    /// One or more address book cards.
    Contacts,
    /// A tap on a template's quick reply.
    Button,
    /// A tap on a reply button or a list row, a filled-in form, or an answer to a call request.
    Interactive,
    /// An emoji put on a message, or taken off it.
    Reaction,
    /// A shopping cart.
    Order,
    /// A note from WhatsApp itself.
    System,
    /// An earlier message of the customer, changed.
    Edit,
    /// An earlier message of the customer, deleted for everyone.
    Revoke,
    /// Something that WhatsApp does not pass on to businesses, such as a poll.
    Unsupported,
    /// The customer opened the chat for the first time and wrote nothing yet.
    RequestWelcome,
    /// A type this version does not know.
    Unknown,
}

impl Kind {
    /// Every kind with its name in the database.
    const NAMES: [(Self, &'static str); 18] = [
        (Self::Text, "text"),
        (Self::Image, "image"),
        (Self::Video, "video"),
        (Self::Document, "document"),
        (Self::Sticker, "sticker"),
        (Self::Audio, "audio"),
        (Self::Location, "location"),
        (Self::Contacts, "contacts"),
        (Self::Button, "button"),
        (Self::Interactive, "interactive"),
        (Self::Reaction, "reaction"),
        (Self::Order, "order"),
        (Self::System, "system"),
        (Self::Edit, "edit"),
        (Self::Revoke, "revoke"),
        (Self::Unsupported, "unsupported"),
        (Self::RequestWelcome, "request_welcome"),
        (Self::Unknown, "unknown"),
    ];

    /// The kind of a `messages[].type`. `voice` is what voice notes were called before they
    /// became a flag of `audio`.
    pub(super) fn of(name: &str) -> Self {
        let known = |(kind, known): &(Self, &str)| (*known == name).then_some(*kind);
        match name {
            "voice" => Self::Audio,
            _ => Self::NAMES.iter().find_map(known).unwrap_or(Self::Unknown),
        }
    }

    /// The name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        let mut names = Self::NAMES.iter();
        names.find(|(kind, _)| *kind == self).map_or("unknown", |(_, name)| *name)
    }

    /// Whether the house owes an answer. An edit is answered only where it changes a message that
    /// nobody has answered yet, which the database knows.
    #[must_use]
    pub const fn answerable(self) -> bool {
        match self {
            Self::Text
            | Self::Image
            | Self::Video
            | Self::Document
            | Self::Sticker
            | Self::Audio
            | Self::Location
            | Self::Contacts
            | Self::Button
            | Self::Interactive
            | Self::Order
            | Self::Unsupported => true,
            Self::Reaction | Self::System | Self::Edit | Self::Revoke | Self::RequestWelcome | Self::Unknown => false,
        }
    }
}

/// One message from a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundMessage {
    /// WhatsApp's id, unique per phone number.
    pub wamid: String,
    /// Who wrote it.
    pub from: Sender,
    /// When it was written, by WhatsApp's clock, and never later than it was received.
    pub at: DateTime<Utc>,
    /// What it is.
    pub kind: Kind,
    /// The customer's words; for a message without any, its kind and gist in brackets, such as
    /// `[audio]` or `[location: 45.4,11.8]`.
    pub text: String,
    /// The id of the button or row that was tapped.
    pub payload: Option<String>,
    /// The wamid that it replies to, was tapped on, reacts to, edits or deletes.
    pub reply_to: Option<String>,
    /// The message as it came.
    pub raw: Value,
}

impl InboundMessage {
    /// Reads one item of `messages`. Without an id there is nothing to tell a repetition by, and
    /// without a sender nobody to answer: such an item comes back as it is.
    pub(super) fn read(raw: Value, contacts: &[Value], received: DateTime<Utc>) -> Result<Self, Value> {
        let Some((wamid, from)) = lenient::id(&raw, "id").zip(Sender::read(&raw, contacts)) else {
            return Err(raw);
        };
        let at = lenient::instant(&raw, "timestamp").map_or(received, |at| at.min(received));
        let content = content::read(&raw);
        Ok(Self {
            wamid,
            from,
            at,
            kind: content.kind,
            text: content.text,
            payload: content.payload,
            reply_to: content.reply_to,
            raw,
        })
    }
}
