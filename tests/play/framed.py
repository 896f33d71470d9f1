#!/usr/bin/env python3
"""Helpers that speak frames, HF/1: real pipes, real children."""

import json
import os
import signal
import struct
import sys
import time

import rig
from frames import READY, FramedHand, finish, pack, process

FEED = "neighbor-changes; receive { parsed; update; }"


def route(i):
    return "10.%d.%d.0/24" % (i >> 8, i & 255)


def messages(first, count):
    return b"".join(
        rig.update(rig.attributes(), rig.prefix(route(i))) for i in range(first, first + count)
    )


def alone(scene, inside="", **settings):
    """A helper with frames, one with lines that looks on, and no peer that has to be there."""
    hand, eye = FramedHand(scene, "framed"), scene.hand("eye")
    scene.other = scene.hand("other")
    peer = scene.peer()
    daemon = scene.start(
        process(scene, "framed", inside) + scene.process("eye", "encoder json;")
        + scene.process("other", "encoder json;")
        + peer.section(processes="eye framed", api=FEED),
        **settings,
    )
    return daemon, hand, eye, peer


def session(eye, name="framed"):
    eye.say("show framed")
    while True:
        line = eye.until_line("{")
        if '"pending-most"' in line:
            return json.loads(line)[name]


def answer(eye):
    """Of one that hears events, too."""
    return [line for line in eye.answer() if not line.startswith('{ "exabgp"')]


def accounts(eye, name="framed"):
    eye.say("show accounting json")
    while True:
        line = eye.until_line('"residual"')
        if line.startswith('{ "helpers"'):
            return json.loads(line)["helpers"][name]


def place(eye):
    """Where the input of the helper stands."""
    eye.say("show buffers json")
    line = eye.until_line('"place"')
    rig.expect("framed" in line, "no buffer of it: %s", line)
    return line.split('"framed"')[1].split('"place": "')[1].split('"')[0]


def respawned(hand, daemon, why):
    first = hand.pid
    hand.take()
    rig.expect(hand.pid != first, "it is the same process")
    rig.expect(why in daemon.log(), "the log has no %s", why)
    hand.ready()


# --- ready ---


def test_hf_01_ready(scene):
    daemon, hand, eye, peer = alone(scene)
    hand.take()
    hello = hand.frame()
    rig.equal(hello["t"], "hello")
    rig.equal(hello["proto"], 1)
    rig.equal(hello["peer_count"], 1)
    rig.equal(hello["limits"], {"frame": 1 << 20, "queue": hello["limits"]["queue"], "inflight": 1024})
    peer.establish()
    rig.until(lambda: accounts(eye)["queued"] > 0, "events wait for ready")
    rig.expect(not hand.data, "something is said before ready")
    hand.send(READY)
    rig.equal(hand.frame()["kind"], "connected")
    up = hand.frame()
    rig.equal((up["t"], up["seq"], up["kind"], up["peer"]), ("event", 2, "up", peer.address))
    rig.equal(up["body"]["neighbor"]["state"], "up")
    rig.equal(session(eye)["state"], "READY")
    finish(scene)


def test_hf_02_late(scene):
    daemon, hand, _, _ = alone(scene, "ready-timeout 100ms;")
    hand.take()
    rig.equal([f["t"] for f in hand.at_end()], ["hello", "error"])
    respawned(hand, daemon, "did not say ready in time")
    finish(scene)


def test_hf_03_twice(scene):
    daemon, hand, _, _ = alone(scene)
    hand.ready().send(READY)
    rig.equal(hand.at_end()[-1]["code"], "protocol")
    respawned(hand, daemon, "may not come now")
    finish(scene)


def test_hf_04_wrong_proto(scene):
    daemon, hand, _, _ = alone(scene)
    hand.ready(proto=2)
    rig.equal(hand.at_end()[-1]["code"], "protocol")
    respawned(hand, daemon, "another version")
    finish(scene)


def test_hf_05_a_frame_before_ready(scene):
    daemon, hand, _, _ = alone(scene)
    hand.take().cmd("version")
    rig.equal([f.get("code") for f in hand.at_end()], [None, "protocol"])
    respawned(hand, daemon, "may not come now")
    finish(scene)


# --- pieces ---


def test_hf_06_partial_header(scene):
    _, hand, _, _ = alone(scene)
    hand.ready()
    whole = pack({"t": "cmd", "id": 1, "line": "version"})
    hand.write(whole[:2])
    hand.do("pass")
    hand.write(whole[2:])
    rig.expect("exabgp" in hand.answer(1)[0], "no answer")
    finish(scene)


def test_hf_07_partial_body(scene):
    _, hand, eye, _ = alone(scene)
    hand.ready()
    whole = pack({"t": "cmd", "id": 1, "line": "version"})
    hand.write(whole[:20])
    rig.until(lambda: place(eye) == "body", "the half is there")
    hand.write(whole[20:])
    rig.expect("exabgp" in hand.answer(1)[0], "no answer")
    finish(scene)


def test_hf_08_drip(scene):
    _, hand, _, _ = alone(scene)
    hand.ready()
    for byte in pack({"t": "cmd", "id": 1, "line": "version"}):
        hand.write(bytes([byte]))
    rig.expect("exabgp" in hand.answer(1)[0], "no answer")
    finish(scene)


def test_hf_09_a_batch_of_1000(scene):
    _, hand, _, peer = alone(scene)
    hand.ready()
    peer.establish()
    ids = hand.cmd(*("announce route %s next-hop 192.0.2.1" % route(i) for i in range(1000)))
    for i in ids:
        rig.equal(hand.answer(i)[1]["value"], "done")
    rig.until(lambda: peer.announced == 1000, "all are announced")
    finish(scene)


def test_hf_10_interleave(scene):
    _, hand, eye, peer = alone(scene)
    hand.ready()
    peer.establish()
    hand.until("event", kind="up")
    hand.write(pack({"t": "hb"}) + pack({"t": "cmd", "id": 1, "line": "version"})[:30])
    peer.send(messages(0, 1))
    hand.until("event", kind="update")
    hand.write(pack({"t": "cmd", "id": 1, "line": "version"})[30:] + pack({"t": "hb"}))
    rig.expect("exabgp" in hand.answer(1)[0], "no answer")
    finish(scene)


# --- limits ---


def test_hf_11_length_0(scene):
    daemon, hand, _, _ = alone(scene)
    hand.ready().write(struct.pack("!I", 0))
    rig.equal(hand.at_end()[-1]["code"], "protocol")
    respawned(hand, daemon, "breaks the rules")
    finish(scene)


def sized(size):
    frame = {"t": "cmd", "id": 1, "line": "#"}
    return pack(dict(frame, line="#" * (size - len(json.dumps(frame)) + 1)))


def test_hf_12_length_max(scene):
    _, hand, _, _ = alone(scene, "max-frame 10485760;")
    hand.ready().write(sized(10485760))
    rig.equal(hand.answer(1)[1]["value"], "done")
    finish(scene)


def test_hf_13_length_over_max(scene):
    daemon, hand, _, _ = alone(scene)
    hand.ready().write(sized((1 << 20) + 1)[:4])
    rig.equal(hand.at_end()[-1]["code"], "protocol")
    respawned(hand, daemon, "over its limit")
    finish(scene)


def test_hf_14_the_end_at_each_byte(scene):
    daemon, hand, _, _ = alone(scene, "heartbeat 0;", api_respawn="true")
    whole = pack({"t": "hb"})
    for cut in range(0, len(whole) + 1, 5):
        hand.ready().write(whole[:cut])
        inside = daemon.log().count("inside of a frame")
        os.close(hand.fds.pop())
        if 0 < cut < len(whole):
            hand.at_end()
            rig.equal(daemon.log().count("inside of a frame"), inside + 1)
        hand.take()
    hand.ready()
    finish(scene)


# --- output before result ---


def test_hf_15_a_mebibyte_in_parts_then_the_result(scene):
    _, hand, eye, peer = alone(scene, "queue-bytes 16777216;")
    hand.ready()
    peer.establish()
    eye.say(*("announce route %s next-hop 192.0.2.1" % route(i) for i in range(12000)))
    for _ in range(12000):
        eye.until_line("done")
    hand.cmd("show adj-rib out extensive")
    outs = []
    while True:
        frame = hand.frame()
        if frame["t"] == "event":
            continue
        if frame["t"] != "out":
            break
        outs.append(frame)
    rig.equal(frame["value"], "done")
    rig.equal([f["n"] for f in outs], list(range(len(outs))), "n")
    rig.equal([f.get("last", False) for f in outs], [False] * (len(outs) - 1) + [True], "last")
    rig.expect(max(len(f["data"]) for f in outs) <= 65536, "a part is over 64 KiB")
    rig.expect(sum(len(f["data"]) for f in outs) >= 1 << 20, "it is too short")
    rig.equal("".join(f["data"] for f in outs).count("next-hop"), 12000)
    finish(scene)


def test_hf_16_what_is_not_read_in_time_has_no_result(scene):
    _, hand, eye, peer = alone(scene, "drain-timeout 200ms; stall-limit 60;")
    hand.ready()
    peer.establish()
    eye.say(*("announce route %s next-hop 192.0.2.1" % route(i) for i in range(10000)))
    for _ in range(10000):
        eye.until_line("done")
    hand.cmd("show adj-rib out extensive", "#")
    rig.until(lambda: queued(eye) > 0, "the answer waits")
    wait = time.monotonic() + 0.5
    rig.until(lambda: time.monotonic() > wait, "the drain-timeout is over")
    data, end = hand.answer(1)
    rig.equal((end["t"], end["code"]), ("error", "drain-timeout"))
    rig.equal(data.count("next-hop"), 10000)
    rig.equal(hand.answer(2)[1]["t"], "result")
    finish(scene)


def queued(eye):
    eye.say("queue-status")
    lines = eye.answer()
    return sum(int(line.split()[1]) for line in lines if line.startswith("framed:"))


def test_hf_17_two_ids_interleaved_keep_their_order(scene):
    _, hand, eye, _ = alone(scene)
    other = scene.other
    hand.ready()
    eye.say("exec framed first 1")
    one = hand.until("exec")["id"]
    other.say("exec framed second 2")
    two = hand.until("exec")["id"]
    for n in range(100):
        for ident in (one, two):
            hand.send({"t": "out", "re": ident, "n": n, "stream": "x", "data": "%d.%d" % (ident, n)})
    hand.send({"t": "result", "re": two, "value": 2}, {"t": "result", "re": one, "value": [1]})
    rig.equal(answer(other), ["%d.%d" % (two, n) for n in range(100)] + ["2", "done"])
    rig.equal(answer(eye), ["%d.%d" % (one, n) for n in range(100)] + ["[1]", "done"])
    finish(scene)


def test_hf_18_exactly_one_terminal_of_100000(scene):
    _, hand, _, _ = alone(scene)
    hand.ready()
    ends = {}
    lines = ["version", "nonsense", "#", "show queues", "help", "debug x", "bye"]
    for batch in range(100):
        ids = hand.cmd(*(lines[i % len(lines)] for i in range(1000)))
        while len(ends) < ids[-1]:
            frame = hand.frame()
            if frame["t"] == "event":
                continue
            if frame["t"] in ("result", "error"):
                rig.expect(frame["re"] not in ends, "two ends of %s", frame)
                ends[frame["re"]] = frame["t"]
            else:
                rig.expect(frame["t"] == "out" and frame["re"] not in ends, "late: %s", frame)
    rig.equal(len(ends), 100000)
    rig.equal(list(ends), list(range(1, 100001)), "their order")
    finish(scene)


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
