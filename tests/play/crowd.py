#!/usr/bin/env python3
"""
Peers that behave badly at the door and on the line: strangers, floods, collisions, single bytes,
resets, silence. The sessions of the others notice nothing, and nothing is left behind.
"""

import re
import select
import signal
import socket
import struct

import bgp
from rig import PATIENCE
from speaker import (Daemon, Failure, Peer, Suite, add_bystander, bystander_is_fine, check, free_port,
                     is_state, main, same, until)

API = "api { processes [ j ]; neighbor-changes; receive { parsed; open; update; notification; } }"
NEIGHBOR = """
neighbor %s {
	local-address 127.0.0.1; router-id %s; local-as 65001; peer-as %s; %s
	family { ipv4 unicast; ipv6 unicast; }
	capability { route-refresh; extended-message disable; }
	""" + API + """
}
"""

suite = Suite()


def prepare(program):
    port = free_port()
    neighbors = (NEIGHBOR % ("127.0.0.2", "10.0.0.1", 65002, "passive;") +
                 NEIGHBOR % ("127.0.0.3", "10.0.0.1", 65003, "connect %d;" % port) +
                 NEIGHBOR % ("127.0.0.5", "10.0.0.1", 65005, "passive; hold-time 3;") +
                 NEIGHBOR % ("127.0.0.9", "10.0.0.1", 65009, "passive; hold-time 0;"))
    daemon = Daemon(program, neighbors)
    daemon.target = port
    add_bystander(daemon)
    return daemon


def dial(daemon, address):
    s = socket.socket()
    s.bind((address, 0))
    s.settimeout(PATIENCE)
    s.connect(("127.0.0.1", daemon.port))
    return s


def abort(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def read_all(s):
    """What comes until the end, however it ends."""
    data = b""
    try:
        while True:
            piece = s.recv(1 << 16)
            if not piece:
                return data
            data += piece
    except ConnectionResetError:
        return data


@suite.test
def single_bytes(daemon):
    with Peer(daemon) as p:
        for b in bgp.open_message() + bgp.keepalive + bgp.announce("10.1.0.0/24"):
            p.send(bytes([b]))
        e = p.event("update")
        same(list(e["neighbor"]["message"]["update"]["announce"]), ["ipv4 unicast"])
    bystander_is_fine(daemon)


@suite.test
def many_messages_in_one_piece(daemon):
    with Peer(daemon) as p:
        routes = [bgp.announce("10.%d.%d.0/24" % (i >> 8, i & 255)) for i in range(3000)]
        p.send(bgp.open_message(), bgp.keepalive, *routes)
        p.event("update", lambda e: "10.11.183.0/24" in str(e))
    bystander_is_fine(daemon)


@suite.test
def half_a_header_for_ever(daemon):
    for part in (1, 16, 18):
        with Peer(daemon, "127.0.0.5", 65005) as p:
            p.up(hold=3)
            p.send(bgp.keepalive[:part])
            p.refused(4, 0, b"")
    bystander_is_fine(daemon)


@suite.test
def three_hundred_strangers(daemon):
    before = daemon.descriptors()
    strangers = [dial(daemon, "127.0.0.77") for _ in range(300)]
    told = 0
    for s in strangers:
        data = read_all(s)
        if data:
            same((data[18], data[19], data[20]), (3, 6, 3), data.hex())
            same(data[21:], b"Peer De-configured")
            told += 1
        s.close()
    check(told >= 200, "only", told, "were told")
    until(lambda: daemon.descriptors() <= before, "their sockets are closed")
    bystander_is_fine(daemon)


@suite.test
def strangers_do_not_fill_the_log(daemon):
    before = daemon.said()
    for _ in range(300):
        dial(daemon, "127.0.0.77").close()

    def counted():
        said = daemon.said()[len(before):]
        more = [int(n) for n in re.findall(r"connection refused more=(\d+)", said)]
        return said.count("connection refused from=127.0.0.77"), sum(more)

    until(lambda: sum(counted()) >= 300, "all are told of, or counted")
    check(counted()[0] < 150, counted()[0], "lines")
    bystander_is_fine(daemon)


@suite.test
def strangers_that_stay_and_talk(daemon):
    before = daemon.descriptors()
    strangers = [dial(daemon, "127.0.0.77") for _ in range(50)]
    for s in strangers:
        try:
            s.sendall(bgp.open_message() * 100)
        except ConnectionError:
            pass
    until(lambda: daemon.descriptors() <= before, "nobody waits for them")
    for s in strangers:
        s.close()
    bystander_is_fine(daemon)


@suite.test
def one_neighbor_connects_again_and_again(daemon):
    before = daemon.descriptors()
    with Peer(daemon) as p:
        p.up()
        again = [dial(daemon, p.address) for _ in range(200)]
        for s in again:  # RFC 4271 6.8: the established one is kept
            data = read_all(s)
            if data:
                same((data[18], data[19], data[20]), (3, 6, 7), data.hex())
            s.close()
        p.settled()
    until(lambda: daemon.descriptors() <= before, "their sockets are closed")
    bystander_is_fine(daemon)


@suite.test
def many_connections_before_the_first_open(daemon):
    before = daemon.descriptors()
    silent = [dial(daemon, "127.0.0.2") for _ in range(200)]
    with Peer(daemon) as p:
        p.up()
        p.settled()
        for s in silent:
            s.close()
        p.settled()
    until(lambda: daemon.descriptors() <= before, "their sockets are closed")
    bystander_is_fine(daemon)


def comes_up(daemon):
    """A session of 127.0.0.2, or None while one that was reset is not noticed."""
    p = Peer(daemon)
    try:
        return p.up()
    except Failure as failure:
        check("0607" in str(failure), failure)
        p.close()
        return None


@suite.test
def connections_that_are_reset(daemon):
    before = daemon.descriptors()
    for i in range(300):
        s = dial(daemon, ("127.0.0.2", "127.0.0.77", "127.0.0.9")[i % 3])
        if i % 5 == 1:
            s.sendall(bgp.open_message())
        elif i % 5 == 2:
            s.sendall(bgp.open_message() + bgp.keepalive + bgp.announce("10.1.0.0/24"))
        elif i % 5 == 3:
            s.sendall(bgp.MARKER)
        elif i % 5 == 4:
            s.shutdown(socket.SHUT_WR)
        abort(s)
    for _ in range(20):
        p = until(lambda: comes_up(daemon), "a session after all of that")
        p.send(bgp.announce("10.1.0.0/24") * 50)
        p.abort()
    until(lambda: daemon.descriptors() <= before, "their sockets are closed")
    bystander_is_fine(daemon)


@suite.test
def no_descriptor_left(daemon):
    """Strangers take all descriptors: no busy loop, no log without end, and it gets over it."""
    small = Daemon(daemon.program, NEIGHBOR % ("127.0.0.2", "10.0.0.1", 65002, "passive;"),
                   descriptors=40)
    try:
        with Peer(small) as p:
            p.up()
            strangers = [dial(small, "127.0.0.77") for _ in range(120)]
            p.settled()
            p.settled()
            for s in strangers:
                read_all(s)
                s.close()
            p.settled()
            spent, lines = small.ticks(), small.said().count("\n")
            check(lines < 500, lines, "lines of log")
            check(spent < 100, spent, "ticks")
        with Peer(small) as p:
            p.up()
    finally:
        small.stop()


class Both:
    """Both connections between the program and one neighbor, neither with an OPEN of ours."""

    def __init__(self, daemon):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.3", daemon.target))
            listener.listen(8)
            check(select.select([listener], [], [], 20)[0], "it does not connect")
            connection, _ = listener.accept()
        self.theirs = Peer(daemon, "127.0.0.3", 65003, connection)
        self.theirs.expect(bgp.OPEN)
        self.ours = Peer(daemon, "127.0.0.3", 65003)
        self.ours.expect(bgp.OPEN)

    def close(self):
        self.ours.close()
        self.theirs.close()


@suite.test
def collision_is_resolved_by_identifiers(daemon):
    for router_id, kept in (("10.0.0.3", "ours"), ("9.0.0.3", "theirs"),
                            ("10.0.0.1", "ours")):  # RFC 6286 2.3: then by AS number
        for first in ("ours", "theirs"):
            both = Both(daemon)
            one, two = ((both.ours, both.theirs) if first == "ours" else
                        (both.theirs, both.ours))
            sent = bgp.open_message(asn=65003, router_id=router_id)
            one.send(sent)
            same(one.receive(), bgp.keepalive)
            two.send(sent)
            winner, loser = ((both.ours, both.theirs) if kept == "ours" else
                             (both.theirs, both.ours))
            try:
                loser.refused(6, 7, b"Connection Collision Resolution")
                if winner is two:
                    same(two.receive(), bgp.keepalive)
                winner.send(bgp.keepalive)
                winner.daemon.event(lambda e: is_state(e, "127.0.0.3", "up"), winner.since)
                winner.settled()
            except Failure as failure:
                raise Failure("id %s, first %s: %s" % (router_id, first, failure))
            both.close()
            daemon.event(lambda e: is_state(e, "127.0.0.3", "down"), winner.since)
    bystander_is_fine(daemon)


@suite.test
def a_keepalive_does_not_decide_a_collision(daemon):
    """
    The side with the higher identifier closes the other's connection when both OPENs are there. A
    side that went on to Established first would refuse the one that is kept, and none was left.
    """
    for router_id, kept in (("10.0.0.3", "ours"), ("9.0.0.3", "theirs")):
        both = Both(daemon)
        winner, loser = ((both.ours, both.theirs) if kept == "ours" else
                         (both.theirs, both.ours))
        sent = bgp.open_message(asn=65003, router_id=router_id)
        route = bgp.announce("10.3.0.0/16", asn=65003)
        loser.send(sent, bgp.keepalive, route)
        same(loser.receive(), bgp.keepalive)
        winner.send(sent, bgp.keepalive, route)
        loser.refused(6, 7, b"Connection Collision Resolution")
        winner.event("update")
        winner.settled()
        for line in daemon.json.lines[winner.since:]:
            check(b'"down"' not in line, line)
        # the one that was to win says nothing more: the other is taken, with all that it said
        both.close()
        daemon.event(lambda e: is_state(e, "127.0.0.3", "down"), winner.since)
        both = Both(daemon)
        winner, loser = ((both.ours, both.theirs) if kept == "ours" else
                         (both.theirs, both.ours))
        loser.send(sent, bgp.keepalive, route)
        same(loser.receive(), bgp.keepalive)
        winner.close()
        loser.event("update")
        loser.settled()
        both.close()
        daemon.event(lambda e: is_state(e, "127.0.0.3", "down"), loser.since)
    bystander_is_fine(daemon)


@suite.test
def an_established_session_wins_every_collision(daemon):
    for router_id in ("10.0.0.3", "9.0.0.3"):
        for kept in ("ours", "theirs"):
            both = Both(daemon)
            winner, loser = ((both.ours, both.theirs) if kept == "ours" else
                             (both.theirs, both.ours))
            sent = bgp.open_message(asn=65003, router_id=router_id)
            winner.send(sent, bgp.keepalive)
            daemon.event(lambda e: is_state(e, "127.0.0.3", "up"), winner.since)
            loser.send(sent)
            loser.refused(6, 7, b"Connection Collision Resolution")
            winner.settled()
            with Peer(daemon, "127.0.0.3", 65003) as third:
                third.refused(6, 7)
            winner.settled()
            both.close()
            daemon.event(lambda e: is_state(e, "127.0.0.3", "down"), winner.since)
    bystander_is_fine(daemon)


def prefix_number(i):
    return "20.%d.%d.%d/32" % (i >> 16, i >> 8 & 255, i & 255)


@suite.test
def a_peer_that_reads_nothing(daemon):
    """A window of zero: the others get all of it, memory stays, and it gets all of it later."""
    with Peer(daemon, buffer=2048) as slow:
        slow.up(hold=0)
        attributes = "next-hop 192.0.2.1 community [ %s ]"
        words = " ".join("65000:%d" % i for i in range(30))
        daemon.json.command("announce attributes " + attributes % words + " nlri " +
                            " ".join(prefix_number(i) for i in range(2000)))
        until(lambda: count_routes(daemon.bystander) >= 2000, "the others have them")
        before = daemon.memory()
        for turn in range(20):  # the same routes change, what waits does not grow
            words = " ".join("65001:%d" % (turn * 100 + i) for i in range(30))
            daemon.json.command("announce attributes " + attributes % words + " nlri " +
                                " ".join(prefix_number(i) for i in range(2000)))
        count_routes(daemon.bystander)
        check(daemon.memory() < before + 16384, "grew from", before, "to", daemon.memory())
        bystander_is_fine(daemon)
        seen = set()
        while len(seen) < 2000:
            m = slow.expect(bgp.UPDATE)
            _, said, nlri = bgp.update_parts(m)
            if bgp.attribute(8, b"".join(struct.pack("!HH", 65001, 1900 + i)
                                         for i in range(30))) in said:
                seen |= set(bgp.nlri_list(nlri))
        slow.settled()
    daemon.json.command("clear adj-rib out")
    bystander_is_fine(daemon)


def count_routes(p):
    """Reads what waits; how many different prefixes were announced so far."""
    p.seen = getattr(p, "seen", set())
    p.socket.setblocking(False)
    try:
        while True:
            p.buffered += p.socket.recv(1 << 20)
    except BlockingIOError:
        pass
    finally:
        p.socket.settimeout(PATIENCE)
    while len(p.buffered) >= 19:
        size = int.from_bytes(p.buffered[16:18], "big")
        if len(p.buffered) < size:
            break
        m, p.buffered = p.buffered[:size], p.buffered[size:]
        if m[18] == bgp.UPDATE:
            p.seen |= set(bgp.nlri_list(bgp.update_parts(m)[2]))
    return len(p.seen)


@suite.test
def a_peer_that_asks_and_never_reads(daemon):
    """Each refresh asks for the whole table: what waits is at most the table."""
    daemon.json.command("announce attributes next-hop 192.0.2.1 nlri " +
                        " ".join(prefix_number(i) for i in range(5000)))
    with Peer(daemon, buffer=2048) as slow:
        slow.up(hold=0)
        before = daemon.memory()
        for _ in range(200):
            slow.send(bgp.refresh(1, 1) * 50)
        slow.settled()
        check(daemon.memory() < before + 16384, "grew from", before, "to", daemon.memory())
        bystander_is_fine(daemon)
    daemon.json.command("clear adj-rib out")


@suite.test
def half_closed_and_urgent(daemon):
    with Peer(daemon) as p:
        p.up()
        p.socket.send(b"!", socket.MSG_OOB)  # is no part of the stream
        p.settled()
        p.socket.shutdown(socket.SHUT_WR)
        p.ended()
        e = daemon.event(lambda e: is_state(e, "127.0.0.2", "down"), p.since)
        same(e["neighbor"]["reason"], "closing connection")
    bystander_is_fine(daemon)


@suite.test
def last_words_arrive_whatever_is_unread(daemon):
    for size in (1, 5000, 300000):
        with Peer(daemon) as p:
            p.up()
            try:
                p.send(bgp.message(99), bytes(size))
            except ConnectionError:
                pass
            p.refused(1, 3, b"\x63")
    bystander_is_fine(daemon)


TEARDOWNS = {
    2: b"\x17Administrative Shutdown", 3: b"Peer De-configured", 4: b"\x14Administrative Reset",
    6: b"Other Configuration Change"}


@suite.test
def teardown_says_why(daemon):
    for subcode, data in TEARDOWNS.items():
        with Peer(daemon) as p:
            p.up()
            p.send(bgp.announce("10.1.0.0/24") * 20)
            daemon.json.command("neighbor 127.0.0.2 teardown %d" % subcode)
            p.refused(6, subcode, data)
    bystander_is_fine(daemon)


@suite.test
def peers_that_read_nothing_do_not_stop_the_end(daemon):
    other = Daemon(daemon.program, NEIGHBOR % ("127.0.0.2", "10.0.0.1", 65002, "passive;"))
    with Peer(other, buffer=2048) as p:
        p.up(hold=0)
        for turn in range(3):
            other.json.command("announce attributes next-hop 192.0.2.1 nlri " + " ".join(
                prefix_number(turn * 20000 + i) for i in range(20000)))
        strangers = [dial(other, "127.0.0.77") for _ in range(50)]
        other.process.send_signal(signal.SIGTERM)
        same(other.process.wait(PATIENCE), 0)
        for s in strangers:
            s.close()
    other.stop()


@suite.test
def the_end_is_announced(daemon):
    """SIGTERM: each peer is told."""
    import signal

    with Peer(daemon) as p:
        p.up()
        daemon.process.send_signal(signal.SIGTERM)
        for one in (p, daemon.bystander):
            one.refused(6, 2, TEARDOWNS[2])
    same(daemon.process.wait(PATIENCE), 0)


if __name__ == "__main__":
    main(prepare, suite)
