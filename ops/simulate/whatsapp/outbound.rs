//! What a business asks to send, checked as Meta checks it.

use serde_json::Value;

use super::{
    customers::Address,
    error::GraphError,
    interactive,
    limits::{items, object, optional_text, text},
};

const TYPES: [&str; 11] = [
    "text",
    "interactive",
    "template",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
];

/// A send request that follows the API.
pub(crate) struct Outbound {
    pub(crate) address: Address,
    /// The recipient as given.
    pub(crate) to: String,
    pub(crate) kind: String,
    pub(crate) request: Value,
}

impl Outbound {
    /// # Errors
    /// The refusal that Meta would give.
    pub(crate) fn read(request: Value) -> Result<Self, GraphError> {
        product(&request)?;
        let (to, address) = recipient(&request)?;
        let kind = optional_text(&request, "type", 20)?.unwrap_or("text").to_owned();
        if !TYPES.contains(&kind.as_str()) {
            let types = TYPES.join(", ").to_uppercase();
            return Err(GraphError::parameter(format!("Param type must be one of {{{types}}}.")));
        }
        content(&request, &kind)?;
        if request["context"].is_object() {
            text(&request["context"], "context.message_id", 512)?;
        }
        optional_text(&request, "biz_opaque_callback_data", 512)?;
        Ok(Self { address, to, kind, request })
    }

    /// Templates may be sent at any time, everything else within a day of the customer's message.
    pub(crate) fn needs_window(&self) -> bool {
        self.kind != "template"
    }
}

/// Every request names its product.
pub(crate) fn product(request: &Value) -> Result<(), GraphError> {
    match request["messaging_product"].as_str() {
        Some("whatsapp") => Ok(()),
        Some(_) => Err(GraphError::parameter("Param messaging_product must be one of {WHATSAPP}.")),
        None => Err(GraphError::parameter("The parameter messaging_product is required.")),
    }
}

fn recipient(request: &Value) -> Result<(String, Address), GraphError> {
    if !matches!(request["recipient_type"].as_str(), None | Some("individual")) {
        return Err(GraphError::parameter("Param recipient_type must be one of {INDIVIDUAL}."));
    }
    for name in ["to", "recipient"] {
        if let Some(to) = optional_text(request, name, 256)? {
            let address = Address::parse(to).map_err(|why| GraphError::value(format!("{name} {why}")))?;
            return match (name, &address) {
                ("recipient", Address::Phone(_)) => {
                    Err(GraphError::value("recipient takes a user id; give a phone in to"))
                }
                _ => Ok((to.to_owned(), address)),
            };
        }
    }
    Err(GraphError::parameter("The parameter to is required."))
}

fn content(request: &Value, kind: &str) -> Result<(), GraphError> {
    match kind {
        "text" => text(object(request, "text")?, "text.body", 4096).map(drop),
        "interactive" => interactive::check(object(request, "interactive")?),
        "template" => template(object(request, "template")?),
        "reaction" => reaction(object(request, "reaction")?),
        "location" => location(object(request, "location")?),
        "contacts" => items(request, "contacts", 1, 257).map(drop),
        media => {
            let object = object(request, media)?;
            optional_text(object, &format!("{media}.caption"), 1024)?;
            optional_text(object, &format!("{media}.filename"), 1024)?;
            if object["id"].is_string() || object["link"].is_string() {
                Ok(())
            } else {
                Err(GraphError::missing(&format!("{media}.id or {media}.link")))
            }
        }
    }
}

fn reaction(reaction: &Value) -> Result<(), GraphError> {
    text(reaction, "reaction.message_id", 512)?;
    if reaction["emoji"].is_string() { Ok(()) } else { Err(GraphError::missing("reaction.emoji")) }
}

fn location(location: &Value) -> Result<(), GraphError> {
    for axis in ["latitude", "longitude"] {
        if location[axis].is_null() {
            return Err(GraphError::missing(&format!("location.{axis}")));
        }
    }
    Ok(())
}

fn template(template: &Value) -> Result<(), GraphError> {
    text(template, "template.name", 512)?;
    text(object(template, "template.language")?, "template.language.code", 10)?;
    let values = template["components"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|component| component["parameters"].as_array().into_iter().flatten())
        .filter_map(|parameter| parameter["text"].as_str());
    for value in values {
        if value.contains(['\n', '\t']) || value.contains("     ") {
            return Err(GraphError::new(
                132_018,
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            ));
        }
    }
    Ok(())
}
