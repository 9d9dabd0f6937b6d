#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Files that no recorder writes: each is refused, or read as far as it goes, in words that say where.

test-hostile.py LOCKSTITCH
"""
import bz2
import gzip
import os
import subprocess
import sys
import threading

from tap import Skip, run_tests

LOCKSTITCH = os.path.abspath(sys.argv[1])
HEADER = b'{"lockstitch":1}\n'
FOOTER = b'{"end":99,"events":1,"lost":0,"exit":0}\n'
MARK = b'{"ts":1,"tid":1,"ev":"mark","name":"m"}\n'
CHROME = b'[{"ph":"i","name":"m","ts":1,"pid":1,"tid":1}'
STD = b"T0|acq(L)|1\nT0|rel(L)|2\n"
MIB = 1 << 20


def check(path, **more):
    """What it says on standard error, without its name; what it prints; its status."""
    run = subprocess.run([LOCKSTITCH, "check", path], capture_output=True, timeout=100, check=False,
                         **more)
    said = run.stderr.decode().splitlines()
    assert all(line.startswith("lockstitch: ") for line in said), said
    return [line[len("lockstitch: "):] for line in said], run.stdout.decode(), run.returncode


def expect(folder, cases):
    """Each case: bytes, and what is said of the file "t", the rest being read."""
    path = folder / "t"
    for data, *expected in cases:
        path.write_bytes(data)
        said, printed, status = check("t", cwd=folder)
        assert said == expected, (data[:200], said)
        assert status == 0 and ("1 event" in printed or "2 events" in printed), (data[:200], printed)


def event(fields):
    return b'{"ts":2,"tid":1,"ev":"mark","name":"n"' + fields + b"}\n"


def test_lines(folder):
    """Lines that are too long, too deep, not UTF-8 or have a NUL are skipped by number"""
    expect(folder, [
        (HEADER + MARK + event(b',"x":"' + b"a" * MIB + b'"') + FOOTER,
         "t:3: the line is longer than 1 MiB"),
        (HEADER + MARK + event(b"").replace(b"mark", b"?") + FOOTER, 't:3: unknown "ev": "?"'),
        (HEADER + MARK + event(b',"x":' + b"[" * 32 + b"]" * 32) + FOOTER,
         "t:3: nested deeper than 32 (column 75)"),
        (HEADER + MARK + event(b',"x":"a\0b"') + FOOTER, "t:3: a NUL byte (column 46)"),
        (HEADER + event(b',"x":"\xff"') + MARK + FOOTER, "t:2: not UTF-8 (column 45)"),
        ((HEADER + MARK + FOOTER).replace(b"\n", b"\r\n"),),
        (b"\xef\xbb\xbf" + HEADER + MARK + FOOTER,),
        (HEADER + MARK + b"\n" + FOOTER, "t:3: an empty line"),
        (HEADER + MARK + FOOTER[:-20], "t:3: the last line is cut off"),
    ])


def test_numbers(folder):
    """Ids and times out of range, and threads over 2^24, are said with what was expected"""
    id_range = "which is not 1 to 4294967295"
    for key, value, said in (
            (b"tid", b"0", '"tid" is 0, ' + id_range),
            (b"tid", b"4294967296", '"tid" is 4294967296, ' + id_range),
            (b"tid", b"16777217", '"tid" is 16777217, and threads number at most 16777216'),
            (b"obj", b"0", '"obj" is 0, ' + id_range),
            (b"obj", b"18446744073709551616", '"obj" is out of range, ' + id_range),
            (b"obj", b'"1"', '"obj" should be an integer, not a string'),
            (b"ts", b"-1", '"ts" is -1, which is not 0 to 9223372036854775807'),
            (b"ts", b"9223372036854775808",
             '"ts" is 9223372036854775808, which is not 0 to 9223372036854775807')):
        line = {b"ts": b"2", b"tid": b"1", b"ev": b'"write"', b"obj": b"1", key: value}
        text = b"{" + b",".join(b'"%s":%s' % pair for pair in line.items()) + b"}\n"
        expect(folder, [(HEADER + MARK + text + FOOTER, "t:3: " + said)])
    # The last thread that there may be.
    expect(folder, [(HEADER + MARK.replace(b'"tid":1', b'"tid":16777216') + FOOTER,)])


def test_packed(folder):
    """Packed files that are cut, damaged, or go on with something else"""
    trace = HEADER + MARK + FOOTER
    damaged = bytearray(gzip.compress(trace))
    damaged[-6] ^= 0xff  # in its check sum
    expect(folder, [
        (gzip.compress(b"\xef\xbb\xbf" + trace),),
        (gzip.compress(HEADER) + gzip.compress(MARK + FOOTER),),
        (gzip.compress(trace) + b"hello", "t:3: the compressed file is followed by something else, "
                                          "which is left out"),
        (gzip.compress(trace) + b"\0" * 1000,),
        (bytes(damaged), "t:3: the compressed file is damaged here"),
        (gzip.compress(trace)[:-5], "t:3: the compressed file is cut off"),
        (gzip.compress(CHROME + b"]")[:-4], "t:1: the compressed file is cut off"),
    ])
    (folder / "t").write_bytes(bz2.compress(trace))
    assert check("t", cwd=folder)[0] == [
        "t:1: not a Lockstitch trace: this looks like a bzip2-compressed file (unpack it first: bunzip2)"]


def test_bomb(folder):
    """A packed file of a thousand times its size is read in the memory of one that is not"""
    packed = gzip.compress(HEADER + b" " * (64 * MIB) + b"\n" + MARK + FOOTER)
    assert len(packed) < 80000
    expect(folder, [(packed, "t:2: the line is longer than 1 MiB")])


def test_foreign(folder):
    """Other tools' files: a mark before them, limits, what is no event, told by line"""
    mark = b"\xef\xbb\xbf"
    expect(folder, [
        (CHROME + b"]",),
        (mark + CHROME + b"]",),
        (mark + STD.replace(b"\n", b"\r\n"),),
        (CHROME + b',\n{"ph":"i","name":"' + b"a" * MIB + b'"},\n{"ph":"i","x":' + b"[" * 1100
         + b"]" * 1100 + b"}]", "t:2: event 2: longer than 1 MiB", "t:3: event 3: nesting too deep"),
        (STD + b"T0|acq(" + b"L" * MIB + b")|1\nT0|acq(L\0)|2\n",
         "t:3: the line is longer than 1 MiB", "t:4: a NUL byte"),
    ])


def test_not_files(folder):
    """An empty file, a folder, nothing at all and what may not be read"""
    (folder / "empty").write_bytes(b"")
    (folder / "folder").mkdir()
    for name, said in (("empty", "empty:1: not a Lockstitch trace: this looks like an empty file"),
                       ("folder", "folder: a directory, not a trace"),
                       ("nothing", "nothing: No such file or directory")):
        assert check(name, cwd=folder) == ([said], "", 1), name
    if os.geteuid() == 0:
        return  # may read everything
    (folder / "secret").write_bytes(HEADER)
    (folder / "secret").chmod(0)
    assert check("secret", cwd=folder) == (["secret: Permission denied"], "", 1)


def test_standard_input(folder):
    """Every form comes through a pipe, packed too; what is none is said of standard input"""
    for data in (HEADER + MARK + FOOTER, CHROME, STD):
        for pack in (bytes, gzip.compress):
            said, printed, status = check("-", input=pack(data))
            assert status == 0 and printed.startswith("standard input: "), (data, said, printed)
    assert check("-", input=b"Dear all,\n") == (
        ["standard input:1: not a Lockstitch trace: this looks like plain text"], "", 1)
    run = subprocess.run([LOCKSTITCH, "convert", "-", "-o", "-", "--to=csv"], input=STD,
                         capture_output=True, timeout=100, check=True)
    assert run.stdout.count(b"\n") == 3, run.stdout


def test_fifo(folder):
    """So it does through a named pipe"""
    fifo = folder / "fifo"
    try:
        os.mkfifo(fifo)
    except OSError as error:
        raise Skip(error) from error
    writer = threading.Thread(target=fifo.write_bytes, args=(CHROME,), daemon=True)
    writer.start()
    said, printed, status = check("fifo", cwd=folder)
    writer.join()
    assert not said and status == 0 and "1 event" in printed, (said, printed)


run_tests(globals())
