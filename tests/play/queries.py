#!/usr/bin/env python3
"""Long answers while the tables that they tell of change: by many at once, by slow ones, by those that go."""

import json
import re
import signal
import threading

import rig
from rig import answer, client

PIECE = 700  # routes in an UPDATE


def key(number):
    """A /32, and its word."""
    return bytes([32, 10, number >> 16, number >> 8 & 255, number & 255]), "10.%d.%d.%d/32" % (
        number >> 16, number >> 8 & 255, number & 255,
    )


def med(value):
    return rig.attributes(more=rig.attribute(0x80, 4, value.to_bytes(4, "big")))


def announce(peer, numbers, value):
    numbers = list(numbers)
    for at in range(0, len(numbers), PIECE):
        peer.send(rig.update(med(value), b"".join(key(n)[0] for n in numbers[at : at + PIECE])))


def withdraw(peer, numbers):
    peer.send(rig.update(withdrawn=b"".join(key(n)[0] for n in numbers)))


def start(scene, peer, **settings):
    """The program with a control socket and the peer's session."""
    daemon = scene.start(
        peer.section(inside="adj-rib-in true;"), api_cli="true", api_socketpath=scene.path("c.sock"), **settings
    )
    peer.establish()
    return daemon


def reload(scene, daemon, configuration):
    scene.file("config.conf", configuration)
    loaded = daemon.log().count("loaded neighbors=")
    daemon.signal(signal.SIGUSR1)
    rig.until(lambda: daemon.log().count("loaded neighbors=") > loaded, "the reload")


def listen(s):
    """The lines of an answer, whole, as they come; the acknowledgement is the last."""
    s.settimeout(3 * rig.PATIENCE)
    with s.makefile("r") as file:
        for line in file:
            yield line.rstrip("\n")
            if line in ("done\n", "error\n"):
                return


def prefixes(lines):
    """Of text or JSON; the number of routes in each JSON object is free."""
    for line in lines:
        if line.startswith("{"):
            for told in json.loads(line).values():
                yield from (r["prefix"] for r in told["routes"])
        elif line != "done":
            yield line.split()[3]


def settled(scene, count):
    with client(scene) as s:

        def all_there():
            s.sendall(b"show adj-rib in\n")
            return sum(1 for _ in listen(s)) == count + 1

        rig.until(all_there, "%d routes in adj-rib-in" % count, 3 * rig.PATIENCE)


class Writer(threading.Thread):
    """The peer, which says its table again and again, and lets the last tenth of it come and go."""

    def __init__(self, peer, count):
        super().__init__(daemon=True)
        self.peer, self.count = peer, count
        self.end = threading.Event()
        self.rounds = 0

    def run(self):
        at = 0
        while not self.end.is_set():
            self.rounds += 1
            announce(self.peer, ((at + i) % self.count for i in range(2 * PIECE)), self.rounds)
            fleeting = range(self.count - self.count // 10, self.count)
            withdraw(self.peer, fleeting[:PIECE])
            announce(self.peer, fleeting[:PIECE], self.rounds)
            at += 2 * PIECE
            self.end.wait(0.002)

    def stop(self):
        self.end.set()
        self.join()


def read_one(s, words, count, wrong):
    s.sendall(words)
    seen = list(prefixes(listen(s)))
    lasting = {key(n)[1] for n in range(count - count // 10)}
    if len(set(seen)) != len(seen):
        wrong.append("%r: some of %d are told twice" % (words, len(seen)))
    if not lasting <= set(seen):
        wrong.append("%r: %d of %d are missing" % (words, len(lasting - set(seen)), len(lasting)))


def read_while_it_changes(scene, count, clients, chunk):
    peer = scene.peer()
    daemon = start(scene, peer, api_chunk=str(chunk), api_max_clients=str(clients))
    announce(peer, range(count), 0)
    settled(scene, count)
    ends = [client(scene) for _ in range(clients)]
    words = [b"show adj-rib in\n", b"show adj-rib in json\n"]
    wrong = []
    readers = [
        threading.Thread(target=read_one, args=(s, words[i % 2], count, wrong)) for i, s in enumerate(ends)
    ]
    writer = Writer(peer, count)
    writer.start()
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    writer.stop()
    for s in ends:
        s.close()
    rig.equal(wrong, [], "what is wrong")
    rig.expect(writer.rounds > 1, "the table did not change")
    rig.expect(rig.rss(daemon.pid) < 200 << 10 or rig.sanitized(scene.program), "%d KiB", rig.rss(daemon.pid))
    peer.check()


def test_a_large_table_is_told_while_it_changes(scene):
    read_while_it_changes(scene, 100000, 2, 10000)


def test_64_read_at_once(scene):
    read_while_it_changes(scene, 5000, 64, 1)


def test_who_reads_nothing_or_goes_costs_a_bound(scene):
    """One JSON object of the whole table is told in pieces, too."""
    peer = scene.peer()
    daemon = start(scene, peer, api_chunk="10000")
    announce(peer, range(50000), 0)
    settled(scene, 50000)
    before = rig.rss(daemon.pid)
    ends = [client(scene) for _ in range(20)]
    for s in ends:
        s.sendall(b"show adj-rib in extensive json\nversion\n" * 10)
    with client(scene) as other:
        for value in range(20):
            announce(peer, range(0, 50000, 7), value)
            other.sendall(b"version\n")
            rig.equal(answer(other)[-1], "done")
        grown = rig.rss(daemon.pid) - before
        rig.expect(grown < 20 * 600 + 4096 or rig.sanitized(scene.program), "grew by %d KiB", grown)
        descriptors = rig.fds(daemon.pid)
        for s in ends:
            s.close()  # in the middle of an answer
        rig.until(lambda: rig.fds(daemon.pid) == descriptors - 20, "they are gone")
        other.sendall(b"show adj-rib in\n")
        rig.equal(len(list(listen(other))), 50001, "lines")
    peer.check()


def test_what_somebody_asked_who_goes_is_not_told_to_nobody(scene):
    """But what was commanded behind it is carried out."""
    peer = scene.peer()
    daemon = start(scene, peer)
    announce(peer, range(50000), 0)
    settled(scene, 50000)
    with client(scene) as other:
        other.sendall(b"version\n")
        rig.equal(answer(other)[-1], "done")
        descriptors = rig.fds(daemon.pid)
        with client(scene) as s:
            s.sendall(b"show adj-rib in extensive json\n" * 2000 + b"announce route 192.0.2.0/24 next-hop 192.0.2.1\n")
            s.recv(1)
        rig.until(lambda: rig.prefix("192.0.2.0/24") in peer.routes, "the route")
        rig.until(lambda: rig.fds(daemon.pid) == descriptors, "it is gone")
    peer.check()


def test_one_long_line_waits_for_a_helper_that_reads(scene):
    """It is told in pieces, no event stands in the middle of it, and it costs no more than its bound."""
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(
        scene.process("h", inside="encoder json; queue-bytes 262144;")
        + peer.section(inside="adj-rib-in true;", api="processes [ h ]; neighbor-changes; receive { parsed; update; }")
    )
    peer.establish()
    hand.until_line("\"state\": \"up\"")
    hand.say("announce route 11.0.0.0/8 next-hop 192.0.2.1 split /24")
    rig.equal(hand.answer(), ["done"])
    before = rig.rss(daemon.pid)
    hand.say("peer * routes list")
    peer.send(rig.update(med(1), key(1)[0]))
    rig.until(lambda: not hand.quiet(), "the first piece")
    rig.idle(daemon.pid)
    rig.expect(rig.rss(daemon.pid) - before < 8192 or rig.sanitized(scene.program), "grew by %d KiB", rig.rss(daemon.pid) - before)
    lines = [hand.line(), hand.line()]
    rig.equal(sorted("10.0.0.1/32" in line for line in lines), [False, True], "an event among the lines")
    told = json.loads(next(line for line in lines if "10.0.0.1/32" not in line))
    rig.equal(len(told), 65536, "routes in the list")


def statements(count):
    """Routes of the file, each by itself: a split would be one."""
    return "static { %s }" % " ".join(
        "route 32.%d.%d.0/24 next-hop 192.0.2.1;" % (i >> 8, i & 255) for i in range(count)
    )


def test_a_configuration_of_many_routes_is_told_in_pieces(scene):
    """Who asks for it and does not read costs a bound; it is whole, and the neighbor behind it is there, too."""
    peer, other = scene.peer(), scene.peer()
    daemon = scene.start(
        peer.section(inside=statements(32768)) + other.section(), api_cli="true", api_socketpath=scene.path("c.sock")
    )
    peer.establish()
    ends = [client(scene) for _ in range(10)]
    before = rig.rss(daemon.pid)
    for s in ends:
        s.sendall(b"show neighbor configuration\n")
    with client(scene) as asker:
        asker.sendall(b"version\n")
        rig.equal(answer(asker)[-1], "done")
    grown = rig.rss(daemon.pid) - before
    rig.expect(grown < 10 * 600 + 4096 or rig.sanitized(scene.program), "grew by %d KiB", grown)
    for s in ends[1:]:
        s.close()
    lines = list(listen(ends[0]))
    rig.equal(sum("route 32." in line for line in lines), 32768, "routes")
    rig.equal(sum(line.startswith("neighbor ") for line in lines), 2, "neighbors")
    rig.equal([line for line in lines if line in ("}", "done")], ["}", "}", "done"], "ends")
    ends[0].close()
    peer.check()


def test_a_configuration_that_changes_while_it_is_told_ends_its_sections(scene):
    peer = scene.peer()
    daemon = start(scene, peer)
    plain = scene.contents("config.conf").decode()
    for count in (60000, 4000, 15000):  # each time another, in the middle of the answer
        with client(scene) as s:
            s.sendall(b"show neighbor configuration\n")
            reload(scene, daemon, plain.replace("adj-rib-in true;", "adj-rib-in true; " + statements(count)))
            lines = list(listen(s))
        rig.equal(sum(line.count("{") - line.count("}") for line in lines), 0, "brackets")
        rig.equal(lines[-1], "done")
    peer.check()


NOBODY = "neighbor 127.9.%d.%d { local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as 65002; passive; }\n"


def test_neighbors_go_while_they_are_told(scene):
    """A reader that waits in the middle has all figures that were measured, and any neighbor once."""
    peer = scene.peer()
    daemon = start(scene, peer)
    plain = scene.contents("config.conf").decode()
    for words, least in (("show metrics prometheus", 500), ("show queues", 500), ("show metrics json", 500),
                         ("show neighbor json", 500), ("show neighbor extensive", 1), ("show neighbor summary", 1)):
        reload(scene, daemon, plain + "".join(NOBODY % divmod(n, 250) for n in range(500)))
        with client(scene) as s, s.makefile("r") as file:
            s.sendall(words.encode() + b"\n")
            told = [file.readline()]
            with client(scene) as asker:
                asker.sendall(b"version\n")
                rig.equal(answer(asker)[-1], "done")
            reload(scene, daemon, plain)
            while told[-1] != "done\n":
                told.append(file.readline())
        names = {name for line in told for name in re.findall(r"127\.9\.[0-9.]+", line)}
        rig.expect(least <= len(names) <= 500, "%d neighbors told by %s", len(names), words)
    peer.check()


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
