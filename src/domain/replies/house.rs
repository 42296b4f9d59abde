//! The business, its people and its places.

use super::catalog::{args, say, say_with};
use super::price;
use super::session::SessionLine;
use crate::Language;

/// Somebody who gives sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrewLine {
    /// As customers know them.
    pub name: String,
    /// A sentence or two; may be empty.
    pub bio: String,
    /// What they give.
    pub activities: Vec<String>,
}

/// A place of the business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationLine {
    /// As customers know it.
    pub name: String,
    /// Street and town.
    pub address: String,
    /// How to get there; may be empty.
    pub directions: String,
}

/// What the business tells about itself; an empty text is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BusinessFacts {
    /// As customers know it.
    pub name: String,
    /// A sentence or two.
    pub about: String,
    /// Opening hours, in words.
    pub opening: String,
    /// Terms of cancellation, in words.
    pub cancellation: String,
    /// For calls.
    pub phone: String,
    /// Address of the site.
    pub website: String,
}

/// Who works here.
#[must_use]
pub fn crew_list(language: Language, crew: &[CrewLine]) -> String {
    let rows: Vec<_> = crew.iter().map(|line| crew_row(language, line)).collect();
    format!("{}\n{}", say_with(language, "crew-list", &args! { "count" => crew.len() }), rows.join("\n"))
}

/// Nobody fits the question.
#[must_use]
pub fn no_crew(language: Language) -> String {
    say(language, "no-crew")
}

/// Where the business is.
#[must_use]
pub fn locations_list(language: Language, locations: &[LocationLine]) -> String {
    let rows: Vec<_> = locations
        .iter()
        .map(|line| {
            let facts = [&line.address, &line.directions];
            let facts: Vec<_> = facts.into_iter().filter(|fact| !fact.is_empty()).map(String::as_str).collect();
            format!("• *{}*: {}", line.name, facts.join(". "))
        })
        .collect();
    format!("{}\n{}", say_with(language, "locations-list", &args! { "count" => locations.len() }), rows.join("\n"))
}

/// The business in a few lines.
#[must_use]
pub fn business_info(language: Language, facts: &BusinessFacts) -> String {
    let mut lines = vec![format!("*{}*", facts.name)];
    if !facts.about.is_empty() {
        lines.push(facts.about.clone());
    }
    let labelled = [
        ("opening", &facts.opening),
        ("cancellation", &facts.cancellation),
        ("phone", &facts.phone),
        ("website", &facts.website),
    ];
    for (key, value) in labelled.into_iter().filter(|(_, value)| !value.is_empty()) {
        lines.push(say_with(language, key, &args! { "value" => value.as_str() }));
    }
    lines.join("\n")
}

/// What each activity costs, told from sessions in the calendar.
#[must_use]
pub fn prices(language: Language, lines: &[SessionLine]) -> String {
    let mut rows: Vec<String> = Vec::new();
    for line in lines {
        let row = format!("• {}: {}", line.service, price::money(language, line.price_minor, &line.currency));
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    format!("{}\n{}", say(language, "prices"), rows.join("\n"))
}

/// The customer wants a human being; `phone` may be empty.
#[must_use]
pub fn talk_to_staff(language: Language, phone: &str) -> String {
    if phone.is_empty() {
        return say(language, "talk-to-staff-here");
    }
    say_with(language, "talk-to-staff", &args! { "phone" => phone })
}

fn crew_row(language: Language, line: &CrewLine) -> String {
    let mut row = format!("• *{}*", line.name);
    if !line.activities.is_empty() {
        let args = args! { "activities" => line.activities.join(", ") };
        row = format!("{row} {}", say_with(language, "crew-gives", &args));
    }
    if !line.bio.is_empty() {
        row = format!("{row}. {}", line.bio);
    }
    row
}
