#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What convert and render write is there whole or not at all, whatever happens meanwhile.

test-output.py LOCKSTITCH SAMPLE
"""
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

from tap import Skip, run_tests

LOCKSTITCH, SAMPLE = sys.argv[1], Path(sys.argv[2])
LINE = b'{"ts":%d,"tid":1,"ev":"mark","name":"a line that is long enough to fill a buffer"}\n'


def run(*words, status=0, **more):
    """Standard error."""
    done = subprocess.run([LOCKSTITCH, *map(str, words)], capture_output=True, timeout=60,
                          check=False, **more)
    assert done.returncode == status, (words, done.returncode, done.stderr)
    return done.stderr.decode()


def long_trace():
    return b'{"lockstitch":1,"unit":"ns"}\n' + b"".join(LINE % i for i in range(20000))


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.01)


def start(out, *words, **more):
    """A conversion that has begun to write and waits for more of its input."""
    work = subprocess.Popen([LOCKSTITCH, "convert", "-", "-o", str(out), *words],
                            stdin=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    work.stdin.write(long_trace())
    work.stdin.flush()
    wait_for(lambda: any(piece.stat().st_size > 0 for piece in out.parent.glob("*.part")))
    return work


SIGNALS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT


def expose():
    """To signals that a shell may have ignored, and without a core of each."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def test_signals(folder):
    """A signal ends it, and what was asked for is as it was before"""
    out = folder / "out.trace.jsonl"
    for number in SIGNALS:
        for before in (None, "was here"):
            if before:
                out.write_text(before, encoding="utf-8")
            work = start(out, preexec_fn=expose)
            assert before is None or out.read_text(encoding="utf-8") == before
            begun = time.monotonic()
            work.send_signal(number)
            work.communicate(timeout=30)
            assert work.returncode == -number, (number, work.returncode)
            assert time.monotonic() - begun < 5
            assert names_in(folder) == ([out.name] if before else []), names_in(folder)
            assert before is None or out.read_text(encoding="utf-8") == before
        out.unlink()


def test_ignored(folder):
    """A signal that is ignored, as under nohup, stays so"""
    out = folder / "out.trace.jsonl"
    work = start(out, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    work.send_signal(signal.SIGHUP)
    said = work.communicate(timeout=30)[1]
    assert work.returncode == 0 and b"cut off" not in said, said
    assert names_in(folder) == [out.name] and out.read_bytes() == long_trace()


def limit_size():
    resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))


def test_limits(folder):
    """A limit of size is an error in words, like a full disk"""
    for name in ("out.json", "out.csv", "out.std", "out.trace.jsonl"):
        trace = folder / "in.trace.jsonl"
        trace.write_bytes(long_trace().replace(b'"mark"', b'"begin"'))
        assert f"{folder}/{name}: " in run("convert", trace, "-o", folder / name, status=1,
                                           preexec_fn=limit_size)
        assert names_in(folder) == [trace.name], names_in(folder)
    picture = folder / "out.svg"
    said = run("render", SAMPLE, "-o", picture, status=1,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
    assert f"{picture}: File too large" in said and not picture.exists(), said


def test_bad_input(folder):
    """What cannot be read replaces nothing"""
    out = folder / "out.trace.jsonl"
    out.write_text("was here", encoding="utf-8")
    for words in ((folder / "none",), ("/etc/passwd",), (folder,)):
        run("convert", *words, "-o", out, status=1)
    assert names_in(folder) == [out.name] and out.read_text(encoding="utf-8") == "was here"


def test_permissions(folder):
    """A new file has those that the user gives, a replaced one keeps its own"""
    for command, name in (("convert", "out.csv"), ("render", "out.svg")):
        out = folder / name
        run(command, SAMPLE, "-o", out, preexec_fn=lambda: os.umask(0o027))
        assert stat.S_IMODE(out.stat().st_mode) == 0o640
        out.chmod(0o604)
        was = out.stat().st_ino
        run(command, SAMPLE, "-o", out)
        assert stat.S_IMODE(out.stat().st_mode) == 0o604 and out.stat().st_ino != was


def test_links(folder):
    """The file at the end of links is replaced, or made"""
    (folder / "deep").mkdir()
    for there in (True, False):
        file, middle, link = folder / "deep/file.csv", folder / "middle.csv", folder / "link.csv"
        if there:
            file.write_text("was here", encoding="utf-8")
        middle.symlink_to("deep/file.csv")
        link.symlink_to(middle)
        run("convert", SAMPLE, "-o", link)
        assert link.is_symlink() and middle.is_symlink() and not file.is_symlink()
        assert file.read_text(encoding="utf-8").startswith("event,ts_ns,")
        for path in (file, middle, link):
            path.unlink()
    (folder / "a.csv").symlink_to("b.csv")
    (folder / "b.csv").symlink_to("a.csv")
    assert "levels of symbolic links" in run("convert", SAMPLE, "-o", folder / "a.csv", status=1)


def test_no_files(folder):
    """Pipes, devices and descriptors are written as they are"""
    expected = subprocess.run([LOCKSTITCH, "convert", SAMPLE, "-o", "-", "--to=csv"],
                              capture_output=True, check=True).stdout
    pipe = folder / "pipe.csv"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        run("convert", SAMPLE, "-o", pipe)
        assert reader.communicate(timeout=30)[0] == expected
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    run("convert", SAMPLE, "-o", "/dev/null", "--to=csv")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        if not os.path.exists(name):
            raise Skip(name)
        with open(folder / "shell.csv", "wb") as file:
            subprocess.run([LOCKSTITCH, "convert", SAMPLE, "-o", name, "--to=csv"], stdout=file,
                           check=True)
            was = os.fstat(file.fileno()).st_ino
        assert (folder / "shell.csv").stat().st_ino == was
        assert (folder / "shell.csv").read_bytes() == expected


def test_folders(folder):
    """A folder that cannot be written to is said"""
    assert "a folder" in run("convert", SAMPLE, "-o", folder, "--to=csv", status=1)
    assert "Not a directory" in run("convert", SAMPLE, "-o", SAMPLE / "x.csv", status=1)
    user = {}
    if os.geteuid() == 0:  # to whom nothing is forbidden
        user = {"user": 65534, "group": 65534, "extra_groups": []}
        os.chown(folder, 65534, 65534)
    folder.chmod(0o500)
    try:
        said = run("convert", SAMPLE, "-o", folder / "out.csv", status=1, **user)
    except PermissionError as reason:
        raise Skip("the program is not everybody's to run") from reason
    assert f"{folder}/out.csv: no file can be made in {folder}: Permission denied" in said, said
    folder.chmod(0o777)
    (folder / "out.csv").write_text("was here", encoding="utf-8")
    (folder / "out.csv").chmod(0o444)
    assert "Permission denied" in run("convert", SAMPLE, "-o", folder / "out.csv", status=1, **user)
    assert names_in(folder) == ["out.csv"]


def test_long_names(folder):
    """A name may be as long as names can be"""
    out = folder / ("x" * 251 + ".csv")
    run("convert", SAMPLE, "-o", out)
    assert names_in(folder) == [out.name]


def test_full_output(folder):
    """What is printed to a full disk is an error, too"""
    for words in (("stats", SAMPLE), ("stats", "--json", SAMPLE), ("check", SAMPLE),
                  ("convert", SAMPLE, "-o", "-", "--to=csv")):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([LOCKSTITCH, *map(str, words)], stdout=full, check=False,
                                  stderr=subprocess.PIPE)
        assert done.returncode == 1 and b"standard output: " in done.stderr, (words, done)


run_tests(globals())
