"""A helper that speaks frames and that the test plays: its process hands over its descriptors. And what plays of it share."""

import json
import os
import select
import signal
import socket
import struct
import sys
import time

import rig

HAND = """#!%(python)s
import os
names = os.listdir("/proc/self/fd")  # and the one that this takes
open_ones = ",".join(sorted(n for n in names if os.path.exists("/proc/self/fd/" + n)))
import socket
s = socket.socket(socket.AF_UNIX)
s.connect(%(path)r)
names = ("FDS", "PROTO", "NAME")
words = "|".join([str(os.getpid())] + [os.environ.get("PEERPIPE_HELPER_" + n, "") for n in names])
lanes = [int(n) for n in os.environ["PEERPIPE_HELPER_FDS"].split(",")]
socket.send_fds(s, [(words + "|" + open_ones).encode()], lanes)
for fd in lanes:
    os.close(fd)
s.send(b" closed")
try:
    while True:
        order = s.recv(4096)
        if not order:
            break
        exec(order.decode())
except ConnectionError:
    pass
"""

READY = {"t": "ready", "proto": 1, "name": "hand", "caps": [], "inflight": 4}


def pack(frame):
    body = frame if isinstance(frame, bytes) else json.dumps(frame).encode()
    return struct.pack("!I", len(body)) + body


class FramedHand:
    def __init__(self, scene, name):
        self.scene = scene
        self.name = name
        self.listener = socket.socket(socket.AF_UNIX)
        path = os.path.join(scene.folder, name + ".framed")
        self.listener.bind(path)
        self.listener.listen(8)
        scene.script(name, HAND % {"python": sys.executable, "path": path})
        scene.hands.append(self)
        self.link = None
        self.fds = []
        self.data = bytearray()
        self.words = []
        self.id = 0
        self.kept = []  # frames that were read over

    def take(self, seconds=rig.PATIENCE):
        """The descriptors of the process that was started (again), before any frame."""
        self.let_go()
        rig.expect(
            select.select([self.listener], [], [], seconds)[0], "%s is not started", self.name
        )
        self.link = self.listener.accept()[0]
        words, self.fds, _, _ = socket.recv_fds(self.link, 4096, 4)
        while b"closed" not in words:
            more = self.link.recv(4096)
            rig.expect(more, "%s died at once", self.name)
            words += more
        self.words = words.decode().split(" closed")[0].split("|")
        self.id = 0
        return self

    @property
    def pid(self):
        return int(self.words[0])

    def ready(self, **how):
        """Through hello and ready."""
        if not self.fds:
            self.take()
        rig.equal(self.frame()["t"], "hello", "the first frame")
        self.send(dict(READY, **how))
        return self

    def write(self, data):
        view = memoryview(data)
        deadline = time.monotonic() + rig.PATIENCE
        os.set_blocking(self.fds[1], False)
        while view:
            left = max(0.0, deadline - time.monotonic())
            rig.expect(select.select([], [self.fds[1]], [], left)[1], "%s is not read", self.name)
            try:
                view = view[os.write(self.fds[1], view[:65536]) :]
            except BlockingIOError:
                continue
            deadline = time.monotonic() + rig.PATIENCE

    def send(self, *frames):
        self.write(b"".join(pack(frame) for frame in frames))

    def cmd(self, *lines):
        """Their ids."""
        first = self.id + 1
        frames = []
        for line in lines:
            self.id += 1
            frames.append({"t": "cmd", "id": self.id, "line": line})
        self.send(*frames)
        return list(range(first, self.id + 1))

    def frame(self, seconds=rig.PATIENCE):
        """The next one; None at the end."""
        if self.kept:
            return self.kept.pop(0)
        deadline = time.monotonic() + seconds
        while True:
            if len(self.data) >= 4:
                size = struct.unpack_from("!I", self.data)[0]
                if len(self.data) >= 4 + size:
                    body = bytes(self.data[4 : 4 + size])
                    del self.data[: 4 + size]
                    return json.loads(body)
            left = deadline - time.monotonic()
            rig.expect(
                left > 0 and select.select([self.fds[0]], [], [], left)[0],
                "%s: no frame within %g s", self.name, seconds,
            )
            piece = os.read(self.fds[0], 1 << 16)
            if not piece:
                rig.equal(bytes(self.data), b"", "half a frame at the end")
                return None
            self.data += piece

    def until(self, t, **fields):
        """The next of this type with these fields; those before are read over."""
        while True:
            frame = self.frame()
            rig.expect(frame is not None, "%s: the end came before %s", self.name, t)
            if frame["t"] == t and all(frame.get(k) == v for k, v in fields.items()):
                return frame

    def reply(self):
        """The next that is no event."""
        while True:
            frame = self.frame()
            if frame is None or frame["t"] not in ("event", "dropped"):
                return frame

    def answer(self, ident):
        """The data of the parts, and the terminal frame, of this id."""
        data, n = "", 0
        while True:
            frame = self.frame()
            rig.expect(frame is not None, "%s: the end came before the answer", self.name)
            if frame.get("re") != ident:
                continue
            if frame["t"] == "out":
                rig.equal(frame["n"], n, "n of a part")
                n += 1
                data += frame["data"]
            elif frame["t"] in ("result", "error"):
                return data, frame

    def at_end(self):
        """All frames until the end."""
        frames = []
        while True:
            frame = self.frame()
            if frame is None:
                return frames
            frames.append(frame)

    def do(self, code):
        """In the process itself."""
        self.link.send(code.encode())

    def let_go(self):
        for fd in self.fds:
            os.close(fd)
        self.fds = []
        self.data.clear()
        self.kept.clear()
        if self.link is not None:
            self.link.close()
            self.link = None

    def close(self):
        self.let_go()
        self.listener.close()


def process(scene, name, inside=""):
    return scene.process(name, "protocol framed; " + inside)


def finish(scene):
    """The orderly end, in which each helper that is there is told."""
    for daemon in scene.daemons:
        if daemon.running():
            daemon.signal(signal.SIGTERM)
    for hand in scene.hands:
        if not isinstance(hand, FramedHand) or not hand.fds:
            continue
        while True:
            try:
                frame = hand.frame()
            except rig.Failure:
                raise rig.Failure("%s is not told of the end" % hand.name)
            if frame is None or frame["t"] == "shutdown":
                break
        hand.let_go()


FEED = "neighbor-changes; receive { parsed; update; }"


def route(i):
    return "10.%d.%d.0/24" % (i >> 8, i & 255)


def messages(first, count):
    return b"".join(
        rig.update(rig.attributes(), rig.prefix(route(i))) for i in range(first, first + count)
    )


def alone(scene, inside="", **settings):
    """A helper with frames, one with lines that looks on, and no peer that has to be there."""
    hand, eye = FramedHand(scene, "framed"), scene.hand("eye")
    scene.other = scene.hand("other")
    peer = scene.peer()
    daemon = scene.start(
        process(scene, "framed", inside) + scene.process("eye", "encoder json;")
        + scene.process("other", "encoder json;")
        + peer.section(processes="eye framed", api=FEED),
        **settings,
    )
    return daemon, hand, eye, peer


def answer(eye):
    """Of one that hears events, too."""
    return [line for line in eye.answer() if not line.startswith('{ "exabgp"')]


def asked(eye, command):
    eye.say(command)
    return answer(eye)


def session(eye, name="framed"):
    return json.loads(asked(eye, "show framed")[0])[name]


def accounts(eye, name="framed"):
    return json.loads(asked(eye, "show accounting json")[0])["helpers"][name]


def respawned(hand, daemon, why):
    first = hand.pid
    hand.take()
    rig.expect(hand.pid != first, "it is the same process")
    rig.expect(why in daemon.log(), "the log has no %s", why)
    hand.ready()
