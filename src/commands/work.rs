//! `holdfast work`

use tokio_util::sync::CancellationToken;

use crate::{
    config, health,
    house::{self, House},
    postgres::Database,
    server::Server,
    shutdown, telemetry,
};

/// Works on jobs until a signal. Health is told on the metrics' port.
pub async fn run(settings: config::Work) -> anyhow::Result<()> {
    let drain = shutdown::on_signal()?;
    let metrics = Server::bind(settings.metrics).await?;
    let recorder = telemetry::record_metrics()?;
    Database::with(&settings.database, async |database| {
        let pool = database.pool().await?;
        let world = house::world(pool.clone(), &settings.outside, &settings.workers)?;
        let router = telemetry::metrics(recorder).merge(health::routes(pool.clone(), drain.clone()));
        println!("ready metrics=http://{}/metrics", metrics.address());

        let ended = CancellationToken::new();
        let measured = tokio::spawn(metrics.run(router, ended.clone()));
        let worked = House::new(world).work(drain).await;
        ended.cancel();
        measured.await?;
        pool.close().await;
        worked
    })
    .await
}
