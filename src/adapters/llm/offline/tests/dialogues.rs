use domain::Language::{En, It};

use super::house::Talk;

#[test]
fn one_exact_session_is_proposed_at_once() {
    let mut talk = Talk::new(En);
    let (calls, words) = talk.say("I want yoga tomorrow at 7pm");
    assert_eq!(calls, ["find_sessions activity=yoga date=2027-03-11 time=19:00", "create_booking session_id=102"]);
    assert_eq!(words, "proposed");
}

#[test]
fn several_sessions_are_chosen_from_in_many_ways() {
    for choice in [
        "2",
        "la seconda",
        "il 2",
        "numero due",
        "quella delle 19",
        "alle 19",
        "le 19",
        "19",
        "con Giulia",
        "giulia",
        "quella di sera",
        "l'ultima",
        "la 2 grazie",
        "prendo la seconda",
    ] {
        let mut talk = Talk::new(It);
        let (_, words) = talk.say("yoga domani");
        assert!(words.contains("1. Yoga con Anna Neri") && words.contains("2. Yoga con Giulia Testa"), "{words}");
        assert_eq!(talk.last_call(choice), "create_booking session_id=102", "{choice}");
    }
    for choice in [
        "the first",
        "1",
        "number one",
        "the 8am one",
        "in the morning",
        "with Anna",
        "any",
        "the first one please",
        "Yoga Thu 11 Mar 08:00 [session 100]",
    ] {
        let mut talk = Talk::new(En);
        talk.say("yoga tomorrow");
        assert_eq!(talk.last_call(choice), "create_booking session_id=100", "{choice}");
    }
}

#[test]
fn a_message_goes_on_from_the_one_before() {
    let mut talk = Talk::new(It);
    talk.say("yoga domani alle 19");
    assert_eq!(talk.last_call("e venerdì?"), "create_booking session_id=106");
    assert_eq!(talk.say("alle 8 di mattina invece").0[0], "find_sessions activity=Yoga date=2027-03-12 time=08:00");
    assert_eq!(talk.say("e pilates?").0[0], "find_sessions activity=Pilates date=2027-03-12 time=08:00");

    let mut talk = Talk::new(En);
    talk.say("pilates tomorrow");
    assert_eq!(talk.last_call("and on friday?"), "create_booking session_id=105");
    assert_eq!(talk.say("no, saturday").0[0], "find_sessions activity=Pilates date=2027-03-13");
    assert_eq!(talk.say("yes but at 7pm").0[0], "find_sessions activity=Pilates date=2027-03-13 time=19:00");
}

#[test]
fn slots_come_one_by_one() {
    let mut talk = Talk::new(It);
    assert!(talk.say("vorrei prenotare").1.contains("Boxe, Pilates, Yoga"));
    assert!(talk.say("yoga").1.contains("1. Yoga"));
    assert!(talk.say("venerdì").1.contains("venerdì 12 marzo 08:00"));
    assert_eq!(talk.last_call("di sera"), "create_booking session_id=106");
}

#[test]
fn what_is_not_there_is_said_and_the_nearest_offered() {
    let mut talk = Talk::new(En);
    let (_, words) = talk.say("yoga tomorrow at 3pm");
    assert!(
        words.starts_with("I have nothing with a free spot exactly like that") && words.contains("1. Yoga"),
        "{words}"
    );
    assert_eq!(talk.last_call("the second"), "create_booking session_id=102");

    let (calls, words) = Talk::new(It).say("golf domani");
    assert_eq!(calls, ["find_sessions activity=golf date=2027-03-11"]);
    assert!(words.contains("non c'è «golf»") && words.contains("Boxe, Pilates, Yoga"), "{words}");
}

#[test]
fn a_full_session_leads_to_its_alternatives() {
    let mut talk = Talk::new(It);
    talk.lists_are_closed = true;
    let (calls, words) = talk.say("boxe domani alle 20");
    assert_eq!(calls.last().unwrap(), "create_booking session_id=103");
    assert!(
        words.contains("Boxe con Marco Gallo, giovedì 11 marzo 20:00–21:00") && words.contains("al completo"),
        "{words}"
    );
    assert_eq!(talk.last_call("la prima"), "create_booking session_id=101");
}

#[test]
fn a_limit_of_time_is_kept_by_what_is_offered() {
    let (_, words) = Talk::new(It).say("cosa c'è domani dopo le 18:30?");
    assert!(words.contains("Yoga con Giulia") && !words.contains("Pilates"), "{words}");
}

#[test]
fn two_activities_are_offered_together() {
    let mut talk = Talk::new(En);
    let (_, words) = talk.say("yoga or pilates tomorrow evening");
    assert!(words.contains("1. Yoga with Giulia") && words.contains("2. Pilates with Marco"), "{words}");
    assert_eq!(talk.last_call("pilates"), "create_booking session_id=101");
}

#[test]
fn a_booking_is_found_before_it_is_cancelled() {
    let mut talk = Talk::new(It);
    assert!(talk.say("disdici yoga").1.starts_with("Non hai prenotazioni"));
    talk.booked = vec![102];
    assert_eq!(talk.last_call("non riesco a venire domani"), "cancel_booking booking_id=1102");

    let mut talk = Talk::new(En);
    talk.booked = vec![101, 106];
    assert_eq!(talk.last_call("cancel my yoga"), "cancel_booking booking_id=1106");
    assert_eq!(talk.last_call("cancel the first one"), "cancel_booking booking_id=1101");
    assert!(talk.say("cancel my booking").1.contains("2. Yoga"));
    assert_eq!(talk.last_call("the second"), "cancel_booking booking_id=1106");
    talk.say("cancel");
    assert_eq!(talk.last_call("the pilates one"), "cancel_booking booking_id=1101");
}

#[test]
fn a_row_of_the_timetable_can_be_booked() {
    let mut talk = Talk::new(It);
    assert!(talk.say("cosa c'è domani?").1.contains("2. 18:00–19:00 Pilates"));
    assert_eq!(talk.last_call("la 2"), "create_booking session_id=101");
}

#[test]
fn thanks_keep_an_offer_and_a_no_takes_it_back() {
    let mut talk = Talk::new(It);
    talk.say("yoga domani");
    assert_eq!(talk.say("grazie, ci penso").0.len(), 0);
    assert_eq!(talk.last_call("la 2"), "create_booking session_id=102");

    let mut talk = Talk::new(It);
    talk.say("yoga domani");
    assert!(talk.say("no grazie").0.is_empty());
    assert!(talk.say("2").0.is_empty());
}

#[test]
fn a_yes_that_came_too_late_proposes_again() {
    let mut talk = Talk::new(En);
    talk.say("yoga tomorrow at 7pm");
    assert_eq!(talk.last_call("yes please"), "create_booking session_id=102");
}

#[test]
fn messages_in_a_row_are_one() {
    let mut talk = Talk::new(It);
    assert_eq!(talk.last_call("ciao\nvorrei yoga\ndomani\nalle 19"), "create_booking session_id=102");
}

#[test]
fn the_answer_follows_the_language_of_the_message() {
    let mut talk = Talk::new(It);
    assert!(talk.say("hello there").1.starts_with("Hello"));
    assert!(talk.say("buongiorno").1.starts_with("Ciao"));
    assert!(talk.say("yoga 11/3").1.starts_with("Ho trovato"));
}
