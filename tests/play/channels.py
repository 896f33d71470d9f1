#!/usr/bin/env python3
"""Helpers that do not read: each policy, what is lost and what is told of it, and who has to wait."""

import json
import os
import signal

import rig

UPDATES = 3000
FEED = "neighbor-changes; receive { parsed; update; }"


def route(i):
    return "10.%d.%d.0/24" % (i >> 8, i & 255)


def messages(count):
    return b"".join(rig.update(rig.attributes(), rig.prefix(route(i))) for i in range(count))


def routes_of(line):
    """The prefixes that an event announces."""
    families = json.loads(line)["neighbor"]["message"]["update"]["announce"]
    return [n["nlri"] for hops in families.values() for nlri in hops.values() for n in nlri]


class Reader:
    """What a helper knows that counts its events."""

    def __init__(self, hand):
        self.hand = hand
        self.number = 1  # of the next event
        self.told = 0  # as lost
        self.lost_by = set()
        self.routes = []
        self.states = []

    def step(self):
        event = json.loads(self.hand.line())
        if event["type"] == "dropped":
            gap = event["dropped"]
            rig.equal(gap["first"], self.number, "first of a gap")
            rig.equal(gap["last"], gap["first"] + gap["count"] - 1, "last of a gap")
            self.number = gap["last"] + 1
            self.told += gap["count"]
            self.lost_by.add(gap["by"])
            return
        self.number += 1
        if event["type"] == "state":
            self.states.append(event["neighbor"]["state"])
        else:
            self.routes += routes_of(json.dumps(event))

    def until(self, number):
        """Everything up to the event with this number, got or told as lost."""
        while self.number <= number:
            self.step()
        rig.equal(self.number, number + 1, "the number of the next event")


def accounts(hand):
    hand.say("show accounting json")
    while True:
        line = hand.until_line('"residual"')
        if line.startswith('{ "helpers"'):
            return json.loads(line)


def slow_and_quick(scene, slow, feed=FEED):
    """A peer that feeds one helper with few room, and one with much."""
    peer, hand, quick = scene.peer(), scene.hand("slow"), scene.hand("quick")
    daemon = scene.start(
        scene.process("slow", "encoder json; queue-bytes 16384; ack false; " + slow)
        + scene.process("quick", "encoder json; ack false;")
        + peer.section(processes="slow quick", api=feed)
    )
    peer.establish()
    quick.until_line('"up"')
    return daemon, peer, hand, quick


def hear_all(quick, last):
    quick.until_line('"%s"' % route(last))


def played(scene, policy):
    """The events that one who did not read gets in the end."""
    _, peer, slow, quick = slow_and_quick(scene, "overflow %s;" % policy)
    peer.send(messages(UPDATES))
    hear_all(quick, UPDATES - 1)
    of = accounts(quick)["helpers"]["slow"]
    rig.equal(of["events"], UPDATES + 2, "events that were offered")
    rig.expect(of["lost"][policy] > UPDATES / 2, "few are lost: %s", of)
    reader = Reader(slow)
    reader.until(of["events"])
    rig.equal(reader.told, of["lost"][policy], "events that were told as lost")
    rig.equal(reader.lost_by, {policy}, "what they were lost by")
    rig.equal(reader.states, ["connected", "up"], "states")
    peer.send(messages(1))
    reader.step()
    rig.equal(reader.told, of["lost"][policy], "events that were told as lost, later")
    of = accounts(quick)["helpers"]["slow"]
    rig.equal((of["queued"], of["delivered"]), (0, reader.number - 1 - reader.told), "the rest")
    return reader.routes


def test_drop_newest_keeps_the_first_and_tells_of_the_rest(scene):
    routes = played(scene, "drop-newest")
    rig.equal(routes[:-1], [route(i) for i in range(len(routes) - 1)], "routes")


def test_drop_oldest_keeps_the_last_and_tells_of_the_gap(scene):
    routes = played(scene, "drop-oldest")[:-1]
    rig.equal(routes[-1], route(UPDATES - 1), "the last route")
    numbers = [int(r.split(".")[1]) * 256 + int(r.split(".")[2]) for r in routes]
    rig.equal(numbers, sorted(numbers), "their order")


def test_gaps_are_told_in_text(scene):
    peer, slow, quick = scene.peer(), scene.hand("slow"), scene.hand("quick")
    scene.start(
        scene.process("slow", "encoder text; queue 10; ack false; overflow drop-oldest;")
        + scene.process("quick", "encoder json; ack false;")
        + peer.section(processes="slow quick", api="receive { parsed; update; }")
    )
    peer.establish()
    peer.send(messages(UPDATES))
    hear_all(quick, UPDATES - 1)
    lost = accounts(quick)["helpers"]["slow"]["lost"]["drop-oldest"]
    words = slow.until_line("dropped").split()
    rig.equal(words[0:2] + words[3:4] + words[5:6] + words[7:], ["dropped", "count", "first", "last", "by", "drop-oldest"], "words")
    rig.equal(int(words[2]), lost, "count")
    rig.equal(int(words[6]) - int(words[4]) + 1, lost, "from first to last")


def test_up_and_down_are_not_dropped(scene):
    _, peer, slow, quick = slow_and_quick(scene, "overflow drop-oldest;")
    peer.send(messages(UPDATES))
    hear_all(quick, UPDATES - 1)
    peer.drop()
    quick.until_line('"down"')
    peer.establish()
    peer.send(messages(UPDATES))
    hear_all(quick, UPDATES - 1)
    reader = Reader(slow)
    reader.until(accounts(quick)["helpers"]["slow"]["events"])
    rig.equal(reader.states, ["connected", "up", "down", "connected", "up"], "states")
    rig.expect(reader.told > 0, "nothing was lost")


def test_one_that_overflows_with_error_is_started_again(scene):
    daemon, peer, slow, quick = slow_and_quick(scene, "overflow error;")
    first = slow.take().pid
    peer.send(messages(UPDATES))
    hear_all(quick, UPDATES - 1)
    rig.expect(slow.take().pid != first, "it is the same process")
    rig.expect("let 10 events in a row be refused" in daemon.log(), "nothing is logged")
    of = accounts(quick)["helpers"]["slow"]
    rig.expect(of["lost"]["error"] >= 10 and of["lost"]["died"] > 0, "lost: %s", of)


def test_block_slows_only_those_that_feed_it(scene):
    fed, other = scene.peer(), scene.peer()
    slow, quick = scene.hand("slow"), scene.hand("quick")
    scene.start(
        scene.process("slow", "encoder json; queue-bytes 16384; ack false;")
        + scene.process("quick", "encoder json; ack false;")
        + fed.section(processes="slow", inside="api watch { processes [ quick ]; backpressure; }", api=FEED)
        + other.section(processes="quick", api=FEED)
    )
    fed.establish()
    other.establish()
    slow.take()
    os.kill(slow.pid, signal.SIGSTOP)  # its pipes are ours: nothing is read either way
    fed.send(messages(UPDATES))
    rig.equal(
        json.loads(quick.until_line('"backpressure"'))["neighbor"]["backpressure"],
        {"state": "held", "by": "slow"}, "what is told",
    )
    for i in range(20):
        other.send(rig.update(rig.attributes(), rig.prefix(route(i))))
        hear_all(quick, i)
        quick.say("announce route %s next-hop 192.0.2.1" % route(i))
        rig.until(lambda: other.announced > i, "the route reaches the other peer")
        rig.until(lambda: fed.announced > i, "the route reaches the one that is held")
    of = accounts(quick)["helpers"]["slow"]
    rig.expect(of["events"] < UPDATES, "it was not held: %s", of)
    reader = Reader(slow)
    reader.until(UPDATES + 2)
    rig.equal((reader.told, reader.routes), (0, [route(i) for i in range(UPDATES)]), "what came")
    quick.until_line('"released"')
    os.kill(slow.pid, signal.SIGCONT)
    fed.check()
    other.check()


def test_one_that_stalls_loses_its_oldest_and_holds_nobody(scene):
    daemon, peer, slow, quick = slow_and_quick(scene, "stall-limit 1;")
    peer.send(messages(UPDATES))
    hear_all(quick, UPDATES - 1)  # it waits for a second, not for ever
    rig.equal(daemon.log().count("nothing taken for"), 1, "lines in the log")
    of = accounts(quick)["helpers"]["slow"]
    reader = Reader(slow)
    reader.until(of["events"])
    rig.expect(reader.told > 0 and reader.lost_by == {"drop-oldest"}, "lost by %s", reader.lost_by)
    rig.equal(reader.routes[-1], route(UPDATES - 1), "the last route")
    rig.until(lambda: "slow reads again lost=%d" % reader.told in daemon.log(), "the end is logged")
    peer.send(messages(UPDATES))
    told = reader.told
    reader.until(of["events"] + UPDATES)
    rig.equal(reader.told, told, "block means again that nothing is lost")


def test_one_that_stalls_is_killed_where_it_shall_be(scene):
    daemon, peer, slow, quick = slow_and_quick(scene, "stall-limit 1; stall-action kill;")
    first = slow.take().pid
    peer.send(messages(UPDATES))
    hear_all(quick, UPDATES - 1)
    rig.expect(slow.take().pid != first, "it is the same process")
    rig.expect("it is killed" in daemon.log(), "nothing is logged")
    rig.expect(accounts(quick)["helpers"]["slow"]["lost"]["died"] > 0, "nothing died with it")


def test_answers_go_before_events(scene):
    _, peer, slow, quick = slow_and_quick(scene, "overflow drop-oldest; queue-bytes 1048576;")
    peer.send(messages(UPDATES))
    hear_all(quick, UPDATES - 1)
    slow.say("version")
    rig.until(lambda: accounts(quick)["helpers"]["slow"]["commands"] == 1, "the command is read")
    events = 0
    while '"type"' in slow.line():
        events += 1
    rig.expect(events < UPDATES, "the answer stands behind all %d events", events)


def test_a_dialect_is_of_a_process(scene):
    peer, old, new = scene.peer(), scene.hand("old"), scene.hand("new")
    scene.start(
        scene.process("old", "encoder json; dialect 4.2;")
        + scene.process("new", "encoder json; dialect 6.0;")
        + peer.section(processes="old new", api="neighbor-changes;")
    )
    peer.establish()
    rig.equal(json.loads(old.until_line('"up"'))["exabgp"], "4.0.1", "version of the old one")
    rig.equal(json.loads(new.until_line('"up"'))["exabgp"], "6.0.0", "version of the new one")
    old.say("announce route 10.1.1.0/24 next-hop 192.0.2.1", "show adj-rib out", "show neighbor summary", "teardown 3")
    rig.equal(old.answer(), ["done"])
    rig.equal(old.answer(), ["neighbor 127.0.0.2 ipv4 unicast 10.1.1.0/24 next-hop 192.0.2.1", "done"])
    rig.expect("#pfx_in" not in old.line(), "a column of 6.0 in an answer of 4.2")
    new.say("show adj-rib out text", "show neighbor summary text")
    rig.equal(new.answer(), ["127.0.0.2 ipv4 unicast 10.1.1.0/24", "done"])
    rig.expect("#pfx_in" in new.line(), "no column of 6.0 in an answer of 6.0")
    rig.expect(peer.notification is None, "teardown without a selector is of 6.0")


rig.main(
    [
        test_drop_newest_keeps_the_first_and_tells_of_the_rest,
        test_drop_oldest_keeps_the_last_and_tells_of_the_gap,
        test_gaps_are_told_in_text,
        test_up_and_down_are_not_dropped,
        test_one_that_overflows_with_error_is_started_again,
        test_block_slows_only_those_that_feed_it,
        test_one_that_stalls_loses_its_oldest_and_holds_nobody,
        test_one_that_stalls_is_killed_where_it_shall_be,
        test_answers_go_before_events,
        test_a_dialect_is_of_a_process,
    ]
)
