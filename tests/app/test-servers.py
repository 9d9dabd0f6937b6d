# SPDX-License-Identifier: MIT
"""Servers of Debian's under load, and stress-ng's thread stressors, recorded: clients get the same, the
exit status is the same, and the traces keep the rules and show no finding.

    test-servers.py LOCKSTITCH
"""
import os
import shutil
import signal
import subprocess

from recording import DEADLINE_S, Recording, run_bare
from servers import MEMCACHED, REDIS, Server, ask, in_threads
from tap import Skip, run_cases


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip(f"{program} is not installed")


def assert_alike(folder, argv, use, threads, **how):
    """`use` (a running server) gives what a client gets."""
    with Server(folder / "bare", False, argv, **how) as bare:
        wanted = use(bare)
    with Server(folder / "recorded", True, argv, **how) as recorded:
        got = use(recorded)
    assert got == wanted, (str(got)[:300], str(wanted)[:300])
    assert recorded.status == bare.status, (recorded.status, bare.status, recorded.err)
    seen = Recording.__new__(Recording)  # of one that has ended
    seen.folder = folder / "recorded"
    traces = seen.all_rules()
    assert sum(each.footer["lost"] for each in traces) == 0, recorded.err
    n_threads = max(len(each.threads) for each in traces)
    assert n_threads >= threads, f"{n_threads} threads"
    seen.check()


def test_redis(folder):
    """redis-server with I/O threads, under redis-benchmark"""
    need("redis-server", "redis-benchmark", "redis-cli")
    def use(server):
        subprocess.run(["redis-benchmark", "-s", "socket", "-n", "600", "-c", "20", "-P", "4", "-q", "-t",
                        "set,get,incr,lpush,lpop"], cwd=server.folder, check=True, timeout=DEADLINE_S,
                       stdout=subprocess.DEVNULL)
        commands = b"get counter:__rand_int__\nset a b\nget a\nrpush l 1 2 3\nlrange l 0 -1\nunlink mylist l\ndbsize\n"
        return subprocess.run(["redis-cli", "-s", "socket"], cwd=server.folder, input=commands, check=True,
                              capture_output=True, timeout=DEADLINE_S).stdout
    assert_alike(folder, REDIS, use, threads=5)


def test_memcached(folder):
    """memcached with four threads"""
    need("memcached")
    def work(server, n):
        client = server.connect()
        got = b""
        for i in range(300):
            got += ask(client, b"set key%d-%d 0 0 4\r\nabcd\r\n" % (n, i % 20), 1)
            got += ask(client, b"get key%d-%d\r\n" % (n, i % 20), 3)
        ask(client, b"add sum 0 0 1\r\n0\r\n", 1)
        for _ in range(100):
            ask(client, b"incr sum 1\r\n", 1)
        client.close()
        return got
    def use(server):
        got = in_threads(lambda n: work(server, n))
        return got, ask(server.connect(), b"get sum\r\n", 3)
    assert_alike(folder, MEMCACHED, use, threads=5)


def test_nginx(folder):
    """nginx with threads that read files"""
    need("nginx")
    page = bytes(range(256)) * 2000
    (folder / "page").write_bytes(page)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "conf").write_text(f"""
        {user} daemon off; worker_processes 2; pid nginx.pid; error_log stderr crit;
        thread_pool default threads=4;
        events {{ worker_connections 64; }}
        http {{ access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u;
               scgi_temp_path s; aio threads; sendfile off; output_buffers 1 32k;
               server {{ listen unix:socket; location / {{ root {folder}; }} }} }}""")
    def work(server, n):
        client = server.connect()
        got = []
        for _ in range(20):
            client.sendall(b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while len(answer.partition(b"\r\n\r\n")[2]) < len(page):
                more = client.recv(1 << 20)
                assert more, answer[:200]
                answer += more
            head, _, body = answer.partition(b"\r\n\r\n")
            got.append((head.partition(b"\r\n")[0], body == page))
        client.close()
        return got
    argv = ["nginx", "-p", ".", "-e", "stderr", "-c", str(folder / "conf")]
    assert_alike(folder, argv, lambda server: in_threads(lambda n: work(server, n)), threads=5,
                 end=signal.SIGQUIT)


def run_stressor(folder, name):
    """Each ends by its count of operations: one that ends by its time on a busy machine complains."""
    need("stress-ng")
    argv = ["stress-ng", "-q", f"--{name}", "2", f"--{name}-ops", "60", "-t", "50"]
    bare = run_bare(folder, *argv)
    if bare.returncode != 0:
        raise Skip(f"it ends with {bare.returncode} here")
    recording = Recording(folder, *argv)
    assert recording.status == 0 and recording.out == bare.stdout, recording.err
    assert len(recording.err.splitlines()) == len(recording.said), recording.err
    traces = recording.all_rules(interrupted=True)
    assert traces and sum(each.footer["lost"] for each in traces) == 0, recording.err
    recording.check()


def main():
    cases = [(value.__doc__, value) for name, value in list(globals().items()) if name.startswith("test_")]
    # Not `resources`, which fills the disk, so that the recording of it ends early.
    for name in ("pthread", "mutex", "futex"):
        cases.append((f"stress-ng --{name}", lambda folder, name=name: run_stressor(folder, name)))
    run_cases(cases)


if __name__ == "__main__":
    main()
