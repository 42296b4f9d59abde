//! A customer writes to the business.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{customers::Address, deliver, letter};
use crate::simulate::{
    Simulators,
    fields::{Fields, Problem},
};

pub use super::deliver::Delivery;

const FIELDS: &str = "from, name, phone_number_id, text, button, list, type and its object, bsuid, \
                      hide_phone, reply_to, timestamp, duplicate";
/// Copies of one body beyond this are a flood, and `ops/bench` does floods better.
const MOST_COPIES: usize = 100;

/// What a customer sends.
#[derive(Debug, Clone)]
pub struct Inbound {
    pub(crate) from: Address,
    pub(crate) name: Option<String>,
    /// The business's number; the settings' one if not given.
    pub(crate) number: Option<String>,
    /// `type` and the object of that name.
    pub(crate) content: Map<String, Value>,
    pub(crate) user_id: Option<String>,
    pub(crate) hidden: Option<bool>,
    pub(crate) reply_to: Option<String>,
    pub(crate) at: Option<DateTime<Utc>>,
    /// Copies of the same body beyond the first.
    pub(crate) duplicate: usize,
}

/// What became of a customer's message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The message's id.
    pub wamid: String,
    /// The customer: the phone's digits, or the user id.
    pub from: String,
    /// How far it came at the first attempt.
    pub delivery: Delivery,
}

impl Inbound {
    /// Words.
    ///
    /// # Errors
    /// When `from` is neither a phone in international form nor a user id.
    pub fn text(from: &str, text: &str) -> Result<Self, Problem> {
        Self::from_json(json!({ "from": from, "text": text }))
    }

    /// Reads the JSON of `POST /_sim/whatsapp/inbound`.
    ///
    /// # Errors
    /// When a field is unknown, missing or cannot be read; it is named.
    pub fn from_json(value: Value) -> Result<Self, Problem> {
        let mut fields = Fields::of(value)?;
        let from: String = fields.require("from")?;
        let inbound = Self {
            from: Address::parse(&from).map_err(|why| Problem::new("from", why))?,
            name: fields.take("name")?,
            number: fields.take("phone_number_id")?,
            content: content(&mut fields)?,
            user_id: user_id(&mut fields)?,
            hidden: fields.take("hide_phone")?,
            reply_to: fields.take("reply_to")?,
            at: timestamp(&mut fields)?,
            duplicate: fields.take("duplicate")?.unwrap_or_default(),
        };
        fields.finish(FIELDS)?;
        if inbound.duplicate > MOST_COPIES {
            return Err(Problem::new("duplicate", format!("must be {MOST_COPIES} or less")));
        }
        Ok(inbound)
    }

    /// The customer's name as their profile shows it.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

fn content(fields: &mut Fields) -> Result<Map<String, Value>, Problem> {
    let text: Option<String> = fields.take("text")?;
    let button: Option<Map<_, _>> = fields.take("button")?;
    let list: Option<Map<_, _>> = fields.take("list")?;
    let kind: Option<String> = fields.take("type")?;
    let content = match (text, button, list, kind) {
        (Some(body), None, None, None) => json!({ "type": "text", "text": { "body": body } }),
        (None, Some(reply), None, None) => tap("button", "button_reply", &reply)?,
        (None, None, Some(reply), None) => tap("list", "list_reply", &reply)?,
        (None, None, None, Some(kind)) => {
            let object: Value = fields.require(&kind)?;
            json!({ "type": kind, kind: object })
        }
        _ => {
            return Err(Problem::new("text", "give exactly one of text, button, list or type"));
        }
    };
    Fields::of(content).map(Fields::rest)
}

fn tap(field: &str, kind: &str, reply: &Map<String, Value>) -> Result<Value, Problem> {
    if reply.get("id").is_some_and(Value::is_string) && reply.get("title").is_some_and(Value::is_string) {
        Ok(json!({ "type": "interactive", "interactive": { "type": kind, kind: reply } }))
    } else {
        Err(Problem::new(field, "takes an object with the strings id and title"))
    }
}

fn user_id(fields: &mut Fields) -> Result<Option<String>, Problem> {
    let Some(text) = fields.take::<String>("bsuid")? else {
        return Ok(None);
    };
    match Address::parse(&text) {
        Ok(Address::User(user)) => Ok(Some(user)),
        _ => Err(Problem::new("bsuid", "takes a user id, like IT.13491208655302741918")),
    }
}

fn timestamp(fields: &mut Fields) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(given) = fields.take::<Value>("timestamp")? else {
        return Ok(None);
    };
    let seconds = given.as_i64().or_else(|| given.as_str().and_then(|s| s.parse().ok()));
    seconds
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map(Some)
        .ok_or_else(|| Problem::new("timestamp", "takes unix seconds, like 1795363200"))
}

/// Sends one message and its copies; waits for the first attempt only.
pub(crate) async fn receive(simulators: &Simulators, message: Inbound) -> Receipt {
    let copies = message.duplicate;
    let letters = letter::write(simulators, vec![message]);
    let ids = letters.first().map(|letter| (letter.wamid.clone(), letter.customer.clone()));
    let (wamid, from) = ids.unwrap_or_default();
    let delivery = deliver::post(simulators, letters, copies).await;
    Receipt { wamid, from, delivery }
}
