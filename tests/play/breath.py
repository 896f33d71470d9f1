#!/usr/bin/env python3
"""What a helper says in one breath, or in the first moments, as the coming line hears it."""

import os

import rig


def test_what_is_cleared_at_once_is_never_sent(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    scene.start(scene.process("h") + peer.section(processes="h"), api_version="4")
    peer.establish()
    hand.ready()
    for n in range(100):
        os.write(hand.to, b"announce route 10.0.0.0/24 next-hop 192.0.2.1\n")
        os.write(hand.to, b"clear adj-rib out\n")  # a write of its own, right behind
        rig.equal([hand.answer()[-1] for _ in range(2)], ["done", "done"])
    hand.say("announce route 10.0.1.0/24 next-hop 192.0.2.1")
    rig.until(lambda: rig.prefix("10.0.1.0/24") in peer.routes, "the route that stays")
    # Between the two writes we may have lost the processor for longer than a breath.
    rig.expect(peer.announced <= 50, "%d of 100 were sent", peer.announced - 1)
    peer.check()


def test_the_end_of_rib_waits_for_no_breath(scene):
    """A helper that answers the first route of a peer at once comes behind the End-of-RIB."""
    peer = scene.peer()
    scene.shell("h", "n=0; while read -r line; do case $line in *198.51.100*)\n"
                "echo announce route 10.0.$n.0/24 next-hop 192.0.2.1; n=$((n + 1)); esac; done\n")
    scene.start(scene.process("h") + peer.section(processes="h", api="receive { parsed; update; }"), api_version="4")
    for n in range(10):
        peer.accept()
        peer.send(peer.open_message() + rig.bgp(rig.KEEPALIVE) + rig.update(rig.attributes(), rig.prefix("198.51.100.0/24")))
        while peer.ends == 0:
            peer.note_update(peer.read_kind(rig.UPDATE))
        rig.equal(len(peer.routes), n, "routes in front of the End-of-RIB")
        peer.note_update(peer.read_kind(rig.UPDATE))
        rig.expect(rig.prefix("10.0.%d.0/24" % n) in peer.routes, "the answer is sent")
        peer.drop()


def first_said(scene, **settings):
    """Of a helper that speaks at once and a peer that starts a moment later: was the helper started before, and
    how much NLRI stood in front of the End-of-RIB?"""
    peer = scene.peer()
    peer.listener.close()
    scene.shell("h", "echo announce route 10.0.0.0/24 next-hop 192.0.2.1\n: >%s\nexec cat\n" % scene.path("said"))
    seen = len(scene.contents("log"))
    daemon = scene.start(scene.process("h", "encoder text;") + peer.section(processes="h"), **settings)
    rig.until(lambda: "started version" in daemon.log()[seen:], "the start")
    if settings:  # it does not wait
        rig.until(lambda: os.path.exists(scene.path("said")), "the helper's word")
    alone = "helper h started" in daemon.log()[seen:]
    peer.listen()
    peer.accept()
    peer.handshake()
    while peer.ends == 0:
        peer.note_update(peer.read_kind(rig.UPDATE))
    early = len(peer.routes)
    while not peer.routes:
        peer.note_update(peer.read_kind(rig.UPDATE))
    peer.drop()
    rig.equal(daemon.stop(), 0)
    return alone, early


def test_a_peer_that_starts_beside_us_has_its_end_of_rib_first(scene):
    os.chmod(scene.folder, 0o777)
    tries = [first_said(scene) for _ in range(3)]  # a busy machine may take its second
    rig.expect((False, 0) in tries, "started or heard too early: %s", tries)
    rig.equal(first_said(scene, api_version=""), (True, 1), "without the coming line")


def test_helpers_are_heard_soon_though_nobody_answers(scene):
    peer = scene.peer()
    peer.listener.close()
    hand = scene.hand("h")
    scene.start(scene.process("h") + peer.section(processes="h"))
    hand.say("announce route 10.0.0.0/24 next-hop 192.0.2.1")
    rig.equal(hand.answer(), ["done"])


rig.main([test for name, test in list(globals().items()) if name.startswith("test_")])
