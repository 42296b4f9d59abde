//! From a model's call to a job, and back.

use adapters::llm::{Message, Part};
use domain::{
    Language, SeatId, SessionId, SessionView,
    booking::{BookingOffer, CancellationOffer, MoveOffer, Proposed},
    outbound::{Content, List, Row},
    replies,
};
use engine::{Job, Outcome};
use jobs::{
    BusinessInfo, CancelBooking, CreateBooking, FindBookings, FindCrew, FindPlans, FindSessions, ListLocations,
    ListSessions, MoveBooking, OnBehalf,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::Cx;

/// What the model asks for.
#[derive(Debug)]
pub(super) struct Call {
    pub id: String,
    pub name: String,
    args: Value,
}

#[derive(Deserialize)]
struct Session {
    session_id: SessionId,
    #[serde(default)]
    places: Option<i32>,
}

#[derive(Deserialize)]
struct Exchange {
    booking_id: SeatId,
    session_id: SessionId,
}

#[derive(Deserialize)]
struct Booking {
    booking_id: SeatId,
}

impl Call {
    pub fn of(part: &Part) -> Option<Self> {
        match part {
            Part::ToolCall { id, name, args } => Some(Self { id: id.clone(), name: name.clone(), args: args.clone() }),
            _ => None,
        }
    }

    fn wish<T: DeserializeOwned>(&self) -> Result<T, Part> {
        serde_json::from_value(self.args.clone())
            .map_err(|error| self.refused(&format!("arguments of {}: {error}", self.name)))
    }

    /// Goes back to the model, which may do better.
    pub fn refused(&self, error: &str) -> Part {
        self.answered(json!({ "error": error }))
    }

    fn answered(&self, content: Value) -> Part {
        Part::ToolResult { id: self.id.clone(), name: self.name.clone(), content }
    }
}

/// Runs the job that the call names.
pub(super) async fn run(cx: &Cx, asker: OnBehalf, step: &str, call: &Call) -> Outcome<Part> {
    macro_rules! with_wish {
        ($job:expr) => {
            match call.wish() {
                Ok(wish) => ask(cx, step, call, $job(wish)).await,
                Err(refused) => Ok(refused),
            }
        };
    }
    match call.name.as_str() {
        "find_sessions" => with_wish!(|wish| FindSessions { asker, wish }),
        "list_sessions" => with_wish!(|wish| ListSessions { asker, wish }),
        "create_booking" => with_wish!(|Session { session_id, places }| {
            CreateBooking { asker, session_id, places: places.unwrap_or(1) }
        }),
        "move_booking" => {
            with_wish!(|Exchange { booking_id, session_id }| MoveBooking { asker, booking_id, session_id })
        }
        "cancel_booking" => with_wish!(|Booking { booking_id }| CancelBooking { asker, booking_id }),
        "find_crew" => with_wish!(|wish| FindCrew { asker, wish }),
        "find_bookings" => ask(cx, step, call, FindBookings { asker }).await,
        "find_plans" => ask(cx, step, call, FindPlans { asker }).await,
        "business_info" => ask(cx, step, call, BusinessInfo { asker }).await,
        "list_locations" => ask(cx, step, call, ListLocations { asker }).await,
        unknown => Ok(call.refused(&format!("there is no tool {unknown}"))),
    }
}

async fn ask<J: Job<adapters::World>>(cx: &Cx, step: &str, call: &Call, job: J) -> Outcome<Part> {
    match cx.try_step(step, job).await? {
        Ok(output) => Ok(call.answered(serde_json::to_value(output)?)),
        Err(_) => Ok(call.refused("the tool is out of order; tell the customer that this cannot be looked up now")),
    }
}

/// The proposal that a tool made, if it did.
pub(super) fn proposal(result: &Part) -> Option<Proposed> {
    let Part::ToolResult { name, content, .. } = result else { return None };
    let content = content.clone();
    match name.as_str() {
        "create_booking" => match serde_json::from_value(content).ok()? {
            BookingOffer::Proposed(proposed) => Some(proposed),
            BookingOffer::Full { wait, .. } => wait,
            _ => None,
        },
        "cancel_booking" => match serde_json::from_value(content).ok()? {
            CancellationOffer::Proposed(proposed) => Some(proposed),
            _ => None,
        },
        "move_booking" => match serde_json::from_value(content).ok()? {
            MoveOffer::Proposed(proposed) => Some(proposed),
            _ => None,
        },
        _ => None,
    }
}

/// The words; with a list to tap when the last tools found several sessions that can be booked.
pub(super) fn with_choices(words: &str, said: &[Message], language: Language) -> Content {
    let results = said.iter().rev().skip(1).take(1).flat_map(|message| &message.parts);
    let rows: Vec<Row> =
        results.flat_map(sessions).filter(bookable).map(|session| row(&session, language)).take(10).collect();
    let mut content = Content::text(words);
    if rows.len() > 1 {
        content.list = Some(List { button: replies::list_button(language), rows });
    }
    // What WhatsApp would not take as a list, or as one message, still goes out in words.
    if content.check().is_err() { Content::text(words.chars().take(4096).collect::<String>()) } else { content }
}

fn sessions(result: &Part) -> Vec<SessionView> {
    match result {
        Part::ToolResult { name, content, .. } if name == "find_sessions" || name == "list_sessions" => {
            serde_json::from_value(content["sessions"].clone()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn bookable(session: &SessionView) -> bool {
    session.spots_left > 0 && !session.already_booked
}

fn row(session: &SessionView, language: Language) -> Row {
    let row = replies::option_row(language, &session.line());
    Row { id: format!("session:{}", session.session_id), title: row.title, description: row.description }
}
