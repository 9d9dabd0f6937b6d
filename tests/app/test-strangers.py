# SPDX-License-Identifier: MIT
"""Programs that know nothing of Lockstitch, recorded: the same output and exit status with and without,
and traces that keep the format's rules as trace_rules.py, which shares no code with them, reads them.

    test-strangers.py LOCKSTITCH SUBJECT...     the programs built for this, by their files' names
                                                LS_TEST_PROGRAMS: only those with these words
"""
import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from programs import GO, PROGRAMS, RUST, TEXT
from recording import DEADLINE_S, LOCKSTITCH, Recording, assert_unchanged
from tap import Skip, run_cases

SUBJECTS = {Path(path).name: os.path.abspath(path) for path in sys.argv[2:]}

def build(folder, compiler, source):
    """A program in another language."""
    program, file = folder / "program", folder / f"program.{'rs' if compiler == 'rustc' else 'go'}"
    file.write_bytes(source)
    command = ["rustc", "-o", program, file] if compiler == "rustc" else \
        ["go", "build", "-o", program, file]
    if not shutil.which(compiler):
        raise Skip(f"{compiler} is not installed")
    run = subprocess.run(command, cwd=folder, capture_output=True, timeout=2 * DEADLINE_S,
                         env={**os.environ, "GOCACHE": str(folder / "cache")})
    if run.returncode != 0:
        raise Skip(f"{compiler} does not work here")
    return str(program)


def run_program(folder, name, argv, text, threads):
    """One of the table's, whose name begins with the program's."""
    if argv[0] == "sh" and not shutil.which(name.split()[0]):
        raise Skip(f"{name.split()[0]} is not installed")
    files = {"@rust": lambda: build(folder, "rustc", RUST)}
    (folder / "text").write_bytes(TEXT)
    files["@text"] = lambda: str(folder / "text")
    argv = [files[each]() if each in files else each for each in argv]
    assert_unchanged(folder, *argv, text=text, threads=threads)


def test_unpigz(folder):
    """pigz decompresses"""
    if not shutil.which("gzip"):
        raise Skip("gzip is not installed")
    packed = subprocess.run(["gzip", "-c"], input=TEXT, capture_output=True, check=True).stdout
    assert_unchanged(folder, "pigz", "-d", "-c", text=packed, threads=3)


def test_go(folder):
    """go: runs as it does bare, and that nothing was recorded is said"""
    program = build(folder, "go", GO)
    recording = Recording(folder, program)
    assert recording.out == b"100\n", recording.out
    assert "Go program" in recording.err and "nothing was recorded" in recording.err, recording.err
    assert not list(folder.glob("x.*trace.jsonl"))


def test_own_malloc(folder):
    """an allocator that locks"""
    rules, = assert_unchanged(folder, SUBJECTS["own-malloc"], threads=3)
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


def main():
    chosen = os.environ.get("LS_TEST_PROGRAMS", "").split()
    cases = [(name, lambda folder, name=name, what=what: run_program(folder, name, *what))
             for name, what in PROGRAMS.items()
             if not chosen or any(each in name for each in chosen)]
    cases += [(value.__doc__, value) for name, value in list(globals().items())
              if name.startswith("test_") and not chosen]
    run_cases(cases)


if __name__ == "__main__":
    main()
