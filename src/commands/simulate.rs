//! `holdfast simulate`

use ops::simulate::{Settings, Simulators};

use crate::{config, server::Server, shutdown};

/// Plays the outside world until a signal.
pub async fn run(settings: config::Simulate) -> anyhow::Result<()> {
    let drain = shutdown::on_signal()?;
    let server = Server::bind(settings.listen).await?;
    let simulators = Simulators::new(Settings {
        webhook_url: settings.webhook_url,
        app_secret: settings.app_secret.expose().to_owned(),
        payment_webhook_url: settings.payment_webhook_url,
        payment_secret: settings.payment_secret.expose().to_owned(),
        journal: settings.journal,
        ..Settings::default()
    })?;
    println!("ready simulators=http://{}", server.address());
    let ending = simulators.clone();
    let watched = drain.clone();
    tokio::spawn(async move {
        watched.cancelled().await;
        ending.stop();
    });
    server.run(ops::simulate::router(simulators), drain).await;
    Ok(())
}
