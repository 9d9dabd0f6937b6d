# SPDX-License-Identifier: MIT
"""A busy program killed at moments that nobody chose: its trace holds every event whose call had
returned, says that the program was killed, and opens.

    test-kills.py LOCKSTITCH BUSY     LS_TEST_KILLS: how often, 20 when it is not set; LS_TEST_SEED
"""
import os
import random
import signal
import subprocess
import sys
import time

from busy import Busy
from recording import DEADLINE_S, LOCKSTITCH
from tap import run_tests

BUSY = os.path.abspath(sys.argv[2])
N_KILLS = int(os.environ.get("LS_TEST_KILLS", "20"))
SEED = int(os.environ.get("LS_TEST_SEED", random.randrange(1 << 32)))


def test_kills(folder):
    """every event whose call had returned before the kill is in the trace"""
    chance = random.Random(SEED)
    most = 0
    for number in range(N_KILLS):
        here = folder / str(number)
        here.mkdir()
        n_threads, delay = chance.choice((1, 2, 4, 8)), chance.random() ** 3 * 0.01
        where = f"kill {number} of seed {SEED}, {n_threads} threads, after {delay * 1000:.1f} ms"
        with Busy(here, BUSY, n_threads) as busy:
            time.sleep(delay)
            status = busy.end(signal.SIGKILL)
            assert status == 128 + signal.SIGKILL, f"{where}: {status}, {busy.said}"
            own, traced = busy.own(), busy.traced()
        footer = busy.footer
        assert footer and footer.get("signal") == signal.SIGKILL and footer["lost"] == 0, \
            f"{where}: {footer}"
        for key, n in own.items():
            # What was recorded and had not returned: the call that each thread was in.
            assert n <= traced[key] <= n + 1, f"{where}: {key}: {n} ran, {traced[key]} seen"
        if number == 0:
            check = subprocess.run([LOCKSTITCH, "check", busy.trace], capture_output=True,
                                   timeout=DEADLINE_S)
            assert check.returncode == 0 and check.stderr == b"", (check.stdout, check.stderr)
        most = max(most, sum(traced.values()))
        busy.trace.unlink()
    print(f"# {N_KILLS} kills of seed {SEED}, the longest after {most} events")


if __name__ == "__main__":
    run_tests(globals())
