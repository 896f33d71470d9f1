#!/usr/bin/env python3
"""What is sent of the words of tests/data, by ExaBGP 4.2 and by the program.

usage: said.py PEERPIPE [NAME...]

All `words` and `command` of the .case files are said by a helper, announced and withdrawn, in a session with
each program. What 4.2 takes must be taken here, and sent as the same bytes but for the rows of
DIFFERENCES, which docs/wire.md explains; and the OPENs of NEIGHBORS must be the same. A row that
explains nothing any more is a failure too. Prints TAP.
"""

import glob
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "play"))

import bgp
import speaking
from reference import EXABGP, absent

SHOWN = 3  # differences of a file that are printed
FAMILIES = {
    (1, 1): "ipv4 unicast", (1, 2): "ipv4 multicast", (1, 4): "ipv4 nlri-mpls", (1, 128): "ipv4 mpls-vpn",
    (1, 133): "ipv4 flow", (1, 134): "ipv4 flow-vpn", (2, 1): "ipv6 unicast", (2, 128): "ipv6 mpls-vpn",
    (2, 133): "ipv6 flow", (2, 134): "ipv6 flow-vpn", (25, 65): "l2vpn vpls",
}
SPOKEN = "127.0.0.2"
NEIGHBORS = {
    SPOKEN: "family { %s } api { processes [ j ]; }" % "".join(f + "; " for f in FAMILIES.values()),
    "127.0.0.3": "family { ipv4 unicast; }",
    "127.0.0.4": "family { ipv6 unicast; ipv4 unicast; } capability { asn4 disable; route-refresh; }",
    "127.0.0.5": "family { ipv4 unicast; ipv6 mpls-vpn; } capability { graceful-restart 120; add-path send/receive; }",
    "127.0.0.6": "family { ipv4 unicast; ipv4 flow; } capability { graceful-restart; add-path receive; operational; }",
    "127.0.0.7": "family { ipv4 unicast; ipv4 mpls-vpn; } capability { nexthop; aigp; multi-session disable; }"
                 " nexthop { ipv4 unicast ipv6; ipv4 mpls-vpn ipv6; }",
    "127.0.0.8": "family { ipv4 unicast; l2vpn evpn; bgp-ls bgp-ls; ipv4 nlri-mpls; } capability { add-path send; }",
}

MP_UNREACH, COMMUNITY, EXT_COMMUNITY = 15, 8, 16
PLAIN = (bytes([0, 1, 1]), bytes([0, 2, 1]), bytes([0, 1, 2]), bytes([0, 2, 2]))


def attributes_of(data):
    """(flags, code, value) of each."""
    found = []
    while data:
        size, at = (int.from_bytes(data[2:4], "big"), 4) if data[0] & bgp.EXTENDED else (data[2], 3)
        found.append((data[0], data[1], data[at : at + size]))
        data = data[at + size :]
    return found


def split(value, size):
    return [value[i : i + size] for i in range(0, len(value), size)]


def sorted_communities(parts):
    withdrawn, attributes, nlri = parts
    return withdrawn, [(f, c, b"".join(sorted(split(v, 4 if c == COMMUNITY else 8))) if c in (COMMUNITY, EXT_COMMUNITY)
                        else v) for f, c, v in attributes], nlri


def plain_targets(parts):
    """Route targets and origins with the type of those whose ASN has two bytes."""
    def plain(one):
        return b"\0" + one[1:] if one[0] in (1, 2) and one[1] in (2, 3) else one
    withdrawn, attributes, nlri = parts
    return withdrawn, [(f, c, b"".join(map(plain, split(v, 8))) if c == EXT_COMMUNITY else v)
                       for f, c, v in attributes], nlri


def withdrawn_alone(parts):
    """Unicast and multicast are withdrawn without attributes, and IPv4 in the field of its own."""
    withdrawn, attributes, nlri = parts
    gone = [a for a in attributes if a[1] == MP_UNREACH and a[2][:3] in PLAIN]
    if not gone:
        return parts
    if gone[0][2][:3] == PLAIN[0]:
        return withdrawn + gone[0][2][3:], [], nlri
    return withdrawn, gone, nlri


def by_code(parts):
    withdrawn, attributes, nlri = parts
    return withdrawn, sorted(attributes, key=lambda a: a[1]), nlri


# a name, and what is done to both
DIFFERENCES = [
    ("withdraws alone", withdrawn_alone),
    ("what is withdrawn first", by_code),
    ("types of targets", plain_targets),
    ("sorted communities", sorted_communities),
]


def parts_of(body):
    withdrawn, attributes, nlri = bgp.update_parts(bytes(19) + body)
    return withdrawn, attributes_of(attributes), nlri


def same(theirs, ours, used):
    if theirs == ours:
        return True
    theirs, ours = ([parts_of(body) for body in sent] for sent in (theirs, ours))
    for row, change in DIFFERENCES:
        before = theirs, ours
        theirs, ours = ([change(parts) for parts in sent] for sent in (theirs, ours))
        if (theirs, ours) != before:
            used.add(row)
        if theirs == ours:
            return True
    return False


def compare(both, line, used):
    """Whether 4.2 takes it; and None, or what is wrong."""
    theirs, ours = (speaker.sent(line) for speaker in both)
    if theirs is None:
        return False, None
    if ours is None:
        return True, "only 4.2 takes it: " + line
    if same(theirs, ours, used):
        return True, None
    return True, "%s\n4.2 %s\nours %s" % (line, [b.hex() for b in theirs], [b.hex() for b in ours])


def words_of(path):
    words = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            for head in ("words ", "command announce "):
                if line.startswith(head):
                    words[line[len(head):].rstrip("\n")] = True
    return list(words)


def check_file(both, name, path, used):
    taken, wrong = 0, []
    words = words_of(path)
    for word in words:
        for verb in ("announce ", "withdraw "):
            takes, why = compare(both, verb + word, used)
            taken += takes
            if why:
                wrong.append(why)
            if not takes:
                break
    for why in wrong[:SHOWN]:
        print("# " + why.replace("\n", "\n# "))
    print("# %s: %d spellings, 4.2 takes %d commands, %d differ" % (name, len(words), taken, len(wrong)))
    return not wrong


def check_open(both, address):
    theirs, ours = (speaker.connect(address, list(FAMILIES)) for speaker in both)
    if theirs != ours:
        print("# %s\n# 4.2 %s\n# ours %s" % (NEIGHBORS[address], theirs.hex(), ours.hex()))
    return theirs == ours


def checks(both, names, used):
    """(claim, whether it is true) of each; the neighbor that speaks is the last to be connected."""
    for address in reversed(NEIGHBORS):
        yield "the OPEN to " + address, check_open(both, address)
    for path in sorted(glob.glob(os.path.join(HERE, "..", "data", "*.case"))):
        name = os.path.basename(path)[: -len(".case")]
        if not names or name in names:
            yield name, check_file(both, name, path, used)
    if not names:
        unused = [row for row, _ in DIFFERENCES if row not in used]
        yield "every row of differences is one" + ": ".join([""] + unused), not unused


def main(program, *names):
    why = absent()
    if why:
        print("1..0 # SKIP " + why)
        return 0
    both = [speaking.Speaker([EXABGP], NEIGHBORS),
            speaking.Speaker([os.path.abspath(program)], NEIGHBORS, exabgp_api_dialect="4.2")]
    number, failed, used = 0, 0, set()
    try:
        for number, (claim, fine) in enumerate(checks(both, names, used), 1):
            failed += not fine
            print("%sok %d %s" % ("" if fine else "not ", number, claim), flush=True)
    finally:
        for speaker in both:
            speaker.close()
    print("1..%d" % number)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
