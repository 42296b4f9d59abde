//! Somebody who works in the console: signed in, with one open connection.

use std::net::SocketAddr;

use adapters::Clock;
use anyhow::{Context, bail, ensure};
use domain::staff::{
    Role,
    invite::{self, Accepted, NewInvite},
    session,
};
use sqlx::PgPool;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One connection over which pages are asked for, one after the other.
pub(super) struct Browser {
    stream: TcpStream,
    cookie: String,
    /// What came after the last answer.
    left: Vec<u8>,
}

impl Browser {
    /// Signed in with this session's token.
    pub async fn open(door: SocketAddr, token: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(door).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, cookie: format!("hf={token}"), left: Vec::new() })
    }

    /// The page at this path, which must be answered 200. `again`: as a page asks that looks again by itself.
    pub async fn get(&mut self, path: &str, again: bool) -> anyhow::Result<String> {
        self.ask(path, if again { "x-holdfast-again: 1\r\n" } else { "" }).await?;
        let head = self.head(path).await?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.with_context(|| format!("{path} came without its length: {head}"))?.trim().parse()?;
        while self.left.len() < length {
            self.more().await?;
        }
        Ok(String::from_utf8(self.left.drain(..length).collect())?)
    }

    /// The event stream of the page at this path.
    pub async fn watch(mut self, path: &str) -> anyhow::Result<Events> {
        let stream = format!("/ops/live?page={}", escape(path));
        self.ask(&stream, "accept: text/event-stream\r\n").await?;
        self.head(&stream).await?;
        Ok(Events(self))
    }

    async fn ask(&mut self, path: &str, more: &str) -> anyhow::Result<()> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: holdfast\r\ncookie: {}\r\n{more}\r\n", self.cookie);
        Ok(self.stream.write_all(request.as_bytes()).await?)
    }

    /// Everything up to the empty line of an answer that must be 200.
    async fn head(&mut self, path: &str) -> anyhow::Result<String> {
        let head = self.until(b"\r\n\r\n").await?;
        let head = String::from_utf8(head)?;
        ensure!(head.starts_with("HTTP/1.1 200 "), "{path} was answered {head}");
        Ok(head)
    }

    /// Takes what comes up to and with these bytes.
    async fn until(&mut self, end: &[u8]) -> anyhow::Result<Vec<u8>> {
        loop {
            if let Some(at) = self.left.windows(end.len()).position(|bytes| bytes == end) {
                return Ok(self.left.drain(..at + end.len()).collect());
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        let read = self.stream.read_buf(&mut self.left).await?;
        ensure!(read > 0, "the console closed in the middle of an answer");
        Ok(())
    }
}

/// What a page is told while it is open.
pub(super) struct Events(Browser);

impl Events {
    /// Waits until the page is told to look again.
    pub async fn refreshed(&mut self) -> anyhow::Result<()> {
        self.0.until(b"event: refresh").await?;
        Ok(())
    }
}

/// As a value in an address.
pub(super) fn escape(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}

/// The list of jobs that fit this query.
pub(super) fn jobs(query: &str) -> String {
    format!("/ops/jobs?q={}", escape(query))
}

/// Makes an owner of the whole house; the token of their session.
pub(super) async fn sign_in(pool: &PgPool, name: &str) -> anyhow::Result<String> {
    let (mut conn, now) = (pool.acquire().await?, Clock::system().now());
    let email = format!("{name}@example.com");
    let new = NewInvite { email, name: name.to_owned(), role: Role::Owner, tenant: None, by: None };
    let token = invite::create(&mut conn, &new, now).await??;
    let account = match invite::accept(&mut conn, &token, "quattro gatti sul tetto 58", now).await? {
        Accepted::Welcome(account) => account,
        refused => bail!("the invitation of {name} was answered with {refused:?}"),
    };
    Ok(session::open(&mut conn, &account, "127.0.0.1", "bench", now).await?)
}
