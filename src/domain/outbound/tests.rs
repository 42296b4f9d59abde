use super::{Button, Content, ContentError, Document, DocumentKind, List, Row};

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

fn document(text: &str, filename: &str) -> Content {
    let kind = DocumentKind::Receipt { payment: 7 };
    Content { document: Some(Document { media_id: None, filename: filename.to_owned(), kind }), ..Content::text(text) }
}

#[test]
fn what_whatsapp_takes_passes() {
    let buttons = vec![button("yes:1", "Sì, grazie"), button("no:1", "No")];
    let files = [document("", "a.pdf"), document(&"à".repeat(1024), "ricevuta-1.pdf")];
    let contents = [Content::text("à".repeat(4096)), Content { buttons, ..Content::text("?") }, list(10)];
    for content in contents.into_iter().chain(files) {
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

#[test]
fn a_document_goes_with_a_caption_and_nothing_else() {
    let file = document("Ecco", "a.pdf");
    let beside = |field| Err(ContentError::BesideDocument { field });
    let buttons = Content { buttons: vec![button("a", "a")], ..file.clone() };
    assert_eq!(buttons.check(), beside("buttons"));
    assert_eq!(Content { list: list(1).list, ..file }.check(), beside("list"));
    let long = ContentError::TooLong { field: "caption", length: 1025, limit: 1024 };
    assert_eq!(document(&"a".repeat(1025), "a.pdf").check(), Err(long));
    assert_eq!(document(" ", "a.pdf").check(), Err(ContentError::Empty { field: "caption" }));
    assert_eq!(document("", "").check(), Err(ContentError::Empty { field: "document filename" }));
}

#[test]
fn contents_from_before_there_were_documents_still_read() {
    let old: Content = serde_json::from_str(r#"{"text": "Ciao", "buttons": [], "list": null}"#).unwrap();
    assert_eq!(old, Content::text("Ciao"));
    let stored = r#"{"text": "", "document": {"filename": "a.ics", "kind": {"calendar": {"seat": 7}}}}"#;
    let content: Content = serde_json::from_str(stored).unwrap();
    let kind = DocumentKind::Calendar { seat: 7 };
    assert_eq!(content.document, Some(Document { media_id: None, filename: "a.ics".to_owned(), kind }));
    assert_eq!(serde_json::from_str::<Content>(&serde_json::to_string(&content).unwrap()).unwrap(), content);
    assert_eq!([content.kind(), old.kind(), list(1).kind()], ["document", "text", "interactive"]);
}
