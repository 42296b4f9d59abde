//! The console's files, in the binary; an address names the content, so it can be kept for ever.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use ring::digest::{SHA256, digest};
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    mime_type: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 4] = [
    Asset { name: "console.css", mime_type: "text/css; charset=utf-8", text: include_str!("assets/console.css") },
    Asset { name: "console.js", mime_type: "text/javascript; charset=utf-8", text: include_str!("assets/console.js") },
    // @hotwired/turbo 8.0.23 (MIT), dist/turbo.es2017-umd.js, minified; https://turbo.hotwired.dev
    Asset { name: "turbo.js", mime_type: "text/javascript; charset=utf-8", text: include_str!("assets/turbo.js") },
    Asset { name: "icon.svg", mime_type: "image/svg+xml", text: include_str!("assets/icon.svg") },
];

static FILES: LazyLock<[String; ASSETS.len()]> = LazyLock::new(|| {
    ASSETS.map(|asset| {
        let hash = hex::encode(&digest(&SHA256, asset.text.as_bytes()).as_ref()[..6]);
        format!("{hash}-{}", asset.name)
    })
});

/// Where a file is served.
pub(super) fn address(name: &str) -> String {
    let file = ASSETS.iter().position(|asset| asset.name == name).map_or(name, |at| &FILES[at]);
    format!("/ops/assets/{file}")
}

pub(super) async fn serve(Path(file): Path<String>) -> Response {
    let Some(asset) = FILES.iter().position(|known| *known == file).map(|at| &ASSETS[at]) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers =
        [(header::CONTENT_TYPE, asset.mime_type), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.text).into_response()
}
