// graphile-worker. Fast: the settings that its page on performance gives. It deletes what has finished.
import { Logger, makeWorkerUtils, run as work } from "graphile-worker";
import pg from "pg";
import { command, database, fast, flowEnded, lane, noop, run } from "./common.mjs";

const settings = { connectionString: database, logger: new Logger(() => () => {}) };
const pool = new pg.Pool({ connectionString: database, max: 3 });
const utils = await makeWorkerUtils({ preset: { worker: settings } });

const batches = { completeJobBatchDelay: 0, failJobBatchDelay: 0 };
const workers = {
  noop: fast ? { concurrentJobs: 24, maxPoolSize: 25, localQueue: { size: 500 }, ...batches } : {},
  lanes: { concurrentJobs: 50, maxPoolSize: 52, localQueue: { size: 51 }, ...batches },
  flows: { concurrentJobs: 50, maxPoolSize: 52, ...batches },
  hold: { concurrentJobs: 100, maxPoolSize: 20 },
};

// It has no workflows: a chain of jobs, in which each enqueues the next one. Not atomic with its own completion.
async function step({ flow, number, results }, { addJob }) {
  if (number === 4) flowEnded();
  else await addJob("step", { flow, number: number + 1, results: [...results, number] });
}

await run({
  setup: () => utils.migrate(),
  one: (i) => utils.addJob("noop", { i }),
  many: (from, count) =>
    utils.addJobs(Array.from({ length: count }, (_, i) => ({ identifier: "noop", payload: { i: from + i } }))),
  lanes: (jobs) =>
    utils.addJobs(jobs.map((job) => ({ identifier: "lane", payload: job, queueName: `lane ${job.key}` }))),
  async flows(count) {
    const first = (_, flow) => ({ identifier: "step", payload: { flow, number: 0, results: [] } });
    await utils.addJobs(Array.from({ length: count }, first));
  },
  async unfinished() {
    const sql = `select count(*) from graphile_worker._private_jobs
      where is_available and run_at <= now() or locked_at is not null`;
    return Number((await pool.query(sql)).rows[0].count);
  },
  async work(load) {
    const tasks = {
      noop: { noop: ({ i }) => noop(i) },
      lanes: { lane: ({ key, number }) => lane(key, number) },
      flows: { step },
    };
    const taskList = tasks[load] ?? tasks.noop;
    await work({ taskList, noHandleSignals: true, preset: { worker: { ...settings, ...workers[load] } } });
    return (load === "flows" ? "EMULATED by a chain of jobs; " : "") + JSON.stringify(workers[load]);
  },
});
