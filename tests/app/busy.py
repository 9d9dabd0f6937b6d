# SPDX-License-Identifier: MIT
"""busy.c under `lockstitch record`: its own count of the calls that returned, and the trace's."""
import collections
import json
import os
import signal
import struct
import subprocess
import time

from recording import DEADLINE_S, LOCKSTITCH

COUNTED = ("acquire", "write", "release")  # as busy.c's Counts has them
COUNTS = struct.Struct("QQQ40x")


def wait_until(condition, what="nothing happens"):
    deadline = time.monotonic() + DEADLINE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.0005)
    return value


class Busy:
    """One recording of busy with `n_threads` threads, which end when they are told or killed."""

    def __init__(self, folder, program, n_threads, options=(), output="x.trace.jsonl", before=()):
        self.counts, self.trace = folder / "counts", folder / output
        self.n_threads = n_threads
        self.record = subprocess.Popen([*before, LOCKSTITCH, "record", *options, "-o", self.trace,
                                        "--", program, self.counts, str(n_threads)],
                                       stderr=subprocess.PIPE)
        self.footer = None
        self.said = ""
        self.pid = wait_until(self.find_pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Leaves nothing running when a test fails."""
        if self.record.poll() is None:
            self.kill(signal.SIGKILL)
            self.record.kill()
            self.record.wait()
        self.record.stderr.close()

    def find_pid(self):
        assert self.record.poll() is None, self.record.stderr.read()
        data = self.counts.read_bytes()[:8] if self.counts.exists() else b""
        return struct.unpack("Q", data)[0] if len(data) == 8 else 0

    def find_collector(self):
        """The other child of `record`."""
        children = f"/proc/{self.record.pid}/task/{self.record.pid}/children"
        with open(children, encoding="ascii") as file:
            pid, = set(map(int, file.read().split())) - {self.pid}
        return pid

    def kill(self, number):
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass

    def end(self, number):
        """Ends it with a signal, and gives the exit status."""
        self.kill(number)
        self.said = self.record.communicate(timeout=2 * DEADLINE_S)[1].decode()
        return self.record.returncode

    def own(self):
        """(thread, event) → how many of its calls have returned."""
        data = self.counts.read_bytes()
        return {(thread, ev): n for thread in range(self.n_threads)
                for ev, n in zip(COUNTED, COUNTS.unpack_from(data, (thread + 1) * COUNTS.size))}

    def traced(self):
        """(thread, event) → how many are in the trace, which must be whole lines and one footer."""
        found = collections.Counter()
        self.footer = None
        with open(self.trace, "rb") as lines:
            for line in lines:
                assert line.endswith(b"\n") and not self.footer, "half a line, or one after the footer"
                event = json.loads(line)
                if "end" in event:
                    self.footer = event
                elif event.get("ev") in COUNTED and "err" not in event:
                    found[event["tid"] - 2, event["ev"]] += 1
        return found
