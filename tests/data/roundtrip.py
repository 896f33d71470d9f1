#!/usr/bin/env python3
"""Every UPDATE of the cases goes from bytes to JSON to words to bytes, and is the same.

usage: roundtrip.py PEERPIPE GIVEN

The bytes are those of tests/data/*.case and of the cases given in GIVEN (../shared/compat). Routes are
compared one by one: their NLRI, their next hop, and their attributes in ascending order; what an
internal session has in every UPDATE (LOCAL_PREF) is left out where the bytes have none. Prints TAP, a
line a file.
"""

import collections
import glob
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "play"))

import bgp
import cases
import words_of

UPDATE = "02"
NEXT_HOP, LOCAL_PREF, MP_REACH, MP_UNREACH, LINK_STATE = 3, 5, 14, 15, 29

# what JSON tells too little of, or what there are no words for
UNTOLD = {
    "the SID of a link-state adjacency in a LAN": lambda was:
        b"\x04\x4c\0" in was["attributes"].get(LINK_STATE, (0, b""))[1],
    "topologies of a link-state prefix": lambda was: was["family"][0] == 16388 and
        was["routes"][1:2] in (b"\3", b"\4") and b"\x01\x07\0" in was["routes"],
    "the low bits of a PMSI label": lambda was: 22 in was["attributes"] and
        was["attributes"][22][1][4] & 15 != 0,
}


class Untold(Exception):
    pass


def attributes_of(data):
    """By code: flags without the one of long lengths, and the value."""
    found = {}
    while data:
        flags, code = data[0], data[1]
        size = 2 if flags & bgp.EXTENDED else 1
        length = int.from_bytes(data[2 : 2 + size], "big")
        found[code] = (flags & ~bgp.EXTENDED, data[2 + size : 2 + size + length])
        data = data[2 + size + length :]
    return found


def tlvs_in_order(value):
    """JSON tells those of lists first; RFC 9552 5.3 asks for no order."""
    tlvs = []
    while value:
        size = 4 + int.from_bytes(value[2:4], "big")
        tlvs.append(value[:size])
        value = value[size:]
    return b"".join(sorted(tlvs))


def taken_apart(wire):
    """Withdrawn and announced NLRI with their families, the next hop, the attributes."""
    gone, block, nlri = bgp.update_parts(wire)
    found = attributes_of(block)
    _, reach = found.pop(MP_REACH, (0, b""))
    _, unreach = found.pop(MP_UNREACH, (0, b""))
    hop = found.pop(NEXT_HOP, (0, b""))[1]
    family, routes = bgp.IPV4, nlri
    if reach:
        family = int.from_bytes(reach[:2], "big"), reach[2]
        hop, routes = reach[4 : 4 + reach[3]], reach[5 + reach[3] :]
    gone_family = bgp.IPV4
    if unreach:
        gone_family, gone = (int.from_bytes(unreach[:2], "big"), unreach[2]), unreach[3:]
    return {"family": family, "routes": routes, "hop": hop, "attributes": found,
            "gone_family": gone_family, "gone": gone}


def contents(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def labels_of_withdraws(nlri):
    """RFC 8277 2.4: a label in a withdraw means nothing."""
    return re.sub(b"^(.)\x80\x00[\x00\x01]", lambda m: m[1] + b"\x80\x00\x00", nlri, flags=re.S)


def wires(path):
    """Messages of a .case, but those that only others say, or of a given case: the bytes, and the
    options to decode them."""
    if path.endswith(".case"):
        for entry in cases.read(path)[1]:
            if "words" in entry or "bgp_ls" in path or "withdraw" in entry.get("json", [""])[0]:
                yield entry["wire"][0], entry.get("decode", [""])[0]
        return
    text = contents(path)
    folder = os.path.dirname(path)
    said = [contents(f) for f in glob.glob(folder + "/co*") if path.endswith("expect.txt")]
    options = "-i" if "path-information" in "".join(said) else ""
    for wire in re.findall(r"^ *(?:message|hex) ([0-9A-Fa-f:]+)$", text, re.M):
        yield wire.replace(":", ""), options


def again(program, family, words, options):
    return bytes.fromhex(program.encode("route " + words, family, options).splitlines()[0])


def check(program, wire, options):
    """Routes that went around; raises ValueError for one that came back changed, and Untold."""
    told = json.loads(program.decode(wire, options, dialect="6.0"))["neighbor"]["message"]
    if "eor" in told:
        return 0
    was = taken_apart(bytes.fromhex(wire))
    for reason, is_so in UNTOLD.items():
        if is_so(was):
            raise Untold(reason)
    count, routes, gone = 0, b"", b""
    for family, words in words_of.announcements(told["update"]):
        now = taken_apart(again(program, family, words, options))
        routes += now["routes"]
        count += 1
        if LOCAL_PREF not in was["attributes"]:
            now["attributes"].pop(LOCAL_PREF, None)
        for one in (was, now):
            if LINK_STATE in one["attributes"]:
                flags, value = one["attributes"][LINK_STATE]
                one["attributes"][LINK_STATE] = flags, tlvs_in_order(value)
        for part in ("family", "hop", "attributes"):
            if now[part] != was[part]:
                raise ValueError("%s %s: %s was %s, is %s" % (family, words, part, was[part], now[part]))
    for family, words in words_of.withdrawals(told["update"]):
        hop = "2001:db8::1" if family.startswith("ipv6") else "192.0.2.1"
        gone += taken_apart(again(program, family, words + " next-hop " + hop, options))["routes"]
        count += 1
    for part, now in (("routes", routes), ("gone", gone)):
        if labels_of_withdraws(now) != labels_of_withdraws(was[part]):
            raise ValueError("%s were %s, are %s" % (part, was[part].hex(), now.hex()))
    return count


def main(path, given):
    program = cases.Program(path)
    paths = sorted(glob.glob(HERE + "/*.case")) + sorted(
        glob.glob(given + "/*/*/expect.txt") + glob.glob(given + "/decoding/*.txt"))
    print("1..%d" % len(paths))
    failed = total = 0
    untold = collections.Counter()
    for number, name in enumerate(paths, 1):
        wrong = []
        for wire, options in wires(name):
            if wire[:32].strip("Ff") or wire[36:38] != UPDATE:
                continue
            try:
                total += check(program, wire, options)
            except Untold as reason:
                untold[str(reason)] += 1
            except (ValueError, KeyError) as fault:
                wrong.append("%s: %r" % (wire, fault))
        failed += bool(wrong)
        print("%sok %d %s" % ("not " if wrong else "", number, os.path.relpath(name, HERE)), flush=True)
        for why in wrong:
            print("# " + why.replace("\n", "\n# "))
    print("# %d routes" % total)
    for reason, count in untold.items():
        print("# not gone around: %s, %d messages" % (reason, count))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
