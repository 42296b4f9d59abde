//! w11: how soon the ops console answers in a house with a past, and what open tabs cost.

mod browser;
mod history;
mod screens;
mod tabs;

use ops::bench::{Stage, Tell};

use super::rig::Rig;

/// Turns of the past, of five finished jobs each.
const TURNS: i64 = 200_000;

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    let rig = Rig::open(stage, 700).await?;
    history::seed(&rig, TURNS).await?;
    screens::run(&rig, tell).await?;
    tell(tabs::run(&rig).await?);
    rig.close().await
}
