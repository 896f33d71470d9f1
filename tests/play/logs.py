#!/usr/bin/env python3
"""The log: where it goes, at which level, how a file of it turns over."""

import os
import re
import socket

import rig
from runs import ended, implicit, run, wait_log


def test_a_log_on_the_terminal_keeps_it_in_the_foreground(scene):
    peer = scene.peer()
    daemon = scene.start(peer.section(), daemon_daemonize="true")
    peer.establish()
    rig.expect(daemon.running(), "it stays")
    rig.expect("stays in the foreground" in daemon.log(), "it says so")


def test_a_log_that_is_no_file_does_not_turn_over(scene):
    hand = scene.hand("h")
    os.symlink("/dev/null", scene.path("log.txt"))  # a turn would rename the link, not the device
    peer = scene.peer()
    scene.start(scene.process("h") + peer.section(processes="h"), log_destination="file:" + scene.path("log.txt"))
    line = "nonsense"
    for _ in range(200):  # some two megabytes of log
        hand.say(*[line] * 100)
        for _ in range(100):
            rig.equal(hand.answer()[-1], "error")
    rig.expect(os.path.islink(scene.path("log.txt")), "the link was renamed")


def test_a_log_pipe_that_nobody_reads_is_told(scene):
    os.mkfifo(scene.path("fifo"))
    ended(run(scene, "server", scene.file("config.conf", scene.peer().section()), exabgp_log_destination="file:" + scene.path("fifo")), 1, "No such device or address", "fifo")


def test_a_log_file_turns_over(scene):
    os.chmod(scene.folder, 0o777)
    path = scene.file("log.txt", "x" * (1024 * 1024 - 100) + "\n")
    os.chmod(path, 0o666)
    peer = scene.peer()
    daemon = scene.start(peer.section(), log_destination="file:" + path, log_short="false")
    peer.establish()
    rig.until(lambda: os.path.exists(path + ".1"), "the old file")
    rig.until(lambda: b"what=up" in scene.contents("log.txt") + scene.contents("log.txt.1"), "a line")
    rig.expect(re.search(rb"^\d\d:\d\d:\d\d +%d +\w+ +\S" % daemon.pid, (scene.contents("log.txt") + scene.contents("log.txt.1")).split(b"x\n")[-1], re.M),
               "the long form: %r", scene.contents("log.txt"))
    rig.equal(daemon.log(), "")


def test_a_log_file_of_a_relative_path_turns_over_where_it_is(scene):
    here = os.path.relpath(scene.file("log.txt", "x" * (1024 * 1024 - 100) + "\n"))
    peer = scene.peer()
    scene.start(peer.section(), log_destination="file:" + here)
    peer.establish()
    rig.until(lambda: b"what=up" in scene.contents("log.txt") + scene.contents("log.txt.1"), "a line")
    rig.expect(os.path.exists(scene.path("log.txt.1")), "the old file")


def test_levels(scene):
    for word, talks in (("CRIT", False), ("critical", False), ("ERROR", False), ("WARN", False),
                        ("NOTICE", True), ("info", True), ("NOTSET", True)):
        peer = scene.peer()
        daemon = scene.start(peer.section(), log_level=word, log_destination="file:" + scene.path(word))
        peer.establish()
        rig.equal(daemon.stop(), 0, word)
        rig.equal(b"what=up" in scene.contents(word), talks, word)
    peer = scene.peer()
    daemon = scene.start(peer.section(), log_level="LOUD")
    peer.establish()
    wait_log(daemon, 'log.level "LOUD" is none of FATAL')


def test_syslog_has_facility_and_severity(scene):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as system:
        rig.own_system_log(scene, system)
        system.settimeout(rig.PATIENCE)
        peer = scene.peer()
        daemon = scene.start(peer.section(), log_destination="syslog")
        peer.establish()
        line = b""
        while b"what=up" not in line:
            line = system.recv(4096)
        rig.expect(re.match(rb"<30>.* peerpipe\[%d\]: network " % daemon.pid, line), "%r", line)
        daemon.stop()


def test_destinations(scene):
    peer = scene.peer()
    daemon = scene.start(peer.section(), log_destination="syslog")
    peer.establish()
    rig.equal(daemon.log(), "", "nothing on stderr")
    rig.equal(daemon.stop(), 0)
    peer = scene.peer()
    daemon = scene.start(peer.section(), log_destination="host:localhost")
    peer.establish()
    wait_log(daemon, "log.destination")
    ended(run(scene, "server", scene.path("config.conf"), exabgp_log_destination="/absent/log"), 1, "/absent/log")


def test_short_lines_begin_with_their_source(scene):
    peer = scene.peer()
    daemon = scene.start(peer.section())
    peer.establish()
    wait_log(daemon, "what=up")
    for line in daemon.log().splitlines():
        rig.expect(re.match(r"(reactor|network|configuration|daemon|processes|statistics) ", line), "%r", line)
    quiet = scene.peer()
    other = implicit(scene, "server", scene.file("q.conf", quiet.section()), log_enable="false")
    before = daemon.log()
    quiet.establish()
    rig.equal(other.stop(), 0)
    rig.equal(daemon.log(), before, "a log that is off")


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
