"""
The rig of the end-to-end tests: the program with a configuration, helpers and BGP peers around it,
all on loopback, each wait with a deadline, and nothing left behind.

    def test_a_claim(scene):
        peer = scene.peer()
        hand = scene.hand("h")
        scene.start(scene.process("h") + peer.section(processes="h"))
        peer.establish()
        hand.say("announce route 10.0.0.0/24 next-hop self")
        rig.equal(hand.answer(), ["done"])

    rig.main([test_a_claim])

The first argument of the script is the program, the others are names of tests (all without any).
"""

import ctypes
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

PATIENCE = 60.0  # seconds that a state may take to come, on a busy machine
MARKER = b"\xff" * 16
OPEN, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH = 1, 2, 3, 4, 5
PR_SET_CHILD_SUBREAPER = 36


class Failure(Exception):
    pass


class Skip(Exception):
    pass


def expect(condition, message, *args):
    if not condition:
        raise Failure(message % args if args else message)


def equal(got, want, what="value"):
    if got != want:
        raise Failure("%s is %.2000r, not %.2000r" % (what, got, want))


def until(condition, what, seconds=PATIENCE):
    """Waits until condition() is true and returns what it gave."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure("not within %g s: %s" % (seconds, what))
        time.sleep(0.005)


def stat_of(pid):
    """state, ppid, ticks of CPU; None when there is no such process."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return fields[0].decode(), int(fields[1]), int(fields[11]) + int(fields[12])


def state_of(pid):
    stat = stat_of(pid)
    return None if stat is None else stat[0]


def ticks(pid):
    return stat_of(pid)[2]


def wakeups(pid):
    """How often it has slept."""
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("voluntary_ctxt"))


def idle(pid):
    """Waits until it uses next to no time: nothing spins, nor waits for a processor."""

    def half_a_second():
        start, before, states = time.monotonic(), ticks(pid), []
        until(lambda: states.append(state_of(pid)) or time.monotonic() - start > 0.5, "half a second")
        return ticks(pid) - before <= 3 and states.count("R") * 4 < len(states)

    until(half_a_second, "%d has nothing to do" % pid)


def children(pid):
    """{pid: state} of the direct children, zombies too."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            stat = stat_of(int(name))
            if stat is not None and stat[1] == pid:
                found[int(name)] = stat[0]
    return found


def zombies(pid):
    return [p for p, state in children(pid).items() if state == "Z"]


def status_kib(pid, key):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        for line in file:
            if line.startswith(key + ":"):
                return int(line.split()[1])
    raise Failure("no %s of %d" % (key, pid))


def rss(pid):
    """Resident KiB now."""
    return status_kib(pid, "VmRSS")


def rss_peak(pid):
    return status_kib(pid, "VmHWM")


def fds(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def command_of(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def bgp(kind, body=b"", length=None, marker=MARKER):
    length = 19 + len(body) if length is None else length
    return marker + length.to_bytes(2, "big") + bytes([kind]) + body


def prefix(text):
    """NLRI of "10.0.0.0/24" or "2001:db8::/32"."""
    address, _, size = text.partition("/")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    packed = socket.inet_pton(family, address)
    bits = int(size) if size else 8 * len(packed)
    return bytes([bits]) + packed[: (bits + 7) // 8]


def capability(code, value=b""):
    return bytes([code, len(value)]) + value


def attribute(flags, code, value):
    if len(value) > 255:
        flags |= 0x10
    size = len(value).to_bytes(2 if flags & 0x10 else 1, "big")
    return bytes([flags, code]) + size + value


def attributes(asn=65002, next_hop="127.0.0.2", more=b""):
    """ORIGIN, a path of one four octet AS number, NEXT_HOP, and what else is wanted."""
    path = b"\x02\x01" + asn.to_bytes(4, "big")
    return (
        attribute(0x40, 1, b"\0")
        + attribute(0x40, 2, path)
        + attribute(0x40, 3, socket.inet_aton(next_hop))
        + more
    )


def update(attrs=b"", nlri=b"", withdrawn=b""):
    body = len(withdrawn).to_bytes(2, "big") + withdrawn
    return bgp(UPDATE, body + len(attrs).to_bytes(2, "big") + attrs + nlri)


def split_update(body):
    """withdrawn, attributes, nlri of the body of an UPDATE."""
    withdrawn = int.from_bytes(body[:2], "big")
    attrs_at = 4 + withdrawn
    attrs = int.from_bytes(body[2 + withdrawn : attrs_at], "big")
    return body[2 : 2 + withdrawn], body[attrs_at : attrs_at + attrs], body[attrs_at + attrs :]


def prefixes(nlri):
    """The prefixes of IPv4 NLRI without path identifiers, each as its bytes."""
    found, at = [], 0
    while at < len(nlri):
        end = at + 1 + (nlri[at] + 7) // 8
        found.append(nlri[at:end])
        at = end
    return found


class Peer:
    """The other side of a session. It listens, for the program connects with connect PORT; with
    connect() it is the one that calls."""

    def __init__(self, address, asn=65002, local_as=65001, hold=180, families=((1, 1),), capable=()):
        self.address = address
        self.asn = asn
        self.local_as = local_as
        self.hold = hold
        self.families = families
        self.capable = capable  # more capabilities, as bytes
        self.port = 0
        self.listen()
        self.socket = None
        self.data = bytearray()
        self.opened = None  # body of the OPEN that came
        self.keeper = None
        self.sending = threading.Lock()
        self.stopping = threading.Event()
        self.reset()

    def listen(self):
        """Where it did before, if it did."""
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((self.address, self.port))
        self.listener.listen(8)
        self.port = self.listener.getsockname()[1]

    def reset(self):
        self.routes = {}  # NLRI as bytes: attributes as bytes, what stands now
        self.updates = 0
        self.announced = self.withdrawn = 0
        self.ends = 0  # End-of-RIB markers of IPv4 unicast
        self.beats = []  # times of KEEPALIVEs
        self.notification = None  # code, subcode, data
        self.closed = None  # why the keeper ended

    def section(self, processes="", inside="", api=""):
        """The neighbor section of the program's configuration."""
        families = "ipv4 unicast; ipv6 unicast;" if (2, 1) in self.families else "ipv4 unicast;"
        if processes or api:
            api = "api { %s %s }" % ("processes [ %s ];" % processes if processes else "", api)
        return (
            "neighbor %s { local-address 127.0.0.1; router-id 10.0.0.1; local-as %d; peer-as %d; "
            "connect %d; hold-time %d; family { %s } %s %s }\n"
            % (self.address, self.local_as, self.asn, self.port, max(self.hold, 3) if self.hold else 0,
               families, inside, api)
        )

    def accept(self, seconds=PATIENCE):
        expect(select.select([self.listener], [], [], seconds)[0], "no connection to %s", self.address)
        self.take(self.listener.accept()[0])

    def connect(self, address, port):
        s = socket.socket()
        s.bind((self.address, 0))
        s.settimeout(PATIENCE)
        s.connect((address, port))
        self.take(s)

    def take(self, s):
        self.drop()
        self.reset()
        s.settimeout(PATIENCE)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = s

    def send(self, data):
        """Whole messages; the keeper's are never in the middle of them."""
        with self.sending:
            self.socket.sendall(data)

    def beat(self):
        """A KEEPALIVE, unless somebody is stuck in sending: then what it sends is life enough."""
        if self.sending.acquire(blocking=False):
            try:
                self.socket.sendall(bgp(KEEPALIVE))
            finally:
                self.sending.release()

    def read(self, seconds=PATIENCE):
        """The next message as (type, body); None when the other side closed."""
        deadline = time.monotonic() + seconds
        while True:
            if len(self.data) >= 19:
                length = int.from_bytes(self.data[16:18], "big")
                expect(length >= 19 and self.data[:16] == MARKER, "broken header %s", self.data[:19].hex())
                if len(self.data) >= length:
                    message = self.data[18], bytes(self.data[19:length])
                    del self.data[:length]
                    return message
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise Failure("no message from the program within %g s" % seconds)
            try:
                piece = self.socket.recv(1 << 18)
            except ConnectionError:
                return None
            if not piece:
                return None
            self.data += piece

    def read_kind(self, kind, seconds=PATIENCE):
        """The body of the next message of this kind; those before are read over."""
        deadline = time.monotonic() + seconds
        while True:
            message = self.read(max(0.0, deadline - time.monotonic()))
            expect(message is not None, "%s: closed instead of message %d", self.address, kind)
            if message[0] == kind:
                return message[1]
            if message[0] == NOTIFICATION:
                raise Failure("NOTIFICATION %s instead of message %d" % (message[1].hex(), kind))

    def capabilities(self):
        every = [capability(1, a.to_bytes(2, "big") + bytes([0, s])) for a, s in self.families]
        return every + [capability(65, self.asn.to_bytes(4, "big"))] + list(self.capable)

    def open_message(self, version=4, asn=None, hold=None, router_id="10.0.0.2", parameters=None):
        asn = self.asn if asn is None else asn
        if parameters is None:
            joined = b"".join(self.capabilities())
            parameters = bytes([2, len(joined)]) + joined
        return bgp(
            OPEN,
            bytes([version])
            + (asn if asn < 65536 else 23456).to_bytes(2, "big")
            + (self.hold if hold is None else hold).to_bytes(2, "big")
            + socket.inet_aton(router_id)
            + bytes([len(parameters)])
            + parameters,
        )

    def handshake(self):
        """OPEN and KEEPALIVE in both directions on the connection that there is."""
        self.send(self.open_message())
        self.opened = self.read_kind(OPEN)
        self.send(bgp(KEEPALIVE))
        self.read_kind(KEEPALIVE)

    def establish(self, keep=True):
        """Accepts, shakes hands, and then reads and sends KEEPALIVEs by itself if it shall."""
        self.accept()
        self.handshake()
        if keep:
            self.keep()
        return self

    # A thread reads, counts and keeps the session alive.

    def keep(self):
        self.stopping.clear()
        self.keeper = threading.Thread(target=self.keep_on, daemon=True)
        self.keeper.start()

    def keep_on(self):
        interval = self.hold / 3 if self.hold else 30
        due = time.monotonic()
        try:
            while not self.stopping.is_set():
                if time.monotonic() >= due:
                    due = time.monotonic() + interval
                    self.beat()
                if not self.hear():
                    self.closed = "closed"
                    return
        except (OSError, Failure) as failure:
            self.closed = str(failure)

    def hear(self):
        self.take_messages()  # some may have come with the last one that was read by hand
        if not select.select([self.socket], [], [], 0.05)[0]:
            return True
        piece = self.socket.recv(1 << 18)
        self.data += piece
        self.take_messages()
        return bool(piece)

    def take_messages(self):
        at = 0
        while len(self.data) - at >= 19:
            length = int.from_bytes(self.data[at + 16 : at + 18], "big")
            if length < 19 or len(self.data) - at < length:
                break
            self.note(self.data[at + 18], bytes(self.data[at + 19 : at + length]))
            at += length
        del self.data[:at]

    def note(self, kind, body):
        if kind == KEEPALIVE:
            self.beats.append(time.monotonic())
        elif kind == NOTIFICATION:
            self.notification = body[0], body[1], body[2:]
            self.socket.shutdown(socket.SHUT_RDWR)
        elif kind == UPDATE:
            self.note_update(body)

    def note_update(self, body):
        self.updates += 1
        if body == b"\0\0\0\0":
            self.ends += 1
            return
        withdrawn, attrs, nlri = split_update(body)
        for route in prefixes(withdrawn):
            self.withdrawn += 1
            self.routes.pop(route, None)
        for route in prefixes(nlri):
            self.announced += 1
            self.routes[route] = attrs

    def alive(self):
        return self.closed is None and self.notification is None

    def check(self):
        """The session that is kept stands still."""
        expect(self.alive(), "%s: session lost: %s %s", self.address, self.closed, self.notification)

    def drop(self):
        """Closes the connection without a word."""
        self.stopping.set()
        if self.keeper is not None:
            self.keeper.join()
            self.keeper = None
        if self.socket is not None:
            self.socket.close()
            self.socket = None
        self.data.clear()

    def close(self):
        self.drop()
        self.listener.close()


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


class Daemon:
    def __init__(self, scene, program, arguments, environment):
        self.log_path = os.path.join(scene.folder, "log")
        words = scene.before + [program] + arguments
        with open(self.log_path, "ab") as log:
            to = log if scene.log_to is None else scene.log_to
            self.process = subprocess.Popen(
                words, env=environment, stdin=subprocess.DEVNULL, stdout=to, stderr=to
            )
        self.pid = self.process.pid

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def running(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=PATIENCE):
        """Its exit status; negative: the signal that ended it."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure("the program does not end within %g s" % seconds)

    def stop(self, seconds=PATIENCE):
        """The orderly end."""
        if self.running():
            self.signal(signal.SIGTERM)
        return self.wait(seconds)

    def kill(self):
        if self.running():
            self.signal(signal.SIGKILL)
        self.process.wait()


class Scene:
    """A temporary folder and everything that lives in a test."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.folder = tempfile.mkdtemp(prefix="play-")
        os.chmod(self.folder, 0o755)
        self.daemons = []
        self.peers = []
        self.hands = []
        self.next_host = 2
        self.before = []  # words in front of the program, which they execute
        self.log_to = None  # a descriptor; None: the file that Daemon.log() reads
        self.status_wanted = 0  # None: any end of the program is fine

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def contents(self, name):
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def script(self, name, text):
        path = self.file(name, text)
        os.chmod(path, 0o755)
        return path

    def shell(self, name, text):
        return self.script(name, "#!/bin/sh\n" + text)

    def python(self, name, text):
        return self.script(name, "#!%s\n%s" % (sys.executable, text))

    def process(self, name, inside="encoder json;", run=None):
        """The process section for the script of this name."""
        return "process %s { run %s; %s }\n" % (name, run or self.path(name), inside)

    def peer(self, **how):
        address = how.pop("address", "127.0.0.%d" % self.next_host)
        self.next_host += 1
        self.peers.append(Peer(address, **how))
        return self.peers[-1]

    def hand(self, name):
        self.hands.append(Hand(self, name))
        return self.hands[-1]

    def environment(self, settings):
        env = {k: v for k, v in os.environ.items() if not k.startswith("exabgp")}
        values = {
            "api_cli": "false",
            "api_version": "4",
            "daemon_user": "root" if os.getuid() == 0 else "nobody",
            "tcp_bind": "",
        }
        values.update(settings)
        env["EXABGP_ROOT"] = self.folder  # the settings of the machine are not those of a test
        env.update({"exabgp_" + name: str(value) for name, value in values.items()})
        return env

    def start(self, configuration, *options, **settings):
        """The program with this text; settings are api_ack="false" and the like."""
        path = self.file("config.conf", configuration)
        self.daemons.append(
            Daemon(self, self.program, ["server", *options, path], self.environment(settings))
        )
        return self.daemons[-1]

    def close(self, failed):
        """Ends all; says what was left that should not be."""
        left = []
        if failed:
            self.show_what_waits()
        for daemon in self.daemons:
            left += self.end(daemon, failed)
        for end in self.hands + self.peers:
            end.close()
        left += leftovers(PATIENCE / 2)
        if failed:
            for daemon in self.daemons[:1]:
                print("# " + daemon.log()[-3000:].replace("\n", "\n# "))
        shutil.rmtree(self.folder)
        return left

    def show_what_waits(self):
        """Of a program that failed a test and has a control socket."""
        for words in ("show fds", "show buffers", "show queues", "show history"):
            try:
                with socket.socket(socket.AF_UNIX) as s:
                    s.settimeout(1)
                    s.connect(self.path("c.sock"))
                    s.sendall(words.encode() + b"\n")
                    print("# %s\n# %s" % (words, s.recv(16384).decode().replace("\n", "\n# ")))
            except OSError:
                return

    def end(self, daemon, failed):
        if failed:
            daemon.kill()
            return []
        if not daemon.running() and self.status_wanted is None:
            return unaccounted(daemon.log())
        try:
            status = daemon.stop()
        except Failure as failure:
            daemon.kill()
            return [str(failure)]
        if self.status_wanted is not None and status != self.status_wanted:
            return ["exit status %d: %s" % (status, daemon.log()[-2000:])]
        log = daemon.log()
        if "shutting down" in log and "accounting residual=" not in log:
            return ["it ended without comparing its accounts"]
        return unaccounted(log)


OTHER_DEV = """
mkdir -p {0}/mount && mount -t tmpfs none {0}/mount && cd {0}/mount || exit 99
for one in null zero urandom; do touch $one && mount --bind /dev/$one $one || exit 99; done
ln -s {0}/socket log && mount --move {0}/mount /dev || exit 99
exec "$@"
"""


def own_system_log(scene, system):
    """The program's /dev/log is this datagram socket."""
    system.bind(scene.path("socket"))
    os.chmod(scene.path("socket"), 0o666)
    scene.before = ["unshare", "-m", scene.shell("dev", OTHER_DEV.format(scene.folder))]
    if subprocess.run(scene.before + ["true"], stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip("no mount namespace")


def small_disk(scene, size):
    """A file system of its own; who asks for it unmounts it."""
    disk = scene.path("disk")
    os.mkdir(disk)
    mount = ["mount", "-t", "tmpfs", "-o", "size=" + size, "none", disk]
    if os.getuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip("no mounts")
    os.chmod(disk, 0o777)
    return disk


def client(scene):
    """One of the control socket c.sock in the scene's folder."""

    def try_it():
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(scene.path("c.sock"))
            return s
        except OSError:
            s.close()

    return until(try_it, "the control socket")


def answer(s):
    """All until a line "done" or "error"."""
    s.settimeout(PATIENCE)
    data = b""
    while not (data.endswith(b"done\n") or data.endswith(b"error\n")):
        piece = s.recv(65536)
        expect(piece, "the end came after %r", data)
        data += piece
    return data.decode().splitlines()


def unaccounted(log):
    """The program compares what it counted when it ends: every event and every route is known."""
    wrong = [line for line in log.splitlines() if "not accounted for" in line]
    if log.count("accounting residual=") != log.count("accounting residual=0"):
        wrong.append("its accounts do not balance")
    return wrong


def adopt():
    """Orphans become our children, so that none is missed."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def reap():
    """Orphans that ended. None of ours is running when this is called."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def leftovers(seconds):
    """What lives on after everything should have ended: told, and killed."""
    deadline = time.monotonic() + seconds
    while True:
        reap()
        alive = children(os.getpid())
        if not alive:
            return []
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    told = ["left over: %d %s" % (pid, command_of(pid)) for pid in alive]
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    until(lambda: reap() or not children(os.getpid()), "leftovers die")
    return told


def sanitized(program):
    """Built with ASan: its memory is not the program's."""
    with open(program, "rb") as file:
        return b"__asan_init" in file.read()


def free_port(address="127.0.0.1"):
    """A port over 20000 that nobody has now."""
    while True:
        port = random.randint(20000, 32000)
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind((address, port))
                return port
            except OSError:
                continue


def run_test(program, test):
    """None, or why it failed."""
    scene = Scene(program)
    why = None
    try:
        test(scene)
    except Failure as failure:
        where = traceback.extract_tb(failure.__traceback__)[1]
        why = "line %d: %s" % (where.lineno, failure)
    except Skip:
        scene.close(True)
        raise
    except Exception:
        why = traceback.format_exc()
    left = scene.close(why is not None)
    return why or "; ".join(left) or None


def given(**numbers):
    """These numbers, or what the command line says of them, NAME=NUMBER; main() does not see those words."""
    words = [w for w in sys.argv[2:] if "=" in w]
    sys.argv = [w for w in sys.argv if w not in words]
    for word in words:
        name, _, value = word.partition("=")
        if name not in numbers:
            sys.exit("there is no %s, only %s" % (name, ", ".join(numbers)))
        numbers[name] = type(numbers[name])(value)
    return numbers


def main(tests):
    """Runs them as TAP and leaves with the status."""
    adopt()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it, with all children
    names = sys.argv[2:]
    chosen = [t for t in tests if not names or t.__name__ in names]
    failed = 0
    print("1..%d" % len(chosen), flush=True)
    for number, test in enumerate(chosen, 1):
        name = test.__name__.replace("test_", "", 1).replace("_", " ")
        start = time.monotonic()
        try:
            why = run_test(sys.argv[1], test)
        except Skip as skip:
            print("ok %d %s # SKIP %s" % (number, name, skip), flush=True)
            continue
        if why is not None:
            failed += 1
            print("not ok %d %s" % (number, name))
            print("# " + why.replace("\n", "\n# "))
        else:
            print("ok %d %s" % (number, name))
        print("# %.1f s" % (time.monotonic() - start), flush=True)
    sys.exit(1 if failed else 0)
