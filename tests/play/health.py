#!/usr/bin/env python3
"""healthcheck as a helper of the program: what the router has, state by state."""

import os
import signal

import rig

NET = rig.prefix("192.0.2.10/32")


def check(scene, options, **settings):
    """The program with a health check whose command is the test's: it succeeds while "well" is there."""
    run = "%s healthcheck --ip 192.0.2.10 --no-ip-setup --no-syslog --interval 1 --fast-interval 1" % scene.program
    run += " --command 'test -e %s' %s" % (scene.path("well"), options)
    peer = scene.peer()
    scene.start(scene.process("hc", "encoder text;", run=run) + peer.section(processes="hc"), **settings)
    peer.establish()
    return peer


def has_metric(peer, metric):
    return rig.attribute(0x80, 4, metric.to_bytes(4, "big")) in peer.routes.get(NET, b"")


def get_well(scene):
    scene.file("well", "")


def get_ill(scene):
    os.unlink(scene.path("well"))


def test_metrics_follow_the_state(scene):
    get_well(scene)
    peer = check(scene, "--rise 2 --fall 2 --up-metric 50 --down-metric 700 --disabled-metric 300 --disable %s" % scene.path("off"))
    rig.until(lambda: has_metric(peer, 50), "the metric of up")
    get_ill(scene)
    rig.until(lambda: has_metric(peer, 700), "the metric of down")
    get_well(scene)
    rig.until(lambda: has_metric(peer, 50), "up again")
    scene.file("off", "")
    rig.until(lambda: has_metric(peer, 300), "the metric of disabled")
    peer.check()


def test_down_withdraws_where_asked(scene):
    get_well(scene)
    peer = check(scene, "--rise 1 --fall 1 --withdraw-on-down --community 65001:7")
    rig.until(lambda: NET in peer.routes, "the route")
    rig.expect(rig.attribute(0xC0, 8, bytes.fromhex("fde90007")) in peer.routes[NET], "its community")
    get_ill(scene)
    rig.until(lambda: NET not in peer.routes, "the withdraw")
    peer.check()


def test_nothing_is_sent_twice(scene):
    get_well(scene)
    peer = check(scene, "--rise 1")
    rig.until(lambda: NET in peer.routes, "the route")
    get_ill(scene)
    rig.until(lambda: has_metric(peer, 1000), "down, some rounds later")
    rig.equal(peer.announced, 2, "announcements")


def test_its_end_withdraws(scene):
    get_well(scene)
    peer = check(scene, "--rise 1 --pid %s" % scene.path("pid"), api_respawn="false")
    rig.until(lambda: NET in peer.routes, "the route")
    os.kill(int(scene.contents("pid")), signal.SIGTERM)
    rig.until(lambda: NET not in peer.routes, "the withdraw")
    peer.check()


def test_hooks_are_told_the_state(scene):
    get_well(scene)
    said = scene.path("said")
    peer = check(scene, "--rise 1 --fall 1 --execute 'echo any $STATE >>%s' --down-execute 'echo down $STATE >>%s'" % (said, said))
    rig.until(lambda: b"any UP\n" in scene.contents("said"), "the hook of up")
    get_ill(scene)
    rig.until(lambda: b"down DOWN\n" in scene.contents("said"), "the hook of down")
    rig.until(lambda: b"any DOWN\n" in scene.contents("said"), "the hook of all")
    peer.check()


def test_a_check_that_hangs_has_failed(scene):
    run = "%s healthcheck --ip 192.0.2.10 --no-ip-setup --no-syslog --interval 1 --fall 1 --timeout 1" % scene.program
    run += " --command 'sleep 600'"
    peer = scene.peer()
    scene.start(scene.process("hc", "encoder text;", run=run) + peer.section(processes="hc"))
    peer.establish()
    rig.until(lambda: has_metric(peer, 1000), "the metric of down")
    peer.check()


def test_options_come_from_a_file_too(scene):
    get_well(scene)
    scene.file("options", "# comment\nrise = 1\nup-metric = 77\nip = 192.0.2.10\nno-ip-setup\nno-syslog\n")
    run = "%s healthcheck --config %s" % (scene.program, scene.path("options"))
    peer = scene.peer()
    scene.start(scene.process("hc", "encoder text;", run=run) + peer.section(processes="hc"))
    peer.establish()
    rig.until(lambda: has_metric(peer, 77), "the metric of the file")


rig.main([
    test_metrics_follow_the_state,
    test_down_withdraws_where_asked,
    test_nothing_is_sent_twice,
    test_its_end_withdraws,
    test_hooks_are_told_the_state,
    test_a_check_that_hangs_has_failed,
    test_options_come_from_a_file_too,
])
