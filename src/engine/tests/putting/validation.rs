//! E9: what is refused, in words that help, with nothing written.

use engine::EnqueueError;

use crate::{house::House, jobs::Note};

#[tokio::test]
async fn e09_the_api_refuses_what_no_row_takes() {
    let house = House::new().await;
    house.register::<Note>().await;
    let long = "é".repeat(513);
    for (job, field) in [
        (Note::keyed("x", &long), "key"),
        (Note::keyed("x", "a\0b"), "key"),
        (Note { lane: Some(long.clone()), ..Note::new("x") }, "lane"),
        (Note { lane: Some("a\u{85}b".to_owned()), ..Note::new("x") }, "lane"),
        (Note { limit_key: Some("a\nb".to_owned()), ..Note::new("x") }, "limit key"),
    ] {
        let error = house.client.enqueue_now(1, &job).await.unwrap_err();
        assert!(matches!(error, EnqueueError::Field { kind: "note", field: found, .. } if found == field), "{error}");
    }
    let error = house.client.enqueue_now(1, &Note::new("x".repeat(1 << 20))).await.unwrap_err();
    assert!(matches!(error, EnqueueError::TooLarge { bytes, .. } if bytes > 1 << 20), "{error}");
    assert_eq!(house.number("select count(*) from holdfast.job").await, 0);
    house.client.enqueue_now(1, &Note::keyed("x", &"é".repeat(512))).await.unwrap();
}

#[tokio::test]
async fn e09_sql_refuses_what_no_row_takes() {
    let house = House::new().await;
    house.register::<Note>().await;
    for (args, words) in [
        ("'{}', key => repeat('é', 513)", "key of kind \"note\" is longer than 512 characters"),
        ("'{}', key => E'a\\tb'", "key of kind \"note\" contains a control character"),
        ("'{}', lane => E'a\\u0085b'", "lane of kind \"note\" contains a control character"),
        ("'{}', limit_key => E'a\\u007f'", "limit_key of kind \"note\" contains a control character"),
        ("'{}', priority => 40000", "priority 40000 of kind \"note\" is out of range"),
        ("to_json(repeat('x', 1048576))", "payload of kind \"note\" has 1048578 bytes, more than 1 MiB"),
        ("null", "payload of kind \"note\" is null"),
        ("'{\"a\":'", "invalid input syntax for type json"),
    ] {
        let error = house.refusal(&format!("select holdfast.enqueue('note', {args})")).await;
        assert!(error.contains(words), "{args}: {error}");
    }
    assert_eq!(house.number("select count(*) from holdfast.job").await, 0);
    assert_eq!(house.number("select count(*) from holdfast.uniq").await, 0);
    house.run_sql("select holdfast.enqueue('note', '{}', priority => 32767, trace => 'no trace')").await;
}

#[tokio::test]
async fn e09_a_kind_has_a_plain_name() {
    let house = House::new().await;
    let long = "a".repeat(64);
    // The fourth has a Cyrillic letter, the fifth one that nobody sees.
    for name in ["", "Note", "1note", "n\u{43e}te", "no\u{200b}te", "note\n", "no te", long.as_str()] {
        let error = house.client.register_kinds(&[name.to_owned()]).await.unwrap_err().to_string();
        assert!(error.contains("kind_name_form"), "{name:?}: {error}");
    }
    assert_eq!(house.number("select count(*) from holdfast.kind").await, 0);
    house.client.register_kinds(&["a".repeat(63)]).await.unwrap();
}
