#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each header compiles alone, in C; the public one in C++ and compiled out, too.

headers.py CC...: the C compiler's command line.
"""
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from arrows import MAY, folder_of
from tree import ROOT, Tap, list_files

PACKAGES = {
    "tracer/collect": ["glib-2.0", "gio-unix-2.0", "libdw", "libelf"],
    "tracer/format": ["glib-2.0", "gio-unix-2.0", "json-c"],
    "ui/draw": ["glib-2.0", "gio-unix-2.0", "cairo", "pangocairo"],
    "ui": ["gtk4", "libadwaita-1", "gtksourceview-5", "gio-unix-2.0"],
    "app/viewer": ["gtk4", "libadwaita-1", "gtksourceview-5", "gio-unix-2.0"],
}
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-Wno-missing-field-initializers"]
ONLY_WITHIN = {"lockstitch-macros.h"}  # says so itself


def package_flags(folder, cache={}):
    """Compiler flags of what the folder links; None when a package is not there."""
    if folder in ("tracer/layout", "tracer/record"):
        return []
    if folder not in cache:
        names = PACKAGES.get(folder, ["glib-2.0", "gio-unix-2.0", "cairo", "pangocairo"])
        run = subprocess.run(["pkg-config", "--cflags", *names], capture_output=True, text=True,
                             check=False)
        cache[folder] = run.stdout.split() if run.returncode == 0 else None
    return cache[folder]


def compile_alone(compiler, path, *flags):
    """What the compiler says of a file that includes this header twice and nothing else."""
    command = [*compiler, "-fsyntax-only", *WARNINGS, *flags, "-D_GNU_SOURCE", "-"]
    text = f'#include "{ROOT / path}"\n' * 2
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return run.stderr.splitlines() if run.returncode else []


def main():
    tap = Tap()
    compiler = sys.argv[1:] or ["cc"]
    jobs = []
    with ThreadPoolExecutor(2) as pool:
        for path in list_files(".h"):
            folder = folder_of(path)
            if path.parts[0] == "tests" or path.name in ONLY_WITHIN:
                continue
            flags = package_flags(folder)
            if flags is not None:
                paths = [f"-I{ROOT / each}" for each in sorted(MAY[folder] | {folder})]
                jobs.append(pool.submit(compile_alone, compiler, path, "-xc", "-std=gnu11",
                                        *paths, *flags))
        public = "tracer/record/lockstitch.h"
        modes = [("C11, pedantic", compiler, ["-xc", "-std=c11", "-pedantic"]),
                 ("C, compiled out", compiler, ["-xc", "-std=c11", "-DLOCKSTITCH_DISABLE"])]
        if shutil.which("g++"):
            modes += [("C++17", ["g++"], ["-xc++", "-std=c++17"]),
                      ("C++, compiled out", ["g++"], ["-xc++", "-std=c++17", "-DLOCKSTITCH_DISABLE"])]
        publics = [(name, pool.submit(compile_alone, command, public, *flags))
                   for name, command, flags in modes]
        tap.check(f"{len(jobs)} headers compile alone",
                  (line for job in jobs for line in job.result()))
        for name, job in publics:
            tap.check(f"lockstitch.h in {name}", job.result())
    tap.end()


if __name__ == "__main__":
    main()
