#!/usr/bin/env python3
"""What text events say of a route is what a command may say: it makes the same bytes.

usage: text_back.py PEERPIPE GIVEN

Of the UPDATEs of tests/data/*.case and of the cases in GIVEN, the lines of 6.0 with all words of a route
(families that text events only name have none). Two things are turned around on the way: brackets of
AS_PATH, which in events are ( ) for a sequence, and labels, whose bytes stand beside them. Prints TAP, a
line a file.
"""

import collections
import glob
import os
import re
import sys

import cases
import roundtrip

ANNOUNCED = re.compile(r"^neighbor \S+ in update announced (?!afi )(?:flow |vpls )?(.*)$", re.M)
FAMILY = {(1, 1): "ipv4 unicast", (1, 2): "ipv4 multicast", (1, 4): "ipv4 nlri-mpls",
          (1, 128): "ipv4 mpls-vpn", (1, 133): "ipv4 flow", (1, 134): "ipv4 flow-vpn",
          (2, 1): "ipv6 unicast", (2, 2): "ipv6 multicast", (2, 4): "ipv6 nlri-mpls",
          (2, 128): "ipv6 mpls-vpn", (2, 133): "ipv6 flow", (2, 134): "ipv6 flow-vpn",
          (25, 65): "l2vpn vpls"}
TURNED = str.maketrans("()[]", "[]()")

# what ExaBGP's text events have no words of a command for
NO_COMMAND = {"interface sets without their transitivity": "interface-set:", "PMSI tunnels": " pmsi pmsi:",
              "SRv6 services": "-service ["}


def words(told):
    told = re.sub(r"as-path ((?:[\[(] [0-9 ]*[\])] ?)+)", lambda m: "as-path " + m[1].translate(TURNED), told)
    told = re.sub(r"(label (?:\[ )?)([0-9 ()]+)", lambda m: m[1] + re.sub(r"\(\d+\) ?", "", m[2]), told)
    return told.replace("next-hop no-nexthop ", "") + ("" if "as-path" in told else " as-path [ ]")


def check(program, wire, options, untold):
    """Routes that were made again; raises ValueError for one that is another one then."""
    was = roundtrip.taken_apart(bytes.fromhex(wire))
    count = 0
    for told in ANNOUNCED.findall(program.decode(wire, options + " --text", dialect="6.0")):
        reason = [r for r, word in NO_COMMAND.items() if word in told]
        if reason:
            untold[reason[0]] += 1
            continue
        now = roundtrip.taken_apart(roundtrip.again(program, FAMILY[was["family"]], words(told), options))
        if roundtrip.LOCAL_PREF not in was["attributes"]:
            now["attributes"].pop(roundtrip.LOCAL_PREF, None)
        if (now["hop"], now["attributes"]) != (was["hop"], was["attributes"]) or \
                now["routes"] not in was["routes"]:
            raise ValueError("%s: was %s, is %s" % (told, was, now))
        count += 1
    return count


def main(path, given):
    program = cases.Program(path)
    paths = sorted(glob.glob(roundtrip.HERE + "/*.case")) + sorted(glob.glob(given + "/*/*/expect.txt"))
    print("1..%d" % len(paths))
    failed = total = 0
    untold = collections.Counter()
    for number, name in enumerate(paths, 1):
        wrong = []
        for wire, options in roundtrip.wires(name):
            if wire[36:38] != roundtrip.UPDATE:
                continue
            try:
                total += check(program, wire, options, untold)
            except ValueError as fault:
                wrong.append(str(fault))
        failed += bool(wrong)
        print("%sok %d %s" % ("not " if wrong else "", number, os.path.relpath(name, roundtrip.HERE)), flush=True)
        for why in wrong:
            print("# " + why.replace("\n", "\n# "))
    print("# %d routes" % total)
    for reason, count in untold.items():
        print("# not gone around: %s, %d" % (reason, count))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
