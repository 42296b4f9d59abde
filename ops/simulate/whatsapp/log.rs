//! The log of accepted messages: the judge of "nothing is sent twice".

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// A message that the Graph API accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// What the sender got back, if its answer arrived.
    pub wamid: String,
    /// The recipient as the request names it.
    pub to: String,
    /// `text`, `interactive`, `template`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// The words, as far as the request holds them.
    pub text: String,
    /// What the customer can tap: reply buttons, list rows, links.
    pub buttons: Vec<Button>,
    /// What a document is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// The uploaded file that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    /// When it was accepted.
    #[serde(serialize_with = "rfc3339")]
    pub at: DateTime<Utc>,
    /// The whole request.
    pub request: Value,
}

/// Something to tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Comes back with the tap; the address, for a link.
    pub id: String,
    /// As shown.
    pub title: String,
}

impl Sent {
    /// What the sender can be asked to recognise the message by, `biz_opaque_callback_data`.
    pub(crate) fn opaque(&self) -> Option<&str> {
        self.request["biz_opaque_callback_data"].as_str()
    }
}

/// The uploaded file that a message object shows.
pub(crate) fn media_id(message: &Value) -> Option<&str> {
    attached(message, "id")
}

/// What a message object calls its file.
pub(crate) fn filename(message: &Value) -> Option<&str> {
    attached(message, "filename").filter(|name| !name.trim().is_empty())
}

fn attached<'a>(message: &'a Value, fact: &str) -> Option<&'a str> {
    let kind = message["type"].as_str()?;
    message[kind][fact].as_str()
}

/// The words of a message object, as a notification would show them.
pub(crate) fn words(message: &Value) -> String {
    let kind = message["type"].as_str().unwrap_or("text");
    let body = &message[kind];
    let text = match kind {
        "text" => &body["body"],
        "interactive" => ["button_reply", "list_reply"]
            .map(|reply| &body[reply]["title"])
            .into_iter()
            .find(|title| title.is_string())
            .unwrap_or(&body["body"]["text"]),
        "button" => &body["text"],
        "template" => return template(body),
        "reaction" => &body["emoji"],
        "location" => &body["name"],
        _ => &body["caption"],
    };
    text.as_str().unwrap_or_default().to_owned()
}

/// The wording of a template is Meta's secret; its name and values must do.
fn template(body: &Value) -> String {
    let values = body["components"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|component| component["type"] == "body")
        .flat_map(|component| component["parameters"].as_array().into_iter().flatten())
        .filter_map(|parameter| parameter["text"].as_str());
    let name = body["name"].as_str().unwrap_or_default();
    std::iter::once(name).chain(values).collect::<Vec<_>>().join(" · ")
}

/// What a customer can tap on a message.
pub(crate) fn buttons(message: &Value) -> Vec<Button> {
    let action = &message["interactive"]["action"];
    let items = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let button = |item: &Value, id: &str, title: &str| {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        Button { id: text(id), title: text(title) }
    };
    let replies = items(&action["buttons"]).into_iter().map(|b| button(&b["reply"], "id", "title"));
    let rows = items(&action["sections"])
        .into_iter()
        .flat_map(|section| items(&section["rows"]))
        .map(|row| button(&row, "id", "title"));
    let link = Some(&action["parameters"])
        .filter(|parameters| parameters["url"].is_string())
        .map(|parameters| button(parameters, "url", "display_text"));
    replies.chain(rows).chain(link).collect()
}

fn rfc3339<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}
