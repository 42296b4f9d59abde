//! The HTTP server: one accept loop that sheds what hangs, and that loses nothing when it ends.
//!
//! Ending goes in steps, because a request may be on its way while we close: stop accepting; tell
//! every client, with the next answer, to connect anew; give open connections a moment to ask once
//! more; close the idle ones; wait for the rest.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{
    Router,
    body::Body,
    http::{HeaderValue, Request, header},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// A client that has not sent its headers by then is cut off.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an open connection may bring one more request while we end.
const LINGER: Duration = Duration::from_millis(1500);
/// How long a request that is being answered may take while we end.
const PATIENCE: Duration = Duration::from_secs(12);
/// Most connections at a time; further ones wait to be accepted.
const CONNECTIONS: usize = 4096;

/// A bound address: connections queue there from now on.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Binds `address`; port 0 takes a free one.
    pub async fn bind(address: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}; does something else?"))?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The address, with the real port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers with `router` until `drain`, then until every connection has ended.
    pub async fn run(self, router: Router, drain: CancellationToken) {
        let seats = Arc::new(Semaphore::new(CONNECTIONS));
        let connections = TaskTracker::new();
        while let Some((stream, peer, seat)) = self.accept(&seats, &drain).await {
            let (router, drain) = (router.clone(), drain.clone());
            connections.spawn(async move {
                converse(stream, peer, router, drain).await;
                drop(seat);
            });
        }
        connections.close();
        connections.wait().await;
    }

    /// The next connection and its seat, or nothing once `drain` is called for.
    async fn accept(
        &self,
        seats: &Arc<Semaphore>,
        drain: &CancellationToken,
    ) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
        let next = async {
            let seat = Arc::clone(seats).acquire_owned().await.ok()?;
            loop {
                match self.listener.accept().await {
                    Ok((stream, peer)) => return Some((stream, peer, seat)),
                    Err(error) => {
                        // Out of file descriptors, or a client that left at once.
                        tracing::debug!(%error, "a connection could not be accepted");
                        sleep(Duration::from_millis(50)).await;
                    }
                }
            }
        };
        tokio::select! {
            biased;
            () = drain.cancelled() => None,
            next = next => next,
        }
    }
}

/// Serves one connection to its end. Requests carry the address of who asks as an extension.
async fn converse(stream: TcpStream, peer: SocketAddr, router: Router, drain: CancellationToken) {
    // Answers are small and complete; waiting to fill packets would only delay them.
    drop(stream.set_nodelay(true));
    let ending = drain.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let answer = router.clone().oneshot(request);
        let ending = ending.clone();
        async move {
            let mut answer = answer.await;
            if let (Ok(answer), true) = (&mut answer, ending.is_cancelled()) {
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = drain.cancelled() => {}
    }
    if timeout(LINGER, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        drop(timeout(PATIENCE, connection).await);
    }
}

#[cfg(test)]
mod tests;
