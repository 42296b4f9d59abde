//! The description of it all, in [OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1).

use std::fmt::Write as _;

use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Content, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Response, ResponseBuilder,
        Type,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use super::{
    PREFIX,
    kind::Kind,
    problem::{MEDIA_TYPE, Problem},
    scope::Scope,
};

/// The name of the tokens among the security schemes.
const TOKEN: &str = "token";
/// The name of the problem's answer among the components.
const PROBLEM: &str = "Problem";
/// How everything may fail: no token, no scope, a bad field, no database.
const ALWAYS: [&str; 4] = ["401", "403", "422", "503"];
/// How what changes something may fail, too: a bad body, a no, a body that is too long or no JSON.
const WRITES: [&str; 5] = ["400", "408", "409", "413", "415"];
/// How the renewal of a token may fail.
const RENEWALS: [&str; 7] = ["400", "401", "408", "413", "415", "422", "503"];

const ABOUT: &str = "\
Programs of a tenant read and change everything here with a token: `Authorization: Bearer …`. It sees the rows of its tenant \
only, and may do what its scopes say: **read** everything; **write** bookings, waiting lists and customers; \
**calendar** the calendar and what is sold; **money** payments, refunds, plans, prices, terms and settings; **privacy** copies \
and the erasure of what is known of a customer.

- **Tokens** are made by `holdfast token issue`. With `--refreshable` it makes a pair: one to ask with, for an hour, and one to \
renew the pair with, once, at `/api/tokens/refresh`. Renewal ends 90 days after the pair was made. Who renews again with the \
same one within 10 seconds is refused; later, the whole family of tokens ends, since one of two programs has stolen it. Keep the \
new pair before you use it, and let one process renew.
- **Lists** are read a page at a time: `limit` (1 to 200, else 50) and `after`, the `next` of the page before. `next` is null at the end.
- **Writes** may carry an `Idempotency-Key` (1 to 255 visible ASCII characters). The same request with the same key has one \
effect and gets the same answer for 24 hours, then with `Idempotency-Replayed: true`, also when it was refused. Another request \
with the same key is refused, and so is the same one while the first is under way.
- **Amounts** are whole minor units (cents); moments are RFC 3339 in UTC. Fields and parameters that are not described are refused.
- **Problems** are RFC 9457. Their `type` is one of these, and never changes:\n\n";

/// The description, with what all operations have in common, as JSON. What is for `renewal` of tokens takes none.
pub(super) fn of(v1: OpenApi, mut renewal: OpenApi) -> anyhow::Result<String> {
    let mut document = OpenApiBuilder::new().info(info()?).build().nest(PREFIX, v1);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(path, method, operation);
        }
    }
    for (path, item) in &mut renewal.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(name(path, method));
            let failures = RENEWALS.into_iter().map(|status| (status.to_owned(), refused()));
            operation.responses.responses.extend(failures);
        }
    }
    document.merge(renewal);
    let reference = RefOr::Ref(Ref::from_schema_name(Problem::name()));
    let problem = ResponseBuilder::new()
        .description("It was not done, and why.")
        .content(MEDIA_TYPE, Content::new(Some(reference)))
        .build();
    let components = document.components.get_or_insert_default();
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    components.responses.insert(PROBLEM.to_owned(), RefOr::T(problem));
    components.add_security_scheme(TOKEN, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    let mut document = serde_json::to_value(document)?;
    mend(&mut document);
    Ok(document.to_string())
}

/// What utoipa 6.0 writes amiss: the comment on a field of an inlined type becomes a schema of its own, which wants an
/// object; and of the variants of an enum it forgets that no other fields are taken.
fn mend(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(mend),
        Value::Object(fields) => {
            fields.values_mut().for_each(mend);
            if let Some(Value::Array(both)) = fields.get_mut("allOf")
                && let [Value::Object(inlined), Value::Object(comment)] = both.as_mut_slice()
                && inlined.get("type").is_some_and(|kind| kind != "object")
            {
                comment.remove("type");
                inlined.append(comment);
                *fields = std::mem::take(inlined);
            }
            for variant in fields.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
                if variant.get("properties").is_some() {
                    variant["additionalProperties"] = false.into();
                }
            }
        }
        _ => {}
    }
}

fn info() -> anyhow::Result<utoipa::openapi::Info> {
    let mut about = ABOUT.to_owned();
    for kind in Kind::ALL {
        writeln!(about, "  - `/problems/{}` ({}): {}", kind.name(), kind.status().as_u16(), kind.title())?;
    }
    Ok(InfoBuilder::new().title("Holdfast").version("1").description(Some(about)).build())
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, post, put, patch, delete, .. } = item;
    let all = [("get", get), ("post", post), ("put", put), ("patch", patch), ("delete", delete)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Adds what every operation has: a name, what it needs, its key, and how it may fail.
fn complete(path: &str, method: &str, operation: &mut Operation) {
    operation.operation_id = Some(name(path, method));
    let mut failures = ALWAYS.to_vec();
    if path.contains("{id}") || method == "post" {
        failures.push("404");
    }
    if method == "get" {
        operation.security.get_or_insert_with(|| vec![SecurityRequirement::new(TOKEN, [Scope::Read.name()])]);
    } else {
        failures.extend(WRITES);
        operation.parameters.get_or_insert_default().push(RefOr::T(key()));
    }
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        match response {
            RefOr::T(done) if status.starts_with('2') => "Done.".clone_into(&mut done.description),
            other => *other = refused(),
        }
    }
    responses.extend(failures.into_iter().map(|status| (status.to_owned(), refused())));
}

fn refused() -> RefOr<Response> {
    RefOr::Ref(Ref::from_response_name(PROBLEM))
}

/// `get_bookings_id_return`: unique, since method and address together are.
fn name(path: &str, method: &str) -> String {
    let words =
        path.trim_start_matches(PREFIX).split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

fn key() -> Parameter {
    let form = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[!-~]{1,255}$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(utoipa::openapi::Required::False)
        .description(Some("The same request with the same key has one effect."))
        .schema(Some(form))
        .build()
}
