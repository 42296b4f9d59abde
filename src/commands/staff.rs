//! `holdfast staff`

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use domain::{
    TenantId,
    staff::{
        Account, Role,
        audit::{self, Entry},
        invite::{self, NewInvite},
        manage::{self, Changed},
    },
    tenant,
};
use serde_json::json;
use sqlx::{PgConnection, PgPool};

use crate::{
    config::{self, StaffAction, StaffInvite, StaffReset},
    postgres::Database,
};

/// Tells, invites, disables or enables those who work in the console.
pub async fn run(settings: config::Staff) -> anyhow::Result<()> {
    let database = match &settings.action {
        StaffAction::Invite(invite) => &invite.database,
        StaffAction::List(database) => database,
        StaffAction::Reset(reset) => &reset.named.database,
        StaffAction::Disable(named) | StaffAction::Enable(named) => &named.database,
    };
    Database::with(database, async |database| {
        let pool = database.pool().await?;
        let now = adapters::Clock::system().now();
        let done = act(&settings.action, &pool, now).await;
        pool.close().await;
        done
    })
    .await
}

/// A link on which the first owner of the whole house chooses a password: good for 24 hours and once. None: there is an
/// owner already. `url` is where the console is.
pub async fn first_owner(pool: &PgPool, url: &str, email: &str, now: DateTime<Utc>) -> anyhow::Result<Option<String>> {
    let mut tx = engine::begin(pool).await?;
    if manage::house_has_owner(&mut tx).await? {
        return Ok(None);
    }
    let name = "Owner".to_owned();
    let new = NewInvite { email: email.to_owned(), name, role: Role::Owner, tenant: None, by: None };
    let link = link(&mut tx, &new, url, now).await?;
    tx.commit().await?;
    Ok(Some(link))
}

async fn act(action: &StaffAction, pool: &PgPool, now: DateTime<Utc>) -> anyhow::Result<()> {
    match action {
        StaffAction::List(_) => list(pool).await,
        StaffAction::Invite(settings) => {
            let new = new(pool, settings).await?;
            let mut tx = engine::begin(pool).await?;
            let link = link(&mut tx, &new, &settings.url, now).await?;
            tx.commit().await?;
            println!("{link}");
            Ok(())
        }
        StaffAction::Reset(settings) => reset(pool, settings, now).await,
        StaffAction::Disable(named) => switch(pool, &named.email, false, now).await,
        StaffAction::Enable(named) => switch(pool, &named.email, true, now).await,
    }
}

async fn list(pool: &PgPool) -> anyhow::Result<()> {
    let tenants = tenant::list(pool).await?;
    for account in manage::list(&mut *pool.acquire().await?, None).await? {
        let tenant = tenants.iter().find(|tenant| Some(tenant.id) == account.tenant);
        let whose = tenant.map_or("the whole house", |tenant| tenant.slug.as_str());
        let code = if account.has_totp { "  with a code" } else { "" };
        let disabled = if account.disabled { "  disabled" } else { "" };
        println!("{}  {}  {}  {whose}{code}{disabled}", account.email, account.name, account.role);
    }
    Ok(())
}

async fn new(pool: &PgPool, settings: &StaffInvite) -> anyhow::Result<NewInvite> {
    let tenant = match &settings.tenant {
        Some(slug) => Some(named(pool, slug).await?),
        None => None,
    };
    let name = settings.name.as_deref().or(settings.email.split('@').next()).unwrap_or_default();
    Ok(NewInvite { email: settings.email.clone(), name: name.to_owned(), role: settings.role, tenant, by: None })
}

async fn link(conn: &mut PgConnection, new: &NewInvite, url: &str, now: DateTime<Utc>) -> anyhow::Result<String> {
    let token = invite::create(conn, new, now).await??;
    let detail = json!({ "role": new.role.name() });
    note(conn, "staff.invite", &new.email, new.tenant, detail, now).await?;
    Ok(format!("{}/ops/invite/{token}", url.trim_end_matches('/')))
}

/// A link for somebody who has forgotten their password.
async fn reset(pool: &PgPool, settings: &StaffReset, now: DateTime<Utc>) -> anyhow::Result<()> {
    let mut tx = engine::begin(pool).await?;
    let account = account(&mut tx, &settings.named.email).await?;
    let token = invite::renew(&mut tx, &account, None, now).await?;
    note(&mut tx, "staff.reset", &account.email, account.tenant, json!({}), now).await?;
    tx.commit().await?;
    println!("{}/ops/invite/{token}", settings.url.trim_end_matches('/'));
    Ok(())
}

async fn account(conn: &mut PgConnection, email: &str) -> anyhow::Result<Account> {
    let accounts = manage::list(conn, None).await?;
    let account = accounts.into_iter().find(|account| account.email.eq_ignore_ascii_case(email.trim()));
    account.with_context(|| format!("there is no account {email:?}; see `holdfast staff list`"))
}

async fn switch(pool: &PgPool, email: &str, on: bool, now: DateTime<Utc>) -> anyhow::Result<()> {
    let mut tx = engine::begin(pool).await?;
    let id = account(&mut tx, email).await?.id;
    let changed =
        if on { manage::enable(&mut tx, id, None).await? } else { manage::disable(&mut tx, id, None, now).await? };
    match changed {
        Changed::Done { before, after } => {
            let detail = json!({ "disabled": { "before": before.disabled, "after": after.disabled } });
            let act = if on { "staff.enable" } else { "staff.disable" };
            note(&mut tx, act, &after.email, after.tenant, detail, now).await?;
            tx.commit().await?;
            println!("{} {}", after.email, if on { "can sign in" } else { "cannot sign in any more" });
            Ok(())
        }
        Changed::LastOwner => bail!("{email} is the last owner; invite another one first"),
        Changed::Unknown | Changed::OfTheHouse => bail!("there is no account {email:?}; see `holdfast staff list`"),
    }
}

/// What the command line did.
async fn note(
    conn: &mut PgConnection,
    act: &'static str,
    email: &str,
    tenant: Option<TenantId>,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let entry = Entry {
        who: None,
        who_name: "command line".to_owned(),
        session: None,
        tenant: tenant.map(|tenant| tenant.0),
        act,
        target: format!("staff {email}"),
        reason: None,
        detail,
        ip: None,
        request_id: None,
    };
    audit::note(conn, &entry, now).await?;
    Ok(())
}

async fn named(pool: &PgPool, slug: &str) -> anyhow::Result<TenantId> {
    let found = tenant::list(pool).await?.into_iter().find(|tenant| tenant.slug == slug);
    Ok(found.with_context(|| format!("there is no business {slug:?}; see `holdfast tenant list`"))?.id)
}
