#!/usr/bin/env python3
"""Commands that a helper writes one by one in the same breath, as the coming line sees them."""

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


rig.main([test_what_is_cleared_at_once_is_never_sent])
