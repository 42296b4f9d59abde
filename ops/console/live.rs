//! Pages that look again by themselves.
//!
//! A page opens one event stream and is told `refresh`; then it fetches itself and morphs. What that may cost the database is
//! bounded for all tabs together: every [`TURN`] one look at what has happened, and one page refreshed, the one that waits
//! longest, for all tabs that show it. Many different pages are refreshed less often, never at a higher cost.

use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::Query,
    http::{StatusCode, Uri},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::staff::SessionId;
use engine::inspect::{self, StateCount};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use sqlx::PgConnection;
use tokio::sync::{Mutex as Turnstile, watch};
use tokio_util::sync::CancellationToken;

use super::{
    Console, Needs, Parts,
    routes::{Route, show},
    screen::Screen,
    sessions::{REMEMBERED, Sessions},
    visit::{Visit, Visitor},
};

/// Between two refreshes while only a few pages are watched, and while there are many. Each is one look at what has happened
/// and one page.
const TURN: Duration = Duration::from_secs(3);
const TURN_OF_MANY: Duration = Duration::from_secs(5);
/// So many pages are a few.
const FEW: usize = 3;
/// A page is refreshed no more often than this,
const REST: Duration = Duration::from_secs(3);
/// and no less often while it is looked at: times grow old.
const OLD: Duration = Duration::from_secs(30);
/// Tabs of one refresh share what the first one read.
const SHARED: Duration = Duration::from_millis(1200);
/// Pages that look again by themselves count jobs no more often than this, together.
const COUNTED: Duration = Duration::from_secs(5);
/// The most streams of one session: a tab that nobody sees closes its own.
const STREAMS: usize = 12;

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/live", Needs::SignedIn, stream_of)]
}

/// Who watches what.
pub(super) struct Hub {
    pages: Arc<Mutex<HashMap<String, Page>>>,
    looks: Mutex<HashMap<String, Arc<Turnstile<Option<Look>>>>>,
    streams: Arc<Mutex<HashMap<SessionId, usize>>>,
    states: Mutex<HashMap<Option<i64>, Counted>>,
    drain: CancellationToken,
}

struct Page {
    /// Counts up with each refresh.
    version: watch::Sender<u64>,
    refreshed: Instant,
    /// What had happened by then.
    pulse: Option<engine::Pulse>,
}

type Look = (Instant, Arc<Screen>);
type Counted = (Instant, Vec<StateCount>);

impl Hub {
    pub fn new(parts: &Parts, sessions: Arc<Sessions>, drain: CancellationToken) -> Self {
        let pages = Arc::default();
        tokio::spawn(beat(Arc::clone(&pages), parts.clone(), sessions, drain.clone()));
        Self { pages, looks: Mutex::default(), streams: Arc::default(), states: Mutex::default(), drain }
    }

    fn watch(&self, page: String) -> watch::Receiver<u64> {
        let mut pages = lock(&self.pages);
        let entry = pages.entry(page);
        entry
            .or_insert_with(|| Page { version: watch::Sender::new(0), refreshed: Instant::now(), pulse: None })
            .version
            .subscribe()
    }
}

/// How many jobs stand where. Pages that look again by themselves share what one of them read.
pub(super) async fn states(visit: &Visit, conn: &mut PgConnection) -> sqlx::Result<Vec<StateCount>> {
    let (hub, tenant) = (&visit.console.0.hub, visit.sight().tenant);
    if visit.again
        && let Some((at, states)) = lock(&hub.states).get(&tenant)
        && at.elapsed() < COUNTED
    {
        return Ok(states.clone());
    }
    let states = inspect::states(conn, visit.sight()).await?;
    lock(&hub.states).insert(tenant, (Instant::now(), states.clone()));
    Ok(states)
}

/// A stream of a session, counted while it lasts.
struct Seat(Arc<Mutex<HashMap<SessionId, usize>>>, SessionId);

impl Seat {
    /// None: the session has enough of them.
    fn take(hub: &Hub, session: SessionId) -> Option<Self> {
        let mut streams = lock(&hub.streams);
        let taken = streams.entry(session).or_default();
        (*taken < STREAMS).then(|| {
            *taken += 1;
            Self(Arc::clone(&hub.streams), session)
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut streams = lock(&self.0);
        if let Some(taken) = streams.get_mut(&self.1) {
            *taken -= 1;
        }
        streams.retain(|_, taken| *taken > 0);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Refreshes one page a turn, for as long as anybody looks.
async fn beat(
    pages: Arc<Mutex<HashMap<String, Page>>>,
    parts: Parts,
    sessions: Arc<Sessions>,
    drain: CancellationToken,
) {
    let pool = &parts.pool;
    let (mut turned, mut known) = (Instant::now(), Instant::now());
    while drain.run_until_cancelled(tokio::time::sleep(Duration::from_millis(500))).await.is_some() {
        let watched = {
            let mut pages = lock(&pages);
            pages.retain(|_, page| page.version.receiver_count() > 0);
            pages.len()
        };
        if watched == 0 || turned.elapsed() < if watched <= FEW { TURN } else { TURN_OF_MANY } {
            continue;
        }
        turned = Instant::now();
        match engine::pulse(pool).await {
            Ok(pulse) => refresh_one(&mut lock(&pages), pulse),
            Err(error) => tracing::debug!(%error, "nobody knows what has happened"),
        }
        if known.elapsed() >= REMEMBERED {
            known = Instant::now();
            if let Err(error) = sessions.look_up(pool, parts.clock.now()).await {
                tracing::debug!(%error, "nobody knows whose sessions have ended");
            }
        }
    }
}

/// The page that waits longest, if any has something new.
fn refresh_one(pages: &mut HashMap<String, Page>, pulse: engine::Pulse) {
    let due = |page: &&mut Page| {
        let age = page.refreshed.elapsed();
        age >= OLD || (age >= REST && page.pulse != Some(pulse))
    };
    if let Some(page) = pages.values_mut().filter(due).min_by_key(|page| page.refreshed) {
        (page.refreshed, page.pulse) = (Instant::now(), Some(pulse));
        page.version.send_modify(|version| *version += 1);
    }
}

#[derive(Deserialize)]
struct Watched {
    /// Path and query of the page.
    page: String,
}

async fn stream_of(visit: Visit, Query(watched): Query<Watched>) -> Response {
    let hub = &visit.console.0.hub;
    let Some(seat) = Seat::take(hub, visit.signed().session) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let mut changes = hub.watch(key(&visit, &watched.page));
    changes.mark_unchanged();
    let drain = hub.drain.clone();
    let events = stream::unfold((changes, seat), |(mut changes, seat)| async move {
        changes.changed().await.ok()?;
        let version = *changes.borrow_and_update();
        // Browsers pass over an event without data.
        Some((
            Ok::<_, Infallible>(Event::default().event("refresh").id(version.to_string()).data("now")),
            (changes, seat),
        ))
    });
    Sse::new(events.take_until(drain.cancelled_owned())).keep_alive(KeepAlive::default()).into_response()
}

/// What decides how a page looks, but for its frame.
fn key(visitor: &Visitor, page: &str) -> String {
    let account = visitor.person.as_ref().map(|person| &person.signed.account);
    let eyes = account.map(|account| (account.role.name(), account.tenant.map(|tenant| tenant.0), account.has_totp));
    format!("{eyes:?} {} {page}", visitor.language)
}

/// What `answer` shows, or what another tab's look a moment ago showed.
pub(super) async fn shared(
    console: &Console,
    visitor: &Visitor,
    uri: &Uri,
    answer: impl Future<Output = Response>,
) -> Response {
    let key = key(visitor, uri.path_and_query().map_or("", |page| page.as_str()));
    let seat = {
        let mut looks = lock(&console.0.hub.looks);
        looks.retain(|_, seat| {
            Arc::strong_count(seat) > 1
                || seat.try_lock().is_ok_and(|look| look.as_ref().is_some_and(|(at, _)| at.elapsed() < SHARED))
        });
        Arc::clone(looks.entry(key).or_default())
    };
    let mut look = seat.lock().await;
    if let Some((at, screen)) = &*look
        && at.elapsed() < SHARED
    {
        return Screen::clone(screen).into_response();
    }
    let answer = answer.await;
    // Only what looks again by itself is the same for all of these eyes: an account's own pages are not.
    if let Some(screen) = answer.extensions().get::<Arc<Screen>>().filter(|screen| screen.live) {
        *look = Some((Instant::now(), Arc::clone(screen)));
    }
    answer
}
