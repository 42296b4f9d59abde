//! The business reads, and maybe starts to type.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{error::GraphError, limits::text, outbound::product};
use crate::simulate::{Simulators, chat::Change};

/// `{"status":"read","message_id":…}`. Faults leave it alone, so that a fault that strikes
/// `times` strikes messages.
pub(crate) fn mark(simulators: &Simulators, request: &Value) -> Result<Response, GraphError> {
    product(request)?;
    if request["status"] != "read" {
        return Err(GraphError::parameter("Param status must be one of {READ}."));
    }
    let wamid = text(request, "message_id", 512)?;
    let typing = match &request["typing_indicator"] {
        Value::Null => None,
        indicator if indicator["type"] == "text" => Some(simulators.now()),
        _ => {
            return Err(GraphError::parameter("Param typing_indicator.type must be one of {TEXT}."));
        }
    };
    let mut whatsapp = simulators.whatsapp();
    whatsapp.counts.reads += 1;
    whatsapp.counts.typing += u64::from(typing.is_some());
    // A message that reached the ingress by another way is nobody's here, and none the worse for it.
    if let Some(customer) = whatsapp.chats.writer(wamid).cloned() {
        let read = whatsapp.chats.mark_read(&customer, wamid, typing);
        drop(whatsapp);
        for wamid in read {
            simulators.announce(Change::message(&customer, &wamid));
        }
        simulators.announce(Change::presence(&customer));
    }
    Ok(Json(json!({ "success": true })).into_response())
}
