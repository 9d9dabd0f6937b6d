#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The shape of the sources: licence, length, layout, and nothing of the machine they came from."""
import re
import shutil
import subprocess

from tree import ROOT, Tap, list_files, read

FILE_LINES = 400
FUNCTION_LINES = 80

CODE = (".c", ".h", ".cpp", ".py", ".def")
LICENSED = (*CODE, ".ui", ".xml", ".css", ".desktop", ".supp", "Makefile", "meson.build",
            "meson_options.txt", ".1", ".3")

TOP = {"CONTRIBUTING.md", "LICENSE", "Makefile", "NEWS", "README.md", "meson.build",
       "meson_options.txt"}

# Pieced together so that this file does not match itself.
MACHINE = re.compile("|".join("/" + folder + "/" + rest for folder, rest in [
    ("work", r"\w"), ("home", r"\w"), ("root", r"\w"), ("Users", r"\w"), ("tmp", r"bash")]))
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
URL = re.compile(r"https?://([\w.-]+)")
HOSTS = {"www.freedesktop.org", "json-schema.org", "www.w3.org", "lockstitch.github.io",
         "github.com", "www.gtk.org", "spdx.org", "jsonlines.org", "www.rfc-editor.org"}


def long_functions(path):
    """Functions begin with `{` and end with `}` alone in the first column: the layout sees to it."""
    start = None
    for number, line in enumerate(read(path).splitlines(), 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            if number - start - 1 > FUNCTION_LINES:
                yield f"{path}:{start}: {number - start - 1} lines, {FUNCTION_LINES} are the limit"
            start = None


def long_files(paths):
    for path in paths:
        n = read(path).count("\n")
        if n > FILE_LINES:
            yield f"{path}: {n} lines, {FILE_LINES} are the limit"


def unlicensed(paths):
    for path in paths:
        text = read(path)
        if text and "SPDX-License-Identifier: MIT" not in "\n".join(text.splitlines()[:3]):
            yield f"{path}: no SPDX-License-Identifier in its first lines"


def texts(paths):
    for path in paths:
        try:
            yield path, read(path)
        except UnicodeDecodeError:
            pass


def of_a_machine(path, text):
    for match in MACHINE.finditer(text):
        yield f"{path}: speaks of a path of one machine: {match[0]}"
    for match in UNFINISHED.finditer(text):
        yield f"{path}: {match[0]}: finish it, or make it an issue"
    for match in URL.finditer(text):
        if match[1] not in HOSTS:
            yield f"{path}: points at {match[1]}, which is not among the hosts in {__file__}"


def untidy(path, text):
    if text and not text.endswith("\n"):
        yield f"{path}: no newline at the end"
    for number, line in enumerate(text.splitlines(), 1):
        if line != line.rstrip() and path.suffix != ".md":
            yield f"{path}:{number}: space at the end of the line"
        if "\t" in line and path.suffix in CODE:
            yield f"{path}:{number}: a tab"


def check_layout(tap, paths):
    name = "clang-format has nothing to change"
    if not shutil.which("clang-format"):
        tap.skip(name, "clang-format is not installed")
        return
    command = ["clang-format", "--dry-run", "-Werror", *map(str, paths)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    tap.check(name, (line for line in run.stderr.splitlines() if "error:" in line))


def main():
    tap = Tap()
    code = list_files(*CODE)
    c_files = [path for path in code if path.suffix in (".c", ".h")]
    every = [pair for pair in texts(list_files()) if "fuzz/corpus" not in pair[0].as_posix()]
    tap.check(f"files have at most {FILE_LINES} lines", long_files(code))
    tap.check(f"functions have at most {FUNCTION_LINES} lines",
              (line for path in c_files for line in long_functions(path)))
    tap.check("each source names its licence", unlicensed(list_files(*LICENSED)))
    tap.check("nothing of a machine, nothing unfinished",
              (line for path, text in every for line in of_a_machine(path, text)))
    tap.check("nothing stray at the top",
              (f"{path}: what is it?" for path in list_files()
               if len(path.parts) == 1 and path.name not in TOP and path.name[0] != "."))
    tap.check("lines end as they should",
              (line for path, text in every if path.suffix not in (".tsv", ".jsonl", ".svg")
               for line in untidy(path, text)))
    check_layout(tap, c_files)
    tap.end()


if __name__ == "__main__":
    main()
