//! `holdfast demo`

use adapters::Clock;
use axum::Router;
use ops::simulate::{self, Simulators};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{probe, staff};
use crate::{
    api::Token,
    config,
    house::{self, House},
    postgres::Database,
    server::Server,
    shutdown, telemetry,
};

/// The addresses of one demo, bound.
struct Servers {
    house: Server,
    simulators: Server,
    metrics: Option<Server>,
}

/// Everything on this machine, until a signal.
pub async fn run(settings: config::Demo) -> anyhow::Result<()> {
    let drain = shutdown::on_signal()?;
    let servers = Servers::bind(&settings).await?;
    Database::with(&settings.database, async |database| play(&settings, servers, database, drain).await).await
}

async fn play(
    settings: &config::Demo,
    servers: Servers,
    database: &Database,
    drain: CancellationToken,
) -> anyhow::Result<()> {
    let (url, simulated) = (servers.house.address(), servers.simulators.address());
    let pool = database.pool().await?;
    let now = Clock::system().now();
    let tenant = domain::demo::seed(&pool, now).await?;
    let token = Token::issue(&pool, tenant, "demo", now).await?;
    let owner = staff::first_owner(&pool, &format!("http://{url}"), "owner@example.com", now).await?;
    let outside = config::Outside::of_demo(simulated, settings.llm.clone());
    let house = House::new(house::world(pool.clone(), &outside, &settings.workers)?);
    house.prepare().await?;
    let console = house.console(config::Console::of_demo().settings(url), &drain)?;
    let router = house.routes(&outside, &drain)?.merge(console);
    let simulators = Simulators::new(simulate::Settings {
        webhook_url: format!("http://{url}/webhooks/whatsapp"),
        payment_webhook_url: format!("http://{url}/webhooks/payments"),
        journal: Some(settings.database.data_dir.join("simulators.jsonl")),
        ..simulate::Settings::default()
    })?;

    let ended = CancellationToken::new();
    let around = servers.run(router, simulators, &drain, &ended)?;
    let announce = async {
        probe::until_ok(url, "/readyz").await?;
        probe::until_ok(simulated, "/").await?;
        let (database, token) = (database.url(), token.expose());
        // While nobody can sign in to the console, the link by which the first one can.
        let owner = owner.map(|link| format!(" owner={link}")).unwrap_or_default();
        println!("ready url=http://{url} simulators=http://{simulated} database={database} token={token}{owner}");
        anyhow::Ok(())
    };
    let finished = tokio::try_join!(announce, house.work(drain.clone()));
    drain.cancel();
    // What was under way may have needed the outside until now.
    ended.cancel();
    around.wait().await;
    pool.close().await;
    finished.map(|_| ())
}

impl Servers {
    async fn bind(settings: &config::Demo) -> anyhow::Result<Self> {
        let metrics = match settings.metrics {
            Some(address) => Some(Server::bind(address).await?),
            None => None,
        };
        let simulators = Server::bind(settings.simulators).await?;
        Ok(Self { house: Server::bind(settings.listen).await?, simulators, metrics })
    }

    /// Serves the house until `drain`, and everything around it until `outside`.
    fn run(
        self,
        house: Router,
        simulators: Simulators,
        drain: &CancellationToken,
        outside: &CancellationToken,
    ) -> anyhow::Result<TaskTracker> {
        let tasks = TaskTracker::new();
        if let Some(metrics) = self.metrics {
            let router = telemetry::metrics(telemetry::record_metrics()?);
            tasks.spawn(metrics.run(router, outside.clone()));
        }
        tasks.spawn(self.house.run(house, drain.clone()));
        tasks.spawn(self.simulators.run(simulate::router(simulators.clone()), outside.clone()));
        let outside = outside.clone();
        tasks.spawn(async move {
            outside.cancelled().await;
            simulators.stop();
        });
        tasks.close();
        Ok(tasks)
    }
}
