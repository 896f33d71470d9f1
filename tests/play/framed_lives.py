#!/usr/bin/env python3
"""Helpers that speak frames: their lives and versions, the raw lane, questions, the end."""

import os
import select
import signal
import struct
import time

import rig
from frames import (
    READY,
    alone,
    answer,
    finish,
    FramedHand,
    messages,
    pack,
    process,
    route,
    session,
)


def test_hf_35_crash_respawn_restore(scene):
    daemon, hand, eye, _ = alone(scene, "max-frame 2097152;")
    hand.ready()
    hand.send(
        {"t": "checkpoint", "id": 1, "key": "a", "data": "QQ==", "size": 1},
        {"t": "checkpoint", "id": 2, "key": "b", "data": "QUI="},
        {"t": "checkpoint", "id": 3, "key": "a", "data": "QUJD"},
        {"t": "checkpoint", "id": 4, "key": "c", "data": "A" * 1400000},
    )
    rig.equal([hand.reply().get("code") for _ in range(4)], [None, None, None, "bad-args"])
    start = time.monotonic()
    os.kill(hand.pid, signal.SIGKILL)
    hand.take().ready()
    told = hand.reply()
    rig.equal((told["t"], told["keys"]), ("restore", {"a": "QUJD", "b": "QUI="}))
    print("# back in service after %.0f ms" % ((time.monotonic() - start) * 1000))
    rig.equal(session(eye)["checkpoints"], 2)
    finish(scene)


def ten_events_wait(scene):
    daemon, hand, eye, peer = alone(scene, "overflow block;")
    hand.ready()
    peer.establish()
    hand.until("event", kind="up")
    hand.send({"t": "pause"})
    rig.until(lambda: session(eye)["paused"], "it pauses")
    peer.send(messages(0, 10))
    eye.until_line('"%s"' % route(9))
    return daemon, hand, eye, peer


def test_hf_35_events_wait_for_the_next_life(scene):
    daemon, hand, eye, peer = ten_events_wait(scene)
    os.kill(hand.pid, signal.SIGKILL)
    hand.take().ready()
    rig.equal([hand.frame()["seq"] for _ in range(10)], list(range(3, 13)))
    finish(scene)


def test_what_waits_in_frames_is_not_for_a_life_that_reads_lines(scene):
    daemon, hand, eye, peer = ten_events_wait(scene)
    scene.shell("lines", "exec cat >>%s\n" % scene.path("heard"))
    before = process(scene, "framed", "overflow block;")
    after = scene.process("framed", "encoder json;", scene.path("lines"))
    scene.file("config.conf", scene.contents("config.conf").decode().replace(before, after))
    scene.file("heard", "")
    os.chmod(scene.path("heard"), 0o666)
    daemon.signal(signal.SIGUSR1)
    rig.until(lambda: "loaded neighbors=1" in daemon.log(), "the reload")
    os.kill(hand.pid, signal.SIGKILL)
    rig.until(lambda: daemon.log().count("helper framed started") == 2, "its next life")
    peer.send(messages(10, 1))
    rig.until(lambda: route(10).encode() in scene.contents("heard"), "an event")
    for line in scene.contents("heard").splitlines():
        rig.expect(line.startswith(b'{ "exabgp"'), "%s", line)
    hand.let_go()


def test_hf_36_a_limit_of_lives(scene):
    scene.status_wanted = None
    daemon, hand, eye, _ = alone(scene, api_terminate="true")
    for life in range(6):
        hand.take().ready()
        os.kill(hand.pid, signal.SIGKILL)
        hand.at_end()
    rig.until(lambda: "ended too often" in daemon.log(), "it is given up")
    daemon.wait()


def test_hf_37_death_inside_of_a_frame(scene):
    daemon, hand, eye, _ = alone(scene)
    hand.ready()
    eye.say("exec framed work")
    hand.until("exec")
    hand.write(pack({"t": "result", "re": 1, "value": "half"})[:-1])
    hand.do("os._exit(1)")
    for fd in hand.fds:
        os.close(fd)
    hand.fds = []
    rig.equal(answer(eye), ["error: internal: the helper ended", "error"])
    hand.take().ready()
    rig.expect("inside of a frame" in daemon.log(), "nothing is said of it")
    rig.expect(hand.answer(hand.cmd("version")[0])[1]["value"] == "done", "it is not served")
    finish(scene)


def test_hf_38_descriptors(scene):
    _, hand, _, _ = alone(scene)
    hand.take()
    rig.equal(hand.words[1:], ["3,4", "HF/1", "framed", "0,1,2,3,4"])
    finish(scene)


def test_hf_38_descriptors_with_the_raw_lane(scene):
    _, hand, _, _ = alone(scene, "raw-lane;")
    hand.take()
    rig.equal(hand.words[1:], ["3,4,5,6", "HF/1", "framed", "0,1,2,3,4,5,6"])
    finish(scene)


def test_hf_38_what_it_prints_is_logged(scene):
    daemon, hand, _, _ = alone(scene)
    hand.ready()
    hand.do("import sys; print('to the log', flush=True); print('a\\x01b', file=sys.stderr, flush=True)")
    rig.until(lambda: "helper framed stdout: to the log\n" in daemon.log(), "stdout")
    rig.until(lambda: "helper framed stderr: a\\x01b" in daemon.log(), "stderr")
    finish(scene)


OLD = {"t": "ready", "proto": 1}  # as little as there can be


NEW = dict(READY, new={"member": [1]}, caps=["of", "tomorrow", "tlv"],
           subscribe={"up": True, "packets": True, "tomorrow": True})


def meets(scene, inside, ready):
    """Each side ignores what it does not know of the other, and what both know works."""
    _, hand, eye, peer = alone(scene, inside)
    hand.take()
    rig.equal("tlv" in hand.frame()["caps"], bool(inside), "whether we have a raw lane")
    hand.send(ready)
    ids = hand.cmd("version")
    hand.send({"t": "tomorrow", "id": 7})
    told = [hand.reply() for _ in range(4)]
    rig.equal([f["code"] for f in told if f["t"] == "error"], ["unknown-type"])
    rig.equal([f["re"] for f in told if f["t"] == "result"], ids)
    hand.send({"t": "cmd", "id": 8, "op": "announce route", "args": ["10.0.0.0/24", "next-hop", "192.0.2.1"], "new": 1})
    rig.equal(hand.answer(8)[1]["t"], "result")
    peer.establish()
    rig.equal(hand.until("event", kind="up")["peer"], peer.address)
    finish(scene)


def test_hf_39_old_server_old_helper(scene):
    meets(scene, "", OLD)


def test_hf_39_old_server_new_helper(scene):
    meets(scene, "", NEW)


def test_hf_39_new_server_old_helper(scene):
    meets(scene, "raw-lane;", OLD)


def test_hf_39_new_server_new_helper(scene):
    meets(scene, "raw-lane;", NEW)


def test_hf_39_one_of_tomorrow_can_go_back(scene):
    daemon, hand, _, _ = alone(scene)
    hand.ready(proto=2)
    told = hand.at_end()[-1]
    rig.equal((told["code"], told["why"]), ("protocol", "it speaks another version of the protocol"))
    hand.take().ready(proto=1)
    rig.equal(hand.answer(hand.cmd("#")[0])[1]["t"], "result")
    finish(scene)


def test_hf_40_figures(scene):
    daemon, hand, eye, peer = alone(scene)
    hand.ready()
    times = []
    for _ in range(2000):
        start = time.monotonic()
        hand.answer(hand.cmd("#")[0])
        times.append(time.monotonic() - start)
    times.sort()
    print("# cmd to result: p50 %.0f us, p99 %.0f us" % (times[1000] * 1e6, times[1979] * 1e6))
    times = []
    for _ in range(200):
        eye.say("exec framed long")
        work = hand.until("exec")["id"]
        start = time.monotonic()
        scene.other.say("cancel exec framed")
        hand.until("cancel")
        times.append(time.monotonic() - start)
        hand.send({"t": "error", "re": work, "code": "cancelled", "what": ""})
        rig.equal(answer(scene.other)[-1], "done")
        rig.equal(answer(eye)[-1], "error")
    times.sort()
    print("# to be cancelled: p50 %.0f us, p99 %.0f us" % (times[100] * 1e6, times[197] * 1e6))
    finish(scene)


class Lane:
    """What comes on descriptor 5 of a helper; what was read too far stays for the next time."""

    def __init__(self, hand):
        self.hand = hand
        self.data = b""
        self.whole = {}

    def value(self):
        while len(self.data) < 3 or len(self.data) < 3 + struct.unpack_from("!H", self.data, 1)[0]:
            rig.expect(select.select([self.hand.fds[2]], [], [], rig.PATIENCE)[0], "nothing comes")
            piece = os.read(self.hand.fds[2], 1 << 16)
            rig.expect(piece, "the lane ended")
            self.data += piece
        kind, size = struct.unpack_from("!BH", self.data)
        value, self.data = self.data[3 : 3 + size], self.data[3 + size :]
        return kind, value

    def take(self, count):
        """So many at least, those lost among them: type, peer, bytes."""
        found = []
        while len(found) < count:
            kind, value = self.value()
            self.whole[kind & 127] = self.whole.get(kind & 127, b"") + value
            if kind < 128:
                value = self.whole.pop(kind)
                if kind == 4:
                    found += [(4, 0, b"")] * struct.unpack("!Q", value)[0]
                else:
                    found.append((kind, struct.unpack_from("!I", value)[0], value[12:]))
        return found


def raw(scene, inside=""):
    hand, eye, peer = FramedHand(scene, "framed"), scene.hand("eye"), scene.peer()
    daemon = scene.start(
        process(scene, "framed", "raw-lane; " + inside) + scene.process("eye", "encoder json;")
        + peer.section(processes="eye framed", api="neighbor-changes; receive { packets; update; }")
    )
    hand.ready(caps=["tlv"], subscribe={"packets": True})
    rig.until(lambda: session(eye)["state"] == "READY", "ready")
    return daemon, hand, eye, peer


def test_the_raw_lane_has_messages_as_bytes(scene):
    _, hand, eye, peer = raw(scene)
    peer.establish()
    peer.send(messages(0, 100))
    lane = Lane(hand)
    found = [one for one in lane.take(101) if one[2] != ("connected " + peer.address).encode()]
    while len(found) < 101:
        found += lane.take(1)
    rig.equal(found[0], (3, found[0][1], ("up " + peer.address).encode()))
    rig.equal(b"".join(value for _, _, value in found[1:101]), messages(0, 100))
    rig.equal({kind for kind, _, _ in found[1:101]}, {1})
    finish(scene)


def test_the_raw_lane_accounts_for_what_it_drops(scene):
    _, hand, eye, peer = raw(scene, "queue-bytes 4096;")
    peer.establish()
    peer.send(messages(0, 20000))
    rig.until(lambda: session(eye)["raw"]["offered"] >= 20001, "all are offered")
    of = session(eye)["raw"]
    rig.equal(of["offered"], of["delivered"] + of["dropped"] + of["queued"], "conservation")
    rig.expect(of["dropped"] > 0, "nothing was dropped")
    lane = Lane(hand)
    got = []

    def drained():
        while select.select([hand.fds[2]], [], [], 0)[0]:
            got.extend(lane.take(1))
        return session(eye)["raw"]["queued"] == 0

    rig.until(drained, "the rest is written")
    peer.send(messages(0, 1))  # in front of it stands what was lost last
    got += lane.take(of["offered"] + 1 - len(got))
    rig.equal(len(got), of["offered"] + 1, "what came, and what was told as lost")
    finish(scene)


def test_a_value_is_asked_for_and_given(scene):
    _, hand, eye, _ = alone(scene)
    hand.ready()
    hand.send(
        {"t": "ask", "id": 1, "prompt": "which \"AS\"?"},
        {"t": "ask", "id": 2, "prompt": "too late", "timeout_ms": 20},
    )
    told = hand.reply()
    rig.equal((told["re"], told["code"]), (2, "timeout"))
    rig.equal(session(eye)["questions"], {"1": 'which "AS"?'})
    eye.say("reply framed 1 65001 and so on")
    rig.equal(answer(eye), ["done"])
    told = hand.reply()
    rig.equal((told["t"], told["re"], told["data"]), ("answer", 1, "65001 and so on"))
    eye.say("reply framed 1 again")
    rig.equal(answer(eye)[-1], "error")
    finish(scene)


def test_only_what_was_subscribed_to_is_told(scene):
    _, hand, eye, peer = alone(scene)
    hand.ready(subscribe={"update": True})
    rig.until(lambda: session(eye)["state"] == "READY", "ready")
    peer.establish()
    peer.send(messages(0, 3))
    kinds = []
    while kinds.count("update") < 3:
        kinds.append(hand.frame()["kind"])
    rig.expect("up" not in kinds, "it hears of up")
    finish(scene)


def test_the_end_takes_a_checkpoint_and_refuses_commands(scene):
    daemon, hand, _, _ = alone(scene)
    hand.ready()
    hand.send({"t": "ask", "id": 1, "prompt": "?"})
    daemon.signal(signal.SIGTERM)
    told = hand.reply()
    rig.equal((told["t"], told["re"], told["code"]), ("error", 1, "shutting-down"))
    rig.equal(hand.reply()["t"], "shutdown")
    hand.send(
        {"t": "checkpoint", "id": 2, "key": "k", "data": "QQ=="},
        {"t": "cmd", "id": 3, "line": "version"},
        {"t": "bye", "code": 0},
    )
    rig.equal([(f["t"], f["re"]) for f in (hand.reply(), hand.reply())], [("result", 2), ("error", 3)])
    hand.let_go()
    rig.equal(daemon.wait(), 0, "status")


def test_helpers_ask_each_other(scene):
    _, hand, eye, peer = alone(scene)
    hand.ready(inflight=1)
    ident = hand.cmd("neighbor %s exec framed self {\"a\": [1]}" % peer.address)[0]
    told = hand.until("exec")
    rig.equal((told["peer"], told["body"]), (peer.address, {"a": [1]}))
    later = hand.cmd("#")[0]  # waits: a command of it is being carried out
    hand.send({"t": "out", "re": told["id"], "n": 0, "data": "part"}, {"t": "result", "re": told["id"], "value": {"b": 2}})
    rig.equal(hand.answer(ident)[0], 'part\n{"b":2}\n')
    rig.equal(hand.answer(later)[1]["t"], "result")


def test_a_receipt_is_an_event(scene):
    _, hand, _, peer = alone(scene)
    hand.ready()
    peer.establish()
    hand.until("event", kind="up")
    line = "receipt acked r1 announce route 10.9.0.0/24 next-hop 192.0.2.1"
    hand.write(pack({"t": "cmd", "id": 1, "line": line}))
    rig.equal(hand.answer(1)[1]["t"], "result")
    rig.equal(hand.until("event", kind="receipt")["body"], {"receipt": "r1", "state": "acked"})
    finish(scene)


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
