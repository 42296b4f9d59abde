//! A small house that answers the tools, so that whole dialogues can be told.

use domain::Language;
use serde_json::{Value, json};

use super::super::super::{Message, Part, Role};
use super::{answer, calls, request, user, words};

/// Yoga at 8 and 19, pilates at 18, boxing (full) at 20, from Thursday 11 March to Monday 15 March.
pub(super) fn sessions() -> Vec<Value> {
    let rows = [
        ("Yoga", "Anna Neri", "Sala Grande", 8, 3),
        ("Pilates", "Marco Gallo", "Sala Piccola", 18, 4),
        ("Yoga", "Giulia Testa", "Sala Grande", 19, 2),
        ("Boxe", "Marco Gallo", "Sala Piccola", 20, 0),
    ];
    let days = 11..=15;
    days.flat_map(|day| rows.map(|row| (day, row)))
        .zip(100..)
        .map(|((day, (service, crew, location, hour, spots)), id)| {
            json!({
                "session_id": id, "service": service, "crew": crew, "location": location,
                "date": format!("2027-03-{day}"), "time": format!("{hour:02}:00"), "ends": format!("{:02}:00", hour + 1),
                "weekday": "", "spots_left": spots, "capacity": 10, "price": { "minor": 1500, "currency": "EUR" }, "already_booked": false,
            })
        })
        .collect()
}

/// A conversation with the house.
pub(super) struct Talk {
    messages: Vec<Message>,
    language: Language,
    /// Sessions that the customer has booked.
    pub booked: Vec<i64>,
    /// Those of them that are paid.
    pub paid: Vec<i64>,
    /// Sessions that the customer waits for.
    pub waiting: Vec<i64>,
    /// Nobody can wait for a place any more.
    pub lists_are_closed: bool,
}

/// Answers after which the house speaks, and the assistant is not asked again.
const ENDS: [&str; 5] = ["proposed", "offered", "left", "link_comes", "receipt_comes"];

impl Talk {
    pub fn new(language: Language) -> Self {
        let messages = Vec::new();
        Self { messages, language, booked: vec![], paid: vec![], waiting: vec![], lists_are_closed: false }
    }

    /// Says something and lets the house work until it answers: the calls made, and the words.
    pub fn say(&mut self, text: &str) -> (Vec<String>, String) {
        self.messages.push(user(text));
        let mut made = Vec::new();
        for _ in 0..5 {
            let response = answer(&request(self.messages.clone(), self.language));
            self.messages.push(Message { role: Role::Assistant, parts: response.parts.clone() });
            let asked = calls(&response);
            if asked.is_empty() {
                return (made, words(&response));
            }
            made.extend(asked);
            let results: Vec<Part> = response.parts.iter().filter_map(|part| self.run(part)).collect();
            let said = results.iter().find_map(said_by_the_house);
            self.messages.push(Message { role: Role::Tool, parts: results });
            if let Some(said) = said {
                return (made, said);
            }
        }
        panic!("the assistant never comes to an end: {made:?}");
    }

    /// The last call that saying this leads to.
    pub fn last_call(&mut self, text: &str) -> String {
        let (calls, words) = self.say(text);
        calls.last().cloned().unwrap_or(words)
    }

    fn run(&self, part: &Part) -> Option<Part> {
        let Part::ToolCall { id, name, args } = part else { return None };
        let content = match name.as_str() {
            "find_sessions" => find(args),
            "list_sessions" => list(args),
            "create_booking" => self.propose(args),
            "find_bookings" => self.bookings(),
            "cancel_booking" => json!({ "result": "proposed", "proposal_id": 2, "summary": "" }),
            "move_booking" => json!({ "result": "proposed", "proposal_id": 4, "summary": "" }),
            "pay_booking" => json!({ "result": "link_comes", "owes": { "minor": 1500, "currency": "EUR" } }),
            "leave_waitlist" => json!({ "result": "left", "session": sessions()[0] }),
            "find_plans" => plans(),
            "buy_plan" => json!({ "result": "offered", "plan_id": args["plan_id"], "summary": "" }),
            "send_receipt" => json!({ "result": "receipt_comes" }),
            "find_crew" => json!({ "crew": [{ "name": "Anna Neri", "bio": "", "activities": ["Yoga"] }] }),
            "business_info" => json!({ "name": "Casa", "phone": "+39 049 1", "opening": "7-21" }),
            _ => json!({ "locations": [{ "name": "Sala Grande", "address": "Via Po 1", "directions": "" }] }),
        };
        Some(Part::ToolResult { id: id.clone(), name: name.clone(), content })
    }

    fn propose(&self, args: &Value) -> Value {
        let Some(session) = sessions().into_iter().find(|session| session["session_id"] == args["session_id"]) else {
            return json!({ "result": "unknown_session" });
        };
        if self.booked.contains(&session["session_id"].as_i64().unwrap()) {
            return json!({ "result": "already_booked", "session": session });
        }
        if session["spots_left"].as_i64() < Some(args["places"].as_i64().unwrap_or(1)) {
            let others: Vec<Value> =
                sessions().into_iter().filter(|other| other["service"] == "Pilates").take(2).collect();
            let wait = (!self.lists_are_closed).then(|| json!({ "proposal_id": 3, "summary": "" }));
            return json!({ "result": "full", "alternatives": others, "wait": wait });
        }
        json!({ "result": "proposed", "proposal_id": 1, "summary": "" })
    }

    fn bookings(&self) -> Value {
        let all = sessions();
        let session = |id: &i64| all.iter().find(|session| session["session_id"] == *id).unwrap();
        let rows = self.booked.iter().map(|id| {
            let owes = if self.paid.contains(id) { 0 } else { 1500 };
            json!({ "booking_id": id + 1000, "session": session(id), "places": 1, "payment": "on_site", "owes_minor": owes })
        });
        let lists = self.waiting.iter().map(|id| json!({ "session": session(id), "position": 2 }));
        json!({ "bookings": rows.collect::<Vec<_>>(), "waiting": lists.collect::<Vec<_>>() })
    }
}

/// What the house says instead of the assistant.
fn said_by_the_house(result: &Part) -> Option<String> {
    let Part::ToolResult { content, .. } = result else { return None };
    match content["result"].as_str()? {
        "full" if content["wait"].is_object() => Some("wait?".to_owned()),
        result => ENDS.contains(&result).then(|| result.to_owned()),
    }
}

fn plans() -> Value {
    let price = |minor: i64| json!({ "minor": minor, "currency": "EUR" });
    json!({
        "on_sale": [
            { "plan_id": 1, "name": "Dieci ingressi", "price": price(12_000), "credits": 10, "at_most": null, "per": null, "valid_days": 180 },
            { "plan_id": 2, "name": "Due volte a settimana", "price": price(6900), "credits": null, "at_most": 2, "per": "week", "valid_days": 30 },
            { "plan_id": 3, "name": "Senza limiti", "price": price(9900), "credits": null, "at_most": null, "per": null, "valid_days": 30 },
        ],
        "yours": [{ "name": "Dieci ingressi", "credits_left": 7, "until": "2027-06-12", "unpaid": false }],
    })
}

fn find(args: &Value) -> Value {
    let text = |key: &str| args.get(key).and_then(Value::as_str);
    let named = |value: &Value, asked: Option<&str>| {
        asked.is_none_or(|asked| value.as_str().unwrap().to_lowercase().contains(&asked.to_lowercase()))
    };
    let of_kind: Vec<Value> =
        sessions().into_iter().filter(|session| named(&session["service"], text("activity"))).collect();
    let last = text("until").or(text("date"));
    let part = |time: &str| match text("part_of_day") {
        Some("morning") => time < "12:00",
        Some("afternoon") => ("12:00".."18:00").contains(&time),
        Some("evening") => time >= "17:00",
        _ => true,
    };
    let fits = |session: &&Value| {
        let (date, time) = (session["date"].as_str().unwrap(), session["time"].as_str().unwrap());
        text("date").is_none_or(|first| date >= first)
            && last.is_none_or(|last| date <= last)
            && text("time").is_none_or(|wanted| time == wanted)
            && part(time)
            && named(&session["crew"], text("crew"))
            && named(&session["location"], text("location"))
    };
    let exact: Vec<Value> = of_kind.iter().filter(fits).take(10).cloned().collect();
    let known = ["Boxe", "Pilates", "Yoga"];
    match (exact.is_empty(), of_kind.is_empty()) {
        (false, _) => json!({ "match": "exact", "sessions": exact, "known_activities": known }),
        (true, false) => json!({ "match": "near", "sessions": of_kind[..3], "known_activities": known }),
        (true, true) => json!({ "match": "none", "sessions": [], "known_activities": known }),
    }
}

fn list(args: &Value) -> Value {
    let on_day = |session: &Value| args["days"] != 1 || session["date"] == args["date"];
    json!({ "sessions": sessions().into_iter().filter(on_day).take(10).collect::<Vec<_>>(), "more": 0 })
}
