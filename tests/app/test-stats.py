#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`lockstitch stats` as its users meet it: tables for people, JSON and CSV for programs.

test-stats.py LOCKSTITCH SAMPLES
"""
import csv
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata

lockstitch, samples = sys.argv[1:]
pool = os.path.join(samples, "thread_pool.trace.jsonl")
race = os.path.join(samples, "race_condition.trace.jsonl")


def stats(*args, code=0):
    run = subprocess.run([lockstitch, "stats", *args], capture_output=True, text=True, timeout=60)
    assert run.returncode == code, (run.returncode, run.stderr)
    return run


def tables_for_people():
    run = stats(pool)
    assert not run.stderr, run.stderr
    for word in ("Threads", "Waits", "Locks", "queue.lock", "executor-2", "nothing lost"):
        assert word in run.stdout, word
    lines = run.stdout.splitlines()
    head = next(line for line in lines if line.startswith("  lock "))
    row = lines[lines.index(head) + 1]
    # Figures stand under their headings, to the right.
    end = head.index("acquires") + len("acquires")
    assert row[:end].split()[-1] == "12" and row[end:end + 1] in ("", " "), row
    assert "database.value" in stats(race).stdout


def json_for_programs():
    told = json.loads(stats("--json", race).stdout)
    assert told["lost"] == 0 and told["events"] == 28, told
    threads = {thread["thread"]: thread for thread in told["threads"]}
    assert set(threads) == {"main", "executor-0", "executor-1"}
    one = threads["executor-0"]
    spent = sum(one[key] for key in ("not_waiting_ns", "wait_lock_ns", "wait_signal_ns", "sleep_ns"))
    assert spent == one["life_ns"], one
    assert told["locks"][0]["lock"] == "log.lock" and told["locks"][0]["acquires"] == 4
    assert told["values"] == [{"value": "database.value", "id": told["values"][0]["id"],
                               "threads": 2, "reads": 2, "writes": 2, "atomic": 0,
                               "min": 0, "max": 1, "last": 1}], told["values"]


def csv_for_programs():
    for table in ("threads", "waits", "locks", "values"):
        rows = list(csv.DictReader(io.StringIO(stats("--csv", table, race).stdout)))
        same = json.loads(stats("--json", race).stdout)[table]
        assert len(rows) == len(same), (table, rows)
        for row, other in zip(rows, same):
            assert {key: type(other[key])(row[key]) for key in row} == other, (row, other)


def filters():
    told = json.loads(stats("--json", "--thread", "executor-*", "--lock", "log.*", race).stdout)
    assert [thread["thread"] for thread in told["threads"]] == ["executor-0", "executor-1"]
    assert [lock["lock"] for lock in told["locks"]] == ["log.lock"] and not told["values"]
    told = json.loads(stats("--json", "--span", "0..50ms", race).stdout)
    assert told["locks"][0]["acquires"] == 2 and told["end_ns"] == 50000000, told
    assert stats("--thread", "nobody", race, code=1).stderr.endswith("no thread named nobody\n")


def wrong_usage():
    for args in ([], [race, pool], ["--csv", "lock", race], ["--span", "9..3", race],
                 ["--json", "--csv", "locks", race], ["--nonsense", race]):
        run = stats(*args, code=2)
        assert run.stderr.startswith("lockstitch: ") and not run.stdout, run
    run = stats("/nonexistent.trace.jsonl", code=1)
    assert "nonexistent" in run.stderr and not run.stdout


def long_tables():
    lines = ['{"lockstitch":1}']
    lines += ['{"ts":%d,"tid":1,"ev":"acquire","obj":%d}' % (i, i) for i in range(1, 41)]
    text = "\n".join(lines) + "\n"
    run = subprocess.run([lockstitch, "stats", "-"], input=text, capture_output=True, text=True)
    assert "and 20 more; --all shows them" in run.stdout, run
    run = subprocess.run([lockstitch, "stats", "--all", "-"], input=text, capture_output=True,
                         text=True)
    assert "lock 40" in run.stdout and "more;" not in run.stdout, run


def on_terminal(columns, text):
    """What a terminal of so many columns is given, line by line."""
    leader, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with tempfile.TemporaryFile() as file:
        file.write(text.encode())
        file.seek(0)
        subprocess.run([lockstitch, "stats", "-"], stdin=file, stdout=terminal, check=True)
    os.close(terminal)
    shown = b""
    try:
        while piece := os.read(leader, 4096):
            shown += piece
    except OSError:
        pass  # the end of a terminal
    os.close(leader)
    return shown.decode().replace("\r\n", "\n")


def on_pipe(*args, text):
    return subprocess.run([lockstitch, "stats", *args, "-"], input=text.encode(), capture_output=True,
                          check=True).stdout.decode()


def width_of(line):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else not unicodedata.combining(letter)
               for letter in line)


def trace_of(name):
    """One lock of this name, taken by a thread of this name, and a value."""
    lines = [{"lockstitch": 1}, {"thread": 1, "name": name},
             {"object": 1, "kind": "mutex", "name": name}, {"object": 2, "kind": "value", "name": name},
             {"ts": 1, "tid": 1, "ev": "acquire", "obj": 1}, {"ts": 2, "tid": 1, "ev": "write", "obj": 2,
                                                              "val": 1},
             {"ts": 9, "tid": 1, "ev": "release", "obj": 1}, {"end": 9, "events": 3, "lost": 0, "exit": 0}]
    return "".join(json.dumps(line) + "\n" for line in lines)


def narrow_terminal():
    """Names are cut and columns give way where the terminal is narrow, wide letters counted as two."""
    text = trace_of("\u540d" * 20 + "-a-lock-of-a-very-long-name")
    heads = set()
    for columns in (60, 80, 100, 130, 150):
        tables = on_terminal(columns, text).split("\n\n")[1:]
        assert len(tables) == 3, tables
        for table in tables:
            lines = table.splitlines()[1:]
            assert max(map(width_of, lines)) <= columns, (columns, table)
            assert width_of(lines[0]) == width_of(lines[1]), (columns, list(map(width_of, lines)), table)
        heads.add(tables[1].splitlines()[1])
        missing = tables[1].partition("in a wider window: ")[2].replace("\n   ", "").strip()
        shown = len(tables[1].splitlines()[1].split())
        assert shown + (len(missing.split(", ")) if missing else 0) == 14, tables[1]
        if columns <= 100:
            assert "failed" in missing and "acquires" in tables[1].splitlines()[1]
    assert len(heads) > 3
    assert "wider window" not in on_pipe(text=text) + on_terminal(200, text)


def hostile_names():
    """No byte of a name reaches the terminal as a command to it, and columns stay where they are."""
    for name in ("\x1b[31mred\x1b]0;title\x07", "a\nb\tc\r", "\x9b31m\x90", "e\u0301\u0301 \u540d\u524d",
                 "\u202egnirts\u2066", "", " ", "x" * 5000, "=1+1", "\ufeff\u200b\u2028"):
        text = trace_of(name)
        for shown in (on_terminal(80, text), on_pipe(text=text)):
            assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp")
                           for letter in shown if letter != "\n"), (name, shown)
            for table in shown.split("\n\n")[1:]:
                lines = table.splitlines()
                assert width_of(lines[1]) == width_of(lines[2]), (name, table)
        told = json.loads(on_pipe("--json", text=text))
        assert told["locks"][0]["lock"] == name or not name, told
        rows = list(csv.DictReader(io.StringIO(on_pipe("--csv=locks", text=text), newline="")))
        assert len(rows) == 1 and rows[0]["kind"] == "mutex", rows
        was = rows[0]["lock"][1:] if rows[0]["lock"].startswith("'") else rows[0]["lock"]
        assert was == name or not name, (rows, name)
        assert rows[0]["lock"][:1] not in tuple("=+-@\t\r"), rows


tests = [narrow_terminal, hostile_names, tables_for_people, json_for_programs, csv_for_programs, filters,
         wrong_usage, long_tables]
print("1..%d" % len(tests))
for number, test in enumerate(tests, 1):
    try:
        test()
        print("ok %d %s" % (number, test.__name__))
    except Exception as error:
        print("not ok %d %s" % (number, test.__name__))
        print("# " + repr(error).replace("\n", "\n# "))
