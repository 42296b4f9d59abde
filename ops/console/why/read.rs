//! Everything that explains a message, in few statements: what the business knows of it, and what the engine knows.

use domain::{
    MessageId, TenantId,
    lookup::{self, Asked, Why},
    tenant,
};
use engine::cause::{self, CauseJob};

use crate::console::{failure::Failure, visit::Visit};

/// What is known of a message.
#[derive(Debug)]
pub(super) struct Known {
    pub tenant: TenantId,
    pub why: Why,
    /// First the job that sent it, then what led to that, then what else came of the same.
    pub chain: Vec<CauseJob>,
}

/// What is found under an id.
#[derive(Debug)]
pub(super) enum Found {
    /// A message of ours.
    Ours(Box<Known>),
    /// A message of a customer.
    Theirs,
}

/// The effect that sends a message of ours.
pub(super) fn effect(message: MessageId) -> String {
    format!("whatsapp:{message}")
}

/// `reveal`: names and words as they are.
pub(super) async fn read(visit: &Visit, id: i64, reveal: bool) -> Result<Found, Failure> {
    let (sight, within) = (visit.sight(), visit.account().tenant);
    let known = lookup::message(&mut *visit.read().await?, within, &id.to_string()).await?;
    let (tenant, message) = known.ok_or(Failure::NotFound)?;
    let mut tx = tenant::begin(&visit.console.pool, tenant).await?;
    let mut chain = match cause::of_effect(&mut tx, sight, &effect(message)).await? {
        Some(job) => cause::chain(&mut tx, sight, job).await?,
        None => Vec::new(),
    };
    let asked = Asked { message, root: chain.first().map(|job| job.root), reveal };
    let Some(why) = lookup::why(&mut tx, asked).await? else { return Ok(Found::Theirs) };
    // Not sent yet, or too long ago for the engine to know how: then whoever planned it may be known.
    if let Some(job) = why.message.job.filter(|_| chain.is_empty()) {
        chain = cause::chain(&mut tx, sight, job).await?;
    }
    Ok(Found::Ours(Box::new(Known { tenant, why, chain })))
}
