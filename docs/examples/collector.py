#!/usr/bin/env python3
"""Keeps the routes of all neighbors and writes them to a file whenever it is asked (SIGUSR1).

    process collector { run /etc/peerpipe/collector.py /var/lib/peerpipe/routes.json; encoder json; }
    neighbor ... { api { processes [ collector ]; neighbor-changes; receive { parsed; update; } } }

A session that goes down takes its routes along. Nothing is printed, so nothing is commanded.
"""

import json
import os
import signal
import sys

path = sys.argv[1]
tables = {}  # neighbor -> family -> route -> next hop


def write(*_):
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(tables, file, indent=1, sort_keys=True)
    os.rename(path + ".new", path)


def key(nlri):
    return nlri if isinstance(nlri, str) else nlri.get("nlri") or json.dumps(nlri, sort_keys=True)


def take(table, update):
    for family, routes in update.get("withdraw", {}).items():
        for nlri in routes:
            table.get(family, {}).pop(key(nlri), None)
    for family, hops in update.get("announce", {}).items():
        for hop, routes in hops.items():
            for nlri in routes:
                table.setdefault(family, {})[key(nlri)] = hop


signal.signal(signal.SIGUSR1, write)
write()  # who waits for the file knows that it may ask
for line in sys.stdin:
    event = json.loads(line)
    neighbor = event.get("neighbor")
    if neighbor is None:
        continue  # of the program, not of a session
    name = neighbor["address"]["peer"]
    if event["type"] == "state" and neighbor["state"] != "connected":
        if neighbor["state"] == "down":
            tables.pop(name, None)
    elif event["type"] == "update":
        take(tables.setdefault(name, {}), neighbor["message"].get("update", {}))
write()
