//! scratch
use ops::simulate::{Settings, Simulators, serve};
#[tokio::main]
async fn main() {
    let s = Simulators::new(Settings {
        webhook_url: "http://127.0.0.1:18080/webhooks/whatsapp".into(),
        ..Settings::default()
    })
    .unwrap();
    let l = tokio::net::TcpListener::bind("127.0.0.1:18081").await.unwrap();
    serve(l, s, tokio_util::sync::CancellationToken::new()).await.unwrap();
}
