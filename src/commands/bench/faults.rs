//! `holdfast bench faults`

use anyhow::Context;
use ops::bench::faults::{self, Options, Outcome, Scenario};

use crate::{config, postgres::migrations};

/// A worker process of a scenario, as `bench fault-worker FILE`.
pub async fn worker(settings: &config::Bench) -> anyhow::Result<()> {
    let misplaced = "`bench fault-worker` is a part of `bench faults`";
    let url = settings.database.url.as_ref().context(misplaced)?;
    let outside = settings.scenarios.first().context(misplaced)?;
    faults::work(url.expose().parse()?, outside.as_ref()).await
}

/// On servers that it starts itself, whatever the settings say of a database.
pub async fn run(settings: &config::Bench) -> anyhow::Result<()> {
    let options = Options { scenarios: scenarios(&settings.scenarios)?, quick: settings.quick, rate: settings.rate };
    if !settings.json {
        println!("{}", Outcome::head());
    }
    faults::run(&options, &migrations::migrator(), &mut |outcome| {
        if settings.json {
            println!("{}", serde_json::to_string(outcome).unwrap_or_default());
        } else {
            println!("{outcome}");
        }
    })
    .await
}

fn scenarios(names: &[String]) -> anyhow::Result<Vec<Scenario>> {
    if names.is_empty() {
        return Ok(Scenario::ALL.to_vec());
    }
    let find = |name: &String| {
        let known = Scenario::ALL.map(Scenario::name).join(", ");
        Scenario::parse(name).with_context(|| format!("there is no fault {name:?}; choose of {known}"))
    };
    names.iter().map(find).collect()
}
