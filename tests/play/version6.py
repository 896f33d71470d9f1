#!/usr/bin/env python3
"""Version 6 of the API against the running program: every answer is JSON, then done or error."""

import json

import rig

# What has to be done without any session; None: no answer but the acknowledgement.
QUIET = [
    ("# comment", None),
    ("session ack enable", None),
    ("session sync enable", None),
    ("session sync disable", None),
    ("session bye", None),
    ("session ping 1234 start", dict),
    ("session reset", dict),
    ("system version", dict),
    ("system help", dict),
    ("system queue-status", dict),
    ("system api version", dict),
    ("daemon status", dict),
    ("peer list", list),
    ("peer show summary", list),
    ("peer * show", list),
    ("peer * announce route 10.0.0.0/24 next-hop 192.0.2.1", None),
    ("peer 127.0.0.2 local-as 65001 peer-as 65002 announce ipv4 unicast 10.0.1.0/24 next-hop 192.0.2.1", None),
    ("peer [127.0.0.2, 127.0.0.9] withdraw route 10.0.1.0/24 sync", None),
    ("rib show out", dict),
    ("rib show out extensive", dict),
    ("rib show in", None),
    ("rib flush out", None),
    ("rib clear in", None),
    ("rib clear out", None),
    ("group start", dict),
    ("announce route 10.0.2.0/24 next-hop 192.0.2.1", None),
    ("withdraw route 10.0.3.0/24", None),
    ("group end", dict),
    ("peer * group attributes med 5 ; announce route 10.0.4.0/24 next-hop 192.0.2.1", dict),
]

REFUSED = [
    "peer 127.0.0.9 announce route 10.0.0.0/24 next-hop 192.0.2.1",
    "peer 127.0.0.2 local-as 7 teardown 3",
    "peer 127.0.0.2, 127.0.0.9 announce route 10.0.0.0/24 next-hop 192.0.2.1",
    "peer * announce eor ipv4 unicast",
    "peer * teardown 3",
    "peer delete 127.0.0.9",
    "group end",
    "system api version 5",
]


def scene_of_six(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section(processes="h"), api_version="6")
    hand.take()
    return peer, hand, daemon


def test_every_command_is_answered_with_json(scene):
    _, hand, daemon = scene_of_six(scene)
    for command, kind in QUIET:
        hand.say(command)
        *lines, last = hand.answer()
        rig.equal(last, "done", command)
        rig.equal([type(json.loads(line)) for line in lines], [kind] if kind else [], command)
    for command in REFUSED:
        hand.say(command)
        rig.equal(hand.answer()[-1], "error", command)
    hand.say("daemon shutdown")
    rig.equal(hand.answer(), ['{"status": "shutdown in progress"}', "done"])
    rig.equal(daemon.wait(), 0)


def test_events_are_json_whatever_the_encoder(scene):
    peer, words, old = scene.peer(), scene.hand("words"), scene.hand("old")
    daemon = scene.start(
        scene.process("words", "encoder text;") + scene.process("old", "encoder text; dialect 5.0;")
        + peer.section(processes="words old", api="neighbor-changes;"),
        api_version="6",
    )
    peer.establish()
    up = json.loads(words.until_line('"up"'))
    rig.equal((up["exabgp"], up["type"]), ("6.0.0", "state"))
    rig.equal(old.until_line(" up"), "neighbor %s up" % peer.address)
    daemon.stop()
    rig.equal(json.loads(words.until_line("shutting down"))["neighbor"]["state"], "down")
    rig.equal(json.loads(words.until_line("shutdown"))["notification"], "shutdown")


def test_a_group_is_one_update(scene):
    peer, hand, _ = scene_of_six(scene)
    peer.establish()
    hand.say("group start", "announce route 10.0.0.0/24 next-hop 192.0.2.1")
    hand.say("announce route 10.0.1.0/24 next-hop 192.0.2.1", "group end")
    for _ in range(4):
        rig.equal(hand.until_line("done"), "done")
    rig.until(lambda: len(peer.routes) == 2, "both routes")
    rig.equal(peer.updates, 2, "updates, with the end of RIB")
    peer.check()


def test_a_neighbor_is_made_and_ended(scene):
    peer, hand, _ = scene_of_six(scene)
    peer.establish()
    other = scene.peer()
    hand.say("peer create %s local-address 127.0.0.1 local-as 65001 peer-as 65002 api h" % other.address)
    rig.equal(hand.until_line("done"), "done")
    hand.say("peer %s announce route 10.0.9.0/24 next-hop 192.0.2.1" % other.address)
    rig.equal(hand.until_line("done"), "done")
    hand.say("peer %s routes list" % other.address)
    (route,) = json.loads(hand.until_line("10.0.9.0/24"))
    hand.say("peer %s routes remove index %s" % (other.address, route["index"]))
    rig.equal(json.loads(hand.until_line("removed"))["removed"], True)
    hand.say("peer delete %s" % other.address)
    rig.equal(hand.until_line("done"), "done")
    hand.say("peer %s show" % other.address)
    rig.equal(hand.until_line("error"), "error: no neighbor matches the selector")
    peer.check()


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
