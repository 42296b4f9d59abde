//! Small pictures, drawn with strokes on a grid of 24.

use maud::{Markup, PreEscaped, html};

fn strokes(name: &str) -> &'static str {
    match name {
        "pulse" => "M3 12h4l3-8 4 16 3-8h4",
        "list" => "M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01",
        "alert" => "M12 3 2 20h20L12 3zM12 10v4M12 17h.01",
        "stack" => "M4 6h16v4H4zM4 14h16v4H4z",
        "clock" => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
        "plug" => "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
        "layers" => "m12 3 9 5-9 5-9-5zM3 13l9 5 9-5",
        "send" => "m21 3-7 18-4-8-8-4z",
        "inbox" => "M4 13 6 5h12l2 8v6H4zM4 13h5a3 3 0 0 0 6 0h5",
        "branch" => "M6 4v16M6 8c0 4 12 2 12 7v1M18 16a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
        "book" => "M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM9 9h6M9 13h6",
        "shop" => "M4 9 5 4h14l1 5a3 3 0 0 1-5 2 4 4 0 0 1-6 0 3 3 0 0 1-5-2zM5 12v8h14v-8M10 20v-5h4v5",
        "people" => {
            "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c0-4 3-6 7-6s7 2 7 6M17 11a3 3 0 0 0 0-6M22 20c0-3-1.500-5-4-5.600"
        }
        "person" => "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-5 3-7 8-7s8 2 8 7",
        _ => "M5 12h14",
    }
}

/// A picture beside a word that says the same.
pub fn icon(name: &str) -> Markup {
    html! { svg.icon viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" { path d=(strokes(name)) {} } }
}

/// The mark of the house.
pub fn mark() -> Markup {
    PreEscaped(
        r##"<svg class="mark" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0b6650"/><path d="M16 6v12m0 0c-5 0-7 3-7 8m7-8c5 0 7 3 7 8m-7-8v8" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/><path d="M16 11c4 0 6-2 6-5M16 15c-4 0-6-2-6-5" fill="none" stroke="#7fe0bf" stroke-width="2.6" stroke-linecap="round"/></svg>"##
            .to_owned(),
    )
}
