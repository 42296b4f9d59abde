//! `holdfast schedule`

use std::time::Duration;

use engine::schedule::{self, Entry};
use sqlx::{PgConnection, PgPool};

use crate::{
    config::{self, ScheduleAct, ScheduleAction},
    postgres::Database,
};

/// How long a trigger waits to tell its job.
const ANSWER: Duration = Duration::from_secs(5);

/// Tells or changes how the schedules stand. Never migrates: this is for looking at a house that is open.
pub async fn run(settings: config::Schedule) -> anyhow::Result<()> {
    let database = match &settings.action {
        ScheduleAction::List(database) => database,
        ScheduleAction::Pause(act) | ScheduleAction::Resume(act) | ScheduleAction::Trigger(act) => &act.database,
    };
    let database = config::Database { migrate: false, ..database.clone() };
    Database::with(&database, async |database| {
        let pool = database.pool().await?;
        let done = act(&settings.action, &pool).await;
        pool.close().await;
        done
    })
    .await
}

async fn act(action: &ScheduleAction, pool: &PgPool) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    match action {
        ScheduleAction::List(_) => print(&schedule::list(&mut conn).await?),
        ScheduleAction::Pause(ScheduleAct { schedule, who, why, .. }) => {
            schedule::pause(&mut conn, schedule, who, why).await?;
            println!("{schedule} is paused");
        }
        ScheduleAction::Resume(ScheduleAct { schedule, who, why, .. }) => {
            schedule::resume(&mut conn, schedule, who, why).await?;
            println!("{schedule} runs");
        }
        ScheduleAction::Trigger(ScheduleAct { schedule, who, why, .. }) => {
            let act = schedule::trigger(&mut conn, schedule, who, why).await?;
            match answer(&mut conn, act).await? {
                Some(job) => println!("{schedule} made job {job}"),
                None => println!("{schedule} makes a job as soon as a worker is there; none has answered yet"),
            }
        }
    }
    Ok(())
}

async fn answer(conn: &mut PgConnection, act: i64) -> sqlx::Result<Option<i64>> {
    let waiting = tokio::time::Instant::now();
    while waiting.elapsed() < ANSWER {
        if let Some(job) = schedule::job_of(conn, act).await? {
            return Ok(Some(job));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(None)
}

fn print(entries: &[Entry]) {
    if entries.is_empty() {
        println!("no schedules: no worker was ever started on this database");
    }
    for entry in entries {
        print!("{}", told(entry));
    }
}

/// A schedule in a few lines, on the wall of its zone.
fn told(entry: &Entry) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let mut lines = vec![format!("{}  {}  {}", entry.name, or_none(&entry.expression), or_none(&entry.zone))];
    if let Some(pause) = &entry.pause {
        lines.push(format!("paused by {} since {}: {}", pause.who, entry.wall(pause.at), pause.why));
    }
    lines.push(match entry.last_tick {
        Some(tick) => format!("last tick {}", entry.wall(tick)),
        None => "no tick yet".to_owned(),
    });
    if let Some(tick) = entry.queued {
        lines.push(format!("the tick of {} waits for the run before it", entry.wall(tick)));
    }
    if let Some(run) = &entry.last_run {
        lines.push(format!("last job {} {}", run.job, run.state));
    }
    lines.extend(entry.next(3).into_iter().map(|tick| format!("next {}", entry.wall(tick.to_utc()))));
    lines.join("\n    ") + "\n"
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use engine::schedule::{LastRun, Pause};

    use super::*;
    use crate::config::{Cli, Command};

    fn entry() -> Entry {
        Entry {
            name: "nightly".to_owned(),
            expression: Some("30 2 * * *".to_owned()),
            zone: Some("Europe/Rome".to_owned()),
            pause: None,
            last_tick: Some("2026-03-28T01:30:00Z".parse().unwrap()),
            queued: None,
            last_run: Some(LastRun { job: 7, state: "completed".to_owned() }),
            now: "2026-03-28T12:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_schedule_is_told_on_the_wall_of_its_zone() {
        let lines = "nightly  30 2 * * *  Europe/Rome
    last tick Sat 2026-03-28 02:30:00 CET
    last job 7 completed
    next Sun 2026-03-29 03:00:00 CEST
    next Mon 2026-03-30 02:30:00 CEST
    next Tue 2026-03-31 02:30:00 CEST
";
        assert_eq!(told(&entry()), lines);
    }

    #[test]
    fn a_paused_schedule_tells_who_and_why_and_no_next_tick() {
        let at = "2026-03-28T11:00:00Z".parse().unwrap();
        let pause = Some(Pause { who: "ada".to_owned(), why: "the move".to_owned(), at });
        let lines = "nightly  30 2 * * *  Europe/Rome
    paused by ada since Sat 2026-03-28 12:00:00 CET: the move
    no tick yet
";
        assert_eq!(told(&Entry { pause, last_tick: None, last_run: None, ..entry() }), lines);
    }

    #[test]
    fn who_and_why_are_asked_for() {
        let words = ["holdfast", "schedule", "pause", "nightly", "--who", "ada"];
        let error = Cli::try_parse_from(words).unwrap_err().to_string();
        assert!(error.contains("--why"), "{error}");
        let cli = Cli::try_parse_from(words.into_iter().chain(["--why", "the move"])).unwrap();
        assert!(matches!(cli.command, Command::Schedule(_)));
    }
}
