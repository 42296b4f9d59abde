//! A document in the chat: a card with its name, what it is and its size, which opens it.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde_json::Value;

use super::bubble::Scene;
use crate::simulate::{
    Simulators,
    whatsapp::{
        files::File,
        log::{filename, media_id},
    },
};

/// Types that a browser shows by itself and that cannot run anything.
const SHOWN: [&str; 4] = ["application/pdf", "image/jpeg", "image/png", "image/webp"];

/// What the document of a message is called.
pub(crate) fn name(message: &Value) -> String {
    filename(message).unwrap_or("Document").to_owned()
}

/// Draws the document of a message. Without its file, which may be gone, there is nothing to open.
pub(crate) fn draw(scene: &Scene<'_>, message: &Value) -> Markup {
    let id = media_id(message).unwrap_or_default();
    let (name, file) = (name(message), scene.files.get(id));
    let ending = ending(&name);
    let size = file.map(|file| size(file.bytes.len()));
    let facts: Vec<_> = [Some(ending.clone()), size].into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    let card = html! {
        span class={ "paper " (ending.to_lowercase()) } aria-hidden="true" { (ending) }
        span.name dir="auto" { (name) }
        span.facts { (facts.join(" · ")) }
    };
    html! {
        @if file.is_some() {
            a.file href={ "/chat/" (scene.customer) "/files/" (id) } target="_blank" rel="noopener" { (card) }
        } @else {
            div.file { (card) }
        }
    }
}

/// Opens a document, to whose chat it was sent.
pub(crate) async fn open(
    State(simulators): State<Simulators>,
    Path((customer, id)): Path<(String, String)>,
) -> Response {
    let whatsapp = simulators.whatsapp();
    let mut bubbles = whatsapp.chats.get(&customer).into_iter().flat_map(|chat| &chat.bubbles);
    let shown = bubbles.find(|bubble| media_id(&bubble.body) == Some(&id));
    match (shown, whatsapp.files.get(&id)) {
        (Some(bubble), Some(file)) => serve(&name(&bubble.body), file),
        _ => (StatusCode::NOT_FOUND, "This file is not here.").into_response(),
    }
}

fn serve(name: &str, file: &File) -> Response {
    let shown = SHOWN.contains(&file.mime_type.as_str());
    let disposition = format!("{}; filename*=UTF-8''{}", if shown { "inline" } else { "attachment" }, escaped(name));
    let headers = [(header::CONTENT_TYPE, file.mime_type.clone()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, file.bytes.clone()).into_response()
}

/// As RFC 8187 wants a name in a header.
fn escaped(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// `PDF`, as the name says; nothing if it does not say so in a few letters.
fn ending(name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_uppercase());
    ending.filter(|e| (1..=4).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_alphanumeric())).unwrap_or_default()
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::{ending, escaped, size};

    #[test]
    fn kinds_and_sizes_are_short() {
        let endings = ["ricevuta-7.pdf", "a.b.ICS", "notes", "x.", "a.<b>", "a.jpegjpeg"].map(ending);
        assert_eq!(endings, ["PDF", "ICS", "", "", "", ""]);
        let sizes = [0, 999, 1000, 28_400, 999_000, 1_250_000, 104_857_600].map(size);
        assert_eq!(sizes, ["0 B", "999 B", "1 kB", "29 kB", "999 kB", "1.2 MB", "104.8 MB"]);
    }

    #[test]
    fn a_name_cannot_end_its_header() {
        assert_eq!(escaped("caffè \"1\"\r\nx.pdf"), "caff%C3%A8%20%221%22%0D%0Ax.pdf");
    }
}
