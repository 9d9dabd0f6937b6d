# SPDX-License-Identifier: MIT
"""What the lint tests share: the list of source files, and TAP."""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ.get("LS_SOURCE_ROOT", Path(__file__).parents[2])).resolve()


def list_files(*suffixes):
    """The files of the project, relative to ROOT: git's where there is a clone, else all but
    build directories. A file's suffix is its last part, or the whole name of one without dot."""
    try:
        command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others",
                   "--exclude-standard", "-z"]
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
        paths = [Path(name) for name in listing.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path.relative_to(ROOT) for path in ROOT.rglob("*")
                 if path.is_file() and not is_built(path)]
    return sorted(path for path in paths if (ROOT / path).is_file()
                  and (not suffixes or (path.suffix or path.name) in suffixes))


def is_built(path):
    return any((parent / "meson-private").is_dir() for parent in path.parents if ROOT in
               (parent, *parent.parents)) or "/.git/" in str(path)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


class Tap:
    """Test Anything Protocol: one point per check, its complaints as diagnostics."""

    def __init__(self):
        self.n = 0
        self.failed = 0

    def check(self, name, complaints):
        """Passes when `complaints` (an iterable of lines) is empty."""
        complaints = list(complaints)
        self.n += 1
        self.failed += bool(complaints)
        print(f"{'not ' if complaints else ''}ok {self.n} - {name}")
        for complaint in complaints:
            for line in str(complaint).splitlines():
                print(f"#   {line}")
        sys.stdout.flush()

    def skip(self, name, why):
        self.n += 1
        print(f"ok {self.n} - {name} # SKIP {why}")

    def end(self):
        print(f"1..{self.n}")
        sys.exit(1 if self.failed else 0)
