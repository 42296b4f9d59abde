"""w6: a worker with 100 jobs that never end is killed with -9; how long until another has started all of them again.

usage: crash.py PEER standby|restart      standby: the other one is up already; restart: it is started after the kill.
W6_SECONDS: how long to wait for that (120).
"""

import json, os, pathlib, signal, subprocess, sys, tempfile, time

JOBS = 100
LIMIT = float(os.environ.get("W6_SECONDS", 120))


def command(peer, *arguments):
    """Without a shell between, so that the process that is killed is the peer's own."""
    work = pathlib.Path(os.environ["PEER_WORK"])
    if peer in ("graphile-worker", "pg-boss"):
        return ["node", str(work / "node" / f"{peer}.mjs"), *arguments]
    return [str(work / "target" / "release" / peer), *arguments]


def worker(peer, log, hang):
    settings = dict(os.environ, STARTLOG=log, HANG="1" if hang else "0")
    process = subprocess.Popen(command(peer, "hold"), env=settings, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line.strip() == "READY":
            return process
    sys.exit(f"{peer} ended before it was ready")


def starts(log, process):
    """When this process started each job first, and how many starts it made."""
    first, count = {}, 0
    for line in open(log):
        job, pid, at = line.split()
        if int(pid) == process.pid:
            first.setdefault(job, float(at))
            count += 1
    return first, count


def measure(peer, mode, log, running):
    victim = worker(peer, log, hang=True)
    running.append(victim)
    subprocess.run(command(peer, "hold_fill"), check=True, stdout=subprocess.DEVNULL)
    deadline = time.time() + 90
    while len(starts(log, victim)[0]) < JOBS and time.time() < deadline:
        time.sleep(0.1)
    had = len(starts(log, victim)[0])
    heir = None
    if mode == "standby":
        heir = worker(peer, log, hang=False)
        running.append(heir)
    time.sleep(5)
    killed = time.time()
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    if heir is None:
        heir = worker(peer, log, hang=False)
        running.append(heir)
    while len(starts(log, heir)[0]) < had and time.time() < killed + LIMIT:
        time.sleep(0.05)
    time.sleep(3)
    first, count = starts(log, heir)
    again = max(first.values()) - killed if first and len(first) >= had else None
    notes = f"{had} running, {len(first)} of them started again within {LIMIT:g} s, {count - len(first)} twice"
    return {"n": len(first), "seconds": again and round(again, 3), "notes": notes}


def main():
    peer, mode = sys.argv[1:]
    running = []
    with tempfile.NamedTemporaryFile(prefix="starts.") as log:
        try:
            print("RESULT " + json.dumps(measure(peer, mode, log.name, running)), flush=True)
        finally:
            for process in running:
                if process.poll() is None:
                    process.kill()
                    process.wait()


main()
