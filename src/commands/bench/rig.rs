//! The real house, in this process and on a database of its own, between simulators that it reaches over HTTP.

use std::net::SocketAddr;

use adapters::Clock;
use domain::TenantId;
use ops::{
    bench::{Scene, Stage},
    simulate::{self, Simulators},
};
use sqlx::Executor;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    config,
    house::{self, House},
    postgres::pool,
    server::Server,
};

/// As many as a process opens when it is not told.
const CONNECTIONS: u32 = 20;

/// A house that is open.
pub(super) struct Rig {
    pub scene: Scene,
    pub simulators: Simulators,
    /// Where webhooks go.
    pub door: SocketAddr,
    /// Of the demo studio.
    pub tenant: TenantId,
    house: House,
    drain: CancellationToken,
    outside: CancellationToken,
    servers: Vec<JoinHandle<()>>,
    working: Option<JoinHandle<anyhow::Result<()>>>,
}

impl Rig {
    /// The demo studio with its door open, and nobody working yet. The built-in assistant answers.
    pub async fn open(stage: &Stage, debounce_ms: u64) -> anyhow::Result<Self> {
        let scene = stage.fresh().await?;
        let pool = pool::open(scene.options.clone(), CONNECTIONS).await?;
        let tenant = domain::demo::seed(&pool, Clock::system().now()).await?;
        let local = SocketAddr::from(([127, 0, 0, 1], 0));
        let (server, around) = (Server::bind(local).await?, Server::bind(local).await?);
        let door = server.address();
        let whatsapp = config::WhatsApp::of_demo(around.address());
        let llm = config::Llm { key: None, url: String::new(), model: String::new() };
        let workers = config::Workers { debounce_ms, reconcile_secs: 180 };
        let house = House::new(house::world(pool, &whatsapp, &llm, &workers)?);
        house.prepare().await?;
        let webhook_url = format!("http://{door}/webhooks/whatsapp");
        let simulators = Simulators::new(simulate::Settings { webhook_url, ..simulate::Settings::default() })?;
        let (drain, outside) = (CancellationToken::new(), CancellationToken::new());
        let servers = vec![
            tokio::spawn(server.run(house.routes(&whatsapp, &drain)?, drain.clone())),
            tokio::spawn(around.run(simulate::router(simulators.clone()), outside.clone())),
        ];
        Ok(Self { scene, simulators, door, tenant, house, drain, outside, servers, working: None })
    }

    /// Workers begin, in this process.
    pub fn work(&mut self) {
        let (house, drain) = (self.house.clone(), self.drain.clone());
        self.working = Some(tokio::spawn(async move { house.work(drain).await }));
    }

    /// Nothing is left to write back. The tables' statistics are those of a house that has just opened, which are none.
    pub async fn settle(&self) -> anyhow::Result<()> {
        self.scene.pool.execute("checkpoint").await?;
        Ok(())
    }

    /// Ends it all, and drops the database.
    pub async fn close(self) -> anyhow::Result<()> {
        self.drain.cancel();
        if let Some(working) = self.working {
            working.await??;
        }
        self.simulators.stop();
        self.outside.cancel();
        for server in self.servers {
            server.await?;
        }
        self.scene.close().await
    }
}
