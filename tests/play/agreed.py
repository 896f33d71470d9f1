#!/usr/bin/env python3
"""What two OPENs agree on, and what a session does of it and without it."""

import struct
import sys

import bgp
from speaker import Peer, Running, Suite, check, is_state, neighbor, same

suite = Suite()

CAP_OPERATIONAL = bgp.cap(185)


def said(m, code, text=None):
    """An OPERATIONAL message: code and what stands behind the family."""
    same(m[18], bgp.OPERATIONAL)
    what, length = struct.unpack("!HH", m[19:23])
    same(length, len(m) - 23, "length")
    same(what, code)
    if text is not None:
        same(m[26:], text)


def operational(p, asn=65002):
    return p.up(caps=bgp.caps_of(asn, extra=[CAP_OPERATIONAL]))


# --- operational ---

MESSAGES = """
operational {
	asm afi ipv4 safi unicast advisory "good day";
	adm afi ipv6 safi unicast advisory "once";
	rpcq afi ipv4 safi unicast sequence 1;
}
"""


@suite.test
def configured_messages_are_said(program):
    text = neighbor("127.0.0.2", 65002, MESSAGES, capability="operational;")
    with Running(program, text) as d:
        with Peer(d) as p:
            operational(p)
            said(p.expect(bgp.OPERATIONAL), 2, b"good day")
            said(p.expect(bgp.OPERATIONAL), 1, b"once")
            said(p.expect(bgp.OPERATIONAL), 3, b"\x0a\0\0\1\0\0\0\1")  # our router id
        d.event(lambda e: is_state(e, "127.0.0.2", "down"), p.since)
        with Peer(d) as p:  # asm again, the others were said
            operational(p)
            said(p.expect(bgp.OPERATIONAL), 2, b"good day")
            d.json.command("announce operational adm afi ipv4 safi unicast advisory last")
            said(p.expect(bgp.OPERATIONAL), 1, b"last")


@suite.test
def helpers_say_messages(program):
    with Running(program, neighbor("127.0.0.2", 65002, capability="operational;")) as d:
        d.json.command("announce operational asm afi ipv4 safi unicast advisory \"one\"")
        d.json.command("announce operational asm afi ipv4 safi unicast advisory \"two words\"")
        with Peer(d) as p:
            operational(p)
            said(p.expect(bgp.OPERATIONAL), 2, b"two words")  # the last of its family
            d.json.command("neighbor 127.0.0.2 announce operational apcp afi ipv4 safi unicast "
                           "router-id 10.0.0.9 sequence 7 counter 100")
            said(p.expect(bgp.OPERATIONAL), 6, b"\x0a\0\0\x09\0\0\0\x07\0\0\0\x64")
            same([w for w in ("afi ipv4 safi unicast", "nonsense afi ipv4 safi unicast sequence 1",
                              "rpcq afi ipv4 safi nothing sequence 1") if accepted(d, w)], [])


def accepted(d, words):
    since = d.json.mark()
    d.json.say("announce operational " + words)
    return d.json.wait(lambda l: l in (b"done", b"error"), since) == b"done"


@suite.test
def without_the_capability_nothing_is_said(program):
    text = neighbor("127.0.0.2", 65002, MESSAGES, capability="operational;")
    with Running(program, text) as d, Peer(d) as p:
        p.up()
        check(not accepted(d, "adm afi ipv4 safi unicast advisory x"), "said without capability")
        p.settled()
        p.send(bgp.message(bgp.OPERATIONAL, bytes.fromhex("0002000800010168656c6c6f")))
        p.refused(1, 3)
    with Running(program, neighbor("127.0.0.2", 65002)) as d:
        check(not accepted(d, "asm afi ipv4 safi unicast advisory x"), "kept without capability")


@suite.test
def what_the_peer_says_is_told(program):
    with Running(program, neighbor("127.0.0.2", 65002, capability="operational;")) as d:
        with Peer(d) as p:
            operational(p)
            for body, members in (
                    ("0002000800010168656c6c6f", {"name": "ASM", "advisory": "hello"}),
                    ("0003000b0001010a00000900000007", {"name": "RPCQ"}),
                    ("0004000f0001010a0000090000000700000064",
                     {"name": "RPCP", "router-id": "10.0.0.9", "sequence": 7, "counter": 100})):
                p.mark()
                p.send(bgp.message(bgp.OPERATIONAL, bytes.fromhex(body)))
                same(p.event("operational")["neighbor"]["operational"],
                     dict(members, afi="ipv4", safi="unicast"))
            p.send(bgp.message(bgp.OPERATIONAL, bytes.fromhex("0002000900010168656c6c6f")))
            p.settled()  # one that is cut off ends nothing


# --- role, RFC 9234 ---

OTC = bgp.attribute(35, struct.pack("!I", 65100))
STATIC = """static { route 198.51.100.0/24 next-hop 192.0.2.1;
	route 203.0.113.0/24 next-hop 192.0.2.1 otc 65100; }"""


def role(number):
    return bgp.cap(9, bytes([number]))


def routes_of(p):
    """Prefixes and attributes before the End of RIB."""
    found = {}
    while True:
        m = p.expect(bgp.UPDATE)
        if m == bgp.eor:
            return found
        _, attributes, nlri = bgp.update_parts(m)
        found.update((n, attributes) for n in bgp.nlri_list(nlri))


@suite.test
def roles_have_to_fit(program):
    text = neighbor("127.0.0.2", 65002, capability="role customer;")
    with Running(program, text) as d:
        with Peer(d) as p:
            p.up(caps=bgp.caps_of(65002, extra=[role(0)]))
            check(role(3) in p.theirs, "no role in", p.theirs.hex())
        for extra in ([role(3)], [role(4)], [role(77)], [role(0), role(1)]):
            with Peer(d) as p:
                p.send(bgp.open_message(caps=bgp.caps_of(65002, extra=extra)))
                p.expect(bgp.OPEN)
                p.refused(2, 11)
        with Peer(d) as p:  # one that says none is taken at our word
            p.up()
    text = neighbor("127.0.0.2", 65002, capability="role customer; role-strict;")
    with Running(program, text) as d, Peer(d) as p:
        p.send(bgp.open_message())
        p.expect(bgp.OPEN)
        p.refused(2, 11)
    text = neighbor("127.0.0.2", 65001, capability="role customer; role-strict;")
    with Running(program, text) as d, Peer(d, asn=65001) as p:  # internal: none of that
        p.up()
        check(role(3) not in p.theirs, "a role in", p.theirs.hex())


@suite.test
def a_role_marks_and_keeps_routes(program):
    ours = bgp.attribute(35, struct.pack("!I", 65001))
    for word, number, first, second in (
            ("provider", 3, ours, OTC), ("rs", 2, ours, OTC), ("peer", 4, ours, None),
            ("customer", 0, b"", None), ("rs-client", 1, b"", None)):
        text = neighbor("127.0.0.2", 65002, STATIC, capability="role %s;" % word)
        with Running(program, text) as d, Peer(d) as p:
            p.up(caps=bgp.caps_of(65002, extra=[role(number)]))
            found = routes_of(p)
            check("198.51.100.0/24" in found, word, found)
            same(b"\x23\x04" in found["198.51.100.0/24"], first != b"", word)
            check(first in found["198.51.100.0/24"], word, found)
            same("203.0.113.0/24" in found, second is not None, word)
            if second is not None:
                check(second in found["203.0.113.0/24"], word, found)


@suite.test
def a_leak_is_a_withdraw(program):
    text = neighbor("127.0.0.2", 65002, capability="role provider;")
    with Running(program, text) as d, Peer(d) as p:
        p.up(caps=bgp.caps_of(65002, extra=[role(3)]))
        message = p.update(bgp.announce("10.0.0.0/8", OTC))["update"]
        same(message["withdraw"], {"ipv4 unicast": [{"nlri": "10.0.0.0/8"}]})
        check("announce" not in message, message)
        check("announce" in p.update(bgp.announce("10.0.0.0/8"))["update"], "a route of its own")
    text = neighbor("127.0.0.2", 65002, capability="role customer;")
    with Running(program, text) as d, Peer(d) as p:
        p.up(caps=bgp.caps_of(65002, extra=[role(0)]))
        same(p.update(bgp.announce("10.0.0.0/8"))["update"]["attribute"]["otc"], 65002)
        same(p.update(bgp.announce("10.0.0.0/8", OTC))["update"]["attribute"]["otc"], 65100)


# --- paths-limit ---

ADD_PATH = "add-path { ipv4 unicast limit 2; }"


def paths(*ids, prefix="10.0.0.0/8"):
    nlri = b"".join(struct.pack("!I", i) + bgp.prefix(prefix) for i in ids)
    return bgp.update(nlri, bgp.mandatory())


@suite.test
def our_paths_limit_is_audited(program):
    text = neighbor("127.0.0.2", 65002, ADD_PATH, capability="add-path receive;")
    for audit in (True, False):
        with Running(program, text, bgp_paths_limit_audit=str(audit).lower()) as d, Peer(d) as p:
            p.up(caps=bgp.caps_of(65002, extra=[bgp.cap(69, b"\0\1\1\2")]))
            check(bgp.cap(76, b"\0\1\1\0\2") in p.theirs, "no limit in", p.theirs.hex())
            p.update(paths(1, 2))
            p.update(paths(1, 2))
            check("paths-limit-exceeded" not in d.said(), "two are allowed")
            p.update(paths(3, 4))
            p.update(paths(1, prefix="11.0.0.0/8"))  # the one before was taken then
            same("what=paths-limit-exceeded paths=2" in d.said(), audit)


@suite.test
def the_peers_paths_limit_is_kept(program):
    text = neighbor("127.0.0.2", 65002, capability="add-path send;")
    with Running(program, text) as d, Peer(d) as p:
        p.up(caps=bgp.caps_of(65002, extra=[bgp.cap(69, b"\0\1\1\1"),
                                            bgp.cap(76, b"\0\1\1\0\2")]))
        ends = 0
        while ends < 2:
            ends += len(p.expect(bgp.UPDATE)) in (23, 30)
        for i in range(1, 5):
            d.json.command("announce route 10.0.0.0/8 next-hop 192.0.2.1 path-information %d" % i)
        d.json.command("announce route 11.0.0.0/8 next-hop 192.0.2.1 path-information 9")
        found = b""
        while bgp.prefix("11.0.0.0/8") not in found:
            found += bgp.update_parts(p.expect(bgp.UPDATE))[2]
        same(found.count(bgp.prefix("10.0.0.0/8")), 2, found.hex())


if __name__ == "__main__":
    sys.exit(suite.run(sys.argv[1], names=sys.argv[2:]))
