//! One file a job: arguments, policy, key, run. The work itself is the domain's.
//!
//! To add one: write its file, name it below, and register it in [`register`]. A job that the model may ask for
//! also has a `tool()` and a line in [`tools`] and in `workflows/answer_message/tools.rs`.

mod accept_proposal;
mod business_info;
mod cancel_booking;
mod create_booking;
mod decline_proposal;
mod find_bookings;
mod find_crew;
mod find_sessions;
mod gather_burst;
mod hand_over;
mod list_locations;
mod list_sessions;
mod mark_read;
mod on_behalf;
mod send_reply;
mod think;
mod top_up_calendar;

pub use accept_proposal::AcceptProposal;
pub use business_info::BusinessInfo;
pub use cancel_booking::CancelBooking;
pub use create_booking::CreateBooking;
pub use decline_proposal::DeclineProposal;
pub use find_bookings::FindBookings;
pub use find_crew::FindCrew;
pub use find_sessions::FindSessions;
pub use gather_burst::GatherBurst;
pub use hand_over::HandOver;
pub use list_locations::ListLocations;
pub use list_sessions::ListSessions;
pub use mark_read::MarkRead;
pub use on_behalf::OnBehalf;
pub use send_reply::{Said, SendReply};
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
        .job::<BusinessInfo>()
        .job::<CancelBooking>()
        .job::<CreateBooking>()
        .job::<DeclineProposal>()
        .job::<FindBookings>()
        .job::<FindCrew>()
        .job::<FindSessions>()
        .job::<GatherBurst>()
        .job::<HandOver>()
        .job::<ListLocations>()
        .job::<ListSessions>()
        .job::<MarkRead>()
        .job::<SendReply>()
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
        find_bookings::tool(),
        find_crew::tool(),
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
