#!/usr/bin/env python3
"""Events as helpers read them: what stands in every line, whatever it tells."""

import json
import signal

import rig

ALL = "open; update; notification; keepalive; refresh;"
BOTH = "neighbor-changes; negotiated; fsm; receive { parsed; packets; %s } send { parsed; packets; %s }"
SOME = "neighbor-changes; receive { parsed; update; }"


def lines(hand, part):
    """Events up to the one with this part in it."""
    events = []
    while True:
        line = hand.line()
        rig.expect(line is not None, "the end came before %s", part)
        rig.expect(line.isascii(), "not ASCII: %s", line)
        if line.startswith("{"):
            events.append(json.loads(line))
        if part in line:
            return events


def start(scene, hands):
    peer = scene.peer()
    api = " api { processes [ %s ]; %s }"
    scene.start(
        "".join(scene.process(name) for name, _ in hands)
        + peer.section(inside="".join(api % (name, wants) for name, wants in hands))
    )
    peer.establish()
    return peer


def counters(events):
    return [e["counter"] for e in events if "counter" in e]


def test_counters_grow_by_one_a_line(scene):
    hand = scene.hand("h")
    peer = start(scene, [("h", BOTH % (ALL, ALL))])
    peer.send(rig.update(rig.attributes(), rig.prefix("203.0.113.0/24")))
    hand.say("announce route 198.51.100.0/24 next-hop 192.0.2.1")
    events = lines(hand, "done") + lines(hand, "198.51.100.0/24")
    got = counters(events)
    rig.equal(got, list(range(got[0], got[0] + len(got))), "the counters")


def test_a_helper_that_hears_less_sees_gaps_only(scene):
    some = scene.hand("some")
    scene.hand("all")
    peer = start(scene, [("all", BOTH % (ALL, ALL)), ("some", SOME)])
    some.until_line('"up"')
    for i in range(3):
        peer.send(rig.update(rig.attributes(), rig.prefix("203.0.113.%d/32" % i)))
    got = counters(lines(some, "203.0.113.2/32"))
    rig.expect(got == sorted(set(got)), "not ascending: %r", got)


def test_a_helper_alone_misses_no_number(scene):
    some = scene.hand("some")
    peer = start(scene, [("some", SOME)])
    peer.send(rig.update(rig.attributes(), rig.prefix("203.0.113.0/24")))
    rig.equal(counters(lines(some, "203.0.113.0/24")), [1, 2, 3], "connected, up and the route")


def test_what_is_sent_has_a_form_of_its_own(scene):
    hand = scene.hand("h")
    peer = start(scene, [("h", "receive { packets; update; } send { parsed; update; }")])
    rig.until(lambda: peer.ends, "the table's end, which is told, too")
    peer.send(rig.update(rig.attributes(), rig.prefix("203.0.113.0/24")))
    lines(hand, "18CB0071")  # as bytes
    hand.say("announce route 198.51.100.0/24 next-hop 192.0.2.1")
    told = [e["neighbor"] for e in lines(hand, "done") + lines(hand, "198.51.100.0/24")]
    rig.equal([(n["direction"], "category" in n["message"]) for n in told], [("send", False)])


def test_a_session_begins_and_ends_in_words_that_are_known(scene):
    hand = scene.hand("h")
    peer = scene.peer()
    daemon = scene.start(scene.process("h") + peer.section(processes="h", api="neighbor-changes; fsm;"))
    peer.establish()
    begins = [e["neighbor"]["state"] for e in lines(hand, '"up"')]
    rig.equal(begins, ["ACTIVE", "IDLE", "connected", "CONNECT", "OPENSENT", "OPENCONFIRM", "ESTABLISHED", "up"])
    daemon.signal(signal.SIGTERM)
    ends = [e["neighbor"] for e in lines(hand, "IDLE")]
    rig.equal([e["state"] for e in ends], ["down", "IDLE"])
    rig.equal(ends[0]["reason"], "stop, message [shutting down]")


def test_a_4_2_says_what_the_peer_said(scene):
    hand = scene.hand("h")
    peer = scene.peer()
    scene.start(scene.process("h") + peer.section(processes="h", api="neighbor-changes;"), api_dialect="4.2")
    for data, words in ((b"\x06\x02", "(6,2)) error(Cease / Administrative Shutdown)"),
                        (b"\x04\x00", "(4,0)) error(Hold timer expired / Unspecific)")):
        peer.establish(keep=False)
        peer.send(rig.bgp(rig.NOTIFICATION, data))
        reason = lines(hand, '"down"')[-1]["neighbor"]["reason"]
        rig.equal(reason, "peer reset, message (notification received " + words)
        peer.drop()


rig.main(
    [
        test_counters_grow_by_one_a_line,
        test_a_helper_that_hears_less_sees_gaps_only,
        test_a_helper_alone_misses_no_number,
        test_what_is_sent_has_a_form_of_its_own,
        test_a_session_begins_and_ends_in_words_that_are_known,
        test_a_4_2_says_what_the_peer_said,
    ]
)
