#!/usr/bin/env python3
"""Watches several things at once, each in a process of its own, all on one stdout.

    process workers { run /etc/peerpipe/workers.py /run/a /run/b; encoder text; }

A file that exists is a route that is announced: its first line says which. Each line is one
write() of less than PIPE_BUF (4096) bytes, so lines of different workers are never mixed.
"""

import os
import sys
import time


def say(line):
    os.write(1, line.encode() + b"\n")


def route_of(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.readline().strip()
    except OSError:
        return None


def watch(path, parent):
    told = None
    while os.getppid() == parent:
        route = route_of(path)
        if route != told:
            if told:
                say("withdraw route %s next-hop self" % told)
            if route:
                say("announce route %s next-hop self" % route)
            told = route
        time.sleep(0.1)


parent = os.getpid()
for path in sys.argv[1:]:
    if os.fork() == 0:
        watch(path, parent)
        os._exit(0)

while sys.stdin.readline():  # answers; the end says that the program is gone
    pass
