#!/usr/bin/env python3
"""The commands that given cases have beside their messages are made of these messages, and make them.

usage: said.py PEERPIPE GIVEN

GIVEN is ../shared/compat. AS_PATH and LOCAL_PREF depend on the session and are left out. Prints TAP, a line a
case.
"""

import glob
import os
import re
import sys

import cases
import roundtrip

AS_PATH = 2
OF_SESSION = (AS_PATH, roundtrip.LOCAL_PREF)


def parts(wire):
    found = roundtrip.taken_apart(wire)
    kept = {c: a for c, a in found["attributes"].items() if c not in OF_SESSION}
    return dict(found, attributes=kept)


def pairs(path):
    text = roundtrip.contents(path)
    for wire, said in re.findall(r"^ *message ([0-9A-Fa-f]+)\n *text (.*\S) *$", text, re.M):
        yield wire, said


def check(program, wire, said):
    """What is wrong, or nothing."""
    options = "-i" if "path-information" in said else ""
    command = program.decode(wire, options + " -m").strip()
    if command != said:
        yield "%s: expected %s\ngot %s" % (wire, said, command)
    if not said.startswith("announce ") or said.split()[1] in ("eor", "attributes"):
        return  # encode makes announcements of one route
    sent = program.encode(*cases.words_of(said), options).splitlines()[0]
    if parts(bytes.fromhex(sent)) != parts(bytes.fromhex(wire)):
        yield "%s: expected %s\ngot %s" % (said, wire, sent)


def wrong_with(program, path):
    for wire, said in pairs(path):
        try:
            yield from check(program, wire, said)
        except ValueError as fault:
            yield str(fault)


def main(path, given):
    program = cases.Program(path)
    paths = [p for p in sorted(glob.glob(given + "/*/*/expect.txt")) if any(pairs(p))]
    print("1..%d%s" % (len(paths), "" if paths else " # SKIP %s is not there" % given))
    failed = 0
    for number, name in enumerate(paths, 1):
        wrong = list(wrong_with(program, name))
        failed += bool(wrong)
        print("%sok %d %s" % ("not " if wrong else "", number, os.path.basename(os.path.dirname(name))))
        for why in wrong:
            print("# " + why.replace("\n", "\n# "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
