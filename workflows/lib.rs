//! One file a workflow, and the crontab.
//!
//! A workflow decides what happens next; whatever touches the world or the database is a job. Its code is run again
//! from the start whenever it continues, so it holds no state of its own and reads no clock.

mod answer_message;
mod await_claim;
mod call_off_session;
mod close_days;
mod collect_payment;
mod collect_plan_payment;
mod crontab;
mod erase_customer;
mod export_customer;
mod follow_up;
mod forget;
mod keep_up;
mod make_refund;
mod settle_payment;
mod tell_customer;

pub use answer_message::{AnswerMessage, Answered};
pub use await_claim::AwaitClaim;
pub use call_off_session::{CallOffSession, Ended, Person, SessionCalledOff};
pub use close_days::{CloseDays, ClosedSession};
pub use collect_payment::CollectPayment;
pub use collect_plan_payment::CollectPlanPayment;
pub use erase_customer::{EraseCustomer, Erased};
pub use export_customer::ExportCustomer;
pub use follow_up::FollowUp;
pub use forget::Forget;
pub use keep_up::KeepUp;
pub use make_refund::MakeRefund;
pub use settle_payment::SettlePayment;
pub use tell_customer::TellCustomer;

use adapters::World;
use engine::{CrontabError, Engine, bulk::RunBulk};

/// A workflow's context in this house.
pub(crate) type Cx = engine::Cx<World>;

/// Names every job, every workflow and the crontab to the engine.
pub fn register(engine: Engine<World>) -> Result<Engine<World>, CrontabError> {
    let engine = jobs::register(engine)
        .job::<AnswerMessage>()
        .job::<AwaitClaim>()
        .job::<CallOffSession>()
        .job::<CloseDays>()
        .job::<CollectPayment>()
        .job::<CollectPlanPayment>()
        .job::<EraseCustomer>()
        .job::<ExportCustomer>()
        .job::<FollowUp>()
        .job::<Forget>()
        .job::<KeepUp>()
        .job::<MakeRefund>()
        .job::<RunBulk>()
        .job::<SettlePayment>()
        .job::<TellCustomer>();
    crontab::add(engine)
}
