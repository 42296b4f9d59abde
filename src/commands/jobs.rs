//! `holdfast jobs`

use anyhow::ensure;
use engine::{
    inspect::{self, Filter, JobRow},
    operate::{self, Acted},
};
use sqlx::PgConnection;

use crate::{
    config::{self, JobsAction, JobsList, JobsNamed, JobsResume},
    postgres::Database,
};

/// Tells or changes how jobs stand. Never migrates: this is for looking at a house that is open.
pub async fn run(settings: config::Jobs) -> anyhow::Result<()> {
    let database = match &settings.action {
        JobsAction::List(list) => &list.database,
        JobsAction::Show(show) => &show.database,
        JobsAction::Retry(named) => &named.database,
        JobsAction::Cancel(cancel) => &cancel.named.database,
        JobsAction::Pause(pause) => &pause.what.database,
        JobsAction::Resume(resume) => &resume.database,
    };
    let database = config::Database { migrate: false, ..database.clone() };
    Database::with(&database, async |database| {
        let pool = database.pool().await?;
        let done = async { act(&settings.action, &mut *pool.acquire().await?).await }.await;
        pool.close().await;
        done
    })
    .await
}

async fn act(action: &JobsAction, conn: &mut PgConnection) -> anyhow::Result<()> {
    match action {
        JobsAction::List(asked) => rows(&inspect::list(conn, &filter(asked)).await?, asked.json),
        JobsAction::Show(show) => {
            let story = inspect::story(conn, show.job).await?;
            ensure!(!story.is_empty(), "there is no job {}: `holdfast jobs list` tells the ids", show.job);
            rows(&story, show.json);
        }
        JobsAction::Retry(JobsNamed { jobs, .. }) => told(&operate::retry(conn, jobs).await?),
        JobsAction::Cancel(cancel) => told(&operate::cancel(conn, &cancel.named.jobs, &cancel.why).await?),
        JobsAction::Pause(pause) => {
            let JobsResume { kind, tenant, .. } = &pause.what;
            operate::pause(conn, kind.as_deref(), *tenant, &pause.why, &pause.who).await?;
            println!("{} starts no more", what(&pause.what));
        }
        JobsAction::Resume(resume) => {
            let was = operate::resume(conn, resume.kind.as_deref(), resume.tenant).await?;
            ensure!(was, "{} was not paused", what(resume));
            println!("{} starts again", what(resume));
        }
    }
    Ok(())
}

fn filter(asked: &JobsList) -> Filter {
    Filter {
        state: asked.state.clone(),
        kind: asked.kind.clone(),
        tenant: asked.tenant,
        before: asked.before,
        most: asked.most,
    }
}

fn what(named: &JobsResume) -> String {
    let kind = named.kind.as_deref().unwrap_or("every kind of job");
    named.tenant.map_or_else(|| kind.to_owned(), |tenant| format!("{kind} of tenant {tenant}"))
}

fn told(acted: &[Acted]) {
    for Acted { job, result } in acted {
        println!("{job}  {}", result.replace('_', " "));
    }
}

fn rows(rows: &[JobRow], json: bool) {
    for row in rows {
        if json {
            println!("{}", serde_json::to_string(row).unwrap_or_default());
            continue;
        }
        let name = row.step.as_ref().map_or_else(|| row.kind.clone(), |step| format!("{} ({step})", row.kind));
        let when = row.finished_at.or(row.run_at).unwrap_or(row.created_at);
        println!("{:<20} {:<10} {:<10} {}  {name}", row.id, row.state, row.tenant, when.format("%F %T%.3f"));
        row.errors.iter().for_each(|error| println!("{:<20} {error}", ""));
    }
}
