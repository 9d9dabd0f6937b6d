# SPDX-License-Identifier: MIT
"""Names in modules that come and go: right, or absent.

    test-modules.py LOCKSTITCH PLUGINS PLUGIN_SOURCE
"""
import os
import shutil
import subprocess
import sys

from recording import DEADLINE_S, Recording
from tap import run_tests

PLUGINS, SOURCE = (os.path.abspath(path) for path in sys.argv[2:4])


def build(folder, name, *options, file=None):
    """A plugin; of the same length whatever its name."""
    file = file or f"{name}.so"
    subprocess.run(["cc", "-g", "-O1", "-shared", "-fPIC", f"-DNAME={name}", *options, SOURCE, "-o", file,
                    "-pthread"], cwd=folder, check=True, timeout=DEADLINE_S)
    return f"./{file}"


def seen(rules):
    """(function, lock) of each acquire."""
    functions = {line["source"]: line.get("func") for line in rules.lines if "source" in line}
    locks = {line["object"]: line.get("name") for line in rules.lines
             if "object" in line and "ev" not in line}
    return [(functions.get(event.get("src")), locks[event["obj"]])
            for _, _, event in rules.events if event["ev"] == "acquire"]


def record(folder, *what):
    recording = Recording(folder, PLUGINS, *what)
    assert recording.status == 0, recording.out
    return recording, seen(recording.rules())[1:]  # but the thread's own


def test_loaded(folder):
    """a plugin that stays, loaded after the last thread was created"""
    _, names = record(folder, "kept:" + build(folder, "one"))
    assert names == [("one_work", "one_lock")], names


def test_one_after_the_other(folder):
    """two plugins at one address, one after the other, again and again"""
    plugins = [build(folder, "one"), build(folder, "two")]
    recording, names = record(folder, *plugins * 20)
    places = [line.split()[-1] for line in recording.out.decode().splitlines()]
    assert len(set(places)) < len(places), "they lie nowhere alike"
    assert names == [("one_work", "one_lock"), ("two_work", "two_lock")] * 20, names


def test_replaced(folder):
    """a plugin whose file is replaced while it is loaded, and the one that came instead of it"""
    plugin, other = build(folder, "one"), build(folder, "two")
    _, names = record(folder, plugin, f"replace:{plugin}:{other}", plugin)
    assert names[1] == ("two_work", "two_lock"), names
    assert names[0] in (("one_work", "one_lock"), (None, None)) or \
        (names[0][0].startswith("one.so+0x") and names[0][1].startswith("one.so+0x")), names


def test_replaced_program(folder):
    """a program whose file is replaced while it runs, with a build id and without"""
    script = folder / "replace.c"
    script.write_text("""
        #include <pthread.h>
        #include <stdio.h>
        static pthread_mutex_t NAME = PTHREAD_MUTEX_INITIALIZER;
        int main(int argc, char **argv) {
          if (argc > 1 && rename(argv[1], argv[0]) != 0)
            return 1;
          pthread_mutex_lock(&NAME);
          pthread_mutex_unlock(&NAME);
          return 0;
        }""")
    for options in ([], ["-Wl,--build-id=none"], ["-no-pie"], ["-no-pie", "-Wl,--build-id=none"]):
        for name in ("first", "other"):
            subprocess.run(["cc", "-g", f"-DNAME={name}", *options, script, "-o", name], cwd=folder,
                           check=True, timeout=DEADLINE_S)
        names = seen(Recording(folder, "./first").rules())
        assert names == [("main", "first")], (options, names)
        shutil.copy(folder / "other", folder / "before")
        names = seen(Recording(folder, "./first", "other").rules())
        assert names[0][1] == "first" or names[0][1].startswith("first+0x"), (options, names)


def test_deep(folder):
    """RTLD_DEEPBIND: its locks are not seen, and that is said"""
    for options in ([], ["-Wl,-z,now"], ["-fno-plt"]):
        plugin = build(folder, "one", *options)
        recording, names = record(folder, f"deep:{plugin}", f"kept:{build (folder, 'two')}")
        assert names == [("two_work", "two_lock")], names
        # It was unloaded before the end.
        assert "locks of one.so (RTLD_DEEPBIND) were not recorded: it calls the C library past" in recording.err
        assert recording.rules().blind[-1:] == ["one.so (RTLD_DEEPBIND)"], recording.rules().blind
        recording, names = record(folder, plugin)
        assert names == [("one_work", "one_lock")] and len(recording.said) == 1, recording.err


def test_apart(folder):
    """dlmopen: the same"""
    plugin = build(folder, "one")
    recording, names = record(folder, f"apart:{plugin}", f"kept:{build (folder, 'two')}")
    assert names == [("two_work", "two_lock")], names
    assert "locks of one.so (dlmopen) were not recorded: it has a C library of its own" in recording.err
    assert recording.rules().blind[-1:] == ["one.so (dlmopen)"], recording.rules().blind


if __name__ == "__main__":
    run_tests(globals())
