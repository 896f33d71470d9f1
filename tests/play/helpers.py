#!/usr/bin/env python3
"""Helpers good and bad: how they command, how they are acknowledged, whom they harm (nobody)."""

import rig


def test_commands_are_acknowledged_in_order(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    scene.start(scene.process("h") + peer.section(processes="h"))
    peer.establish()
    hand.say("announce route 10.0.0.0/24 next-hop 192.0.2.1", "nonsense", "# a comment")
    rig.equal([hand.answer()[-1] for _ in range(3)], ["done", "error", "done"])
    rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the route at the peer")
    peer.check()


rig.main([test_commands_are_acknowledged_in_order])
