//! The house put together: what jobs reach, what is answered over HTTP, and who works.

use std::time::{Duration, Instant};

use adapters::{
    Clock, Settings, World,
    llm::{Model, openai::OpenAi},
    payments,
    whatsapp::{self, signature::Secrets},
};
use axum::Router;
use engine::Engine;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::{
    api, config, health,
    ingress::{self, Ingress, VerifyToken},
    telemetry::logbook,
};

/// How long WhatsApp may take over a request.
const WHATSAPP_LIMIT: Duration = Duration::from_secs(15);
/// How long the payment provider may take over a request.
const PAYMENTS_LIMIT: Duration = Duration::from_secs(20);
/// How long a language model may think.
const LLM_LIMIT: Duration = Duration::from_mins(1);

/// The world that jobs reach, by the machine's clock.
pub fn world(pool: PgPool, outside: &config::Outside, workers: &config::Workers) -> anyhow::Result<World> {
    let config::Outside { whatsapp, payments, llm } = outside;
    let token = whatsapp.token.expose();
    let key = payments.key.as_ref().map_or("none", config::Secret::expose);
    Ok(World {
        pool,
        clock: Clock::system(),
        whatsapp: whatsapp::Client::new(&whatsapp.url, &whatsapp.version, token, WHATSAPP_LIMIT)?,
        payments: payments::Client::new(&payments.url, key, PAYMENTS_LIMIT)?,
        model: model(llm)?,
        settings: Settings {
            burst: Duration::from_millis(workers.debounce_ms),
            reconcile: Duration::from_secs(workers.reconcile_secs),
            takes_cards: payments.key.is_some(),
            paid_url: payments.done_url.clone(),
        },
        started: Instant::now(),
    })
}

fn model(settings: &config::Llm) -> anyhow::Result<Model> {
    Ok(match &settings.key {
        Some(key) => Model::OpenAi(OpenAi::new(&settings.url, key.expose(), &settings.model, LLM_LIMIT)?),
        None => Model::Offline,
    })
}

fn exposed(secrets: &[config::Secret]) -> Vec<&str> {
    secrets.iter().map(config::Secret::expose).collect()
}

/// What one process of the house runs.
#[derive(Debug, Clone)]
pub struct House {
    world: World,
    engine: engine::Client,
}

impl House {
    /// A house in `world`. Needs a runtime.
    #[must_use]
    pub fn new(world: World) -> Self {
        Self { engine: engine::Client::new(world.pool.clone()), world }
    }

    /// Every job, every workflow and the crontab, ready to run.
    pub fn engine(&self) -> anyhow::Result<Engine<World>> {
        Ok(workflows::register(Engine::new(self.engine.clone(), self.world.clone()))?)
    }

    /// Makes every job's name known, so that work can be taken in before a worker has started.
    pub async fn prepare(&self) -> anyhow::Result<()> {
        let names: Vec<String> = self.engine()?.names().into_iter().map(str::to_owned).collect();
        self.engine.register_kinds(&names).await?;
        Ok(())
    }

    /// What is answered on the main address.
    pub fn routes(&self, outside: &config::Outside, drain: &CancellationToken) -> anyhow::Result<Router> {
        let pool = &self.world.pool;
        let config::Outside { whatsapp, payments, .. } = outside;
        let secrets = Secrets::new(&exposed(&whatsapp.app_secrets))?;
        let verify = VerifyToken::new(whatsapp.verify_token.expose())?;
        let signed = exposed(&payments.webhook_secrets);
        let till = if signed.is_empty() { None } else { Some(payments::signature::Secrets::new(&signed)?) };
        let ingress = Ingress::new(self.world.clone(), self.engine.clone(), secrets, verify, till);
        let api = api::routes(self.world.clone(), self.engine.clone())?;
        Ok(ingress::router(ingress).merge(api).merge(health::routes(pool.clone(), drain.clone())))
    }

    /// What takes in once more a webhook that is kept, by its id.
    #[must_use]
    pub fn replay(&self) -> ops::console::Replay {
        ingress::replay(self.world.clone(), self.engine.clone())
    }

    /// The ops console, under `/ops`.
    pub fn console(&self, settings: ops::console::Settings, drain: &CancellationToken) -> anyhow::Result<Router> {
        let parts = ops::console::Parts {
            pool: self.world.pool.clone(),
            engine: self.engine.clone(),
            checks: self.engine()?.checks(),
            clock: self.world.clock.clone(),
            replay: self.replay(),
            settings,
        };
        Ok(ops::console::router(parts, drain))
    }

    /// Works on jobs until `drain`, then finishes those that are under way.
    pub async fn work(&self, drain: CancellationToken) -> anyhow::Result<()> {
        let ended = CancellationToken::new();
        let book = tokio::spawn(logbook::write(self.world.pool.clone(), ended.clone()));
        let worked = self.engine()?.run(drain).await;
        ended.cancel();
        book.await?;
        Ok(worked?)
    }
}
