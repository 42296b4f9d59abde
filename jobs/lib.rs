//! One file a job: arguments, policy, key, run. The work itself is the domain's.
//!
//! To add one: write its file, name it below, and register it in [`register`]. A job that the model may ask for
//! also has a `tool()` and a line in [`tools`] and in `workflows/answer_message/tools.rs`.

mod accept_proposal;
mod apply_payment_event;
mod ask_payment;
mod business_info;
mod cancel_booking;
mod claim_offer;
mod close_payment_link;
mod create_booking;
mod create_payment_link;
mod decline_proposal;
mod end_wait;
mod expire_offer;
mod find_bookings;
mod find_crew;
mod find_due;
mod find_plans;
mod find_sessions;
mod gather_burst;
mod hand_over;
mod list_locations;
mod list_sessions;
mod mark_read;
mod move_booking;
mod on_behalf;
mod pass_offer;
mod pay_back;
mod paying;
mod release_hold;
mod send_notice;
mod send_receipt;
mod send_reply;
mod sending;
mod set_consent;
mod think;
mod top_up_calendar;

pub use accept_proposal::AcceptProposal;
pub use apply_payment_event::ApplyPaymentEvent;
pub use ask_payment::AskPayment;
pub use business_info::BusinessInfo;
pub use cancel_booking::CancelBooking;
pub use claim_offer::{Claim, ClaimOffer};
pub use close_payment_link::ClosePaymentLink;
pub use create_booking::CreateBooking;
pub use create_payment_link::CreatePaymentLink;
pub use decline_proposal::DeclineProposal;
pub use end_wait::{EndWait, OVER};
pub use expire_offer::ExpireOffer;
pub use find_bookings::FindBookings;
pub use find_crew::FindCrew;
pub use find_due::FindDue;
pub use find_plans::FindPlans;
pub use find_sessions::FindSessions;
pub use gather_burst::GatherBurst;
pub use hand_over::HandOver;
pub use list_locations::ListLocations;
pub use list_sessions::ListSessions;
pub use mark_read::MarkRead;
pub use move_booking::MoveBooking;
pub use on_behalf::OnBehalf;
pub use pass_offer::PassOffer;
pub use pay_back::PayBack;
pub use release_hold::{Lapse, ReleaseHold};
pub use send_notice::{SendNotice, Told};
pub use send_receipt::SendReceipt;
pub use send_reply::SendReply;
pub use sending::Said;
pub use set_consent::SetConsent;
pub use think::Think;
pub use top_up_calendar::TopUpCalendar;

use std::time::Duration;

use adapters::{World, llm::ToolSpec};
use engine::{Backoff, Engine, Policy};

/// A job's context in this house.
pub type Cx = engine::Cx<World>;

/// Names every job to the engine.
#[must_use]
pub fn register(engine: Engine<World>) -> Engine<World> {
    engine
        .job::<AcceptProposal>()
        .job::<ApplyPaymentEvent>()
        .job::<AskPayment>()
        .job::<BusinessInfo>()
        .job::<CancelBooking>()
        .job::<ClaimOffer>()
        .job::<ClosePaymentLink>()
        .job::<CreateBooking>()
        .job::<CreatePaymentLink>()
        .job::<DeclineProposal>()
        .job::<EndWait>()
        .job::<ExpireOffer>()
        .job::<FindBookings>()
        .job::<FindCrew>()
        .job::<FindDue>()
        .job::<FindPlans>()
        .job::<FindSessions>()
        .job::<GatherBurst>()
        .job::<HandOver>()
        .job::<ListLocations>()
        .job::<ListSessions>()
        .job::<MarkRead>()
        .job::<MoveBooking>()
        .job::<PassOffer>()
        .job::<PayBack>()
        .job::<ReleaseHold>()
        .job::<SendNotice>()
        .job::<SendReceipt>()
        .job::<SendReply>()
        .job::<SetConsent>()
        .job::<Think>()
        .job::<TopUpCalendar>()
}

/// What the model may ask for.
#[must_use]
pub fn tools() -> Vec<ToolSpec> {
    vec![
        find_sessions::tool(),
        list_sessions::tool(),
        create_booking::tool(),
        cancel_booking::tool(),
        move_booking::tool(),
        find_bookings::tool(),
        find_crew::tool(),
        find_plans::tool(),
        business_info::tool(),
        list_locations::tool(),
    ]
}

/// A tool without arguments, or with those of `properties`.
fn tool(name: &str, description: &str, properties: &serde_json::Value, required: &[&str]) -> ToolSpec {
    ToolSpec {
        name: name.to_owned(),
        description: description.to_owned(),
        schema: serde_json::json!({
            "type": "object", "properties": properties, "required": required, "additionalProperties": false,
        }),
    }
}

/// Quick work on our own database: a failure is the database's, and passes.
const LOCAL: Policy = Policy {
    attempts: 8,
    timeout: Duration::from_secs(10),
    backoff: Backoff::exponential(Duration::from_millis(100), Duration::from_secs(10)),
    ..Policy::DEFAULT
};
