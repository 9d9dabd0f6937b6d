# SPDX-License-Identifier: MIT
"""Runs a test program's functions, each in a folder of its own, and tells how they went in TAP."""
import sys
import tempfile
import traceback
from pathlib import Path


class Skip(Exception):
    pass


def run_tests(names):
    """Every function of `names` (a module's globals()) that is called test_..., with a folder."""
    run_cases([(value.__doc__, value) for name, value in list(names.items())
               if name.startswith("test_")])


def run_cases(cases):
    """Pairs of what is tested, in words, and a function that gets a folder."""
    n_failed = 0
    print(f"1..{len(cases)}")
    for number, (words, test) in enumerate(cases, 1):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try:
                test(Path(folder))
                print(f"ok {number} - {words}")
            except Skip as reason:
                print(f"ok {number} - {words} # SKIP {reason}")
            except Exception as error:  # whatever it is, the test failed
                n_failed += 1
                print(f"not ok {number} - {words}")
                where = traceback.extract_tb(error.__traceback__)[-1]
                for line in f"line {where.lineno}: {type(error).__name__}: {error}".splitlines():
                    print(f"#   {line}")
        sys.stdout.flush()
    sys.exit(1 if n_failed else 0)
