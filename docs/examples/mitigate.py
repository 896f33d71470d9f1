#!/usr/bin/env python3
"""Blocks attacks with FlowSpec: takes "block ADDRESS" and "allow ADDRESS" from a FIFO.

    process mitigate { run /etc/peerpipe/mitigate.py /run/peerpipe-mitigate 192.0.2.1 192.0.2.2; }

    echo block 203.0.113.7 >/run/peerpipe-mitigate

Only the neighbors that are named get the rule: selectors stand before the command, commas between.
"""

import ipaddress
import os
import select
import sys

fifo, *routers = sys.argv[1:]
selector = ", ".join("neighbor " + router for router in routers)
RULE = "flow route { match { source %s; protocol udp; } then { discard; } }"


def order(line):
    """The command for a line of the FIFO; None when it makes no sense."""
    try:
        word, address = line.split()
        size = ipaddress.ip_address(address).max_prefixlen
        command = {"block": "announce", "allow": "withdraw"}[word]
    except (ValueError, KeyError):
        print("not understood: %r" % line, file=sys.stderr, flush=True)
        return None
    return "%s %s %s" % (selector, command, RULE % ("%s/%d" % (address, size)))


orders = os.open(fifo, os.O_RDWR)  # also as its own writer: it never ends
rest = b""
while True:
    ready = select.select([orders, 0], [], [])[0]
    if 0 in ready and not os.read(0, 65536):
        sys.exit(0)  # the program is gone; answers are of no interest
    if orders in ready:
        *lines, rest = (rest + os.read(orders, 65536)).split(b"\n")
        for command in filter(None, (order(line.decode(errors="replace")) for line in lines)):
            print(command, flush=True)
