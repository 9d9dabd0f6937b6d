# SPDX-License-Identifier: MIT
"""What becomes of a program when its collector stands still, dies, finds no room, or may hardly begin:
nothing, and the recording says what it lacks.

    test-collector.py LOCKSTITCH BUSY SUBJECT
"""
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import time

from busy import Busy, wait_until
from recording import DEADLINE_S, LOCKSTITCH, Recording
from tap import Skip, run_tests
from trace_rules import Rules

BUSY, SUBJECT = (os.path.abspath(path) for path in sys.argv[2:4])
BUSY_ENDS = 9


def run_shell(folder, command):
    return subprocess.run(["sh", "-c", command, LOCKSTITCH, SUBJECT, BUSY], cwd=folder, capture_output=True,
                          timeout=DEADLINE_S)


def goes_on(busy):
    """Waits until each of its threads has done something more."""
    before = busy.own()
    wait_until(lambda: all(n > before[key] for key, n in busy.own().items()), "it stands still")


def test_stopped(folder):
    """a collector that stands still: the program waits at most ten seconds, and what it drops is counted"""
    with Busy(folder, BUSY, 3) as busy:
        goes_on(busy)
        collector = busy.find_collector()
        os.kill(collector, signal.SIGSTOP)
        try:
            time.sleep(0.2)
            start = time.monotonic()
            last, waited = busy.own(), start
            longest = 0.0
            while time.monotonic() - start < 13:
                time.sleep(0.01)
                now, then = time.monotonic(), busy.own()
                if then != last:
                    longest, waited, last = max(longest, now - waited), now, then
            assert 0.5 < longest < 12, f"{longest:.1f} s of standing still"
            goes_on(busy)
        finally:
            os.kill(collector, signal.SIGCONT)
        goes_on(busy)
        assert busy.end(signal.SIGTERM) == BUSY_ENDS, busy.said
        own, traced = busy.own(), busy.traced()
        lost = busy.footer["lost"]
        assert lost > 0 and f" {lost} lost" in busy.said, (lost, busy.said)
        ran, seen = sum(own.values()), sum(traced.values())
        # The lost are also of other kinds: waits for the lock that the threads share.
        most = ran + sum(n for (_, ev), n in own.items() if ev == "acquire") // 16 + 100
        assert ran <= seen + lost <= most, f"{ran} ran, {seen} seen, {lost} lost"


def test_killed(folder):
    """a collector that is killed: the program runs on, and the trace is whole lines"""
    with Busy(folder, BUSY, 3) as busy:
        wait_until(busy.trace.exists, "no trace is begun")
        goes_on(busy)
        os.kill(busy.find_collector(), signal.SIGKILL)
        for _ in range(5):
            goes_on(busy)
        assert busy.end(signal.SIGTERM) == BUSY_ENDS, busy.said
        assert "collector" in busy.said, busy.said
        run = subprocess.run([LOCKSTITCH, "check", busy.trace], capture_output=True,
                             timeout=DEADLINE_S)
        assert run.returncode in (0, 3) and b"Traceback" not in run.stderr, run.stderr


def interrupt(busy, words):
    """Sends SIGINT until `record` says so; once will do unless it does not know of the end yet."""
    deadline = time.monotonic() + DEADLINE_S
    while words not in busy.said:
        assert time.monotonic() < deadline, busy.said
        busy.record.send_signal(signal.SIGINT)
        while select.select([busy.record.stderr], [], [], 2)[0]:
            busy.said += os.read(busy.record.stderr.fileno(), 4096).decode()
            if words in busy.said:
                break


def test_cut_short(folder):
    """Ctrl-C while the trace is being written ends it with what is written, and counts the rest"""
    with Busy(folder, BUSY, 3) as busy:
        wait_until(busy.trace.exists, "no trace is begun")
        goes_on(busy)
        collector = busy.find_collector()
        os.kill(collector, signal.SIGSTOP)
        goes_on(busy)
        busy.kill(signal.SIGTERM)
        wait_until(lambda: not os.path.exists(f"/proc/{busy.pid}"), "it does not end")
        interrupt(busy, "Ctrl-C again")
        interrupt(busy, "is left out")
        os.kill(collector, signal.SIGCONT)
        assert busy.record.wait(DEADLINE_S) == BUSY_ENDS, busy.said
        own, traced = busy.own(), busy.traced()
        lost = busy.footer["lost"]
        assert lost > 0 and sum(own.values()) <= sum(traced.values()) + lost, (lost, busy.said)
        told = [event["n"] for line in open(busy.trace, "rb")
                if (event := json.loads(line)).get("ev") == "lost"]
        assert 0 < sum(told) <= lost, (told, lost)  # the others the program had no room for


def test_small_disk(folder):
    """a disk that fills up while a program runs"""
    words = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", "."]
    inside = ["unshare", "-m", *([] if os.geteuid() == 0 else ["-r"])]
    if not shutil.which("unshare") or \
            subprocess.run([*inside, *words], cwd=folder, capture_output=True).returncode != 0:
        raise Skip("it may not mount here")
    run = subprocess.run([*inside, "sh", "-c", 'mount -t tmpfs -o size=1m none . && cd "$PWD" &&'
                          '"$0" record -o x.trace.jsonl "$1" threads 20000; echo "status $?";'
                          '"$0" check x.trace.jsonl >&2; tail -c 200 x.trace.jsonl',
                          LOCKSTITCH, SUBJECT], cwd=folder, capture_output=True, timeout=DEADLINE_S)
    out, err = run.stdout.decode(), run.stderr.decode()
    assert out.startswith("status 0\n"), (out, err)
    assert "the recording ends early: " in err and os.strerror(28) in err, err
    assert "what was recorded until then is in x.trace.jsonl" in err.replace(str(folder) + "/", ""), err


def test_small_file(folder):
    """a limit on the size of files, which holds for shared memory too: said, and nothing is run"""
    recording = Recording(folder, SUBJECT, "threads", "20000", preexec_fn=lambda:
                          resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
    assert recording.status == 1 and "ulimit -f" in recording.err, recording.err
    assert len(recording.said) == 1, recording.err


def test_few_descriptors(folder):
    """a limit on descriptors"""
    recording = Recording(folder, SUBJECT, "threads", preexec_fn=lambda:
                          resource.setrlimit(resource.RLIMIT_NOFILE, (12, 12)))
    assert recording.status == 0, (recording.status, recording.err)
    rules = recording.rules()
    assert rules.n_of["acquire"] == 40, rules.n_of


def test_little_memory(folder):
    """a limit on address space: recorded, or it says that it is not"""
    for megabytes in (64, 256, 1024, 4096):
        recording = Recording(folder, SUBJECT, "threads", preexec_fn=lambda n=megabytes:
                              resource.setrlimit(resource.RLIMIT_AS, (n << 20, n << 20)))
        assert len(recording.said) == 1, recording.err
        # Either it could not begin, or the program did what it does.
        assert recording.status in (0, 1), (megabytes, recording.status, recording.err)
        assert recording.status == 0 or "events" not in recording.err, recording.err


def test_pipe(folder):
    """a trace into a pipe: also what came before the program's second thread is in it"""
    script = ("import threading; lock = threading.Lock ()\n"
              "for _ in range (20000): lock.acquire (); lock.release ()\n"
              "thread = threading.Thread (target=print); thread.start (); thread.join ()")
    os.mkfifo(folder / "pipe")
    with open(folder / "copy", "wb") as copy, \
            subprocess.Popen(["cat", folder / "pipe"], stdout=copy) as reader:
        recording = Recording(folder, "/usr/bin/python3", "-c", script, output="pipe")
        reader.wait(DEADLINE_S)
    rules = Rules(folder / "copy")
    assert not rules.complaints and rules.footer["lost"] == 0, rules.complaints
    assert rules.n_of["acquire"] >= 20000, (rules.n_of, recording.err)
    assert {each.name for each in folder.iterdir()} == {"pipe", "copy"}


def test_pipeline(folder):
    """a pipeline ends with the program, though a daemon of it is recorded on"""
    run = run_shell(folder, '"$0" record -o x.trace.jsonl "$1" daemon done | cat; echo over')
    assert run.stdout == b"over\n", run.stdout
    assert not (folder / "done").exists()
    (folder / "done").write_bytes(b"")

    def other():
        traces = set(folder.glob("x.*trace.jsonl")) - {folder / "x.trace.jsonl"}
        return traces and Rules(next(iter(traces))).footer
    wait_until(other, "the daemon's trace has no footer")


def test_streams_closed(folder):
    """no standard streams at all"""
    run = run_shell(folder, '"$0" record -o x.trace.jsonl "$1" exit 7 <&- >&- 2>&-')
    assert run.returncode == 7, run.returncode
    assert Rules(folder / "x.trace.jsonl").footer["exit"] == 7


def test_terminal(folder):
    """a signal to the whole group, as from a terminal, ends the program and not its trace"""
    with Busy(folder, BUSY, 2, before=("setsid",)) as busy:
        goes_on(busy)
        os.killpg(busy.record.pid, signal.SIGINT)
        status = busy.end(0)
        assert status == 128 + signal.SIGINT, (status, busy.said)
        own, traced = busy.own(), busy.traced()
        assert busy.footer and busy.footer.get("signal") == signal.SIGINT, busy.footer
        for key, n in own.items():
            assert n <= traced[key] <= n + 1, f"{key}: {n} ran, {traced[key]} seen"


if __name__ == "__main__":
    run_tests(globals())
