# SPDX-License-Identifier: MIT
"""Programs that do what is hard on a recorder, host.c's: each does and gives the same as bare, and every
pair of calls that it counted is in its traces, once.

    test-hosts.py LOCKSTITCH HOST MODULE     LS_TEST_HOSTS: only these cases, separated by spaces
"""
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

from recording import DEADLINE_S, Recording, run_bare
from tap import Skip, run_cases

HOST, MODULE = (os.path.abspath(path) for path in sys.argv[2:4])
MAY_NOT = 77
INTERRUPTED = ("jumps", "storm")  # by signal handlers that record, or leave a call for good
LONG = ("parade",)  # only when it is asked for
SANITISED = ("pairs", "exit-live", "abort", "outlive-main", "jumps", "forks", "spawn", "close-all", "idle")
# name: (what it is about, threads that may be stopped after the call and before they count)
CASES = {
    "pairs": ("plain locking", 0),
    "exit-live": ("exit with live threads, and exit handlers that make more", 3),
    "exit-thread": ("exit in another thread than main", 3),
    "quick-exit": ("quick_exit", 3),
    "_exit": ("_exit with live threads", 3),
    "abort": ("abort with live threads", 3),
    "crash": ("a crash with live threads", 3),
    "kill": ("a kill with live threads", 3),
    "outlive-main": ("a thread that outlives main", 0),
    "cancel": ("threads that are cancelled asynchronously", 0),
    "jumps": ("handlers that jump away", 0),
    "storm": ("a storm of signals, each of which posts a semaphore", 0),
    "forks": ("100 children at once", 0),
    "reaper": ("a program that reaps every child: none is the recorder's", 0),
    "spawn": ("vfork and exec, posix_spawn, system, popen", 0),
    "execs": ("ten execs in a row", 0),
    "modules": ("a library with a lock, loaded and unloaded", 0),
    "no-descriptors": ("no descriptor left", 0),
    "close-all": ("closefrom (0)", 0),
    "descriptors": ("no descriptor that is not its own", 0),
    "small-files": ("RLIMIT_FSIZE 0", 0),
    "small-memory": ("RLIMIT_DATA and RLIMIT_AS set small", 0),
    "lock-memory": ("mlockall", 0),
    "chroot": ("chroot", 0),
    "user": ("another user from now on", 0),
    "not-dumpable": ("PR_SET_DUMPABLE 0", 0),
    "seccomp": ("seccomp that kills at any strange system call", 0),
    "idle": ("300 idle threads and one that runs", 0),
    "stacks": ("the smallest and the largest stacks", 0),
    "crowd": ("1,000 threads at once", 0),
    "locks": ("10,000 locks", 0),
    "parade": ("100,000 threads one after the other", 0),
    "environment": ("a cleared environment", 0),
}


def count_pairs(rules):
    """How often `counted` was acquired and released."""
    objects = {each["object"] for each in rules.lines if each.get("name") == "counted"}
    return [sum(event["ev"] == kind and event.get("obj") in objects
                for _, _, event in rules.events) for kind in ("acquire", "release")]


def run_case(folder, name, host=HOST):
    slack = CASES[name][1]
    count = folder / "count"
    environment = {**os.environ, "HOST_COUNT": str(count), "HOST_MODULE": MODULE}
    bare = run_bare(folder, host, name, env={**environment, "HOST_COUNT": ""})
    assert bare.stderr == b"", bare.stderr
    if bare.returncode == MAY_NOT:
        raise Skip("it may not here")
    recording = Recording(folder, host, name, env=environment)
    wanted = bare.returncode if bare.returncode >= 0 else 128 - bare.returncode
    assert recording.status == wanted, (recording.status, wanted, recording.err)
    assert recording.out == bare.stdout == b"", recording.out
    # What it says is its summary, with a line for each further process.
    said = [line for line in recording.said if not line.startswith("lockstitch:   ")]
    assert len(said) == 1 and recording.err.count("\n") == len(recording.said), recording.err
    traces = recording.all_rules(name in INTERRUPTED)
    lost = sum(each.footer["lost"] for each in traces)
    # A handler does not wait when its thread waits for the collector already.
    assert lost == 0 or name in INTERRUPTED, f"{lost} lost"
    n_acquired, n_released = (sum(n) for n in zip(*(count_pairs(each) for each in traces)))
    n, = struct.unpack("Q", count.read_bytes())
    assert n <= n_acquired <= n + slack and n - slack <= n_released <= n_acquired, \
        f"{n} ran, {n_acquired} acquires and {n_released} releases seen, {len(traces)} traces"
    recording.check()


def run_sanitised(folder, compiler, sanitiser):
    """Built by a compiler that may not be there. Not with `cancel`: what a cancelled thread had on
    its stack is never unpoisoned, and whether that is found depends on where frames happen to lie."""
    if not shutil.which(compiler):
        raise Skip(f"{compiler} is not installed")
    host = folder / "sanitised"
    build = subprocess.run([compiler, "-g", "-D_GNU_SOURCE", f"-fsanitize={sanitiser}", "-pthread",
                            "-o", host, *Path(__file__).parent.glob("host*.c"), "-ldl"],
                           capture_output=True, timeout=DEADLINE_S)
    if build.returncode != 0:
        raise Skip(f"{compiler} has no -fsanitize={sanitiser}")
    for name in SANITISED:
        here = folder / name
        here.mkdir()
        try:
            run_case(here, name, host)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error


def main():
    chosen = os.environ.get("LS_TEST_HOSTS", "").split()
    cases = [(f"{name}: {CASES[name][0]}", lambda folder, name=name: run_case(folder, name))
             for name in chosen or [each for each in CASES if each not in LONG]]
    cases += [(f"built by {compiler} with -fsanitize={sanitiser}",
               lambda folder, pair=(compiler, sanitiser): run_sanitised(folder, *pair))
              for compiler in ("gcc", "clang") for sanitiser in ("address", "undefined")
              if not chosen]
    run_cases(cases)


if __name__ == "__main__":
    main()
