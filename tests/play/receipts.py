#!/usr/bin/env python3
"""Receipts: when the peers were told what a command said, and when they have it."""

import json
import socket

import rig


def start(scene, peers, settings="", **more):
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + "".join(p.section(processes="h", inside=settings) for p in peers), **more)
    hand.ready()
    return hand, daemon


def deaf_peer(scene):
    """It has little room for what is sent to it, which it does not read unless it is kept."""
    peer = scene.peer()
    peer.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return peer


def test_a_command_is_acknowledged_at_once_and_its_receipt_follows(scene):
    peer = scene.peer()
    hand, _ = start(scene, [peer])
    peer.establish()
    for kind in ("sent", "acked"):
        hand.say("receipt %s a-%s announce route 10.0.0.0/24 next-hop 192.0.2.1 med %d" % (kind, kind, len(kind)))
        rig.equal(hand.answer(), ["done"])
        rig.equal(hand.line(), "receipt a-%s %s" % (kind, kind))
    hand.say("receipt acked again announce route 10.0.0.0/24 next-hop 192.0.2.1 med 5")  # there is nothing to say
    rig.equal([hand.line(), hand.line()], ["done", "receipt again acked"])
    hand.say("receipt acked x peer 127.0.0.2 withdraw route 10.0.0.0/24 json")
    rig.equal(hand.answer(), ["done"])
    rig.equal(json.loads(hand.line()), {"receipt": "x", "state": "acked"})
    hand.say("receipt sent y peer 127.0.0.2 announce route 10.0.1.0/24 next-hop 192.0.2.1")
    rig.equal(hand.answer(), ["done"])
    rig.equal(json.loads(hand.line()), {"receipt": "y", "state": "sent"})
    hand.say("receipt sent eor announce eor ipv4 unicast")
    rig.equal([hand.line(), hand.line()], ["done", "receipt eor sent"])
    rig.until(lambda: list(peer.routes) == [rig.prefix("10.0.1.0/24")], "the route that is left")
    peer.check()


def test_what_is_no_receipt_is_refused(scene):
    peer = scene.peer()
    hand, _ = start(scene, [peer])
    peer.establish()
    for words in (
        "receipt", "receipt read 1 announce route 10.0.0.0/24 next-hop 192.0.2.1", "receipt sent",
        "receipt sent a:b announce route 10.0.0.0/24 next-hop 192.0.2.1", "receipt sent 1",
        "receipt sent 1 version", "receipt sent 1 show adj-rib out", "receipt sent 1 announce route nonsense",
        "receipt sent 1 neighbor 127.0.0.9 announce route 10.0.0.0/24 next-hop 192.0.2.1",
        "receipt sent 1 receipt sent 2 announce route 10.0.0.0/24 next-hop 192.0.2.1",
        "receipt sent %s announce route 10.0.0.0/24 next-hop 192.0.2.1" % ("x" * 65),
        "receipt sent 1 within 4000 announce route 10.0.0.0/24 next-hop 192.0.2.1",
    ):
        hand.say(words)
        rig.equal(hand.answer()[-1], "error", words)
    hand.say("version")
    rig.equal(len(hand.answer()), 2, "lines")  # no receipt came of these


def test_a_peer_that_does_not_read_has_not_acknowledged(scene):
    deaf, fine = deaf_peer(scene), scene.peer()
    hand, daemon = start(scene, [deaf, fine])
    deaf.establish(keep=False)
    fine.establish()
    hand.say("receipt sent first announce route 11.0.0.0/8 split /21 next-hop 192.0.2.1")
    rig.equal([hand.line(), hand.line()], ["done", "receipt first sent"])  # the kernel has it
    hand.say("receipt acked both announce route 10.0.0.0/24 next-hop 192.0.2.1")
    hand.say("receipt acked fine neighbor %s announce route 10.0.1.0/24 next-hop 192.0.2.1" % fine.address)
    rig.equal([hand.line() for _ in range(3)], ["done", "done", "receipt fine acked"])
    rig.idle(daemon.pid)
    rig.expect(hand.quiet(), "the receipt came too early")
    deaf.keep()
    rig.equal(hand.line(), "receipt both acked")
    rig.expect(hand.quiet(), "it came twice")


def test_neither_is_told_before_the_peers_were(scene):
    deaf = deaf_peer(scene)
    hand, _ = start(scene, [deaf])
    deaf.establish(keep=False)
    hand.say("announce route 11.0.0.0/8 split /28 next-hop 192.0.2.1")  # more than a kernel takes
    rig.equal(hand.answer(), ["done"])
    hand.say("receipt sent s announce route 10.0.0.0/24 next-hop 192.0.2.1")
    hand.say("receipt acked late within 1 announce route 10.0.1.0/24 next-hop 192.0.2.1")
    rig.equal([hand.line() for _ in range(3)], ["done", "done", "receipt late error: not within its time"])
    hand.say("receipt acked a announce route 10.0.2.0/24 next-hop 192.0.2.1", "version")
    rig.equal([hand.answer()[-1] for _ in range(2)], ["done", "done"])
    rig.expect(hand.quiet(), "a receipt came too early")
    deaf.drop()
    told = sorted(hand.line() for _ in range(2))
    rig.equal([line.split(": ")[0] for line in told], ["receipt a error", "receipt s error"])
    rig.expect("the session ended of neighbor 127.0.0.2" in told[0], "told %r", told)


def test_a_peer_without_a_session_has_none(scene):
    here, away = scene.peer(), scene.peer()
    hand, _ = start(scene, [here, away])
    here.establish()
    hand.say("receipt sent 1 announce route 10.0.0.0/24 next-hop 192.0.2.1")
    rig.equal(hand.line(), "done")
    rig.expect(hand.line().startswith("receipt 1 error: there is no session of neighbor 127.0.0.3"), "another answer")
    rig.until(lambda: here.routes, "the route at the peer that is there")


def test_who_asked_may_go(scene):
    peer = deaf_peer(scene)
    hand, daemon = start(scene, [peer])
    peer.establish(keep=False)
    hand.say("announce route 11.0.0.0/8 split /21 next-hop 192.0.2.1")
    rig.equal(hand.answer(), ["done"])
    hand.say(*("receipt acked %d announce route 10.0.0.0/24 next-hop 192.0.2.1 med %d" % (n, n) for n in range(1001)))
    rig.equal([hand.answer()[-1] for _ in range(1001)], ["done"] * 1000 + ["error"])
    hand.let_go()
    hand.take()
    hand.say("version")
    rig.equal(hand.answer()[-1], "done")
    rig.expect(hand.quiet(), "a receipt of the one before")


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
