#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""lockstitch convert: whatever is in a name, it comes out whole and comes back.

test-convert-names.py LOCKSTITCH
"""
import csv
import json
import re
import subprocess
import sys

from tap import run_tests

LOCKSTITCH = sys.argv[1]

NAMES = ["=1+1", "+1", "-1", "@sum", "'quoted", "\ttab", "\rreturn", "=a,b", '=a"b', "a\nb", 'a "b", c', ",",
         "</script><script>alert(1)</script>", "</", "<\\/", "\\", "\x01\x1f\x7f\x9b", "a|b(c)|12", "acq(x)", "|", "()",
         " ", "a b", "\u2028", "\ufeff", "\U0001f512", "e\u0301", "{}[]", "null", "é" * 3000, "T1", "1", "#2", "~2"]
ODD = [b'"lone \\ud800"', b'"\\udc00\\ud800 lone"', b'"bad \xff\xfe utf8"', b'"cut \xe2\x82"']


def convert(*words, status=0, **more):
    run = subprocess.run([LOCKSTITCH, "convert", *map(str, words)], capture_output=True,
                         timeout=60, check=False, **more)
    assert run.returncode == status, (words, run.returncode, run.stderr)
    return run.stdout, run.stderr.decode()


def make_trace(path):
    """Each name is that of a thread, a lock, a value, a region, a mark, a counter and a text."""
    lines = [{"lockstitch": 1}]
    for i, name in enumerate(NAMES):
        at = {"ts": 100 * i + 100, "tid": i + 1}
        lines += [{"thread": i + 1, "name": name},
                  {"object": 2 * i + 1, "kind": "mutex", "name": name},
                  {"object": 2 * i + 2, "kind": "value", "name": name, "type": "text"},
                  {**at, "ev": "start"}, {**at, "ev": "begin", "name": name},
                  {**at, "ev": "acquire", "obj": 2 * i + 1},
                  {**at, "ev": "write", "obj": 2 * i + 2, "val": name[:60]},
                  {**at, "ev": "release", "obj": 2 * i + 1}, {**at, "ev": "mark", "name": name},
                  {**at, "ev": "count", "name": name, "val": i}, {**at, "ev": "end", "name": name}]
    lines.append({"end": 100 * len(NAMES) + 100, "events": 8 * len(NAMES), "lost": 0})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def bare(text):
    return text[1:] if text.startswith("'") else text


def test_csv(folder):
    """CSV: no name is a formula, and each can be had back"""
    make_trace(folder / "in.trace.jsonl")
    convert(folder / "in.trace.jsonl", "-o", folder / "out.csv")
    with open(folder / "out.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len(rows) == 8 * len(NAMES)
    for i, name in enumerate(NAMES):
        mine = [row for row in rows if row["thread"] == str(i + 1)]
        assert {bare(row["thread_name"]) for row in mine} == {name}, name
        assert {bare(row["object_name"]) for row in mine if row["object"]} == {name}, name
        assert [bare(row["name"]) for row in mine if row["ev"] in ("begin", "mark", "count", "end")] \
            == [name] * 4
        assert [bare(row["val"]) for row in mine if row["ev"] == "write"] == [name[:60]], mine
        assert [row["val"] for row in mine if row["ev"] == "count"] == [str(i)]
    assert not any(cell[:1] in tuple("=+-@\t\r") for row in rows for cell in row.values() if cell)


def test_csv_numbers(folder):
    """CSV: numbers below zero are numbers"""
    text = b'{"lockstitch":1}\n{"object":1,"kind":"value","name":"v"}\n' + b"".join(
        b'{"ts":1,"tid":1,"ev":"write","obj":1,"val":%s}\n' % val for val in (b"-5", b"-1.5", b"0"))
    rows = list(csv.DictReader(convert("-", "-o", "-", "--to=csv", input=text)[0].decode().splitlines()))
    assert [row["val"] for row in rows] == ["-5", "-1.5", "0"], rows


def lines_of(path):
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def events_of(path):
    lines = list(map(json.loads, lines_of(path)))
    threads = {line["thread"]: line["name"] for line in lines if "thread" in line}
    return sorted((line["ts"], threads[line["tid"]], line["ev"], line.get("name"), line.get("val"))
                  for line in lines
                  if line.get("ev") in ("start", "begin", "mark", "count", "end"))


def test_chrome(folder):
    """Chrome: strict JSON, nothing that ends a script, and the same names when it is read again"""
    trace, out, back = folder / "in.trace.jsonl", folder / "out.json", folder / "back.trace.jsonl"
    make_trace(trace)
    convert(trace, "-o", out)
    text = out.read_bytes()
    assert b"</" not in text and not re.search(rb"[\x00-\x09\x0b-\x1f]", text)
    events = json.loads(text.decode())["traceEvents"]
    assert set(NAMES) <= {event["args"]["name"] for event in events if event["name"] == "thread_name"}
    assert set(NAMES) <= {event["name"] for event in events if event["ph"] == "X"}
    assert not convert(out, "-o", back)[1]
    assert events_of(back) == events_of(trace)


def test_twins(folder):
    """Chrome: counters, which a name alone tells apart, have no two of one name"""
    lines = [{"lockstitch": 1}]
    for i in range(1, 6):
        lines += [{"object": i, "kind": "value", "name": "twin"},
                  {"ts": i, "tid": 1, "ev": "write", "obj": i, "val": i}]
    text = "".join(json.dumps(line) + "\n" for line in lines).encode()
    events = json.loads(convert("-", "-o", "-", "--to=chrome", input=text)[0])["traceEvents"]
    names = [event["name"] for event in events if event["ph"] == "C"]
    assert len(names) == len(set(names)) == 5, names


def test_not_unicode(folder):
    """What is no Unicode becomes the sign for it, in every form"""
    text = b'{"lockstitch":1}\n' + b"".join(
        b'{"ts":%d,"tid":1,"ev":"mark","name":%s}\n' % (i, name) for i, name in enumerate(ODD))
    for form in ("chrome", "csv", "lockstitch"):
        shown, _ = convert("-", "-o", "-", f"--to={form}", input=text)
        assert "\ufffd" in shown.decode() and "lone" in shown.decode(), (form, shown)
    chrome = b'[%s]' % b",".join(b'{"ph":"i","ts":%d,"pid":1,"tid":1,"name":%s}' % (i, name)
                                 for i, name in enumerate(ODD))
    for form in ("chrome", "csv", "lockstitch"):
        shown = convert("-", "-o", "-", f"--to={form}", input=chrome)[0].decode()
        assert shown.count("\ufffd") >= 3 and "bad" in shown, (form, shown)
    log = b'T\xff|w(x\xfe)|1\n'
    shown = convert("-", "-o", "-", "--to=lockstitch", "--from=std", input=log)[0].decode()
    assert shown.count("\ufffd") == 2, shown


def test_std(folder):
    """STD: three fields whatever is in a name, and no two of one name"""
    trace, out, back = folder / "in.trace.jsonl", folder / "out.std", folder / "back.trace.jsonl"
    make_trace(trace)
    # Names that are made alike, and two of one name.
    with open(trace, "a", encoding="utf-8") as file:
        for i, name in enumerate(("a_b", "a b", "a|b", "twin", "twin", "", "", "twin#204")):
            for line in ({"thread": 200 + i, "name": name}, {"object": 200 + i, "kind": "mutex", "name": name},
                         {"object": 300 + i, "kind": "value", "name": name},
                         {"ts": 9000, "tid": 200 + i, "ev": "acquire", "obj": 200 + i},
                         {"ts": 9000, "tid": 200 + i, "ev": "write", "obj": 300 + i, "val": 1},
                         {"ts": 9000, "tid": 200 + i, "ev": "release", "obj": 200 + i}):
                file.write(json.dumps(line) + "\n")
    convert(trace, "-o", out)
    lines = lines_of(out)
    form = re.compile(r"[^|\s]+\|(acq|rel|r|w|fork|join|begin|end)\([^\s|()]+\)\|\d+")
    assert all(form.fullmatch(line) for line in lines), [x for x in lines if not form.fullmatch(x)]
    n = len(NAMES) + 8
    for kind in ("acq", "rel", "w"):
        operands = [line.split("|")[1] for line in lines if f"|{kind}(" in line]
        assert len(operands) == n == len(set(operands)), (kind, n, len(operands), operands)
    assert len({line.split("|")[0] for line in lines}) == n
    assert not convert(out, "-o", back)[1]
    kinds = [json.loads(line).get("ev") for line in lines_of(back)]
    assert all(kinds.count(kind) == n for kind in ("acquire", "release", "write")), kinds


run_tests(globals())
