// What the Node peers share: the workloads. A peer is an object that does each by its own API:
//   setup() one(number) many(from, count) lanes(jobs) flows(count) unfinished() work(load) → the settings in words
// where load is "noop", "lanes", "flows" or "hold". All but its own calls is here.
import fs from "node:fs";

export const database = process.env.DATABASE_URL;
export const command = process.argv[2];
/** Whether the settings that the peer's own benchmarks or manual advise are to be used, rather than its defaults. */
export const fast = process.env.FAST !== "0";
const count = Number(process.argv[3] ?? 20_000);
const capSeconds = Number(process.env.MAXS ?? 40);
const batch = 1000;
const startLog = process.env.STARTLOG;

const now = () => performance.timeOrigin + performance.now();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const round = (figure) => Math.round(figure * 1000) / 1000;
const numbers = (from, count) => Array.from({ length: count }, (_, i) => from + i);

let handled = 0;
let tellStart = () => {};

/** The job that does nothing, unless its start is measured. */
export async function noop(number) {
  tellStart(number);
  if (startLog) {
    fs.appendFileSync(startLog, `${number} ${process.pid} ${now() / 1000}\n`);
    if (process.env.HANG === "1") await new Promise(() => {});
  }
  handled++;
}

/** The last step of a workflow. */
export function flowEnded() {
  handled++;
}

const lanes = { at: new Map(), breaks: 0, overlaps: 0, working: 0, most: 0 };

/** The job number `number` of an ordered lane. */
export async function lane(key, number) {
  const { next, busy } = lanes.at.get(key) ?? { next: 0, busy: false };
  lanes.breaks += next !== number;
  lanes.overlaps += busy;
  lanes.most = Math.max(lanes.most, ++lanes.working);
  lanes.at.set(key, { next: number + 1, busy: true });
  await sleep(5);
  lanes.at.get(key).busy = false;
  lanes.working--;
  handled++;
}

const commands = (peer) => ({
  setup: () => peer.setup(),
  fill: () => fill(peer, count),
  drain: () => drain(peer, "noop", count),
  enqueue_seq: () => clients(peer, 1, 1000),
  enqueue_conc: () => clients(peer, 10, 5000),
  enqueue_bulk: () => bulk(peer),
  latency: () => latency(peer),
  lanes_fill: () => peer.lanes(numbers(0, 2000).map((i) => ({ key: i % 200, number: Math.floor(i / 200) }))),
  lanes: () => drain(peer, "lanes", 2000),
  flows_fill: () => peer.flows(2000),
  flows: () => drain(peer, "flows", 2000),
  hold_fill: () => fill(peer, 100),
  hold: () => hold(peer),
});

/** Does what the command line asks for, and ends the process. */
export async function run(peer) {
  await commands(peer)[command]();
  if (command !== "hold") process.exit(0);
}

function result(figures) {
  fs.writeSync(1, `RESULT ${JSON.stringify(figures)}\n`);
}

function rate(n, seconds, notes) {
  result({ n, seconds: round(seconds), per_s: round(n / seconds), notes });
}

function rounds(times, seconds, notes) {
  times.sort((a, b) => a - b);
  const at = (share) => round(times[Math.floor(times.length * share)]);
  const n = times.length;
  result({ n, seconds: round(seconds), per_s: round(n / seconds), p50_ms: at(0.5), p99_ms: at(0.99), notes });
}

async function fill(peer, count) {
  for (let from = 0; from < count; from += batch) await peer.many(from, Math.min(batch, count - from));
}

async function drain(peer, load, count) {
  const started = now();
  const seconds = () => (now() - started) / 1000;
  let notes = await peer.work(load);
  while (handled < count || (await peer.unfinished()) > 0) {
    if (seconds() > capSeconds) {
      notes = `CAPPED; ${notes}`;
      break;
    }
    await sleep(5);
  }
  const took = seconds();
  if (load === "lanes") notes += `; ${lanes.breaks} order breaks, ${lanes.overlaps} overlaps, ${lanes.most} at once`;
  rate(Math.min(handled, count), took, notes);
}

async function bulk(peer) {
  const started = now();
  await fill(peer, count);
  rate(count, (now() - started) / 1000, `batches of ${batch}`);
}

async function clients(peer, clients, count) {
  const times = [];
  let next = 0;
  const started = now();
  const client = async () => {
    while (next < count) {
      const began = now();
      await peer.one(next++);
      times.push(now() - began);
    }
  };
  await Promise.all(numbers(0, clients).map(client));
  rounds(times, (now() - started) / 1000, "one call a job");
}

/** One at a time on an idle worker. */
async function latency(peer) {
  const notes = await peer.work("noop");
  await sleep(1500);
  const times = [];
  const began = now();
  for (let number = 0; number < 500 && now() - began < capSeconds * 1000; number++) {
    const enqueued = now();
    const start = new Promise((resolve) => (tellStart = () => resolve(now())));
    await peer.one(number);
    times.push((await start) - enqueued);
    // Not in step with anybody's polling.
    await sleep(5 + ((number * 7919) % 20));
  }
  rounds(times, (now() - began) / 1000, notes);
}

async function hold(peer) {
  await peer.work("hold");
  fs.writeSync(1, "READY\n");
}
