//! One story.

use std::{collections::HashMap, net::SocketAddr, sync::Mutex};

use adapters::{Clock, World};
use chrono::{DateTime, TimeDelta, Utc};
use domain::TenantId;
use engine::{Engine, Point};
use holdfast::{config, house, house::House, server::Server};
use ops::simulate::{self, Simulators};
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Customer, Judge, Meta, Process, TestDatabase, free_address};

/// The demo studio, open for business: its database, the door, the workers, and the outside.
pub struct Story {
    /// Looks at the rows, past every rule.
    pub judge: Judge,
    /// The world outside.
    pub simulators: Simulators,
    /// The house's time.
    pub clock: Clock,
    /// Of the studio.
    pub tenant: TenantId,
    /// Of the house.
    pub url: String,
    /// Of the simulators.
    pub outside: SocketAddr,
    /// How many messages each customer was expected to hear so far.
    pub(super) heard: Mutex<HashMap<String, usize>>,
    /// Whether the house is a process that may be away for a moment.
    pub(super) besieged: bool,
    door: SocketAddr,
    workers: Option<Workers>,
    end: CancellationToken,
    database: TestDatabase,
}

struct Workers {
    drain: CancellationToken,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Story {
    /// Begins now, by the machine's clock.
    pub async fn begin() -> Self {
        Self::open(Clock::system(), Brain::Offline, Some(Box::new(|engine| engine))).await
    }

    /// Begins at an instant of the future, which lasts until the story moves it.
    pub async fn begin_at(now: DateTime<Utc>) -> Self {
        let ahead = now - Clock::system().now();
        assert!(ahead > TimeDelta::zero(), "the simulators' time only moves forward");
        let story = Self::open(Clock::manual(now), Brain::Offline, Some(Box::new(|engine| engine))).await;
        story.simulators.advance(ahead.to_std().unwrap());
        story
    }

    /// The studio with an open door, but nobody working.
    pub async fn closed() -> Self {
        Self::open(Clock::system(), Brain::Offline, None).await
    }

    /// The studio without a house: [`Story::process`] starts one.
    pub async fn besieged() -> Self {
        let mut story = Self::stage(Clock::system(), free_address(), None).await;
        story.besieged = true;
        story
    }

    /// Begins now, with workers whose attempts fail where `plan` (job, attempt, point) says so.
    pub async fn sabotaged(plan: impl Fn(&'static str, u16, Point) -> bool + Send + Sync + 'static) -> Self {
        Self::open(Clock::system(), Brain::Offline, Some(Box::new(|engine| engine.sabotage(plan)))).await
    }

    /// Begins now, with a language model that says what [`Simulators::script`] tells it to.
    pub async fn scripted() -> Self {
        Self::open(Clock::system(), Brain::Scripted, Some(Box::new(|engine| engine))).await
    }

    async fn open(clock: Clock, brain: Brain, hire: Option<Hire>) -> Self {
        let door = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let mut story = Self::stage(clock.clone(), door.address(), None).await;
        let outside = config::Outside::of_demo(story.outside, brain.settings(story.outside));
        let world = house::world(story.pool().await, &outside, &brisk()).expect("a world");
        let house = House::new(World { clock, ..world });
        house.prepare().await.expect("known jobs");
        let console = house.console(config::Console::of_demo().settings(door.address()), &story.end);
        let routes = house.routes(&outside, &story.end).expect("routes").merge(console.expect("the console"));
        tokio::spawn(door.run(routes, story.end.clone()));
        if let Some(hire) = hire {
            let drain = CancellationToken::new();
            let engine = hire(house.engine().expect("an engine"));
            let working = drain.clone();
            let task = tokio::spawn(async move { Ok(engine.run(working).await?) });
            story.workers = Some(Workers { drain, task });
        }
        story
    }

    async fn stage(clock: Clock, door: SocketAddr, workers: Option<Workers>) -> Self {
        let database = TestDatabase::migrated().await;
        let seeding = database.pool().await;
        let tenant = domain::demo::seed(&seeding, clock.now()).await.expect("the demo studio");
        seeding.close().await;
        let outside = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = outside.address();
        let url = format!("http://{door}");
        let webhook_url = format!("{url}/webhooks/whatsapp");
        let payment_webhook_url = format!("{url}/webhooks/payments");
        let settings = simulate::Settings { webhook_url, payment_webhook_url, ..simulate::Settings::default() };
        let simulators = Simulators::new(settings).expect("simulators");
        let end = CancellationToken::new();
        tokio::spawn(outside.run(simulate::router(simulators.clone()), end.clone()));
        let judge = Judge::of(&database).await;
        let (heard, besieged) = (Mutex::default(), false);
        Self { judge, simulators, clock, tenant, url, outside: address, heard, besieged, door, workers, end, database }
    }

    /// Somebody with this phone.
    pub fn customer(&self, phone: &str) -> Customer<'_> {
        Customer::new(self, phone)
    }

    /// Meta's servers, for bodies that the simulators would not write.
    pub fn meta(&self) -> Meta {
        Meta::new(&self.url)
    }

    /// The house as a process; for a besieged story.
    pub async fn process(&self, log: &str) -> Process {
        Process::serve(log, &self.database.url(), self.door, self.outside).await
    }

    /// Leaves so many places in tomorrow's yoga at seven.
    pub async fn leaves_places(&self, places: i32) {
        let sql = "update session set capacity = booked + $1 where id = (
            select s.id from session s join service v on v.tenant_id = s.tenant_id and v.id = s.service_id
            where v.slug = 'yoga' and (s.starts_at at time zone 'Europe/Rome')::date = (now() at time zone 'Europe/Rome')::date + 1
              and (s.starts_at at time zone 'Europe/Rome')::time = '19:00')";
        sqlx::query(sql).bind(places).execute(&self.judge.pool).await.expect("a smaller room");
    }

    /// Connections as the house has them.
    pub async fn pool(&self) -> PgPool {
        self.database.pool().await
    }

    /// Ends well: everything is done, nothing was given up, and nothing was said twice or unasked.
    pub async fn end(mut self) {
        self.judge.finds_all_done().await;
        if let Some(workers) = self.workers.take() {
            workers.drain.cancel();
            workers.task.await.expect("no panic").expect("workers without complaint");
        }
        self.simulators.stop();
        // The doors close with the runtime: how they do it well is a story of its own.
        self.end.cancel();
        self.nothing_was_said_amiss();
    }

    fn nothing_was_said_amiss(&self) {
        let stats = self.simulators.stats();
        assert!(stats.sent_twice.is_empty(), "sent twice: {:?}", stats.sent_twice);
        assert_eq!(stats.without_plus, 0, "sent to a number without its +");
        for (phone, heard) in &*self.heard.lock().unwrap() {
            let said = self.simulators.messages(Some(phone));
            let unasked: Vec<_> = said.iter().skip(*heard).map(|sent| &sent.text).collect();
            assert!(unasked.is_empty(), "{phone} also heard {unasked:?}");
        }
    }
}

/// What is done to the engine before it runs.
type Hire = Box<dyn FnOnce(Engine<World>) -> Engine<World>>;

/// Who answers.
enum Brain {
    /// The built-in assistant.
    Offline,
    /// The simulators' language model, over HTTP.
    Scripted,
}

impl Brain {
    fn settings(&self, simulators: SocketAddr) -> config::Llm {
        let (key, url) = match self {
            Self::Offline => (None, String::new()),
            Self::Scripted => (Some(config::Secret::new("sim")), format!("http://{simulators}/v1")),
        };
        config::Llm { key, url, model: "scripted".to_owned() }
    }
}

/// Short waits, so that stories are quick.
fn brisk() -> config::Workers {
    config::Workers { debounce_ms: 100, reconcile_secs: 2 }
}
