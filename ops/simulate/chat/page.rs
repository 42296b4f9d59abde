//! The page: the list of phones, and one to three of them.

use axum::extract::{Query, State};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::{
    assets,
    people::{self, Person},
    phone, roster,
};
use crate::simulate::Simulators;

const MOST: usize = 3;

#[derive(Deserialize)]
pub(crate) struct Open {
    /// Customers, with commas between them.
    customer: Option<String>,
}

pub(crate) async fn show(State(simulators): State<Simulators>, Query(open): Query<Open>) -> Markup {
    let people = open_people(&simulators, open.customer.as_deref().unwrap_or_default());
    for person in &people {
        simulators.read(&person.key);
    }
    let keys: Vec<_> = people.iter().map(|person| person.key.clone()).collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content";
                meta name="color-scheme" content="light dark";
                title { (simulators.settings().business_name) " · customers’ phones" }
                link rel="icon" type="image/svg+xml" href=(assets::address("icon.svg"));
                link rel="stylesheet" href=(assets::address("chat.css"));
                script src=(assets::address("chat.js")) defer {}
                // A page that reloads while someone writes would lose their words.
                @if keys.iter().any(|key| phone::waits(&simulators, key)) {
                    noscript { meta http-equiv="refresh" content="3"; }
                }
            }
            body {
                (phones(&simulators, &keys))
                main {
                    h1.hidden { "Customers’ phones" }
                    @for person in &people { (phone::draw(&simulators, person)) } }
            }
        }
    }
}

fn phones(simulators: &Simulators, keys: &[String]) -> Markup {
    html! {
        nav #phones aria-label="Phones" {
            header {
                h2 { "Customers’ phones" }
                p { "Everyone here writes to " b { (simulators.settings().business_name) } "." }
                a.close href="#" aria-label="Back to the chat" { "✕" }
            }
            ul #roster data-open=(keys.join(",")) { (roster::draw(simulators, keys)) }
            form.new method="post" action="/chat" {
                h3 { "New phone" }
                label { span { "Name" } input type="text" name="name" maxlength="60" autocomplete="off" required; }
                label {
                    span { "Number" } small { "optional" }
                    input type="tel" name="phone" placeholder="+39 333 555 0110" autocomplete="off";
                }
                button { "Pick it up" }
            }
        }
    }
}

/// Those asked for; the first one on the list, if nobody.
fn open_people(simulators: &Simulators, asked: &str) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for person in asked.split(',').filter_map(|key| people::find(simulators, key)) {
        if people.len() < MOST && !people.contains(&person) {
            people.push(person);
        }
    }
    if people.is_empty() {
        people.extend(people::default(simulators));
    }
    people
}
