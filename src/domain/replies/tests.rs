use std::collections::BTreeSet;

use chrono::NaiveDate;
use fluent_bundle::FluentResource;

use super::*;
use crate::Language::{self, En, It};
use crate::booking::Return;
use crate::entitlements::Cover;
use crate::pricing::{Price, Quote, Step};
use crate::{CustomerId, Money, QuoteId, SessionId, Texts};

const SOURCES: [&str; 13] = [
    include_str!("bookings.rs"),
    include_str!("choices.rs"),
    include_str!("dates.rs"),
    include_str!("deals.rs"),
    include_str!("documents.rs"),
    include_str!("errands.rs"),
    include_str!("house.rs"),
    include_str!("notices.rs"),
    include_str!("plans.rs"),
    include_str!("price.rs"),
    include_str!("session.rs"),
    include_str!("talk.rs"),
    include_str!("waits.rs"),
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
        proposal_to_book(lang, &lines[0], &Cost::default()),
        yes_button(lang),
        no_button(lang),
        booked(lang, &lines[0], "H-7", 0),
        already_booked(lang, &lines[0]),
        full(lang, Some(&lines[2]), &lines),
        full(lang, None, &[]),
        cancelled(lang, &lines[0], None, false),
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
        last_word(lang),
        trouble(lang),
        unsupported_kind(lang),
        receipt_name(lang, "12"),
        receipt_foot(lang, "12"),
        receipt_page(lang, 1, 2),
        payment_method(lang, PaymentMethod::Card),
        payment_method(lang, PaymentMethod::Cash),
        full_date(lang, lines[0].starts.date()),
        full_moment(lang, lines[0].starts),
        receipt_caption(lang, "12"),
        receipt_filename(lang, "12"),
        calendar_caption(lang),
        calendar_filename(lang, "H-7"),
        calendar_summary(lang, "Yoga", "Studio"),
        calendar_description(lang, "Anna", "H-7"),
        calendar_description(lang, "", "H-7"),
        calendar_cancelled(lang, "H-7"),
    ]
    .into_iter()
    .chain(labels(receipt_words(lang)))
    .chain(deals(lang, &lines))
    .chain(unasked(lang, &lines[0]))
    .chain(errands_tests::everything(lang, &lines))
    .collect()
}

fn euros(minor: i64) -> Money {
    Money::new(minor, "EUR")
}

/// Half of 15 euros, say.
fn returned(paid: i64, percent: i64, credit: bool) -> Return {
    Return { paid: euros(paid), back: euros(paid * percent / 100), percent, credit, late: false }
}

fn quoted(places: i32, steps: Vec<Step>) -> Quote {
    let each_minor = 1500 + steps.iter().map(|step| step.change_minor).sum::<i64>();
    Quote {
        id: QuoteId(1),
        session: SessionId(1),
        customer: CustomerId(1),
        places,
        total: euros(each_minor * i64::from(places)),
        price: Price { base_minor: 1500, each_minor, steps },
        expires_at: chrono::DateTime::UNIX_EPOCH,
    }
}

fn dearer() -> Quote {
    let step = |it: &str, en: &str, change_minor| Step { rule: 1, name: Texts::new(it, en), change_minor };
    quoted(2, vec![step("quasi al completo", "almost full", 300), step("soci", "members", -150)])
}

/// Everything about money and waiting.
fn deals(lang: Language, lines: &[SessionLine]) -> Vec<String> {
    let line = &lines[0];
    let half_past = chrono::NaiveTime::from_hms_opt(19, 30, 0).unwrap();
    let covers = [(Some(Cover::Credits), None), (Some(Cover::Membership), None), (None, Some(15))];
    let costs = covers.map(|(cover, hold)| Cost::new(lang, &dearer(), cover, hold));
    let backs = [(1500, 100, false), (1500, 50, false), (1500, 0, false), (0, 100, true), (0, 0, false)];
    let mut said: Vec<String> = costs.iter().map(|cost| proposal_to_book(lang, line, cost)).collect();
    for (paid, percent, credit) in backs {
        let returns = returned(paid, percent, credit);
        said.push(proposal_to_cancel(lang, line, &returns, credit || paid == 0 && percent == 0));
        said.push(cancelled(lang, line, Some(&returns), credit));
    }
    said.extend([0, 300, -300].map(|minor| proposal_to_move(lang, line, &lines[1], &euros(minor))));
    said.extend([0, 1, 5].map(|ahead| proposal_to_wait(lang, &lines[2], ahead, &lines[..1])));
    said.extend([
        proposal_to_wait(lang, &lines[2], 1, &[]),
        moved(lang, line, "H-7"),
        waiting(lang, line, 1),
        waiting(lang, line, 3),
        already_waiting(lang, 2),
        place_free(lang, line),
        held(lang, line, half_past),
        booked(lang, line, "H-7", 1500),
        pay_button(lang),
        nothing_to_pay(lang),
        link_comes(lang),
        clash(lang, Some(line)),
        clash(lang, None),
        bookings_not_open(lang),
        too_late_to_move(lang),
        offer_gone(lang),
        offer_passed(lang),
        nothing_offered(lang),
        opted_out(lang),
        opted_in(lang),
    ]);
    said
}

/// Everything that is said unasked.
fn unasked(lang: Language, line: &SessionLine) -> Vec<String> {
    vec![
        reminder(lang, line),
        waitlist_offer(lang, line, "19:30", &euros(1500)),
        take_button(lang),
        waitlist_promoted(lang, line, "H-7"),
        somebody_cancelled(lang, line),
        offer_expired(lang, line),
        payment_link(lang, "Yoga", &euros(1500), "https://pay.example/1", Some("19:30")),
        payment_link(lang, "Yoga", &euros(1500), "https://pay.example/1", None),
        payment_received(lang, line, &euros(1500), "H-7"),
        plan_paid(lang, "Dieci ingressi", &euros(12_000)),
        hold_expired(lang, line),
        paid_in_vain(lang, line, &euros(1500)),
        refund_made(lang, &euros(1500)),
        called_off(lang, line, Some(&euros(1500))),
        called_off(lang, line, None),
        session_changed(lang, line),
        credits_expiring(lang, 1, "Dieci ingressi", "domenica 22 novembre"),
        credits_expiring(lang, 3, "Dieci ingressi", "domenica 22 novembre"),
    ]
}

/// Taken apart by name, so that no word is forgotten.
fn labels(words: ReceiptWords) -> [String; 17] {
    let ReceiptWords {
        title,
        not_fiscal,
        number,
        date,
        customer,
        description,
        when,
        places,
        amount,
        total,
        payments,
        no_payments,
        refunds,
        refund,
        due,
        credit,
        settled,
    } = words;
    [
        title,
        not_fiscal,
        number,
        date,
        customer,
        description,
        when,
        places,
        amount,
        total,
        payments,
        no_payments,
        refunds,
        refund,
        due,
        credit,
        settled,
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
        proposal_to_book(En, &line("Yoga", 19, 4), &Cost::default()),
        "Yoga with Anna Neri, Sunday 22 November 19:00–20:00 at Sala Grande. 4 spots left, €15.00. Shall I book it?"
    );
    assert_eq!(
        proposal_to_book(It, &line("Yoga", 19, 1), &Cost::default()),
        "Yoga con Anna Neri, domenica 22 novembre 19:00–20:00 presso Sala Grande. 1 posto libero, 15,00 €. Prenoto?"
    );
}

#[test]
fn a_price_is_told_with_its_reasons() {
    let line = line("Yoga", 19, 2);
    let cost = Cost::new(En, &dearer(), None, Some(15));
    let said = proposal_to_book(En, &line, &cost);
    assert!(said.contains("Price: €15.00 + €3.00 (almost full) − €1.50 (members) = €16.50."), "{said}");
    assert!(said.contains("For 2 people: €33.00."), "{said}");
    assert!(said.contains("I hold the place for 15 minutes"), "{said}");
}

#[test]
fn what_comes_back_is_told_before_and_after() {
    let line = line("Yoga", 19, 2);
    let half = returned(1500, 50, false);
    assert!(
        proposal_to_cancel(En, &line, &half, false).contains("You would get back €7.50 of the €15.00 you paid (50 %).")
    );
    assert!(
        cancelled(It, &line, Some(&half), false)
            .ends_with("Ti restituiamo 7,50 € dei 15,00 € che hai pagato, nello stesso modo.")
    );
    assert!(!proposal_to_cancel(En, &line, &returned(0, 100, false), false).contains("back"));
}

#[test]
fn a_session_without_crew_or_place_leaves_them_out() {
    let bare = SessionLine { crew: String::new(), location: String::new(), ..line("Yoga", 19, 4) };
    assert!(proposal_to_book(En, &bare, &Cost::default()).starts_with("Yoga, Sunday 22 November 19:00–20:00. 4 spots"));
}

#[test]
fn titles_keep_to_what_a_phone_shows() {
    for lang in Language::ALL {
        for title in [yes_button(lang), no_button(lang), list_button(lang), pay_button(lang), take_button(lang)] {
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

#[test]
fn a_receipt_says_in_both_languages_that_it_is_not_fiscal() {
    assert!(receipt_words(En).not_fiscal.contains("not a fiscal document"));
    assert!(receipt_words(It).not_fiscal.contains("non è un documento fiscale"));
    assert_eq!(receipt_foot(It, "2026-12"), "Ricevuta di cortesia 2026-12 · documento non fiscale");
}

#[test]
fn a_file_name_holds_nothing_that_leads_elsewhere() {
    assert_eq!(receipt_filename(En, "../2026/12\""), "receipt----2026-12-.pdf");
    assert_eq!(calendar_filename(It, "H-7"), "prenotazione-H-7.ics");
}

#[test]
fn a_calendar_names_who_gives_the_session_if_anybody_does() {
    let rest = "Your reference is H-7. To change or cancel it, write to us on WhatsApp.";
    assert_eq!(calendar_description(En, "Giulia Rossi", "H-7"), format!("With Giulia Rossi. {rest}"));
    assert_eq!(calendar_description(En, "", "H-7"), rest);
}
