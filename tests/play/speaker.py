"""The program under test with helpers that tests can read and command, and a scripted peer."""

import json
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import bgp
import rig
from rig import PATIENCE, Failure, Skip, free_port, until

def check(truth, *words):
    if not truth:
        raise Failure(" ".join(str(w) for w in words))


def same(got, want, *words):
    if got != want:
        raise Failure("%s got %r, want %r" % (" ".join(str(w) for w in words), got, want))


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("duplicate member in %r" % names)
    return dict(pairs)


def no_constant(word):
    raise ValueError(word + " is no JSON")


def strict_json(line):
    return json.loads(line, object_pairs_hook=no_duplicates, parse_constant=no_constant)


class Helper:
    """A helper of the program: two FIFOs lead its stdin and stdout to the test."""

    def __init__(self, folder, name, encoder):
        self.name, self.encoder = name, encoder
        self.into, self.out = (os.path.join(folder, name + end) for end in (".in", ".out"))
        self.lines = []
        self.news = threading.Condition()
        self.hears = threading.Event()  # cleared: it does not read
        self.hears.set()
        for path in (self.into, self.out):
            os.mkfifo(path)
        self.commands = os.open(self.into, os.O_RDWR)
        self.events = os.open(self.out, os.O_RDWR)
        self.over = False
        self.path = os.path.join(folder, name)
        with open(self.path, "w", encoding="ascii") as script:
            script.write("#!/bin/sh\ncat %s &\nexec cat >%s\n" % (self.into, self.out))
        os.chmod(self.path, 0o755)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        rest = b""
        while not self.over:
            if not (self.hears.wait(0.2) and select.select([self.events], [], [], 0.2)[0]):
                continue
            rest += os.read(self.events, 1 << 16)
            *whole, rest = rest.split(b"\n")
            with self.news:
                self.lines += whole
                self.news.notify_all()

    def close(self):
        self.over = True
        self.thread.join()
        os.close(self.commands)
        os.close(self.events)

    def say(self, line):
        os.write(self.commands, line.encode() + b"\n")

    def mark(self):
        with self.news:
            return len(self.lines)

    def wait(self, wanted, since=0, patience=PATIENCE):
        """The first line from since on that wanted() accepts."""
        deadline = time.monotonic() + patience
        at = since
        with self.news:
            while True:
                while at < len(self.lines):
                    if wanted(self.lines[at]):
                        return self.lines[at]
                    at += 1
                left = deadline - time.monotonic()
                if left <= 0:
                    last = b"\n".join(self.lines[since:][-12:])
                    raise Failure("nothing came, last lines:\n" + last.decode("utf-8", "replace"))
                self.news.wait(left)

    def command(self, line):
        """The lines of the answer, without done; events are left out."""
        since = self.mark()
        self.say(line)
        self.wait(lambda l: l in (b"done", b"error"), since)
        with self.news:
            told = self.lines[since:]
        end = next(i for i, l in enumerate(told) if l in (b"done", b"error"))
        if told[end] == b"error":
            raise Failure("%s: error" % line)
        return [l.decode() for l in told[:end] if l and not l.startswith(b'{ "exabgp"')]


class Daemon:
    """settings: members of the environment without exabgp_; {port} in neighbors is tcp.port."""

    def __init__(self, program, neighbors, processes=(("j", "json"),), bind="127.0.0.1",
                 port=None, descriptors=None, **settings):
        def limit():
            if descriptors is not None:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.program = os.path.abspath(program)
        self.folder = tempfile.TemporaryDirectory()
        os.chmod(self.folder.name, 0o755)
        self.port = port or free_port()
        self.helpers = {n: Helper(self.folder.name, n, e) for n, e in processes}
        self.config = os.path.join(self.folder.name, "conf")
        self.write(neighbors)
        self.log = open(os.path.join(self.folder.name, "log"), "w+b")
        env = dict(os.environ, exabgp_tcp_bind=bind, exabgp_tcp_port=str(self.port),
                   exabgp_api_cli="false", exabgp_log_all="true",
                   exabgp_daemon_user="root" if os.getuid() == 0 else "nobody")
        # what was freed shall not count as memory for long
        env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "exitcode=99") + ":quarantine_size_mb=2"
        env.update({"exabgp_" + k: str(v) for k, v in settings.items()})
        self.process = subprocess.Popen([self.program, "server", self.config], env=env,
                                        stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, preexec_fn=limit)

    def write(self, neighbors):
        with open(self.config, "w", encoding="ascii") as file:
            for h in self.helpers.values():
                file.write("process %s { run %s; encoder %s; }\n" % (h.name, h.path, h.encoder))
            file.write(neighbors.replace("{port}", str(self.port)))

    @property
    def json(self):
        return self.helpers["j"]

    def said(self):
        self.log.flush()
        with open(self.log.name, "rb") as file:
            return file.read().decode("utf-8", "replace")

    def alive(self):
        check(self.process.poll() is None, "the program ended:", self.process.returncode,
              self.said()[-3000:])

    def memory(self):
        """Resident, in kilobytes."""
        return rig.rss(self.process.pid)

    def ticks(self):
        """Time of the processor that it used."""
        return rig.ticks(self.process.pid)

    def descriptors(self):
        return rig.fds(self.process.pid)

    def event(self, wanted, since=0, patience=PATIENCE):
        """The first event that wanted(parsed) accepts."""
        found = []

        def fits(line):
            if not line.startswith(b"{"):
                return False
            e = strict_json(line)
            found[:] = [e]
            return wanted(e)

        self.json.wait(fits, since, patience)
        return found[0]

    def stop(self):
        """Ends it as an operator does; true if that was clean."""
        try:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
            try:
                status = self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                raise Failure("still there %g seconds after SIGTERM" % PATIENCE)
            same(status, 0, "exit status", self.said()[-3000:])
            for words in ("ERROR: AddressSanitizer", "runtime error:", "LeakSanitizer"):
                check(words not in self.said(), self.said()[-5000:])
            for h in self.helpers.values():
                if h.encoder == "json":
                    for line in h.lines:
                        if line.startswith(b"{"):
                            strict_json(line)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            for h in self.helpers.values():
                h.close()
            self.log.close()
            self.folder.cleanup()


class Running:
    """A program for one test, which ends cleanly."""

    def __init__(self, program, text, **how):
        self.daemon = Daemon(program, text, **how)

    def __enter__(self):
        return self.daemon

    def __exit__(self, kind, *_):
        if kind is None:
            self.daemon.stop()
        else:
            self.daemon.process.kill()
            self.daemon.process.wait()


API = "api %s { processes [ j ]; neighbor-changes; receive { parsed; open; update; notification; refresh; operational; } }"


def neighbor(address, asn, more="", local_as="65001", capability="route-refresh;", name="",
             families="ipv4 unicast; ipv6 unicast;", passive="passive;"):
    return """
neighbor %s {
	local-address 127.0.0.1; router-id 10.0.0.1; local-as %s; peer-as %s; %s
	family { %s }
	capability { %s extended-message disable; }
	%s
	%s
}
""" % (address, local_as, asn, passive, families, capability, more, API % name)


def peer_of(event):
    n = event.get("neighbor")
    return n["address"]["peer"] if isinstance(n, dict) else None


def is_state(event, address, state):
    return (event["type"] == "state" and peer_of(event) == address and
            event["neighbor"]["state"] == state)


class Peer:
    """One end of a session, byte for byte."""

    def __init__(self, daemon, address="127.0.0.2", asn=65002, connection=None, port=None,
                 buffer=None, target="127.0.0.1"):
        self.daemon, self.address, self.asn = daemon, address, asn
        self.buffered = b""
        self.since = daemon.json.mark() if "j" in daemon.helpers else 0
        if connection is not None:
            self.socket = connection
        else:
            self.socket = self.connect(target, port or daemon.port, buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connect(self, target, port, buffer):
        deadline = time.monotonic() + PATIENCE
        while True:
            s = socket.socket(socket.AF_INET6 if ":" in target else socket.AF_INET)
            if buffer is not None:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            s.settimeout(PATIENCE)
            try:
                s.bind((self.address, 0))
                s.connect((target, port))
                return s
            except ConnectionRefusedError:  # it is still starting
                s.close()
                self.daemon.alive()
                if time.monotonic() > deadline:
                    raise Failure("nobody listens")
                time.sleep(0.01)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def abort(self):
        """Close with a RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def send(self, *messages):
        self.socket.sendall(b"".join(messages))

    def read(self, size, deadline):
        while len(self.buffered) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise Failure("no message from the program, read %s" % self.buffered.hex())
            try:
                data = self.socket.recv(1 << 16)
            except ConnectionResetError:
                raise Failure("connection reset, read %s" % self.buffered.hex())
            if not data:
                return None
            self.buffered += data
        data, self.buffered = self.buffered[:size], self.buffered[size:]
        return data

    def receive(self, patience=PATIENCE):
        """The next message, or None at the end of the connection."""
        deadline = time.monotonic() + patience
        header = self.read(19, deadline)
        if header is None:
            same(self.buffered, b"", "half a message before the end")
            return None
        body = self.read(int.from_bytes(header[16:18], "big") - 19, deadline)
        check(body is not None, "half a message before the end")
        return header + body

    def expect(self, kind, patience=PATIENCE):
        """The next message that is no KEEPALIVE (unless asked for) must be of this kind."""
        while True:
            m = self.receive(patience)
            check(m is not None, "the connection ended, expected a message of type", kind)
            if m[18] == kind:
                return m
            if m[18] == bgp.NOTIFICATION:
                raise Failure("NOTIFICATION %s, expected type %d" % (m[19:].hex(), kind))
            check(m[18] in (bgp.KEEPALIVE, bgp.UPDATE), "message of type", m[18], "expected", kind)

    def refused(self, code, subcode, data=None, patience=PATIENCE):
        """A NOTIFICATION comes, of this kind, and then the end; data None: any."""
        while True:
            m = self.receive(patience)
            check(m is not None, "closed without NOTIFICATION, expected %d/%d" % (code, subcode))
            if m[18] == bgp.NOTIFICATION:
                break
        same((m[19], m[20]), (code, subcode), "NOTIFICATION")
        if data is not None:
            same(m[21:], data, "data of %d/%d:" % (code, subcode))
        same(self.receive(patience), None, "after a NOTIFICATION")
        self.close()
        return m[21:]

    def ended(self, patience=PATIENCE):
        """The connection ends, whatever comes before."""
        try:
            while self.receive(patience) is not None:
                pass
        except Failure as failure:
            if "reset" not in str(failure):
                raise

    def opened(self, **how):
        """To OpenConfirm on both sides: OPENs exchanged, their KEEPALIVE read."""
        how.setdefault("asn", self.asn)
        self.ours = bgp.open_message(**how)
        self.send(self.ours)
        self.theirs = self.expect(bgp.OPEN)
        self.expect(bgp.KEEPALIVE)
        return self

    def up(self, **how):
        self.opened(**how)
        self.send(bgp.keepalive)
        if "j" in self.daemon.helpers:
            self.daemon.event(lambda e: is_state(e, self.address, "up"), self.since)
        return self

    def event(self, kind, wanted=lambda e: True, patience=PATIENCE):
        """The next event of a message that this peer sent, since it connected or was marked."""
        return self.daemon.event(
            lambda e: e["type"] == kind and peer_of(e) == self.address and wanted(e), self.since,
            patience)

    def mark(self):
        self.since = self.daemon.json.mark()

    def update(self, *messages):
        """Sends; the event of the first UPDATE of it."""
        self.mark()
        self.send(*messages)
        return self.event("update")["neighbor"]["message"]

    def settled(self):
        """Everything sent so far was taken, and the session is still up."""
        self.mark()
        self.send(bgp.withdraw("203.0.113.113/32"))
        self.event("update", lambda e: e["neighbor"]["message"] == {
            "update": {"withdraw": {"ipv4 unicast": [{"nlri": "203.0.113.113/32"}]}}})


def add_bystander(daemon):
    """Another neighbor, 127.0.0.9, which nothing that a test does may harm."""
    daemon.bystander = Peer(daemon, "127.0.0.9", 65009).up(router_id="10.0.0.9")


def bystander_is_fine(daemon):
    daemon.bystander.settled()
    for line in daemon.json.lines:
        check(not (b'"down"' in line and b'"peer": "127.0.0.9"' in line), line)


class Suite:
    """Tests in order of definition; each gets what its suite prepares."""

    def __init__(self):
        self.tests = []

    def test(self, function):
        self.tests.append(function)
        return function

    def run(self, *arguments, names=()):
        chosen = [t for t in self.tests if not names or t.__name__ in names]
        print("1..%d" % len(chosen))
        failed = 0
        for number, t in enumerate(chosen, 1):
            try:
                t(*arguments)
                print("ok %d %s" % (number, t.__name__), flush=True)
            except Skip as e:
                print("ok %d %s # SKIP %s" % (number, t.__name__, e), flush=True)
            except Exception as e:  # whatever it is, the others shall run
                failed += 1
                print("not ok %d %s" % (number, t.__name__))
                where = e.__traceback__
                lines = []
                while where is not None:
                    lines.append("%s:%d" % (os.path.basename(where.tb_frame.f_code.co_filename),
                                            where.tb_lineno))
                    where = where.tb_next
                words = "%s: %s\nat %s" % (type(e).__name__, e, " ".join(lines))
                print("# " + words.replace("\n", "\n# "), flush=True)
        return 1 if failed else 0


def main(prepare, suite):
    """Runs a suite against one program that prepare() starts, and against the end of it."""
    daemon = prepare(sys.argv[1])
    status = 1
    try:
        def ends_cleanly(d):
            d.stop()

        suite.tests.append(ends_cleanly)
        status = suite.run(daemon, names=sys.argv[2:] and sys.argv[2:] + ["ends_cleanly"])
    finally:
        if daemon.process.poll() is None:
            daemon.process.kill()
            daemon.process.wait()
    sys.exit(status)
