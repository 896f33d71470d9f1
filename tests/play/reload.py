#!/usr/bin/env python3
"""Reload over a living session: only differences, announces before withdraws."""

import os
import signal
import socket
import threading

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


def test_attributes_without_a_route_are_said_once(scene):
    def alone(*meds):
        return "static { %s }" % "".join("attributes next-hop 192.0.2.1 med %d; " % m for m in meds)

    peer = scene.peer()
    daemon = scene.start(peer.section(inside=alone(5, 7) + static((1, 1))))
    peer.establish(keep=False)
    rig.equal([updates(peer) for _ in range(3)], [([], [])] * 2 + [([], [ONE])], "the session begins")
    scene.file("config.conf", peer.section(inside=alone(5, 6, 7, 8) + static((2, 1))))
    daemon.signal(signal.SIGUSR1)
    rig.equal([updates(peer) for _ in range(3)], [([], [])] * 2 + [([], [TWO])], "what is new")
    rig.equal(updates(peer), ([ONE], []), "what is gone")


def test_what_a_reload_would_have_to_wait_for_is_refused(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section(processes="h"))
    peer.establish()
    hand.ready()
    for make in (os.mkfifo, lambda path: os.symlink("/dev/null", path)):
        os.unlink(scene.path("config.conf"))
        make(scene.path("config.conf"))
        told = daemon.log().count("no regular file")
        hand.say("reload")
        rig.until(lambda: daemon.log().count("no regular file") == told + 1, "the refusal")
        hand.answer()
    peer.check()


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


RULE = bytes.fromhex("0501180A0000")  # destination 10.0.0.0/24
DROP, SLOW = (bytes.fromhex(h) for h in ("8006000000000000", "8006000046160000"))


def rules(*actions):
    text = "".join("route { match { destination 10.0.0.0/24; } then { %s; } } " % a for a in actions)
    return "family { ipv4 flow; } flow { %s }" % text


def rule_stands(peer, action):
    """Reads until the last word about the rule is this action."""
    while True:
        kind, body = peer.read()
        if kind == rig.UPDATE and body.endswith(RULE) and action in body:
            return


def test_of_a_rule_that_stood_twice_the_other_one_stays(scene):
    peer = scene.peer(families=((1, 1), (1, 133)))
    twice = ("discard", "rate-limit 9600")
    daemon = scene.start(peer.section(inside=rules(*twice)))
    peer.establish(keep=False)
    rule_stands(peer, DROP)
    rule_stands(peer, SLOW)
    for left, action in ((0, DROP), (1, SLOW)):
        scene.file("config.conf", peer.section(inside=rules(twice[left])))
        daemon.signal(signal.SIGUSR1)
        while peer.read_kind(rig.UPDATE)[4:6] != b"\x80\x0f":
            pass
        rule_stands(peer, action)
        scene.file("config.conf", peer.section(inside=rules(*twice)))
        daemon.signal(signal.SIGUSR1)
        rule_stands(peer, SLOW)


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


RICH = """
template { neighbor t {
    capability { graceful-restart 120; route-refresh; add-path send/receive; operational; aigp; nexthop; }
    static { route 10.0.9.0/24 next-hop 192.0.2.9 watchdog dog withdraw; }
    flow { route { match { destination 10.0.0.0/24; } then { discard; } } }
} }
neighbor %s {
    inherit t;
    description 'it\\u0027s "one"'; router-id 10.0.0.1; local-address 127.0.0.1; local-as 65001; peer-as 65002;
    connect %d; hold-time 90; rate-limit 100000; host-name a; domain-name b.c; outgoing-ttl 5; queue 500;
    batch-size 7; group-updates false;
    family { ipv4 unicast; ipv6 unicast; ipv4 flow; }
    nexthop { ipv4 unicast ipv6; }
    add-path { ipv4 unicast limit 3; }
    static {
        route 10.0.1.0/24 next-hop self community [ 65001:1 no-export ] name "a b";
        attributes next-hop 192.0.2.1 med 7 nlri 10.0.2.0/24 10.0.3.0/24;
    }
    flow {
        route a { match { destination 10.0.0.0/24; } then { rate-limit 9600; } }
        route b { match { source 10.0.0.1/32; } then { redirect-to-nexthop-ietf 2001:db8::1; } }
    }
    operational { asm afi ipv4 safi unicast advisory "hello"; }
    api speaking { processes [ h ]; neighbor-changes; receive { parsed; update; } send { packets; open; } }
}
"""


def test_what_is_shown_as_configuration_is_the_one_that_runs(scene):
    peer = scene.peer(families=((1, 1), (2, 1), (1, 133)))
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + RICH % (peer.address, peer.port))
    peer.establish()

    def mark(number):
        """What was said before is with the peer; the number of UPDATEs until then."""
        hand.say("announce route 10.1.%d.0/24 next-hop 192.0.2.1" % number)
        hand.until_line("done")
        rig.until(lambda: rig.prefix("10.1.%d.0/24" % number) in peer.routes, "the mark")
        return peer.updates

    def shown():
        hand.say("show neighbor configuration")
        lines = []
        while not lines or lines[-1] != "done":
            lines += [line for line in [hand.line()] if not line.startswith("{ ")]
        return [line for line in lines[:-1] if line]

    before = mark(1)
    once = shown()
    scene.file("config.conf", scene.process("h") + "\n".join(once))
    hand.say("reload")
    hand.until_line("done")
    rig.until(lambda: "loaded neighbors=" in daemon.log(), "the reload")
    rig.equal(shown(), once, "what is shown then")
    rig.equal(mark(2), before + 1, "UPDATEs")
    peer.check()


MANY = 200000  # routes: a reload of some hundred rounds


def big(peer, last=""):
    routes = "".join(
        "route 10.%d.%d.%d/32 next-hop 192.0.2.1;\n" % (1 + (n >> 16), n >> 8 & 255, n & 255) for n in range(MANY)
    )
    return peer.section(
        processes="other", api="neighbor-changes; receive { parsed; keepalive; }", inside="static { %s%s }" % (routes, last)
    )


def big_scene(scene, last=""):
    """Two hands, a session, and a file that takes a while. The first hand waits for its reload, and so behind it."""
    peer = scene.peer()
    by, other = scene.hand("by"), scene.hand("other")
    processes = scene.process("by") + scene.process("other")
    daemon = scene.start(processes + peer.section(
        processes="other", api="neighbor-changes; receive { parsed; keepalive; }", inside=static((1, 1))))
    peer.establish()
    by.ready()
    other.until_line('"up"')
    scene.file("config.conf", processes + big(peer, last))
    return peer, by, other, daemon


def reload_begins(by, behind="version"):
    by.say("reload", behind)
    rig.equal([line for line in by.answer() if line], ["reload in progress", "done"])


def others_go_on(peer, by, other):
    """Commands are answered and events told, before the reload is over."""
    for _ in range(3):
        other.say("version")
        rig.expect("exabgp" in other.until_line("exabgp"), "the answer")
        other.until_line("done")
        peer.send(rig.bgp(rig.KEEPALIVE))
        other.until_line('"keepalive"')
    rig.expect(by.quiet(), "the reload was over before others were served")


def test_while_a_big_file_is_read_others_are_served(scene):
    peer, by, other, daemon = big_scene(scene)
    reload_begins(by)
    others_go_on(peer, by, other)
    rig.expect("exabgp" in by.line(60), "the answer behind the reload")
    rig.expect("loaded neighbors=1" in daemon.log(), "it is not in force")
    rig.until(lambda: len(peer.routes) == MANY, "the routes of the file", 60)
    peer.check()


def test_a_bad_line_at_the_end_of_a_big_file_changes_nothing(scene):
    peer, by, other, daemon = big_scene(scene, "route nonsense;\n")
    reload_begins(by, "show adj-rib out")
    others_go_on(peer, by, other)
    rig.expect("10.0.1.0/24" in by.line(60), "the route that stood")
    by.answer()
    rig.expect("reload failed, nothing changed" in daemon.log(), "the reason in the log")
    rig.expect("line %d, column 7: " % (MANY + 3) in daemon.log(), "its place in the log")
    rig.equal(list(peer.routes), [ONE])
    peer.check()


def test_the_end_comes_in_the_middle_of_a_reload(scene):
    peer, by, other, daemon = big_scene(scene)
    reload_begins(by)
    others_go_on(peer, by, other)
    rig.equal(daemon.stop(), 0)
    rig.expect("reload given up" in daemon.log(), "it was not in the middle")
    rig.expect("loaded neighbors" not in daemon.log(), "it came into force")


def test_each_of_two_reloads_is_answered_and_done(scene):
    peer, by, other, daemon = big_scene(scene)
    other.say("reload", "version")
    other.until_line("reload in progress")
    other.until_line("done")
    by.say("reload", "reload", "version")
    for _ in range(2):
        rig.equal([line for line in by.answer(60) if line], ["reload in progress", "done"])
    rig.expect("exabgp" in by.answer(60)[0], "the answer behind them")
    rig.equal(daemon.log().count("loaded neighbors=1"), 3)
    rig.expect("exabgp" in other.until_line("exabgp"), "the other one's answer")
    rig.until(lambda: len(peer.routes) == MANY, "the routes of the file", 60)
    peer.check()


def test_keys_that_stay_are_never_away(scene):
    """Who knocks all the time without one is let in at no moment of a reload; without a key in the file he is."""
    rig.needs_md5()
    port, taken, stop = rig.free_port("127.0.0.1"), [], threading.Event()

    def text(number, key="md5-password secret;"):
        return "".join(
            "neighbor 127.1.0.%d { local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as 65002; "
            "passive true; %s description d%d; }\n" % (i, key, number) for i in range(1, 250))

    def knock():
        while not stop.is_set():
            with socket.socket() as s:
                s.settimeout(0.003)
                s.bind(("127.1.0.1", 0))
                try:
                    s.connect(("127.0.0.1", port))
                    taken.append(s)
                except OSError:
                    pass

    def load(number, *key):
        os.rename(scene.file("config.new", text(number, *key)), scene.path("config.conf"))
        daemon.signal(signal.SIGUSR1)
        rig.until(lambda: daemon.log().count("loaded neighbors") == number, "it has loaded")

    daemon = scene.start(text(0), tcp_bind="127.0.0.1", tcp_port=str(port))
    rig.until(lambda: "started version" in daemon.log(), "it listens")
    threads = [threading.Thread(target=knock) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, 21):
            load(number)
        rig.equal(len(taken), 0, "unsigned connections")
        load(21, "")
        rig.until(lambda: taken, "an unsigned connection")
    finally:
        stop.set()
        for thread in threads:
            thread.join()


rig.main([
    test_differences_go_out_announces_first,
    test_attributes_without_a_route_are_said_once,
    test_what_a_reload_would_have_to_wait_for_is_refused,
    test_a_route_that_a_helper_took_over_stays,
    test_of_a_rule_that_stood_twice_the_other_one_stays,
    test_a_bad_file_changes_nothing,
    test_what_is_shown_as_configuration_is_the_one_that_runs,
    test_while_a_big_file_is_read_others_are_served,
    test_a_bad_line_at_the_end_of_a_big_file_changes_nothing,
    test_the_end_comes_in_the_middle_of_a_reload,
    test_each_of_two_reloads_is_answered_and_done,
    test_keys_that_stay_are_never_away,
])
