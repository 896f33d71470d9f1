#!/usr/bin/env python3
"""Announces a service address while the service answers, and withdraws it when it doesn't.

    process anycast { run /etc/peerpipe/anycast.py 192.0.2.53/32 127.0.0.1 53; encoder json; }

Reads each answer before it goes on: an announcement that was refused is said again. It ends when
the program closes its stdin. Routes of a helper that ended stay announced; where that is not wanted,
`peerpipe healthcheck` does more than this.
"""

import select
import socket
import sys
import time

prefix, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
every = float(sys.argv[4]) if len(sys.argv) > 4 else 2.0


def answers():
    """Does somebody accept connections there?"""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def command(line):
    """True when it was taken."""
    print(line, flush=True)
    for answer in sys.stdin:
        if answer.strip() in ("done", "error"):
            return answer.strip() == "done"
    sys.exit(0)


def wait(seconds):
    """Nothing is said to this helper but answers: readable means that the program is gone."""
    if select.select([sys.stdin], [], [], seconds)[0] and not sys.stdin.readline():
        sys.exit(0)


announced = False
while True:
    up = answers()
    if up != announced:
        word = "announce" if up else "withdraw"
        if command("%s route %s next-hop self" % (word, prefix)):
            announced = up
    wait(every)
