//! The event stream of one phone on a page: what changed, already drawn.

use std::{collections::HashSet, convert::Infallible, time::Duration};

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;
use tokio::sync::broadcast::{
    Receiver,
    error::{RecvError, TryRecvError},
};

use super::{Change, phone, roster};
use crate::simulate::Simulators;

/// Changes within this time are drawn together.
const GATHER: Duration = Duration::from_millis(40);

#[derive(Deserialize)]
pub(crate) struct Watch {
    customer: String,
    /// The version that the page shows.
    #[serde(default)]
    after: u64,
    /// Customers whose phones are on the page, for the list.
    #[serde(default)]
    open: String,
}

pub(crate) async fn stream(
    State(simulators): State<Simulators>,
    Query(watch): Query<Watch>,
    headers: HeaderMap,
) -> impl IntoResponse {
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let stopped = simulators.stopped();
    let watcher = Watcher {
        changes: simulators.changes(),
        seen: Some(seen.unwrap_or(watch.after)),
        open: watch.open.split(',').map(str::to_owned).collect(),
        customer: watch.customer,
        simulators,
    };
    let events = watcher.events().take_until(stopped.cancelled_owned());
    Sse::new(events).keep_alive(KeepAlive::default())
}

struct Watcher {
    simulators: Simulators,
    customer: String,
    open: Vec<String>,
    changes: Receiver<Change>,
    /// What the browser shows, until that was compared with the chat.
    seen: Option<u64>,
}

/// What has to be drawn again.
#[derive(Default)]
struct Dirty {
    everything: bool,
    presence: bool,
    messages: Vec<String>,
    known: HashSet<String>,
}

impl Watcher {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut watcher| async move {
            let dirty = watcher.dirty().await?;
            Some((stream::iter(watcher.draw(&dirty)), watcher))
        })
        .flatten()
        .map(Ok)
    }

    /// Waits for changes; none once the simulators are gone.
    async fn dirty(&mut self) -> Option<Dirty> {
        let mut dirty = Dirty::default();
        if let Some(seen) = self.seen.take() {
            dirty.everything = seen != phone::state(&self.simulators, &self.customer).0;
            return Some(dirty);
        }
        match self.changes.recv().await {
            Ok(change) => dirty.add(change, &self.customer),
            Err(RecvError::Lagged(_)) => dirty.everything = true,
            Err(RecvError::Closed) => return None,
        }
        tokio::time::sleep(GATHER).await;
        loop {
            match self.changes.try_recv() {
                Ok(change) => dirty.add(change, &self.customer),
                Err(TryRecvError::Lagged(_)) => dirty.everything = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return Some(dirty),
            }
        }
    }

    fn draw(&self, dirty: &Dirty) -> Vec<Event> {
        let (version, typing) = phone::state(&self.simulators, &self.customer);
        let event = |name: &str, data: String| Event::default().id(version.to_string()).event(name).data(data);
        let mut events = Vec::new();
        if dirty.everything {
            let chat = phone::messages(&self.simulators, &self.customer);
            events.push(event("chat", chat.into_string()));
        } else {
            let message = |wamid: &String| phone::message(&self.simulators, &self.customer, wamid).into_string();
            events.extend(dirty.messages.iter().map(|wamid| event("message", message(wamid))));
        }
        if dirty.everything || dirty.presence {
            events.push(event("presence", if typing { "typing" } else { "online" }.into()));
        }
        let roster = roster::draw(&self.simulators, &self.open);
        events.push(event("roster", roster.into_string()));
        events
    }
}

impl Dirty {
    fn add(&mut self, change: Change, watched: &str) {
        match change {
            Change::Message { customer, wamid } if customer == watched => {
                self.presence = true;
                if self.known.insert(wamid.clone()) {
                    self.messages.push(wamid);
                }
            }
            Change::Presence { customer } if customer == watched => self.presence = true,
            Change::Reset => self.everything = true,
            Change::Message { .. } | Change::Presence { .. } | Change::Roster => {}
        }
    }
}
