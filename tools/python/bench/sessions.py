"""Many sessions that come up together, and then are idle."""

import time

from bench import state
from bench.daemons import bird, exabgp, gobgpd, has, ours
from bench.figures import repeat
from bench.load import bgpgen
from bench.process import SETTLE, wait_for


def sessions_once(make, count):
    def once():
        daemon = make(["127.0.%d.%d" % divmod(0x101 + i, 256) for i in range(count)])
        time.sleep(SETTLE)
        group = "recv,connect=127.0.0.1:%d,local=127.0.1.1,asn=65100,peers=%d" % (state.port, count)
        begin = time.monotonic()
        gen = bgpgen(group, until="none", more=("connrate=20", "conntmo=3")).start()
        end = wait_for(lambda: gen.event("established_all"), 120)["t"]
        time.sleep(3)
        values = {"until up": end - begin, "CPU": daemon.cpu(), "RSS": daemon.memory() / 2**20}
        before = daemon.cpu()
        time.sleep(10)
        values["idle"] = 100 * (daemon.cpu() - before) / 10
        return values

    return once


def sessions():
    count = 1000
    runs = max(1, state.options["runs"] // 2)
    figures = [("until up", "s", ""), ("CPU", "s", ""), ("RSS", "MiB", ""), ("idle", "%", "0.0")]

    def measure(what, make, times):
        repeat(what, sessions_once(make, count), figures, times)

    measure("%d sessions" % count, lambda a: ours([(p, 65100, "", "") for p in a]), runs)
    if has("bird"):
        measure("  bird", lambda a: bird([(p, 65100, True) for p in a]), runs)
    if has("gobgpd"):
        measure("  gobgpd", lambda a: gobgpd([(p, 65100) for p in a]), runs)
    if has("exabgp"):
        measure("  exabgp", lambda a: exabgp([(p, 65100, "", "") for p in a]), 1)
