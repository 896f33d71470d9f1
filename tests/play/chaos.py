#!/usr/bin/env python3
"""
Everything goes wrong at once, and in the end nothing is lost: neighbors that reset, stop reading, say nonsense;
helpers that are killed, stopped, slow or flood; clients that vanish; files that change. Then all is let go, and
tables, accounts, descriptors and memory have to be exact.

    chaos.py PROGRAM [seconds=20] [seed=1] [first=0]

With first=1 the program goes before whatever else runs on the machine (real-time priority, which takes root), so that
a slow callback is its own fault and fails the test.
"""

import collections
import json
import os
import random
import re
import select
import signal
import socket
import threading
import time

import rig

settings = rig.given(seconds=20, seed=1, first=0)
SETTLED = 120.0  # seconds; a helper that died often is started again after up to a minute
READERS = {
    "block": "stall-limit 0;",
    "newest": "overflow drop-newest;",
    "oldest": "overflow drop-oldest;",
    "error": "overflow error;",
    "stalls": "stall-limit 1;",
    "killed": "stall-limit 1; stall-action kill;",
}
ONE_LIFE = ("newest", "oldest")  # never killed: their numbers account for everything
FLOODS = {"rude": "ack true;", "quiet": "ack false;"}
FEED = "neighbor-changes; receive { parsed; update; }"

# A helper that checks the numbers of what it hears, and notes how far it is whenever nothing comes.
READER = """
import json, os, select
number, told, data = 1, 0, b""
def note(word, text):
    with open(%(path)r + word + ".new", "w") as f:
        f.write(text)
    os.rename(%(path)r + word + ".new", %(path)r + word)
while True:
    if not select.select([0], [], [], 0.1)[0]:
        note(".count", "%%d %%d %%d" %% (os.getpid(), number - 1, told))
        select.select([0], [], [])
    piece = os.read(0, 65536)
    if not piece:
        break
    *lines, data = (data + piece).split(b"\\n")
    for line in lines:
        event = json.loads(line)
        if event["type"] == "dropped":
            gap = event["dropped"]
            if gap["first"] != number or gap["last"] != number + gap["count"] - 1:
                note(".wrong", "event %%d: %%s" %% (number, line))
            number += gap["count"]
            told += gap["count"]
        else:
            number += 1
"""

# A helper that commands without reading, until it is told to be calm.
FLOOD = """
import os, random, select
rng = random.Random(os.getpid())
words = ("announce route 11.%%d.%%d.0/24 next-hop 192.0.2.1", "withdraw route 11.%%d.%%d.0/24", "nonsense %%d %%d")
rare = ("show adj-rib out", "show neighbor summary", "version", "\\1\\377\\0 \\t{;", "#", "flush adj-rib out", "help")
def line():
    if rng.random() < 0.002:
        return rng.choice(rare) + "\\n"
    return rng.choice(words) %% (rng.randrange(4), rng.randrange(256)) + "\\n"
while not os.path.exists(%(calm)r):
    block = "".join(line() for _ in range(rng.randrange(1, 400))).encode("latin-1")
    while block and not os.path.exists(%(calm)r):
        if select.select([], [1], [], 0.1)[1]:
            block = block[os.write(1, block[:4096]):]
    while block:  # no half line; and who wants to be read has to read by now
        readable, writable, _ = select.select([0], [1], [])
        if readable and not os.read(0, 65536):
            raise SystemExit
        if writable:
            block = block[os.write(1, block[:4096]):]
    select.select([], [], [], rng.random() * 0.02)
while os.read(0, 65536):
    pass
"""


class Neighbor(rig.Peer):
    """Comes back whenever its session ended, says what it is given, misbehaves when asked."""

    def __init__(self, address, rng):
        super().__init__(address, hold=9)
        self.rng = rng
        self.said = set()  # NLRI that stand at the program, of this session
        self.to_say = []
        self.wanted = threading.Event()
        self.deaf_until = 0.0
        self.mischief = None
        self.standing = False
        self.sessions = 0
        self.quitting = False
        self.threads = [threading.Thread(target=f, daemon=True) for f in (self.live, self.speak)]
        for thread in self.threads:
            thread.start()

    def live(self):
        while not self.quitting:
            try:
                if not select.select([self.listener], [], [], 0.05)[0]:
                    continue
                self.take(self.listener.accept()[0])
                self.handshake()
                self.socket.settimeout(None)
                self.sessions += 1
                self.stopping.clear()
                self.standing = True
                self.keep_on()
            except (OSError, rig.Failure):
                pass
            self.leave()

    def leave(self):
        """Wakes whoever sends, and forgets the session."""
        self.standing = False
        if self.socket is None:
            return
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        with self.sending:
            self.drop()
            self.reset()
            self.said.clear()
            self.to_say.clear()
            self.mischief = None

    def speak(self):
        while not self.quitting:
            self.wanted.wait(0.1)
            self.wanted.clear()
            try:
                while self.standing and self.to_say:
                    with self.sending:
                        self.say_next()
            except (OSError, AttributeError, IndexError):
                pass  # the session ended meanwhile

    def say_next(self):
        data, new, old = self.to_say[0]
        self.socket.sendall(data)
        self.said |= new
        self.said -= old
        self.to_say.pop(0)

    def say(self, count):
        """Some UPDATEs; a few of them are treated as withdraws of what never was."""
        data, new, old = [], set(), set()
        for _ in range(count):
            nlri = rig.prefix("172.16.%d.0/24" % self.rng.randrange(256))
            kind = self.rng.random()
            if kind < 0.6:
                data.append(rig.update(rig.attributes(next_hop=self.address), nlri))
                new.add(nlri)
                old.discard(nlri)
            elif kind < 0.95:
                data.append(rig.update(withdrawn=nlri))
                old.add(nlri)
                new.discard(nlri)
            else:
                bad = rig.attribute(0x40, 1, b"\x09") + rig.attributes()[4:]
                data.append(rig.update(bad, rig.prefix("198.18.0.0/24")))
        if len(self.to_say) < 20:
            self.to_say.append((b"".join(data), new, old))
            self.wanted.set()

    def hear(self):
        if self.mischief is not None:
            self.misbehave()
        if time.monotonic() < self.deaf_until:
            select.select([], [], [], 0.05)
            return True
        return super().hear()

    def misbehave(self):
        if not self.sending.acquire(blocking=False):
            return
        what, self.mischief = self.mischief, None
        try:
            if what == "reset":
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                self.socket.close()
                raise OSError("reset")
            self.socket.sendall(self.nonsense(what))
            if what == "half":
                raise OSError("half a message")
        finally:
            self.sending.release()

    def nonsense(self, what):
        if what == "notification":
            return rig.bgp(rig.NOTIFICATION, bytes([6, self.rng.randrange(10)]) + b"chaos")
        if what == "open":
            return self.open_message()
        if what == "half":
            return rig.update(rig.attributes(), rig.prefix("198.18.0.0/24"))[: self.rng.randrange(1, 40)]
        if what == "length":
            return rig.bgp(rig.UPDATE, length=self.rng.choice((0, 18, 4097, 65535)))
        return self.rng.randbytes(self.rng.randrange(19, 500))

    def close(self):
        self.quitting = True
        self.stopping.set()
        self.deaf_until = 0.0
        self.leave()
        for thread in self.threads:
            thread.join()
        super().close()


def med_of(attrs):
    """The value of MULTI_EXIT_DISC."""
    at = 0
    while at < len(attrs):
        long = attrs[at] & 0x10
        size = int.from_bytes(attrs[at + 2 : at + 4], "big") if long else attrs[at + 2]
        start = at + (4 if long else 3)
        if attrs[at + 1] == 4:
            return int.from_bytes(attrs[start : start + size], "big")
        at = start + size
    return None


class Chaos:
    def __init__(self, scene, seed):
        self.scene = scene
        self.rng = random.Random(seed)
        self.fixed = [self.neighbor() for _ in range(4)]
        self.visitor = self.neighbor()
        self.tables = {p.address: {} for p in self.fixed}  # NLRI: MED, what the hand commanded
        self.hand = scene.hand("hand")
        self.clients = []
        self.stopped = {}  # pid: when it goes on
        self.done = {}  # what was done how often
        for name in list(READERS) + ["guest"]:
            scene.python(name, READER % {"path": scene.path(name)})
        for name in FLOODS:
            scene.python(name, FLOOD % {"calm": scene.path("calm")})
        self.daemon = scene.start(
            self.configuration(), api_cli="true", api_socketpath=scene.path("c.sock"), log_processes="false"
        )
        self.hand.take()

    def neighbor(self):
        peer = Neighbor("127.0.0.%d" % self.scene.next_host, random.Random(self.rng.random()))
        self.scene.next_host += 1
        self.scene.peers.append(peer)
        return peer

    def configuration(self, visitor=True, guest=True, routes=4, hold=9):
        text = self.scene.process("hand")
        for name, words in READERS.items():
            text += self.scene.process(name, "encoder json; queue-bytes 65536; ack false; " + words)
        for name, words in FLOODS.items():
            text += self.scene.process(name, "encoder text; " + words)
        if guest:
            text += self.scene.process("guest", "encoder json; ack false;")
        hears = (["newest", "oldest", "block"], ["oldest", "error", "stalls"], ["killed", "newest"], [])
        for peer, names in zip(self.fixed, hears):
            watch = "api watch { processes [ %s ]; %s }" % (" ".join(names), FEED) if names else ""
            text += peer.section(
                processes="hand rude quiet", inside="description d%d; adj-rib-in true; %s" % (routes, watch)
            )
        if visitor:
            static = "".join("route 10.9.%d.0/24 next-hop 192.0.2.1 med 9; " % n for n in range(routes))
            self.visitor.hold = hold
            text += self.visitor.section(
                processes="guest" if guest else "", inside="static { %s }" % static, api=FEED if guest else ""
            )
        return text

    def helpers(self):
        """{name: pid} of the living ones that are not ours."""
        found = {}
        for pid, state in rig.children(self.daemon.pid).items():
            name = os.path.basename(rig.command_of(pid).split(" ")[-1])
            if state != "Z" and name in (*READERS, *FLOODS, "guest"):
                found[name] = pid
        return found

    def a_helper(self, without=()):
        names = [(n, p) for n, p in sorted(self.helpers().items()) if n not in without]
        return self.rng.choice(names)[1] if names else None

    def send_signal(self, pid, number):
        try:
            os.kill(pid, number)
        except (ProcessLookupError, TypeError):
            pass

    def kill_a_helper(self):
        self.send_signal(self.a_helper(ONE_LIFE), signal.SIGKILL)

    def stop_a_helper(self):
        pid = self.a_helper()
        self.send_signal(pid, signal.SIGSTOP)
        self.stopped[pid] = time.monotonic() + self.rng.uniform(0.1, 4)

    def let_go(self, now):
        for pid in [p for p, until in self.stopped.items() if until < now]:
            self.send_signal(pid, signal.SIGCONT)
            del self.stopped[pid]

    def command(self):
        """A few routes for one neighbor or all, as one write; then their answers."""
        chosen = self.rng.choice([[p.address] for p in self.fixed] + [list(self.tables)])
        who = "neighbor %s " % chosen[0] if len(chosen) == 1 else ""
        lines = []
        for _ in range(self.rng.randrange(1, 60)):
            route = "10.%d.%d.0/24" % (self.rng.randrange(4), self.rng.randrange(256))
            if self.rng.random() < 0.7:
                med = self.rng.randrange(1, 1000)
                lines.append(who + "announce route %s next-hop 192.0.2.1 med %d" % (route, med))
                for address in chosen:
                    self.tables[address][rig.prefix(route)] = med
            else:
                lines.append(who + "withdraw route " + route)
                for address in chosen:
                    self.tables[address].pop(rig.prefix(route), None)
        self.hand.say(*lines)
        for line in lines:
            rig.equal(self.hand.answer(), ["done"], line)

    def clear_a_table(self):
        address = self.rng.choice(list(self.tables))
        self.hand.say("neighbor %s clear adj-rib out" % address)
        rig.equal(self.hand.answer(), ["done"])
        self.tables[address].clear()

    def teardown(self):
        self.hand.say("neighbor %s teardown %d" % (self.rng.choice(list(self.tables)), self.rng.randrange(2, 8)))
        self.hand.answer()

    def somebody(self):
        return self.rng.choice(self.fixed + [self.visitor])

    def misbehave(self):
        words = ("reset", "notification", "open", "half", "length", "noise")
        self.somebody().mischief = self.rng.choice(words)

    def stop_reading(self):
        self.somebody().deaf_until = time.monotonic() + self.rng.uniform(0.1, 3)

    def speak(self):
        self.somebody().say(self.rng.randrange(1, 2000))

    def reload(self):
        if self.rng.random() < 0.3:
            text = self.rng.choice(("neighbor 127.0.0.9 { nonsense; }", "", "process x { run /nowhere; }", "}"))
        else:
            text = self.configuration(
                self.rng.random() < 0.7, self.rng.random() < 0.7, self.rng.randrange(9), self.rng.choice((9, 12))
            )
        self.file(text)

    def file(self, text):
        """Whole at any time, as an editor does it."""
        os.rename(self.scene.file("config.new", text), self.scene.path("config.conf"))
        self.daemon.signal(self.rng.choice((signal.SIGUSR1, signal.SIGUSR2)))

    def client_comes(self):
        s = socket.socket(socket.AF_UNIX)
        s.setblocking(False)
        try:
            s.connect(self.scene.path("c.sock"))
            words = self.rng.choice((b"show adj-rib out", b"show neighbor json", b"show metrics", b"nonsense", b"sho"))
            s.send((words + b"\n") * self.rng.randrange(1, 50))
            if self.rng.random() < 0.5:
                s.recv(self.rng.randrange(1, 5000))
        except OSError:
            pass
        self.clients.append(s)
        if len(self.clients) > 20:
            self.clients.pop(self.rng.randrange(20)).close()

    def clients_vanish(self):
        while self.clients:
            self.clients.pop().close()

    def rage(self, seconds):
        weights = {
            self.command: 30, self.speak: 20, self.client_comes: 10, self.stop_a_helper: 6, self.misbehave: 4,
            self.stop_reading: 4, self.teardown: 1, self.clear_a_table: 1, self.reload: 1.5, self.clients_vanish: 1,
            self.kill_a_helper: 0.7,
        }
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            rig.expect(self.daemon.running(), "the program ended")
            self.let_go(time.monotonic())
            action = self.rng.choices(list(weights), list(weights.values()))[0]
            action()
            self.done[action.__name__] = self.done.get(action.__name__, 0) + 1
            select.select([], [], [], self.rng.uniform(0, 0.05))

    # What has to be true.

    def everybody_is_there(self):
        everyone = len(READERS) + len(FLOODS) + 1
        rig.until(lambda: len(self.helpers()) == everyone, "all helpers", SETTLED)
        rig.until(lambda: all(p.standing for p in self.fixed + [self.visitor]), "all sessions", SETTLED)

    def calm(self):
        self.scene.file("calm", "")
        self.let_go(float("inf"))
        self.clients_vanish()
        for peer in self.fixed + [self.visitor]:
            peer.deaf_until, peer.mischief = 0.0, None
        self.file(self.configuration())
        self.everybody_is_there()

    def ask(self, words):
        """The lines in front of "done", from the control socket."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(rig.PATIENCE)
            s.connect(self.scene.path("c.sock"))
            s.sendall(words.encode() + b"\n")
            data = b""
            while not (data.endswith(b"done\n") or data.endswith(b"error\n")):
                piece = s.recv(65536)
                rig.expect(piece, "the end came after %r", data)
                data += piece
        return data.decode().splitlines()[:-1]

    def routes(self, side, peer):
        return {rig.prefix(line.split()[3]) for line in self.ask("show adj-rib %s %s" % (side, peer.address))}

    def nothing_waits(self):
        accounts = json.loads(self.ask("show accounting json")[0])
        rig.equal(accounts["residual"], 0, "what is not accounted for")
        waits = [q for q in json.loads(self.ask("show queues json")[0]) if q["depth"] and q["stage"] != "client"]
        of = accounts["helpers"].values()
        return not waits and not any(h["queued"] or h["writing"] for h in of) and accounts

    def told(self, name):
        return [int(n) for n in self.scene.contents(name + ".count").split()]

    def tables_are_right(self):
        for peer in self.fixed:
            got = {n: med_of(a) for n, a in list(peer.routes.items()) if n[1] == 10}
            if got != self.tables[peer.address]:
                return False
            if set(list(peer.routes)) != self.routes("out", peer) or peer.to_say:
                return False
            if set(peer.said) != self.routes("in", peer):
                return False
        return set(self.visitor.routes) == {rig.prefix("10.9.%d.0/24" % n) for n in range(4)}

    def differences(self):
        lines = []
        for peer in self.fixed:
            want, got = self.tables[peer.address], {n: med_of(a) for n, a in peer.routes.items() if n[1] == 10}
            lines.append(
                "%s: commanded %d, missing %d, others %d; adj-rib-out %s; said %d, adj-rib-in %s"
                % (peer.address, len(want), len(want.items() - got.items()), len(got.items() - want.items()),
                   set(peer.routes) == self.routes("out", peer), len(peer.said), set(peer.said) == self.routes("in", peer))
            )
        return lines + ["%s: %d routes" % (self.visitor.address, len(self.visitor.routes))]

    def check(self, fds):
        try:
            rig.until(self.tables_are_right, "the tables are what was said", SETTLED)
        except rig.Failure:
            print("# " + "\n# ".join(self.differences()))
            raise
        accounts = rig.until(self.nothing_waits, "nothing waits", SETTLED)["helpers"]
        for name in (*READERS, "guest"):
            rig.equal(self.scene.contents(name + ".wrong"), b"", "what %s says" % name)
        for name in ONE_LIFE:
            of = accounts[name]
            want = [of["events"], sum(of["lost"].values())]
            rig.until(lambda: self.told(name)[1:] == want, "%s has heard of %s" % (name, want))
        self.everybody_is_there()  # what was left to be said may have ended one of them
        rig.equal(rig.zombies(self.daemon.pid), [], "zombies")
        rig.equal(rig.status_kib(self.daemon.pid, "Threads"), 1, "threads")
        try:
            rig.until(lambda: rig.fds(self.daemon.pid) == fds, "%d descriptors, as at the beginning" % fds)
        except rig.Failure:
            print("# " + "\n# ".join(self.ask("show fds")))
            raise
        return accounts


def test_after_everything_that_can_happen_nothing_is_lost(scene):
    seconds, seed = settings["seconds"], settings["seed"]
    print("# seconds=%d seed=%d" % (seconds, seed), flush=True)
    if settings["first"]:
        scene.before = ["chrt", "--reset-on-fork", "-r", "1"]
    chaos = Chaos(scene, seed)
    chaos.everybody_is_there()
    rig.until(lambda: len(chaos.visitor.routes) == 4, "the routes of the file")
    fds, memory = rig.fds(chaos.daemon.pid), rig.rss(chaos.daemon.pid)
    chaos.rage(seconds)
    chaos.calm()
    accounts = chaos.check(fds)
    log = chaos.daemon.log()
    print("# done: %s" % json.dumps(chaos.done))
    print("# sessions: %s" % [p.sessions for p in chaos.fixed + [chaos.visitor]])
    print("# events %d, lost and told %d, commands %d, helpers started %d times, reloads %d, refused %d" % (
        sum(h["events"] for h in accounts.values()), sum(sum(h["lost"].values()) for h in accounts.values()),
        sum(h["commands"] for h in accounts.values()), log.count(" lived="), log.count("loaded neighbors"), log.count("reload failed")))
    peak = rig.rss_peak(chaos.daemon.pid)
    slow = re.findall(r'slow callback name="([^"]*)" took=(\d+)ms', log)
    print("# RSS KiB: %d at first, peak %d, now %d" % (memory, peak, rig.rss(chaos.daemon.pid)))
    print("# slow callbacks: %s, the longest %s ms" % (
        dict(collections.Counter(name for name, _ in slow)), max([int(took) for _, took in slow], default=0)))
    rig.expect(not (slow and settings["first"]), "callbacks over 50 ms")
    rig.expect(peak < 65536 or rig.sanitized(scene.program), "it took %d KiB", peak)


rig.main([test_after_everything_that_can_happen_nothing_is_lost])
