# SPDX-License-Identifier: MIT
"""Servers on sockets in folders, bare or recorded, and clients of theirs."""
import os
import signal
import socket
import subprocess
import threading
import time

from recording import DEADLINE_S, LOCKSTITCH

N_CLIENTS = 4
REDIS = ["redis-server", "--port", "0", "--unixsocket", "socket", "--save", "", "--io-threads", "2",
         "--io-threads-do-reads", "yes"]
MEMCACHED = ["memcached", "-s", "socket", "-t", "4", *(["-u", "root"] if os.geteuid() == 0 else [])]


class Server:
    """A server on a socket in its folder, until the block ends, which signals it; recorded or not."""

    def __init__(self, folder, is_recorded, argv, socket_name="socket", end=signal.SIGTERM):
        folder.mkdir()
        self.folder, self.path, self.end = folder, folder / socket_name, end
        command = [LOCKSTITCH, "record", "-o", "x.trace.jsonl", "--", *argv] if is_recorded else argv
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(DEADLINE_S)
        client.connect(str(self.path))
        return client

    def __enter__(self):
        deadline = time.monotonic() + DEADLINE_S
        while True:
            try:
                self.connect().close()
                return self
            except OSError:
                assert self.process.poll() is None, self.process.stderr.read()
                assert time.monotonic() < deadline, "it never answered"
                time.sleep(0.01)

    def __exit__(self, *_):
        self.process.send_signal(self.end)
        try:
            _, self.err = self.process.communicate(timeout=DEADLINE_S)
        finally:
            self.process.kill()
        self.status = self.process.returncode
        self.status = self.status if self.status >= 0 else 128 - self.status


def ask(client, text, n_lines):
    client.sendall(text)
    got = b""
    while got.count(b"\n") < n_lines:
        more = client.recv(65536)
        assert more, got
        got += more
    return got


def in_threads(work):
    """What each of some clients at once got."""
    results = [None] * N_CLIENTS
    def run(n):
        results[n] = work(n)
    threads = [threading.Thread(target=run, args=(n,)) for n in range(N_CLIENTS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(DEADLINE_S)
    return results
