//! What the customer does on the phone.

use axum::{
    extract::{Form, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::simulate::{
    Simulators,
    fields::Problem,
    whatsapp::{deliver, inbound::Inbound, letter},
};

#[derive(Deserialize)]
pub(crate) struct Words {
    text: String,
}

pub(crate) async fn write(
    State(simulators): State<Simulators>,
    Path(customer): Path<String>,
    headers: HeaderMap,
    Form(words): Form<Words>,
) -> Result<Response, Problem> {
    let text = words.text.trim();
    if !text.is_empty() {
        send(&simulators, json!({ "from": customer, "text": text }))?;
    }
    Ok(back(&customer, &headers))
}

#[derive(Deserialize)]
pub(crate) struct Tap {
    wamid: String,
    id: String,
}

/// A tap answers the message that it was under, and stays possible for ever, as on a real phone.
pub(crate) async fn tap(
    State(simulators): State<Simulators>,
    Path(customer): Path<String>,
    headers: HeaderMap,
    Form(tap): Form<Tap>,
) -> Result<Response, Problem> {
    let message = {
        let whatsapp = simulators.whatsapp();
        let chat = whatsapp.chats.get(&customer);
        chat.and_then(|chat| chat.bubble(&tap.wamid)).map(|bubble| bubble.body.clone())
    };
    let (field, reply) = message
        .and_then(|message| reply(&message["interactive"], &tap.id))
        .ok_or_else(|| Problem::new("id", "is nothing that this message offers"))?;
    send(&simulators, json!({ "from": customer, field: reply, "reply_to": tap.wamid }))?;
    Ok(back(&customer, &headers))
}

/// What comes back from a tap: a button's id and title, or a row's with its description.
fn reply(interactive: &Value, id: &str) -> Option<(&'static str, Value)> {
    let action = &interactive["action"];
    let items = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let mut buttons = items(&action["buttons"]).into_iter().map(|button| ("button", button["reply"].clone()));
    let mut rows = items(&action["sections"]).into_iter().flat_map(|s| items(&s["rows"])).map(|row| ("list", row));
    buttons.find(|(_, reply)| reply["id"] == id).or_else(|| rows.find(|(_, row)| row["id"] == id))
}

pub(crate) async fn read(State(simulators): State<Simulators>, Path(customer): Path<String>) -> StatusCode {
    simulators.read(&customer);
    StatusCode::ACCEPTED
}

/// The phone does not wait for the business: its ticks tell how far the message came.
fn send(simulators: &Simulators, message: Value) -> Result<(), Problem> {
    let message = Inbound::from_json(message)?;
    let (simulators, letters) = (simulators.clone(), letter::write(simulators, vec![message]));
    tokio::spawn(async move { deliver::post(&simulators, letters, 0).await });
    Ok(())
}

/// The page's script needs no page; a browser without one does.
fn back(customer: &str, headers: &HeaderMap) -> Response {
    let page = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if page {
        Redirect::to(&format!("/?customer={customer}")).into_response()
    } else {
        StatusCode::ACCEPTED.into_response()
    }
}
