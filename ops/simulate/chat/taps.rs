//! What the customer can tap under a message of the business.

use maud::{Markup, html};
use serde_json::Value;

use super::icons;
use crate::simulate::whatsapp::{chats::Bubble, log::buttons};

/// Reply buttons, the rows of a list, or a link; forms, so that they work without a script.
pub(crate) fn draw(customer: &str, bubble: &Bubble) -> Markup {
    let interactive = &bubble.body["interactive"];
    match interactive["type"].as_str() {
        Some("button") => replies(customer, bubble),
        Some("list") => list(customer, bubble, &interactive["action"]),
        Some("cta_url") => link(bubble),
        _ => html! {},
    }
}

fn replies(customer: &str, bubble: &Bubble) -> Markup {
    html! {
        form.taps method="post" action={ "/chat/" (customer) "/taps" } {
            input type="hidden" name="wamid" value=(bubble.wamid);
            @for button in buttons(&bubble.body) {
                button name="id" value=(button.id) { (icons::reply()) (button.title) }
            }
        }
    }
}

/// The rows open over the page, as on a phone; the browser opens and closes them by itself.
fn list(customer: &str, bubble: &Bubble, action: &Value) -> Markup {
    let sheet = format!("rows-{}", bubble.wamid);
    let label = action["button"].as_str().unwrap_or("Choose");
    html! {
        div.taps {
            button type="button" popovertarget=(sheet) { (icons::list()) (label) }
        }
        div.sheet popover id=(sheet) role="dialog" aria-label=(label) {
            header {
                button type="button" popovertarget=(sheet) popovertargetaction="hide"
                    aria-label="Close" { "✕" }
                h3 { (label) }
            }
            form method="post" action={ "/chat/" (customer) "/taps" } {
                input type="hidden" name="wamid" value=(bubble.wamid);
                @for section in action["sections"].as_array().into_iter().flatten() {
                    @if let Some(title) = section["title"].as_str() { h4 { (title) } }
                    @for row in section["rows"].as_array().into_iter().flatten() { (row_button(row)) }
                }
            }
        }
    }
}

fn row_button(row: &Value) -> Markup {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    html! {
        button.row name="id" value=(text("id")) {
            span { (text("title")) }
            @if !text("description").is_empty() { small { (text("description")) } }
        }
    }
}

fn link(bubble: &Bubble) -> Markup {
    html! {
        div.taps {
            @for button in buttons(&bubble.body) {
                a href=(button.id) target="_blank" rel="noopener noreferrer" {
                    (icons::link()) (button.title)
                }
            }
        }
    }
}
