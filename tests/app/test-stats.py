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


def narrow_terminal():
    """Names give way to figures where the terminal is narrow, wide letters counted as two."""
    name = "\u540d" * 20 + "-a-lock-of-a-very-long-name"
    text = ('{"lockstitch":1}\n{"object":1,"kind":"mutex","name":"%s"}\n'
            '{"ts":1,"tid":1,"ev":"acquire","obj":1}\n'
            '{"ts":9,"tid":1,"ev":"release","obj":1}\n{"end":9,"events":2,"lost":0,"exit":0}\n' % name)
    piped = subprocess.run([lockstitch, "stats", "-"], input=text, capture_output=True, text=True)
    for columns, fits in ((150, True), (130, True), (20, False)):
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
        table = shown.decode().replace("\r", "").split("Locks\n")[1].splitlines()[:2]
        width = max(len(line) + sum(letter == "\u540d" for letter in line) for line in table)
        assert (width <= columns) == fits, (columns, width, table)
        assert table[1].split()[-1] == piped.stdout.split("Locks\n")[1].splitlines()[1].split()[-1]


tests = [narrow_terminal, tables_for_people, json_for_programs, csv_for_programs, filters, wrong_usage, long_tables]
print("1..%d" % len(tests))
for number, test in enumerate(tests, 1):
    try:
        test()
        print("ok %d %s" % (number, test.__name__))
    except Exception as error:
        print("not ok %d %s" % (number, test.__name__))
        print("# " + repr(error).replace("\n", "\n# "))
