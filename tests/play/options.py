#!/usr/bin/env python3
"""
What a neighbor's settings promise: AS numbers that are found out, ranges, keys, hops, refresh,
graceful restart, rates, and that a second program on the other side agrees.
"""

import json
import socket
import struct
import sys
import time

import bgp
from rig import PATIENCE, needs_md5
from speaker import (Failure, Peer, Running, Skip, Suite, check, free_port, is_state, neighbor, same,
                     until)

suite = Suite()


def routes_of(p):
    """Prefixes announced before the End of RIB."""
    found = []
    while True:
        m = p.expect(bgp.UPDATE)
        if m == bgp.eor:
            return found
        found += bgp.nlri_list(bgp.update_parts(m)[2])


def prefixes_until(p, count):
    found = []
    while len(found) < count:
        found += bgp.nlri_list(bgp.update_parts(p.expect(bgp.UPDATE))[2])
    return found


@suite.test
def any_peer_as(program):
    with Running(program, neighbor("127.0.0.2", "auto")) as d:
        for asn in (65002, 1, 4200000000):
            with Peer(d, asn=asn) as p:
                p.up()
                e = d.event(lambda e: is_state(e, p.address, "up"), p.since)
                same(e["neighbor"]["asn"], {"local": 65001, "peer": asn})
        with Peer(d, asn=0) as p:  # RFC 7607
            p.send(bgp.open_message(asn=0, caps=bgp.caps_of(0)))
            p.expect(bgp.OPEN)
            p.refused(2, 2)


@suite.test
def own_as_is_the_peers(program):
    with Running(program, neighbor("127.0.0.2", "auto", local_as="auto")) as d:
        for asn in (65002, 4200000000):
            with Peer(d, asn=asn) as p:
                p.send(bgp.open_message(asn=asn))
                theirs = p.expect(bgp.OPEN)
                same(theirs[20:22], struct.pack("!H", min(asn, 65535) if asn < 65536 else 23456))
                check(bgp.cap_asn4(asn) in theirs, "AS4 in", theirs.hex())
                p.expect(bgp.KEEPALIVE)
                p.send(bgp.keepalive)
                d.event(lambda e: is_state(e, p.address, "up"), p.since)


@suite.test
def a_range_makes_neighbors_with_routes_of_their_own(program):
    static = "static { route 198.51.100.0/24 next-hop 192.0.2.1; }"
    with Running(program, neighbor("127.0.1.0/24", "auto", static)) as d:
        one = Peer(d, "127.0.1.5", 65005).up(router_id="10.0.1.5")
        two = Peer(d, "127.0.1.200", 65006).up(router_id="10.0.1.200")
        for p in (one, two):
            same(routes_of(p), ["198.51.100.0/24"])
            p.expect(bgp.UPDATE)  # the other End of RIB
        d.json.command("neighbor 127.0.1.5 announce route 10.5.0.0/16 next-hop 192.0.2.5")
        d.json.command("neighbor 127.0.1.200 announce route 10.200.0.0/16 next-hop 192.0.2.6")
        d.json.command("announce route 10.0.0.0/16 next-hop 192.0.2.7")
        same(sorted(prefixes_until(one, 2)), ["10.0.0.0/16", "10.5.0.0/16"])
        same(sorted(prefixes_until(two, 2)), ["10.0.0.0/16", "10.200.0.0/16"])
        one.close()
        d.event(lambda e: is_state(e, "127.0.1.5", "down"), one.since)
        two.settled()
        again = Peer(d, "127.0.1.5", 65005).up(router_id="10.0.1.5")
        same([r for r in routes_of(again) if r == "198.51.100.0/24"], ["198.51.100.0/24"])
        two.close()
        with Peer(d, "127.0.2.5", 65005) as stranger:
            stranger.refused(6, 3)
        again.close()


@suite.test
def a_range_leaves_descriptors_for_others(program):
    text = neighbor("127.0.1.0/24", 65002, name="a") + neighbor("127.0.0.2", 65002, name="b")
    with Running(program, text, descriptors=48) as d:
        crowd = [Peer(d, "127.0.1.%d" % n) for n in range(1, 64)]
        last = next(n for n, p in enumerate(crowd) if p.receive()[18] == bgp.NOTIFICATION)
        check(8 < last < 36, "sessions of the range", last)
        for p in crowd[last + 1 :]:
            p.refused(6, 8)
        with Peer(d) as p:
            p.up()
        crowd[0].close()
        until(lambda: is_taken(d, "127.0.1.99"), "there is room for another one")
        for p in crowd:
            p.close()


def is_taken(d, address):
    with Peer(d, address) as p:
        return p.receive()[18] == bgp.OPEN


@suite.test
def several_ranges_that_hold_an_address(program):
    text = neighbor("127.0.1.0/24", "auto", name="a") + neighbor("127.0.0.0/16", "auto", name="b")
    with Running(program, text) as d:
        with Peer(d, "127.0.1.5", 65005) as p:
            p.refused(6, 5, b"Connection Rejected")
        with Peer(d, "127.0.2.5", 65005) as p:
            p.up()


@suite.test
def a_neighbor_of_its_own_comes_before_a_range(program):
    text = neighbor("127.0.1.0/24", "auto", name="a") + neighbor("127.0.1.7", 65007, name="b")
    with Running(program, text) as d:
        with Peer(d, "127.0.1.7", 65008) as p:
            p.send(bgp.open_message(asn=65008))
            p.expect(bgp.OPEN)
            p.refused(2, 2)


@suite.test
def its_own_port(program):
    port = free_port()
    text = neighbor("127.0.0.2", 65002, name="a", passive="passive; listen %d;" % port)
    with Running(program, text + neighbor("127.0.0.3", 65003, name="b"), bind="127.0.0.1") as d:
        Peer(d, port=port).up().close()
        Peer(d, "127.0.0.3", 65003).up(router_id="10.0.0.3").close()
        with Peer(d, "127.0.0.3", 65003, port=port) as p:  # this port is the other's
            p.refused(6, 3)


SPEAKER = """
neighbor 127.0.0.3 {
	local-address 127.0.0.2; router-id 10.0.0.2; local-as 65002; peer-as 65003; %s
	connect %d; %s
	static { route 198.51.100.0/24 next-hop 192.0.2.1; }
	api { processes [ j ]; neighbor-changes; receive { parsed; update; } }
}
"""
LISTENER = """
neighbor 127.0.0.2 {
	local-address 127.0.0.3; router-id 10.0.0.3; local-as 65003; peer-as 65002; passive;
	listen %d; %s
	api { processes [ j ]; neighbor-changes; receive { parsed; update; } }
}
"""


def two_programs(program, speaker, listener, comes_up):
    port = free_port()
    before = kept_out()
    with Running(program, LISTENER % (port, listener), bind="") as there:
        with Running(program, SPEAKER % ("", port, speaker), bind="") as here:
            if comes_up:
                there.event(lambda e: e["type"] == "update" and
                            "198.51.100.0/24" in str(e["neighbor"]))
                here.event(lambda e: is_state(e, "127.0.0.3", "up"))
                return
            # it gives up, or the kernel keeps out what it tries
            until(lambda: "what=connect-failed" in here.said() or
                  (kept_out() > before and any(tries(port))), "an attempt that fails")
            for d in (here, there):
                for line in d.json.lines:
                    check(b'"connected"' not in line and b'"up"' not in line, line)


def kept_out():
    """Segments that the kernel dropped for their keys, or for how far they came."""
    with open("/proc/net/netstat", encoding="ascii") as file:
        lines = [line.split() for line in file]
    return sum(int(count) for names, counts in zip(lines[::2], lines[1::2]) for name, count in zip(names, counts)
               if name.startswith(("TCPMD5", "TCPAO", "TCPMinTTL")) and name != "TCPAOGood")


def tries(port):
    """Sockets that are connecting to the port now, from the kernel's table."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[2].endswith(":%04X" % port) and words[3] == "02":
                yield words


@suite.test
def the_same_key(program):
    needs_md5()
    two_programs(program, "md5-password 'secret one';", "md5-password 'secret one';", True)


@suite.test
def another_key(program):
    needs_md5()
    two_programs(program, "md5-password 'secret one';", "md5-password 'secret two';", False)


@suite.test
def a_key_on_one_side(program):
    needs_md5()
    two_programs(program, "", "md5-password 'secret one';", False)


@suite.test
def the_key_of_a_range(program):
    """Each address of it needs the key, not the first alone."""
    needs_md5()
    for there in ("peer-address 127.0.0.0/28; md5-password secret;",
                  "peer-address 127.0.0.1/28; md5-password secret;"):
        two_programs(program, "md5-password secret;", there, True)
        two_programs(program, "", there, False)


AO = "tcp-ao { keyid %d; algorithm %s; password '%s'; }"


def needs_ao():
    with socket.socket() as s:
        try:  # TCP_AO_ADD_KEY, struct tcp_ao_add
            s.setsockopt(socket.IPPROTO_TCP, 38, struct.pack(
                "=HH4s120s64siIHBBBBBB80s", socket.AF_INET, 0, b"\x7f\0\0\2", b"",
                b"hmac(sha1)", 0, 0, 0, 32, 1, 1, 0, 0, 3, b"key"))
        except OSError as e:
            raise Skip("this kernel has no TCP-AO: %s" % e)


@suite.test
def the_same_ao_key(program):
    needs_ao()
    for algorithm in ("hmac-sha-1-96", "aes-128-cmac-96", "hmac-sha-256"):
        key = AO % (7, algorithm, "secret one")
        two_programs(program, key, key, True)


@suite.test
def another_ao_key(program):
    needs_ao()
    ours = AO % (7, "hmac-sha-1-96", "secret one")
    two_programs(program, ours, AO % (7, "hmac-sha-1-96", "secret two"), False)
    two_programs(program, ours, AO % (8, "hmac-sha-1-96", "secret one"), False)
    two_programs(program, "", ours, False)
    two_programs(program, ours, "", False)


@suite.test
def an_ao_key_that_the_kernel_refuses(program):
    """No session without the key, in neither direction, and a word about it."""
    try:
        needs_ao()
    except Skip:
        key = AO % (7, "hmac-sha-1-96", "secret one")
        with Running(program, neighbor("127.0.0.2", 65002, key)) as d:
            with Peer(d) as p:
                same(p.receive(), None, "an OPEN without the key")
            until(lambda: "this kernel has no TCP-AO" in d.said(), "a word in the log")
        two_programs(program, key, "", False)
        return
    raise Skip("this kernel has TCP-AO")


@suite.test
def hops_are_counted(program):
    two_programs(program, "outgoing-ttl 255;", "incoming-ttl 255; outgoing-ttl 255;", True)
    two_programs(program, "outgoing-ttl 64;", "incoming-ttl 255;", False)
    two_programs(program, "outgoing-ttl 0; incoming-ttl 0;", "incoming-ttl 0; outgoing-ttl 0;", True)


@suite.test
def hops_are_counted_from_the_first_segment(program):
    both = "incoming-ttl 255; outgoing-ttl 255;"
    two_programs(program, both, both, True)
    two_programs(program, both, "incoming-ttl 255;", True)


@suite.test
def hops_are_those_of_each_neighbor_of_a_port(program):
    port = free_port()
    near = neighbor("127.0.0.2", 65002, name="a", passive="passive; listen %d; incoming-ttl 255;" % port)
    far = neighbor("127.0.0.3", 65003, name="b", passive="passive; listen %d;" % port)
    with Running(program, near + far, bind="") as d:
        with Peer(d, "127.0.0.3", 65003, port=port) as p:
            p.up(router_id="10.0.0.3")
    with Running(program, near, bind="") as d:
        d.write(near.replace("incoming-ttl 255;", ""))
        d.json.command("reload")
        with Peer(d, port=port) as p:
            p.up()


@suite.test
def two_programs_that_call_each_other(program):
    """Both listen and both connect at once: one session, which stays."""
    ports = free_port(), free_port()
    text = """
neighbor 127.0.0.%d {
	local-address 127.0.0.%d; router-id 10.0.0.%d; local-as 6500%d; peer-as 6500%d;
	listen %d; connect %d;
	static { route 198.51.%d.0/24 next-hop 192.0.2.1; }
	api { processes [ j ]; neighbor-changes; receive { parsed; update; } }
}
"""
    for _ in range(5):
        with Running(program, text % (3, 2, 2, 2, 3, *ports, 2), bind="") as here:
            with Running(program, text % (2, 3, 3, 3, 2, *reversed(ports), 3), bind="") as there:
                for d in (here, there):
                    d.event(lambda e: e["type"] == "update" and "198.51." in str(e["neighbor"]))
                    for line in d.json.lines:
                        check(b'"down"' not in line, line)
                    answer = d.json.command("show neighbor summary")
                    check(any("established" in line for line in answer), answer)


@suite.test
def two_programs_with_a_session_for_each_family(program):
    multi = "capability { multi-session; } family { ipv4 unicast; ipv6 unicast; ipv4 flow; }"
    two_programs(program, multi, multi, True)


@suite.test
def over_ipv6(program):
    text = neighbor("::1", 65002).replace("local-address 127.0.0.1", "local-address ::1")
    with Running(program, text, bind="::1") as d:
        with Peer(d, "::1", target="::1") as p:
            p.up()
            p.update(bgp.announce6("2001:db8::/32"))
            p.send(bgp.message(9))
            p.refused(1, 3, b"\x09")


@suite.test
def another_local_address(program):
    text = neighbor("127.0.0.2", 65002).replace("local-address 127.0.0.1",
                                                "local-address 127.0.0.50")
    with Running(program, text, bind="127.0.0.1 127.0.0.50") as d:
        with Peer(d) as p:
            p.refused(6, 3)
        with Peer(d, target="127.0.0.50") as p:
            p.up()


@suite.test
def routes_share_lines_of_an_answer(program):
    text = neighbor("127.0.0.2", 65002, name="a") + neighbor("127.0.0.3", 65003, name="b")
    with Running(program, text, api_chunk=3) as d:
        for i in range(7):
            d.json.command("announce route 10.0.%d.0/24 next-hop 192.0.2.1" % i)
        lines = [json.loads(line) for line in d.json.command("show adj-rib out json")]
        same([(who, len(what["routes"])) for line in lines for who, what in line.items()],
             [("127.0.0.%d" % n, count) for n in (2, 3) for count in (3, 3, 1)])
        same(sorted(r["prefix"] for line in lines[:3] for r in line["127.0.0.2"]["routes"]),
             ["10.0.%d.0/24" % i for i in range(7)])


def refresh_setting(program, capability="route-refresh;"):
    return Running(program, neighbor(
        "127.0.0.2", 65002, "static { route 198.51.100.0/24 next-hop 192.0.2.1; "
        "route 2001:db8::/32 next-hop 2001:db8::1; }", capability=capability))


def after_start(p):
    """Both tables and both End of RIB are read."""
    ends = 0
    while ends < 2:
        m = p.expect(bgp.UPDATE)
        if m == bgp.eor or len(m) == 30:
            ends += 1


@suite.test
def refresh_repeats_one_family(program):
    with refresh_setting(program) as d, Peer(d) as p:
        p.up()
        after_start(p)
        p.send(bgp.refresh(1, 1))
        same(bgp.nlri_list(bgp.update_parts(p.expect(bgp.UPDATE))[2]), ["198.51.100.0/24"])
        same(p.event("refresh")["neighbor"]["route-refresh"],
             {"afi": "ipv4", "safi": "unicast", "subtype": "query"})
        p.send(bgp.refresh(2, 1))
        check(bgp.prefix("2001:db8::/32") in p.expect(bgp.UPDATE), "not the other family")
        # of families that nobody knows, markers of the other side: nothing comes
        p.send(bgp.refresh(1, 2), bgp.refresh(99, 9), bgp.refresh(1, 1, 1), bgp.refresh(1, 1, 2),
               bgp.refresh(1, 133), bgp.refresh(2, 1))
        check(bgp.prefix("2001:db8::/32") in p.expect(bgp.UPDATE), "not the last one")
        p.settled()


@suite.test
def enhanced_refresh_has_its_markers(program):
    with refresh_setting(program) as d, Peer(d) as p:
        p.up(caps=bgp.caps_of(65002, extra=[bgp.cap_enhanced]))
        after_start(p)
        p.send(bgp.refresh(1, 1))
        same(p.expect(bgp.REFRESH), bgp.refresh(1, 1, 1))
        same(bgp.nlri_list(bgp.update_parts(p.receive())[2]), ["198.51.100.0/24"])
        same(p.expect(bgp.REFRESH), bgp.refresh(1, 1, 2))
        for subtype in (1, 2):
            p.send(bgp.refresh(1, 1, subtype))
            word = {1: "begin", 2: "end"}[subtype]
            p.event("refresh", lambda e: e["neighbor"]["route-refresh"]["subtype"] == word)
        p.settled()


@suite.test
def malformed_refreshes(program):
    with refresh_setting(program) as d:
        for sent, code, subcode in (
                (bgp.message(5, b"\x00\x01\x01\x01\x00"), 7, 1),
                (bgp.message(5, b"\x00\x01\x02\x01" + bytes(40)), 7, 1),
                (bgp.message(5, b"\x00\x01\x01"), 7, 1),
                (bgp.message(5, b"\x00\x01\x00\x01\x00"), 1, 2), (bgp.message(5), 1, 2)):
            with Peer(d) as p:
                p.up(caps=bgp.caps_of(65002, extra=[bgp.cap_enhanced]))
                p.send(sent)
                p.refused(code, subcode, sent if code == 7 else sent[16:18])


@suite.test
def we_ask_for_a_refresh(program):
    with refresh_setting(program) as d, Peer(d) as p:
        p.up()
        after_start(p)
        d.json.command("announce route-refresh ipv4 unicast")
        same(p.expect(bgp.REFRESH), bgp.refresh(1, 1))


# Graceful restart, hold time, rates.


@suite.test
def graceful_restart_leaves_without_a_word(program):
    text = neighbor("127.0.0.2", 65002, capability="graceful-restart 120;")
    for command in ("neighbor 127.0.0.2 teardown 4", "restart"):
        with Running(program, text) as d, Peer(d) as p:
            p.up(caps=bgp.caps_of(65002, extra=[bgp.cap(64, b"\x00\x78\x00\x01\x01\x80")]))
            after_start(p)
            d.json.command(command)
            while True:
                m = p.receive()
                if m is None:
                    break
                same(m[18], bgp.KEEPALIVE, "after a silent close")
            e = d.event(lambda e: is_state(e, "127.0.0.2", "down"), p.since)
            same(e["neighbor"]["reason"],
                 "graceful restarted negotiated, closing without sending any notification")


@suite.test
def keepalives_keep_the_pace(program):
    text = neighbor("127.0.0.2", 65002, "hold-time 6;")
    with Running(program, text) as d, Peer(d) as p:
        p.up(hold=6)
        after_start(p)
        start = time.monotonic()
        for _ in range(2):
            p.send(bgp.keepalive)
            same(p.receive(), bgp.keepalive)
        took = time.monotonic() - start
        check(2.0 <= took <= 5.0, "two keepalives in", took)
    with Running(program, neighbor("127.0.0.2", 65002, "hold-time 0;")) as d, Peer(d) as p:
        p.up(hold=6)
        after_start(p)
        try:
            m = p.receive(3)
        except Failure:
            m = None
        same(m, None, "without a hold time came")


@suite.test
def a_peer_that_takes_nothing_is_given_up(program):
    """RFC 9687, with a shorter time; the others go on."""
    text = neighbor("127.0.0.2", 65002, name="a") + neighbor("127.0.0.3", 65003, name="b")
    with Running(program, text, bgp_sendhold=2) as d:
        with Peer(d, buffer=2048) as stuck, Peer(d, "127.0.0.3", 65003) as other:
            other.up(router_id="10.0.0.3")
            stuck.up()
            start = time.monotonic()
            for turn in range(8):
                d.json.command("announce attributes next-hop 192.0.2.1 nlri " + " ".join(
                    "20.%d.%d.%d/32" % (turn, i >> 8, i & 255) for i in range(60000)))
                drain(other)
            e = d.event(lambda e: is_state(e, "127.0.0.2", "down"), stuck.since)
            same(e["neighbor"]["reason"], "notification sent (8,0)")
            check(1.5 < time.monotonic() - start < 4 * PATIENCE, "after", time.monotonic() - start)
            drain(other)
            other.settled()
            for line in d.json.lines:
                check(not (b'"down"' in line and b'"peer": "127.0.0.3"' in line), line)


def drain(p):
    p.socket.setblocking(False)
    try:
        while p.socket.recv(1 << 20):
            pass
    except BlockingIOError:
        pass
    finally:
        p.socket.settimeout(PATIENCE)


@suite.test
def a_rate_is_a_limit(program):
    static = "rate-limit 20; group-updates false;"
    with Running(program, neighbor("127.0.0.2", 65002, static)) as d, Peer(d) as p:
        p.up()
        after_start(p)
        start = time.monotonic()
        d.json.command("announce attributes next-hop 192.0.2.1 nlri " +
                       " ".join("10.0.%d.0/24" % i for i in range(60)))
        stamps = []
        while len(stamps) < 60:
            stamps += [time.monotonic()] * len(bgp.nlri_list(
                bgp.update_parts(p.expect(bgp.UPDATE))[2]))
        took = stamps[-1] - start
        check(1.9 <= took <= 8, "60 UPDATEs at 20 a second took", took)
        for i in range(0, 35):  # no second has more than its part
            check(stamps[i + 25] - stamps[i] >= 0.9, "a burst at", i, stamps[i + 25] - stamps[i])


if __name__ == "__main__":
    sys.exit(suite.run(sys.argv[1], names=sys.argv[2:]))
