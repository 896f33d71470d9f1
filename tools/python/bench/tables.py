"""Tables: one that a peer sends and that is kept, and one that is there when sessions come up."""

import os
import signal
import tempfile

from bench import state
from bench.build import tool
from bench.daemons import bird, gobgpd, has, ours
from bench.figures import RATE, rated, repeat
from bench.load import bgpgen, receiver, result, sender
from bench.process import quiet, wait_for


def ingest_once(make, n):
    def once():
        daemon = make()
        gen = bgpgen(sender(n, more=",delay=0.5"), until="none").start()
        wait_for(lambda: gen.event("established_all"))
        empty = daemon.memory()
        begin = wait_for(lambda: gen.event("send_start"))["t"]
        before = daemon.cpu()
        wait_for(lambda: gen.event("sent_all"))
        end = quiet(daemon)
        values = rated(n, daemon, begin, end, daemon.cpu() - before)
        values["bytes a route"] = (daemon.memory() - empty) / n
        before = daemon.cpu()
        gen.lasts = False
        gen.stop(signal.SIGKILL)
        quiet(daemon)
        values["peer gone, CPU"] = daemon.cpu() - before
        values["peer gone, RSS after"] = daemon.memory() / 2**20
        return values

    return once


INGEST = RATE + [
    ("bytes a route", "B", ""),
    ("peer gone, CPU", "s", ""),
    ("peer gone, RSS after", "MiB", ""),
]


def ingest():
    n = state.options["routes"]
    figures = [f if f[0] != "bytes a route" else (f[0], "B", "< 60") for f in INGEST]

    def our_daemon():
        return ours([("127.0.0.2", 65001, "", "adj-rib-in true;")])

    repeat("ingest, adj-rib-in x%d" % n, ingest_once(our_daemon, n), figures)
    if has("bird"):
        once = ingest_once(lambda: bird([("127.0.0.2", 65001, False)]), n)
        repeat("  bird x%d" % n, once, INGEST)
    if has("gobgpd"):
        once = ingest_once(lambda: gobgpd([("127.0.0.2", 65001)]), n // 10)
        repeat("  gobgpd x%d" % (n // 10), once, INGEST)


def dump_once(load, n, receivers):
    """n routes that are there to sessions that come up together."""

    def once():
        daemon = load()
        quiet(daemon)
        before = daemon.cpu()
        more = ",peers=%d,asnstep=1" % receivers
        gen = bgpgen(receiver(n, more=more), more=("linger=0.2",)).start()
        wait_for(lambda: gen.event("target_all"))
        cpu = daemon.cpu() - before
        values = {"CPU": cpu, "peak RSS": daemon.memory("VmHWM") / 2**20}
        group = result(gen)["groups"][0]
        values["wall"] = group["t_target_all"] - group["t_est_first"]
        return values

    return once


def our_load(n, receivers):
    # it renames a file to this one: never a device
    out = os.path.join(tempfile.mkdtemp(dir=state.work), "inject.json")
    run = "%s n=%d form=attrs ack=drain nh=10.0.0.1 out=%s" % (tool("inject"), n, out)
    api = "api { processes [ bench ]; }"
    daemon = ours([("127.0.1.%d" % (i + 1), 65100 + i, api, "") for i in range(receivers)], run)
    wait_for(lambda: daemon.cpu() > 0.1 * n / 1e6)
    return daemon


def bird_load(n, receivers):
    ends = [("127.0.1.%d" % (i + 1), 65100 + i, True) for i in range(receivers)]
    daemon = bird(ends + [("127.0.0.2", 65001, False)])
    feed = bgpgen(sender(n), until="none").start()
    wait_for(lambda: feed.event("sent_all"))
    return daemon


def dump():
    n = state.options["routes"]
    figures = [("wall", "s", ""), ("CPU", "s", ""), ("peak RSS", "MiB", "")]
    for receivers in (1, 10):
        what = "dump, %d routes to new sessions: %d" % (n, receivers)
        repeat(what, dump_once(lambda: our_load(n, receivers), n, receivers), figures)
        if has("bird"):
            repeat("  bird", dump_once(lambda: bird_load(n, receivers), n, receivers), figures)
