use domain::Language::{En, It};
use domain::replies;
use serde_json::{Value, json};

use super::super::super::{Message, Part, Role, Stop};
use super::house::sessions;
use super::{answer, calls, request, user, words};

/// A transcript in which `message` led to one call, which got `result`.
fn after(message: &str, name: &str, args: Value, result: Value) -> Vec<Message> {
    let call = Part::ToolCall { id: "call_0_0".into(), name: name.into(), args };
    let result = Part::ToolResult { id: "call_0_0".into(), name: name.into(), content: result };
    vec![
        user(message),
        Message { role: Role::Assistant, parts: vec![call] },
        Message { role: Role::Tool, parts: vec![result] },
    ]
}

#[test]
fn every_answer_to_a_proposal_has_its_sentence() {
    let session = sessions().remove(0);
    for (result, expected) in [
        (json!({ "result": "closed" }), replies::bookings_closed(En)),
        (json!({ "result": "started" }), replies::session_started(En)),
        (json!({ "result": "cancelled" }), replies::session_cancelled(En)),
        (json!({ "result": "unknown_session" }), replies::session_unknown(En)),
        (json!({ "result": "something new" }), replies::trouble(En)),
        (json!({ "error": "down" }), replies::trouble(En)),
        (json!({ "result": "full", "alternatives": [] }), replies::full(En, None, &[])),
    ] {
        let messages = after("Yoga [session 5]", "create_booking", json!({ "session_id": 5 }), result);
        assert_eq!(words(&answer(&request(messages, En))), expected);
    }
    let booked = after(
        "Yoga [session 100]",
        "create_booking",
        json!({ "session_id": 100 }),
        json!({ "result": "already_booked", "session": session }),
    );
    assert!(words(&answer(&request(booked, En))).starts_with("You already have a place: Yoga with Anna Neri"));
}

#[test]
fn a_failed_tool_is_trouble_and_no_claim() {
    for (message, name) in [
        ("yoga domani", "find_sessions"),
        ("le mie prenotazioni", "find_bookings"),
        ("dove siete?", "list_locations"),
        ("disdici", "find_bookings"),
    ] {
        let messages = after(message, name, json!({}), json!({ "error": "timeout" }));
        assert_eq!(words(&answer(&request(messages, It))), replies::trouble(It), "{message}");
    }
}

#[test]
fn one_failed_tool_leaves_the_other_its_answer() {
    let call = |id: &str, name: &str| Part::ToolCall { id: id.into(), name: name.into(), args: json!({}) };
    let result = |id: &str, name: &str, content: Value| Part::ToolResult { id: id.into(), name: name.into(), content };
    let messages = vec![
        user("what classes tomorrow and where are you?"),
        Message { role: Role::Assistant, parts: vec![call("a", "list_locations"), call("b", "list_sessions")] },
        Message {
            role: Role::Tool,
            parts: vec![
                result("b", "list_sessions", json!({ "sessions": sessions(), "more": 2 })),
                result("a", "list_locations", json!({ "error": "x" })),
            ],
        },
    ];
    let said = words(&answer(&request(messages, En)));
    assert!(said.starts_with(&replies::trouble(En)) && said.contains("Here is the timetable"), "{said}");
}

#[test]
fn without_tools_there_are_words_only() {
    let mut spent = request(vec![user("yoga tomorrow")], En);
    spent.tools.clear();
    let response = answer(&spent);
    assert_eq!((calls(&response).len(), response.stop, words(&response)), (0, Stop::EndTurn, replies::last_word(En)));

    let found = json!({ "match": "exact", "sessions": [sessions()[0]], "known_activities": [] });
    let mut spent = request(after("yoga tomorrow", "find_sessions", json!({ "activity": "yoga" }), found), En);
    spent.tools.clear();
    assert!(words(&answer(&spent)).contains("1. Yoga with Anna Neri"));
}

#[test]
fn results_of_another_model_are_not_taken_for_answers() {
    let messages = after("yoga tomorrow", "list_locations", json!({}), json!({ "locations": [] }));
    assert_eq!(words(&answer(&request(messages, En))), replies::trouble(En));
}

#[test]
fn a_session_that_the_customer_has_is_not_proposed_again() {
    let mut session = sessions().remove(2);
    session["already_booked"] = json!(true);
    let found = json!({ "match": "exact", "sessions": [session], "known_activities": ["Yoga"] });
    let messages = after("yoga domani alle 19", "find_sessions", json!({ "activity": "yoga" }), found);
    let response = answer(&request(messages, It));
    assert!(calls(&response).is_empty());
    assert!(words(&response).starts_with("Hai già un posto: Yoga con Giulia Testa"));
}

#[test]
fn a_place_that_nobody_knows_does_not_hide_the_session() {
    let found = json!({ "match": "near", "sessions": [sessions()[2]], "known_activities": ["Yoga"] });
    let args = json!({ "activity": "yoga", "location": "Studio Luna" });
    let messages = after("yoga tomorrow at 7pm at Studio Luna", "find_sessions", args, found);
    assert_eq!(calls(&answer(&request(messages, En))), ["create_booking session_id=102"]);
}

#[test]
fn calls_of_one_turn_have_different_ids() {
    let response = answer(&request(vec![user("yoga e pilates domani")], It));
    let ids = response.parts.iter().filter_map(|part| match part {
        Part::ToolCall { id, .. } => Some(id.as_str()),
        _ => None,
    });
    assert_eq!(ids.collect::<Vec<_>>(), ["call_0_0", "call_0_1"]);
    assert_eq!(response.stop, Stop::ToolUse);
}
