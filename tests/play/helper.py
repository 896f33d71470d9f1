#!/usr/bin/env python3
"""Plays the commands.txt of a given case: a helper that sends commands and reads acknowledgements."""

import os
import select
import sys
import time

buffered = b""


def line_before(deadline):
    """The next line of stdin without its newline, or None at the deadline or the end."""
    global buffered
    while b"\n" not in buffered:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([0], [], [], left)[0]:
            return None
        data = os.read(0, 65536)
        if not data:
            return None
        buffered += data
    line, buffered = buffered.split(b"\n", 1)
    return line.decode("ascii", "replace")


def acks(count, seconds):
    deadline = time.monotonic() + seconds
    while count > 0:
        line = line_before(deadline)
        if line is None or line == "error":
            return
        if line == "shutdown":
            sys.exit(0)
        if line == "done":
            count -= 1


def until_shutdown(seconds):
    deadline = time.monotonic() + seconds
    while True:
        line = line_before(deadline)
        if line is None or "shutdown" in line:
            return


def play(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            word, _, rest = line.strip().partition(" ")
            if word == "send":
                line = rest.encode() + b"\n"
                while line:
                    line = line[os.write(1, line) :]
            elif word == "sleep":
                time.sleep(float(rest))  # the case separates its phases by time
            elif word == "acks":
                count, seconds = rest.split()
                acks(int(count), float(seconds))
            elif word == "shutdown":
                until_shutdown(float(rest))


play(os.path.join(os.path.dirname(os.path.abspath(__file__)), "commands.txt"))
