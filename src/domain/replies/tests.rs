use std::collections::BTreeSet;

use chrono::NaiveDate;
use fluent_bundle::FluentResource;

use super::*;
use crate::Language::{self, En, It};

const SOURCES: [&str; 7] = [
    include_str!("bookings.rs"),
    include_str!("choices.rs"),
    include_str!("dates.rs"),
    include_str!("house.rs"),
    include_str!("price.rs"),
    include_str!("session.rs"),
    include_str!("talk.rs"),
];

fn keys(source: &str) -> BTreeSet<&str> {
    let is_entry = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
    source.lines().filter(is_entry).filter_map(|line| line.split(" = ").next()).collect()
}

fn line(service: &str, hour: u32, spots: i64) -> SessionLine {
    let at = |hour| NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().and_hms_opt(hour, 0, 0).unwrap();
    SessionLine {
        service: service.into(),
        crew: "Anna Neri".into(),
        location: "Sala Grande".into(),
        starts: at(hour),
        ends: at(hour + 1),
        spots_left: spots,
        price_minor: 1500,
        currency: "EUR".into(),
    }
}

/// Every sentence with facts filled in.
fn everything(lang: Language) -> Vec<String> {
    let lines = [line("Yoga", 19, 4), line("Boxe", 20, 1), line("HIIT", 21, 0)];
    let known = ["Yoga".to_owned(), "Boxe".to_owned()];
    let crew = CrewLine { name: "Anna".into(), bio: "Insegna da anni.".into(), activities: known.to_vec() };
    let place = LocationLine { name: "Sala".into(), address: "Via Roma 1".into(), directions: "Tram 3".into() };
    let text = || "x".to_owned();
    let facts = BusinessFacts {
        name: text(),
        about: text(),
        opening: text(),
        cancellation: text(),
        phone: text(),
        website: text(),
    };
    vec![
        proposal_to_book(lang, &lines[0]),
        proposal_to_cancel(lang, &lines[0]),
        yes_button(lang),
        no_button(lang),
        booked(lang, &lines[0], "H-7"),
        already_booked(lang, &lines[0]),
        full(lang, Some(&lines[2]), &lines),
        full(lang, None, &[]),
        cancelled(lang, &lines[0]),
        already_cancelled(lang),
        declined(lang),
        proposal_expired(lang),
        session_started(lang),
        session_cancelled(lang),
        bookings_closed(lang),
        session_unknown(lang),
        booking_unknown(lang),
        bookings_list(lang, &lines),
        bookings_list(lang, &lines[..1]),
        no_bookings(lang),
        options(lang, &lines),
        options(lang, &lines[..1]),
        list_button(lang),
        nothing_found(lang, &lines),
        nothing_found(lang, &[]),
        no_such_activity(lang, "golf", &known),
        which_activity(lang, &known[..1]),
        which_activity(lang, &[]),
        nothing_scheduled(lang),
        past_date(lang, lines[0].starts.date()),
        timetable(lang, &lines, 1),
        timetable(lang, &lines, 3),
        which_booking(lang, &lines),
        crew_list(lang, std::slice::from_ref(&crew)),
        crew_list(lang, &[crew.clone(), crew]),
        no_crew(lang),
        locations_list(lang, std::slice::from_ref(&place)),
        locations_list(lang, &[place.clone(), place]),
        business_info(lang, &facts),
        prices(lang, &lines),
        talk_to_staff(lang, "+39 049"),
        talk_to_staff(lang, ""),
        greeting(lang),
        help(lang),
        not_understood(lang),
        thanks_reply(lang),
        yes_without_question(lang),
        move_explained(lang),
        one_place_each(lang),
        last_word(lang),
        trouble(lang),
        unsupported_kind(lang),
    ]
}

#[test]
fn both_catalogues_parse_and_have_the_same_keys() {
    for source in [include_str!("it.ftl"), include_str!("en.ftl")] {
        assert!(FluentResource::try_new(source.to_owned()).is_ok());
    }
    assert_eq!(keys(include_str!("it.ftl")), keys(include_str!("en.ftl")));
}

#[test]
fn every_key_is_used() {
    for key in keys(include_str!("en.ftl")) {
        let quoted = format!("\"{key}\"");
        assert!(SOURCES.iter().any(|source| source.contains(&quoted)), "{key} is said by nobody");
    }
}

#[test]
fn no_sentence_is_empty_or_keeps_a_placeholder() {
    for lang in Language::ALL {
        for sentence in everything(lang) {
            assert!(!sentence.trim().is_empty());
            assert!(!sentence.contains(['{', '}', '$']), "{sentence}");
        }
    }
}

#[test]
fn the_two_languages_say_different_words() {
    for (it, en) in everything(It).into_iter().zip(everything(En)) {
        assert!(it != en || it.starts_with("*x*"), "{it}");
    }
}

#[test]
fn a_proposal_tells_everything_that_is_agreed_to() {
    assert_eq!(
        proposal_to_book(En, &line("Yoga", 19, 4)),
        "Yoga with Anna Neri, Sunday 22 November 19:00–20:00 at Sala Grande. 4 spots left, €15.00. Shall I book it?"
    );
    assert_eq!(
        proposal_to_book(It, &line("Yoga", 19, 1)),
        "Yoga con Anna Neri, domenica 22 novembre 19:00–20:00 presso Sala Grande. 1 posto libero, 15,00 €. Prenoto?"
    );
}

#[test]
fn a_session_without_crew_or_place_leaves_them_out() {
    let bare = SessionLine { crew: String::new(), location: String::new(), ..line("Yoga", 19, 4) };
    assert!(proposal_to_book(En, &bare).starts_with("Yoga, Sunday 22 November 19:00–20:00. 4 spots"));
}

#[test]
fn titles_keep_to_what_a_phone_shows() {
    for lang in Language::ALL {
        for title in [yes_button(lang), no_button(lang), list_button(lang)] {
            assert!(title.chars().count() <= 20, "{title}");
        }
        let row = option_row(lang, &line("Ginnastica posturale per principianti", 19, 4));
        assert!(
            row.title.chars().count() <= 24
                && row.title.ends_with("22 Nov 19:00") | row.title.ends_with("22 nov 19:00")
        );
        assert!(row.description.chars().count() <= 72);
    }
}

#[test]
fn money_follows_currency_and_language() {
    assert_eq!(money(It, 1500, "EUR"), "15,00 €");
    assert_eq!(money(En, 123_456_789, "EUR"), "€1,234,567.89");
    assert_eq!(money(It, -100_050, "CHF"), "-1.000,50 CHF");
    assert_eq!(money(En, 1500, "JPY"), "¥1,500");
    assert_eq!(money(It, 0, "EUR"), "gratis");
}

#[test]
fn a_timetable_names_each_day_once_and_counts_on() {
    let next = SessionLine { starts: line("", 9, 1).starts + chrono::Days::new(1), ..line("Boxe", 9, 1) };
    let text = timetable(It, &[line("Yoga", 19, 4), line("HIIT", 20, 0), next], 2);
    assert_eq!(text.matches("domenica 22 novembre").count(), 1);
    assert!(text.contains("2. 20:00–21:00 HIIT (al completo, 15,00 €)\n*lunedì 23 novembre*\n3. "), "{text}");
    assert!(text.contains("altre 2"));
}
