"""Questions over the control socket, while routes come and go."""

import json
import socket
import time

from bench import state
from bench.build import tool
from bench.daemons import ours
from bench.figures import repeat
from bench.latency import latency_figures, latency_once
from bench.load import bgpgen, sender
from bench.process import SETTLE, Failed, Process, wait_for


def told(daemon, command):
    """The lines of an answer, over the control socket."""
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(daemon.path("control"))
        s.sendall(command.encode() + b"\n")
        with s.makefile("r") as answer:
            lines = []
            for line in answer:
                if line in ("done\n", "error\n"):
                    return lines
                lines.append(line)
    raise Failed("no answer to " + command)


def ask(daemon, rate, clients, seconds, command):
    argv = [tool("ask"), daemon.path("control"), str(rate), str(clients), str(seconds), command]
    asker = Process(argv)
    asker.lasts = False
    return asker.start(first=clients > 1)


def asked(asker, limit=60.0):
    wait_for(lambda: not asker.alive(), limit)
    events = asker.events()
    if not events or events[0]["errors"] or events[0]["answered"] != events[0]["asked"]:
        raise Failed("not all was answered: %r" % events)
    return events[0]


def beside_dumps(n, command, form):
    """Changes go to a peer while somebody reads all of another one's table, again and again."""

    def once():
        asker = []

        def make(neighbors, run, flood=None):
            asker.append(ours(neighbors, run, flood, control=True))
            return asker[0]

        def loaded():
            time.sleep(2 * SETTLE)
            told(asker[0], "reset hwm")
            if command:
                asker.append(ask(asker[0], 0, 1, form["seconds"], command))

        values = latency_once(make, form["n"], form["every"], n, between=loaded)()
        lag = json.loads(told(asker[0], "show loop json")[0])
        values["slowest callback"] = lag["slowest-us"]
        if command:
            dumps = asked(asker[1])
            values["routes told a second"] = dumps["answered"] * n / form["seconds"]
        return values

    return once


def under_load(n, churn, rate, clients, command):
    """A peer sends changes at a fixed rate, and clients ask."""

    def once():
        daemon = ours([("127.0.0.2", 65001, "", "adj-rib-in true;")], control=True)
        feed = bgpgen(sender(n, more=",churn=%d" % churn), until="none").start(False)
        wait_for(lambda: feed.event("sent_all"))
        time.sleep(2 * SETTLE)
        begin, since = daemon.cpu(), time.monotonic()
        time.sleep(4)
        alone = (daemon.cpu() - begin) / (time.monotonic() - since)
        begin, since = daemon.cpu(), time.monotonic()
        found = asked(ask(daemon, rate, clients, 5, command))
        busy = (daemon.cpu() - begin) / (time.monotonic() - since)
        return {
            "answers a second": found["rate"], "p50": found["p50"], "p99": found["p99"],
            "p99.9": found["p99.9"], "CPU before": 100 * alone, "CPU": 100 * busy,
        }

    return once


def queries():
    n = state.options["routes"]
    form = {"n": 5000, "every": 1000, "seconds": 6}
    figures = latency_figures() + [("slowest callback", "us", "< 5000"), ("routes told a second", "/s", "")]
    for command in ("", "show adj-rib in", "show adj-rib in json", "show adj-rib in extensive"):
        what = "latency, %d routes, churn, %s" % (n, command or "no dump")
        repeat(what, beside_dumps(n, command, form), figures[: None if command else -1], first=True)
    figures = [
        ("answers a second", "/s", "10000"), ("p50", "us", ""), ("p99", "us", "< 5000"), ("p99.9", "us", ""),
        ("CPU before", "%", "80"), ("CPU", "%", ""),
    ]
    for command in ("version", "show neighbor summary"):
        once = under_load(n, state.options["churn"], 10000, 64, command)
        repeat("queries, load, %s" % command, once, figures, first=True)
