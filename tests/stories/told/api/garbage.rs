//! Whatever is sent, it is never our fault.

use reqwest::Method;
use serde_json::{Value, json};

use super::program::Program;
use crate::house::Story;

/// Values that no field should choke on.
fn oddities() -> Vec<Value> {
    let long = "x".repeat(10_000);
    let nested = (0..100).fold(json!(1), |inner, _| json!([inner]));
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!(" "),
        json!("\0"),
        json!("a\0b"),
        json!("'; drop table seat; --"),
        json!("\u{202e}\u{feff}\u{1f9d8}"),
        json!(long),
        json!([]),
        json!([[]]),
        json!({}),
        json!({ "when": "weekly", "weekdays": [i64::MAX], "from": "x", "until": null }),
        json!({ "it": "\0", "en": 7 }),
        json!({ "\0": 1 }),
        json!(["9999-12-31T23:59:60Z"]),
        json!("0000-01-01T00:00:00Z"),
        json!("+262142-12-31T23:59:59Z"),
        nested,
    ]
}

/// A body of this operation that is good, as far as it can be told without the rows.
fn model(schema: &Value, document: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return model(&document["components"]["schemas"][name], document);
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    if let Some(one) = schema["oneOf"].get(0) {
        return model(one, document);
    }
    match schema["type"].as_str() {
        Some("integer") => schema["minimum"].as_i64().map_or(json!(1), |least| json!(least.max(1))),
        Some("boolean") => json!(true),
        Some("array") => json!([model(&schema["items"], document)]),
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), model(field, document))).collect()
        }
        _ => json!("393331234567"),
    }
}

async fn document(story: &Story) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let told = client.get(format!("{}/openapi.json", story.url)).send().await.unwrap();
    serde_json::from_slice(&told.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn no_body_makes_us_fail() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let document = document(&story).await;
    for (method, path, operation) in desk.operations().await {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            continue;
        }
        let good = model(schema, &document);
        let address = path.replace("{id}", "1");
        let mut bodies: Vec<Value> = oddities();
        for field in good.as_object().unwrap().keys() {
            for oddity in oddities() {
                let mut body = good.clone();
                body[field] = oddity;
                bodies.push(body);
            }
        }
        let mut unknown = good.clone();
        unknown["surplus"] = json!(1);
        desk.send(method.clone(), &address, Some(unknown), &[]).await.refused(422, "invalid");
        for body in bodies {
            let answer = desk.send(method.clone(), &address, Some(body.clone()), &[]).await;
            let status = answer.status.as_u16();
            assert!(status < 500, "{method} {path} {body}: {}", answer.text());
            if status >= 400 {
                answer.is_problem();
            }
        }
        for raw in [&b"\xff\xfe"[..], b"{\"a\":1", b"nul", b"{\"a\":1e999}", b"\"\\ud800\"", b"{}{}", b"\0"] {
            let body = Some(("application/json", raw.to_vec()));
            desk.send_raw(method.clone(), &address, body, &[]).await.refused(400, "malformed");
        }
    }
}

#[tokio::test]
async fn no_address_makes_us_fail() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let ids =
        ["0", "-1", "x", "1.5", "%00", "%ff", "9223372036854775808", "1e3", "+1", "%2B1", "%20", &"9".repeat(300)];
    let values = [
        "",
        "0",
        "-1",
        "x",
        "%00",
        "%ff",
        "9223372036854775808",
        "2026-13-01",
        "9999-12-31T23:59:60Z",
        &"x".repeat(3000),
    ];
    for (method, path, operation) in desk.operations().await {
        if path.contains("{id}") {
            for id in ids {
                let answer = desk.send(method.clone(), &path.replace("{id}", id), None, &[]).await;
                answer.names("id");
            }
            for id in ["9223372036854775807", "4611686018427387904"] {
                let answer = desk.send(method.clone(), &path.replace("{id}", id), Some(json!({})), &[]).await;
                assert!([404, 422].contains(&answer.status.as_u16()), "{method} {path}: {}", answer.text());
            }
        }
        if method != Method::GET {
            continue;
        }
        let address = path.replace("{id}", "1");
        for parameter in operation["parameters"].as_array().into_iter().flatten().filter(|told| told["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            for value in values {
                let answer = desk.get(&format!("{address}?{name}={value}")).await;
                assert!(answer.status.as_u16() < 500, "{path}?{name}={value}: {}", answer.text());
                if answer.status.as_u16() >= 400 {
                    answer.is_problem();
                }
            }
        }
        for odd in ["?a=1", "?%00=1", "?%ff", "?=&=", "?&&&", "?limit", "?a=%00"] {
            let answer = desk.get(&format!("{address}{odd}")).await;
            assert!(answer.status.as_u16() < 500, "{path}{odd}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn no_header_makes_us_fail() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let long = "x".repeat(5000);
    for (name, value) in [
        ("accept-language", "*;q=nan"),
        ("accept-language", "é"),
        ("accept-language", long.as_str()),
        ("idempotency-key", long.as_str()),
        ("idempotency-key", "é"),
        ("content-type", "é"),
        ("content-length", "0"),
        ("accept", "image/png"),
        ("if-none-match", "*"),
    ] {
        for path in ["/settings", "/bookings/1/calendar.ics"] {
            let answer = desk.send(Method::GET, path, None, &[(name, value)]).await;
            assert!(answer.status.as_u16() < 500, "{name} {value}: {}", answer.text());
        }
        if name != "content-length" {
            let body = Some(json!({ "hold_minutes": 15 }));
            let answer = desk.send(Method::PATCH, "/settings", body, &[(name, value)]).await;
            assert!(answer.status.as_u16() < 500, "{name} {value}: {}", answer.text());
        }
    }
}
