#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What recording adds to a lock pair, beside other recorders, in one run.

bench-recorders.py LOCKSTITCH LOCK-PAIRS LOCK-PAIRS-BUILT-WITH-TSAN

lock-pairs bare, under `lockstitch record`, under LTTng-UST's pthread wrapper and built with TSan,
one after the other in each round, so that all meet the same machine; the median of the rounds.
What cannot run here is left out and said.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = int(os.environ.get("LS_BENCH_ROUNDS", "5"))
RESULT = re.compile(r"^(\w+) median ([\d.]+) lowest ([\d.]+)$", re.MULTILINE)
DEADLINE_S = 120


def results_of(command, env=None):
    """{case: median ns of a pair}; {} when the command failed."""
    try:
        run = subprocess.run(command, env=os.environ | (env or {}), capture_output=True, text=True,
                             timeout=DEADLINE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return {case: float(median) for case, median, _ in RESULT.findall(run.stdout)}


class Lttng:
    """A session daemon of our own and one session, with room for a burst in its buffers."""

    def __init__(self, folder):
        self.folder = folder
        self.daemon = None
        self.why_not = self.start()

    def control(self, *args):
        return subprocess.run(["lttng", "--no-sessiond", *args], capture_output=True, text=True,
                              timeout=DEADLINE_S, check=False)

    def start(self):
        libraries = [path for folder in ("/usr/lib", "/usr/local/lib")
                     for path in Path(folder).glob("**/liblttng-ust-pthread-wrapper.so*")]
        if not (shutil.which("lttng") and shutil.which("lttng-sessiond") and libraries):
            return "lttng-tools or liblttng-ust-dev is not installed"
        self.library = str(libraries[0])
        self.daemon = subprocess.Popen(["lttng-sessiond", "--no-kernel"], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while self.control("list").returncode != 0:
            if self.daemon.poll() is not None or time.monotonic() > deadline:
                return "its session daemon does not start"
            time.sleep(0.1)
        for command in (["create", "lockstitch-bench", "--output", str(self.folder / "lttng")],
                        ["enable-channel", "--userspace", "--subbuf-size=4M", "--num-subbuf=8",
                         "bench"],
                        ["enable-event", "--userspace", "--channel=bench", "lttng_ust_pthread:*"],
                        ["start", "lockstitch-bench"]):
            run = self.control(*command)
            if run.returncode != 0:
                return f"lttng {command[0]} failed"
        return None

    def stop(self):
        if self.daemon and self.daemon.poll() is None:
            self.control("destroy", "lockstitch-bench")
            self.daemon.terminate()
            self.daemon.wait()


def main():
    lockstitch, pairs, tsan_pairs = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lttng = Lttng(folder)
        trace = folder / "pairs.trace.jsonl"
        ways = {
            "bare": lambda: results_of([pairs]),
            "Lockstitch": lambda: results_of([lockstitch, "record", "-o", trace, "--", pairs]),
            "TSan": lambda: results_of([tsan_pairs]),
        }
        if lttng.why_not:
            print(f"LTTng-UST is left out: {lttng.why_not}")
        else:
            ways["LTTng-UST"] = lambda: results_of([pairs], {"LD_PRELOAD": lttng.library})
        try:
            found = {way: [] for way in ways}
            for _ in range(ROUNDS):
                for way, run in ways.items():
                    found[way].append(run())
        finally:
            lttng.stop()
    report(found)
    return 0 if all(found["bare"]) and all(found["Lockstitch"]) else 1


def report(found):
    cases = ["private", "contended", "section"]
    print(f"ns a lock pair, two threads, median of {ROUNDS} rounds; section: 1 us with the lock; "
          "contended: where the two did run side by side")
    print(f"{'':12}" + "".join(f"{case:>12}{'added':>9}{'times':>7}" for case in cases))
    medians = {}
    for way, rounds in found.items():
        line = f"{way:12}"
        for case in cases:
            values = [each[case] for each in rounds if case in each]
            if not values:
                line += f"{'-':>12}{'':>16}"
                continue
            medians[way, case] = statistics.median(values)
            bare = medians.get(("bare", case), float("nan"))
            line += f"{medians[way, case]:12.1f}{medians[way, case] - bare:9.1f}"
            line += f"{medians[way, case] / bare:7.2f}"
        print(line)


if __name__ == "__main__":
    sys.exit(main())
