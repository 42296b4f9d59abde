//! `holdfast serve`

use tokio_util::sync::CancellationToken;

use crate::{
    config,
    house::{self, House},
    postgres::Database,
    server::Server,
    shutdown, telemetry,
};

/// Receives webhooks, and works unless told otherwise, until a signal.
pub async fn run(settings: config::Serve) -> anyhow::Result<()> {
    let drain = shutdown::on_signal()?;
    let server = Server::bind(settings.listen).await?;
    let metrics = Server::bind(settings.work.metrics).await?;
    let recorder = telemetry::record_metrics()?;
    Database::with(&settings.work.database, async |database| {
        let (pool, shared) = (database.pool().await?, &settings.work);
        let world = house::world(pool.clone(), &settings.work.outside, &settings.work.workers)?;
        let house = House::new(world);
        house.prepare().await?;
        let console = house.console(settings.console.settings(server.address()), &drain)?;
        let router = house.routes(&shared.outside, &drain)?.merge(console);
        // Whoever starts us learns the addresses, also those of free ports.
        println!("ready url=http://{} metrics=http://{}/metrics", server.address(), metrics.address());

        let ended = CancellationToken::new();
        let measured = tokio::spawn(metrics.run(telemetry::metrics(recorder), ended.clone()));
        let doors = tokio::spawn(server.run(router, drain.clone()));
        let worked = if settings.works {
            house.work(drain.clone()).await
        } else {
            drain.cancelled().await;
            Ok(())
        };
        drain.cancel();
        doors.await?;
        ended.cancel();
        measured.await?;
        pool.close().await;
        worked
    })
    .await
}
