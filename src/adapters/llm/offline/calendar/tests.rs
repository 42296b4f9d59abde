use chrono::{Days as Ahead, NaiveDate};

use super::super::token::{texts, tokens};
use super::find;

/// A Wednesday.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 3, 10).unwrap()
}

/// The days found, as `2027-03-11` or `2027-03-15..2027-03-21`.
fn days(message: &str) -> Vec<String> {
    let tokens = tokens(message);
    let found = find(&texts(&tokens), today());
    let told = |each: &super::Found| {
        if each.days.is_one() { each.days.from.to_string() } else { format!("{}..{}", each.days.from, each.days.until) }
    };
    found.iter().map(told).collect()
}

/// Each row: messages that mean the same, and what they mean.
fn check(cases: &[(&str, &str)]) {
    let each =
        cases.iter().flat_map(|(messages, expected)| messages.split(" | ").map(move |message| (message, *expected)));
    let wrong: Vec<_> = each
        .filter(|(message, expected)| days(message).join(" ") != *expected)
        .map(|(message, expected)| (message, expected, days(message).join(" ")))
        .collect();
    assert!(wrong.is_empty(), "message, expected, read: {wrong:#?}");
}

#[test]
fn days_near_today() {
    check(&[
        ("oggi | today | vengo oggi | in giornata", "2027-03-10"),
        ("domani | tomorrow | tmrw | Domani! | 2morrow", "2027-03-11"),
        ("dopodomani | dopo domani | the day after tomorrow | day after tomorrow", "2027-03-12"),
        ("tra tre giorni | fra 3 giorni | in 3 days | three days from now | 3 giorni da oggi", "2027-03-13"),
        ("tra una settimana | in a week | fra 1 settimana | oggi a otto", "2027-03-17"),
        ("fra due settimane | in a couple of weeks | 2 weeks from today | in a fortnight", "2027-03-24"),
        ("a week from friday", "2027-03-19"),
        ("ieri | yesterday", "2027-03-09"),
        ("l'altro ieri | the day before yesterday | 2 giorni fa | two days ago", "2027-03-08"),
    ]);
}

#[test]
fn weekdays() {
    check(&[
        ("giovedì | thursday | gio | thurs. | giovedi | this thursday | questo giovedì", "2027-03-11"),
        ("sabato | saturday | sab | on Sat | il sabato", "2027-03-13"),
        ("lunedì | monday | lun. | this monday", "2027-03-15"),
        ("mercoledì | wednesday | next wednesday | mercoledì prossimo", "2027-03-17"),
        ("questo mercoledì | this wednesday", "2027-03-10"),
        ("lunedì prossimo | next monday | il prossimo lunedì | monday next week", "2027-03-15"),
        ("venerdì prossimo | next friday | friday of next week | venerdì della prossima settimana", "2027-03-19"),
        ("venerdì a otto | friday after next", "2027-03-19"),
        ("la settimana prossima venerdì | next week on friday", "2027-03-19"),
        ("martedì di questa settimana | tuesday of this week", "2027-03-09"),
        ("sabato scorso | last saturday", "2027-03-06"),
        ("2 sundays from now", "2027-03-21"),
        ("lunedì o martedì | monday or tuesday", "2027-03-15 2027-03-16"),
    ]);
}

#[test]
fn days_by_number() {
    check(&[
        ("il 19 | the 19th | on the 19th | giorno 19 | venerdì 19 | Friday the 19th | Friday 19th", "2027-03-19"),
        ("il 5 | the 5th", "2027-04-05"),
        (
            "22 marzo | il 22 marzo | march 22 | March 22nd | the 22nd of march | 22nd March | 22/3 | 22/03 | 22.03",
            "2027-03-22",
        ),
        (
            "lunedì 22 marzo | Mon, March 22 | lunedì 22/3 | 22 marzo 2027 | 2027-03-22 | 22/3/2027 | 22-03-27",
            "2027-03-22",
        ),
        ("ventidue marzo | march twenty-second | 22 mar", "2027-03-22"),
        ("primo aprile | il 1° aprile | april first | the first of april | 1 aprile", "2027-04-01"),
        ("5/4 | il 5 aprile", "2027-04-05"),
        ("4/25 | 25/4 | april 25", "2027-04-25"),
        ("10 gennaio | january 10", "2028-01-10"),
        ("sabato 6 marzo", "2027-03-06"),
        ("29 febbraio", "2028-02-29"),
        ("31/12/2027", "2027-12-31"),
        ("il 20 del mese prossimo | 20th of next month", "2027-04-20"),
        ("primo lunedì di aprile | the first monday of april", "2027-04-05"),
        ("l'ultimo venerdì del mese | last friday of the month", "2027-03-26"),
    ]);
}

#[test]
fn several_days() {
    check(&[
        ("weekend | questo weekend | this weekend | nel fine settimana | this week-end", "2027-03-13..2027-03-14"),
        ("next weekend", "2027-03-20..2027-03-21"),
        ("questa settimana | this week | in settimana", "2027-03-10..2027-03-14"),
        ("la prossima settimana | settimana prossima | next week | the following week", "2027-03-15..2027-03-21"),
        ("inizio settimana prossima | beginning of next week", "2027-03-15..2027-03-17"),
        ("prossimi giorni | nei prossimi giorni | the next few days", "2027-03-11..2027-03-13"),
        ("da lunedì a mercoledì | from monday to wednesday", "2027-03-15..2027-03-17"),
        ("da domani a sabato | from tomorrow until saturday", "2027-03-11..2027-03-13"),
        (
            "dal 20 al 22 marzo | 20-22 marzo | tra il 20 e il 22 | march 20-22 | from the 20th to the 22nd",
            "2027-03-20..2027-03-22",
        ),
        ("entro venerdì | by friday", "2027-03-10..2027-03-12"),
        ("prima di sabato | before saturday", "2027-03-10..2027-03-12"),
        ("dal 20 | from the 20th", "2027-03-20..2027-04-02"),
        ("dopo il 20 | after the 20th", "2027-03-21..2027-04-02"),
        ("ad aprile | in april", "2027-04-01..2027-04-30"),
        ("fine mese | end of the month", "2027-03-21..2027-03-31"),
        ("inizio aprile | early april", "2027-04-01..2027-04-10"),
        ("il mese prossimo | next month", "2027-04-01..2027-04-30"),
        ("la settimana del 22 marzo | the week of march 22", "2027-03-22..2027-03-28"),
    ]);
}

#[test]
fn feasts() {
    check(&[
        ("pasqua | easter", "2027-03-28"),
        ("pasquetta | easter monday", "2027-03-29"),
        ("natale | christmas | xmas | Christmas day", "2027-12-25"),
        ("la vigilia di natale | christmas eve", "2027-12-24"),
        ("capodanno | new year's day", "2028-01-01"),
        ("ferragosto", "2027-08-15"),
        ("santo stefano | boxing day", "2027-12-26"),
    ]);
}

#[test]
fn what_is_no_day() {
    check(&[
        ("yoga alle 19 | at 7pm | alle 9 | the second one | the 7pm one | 19:30 | siamo in 3", ""),
        ("the first class | la seconda lezione | dopo le 18 | may i come | 18-20 | h 19", ""),
        ("il 31 novembre | the 31st of april | 30 febbraio | february 30", ""),
        ("lunedì 9:30 | monday 9am | lunedì alle 9", "2027-03-15"),
    ]);
}

#[test]
fn easter_of_known_years() {
    for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)] {
        let message = format!("pasqua {year}");
        let expected = NaiveDate::from_ymd_opt(year, month, day).unwrap().to_string();
        assert_eq!(days(&message), [expected], "{message}");
    }
}

#[test]
fn every_day_of_a_year_is_read_back() {
    for ahead in 0..366 {
        let date = today() + Ahead::new(ahead);
        for format in ["%d/%m/%Y", "%Y-%m-%d", "%-d %B %Y", "%B %-d, %Y", "%A %-d %B"] {
            let message = date.format(format).to_string();
            assert_eq!(days(&message), [date.to_string()], "{message}");
        }
    }
}
