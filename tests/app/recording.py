# SPDX-License-Identifier: MIT
"""What the tests that record whole programs share: one recording and its traces."""
import os
import shutil
import subprocess
import sys
import time

from tap import Skip
from trace_rules import Rules

DEADLINE_S = 120
LOCKSTITCH = os.path.abspath(sys.argv[1])


class Recording:
    """One run of `lockstitch record` in an empty folder."""

    def __init__(self, folder, *argv, text=b"", output="x.trace.jsonl", options=(), **how):
        self.folder = folder
        run = subprocess.run([LOCKSTITCH, "record", "-o", output, *options, "--", *argv],
                             input=text, capture_output=True, cwd=folder, timeout=DEADLINE_S, **how)
        self.status, self.out, self.err = run.returncode, run.stdout, run.stderr.decode()
        self.said = [line for line in self.err.splitlines() if line.startswith("lockstitch: ")]

    def rules(self):
        """The main trace, which must keep the rules."""
        rules = Rules(self.folder / "x.trace.jsonl")
        assert not rules.complaints, "\n".join(rules.complaints)
        assert rules.footer, "no footer"
        return rules

    def all_rules(self, interrupted=False):
        """Every trace, once each has its footer: a program's children may outlive it."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            traces = [Rules(path, interrupted)
                      for path in sorted(self.folder.glob("x.*trace.jsonl"))]
            if all(each.footer for each in traces):
                break
            assert time.monotonic() < deadline, "a trace has no footer"
            time.sleep(0.01)
        for each in traces:
            assert not each.complaints, "\n".join(each.complaints)
        return traces

    def check(self):
        """`lockstitch check` of each trace: a program's locks alone make no race."""
        for trace in sorted(self.folder.glob("x.*trace.jsonl")):
            run = subprocess.run([LOCKSTITCH, "check", trace], capture_output=True,
                                 timeout=DEADLINE_S)
            assert run.stderr == b"", run.stderr
            assert run.returncode == 0, run.stdout.decode()


def run_bare(folder, *argv, text=b"", **how):
    return subprocess.run(argv, input=text, capture_output=True, cwd=folder, timeout=DEADLINE_S,
                          **how)


def assert_unchanged(folder, program, *arguments, text=b"", threads=1, **how):
    """The same output and status, recorded or not; traces that keep the rules, and no finding."""
    if not shutil.which(program):
        raise Skip(f"{program} is not installed")
    bare = run_bare(folder, program, *arguments, text=text, **how)
    recording = Recording(folder, program, *arguments, text=text, **how)
    wanted = bare.returncode if bare.returncode >= 0 else 128 - bare.returncode
    assert recording.status == wanted, (recording.status, wanted, recording.err)
    assert recording.out == bare.stdout, "the output differs"
    own = "".join(line for line in recording.err.splitlines(True)
                  if not line.startswith("lockstitch: "))
    assert own == bare.stderr.decode(), f"the errors differ: {own}"
    assert recording.said, "record says nothing"
    traces = recording.all_rules()
    assert sum(each.footer["lost"] for each in traces) == 0, recording.err
    n_threads = max((len(each.threads) for each in traces), default=0)
    assert n_threads >= threads, f"{n_threads} threads"
    recording.check()
    return traces
