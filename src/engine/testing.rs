//! Helpers for tests of jobs.
//!
//! | | |
//! |---|---|
//! | [`sandbox`] | a pool that is one transaction, rolled back in the end |
//! | [`Stage`] | runs jobs in the test itself: one ([`Stage::inline`]), or all that are there ([`Stage::drain`]) |
//! | [`assert_enqueued`], [`refute_enqueued`], [`enqueued`] | what was put in, while nobody runs it |
//! | [`advance`] | time passes at once: sleeps, retries, crontab lines, keys, breakers |
//! | [`crash_at`] | an attempt dies at a named point |
//!
//! ```no_run
//! # use engine::{Client, Cx, Engine, Job, Outcome, testing};
//! # #[derive(serde::Serialize, serde::Deserialize)] struct Greet { name: String }
//! # impl Job<()> for Greet {
//! #     const NAME: &'static str = "greet";
//! #     type Output = String;
//! #     async fn run(self, _: Cx<()>) -> Outcome<String> { Ok(format!("Hello {}", self.name)) }
//! # }
//! # async fn test(options: sqlx::postgres::PgConnectOptions) -> Result<(), Box<dyn std::error::Error>> {
//! let pool = testing::sandbox(options).await?;
//! let stage = testing::Stage::new(Engine::new(Client::new(pool), ()).job::<Greet>()).await?;
//! assert_eq!(stage.inline(1, Greet { name: "Ada".into() }).await?, "Hello Ada");
//! # Ok(()) }
//! ```

mod clock;
mod crash;
mod enqueued;
mod sandbox;
mod stage;

pub use clock::advance;
pub use crash::crash_at;
pub use enqueued::{assert_enqueued, enqueued, refute_enqueued};
pub use sandbox::sandbox;
pub use stage::{Ran, Stage, Unfinished};
