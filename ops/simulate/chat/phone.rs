//! One phone: bar, chat, and a line to write.

use maud::{Markup, html};

use super::{
    bubble::{self, Scene},
    icons,
    people::Person,
};
use crate::simulate::{Simulators, whatsapp::chats::Author};

/// What a guest may want to try first.
const SUGGESTIONS: [&str; 3] =
    ["I want yoga tomorrow at 7pm", "vorrei yoga domani alle 19", "What classes are there tomorrow?"];
/// Older messages are in the log; nobody scrolls this far.
const SHOWN: usize = 200;

/// Draws a customer's phone.
pub(crate) fn draw(simulators: &Simulators, person: &Person) -> Markup {
    let (settings, key) = (simulators.settings(), person.key.as_str());
    let (version, typing) = state(simulators, key);
    html! {
        section.phone data-customer=(key) data-version=(version)
            data-typing[typing] aria-label={ (person.name) "’s phone" }
        {
            header.owner {
                span { b { (person.name) } " " span.number { (person.address()) } }
                a.switch href="#phones" { (icons::people()) span { "Phones" } }
            }
            div.screen {
                header.bar {
                    span.avatar.business aria-hidden="true" { (initials(&settings.business_name)) }
                    div {
                        h2 { (settings.business_name) }
                        p.presence { span.online { "Business account" } span.busy { "typing…" } }
                    }
                }
                div.log role="log" aria-label={ "Messages with " (settings.business_name) } tabindex="0" {
                    div.scroll {
                        ol { (messages(simulators, key)) }
                        p.empty { "No messages yet. Write one, or tap a suggestion." }
                        div.typing aria-hidden="true" { i {} i {} i {} }
                    }
                }
                (composer(person))
            }
        }
    }
}

fn composer(person: &Person) -> Markup {
    let key = &person.key;
    let action = format!("/chat/{key}/messages");
    let field = format!("say-{key}");
    html! {
        form.chips method="post" action=(action) aria-label={ "Suggestions for " (person.name) } {
            @for words in SUGGESTIONS { button name="text" value=(words) { (words) } }
        }
        form.say method="post" action=(action) {
            label.hidden for=(field) { "Message" }
            input type="text" id=(field) name="text" placeholder="Message" maxlength="4096"
                autocomplete="off" required;
            button aria-label="Send" { (icons::send()) }
        }
        p.trouble role="status" {}
        noscript { a.again href={ "/?customer=" (key) } { "Look for new messages" } }
    }
}

/// The messages of a chat, oldest first.
pub(crate) fn messages(simulators: &Simulators, key: &str) -> Markup {
    let whatsapp = simulators.whatsapp();
    html! {
        @if let Some(scene) = Scene::of(simulators, &whatsapp, key) {
            @let count = scene.chat.bubbles.len();
            @for at in count.saturating_sub(SHOWN)..count { (bubble::draw(&scene, at)) }
        }
    }
}

/// One message of a chat, if it is there.
pub(crate) fn message(simulators: &Simulators, key: &str, wamid: &str) -> Markup {
    let whatsapp = simulators.whatsapp();
    let scene = Scene::of(simulators, &whatsapp, key);
    let at = scene.as_ref().and_then(|scene| scene.chat.bubbles.iter().rposition(|bubble| bubble.wamid == wamid));
    html! { @if let (Some(scene), Some(at)) = (scene, at) { (bubble::draw(&scene, at)) } }
}

/// The chat's version, and whether the business types.
pub(crate) fn state(simulators: &Simulators, key: &str) -> (u64, bool) {
    let whatsapp = simulators.whatsapp();
    let chat = whatsapp.chats.get(key);
    (chat.map_or(0, |chat| chat.version), chat.is_some_and(|chat| chat.typing(simulators.now())))
}

/// Whether the customer wrote last: somebody may answer soon.
pub(crate) fn waits(simulators: &Simulators, key: &str) -> bool {
    let whatsapp = simulators.whatsapp();
    let last = whatsapp.chats.get(key).and_then(|chat| chat.bubbles.last());
    last.is_some_and(|bubble| matches!(bubble.author, Author::Customer(_)))
}

/// Up to two letters that stand for a name.
pub(crate) fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    letters.take(2).flat_map(char::to_uppercase).collect()
}
