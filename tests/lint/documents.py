#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What is written about Lockstitch is so: the README's commands run, what it points at is there,
man pages and metadata are well-formed.

documents.py BUILD: the build directory whose commands the README's blocks run.

Every block of shell in README.md runs in one temporary folder, in order, with the development
environment, except those that install (whose first word is sudo, make or meson). A block of C
whose first line is a comment with a file's name is that file.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tree import ROOT, Tap, list_files, read

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)\)")
INSTALLING = ("sudo", "make", "meson")
FINDINGS = 3  # exit status of `lockstitch check`, which is no failure of the README
DEADLINE_S = 120
PREAMBLE = f"trap 'status=$?; [ $status = {FINDINGS} ] || exit $status' ERR\nset -E\n"


def run_block(build, folder, block):
    """What went wrong."""
    script = Path(folder, "block")
    script.write_text(PREAMBLE + block, encoding="utf-8")
    command = ["meson", "devenv", "-C", build, "bash", "-c", f"cd '{folder}' && . ./block"]
    env = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
    try:
        run = subprocess.run(command, env=env, capture_output=True, text=True, check=False,
                             stdin=subprocess.DEVNULL, timeout=DEADLINE_S)
    except subprocess.TimeoutExpired:
        return [f"took longer than {DEADLINE_S} s"]
    return [] if run.returncode in (0, FINDINGS) else \
        [f"exit status {run.returncode}", *run.stdout.splitlines()[-5:], *run.stderr.splitlines()[-8:]]


def check_commands(tap, build):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy2(Path(build, "examples", "race_condition"), folder)
        for language, block in BLOCK.findall(read("README.md")):
            name = re.match(r"/\* (\w+\.c) \*/", block)
            if language == "c" and name:
                Path(folder, name[1]).write_text(block, encoding="utf-8")
            if language == "sh" and not block.startswith(INSTALLING):
                tap.check("README: " + block.splitlines()[0], run_block(build, folder, block))


def check_packages(tap):
    words = re.search(r"^sudo apt-get install (.*?)^```$", read("README.md"), re.S | re.M)
    said = set(words[1].replace("\\\n", " ").split()) if words else set()
    run = subprocess.run([ROOT / ".ci/packages", "list", "build"], capture_output=True, text=True,
                         check=True)
    tap.check("README lists the packages of .ci/packages",
              (f"{name}: only in one of them" for name in said ^ set(run.stdout.split())))


def check_links(tap):
    tap.check("links lead somewhere", (
        f"{path}: {target} is not there" for path in list_files(".md")
        for target in LINK.findall(read(path))
        if "://" not in target and not (ROOT / path.parent / target).exists()))


def complaints_of(*command):
    run = subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False)
    output = (run.stdout + run.stderr).splitlines()
    return output or [f"exit status {run.returncode}"] if run.returncode else []


def check_with(tap, name, tool, *args):
    if shutil.which(tool):
        tap.check(name, complaints_of(tool, *args))
    else:
        tap.skip(name, f"{tool} is not installed")


def check_man_pages(tap):
    for path in list_files(".1", ".3"):
        if not shutil.which("groff"):
            tap.skip(f"{path} is well-formed", "groff is not installed")
            continue
        run = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-z", ROOT / path], text=True,
                             capture_output=True, check=False)
        tap.check(f"{path} is well-formed", run.stderr.splitlines())


def main():
    tap = Tap()
    check_links(tap)
    check_packages(tap)
    check_man_pages(tap)
    for path in list_files(".desktop"):
        check_with(tap, f"{path} is valid", "desktop-file-validate", path)
    for path in list_files(".xml"):
        if path.name.endswith(".metainfo.xml"):
            check_with(tap, f"{path} is valid", "appstreamcli", "validate", "--no-net", "--pedantic",
                       path)
    for path in list_files(".ui", ".svg", ".xml"):
        check_with(tap, f"{path} is XML", "xmllint", "--noout", path)
    check_commands(tap, sys.argv[1])
    tap.end()


if __name__ == "__main__":
    main()
