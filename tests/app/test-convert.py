#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""lockstitch convert: what goes out is what its form asks for, and comes back where it can.

test-convert.py LOCKSTITCH SAMPLES STD: the folders of recorded traces and of published STD logs.
"""
import collections
import csv
import json
import resource
import subprocess
import sys
from pathlib import Path

from tap import run_tests

LOCKSTITCH = sys.argv[1]
SAMPLES = sorted(Path(sys.argv[2]).rglob("*.trace.jsonl"))
LOGS = sorted(Path(sys.argv[3]).glob("*.std"))


def convert(*words, status=0, **more):
    """Standard output and standard error."""
    run = subprocess.run([LOCKSTITCH, "convert", *map(str, words)], capture_output=True,
                         timeout=60, check=False, **more)
    assert run.returncode == status, (words, run.returncode, run.stderr)
    return run.stdout, run.stderr.decode()


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# -- Chrome --

def to_ns(microseconds):
    """As Perfetto does it: llround (us * 1000)."""
    return round(microseconds * 1000)


def check_keys(event):
    """What the format asks of each kind of event."""
    assert event["ph"] in "MXsfCibe", event
    assert isinstance(event["name"], str), event
    assert all(isinstance(event[key], int) and 0 <= event[key] < 2**32 for key in ("pid", "tid"))
    if event["ph"] != "M":
        assert isinstance(event["ts"], (int, float)) and event["ts"] >= 0, event
        assert isinstance(event["cat"], str), event
    if event["ph"] == "X":
        assert event["dur"] >= 0, event
    if event["ph"] in "sfbe":
        assert isinstance(event["id"], int), event
    if event["ph"] == "C":
        assert event["args"] and all(isinstance(n, (int, float)) for n in event["args"].values())
    if event["ph"] == "i":
        assert event["s"] in "gpt", event


def check_nesting(slices):
    """Slices of one track nest, outer ones first."""
    slices.sort(key=lambda piece: piece[0])
    ends = []
    for begin, end in slices:
        while ends and ends[-1] <= begin:
            ends.pop()
        assert not ends or end <= ends[-1], (begin, end, ends)
        ends.append(end)


def check_chrome(events):
    tracks, added = collections.defaultdict(list), collections.defaultdict(list)
    flows = collections.defaultdict(dict)
    named = set()
    for event in events:
        check_keys(event)
        track = event["pid"], event["tid"]
        if event["ph"] == "M":
            named.add((event["name"], *track))
        elif event["ph"] == "X":
            begin = to_ns(event["ts"])
            tracks[track].append((begin, begin + to_ns(event["dur"])))
            added[track].append((event["ts"], event["ts"] + event["dur"]))
        elif event["ph"] in "sf":
            assert event["ph"] not in flows[event["id"]], "an id twice"
            flows[event["id"]][event["ph"]] = event
    for track, slices in tracks.items():
        assert ("thread_name", *track) in named and ("thread_sort_index", *track) in named
        check_nesting(slices)
        check_nesting(added[track])  # as speedscope does it
    for flow in flows.values():
        assert set(flow) == {"s", "f"} and flow["s"]["ts"] <= flow["f"]["ts"], flow
        assert (flow["s"]["name"], flow["s"]["cat"]) == (flow["f"]["name"], flow["f"]["cat"])
        assert flow["f"]["bp"] == "e"
        for end in flow.values():  # an arrow without a slice at its end is dropped
            at = to_ns(end["ts"])
            assert any(a <= at < b for a, b in tracks[end["pid"], end["tid"]]), end
    return tracks, flows


def test_chrome(folder):
    """Chrome traces of every sample keep the format's rules"""
    n_flows = 0
    for sample in SAMPLES:
        out = folder / "out.json"
        convert(sample, "-o", out, "--findings")
        text = out.read_bytes()
        assert text.startswith(b'{"'), "Perfetto tells it by that"
        document = json.loads(text)
        assert set(document) == {"displayTimeUnit", "otherData", "traceEvents"}
        _, flows = check_chrome(document["traceEvents"])
        n_flows += len(flows)
    assert n_flows > 100


def test_chrome_sums(folder):
    """Slices that follow one another do so for viewers that add begin and length as doubles, too"""
    times = [5077710638, 5085071384, 5085627668, 5086255620, 5091088384, 123456789012345,
             123456789012346, 123456789345678, 123456790000001]
    trace = folder / "in.trace.jsonl"
    with trace.open("w") as out:
        print('{"lockstitch":1,"unit":"ns"}', file=out)
        for begin, end in zip(times, times[1:]):
            for ts, ev in ((begin, "begin"), (end, "end")):
                print(json.dumps({"ts": ts, "tid": 1, "ev": ev, "name": "x"}), file=out)
    convert(trace, "-o", folder / "out.json")
    tracks, _ = check_chrome(json.loads((folder / "out.json").read_bytes())["traceEvents"])
    assert set(zip(times, times[1:])) <= set(sum(tracks.values(), [])), tracks
    convert(folder / "out.json", "-o", folder / "back.trace.jsonl")
    back = {line["ts"] for line in lines_of(folder / "back.trace.jsonl") if "ev" in line}
    assert back >= set(times), back


def test_chrome_says_it(folder):
    """Threads, regions, counters, waits, holds and arrows are those of the trace, to the nanosecond"""
    sample = next(path for path in SAMPLES if path.name == "thread_pool.trace.jsonl")
    out = folder / "out.json"
    convert(sample, "-o", out)
    events = json.loads(out.read_bytes())["traceEvents"]
    lines = lines_of(sample)
    names = {line["name"] for line in lines if "thread" in line and "name" in line}
    assert names <= {event["args"]["name"] for event in events if event["name"] == "thread_name"}
    for kind, ev in (("region", "begin"), ("counter", "count")):
        seen = sorted((to_ns(event["ts"]), event["name"]) for event in events
                      if event.get("cat") == kind)
        assert seen == sorted((line["ts"], line["name"]) for line in lines if line.get("ev") == ev)
        assert seen
    creates = sorted(line["ts"] for line in lines if line.get("ev") == "create")
    assert creates == sorted(to_ns(event["ts"]) for event in events
                             if event["ph"] == "s" and event["name"] == "create")


def events_of(path, *kinds):
    return sorted(((line["ts"], line["tid"], line["ev"], line.get("name"), line.get("val"))
                   for line in lines_of(path) if line.get("ev") in kinds), key=str)


def names_of(path):
    return {line["thread"]: line.get("name") for line in lines_of(path)
            if "thread" in line and "ev" not in line}


def test_chrome_and_back(folder):
    """A Chrome trace that is read again has the threads, regions, marks, counters and arrows"""
    kinds = "start", "finish", "begin", "end", "mark", "count"
    out, back = folder / "out.json", folder / "back.trace.jsonl"
    n_arrows = 0
    for sample in SAMPLES:
        convert(sample, "-o", out)
        _, said = convert(out, "-o", back)
        assert not said, said
        assert events_of(sample, *kinds) == events_of(back, *kinds), sample
        was, now = names_of(sample), names_of(back)
        assert all(was.get(tid, name) == name for tid, name in now.items()), sample
        flows = [event for event in json.loads(out.read_bytes())["traceEvents"]
                 if event["ph"] in "sf"]
        for ph, kind in (("s", "send"), ("f", "recv")):
            assert sorted((to_ns(flow["ts"]), flow["tid"]) for flow in flows if flow["ph"] == ph) \
                == sorted(event[:2] for event in events_of(back, kind)), (sample, kind)
        n_arrows += len(flows) // 2
    assert n_arrows > 100


def test_findings(folder):
    """Findings are marks where they are asked for"""
    sample = next(path for path in SAMPLES if path.name == "race_condition.trace.jsonl")
    marks = []
    for option in ("--findings", "--thread=*"):
        out = folder / "out.json"
        convert(sample, "-o", out, option)
        marks.append([event for event in json.loads(out.read_bytes())["traceEvents"]
                      if event["ph"] == "i"])
    assert marks[0] and not marks[1]
    assert "Lost update on database.value, step 1 of 4" in {mark["name"] for mark in marks[0]}


def test_parts(folder):
    """--span and --thread leave the rest out"""
    sample = next(path for path in SAMPLES if path.name == "race_condition.trace.jsonl")
    whole = list(csv.DictReader(convert(sample, "-o", "-", "--to=csv")[0].decode().splitlines()))
    ts = sorted(int(row["ts_ns"]) for row in whole)
    middle = ts[len(ts) // 2]
    late = convert(sample, "-o", "-", "--to=csv", f"--span={middle}..")[0].decode().splitlines()
    assert len(late) - 1 == sum(at >= middle for at in ts)
    one = list(csv.DictReader(convert(sample, "-o", "-", "--to=csv", "--thread=executor-0")[0]
                              .decode().splitlines()))
    assert {row["thread_name"] for row in one} == {"executor-0"}
    assert one == [row for row in whole if row["thread_name"] == "executor-0"]
    convert(sample, "-o", folder / "out.json", f"--span={middle}..", "--thread=exec*")
    tracks, _ = check_chrome(json.loads((folder / "out.json").read_bytes())["traceEvents"])
    assert all(begin >= middle for slices in tracks.values() for begin, _ in slices)


def test_large(folder):
    """A Chrome trace that viewers do not open is said to be too large, with what helps"""
    lines = [{"lockstitch": 1}, {"object": 1, "kind": "value", "name": "x" * 1000000}]
    lines += [{"ts": i, "tid": 1, "ev": "write", "obj": 1, "val": i} for i in range(201)]
    text = "".join(json.dumps(line) + "\n" for line in lines).encode()
    for span, expected in (("..", True), ("..100ns", False)):
        _, said = convert("-", "-o", "/dev/null", "--to=chrome", f"--span={span}", input=text)
        assert ("/dev/null: 201 MB, more than" in said and "--span and --thread" in said) == expected, said


def test_too_large(folder):
    """A Chrome trace that memory has no room for is used as far as it goes, which is said"""
    events = b"[" + b'{"ph":"i","ts":1},\n' * 2000000
    limit = 300 << 20
    text, said = convert("-", "-o", "/dev/null", "--to=lockstitch", input=events,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    n = limit // 192
    assert said == (f"lockstitch: standard input:{n + 1}: from here on {2000000 - n} events left out: "
                    f"memory has room for no more than the {n} before; a smaller trace may be cut out "
                    "by the tool that wrote it\n"), said


# -- STD --

def test_std_identity(folder):
    """Published STD logs come back byte for byte, also by way of a trace"""
    for log in LOGS:
        assert convert(log, "-o", "-", "--to=std")[0] == log.read_bytes(), log
        convert(log, "-o", folder / "x.trace.jsonl")
        assert convert(folder / "x.trace.jsonl", "-o", "-", "--to=std")[0] == log.read_bytes(), log
    assert len(LOGS) == 32


def test_std_left_out(folder):
    """What STD has no words for is counted on standard error"""
    sample = next(path for path in SAMPLES if path.name == "semaphore.trace.jsonl")
    _, said = convert(sample, "-o", folder / "x.std")
    assert "left out what STD has no words for: 7 semaphore" in said, said


def test_direct(folder):
    """Other commands take an STD log as it is"""
    run = subprocess.run([LOCKSTITCH, "check", "--format=json", *LOGS], capture_output=True,
                         check=False, timeout=60)
    assert run.returncode == 3 and not run.stderr, run
    kinds = [finding["kind"] for file in json.loads(run.stdout) for finding in file["findings"]]
    assert "data-race" in kinds


# -- CSV --

def test_csv(folder):
    """CSV says what the trace says, whatever is in its names"""
    odd = 'a "quoted",\nname\r; ü'
    trace = folder / "odd.trace.jsonl"
    lines = [{"lockstitch": 1}, {"thread": 1, "name": odd}, {"object": 1, "kind": "value", "name": ","},
             {"ts": 5, "tid": 1, "ev": "write", "obj": 1, "val": "x,\"y\"", "old": -1},
             {"ts": 6, "tid": 1, "ev": "mark", "name": odd}, {"end": 9, "events": 2, "lost": 0}]
    trace.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    convert(trace, "-o", folder / "odd.csv")
    with open(folder / "odd.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert [row["thread_name"] for row in rows] == [odd, odd]
    assert rows[0]["val"] == 'x,"y"' and rows[0]["old"] == "-1" and rows[0]["object_name"] == ","
    assert rows[1]["name"] == odd and rows[1]["object"] == ""
    for sample in SAMPLES:
        convert(sample, "-o", folder / "x.csv")
        with open(folder / "x.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, strict=True))
        events = sorted((line for line in lines_of(sample) if "ev" in line),
                        key=lambda line: line["ts"])
        assert [(int(row["ts_ns"]), int(row["thread"]), row["ev"], row["object"]) for row in rows] \
            == [(e["ts"], e["tid"], e["ev"], str(e.get("obj", ""))) for e in events], sample


# -- The command --

def test_lines(folder):
    """A trace passes through as it is, also from pipe to pipe"""
    for sample in SAMPLES[:5]:
        assert convert(sample, "-o", "-", "--to=lockstitch")[0] == sample.read_bytes()
        with open(sample, "rb") as file:
            assert convert("-", "-o", "-", "--to=lockstitch", stdin=file)[0] == sample.read_bytes()


def test_pipe(folder):
    """A pipe of another form, told what it is or not"""
    for words in (("--from=std",), ()):
        text, said = convert("-", "-o", "-", *words, "--to=lockstitch", input=b"a|w(x)|1\nbad\n")
        assert b'"ev":"write"' in text
        assert said == "lockstitch: standard input:2: THREAD|OPERATION(OPERAND)|LOCATION should stand here\n"


def test_wrong(folder):
    """What cannot be done is said, and no half file is left"""
    sample, out, script = SAMPLES[0], folder / "out.csv", folder / "script"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    for words, status, said in (
            ((sample,), 2, "give the output's name"),
            ((sample, sample, "-o", out), 2, "one trace at a time"),
            ((sample, "-o", folder / "out.xyz"), 2, "the name does not say the format"),
            ((sample, "-o", out, "--to=pdf"), 2, "--to is 'pdf'"),
            ((sample, "-o", out, "--from=csv"), 2, "--from is 'csv'"),
            ((sample, "-o", out, "--span=5"), 2, "--span is '5'"),
            ((sample, "-o", out, "--findings"), 2, "--findings is for chrome"),
            ((sample, "-o", folder / "x.jsonl", "--span=1..2"), 2, "are for other formats"),
            ((sample, "-o", out, "--thread=nobody"), 1, "there is no thread named nobody"),
            ((folder / "none", "-o", out), 1, "none: No such file"),
            ((script, "-o", out), 1, "not a Lockstitch trace: this looks like a script"),
            ((script, "-o", out, "--from=std"), 1, "not an STD log"),
            ((script, "-o", folder / "x.trace.jsonl"), 1, "looks like a script"),
            ((sample, "-o", folder / "no" / "out.csv"), 1, "No such file"),
            ((sample, "-o", "/dev/full", "--to=csv"), 1, "/dev/full: ")):
        assert said in convert(*words, status=status)[1], (words, said)
    assert not out.exists() and not (folder / "x.trace.jsonl").exists()
    copy = folder / "same.trace.jsonl"
    copy.write_bytes(sample.read_bytes())
    for form in ("csv", "lockstitch"):
        assert "the same file" in convert(copy, "-o", copy, f"--to={form}", status=1)[1]
    assert copy.read_bytes() == sample.read_bytes()


run_tests(globals())
