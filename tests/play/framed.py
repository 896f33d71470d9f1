#!/usr/bin/env python3
"""Helpers that speak frames, HF/1: how they begin, pieces, limits and what they are answered."""

import json
import os
import struct
import time

import rig
from frames import (
    READY,
    accounts,
    alone,
    asked,
    finish,
    messages,
    pack,
    respawned,
    route,
    session,
)


def place(eye):
    """Where the input of the helper stands."""
    line = asked(eye, "show buffers json")[0]
    rig.expect('"framed"' in line, "no buffer of it: %s", line)
    return line.split('"framed"')[1].split('"place": "')[1].split('"')[0]


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
    daemon, hand, _, _ = alone(scene, "ready-timeout 2s;")
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


def test_a_command_is_one_line(scene):
    _, hand, eye, _ = alone(scene)
    hand.ready()
    two, after = hand.cmd("announce route 10.0.0.0/24 next-hop 192.0.2.1\nversion", "version")
    rig.equal(hand.answer(two)[1].get("code"), "bad-args")
    rig.expect("exabgp" in hand.answer(after)[0], "no answer")
    rig.equal(asked(eye, "show adj-rib out"), ["done"])
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


def test_hf_11_length_0(scene):
    daemon, hand, _, _ = alone(scene)
    hand.ready().write(struct.pack("!I", 0))
    rig.equal(hand.at_end()[-1]["code"], "protocol")
    respawned(hand, daemon, "breaks the rules")
    finish(scene)


def sized(size):
    frame = {"t": "cmd", "id": 1, "line": "#"}
    return pack(dict(frame, line="#" * (size - len(json.dumps(frame)) + 1)))


def test_a_fault_goes_down_the_ladder(scene):
    daemon, hand, _, _ = alone(scene)
    ends = "open(%r, 'a').write('TERM'); os._exit(7)" % scene.path("told")
    for answers, how in ((ends, "status=7"), ("None", "signal=9")):
        hand.ready()
        hand.do("import signal; signal.signal(signal.SIGTERM, lambda *_: exec(%r)); s.send(b'set')" % answers)
        rig.equal(hand.link.recv(16), b"set")
        hand.write(struct.pack("!I", 0))
        rig.equal(hand.at_end()[-1]["code"], "protocol")
        rig.until(lambda: how in daemon.log(), how)
        hand.take()
    rig.equal(scene.contents("told"), b"TERM", "what the first one did")
    hand.ready()
    finish(scene)


def test_refusals_have_codes_and_reasons_whatever_the_dialect(scene):
    refused = {
        "foo": ("unknown-command", "unknown command"),
        "announce route x": ("bad-args", 'line 1, column 16: expected a prefix, found "x"'),
        "neighbor 9.9.9.9 announce eor": ("no-peer", "no neighbor matches the selector"),
        "announce eor": ("no-peer", "no neighbor is established"),
    }
    _, hand, _, _ = alone(scene, "dialect 5.0;")
    hand.ready()
    for ident, wanted in zip(hand.cmd(*refused), refused.values()):
        error = hand.answer(ident)[1]
        rig.equal((error["code"], error["why"]), wanted)
    finish(scene)


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


def test_hf_14_the_end_inside_of_a_frame(scene):
    daemon, hand, _, _ = alone(scene, "heartbeat 0;", api_respawn="true")
    whole = pack({"t": "hb"})
    # each byte: frames/an_end_is_inside_of_a_frame_at_each_byte_but_the_first
    for cut in (0, 1, 3, 4, 5, len(whole) - 1, len(whole)):
        hand.ready().write(whole[:cut])
        inside = daemon.log().count("inside of a frame")
        os.close(hand.fds.pop())
        if 0 < cut < len(whole):
            hand.at_end()
            rig.equal(daemon.log().count("inside of a frame"), inside + 1)
        hand.take()
    hand.ready()
    finish(scene)


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


def queued(eye):
    eye.say("queue-status")
    lines = eye.answer()
    return sum(int(line.split()[1]) for line in lines if line.startswith("framed:"))


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


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
