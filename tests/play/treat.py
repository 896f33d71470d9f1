#!/usr/bin/env python3
"""
UPDATEs that are wrong, over a living session: what ends it, what is treated as withdraw (in the
events and in adj-rib-in), what only loses an attribute. Another session must notice nothing.
"""

import struct

import bgp
from bgp import attribute, mandatory, prefix, update
from speaker import (Daemon, Failure, Peer, Suite, add_bystander, bystander_is_fine, check, main,
                     same)

API = "api { processes [ j ]; neighbor-changes; receive { parsed; update; notification; } }"
NEIGHBOR = """
neighbor %s {
	local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as %s; passive;
	family { ipv4 unicast; ipv6 unicast; }
	capability { extended-message %s; }
	disable-family %s;
	adj-rib-in true;
	""" + API + """
}
"""
NEIGHBORS = "".join(NEIGHBOR % n for n in (
    ("127.0.0.2", 65002, "disable", "false"), ("127.0.0.3", 65001, "disable", "false"),
    ("127.0.0.4", 65004, "disable", "true"), ("127.0.0.6", 65006, "enable", "false"),
    ("127.0.0.9", 65009, "disable", "false")))

suite = Suite()

VICTIM = "10.9.0.0/24"
SIX = "2001:db8:9::/48"


def daemon_with_bystander(program):
    daemon = Daemon(program, NEIGHBORS)
    add_bystander(daemon)
    daemon.bystander.send(bgp.announce("198.51.100.0/24", asn=65009))
    return daemon


def bystander_and_its_route_are_fine(daemon):
    bystander_is_fine(daemon)
    check("127.0.0.9 ipv4 unicast 198.51.100.0/24" in routes(daemon), "its route is gone")


def routes(daemon):
    """adj-rib-in: "peer afi safi prefix" of each route."""
    return {" ".join(line.split()[:4]) for line in daemon.json.command("show adj-rib in")}


def held(daemon, address, text=VICTIM):
    family = "ipv6" if ":" in text else "ipv4"
    return "%s %s unicast %s" % (address, family, text) in routes(daemon)


def listed(said, part, family):
    """Prefixes of a part of an update event."""
    where = said.get("update", {}).get(part, {}).get(family, {})
    lists = where.values() if part == "announce" else [where]
    return [n["nlri"] for l in lists for n in l]


def settles_as(p, sent, said, verdict):
    """said is the event, verdict what should have come of VICTIM."""
    announced, gone = (listed(said, part, "ipv4 unicast") for part in ("announce", "withdraw"))
    error = said["update"].get("attribute", {}).get("error", "")
    if verdict == "withdraw":
        same((announced, gone), ([], [VICTIM]), "told of", sent.hex())
        check(error.startswith("treat-as-withdraw"), "no error in", said)
        check(not held(p.daemon, p.address), "adj-rib-in holds", sent.hex())
    else:
        same((announced, gone), ([VICTIM], []), "told of", sent.hex())
        same(error, "discard" if verdict == "discard" else "", "error of", sent.hex())
        check(held(p.daemon, p.address), "adj-rib-in lacks", sent.hex())


def play(daemon, cases, address="127.0.0.2", asn=65002, **how):
    """Each case is name, message, verdict: withdraw, discard, fine, or code, subcode[, data]."""
    p = Peer(daemon, address, asn).up(**how)
    for name, sent, verdict in cases:
        try:
            p.update(bgp.announce(VICTIM, asn=asn))
            if isinstance(verdict, str):
                settles_as(p, sent, p.update(sent), verdict)
            else:
                p.send(sent)
                p.refused(*verdict)
                p.event_down()
                check(not held(daemon, address), "adj-rib-in outlives the session")
                p = Peer(daemon, address, asn).up(**how)
        except Failure as failure:
            raise Failure("%s: %s" % (name, failure))
    p.settled()
    p.close()
    bystander_and_its_route_are_fine(daemon)


def event_down(self):
    self.daemon.event(lambda e: e["type"] == "state" and e["neighbor"]["state"] == "down" and
                      e["neighbor"]["address"]["peer"] == self.address, self.since)


Peer.event_down = event_down


def with_attributes(*parts):
    return update(prefix(VICTIM), b"".join(parts))


def and_also(*parts, asn=65002):
    return update(prefix(VICTIM), mandatory(asn) + b"".join(parts))


PATH = bgp.as_path(65002)
HOP = bgp.next_hop()


def origins(*values, flags=0x40):
    return [with_attributes(attribute(1, v, flags), PATH, HOP) for v in values]


def paths(*values, flags=0x40):
    return [with_attributes(bgp.origin, attribute(2, v, flags), HOP) for v in values]


def named(name, messages, verdict):
    return [("%s %d" % (name, i), m, verdict) for i, m in enumerate(messages)]


@suite.test
def well_known_attributes(daemon):
    play(daemon, named("ORIGIN", origins(b"\x03", b"\xff", b"", b"\x00\x00"), "withdraw") +
         named("ORIGIN flags", [m for f in (0x00, 0x80, 0xC0) for m in origins(b"\x00", flags=f)],
               "withdraw") +
         named("AS_PATH", paths(
             b"\x02\x02\x00\x00\xfd\xea",          # a segment cut short
             b"\x02\x01\x00\x00\xfd\xea\x02",      # half a header
             b"\x02\x00",                          # an empty segment
             b"\x02\x01\x00\x00\xfd\xea\x01\x00",
             b"\x00\x01\x00\x00\xfd\xea", b"\x05\x01\x00\x00\xfd\xea", b"\xff\x00",
             b"\x02\x01\x00\x00\x00\x00",          # AS 0
             b"\x02\x02\x00\x00\xfd\xea\x00\x00\x00\x00",
             b"\x01\x01\x00\x00\x00\x00"), "withdraw") +
         named("AS_PATH flags", [m for f in (0x80, 0xC0, 0x00) for m in
                                 paths(bgp.segment([65002]), flags=f)], "withdraw") +
         named("NEXT_HOP", [with_attributes(bgp.origin, PATH, attribute(3, v)) for v in
                            (b"", b"\xc0\x00\x02", b"\xc0\x00\x02\x01\x01", bytes(16))],
               "withdraw") +
         named("NEXT_HOP flags", [with_attributes(bgp.origin, PATH, attribute(3, b"\xc0\0\2\1", f))
                                  for f in (0x80, 0xC0)], "withdraw"))


@suite.test
def what_is_missing(daemon):
    play(daemon, named("missing", [
        update(prefix(VICTIM)), with_attributes(PATH, HOP), with_attributes(bgp.origin, HOP),
        with_attributes(bgp.origin, PATH), with_attributes(attribute(99, b"abc", 0xC0)),
        with_attributes(attribute(99, b"abc", 0xE0), attribute(100, b"", 0xC0)),
        with_attributes(bgp.mp_unreach(2, 1)),
        with_attributes(bgp.mp_unreach(2, 1, prefix(SIX)))], "withdraw"))


@suite.test
def optional_attributes(daemon):
    cases = []
    for code, lengths in ((4, (0, 3, 5)), (8, (0, 1, 3, 5)), (16, (0, 7, 9)), (32, (0, 11, 13))):
        cases += named("attribute %d" % code,
                       [and_also(attribute(code, bytes(n))) for n in lengths], "withdraw")
    cases += named("MED flags", [and_also(attribute(4, bytes(4), f)) for f in (0x40, 0xC0)],
                   "withdraw")
    cases += named("COMMUNITY flags", [and_also(attribute(8, bytes(4), f)) for f in (0x40, 0x80)],
                   "withdraw")
    cases += named("ATOMIC_AGGREGATE", [and_also(attribute(6, bytes(n))) for n in (1, 4)],
                   "discard")
    cases += named("AGGREGATOR", [and_also(attribute(7, v)) for v in (
        b"", bytes(6), bytes(7), bytes(9), bytes(4) + b"\1\2\3\4")], "discard")
    cases += named("AS4_AGGREGATOR", [and_also(attribute(18, v)) for v in (
        b"", bytes(7), bytes(9), bytes(8))], "discard")
    cases += named("AS4_PATH", [and_also(attribute(17, v)) for v in (
        b"\x02\x02\x00\x00\xfd\xea", b"\x02\x00", b"\x09\x01\x00\x00\xfd\xea", b"\x02")],
        "discard")
    # RFC 7606 7.5, 7.9, 7.10: not from an external peer, whatever they hold
    cases += named("LOCAL_PREF", [and_also(attribute(5, bytes(n))) for n in (0, 3, 5)], "discard")
    cases += named("ORIGINATOR_ID", [and_also(attribute(9, bytes(n))) for n in (0, 3)], "discard")
    cases += named("CLUSTER_LIST", [and_also(attribute(10, bytes(n))) for n in (0, 3)], "discard")
    cases += named("fine", [and_also(attribute(8, bytes(4))), and_also(attribute(6))], "fine")
    play(daemon, cases)


@suite.test
def attributes_of_internal_peers(daemon):
    def also(*parts):
        return update(prefix(VICTIM), bgp.origin + bgp.as_path() + HOP + b"".join(parts))

    cases = []
    for code, lengths in ((5, (0, 3, 5)), (9, (0, 3, 5)), (10, (0, 3, 5, 7))):
        cases += named("attribute %d" % code, [also(attribute(code, bytes(n))) for n in lengths],
                       "withdraw")
    cases += named("fine", [also(attribute(5, bytes(4)), attribute(9, b"\1\2\3\4"),
                                 attribute(10, b"\1\2\3\4\5\6\7\x08"))], "fine")
    play(daemon, cases, "127.0.0.3", 65001, router_id="10.0.0.3")


@suite.test
def lists_that_overrun(daemon):
    """RFC 7606 4: the NLRI is still found, so the routes are withdrawn."""
    play(daemon, named("overrun", [
        and_also(b"\xc0"), and_also(b"\xc0\x08"), and_also(b"\xd0\x08\x00"),
        and_also(attribute(8, bytes(4), length=5)), and_also(attribute(8, bytes(4), length=255)),
        and_also(attribute(8, bytes(4), 0xD0, 65535)), and_also(attribute(99, b"", 0xC0, 1)),
        with_attributes(bgp.origin, PATH, attribute(3, b"\xc0\0\2\1", length=9)),
        with_attributes(bgp.origin, HOP, attribute(2, bgp.segment([65002]), length=200)),
        and_also(bytes(1)), and_also(bytes(2))], "withdraw"))


@suite.test
def frames_that_lie(daemon):
    good = mandatory()
    play(daemon, [
        ("withdrawn past the end", update(prefix(VICTIM), good, withdrawn_length=65535), (3, 1)),
        ("withdrawn over the attribute length", update(b"", b"", b"\x18\x0a\x00\x00",
                                                       withdrawn_length=5), (3, 1)),
        ("no room for the attribute length", bgp.message(2, b"\x00\x02\x08\x0a"), (3, 1)),
        ("attributes past the end", update(prefix(VICTIM), good, attributes_length=1000), (3, 1)),
        ("by one", update(b"", good, attributes_length=len(good) + 1), (3, 1))])


@suite.test
def nlri_that_cannot_be(daemon):
    bad = b"Invalid Network Field"
    good = mandatory()
    play(daemon, [
        ("33 bits", update(b"\x21\x0a\x09\x00\x00\x00", good), (3, 10, bad)),
        ("255 bits", update(b"\xff" * 33, good), (3, 10)),
        ("cut", update(b"\x18\x0a\x09", good), (3, 10)),
        ("cut after a good one", update(prefix(VICTIM) + b"\x20", good), (3, 10)),
        ("33 bits withdrawn", update(withdrawn=b"\x21\x0a\x09\x00\x00\x00"), (3, 10)),
        ("cut withdrawn", update(withdrawn=b"\x18\x0a"), (3, 10)),
        ("129 bits of IPv6", update(attributes=good + bgp.mp_reach(2, 1, bytes(15) + b"\1",
                                                                   b"\x81" + bytes(17))), (3, 10)),
        ("cut IPv6", update(attributes=good + bgp.mp_reach(2, 1, bytes(15) + b"\1", b"\x40\x20")),
         (3, 10)),
        ("129 bits of IPv6 withdrawn", update(attributes=bgp.mp_unreach(2, 1, b"\x81" + bytes(17))),
         (3, 10))])


@suite.test
def multiprotocol_attributes(daemon):
    hop = bytes(15) + b"\x01"
    reach = bgp.mp_reach(2, 1, hop, prefix(SIX))
    unreach = bgp.mp_unreach(2, 1, prefix(SIX))
    good = bgp.origin + PATH

    def short(value):
        whole = attribute(14, value)
        return update(attributes=good + whole), (3, 9, whole)

    def cut(value):
        whole = attribute(15, value)
        return update(attributes=whole), (3, 9, whole)

    cases = [("MP_REACH of %d" % n, *short(bytes([0, 2, 1, 16, 0])[:n])) for n in range(5)]
    cases += [("MP_UNREACH of %d" % n, *cut(bytes([0, 2, 1])[:n])) for n in range(3)]
    cases += [
        ("MP_REACH twice", update(attributes=good + reach + reach), (3, 1)),
        ("MP_UNREACH twice", update(attributes=unreach + unreach), (3, 1)),
        ("MP_REACH flags", update(attributes=good + attribute(14, reach[3:], 0x40)),
         (3, 4, attribute(14, reach[3:], 0x40))),
        ("MP_UNREACH flags", update(attributes=attribute(15, unreach[3:], 0xC0)),
         (3, 4, attribute(15, unreach[3:], 0xC0))),
        ("no such family", update(attributes=good + bgp.mp_reach(77, 7, hop, b"\x00")), (3, 0)),
        ("a family not agreed", update(attributes=good + bgp.mp_reach(1, 2, bytes(4),
                                                                     b"\x00")), (3, 0)),
        ("withdrawn of a family not agreed", update(attributes=bgp.mp_unreach(25, 65, b"")),
         (3, 0)),
        ("no NLRI", update(attributes=good + bgp.mp_reach(2, 1, hop, b"")), (3, 0)),
        ("next hop past the end", update(attributes=good + attribute(
            14, b"\x00\x02\x01\xff" + hop + b"\x00")), (3, 0))]
    cases += [("next hop of %d" % n, update(attributes=good + bgp.mp_reach(
        2, 1, bytes(n), prefix(SIX))), (3, 0)) for n in (0, 4, 15, 17, 24, 33, 48, 255)]
    play(daemon, cases)


@suite.test
def a_family_that_is_disabled(daemon):
    """RFC 7606 2, RFC 4760 7: its routes go, those that come are ignored; the others are as before."""
    hop = bytes(15) + b"\x01"
    other = "2001:db8:a::/48"

    def six(text):
        return update(attributes=bgp.origin + bgp.as_path(65004) + bgp.mp_reach(2, 1, hop, prefix(text)))

    p = Peer(daemon, "127.0.0.4", 65004).up(router_id="10.0.0.4")
    p.update(bgp.announce(VICTIM, asn=65004))
    p.update(six(SIX))
    check(held(daemon, p.address, SIX) and held(daemon, p.address), "not held")
    said = p.update(update(attributes=bgp.mp_unreach(2, 1, b"\x81" + bytes(17))))
    same(said["update"]["attribute"]["error"], "disable-family due to ipv6 unicast")
    check(held(daemon, p.address) and not held(daemon, p.address, SIX), routes(daemon))
    p.send(six(other))
    p.send(update(attributes=bgp.mp_unreach(2, 1, b"\x81" + bytes(17))))
    p.send(update(attributes=bgp.mp_unreach(2, 1)))
    said = p.update(update(prefix("10.2.0.0/16"), mandatory(65004) + bgp.mp_reach(2, 1, hop, prefix(other))))
    same(listed(said, "announce", "ipv4 unicast"), ["10.2.0.0/16"], "the next that is told")
    same(listed(said, "announce", "ipv6 unicast"), [])
    check(held(daemon, p.address, "10.2.0.0/16") and not held(daemon, p.address, other), routes(daemon))
    p.settled()
    p.close()
    p.event_down()
    # a new session begins anew
    p = Peer(daemon, "127.0.0.4", 65004).up(router_id="10.0.0.4")
    p.update(six(SIX))
    check(held(daemon, p.address, SIX), "still ignored")
    # the classic fields are of the whole message: RFC 7606 5.3
    p.send(update(b"\x21\x0a\x09\x00\x00\x00", mandatory(65004)))
    p.refused(3, 10)
    bystander_and_its_route_are_fine(daemon)


@suite.test
def bad_attributes_withdraw_routes_of_mp_reach(daemon):
    p = Peer(daemon).up()
    for bad in (attribute(1, b"\x07"), attribute(8, bytes(3)), attribute(2, b"\x02\x00"),
                attribute(8, bytes(4), length=200)):
        p.update(bgp.announce6(SIX))
        check(held(daemon, p.address, SIX), "not there")
        hop = bytes(15) + b"\x01"
        parts = bgp.mp_reach(2, 1, hop, prefix(SIX)) + PATH + bad
        said = p.update(update(attributes=parts))
        same(listed(said, "withdraw", "ipv6 unicast"), [SIX], bad.hex())
        check(not held(daemon, p.address, SIX), "adj-rib-in holds it", bad.hex())
    p.close()
    bystander_and_its_route_are_fine(daemon)


@suite.test
def mp_unreach_together_with_nlri(daemon):
    p = Peer(daemon).up()
    p.update(bgp.announce6(SIX))
    hop = bytes(15) + b"\x02"
    other = "2001:db8:a::/48"
    said = p.update(update(prefix("10.2.0.0/16"), mandatory() + bgp.mp_unreach(2, 1, prefix(SIX)) +
                           bgp.mp_reach(2, 1, hop, prefix(other)), prefix("10.3.0.0/16")))
    same(listed(said, "withdraw", "ipv6 unicast"), [SIX])
    same(listed(said, "withdraw", "ipv4 unicast"), ["10.3.0.0/16"])
    same(listed(said, "announce", "ipv4 unicast"), ["10.2.0.0/16"])
    same(listed(said, "announce", "ipv6 unicast"), [other])
    check(held(daemon, p.address, other) and held(daemon, p.address, "10.2.0.0/16"), "not held")
    check(not held(daemon, p.address, SIX), "held")
    # the same, but what is announced can't be believed: all of it goes
    said = p.update(update(prefix("10.2.0.0/16"), bgp.mp_unreach(2, 1, prefix(SIX)) +
                           bgp.mp_reach(2, 1, hop, prefix(other))))
    same(listed(said, "withdraw", "ipv4 unicast"), ["10.2.0.0/16"])
    same(sorted(listed(said, "withdraw", "ipv6 unicast")), sorted([SIX, other]))
    same([r for r in routes(daemon) if r.startswith(p.address)], [])
    p.close()
    bystander_and_its_route_are_fine(daemon)


@suite.test
def shapes_of_end_of_rib(daemon):
    p = Peer(daemon).up()

    def told(sent):
        return p.update(sent)

    same(told(bgp.eor), {"eor": {"afi": "ipv4", "safi": "unicast"}})
    for flags in (0x80, 0x90):
        same(told(update(attributes=bgp.mp_unreach(2, 1, flags=flags))),
             {"eor": {"afi": "ipv6", "safi": "unicast"}})
    # leftovers make it none, and they act
    six = bgp.mp_unreach(2, 1)
    for sent in (update(attributes=six + attribute(4, bytes(4))),
                 update(attributes=bgp.origin + six), update(attributes=six, withdrawn=b"\x18\1\2\3"),
                 update(prefix(VICTIM), mandatory() + six), update(attributes=bgp.origin)):
        check("eor" not in told(sent), "an End of RIB:", sent.hex())
    check(held(daemon, p.address), "the route beside it is lost")
    # attributes alone that are malformed: perhaps there were routes (RFC 7606 5.2)
    for sent in (update(attributes=six + attribute(1, b"\x09")),
                 update(attributes=attribute(8, bytes(3))), update(attributes=b"\xc0")):
        p.mark()
        p.send(sent)
        p.refused(3, 1)
        p = Peer(daemon).up()
    p.close()
    bystander_and_its_route_are_fine(daemon)


@suite.test
def duplicates_count_once(daemon):
    p = Peer(daemon).up()
    said = p.update(and_also(attribute(4, b"\0\0\0\5"), attribute(4, b"\0\0\0\6"),
                             attribute(8, bytes(3) + b"\1"), attribute(8, bytes(3)), bgp.origin))
    same(said["update"]["attribute"]["med"], 5)
    same(said["update"]["attribute"]["community"], [[0, 1]])
    check("error" not in said["update"]["attribute"], said)
    said = p.update(and_also(attribute(99, b"a", 0xC0), attribute(99, b"b", 0xC0)))
    same([v for k, v in said["update"]["attribute"].items() if "0x63" in k], ["0x61"])
    p.close()


@suite.test
def attributes_in_any_order(daemon):
    """CVE-2026-41643: AS4_PATH before AS_PATH, on a session without AS numbers of four bytes."""
    p = Peer(daemon).up(caps=[bgp.cap_mp(1, 1), bgp.cap_mp(2, 1)])
    wide = attribute(17, bgp.segment([4200000001, 65010]))
    narrow = attribute(2, bgp.segment([65002, 23456, 65010], width=2))
    for parts in ((wide, narrow, bgp.origin, HOP), (HOP, bgp.origin, narrow, wide),
                  (narrow, HOP, wide, bgp.origin)):
        said = p.update(with_attributes(*parts))
        same(said["update"]["attribute"]["as-path"],
             {"0": {"element": "as-sequence", "value": [65002, 4200000001, 65010]}})
    p.close()
    bystander_and_its_route_are_fine(daemon)


@suite.test
def unknown_attributes(daemon):
    """CVE-2026-41642: flagged well-known; CVE-2023-46753: nothing but unknown ones."""
    p = Peer(daemon).up()
    for flags in (0xC0, 0xE0, 0x40, 0x60, 0x50, 0xD0):
        said = p.update(and_also(attribute(99, b"\1\2", flags)))
        same(listed(said, "announce", "ipv4 unicast"), [VICTIM], "flags %#x" % flags)
        same([v for k, v in said["update"]["attribute"].items() if "0x63" in k], ["0x0102"])
    for flags in (0x00, 0x80, 0x20, 0xA0, 0x0F, 0x8F, 0x90):
        said = p.update(and_also(attribute(99, b"\1\2", flags)))
        same(listed(said, "announce", "ipv4 unicast"), [VICTIM], "flags %#x" % flags)
        check(not any("0x63" in k for k in said["update"]["attribute"]), said)
    every = b"".join(attribute(c, b"", 0xC0) for c in range(100, 255))
    said = p.update(and_also(every))
    same(len([k for k in said["update"]["attribute"] if k.startswith("attribute-0x")]), 155)
    p.close()
    bystander_and_its_route_are_fine(daemon)


@suite.test
def nested_lengths_that_lie(daemon):
    """Attributes with TLVs of their own, lengths zero, past the end, ignoring their header."""
    bent = [attribute(code, v, 0xC0 if code != 29 else 0x80) for code in (22, 23, 29, 40, 25, 20, 128)
            for v in (b"", b"\x00", b"\x01\x00\x00", b"\x01\xff\xff", b"\x00\x08\xff\xff",
                      b"\x00\x08\x00\x00" * 50, b"\x01\x00\x02\x00", b"\x05\x00\x01\x00",
                      b"\x01\x00\x07" + bytes(6), bytes(300), b"\xff" * 254,
                      b"\x00\x0f\x00\x04\x80\x00\xff\x01")]
    bent += [attribute(26, v, 0x80) for v in (b"", b"\x01", b"\x01\x00\x00", b"\x01\x00\x02",
                                              b"\x01\x00\x0c" + bytes(8), b"\x01\xff\xff",
                                              b"\x01\x00\x0a" + bytes(7), b"\x02\x00\x03")]
    for address, asn in (("127.0.0.2", 65002), ("127.0.0.3", 65001)):
        p = Peer(daemon, address, asn).up(router_id="10.0.0.2")
        for wrong in bent:
            path = bgp.as_path(65002)
            p.update(update(prefix(VICTIM), bgp.origin + path + HOP))
            said = p.update(update(prefix(VICTIM), bgp.origin + path + HOP + wrong))
            announced, gone = (listed(said, part, "ipv4 unicast") for part in
                               ("announce", "withdraw"))
            same(sorted(announced + gone), [VICTIM], wrong.hex())
            same(held(daemon, address), bool(announced), "adj-rib-in after", wrong.hex())
        p.settled()
        p.close()
    bystander_and_its_route_are_fine(daemon)


@suite.test
def withdrawn_and_announced_at_once(daemon):
    """RFC 4271 4.3: as if it was not withdrawn."""
    p = Peer(daemon).up()
    for _ in range(2):
        p.update(update(prefix(VICTIM), mandatory(), prefix(VICTIM)))
        check(held(daemon, p.address), "lost")
    hop = bytes(15) + b"\1"
    p.update(update(attributes=mandatory() + bgp.mp_unreach(2, 1, prefix(SIX)) +
                    bgp.mp_reach(2, 1, hop, prefix(SIX))))
    check(held(daemon, p.address, SIX), "lost")
    p.close()


@suite.test
def bits_behind_the_prefix_mean_nothing(daemon):
    """RFC 4271 4.3: they are shown as they came, and make no other route."""
    p = Peer(daemon).up()
    said = p.update(update(b"\x14\x0a\x09\xff", mandatory()))
    same(listed(said, "announce", "ipv4 unicast"), ["10.9.255.0/20"])
    said = p.update(update(withdrawn=b"\x14\x0a\x09\xf3"))
    same(listed(said, "withdraw", "ipv4 unicast"), ["10.9.243.0/20"])
    same([r for r in routes(daemon) if r.startswith(p.address)], [])
    said = p.update(update(b"\x00\x01\xff\x20\xff\xff\xff\xff", mandatory()))
    same(listed(said, "announce", "ipv4 unicast"), ["0.0.0.0/0", "255.0.0.0/1",
                                                    "255.255.255.255/32"])
    p.close()


@suite.test
def sets_that_change_for_ever_take_no_memory(daemon):
    p = Peer(daemon).up()

    def change(start):
        for turn in range(start, start + 40):
            p.send(b"".join(and_also(attribute(8, struct.pack("!II", turn, i)),
                                     attribute(99, bytes(200), 0xC0)) for i in range(500)))
            p.settled()

    change(0)
    before = daemon.memory()
    change(40)
    change(80)
    check(daemon.memory() < before + 8192, "grew from", before, "to", daemon.memory())
    p.close()
    bystander_and_its_route_are_fine(daemon)


@suite.test
def long_messages_where_agreed(daemon):
    """CVE-2026-49943, CVE-2025-20115: paths and lists that only long messages can hold."""
    p = Peer(daemon, "127.0.0.6", 65006).up(
        asn=65006, caps=bgp.caps_of(65006, extra=[bgp.cap_extended]), router_id="10.0.0.6")
    base = bgp.origin + HOP
    room = 65535 - 23 - len(base) - 4
    asns = [65006] + [4200000000 + i for i in range(15000)]
    long_path = attribute(2, b"".join(bgp.segment(asns[i : i + 255]) for i in range(0, 15000, 255)))
    said = p.update(update(prefix(VICTIM), base + long_path))
    got = said["update"]["attribute"]["as-path"]
    same([a for k in sorted(got, key=int) for a in got[k]["value"]],
         asns[: 255 * (15000 // 255 + 1)], "the path")
    for kind in (3, 4):
        confed = attribute(2, bgp.segment(asns[:255], kind) * 60 + bgp.segment([65006]))
        said = p.update(update(prefix(VICTIM), base + confed))
        check(held(daemon, p.address) or listed(said, "withdraw", "ipv4 unicast"), "neither")
    communities = attribute(8, b"".join(struct.pack("!I", i) for i in range(14000)))
    said = p.update(update(prefix(VICTIM), base + bgp.as_path(65006) + communities))
    same(len(said["update"]["attribute"]["community"]), 14000)
    same(len(long_path) < room, True)
    # as many routes as 65535 bytes hold
    attributes = mandatory(65006)
    count = (65535 - 23 - len(attributes)) // 4
    many = b"".join(b"\x18" + struct.pack("!I", (20 << 24) + (i << 8))[:3] for i in range(count))
    whole = update(many, attributes)
    check(65531 < len(whole) <= 65535, len(whole))
    said = p.update(whole)
    same(len(listed(said, "announce", "ipv4 unicast")), count)
    said = p.update(update(withdrawn=many))
    same(len(listed(said, "withdraw", "ipv4 unicast")), count)
    # RFC 8654 4: not for KEEPALIVE
    p.send(bgp.message(bgp.KEEPALIVE, bytes(5000)))
    p.refused(1, 2, struct.pack("!H", 5019))
    bystander_and_its_route_are_fine(daemon)


@suite.test
def longest_message_without_agreement(daemon):
    p = Peer(daemon).up()
    attributes = mandatory() + attribute(99, bytes(4096 - 23 - len(mandatory()) - 4 - 4), 0xD0)
    whole = update(prefix(VICTIM), attributes)
    same(len(whole), 4096)
    same(listed(p.update(whole), "announce", "ipv4 unicast"), [VICTIM])
    p.send(update(prefix(VICTIM) + b"\x00", attributes))
    p.refused(1, 2, struct.pack("!H", 4097))
    bystander_and_its_route_are_fine(daemon)


if __name__ == "__main__":
    main(daemon_with_bystander, suite)
