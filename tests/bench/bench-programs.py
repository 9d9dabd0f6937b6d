#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How much slower whole programs are while they are recorded, where locks are not the workload.

bench-programs.py LOCKSTITCH

pigz and xz compress files of this system and sqlite3 fills a table, bare and recorded in turn;
redis-server and memcached answer a load of requests, which alone is timed. Prints the median of the
pairs' ratios and the worst of them, and fails when the output of the two differs.
"""
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "app"))
from servers import MEMCACHED, REDIS, Server, ask, in_threads  # noqa: E402

TARGET_PERCENT = 5
PAIRS = int(os.environ.get("LS_BENCH_ROUNDS", "5"))
DATA_BYTES = 24 << 20
SOURCES = ("/usr/bin", "/usr/share/doc", "/usr/lib/python3")
PROGRAMS = (
    ["pigz", "-p", "4", "-c"],
    ["xz", "-T2", "-2", "--block-size=4MiB", "-c"],
    ["sqlite3", ":memory:", "create table t (a, b); with recursive c (x) as (select 1 union all select x + 1 "
     "from c where x < 300000) insert into t select x, hex (x * 7919 % 10007) from c; create index i on t (b); "
     "select b, count (*) from t group by b order by 2 desc, 1 limit 5;"],
)
N_REQUESTS = 400000


def gather(path):
    """Real files, one after the other, until there are DATA_BYTES."""
    with open(path, "wb") as out:
        for folder in SOURCES:
            for source in sorted(Path(folder).rglob("*")):
                try:
                    if source.is_file() and not source.is_symlink():
                        out.write(source.read_bytes()[:4 << 20])
                except OSError:
                    continue
                if out.tell() >= DATA_BYTES:
                    return


def run(command, data):
    """(seconds, digest of its output)"""
    with open(data, "rb") as stdin:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        digest = hashlib.sha256()
        while block := process.stdout.read(1 << 20):
            digest.update(block)
        process.wait()
        seconds = time.perf_counter() - start
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit status {process.returncode}")
    return seconds, digest.hexdigest()


def count_events(trace):
    with open(trace, "rb") as lines:
        lines.seek(max(0, trace.stat().st_size - 4096))
        footer = json.loads(lines.read().splitlines()[-1])
    return footer["events"], footer["lost"]


def measure(lockstitch, program, data, folder):
    trace = folder / "program.trace.jsonl"
    recorded = [lockstitch, "record", "-o", trace, "--", *program]
    run(program, data)  # warms up
    bare, slower = [], []
    same = True
    for _ in range(PAIRS):
        seconds, digest = run(program, data)
        seconds_recorded, digest_recorded = run(recorded, data)
        bare.append(seconds)
        slower.append(seconds_recorded / seconds)
        same = same and digest == digest_recorded
    return same, tell(program, bare, slower, trace, "output identical" if same else "output DIFFERS")


def tell(program, bare, slower, trace, words):
    """Prints a line; the percentage."""
    events, lost = count_events(trace)
    percent = (statistics.median(slower) - 1) * 100
    name = " ".join(program)
    print(f"{name[:36]:36} bare {statistics.median(bare):6.2f} s, recorded {percent:+6.1f} %  "
          f"({'within' if percent <= TARGET_PERCENT else 'OVER'} {TARGET_PERCENT} %; of {PAIRS} pairs, "
          f"{min(slower) * 100 - 100:+.1f} to {max(slower) * 100 - 100:+.1f} %; {events} events, {lost} lost, "
          f"{words})", flush=True)
    return percent


def load_redis(server):
    subprocess.run(["redis-benchmark", "-s", "socket", "-n", str(N_REQUESTS // 2), "-c", "50", "-P", "16", "-q",
                    "-t", "set,get"], cwd=server.folder, check=True, stdout=subprocess.DEVNULL)


def load_memcached(server):
    def work(n):
        client = server.connect()
        for _ in range(N_REQUESTS // 8 // 100):
            ask(client, b"set key%d 0 0 4\r\nabcd\r\n" % n * 100 + b"get key%d\r\n" % n * 100, 400)
        client.close()
    in_threads(work)


def measure_server(argv, load, folder):
    """Only while it answers: its start and the writing of the trace after its end are not its clients'."""
    bare, slower = [], []
    for pair in range(PAIRS + 1):
        seconds = []
        for is_recorded in (False, True):
            with Server(folder / f"{argv[0]}-{pair}-{is_recorded}", is_recorded, argv) as server:
                start = time.perf_counter()
                load(server)
                seconds.append(time.perf_counter() - start)
        if pair > 0:
            bare.append(seconds[0])
            slower.append(seconds[1] / seconds[0])
        if pair < PAIRS:
            shutil.rmtree(server.folder)
    return tell(argv[:1], bare, slower, server.folder / "x.trace.jsonl", f"{N_REQUESTS} requests")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        gather(folder / "data")
        size = (folder / "data").stat().st_size
        print(f"{size >> 20} MiB of files of this system")
        good, percents = True, {}
        for program in PROGRAMS:
            if shutil.which(program[0]):
                same, percents[program[0]] = measure(sys.argv[1], program, folder / "data", folder)
                good = good and same
            else:
                print(f"{program[0]} is left out: it is not installed")
        for argv, load, client in ((REDIS, load_redis, "redis-benchmark"), (MEMCACHED, load_memcached, "memcached")):
            if shutil.which(argv[0]) and shutil.which(client):
                percents[argv[0]] = measure_server(argv, load, folder)
            else:
                print(f"{argv[0]} is left out: it is not installed")
        if percents:
            worst = max(percents, key=percents.get)
            print(f"the worst: {worst}, {percents[worst]:+.1f} %")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
