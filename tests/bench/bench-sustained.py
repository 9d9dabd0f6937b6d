#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What recording adds to a lock pair that never rests, with the collector on the same processors.

bench-sustained.py LOCKSTITCH LOCK-PAIRS

lock-pairs' two threads with private locks, bare and under `lockstitch record`, for LS_BENCH_SECONDS (60)
seconds; then the trace is cut short. Said are the pair's time in each, the recorder's share of the
processors and its memory: half way and at the end.
"""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LOCKSTITCH, LOCK_PAIRS = sys.argv[1:3]
SECONDS = float(os.environ.get("LS_BENCH_SECONDS", "60"))
GUESS_NS = 100  # of a recorded pair
RESULT = re.compile(r"median ([\d.]+)")


def pairs_for(seconds):
    return ["--only", "private", "--rounds", "1", "--pause", "0", "--pairs",
            str(min(int(seconds * 1e9 / GUESS_NS), 4_000_000_000))]


def find_children(pid):
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return {Path(f"/proc/{child}/comm").read_text().strip(): int(child)
            for child in path.read_text().split()}


def look_at(pid):
    """Seconds of processor time and KiB of memory of a process's own."""
    status = Path(f"/proc/{pid}/status").read_text()
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(stat[11]) + int(stat[12])
    return ticks / os.sysconf("SC_CLK_TCK"), int(re.search(r"RssAnon:\s+(\d+)", status)[1])


def main():
    bare = subprocess.run([LOCK_PAIRS, *pairs_for(2)], capture_output=True, text=True, check=True)
    bare_ns = float(RESULT.search(bare.stdout)[1])
    with tempfile.TemporaryDirectory() as folder:
        record = subprocess.Popen([LOCKSTITCH, "record", "-o", f"{folder}/x.trace.jsonl.zst", "--",
                                   LOCK_PAIRS, *pairs_for(SECONDS)], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        looks, begin = [], time.monotonic()
        while len(children := find_children(record.pid)) < 2:
            time.sleep(0.01)
        program, collector = children["lock-pairs"], children["lockstitch-coll"]
        while Path(f"/proc/{program}").exists():
            looks.append(look_at(collector))
            time.sleep(0.5)
        lasted = time.monotonic() - begin
        for _ in range(2):  # the first one is asked whether it is meant
            record.send_signal(signal.SIGINT)
            time.sleep(0.5)
        out, err = record.communicate()
    ns = float(RESULT.search(out)[1])
    print(f"sustained  bare {bare_ns:.1f} ns a pair, recorded {ns:.1f}, added {ns - bare_ns:.1f}")
    print(f"collector  {looks[-1][0] / lasted:.2f} processors, {looks[len(looks) // 2][1]} KiB half way, "
          f"{looks[-1][1]} KiB after {lasted:.0f} s")
    print(err.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
