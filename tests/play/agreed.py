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
            ignored = "nonsense afi ipv4 safi unicast sequence 1"
            wrong = "rpcq afi ipv4 safi nothing sequence 1"
            same([w for w in (ignored, wrong) if accepted(d, w)], [ignored])
            d.json.command("announce operational adm afi ipv4 safi unicast advisory next")
            said(p.expect(bgp.OPERATIONAL), 1, b"next")  # nothing was said of those two


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


# Role, RFC 9234.

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


def to_end_of_rib(p, families):
    """The ends of these families, in the order in which they come."""
    ends = {bgp.eor: bgp.IPV4, bgp.end_of_rib(*bgp.IPV6): bgp.IPV6}
    found = []
    while len(found) < len(families):
        m = p.expect(bgp.UPDATE)
        if m in ends:
            found.append(ends[m])
    same(found, families, "ends of")


@suite.test
def ends_of_rib_are_in_the_order_of_the_peer(program):
    with Running(program, neighbor("127.0.0.2", 65002)) as d:
        for families in ([bgp.IPV4, bgp.IPV6], [bgp.IPV6, bgp.IPV4], [bgp.IPV6]):
            with Peer(d) as p:
                p.up(caps=bgp.caps_of(65002, families))
                to_end_of_rib(p, families)
        with Peer(d) as p:  # none in common: a KEEPALIVE instead, RFC 4724 2 has nothing to end
            p.up(caps=bgp.caps_of(65002, [(1, 128)]))
            same(p.receive(), bgp.keepalive)
        with Peer(d) as p:  # no multiprotocol at all is IPv4 unicast, RFC 4760 8
            p.up(caps=[bgp.cap_asn4(65002)])
            to_end_of_rib(p, [bgp.IPV4])


@suite.test
def long_opens_in_both_directions(program):
    """RFC 9072, from us where 255 bytes do not do, from the peer in either form."""
    name = "host-name %s; domain-name %s;" % ("h" * 64, "d" * 64)
    every = "".join("ipv%d %s; " % (v, safi) for v in (4, 6) for safi in (
        "unicast", "nlri-mpls", "mpls-vpn", "mcast-vpn", "flow", "flow-vpn", "mup"))
    with Running(program, neighbor("127.0.0.2", 65002, name, families=every)) as d:
        for how in ({}, {"extended": True}):
            with Peer(d) as p:
                p.up(**how)
                body = p.theirs[19:]
                same(body[9:11], b"\xff\xff", "optional parameters")
                same(struct.unpack("!H", body[11:13])[0], len(body) - 13)
                same((body[13], struct.unpack("!H", body[14:16])[0]), (2, 6), "first parameter")
        long = [bgp.cap(200, bytes(250)), bgp.cap(201, bytes(250))]
        with Peer(d) as p:
            p.up(caps=bgp.caps_of(65002, extra=long), extended=True)
            p.settled()


@suite.test
def graceful_restart_says_that_we_restarted(program):
    """The R bit always, as the reference has it: RFC 4724 3. And the peer's flags are told."""
    text = neighbor("127.0.0.2", 65002, capability="graceful-restart 120;")
    with Running(program, text) as d:
        for value, flags in ((b"\x80\x78", ["forwarding"]), (b"\x00\x78", [])):
            with Peer(d) as p:
                theirs = bgp.cap(64, value + b"\0\1\1\x80")
                p.up(caps=bgp.caps_of(65002, extra=[theirs]))
                check(bgp.cap(64, b"\x80\x78\0\1\1\x80\0\2\1\x80") in p.theirs, p.theirs.hex())
                told = p.event("open")["neighbor"]["open"]["capabilities"]["64"]
                same((told["time"], told["restart-flags"]), (120, flags))
                to_end_of_rib(p, [bgp.IPV4, bgp.IPV6])
    with Running(program, neighbor("127.0.0.2", 65002, "manual-eor true;")) as d, Peer(d) as p:
        p.up()
        d.json.command("announce route 10.0.0.0/8 next-hop 192.0.2.1")
        same(bgp.nlri_list(bgp.update_parts(p.expect(bgp.UPDATE))[2]), ["10.0.0.0/8"])
        d.json.command("announce eor ipv6 unicast")
        to_end_of_rib(p, [bgp.IPV6])


LINK_LOCAL = """local-link-local fe80::1;
static { route 2001:db8::/32 next-hop 2001:db8::1; route 2001:db8:1::/48 next-hop fe80::9; }"""


def next_hops(p):
    """Next hops by prefix, of IPv6 unicast up to its end."""
    found = {}
    while True:
        m = p.expect(bgp.UPDATE)
        if m == bgp.end_of_rib(*bgp.IPV6):
            return found
        at = m.find(b"\x0e", 19)
        while at > 0 and m[at + 2 : at + 5] != b"\0\2\1":
            at = m.find(b"\x0e", at + 1)
        if at > 0:
            size = m[at + 5]
            found[m[at + 7 + size :]] = m[at + 6 : at + 6 + size]


@suite.test
def a_link_local_next_hop_goes_where_it_was_agreed(program):
    globally = b"\x20\1\x0d\xb8" + bytes(11) + b"\1"
    ours, others = b"\xfe\x80" + bytes(13) + b"\1", b"\xfe\x80" + bytes(13) + b"\x09"
    for ttl, extra, hop in (("", [bgp.cap(77)], globally + ours), ("", [], globally),
                            ("outgoing-ttl 5;", [bgp.cap(77)], globally)):
        text = neighbor("127.0.0.2", 65002, ttl + LINK_LOCAL,
                        capability="link-local-nexthop enable;")
        with Running(program, text) as d, Peer(d) as p:
            p.up(caps=bgp.caps_of(65002, extra=extra))
            check(bgp.cap(77) in p.theirs, "no capability in", p.theirs.hex())
            found = next_hops(p)
            same(found[bgp.prefix("2001:db8::/32")], hop)
            same(found[bgp.prefix("2001:db8:1::/48")], others)


@suite.test
def aigp_is_for_those_who_agreed(program):
    theirs = bgp.attribute(26, b"\1\0\x0b" + bytes(7) + b"\x09")
    static = "static { route 198.51.100.0/24 next-hop 192.0.2.1 aigp 7; }"
    for capability, internal, goes in (("aigp;", False, True), ("aigp disable;", False, False),
                                       ("aigp disable;", True, True)):
        asn = 65001 if internal else 65002
        text = neighbor("127.0.0.2", asn, static, capability=capability)
        with Running(program, text) as d, Peer(d, asn=asn) as p:
            p.up()
            found = routes_of(p)["198.51.100.0/24"]
            same(bgp.attribute(26, b"\1\0\x0b" + bytes(7) + b"\7") in found, goes, capability)
            told = p.update(bgp.announce("10.0.0.0/8", theirs, asn=asn))["update"]["attribute"]
            same(told.get("aigp"), "0x0000000000000009" if goes else None, capability)


@suite.test
def a_session_for_each_family(program):
    multi = bgp.cap(68, b"\0") + bgp.cap(68, b"\1")
    text = neighbor("127.0.0.2", 65002, capability="multi-session;")
    with Running(program, text) as d:
        caps = {f: bgp.caps_of(65002, [f], [multi[:3], multi[3:]]) for f in (bgp.IPV4, bgp.IPV6)}
        with Peer(d) as one, Peer(d) as two:
            for p, family in ((one, bgp.IPV4), (two, bgp.IPV6)):
                p.opened(caps=caps[family])
                p.send(bgp.keepalive)
                check(multi in p.theirs.replace(b"\2\3", b""), p.theirs.hex())
                same([bgp.cap_mp(*f) in p.theirs for f in (bgp.IPV4, bgp.IPV6)],
                     [f == family for f in (bgp.IPV4, bgp.IPV6)])
                to_end_of_rib(p, [family])
            d.json.command("announce route 2001:db8::/32 next-hop 2001:db8::1")
            check(bgp.prefix("2001:db8::/32") in two.expect(bgp.UPDATE), "not there")
        with Peer(d) as p:
            p.send(bgp.open_message(caps=bgp.caps_of(65002, [bgp.IPV4])))
            p.expect(bgp.OPEN)
            p.refused(2, 9)
        with Peer(d) as p:
            p.send(bgp.open_message(caps=bgp.caps_of(65002, extra=[multi[:3], multi[3:]])))
            p.expect(bgp.OPEN)
            p.refused(2, 8)


if __name__ == "__main__":
    sys.exit(suite.run(sys.argv[1], names=sys.argv[2:]))
