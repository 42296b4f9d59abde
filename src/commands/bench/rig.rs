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
const CONNECTIONS: u32 = 8;

/// A house that is open.
pub(super) struct Rig {
    pub scene: Scene,
    pub simulators: Simulators,
    /// Where webhooks go, and where the console is.
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
        let llm = config::Llm { key: None, url: String::new(), model: String::new() };
        let outside = config::Outside::of_demo(around.address(), llm);
        let workers = config::Workers { debounce_ms, reconcile_secs: 180 };
        let house = House::new(house::world(pool, &outside, &workers)?);
        house.prepare().await?;
        let webhook_url = format!("http://{door}/webhooks/whatsapp");
        let simulators = Simulators::new(simulate::Settings { webhook_url, ..simulate::Settings::default() })?;
        let (drain, ended) = (CancellationToken::new(), CancellationToken::new());
        let console = house.console(config::Console::of_demo().settings(door), &drain)?;
        let servers = vec![
            tokio::spawn(server.run(house.routes(&outside, &drain)?.merge(console), drain.clone())),
            tokio::spawn(around.run(simulate::router(simulators.clone()), ended.clone())),
        ];
        Ok(Self { scene, simulators, door, tenant, house, drain, outside: ended, servers, working: None })
    }

    /// Workers begin, in this process.
    pub fn work(&mut self) {
        let (house, drain) = (self.house.clone(), self.drain.clone());
        self.working = Some(tokio::spawn(async move { house.work(drain).await }));
    }

    /// As if it had been open for a year: people who wrote, and were answered.
    pub async fn with_history(self) -> anyhow::Result<Self> {
        sqlx::query(
            "with person as (
               insert into customer (tenant_id, phone, name, language) select $1, (390600000000 + n)::text, 'Ada', 'it' from generate_series(1, 5000) n returning id
             ), thread as (
               insert into conversation (tenant_id, phone_number_id, customer_id, last_inbound_at) select $1, $2, id, now() - interval '30 days' from person returning id
             ), turn as (
               insert into turn (tenant_id, id, conversation_id, gathered_at, transcript, outcome, at)
               select $1, -id, id, now() - interval '30 days', '[]', 'past', now() - interval '30 days' from thread returning id, conversation_id
             )
             insert into message (tenant_id, conversation_id, phone_number_id, direction, wamid, kind, text, content, state, turn_id, seq, sent_at, received_at)
             select $1, conversation_id, $2, d, 'wamid.' || d || id, 'text', 'ciao', case d when 'out' then '{}'::jsonb end,
                    case d when 'out' then 'read' end, id, case d when 'out' then 0 end, now() - interval '30 days', now() - interval '30 days'
             from turn, unnest(array['in', 'out']) d",
        )
        .bind(self.tenant)
        .bind(domain::demo::PHONE_NUMBER_ID)
        .execute(&self.scene.pool)
        .await?;
        self.scene.pool.execute("vacuum analyze").await?;
        Ok(self)
    }

    /// Nothing is left to write back.
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
