# SPDX-License-Identifier: MIT
"""A busy program killed at moments that nobody chose: its trace holds every event whose call had
returned, says that the program was killed, and opens.

    test-kills.py LOCKSTITCH BUSY     LS_TEST_KILLS: how often, 20 when it is not set
"""
import collections
import json
import os
import random
import signal
import struct
import subprocess
import sys
import time

from recording import DEADLINE_S, LOCKSTITCH
from tap import run_tests

BUSY = os.path.abspath(sys.argv[2])
N_KILLS = int(os.environ.get("LS_TEST_KILLS", "20"))
SEED = int(os.environ.get("LS_TEST_SEED", random.randrange(1 << 32)))
COUNTED = ("acquire", "write", "release")  # as busy.c's Counts has them
LINE = struct.Struct("QQQ40x")


def wait_until(condition):
    deadline = time.monotonic() + DEADLINE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, "nothing happens"
        time.sleep(0.0005)
    return value


def find_pid(counts):
    data = counts.read_bytes()[:8] if counts.exists() else b""
    return struct.unpack("Q", data)[0] if len(data) == 8 else 0


def kill_once(folder, n_threads, delay):
    """Records busy, kills it, and gives back (its own counts, the trace's) of each thread."""
    counts, trace = folder / "counts", folder / "x.trace.jsonl"
    record = subprocess.Popen([LOCKSTITCH, "record", "-o", trace, "--", BUSY, counts,
                               str(n_threads)], stderr=subprocess.PIPE)
    try:
        pid = wait_until(lambda: find_pid(counts))
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
        said = record.communicate(timeout=DEADLINE_S)[1].decode()
    finally:
        record.kill()
        record.wait()
    assert record.returncode == 128 + signal.SIGKILL, (record.returncode, said)
    # The collector lives on for a moment when `record` was told to end; the trace is written.
    in_trace = collections.Counter()
    footer = None
    with open(trace, "rb") as lines:
        for line in lines:
            assert line.endswith(b"\n") and not footer, "half a line, or one after the footer"
            event = json.loads(line)
            if "end" in event:
                footer = event
            elif event.get("ev") in COUNTED and "err" not in event:
                in_trace[event["tid"] - 2, event["ev"]] += 1
    assert footer and footer.get("signal") == signal.SIGKILL and footer["lost"] == 0, footer
    data = counts.read_bytes()
    own = {(thread, ev): n for thread in range(n_threads)
           for ev, n in zip(COUNTED, LINE.unpack_from(data, (thread + 1) * LINE.size))}
    return own, in_trace


def test_kills(folder):
    """every event whose call had returned before the kill is in the trace"""
    chance = random.Random(SEED)
    most = 0
    for number in range(N_KILLS):
        here = folder / str(number)
        here.mkdir()
        n_threads, delay = chance.choice((1, 2, 4, 8)), chance.random() ** 3 * 0.02
        own, in_trace = kill_once(here, n_threads, delay)
        where = f"kill {number} of seed {SEED}, {n_threads} threads, after {delay * 1000:.1f} ms"
        for key, n in own.items():
            # What was recorded and had not returned: the call that each thread was in.
            assert n <= in_trace[key] <= n + 1, f"{where}: {key}: {n} ran, {in_trace[key]} seen"
        if sum(own.values()) > 0 and number == 0:
            check = subprocess.run([LOCKSTITCH, "check", "x.trace.jsonl"], cwd=here,
                                   capture_output=True, timeout=DEADLINE_S)
            assert check.returncode == 0 and check.stderr == b"", (check.stdout, check.stderr)
        most = max(most, sum(in_trace.values()))
        (here / "x.trace.jsonl").unlink()
    print(f"# {N_KILLS} kills of seed {SEED}, the longest after {most} events")


if __name__ == "__main__":
    run_tests(globals())
