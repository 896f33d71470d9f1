#!/usr/bin/env python3
"""The events of random UPDATEs, by ExaBGP 4.2 and by the program in its dialect of 4.2.

usage: differ.py PEERPIPE [COUNT [SEED [FAMILY...]]]

Per family COUNT UPDATEs that are valid (families.py) go into a session with each program, and what
they tell of each must be the same but for the rows of DIFFERENCES, which docs/wire.md explains. A row
that explains nothing any more is a failure too. Prints TAP.
"""

import json
import os
import random
import re
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "play"))

import families
import listener
import rig
from reference import EXABGP, absent

SHOWN = 3  # differences of a family that are printed


class Twice(dict):
    """The values of a member that an object has several times, by place."""


def pairs(members):
    told = {}
    for name, value in members:
        if name in told:
            value = Twice(dict.fromkeys([repr(told[name]), repr(value)]))
        told[name] = value
    return told


def walk(value, change):
    """A copy with change() of each object and word, from inside."""
    if isinstance(value, Twice):
        return value
    if isinstance(value, dict):
        return change({k: walk(v, change) for k, v in value.items()})
    if isinstance(value, list):
        return [walk(v, change) for v in value]
    return change(value)


def words(pattern, to):
    return lambda v: re.sub(pattern, to, v) if isinstance(v, str) else v


def numbers(**names):
    """Names of ICMP types as their numbers."""
    table = {name.replace("_", "-"): str(number) for name, number in names.items()}
    return words("|".join(table), lambda m: table[m[0]])


def without(*names, where=lambda v: True):
    return lambda v: ({k: m for k, m in v.items() if k not in names}
                      if isinstance(v, dict) and where(v) else v)


def is_link(value):
    return value.get("ls-nlri-type") == "bgpls-link"


def one_hop(value):
    hops = isinstance(value, dict) and [k for k in value if not k.startswith("fe80:")]
    return {k: value[k] for k in hops} if hops and len(hops) < len(value) else value


def mask_alone(value):
    mask = value.get("admin-group-mask") if isinstance(value, dict) else None
    return dict(value, **{"admin-group-mask": mask[0]}) if isinstance(mask, list) else value


# a name, where it is, what is done to what 4.2 told, what to what we told
DIFFERENCES = [
    ("numbers without a name", "flow", words("unknown (protocol|icmp type) type ", ""), None),
    ("names of ICMP types", "flow", numbers(
        source_quench=4, info_request=15, info_reply=16, mask_request=17, mask_reply=18,
        traceroute=30), numbers(photuris=40)),
    ("not-a-fragment", "flow", words("not-a-fragment", "!is-fragment"), None),
    ("a next hop None", "bgp-ls", without("nexthop", where=lambda v: v.get("nexthop") == "None"), None),
    ("links whole", "bgp-ls", None, without(
        "interface-addresses", "neighbor-addresses", "multi-topology-ids", "link-identifiers",
        "nexthop", where=is_link)),
    ("link names", "bgp-ls", without("link-name"), without("link-name")),
    ("masks of groups", "bgp-ls", mask_alone, None),
    ("link-local next hops", "ipv6", one_hop, None),
]


def normal(name, theirs, ours, used):
    for row, where, change_theirs, change_ours in DIFFERENCES:
        if where not in name:
            continue
        before = theirs, ours
        theirs = walk(theirs, change_theirs) if change_theirs else theirs
        ours = walk(ours, change_ours) if change_ours else ours
        if (theirs, ours) != before:
            used.add(row)
    return theirs, ours


def same(theirs, ours, used):
    if isinstance(theirs, Twice):
        used.add("members twice")
        return repr(ours) in theirs
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return theirs.keys() == ours.keys() and all(same(theirs[k], ours[k], used) for k in theirs)
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(theirs) == len(ours) and all(same(t, o, used) for t, o in zip(theirs, ours))
    return type(theirs) is type(ours) and theirs == ours


def compare(name, body, theirs, ours, used):
    """None: they agree."""
    if ours is None:
        return "we ended the session"
    if theirs is None:
        if name == "l2vpn evpn" and '"withdraw"' in ours and '"parsed": false' in ours:
            used.add("withdraws of unknown types")
            return None
        return "4.2 ended the session"
    try:
        theirs = json.loads(theirs, object_pairs_hook=pairs)
    except ValueError:
        if '"link-name"' not in theirs:
            return "4.2 told no JSON: " + theirs
        used.add("link names")
        return None
    ours = json.loads(ours)
    for envelope in (theirs, ours):
        for member in ("time", "host", "pid", "ppid", "counter"):
            del envelope[member]
    theirs, ours = normal(name, theirs, ours, used)
    if same(theirs, ours, used):
        return None
    return "4.2 %s\nours %s" % (json.dumps(theirs["neighbor"]["message"]), json.dumps(ours["neighbor"]["message"]))


def told_by(command, name, messages, **environment):
    told = listener.Listener(command, name, families.FAMILIES[name][:2], rig.free_port(), **environment)
    start = time.monotonic()
    try:
        told.feed(messages)
    finally:
        told.close()
    return told.told, time.monotonic() - start


def run(program, name, count, seed, used):
    """Whether they agree, and the words of a TAP line."""
    r = random.Random("%s %s" % (seed, name))
    messages = list(dict.fromkeys(families.update(r, name) for _ in range(count)))
    theirs, their_time = told_by([EXABGP], name, messages)
    ours, our_time = told_by([program], name, messages, exabgp_api_dialect="4.2")
    wrong = 0
    for body in (m[19:].hex() for m in messages):
        why = compare(name, body, theirs[body], ours[body], used)
        if why:
            wrong += 1
            if wrong <= SHOWN:
                print("# " + (body + "\n" + why).replace("\n", "\n# "))
    print("# %s: %d UPDATEs, %d differ, 4.2 took %.1f s, we %.1f s" % (
        name, len(messages), wrong, their_time, our_time))
    return wrong == 0


def rows_of(names):
    """The rows that these families must bring up."""
    rows = {row for row, where, *_ in DIFFERENCES if any(where in n for n in names)}
    if "l2vpn evpn" in names:
        rows.add("withdraws of unknown types")
    if "bgp-ls bgp-ls" in names:
        rows.add("members twice")
    return rows


def main(program, count=300, seed="1", *names):
    why = absent()
    if why:
        print("1..0 # SKIP " + why)
        return 0
    names = names or list(families.FAMILIES)
    print("1..%d" % (len(names) + 1))
    used, failed = set(), 0
    for number, name in enumerate(names, 1):
        fine = run(os.path.abspath(program), name, int(count), seed, used)
        failed += not fine
        print("%sok %d %s" % ("" if fine else "not ", number, name), flush=True)
    unused = sorted(rows_of(names) - used)
    print("%sok %d every row of differences is one%s" % (
        "not " if unused else "", len(names) + 1, ": " + ", ".join(unused) if unused else ""))
    return 1 if failed or unused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
