# SPDX-License-Identifier: MIT
"""`lockstitch record` as a command: its options, what it says, its terminal, its signals.

    test-record-cli.py LOCKSTITCH SUBJECT REGION_OPTIONS
"""
import json
import os
import signal
import subprocess
import sys
import time

from tap import run_tests

DEADLINE_S = 60
LOCKSTITCH, SUBJECT, REGION_OPTIONS = (os.path.abspath(path) for path in sys.argv[1:])


def record(folder, *argv):
    """A run of `lockstitch record ARGV`, to its end."""
    run = subprocess.run([LOCKSTITCH, "record", *argv], capture_output=True, cwd=folder, text=True,
                         timeout=DEADLINE_S)
    run.said = [line[12:] for line in run.stderr.splitlines() if line.startswith("lockstitch: ")]
    return run


def read_trace(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def wait_for(condition):
    deadline = time.monotonic() + DEADLINE_S
    while not (result := condition()):
        assert time.monotonic() < deadline, "nothing came of waiting"
        time.sleep(0.002)
    return result


def test_bad_options(folder):
    """options that cannot be are refused before the program runs"""
    for option, words in {
            "--when-full=maybe": "--when-full is 'maybe', must be wait or drop",
            "--children=some": "--children is 'some', must be follow or ignore",
            "--stacks=13": "--stacks is '13', must be a number of callers from 0 to 12",
            "--stacks=x": "--stacks is 'x', must be a number",
            "--keep-last=12Q": "--keep-last is '12Q', must be a size of at least 1M",
            "--keep-last=-1G": "--keep-last is '-1G', must be a size of at least 1M",
            "--buffer-size=nan": "--buffer-size is 'nan', must be a size",
            "--buffer-size=1K": "--buffer-size is '1K', must be a size of at least 1M",
            "--duration=0": "--duration is '0', must be a time like 500ms",
            "--duration=5days": "--duration is '5days', must be a time like 500ms",
            "--output=": "--output needs a file's name"}.items():
        run = record(folder, option, "sh", "-c", "echo ran")
        assert run.returncode == 2 and run.stdout == "", (option, run)
        assert len(run.said) == 1 and run.said[0].startswith(words), run.stderr
        assert run.said[0].endswith("; see lockstitch record --help"), run.stderr
    assert not list(folder.iterdir())


def test_region_options(folder):
    """the program sees the options from the start"""
    for options, seen in {(): "0 0", ("--when-full", "drop"): "1 0", ("--when-full=wait",): "0 0",
                          ("--no-sleep", "--stacks"): "2 6", ("--stacks=12",): "0 12",
                          ("--children=ignore", "--keep-last", "1.5g"): "4 0",
                          ("--stacks=0", "--buffer-size=64MiB", "--duration", "2m"): "0 0",
                          }.items():
        run = record(folder, "-o", "x.trace.jsonl", *options, "--", REGION_OPTIONS)
        assert run.returncode == 0, run
        assert run.stdout == seen + "\n", (options, run.stdout)


def test_duration(folder):
    """--duration ends the recording, the program goes on"""
    process = subprocess.Popen([LOCKSTITCH, "record", "-o", "x.trace.jsonl", "--duration=20ms",
                                SUBJECT, "wait"], cwd=folder, stderr=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    path = folder / "x.trace.jsonl"
    wait_for(lambda: path.exists() and '\n{"end":' in path.read_text())
    assert process.poll() is None
    footer = read_trace(path)[-1]
    assert 20_000_000 <= footer["end"] and "exit" not in footer and "signal" not in footer, footer
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 128 + signal.SIGTERM, process.returncode
    assert " events of 3 threads in " in err, err


def test_folder(folder):
    """a folder is no program"""
    for name in (".", "..", "/", "./"):
        run = record(folder, name)
        assert run.returncode == 126 and len(run.said) == 1, run


if __name__ == "__main__":
    run_tests(globals())
