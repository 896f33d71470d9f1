#!/usr/bin/env python3
"""Reload over a living session: only differences, announces before withdraws."""

import signal

import rig

ONE, TWO, THREE = (rig.prefix("10.0.%d.0/24" % n) for n in (1, 2, 3))


def static(*routes):
    return "static { %s }" % "".join("route 10.0.%d.0/24 next-hop 192.0.2.%d; " % r for r in routes)


def updates(peer):
    """The next UPDATE as withdrawn and announced prefixes."""
    while True:
        kind, body = peer.read()
        if kind == rig.UPDATE and body != b"\0\0\0\0":
            withdrawn, _, nlri = rig.split_update(body)
            return list(rig.prefixes(withdrawn)), list(rig.prefixes(nlri))


def test_differences_go_out_announces_first(scene):
    peer = scene.peer()
    daemon = scene.start(peer.section(inside=static((1, 1), (2, 1))))
    peer.establish(keep=False)
    first = updates(peer)
    rig.equal(first, ([], [ONE, TWO]), "the table")
    scene.file("config.conf", peer.section(inside=static((1, 1), (3, 1))))
    daemon.signal(signal.SIGUSR1)
    rig.equal(updates(peer), ([], [THREE]), "what is new")
    rig.equal(updates(peer), ([TWO], []), "what is gone")


def test_a_route_that_a_helper_took_over_stays(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    text = scene.process("h") + peer.section(processes="h", inside=static((1, 1)))
    daemon = scene.start(text)
    peer.establish()
    rig.until(lambda: ONE in peer.routes, "the route of the file")
    hand.say("announce route 10.0.1.0/24 next-hop 192.0.2.9")
    rig.equal(hand.answer(), ["done"])
    rig.until(lambda: bytes([192, 0, 2, 9]) in peer.routes[ONE], "the route of the helper")
    scene.file("config.conf", scene.process("h") + peer.section(processes="h", inside=static((2, 1))))
    daemon.signal(signal.SIGUSR1)
    rig.until(lambda: TWO in peer.routes, "the route of the new file")
    hand.say("announce route 10.0.3.0/24 next-hop 192.0.2.9")
    rig.until(lambda: THREE in peer.routes, "a later route")
    rig.expect(ONE in peer.routes, "the helper's route is gone")
    peer.check()


def test_a_bad_file_changes_nothing(scene):
    peer = scene.peer()
    daemon = scene.start(peer.section(inside=static((1, 1))))
    peer.establish()
    rig.until(lambda: ONE in peer.routes, "the route")
    half = peer.section(inside=static((2, 1))).rstrip("}\n ")
    for n, bad in enumerate(("neighbor 127.0.0.2 { nonsense; }", half), 1):
        scene.file("config.conf", bad)
        daemon.signal(signal.SIGUSR1)
        rig.until(lambda: daemon.log().count("reload failed") == n, "the reason in the log")
    rig.expect(ONE in peer.routes, "the route is gone")
    peer.check()


rig.main([
    test_differences_go_out_announces_first,
    test_a_route_that_a_helper_took_over_stays,
    test_a_bad_file_changes_nothing,
])
