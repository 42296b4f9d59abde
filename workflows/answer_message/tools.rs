//! From a model's call to a job, and back.

use adapters::llm::Part;
use domain::{PlanId, SeatId, SessionId, replies};
use engine::{Job, Outcome};
use jobs::{
    BusinessInfo, BuyPlan, CancelBooking, CreateBooking, FindBookings, FindCrew, FindPlans, FindSessions, LeftList,
    ListLocations, ListSessions, MoveBooking, Owed, Paper,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    ending::{self, Ending},
    errands::{self, Desk},
};

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

#[derive(Deserialize)]
struct Plan {
    plan_id: PlanId,
}

#[derive(Deserialize)]
struct Receipt {
    #[serde(default)]
    booking_id: Option<SeatId>,
}

impl Call {
    pub fn of(part: &Part) -> Option<Self> {
        match part {
            Part::ToolCall { id, name, args } => Some(Self { id: id.clone(), name: name.clone(), args: args.clone() }),
            _ => None,
        }
    }

    fn wish<T: DeserializeOwned>(&self) -> Result<T, Box<Part>> {
        serde_json::from_value(self.args.clone())
            .map_err(|error| Box::new(self.refused(&format!("arguments of {}: {error}", self.name))))
    }

    /// Goes back to the model, which may do better.
    pub fn refused(&self, error: &str) -> Part {
        self.answered(json!({ "error": error }))
    }

    fn out_of_order(&self) -> Part {
        self.refused("the tool is out of order; tell the customer that this cannot be looked up now")
    }

    fn answered(&self, content: Value) -> Part {
        Part::ToolResult { id: self.id.clone(), name: self.name.clone(), content }
    }
}

/// What a call came to.
#[derive(Debug)]
pub(super) struct Ran {
    /// For the model.
    pub result: Part,
    /// For the customer.
    pub ending: Option<Ending>,
}

impl From<Part> for Ran {
    fn from(result: Part) -> Self {
        Self { result, ending: None }
    }
}

/// Runs the job that the call names.
pub(super) async fn run(desk: Desk<'_>, step: &str, call: &Call) -> Outcome<Ran> {
    let ran = match errand(desk, step, call).await? {
        Some(ran) => ran,
        None => lookup(desk, step, call).await?.into(),
    };
    let ending = ran.ending.or_else(|| ending::question(&call.name, &ran.result, desk.asker.language));
    Ok(Ran { ending, ..ran })
}

/// What only looks, or only proposes.
async fn lookup(desk: Desk<'_>, step: &str, call: &Call) -> Outcome<Part> {
    let asker = desk.asker;
    macro_rules! with_wish {
        ($job:expr) => {
            match call.wish() {
                Ok(wish) => ask(desk, step, call, $job(wish)).await,
                Err(refused) => Ok(*refused),
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
        "buy_plan" => with_wish!(|Plan { plan_id }| BuyPlan { asker, plan_id }),
        "find_crew" => with_wish!(|wish| FindCrew { asker, wish }),
        "find_bookings" => ask(desk, step, call, FindBookings { asker }).await,
        "find_plans" => ask(desk, step, call, FindPlans { asker }).await,
        "business_info" => ask(desk, step, call, BusinessInfo { asker }).await,
        "list_locations" => ask(desk, step, call, ListLocations { asker }).await,
        unknown => Ok(call.refused(&format!("there is no tool {unknown}"))),
    }
}

async fn ask<J: Job<adapters::World>>(desk: Desk<'_>, step: &str, call: &Call, job: J) -> Outcome<Part> {
    match desk.cx.try_step(step, job).await? {
        Ok(output) => Ok(call.answered(serde_json::to_value(output)?)),
        Err(_) => Ok(call.out_of_order()),
    }
}

/// What does something at once; the house tells it, whoever thinks.
async fn errand(desk: Desk<'_>, step: &str, call: &Call) -> Outcome<Option<Ran>> {
    match call.name.as_str() {
        "pay_booking" => pay(desk, step, call).await.map(Some),
        "leave_waitlist" => leave(desk, step, call).await.map(Some),
        "send_receipt" => receipt(desk, step, call).await.map(Some),
        _ => Ok(None),
    }
}

async fn pay(desk: Desk<'_>, step: &str, call: &Call) -> Outcome<Ran> {
    let wish: Booking = match call.wish() {
        Ok(wish) => wish,
        Err(refused) => return Ok((*refused).into()),
    };
    let Ok(owed) = desk.pay(step, wish.booking_id).await? else { return Ok(call.out_of_order().into()) };
    let comes = matches!(owed, Owed::Owes { .. });
    // The link is for the customer alone.
    let told = match &owed {
        Owed::Owes { owes, .. } => json!({ "result": "link_comes", "owes": owes }),
        other => serde_json::to_value(other)?,
    };
    let ending = comes.then(|| Ending::words(errands::about_paying(desk.asker.language, owed)));
    Ok(Ran { result: call.answered(told), ending })
}

async fn leave(desk: Desk<'_>, step: &str, call: &Call) -> Outcome<Ran> {
    let wish: Session = match call.wish() {
        Ok(wish) => wish,
        Err(refused) => return Ok((*refused).into()),
    };
    match desk.leave(step, wish.session_id).await? {
        Ok(LeftList::Left { session, .. }) => {
            let text = replies::left_list(desk.asker.language, &session.line());
            let result = call.answered(json!({ "result": "left", "session": session }));
            Ok(Ran { result, ending: Some(Ending::done(text)) })
        }
        Ok(LeftList::NotWaiting) => Ok(call.answered(json!({ "result": "not_waiting" })).into()),
        Err(_) => Ok(call.out_of_order().into()),
    }
}

async fn receipt(desk: Desk<'_>, step: &str, call: &Call) -> Outcome<Ran> {
    let wish: Receipt = match call.wish() {
        Ok(wish) => wish,
        Err(refused) => return Ok((*refused).into()),
    };
    match desk.receipt(step, wish.booking_id).await? {
        Ok(Paper::Paid { .. }) => {
            let ending = Some(Ending::words(replies::receipt_comes(desk.asker.language)));
            Ok(Ran { result: call.answered(json!({ "result": "receipt_comes" })), ending })
        }
        Ok(Paper::NothingPaid) => Ok(call.answered(json!({ "result": "nothing_paid" })).into()),
        Err(_) => Ok(call.out_of_order().into()),
    }
}
