"""The load generator: peers that send or take routes."""

from bench import state
from bench.build import tool
from bench.process import Process, wait_for


def bgpgen(*groups, until="target", more=()):
    return Process([tool("bgpgen"), "until=" + until, "timeout=100", *more, *groups])


def sender(n, local="127.0.0.2", asn=65001, more=""):
    return "send,connect=127.0.0.1:%d,local=%s,asn=%d,nh=10.0.0.2,n=%d%s" % (
        state.port, local, asn, n, more,
    )


def receiver(target, local="127.0.1.1", asn=65100, more=""):
    return "recv,connect=127.0.0.1:%d,local=%s,asn=%d,target=%d%s" % (
        state.port, local, asn, target, more,
    )


def result(gen, limit=60.0):
    """The generator's last line."""
    gen.lasts = False
    wait_for(lambda: not gen.alive(), limit)
    for e in gen.events():
        if "result" in e:
            return e
    return None
