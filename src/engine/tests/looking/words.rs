//! The query box: what is read, and what is said about what is not.

use engine::inspect::{Query, SubjectKind};

fn printed(text: &str) -> String {
    Query::parse(text).unwrap().to_string()
}

fn refused(text: &str) -> (String, usize, String) {
    let error = Query::parse(text).unwrap_err();
    (error.word, error.at, error.remedy)
}

#[test]
fn a_query_prints_back_to_the_same_text() {
    for text in [
        "",
        "state:dead",
        "state:dead,cancelled -kind:think tenant:3 id:17 root:1 parent:2",
        "lane:guest:7 key:\"a b\",c error:\"timed out\" attempt:>3 age:>10m age:<2d",
        "since:2026-11-22 until:2026-11-22T10:30:00Z args.a.b:x,y",
        "phone:+39055123 booking:12 message:wamid.X conversation:9",
        "trace:4bf92f3577b34da6a3ce929d0e0e4736 timeout -slow \"two words\" \"-minus\" \"17\" \"a:b\" \"say \\\"so\\\"\" \\",
    ] {
        assert_eq!(printed(text), text);
    }
    assert_eq!(printed("  STATE:Dead   17 "), "state:dead id:17");
}

#[test]
fn an_error_names_the_word_its_place_and_the_remedy() {
    let (word, at, remedy) = refused("state:dead kond:x");
    assert_eq!((word.as_str(), at), ("kond:x", 12));
    assert!(remedy.contains("no qualifier `kond:`") && remedy.contains("state, kind"), "{remedy}");
    for (text, word, at, part) in [
        ("è state:undead", "state:undead", 3, "completed, dead"),
        ("error:\"open", "error:\"open", 1, "not closed"),
        ("age:10m", "age:10m", 1, "age:>10m"),
        ("id:x", "id:x", 1, "whole number"),
        ("kind: x", "kind:", 1, "value is missing"),
        ("-age:>1d", "-age:>1d", 1, "turn the comparison around"),
        ("attempt:>x", "attempt:>x", 1, "attempt:>3"),
        ("since:yesterday", "since:yesterday", 1, "since:2026-11-22"),
        ("trace:12", "trace:12", 1, "32 hexadecimal"),
        ("\"a\"b", "\"a\"b", 1, "put a space"),
        ("args.:x", "args.:x", 1, "no qualifier"),
        ("-phone:1", "-phone:1", 1, "should be about"),
        ("99999999999999999999", "99999999999999999999", 1, "whole number"),
    ] {
        let error = refused(text);
        assert_eq!((error.0.as_str(), error.1), (word, at), "{text}");
        assert!(error.2.contains(part), "{text}: {}", error.2);
    }
}

#[test]
fn chips_tell_each_word_and_the_query_without_it() {
    let chips = Query::parse("state:dead  kind:\"a\" -b").unwrap().chips();
    let told: Vec<_> = chips.iter().map(|chip| (chip.text.as_str(), chip.without.as_str())).collect();
    assert_eq!(told, [("state:dead", "kind:a -b"), ("kind:a", "state:dead -b"), ("-b", "state:dead kind:a")]);
}

#[test]
fn subjects_are_handed_to_the_caller() {
    let subjects = Query::parse("phone:+39055,+39056 state:dead message:wamid.A").unwrap().subjects();
    assert_eq!((subjects[0].kind, subjects[0].values.len()), (SubjectKind::Phone, 2));
    assert_eq!((subjects[1].kind, subjects[1].values[0].as_str()), (SubjectKind::Message, "wamid.A"));
    assert_eq!(subjects.len(), 2);
}

/// Pieces of what people type, put together by a plain generator of numbers.
const PIECES: [&str; 34] = [
    "state:",
    "dead",
    "kind:",
    "-",
    "\"",
    "\\",
    ",",
    " ",
    ":",
    "args.a.b:",
    "args.",
    "age:>",
    "10m",
    "attempt:<=",
    "3",
    "17",
    "since:",
    "2026-11-22",
    "error:",
    "è",
    "\u{202e}",
    "\t",
    "\n",
    "\0",
    ">",
    "<",
    "=",
    "w",
    "🦀",
    "phone:",
    "+39",
    "until:",
    "id:",
    "x",
];

#[test]
fn whatever_is_typed_is_read_or_refused_and_what_is_read_prints_back() {
    let (mut seed, mut read) = (7_u64, 0);
    for _ in 0..40_000 {
        let mut text = String::new();
        loop {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(seed >> 33).unwrap();
            text.push_str(PIECES[at % PIECES.len()]);
            if at.is_multiple_of(7) {
                break;
            }
        }
        if let Ok(query) = Query::parse(&text) {
            read += 1;
            let printed = query.to_string();
            assert_eq!(Query::parse(&printed).as_ref(), Ok(&query), "{text:?} prints {printed:?}");
            for chip in query.chips() {
                assert!(Query::parse(&chip.without).is_ok() && Query::parse(&chip.text).is_ok(), "{chip:?}");
            }
        }
    }
    assert!(read > 4_000, "{read}");
}
