#!/usr/bin/env python3
"""Segment routing policies between helpers and a peer: commands to bytes, bytes to JSON."""

import sys

import bgp
from speaker import Peer, Running, Suite, neighbor, peer_of, same

suite = Suite()

POLICY = (1, 73)
FAMILIES = "ipv4 unicast; ipv4 sr-policy;"
WORDS = ("distinguisher 1 color 77 endpoint 10.9.9.9 next-hop 192.0.2.1 preference 50 "
         "binding-sid mpls 25000 segment-list weight 1 segment type-a mpls 17000")
TUNNEL = bytes.fromhex("000f00240c060000000000320d061000061a81008000110009060000000000010106"
                       "000004268100")
NLRI = bytes.fromhex("60000000010000004d0a090909")
REACH = bgp.mp_reach(1, 73, b"\xc0\0\2\1", NLRI)
TOLD = {"sr-policy": {
    "preference": 50, "binding-sid": {"type": "mpls", "label": 25000}, "segment-lists": [
        {"weight": 1, "segments": [{"type": "A", "label": 17000, "tc": 0, "s": True, "ttl": 0}]}]}}


def up(p):
    return p.up(caps=bgp.caps_of(65002, [bgp.IPV4, POLICY]))


def announced(p):
    """The next UPDATE that is no End of RIB."""
    while True:
        m = p.expect(bgp.UPDATE)
        if m != bgp.eor and len(m) > 30:
            return m


def heard(d, p, *attributes):
    """What the helper hears of an UPDATE with these attributes."""
    p.mark()
    p.send(bgp.update(attributes=bgp.mandatory() + b"".join(attributes)))
    e = d.event(lambda e: e.get("type") == "update" and peer_of(e) == p.address and
                "update" in e["neighbor"]["message"] and
                e["neighbor"].get("direction") != "send", p.since)
    return e["neighbor"]["message"]["update"]


@suite.test
def words_are_what_routers_read(program):
    static = "static { sr-policy %s; }" % WORDS
    with Running(program, neighbor("127.0.0.2", 65002, static, families=FAMILIES)) as d:
        with Peer(d) as p:
            up(p)
            same(announced(p), bgp.update(attributes=bgp.origin + bgp.as_path(65001) +
                                          bgp.attribute(23, TUNNEL) + REACH))
            d.json.command("announce ipv4 sr-policy " + WORDS + " segment type-b srv6 2001:db8::5")
            m = announced(p)
            same(bytes.fromhex("0d12000020010db8000000000000000000000005") in m, True, m.hex())
            d.json.command("withdraw ipv4 sr-policy distinguisher 1 color 77 endpoint 10.9.9.9")
            same(bgp.mp_unreach(1, 73, NLRI) in announced(p), True)


@suite.test
def bytes_are_told_in_each_dialect(program):
    text = neighbor("127.0.0.2", 65002, families=FAMILIES)
    other = bytes.fromhex("0008000401021234")
    for dialect, members in (
            ("6.0", {"tunnel-encap": dict(TOLD, **{"tunnel-type-8": "0x01021234"})}),
            ("5.0", {"attribute-0x17-0xE0": "0x" + (TUNNEL + other).hex()}),
            ("4.2", {"attribute-0x17-0xE0": "0x" + (TUNNEL + other).hex()})):
        with Running(program, text, api_dialect=dialect) as d, Peer(d) as p:
            up(p)
            told = heard(d, p, bgp.attribute(23, TUNNEL + other), REACH)
            same({k: v for k, v in told["attribute"].items() if k in members}, members, dialect)
            same(told["announce"]["ipv4 sr-policy"]["192.0.2.1"],
                 [{"distinguisher": 1, "color": 77, "endpoint": "10.9.9.9"}], dialect)


@suite.test
def what_does_not_hold_together_is_withdrawn(program):
    """RFC 9012 13, RFC 9830 5: the session stays."""
    with Running(program, neighbor("127.0.0.2", 65002, families=FAMILIES)) as d, Peer(d) as p:
        up(p)
        for tunnel in (TUNNEL[:-1], TUNNEL[:4] + b"\x0c\x05" + TUNNEL[6:], b"\0\x0f\0"):
            told = heard(d, p, bgp.attribute(23, tunnel), REACH)
            same(list(told.get("withdraw", {})), ["ipv4 sr-policy"], tunnel.hex())
            same("announce" in told, False)
        told = heard(d, p, bgp.attribute(23), REACH)
        same(list(told["announce"]), ["ipv4 sr-policy"])
        p.settled()


if __name__ == "__main__":
    sys.exit(suite.run(sys.argv[1], names=sys.argv[2:]))
