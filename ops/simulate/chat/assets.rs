//! The page's files, in the binary; an address names the content, so it can be kept for ever.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use ring::digest::{SHA256, digest};

struct Asset {
    name: &'static str,
    mime_type: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 4] = [
    Asset { name: "chat.css", mime_type: "text/css; charset=utf-8", text: include_str!("chat.css") },
    Asset { name: "chat.js", mime_type: "text/javascript; charset=utf-8", text: include_str!("chat.js") },
    Asset { name: "pay.css", mime_type: "text/css; charset=utf-8", text: include_str!("../payments/page/pay.css") },
    Asset { name: "icon.svg", mime_type: "image/svg+xml", text: include_str!("icon.svg") },
];

impl Asset {
    fn file(&self) -> String {
        let hash = hex::encode(&digest(&SHA256, self.text.as_bytes()).as_ref()[..6]);
        format!("{hash}-{}", self.name)
    }
}

/// Where a file is served.
pub(crate) fn address(name: &str) -> String {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    format!("/_sim/assets/{}", asset.map_or_else(|| name.to_owned(), Asset::file))
}

pub(crate) async fn serve(Path(file): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.file() == file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers =
        [(header::CONTENT_TYPE, asset.mime_type), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.text).into_response()
}
