//! One message, as the phone draws it.

use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde_json::Value;

use super::{day, file, icons, markup, taps};
use crate::simulate::{
    Settings, Simulators,
    whatsapp::{
        Whatsapp,
        chats::{Author, Bubble, Chat, Tick},
        files::Files,
        log::words,
    },
};

/// What the messages of one chat are drawn with.
pub(crate) struct Scene<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) customer: &'a str,
    pub(crate) chat: &'a Chat,
    pub(crate) files: &'a Files,
    pub(crate) now: DateTime<Utc>,
}

impl<'a> Scene<'a> {
    /// None, if nobody wrote there yet.
    pub(crate) fn of(simulators: &'a Simulators, whatsapp: &'a Whatsapp, customer: &'a str) -> Option<Self> {
        let (settings, now) = (simulators.settings(), simulators.now());
        let chat = whatsapp.chats.get(customer)?;
        Some(Self { settings, customer, chat, files: &whatsapp.files, now })
    }
}

/// Draws one message of a chat, with a day above it if it is the first one of its day.
pub(crate) fn draw(scene: &Scene<'_>, at: usize) -> Markup {
    let (zone, bubble) = (scene.settings.zone, &scene.chat.bubbles[at]);
    let date = day::day(bubble.at, zone);
    let first = at.checked_sub(1).is_none_or(|n| day::day(scene.chat.bubbles[n].at, zone) != date);
    html! {
        @if first {
            li.day id={ "day-" (scene.customer) "-" (date) } {
                time datetime=(date) { (day::name(date, day::day(scene.now, zone))) }
            }
        }
        @match bubble.author {
            // The customer knows what they wrote: only the business's messages are announced.
            Author::Customer(tick) => li.mine id=(bubble.wamid) aria-live="off" {
                (content(scene, bubble, Some(tick)))
            },
            Author::Business => li.theirs id=(bubble.wamid) {
                (content(scene, bubble, None))
                (taps::draw(scene.customer, bubble))
            },
        }
    }
}

fn content(scene: &Scene<'_>, bubble: &Bubble, tick: Option<Tick>) -> Markup {
    let who = if tick.is_some() { "You" } else { scene.settings.business_name.as_str() };
    let quoted = bubble.answers().and_then(|wamid| scene.chat.bubble(wamid));
    html! {
        div.bubble {
            span.hidden { (who) ": " }
            @if let Some(quoted) = quoted { (quote(scene.settings, quoted)) }
            (body(scene, &bubble.body))
            span.meta {
                time datetime=(bubble.at.to_rfc3339()) { (day::clock(bubble.at, scene.settings.zone)) }
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

fn body(scene: &Scene<'_>, message: &Value) -> Markup {
    let kind = message["type"].as_str().unwrap_or("text");
    let interactive = &message["interactive"];
    let words = words(message);
    html! {
        @if let Some(header) = interactive["header"]["text"].as_str() { p.title { (header) } }
        @if kind == "document" {
            (file::draw(scene, message))
        } @else if let Some(label) = attachment(kind) {
            p.attachment { (label) }
        }
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
        "document" => Some("📄"),
        "sticker" => Some("Sticker"),
        "location" => Some("📍 Location"),
        "contacts" => Some("👤 Contact"),
        _ => Some("This message is not shown here"),
    }
}

/// One line for a quote or a list of chats.
pub(crate) fn summary(message: &Value) -> String {
    let kind = message["type"].as_str().unwrap_or_default();
    let name = (kind == "document").then(|| file::name(message));
    let parts = [attachment(kind).map(str::to_owned), name, Some(words(message))];
    let parts: Vec<_> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}
