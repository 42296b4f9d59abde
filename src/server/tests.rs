use std::time::{Duration, Instant};

use axum::{Router, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::Server;

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: h\r\n\r\n";

async fn start() -> (TcpStream, CancellationToken, JoinHandle<()>) {
    let router = Router::new().route(
        "/",
        get(async || {
            sleep(Duration::from_millis(100)).await;
            "here"
        }),
    );
    let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let stream = TcpStream::connect(server.address()).await.unwrap();
    let drain = CancellationToken::new();
    let running = tokio::spawn(server.run(router, drain.clone()));
    (stream, drain, running)
}

async fn read(stream: &mut TcpStream) -> String {
    let mut buffer = [0; 1024];
    let length = stream.read(&mut buffer).await.unwrap();
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

#[tokio::test]
async fn an_accepted_connection_is_still_answered_while_ending() {
    let (mut stream, drain, running) = start().await;
    stream.write_all(ASK).await.unwrap();
    assert!(read(&mut stream).await.ends_with("here"));
    drain.cancel();
    sleep(Duration::from_millis(200)).await;
    stream.write_all(ASK).await.unwrap();
    let answer = read(&mut stream).await;
    assert!(answer.ends_with("here") && answer.contains("connection: close"), "{answer}");
    running.await.unwrap();
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_the_end() {
    let (_idle, drain, running) = start().await;
    sleep(Duration::from_millis(50)).await;
    let began = Instant::now();
    drain.cancel();
    running.await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_says_nothing_is_cut_off() {
    let (mut silent, drain, _running) = start().await;
    let mut nothing = Vec::new();
    let cut_off = silent.read_to_end(&mut nothing);
    assert!(tokio::time::timeout(Duration::from_secs(30), cut_off).await.is_ok());
    drain.cancel();
}
