//! A seeded simulation: random acts on the real functions of the database, and on a model in memory that says what may
//! come of them.
//!
//! `HOLDFAST_SIMULATION_STEPS` is the number of steps (20,000 unless told otherwise; a step is one job that moves from
//! one place to another), `HOLDFAST_SIMULATION_SEED` repeats a run that failed.

mod acts;
mod answers;
mod audit;
mod dice;
mod model;
mod stage;

use crate::house::House;

const STEPS: u64 = 20_000;
/// Acts between two comparisons of all rows with the model.
const AUDIT: u64 = 100;

fn setting(name: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "who runs the tests says how long and which")]
    std::env::var(name).ok().map(|text| text.replace('_', "").parse().expect("a number"))
}

#[tokio::test]
async fn t06_a_simulation_of_claims_lanes_limits_and_rescues_agrees_with_its_model() {
    let steps = setting("HOLDFAST_SIMULATION_STEPS").unwrap_or(STEPS);
    let seed = setting("HOLDFAST_SIMULATION_SEED").unwrap_or_else(|| {
        std::hash::BuildHasher::hash_one(&std::collections::hash_map::RandomState::new(), STEPS) % 1_000_000
    });
    println!("HOLDFAST_SIMULATION_SEED={seed} HOLDFAST_SIMULATION_STEPS={steps}");
    let house = House::new().await;
    let mut stage = stage::Stage::open(&house, seed).await;
    let mut acts = 0;
    while stage.steps < steps {
        stage.act().await;
        acts += 1;
        if acts % AUDIT == 0 {
            stage.audit().await;
        }
    }
    stage.drain().await;
    println!("{} steps in {acts} acts: {:?}; {:?}", stage.steps, stage.tally, stage.spent);
}
