//! Our apalis backend: one for each job type, fed by the process's one fetcher.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use apalis::prelude::{Backend, Task, TaskBuilder, TaskId, WorkerContext};
use apalis_core::{
    backend::{BackendConfig, finalize::Ephemeral},
    layers::Identity,
};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::registry::Claimed;

/// A job with the bytes of its payload.
pub(crate) type Fetched = (Claimed, String);

/// Hands out what the fetcher sends; ends when the fetcher drops its side.
///
/// It never fails: an apalis worker whose backend fails drops all futures in flight.
pub(crate) struct Fed {
    jobs: UnboundedReceiver<Fetched>,
}

impl Fed {
    pub fn new(jobs: UnboundedReceiver<Fetched>) -> Self {
        Self { jobs }
    }
}

impl Backend for Fed {
    type Task = Task<Fetched>;
    type Error = Infallible;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(&mut self, cx: &mut Context<'_>, _: &WorkerContext) -> Poll<Option<Result<Self::Task, Infallible>>> {
        self.jobs.poll_recv(cx).map(|next| {
            next.map(|fetched| {
                let id = TaskId::from_string(fetched.0.id.to_string());
                Ok(TaskBuilder::new(fetched).task_id(id).build())
            })
        })
    }

    fn poll_close(&mut self, _: &mut Context<'_>, worker: &WorkerContext) -> Poll<Result<(), Infallible>> {
        // An exhausted backend does not end an apalis worker; being told to stop does. It has run, so it can be told.
        let _ = worker.stop();
        Poll::Ready(Ok(()))
    }
}

impl BackendConfig for Fed {
    type Args = Fetched;
    type Id = i64;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Identity {
        Identity::new()
    }
}
