//! The console as it is seen without a browser: by requests, and by who makes them up.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
};

use adapters::{Clock, World};
use domain::{
    TenantId,
    staff::{Account, Role, StaffId, manage, session},
};
use holdfast::{config, house, house::House, server::Server};
use ops::console;
use reqwest::{Client, Method, header::HeaderMap, redirect::Policy};
use sqlx::{AssertSqlSafe, Executor, PgPool};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::house::{Judge, TestDatabase, free_address};

/// A hash that no password has.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aG9sZGZhc3Qtbm9ib2R5IQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const BUSINESS: &str = include_str!("../../../data/console/business.sql");
/// What each answer carries.
const ARMOUR: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=()"),
    ("content-security-policy", "default-src 'none'"),
];

/// The console on a database of its own, where nobody works.
pub struct Desk {
    /// Where it is.
    pub url: String,
    /// Looks at the rows, past every rule.
    pub judge: Judge,
    /// The console's time.
    pub clock: Clock,
    /// Connections as the house has them.
    pub pool: PgPool,
    secure: bool,
    http: Client,
    accounts: AtomicU64,
    _end: DropGuard,
    _database: TestDatabase,
}

/// A business with one of everything.
pub struct Business {
    /// Its id.
    pub tenant: i64,
    /// What all its texts say.
    pub mark: String,
    made: HashMap<String, i64>,
}

impl Business {
    /// The id of what is called so in `business.sql`.
    pub fn id(&self, what: &str) -> i64 {
        *self.made.get(what).unwrap_or_else(|| panic!("business.sql makes no {what}"))
    }

    /// The effect in this state.
    pub fn effect(&self, state: &str) -> String {
        let mark: String = self.mark.chars().take(400).collect();
        format!("{}:{}:{state}", mark.trim_matches(' '), self.tenant)
    }

    /// The phone of its customer.
    pub fn phone(&self) -> String {
        (39_333_000_000_000 + self.tenant).to_string()
    }
}

impl Desk {
    /// Without TLS, by the machine's clock.
    pub async fn open() -> Self {
        Self::of(Clock::system(), false).await
    }

    /// `secure`: browsers reach it over TLS.
    pub async fn of(clock: Clock, secure: bool) -> Self {
        let database = TestDatabase::migrated().await;
        let door = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let (pool, url, end) = (database.pool().await, format!("http://{}", door.address()), CancellationToken::new());
        let outside = config::Outside::of_demo(
            free_address(),
            config::Llm { key: None, url: String::new(), model: String::new() },
        );
        let world = house::world(pool.clone(), &outside, &config::Workers { debounce_ms: 100, reconcile_secs: 2 });
        let house = House::new(World { clock: clock.clone(), ..world.unwrap() });
        house.prepare().await.unwrap();
        let public = if secure { "https://desk.example".to_owned() } else { url.clone() };
        let settings = console::Settings { environment: "test".to_owned(), url: public, zone: chrono_tz::Europe::Rome };
        tokio::spawn(door.run(house.console(settings, &end).unwrap(), end.clone()));
        let http = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        let judge = Judge::of(&database).await;
        // Ids that nobody takes for another number.
        let sql = "select setval(format('%I.%I', schemaname, sequencename)::regclass, 5000000000 + 1000000 * row_number() over ()) from pg_sequences
                   where data_type = 'bigint'::regtype and (schemaname = 'public' or sequencename like 'bulk%')";
        sqlx::query(sql).execute(&judge.pool).await.unwrap();
        Self {
            url,
            judge,
            clock,
            pool,
            secure,
            http,
            accounts: AtomicU64::new(0),
            _end: end.drop_guard(),
            _database: database,
        }
    }

    /// A new business, whose texts all say `mark`.
    pub async fn furnished(&self, mark: &str) -> Business {
        let mut conn = self.judge.pool.acquire().await.unwrap();
        sqlx::query("select set_config('console.mark', $1, false)").bind(mark).execute(&mut *conn).await.unwrap();
        conn.execute("drop table if exists made").await.unwrap();
        let script = BUSINESS.replace("create function pg_temp", "create or replace function pg_temp");
        conn.execute(AssertSqlSafe(script)).await.unwrap_or_else(|error| panic!("business.sql with {mark:?}: {error}"));
        let made: Vec<(String, i64)> = sqlx::query_as("select what, id from made").fetch_all(&mut *conn).await.unwrap();
        let made: HashMap<String, i64> = made.into_iter().collect();
        Business { tenant: made["tenant"], mark: mark.to_owned(), made }
    }

    /// Somebody new, who has signed in.
    pub async fn seat(&self, role: Role, tenant: Option<i64>) -> Seat<'_> {
        let n = self.accounts.fetch_add(1, Ordering::Relaxed);
        let sql = "insert into staff (tenant_id, email, name, role, language, password, created_at)
                   values ($1, $2, $3, $4, 'en', $5, now()) returning id";
        let id: i64 = sqlx::query_scalar(sql)
            .bind(tenant)
            .bind(format!("person{n}@desk.example"))
            .bind(format!("Person {n}"))
            .bind(role.name())
            .bind(NOBODY)
            .fetch_one(&self.judge.pool)
            .await
            .unwrap();
        let mut conn = self.pool.acquire().await.unwrap();
        let account = manage::find(&mut conn, StaffId(id), tenant.map(TenantId)).await.unwrap().expect("an account");
        let mut seat = Seat { desk: self, account: Some(account), token: None };
        seat.sign_in().await;
        seat
    }

    /// Somebody who has not signed in.
    pub const fn stranger(&self) -> Seat<'_> {
        Seat { desk: self, account: None, token: None }
    }

    /// Somebody with this cookie.
    pub fn bearer(&self, token: &str) -> Seat<'_> {
        Seat { desk: self, account: None, token: Some(token.to_owned()) }
    }

    /// The name of the session's cookie.
    pub const fn cookie(&self) -> &'static str {
        if self.secure { "__Host-hf" } else { "hf" }
    }
}

/// Somebody at the desk.
pub struct Seat<'desk> {
    pub desk: &'desk Desk,
    /// Nobody's, for who has not signed in.
    pub account: Option<Account>,
    pub token: Option<String>,
}

impl Seat<'_> {
    /// Once more, in another session.
    pub async fn sign_in(&mut self) {
        let account = self.account.as_ref().expect("an account");
        let mut conn = self.desk.pool.acquire().await.unwrap();
        let now = self.desk.clock.now();
        self.token = Some(session::open(&mut conn, account, "192.0.2.9", "a test", now).await.unwrap());
    }

    pub fn staff(&self) -> i64 {
        self.account.as_ref().expect("an account").id.0
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], None).await
    }

    /// As a page that looks again by itself does.
    pub async fn get_again(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[("x-holdfast-again", "1")], None).await
    }

    /// Sends a form, from a page of ours.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(Method::POST, path, &[("sec-fetch-site", "same-origin")], Some(form(fields))).await
    }

    /// Sends anything. Every answer is armoured.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Answer {
        let mut request = self.desk.http.request(method.clone(), format!("{}{path}", self.desk.url));
        if let Some(token) = &self.token {
            request = request.header("cookie", format!("{}={token}", self.desk.cookie()));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        // A stream of events has no end to wait for.
        let streams = headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        let text = if streams {
            String::new()
        } else {
            answer.text().await.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"))
        };
        let answer = Answer { status, headers, text };
        answer.is_armoured(&format!("{method} {path}"));
        answer
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// All cookies that are set.
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// The value of a cookie that is set.
    pub fn token(&self, cookie: &str) -> Option<String> {
        let mut pairs = self.cookies().into_iter().filter_map(|line| line.split(';').next()?.split_once('='));
        pairs.find(|(name, value)| *name == cookie && !value.is_empty()).map(|(_, value)| value.to_owned())
    }

    fn is_armoured(&self, what: &str) {
        for (name, value) in ARMOUR {
            assert!(self.header(name).starts_with(value), "{what}: {name}: {:?}", self.header(name));
        }
        let policy = self.header("content-security-policy");
        assert!(!policy.contains("unsafe-") && !policy.contains('*'), "{what}: {policy}");
        for part in ["script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{what}: {part} is not in {policy}");
        }
        let cache = self.header("cache-control");
        let lasts = cache == "public, max-age=31536000, immutable" && what.starts_with("GET /ops/assets/");
        let streams = self.header("content-type").starts_with("text/event-stream") && cache == "no-cache";
        assert!(cache == "no-store" || lasts || streams, "{what}: cache-control: {cache:?}");
    }
}

/// A form as browsers send it.
pub fn form(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", quoted(name), quoted(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Quotes text for an address.
pub fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
