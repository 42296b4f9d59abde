use super::{Button, Content, ContentError, List, Row};

fn button(id: &str, title: &str) -> Button {
    Button { id: id.to_owned(), title: title.to_owned() }
}

fn list(rows: usize) -> Content {
    let row = |n: usize| Row { id: format!("session:{n}"), title: "Yoga".to_owned(), description: String::new() };
    Content {
        list: Some(List { button: "Orari".to_owned(), rows: (0..rows).map(row).collect() }),
        ..Content::text("Ecco")
    }
}

#[test]
fn what_whatsapp_takes_passes() {
    let buttons = vec![button("yes:1", "Sì, grazie"), button("no:1", "No")];
    for content in [Content::text("à".repeat(4096)), Content { buttons, ..Content::text("?") }, list(10)] {
        assert_eq!(content.check(), Ok(()), "{content:?}");
    }
}

#[test]
fn what_whatsapp_refuses_is_told_by_field() {
    let with = |buttons: Vec<Button>| Content { buttons, ..Content::text("?") };
    let four = (0..4).map(|n| button(&n.to_string(), &n.to_string())).collect();
    let both = Content { buttons: vec![button("a", "a")], ..list(1) };
    for (content, error) in [
        (Content::text(" "), ContentError::Empty { field: "text" }),
        (Content::text("a".repeat(4097)), ContentError::TooLong { field: "text", length: 4097, limit: 4096 }),
        (
            Content { text: "a".repeat(1025), ..list(1) },
            ContentError::TooLong { field: "text", length: 1025, limit: 1024 },
        ),
        (with(four), ContentError::TooMany { field: "buttons", count: 4, limit: 3 }),
        (
            with(vec![button("a", "x"), button("a", "y")]),
            ContentError::Doubled { field: "button id", value: "a".to_owned() },
        ),
        (
            with(vec![button("a", &"t".repeat(21))]),
            ContentError::TooLong { field: "button title", length: 21, limit: 20 },
        ),
        (list(0), ContentError::TooMany { field: "list rows", count: 0, limit: 10 }),
        (list(11), ContentError::TooMany { field: "list rows", count: 11, limit: 10 }),
        (both, ContentError::ButtonsAndList),
    ] {
        assert_eq!(content.check(), Err(error));
    }
}
