# SPDX-License-Identifier: MIT
"""What threads and locks are called in traces of whole programs, however they were built.

    test-names.py LOCKSTITCH
"""
import os
import shutil
import subprocess
from pathlib import Path

from recording import DEADLINE_S, Recording
from tap import Skip, run_cases

SOURCE = Path(__file__).parent / "threads.cpp"
FUNCTIONS = {"main", "worker-1", "worker-2", "runner", "pool::Worker::run", "generic<long>", "Job"}


def find_line(mark):
    lines = SOURCE.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if f"/* {mark} */" in line)


def get_names(rules):
    names = {}
    for line in rules.lines:
        if "thread" in line and "ev" not in line:
            names[line["thread"]] = line.get("name")
    return names


def build(folder, compiler, *options):
    if not shutil.which(compiler):
        raise Skip(f"{compiler} is not installed")
    run = subprocess.run([compiler, "-std=c++17", "-pthread", *options, SOURCE, "-o", "program"],
                         cwd=folder, capture_output=True, timeout=DEADLINE_S)
    if run.returncode != 0:
        raise Skip(f"{compiler} {' '.join(options)} does not work here")
    return "./program"


def with_lines(folder, compiler, *options):
    """The names of functions, and of places where there is no function to tell."""
    recording = Recording(folder, build(folder, compiler, "-g", *options))
    names = get_names(recording.rules())
    places = {f"{word}@threads.cpp:{find_line(mark)}"
              for word, mark in (("lambda", "LAMBDA"), ("thread", "MEMBER"), ("thread", "WRAPPED"))}
    last = names.pop(max(names))
    assert last.startswith("async"), last
    assert set(names.values()) == FUNCTIONS | places, names


def with_symbols(folder, compiler, *options):
    recording = Recording(folder, build(folder, compiler, "-g0", "-O2", *options))
    names = get_names(recording.rules())
    assert set(names.values()) == FUNCTIONS | {"main()::{lambda}", None, "async"}, names


def stripped(folder, compiler, *options):
    """No name is better than a wrong one."""
    recording = Recording(folder, build(folder, compiler, "-g0", "-O2", "-s", *options))
    names = get_names(recording.rules())
    assert set(names.values()) == {"main", None}, names


def without_stacks(folder):
    """Nobody's callers, though the program has to be asked for them to be understood."""
    program = build(folder, "g++", "-g", "-O0")
    recording = Recording(folder, program)
    places = {line.get("file", "") for line in recording.rules().lines if "func" in line}
    assert any("threads.cpp" in each for each in places), places
    recording = Recording(folder, program, options=["--stacks=0"])
    sources = [line for line in recording.rules().lines if "func" in line]
    assert not [each for each in sources if "in" in each], sources
    assert get_names(recording.rules())[2] == "worker-1"


def python(folder):
    """An interpreter without symbols of its own but those that it exports."""
    script = "import threading; t = threading.Thread (target=print); t.start (); t.join ()"
    recording = Recording(folder, "/usr/bin/python3", "-c", script)
    names = get_names(recording.rules())
    assert names[2] and names[2] != "main", names


def main():
    ways = {"lines": with_lines, "symbols only": with_symbols, "nothing": stripped}
    cases = [(f"C++ threads, {compiler} with {words} {' '.join(options)}".strip(),
              lambda folder, way=way, compiler=compiler, options=options: way(folder, compiler, *options))
             for compiler in ("g++", "clang++") for words, way in ways.items()
             for options in ([["-O0"], ["-O2"]] if way is with_lines else [["-pie"], ["-no-pie"]])]
    cases += [("--stacks=0", without_stacks), ("threads of Python", python)]
    run_cases(cases)


if __name__ == "__main__":
    main()
