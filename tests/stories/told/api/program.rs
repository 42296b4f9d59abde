//! A program of a tenant.

use chrono::{DateTime, TimeDelta, Utc};
use domain::TenantId;
use holdfast::api::{Grant, Token};
use reqwest::{
    Client, Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Value, json};

use crate::house::Story;

/// Asks with a token.
pub struct Program {
    pub client: Client,
    pub url: String,
    /// What it asks with.
    pub token: String,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Program {
    /// One of the studio, which may do everything.
    pub async fn of(story: &Story) -> Self {
        Self::with(story, story.tenant, "program", &Grant::all()).await
    }

    /// One of this tenant, which may do this.
    pub async fn with(story: &Story, tenant: TenantId, label: &str, grant: &Grant) -> Self {
        let pool = story.pool().await;
        let token = Token::grant(&pool, tenant, label, grant, story.clock.now()).await.unwrap();
        pool.close().await;
        let client = Client::builder().no_proxy().build().unwrap();
        Self { client, url: story.url.clone(), token: token.expose().to_owned() }
    }

    /// Everything that is described and takes a token: method, address, and the scope that it needs.
    pub async fn operations(&self) -> Vec<(Method, String, Value)> {
        let document = self.client.get(format!("{}/openapi.json", self.url)).send().await.unwrap();
        let document: Value = serde_json::from_slice(&document.bytes().await.unwrap()).unwrap();
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            // The one thing that takes none.
            if path == "/api/tokens/refresh" {
                continue;
            }
            for (method, operation) in item.as_object().unwrap() {
                all.push((method.to_uppercase().parse().unwrap(), path.clone(), operation.clone()));
            }
        }
        all
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body), &[]).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body), &[]).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// The same write under a key.
    pub async fn keyed(&self, key: &str, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body.clone()), &[("idempotency-key", key)]).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.send_raw(method, path, body, headers).await
    }

    pub async fn send_raw(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.try_send(method, path, body, headers).await.expect("an answer")
    }

    /// Sends a write under a key again and again, until there is an answer that does not ask to come again.
    pub async fn insists(&self, key: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        loop {
            let body = body.as_ref().map(|body| ("application/json", body.to_string().into_bytes()));
            match self.try_send(method.clone(), path, body, &[("idempotency-key", key)]).await {
                Ok(answer) if answer.status.is_server_error() || answer.says("in_progress") => {}
                Ok(answer) => return answer,
                Err(_) => {}
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    async fn try_send(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
        headers: &[(&str, &str)],
    ) -> reqwest::Result<Answer> {
        let path = if path.starts_with("/api") { path.to_owned() } else { format!("/api/v1{path}") };
        let mut request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        if let Some((kind, body)) = body {
            request = request.header("content-type", kind).body(body);
        }
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request = request.header(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        Ok(Answer { status, headers, bytes: answer.bytes().await?.to_vec() })
    }

    /// A customer of this number.
    pub async fn customer(&self, phone: &str) -> i64 {
        let new = json!({ "phone": phone, "name": format!("Customer {phone}"), "language": "en" });
        self.post("/customers", new).await.created()["id"].as_i64().unwrap()
    }

    /// Sessions of yoga that begin so long from now, soonest first: at different times.
    pub async fn yoga(&self, from: DateTime<Utc>) -> Vec<i64> {
        let from = (from + TimeDelta::days(3)).format("%Y-%m-%dT%H:%M:%SZ");
        let listed = self.get(&format!("/sessions?service=1&from={from}")).await.ok();
        listed["items"].as_array().unwrap().iter().map(|session| session["id"].as_i64().unwrap()).collect()
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Whether it is a problem of this name.
    pub fn says(&self, problem: &str) -> bool {
        self.text().contains(&format!("/problems/{problem}\""))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// It is done.
    #[track_caller]
    pub fn ok(&self) -> Value {
        self.with(200)
    }

    /// There is something new.
    #[track_caller]
    pub fn created(&self) -> Value {
        self.with(201)
    }

    #[track_caller]
    pub fn with(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }

    /// It was not done, and this is why.
    #[track_caller]
    pub fn refused(&self, status: u16, name: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.is_problem();
        let problem = self.json();
        assert_eq!(problem["type"], format!("/problems/{name}"), "{problem}");
        problem
    }

    /// It names the field that is wrong.
    #[track_caller]
    pub fn names(&self, field: &str) {
        assert_eq!(self.refused(422, "invalid")["field"], field, "{}", self.text());
    }

    /// It is a problem as RFC 9457 wants it.
    #[track_caller]
    pub fn is_problem(&self) {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        for member in ["type", "title", "detail"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
    }
}
