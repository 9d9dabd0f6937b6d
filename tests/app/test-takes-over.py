# SPDX-License-Identifier: MIT
"""The collector of a busy program is killed at moments that nobody chose: another one goes on with
what it left. Every event whose call had returned before is in the trace, none is there twice.

    test-takes-over.py LOCKSTITCH BUSY     LS_TEST_KILLS: how often, 4 when it is not set
"""
import collections
import gzip
import json
import os
import random
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

from recording import DEADLINE_S, LOCKSTITCH
from tap import run_tests

BUSY = os.path.abspath(sys.argv[2])
N_KILLS = int(os.environ.get("LS_TEST_KILLS", "4"))
SEED = int(os.environ.get("LS_TEST_SEED", random.randrange(1 << 32)))
LINE = struct.Struct("QQQ40x")  # acquired, written, released: as busy.c's Counts has them


def wait_until(condition):
    deadline = time.monotonic() + DEADLINE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, "nothing happens"
        time.sleep(0.0005)
    return value


def find_pid(counts):
    data = counts.read_bytes()[:8] if counts.exists() else b""
    return struct.unpack("Q", data)[0] if len(data) == 8 else 0


def find_collector(record):
    """The child of `lockstitch record` that is not the program."""
    children = Path(f"/proc/{record.pid}/task/{record.pid}/children").read_text().split()
    for child in children:
        if "lockstitch-coll" in Path(f"/proc/{child}/comm").read_text():
            return int(child)
    return 0


def kill_once(folder, n_threads, delay, kill_both, options, name):
    """Returns each thread's counts as they were before the kill, what `record` said, the trace."""
    counts, trace = folder / "counts", folder / name
    record = subprocess.Popen([LOCKSTITCH, "record", *options, "-o", trace, "--", BUSY, counts,
                               str(n_threads)], stderr=subprocess.PIPE)
    try:
        pid = wait_until(lambda: find_pid(counts))
        collector = wait_until(lambda: find_collector(record))
        time.sleep(delay)
        before = counts.read_bytes()
        os.kill(collector, signal.SIGKILL)
        if not kill_both:
            time.sleep(0.02)  # the program runs on for a moment
            assert record.poll() is None and Path(f"/proc/{pid}").exists(), "the program ended too"
        os.kill(pid, signal.SIGKILL)
        said = record.communicate(timeout=DEADLINE_S)[1].decode()
    finally:
        record.kill()
        record.wait()
    assert record.returncode == 128 + signal.SIGKILL, (record.returncode, said)
    own = [LINE.unpack_from(before, (thread + 1) * LINE.size) for thread in range(n_threads)]
    return own, said, trace


class Trace:
    """Counts a trace's events; busy's threads write 0, 1, 2 ... each, and lock around each."""

    def __init__(self, path):
        self.seen, self.footer, self.partial = collections.Counter(), None, False
        self.names, self.first, latest, addresses = {}, {}, {}, {}
        for line in (gzip.open if path.suffix == ".gz" else open)(path, "rb"):
            assert line.endswith(b"\n") and not self.footer, "half a line, or one after the footer"
            event = json.loads(line)
            self.partial = self.partial or event.get("partial", False)
            if "end" in event:
                self.footer = event
            elif "object" in event:
                address = addresses.setdefault(event["object"], event["addr"])
                assert address == event["addr"], f"object {event['object']} is two things"
                self.names[event["object"]] = event.get("name")
            elif "ev" in event:
                tid, ev = event["tid"], event["ev"]
                assert event["ts"] >= latest.get(tid, 0), f"thread {tid} goes back in time"
                latest[tid] = event["ts"]
                if ev == "write":
                    first = self.first.setdefault(tid, event["val"])
                    assert event["val"] == first + self.seen[tid, ev], f"{event}: not the next one"
                if ev in ("acquire", "write", "release"):
                    self.seen[tid, ev] += 1
        assert len(set(addresses.values())) == len(addresses), "one object has two ids"


def check_once(folder, where, n_threads, delay, kill_both, options, name):
    own, said, path = kill_once(folder, n_threads, delay, kill_both, options, name)
    assert said.count("\n") == 2 and "collector was killed" in said, (where, said)
    trace = Trace(path)
    assert trace.footer and trace.footer.get("signal") == signal.SIGKILL, (where, trace.footer)
    assert trace.partial and not any(trace.first.values()), where
    for thread, counts in enumerate(own):
        for n, ev in zip(counts, ("acquire", "write", "release")):
            assert n <= trace.seen[thread + 2, ev], \
                f"{where}: thread {thread}: {n} {ev} ran, {trace.seen[thread + 2, ev]} seen"
        n_seen = [trace.seen[thread + 2, ev] for ev in ("acquire", "write", "release")]
        assert n_seen[0] >= n_seen[1] >= n_seen[2] >= n_seen[0] - 1, (where, n_seen)
    if sum(sum(counts) for counts in own) > 0:
        assert "shared_lock" in trace.names.values(), (where, trace.names)
    return sum(trace.seen.values())


def kill_often(folder, kill_both, options, name="x.trace.jsonl"):
    chance = random.Random(SEED)
    most = 0
    for number in range(N_KILLS):
        here = folder / str(number)
        here.mkdir()
        n_threads, delay = chance.choice((1, 2, 4, 8)), chance.random() ** 2 * 0.05
        where = f"kill {number} of seed {SEED}, {n_threads} threads, after {delay * 1000:.1f} ms"
        most = max(most, check_once(here, where, n_threads, delay, kill_both, options, name))
        (here / name).unlink()
    print(f"# {N_KILLS} kills of seed {SEED}, the longest after {most} events")


def test_collector(folder):
    """the collector is killed, the program runs on"""
    kill_often(folder, False, ())


def test_both(folder):
    """the collector and the program are killed at once"""
    kill_often(folder, True, ())


def test_spill(folder):
    """the collector is killed while it saves what it has no time to write"""
    kill_often(folder, False, ("--buffer-size=1M",))


def test_packed(folder):
    """the collector is killed while it packs the trace"""
    kill_often(folder, False, (), "x.trace.jsonl.gz")


def test_keep_last(folder):
    """the collector of a flight recorder is killed: what threads are is known, though it is long ago"""
    own, said, path = kill_once(folder, 3, 1.0, False, ("--keep-last=2M",), "x.trace.jsonl")
    assert "collector was killed" in said, said
    trace = Trace(path)
    assert trace.partial and "shared_lock" in trace.names.values(), trace.names
    threads = [json.loads(line) for line in open(path, "rb") if line.startswith(b'{"thread":')]
    names = {line["thread"]: line["name"] for line in threads if "name" in line}
    assert {names.get(n, "")[:4] for n in (2, 3, 4)} == {"work"}, (threads, own)


if __name__ == "__main__":
    run_tests(globals())
