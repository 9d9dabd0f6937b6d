#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The arrows of the architecture: which folder may include whose headers.

app -> ui -> tracer, and within tracer as MAY says. Each folder's library has only its own include
path, but headers of libraries that live in the default path (json-c's) would slip through a build.
"""
import re

from tree import ROOT, Tap, list_files, read

TRACER = {"tracer/layout", "tracer/format", "tracer/model", "tracer/analysis"}

# folder -> folders whose headers it may include besides its own; what a listed folder's own
# headers bring along is listed too.
MAY = {
    "tracer/layout": set(),
    "tracer/record": {"tracer/layout"},
    "tracer/format": {"tracer/layout"},
    "tracer/collect": {"tracer/layout", "tracer/format"},
    "tracer/model": {"tracer/layout", "tracer/format"},
    "tracer/analysis": {"tracer/layout", "tracer/format", "tracer/model"},
    "tracer/export": TRACER,
    "ui/draw": TRACER,
    "ui": TRACER | {"ui/draw"},
    "app/cli": TRACER | {"tracer/collect", "tracer/export", "ui/draw"},
    "app/viewer": TRACER | {"ui/draw", "ui"},
    "examples": set(),  # and the installed API
}

# Headers of other projects -> the folders that may include them. Tests may include what the part
# they test may. Headers that no row matches are libc's.
EXTERNAL = [
    (r"json-c/|json\.h$", {"tracer/format"}),
    (r"(zlib|zstd|zstd_errors)\.h$", {"tracer/format"}),
    (r"elfutils/|dwarf\.h$|libelf\.h$|gelf\.h$", {"tracer/collect"}),
    (r"gtk/|gdk/|gsk/|adwaita|gtksourceview/", {"ui", "app/viewer"}),
    (r"cairo|pango/", {"ui/draw", "ui", "app/viewer"}),
    (r"glib|gio/|gobject/|gmodule", set(MAY) - {"tracer/layout", "tracer/record", "examples"}),
]

# A path of its own: these stand for what they measure or drive, whatever that is.
FREE = ("tests/bench", "tests/golden", "tests/app", "tests/fuzz", "tests/support")
PUBLIC = {"lockstitch.h", "lockstitch-macros.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def folder_of(path):
    """The row of MAY that a file belongs to; a test belongs to what it mirrors."""
    parts = path.as_posix().removeprefix("tests/")
    parts = parts.replace("ui/viewer/", "ui/", 1) if path.parts[0] == "tests" else parts
    rows = [row for row in MAY if parts.startswith(row + "/")]
    return max(rows, key=len, default=None)


def complaints_of(path, owners):
    if path.as_posix().startswith(FREE):
        return
    folder = folder_of(path)
    is_test = path.parts[0] == "tests"
    if folder is None:
        yield f"{path}: belongs to no folder of the architecture"
        return
    allowed = MAY[folder] | {folder}
    for quote, header in INCLUDE.findall(read(path)):
        if ".." in header.split("/"):
            yield f"{path}: includes {header}: no way up"
            continue
        name = header.rsplit("/", 1)[-1]
        owner = owners.get(name) if quote == '"' or name in PUBLIC else None
        if quote == '"' and (ROOT / path.parent / header).is_file():
            continue  # a neighbour's comes first
        if name in PUBLIC:
            if folder not in ("examples", "tracer/record"):
                yield f"{path}: includes {header}, the programs' interface"
        elif owner is None and quote == '"':
            if not name.endswith("-resources.h"):  # generated
                yield f"{path}: includes {header}, which is nowhere in the tree"
        elif owner and not is_test and not owner & allowed:
            yield f"{path}: includes {header} of {', '.join(sorted(owner))}"
        elif owner and is_test and not owner & (allowed | {"tests", "tests/bench"}):
            yield f"{path}: includes {header} of {', '.join(sorted(owner))}"
        for pattern, folders in EXTERNAL:
            if quote == "<" and re.match(pattern, header) and folder not in folders:
                if not (is_test and header.startswith("glib")):
                    yield f"{path}: includes <{header}>"


def main():
    tap = Tap()
    sources = list_files(".c", ".h", ".cpp", ".def")
    owners = {}
    for path in sources:
        if path.suffix in (".h", ".def"):
            row = "tests" if path.parts[0] == "tests" else folder_of(path)
            owners.setdefault(path.name, set()).add(row)
    tap.check("every include follows the arrows",
              (line for path in sources for line in complaints_of(path, owners)))
    tap.end()


if __name__ == "__main__":
    main()
