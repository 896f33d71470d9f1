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


if __name__ == "__main__":
    sys.exit(suite.run(sys.argv[1], names=sys.argv[2:]))
