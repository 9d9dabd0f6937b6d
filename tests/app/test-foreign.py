# SPDX-License-Identifier: MIT
"""Programs that do not bear liblockstitch, or not as it comes, started by `lockstitch record` and by what
that records: they run as they do without, and that they are not recorded is said.

    test-foreign.py LOCKSTITCH SUBJECT
"""
import os
import shutil
import subprocess
import sys

from recording import DEADLINE_S, Recording, run_bare
from tap import Skip, run_tests

SUBJECT = os.path.abspath(sys.argv[2])
TELL = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) {
  const char *preload = getenv("LD_PRELOAD");
  puts(preload ? preload : "nothing is preloaded");
  fflush(stdout);
  if (argc > 2)
    return system(argv[2]) == 0 ? 0 : 1;
}
"""
# Without any library: 3 when it is told to preload something.
TELL_32 = """
static int begins(const char *text, const char *with) {
  while (*with)
    if (*text++ != *with++)
      return 0;
  return 1;
}
void begin(int *stack) {
  char **env = (char **) (stack + *stack + 2);
  int status = 0;
  for (; *env; env++)
    if (begins(*env, "LD_PRELOAD="))
      status = 3;
  __asm__ volatile("int $0x80" : : "a"(1), "b"(status));
}
__asm__(".globl _start\\n_start: mov %esp, %eax\\npush %eax\\ncall begin");
"""


def build(folder, name, source, *options, compiler="cc"):
    (folder / f"{name}.c").write_text(source)
    run = subprocess.run([compiler, f"{name}.c", "-o", name, *options], cwd=folder, capture_output=True,
                         timeout=DEADLINE_S)
    if run.returncode != 0:
        raise Skip(f"{compiler} {' '.join(options)} does not work here")
    return f"./{name}"


def get_loader():
    """The dynamic linker of this python, glibc's."""
    run = subprocess.run(["readelf", "-lW", sys.executable], capture_output=True, text=True)
    return run.stdout.partition("interpreter: ")[2].partition("]")[0]


def build_other(folder):
    """A program whose dynamic linker is none of glibc's by its name."""
    linker = folder / "ld-musl-test.so.1"
    linker.symlink_to(os.path.realpath(get_loader() or "/nowhere"))
    if not linker.exists():
        raise Skip("this C library is not glibc")
    return build(folder, "other", TELL, f"-Wl,--dynamic-linker={linker}")


def assert_spared(folder, program, words, out="nothing is preloaded\n", status=0):
    """Started by record, and by all kinds of what it records."""
    run = Recording(folder, program)
    assert run.out.decode() == out and run.status == (status or 1), (run.out, run.err)
    assert words in run.said[0] and len(run.err.splitlines()) == len(run.said), run.err
    (folder / "script").write_text(f"#!{folder / program}\n")
    (folder / "script").chmod(0o755)
    for argv in (["sh", "-c", f"{program}; exit $?"], ["env", program], ["nice", "./script"],
                 ["/usr/bin/python3", "-c", "import os, sys, subprocess; "
                  f"sys.exit (subprocess.run (['{program}']).returncode)"],
                 ["/usr/bin/python3", "-c", "import os, sys; sys.exit (os.waitstatus_to_exitcode (os.waitpid ("
                  f"os.posix_spawn ('{program}', ['x'], os.environ), 0)[1]))"]):
        run = Recording(folder, *argv)
        assert run.out.decode() == out and run.status == status, (argv, run.out, run.err)
        assert len(run.err.splitlines()) == len(run.said), run.err
        assert any(words in line for line in run.said), (argv, run.err)


def test_other_libc(folder):
    """another C library's dynamic linker"""
    assert_spared(folder, build_other(folder), "built with another C library")


def test_musl(folder):
    """a musl program"""
    if not shutil.which("musl-gcc"):
        raise Skip("musl-gcc is not installed")
    assert_spared(folder, build(folder, "musl", TELL, compiler="musl-gcc"),
                  "built with another C library")


def test_32_bit(folder):
    """another word size"""
    program = build(folder, "small", TELL_32, "-m32", "-static", "-nostdlib", "-ffreestanding",
                    "-fno-pie", "-no-pie", "-fno-stack-protector", "-Wl,--build-id=none", "-O1")
    try:
        run_bare(folder, program)
    except OSError as error:
        raise Skip("32-bit programs do not run here") from error
    assert_spared(folder, program, "another machine or word size", out="")


def test_user_preload(folder):
    """what the user preloads stays"""
    other = build_other(folder)
    environment = {**os.environ, "LD_PRELOAD": "libpthread.so.0 libm.so.6"}
    for argv in ([other], ["sh", "-c", other], ["env", "sh", "-c", f"{other}; true"]):
        run = Recording(folder, *argv, env=environment)
        assert run.out.split() in ([b"libpthread.so.0", b"libm.so.6"], [b"libpthread.so.0:libm.so.6"]), run.out


def test_asan(folder):
    """a program of gcc's with AddressSanitizer: its library comes first, for it alone"""
    program = build(folder, "asan", TELL, "-fsanitize=address")
    bare = run_bare(folder, program)
    if bare.returncode != 0:
        raise Skip("AddressSanitizer does not work here")
    plain = build(folder, "plain", TELL)
    for argv in ([program, "runs", plain], ["sh", "-c", f"{program} runs {plain}; true"],
                 ["sh", "-c", f"{plain} runs '{program} runs {plain}'; true"]):
        run = Recording(folder, *argv)
        assert run.status == 0 and len(run.err.splitlines()) == len(run.said), run.err
        preloads = [line.split(":") for line in run.out.decode().splitlines()]
        assert [each[0].startswith("libasan.so") for each in preloads[-2:]] == [True, False], preloads
        assert all("liblockstitch" in each[-1] for each in preloads), preloads
        assert not [line for line in run.said if "not recorded" in line], run.err


def test_asan_preloaded(folder):
    """AddressSanitizer's library preloaded by the user"""
    run = subprocess.run(["cc", "-print-file-name=libasan.so"], capture_output=True, text=True)
    library = run.stdout.strip()
    if not os.path.isabs(library):
        raise Skip("there is no AddressSanitizer")
    environment = {**os.environ, "LD_PRELOAD": library, "ASAN_OPTIONS": "detect_leaks=0"}
    plain = build(folder, "plain", TELL)
    for argv in ([plain], ["env", plain]):
        run = Recording(folder, *argv, env=environment)
        preloads = run.out.decode().strip().split(":")
        assert len(preloads) == 2 and preloads[0] == library, (run.out, run.err)
        assert run.status == 0 and len(run.err.splitlines()) == len(run.said) == 1, run.err


def test_memory_file(folder):
    """a program that is in no folder"""
    script = ("import os, sys; fd = os.memfd_create ('made', os.MFD_CLOEXEC); "
              "os.write (fd, open (sys.argv[1], 'rb').read ()); "
              "os.execve (fd, ['made', *sys.argv[2:]], os.environ)")
    run = Recording(folder, "/usr/bin/python3", "-c", script, SUBJECT, "threads")
    traces = run.all_rules()
    assert run.status == 0 and any(len(each.threads) == 3 for each in traces), run.err
    assert not [line for line in run.said if "not recorded" in line], run.err
    run = Recording(folder, "/usr/bin/python3", "-c", script, build_other(folder)[2:])
    assert run.out == b"nothing is preloaded\n" and run.status == 0, (run.out, run.err)


if __name__ == "__main__":
    run_tests(globals())
