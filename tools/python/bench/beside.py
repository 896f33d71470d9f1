"""What a helper that was stopped costs the others."""

import os
import signal
import tempfile
import time

from bench import state
from bench.build import tool
from bench.daemons import ours
from bench.figures import repeat, show
from bench.latency import latency_figures, percentiles
from bench.load import bgpgen, receiver, sender
from bench.process import SETTLE, Failed, quiet, wait_for


def child_of(daemon, program):
    pid = daemon.process.pid
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as f:
        for child in f.read().split():
            with open("/proc/%s/cmdline" % child, encoding="ascii") as words:
                if words.read().split("\0")[0] == program:
                    return int(child)
    raise Failed("there is no %s" % program)


def beside_once(stop, n):
    """A helper's command to its UPDATE, beside a peer that feeds another helper: both are quiet, or the helper
    is stopped and the peer, which has a table of routes to say, is held."""

    def once():
        directory = tempfile.mkdtemp(dir=state.work)
        go, stamps, seen = (os.path.join(directory, x) for x in ("go", "sent", "seen"))
        run = "%s mode=lat n=%d lati=1000 ack=drain nh=10.0.0.1 start=%s tsfile=%s out=%s" % (
            tool("inject"), n, go, stamps, go + ".json",
        )
        feeds = "api flood { processes [ flood ]; receive { parsed; update; } }"
        neighbors = [
            ("127.0.1.1", 65100, "api { processes [ bench ]; }", ""),
            ("127.0.0.2", 65001, feeds, "adj-rib-in true;"),
        ]
        sink = os.path.join(directory, "sink")
        daemon = ours(neighbors, run, flood="%s out=%s" % (tool("sink"), sink))
        more = ",rib=0,latn=%d,latfile=%s" % (n, seen)
        gen = bgpgen(receiver(0, more=more), until="none").start()
        wait_for(lambda: gen.event("established_all"))
        if stop:
            os.kill(child_of(daemon, tool("sink")), signal.SIGSTOP)
        feed = bgpgen(sender(state.options["routes"] if stop else 1), until="none").start(False)
        wait_for(lambda: feed.event("established_all"))
        quiet(daemon)
        if stop and feed.event("sent_all"):
            raise Failed("the peer is not held")
        with open(go, "w", encoding="ascii"):
            pass
        wait_for(lambda: os.path.exists(go + ".json"))
        time.sleep(SETTLE)
        gen.lasts = feed.lasts = False
        gen.stop()
        values = dict(percentiles(stamps, seen), **{"RSS": daemon.memory() / 2**20})
        if stop:
            os.kill(child_of(daemon, tool("sink")), signal.SIGCONT)
        return values

    return once


def beside():
    """Pairs of runs, in this and the other order by turns, so that what else the machine does is in both."""
    figures = latency_figures()[:3] + [("RSS", "MiB", "")]
    quiet_ones, stopped_ones = [], []
    for run in range(state.options["runs"]):
        order = (False, True) if run % 2 == 0 else (True, False)
        pair = {stop: repeat(None, beside_once(stop, 5000), figures, 1, first=True) for stop in order}
        if all(pair.values()):
            quiet_ones += pair[False]
            stopped_ones += pair[True]
    for what, found in (("all is quiet", quiet_ones), ("a helper is stopped", stopped_ones)):
        for key, unit, goal in figures:
            show("latency, %s: %s" % (what, key), unit, [v[key] for v in found], goal)
    for key in ("p50", "p99"):
        ratios = [100 * b[key] / a[key] - 100 for a, b in zip(quiet_ones, stopped_ones)]
        show("latency, by a stopped helper: " + key, "%", ratios, "< 5" if key == "p99" else "")
