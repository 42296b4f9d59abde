// pg-boss. It keeps what has finished for days. Fast: large batches, and notifications where latency is measured.
import { PgBoss } from "pg-boss";
import pg from "pg";
import { command, database, fast, flowEnded, lane, noop, run } from "./common.mjs";

const pool = new pg.Pool({ connectionString: database, max: 3 });
const notified = fast && command === "latency";
const boss = new PgBoss({ connectionString: database, useListenNotify: notified, flowIntervalSeconds: 1 });
boss.on("error", (error) => console.error(error));
await boss.start();

const queues = { noop: notified ? "notified" : "noop", lanes: "lane", flows: "step", hold: "noop" };
const large = { batchSize: 1000, burstWhenBatchFull: true, localConcurrency: 2, pollingIntervalSeconds: 0.5 };
const workers = {
  noop: fast && !notified ? large : {},
  lanes: { batchSize: 50, burstWhenBatchFull: true, perJobResults: true, pollingIntervalSeconds: 0.5 },
  flows: { ...large, perJobResults: true },
  hold: { batchSize: 100 },
};
let queue = queues.noop;

const ended = (id, output) => ({ id, status: "completed", output });
const handlers = {
  noop: async (jobs) => void (await Promise.all(jobs.map(({ data }) => noop(data.i)))),
  lanes: (jobs) => Promise.all(jobs.map(({ id, data }) => lane(data.key, data.number).then(() => ended(id)))),
  flows: async (jobs) =>
    jobs.map(({ id, data }) => {
      if (data.step === 4) flowEnded();
      return ended(id, { step: data.step });
    }),
};

await run({
  async setup() {
    await boss.createQueue("noop");
    await boss.createQueue("notified", { notify: true });
    await boss.createQueue("lane", { policy: "key_strict_fifo" });
    await boss.createQueue("step");
  },
  one: (i) => boss.send(queue, { i }),
  many: (from, count) =>
    boss.insert(queue, Array.from({ length: count }, (_, i) => ({ data: { i: from + i } }))),
  // One by one: it does not keep the order within a batch.
  async lanes(jobs) {
    for (const job of jobs) await boss.send("lane", job, { singletonKey: `lane ${job.key}` });
  },
  // A graph of jobs whose outputs are kept.
  async flows(count) {
    for (let from = 0; from < count; from += 200) {
      const step = (_, i) => {
        const [flow, step] = [from + Math.floor(i / 5), i % 5];
        const dependsOn = step ? { dependsOn: [`${flow}.${step - 1}`] } : {};
        return { ref: `${flow}.${step}`, name: "step", data: { flow, step }, ...dependsOn };
      };
      await boss.flow(Array.from({ length: 1000 }, step));
    }
  },
  async unfinished() {
    const sql = "select count(*) from pgboss.job where name = $1 and state < 'completed' and start_after <= now()";
    return Number((await pool.query(sql, [queue])).rows[0].count);
  },
  async work(load) {
    queue = queues[load];
    await boss.work(queue, workers[load], handlers[load] ?? handlers.noop);
    const extra = { noop: notified ? "useListenNotify; " : "", flows: "flow() of five jobs, every 1 s; " };
    return (extra[load] ?? "") + JSON.stringify(workers[load]);
  },
});
