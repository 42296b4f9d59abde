//! Envelopes in every shape that has been seen.

use serde_json::json;

use super::*;
use crate::whatsapp::{DeliveryState, Kind, Person};

const RECEIVED: i64 = 1_763_760_000;

fn received() -> DateTime<Utc> {
    DateTime::from_timestamp(RECEIVED, 0).unwrap()
}

fn events(envelope: &Value) -> Vec<Event> {
    let updates = parse(envelope.to_string().as_bytes(), received()).unwrap();
    updates.into_iter().map(|update| update.event).collect()
}

fn with_value(value: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})
}

fn text(id: &str) -> Value {
    json!({"from": "39333", "id": id, "timestamp": "1763750000", "type": "text", "text": {"body": id}})
}

fn person(phone: &str, bsuid: &str) -> Person {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Person { phone: some(phone), bsuid: some(bsuid) }
}

#[test]
fn a_plain_message_comes_out_whole() {
    let value = json!({
        "messaging_product": "whatsapp", "metadata": {"display_phone_number": "+39 049", "phone_number_id": "100"},
        "contacts": [{"profile": {"name": "Anna"}, "wa_id": "39333", "user_id": "IT.1"}], "messages": [text("w1")],
    });
    let updates = parse(with_value(&value).to_string().as_bytes(), received()).unwrap();
    let [Update { phone_number_id, event: Event::Message(message) }] = updates.as_slice() else {
        panic!("{updates:?}");
    };
    assert_eq!(phone_number_id.as_deref(), Some("100"));
    assert_eq!((message.wamid.as_str(), message.text.as_str(), message.kind), ("w1", "w1", Kind::Text));
    assert_eq!(message.at.timestamp(), 1_763_750_000);
    assert_eq!(message.from.name.as_deref(), Some("Anna"));
    assert_eq!(message.from.bsuid.as_deref(), Some("IT.1"));
    assert_eq!(message.raw, text("w1"));
}

#[test]
fn a_batch_keeps_its_order_across_entries_and_changes() {
    let change = |ids: &[&str]| json!({"field": "messages", "value": {"messages": ids.iter().map(|id| text(id)).collect::<Vec<_>>()}});
    let envelope = json!({"entry": [{"changes": [change(&["1", "2"]), change(&["3"])]}, {"id": 7}, {"changes": [change(&["4"])]}]});
    let ids: Vec<_> = events(&envelope)
        .into_iter()
        .map(|event| if let Event::Message(message) = event { message.wamid } else { panic!("{event:?}") })
        .collect();
    assert_eq!(ids, ["1", "2", "3", "4"]);
}

#[test]
fn messages_and_statuses_share_a_value() {
    let value =
        json!({"messages": [text("w1")], "statuses": [{"id": "w0", "status": "delivered"}], "errors": [{"code": 1}]});
    let events = events(&with_value(&value));
    let [Event::Message(_), Event::Status(status), Event::Other(error)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!((&status.state, status.at), (&DeliveryState::Delivered, received()));
    assert_eq!(error.field, "errors");
}

#[test]
fn empty_and_foreign_envelopes_tell_nothing_wrong() {
    let empty = [
        json!({}),
        json!({"entry": []}),
        json!({"entry": null}),
        json!({"entry": [{"id": "1"}]}),
        json!({"entry": [{"changes": {}}], "object": "whatsapp_business_account", "novelty": 1}),
        with_value(&json!({})),
        with_value(&Value::Null),
        with_value(&json!({"messages": "none", "statuses": 3, "contacts": null})),
    ];
    for envelope in empty {
        assert_eq!(events(&envelope), [], "{envelope}");
    }
    let foreign = json!({"object": "page", "entry": [{"messaging": []}]});
    assert!(matches!(events(&foreign).as_slice(), [Event::Other(other)] if other.field == "page"));
}

#[test]
fn fields_that_are_not_for_us_are_kept_and_never_messages() {
    for field in ["smb_message_echoes", "history", "smb_app_state_sync", "calls", "novelty"] {
        let value =
            json!({"metadata": {"phone_number_id": "100"}, "messages": [text("w1")], "message_echoes": [text("w2")]});
        let envelope = json!({"entry": [{"changes": [{"field": field, "value": value}]}]});
        let updates = parse(envelope.to_string().as_bytes(), received()).unwrap();
        let [Update { phone_number_id, event: Event::Other(other) }] = updates.as_slice() else {
            panic!("{updates:?}");
        };
        assert_eq!((other.field.as_str(), &other.raw), (field, &value));
        assert_eq!(phone_number_id.as_deref(), Some("100"));
    }
}

#[test]
fn what_has_no_id_no_sender_or_a_group_is_not_a_message() {
    let cases = [
        (json!({"from": "39333", "type": "text"}), "messages"),
        (json!({"id": "w1", "from": "", "type": "text"}), "messages"),
        (json!({"id": "x".repeat(600), "from": "39333"}), "messages"),
        (json!("hello"), "messages"),
        (json!({"id": "w1", "from": "39333", "group_id": "g"}), "group_messages"),
    ];
    for (message, field) in cases {
        let events = events(&with_value(&json!({"messages": [message]})));
        assert!(matches!(events.as_slice(), [Event::Other(other)] if other.field == field), "{message}");
    }
}

#[test]
fn a_message_from_the_future_is_from_now() {
    let mut message = text("w1");
    for timestamp in [json!(RECEIVED + 3600), json!("never"), Value::Null] {
        message["timestamp"] = timestamp;
        let events = events(&with_value(&json!({"messages": [message]})));
        assert!(matches!(events.as_slice(), [Event::Message(message)] if message.at == received()));
    }
}

#[test]
fn a_person_moves_to_a_new_number() {
    let cases = [
        (json!({"type": "user_changed_number", "wa_id": "39444", "user_id": "IT.2"}), person("39444", "IT.2")),
        (json!({"type": "customer_changed_number", "new_wa_id": "39444"}), person("39444", "")),
        (json!({"type": "user_changed_user_id", "user_id": "IT.2"}), person("", "IT.2")),
        (json!({"type": "customer_identity_changed", "wa_id": "39333"}), person("", "")),
    ];
    for (system, after) in cases {
        let message =
            json!({"from": "39333", "id": "w1", "timestamp": "1763750000", "type": "system", "system": system});
        let events = events(&with_value(&json!({"messages": [message]})));
        let [Event::IdentityChange(change)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((&change.before, &change.after), (&person("39333", ""), &after));
        assert_eq!(change.raw["id"], "w1");
    }
}

#[test]
fn a_message_of_another_type_changes_nobody() {
    let mut message = text("w1");
    message["system"] = json!({"type": "user_changed_number", "wa_id": "39444"});
    let events = events(&with_value(&json!({"messages": [message]})));
    assert!(matches!(events.as_slice(), [Event::Message(message)] if message.kind == Kind::Text));
}

#[test]
fn a_new_user_id_is_told_by_its_own_field() {
    let update = json!({"wa_id": "39333", "detail": "x", "user_id": {"previous": "IT.1", "current": "IT.2"}, "timestamp": "1763750000"});
    let envelope = |items: Value| json!({"entry": [{"changes": [{"field": "user_id_update", "value": {"user_id_update": items}}]}]});
    let events_of = |items| events(&envelope(items));
    let found = events_of(json!([update, {"wa_id": "39333"}]));
    let [Event::IdentityChange(change), Event::Other(_)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(change.before, person("39333", "IT.1"));
    assert_eq!(change.after, person("39333", "IT.2"));
}

#[test]
fn what_is_no_envelope_is_an_error() {
    assert!(matches!(parse(b"{", received()), Err(Unreadable::NotJson(_))));
    assert!(matches!(parse(b"", received()), Err(Unreadable::NotJson(_))));
    for body in ["[]", "null", "3", "\"text\""] {
        assert!(matches!(parse(body.as_bytes(), received()), Err(Unreadable::NotAnObject)), "{body}");
    }
}

#[test]
fn a_thousand_updates_of_three_megabytes_are_read() {
    let messages: Vec<_> = (0..1000)
        .map(|n| {
            let mut m = text(&format!("w{n}"));
            m["text"]["body"] = json!("a".repeat(2900));
            m
        })
        .collect();
    assert_eq!(events(&with_value(&json!({"messages": messages}))).len(), 1000);
}
