//! One file a workflow, and the crontab.
//!
//! A workflow decides what happens next; whatever touches the world or the database is a job. Its code is run again
//! from the start whenever it continues, so it holds no state of its own and reads no clock.

mod answer_message;
mod crontab;

pub use answer_message::{AnswerMessage, Answered};

use adapters::World;
use engine::{CrontabError, Engine};

/// A workflow's context in this house.
pub(crate) type Cx = engine::Cx<World>;

/// Names every job, every workflow and the crontab to the engine.
pub fn register(engine: Engine<World>) -> Result<Engine<World>, CrontabError> {
    crontab::add(jobs::register(engine).job::<AnswerMessage>())
}
