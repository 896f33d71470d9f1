#!/usr/bin/env python3
"""A daemon that serves: listening, what goes to routers and helpers, commands about itself."""

import json
import re
import signal
import socket

import rig
from runs import ended, run, wait_log


def test_bind_takes_who_is_configured(scene):
    port = rig.free_port()
    peer, stranger = scene.peer(), scene.peer()
    daemon = scene.start(peer.section().replace("connect", "passive true; connect"), tcp_bind="127.0.0.1", tcp_port=port)

    def listening():
        try:
            peer.connect("127.0.0.1", port)
            return True
        except OSError:
            return False

    rig.until(listening, "a listener")
    peer.handshake()
    peer.keep()
    rig.expect(peer.alive(), "a session")
    stranger.connect("127.0.0.1", port)
    rig.equal(stranger.read_kind(rig.NOTIFICATION)[:2], b"\x06\x03", "the stranger hears")
    stranger.drop()
    # a port that is taken
    other = run(scene, "server", scene.path("config.conf"), exabgp_tcp_bind="127.0.0.1", exabgp_tcp_port=str(port))
    ended(other, 1, "can not listen on 127.0.0.1 port %d" % port)
    # the end closes the listener at once
    daemon.signal(signal.SIGTERM)
    rig.equal(daemon.wait(), 0)
    with socket.socket() as s:
        rig.expect(s.connect_ex(("127.0.0.1", port)) != 0, "nobody listens")


def test_no_descriptor_left_to_accept_with(scene):
    port = rig.free_port()
    peer = scene.peer()
    path = scene.file("config.conf", peer.section())
    scene.shell("few", 'ulimit -n 24; exec "$@"\n')
    scene.daemons.append(rig.Daemon(scene, scene.path("few"), [scene.program, "server", path],
                                    scene.environment({"tcp_bind": "127.0.0.1", "tcp_port": port})))
    daemon = scene.daemons[-1]
    peer.establish()
    crowd = []
    try:
        for _ in range(60):
            s = socket.socket()
            s.bind((peer.address, 0))
            s.settimeout(rig.PATIENCE)
            s.connect(("127.0.0.1", port))
            crowd.append(s)
        wait_log(daemon, "accept failed")
        before = rig.ticks(daemon.pid)
        lines = daemon.log().count("accept failed")
        rig.until(lambda: daemon.log().count("accept failed") > lines, "a second look")
        rig.expect(rig.ticks(daemon.pid) - before < 20, "%d ticks", rig.ticks(daemon.pid) - before)
    finally:
        for s in crowd:
            s.close()
    peer.check()
    rig.equal(daemon.stop(), 0)


def test_the_version_goes_out_as_the_software_capability(scene):
    for version, want in (("1.2.3", b"ExaBGP/1.2.3"), ("9" * 80, b"ExaBGP/" + b"9" * 54 + b"...")):
        peer = scene.peer()
        path = scene.file("s.conf", peer.section(inside="capability { software-version enable; }"))
        env = scene.environment({"version": version})
        scene.daemons.append(rig.Daemon(scene, scene.program, ["server", path], env))
        peer.establish()
        rig.expect(bytes([75, len(want) + 1, len(want)]) + want in peer.opened, "%s", peer.opened.hex())
        rig.equal(scene.daemons[-1].stop(), 0)


def test_encoder_of_a_process_that_says_none(scene):
    for settings, mark in (({}, "neighbor "), ({"api_encoder": "json"}, "{ "), ({"api_encoder": "text"}, "neighbor ")):
        peer = scene.peer()
        hand = scene.hand("h%d" % peer.port)
        daemon = scene.start(scene.process(hand.name, "") + peer.section(hand.name, api="neighbor-changes;"), **settings)
        hand.take()
        peer.establish()
        line = hand.line()
        rig.expect(line.startswith(mark), "%s: %s", settings, line)
        rig.equal(daemon.stop(), 0)
        hand.let_go()


def test_commands_of_the_daemon_itself(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section("h"))
    hand.take()
    peer.establish()
    hand.say("ping", "crash", "status json", "announce attributes med 5 next-hop 192.0.2.1 origin igp", "version json")
    rig.expect(re.match(r'\{"pong": "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "active": true\}$', hand.line()), "pong")
    rig.equal(hand.answer(), ["done"])
    rig.equal(hand.answer(), ["done"])  # of crash, as 6.0 has it
    rig.equal(hand.answer(), ["error"])
    status = json.loads(hand.line())
    rig.equal((status["pid"], list(status["peers"].values())), (daemon.pid, ["ESTABLISHED"]))
    rig.equal(hand.answer(), ["done"])
    rig.equal(hand.answer(), ["done"])
    rig.equal(json.loads(hand.line())["application"], "exabgp")
    rig.equal(hand.answer(), ["done"])
    rig.until(lambda: peer.updates == 2, "attributes alone, and the end of RIB")
    hand.say("reload")
    rig.equal(hand.answer(), ["reload in progress", "done"])
    wait_log(daemon, "loaded neighbors=1")
    hand.say("restart")
    rig.equal(hand.answer(), ["restart in progress", "done"])
    rig.until(lambda: peer.notification is not None, "the reset")
    peer.establish()
    hand.say("teardown 4")
    rig.equal(hand.answer(), ["done"])
    rig.until(lambda: peer.notification is not None, "the teardown")
    rig.equal(peer.notification[:2], (6, 4))
    peer.establish()
    hand.say("shutdown")
    rig.equal(hand.answer(), ["shutdown in progress", "done"])
    rig.equal(daemon.wait(), 0)


def test_the_second_shape_of_routes(scene):
    for settings, inside in (({}, {"127.0.0.2": {"routes": [{"prefix": "10.0.0.0/24", "family": "ipv4 unicast"}]}}),
                             ({"api_show_routes_format": "v2"}, None)):
        peer = scene.peer()
        hand = scene.hand("h%d" % peer.port)
        daemon = scene.start(scene.process(hand.name) + peer.section(hand.name), api_dialect="5.0", **settings)
        hand.say("announce route 10.0.0.0/24 next-hop 192.0.2.1 med 7", "show adj-rib out json")
        rig.equal(hand.answer(), ["done"])
        line, done = hand.answer()
        rig.equal(done, "done")
        if inside is not None:
            rig.equal(json.loads(line), inside)
        else:
            told = json.loads(line)
            rig.equal((told["family"], told["route"]["attribute"]["med"]), ("ipv4 unicast", 7))
        rig.equal(daemon.stop(), 0)
        hand.let_go()


def test_the_end_of_a_helper_may_be_the_end_of_all(scene):
    peer = scene.peer()
    scene.shell("h", 'while read -r line; do case "$line" in *" up"*) exit ;; esac; done\n')
    daemon = scene.start(scene.process("h", "respawn false; encoder text;") + peer.section("h", api="neighbor-changes;"), api_terminate="true")
    peer.establish()
    rig.equal(daemon.wait(), 1)
    scene.status_wanted = None


def test_ranges_live_through_reloads(scene):
    port = rig.free_port()
    text = ("neighbor 127.1.0.0/16 { passive true; local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as 65002; "
            "host-name %s; family { ipv4 unicast; } static { route 10.0.%d.0/24 next-hop 192.0.2.1; } }\n")
    daemon = scene.start(text % ("a", 0), tcp_bind="127.0.0.1", tcp_port=port)
    wait_log(daemon, "started")
    peers = [scene.peer(address="127.1.0.%d" % n) for n in (1, 2)]
    for peer in peers:
        peer.connect("127.0.0.1", port)
        peer.handshake()
        peer.keep()
        rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the range's route")
    scene.file("config.conf", text % ("a", 1))
    daemon.signal(signal.SIGUSR1)
    for peer in peers:
        rig.until(lambda: list(peer.routes) == [rig.prefix("10.0.1.0/24")], "the difference")
        peer.check()
    scene.file("config.conf", text % ("b", 1))
    daemon.signal(signal.SIGUSR1)
    for peer in peers:
        rig.until(lambda: not peer.alive(), "the end of a session of a changed range")
        peer.connect("127.0.0.1", port)
        peer.handshake()


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
