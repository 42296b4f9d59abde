//! One file a job: arguments, policy, key, run. The work itself is the domain's.
//!
//! To add one: write its file, name it below, and register it in [`register`]. A job that the model may ask for
//! also has a `tool()` and a line in [`tools`] and in `workflows/answer_message/tools.rs`.

mod accept_proposal;
mod apply_payment_event;
mod ask_payment;
mod begin_erasure;
mod business_info;
mod buy_plan;
mod call_off;
mod cancel_booking;
mod cancel_seat;
mod claim_offer;
mod close_payment_link;
mod create_booking;
mod create_payment_link;
mod decline_proposal;
mod end_wait;
mod expire_offer;
mod find_bookings;
mod find_closed;
mod find_crew;
mod find_due;
mod find_plans;
mod find_receipt;
mod find_sessions;
mod forget_old;
mod gather_burst;
mod hand_over;
mod leave_waitlist;
mod list_locations;
mod list_sessions;
mod mark_read;
mod move_booking;
mod on_behalf;
mod order_plan;
mod pass_offer;
mod pay_back;
mod pay_booking;
mod paying;
mod release_hold;
mod scrub_jobs;
mod scrub_records;
mod scrub_webhooks;
mod send_notice;
mod send_receipt;
mod send_reply;
mod sending;
mod set_consent;
mod stop_work;
mod think;
mod top_up_calendar;
mod verify_erasure;
mod withdraw_customer;
mod write_export;

pub use accept_proposal::AcceptProposal;
pub use apply_payment_event::ApplyPaymentEvent;
pub use ask_payment::AskPayment;
pub use begin_erasure::BeginErasure;
pub use business_info::BusinessInfo;
pub use buy_plan::{BuyPlan, PlanOffer};
pub use call_off::CallOff;
pub use cancel_booking::CancelBooking;
pub use cancel_seat::CancelSeat;
pub use claim_offer::{Claim, ClaimOffer};
pub use close_payment_link::ClosePaymentLink;
pub use create_booking::CreateBooking;
pub use create_payment_link::CreatePaymentLink;
pub use decline_proposal::DeclineProposal;
pub use end_wait::{EndWait, OVER};
pub use expire_offer::ExpireOffer;
pub use find_bookings::FindBookings;
pub use find_closed::FindClosed;
pub use find_crew::FindCrew;
pub use find_due::FindDue;
pub use find_plans::FindPlans;
pub use find_receipt::{FindReceipt, Paper};
pub use find_sessions::FindSessions;
pub use forget_old::{ForgetOld, Old};
pub use gather_burst::GatherBurst;
pub use hand_over::HandOver;
pub use leave_waitlist::{LeaveWaitlist, LeftList};
pub use list_locations::ListLocations;
pub use list_sessions::ListSessions;
pub use mark_read::MarkRead;
pub use move_booking::MoveBooking;
pub use on_behalf::OnBehalf;
pub use order_plan::{OrderPlan, Ordered};
pub use pass_offer::PassOffer;
pub use pay_back::PayBack;
pub use pay_booking::{Owed, PayBooking};
pub use release_hold::{Lapse, ReleaseHold};
pub use scrub_jobs::ScrubJobs;
pub use scrub_records::ScrubRecords;
pub use scrub_webhooks::ScrubWebhooks;
pub use send_notice::{SendNotice, Told};
pub use send_receipt::SendReceipt;
pub use send_reply::SendReply;
pub use sending::Said;
pub use set_consent::SetConsent;
pub use stop_work::StopWork;
pub use think::Think;
pub use top_up_calendar::{TopUpCalendar, ToppedUp};
pub use verify_erasure::VerifyErasure;
pub use withdraw_customer::WithdrawCustomer;
pub use write_export::WriteExport;

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
        .job::<BeginErasure>()
        .job::<BusinessInfo>()
        .job::<BuyPlan>()
        .job::<CallOff>()
        .job::<CancelBooking>()
        .job::<CancelSeat>()
        .job::<ClaimOffer>()
        .job::<ClosePaymentLink>()
        .job::<CreateBooking>()
        .job::<CreatePaymentLink>()
        .job::<DeclineProposal>()
        .job::<EndWait>()
        .job::<ExpireOffer>()
        .job::<FindBookings>()
        .job::<FindClosed>()
        .job::<FindCrew>()
        .job::<FindDue>()
        .job::<FindPlans>()
        .job::<FindReceipt>()
        .job::<FindSessions>()
        .job::<ForgetOld>()
        .job::<GatherBurst>()
        .job::<HandOver>()
        .job::<LeaveWaitlist>()
        .job::<ListLocations>()
        .job::<ListSessions>()
        .job::<MarkRead>()
        .job::<MoveBooking>()
        .job::<OrderPlan>()
        .job::<PassOffer>()
        .job::<PayBack>()
        .job::<PayBooking>()
        .job::<ReleaseHold>()
        .job::<ScrubJobs>()
        .job::<ScrubRecords>()
        .job::<ScrubWebhooks>()
        .job::<SendNotice>()
        .job::<SendReceipt>()
        .job::<SendReply>()
        .job::<SetConsent>()
        .job::<StopWork>()
        .job::<Think>()
        .job::<TopUpCalendar>()
        .job::<VerifyErasure>()
        .job::<WithdrawCustomer>()
        .job::<WriteExport>()
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
        pay_booking::tool(),
        leave_waitlist::tool(),
        find_bookings::tool(),
        find_crew::tool(),
        find_plans::tool(),
        buy_plan::tool(),
        find_receipt::tool(),
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

/// Work on everything that we have, some rows at a time, with a sign of life after each. One batch is one statement, which
/// may have to read a whole table.
const LONG: Policy =
    Policy { timeout: Duration::from_hours(2), heartbeat: Some(Duration::from_mins(20)), concurrency: 2, ..LOCAL };
