//! Bodies: JSON objects.

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::Bytes;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::fields;
use crate::{
    api::{Api, kind::Kind, problem::Problem},
    ingress,
};

/// The longest body, in bytes.
const LIMIT: usize = 64 * 1024;

/// The largest number that is no whole one.
const LARGEST: f64 = 1e18;

/// What a request brings.
#[derive(Debug)]
pub(in crate::api) struct Body<T> {
    /// Read and within bounds.
    pub value: T,
    bytes: Bytes,
}

/// Nothing at all.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Nothing {}

/// For what needs to be told nothing: no body, or an empty object.
#[derive(Debug)]
pub(in crate::api) struct Bare(pub Body<Nothing>);

impl<T> Body<T> {
    /// SHA-256 of the request's line and body.
    pub fn digest(&self, line: &str) -> Vec<u8> {
        let mut context = Context::new(&SHA256);
        context.update(line.as_bytes());
        context.update(b"\n");
        context.update(&self.bytes);
        context.finish().as_ref().to_vec()
    }
}

impl<T: DeserializeOwned> FromRequest<Api> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Api) -> Result<Self, Problem> {
        let (headers, bytes) = arrived(request).await?;
        let object = object(&headers, &bytes)?;
        Ok(Self { value: fields::read(object.into_iter())?, bytes })
    }
}

impl FromRequest<Api> for Bare {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Api) -> Result<Self, Problem> {
        let (headers, bytes) = arrived(request).await?;
        if !bytes.is_empty() {
            let object = object(&headers, &bytes)?;
            fields::read::<Nothing, _>(object.into_iter())?;
        }
        Ok(Self(Body { value: Nothing {}, bytes }))
    }
}

async fn arrived(request: Request) -> Result<(HeaderMap, Bytes), Problem> {
    let (parts, body) = request.into_parts();
    let bytes = ingress::read_body(body, LIMIT).await.map_err(|status| refused(status.as_u16()))?;
    Ok((parts.headers, bytes))
}

fn refused(status: u16) -> Problem {
    match status {
        413 => Problem::new(Kind::TooLarge, format_args!("send at most {LIMIT} bytes")),
        408 => Problem::new(Kind::Timeout, "send the body at once"),
        _ => Problem::new(Kind::Malformed, "the body broke off; send it again"),
    }
}

fn object(headers: &HeaderMap, bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    if bytes.is_empty() {
        return Err(Problem::new(Kind::Malformed, "there is no body; send a JSON object"));
    }
    if !is_json(headers) {
        return Err(Problem::new(Kind::MediaType, "send `Content-Type: application/json`"));
    }
    let value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(Kind::Malformed, format_args!("the body is not JSON: {error}")))?;
    let Value::Object(object) = value else {
        return Err(Problem::field("body", "send a JSON object"));
    };
    for (name, value) in &object {
        if let Some(problem) = nul(name).or_else(|| unkept(value)) {
            return Err(Problem::field(name.replace('\0', "\u{fffd}"), problem));
        }
    }
    Ok(object)
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Why PostgreSQL would not give a value back as it was.
fn unkept(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(text) => nul(text),
        // It writes them out in digits, more than can be read again.
        Value::Number(number) if number.is_f64() && number.as_f64().is_none_or(|number| number.abs() > LARGEST) => {
            Some("it holds a number beyond 1e18; make it smaller")
        }
        Value::Array(items) => items.iter().find_map(unkept),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| nul(name).or_else(|| unkept(value))),
        _ => None,
    }
}

fn nul(text: &str) -> Option<&'static str> {
    text.contains('\0').then_some("it holds a NUL; remove it")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn status(kind: Option<&'static str>, body: &str) -> u16 {
        let mut headers = HeaderMap::new();
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        object(&headers, body.as_bytes()).map_or_else(|problem| problem.status().as_u16(), |_| 200)
    }

    #[test]
    fn only_an_object_in_json_is_read() {
        let json = Some("application/json");
        assert_eq!(status(None, ""), 400);
        assert_eq!(status(json, "{}"), 200);
        assert_eq!(status(Some("Application/JSON; charset=utf-8"), r#"{"a": [1]}"#), 200);
        assert_eq!(status(None, "{}"), 415);
        assert_eq!(status(Some("text/plain"), "{}"), 415);
        assert_eq!(status(json, "{"), 400);
        assert_eq!(status(json, r#"{"a": 1e999}"#), 400);
        assert_eq!(status(json, r#"{"a": "\ud800"}"#), 400);
        assert_eq!(status(json, &"[".repeat(5000)), 400);
        for other in [
            "[]",
            "7",
            "null",
            r#"{"a": {"b": ["\u0000"]}}"#,
            r#"{"a\u0000": 1}"#,
            r#"{"a": {"\u0000": 1}}"#,
            r#"{"a": [1e19]}"#,
        ] {
            assert_eq!(status(json, other), 422, "{other}");
        }
    }
}
