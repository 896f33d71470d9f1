#!/usr/bin/env python3
"""
Valid UPDATEs, bent at random but the same in each run, over living sessions that come back when
they are reset: the program lives, another session notices nothing, and the end is clean.
"""

import os
import random
import subprocess
import tempfile

import bgp
from bgp import attribute
from rig import PATIENCE
from speaker import Daemon, Peer, Suite, add_bystander, check, is_state, main, same

MORE = ("ipv4 nlri-mpls", "ipv4 mpls-vpn", "ipv6 mpls-vpn", "ipv4 flow", "ipv6 flow",
        "ipv4 flow-vpn", "l2vpn vpls", "l2vpn evpn", "bgp-ls bgp-ls", "ipv4 rtc", "ipv4 mup",
        "ipv4 mcast-vpn", "ipv4 sr-policy")
NEIGHBOR = """
neighbor %s {
	local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as %d; passive;
	capability { add-path %s; route-refresh; extended-message; }
	family { ipv4 unicast; ipv6 unicast; %s }
	api { processes [ j t ]; neighbor-changes;
		receive { parsed; packets; consolidate; open; update; notification; refresh; } }
}
"""
NUMBERS = {"ipv4 nlri-mpls": (1, 4), "ipv4 mpls-vpn": (1, 128), "ipv6 mpls-vpn": (2, 128),
           "ipv4 flow": (1, 133), "ipv6 flow": (2, 133), "ipv4 flow-vpn": (1, 134),
           "l2vpn vpls": (25, 65), "l2vpn evpn": (25, 70), "bgp-ls bgp-ls": (16388, 71),
           "ipv4 rtc": (1, 132), "ipv4 mup": (1, 85), "ipv4 mcast-vpn": (1, 5),
           "ipv4 sr-policy": (1, 73)}
ROUNDS = 2000

suite = Suite()


def known_families(program):
    """Of MORE, those that this program takes."""
    known = []
    for words in MORE:
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write("neighbor 127.0.0.2 { local-address 127.0.0.1; local-as 1; peer-as 2; "
                       "family { %s; } }" % words)
            file.flush()
            done = subprocess.run([program, "configuration", "validate", file.name],
                                  env=dict(os.environ, exabgp_daemon_user="root"),
                                  capture_output=True, timeout=PATIENCE)
        if done.returncode == 0:
            known.append(words)
    return known


def prepare(program, **settings):
    known = known_families(program)
    words = " ".join(w + ";" for w in known)
    neighbors = (NEIGHBOR % ("127.0.0.2", 65002, "disable", words) +
                 NEIGHBOR % ("127.0.0.3", 65003, "send/receive", words) +
                 NEIGHBOR % ("127.0.0.9", 65009, "disable", ""))
    daemon = Daemon(program, neighbors, processes=(("j", "json"), ("t", "text")), **settings)
    daemon.families = [bgp.IPV4, bgp.IPV6] + [NUMBERS[w] for w in known]
    add_bystander(daemon)
    return daemon


NLRI = {
    (1, 1): bgp.prefix("10.0.0.0/24") + bgp.prefix("10.1.2.0/23"),
    (2, 1): bgp.prefix("2001:db8::/32"),
    (1, 4): bytes([24 + 24]) + b"\x00\x06\x41\x0a\x00\x00",
    (1, 128): bytes([24 + 64 + 24]) + b"\x00\x06\x41" + bytes(8) + b"\x0a\x00\x00",
    (2, 128): bytes([24 + 64 + 32]) + b"\x00\x06\x41" + bytes(8) + b"\x20\x01\x0d\xb8",
    (1, 133): bytes.fromhex("0e01180a0100038606048116058150"),
    (2, 133): bytes.fromhex("0d01200020010db803810604821f90")[:14],
    (1, 134): bytes.fromhex("0d0000fde80000000101180a0100"),
    (25, 65): bytes.fromhex("00110001000000050007000200" "0a04e201")[:19],
    (25, 70): bytes.fromhex("0321" + "00" * 8 + "00" * 4 + "30" + "0a" * 6 + "20" + "01" * 4 +
                            "000641" + "00" * 3),
    (16388, 71): bytes.fromhex("0001002d0200000000000000000100001f020000040000fde80201000400000000"
                               "0203000f0a0a0a0a0b0b0b0b0c0c0c0c0d0d0d"),
    (1, 132): bytes.fromhex("600000fde80002fde800000064"),
    (1, 85): bytes.fromhex("0100010c0000006400000064180a0001"),
    (1, 5): bytes.fromhex("061600000001000000010000fde8200a00000120ef000001"),
    (1, 73): bytes.fromhex("60000000010000004d0a090909"),
}
HOPS = {(1, 128): bytes(8) + b"\xc0\0\2\1", (2, 128): bytes(8) + bytes(15) + b"\1",
        (2, 1): bytes(15) + b"\1", (1, 133): b"", (2, 133): b"", (1, 134): b""}
ATTRIBUTES = [
    attribute(4, b"\0\0\0\5"), attribute(5, b"\0\0\0\7"), attribute(6), attribute(7, bytes(3) + b"\5\1\2\3\4"),
    attribute(8, bytes(12)), attribute(9, b"\1\2\3\4"), attribute(10, bytes(8)),
    attribute(16, bytes.fromhex("0002fde800000001800600004616000080080001000000024004fde849742400")),
    attribute(17, bgp.segment([65002, 4200000000])), attribute(18, bytes(3) + b"\5\1\2\3\4"),
    attribute(22, bytes.fromhex("000006410a000001")),
    attribute(23, bytes.fromhex("000f00240c060000000000320d061000061a81008000110009060000000000010106000004268100")),
    attribute(25, bytes(20)), attribute(26, b"\x01\x00\x0b" + bytes(8)),
    attribute(29, bytes.fromhex("0402000474657374044700030000010404000400000064")),
    attribute(32, bytes(24)), attribute(35, b"\0\0\xfd\xea"),
    attribute(40, bytes.fromhex("0100070000000000012c03000e00000aae600003e80dbba00007d0")),
    attribute(40, bytes.fromhex("050022000100 1e0020010db8000100010000000000000000000013 00010006281810001040".replace(" ", ""))),
    attribute(99, b"hello", 0xE0), attribute(128, bytes(9), 0xC0),
]


def whole_update(dice, families, path_ids):
    parts = [bgp.origin, bgp.as_path(65002, 65010), bgp.next_hop()]
    parts += dice.sample(ATTRIBUTES, dice.randint(0, 6))
    ids = struct_ids if path_ids else (lambda f, n: n)
    family = dice.choice(families)
    nlri = withdrawn = b""
    if family == bgp.IPV4:
        nlri = ids(family, NLRI[family])
        if dice.random() < 0.3:
            withdrawn = ids(family, bgp.prefix("10.7.0.0/16"))
    else:
        data = ids(family, NLRI[family])
        if dice.random() < 0.7:
            hop = HOPS.get(family, b"\xc0\0\2\1")
            parts.append(bgp.mp_reach(*family, hop, data))
        if dice.random() < 0.5:
            parts.append(bgp.mp_unreach(*family, data))
    dice.shuffle(parts)
    return bytearray(bgp.update(nlri, b"".join(parts), withdrawn))


def struct_ids(family, nlri):
    """One path identifier before the first: enough to be bent."""
    return b"\0\0\0\1" + nlri if family[1] in (1, 4, 128) else nlri


def bend(dice, m):
    """The header stays: what is behind it is meant."""
    for _ in range(dice.choice((0, 1, 1, 1, 2, 4))):
        if len(m) <= 23:
            break
        at = dice.randrange(19, len(m))
        what = dice.randrange(7)
        if what == 0:
            m[at] ^= 1 << dice.randrange(8)
        elif what == 1:
            m[at] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, len(m) & 255))
        elif what == 2:
            del m[at : at + dice.randint(1, 8)]
        elif what == 3:
            m[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 8)))
        elif what == 4:
            del m[at:]
        elif what == 5:
            m[at:at] = m[at : at + dice.randint(1, 40)]
        else:
            m[at] = (m[at] + dice.choice((-1, 1))) & 255
    while len(m) < 23:
        m.append(0)
    m[16:18] = len(m).to_bytes(2, "big")
    return bytes(m)


def caps(daemon, asn, path_ids):
    extra = [bgp.cap_extended]
    if path_ids:
        extra.append(bgp.cap(69, b"".join(a.to_bytes(2, "big") + bytes([s, 3])
                                          for a, s in daemon.families if s in (1, 4, 128))))
    return bgp.caps_of(asn, daemon.families, extra)


def ends_before(p, prefix, path_ids):
    """Whether the session ended before it took the withdraw of this prefix."""
    p.send(bgp.update(withdrawn=(b"\0\0\0\1" if path_ids else b"") + bgp.prefix(prefix)))
    said = p.daemon.event(lambda e: is_state(e, p.address, "down") or (
        e["type"] == "update" and prefix in str(e["neighbor"])), p.since)
    p.mark()
    return said["type"] == "state"


def fuzz(daemon, address, asn, path_ids, rounds=ROUNDS):
    dice = random.Random(asn)
    p = None
    resets = 0
    for number in range(rounds):
        if p is None:
            p = Peer(daemon, address, asn).up(caps=caps(daemon, asn, path_ids))
            p.mark()
        try:
            p.send(bend(dice, whole_update(dice, daemon.families, path_ids)))
            if number % 8 == 7:
                ended = ends_before(p, "100.64.%d.%d/32" % (number >> 8, number & 255), path_ids)
            else:
                ended = False
        except ConnectionError:
            ended = True
        if ended:
            resets += 1
            p.close()
            p = None
    if p is not None:
        p.close()
    daemon.alive()
    check(resets > 0, "nothing was bad enough")
    daemon.bystander.settled()


@suite.test
def bent_updates(daemon):
    fuzz(daemon, "127.0.0.2", 65002, False)


@suite.test
def bent_updates_with_path_identifiers(daemon):
    fuzz(daemon, "127.0.0.3", 65003, True)


@suite.test
def bent_opens(daemon):
    dice = random.Random(3)
    extra = [bgp.cap(69, b"\x00\x01\x01\x03"), bgp.cap(64, b"\x00\x78\x00\x01\x01\x80"),
             bgp.cap_hostname(b"host", b"domain"), bgp.cap_software(b"soft"),
             bgp.cap(5, b"\x00\x01\x00\x01\x00\x02"), bgp.cap(68, b"\x00\x01"), bgp.cap_enhanced]
    for number in range(300):
        whole = bytearray(bgp.open_message(caps=caps(daemon, 65002, True) + extra,
                                           extended=number % 2 == 1))
        with Peer(daemon) as p:
            sent = bend(dice, whole)
            p.send(sent, bgp.keepalive)
            p.expect(bgp.OPEN)
            check(p.receive() is not None, "no answer to", sent.hex())
    daemon.alive()
    daemon.bystander.settled()


@suite.test
def bent_updates_in_other_dialects(daemon):
    for dialect in ("4.2", "6.0", "6.0-v4"):
        other = prepare(daemon.program, api_dialect=dialect)
        try:
            fuzz(other, "127.0.0.2", 65002, False, 400)
            other.bystander.close()
            both_are_languages(other)
        finally:
            other.stop()


@suite.test
def random_bytes(daemon):
    dice = random.Random(4)
    for number in range(200):
        with Peer(daemon) as p:
            data = bytes(dice.randrange(256) for _ in range(dice.randint(1, 200)))
            if number % 2 == 0:
                data = bgp.MARKER + data
            elif number % 3 == 0:
                data = bgp.open_message() + bgp.keepalive + data
            for at in range(0, len(data), 50):
                try:
                    p.send(data[at : at + 50])
                except ConnectionError:
                    break
    daemon.alive()
    daemon.bystander.settled()


def both_are_languages(daemon):
    """Each line is one of ours, and can be printed."""
    words = (b"neighbor 127.0.0.", b" header 0x", b"done", b"error", b"shutdown ")
    for line in daemon.helpers["t"].lines:
        check(line == b"" or line.startswith(words + (b"{",)), line)
        check(all(32 <= b < 127 for b in line), line)
    for line in daemon.json.lines:
        check(all(32 <= b < 127 for b in line), line)
        check(line.startswith((b"{", b"done")), line)


@suite.test
def both_languages_stay_languages(daemon):
    """After all of that; JSON is parsed with each wait, and all of it at the end."""
    both_are_languages(daemon)
    down = [l for l in daemon.json.lines if b'"down"' in l and b'"peer": "127.0.0.9"' in l]
    same(down, [])


if __name__ == "__main__":
    main(prepare, suite)
