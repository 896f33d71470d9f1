"""How long a helper's command takes to a peer."""

import os
import shutil
import tempfile
import time

from bench import state
from bench.build import tool
from bench.daemons import exabgp, has, ours, relay
from bench.figures import both_ways, repeat
from bench.load import bgpgen, receiver, sender
from bench.process import SETTLE, Failed, wait_for


def latency_once(make, n, every, table, flood=0, between=None):
    """A helper's command to its UPDATE at a peer; table: another peer sends so many routes; flood:
    another helper announces so many to a third one; between: called when the table is there."""

    def once():
        directory = tempfile.mkdtemp(dir=state.work)
        go, stamps, seen = (os.path.join(directory, x) for x in ("go", "sent", "seen"))
        run = "%s mode=lat n=%d lati=%d ack=drain nh=10.0.0.1 start=%s tsfile=%s out=%s" % (
            tool("inject"), n, every, go, stamps, go + ".json",
        )
        neighbors = [("127.0.1.1", 65100, "api { processes [ bench ]; }", "")]
        if table:
            neighbors.append(("127.0.0.2", 65001, "", "adj-rib-in true;"))
        if flood:
            neighbors.append(("127.0.2.1", 65200, "api flood { processes [ flood ]; }", ""))
        daemon = make(neighbors, run, flood=flood and flood_run(flood, go))
        more = ",rib=0,latn=%d,latfile=%s" % (n, seen)
        gen = bgpgen(receiver(0, more=more), until="none").start()
        wait_for(lambda: gen.event("established_all"))
        time.sleep(SETTLE)
        feeds = []
        before, since = daemon.cpu(), time.monotonic()
        if table:
            feed = bgpgen(sender(table, more=",churn=%d" % 20000), until="none").start(False)
            feeds.append(feed)
            wait_for(lambda: feed.event("sent_all" if between else "established_all"))
        if between:
            between()
        if flood:
            feed = bgpgen(receiver(flood, "127.0.2.1", 65200), until="none").start(False)
            wait_for(lambda: feed.event("established_all"))
            time.sleep(2 * SETTLE)
        with open(go, "w", encoding="ascii"):
            pass
        wait_for(lambda: os.path.exists(go + ".json"))
        busy = (daemon.cpu() - before) / (time.monotonic() - since)
        time.sleep(SETTLE)
        gen.lasts = False
        gen.stop()
        return dict(percentiles(stamps, seen), **{"CPU": 100 * busy})

    return once


def flood_run(n, go):
    """The flood itself does not go first: two processors are not enough for all of it."""
    run = "%s --other 0 %s n=%d form=route ack=drain nh=10.0.0.1 start=%s out=%s"
    return run % (shutil.which("chrt"), tool("inject"), n, go, go + ".flood")


def percentiles(stamps, seen):
    both = []
    for path in (stamps, seen):
        with open(path, "rb") as f:
            data = f.read()
        both.append(memoryview(data).cast("Q"))
    took = sorted((b - a) / 1000 for a, b in zip(*both) if a and b)
    lost = sum(1 for a, b in zip(*both) if a and not b)
    if not took or lost > len(took) / 100:
        raise Failed("%d of %d lost" % (lost, len(took) + lost))
    return {
        "p50": took[len(took) // 2],
        "p99": took[len(took) * 99 // 100],
        "p99.9": took[len(took) * 999 // 1000],
    }


def latency_figures(p99=""):
    return [("p50", "us", ""), ("p99", "us", p99), ("p99.9", "us", ""), ("CPU", "%", "")]


def latency():
    once = latency_once(ours, 10000, 1000, 0)
    both_ways("latency, idle", once, latency_figures("< 200"), first=True)
    bare = latency_once(relay, 10000, 1000, 0)
    both_ways("  the bare machine", bare, latency_figures(), first=True)
    if has("exabgp"):
        repeat("  exabgp", latency_once(exabgp, 2000, 5000, 0), latency_figures(), first=True)


def busy():
    n = state.options["routes"]
    once = latency_once(ours, 5000, 500, n)
    figures = latency_figures("< 1000")
    repeat("latency, a peer sends a table, then churns", once, figures, first=True)
    once = latency_once(ours, 10000, 250, 0, n)
    repeat("latency, a helper floods another peer", once, figures, first=True)
    if has("exabgp"):
        once = latency_once(exabgp, 1000, 5000, 5000)
        repeat("  exabgp, 5000 routes, then churn", once, latency_figures(), first=True)
