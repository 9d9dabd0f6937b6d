#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How much slower whole programs are while they are recorded: pigz -p 4 and xz -T2.

bench-programs.py LOCKSTITCH

They compress files of this system, bare and recorded in turn. Prints the median of the pairs'
ratios, and fails when the output of the two differs.
"""
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAIRS = int(os.environ.get("LS_BENCH_ROUNDS", "5"))
DATA_BYTES = 24 << 20
SOURCES = ("/usr/bin", "/usr/share/doc", "/usr/lib/python3")
PROGRAMS = (
    ["pigz", "-p", "4", "-c"],
    ["xz", "-T2", "-2", "--block-size=4MiB", "-c"],
)


def gather(path):
    """Real files, one after the other, until there are DATA_BYTES."""
    with open(path, "wb") as out:
        for folder in SOURCES:
            for source in sorted(Path(folder).rglob("*")):
                try:
                    if source.is_file() and not source.is_symlink():
                        out.write(source.read_bytes()[:4 << 20])
                except OSError:
                    continue
                if out.tell() >= DATA_BYTES:
                    return


def run(command, data):
    """(seconds, digest of its output)"""
    with open(data, "rb") as stdin:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        digest = hashlib.sha256()
        while block := process.stdout.read(1 << 20):
            digest.update(block)
        process.wait()
        seconds = time.perf_counter() - start
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit status {process.returncode}")
    return seconds, digest.hexdigest()


def count_events(trace):
    with open(trace, "rb") as lines:
        lines.seek(max(0, trace.stat().st_size - 4096))
        footer = json.loads(lines.read().splitlines()[-1])
    return footer["events"], footer["lost"]


def measure(lockstitch, program, data, folder):
    trace = folder / "program.trace.jsonl"
    recorded = [lockstitch, "record", "-o", trace, "--", *program]
    run(program, data)  # warms up
    bare, slower = [], []
    same = True
    for _ in range(PAIRS):
        seconds, digest = run(program, data)
        seconds_recorded, digest_recorded = run(recorded, data)
        bare.append(seconds)
        slower.append(seconds_recorded / seconds)
        same = same and digest == digest_recorded
    events, lost = count_events(trace)
    print(f"{' '.join(program):36} bare {statistics.median(bare):6.2f} s, recorded "
          f"{(statistics.median(slower) - 1) * 100:+5.1f} %  (of {PAIRS} pairs; {events} events, "
          f"{lost} lost, output {'identical' if same else 'DIFFERS'})")
    return same


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        gather(folder / "data")
        size = (folder / "data").stat().st_size
        print(f"{size >> 20} MiB of files of this system")
        good = True
        for program in PROGRAMS:
            if shutil.which(program[0]):
                good = measure(sys.argv[1], program, folder / "data", folder) and good
            else:
                print(f"{program[0]} is left out: it is not installed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
