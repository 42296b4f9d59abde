//! `holdfast token`

use anyhow::{Context, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{TenantId, tenant};
use sqlx::PgPool;

use crate::{
    api::{self, Grant},
    config::{self, TokenAction},
    postgres::Database,
};

/// Tells, makes or ends the tokens of programs.
pub async fn run(settings: config::Token) -> anyhow::Result<()> {
    let database = match &settings.action {
        TokenAction::List(of) => &of.database,
        TokenAction::Issue(issue) => &issue.database,
        TokenAction::Revoke(revoke) => &revoke.database,
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

async fn act(action: &TokenAction, pool: &PgPool, now: DateTime<Utc>) -> anyhow::Result<()> {
    match action {
        TokenAction::List(of) => {
            for token in api::Token::list(pool, named(pool, &of.tenant).await?).await? {
                let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.name()).collect();
                let day = |at: Option<DateTime<Utc>>| at.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
                let (used, ends) = (day(token.last_used_at), day(token.expires_at));
                let kind = match (token.refreshable, token.revoked_at) {
                    (false, _) => String::new(),
                    (true, None) => "  is renewed".to_owned(),
                    (true, Some(at)) => format!("  ended {}: a used token came again", at.to_rfc3339()),
                };
                println!("{}  {}  last used {used}  ends {ends}{kind}", token.label, scopes.join(","));
            }
        }
        TokenAction::Issue(issue) => {
            let tenant = named(pool, &issue.tenant).await?;
            let expires_at = issue.days.map(|days| now + TimeDelta::days(days.into()));
            let grant = Grant { scopes: issue.scopes.clone(), expires_at };
            if issue.refreshable {
                let pair = api::Pair::issue(pool, tenant, &issue.label, &grant, now).await?;
                println!("access  {}\nrefresh {}", pair.access.expose(), pair.refresh.expose());
            } else {
                println!("{}", api::Token::grant(pool, tenant, &issue.label, &grant, now).await?.expose());
            }
        }
        TokenAction::Revoke(revoke) => {
            let tenant = named(pool, &revoke.tenant).await?;
            let ended = api::Token::revoke(pool, tenant, &revoke.label).await?;
            ensure!(ended, "there is no token {:?}; see `holdfast token list {}`", revoke.label, revoke.tenant);
            println!("{} is of no use any more", revoke.label);
        }
    }
    Ok(())
}

async fn named(pool: &PgPool, slug: &str) -> anyhow::Result<TenantId> {
    let found = tenant::list(pool).await?.into_iter().find(|tenant| tenant.slug == slug);
    Ok(found.with_context(|| format!("there is no business {slug:?}; see `holdfast tenant list`"))?.id)
}
