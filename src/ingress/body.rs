//! Reading a request's body within bounds.

use std::{future::poll_fn, pin::Pin, time::Duration};

use axum::{
    body::{Body, HttpBody},
    http::StatusCode,
};
use bytes::{Buf, Bytes, BytesMut};
use tokio::time::timeout;

/// The longest webhook, in bytes. Meta stays within 3 MB.
pub(super) const LIMIT: usize = 3 * 1024 * 1024;

/// How much of a longer body is read and thrown away, so that the sender gets to read the answer
/// instead of a broken connection.
const PATIENCE: usize = 16 * 1024 * 1024;

/// How long a body may take to arrive.
const DEADLINE: Duration = Duration::from_secs(30);

/// The whole body, or the status that refuses it.
pub(super) async fn read(body: Body) -> Result<Bytes, StatusCode> {
    read_up_to(body, LIMIT).await
}

/// The same with a limit of one's own, in bytes.
pub(crate) async fn read_up_to(body: Body, limit: usize) -> Result<Bytes, StatusCode> {
    timeout(DEADLINE, collect(body, limit)).await.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT))
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, StatusCode> {
    let mut kept = BytesMut::new();
    let mut length = 0;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.remaining();
        if length <= limit {
            kept.extend_from_slice(&data);
        } else if length <= PATIENCE {
            kept = BytesMut::new();
        } else {
            break;
        }
    }
    if length > limit { Err(StatusCode::PAYLOAD_TOO_LARGE) } else { Ok(kept.freeze()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn three_mebibytes_pass_and_one_byte_more_does_not() {
        let of = |length| read(Body::from(vec![b'x'; length]));
        assert_eq!(of(LIMIT).await.map(|body| body.len()), Ok(LIMIT));
        assert_eq!(of(LIMIT + 1).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
        assert_eq!(of(PATIENCE + 1).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
        assert_eq!(of(0).await, Ok(Bytes::new()));
    }
}
