# SPDX-License-Identifier: MIT
"""How processes ended whose status another process takes, in the footers of their traces.

    test-ends.py LOCKSTITCH SUBJECT
"""
import json
import os
import signal
import subprocess
import sys
import time

from recording import DEADLINE_S, LOCKSTITCH, Recording
from tap import run_tests

SUBJECT = os.path.abspath(sys.argv[2])
KERNEL = [int(number) for number in os.uname().release.split("-")[0].split(".")[:2]]
KERNEL_TELLS = KERNEL >= [6, 15]


def get_end(folder, what):
    """The footer of SUBJECT `what`, which a shell waits for that records nothing of its own."""
    Recording(folder, "sh", "-c", f"'{SUBJECT}' {what}; :")
    (trace,) = folder.iterdir()
    return json.loads(trace.read_text().splitlines()[-1])


def test_exits(folder):
    """exit and _exit"""
    assert get_end(folder, "threads")["exit"] == 0
    assert get_end(folder, "_exit")["exit"] == 5


def test_vfork(folder):
    """a child of vfork exits in the memory of its parent, which is killed"""
    footer = get_end(folder, "vfork")
    assert "end" in footer and "exit" not in footer, footer


def test_killed(folder):
    """killed: said where the kernel tells, else nothing is"""
    run = subprocess.Popen([LOCKSTITCH, "record", "-o", "x.trace.jsonl", "sh", "-c",
                            f"'{SUBJECT}' wait; :"], cwd=folder, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + DEADLINE_S
    while not (traces := [path for path in folder.iterdir() if path.stat().st_size]):
        assert time.monotonic() < deadline, "no trace"
        time.sleep(0.002)
    header = json.loads(traces[0].read_text().splitlines()[0])
    os.kill(header["pid"], signal.SIGKILL)
    assert run.wait(DEADLINE_S) == 0
    footer = json.loads(traces[0].read_text().splitlines()[-1])
    assert "exit" not in footer and footer.get("signal", 9) == 9, footer
    assert "signal" in footer or not KERNEL_TELLS, footer


if __name__ == "__main__":
    run_tests(globals())
