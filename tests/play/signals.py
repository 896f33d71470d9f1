#!/usr/bin/env python3
"""Signals, reloads, and the ends of the program."""

import json
import signal

import rig
from runs import wait_log


def test_term_hup_and_int_end_in_order(scene):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        peer = scene.peer()
        hand = scene.hand("h%d" % number)
        daemon = scene.start(scene.process(hand.name, "encoder text;") + peer.section(hand.name, api="neighbor-changes;"))
        peer.establish()
        hand.until_line("up")
        daemon.signal(number)
        hand.until_line("shutdown")
        rig.expect(hand.line() in ("", None), "nothing comes behind the shutdown")
        rig.equal(daemon.wait(), 0)
        rig.until(lambda: not peer.alive(), "the end of the session")


def test_usr1_sends_the_difference_only(scene):
    peer, other = scene.peer(), scene.peer()
    hand = scene.hand("h")
    base = scene.process("h") + other.section("h")
    daemon = scene.start(base + peer.section("h", "static { route 10.0.0.0/24 next-hop 192.0.2.1; route 10.0.1.0/24 next-hop 192.0.2.1; }"))
    peer.establish()
    other.establish()
    pid = hand.take().pid
    rig.until(lambda: len(peer.routes) == 2 and peer.ends == 1, "both routes")
    hand.say("neighbor %s announce route 10.0.9.0/24 next-hop 192.0.2.1" % peer.address)
    rig.equal(hand.answer(), ["done"])
    rig.until(lambda: len(peer.routes) == 3, "the helper's route")
    announced, withdrawn, updates = peer.announced, peer.withdrawn, other.updates
    scene.file("config.conf", base + peer.section("h", 'description "new"; static { route 10.0.0.0/24 next-hop 192.0.2.1; route 10.0.2.0/24 next-hop 192.0.2.1; }'))
    daemon.signal(signal.SIGUSR1)
    rig.until(lambda: rig.prefix("10.0.2.0/24") in peer.routes and rig.prefix("10.0.1.0/24") not in peer.routes, "the difference")
    rig.equal((peer.announced, peer.withdrawn), (announced + 1, withdrawn + 1), "announced and withdrawn")
    rig.expect(rig.prefix("10.0.9.0/24") in peer.routes, "the helper's route stays")
    rig.equal(other.updates, updates, "UPDATEs to the other")
    rig.equal(rig.state_of(pid) is not None, True, "the helper lives")
    peer.check()
    other.check()


def test_usr1_resets_only_who_changed(scene):
    peer, other = scene.peer(), scene.peer()
    daemon = scene.start(peer.section() + other.section())
    peer.establish()
    other.establish()
    scene.file("config.conf", peer.section(inside="rate-limit 100;") + other.section())
    daemon.signal(signal.SIGUSR1)
    rig.until(lambda: peer.notification is not None, "the reset")
    rig.equal(peer.notification[:2], (6, 3))
    peer.establish()
    other.check()
    # a bad file changes nothing
    scene.file("config.conf", "neighbor {")
    daemon.signal(signal.SIGUSR1)
    wait_log(daemon, "reload failed, nothing changed")
    scene.file("config.conf", other.section())
    daemon.signal(signal.SIGUSR1)
    rig.until(lambda: not peer.alive(), "the removed one ends")
    other.check()


def test_usr1_keeps_helpers_and_usr2_restarts_those_that_changed(scene):
    one, two = scene.hand("one"), scene.hand("two")
    peer = scene.peer()
    text = scene.process("one") + scene.process("two") + peer.section("one two")
    daemon = scene.start(text)
    first, second = one.take().pid, two.take().pid
    peer.establish()
    changed = text.replace("run %s;" % scene.path("one"), "run %s more;" % scene.path("one"))
    scene.file("config.conf", changed)
    daemon.signal(signal.SIGUSR1)
    wait_log(daemon, "loaded neighbors=1", 1)
    rig.expect(rig.state_of(first) is not None, "USR1 leaves it alone")
    scene.file("config.conf", changed.replace("more", "still more"))
    daemon.signal(signal.SIGUSR2)
    rig.expect(one.take().pid != first, "another process")
    rig.expect(rig.state_of(second) is not None, "the other helper lives")
    peer.check()


def test_alrm_makes_every_session_anew(scene):
    peers = [scene.peer(), scene.peer()]
    daemon = scene.start("".join(p.section() for p in peers))
    for peer in peers:
        peer.establish()
    daemon.signal(signal.SIGALRM)
    for peer in peers:
        rig.until(lambda: peer.notification is not None, "the reset")
        rig.equal(peer.notification[:2], (6, 3))
        peer.establish()


def test_signals_in_a_heap_are_survived(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section("h"))
    hand.take()
    peer.establish()
    for _ in range(50):
        daemon.signal(signal.SIGUSR1)
        daemon.signal(signal.SIGUSR2)
    daemon.signal(signal.SIGUSR1)
    daemon.signal(signal.SIGTERM)
    rig.equal(daemon.wait(), 0)


def test_signals_are_told_to_who_asked(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section("h", api="signal;"))
    hand.take()
    peer.establish()
    daemon.signal(signal.SIGUSR1)
    event = json.loads(hand.until_line('"signal"'))
    rig.expect("SIGUSR1" in json.dumps(event), "%s", event)


def test_reload_while_routes_come(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    text = scene.process("h", "encoder text;") + peer.section("h", 'description "%d"; host-name host%d;')
    daemon = scene.start(text % (0, 0))
    peer.establish()
    hand.ready()
    for i in range(20):
        hand.say(*("announce route 10.%d.%d.0/24 next-hop 192.0.2.1" % (i, n) for n in range(50)))
        scene.file("config.conf", text % (i, 0))
        daemon.signal(signal.SIGUSR1)
        hand.say("show neighbor extensive", "show neighbor json", "show adj-rib out extensive")
    for _ in range(20 * 53):
        rig.equal(hand.answer()[-1], "done")
    rig.until(lambda: len(peer.routes) == 1000, "a thousand routes")
    peer.check()


def test_attempts_end_the_program_with_zero(scene):
    for name, count in (("tcp_attempts", 2), ("tcp_connections", 2), ("tcp_once", 1)):
        peer = scene.peer()
        daemon = scene.start(peer.section(), **{name: "true" if name == "tcp_once" else count})
        for _ in range(count):
            peer.establish()
            rig.expect(daemon.running(), "it runs")
            peer.drop()
        rig.equal(daemon.wait(), 0, name)


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
