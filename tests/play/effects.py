#!/usr/bin/env python3
"""Settings of the environment do what the manual says of them, where no other script is about it."""

import json
import os
import socket
import time

import rig

SOURCES = ("configuration", "daemon", "message", "network", "packets", "parser", "processes", "reactor",
           "rib", "routes", "statistics", "timers")


def quiet_but(*sources):
    return {"log_" + s: str(s in sources).lower() for s in SOURCES}


def short_life(scene, **settings):
    """A session with a route each way, and the end; the log of it."""
    name = "h%d" % len(scene.hands)
    hand, peer = scene.hand(name), scene.peer()
    before = len(scene.contents("log"))
    daemon = scene.start(scene.process(name) + peer.section(name, api="receive { parsed; update; }"), **settings)
    peer.establish()
    hand.say("announce route 10.0.0.0/24 next-hop 192.0.2.1")
    hand.until_line("done")
    rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the route")
    peer.send(rig.update(rig.attributes(), rig.prefix("10.0.1.0/24")))
    hand.until_line("10.0.1.0/24")
    rig.equal(daemon.stop(), 0)
    return daemon.log()[before:]


def test_each_source_of_the_log_speaks_by_itself(scene):
    for source in SOURCES:
        log = short_life(scene, log_level="DEBUG", **quiet_but(source))
        # a busy machine makes callbacks slow, and warnings are said whatever the source
        said = {line.split()[0] for line in log.splitlines() if "slow callback" not in line}
        rig.equal(said, {source}, "lines with log.%s alone" % source)


def test_all_sources_of_the_log_together(scene):
    log = short_life(scene, log_level="DEBUG", log_all="true", **quiet_but())
    said = {line.split()[0] for line in log.splitlines()}
    rig.equal(set(SOURCES) - said, set(), "silent ones")


def test_what_debugging_shows(scene):
    log = short_life(scene, log_level="DEBUG", log_all="true")
    for line in (
            "what=message direction=send type=open length=", "what=message direction=receive type=keepalive length=19",
            "what=packet direction=receive bytes=FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF001304\n",
            "what=announce family=\"ipv4 unicast\" route=\"10.0.0.0/24 next-hop 192.0.2.1\"",
            "what=capability name=asn4 code=65 length=4 value=", "what=attribute name=origin code=1 flags=0x40 length=1 value=00",
            "what=nlri length=4 value=180A0001",
            "receive update announced 10.0.1.0/24 next-hop 127.0.0.2 origin igp as-path ( 65002 )",
            "what=timers hold=180s keepalive=60s"):
        rig.expect(line in log, "no line has %s: %s", line, log)


def test_the_log_of_a_running_program_can_be_asked_for_packets(scene):
    hand, peer = scene.hand("h"), scene.peer()
    daemon = scene.start(scene.process("h") + peer.section("h"))
    peer.establish()
    hand.say("log level DEBUG packets")
    rig.equal(hand.answer()[-1], "done")
    peer.send(rig.update(rig.attributes(), rig.prefix("10.0.1.0/24")))
    rig.until(lambda: "180A0001" in daemon.log(), "the bytes of the UPDATE")


def not_called(peer):
    peer.listener.setblocking(False)
    try:
        peer.listener.accept()
        rig.expect(False, "it connects")
    except BlockingIOError:
        pass


def test_passive(scene):
    hand, caller, waiter = scene.hand("h"), scene.peer(), scene.peer()
    port = rig.free_port()
    whole = ("neighbor 127.0.0.0/8 { local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as 65002;"
             " family { ipv4 unicast; } }\n" + waiter.section("h"))
    scene.start(scene.process("h") + whole, bgp_passive="true", tcp_bind="127.0.0.1", tcp_port=port)
    hand.ready()  # its sockets are open by now
    # a range, which has to be passive, and that is taken though it does not say so
    caller.connect("127.0.0.1", port)
    caller.handshake()
    not_called(waiter)


def minutes_that_are_none():
    """A number that neither this minute nor the next one is a multiple of."""
    minute = int(time.time()) // 60 % 60
    if minute in (59, 0):
        raise rig.Skip("the first minute of an hour is a multiple of every number")
    return next(n for n in range(7, 60) if minute % n and (minute + 1) % 60 % n)


def test_delay(scene):
    hand, peer = scene.hand("h"), scene.peer()
    scene.start(scene.process("h") + peer.section("h"), tcp_delay=minutes_that_are_none())
    hand.say("show neighbor json")
    told = json.loads(hand.line())
    rig.equal([p["fsm"] for p in told], ["IDLE"])
    not_called(peer)


def test_a_shorter_json(scene):
    for compact, wanted in (("true", ["10.0.1.0/24"]), ("false", [{"nlri": "10.0.1.0/24"}])):
        hand, peer = scene.hand("h" + compact), scene.peer()
        scene.start(scene.process(hand.name) + peer.section(hand.name, api="receive { parsed; update; }"),
                    api_compact=compact)
        peer.establish()
        peer.send(rig.update(rig.attributes(), rig.prefix("10.0.1.0/24")))
        told = json.loads(hand.until_line("10.0.1.0/24"))
        rig.equal(told["neighbor"]["message"]["update"]["announce"]["ipv4 unicast"], {"127.0.0.2": wanted})


def test_the_name_of_the_socket(scene):
    scene.start(scene.peer().section(), api_cli="true", api_socketname="other", cli_pipe="", cli_socket=scene.folder)
    path = scene.path("other.sock")
    rig.until(lambda: os.path.exists(path), "the control socket")
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(rig.PATIENCE)
        client.connect(path)
        client.sendall(b"version\n")
        rig.expect(client.recv(100).startswith(b"exabgp "), "it answers")


def test_files_and_helpers_have_the_umask(scene):
    os.chmod(scene.folder, 0o777)
    hand, peer = scene.hand("h"), scene.peer()
    daemon = scene.start(scene.process("h") + peer.section("h"), daemon_umask="077", daemon_pid=scene.path("pid"))
    hand.ready()
    rig.until(lambda: scene.contents("pid") == b"%d\n" % daemon.pid, "the pid file")
    rig.equal(os.stat(scene.path("pid")).st_mode & 0o777, 0o600, "its mode")
    for pid in (daemon.pid, *rig.children(daemon.pid)):
        with open("/proc/%d/status" % pid, encoding="ascii") as status:
            rig.expect("Umask:\t0077" in status.read(), "%d has another", pid)


def test_where_files_and_programs_are_looked_for(scene):
    hand, peer = scene.hand("h"), scene.peer()
    os.makedirs(scene.path("etc/run"))
    os.symlink(scene.path("h"), scene.path("etc/run/h"))
    scene.file("etc/other.conf", scene.process("h", run="run/h") + peer.section("h"))
    environment = dict(scene.environment({}), EXABGP_ETC=scene.path("etc"))
    scene.daemons.append(rig.Daemon(scene, scene.program, ["server", "other.conf"], environment))
    peer.establish()
    hand.say("version")
    rig.equal(hand.answer()[-1], "done")


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
