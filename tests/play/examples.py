#!/usr/bin/env python3
"""The helpers of docs/examples, as they stand there."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys

import rig

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "examples")


def run(scene, name, *words, inside="encoder json;"):
    """The process section of an example; its interpreter is the one that runs this."""
    start = sys.executable if name.endswith(".py") else "/bin/sh"
    words = " ".join([start, os.path.join(FOLDER, name)] + [str(word) for word in words])
    return "process example { run %s; %s }\n" % (words, inside)


def has(peer, *routes):
    wanted = {rig.prefix(route) for route in routes}
    rig.until(lambda: set(peer.routes) == wanted, "%s has %s" % (peer.address, ", ".join(routes)))
    peer.check()


def session(scene, process, **peer):
    one = scene.peer()
    daemon = scene.start(process + one.section(processes="example", **peer))
    one.establish()
    return one, daemon


def test_anycast_follows_the_service(scene):
    port = rig.free_port()
    peer, _ = session(scene, run(scene, "anycast.py", "192.0.2.53/32", "127.0.0.1", port, "0.05"))
    for _ in range(2):
        with socket.create_server(("127.0.0.1", port)):
            has(peer, "192.0.2.53/32")
        has(peer)


def test_static_is_told_all_without_reading(scene):
    routes = ["10.1.%d.0/24" % n for n in range(200)]
    scene.file("prefixes", "".join(route + "\n" for route in routes))
    peer, _ = session(scene, run(scene, "static.sh", scene.path("prefixes")))
    has(peer, *routes)


def test_checked_tells_what_was_refused(scene):
    scene.file("prefixes", "10.1.0.0/24\n10.1.0.0/33\n10.1.1.0/24 192.0.2.9\n")
    peer, daemon = session(scene, run(scene, "checked.sh", scene.path("prefixes")))
    has(peer, "10.1.0.0/24", "10.1.1.0/24")
    rig.until(lambda: "refused: 10.1.0.0/33" in daemon.log(), "the refusal on stderr")


def test_once_is_read_to_its_end(scene):
    process = run(scene, "once.py", "198.51.100.0/24", "32", inside="encoder text; respawn false;")
    peer, _ = session(scene, process)
    has(peer, *("198.51.100.%d/32" % n for n in range(256)))


def test_workers_share_a_pipe(scene):
    paths = [scene.path("route%d" % n) for n in range(3)]
    peer, daemon = session(scene, run(scene, "workers.py", *paths))
    for n in range(3):
        scene.file("route%d" % n, "10.2.%d.0/24\n" % n)
    has(peer, "10.2.0.0/24", "10.2.1.0/24", "10.2.2.0/24")
    os.unlink(paths[1])
    has(peer, "10.2.0.0/24", "10.2.2.0/24")
    daemon.stop()


def post(port, body):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=rig.PATIENCE)
    try:
        link.request("POST", "/", body)
        return link.getresponse().status
    except ConnectionRefusedError:
        return None
    finally:
        link.close()


def test_http_api_takes_joined_commands(scene):
    port = rig.free_port()
    peer, _ = session(scene, run(scene, "http-api.py", port))
    first = "command=announce route 10.3.0.0/24 next-hop 192.0.2.1"
    rig.until(lambda: post(port, first) == 200, "the example listens")
    has(peer, "10.3.0.0/24")
    joined = ";".join("announce route 10.3.%d.0/24 next-hop self" % n for n in range(1, 100))
    rig.equal(post(port, "commands=" + joined + ";"), 200)
    has(peer, *("10.3.%d.0/24" % n for n in range(100)))
    rig.equal(post(port, "nonsense"), 400)
    rig.equal(post(port, "command=nonsense"), 200)
    rig.equal(post(port, "command=withdraw route 10.3.0.0/24"), 200)
    has(peer, *("10.3.%d.0/24" % n for n in range(1, 100)))


def test_mitigate_commands_the_named_neighbors(scene):
    peers = [scene.peer(families=((1, 1), (1, 133))) for _ in range(3)]
    named = [peer.address for peer in peers[:2]]
    os.mkfifo(scene.path("orders"))
    hand = scene.hand("h")
    scene.start(
        run(scene, "mitigate.py", scene.path("orders"), *named)
        + scene.process("h")
        + "".join(
            peer.section(processes="example h").replace("ipv4 unicast;", "ipv4 unicast; ipv4 flow;")
            for peer in peers
        )
    )
    for peer in peers:
        peer.establish()

    def rules():
        hand.say("show adj-rib out")
        lines = [line for line in hand.answer() if "203.0.113.7" in line]
        return [sum(peer.address in line for line in lines) for peer in peers]

    with open(scene.path("orders"), "w", encoding="ascii") as orders:
        orders.write("nonsense\nblock 203.0.113.7\n")
        orders.flush()
        rig.until(lambda: rules() == [1, 1, 0], "the rule at the two that are named")
        orders.write("allow 203.0.113.7\n")
        orders.flush()
        rig.until(lambda: rules() == [0, 0, 0], "the rule is gone")


def test_collector_keeps_tables(scene):
    path = scene.path("routes.json")
    peers = [scene.peer(), scene.peer()]
    daemon = scene.start(
        run(scene, "collector.py", path)
        + "".join(
            peer.section(processes="example", api="neighbor-changes; receive { parsed; update; }")
            for peer in peers
        )
    )
    for n, peer in enumerate(peers):
        peer.establish()
        peer.send(rig.update(rig.attributes(), rig.prefix("10.%d.0.0/16" % n) + rig.prefix("10.9.0.0/16")))
    peers[1].send(rig.update(withdrawn=rig.prefix("10.9.0.0/16")))

    rig.until(lambda: os.path.exists(path), "the first file")

    def tables():
        for pid in rig.children(daemon.pid):
            os.kill(pid, signal.SIGUSR1)
        return json.loads(scene.contents("routes.json"))

    hop = "127.0.0.2"
    both = {
        peers[0].address: {"ipv4 unicast": {"10.0.0.0/16": hop, "10.9.0.0/16": hop}},
        peers[1].address: {"ipv4 unicast": {"10.1.0.0/16": hop}},
    }
    rig.until(lambda: tables() == both, "both tables")
    peers[0].drop()
    rig.until(lambda: tables() == {peers[1].address: both[peers[1].address]}, "one table")


def test_verdicts_are_given_and_counted_over_lives(scene):
    asker = scene.hand("asker")
    daemon = scene.start(
        run(scene, "verdicts.py", "203.0.113.0/24", inside="protocol framed; heartbeat 0;")
        + scene.process("asker")
        + scene.peer().section(processes="asker")
    )

    def verdict(route):
        asker.say('exec example verdict "%s"' % route)
        return asker.answer()

    rig.equal(json.loads(verdict("203.0.113.128/25")[0])["verdict"], "accept")
    rig.equal(json.loads(verdict("198.51.100.0/24")[0])["verdict"], "reject")
    rig.expect(verdict("nonsense")[0].startswith("error: bad-args: "), "it is no route")

    def kept():
        asker.say("show framed")
        return '"checkpoints": 1' in asker.answer()[0]

    rig.until(kept, "its checkpoint")
    example = [pid for pid in rig.children(daemon.pid) if pid != asker.pid]
    os.kill(example[0], signal.SIGKILL)
    rig.until(lambda: "helper example died" in daemon.log(), "its death")
    rig.until(lambda: verdict("203.0.113.0/24")[-1] == "done", "the next life")
    rig.expect(json.loads(verdict("203.0.113.0/24")[0])["asked"] >= 4, "it has forgotten")


def test_framed_is_c(scene):
    compiler = shutil.which("cc")
    if compiler is None:
        raise rig.Skip("there is no cc")
    program = scene.path("framed")
    words = [compiler, "-Wall", "-Wextra", "-Werror", "-o", program, os.path.join(FOLDER, "framed.c")]
    subprocess.run(words, check=True)
    routes = ["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/33"]
    process = "process example { run %s %s; protocol framed; }\n" % (program, " ".join(routes))
    peer, daemon = session(scene, process)
    has(peer, *routes[:2])
    rig.until(lambda: "helper example stderr: refused" in daemon.log(), "the refusal in the log")


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
