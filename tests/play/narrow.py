#!/usr/bin/env python3
"""Narrow places: long answers to slow readers, full and broken log pipes, no descriptors left."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import threading
import time

import rig

FAMILY = "announce route 10.%d.%d.%d/32 next-hop 192.0.2.1\n"


def lines(count):
    return "".join(FAMILY % (i >> 16, i >> 8 & 255, i & 255) for i in range(count)).encode()


def acknowledged(hand, count):
    for _ in range(count):
        if hand.answer()[-1] != "done":
            raise rig.Failure("not done")


def full_table(scene, count):
    """A daemon with two hands and a peer that has got count routes."""
    asks, other = scene.hand("asks"), scene.hand("other")
    peer = scene.peer(hold=3)
    daemon = scene.start(
        scene.process("asks") + scene.process("other") + peer.section(processes="asks other")
    )
    peer.establish()
    asks.ready()
    writer = threading.Thread(target=lambda: asks.write(lines(count)), daemon=True)
    writer.start()
    acknowledged(asks, count)
    writer.join()
    rig.until(lambda: len(peer.routes) == count, "the routes", 60)
    return daemon, peer, asks, other


def command(hand, peer, route):
    hand.say("announce route %s next-hop 192.0.2.1" % route)
    rig.equal(hand.answer(), ["done"])
    rig.until(lambda: rig.prefix(route) in peer.routes, "the other helper's route")
    peer.check()


def test_a_long_answer_waits_for_its_reader(scene):
    count = 200000
    daemon, peer, asks, other = full_table(scene, count)
    before = rig.rss(daemon.pid)
    for i in range(10):
        asks.say("show adj-rib out")
        command(other, peer, "192.0.2.%d/32" % i)
    rig.idle(daemon.pid)
    grown = rig.rss(daemon.pid) - before
    print("# grown by %d KiB for ten answers that wait" % grown)
    rig.expect(grown < 32768 or rig.sanitized(scene.program), "grown by %d KiB", grown)
    for i in range(10):
        seen = asks.answer()
        rig.equal(seen.pop(), "done")
        rig.expect(count <= len(seen) <= count + 10, "%d lines", len(seen))
        rig.expect(all("/32" in line for line in seen), "a line that is cut: %s", seen[0])
    rig.expect(asks.quiet(), "more lines")


def test_a_reader_that_dies_in_a_long_answer(scene):
    daemon, peer, asks, other = full_table(scene, 100000)
    fds = rig.fds(daemon.pid)
    for i in range(4):
        asks.say("show adj-rib out", "show adj-rib out json", "show adj-rib out extensive")
        for _ in range(1000):
            asks.line()
        os.kill(asks.pid, signal.SIGKILL)
        asks.take()
        command(other, peer, "192.0.2.%d/32" % i)
        command(asks, peer, "192.0.2.%d/32" % (100 + i))
    rig.equal(rig.fds(daemon.pid), fds, "descriptors")
    rig.until(lambda: not rig.zombies(daemon.pid), "no zombies")
    rig.idle(daemon.pid)


def test_a_session_that_flaps_under_a_flood(scene):
    """Each new session gets the whole table, whatever was on its way in the last one."""
    count = 100000
    hand = scene.hand("h")
    peer = scene.peer(hold=9)
    port = rig.free_port()
    scene.start(
        scene.process("h") + peer.section(processes="h", inside="passive;"),
        tcp_bind="127.0.0.1",
        tcp_port=str(port),
    )
    hand.ready()
    writer = threading.Thread(target=lambda: hand.write(lines(count)), daemon=True)
    writer.start()
    for _ in range(30):
        peer.connect("127.0.0.1", port)
        peer.handshake()
        for _ in range(20):
            if peer.read()[0] == rig.UPDATE:
                break
        peer.drop()
    writer.join()
    acknowledged(hand, count)
    peer.connect("127.0.0.1", port)
    peer.handshake()
    peer.keep()
    rig.until(lambda: len(peer.routes) == count, "the routes", 60)
    rig.equal(peer.announced, count, "each once")
    peer.check()


def test_a_helper_that_is_killed_in_the_middle_of_lines(scene):
    """Of whatever it had written, whole lines are carried out, and no other route appears."""
    hand = scene.hand("h")
    good = scene.hand("good")
    peer = scene.peer(hold=3)
    daemon = scene.start(scene.process("h") + scene.process("good") + peer.section(processes="h good"))
    peer.establish()
    for life in range(6):
        hand.take()
        data = "".join("announce route 10.%d.%d.0/24 next-hop 192.0.2.1\n" % (life, i) for i in range(250))
        hand.write(data[:-20].encode())
        os.kill(hand.pid, signal.SIGKILL)
        hand.let_go()
    want = {rig.prefix("10.%d.%d.0/24" % (life, i)) for life in range(6) for i in range(249)}
    rig.until(lambda: len(peer.routes) >= len(want), "the routes")
    command(good, peer, "192.0.2.1/32")
    rig.equal(set(peer.routes) - want, {rig.prefix("192.0.2.1/32")}, "other routes")
    rig.until(lambda: not rig.zombies(daemon.pid), "no zombies")


def test_a_full_log_pipe_stops_nobody(scene):
    reads, scene.log_to = os.pipe()
    hand = scene.hand("h")
    peer = scene.peer(hold=3)
    daemon = scene.start(scene.process("h") + peer.section(processes="h"))
    peer.establish()
    for i in range(20):
        hand.say(*["this is logged as refused"] * 200)
        rig.equal([hand.answer()[-1] for _ in range(200)], ["error"] * 200)
    command(hand, peer, "10.0.0.0/24")
    rig.idle(daemon.pid)
    rig.equal(daemon.stop(), 0, "exit status")
    os.close(scene.log_to)
    os.close(reads)


def test_a_log_pipe_without_reader_stops_nobody(scene):
    reads, scene.log_to = os.pipe()
    hand = scene.hand("h")
    peer = scene.peer(hold=3)
    daemon = scene.start(scene.process("h") + peer.section(processes="h"))
    peer.establish()
    os.close(reads)
    os.close(scene.log_to)
    hand.say(*["this is logged as refused"] * 200)
    rig.equal([hand.answer()[-1] for _ in range(200)], ["error"] * 200)
    command(hand, peer, "10.0.0.0/24")
    rig.idle(daemon.pid)
    rig.equal(daemon.stop(), 0, "exit status")


def test_a_log_pipe_takes_long_lines_or_a_part_of_them(scene):
    """Room for a page is room for a page: what is longer must not wait for the rest."""
    reads, scene.log_to = os.pipe()
    hand = scene.hand("h")
    peer = scene.peer(hold=3)
    scene.start(scene.process("h") + peer.section(processes="h"), log_level="DEBUG", log_all="true")
    peer.establish()
    hand.say(*["debug " + "x" * 14000] * 30)
    command(hand, peer, "10.0.0.0/24")
    rig.expect(b"xx" in os.read(reads, 1 << 20), "none of the long lines")
    hand.say("rubbish")
    rig.equal(hand.answer()[-1], "error")
    told = b""
    while b"command refused" not in told:
        told += os.read(reads, 1 << 20)
    rig.expect(re.search(rb"^daemon +WARNING \d\d+ log lines were lost", told, re.M), "%r", told[:200])
    os.close(scene.log_to)
    os.close(reads)


def heard_of(hand, system):
    hand.say("rubbish")
    with contextlib.suppress(BlockingIOError):
        line = system.recv(4096)
        return b"lost" in line or b"refused" in line
    return False


def test_a_system_log_that_does_not_read_stops_nobody(scene):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as system:
        rig.own_system_log(scene, system)
        hand = scene.hand("h")
        peer = scene.peer(hold=3)
        scene.start(scene.process("h") + peer.section(processes="h"), log_destination="syslog")
        peer.establish()
        hand.say(*["rubbish"] * 3000)
        rig.equal([hand.answer()[-1] for _ in range(3000)], ["error"] * 3000)
        command(hand, peer, "10.0.0.0/24")
        system.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while system.recv(4096):
                pass
        system.settimeout(rig.PATIENCE)
        hand.say("rubbish")
        rig.expect(b"log lines were lost" in system.recv(4096), "it says so")
        system.recv(4096)
        os.unlink(scene.path("socket"))  # its daemon is started anew
        hand.say("rubbish")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as system:
        system.bind(scene.path("socket"))
        os.chmod(scene.path("socket"), 0o666)
        system.setblocking(False)
        rig.until(lambda: heard_of(hand, system), "the new one hears")  # not before it is tried again
        peer.check()


def test_a_full_disk_costs_log_lines_and_no_more(scene):
    disk = rig.small_disk(scene, "16k")
    try:
        hand = scene.hand("h")
        peer = scene.peer(hold=3)
        daemon = scene.start(
            scene.process("h") + peer.section(processes="h"), log_destination=disk + "/log"
        )
        peer.establish()
        hand.say(*["rubbish"] * 1000)
        rig.equal([hand.answer()[-1] for _ in range(1000)], ["error"] * 1000)
        command(hand, peer, "10.0.0.0/24")
        os.truncate(disk + "/log", 0)
        hand.say("rubbish")
        rig.equal(hand.answer()[-1], "error")
        lines = scene.contents("disk/log").decode().splitlines()
        rig.expect(re.search(r"^daemon +WARNING \d\d\d log lines were lost", lines[1]), "%s", lines)
        rig.equal(len(lines), 3, "an end for the line that was cut, how many were lost, and the line")
        rig.equal(daemon.stop(), 0)
    finally:
        subprocess.check_call(["umount", disk])


def test_no_descriptor_left_harms_no_session(scene):
    scene.before = ["/bin/sh", "-c", 'ulimit -n 24; exec "$0" "$@"']
    port = rig.free_port()
    hand = scene.hand("h")
    peer = scene.peer(hold=3)
    daemon = scene.start(
        scene.process("h") + peer.section(processes="h"), tcp_bind="127.0.0.1", tcp_port=str(port)
    )
    peer.establish()
    calls = []
    for _ in range(60):
        s = socket.socket()
        s.bind(("127.0.0.2", 0))
        s.setblocking(False)
        s.connect_ex(("127.0.0.1", port))
        calls.append(s)
    command(hand, peer, "10.0.0.0/24")
    os.kill(hand.pid, signal.SIGKILL)
    hand.let_go()
    peer.check()
    before, start = rig.ticks(daemon.pid), time.monotonic()
    rig.until(lambda: time.monotonic() - start > 4 or not peer.alive(), "more than a hold time")
    peer.check()
    used = rig.ticks(daemon.pid) - before
    rig.expect(used < 40, "%d ticks in four seconds", used)
    for s in calls:
        s.close()
    hand.take()
    command(hand, peer, "10.0.1.0/24")


rig.main([test for name, test in list(globals().items()) if name.startswith("test_")])
