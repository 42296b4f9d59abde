//! Asking a server of ours whether it answers.

use std::{net::SocketAddr, time::Duration};

use anyhow::bail;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// Waits until `GET path` is answered with 200.
pub async fn until_ok(address: SocketAddr, path: &str) -> anyhow::Result<()> {
    for _ in 0..200 {
        if matches!(timeout(Duration::from_secs(2), is_ok(address, path)).await, Ok(Ok(true))) {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    bail!("http://{address}{path} does not answer with 200")
}

async fn is_ok(address: SocketAddr, path: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut status = [0; "HTTP/1.1 200".len()];
    stream.read_exact(&mut status).await?;
    Ok(&status == b"HTTP/1.1 200")
}
