//! One message, as the phone draws it.

use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde_json::Value;

use super::{day, icons, markup, taps};
use crate::simulate::{
    Settings,
    whatsapp::{
        chats::{Author, Bubble, Chat, Tick},
        log::words,
    },
};

/// Draws one message of a chat, with a day above it if it is the first one of its day.
pub(crate) fn draw(settings: &Settings, customer: &str, chat: &Chat, at: usize, now: DateTime<Utc>) -> Markup {
    let bubble = &chat.bubbles[at];
    let date = day::day(bubble.at, settings.zone);
    let first = at.checked_sub(1).is_none_or(|n| day::day(chat.bubbles[n].at, settings.zone) != date);
    html! {
        @if first {
            li.day id={ "day-" (customer) "-" (date) } {
                time datetime=(date) { (day::name(date, day::day(now, settings.zone))) }
            }
        }
        @match bubble.author {
            // The customer knows what they wrote: only the business's messages are announced.
            Author::Customer(tick) => li.mine id=(bubble.wamid) aria-live="off" {
                (content(settings, chat, bubble, Some(tick)))
            },
            Author::Business => li.theirs id=(bubble.wamid) {
                (content(settings, chat, bubble, None))
                (taps::draw(customer, bubble))
            },
        }
    }
}

fn content(settings: &Settings, chat: &Chat, bubble: &Bubble, tick: Option<Tick>) -> Markup {
    let who = if tick.is_some() { "You" } else { settings.business_name.as_str() };
    let quoted = bubble.answers().and_then(|wamid| chat.bubble(wamid));
    html! {
        div.bubble {
            span.hidden { (who) ": " }
            @if let Some(quoted) = quoted { (quote(settings, quoted)) }
            (body(&bubble.body))
            span.meta {
                time datetime=(bubble.at.to_rfc3339()) { (day::clock(bubble.at, settings.zone)) }
                @if let Some(tick) = tick { (icons::ticks(tick)) }
            }
            @if let Some(emoji) = &bubble.reaction { span.reaction { (emoji) } }
        }
    }
}

fn quote(settings: &Settings, quoted: &Bubble) -> Markup {
    let who = match quoted.author {
        Author::Customer(_) => "You",
        Author::Business => &settings.business_name,
    };
    html! {
        blockquote { b { (who) } span { (markup::format(&summary(&quoted.body))) } }
    }
}

fn body(message: &Value) -> Markup {
    let kind = message["type"].as_str().unwrap_or("text");
    let interactive = &message["interactive"];
    let words = words(message);
    html! {
        @if let Some(header) = interactive["header"]["text"].as_str() { p.title { (header) } }
        @if let Some(label) = attachment(kind) { p.attachment { (label) } }
        @if !words.is_empty() { div.words dir="auto" { (markup::format(&words)) } }
        @if let Some(footer) = interactive["footer"]["text"].as_str() { p.footer { (footer) } }
    }
}

/// What stands for content that the simulator does not draw.
fn attachment(kind: &str) -> Option<&'static str> {
    match kind {
        "text" | "interactive" | "button" => None,
        "template" => Some("Template"),
        "image" => Some("📷 Photo"),
        "video" => Some("🎥 Video"),
        "audio" => Some("🎤 Voice message"),
        "document" => Some("📄 Document"),
        "sticker" => Some("Sticker"),
        "location" => Some("📍 Location"),
        "contacts" => Some("👤 Contact"),
        _ => Some("This message is not shown here"),
    }
}

/// One line for a quote or a list of chats.
pub(crate) fn summary(message: &Value) -> String {
    let label = message["type"].as_str().and_then(attachment);
    let words = words(message);
    match label {
        Some(label) if words.is_empty() => label.to_owned(),
        Some(label) => format!("{label} {words}"),
        None => words,
    }
}
