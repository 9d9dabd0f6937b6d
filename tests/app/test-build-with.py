# SPDX-License-Identifier: MIT
"""Programs that are built with lockstitch.h: by pkg-config and by CMake, in C and in C++, without a
warning.

    test-build-with.py LOCKSTITCH PKG_CONFIG_PATH LIBRARY_FOLDER EXAMPLES
"""
import json
import os
import shutil
import subprocess
import sys

from tap import Skip, run_tests

LOCKSTITCH, PKG_CONFIG_PATH, LIBRARY_FOLDER, EXAMPLES = (os.path.abspath(path)
                                                         for path in sys.argv[1:])
ENVIRONMENT = {**os.environ, "PKG_CONFIG_PATH": PKG_CONFIG_PATH,
               "LD_LIBRARY_PATH": LIBRARY_FOLDER}
DEADLINE_S = 120

PROGRAM = """
#include <lockstitch.h>
static int plain;
static double real;
static const char *text;
int
main (void)
{
  LOCKSTITCH_VALUE (plain);
  lockstitch_name_thread ("main");
  lockstitch_name_lock (&real, "gate");
  LOCKSTITCH_WRITE (plain, LOCKSTITCH_READ (plain) + 1);
  LOCKSTITCH_WRITE (real, 0.5);
  LOCKSTITCH_WRITE (text, "text");
  LOCKSTITCH_STORE (plain, LOCKSTITCH_LOAD (plain, LOCKSTITCH_ACQUIRE), LOCKSTITCH_RELEASE);
  LOCKSTITCH_ADD (plain, 1, LOCKSTITCH_SEQ_CST);
  lockstitch_wait (&real);
  lockstitch_acquire (&real);
  lockstitch_release (&real);
  lockstitch_send (1);
  lockstitch_recv (1);
  lockstitch_begin ("region");
  lockstitch_mark ("mark");
  lockstitch_count ("count", 3);
  lockstitch_end ("region");
  return LOCKSTITCH_ON () && plain == 7;
}
"""


def run(*argv, **more):
    done = subprocess.run([str(part) for part in argv], capture_output=True, text=True,
                          timeout=DEADLINE_S, env=ENVIRONMENT, **more)
    assert done.returncode == 0 and "warning" not in done.stderr, (argv, done.stdout, done.stderr)
    return done.stdout


def find(*names):
    found = [name for name in names if shutil.which(name)]
    if not found:
        raise Skip(f"{' and '.join(names)} are not here")
    return found


def build_all(folder, compilers, standards, name):
    source = folder / name
    source.write_text(PROGRAM)
    flags = run("pkg-config", "--cflags", "--libs", "lockstitch").split()
    for compiler in compilers:
        for standard in standards:
            for more in ([], ["-DLOCKSTITCH_DISABLE"], ["-O2"]):
                run(compiler, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow",
                    "-Werror", *more, source, *flags, "-o", folder / "program")
                run(folder / "program")  # nothing records


def test_c(folder):
    """C11 and C17, gcc and clang"""
    build_all(folder, find("gcc", "clang"), ["c11", "gnu11", "c17"], "program.c")


def test_cpp(folder):
    """C++11 to C++20, g++ and clang++"""
    build_all(folder, find("g++", "clang++"), ["c++11", "c++17", "c++20"], "program.cpp")


def test_recorded(folder):
    """such a program records itself when the environment says so"""
    (folder / "program.c").write_text(PROGRAM)
    flags = run("pkg-config", "--cflags", "--libs", "lockstitch").split()
    run("gcc", "-g", folder / "program.c", *flags, "-o", folder / "program")
    done = subprocess.run([folder / "program"], timeout=DEADLINE_S,
                          env={**ENVIRONMENT, "LOCKSTITCH_TRACE": str(folder / "x.trace.jsonl")})
    assert done.returncode == 0
    run(LOCKSTITCH, "record", "-o", folder / "y.trace.jsonl", "--", folder / "program")
    told = [json.loads(line) for line in (folder / "y.trace.jsonl").read_text().splitlines()]
    events = [line["ev"] for line in told if "ev" in line]
    assert events[1:-1] == ["read", "write", "write", "write", "load", "store", "update", "wait",
                            "acquire", "release", "send", "recv", "begin", "mark", "count",
                            "end"], events


def test_cmake(folder):
    """the example's CMakeLists.txt finds the library"""
    find("cmake")
    find("g++", "clang++")
    source = folder / "source"
    shutil.copytree(os.path.join(EXAMPLES, "cpp"), source)
    run("cmake", "-S", source, "-B", folder / "build", "-DCMAKE_BUILD_TYPE=Debug")
    run("cmake", "--build", folder / "build")
    run(LOCKSTITCH, "record", "-o", folder / "bank.trace.jsonl", "--", folder / "build" / "bank")
    trace = (folder / "bank.trace.jsonl").read_text()
    assert "bank::account.lock" in trace, trace


if __name__ == "__main__":
    run_tests(globals())
