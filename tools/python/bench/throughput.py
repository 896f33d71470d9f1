"""Routes from a helper to a peer, and from a peer to a helper."""

import os
import tempfile
import time

from bench import state
from bench.build import tool
from bench.daemons import exabgp, has, ours
from bench.figures import RATE, both_ways, rate_figures, rated, repeat
from bench.load import bgpgen, receiver, result, sender
from bench.process import SETTLE, Failed, read_json, wait_for


def inject_once(make, n, form, ack, attrs=1):
    def once():
        go = os.path.join(tempfile.mkdtemp(dir=state.work), "go")
        out = go + ".json"
        run = "%s n=%d form=%s ack=%s attrs=%d nh=10.0.0.1 start=%s out=%s" % (
            tool("inject"), n, form, ack, attrs, go, out,
        )
        daemon = make([("127.0.1.1", 65100, "api { processes [ bench ]; }", "")], run)
        gen = bgpgen(receiver(n), more=("linger=0.3",)).start()
        wait_for(lambda: gen.event("established_all"))
        time.sleep(SETTLE + n / 2e6)
        before = daemon.cpu()
        with open(go, "w", encoding="ascii"):
            pass
        end = wait_for(lambda: gen.event("target_all"))["t"]
        cpu = daemon.cpu() - before
        begin = wait_for(lambda: read_json(out), 30)["t0"]
        values = rated(n, daemon, begin, end, cpu)
        group = result(gen)["groups"][0]
        if group["uniq"] != n or group["bad"]:
            raise Failed("wrong: %r" % group)
        return values

    return once


def inject():
    n = state.options["routes"]
    once = inject_once(ours, n, "route", "drain")
    both_ways("inject, announce route x%d" % n, once, rate_figures("1M/s"))
    if has("exabgp"):
        repeat("  exabgp x5000", inject_once(exabgp, 5000, "route", "drain", 2), RATE)


def attributes():
    n = state.options["routes"]
    once = inject_once(ours, n, "attrs", "drain")
    repeat("inject, announce attributes x%d" % n, once, rate_figures("1M/s"))
    if has("exabgp"):
        repeat("  exabgp x10000", inject_once(exabgp, 10000, "attrs", "drain", 2), RATE)


def monitor_once(make, n):
    def once():
        out = os.path.join(tempfile.mkdtemp(dir=state.work), "sink.json")
        daemon = make(
            [("127.0.0.2", 65001, "api { processes [ bench ]; receive { parsed; update; } }",
              "adj-rib-in false;")],
            "%s out=%s target=%d" % (tool("sink"), out, n),
        )
        gen = bgpgen(sender(n, more=",delay=0.5"), until="none").start()
        begin = wait_for(lambda: gen.event("send_start"))["t"]
        before = daemon.cpu()
        end = wait_for(lambda: (read_json(out) or {}).get("t_target"))
        return rated(n, daemon, begin, end, daemon.cpu() - before)

    return once


def monitor():
    n = state.options["routes"]
    repeat("monitor, wire to JSON x%d" % n, monitor_once(ours, n), rate_figures("2M/s"))
    if has("exabgp"):
        repeat("  exabgp x30000", monitor_once(exabgp, 30000), RATE)
