# SPDX-License-Identifier: MIT
"""`lockstitch record` as a command: its options, what it says, its terminal, its signals.

    test-record-cli.py LOCKSTITCH SUBJECT REGION_OPTIONS STATIC STATIC_GO GO EXECS
"""
import gzip
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time

from tap import Skip, run_tests

DEADLINE_S = 120
LOCKSTITCH, SUBJECT, REGION_OPTIONS, STATIC, STATIC_GO, GO, EXECS = (
    os.path.abspath(path) for path in sys.argv[1:])


def record(folder, *argv, **environment):
    """A run of `lockstitch record ARGV`, to its end."""
    run = subprocess.run([LOCKSTITCH, "record", *argv], capture_output=True, cwd=folder, text=True,
                         env={**os.environ, **environment}, timeout=DEADLINE_S)
    run.said = [line[12:] for line in run.stderr.splitlines() if line.startswith("lockstitch: ")]
    return run


def read_trace(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def wait_for(condition):
    deadline = time.monotonic() + DEADLINE_S
    while not (result := condition()):
        assert time.monotonic() < deadline, "nothing came of waiting"
        time.sleep(0.002)
    return result


class Terminal:
    """A command in a session of its own on a new terminal, as `shell` jobs are: in the foreground."""

    def __init__(self, folder, *argv, **streams):
        self.text = ""
        self.fd, other = pty.openpty()
        def lead():
            os.setsid()
            os.close(os.open(os.ttyname(other), os.O_RDWR))  # becomes the controlling terminal
        self.process = subprocess.Popen(argv, cwd=folder, preexec_fn=lead, text=True,
                                        **{"stdin": other, "stdout": other, "stderr": other,
                                           **streams}, env={**os.environ, "TERM": "xterm"})
        os.close(other)

    def read(self):
        """What is there by now; false at the end."""
        while select.select([self.fd], [], [], 0)[0]:
            try:
                more = os.read(self.fd, 65536)
            except OSError:  # all have closed it
                return False
            if not more:
                return False
            self.text += more.decode()
        return True

    def wait_for(self, words):
        wait_for(lambda: self.read() and words in self.text or words in self.text)

    def type(self, keys):
        os.write(self.fd, keys)

    def wait(self):
        wait_for(lambda: not self.read() or self.process.poll() is not None)
        self.process.wait(DEADLINE_S)
        self.read()
        os.close(self.fd)
        return self.process.returncode


def test_bad_options(folder):
    """options that cannot be are refused before the program runs"""
    for option, words in {
            "--when-full=maybe": "--when-full is 'maybe', must be wait or drop",
            "--children=some": "--children is 'some', must be follow or ignore",
            "--stacks=13": "--stacks is '13', must be a number of callers from 0 to 12",
            "--stacks=x": "--stacks is 'x', must be a number",
            "--keep-last=12Q": "--keep-last is '12Q', must be a size of at least 1M",
            "--keep-last=-1G": "--keep-last is '-1G', must be a size of at least 1M",
            "--buffer-size=nan": "--buffer-size is 'nan', must be a size",
            "--buffer-size=1K": "--buffer-size is '1K', must be a size of at least 1M",
            "--duration=0": "--duration is '0', must be a time like 500ms",
            "--duration=5days": "--duration is '5days', must be a time like 500ms",
            "--output=": "--output needs a file's name"}.items():
        run = record(folder, option, "sh", "-c", "echo ran")
        assert run.returncode == 2 and run.stdout == "", (option, run)
        assert len(run.said) == 1 and run.said[0].startswith(words), run.stderr
        assert run.said[0].endswith("; see lockstitch record --help"), run.stderr
    assert not list(folder.iterdir())


def test_region_options(folder):
    """the program sees the options from the start"""
    for options, seen in {(): "0 0", ("--when-full", "drop"): "1 0", ("--when-full=wait",): "0 0",
                          ("--no-sleep", "--stacks"): "2 6", ("--stacks=12",): "0 12",
                          ("--children=ignore", "--keep-last", "1.5g"): "4 0",
                          ("--stacks=0", "--buffer-size=64MiB", "--duration", "2m"): "8 0",
                          }.items():
        run = record(folder, "-o", "x.trace.jsonl", *options, "--", REGION_OPTIONS)
        assert run.returncode == 0, run
        assert run.stdout == seen + "\n", (options, run.stdout)


def test_duration(folder):
    """--duration ends the recording, the program goes on"""
    process = subprocess.Popen([LOCKSTITCH, "record", "-o", "x.trace.jsonl", "--duration=20ms",
                                SUBJECT, "wait"], cwd=folder, stderr=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    path = folder / "x.trace.jsonl"
    wait_for(lambda: path.exists() and '\n{"end":' in path.read_text())
    assert process.poll() is None
    footer = read_trace(path)[-1]
    assert 20_000_000 <= footer["end"] and "exit" not in footer and "signal" not in footer, footer
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 128 + signal.SIGTERM, process.returncode
    assert " events of 3 threads in " in err, err


def test_interrupt(folder):
    """Ctrl-C is the program's affair: as often as it likes, and the trace is finished"""
    terminal = Terminal(folder, LOCKSTITCH, "record", "-o", "x.trace.jsonl", "sh", "-c",
                        "n=0; trap 'n=$((n + 1)); echo interrupt $n' INT; echo ready;"
                        "while [ $n -lt 3 ]; do sleep 0.02; done; exit 7")
    terminal.wait_for("ready")
    for n in range(1, 4):
        terminal.type(b"\3")
        terminal.wait_for(f"interrupt {n}")
    assert terminal.wait() == 7, terminal.text
    assert "nothing lost: x.trace.jsonl" in terminal.text, terminal.text
    assert read_trace(folder / "x.trace.jsonl")[-1]["exit"] == 7
    terminal = Terminal(folder, LOCKSTITCH, "record", "-o", "x.trace.jsonl", SUBJECT, "wait")
    terminal.wait_for("ready")
    terminal.type(b"\3")
    assert terminal.wait() == 128 + signal.SIGINT, terminal.text
    assert read_trace(folder / "x.trace.jsonl")[-1]["signal"] == signal.SIGINT


def get_state(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0]


def test_job_control(folder):
    """Ctrl-Z stops both, fg goes on with both"""
    if not os.path.exists("/bin/bash"):
        raise Skip("bash is not installed")
    terminal = Terminal(folder, "/bin/bash", "--norc", "-i")
    terminal.type(f"PS1='> '; '{LOCKSTITCH}' record -o x.trace.jsonl sh -c "
                  "'echo $$ $PPID >pids; read a; echo got $a'\n".encode())
    pids = folder / "pids"
    pid, parent = wait_for(lambda: pids.exists() and pids.read_text().split())
    terminal.type(b"\x1a")
    terminal.wait_for("Stopped")
    wait_for(lambda: get_state(pid) == "T" and get_state(parent) == "T")
    terminal.type(b"fg\n")
    wait_for(lambda: get_state(pid) != "T" and get_state(parent) != "T")
    terminal.type(b"word\n")
    terminal.wait_for("got word")
    terminal.wait_for("nothing lost: x.trace.jsonl")
    terminal.type(b"echo status-$((0 + $?))\nexit\n")
    terminal.wait_for("status-0")
    terminal.wait()
    assert read_trace(folder / "x.trace.jsonl")[-1]["exit"] == 0


def test_forwarding(folder):
    """signals that processes send go on to the program"""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)  # nohup and a shell's & leave some ignored
        process = subprocess.Popen([LOCKSTITCH, "record", "-o", "x.trace.jsonl", SUBJECT, "wait"],
                                   cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.wait(DEADLINE_S) == 128 + number
        assert read_trace(folder / "x.trace.jsonl")[-1]["signal"] == number
    # nohup's: the program does not get what it was to ignore.
    run = subprocess.run(["sh", "-c", "trap '' HUP; exec \"$@\"", "sh", LOCKSTITCH, "record", "-o",
                          "x.trace.jsonl", "sh", "-c", "kill -HUP $PPID $$; echo alive"],
                         cwd=folder, capture_output=True, timeout=DEADLINE_S)
    assert run.returncode == 0 and run.stdout == b"alive\n", run


def test_status(folder):
    """the status line: there while the output goes elsewhere, gone at the end, never in a pipe"""
    argv = [LOCKSTITCH, "record", "-o", "x.trace.jsonl"]
    for option, is_shown in {"--status=auto": True, "--status=never": False}.items():
        with open(folder / "out", "w") as out:
            terminal = Terminal(folder, *argv, option, SUBJECT, "wait", stdout=out)
        if is_shown:
            terminal.wait_for(" 3 threads, 0 lost, 0:0")
        else:
            wait_for(lambda: "ready" in (folder / "out").read_text())
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait() == 128 + signal.SIGTERM
        before, _, last = terminal.text.rpartition("\r\x1b[K")
        if not is_shown:
            assert "\x1b" not in terminal.text, terminal.text
        assert last.startswith("lockstitch: ") and "nothing lost: x.trace.jsonl" in last, last
        assert "\n" not in before, terminal.text
    # The program has the terminal to itself: it writes there, or has put it into a mode of its own.
    for streams, script in (({}, "sleep 1"), ({"stdout": subprocess.DEVNULL},
                                             "stty -icanon -echo; sleep 1")):
        terminal = Terminal(folder, *argv, "sh", "-c", script, **streams)
        assert terminal.wait() == 0
        assert " threads, " not in terminal.text, terminal.text
    run = record(folder, "-o", "x.trace.jsonl", "--status=always", "sleep", "0.6")
    assert "\r" not in run.stderr and len(run.said) == 1, run.stderr


def test_processes(folder):
    """the traces of all processes are listed"""
    run = record(folder, "-o", "x.trace.jsonl", "sh", "-c",
                 f"for i in 1 2 3; do '{SUBJECT}' threads $i; done; exit 4")
    assert run.returncode == 4
    assert run.said[0].endswith(", nothing lost: x.trace.jsonl"), run.stderr
    assert len(run.said) == 3, run.stderr
    traces = {path.name for path in folder.iterdir()}
    assert len(traces) == 3, traces
    for line in run.said[1:]:
        pid = line.split()[1]
        assert "(record-subject), " in line and " so far" not in line, line
        assert f"x.{pid}.trace.jsonl" in traces and line.endswith(f": x.{pid}.trace.jsonl"), line
    run = record(folder, "-o", "y.trace.jsonl", "sh", "-c",
                 f"for i in 1 2 3 4 5 6 7 8 9 10 11 12; do '{SUBJECT}' threads; done; :")
    assert len(run.said) == 10 and run.said[-1] == "  and 3 more", run.stderr


def test_unrecordable(folder):
    """a program that cannot be recorded is said before its start, and is an error at its end"""
    for program, words in ((STATIC, "it is linked statically"), (STATIC_GO, "it is a Go program")):
        run = record(folder, "-o", "x.trace.jsonl", program, "threads")
        assert run.returncode == 1 and len(run.said) == 2, run
        assert f"{program} itself cannot be recorded: {words}" in run.said[0], run.stderr
        assert run.said[1].startswith(f"nothing was recorded of {program}: "), run.stderr
        assert not list(folder.iterdir())
    run = record(folder, "-o", "x.trace.jsonl", STATIC, "exit", "9")
    assert run.returncode == 9 and run.said[-1].startswith("nothing was recorded"), run
    script = folder / "script"
    script.write_text(f"#!/usr/bin/env {STATIC}\n")
    script.chmod(0o755)
    assert "is linked statically" in record(folder, "./script").said[0]


def test_unseen(folder):
    """programs that ran without the library are told, however they were started"""
    (folder / "unseen").symlink_to(STATIC)
    (folder / "seen").symlink_to(SUBJECT)
    path = {"PATH": f"{folder}:{os.environ['PATH']}"}
    bare = subprocess.run([EXECS, "./unseen", "unseen"], cwd=folder, env={**os.environ, **path},
                          capture_output=True, text=True, timeout=DEADLINE_S)
    assert bare.returncode == 4 and bare.stdout.count(": 3\n") == 20, bare
    run = record(folder, "-o", "x.trace.jsonl", EXECS, "./unseen", "unseen", **path)
    assert run.returncode == 4 and run.stdout == bare.stdout, run
    # 7 ways by path and 3 by name, twice each; spawned twice and once; and what it becomes.
    unseen = [line for line in run.said if "was not recorded: it is linked statically" in line]
    assert sum(int(line.partition(" times)")[0].rpartition(" ")[2]) for line in unseen) == 24, unseen
    assert read_trace(folder / "x.trace.jsonl")[-1].keys() == {"end", "events", "lost", "exec"}
    # What joins its recording is no such program.
    run = record(folder, "-o", "x.trace.jsonl", EXECS, "./seen", "./seen")
    assert not [line for line in run.said if "not recorded: it" in line], run.said


def test_namespace(folder):
    """a process namespace of its own"""
    unshare = ["unshare", "--pid", "--fork"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"],
                                                     capture_output=True).returncode != 0:
        raise Skip("no process namespace is to be had here")
    run = record(folder, "-o", "x.trace.jsonl", *unshare, "sh", "-c",
                 f"'{SUBJECT}' threads; '{SUBJECT}' threads; exit 5")
    assert run.returncode == 5 and len(run.said) == 2, run
    for path in folder.iterdir():
        header, *_, footer = read_trace(path)
        assert footer["events"] >= 87 and footer["lost"] == 0, footer
        assert header["pid"] > 3, header  # as seen from here
        ends = [line for line in read_trace(path) if line.get("ev") == "finish"]
        assert len(ends) == 3, ends


def test_container(folder):
    """a container of its own, where nothing is to be had of us"""
    unshare = ["unshare", "--user", "--map-root-user", "--pid", "--fork"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"],
                                                     capture_output=True).returncode != 0:
        raise Skip("no user namespace is to be had here")
    run = record(folder, "-o", "x.trace.jsonl", *unshare, SUBJECT, "threads")
    assert run.returncode == 0, run
    assert len(run.said) == 1 or "is it in a container of its own?" in run.said[1], run.stderr


def test_blind(folder):
    """what cannot be seen is said, in the trace and at the end"""
    def assert_blind(program, name):
        run = record(folder, "-o", "x.trace.jsonl", program)
        assert run.returncode == 0, run
        assert run.said[1].startswith(f"locks of {name} do not go through"), run.stderr
        blind = [line["blind"] for line in read_trace(folder / "x.trace.jsonl") if "blind" in line]
        assert blind[-1] == [name], blind
    assert_blind(GO, "seems-go (Go)")
    rustc = shutil.which("rustc")
    if rustc and subprocess.run([rustc, "-V"], capture_output=True).returncode == 0:
        (folder / "hello.rs").write_text(
            "use std::sync::Mutex;\nfn main() { println!(\"{}\", Mutex::new(1).lock().unwrap()); }")
        subprocess.run([rustc, "-O", "hello.rs"], cwd=folder, check=True, capture_output=True)
        assert_blind("./hello", "hello (Rust)")
        subprocess.run(["strip", "-s", "-R", ".comment", "hello"], cwd=folder, check=True)
        assert_blind("./hello", "hello (Rust)")


def test_selection(folder):
    """--only and --ignore leave objects out whole, by name or by file, and the trace says so"""
    def see(*options):
        run = record(folder, "-o", "x.trace.jsonl", *options, SUBJECT, "threads")
        assert run.returncode == 0 and len(run.said) == 1, run
        lines = read_trace(folder / "x.trace.jsonl")
        names = {line["object"]: line["name"] for line in lines if "object" in line}
        n_acquired = dict.fromkeys(names.values(), 0)
        n_released = dict.fromkeys(names.values(), 0)
        for line in lines:
            if line.get("ev") == "acquire":
                n_acquired[names[line["obj"]]] += 1
            if line.get("ev") == "release":
                n_released[names[line["obj"]]] += 1
        assert n_acquired == n_released, lines
        assert len([line for line in lines if line.get("ev") in ("start", "create", "join")]) == 7
        return n_acquired, [line["ignored"] for line in lines if "ignored" in line]
    log, shard = {"log_lock": 20}, {"shards[2].lock": 20}
    own = "*/" + os.path.basename(SUBJECT)
    for options, kept, ignored in (
            ([], {**log, **shard}, []),
            (["--only=log_*"], log, [["all but log_*"]]),
            (["--ignore", "log_*"], shard, [["log_*"]]),
            (["--ignore=shards[2].lock", "--ignore=libc.so*"], log,
             [["shards[2].lock", "libc.so*"]]),
            (["--only=" + own, "--ignore=log_lock"], shard, [["all but " + own, "log_lock"]]),
            (["--ignore=" + own], {}, [[own]]),
            (["--only=libcrypto*", "--only=log*"], log, [["all but libcrypto*, log*"]])):
        assert see(*options) == (kept, ignored), (options, see(*options))


def test_standard_output(folder):
    """-o - puts the trace, and nothing else, on standard output"""
    run = record(folder, "-o", "-", "--", SUBJECT, "threads")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert lines[0]["lockstitch"] == 1 and lines[-1]["exit"] == run.returncode == 0, run
    assert len([line for line in lines if "ev" in line]) == lines[-1]["events"], lines[-1]
    assert run.said[-1].endswith(": standard output"), run.said
    said = record(folder, "-o", "-", "--", "sh", "-c", "echo to standard error; exit 3")
    assert "to standard error" in said.stderr and "standard error" not in said.stdout.split("\n", 1)[1]
    assert said.returncode == 3, said
    run = record(folder, "--check", "-o", "-", SUBJECT, "threads")
    assert run.returncode == 2 and run.stdout == "", run
    assert not list(folder.iterdir())


def test_packed(folder):
    """-o NAME.gz and NAME.zst pack the trace"""
    run = record(folder, "-o", "x.trace.jsonl.gz", "--", SUBJECT, "threads")
    with gzip.open(folder / "x.trace.jsonl.gz", "rt") as packed:
        lines = [json.loads(line) for line in packed]
    assert lines[0]["lockstitch"] == 1 and lines[-1]["exit"] == run.returncode == 0, run
    assert len([line for line in lines if "ev" in line]) == lines[-1]["events"], lines[-1]
    run = record(folder, "--check", "-o", "x.trace.jsonl.zst", "--", SUBJECT, "threads")
    assert run.returncode == 0 and "ended normally" in run.stdout, run
    assert (folder / "x.trace.jsonl.zst").read_bytes()[:4] == b"\x28\xb5\x2f\xfd"


def test_folder(folder):
    """a folder is no program"""
    for name in (".", "..", "/", "./"):
        run = record(folder, name)
        assert run.returncode == 126 and len(run.said) == 1, run


if __name__ == "__main__":
    run_tests(globals())
