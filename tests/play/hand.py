"""A helper that the test plays itself."""

import os
import select
import socket
import sys
import time

from claims import PATIENCE, expect

HAND = """#!%(python)s
import os, socket
s = socket.socket(socket.AF_UNIX)
s.connect(%(path)r)
socket.send_fds(s, [str(os.getpid()).encode()], [0, 1])
os.close(0)
os.close(1)
s.send(b" closed")
try:
    s.recv(1)
except ConnectionError:
    pass
"""


class Hand:
    """A helper that the test plays itself: its process hands over its stdin and stdout."""

    def __init__(self, scene, name):
        self.scene = scene
        self.name = name
        path = os.path.join(scene.folder, name + ".hand")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)
        scene.script(name, HAND % {"python": sys.executable, "path": path})
        self.link = None
        self.to = self.from_ = None  # file descriptors: its stdout and stdin
        self.data = bytearray()
        self.pid = None

    def take(self, seconds=PATIENCE):
        """The pipes of the process that the program started (again)."""
        self.let_go()
        expect(select.select([self.listener], [], [], seconds)[0], "helper %s is not started", self.name)
        self.link = self.listener.accept()[0]
        word, (self.from_, self.to), _, _ = socket.recv_fds(self.link, 64, 2)
        while b"closed" not in word:  # ours are the only ends from then on
            more = self.link.recv(64)
            expect(more, "helper %s died at once", self.name)
            word += more
        self.pid = int(word.split()[0])
        return self

    def ready(self):
        if self.to is None and self.link is None:
            self.take()

    def write(self, data):
        """Exact bytes; reads nothing meanwhile."""
        self.ready()
        view = memoryview(data)
        deadline = time.monotonic() + PATIENCE
        while view:
            expect(
                select.select([], [self.to], [], max(0.0, deadline - time.monotonic()))[1],
                "helper %s: its commands are not read", self.name,
            )
            view = view[os.write(self.to, view[:65536] if len(view) > 4096 else view) :]
            deadline = time.monotonic() + PATIENCE

    def say(self, *lines):
        self.write("".join(line + "\n" for line in lines).encode())

    def line(self, seconds=PATIENCE):
        """The next line without its newline; None at the end."""
        self.ready()
        deadline = time.monotonic() + seconds
        seen = 0
        while True:
            at = self.data.find(b"\n", seen)
            if at >= 0:
                line = bytes(self.data[:at]).decode()
                del self.data[: at + 1]
                return line
            seen = len(self.data)
            left = deadline - time.monotonic()
            expect(
                left > 0 and select.select([self.from_], [], [], left)[0],
                "helper %s: no line within %g s", self.name, seconds,
            )
            piece = os.read(self.from_, 1 << 16)
            if not piece:
                return None
            self.data += piece

    def answer(self, seconds=PATIENCE):
        """All lines until "done", "error" or the end."""
        lines = []
        while True:
            line = self.line(seconds)
            if line is None:
                return lines
            lines.append(line)
            if line in ("done", "error"):
                return lines

    def until_line(self, part, seconds=PATIENCE):
        """The next line with this part in it; those before are read over."""
        while True:
            line = self.line(seconds)
            expect(line is not None, "helper %s: the end came before %s", self.name, part)
            if part in line:
                return line

    def quiet(self):
        """Nothing to be read now."""
        return not self.data and not select.select([self.from_], [], [], 0)[0]

    def close_stdin(self):
        os.close(self.from_)
        self.from_ = None

    def close_stdout(self):
        os.close(self.to)
        self.to = None

    def let_go(self):
        """Its pipes are closed and its process ends."""
        for fd in (self.from_, self.to):
            if fd is not None:
                os.close(fd)
        self.from_ = self.to = None
        self.data.clear()
        if self.link is not None:
            self.link.close()
            self.link = None

    def close(self):
        self.let_go()
        self.listener.close()
