//! How faults strike a request: before it is looked at, and once it was accepted.

use std::{io, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use futures_util::stream;

use super::{Fault, Faults, Kind, Target};

/// How a request ends that no one looked at.
pub(crate) enum Trouble {
    /// Without an answer.
    Silence,
    /// With the error that the fault names.
    Error(Fault),
}

impl Faults {
    /// Waits as long as a delay asks, then tells whether the request ends here.
    pub(crate) async fn before(&self, target: Target, to: Option<&str>) -> Result<(), Trouble> {
        self.pause(target, Kind::DelayMs, to).await;
        if self.strike(target, Kind::DropRequest, to).is_some() {
            return Err(Trouble::Silence);
        }
        self.strike(target, Kind::Error, to).map_or(Ok(()), |fault| Err(Trouble::Error(fault)))
    }

    /// What the sender gets to see of the answer to an accepted request.
    pub(crate) async fn after(&self, target: Target, to: Option<&str>, answer: Response) -> Response {
        self.pause(target, Kind::AnswerDelayMs, to).await;
        if self.strike(target, Kind::DropResponseAfterAccept, to).is_some() {
            silence()
        } else if self.strike(target, Kind::Garbage, to).is_some() {
            garbage()
        } else {
            answer
        }
    }

    async fn pause(&self, target: Target, kind: Kind, to: Option<&str>) {
        if let Some(ms) = self.strike(target, kind, to).and_then(|fault| fault.ms) {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }
}

/// Ends the connection without a byte: hyper writes the head together with the first piece of the
/// body, and there is none.
pub(crate) fn silence() -> Response {
    let cut = io::Error::from(io::ErrorKind::ConnectionReset);
    Body::from_stream(stream::once(async { Err::<&[u8], _>(cut) })).into_response()
}

/// A 200 as a broken proxy would send it.
pub(crate) fn garbage() -> Response {
    "<html><body>It works!</body></html>".into_response()
}
