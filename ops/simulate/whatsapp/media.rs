//! Media: upload, look up, fetch, delete.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Multipart, Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::TimeDelta;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::json;

use super::{error::GraphError, event::Event, files::File, graph::authorize};
use crate::simulate::Simulators;

/// Addresses of media are short-lived.
const ADDRESS_LIVES: TimeDelta = TimeDelta::minutes(5);
/// Documents may be this large.
const LARGEST: usize = 100 * 1024 * 1024;

pub(crate) fn routes() -> Router<Simulators> {
    Router::new()
        .route("/{version}/{id}/media", post(upload).layer(DefaultBodyLimit::max(LARGEST)))
        .route("/{version}/{id}", get(look_up).delete(delete))
        .route("/_sim/media/{id}", get(fetch))
}

async fn upload(
    State(simulators): State<Simulators>,
    Path((version, _number)): Path<(String, String)>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, GraphError> {
    authorize(&version, &headers)?;
    let file = read(form).await?;
    file.check_type().map_err(GraphError::parameter)?;
    let id = simulators.ids().number();
    if file.is_small() {
        simulators.record(Event::Uploaded { id: id.clone(), file });
    } else {
        simulators.whatsapp().files.put(id.clone(), file);
    }
    Ok(Json(json!({ "id": id })).into_response())
}

async fn read(mut form: Multipart) -> Result<File, GraphError> {
    let broken = |e| GraphError::parameter(format!("The form cannot be read: {e}"));
    let (mut product, mut kind, mut file) = (None, None, None);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "messaging_product" => product = Some(field.text().await.map_err(broken)?),
            "type" => kind = Some(field.text().await.map_err(broken)?),
            "file" => {
                let name = field.file_name().map(str::to_owned);
                let own_type = field.content_type().map(str::to_owned);
                file = Some((name, own_type, field.bytes().await.map_err(broken)?));
            }
            _ => {}
        }
    }
    if product.as_deref() != Some("whatsapp") {
        return Err(GraphError::parameter("The parameter messaging_product is required."));
    }
    let (name, own_type, bytes) = file.ok_or_else(|| GraphError::parameter("The parameter file is required."))?;
    let mime_type = kind.or(own_type).ok_or_else(|| GraphError::parameter("The parameter type is required."))?;
    Ok(File { name, mime_type, bytes })
}

async fn look_up(
    State(simulators): State<Simulators>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, GraphError> {
    authorize(&version, &headers)?;
    let file = find(&simulators, &id)?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let expires = (simulators.now() + ADDRESS_LIVES).timestamp();
    let answer = json!({
        "messaging_product": "whatsapp",
        "id": id,
        "url": format!("http://{host}/_sim/media/{id}?expires={expires}"),
        "mime_type": file.mime_type,
        "sha256": base64(digest(&SHA256, &file.bytes).as_ref()),
        "file_size": file.bytes.len(),
    });
    Ok(Json(answer).into_response())
}

#[derive(Deserialize)]
struct Address {
    expires: i64,
}

async fn fetch(
    State(simulators): State<Simulators>,
    Path(id): Path<String>,
    Query(address): Query<Address>,
    headers: HeaderMap,
) -> Result<Response, GraphError> {
    authorize("v1.0", &headers)?;
    let file = find(&simulators, &id)?;
    if simulators.now().timestamp() > address.expires {
        return Ok((StatusCode::NOT_FOUND, "URL signature expired").into_response());
    }
    Ok(([(header::CONTENT_TYPE, file.mime_type)], file.bytes).into_response())
}

async fn delete(
    State(simulators): State<Simulators>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, GraphError> {
    authorize(&version, &headers)?;
    find(&simulators, &id)?;
    simulators.record(Event::Deleted { id });
    Ok(Json(json!({ "success": true })).into_response())
}

fn find(simulators: &Simulators, id: &str) -> Result<File, GraphError> {
    simulators.whatsapp().files.get(id).cloned().ok_or_else(|| GraphError::unknown_object(id))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0, |n, i| (n << 8) | usize::from(*chunk.get(i).unwrap_or(&0)));
        for i in 0..4 {
            let digit = ALPHABET[(group >> (18 - 6 * i)) & 63];
            out.push(if i <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_pads_as_rfc_4648_does() {
        let encoded = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }
}
