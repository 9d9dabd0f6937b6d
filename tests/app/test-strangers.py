# SPDX-License-Identifier: MIT
"""Programs that know nothing of Lockstitch, recorded: the same output and exit status with and without,
and traces that keep the format's rules as trace_rules.py, which shares no code with them, reads them.

    test-strangers.py LOCKSTITCH SUBJECT...     the programs built for this, by their files' names
"""
import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from recording import DEADLINE_S, LOCKSTITCH, Recording, assert_unchanged
from tap import Skip, run_tests

SUBJECTS = {Path(path).name: os.path.abspath(path) for path in sys.argv[2:]}

TEXT = b"".join(b"%d %d\n" % (i, i * 2654435761 % 4294967296) for i in range(150000))


def test_pigz(folder):
    """pigz compresses"""  # -m: what comes through a pipe has the time of day for its own
    assert_unchanged(folder, "pigz", "-m", "-p", "4", "-b", "128", "-c", text=TEXT, threads=3)


def test_unpigz(folder):
    """pigz decompresses"""
    if not shutil.which("gzip"):
        raise Skip("gzip is not installed")
    packed = subprocess.run(["gzip", "-c"], input=TEXT, capture_output=True, check=True).stdout
    assert_unchanged(folder, "pigz", "-d", "-c", text=packed, threads=3)


def test_xz(folder):
    """xz compresses"""
    assert_unchanged(folder, "xz", "-0", "-T2", "--block-size=1MiB", "-c", text=TEXT, threads=3)


def test_sqlite(folder):
    """sqlite3 sorts, and fails"""
    assert_unchanged(folder, "sqlite3", ":memory:", text=b"""
        create table t (a, b);
        with recursive c (x) as (select 1 union all select x + 1 from c where x < 2000)
          insert into t select x, hex (x * 7919 % 10007) from c;
        select b, count (*) from t group by b order by 2 desc, 1 limit 5;
        select * from nothing;
        """)


def test_python(folder):
    """python3 with a queue, a pool, an event and a timer"""
    assert_unchanged(folder, "/usr/bin/python3", "-c", """if True:
        import concurrent.futures, queue, sys, threading
        q, lock, total = queue.Queue (3), threading.Lock (), 0
        def produce ():
            for i in [*range (100), None]:
                q.put (i)
        def consume ():
            global total
            while (each := q.get ()) is not None:
                with lock:
                    total += each
        threads = [threading.Thread (target=each) for each in (produce, consume)]
        [each.start () for each in threads]
        [each.join () for each in threads]
        with concurrent.futures.ThreadPoolExecutor (3) as pool:
            print (total, sum (pool.map (abs, range (50))))
        event = threading.Event ()
        threading.Timer (0.01, event.set).start ()
        event.wait ()
        sys.exit (9)
        """, threads=7)


def test_own_malloc(folder):
    """an allocator that locks"""
    rules = assert_unchanged(folder, SUBJECTS["own-malloc"], threads=3)
    assert rules.n_of["acquire"] >= 200


def test_full(folder):
    """a disk that is full: no word of what is not there"""
    recording = Recording(folder, SUBJECTS["own-malloc"], output="/dev/full")
    assert recording.status == 4 and recording.out == b"allocated\n", recording.status
    assert recording.said == ["lockstitch: the recording ends early: /dev/full: "
                              + os.strerror(errno.ENOSPC)], recording.err


def test_last_nanosecond(folder):
    """a trace up to the last time there is"""
    last = 2**63 - 1
    path = folder / "last.trace.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [
        {"lockstitch": 1},
        {"ts": 0, "tid": 1, "ev": "start"},
        {"ts": 3, "tid": 2, "ev": "write", "obj": 1, "val": last},
        {"ts": last, "tid": 1, "ev": "write", "obj": 1, "val": -last - 1},
    ]))
    run = subprocess.run([LOCKSTITCH, "check", path], capture_output=True, timeout=DEADLINE_S)
    assert run.returncode == 3 and run.stderr == b"", run.stderr
    for axis in ("time", "order"):
        run = subprocess.run([LOCKSTITCH, "render", path, "-o", folder / "x.svg", "-a", axis],
                             capture_output=True, timeout=DEADLINE_S,
                             env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        assert run.returncode == 0 and run.stderr == b"", run.stderr


if __name__ == "__main__":
    run_tests(globals())
