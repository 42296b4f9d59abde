//! The business reads, and maybe starts to type.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{error::GraphError, event::Event, limits::text, outbound::product};
use crate::simulate::Simulators;

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
    simulators.record(Event::MarkedRead { wamid: wamid.to_owned(), typing });
    Ok(Json(json!({ "success": true })).into_response())
}
