#!/usr/bin/env python3
"""
Load: helpers that do not read, tables that are large, and sessions that stay up all the same.

    stress.py PROGRAM [TEST...] [seconds=7] [hold=3]     how long the helper is stopped
"""

import collections
import itertools
import json
import os
import signal
import socket
import threading
import time

import rig

settings = rig.given(seconds=7, hold=3)
COUNT = 1000000
BOUND = 32768  # KiB: a channel of 8 MiB, an intake of 4, input of 2, a table of 200,000 routes
BLAST = """
import os, sys, time
def lines(n):
    for i in range(n):
        yield b"announce route 10.%%d.%%d.%%d/32 next-hop 192.0.2.1\\n" %% (i >> 16, i >> 8 & 255, i & 255)
def put(data):
    at = 0
    while at < len(data):
        at += os.write(1, data[at:at + 65536])
chunk = []
for line in lines(%(count)d):
    chunk.append(line)
    if len(chunk) == 4096:
        put(b"".join(chunk))
        chunk = []
put(b"".join(chunk))
while not os.path.exists(%(go)r):
    time.sleep(0.01)
put(b"this is no command\\n")
tally = {}
rest = b""
while True:
    data = os.read(0, 65536)
    if not data:
        break
    words = (rest + data).split(b"\\n")
    rest = words.pop()
    for w in words:
        tally[w] = tally.get(w, 0) + 1
    if b"error" in tally:
        break
with open(%(told)r + ".new", "w") as f:
    f.write("%%d %%d" %% (tally.get(b"done", 0), sum(tally.values())))
os.rename(%(told)r + ".new", %(told)r)
os.read(0, 1)
"""


def gaps(beats, until_time):
    """The longest time between two KEEPALIVEs."""
    times = beats + [until_time]
    return max(b - a for a, b in zip(times, times[1:]))


class Counter(rig.Peer):
    """Marks each IPv4 host route of 10/8 in a bitmap: a million are cheap."""

    def reset(self):
        super().reset()
        self.seen = bytearray(1 << 24)
        self.distinct = 0

    def note_update(self, body):
        self.updates += 1
        nlri = rig.split_update(body)[2]
        for at in range(0, len(nlri), 5):
            rig.expect(nlri[at] == 32 and nlri[at + 1] == 10, "strange NLRI %s", nlri[at : at + 5].hex())
            i = int.from_bytes(nlri[at + 2 : at + 5], "big")
            self.distinct += not self.seen[i]
            self.seen[i] = 1


def blast(scene, ack):
    """Peak KiB of the program after a million routes from a helper that does not read."""
    peer = Counter("127.0.0.2", hold=9)
    other = scene.peer(address="127.0.0.3", hold=3)
    scene.peers.append(peer)
    names = {"go": scene.path("go"), "told": scene.path("told"), "count": COUNT}
    scene.python("blast", BLAST % names)
    daemon = scene.start(
        scene.process("blast", "ack %s;" % ack) + peer.section(processes="blast") + other.section()
    )
    peer.establish()
    other.establish()
    rig.until(lambda: other.beats, "a KEEPALIVE")
    rig.until(
        lambda: peer.distinct == COUNT or not peer.alive() or not other.alive(), "the routes", 180
    )
    peer.check()
    other.check()
    rig.equal(peer.distinct, COUNT, "routes at the peer")
    now = time.monotonic()
    rig.expect(gaps(other.beats, now) < 2.5, "KEEPALIVEs %s", gaps(other.beats, now))
    peak = rig.rss_peak(daemon.pid)
    scene.file("go", "")
    if ack == "true":
        told = rig.until(lambda: scene.contents("told"), "the helper reads", 60)
        rig.equal(told.split()[0], b"%d" % COUNT, "done lines")
    return peak


peaks = {}


def test_a_helper_that_never_reads_announces_a_million_routes(scene):
    peaks["acknowledged"] = blast(scene, "true")


def test_acknowledgements_that_wait_cost_no_memory(scene):
    peaks["silent"] = blast(scene, "false")
    print("# peak KiB: %s" % peaks)
    if "acknowledged" in peaks:
        cost = peaks["acknowledged"] - peaks["silent"]
        rig.expect(cost < 2048 or rig.sanitized(scene.program), "acknowledgements cost %d KiB", cost)


def test_whatever_is_lost_of_answers_no_acknowledgement_is(scene):
    """Good and bad commands in turn, until far more explanations wait than a channel takes."""
    hand = scene.hand("h")
    peer = scene.peer(hold=3)
    daemon = scene.start(scene.process("h") + peer.section(processes="h"), log_processes="false")
    peer.establish()
    count = 100000
    block = b"#\nnonsense\nwithdraw nothing\n#\n" * 1000
    for _ in range(count // 1000):
        hand.write(block)
    print("# peak RSS %d KiB" % rig.rss_peak(daemon.pid))
    rig.expect(rig.rss(daemon.pid) < 60000 or rig.sanitized(scene.program), "memory")
    want = ["done", "error", "error", "done"]
    for i in range(count * 4):
        line = hand.line()
        while line.startswith("error: "):
            line = hand.line()
        if line != want[i % 4]:
            raise rig.Failure("acknowledgement %d is %s" % (i, line))
    rig.expect(hand.quiet(), "more lines")
    peer.check()


RECORDER = """
import os, signal
with open(%(pid)r + ".new", "w") as f:
    f.write(str(os.getpid()))
os.rename(%(pid)r + ".new", %(pid)r)
out = os.open(%(record)r, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
while True:
    data = os.read(0, 65536)
    if not data:
        break
    at = 0
    while at < len(data):
        at += os.write(out, data[at:])
"""


def recorder(scene, name):
    """A helper that writes all that it hears to NAME.record."""
    names = {"pid": scene.path(name + ".pid"), "record": scene.path(name + ".record")}
    scene.python(name, RECORDER % names)
    return scene.process(name, "encoder json; stall-limit 0;")


def table(count, size=5):
    """UPDATEs with count routes in 10/8 in all."""
    for first in range(0, count, size):
        nlri = b"".join(
            b"\x20\x0a" + i.to_bytes(3, "big") for i in range(first, min(first + size, count))
        )
        yield rig.update(rig.attributes(), nlri)


def announced(record):
    """All prefixes of a record of JSON events, with how often each was told."""
    tally = collections.Counter()
    for line in record.decode().splitlines():
        event = json.loads(line)
        if event["type"] != "update":
            continue
        message = event["neighbor"]["message"].get("update", {})
        for hops in message.get("announce", {}).get("ipv4 unicast", {}).values():
            tally.update(r["nlri"] for r in hops)
    return tally


def bytes_in(scene, peer):
    """What the program has read of its session."""
    with rig.client(scene) as s:
        s.sendall(b"show buffers\n")
        (line,) = [line for line in rig.answer(s) if '"neighbor %s ' % peer.address in line]
    words = line.split()
    return int(words[words.index("bytes-in") + 1])


def test_a_stopped_helper_loses_neither_session_nor_event(scene):
    count = 200000
    hold, seconds = settings["hold"], settings["seconds"]
    peer = scene.peer(hold=hold)
    other = scene.peer(hold=hold)
    processes = recorder(scene, "slow") + recorder(scene, "quick") + recorder(scene, "both")
    api = "neighbor-changes; receive { parsed; update; }"
    daemon = scene.start(
        processes
        + peer.section(processes="slow both", api=api)
        + other.section(processes="quick", api=api),
        api_cli="true", api_socketpath=scene.path("c.sock"),
    )
    peer.establish()
    other.establish()
    pid = int(rig.until(lambda: scene.contents("slow.pid"), "the helper's pid"))
    peer.socket.settimeout(None)
    rig.until(lambda: b'"up"' in scene.contents("slow.record"), "the session told")
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    os.kill(pid, signal.SIGSTOP)
    sender = threading.Thread(target=lambda: [peer.send(m) for m in table(count)], daemon=True)
    sender.start()
    other.send(rig.update(rig.attributes(next_hop="127.0.0.3"), rig.prefix("172.16.0.0/12")))
    rig.until(lambda: b"172.16.0.0/12" in scene.contents("quick.record"), "the other's event")
    rig.idle(daemon.pid)  # the table waits
    start = time.monotonic()
    ticks = rig.ticks(daemon.pid)
    rig.until(
        lambda: time.monotonic() - start > seconds or not peer.alive() or not other.alive(),
        "%d seconds" % seconds, 2 * seconds + rig.PATIENCE,
    )
    ticks = rig.ticks(daemon.pid) - ticks
    rig.expect(ticks < 1.5 * seconds, "%d ticks though it can do nothing but wait", ticks)
    peer.check()
    other.check()
    taken = bytes_in(scene, peer)  # the kernel may have all of it
    rig.expect(taken < sum(map(len, table(count))), "the whole table was read though nobody took its events")
    rig.expect(gaps(peer.beats, time.monotonic()) < hold - 0.5, "KEEPALIVEs while it is held")
    memory = rig.rss(daemon.pid)
    print("# %d s, hold time %d s: RSS %d KiB while it is stopped, %d ticks of CPU" % (seconds, hold, memory, ticks))
    rig.expect(memory < BOUND or rig.sanitized(scene.program), "it takes %d KiB", memory)
    os.kill(pid, signal.SIGCONT)
    sender.join(60)
    rig.expect(not sender.is_alive(), "the table is not taken")
    peer.send(rig.update(rig.attributes(), rig.prefix("172.31.0.0/16")))
    rig.until(lambda: b"172.31.0.0/16" in scene.contents("slow.record")[-4096:], "the last event", 60)
    peer.check()
    other.check()
    rig.until(lambda: b"172.31.0.0/16" in scene.contents("both.record")[-4096:], "the last event", 60)
    for name in ("slow", "both"):
        tally = announced(scene.contents(name + ".record"))
        rig.equal(len(tally), count + 1, "distinct prefixes told " + name)
        rig.equal(sum(tally.values()), count + 1, "prefixes told " + name)


def test_full_pipes_in_both_directions_are_no_deadlock(scene):
    """A helper commands without reading, while its peer sends more than its channel takes."""
    count = 150000
    hand = scene.hand("h")
    peer = scene.peer(hold=3)
    scene.start(
        scene.process("h") + peer.section(processes="h", api="receive { parsed; update; }")
    )
    peer.establish()
    hand.ready()
    last = rig.update(rig.attributes(), rig.prefix("172.31.0.0/16"))
    messages = itertools.chain(table(count), [last])
    sender = threading.Thread(target=lambda: [peer.send(m) for m in messages], daemon=True)
    sender.start()
    commands = "".join(
        "announce route 10.%d.%d.%d/32 next-hop 192.0.2.1\n" % (i >> 16, i >> 8 & 255, i & 255)
        for i in range(count)
    )
    hand.write(commands.encode())
    rig.until(lambda: len(peer.routes) == count, "the helper's routes", 60)
    done, events = 0, bytearray()
    while done < count or b"172.31.0.0/16" not in events[-4096:]:
        line = hand.line()
        if line == "done":
            done += 1
        else:
            events += line.encode() + b"\n"
    rig.expect(hand.quiet(), "more lines")
    tally = announced(events)
    rig.equal((len(tally), sum(tally.values())), (count + 1, count + 1), "prefixes told")
    peer.check()


def with_a_route(scene, hold):
    """A daemon that has done all that there is to do."""
    peer = scene.peer(hold=hold)
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section(processes="h"))
    peer.establish()
    hand.say("announce route 10.0.0.0/24 next-hop self")
    rig.equal(hand.answer(), ["done"])
    rig.until(lambda: peer.ends, "the table's end")
    return daemon


def three_seconds():
    start = time.monotonic()
    rig.until(lambda: time.monotonic() - start > 3, "three seconds")


def test_an_idle_session_uses_no_time(scene):
    daemon = with_a_route(scene, 180)
    before = rig.ticks(daemon.pid)
    three_seconds()
    used = rig.ticks(daemon.pid) - before
    rig.expect(used <= 1, "%d ticks in three idle seconds", used)


def test_without_clocks_an_idle_program_is_not_woken(scene):
    """A hold time of 0 and a helper that says nothing: there is nothing to wake up for."""
    daemon = with_a_route(scene, 0)
    rig.idle(daemon.pid)
    before = rig.wakeups(daemon.pid)
    three_seconds()
    rig.equal(rig.wakeups(daemon.pid), before, "wakeups")


def test_a_limited_rate_wakes_it_once_an_update(scene):
    count = 60
    peer = scene.peer(hold=0)
    hand = scene.hand("h")
    daemon = scene.start(
        scene.process("h") + peer.section(inside="rate-limit 20; group-updates false;", processes="h")
    )
    peer.establish()
    rig.until(lambda: peer.ends, "the table's end")
    hand.say("announce attributes next-hop 192.0.2.1 nlri " + " ".join("10.0.%d.0/24" % i for i in range(count)))
    rig.equal(hand.answer(), ["done"])
    before, there = rig.wakeups(daemon.pid), len(peer.routes)
    rig.until(lambda: len(peer.routes) == count, "all routes")
    woken = rig.wakeups(daemon.pid) - before
    rig.expect(woken <= count - there + 1, "woken %d times for %d updates", woken, count - there)


def test_two_that_never_agree_wait_longer_each_time(scene):
    """Both call, and each call is refused: who is called must not call back at once because of it."""
    ends = (("127.0.0.2", 65009), ("127.0.0.3", 65002))  # 65001 is expected of the first
    ports = [rig.free_port(address) for address, _ in ends]
    for i, (address, asn) in enumerate(ends):
        other, _ = ends[1 - i]
        scene.start(
            "neighbor %s { local-address %s; router-id %s; local-as %d; peer-as %d; connect %d; }\n"
            % (other, address, address, asn, 65002 - i, ports[1 - i]),
            tcp_bind=address, tcp_port=str(ports[i]),
        )
        rig.until(lambda: scene.daemons[0].log().count("started version") == i + 1, "it has read its file")
    rig.until(lambda: "(2,2)" in scene.daemons[0].log(), "a refusal")
    for daemon in scene.daemons:
        rig.idle(daemon.pid)
    refused = scene.daemons[0].log().count("what=closed")  # it is the log of both
    rig.expect(refused < 100, "%d refusals", refused)


def hosts(places):
    """UPDATEs with a host of IPv6 for each of these 16 bytes."""
    nlri = [b"\x80" + at for at in places]
    for i in range(0, len(nlri), 200):
        value = b"\0\2\1\x10" + bytes(15) + b"\1\0" + b"".join(nlri[i : i + 200])
        yield rig.update(rig.attributes() + rig.attribute(0x90, 14, value))


def test_routes_that_a_peer_picks_take_no_longer_than_others(scene):
    """Bytes that a hash of known numbers loses, and bytes that it does not."""
    count = 30000
    lost = (0xE7037ED1A0B428DB).to_bytes(8, "little")  # what a hash without a seed takes away there
    peer = scene.peer(families=((1, 1), (2, 1)))
    daemon = scene.start(peer.section(inside="adj-rib-in true;"))

    def ticks(middle):
        peer.establish(keep=False)
        before = rig.ticks(daemon.pid)
        for message in hosts(i.to_bytes(3, "big") + middle + bytes(5) for i in range(count)):
            peer.send(message)
        peer.send(rig.bgp(rig.NOTIFICATION, b"\6\2"))
        rig.until(lambda: peer.read(60) is None, "it has taken all", 60)
        return rig.ticks(daemon.pid) - before

    plain = ticks(b"harmless")
    picked = ticks(lost)
    rig.expect(picked < 4 * plain + 50, "%d ticks, others %d", picked, plain)


rig.main([test for name, test in list(globals().items()) if name.startswith("test_")])
