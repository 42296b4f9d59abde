//! The acts in SQL, and whether their answers are right.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sqlx::{PgConnection, Row};

use super::{
    acts::Done,
    model::{Job, Model, Place},
    stage::Stage,
};

type Asked = Vec<(Option<usize>, Option<usize>, String)>;

impl Stage {
    pub async fn put(
        &mut self,
        conn: &mut PgConnection,
        kind: usize,
        tenant: i64,
        jobs: Asked,
        later: bool,
        late: bool,
    ) -> sqlx::Result<Done> {
        let text = |number: &Option<usize>, prefix: &str| number.map(|number| format!("{prefix}{number}"));
        let lanes: Vec<_> = jobs.iter().map(|job| text(&job.0, "lane ")).collect();
        let limit_keys: Vec<_> = jobs.iter().map(|job| text(&job.1, "")).collect();
        let keys: Vec<_> = jobs.iter().map(|job| job.2.clone()).collect();
        let urgency = i16::try_from(kind % 2).unwrap();
        let sql = if later {
            "select p.id, p.duplicate from unnest($2::text[], $3::text[], $4::text[]) with ordinality x(key, lane, limit_key, n),
               lateral holdfast.put($1, '{}', $5, x.key, x.lane, $6, clock_timestamp() + interval '1 h', '1 day', null, null, x.limit_key, null, null, null, null) p
             order by x.n"
        } else {
            "select id, duplicate from holdfast.put_many($1, array_fill('{}'::json, array[cardinality($2::text[])]), $5, $2, $3, $4, $6, '1 day', null)"
        };
        let rows: Vec<(i64, bool)> = sqlx::query_as(sql)
            .bind(self.kinds[kind].id)
            .bind(&keys)
            .bind(&lanes)
            .bind(&limit_keys)
            .bind(tenant)
            .bind(-urgency)
            .fetch_all(conn)
            .await?;
        self.insist(rows.len() == jobs.len(), || format!("{} were put in, {} told", jobs.len(), rows.len()));
        let (mut put, mut mine) = (Vec::new(), BTreeMap::new());
        for ((lane, limit_key, key), (id, duplicate)) in jobs.into_iter().zip(rows) {
            let full = (!key.is_empty()).then(|| (tenant, self.kinds[kind].id, key));
            let known = full.as_ref().and_then(|key| self.model.keys.get(key).or_else(|| mine.get(key)).copied());
            self.insist(duplicate == known.is_some() && known.is_none_or(|known| known == id), || {
                format!("key {full:?}: job {id}, duplicate {duplicate}, but {known:?} has it")
            });
            if duplicate {
                continue;
            }
            let place = if later { Place::Later } else { Place::Waiting };
            let late = late || later;
            let job = Job { kind, tenant, lane, limit_key, place, attempts: 0, losses: 0, holds: false, late };
            mine.extend(full.clone().map(|key| (key, id)));
            put.push((id, job, full));
        }
        Ok(Done::Put(put))
    }

    pub async fn claim(&mut self, conn: &mut PgConnection, worker: i64, free: &[(usize, i32)]) -> sqlx::Result<Done> {
        let ids = |gated: bool| {
            let kinds = free.iter().map(|(kind, _)| &self.kinds[*kind]);
            kinds.filter(|kind| !gated || !kind.limits.is_empty()).map(|kind| kind.id).collect::<Vec<_>>()
        };
        let slots: Vec<i32> = free.iter().map(|(_, slots)| *slots).collect();
        let sql =
            "select claim, id, kind, attempts, losses, tenant from holdfast.claim($1, $2, $3, $4) where claim <> 0";
        let rows: Vec<(i64, i64, i16, i16, i16, i64)> =
            sqlx::query_as(sql).bind(worker).bind(ids(false)).bind(slots).bind(ids(true)).fetch_all(conn).await?;
        let mut jobs = Vec::new();
        let (mut lanes, mut counts, mut taken) = (BTreeSet::new(), self.model.counts.clone(), BTreeMap::new());
        for (_, id, kind, attempts, losses, tenant) in &rows {
            let objection = self.model.objection(*id);
            self.insist(objection.is_none(), || format!("job {id} was claimed, but {objection:?}"));
            let job = &self.model.jobs[id];
            self.insist(!self.model.is_paused(job), || format!("job {id} was claimed, but it is paused: {job:?}"));
            let told = (*kind, *attempts, *losses, *tenant);
            let known = (self.kinds[job.kind].id, job.attempts, job.losses, job.tenant);
            self.insist(told == known, || format!("job {id} is {known:?}, not {told:?}"));
            self.insist(job.lane.is_none_or(|lane| lanes.insert(lane)), || format!("job {id}: its lane twice"));
            *taken.entry(job.kind).or_insert(0) += 1;
            for gate in Model::gates(job, &self.kinds[job.kind]) {
                let running = counts.entry(gate.clone()).or_insert(0);
                *running += 1;
                let most = self.model.limits[gate.0];
                self.insist(*running <= most, || format!("job {id}: {running} run behind {gate:?}, limited to {most}"));
            }
            jobs.push(*id);
        }
        let fits = |(kind, number): (&usize, &i32)| free.iter().any(|(asked, slots)| asked == kind && number <= slots);
        self.insist(taken.iter().all(fits), || format!("{taken:?} were claimed for {free:?}"));
        Ok(rows.first().map_or(Done::Nothing, |row| Done::Claimed { worker, claim: row.0, jobs }))
    }

    pub async fn finish(
        &mut self,
        conn: &mut PgConnection,
        worker: i64,
        jobs: Vec<(i64, i16)>,
        keeps: Option<usize>,
    ) -> sqlx::Result<Done> {
        let emptied: Vec<i64> = self.model.emptied.iter().copied().collect();
        let kept: Vec<i16> = keeps.map(|kind| self.kinds[kind].id).into_iter().collect();
        let row = self.send_ends(conn, worker, &jobs, &emptied, &kept).await?;
        let lost: Option<Vec<i64>> = row.get("lost");
        self.insist(lost.clone().unwrap_or_default().is_empty(), || format!("{lost:?} were lost"));
        let handed: Option<Value> = row.get("handed");
        let number = |job: &Value, field: &str| job[field].as_i64().unwrap();
        let handed = handed.into_iter().flat_map(|jobs| jobs.as_array().unwrap().clone());
        let handed = handed.map(|job| (number(&job, "claim"), number(&job, "id"))).collect();
        Ok(Done::Finished { worker, jobs, emptied, handed })
    }

    async fn send_ends(
        &self,
        conn: &mut PgConnection,
        worker: i64,
        jobs: &[(i64, i16)],
        emptied: &[i64],
        kept: &[i16],
    ) -> sqlx::Result<sqlx::postgres::PgRow> {
        let of = |id: &i64| &self.model.jobs[id];
        let claim = |id: &i64| match of(id).place {
            Place::Running { claim, .. } => claim,
            _ => self.taken_over.iter().rev().find(|(_, job)| job == id).unwrap().0,
        };
        let ids: Vec<i64> = jobs.iter().map(|job| job.0).collect();
        let sql = "select lost, more, handed from holdfast.finish($1, $2, $3, $4, $5, $6, array_fill('1'::json, array[$7]), array_fill(now(), array[$7]), $8,
                     array_fill(false, array[$7]), $9, $9, $10, $11, false, $12, $13)";
        sqlx::query(sql)
            .bind(ids.iter().map(claim).collect::<Vec<_>>())
            .bind(&ids)
            .bind(ids.iter().map(|id| self.kinds[of(id).kind].id).collect::<Vec<_>>())
            .bind(ids.iter().map(|id| of(id).tenant).collect::<Vec<_>>())
            .bind(ids.iter().map(|id| of(id).attempts + 1).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.1).collect::<Vec<_>>())
            .bind(i32::try_from(ids.len()).unwrap())
            .bind(ids.iter().map(|id| of(id).lane.map(|lane| self.lanes[lane])).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| (job.1 != 0).then_some("failed")).collect::<Vec<_>>())
            .bind(emptied)
            .bind(worker)
            .bind(kept)
            .bind(vec![8; kept.len()])
            .fetch_one(conn)
            .await
    }

    pub async fn postpone(
        &mut self,
        conn: &mut PgConnection,
        worker: i64,
        jobs: Vec<i64>,
        failed: bool,
        later: bool,
    ) -> sqlx::Result<Done> {
        let back = self.send_postponed(conn, worker, &jobs, failed, later).await?;
        self.insist(back.iter().all(|ours| *ours), || format!("{jobs:?} were not taken back: {back:?}"));
        Ok(Done::Postponed { jobs, failed, later })
    }

    async fn send_postponed(
        &self,
        conn: &mut PgConnection,
        worker: i64,
        jobs: &[i64],
        failed: bool,
        later: bool,
    ) -> sqlx::Result<Vec<bool>> {
        let of = |id: &i64| &self.model.jobs[id];
        let claim = |id: &i64| match of(id).place {
            Place::Running { claim, .. } => claim,
            _ => self.taken_over.iter().rev().find(|(_, job)| job == id).unwrap().0,
        };
        let sql = "select holdfast.postpone(x.claim, x.job, x.made, x.lost, $5, $6, $6, now(), $7) from unnest($1, $2, $3, $4) x(claim, job, made, lost)";
        let delay = chrono::Duration::hours(i64::from(later));
        sqlx::query_scalar(sql)
            .bind(jobs.iter().map(claim).collect::<Vec<_>>())
            .bind(jobs)
            .bind(jobs.iter().map(|id| of(id).attempts + i16::from(failed)).collect::<Vec<_>>())
            .bind(jobs.iter().map(|id| of(id).losses).collect::<Vec<_>>())
            .bind(sqlx::postgres::types::PgInterval::try_from(delay).unwrap())
            .bind(failed.then_some("failed"))
            .bind(worker)
            .fetch_all(conn)
            .await
    }

    /// The worker is dead; or (none) only those that are not registered are looked for.
    pub async fn rescue(&mut self, conn: &mut PgConnection, worker: Option<i64>) -> sqlx::Result<Done> {
        let mut dead = None;
        if let Some(worker) = worker {
            let silent = "update holdfast.worker set beat_at = beat_at - interval '2 h' where id = $1";
            sqlx::query(silent).bind(worker).execute(&mut *conn).await?;
            let hire = "insert into holdfast.worker (name, version) values ('simulated', '0') returning id";
            dead = Some((worker, sqlx::query_scalar(hire).fetch_one(&mut *conn).await?));
        }
        let gone = |id: &i64| !self.workers.contains(id) || Some(*id) == worker;
        let running = self.model.running.iter().filter(|(id, _)| gone(id));
        let jobs: Vec<i64> = running.flat_map(|(_, jobs)| jobs.iter().copied()).collect();
        let rescued: i32 = sqlx::query_scalar("select holdfast.rescue('1 h', '1 h')").fetch_one(&mut *conn).await?;
        let jobs = self.lost(conn, jobs, rescued).await?;
        Ok(Done::Lost { jobs, dead })
    }

    pub async fn disown(&mut self, conn: &mut PgConnection, worker: i64, claim: i64) -> sqlx::Result<Done> {
        let known: Vec<i64> = self.model.claims.keys().chain(&self.model.emptied).copied().collect();
        let known: Vec<i64> = known.into_iter().filter(|id| *id != claim).collect();
        let jobs: Vec<i64> = self.model.claims[&claim].iter().copied().collect();
        let given: i32 = sqlx::query_scalar("select holdfast.disown($1, $2, '0 s')")
            .bind(worker)
            .bind(known)
            .fetch_one(&mut *conn)
            .await?;
        let jobs = self.lost(conn, jobs, given).await?;
        Ok(Done::Lost { jobs, dead: None })
    }

    /// Of these jobs, those whose claims are gone now: what somebody works on just now is left for the next look.
    async fn lost(&self, conn: &mut PgConnection, mut jobs: Vec<i64>, told: i32) -> sqlx::Result<Vec<i64>> {
        let claims: Vec<i64> = sqlx::query_scalar("select id from holdfast.claim").fetch_all(conn).await?;
        jobs.retain(
            |job| matches!(self.model.jobs[job].place, Place::Running { claim, .. } if !claims.contains(&claim)),
        );
        self.insist(told == i32::try_from(jobs.len()).unwrap(), || format!("{told} jobs run again, not {jobs:?}"));
        Ok(jobs)
    }

    /// Workers that were taken for dead come back with what they have done: nothing of it counts.
    pub async fn speak_late(&mut self, conn: &mut PgConnection) -> sqlx::Result<Done> {
        let gone: Vec<i64> = self.taken_over.iter().rev().take(40).map(|(_, job)| *job).collect();
        let waiting = |id: &i64| !matches!(self.model.jobs[id].place, Place::Running { .. });
        let jobs: BTreeSet<i64> = gone.into_iter().filter(waiting).collect();
        let ends: Vec<(i64, i16)> = jobs.iter().map(|job| (*job, 0)).collect();
        let row = self.send_ends(conn, 0, &ends, &[], &[]).await?;
        let lost: Option<Vec<i64>> = row.get("lost");
        self.insist(lost.clone().unwrap_or_default().len() == jobs.len(), || {
            format!("of {jobs:?} only {lost:?} were lost")
        });
        let jobs: Vec<i64> = jobs.into_iter().collect();
        let back = self.send_postponed(conn, 0, &jobs, true, false).await?;
        self.insist(!back.contains(&true), || format!("{jobs:?} were taken back from a dead worker: {back:?}"));
        Ok(Done::Nothing)
    }

    pub async fn cancel(&mut self, conn: &mut PgConnection, jobs: Vec<i64>, raced: bool) -> sqlx::Result<Done> {
        let sql = "select job, result from holdfast.cancel($1, 'chance')";
        let rows: Vec<(i64, String)> = sqlx::query_as(sql).bind(&jobs).fetch_all(conn).await?;
        for (job, result) in &rows {
            let expected = match self.model.jobs[job].place {
                Place::Running { .. } => "asked",
                Place::Ended(_) => "ended",
                _ => "cancelled",
            };
            // What somebody else moves just now is told to end when it gets there.
            let moved = raced && result == "asked" && expected == "cancelled";
            self.insist(moved || result == expected, || format!("cancel of {job}: {result} instead of {expected}"));
        }
        Ok(Done::Cancelled(rows.into_iter().filter(|row| row.1 == "cancelled").map(|row| row.0).collect()))
    }

    pub async fn retry(&mut self, conn: &mut PgConnection, jobs: Vec<i64>) -> sqlx::Result<Done> {
        let sql = "select job, result from holdfast.retry($1)";
        let rows: Vec<(i64, String)> = sqlx::query_as(sql).bind(&jobs).fetch_all(conn).await?;
        for (job, result) in &rows {
            let expected = if self.model.jobs[job].place == Place::Ended(0) { "completed" } else { "retried" };
            self.insist(result == expected, || format!("retry of {job}: {result} instead of {expected}"));
        }
        Ok(Done::Retried(rows.into_iter().filter(|row| row.1 == "retried").map(|row| row.0).collect()))
    }
}
