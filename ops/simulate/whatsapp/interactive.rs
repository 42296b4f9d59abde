//! Limits of interactive messages.

use serde_json::Value;

use super::{
    error::GraphError,
    limits::{distinct, items, object, optional_text, text},
};

const BODY: usize = 1024;
const FOOTER: usize = 60;
const HEADER: usize = 60;
const TITLE: usize = 20;
const ROWS: usize = 10;

/// Checks the object `interactive`.
pub(crate) fn check(interactive: &Value) -> Result<(), GraphError> {
    text(object(interactive, "interactive.body")?, "interactive.body.text", BODY)?;
    if interactive["footer"].is_object() {
        text(&interactive["footer"], "interactive.footer.text", FOOTER)?;
    }
    if interactive["header"]["type"] == "text" {
        text(&interactive["header"], "interactive.header.text", HEADER)?;
    }
    let action = object(interactive, "interactive.action")?;
    match text(interactive, "interactive.type", 40)? {
        "button" => buttons(action),
        "list" => list(action),
        "cta_url" => link(action),
        "flow" => object(action, "interactive.action.parameters").map(drop),
        "location_request_message" | "request_contact_info" => Ok(()),
        other => Err(GraphError::value(format!("interactive.type `{other}` is not supported"))),
    }
}

fn buttons(action: &Value) -> Result<(), GraphError> {
    let buttons = items(action, "interactive.action.buttons", 1, 3)?;
    let mut shown = Vec::new();
    for button in buttons {
        if button["type"] != "reply" {
            return Err(GraphError::value("interactive.action.buttons.type must be reply"));
        }
        let reply = object(button, "interactive.action.buttons.reply")?;
        let id = text(reply, "interactive.action.buttons.reply.id", 256)?;
        shown.push((id, text(reply, "interactive.action.buttons.reply.title", TITLE)?));
    }
    distinct(shown.iter().map(|(id, _)| *id), "reply button id")?;
    distinct(shown.iter().map(|(_, title)| *title), "reply button title")
}

fn list(action: &Value) -> Result<(), GraphError> {
    text(action, "interactive.action.button", TITLE)?;
    let sections = items(action, "interactive.action.sections", 1, 10)?;
    let mut ids = Vec::new();
    for section in sections {
        let title = optional_text(section, "interactive.action.sections.title", 24)?;
        if sections.len() > 1 && title.is_none() {
            return Err(GraphError::missing("interactive.action.sections.title"));
        }
        for row in items(section, "interactive.action.sections.rows", 1, ROWS)? {
            text(row, "interactive.action.sections.rows.title", 24)?;
            optional_text(row, "interactive.action.sections.rows.description", 72)?;
            ids.push(text(row, "interactive.action.sections.rows.id", 200)?);
        }
    }
    if ids.len() > ROWS {
        return Err(GraphError::value(format!("Total row count exceed max allowed count: {ROWS}")));
    }
    distinct(ids.into_iter(), "row id")
}

fn link(action: &Value) -> Result<(), GraphError> {
    let parameters = object(action, "interactive.action.parameters")?;
    text(parameters, "interactive.action.parameters.display_text", TITLE)?;
    let url = text(parameters, "interactive.action.parameters.url", 2000)?;
    if url.starts_with("https://") || url.starts_with("http://") {
        Ok(())
    } else {
        Err(GraphError::value("interactive.action.parameters.url must be an http(s) address"))
    }
}
