#!/usr/bin/env python3
"""Acknowledgements that wait until the peers were told."""

import rig


def two_hands(scene, peer):
    """Of a peer that reads nothing."""
    hand, other = scene.hand("h"), scene.hand("o")
    scene.start(scene.process("h") + scene.process("o") + peer.section(processes="h o"))
    peer.establish(keep=False)
    hand.ready()
    other.ready()
    return hand, other


def fill(hand):
    hand.say("announce route 11.0.0.0/8 split /28 next-hop 192.0.2.1")  # more than a kernel takes
    rig.equal(hand.answer(), ["done"])


def test_sync_is_answered_when_it_was_written(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    scene.start(scene.process("h") + peer.section(processes="h"))
    hand.say("announce route 10.1.0.0/24 next-hop 192.0.2.1 sync")
    rig.equal(hand.answer(), ["done"])  # nobody is there to wait for
    peer.establish()
    hand.say("session sync enable")
    rig.equal(hand.answer(), ["done"])
    for n in range(50):
        hand.say("announce route 10.0.%d.0/24 next-hop 192.0.2.1" % n)
        rig.equal(hand.answer(), ["done"])
    rig.until(lambda: len(peer.routes) == 51, "all routes")
    hand.say("withdraw route 10.0.0.0/24 async", "announce eor ipv4 unicast json sync")
    rig.equal([hand.answer()[-1] for _ in range(2)], ["done", "done"])
    peer.check()


def test_a_peer_that_reads_nothing_is_waited_for_until_it_goes(scene):
    peer = scene.peer()
    hand, other = two_hands(scene, peer)
    fill(hand)
    hand.say("announce route 10.0.0.0/24 next-hop 192.0.2.1 sync", "version")
    for _ in range(20):
        other.say("version")
        rig.equal(other.answer()[-1], "done")
    rig.expect(hand.quiet(), "the answer did not wait")
    peer.drop()
    rig.equal(hand.answer(), ["done"])
    rig.equal(hand.answer()[-1], "done")


def test_who_waits_may_go(scene):
    peer = scene.peer()
    hand, other = two_hands(scene, peer)
    hand.say("announce route 11.0.0.0/8 split /28 next-hop 192.0.2.1 sync")
    other.say("version")
    rig.equal(other.answer()[-1], "done")
    hand.let_go()
    for _ in range(20):
        other.say("version")
        rig.equal(other.answer()[-1], "done")
    peer.drop()
    peer.establish()
    other.say("announce route 12.0.0.0/24 next-hop 192.0.2.1 async")
    rig.equal(other.answer(), ["done"])


def test_what_waits_for_the_end_of_its_group_waits_for_no_peer(scene):
    """Nothing of it is sent before; and the peers of the command before it may be gone."""
    peer = scene.peer()
    hand, other = two_hands(scene, peer)
    fill(hand)
    hand.say("group start")
    rig.equal(hand.answer()[-1], "done")
    other.say("announce route 10.0.1.0/24 next-hop 192.0.2.1")  # those of this command are known
    rig.equal(other.answer(), ["done"])
    hand.say("announce route 10.0.0.0/24 next-hop 192.0.2.1 sync")
    rig.equal(hand.answer(), ["done"])


rig.main(
    [
        test_sync_is_answered_when_it_was_written,
        test_a_peer_that_reads_nothing_is_waited_for_until_it_goes,
        test_who_waits_may_go,
        test_what_waits_for_the_end_of_its_group_waits_for_no_peer,
    ]
)
