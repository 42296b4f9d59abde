//! Whether arguments are what a job type reads.

use std::time::Duration;

use engine::CheckError;

use crate::{house::House, kit::engine};

#[tokio::test]
async fn arguments_are_read_as_their_job_type_reads_them() {
    let house = House::new().await;
    let checks = engine(&house).checks();
    for kind in ["note", "memo"] {
        assert_eq!(checks.check(kind, r#"{"text":"x","times":1}"#), Ok(()));
    }
    let told = |kind, payload| checks.check(kind, payload).unwrap_err().to_string();
    assert_eq!(told("note", r#"{"text":"x"}"#), ".: missing field `times` at line 1 column 12");
    assert_eq!(
        told("note", "{\"text\":\"x\",\n \"times\":\"two\"}"),
        "times: invalid type: string \"two\", expected u16 at line 2 column 14"
    );
    assert_eq!(
        told("letter", r#"{"texts":["x", 7]}"#),
        "texts[1]: invalid type: integer `7`, expected a string at line 1 column 16"
    );
    assert!(told("note", "{\"text\":\"x\",\"times\":1} and").contains("trailing characters"));
    assert!(told("note", "").contains("EOF"));
    assert_eq!(checks.check("nothing", "{}"), Err(CheckError::UnknownKind("nothing".to_owned())));
    let large = format!(r#"{{"text":"{}","times":1}}"#, "x".repeat(1 << 20));
    assert!(matches!(checks.check("note", &large), Err(CheckError::TooLarge { bytes }) if bytes == large.len()));
    let CheckError::Unreadable(place) = checks.check("note", "{\n\"times\":-1}").unwrap_err() else {
        panic!("it is no u16")
    };
    assert_eq!((place.path.as_str(), place.line), ("times", 2));
}

#[tokio::test]
async fn it_is_told_how_job_types_are_treated() {
    let house = House::new().await;
    let checks = engine(&house).checks();
    assert_eq!(checks.kinds().iter().map(|kind| kind.name).collect::<Vec<_>>(), ["note", "letter"]);
    let note = checks.kind("memo").unwrap();
    assert_eq!((note.name, note.attempts, note.concurrency, note.breaker), ("note", 1, 16, Some("printer")));
    assert_eq!((note.limits[0].name, note.limits[0].running, note.limits[0].rate), ("notes", Some(7), None));
    assert_eq!((note.limits[1].rate, note.limits[1].per), (Some(1000), Some(Duration::from_mins(1))));
    assert!(checks.kind("letter").unwrap().limits.is_empty());
    assert_eq!(serde_json::to_value(note).unwrap()["limits"][0]["scope"], "all");
}
