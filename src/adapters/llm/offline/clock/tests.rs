use super::super::token::{texts, tokens};
use super::{Times, read};

fn times(message: &str) -> Times {
    let tokens = tokens(message);
    let mut taken = vec![false; tokens.len()];
    read(&texts(&tokens), &mut taken)
}

/// The windows found, as `19:00` or `18:00-20:00`.
fn told(message: &str) -> String {
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let windows = times(message).windows;
    let told = windows.iter().map(|window| {
        if window.is_point() { clock(window.from) } else { format!("{}-{}", clock(window.from), clock(window.until)) }
    });
    told.collect::<Vec<_>>().join(" ")
}

/// Each row: messages that mean the same, and what they mean.
fn check(cases: &[(&str, &str)]) {
    let each =
        cases.iter().flat_map(|(messages, expected)| messages.split(" | ").map(move |message| (message, *expected)));
    let wrong: Vec<_> = each
        .filter(|(message, expected)| told(message) != *expected)
        .map(|(message, expected)| (message, expected, told(message)))
        .collect();
    assert!(wrong.is_empty(), "message, expected, read: {wrong:#?}");
}

#[test]
fn figures() {
    check(&[
        (
            "19:00 | 19.00 | alle 19 | ore 19 | 19h | h 19 | alle ore 19 | alle 19:00 | 19h00 | at 19 | per le 19",
            "19:00",
        ),
        ("7pm | 7 pm | 7 p.m. | 7PM | 7p | at 7pm | @7pm | 7:00pm | 07:00 PM | 7 in the evening", "19:00"),
        ("19:30 | 19.30 | 7:30pm | 7.30 pm | alle 19 e 30 | alle 19 e mezza | 19h30 | 730pm | at 1930", "19:30"),
        ("9am | 9 am | alle 9 | at 9 | 09:00 | 9 del mattino | alle 9 di mattina", "09:00"),
        ("alle 6 | at 6 | 6 o'clock | alle sei | verso le 6 | around 6 | 18:00", "18:00"),
        ("alle 10.15 | 10:15 | 10:15 am | a quarter past 10", "10:15"),
        ("12:30 | 12.30 | 12:30pm | mezzogiorno e mezza | half past noon", "12:30"),
        ("12am | mezzanotte | midnight", "00:00"),
        ("07:30 | 7:30am | sette e mezza di mattina", "07:30"),
    ]);
}

#[test]
fn words() {
    check(&[
        ("alle sette di sera | seven in the evening | stasera alle 7 | tonight at 7 | seven pm | 7 tonight", "19:00"),
        ("alle sei e mezza | half past six | six thirty pm | le 6 e mezzo | 18 e 30", "18:30"),
        ("le otto meno un quarto di sera | quarter to eight pm | a quarter to 8 tonight", "19:45"),
        ("alle otto e un quarto di sera | quarter past eight in the evening | 20 e 15", "20:15"),
        ("alle nove meno dieci di mattina | ten to nine am", "08:50"),
        ("alle dieci e venti | ten twenty am | twenty past ten", "10:20"),
        ("mezzogiorno | noon | midday | alle 12 | at twelve", "12:00"),
        ("all'una | l'una | at 1 | one o'clock", "13:00"),
        ("alle tre del pomeriggio | three in the afternoon | at 3", "15:00"),
        ("alle diciotto e quarantacinque | 18:45", "18:45"),
    ]);
}

#[test]
fn an_hour_that_may_be_either() {
    check(&[
        ("alle 7 | at 7 | alle sette | 7 o'clock | verso le 7", "07:00 19:00"),
        ("alle 8 e mezza | half past eight | 8:30", "08:30 20:30"),
    ]);
}

#[test]
fn limits() {
    check(&[
        (
            "dopo le 18 | after 6pm | dalle 18 | from 6pm | after 6 | dalle 18 in poi | dalle sei di sera | \
             6pm onwards",
            "18:00-23:59",
        ),
        ("prima delle 10 | before 10 | earlier than 10am", "00:00-09:59"),
        ("entro le 14 | by 2pm | until 14:00 | fino alle 14 | no later than 2 pm", "00:00-14:00"),
        (
            "tra le 18 e le 20 | between 6 and 8pm | dalle 18 alle 20 | 18-20 | from 6 to 8 pm | \
             18:00 - 20:00 | 6-8pm",
            "18:00-20:00",
        ),
        ("tra le 9 e le 11 | between 9 and 11 | 9-11am | dalle nove alle undici", "09:00-11:00"),
        ("11am - 1pm | dalle 11 all'una | between 11 and 1", "11:00-13:00"),
        ("later than 5pm but before 8pm", "17:00-19:59"),
        ("dopo le 7 di sera | after 7", "19:00-23:59"),
        ("pausa pranzo | at lunch | lunchtime", "12:00-14:30"),
        ("dopo il lavoro | after work", "17:30-23:59"),
    ]);
}

#[test]
fn parts_of_the_day() {
    for (message, part, day) in [
        ("stasera", "evening", Some(0)),
        ("tonight", "evening", Some(0)),
        ("this evening", "evening", Some(0)),
        ("domani sera", "evening", None),
        ("stamattina", "morning", Some(0)),
        ("domattina", "morning", Some(1)),
        ("saturday morning", "morning", None),
        ("nel pomeriggio", "afternoon", None),
        ("this afternoon", "afternoon", Some(0)),
        ("in serata", "evening", None),
    ] {
        let times = times(message);
        assert_eq!((times.part.map(super::Part::name), times.day), (Some(part), day), "{message}");
        assert!(times.windows.is_empty(), "{message}");
    }
}

#[test]
fn what_is_no_time() {
    check(&[(
        "le 2 lezioni | at 3 people | yoga 2 | per 20 euro | 4 persone | 2 posti | la 2 | room 7 | 45 minuti",
        "",
    )]);
}

#[test]
fn every_minute_is_read_back() {
    for minute in 0..super::DAY {
        let (hour, rest) = (minute / 60, minute % 60);
        let expected = format!("{hour:02}:{rest:02}");
        let pm = format!("{}:{rest:02}{}", (hour + 11) % 12 + 1, if hour < 12 { "am" } else { "pm" });
        check(&[(&expected, &expected), (&format!("alle {expected}"), &expected), (&pm, &expected)]);
    }
}
