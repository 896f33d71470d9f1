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

import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback

# Scripts say these as rig.NAME.
from claims import PATIENCE, Failure, Skip, equal, expect, until
from hand import Hand
from peer import Peer
from proc import (
    adopt, children, command_of, fds, idle, leftovers, rss, rss_peak, state_of, status_kib, ticks,
    wakeups, zombies,
)
from wire import (
    KEEPALIVE, MARKER, NOTIFICATION, UPDATE, attribute, attributes, bgp, capability, prefix,
    prefixes, split_update, update,
)


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


def needs_md5():
    with socket.socket() as s:
        try:  # TCP_MD5SIG, struct tcp_md5sig
            s.setsockopt(socket.IPPROTO_TCP, 14, struct.pack(
                "=HH4s120sBBHi80s", socket.AF_INET, 0, b"\x7f\0\0\2", b"", 0, 0, 3, 0, b"key"))
        except OSError as e:
            raise Skip("this kernel has no TCP-MD5: %s" % e)


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
