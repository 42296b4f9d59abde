use domain::Language::{self, En, It};
use serde_json::{Value, json};

use super::super::super::{Message, Part, Role};
use super::house::Talk;
use super::{answer, request, user, words};

/// Pieces that meet in strange orders.
const PIECES: [&str; 92] = [
    "yoga",
    "pilates",
    "domani",
    "tomorrow",
    "alle",
    "at",
    "le",
    "il",
    "the",
    "19",
    "7",
    "0",
    "00",
    "24",
    "31",
    "32",
    "99",
    "2027",
    "99999999999",
    ":",
    ".",
    "/",
    "-",
    "e",
    "and",
    "to",
    "mezza",
    "half",
    "past",
    "quarter",
    "meno",
    "un",
    "quarto",
    "pm",
    "a",
    "p",
    "m",
    "h",
    "tra",
    "fra",
    "in",
    "due",
    "giorni",
    "weeks",
    "settimana",
    "prossima",
    "next",
    "last",
    "of",
    "di",
    "marzo",
    "feb",
    "29",
    "30",
    "lunedì",
    "fri",
    "dal",
    "al",
    "from",
    "entro",
    "dopo",
    "after",
    "first",
    "ultimo",
    "non",
    "anzi",
    "con",
    "with",
    "Marco",
    "disdici",
    "move",
    "my",
    "lista d'attesa",
    "waiting list",
    "mettimi",
    "toglimi",
    "take me off",
    "sposta",
    "per due",
    "for 3",
    "siamo in",
    "pay",
    "paga",
    "pacchetto",
    "pack",
    "receipt",
    "rimborso",
    "sì",
    "[session",
    "]",
    "\u{1f600}",
    "ß",
];

/// A generator of numbers that repeat with their seed (xorshift).
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % sides
    }

    fn character(&mut self) -> char {
        let ranges = [0x20..0x7f, 0xa0..0x250, 0x300..0x370, 0x400..0x460, 0x2000..0x2070, 0x1f300..0x1f650];
        let range = &ranges[self.roll(ranges.len())];
        char::from_u32(range.start + u32::try_from(self.roll(range.len())).unwrap()).unwrap()
    }

    fn sentence(&mut self) -> String {
        let count = self.roll(14);
        let pieces: Vec<&str> = (0..count).map(|_| PIECES[self.roll(PIECES.len())]).collect();
        pieces.join(if self.roll(5) > 0 { " " } else { "" })
    }
}

#[test]
fn no_message_makes_it_panic_or_fall_silent() {
    let mut dice = Dice(7);
    for _ in 0..2_000 {
        let message = dice.sentence();
        let response = answer(&request(vec![user(&message)], It));
        let speaks = response.parts.iter().any(|part| match part {
            Part::Text { text } => !text.is_empty(),
            _ => true,
        });
        assert!(speaks, "{message:?}");
    }
}

#[test]
fn no_characters_make_it_panic() {
    let mut dice = Dice(11);
    for _ in 0..1_000 {
        let length = dice.roll(40);
        let message: String = (0..length).map(|_| dice.character()).collect();
        let response = answer(&request(vec![user(&message)], En));
        assert!(!response.parts.is_empty(), "{message:?}");
    }
}

#[test]
fn every_dialogue_comes_to_an_end() {
    let mut dice = Dice(13);
    for _ in 0..40 {
        let language = [It, En][dice.roll(2)];
        let mut talk = Talk::new(language);
        talk.booked = vec![101, 106];
        talk.waiting = vec![103, 107];
        for _ in 0..6 {
            talk.say(&dice.sentence());
        }
    }
}

#[test]
fn results_of_any_shape_are_survived() {
    let shapes = [
        json!(null),
        json!(7),
        json!("x"),
        json!([]),
        json!({}),
        json!({ "sessions": 3 }),
        json!({ "sessions": [{}, { "time": "é" }] }),
        json!({ "bookings": [{}] }),
        json!({ "bookings": [{ "booking_id": 7, "places": -1, "owes_minor": "x" }], "waiting": [{}] }),
        json!({ "on_sale": [{}, { "plan_id": 1 }], "yours": 7 }),
        json!({ "result": "full", "wait": 7, "position": [] }),
    ];
    for message in [
        "yoga domani",
        "disdici",
        "sposta yoga a venerdì",
        "sposta yoga",
        "mettimi in lista d'attesa per yoga domani",
        "toglimi dalla lista d'attesa",
        "sono in lista d'attesa?",
        "vorrei pagare",
        "ricevuta",
        "pacchetti",
        "vorrei un abbonamento",
        "quanto mi rimborsate?",
        "orari",
        "chi insegna?",
        "dove siete?",
        "prezzi",
        "info",
        "prenota",
    ] {
        for shape in &shapes {
            let first = answer(&request(vec![user(message)], It));
            let results = first.parts.iter().filter_map(|part| result(part, shape)).collect();
            let messages = vec![
                user(message),
                Message { role: Role::Assistant, parts: first.parts },
                Message { role: Role::Tool, parts: results },
            ];
            assert!(!answer(&request(messages.clone(), It)).parts.is_empty(), "{message} {shape}");
            let mut on = messages;
            on.push(user("la 2"));
            assert!(!answer(&request(on, It)).parts.is_empty(), "{message} {shape}");
        }
    }
}

#[test]
fn the_same_request_gets_the_same_answer() {
    for language in Language::ALL {
        let ask = || answer(&request(vec![user("yoga o pilates domani alle 7?")], language));
        assert_eq!(ask(), ask());
    }
}

#[test]
fn an_empty_transcript_is_greeted() {
    assert!(words(&answer(&request(Vec::new(), It))).starts_with("Ciao"));
}

fn result(part: &Part, shape: &Value) -> Option<Part> {
    let Part::ToolCall { id, name, .. } = part else { return None };
    Some(Part::ToolResult { id: id.clone(), name: name.clone(), content: shape.clone() })
}
