#!/usr/bin/env python3
"""Real UPDATEs over a live session: what a helper hears is what bgpdump says of the same records."""

import collections
import gzip
import json
import os
import shutil
import struct
import subprocess

import rig

DATA = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "mrt",
    "updates.20160811.1600.gz",
)
BGP4MP, MESSAGE_AS4 = 16, 4
COMMUNITIES = {
    (65535, 65281): "no-export", (65535, 65282): "no-advertise", (65535, 65283): "local-AS",
}


def messages(data):
    """The BGP messages of the records with 4-byte AS numbers."""
    at = 0
    while at < len(data):
        _, kind, subtype, length = struct.unpack(">IHHI", data[at : at + 12])
        body = data[at + 12 : at + 12 + length]
        at += 12 + length
        if (kind, subtype) == (BGP4MP, MESSAGE_AS4):
            size = 4 if body[10:12] == b"\0\1" else 16
            yield body[12 + 2 * size :]


def path_text(path):
    words = []
    for i in range(len(path)):
        segment = path[str(i)]
        numbers = [str(n) for n in segment["value"]]
        if segment["element"] == "as-set":
            words.append("{%s}" % ",".join(numbers))
        else:
            words += numbers
    return " ".join(words)


def aggregator_text(value):
    if value is None:
        return ""
    asn, address = value.split(":")
    return "" if asn == "0" else "%s %s" % (asn, address)


def announce_line(prefix, hop, attributes):
    communities = [COMMUNITIES.get(tuple(c), "%d:%d" % tuple(c)) for c in attributes.get("community", [])]
    return (
        "A", prefix, path_text(attributes.get("as-path", {})), attributes["origin"].upper(), hop,
        str(attributes.get("local-preference", 0)), str(attributes.get("med", 0)),
        " ".join(communities), "AG" if "atomic-aggregate" in attributes else "NAG",
        aggregator_text(attributes.get("aggregator")),
    )


def lines_of(event):
    """The lines that bgpdump -m would print of an UPDATE, without time and peer."""
    told = event["neighbor"]["message"].get("update")
    if told is None:
        return  # an End of RIB
    for routes in told.get("withdraw", {}).values():
        for route in routes:
            yield ("W", route["nlri"])
    for hops in told.get("announce", {}).values():
        for hop, routes in hops.items():
            for route in routes:
                yield announce_line(route["nlri"], hop, told["attribute"])


def dumped():
    """What bgpdump says, as counted lines."""
    lines = collections.Counter()
    data = gzip.open(DATA).read()
    done = subprocess.run(["bgpdump", "-m", "-"], input=data, capture_output=True, check=True)
    for line in done.stdout.decode().splitlines():
        fields = line.split("|")
        if fields[2] == "W":
            lines[("W", fields[5])] += 1
        elif fields[2] == "A":
            aggregator = "" if fields[13] == "0 0.0.0.0" else fields[13]
            lines[("A", *fields[5:13], aggregator)] += 1
    return lines


def test_real_updates_are_told_as_bgpdump_tells_them(scene):
    if not os.path.exists(DATA):
        raise rig.Skip("%s is not there" % DATA)
    if shutil.which("bgpdump") is None:
        raise rig.Skip("bgpdump is not installed")
    data = gzip.open(DATA).read()
    want = dumped()
    peer = scene.peer(families=((1, 1), (2, 1)))
    hand = scene.hand("h")
    scene.start(
        scene.process("h")
        + peer.section(processes="h", api="receive { parsed; update; }"),
    )
    peer.establish()
    sent = list(messages(data))
    updates = sum(1 for m in sent if m[18] == rig.UPDATE)
    peer.send(b"".join(m for m in sent if m[18] == rig.UPDATE))
    got = collections.Counter()
    for _ in range(updates):
        got.update(lines_of(json.loads(hand.line())))
    rig.expect(sum(want.values()) > 40000, "bgpdump gave %d lines only", sum(want.values()))
    rig.equal(sorted((got - want).items())[:5], [], "what only we say")
    rig.equal(sorted((want - got).items())[:5], [], "what only bgpdump says")
    peer.check()


rig.main([test_real_updates_are_told_as_bgpdump_tells_them])
