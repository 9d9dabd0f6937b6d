# SPDX-License-Identifier: MIT
"""Checks that gen-trace writes what could have happened: usage: check-traces.py GEN_TRACE

Time goes on, nobody holds a lock that another holds, a wait ends with its own end, values are what
was last written, every thread that starts finishes; the same seed gives the same bytes.
"""
import collections
import json
import subprocess
import sys

RUNS = [
    ["--events", "20000", "--threads", "24"],
    ["--events", "20000", "--threads", "24", "--race", "--seed", "7"],
    ["--events", "3000", "--threads", "2", "--race"],
    ["--events", "0", "--threads", "1"],
    ["--events", "9000", "--threads", "300", "--seed", "3"],
]


class Checker:
    def __init__(self):
        self.now = 0
        self.n_events = 0
        self.objects = {}
        self.owner = {}
        self.readers = collections.Counter()
        self.units = {}
        self.values = collections.defaultdict(int)
        self.waits = {}
        self.alive = set()
        self.finished = set()

    def take(self, line):
        if "ev" in line:
            self.take_event(line)
        elif "object" in line:
            self.objects[line["object"]] = line["kind"]
            self.units[line["object"]] = line.get("initial", 0)
        elif "end" in line:
            assert line["end"] == self.now and line["events"] == self.n_events, line

    def take_event(self, event):
        tid, ev = event["tid"], event["ev"]
        assert event["ts"] >= self.now, event
        self.now = event["ts"]
        self.n_events += 1
        if ev == "start":
            assert tid not in self.alive | self.finished, event
            self.alive.add(tid)
        assert tid in self.alive, event
        if tid in self.waits:
            wait = self.waits.pop(tid)
            assert ev in ("acquire", "wake", "join"), (wait, event)
            assert (wait.get("obj"), wait.get("thread")) == (event.get("obj"), event.get("thread"))
        getattr(self, "take_" + ev, lambda _: None)(event)

    def take_wait(self, event):
        self.waits[event["tid"]] = event

    def take_acquire(self, event):
        obj = event["obj"]
        if self.objects[obj] == "semaphore":
            self.units[obj] -= 1
            assert self.units[obj] >= 0, event
            return
        assert obj not in self.owner, event
        if "mode" in event:
            self.readers[obj] += 1
        else:
            assert self.readers[obj] == 0, event
            self.owner[obj] = event["tid"]

    def take_release(self, event):
        obj = event["obj"]
        if self.objects[obj] == "semaphore":
            self.units[obj] += 1
        elif self.owner.get(obj) == event["tid"]:
            del self.owner[obj]
        else:
            assert self.readers[obj] > 0, event
            self.readers[obj] -= 1

    def take_fail(self, event):
        assert event["obj"] in self.owner, event

    def take_read(self, event):
        assert event["val"] == self.values[event["obj"]], event

    def take_write(self, event):
        assert event["old"] == self.values[event["obj"]], event
        self.values[event["obj"]] = event["val"]

    take_update = take_write

    def take_join(self, event):
        assert event["thread"] in self.finished, event

    def take_finish(self, event):
        self.alive.remove(event["tid"])
        self.finished.add(event["tid"])

    def check_end(self):
        assert not (self.alive or self.waits or self.owner or any(self.readers.values()))


def generate(arguments):
    return subprocess.run([sys.argv[1], *arguments], stdout=subprocess.PIPE, check=True).stdout


for number, arguments in enumerate(RUNS, 1):
    text = generate(arguments)
    checker = Checker()
    for line in text.decode().splitlines():
        checker.take(json.loads(line))
    checker.check_end()
    assert text == generate(arguments), "the same seed gave other bytes"
    n_races = text.count(b'"src":20}\n')
    assert n_races == (2 if "--race" in arguments else 0), n_races
    print(f"ok {number} - {' '.join(arguments)}: {checker.n_events} events")
print(f"1..{len(RUNS)}")
