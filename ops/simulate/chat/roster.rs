//! The list of phones.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{
    bubble::summary,
    day, markup,
    people::{self, Person},
    phone::initials,
};
use crate::simulate::{
    Simulators,
    whatsapp::{Whatsapp, chats::Chat},
};

/// After a flood there are thousands of customers; the latest are of interest.
const SHOWN: usize = 40;

struct Entry {
    person: Person,
    last: Option<(DateTime<Utc>, String)>,
    unread: usize,
}

/// Draws the list; `open` are the customers whose phones are on the page.
pub(crate) fn draw(simulators: &Simulators, open: &[String]) -> Markup {
    let (now, zone) = (simulators.now(), simulators.settings().zone);
    let entries = entries(&simulators.whatsapp(), open);
    html! {
        @for Entry { person, last, unread } in entries {
            @let here = open.contains(&person.key);
            li {
                a.contact href={ "/?customer=" (person.key) } aria-current=[here.then_some("page")] {
                    span class={ "avatar hue-" (hue(&person.key)) } aria-hidden="true" { (initials(&person.name)) }
                    span.line {
                        b { (person.name) }
                        @if let Some((at, _)) = &last { time { (day::short(*at, now, zone)) } }
                    }
                    span.line {
                        span.preview {
                            @match &last {
                                Some((_, words)) => (markup::plain(words)),
                                None => (person.address()),
                            }
                        }
                        @if unread > 0 { span.unread { (unread) span.hidden { " unread" } } }
                    }
                }
                @if !here {
                    a.beside href={ "/?customer=" (beside(open, &person.key)) }
                        title="Open beside" aria-label={ "Open " (person.name) "’s phone beside" } { "+" }
                }
            }
        }
    }
}

fn entries(whatsapp: &Whatsapp, open: &[String]) -> Vec<Entry> {
    let known = |key: &str| whatsapp.customers.get(key).is_some();
    let entry = |person: Person, chat: Option<&Chat>| Entry {
        last: chat.and_then(|chat| chat.bubbles.last()).map(|b| (b.at, summary(&b.body))),
        unread: chat.map_or(0, |chat| chat.unread),
        person,
    };
    let people = whatsapp.customers.all().map(Person::from);
    let mut entries: Vec<_> = people
        .chain(people::first(known))
        .map(|person| {
            let chat = whatsapp.chats.get(&person.key);
            entry(person, chat)
        })
        .collect();
    entries.sort_by_key(|e| (Reverse(e.last.as_ref().map(|(at, _)| *at)), e.person.key.clone()));
    let mut place = 0;
    entries.retain(|entry| {
        place += 1;
        place <= SHOWN || open.contains(&entry.person.key)
    });
    entries
}

/// The phones on the page and one more; the page has room for three.
fn beside(open: &[String], key: &str) -> String {
    let kept = open.iter().rev().take(2).rev().map(String::as_str);
    kept.chain([key]).collect::<Vec<_>>().join(",")
}

/// One of six colours, always the same for a customer.
fn hue(key: &str) -> u32 {
    key.bytes().fold(0, |hue, byte| (hue * 7 + u32::from(byte)) % 6)
}
