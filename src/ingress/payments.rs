//! What the payment provider tells: checked, kept, answered. It is understood by a job.

use std::time::Duration;

use adapters::{
    World,
    payments::{Event, event, signature},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    TenantId,
    payments::{self, Kept},
    tenant, webhook,
};
use ring::digest::{SHA256, digest};
use tokio::time::timeout;
use workflows::SettlePayment;

use super::{Ingress, Intake, body, recording::RecordError};

/// How long the database may take. The provider repeats what is not answered.
const DEADLINE: Duration = Duration::from_secs(10);

/// `POST`: 200 once the event is committed, 401 without a good signature, 503 when the database cannot take it now.
pub(super) async fn receive(State(ingress): State<Ingress>, headers: HeaderMap, body: Body) -> Response {
    let body = match body::read(body).await {
        Ok(body) => body,
        Err(status) => return answer(status, "unreadable"),
    };
    let now = ingress.intake.world.clock.now();
    let signature = headers.get(signature::HEADER).map_or(&[][..], |header| header.as_bytes());
    let verified = ingress.till.as_ref().is_some_and(|till| till.verify(signature, &body, now).is_ok());
    if !verified {
        return answer(StatusCode::UNAUTHORIZED, "unsigned");
    }
    let Ok(event) = event::parse(&body, now) else {
        return answer(StatusCode::BAD_REQUEST, "unreadable");
    };
    match timeout(DEADLINE, record(&ingress.intake, &body, &event)).await {
        Ok(Ok(outcome)) => answer(StatusCode::OK, outcome),
        Ok(Err(error)) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "payment event not recorded; it will be sent again"
            );
            later()
        }
        Err(_) => {
            tracing::error!("payment event not recorded in time; it will be sent again");
            later()
        }
    }
}

/// Takes in once more what is kept of somebody whom nobody knew then. None: it cannot be read.
pub(super) async fn again(intake: &Intake, body: &[u8]) -> Result<Option<&'static str>, RecordError> {
    match event::parse(body, intake.world.clock.now()) {
        Ok(event) => record(intake, body, &event).await.map(Some),
        Err(_) => Ok(None),
    }
}

/// Keeps the event and the work that understands it, in one transaction.
async fn record(intake: &Intake, body: &[u8], event: &Event) -> Result<&'static str, RecordError> {
    let now = intake.world.clock.now();
    let Some(tenant) = owner(intake, event).await? else {
        let mut code = [0; 32];
        code.copy_from_slice(digest(&SHA256, body).as_ref());
        let mut tx = engine::begin(&intake.world.pool).await?;
        webhook::store(&mut tx, body, &code, now).await?;
        tx.commit().await?;
        return Ok("stray");
    };
    let mut tx = tenant::begin(&intake.world.pool, tenant).await?;
    let told = serde_json::to_value(event).map_err(|error| sqlx::Error::Encode(error.into()))?;
    if payments::keep(&mut tx, &event.id, &told, now).await? == Kept::Duplicate {
        return Ok("repeated");
    }
    let work = SettlePayment { tenant, event: event.id.clone() };
    intake.engine.enqueue::<World, _>(&mut tx, tenant.0, &work).await?;
    intake.engine.commit(tx).await?;
    Ok("recorded")
}

/// Whose money it is about. A dispute names only the payment, for which every tenant is asked.
async fn owner(intake: &Intake, event: &Event) -> sqlx::Result<Option<TenantId>> {
    let pool = &intake.world.pool;
    let known = domain::channel::tenants(&mut *pool.acquire().await?).await?;
    if let Some(tenant) = event.tenant.map(TenantId) {
        return Ok(known.contains(&tenant).then_some(tenant));
    }
    let Some(intent) = event.kind.payment_intent() else { return Ok(None) };
    for tenant in known {
        let mut tx = tenant::begin(pool, tenant).await?;
        if payments::matched(&mut tx, None, None, Some(intent), None).await?.is_some() {
            return Ok(Some(tenant));
        }
    }
    Ok(None)
}

fn answer(status: StatusCode, outcome: &'static str) -> Response {
    metrics::counter!("holdfast_webhooks_total", "source" => "payments", "outcome" => outcome).increment(1);
    status.into_response()
}

fn later() -> Response {
    (answer(StatusCode::SERVICE_UNAVAILABLE, "failed").status(), [(header::RETRY_AFTER, "5")]).into_response()
}
