# SPDX-License-Identifier: MIT
"""The rules of a recorded trace, checked line by line without any code of Lockstitch's.

    trace_rules.py FILE...     prints what each trace breaks; exits 1 when any does

Written from the format's description alone: an independent reader that says where the recorder, or
the description, is wrong. It knows what a recording in C can hold, no more.
"""
import collections
import json
import sys

LOCKS = ("mutex", "recursive", "spin", "rwlock")  # only their owner releases them
ENDS = ("acquire", "join", "wake", "fail", "timeout")
MAX_COMPLAINTS = 20
SLEEP = ("sleep", None)


class Rules:
    def __init__(self, path, interrupted=False):
        """`interrupted`: signal handlers do things while their threads wait, or leave the wait."""
        self.path = path
        self.interrupted = interrupted
        self.complaints = []
        self.n_complaints = 0
        self.header = self.footer = None
        self.blind = []
        self.kinds = {}  # object → kind
        self.threads = set()
        self.sources = set()
        self.used = {"thread": set(), "object": set(), "source": set()}
        self.events = []  # (ts, line, event)
        self.lines = []  # all others
        self.n_of = collections.Counter()
        self.n_declared = collections.Counter()
        self.read()
        self.check_lines()
        if not self.partial:
            self.check_story()

    def complain(self, line, text):
        self.n_complaints += 1
        if len(self.complaints) < MAX_COMPLAINTS:
            self.complaints.append(f"{self.path}:{line}: {text}")

    # -- The lines --

    def read(self):
        with open(self.path, "rb") as file:
            for number, text in enumerate(file, 1):
                if not text.endswith(b"\n"):
                    self.complain(number, "half a line")
                    break
                try:
                    self.take(number, json.loads(text))
                except ValueError as error:
                    self.complain(number, str(error))
        self.partial = bool(self.header and self.header.get("partial"))

    def take(self, number, line):
        if self.footer:
            self.complain(number, "a line after the footer")
        if number == 1 and "lockstitch" not in line:
            self.complain(number, "the first line is no header")
        if "ev" in line:
            self.events.append((line["ts"], number, line))
            return
        self.lines.append(line)
        if "lockstitch" in line:
            self.blind += line.get("blind", [])
            self.header = {**(self.header or {}), **line}
        elif "end" in line:
            self.footer = line
        elif "thread" in line:
            self.declare("thread", self.threads, line)
        elif "object" in line:
            self.declare("object", self.kinds, line)
            if "kind" in line:
                if self.kinds.get(line["object"], line["kind"]) != line["kind"]:
                    self.complain(number, f"object {line['object']} changes its kind")
                self.kinds[line["object"]] = line["kind"]
            self.use("source", line, "src")
        elif "source" in line:
            self.declare("source", self.sources, line)
            self.use("source", line, "in")
        else:
            self.complain(number, "an unknown line")

    def declare(self, kind, known, line):
        self.n_declared[kind] += 1
        if isinstance(known, set):
            known.add(line[kind])
        else:
            known.setdefault(line[kind], line.get("kind"))

    def use(self, kind, line, key):
        if key in line:
            self.used[kind].add(line[key])

    def check_lines(self):
        last = {}
        n_lost = 0
        for ts, number, event in self.events:
            tid = event["tid"]
            if ts < last.get(tid, 0):
                self.complain(number, f"time goes back on thread {tid}, from {last[tid]} to {ts}")
            last[tid] = ts
            self.n_of[event["ev"]] += 1
            for kind, key in (("thread", "tid"), ("thread", "thread"), ("object", "obj"),
                              ("object", "with"), ("source", "src")):
                self.use(kind, event, key)
            n_lost += event["n"] if event["ev"] == "lost" else 0
        for kind, known in (("thread", self.threads), ("object", self.kinds),
                            ("source", self.sources)):
            for each in sorted(self.used[kind] - set(known)):
                self.complain(0, f"{kind} {each} is used, but not declared")
            if self.n_declared[kind] > 4 * len(known) + 10:
                self.complain(0, f"{self.n_declared[kind]} declarations of {len(known)} {kind}s")
        if not self.footer:
            return
        if self.footer.get("events") != len(self.events):
            self.complain(0, f"{len(self.events)} events, the footer says {self.footer['events']}")
        if self.footer.get("lost") != n_lost:
            self.complain(0, f"{n_lost} lost events, the footer says {self.footer.get('lost')}")
        if last and self.footer["end"] < max(last.values()):
            self.complain(0, "the footer's end is before the last event")

    # -- What happened --

    def check_story(self):
        self.owner, self.depth = {}, collections.Counter()
        self.readers = collections.defaultdict(collections.Counter)
        self.waits = {}
        self.created, self.started, self.finished, self.joined = {}, {}, {}, {}
        self.destroyed = set()
        self.has_lost = self.n_of["lost"] > 0
        for ts, number, event in sorted(self.events, key=lambda each: each[:2]):
            self.check_life(number, event)
            if not self.interrupted:
                self.check_wait(number, event)
            if not self.has_lost:
                getattr(self, "take_" + event["ev"], lambda *_: None)(number, event)

    def check_life(self, number, event):
        tid, ev = event["tid"], event["ev"]
        if tid in self.finished:
            self.complain(number, f"thread {tid} does {ev} after its finish")
        if ev == "start":
            if tid in self.started:
                self.complain(number, f"thread {tid} starts twice or after its first event")
        self.started.setdefault(tid, number)
        if ev == "finish":
            self.finished[tid] = number
        elif ev == "create" and "err" not in event:
            if event["thread"] in self.created:
                self.complain(number, f"thread {event['thread']} is created twice")
            if event["thread"] in self.started:
                self.complain(number, f"thread {event['thread']} is created after its start")
            self.created[event["thread"]] = number
        elif ev == "join" and "err" not in event:
            if event["thread"] not in self.finished and not self.has_lost:
                self.complain(number, f"thread {event['thread']} is joined before its finish")
            if event["thread"] in self.joined:
                self.complain(number, f"thread {event['thread']} is joined twice")
            self.joined[event["thread"]] = number

    def check_wait(self, number, event):
        """A wait ends with the next end of the same thing; nothing else happens within."""
        tid, ev = event["tid"], event["ev"]
        about = ("thread", event["thread"]) if "thread" in event and ev != "create" else \
                ("obj", event["obj"]) if "obj" in event else SLEEP
        if ev in ("wait", "sleep"):
            if tid in self.waits:
                self.complain(number, f"thread {tid} begins to wait within a wait")
            self.waits[tid] = about
        elif tid in self.waits:
            if ev in ENDS and self.waits[tid] == about:
                del self.waits[tid]
            elif ev == "finish":
                del self.waits[tid]
            elif ev not in ("stall", "lost"):
                self.complain(number, f"thread {tid} does {ev} of {about} while it waits for "
                                      f"{self.waits[tid]}")
                del self.waits[tid]

    def is_owned(self, event):
        return self.kinds.get(event["obj"]) in LOCKS

    def take_acquire(self, number, event):
        if not self.is_owned(event) or event.get("err") not in (None, "EOWNERDEAD"):
            return
        obj, tid = event["obj"], event["tid"]
        owner = self.owner.get(obj)
        if obj in self.destroyed:
            self.complain(number, f"object {obj} is acquired after it was destroyed")
        if event.get("mode") == "shared":
            if owner is not None:
                self.complain(number, f"{tid} reads {obj} while {owner} holds it")
            self.readers[obj][tid] += 1
            return
        if owner is not None and (owner != tid or self.kinds[obj] != "recursive"):
            self.complain(number, f"{tid} acquires {self.kinds[obj]} {obj} while {owner} holds it")
        if any(n > 0 for n in self.readers[obj].values()):
            self.complain(number, f"{tid} acquires rwlock {obj} while it is read")
        self.owner[obj] = tid
        self.depth[obj] += event.get("n", 1)

    def take_release(self, number, event):
        if not self.is_owned(event) or "err" in event:
            return
        obj, tid = event["obj"], event["tid"]
        if obj not in self.owner and self.readers[obj][tid] > 0:
            self.readers[obj][tid] -= 1
        elif self.owner.get(obj) != tid:
            self.complain(number, f"{tid} releases {self.kinds[obj]} {obj}, held by "
                                  f"{self.owner.get(obj)}")
        else:
            self.depth[obj] -= event.get("n", 1)
            if self.depth[obj] <= 0:
                del self.owner[obj]

    def take_destroy(self, number, event):
        if "err" not in event:
            self.destroyed.add(event["obj"])

    def take_init(self, number, event):
        self.destroyed.discard(event["obj"])


def main():
    n_bad = 0
    for path in sys.argv[1:]:
        rules = Rules(path)
        for complaint in rules.complaints:
            print(complaint)
        if rules.n_complaints > len(rules.complaints):
            print(f"{path}: {rules.n_complaints} complaints in all")
        n_bad += rules.n_complaints > 0
        print(f"{path}: {dict(rules.n_of)}, {len(rules.kinds)} objects, {rules.footer}")
    return 1 if n_bad else 0


if __name__ == "__main__":
    sys.exit(main())
