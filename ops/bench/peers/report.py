#!/usr/bin/env python3
"""Medians and bars, as Markdown.   usage: report.py RESULTS.jsonl …"""

import collections, json, re, statistics, sys

US, FLOOR = "holdfast", "floor"
UNITS = {"per_s": "/s", "p50_ms": " ms p50", "p99_ms": " ms p99", "seconds": " s"}
# Ours, theirs, figure, and how ours must stand to the best of theirs. More is better for per_s, less for the rest.
AGAINST_PEERS = [
    ("w1", "w1", "per_s", 1.0),
    ("w2_seq", "w2_seq", "per_s", 1.0),
    ("w2_conc", "w2_conc", "per_s", 1.2),
    ("w2_bulk", "w2_bulk", "per_s", 1.0),
    ("w3_other", "w3", "p50_ms", 0.8),
    ("w3_other", "w3", "p99_ms", 1.0),
    ("w3_same", "w3", "p50_ms", 0.5),
    ("w3_same", "w3", "p99_ms", 1.0),
    ("w4", "w4", "per_s", 1.0),
    ("w5", "w5", "per_s", 2.0),
]
OF_THE_FLOOR = [("w1", 0.6)]
AT_MOST_SECONDS = [("w6_standby", 10), ("w6_restart", 3)]
GROWTH = 1.1
AT_MOST_CPU = [("postgres_cpu_us", 40), ("cpu_us", 25)]
TITLES = {
    "w1": "drain of 20,000 no-op jobs",
    "w2_seq": "enqueue, one client",
    "w2_conc": "enqueue, ten clients",
    "w2_bulk": "enqueue in batches of 1,000",
    "w3": "pick-up by an idle worker (the peers: enqueued in the worker's process)",
    "w4": "2,000 jobs of 5 ms in 200 ordered lanes",
    "w5": "2,000 workflows of five steps",
    "w6_standby": "kill -9 with 100 running, another worker is up",
    "w6_restart": "kill -9 with 100 running, started again",
    "w7_base": "w1 between the runs of w7",
    "w7_past": "w1 after 1,000,000 finished jobs (graphile and sqlxmq, which delete them: failed ones)",
    "w7_future": "w1 with 200,000 jobs scheduled",
    "w7_blocked": "w1 with 100,000 jobs behind a lane",
    "w7_snapshot": "w1 with 400,000 dead rows under a held snapshot",
}


class Results:
    def __init__(self, paths):
        self.rows = collections.defaultdict(list)
        for path in paths:
            for line in filter(str.strip, open(path)):
                row = json.loads(line)
                self.rows[self.workload(row), self.name(row)].append(row)

    @staticmethod
    def workload(row):
        return "w7_base" if row["cell"] == "w7_base" else row["workload"]

    @staticmethod
    def name(row):
        return row["peer"] + (" (defaults)" if row["cell"].endswith("_defaults") else "")

    def names(self, workload):
        return [name for kind, name in self.rows if kind == workload]

    def figures(self, workload, name, figure):
        return [row[figure] for row in self.rows.get((workload, name), []) if row.get(figure) is not None]

    def median(self, workload, name, figure):
        figures = self.figures(workload, name, figure)
        return statistics.median(figures) if figures else None

    def best_peer(self, workload, figure):
        """The best median, and whose it is."""
        peers = [name for name in self.names(workload) if name not in (US, FLOOR)]
        medians = [(self.median(workload, name, figure), name) for name in peers]
        medians = [pair for pair in medians if pair[0] is not None]
        return (max if figure == "per_s" else min)(medians, default=(None, None))


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def spread(results, workload, name, figure):
    figures = results.figures(workload, name, figure)
    if not figures:
        return "never"
    median, low, high = map(number, (statistics.median(figures), min(figures), max(figures)))
    return f"{median}{UNITS[figure]} ({low} … {high})"


def columns(workload):
    if workload.startswith("w3"):
        return ["p50_ms", "p99_ms"]
    if workload.startswith("w6"):
        return ["seconds"]
    return ["per_s", "seconds"] if workload == "w4" else ["per_s"]


def remarks(results, workload, name):
    rows = results.rows[workload, name]
    costs = [("cpu_us", "{:.0f} µs CPU"), ("postgres_cpu_us", "{:.0f} µs of PostgreSQL"), ("wal_bytes", "{:,.0f} B WAL")]
    medians = [(results.median(workload, name, figure), text) for figure, text in costs]
    words = [text.format(median) for median, text in medians if median is not None]
    return "; ".join([rows[-1]["notes"].replace("|", "/"), *words])


def table(results, title, workloads):
    entries = [(workload, name) for workload in workloads for name in results.names(workload)]
    if not entries:
        return
    figures = columns(workloads[0])
    better = -1 if figures[0] == "per_s" else 1
    entries.sort(key=lambda entry: better * (results.median(*entry, figures[0]) or float("inf") * better))
    print(f"\n### {workloads[0]}: {title}\n")
    print("| | " + " | ".join(f"median{UNITS[figure]} (range)" for figure in figures) + " | runs | notes |")
    print("|---" * (len(figures) + 3) + "|")
    for workload, name in entries:
        label = f"**{name}**" if name == US else name
        if workload != workloads[0]:
            label += f" {workload}"
        cells = [spread(results, workload, name, figure) for figure in figures]
        runs = len(results.rows[workload, name])
        print(f"| {label} | {' | '.join(cells)} | {runs} | {remarks(results, workload, name)} |")


def bars(results):
    """One tuple a bar: what, ours, theirs, ratio, wanted, whether it is met."""
    for ours, theirs, figure, wanted in AGAINST_PEERS:
        mine, (best, peer) = results.median(ours, US, figure), results.best_peer(theirs, figure)
        if mine is not None and best is not None:
            yield ratio(ours, figure, mine, best, peer, wanted, figure == "per_s")
    for workload, wanted in OF_THE_FLOOR:
        mine, floor = results.median(workload, US, "per_s"), results.median(workload, FLOOR, "per_s")
        if mine is not None and floor is not None:
            yield ratio(workload, "per_s", mine, floor, FLOOR, wanted, True)
    for workload in ("w7_past", "w7_future", "w7_blocked", "w7_snapshot"):
        mine, base = results.median(workload, US, "per_s"), results.median("w7_base", US, "per_s")
        if mine is not None and base is not None:
            yield ratio(workload, "per_s", mine, base, "own w1", 1 / GROWTH, True)
    yield from limits(results)


def limits(results):
    for workload, most in AT_MOST_SECONDS:
        mine, (best, peer) = results.median(workload, US, "seconds"), results.best_peer(workload, "seconds")
        if mine is not None:
            theirs = f"{number(best)} s {peer}" if best is not None else "–"
            yield workload, f"{number(mine)} s", theirs, "–", f"≤ {most} s", mine <= most
    for figure, most in AT_MOST_CPU:
        parts = [results.median(workload, US, figure) for workload in ("w1", "w2_bulk")]
        if None not in parts:
            yield f"{figure} of w1 and w2_bulk", f"{sum(parts):.1f} µs", "–", "–", f"≤ {most} µs", sum(parts) <= most
    disorders = [int(n) for name in ("w4", "w4_killed") for row in results.rows.get((name, US), []) for n in re.findall(r"(\d+) (?:order breaks|overlaps)", row["notes"])]
    if disorders:
        yield "w4 order breaks and overlaps", str(sum(disorders)), "–", "–", "0", sum(disorders) == 0


def ratio(workload, figure, mine, best, peer, wanted, more):
    stands, unit = mine / best, UNITS[figure]
    met = stands >= wanted if more else stands <= wanted
    sign = "≥" if more else "≤"
    return workload, number(mine) + unit, f"{number(best)}{unit} {peer}", f"{stands:.2f}", f"{sign} {wanted:.2f}", met


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    results = Results(sys.argv[1:])
    for workload, title in TITLES.items():
        table(results, title, ["w3", "w3_other", "w3_same"] if workload == "w3" else [workload])
    print("\n### Bars\n\n| | ours | the best other | ratio | wanted | |\n|---|---|---|---|---|---|")
    for *cells, met in bars(results):
        print("| " + " | ".join([*cells, "pass" if met else "**miss**"]) + " |")


main()
