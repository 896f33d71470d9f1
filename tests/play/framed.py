#!/usr/bin/env python3
"""Helpers that speak frames, HF/1: real pipes, real children."""

import json
import os
import signal
import struct
import threading
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


def answer(eye):
    """Of one that hears events, too."""
    return [line for line in eye.answer() if not line.startswith('{ "exabgp"')]


def asked(eye, command):
    eye.say(command)
    return answer(eye)


def session(eye, name="framed"):
    return json.loads(asked(eye, "show framed")[0])[name]


def accounts(eye, name="framed"):
    return json.loads(asked(eye, "show accounting json")[0])["helpers"][name]


def place(eye):
    """Where the input of the helper stands."""
    line = asked(eye, "show buffers json")[0]
    rig.expect('"framed"' in line, "no buffer of it: %s", line)
    return line.split('"framed"')[1].split('"place": "')[1].split('"')[0]


def respawned(hand, daemon, why):
    first = hand.pid
    hand.take()
    rig.expect(hand.pid != first, "it is the same process")
    rig.expect(why in daemon.log(), "the log has no %s", why)
    hand.ready()


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



def test_hf_19_a_timeout_is_exact(scene):
    _, hand, eye, _ = alone(scene, "grace 60s;")
    hand.ready()
    start = time.monotonic()
    eye.say("exec framed deadline 300 slow")
    told = hand.until("exec")
    rig.equal((told["kind"], told["deadline_ms"]), ("slow", 300))
    words = answer(eye)
    rig.expect(time.monotonic() - start >= 0.299, "it is too early")
    rig.expect(words[0].startswith("error: timeout: id=1 kind=slow elapsed=3"), "%s", words)
    rig.equal(words[1:], ["error"])
    rig.equal(hand.until("cancel")["re"], told["id"])
    rig.equal(session(eye)["timeouts"], 1)
    hand.send({"t": "error", "re": 1, "code": "cancelled"})
    finish(scene)


def test_hf_20_what_is_late_is_counted_and_not_told(scene):
    _, hand, eye, _ = alone(scene, "grace 60s;")
    hand.ready()
    eye.say("exec framed deadline 20 slow")
    hand.until("exec")
    rig.equal(answer(eye)[-1], "error")
    hand.send({"t": "out", "re": 1, "n": 0, "data": "x"}, {"t": "result", "re": 1, "value": "late"})
    rig.until(lambda: session(eye)["late"] == 2, "both are counted")
    hand.send({"t": "result", "re": 1, "value": "again"})
    rig.until(lambda: session(eye)["late"] == 3, "the third, too")
    rig.equal((session(eye)["pending"], session(eye)["resolved"]), (0, 1))
    finish(scene)


def test_hf_21_the_high_water_mark_is_exact(scene):
    _, hand, eye, _ = alone(scene)
    hand.ready(inflight=1)
    eye.say("exec framed a")
    hand.until("exec")
    scene.other.say("exec framed b")
    rig.until(lambda: watch(hand)["pending"] == 2, "both are pending")
    hand.send({"t": "result", "re": 1})
    rig.equal(answer(eye), ["null", "done"])
    rig.equal(hand.until("exec")["id"], 2)  # not before the first one was answered
    hand.send({"t": "result", "re": 2})
    rig.equal(answer(scene.other), ["null", "done"])
    now = session(eye)
    rig.equal((now["pending"], now["pending-most"], now["resolved"], now["late"]), (0, 2, 2, 0))
    finish(scene)


def watch(hand):
    """The session as the helper itself asks for it."""
    data, end = hand.answer(hand.cmd("show framed")[0])
    rig.equal(end["t"], "result")
    return json.loads(data)[hand.name]


def test_hf_22_an_answer_at_the_time_of_its_timeout_is_told_once(scene):
    _, hand, eye, _ = alone(scene, "grace 60s;")
    hand.ready()
    ends = 0
    for i in range(1, 101):
        eye.say("exec framed deadline 3 race")
        hand.until("exec")
        at = time.monotonic() + 0.003
        while time.monotonic() < at:
            pass
        hand.send({"t": "result", "re": i, "value": i})
        words = answer(eye)
        rig.expect(words == [str(i), "done"] or "timeout" in words[0], "%s", words)
        ends += words[-1] == "done"
    rig.until(lambda: session(eye)["late"] + ends == 100, "each is an answer, or late")
    now = session(eye)
    rig.equal((now["resolved"], now["timeouts"], now["pending"]), (100, 100 - ends, 0))
    finish(scene)


class Reader:
    """Counts the events of a helper."""

    def __init__(self, hand):
        self.hand = hand
        self.number = 1
        self.told = 0
        self.by = set()
        self.kinds = []
        self.routes = []

    def step(self):
        frame = self.hand.frame()
        if frame["t"] == "dropped":
            rig.equal(frame["first"], self.number, "first of a gap")
            rig.equal(frame["last"], frame["first"] + frame["count"] - 1, "last of a gap")
            self.number = frame["last"] + 1
            self.told += frame["count"]
            self.by.add(frame["by"])
        elif frame["t"] == "event":
            rig.equal(frame["seq"], self.number, "seq")
            self.number += 1
            self.kinds.append(frame["kind"])
            if frame["kind"] == "update":
                update = frame["body"]["neighbor"]["message"]["update"]["announce"]
                self.routes += [
                    n["nlri"] for hops in update.values() for nlri in hops.values() for n in nlri
                ]
        return frame

    def until(self, number):
        while self.number <= number:
            self.step()


UPDATES = 3000


def flooded(scene, inside):
    daemon, hand, eye, peer = alone(scene, "queue-bytes 16384; stall-limit 60; " + inside)
    hand.ready()
    peer.establish()
    hand.until("event", kind="up")
    hand.kept.append({"t": "event", "seq": 1, "kind": "connected"})
    hand.kept.append({"t": "event", "seq": 2, "kind": "up"})
    peer.send(messages(0, UPDATES))
    return daemon, hand, eye, peer


def balanced(eye, reader, lost):
    of = accounts(eye)
    rig.equal(of["events"], UPDATES + 2, "events that were offered")
    rig.equal((of["queued"], of["writing"]), (0, 0), "what is left")
    rig.equal(of["delivered"], UPDATES + 2 - reader.told, "delivered")
    rig.equal(of["lost"][lost], reader.told, "lost")


def test_hf_23_drop_new(scene):
    _, hand, eye, _ = flooded(scene, "overflow drop-new;")
    eye.until_line('"%s"' % route(UPDATES - 1))
    reader = Reader(hand)
    reader.until(UPDATES + 2)
    rig.equal(reader.routes, [route(i) for i in range(len(reader.routes))], "the first ones")
    rig.equal(reader.by, {"drop-newest"})
    balanced(eye, reader, "drop-newest")
    finish(scene)


def test_hf_24_drop_oldest(scene):
    _, hand, eye, _ = flooded(scene, "overflow drop-oldest;")
    eye.until_line('"%s"' % route(UPDATES - 1))
    reader = Reader(hand)
    reader.until(UPDATES + 2)
    rig.equal(reader.routes[-1], route(UPDATES - 1), "the last one")
    balanced(eye, reader, "drop-oldest")
    finish(scene)


def test_hf_25_error(scene):
    daemon, hand, eye, _ = flooded(scene, "overflow error;")
    eye.until_line('"%s"' % route(UPDATES - 1))
    rig.until(lambda: "let 10 events in a row be refused" in daemon.log(), "it has failed")
    first = hand.pid
    hand.take().ready()
    rig.expect(hand.pid != first, "it is the same process")
    of = accounts(eye)
    rig.expect(of["lost"]["error"] >= 10, "lost: %s", of)
    told = hand.until("dropped")  # across the lives
    rig.equal(told["last"] - told["first"] + 1, told["count"])
    rig.equal(told["last"], UPDATES + 2)
    finish(scene)


def test_a_refused_event_is_noticed_at_once(scene):
    daemon, hand, eye, peer = alone(scene, "queue 4; overflow error;")
    hand.ready()
    peer.establish()
    hand.until("event", kind="up")
    for first in (0, 100):
        hand.send({"t": "pause"})
        rig.until(lambda: session(eye)["paused"], "it pauses")
        peer.send(messages(first, 7))
        eye.until_line('"%s"' % route(first + 6))
        told = hand.frame()
        rig.equal((told["t"], told["code"], told.get("re")), ("error", "overflow", None))
        hand.send({"t": "resume"})
        rig.equal(sum(hand.until("event") is not None for _ in range(4)), 4)
        told = hand.until("dropped")
        rig.equal((told["count"], told["by"]), (3, "error"))
    rig.equal(accounts(eye)["lost"]["error"], 6)
    finish(scene)


def test_hf_26_block_holds_its_peer_and_then_drops(scene):
    daemon, hand, eye, _ = flooded(scene, "overflow block; block-timeout 300ms;")
    eye.until_line('"%s"' % route(UPDATES - 1))  # it was held, and is not any more
    rig.expect("neighbors were held for 300 ms" in daemon.log(), "it was not held")
    reader = Reader(hand)
    reader.until(UPDATES + 2)
    balanced(eye, reader, "overrun")
    finish(scene)


def test_hf_27_block_loses_nothing_when_it_reads_in_time(scene):
    daemon, hand, eye, _ = flooded(scene, "overflow block; block-timeout 60s;")
    rig.until(lambda: accounts(eye)["queued"] > 0, "events wait")
    reader = Reader(hand)
    reader.until(UPDATES + 2)
    rig.equal((reader.told, reader.routes), (0, [route(i) for i in range(UPDATES)]))
    balanced(eye, reader, "overrun")
    rig.expect("held for" not in daemon.log(), "it was held for too long")
    finish(scene)


def test_hf_28_control_overtakes_events(scene):
    _, hand, eye, _ = flooded(scene, "overflow drop-oldest;")
    eye.until_line('"%s"' % route(UPDATES - 1))
    scene.other.say("exec framed urgent")
    rig.until(lambda: other_session(scene)["pending"] == 1, "it is asked")
    reader = Reader(hand)
    while reader.step()["t"] != "exec":
        pass
    rig.expect(reader.number < UPDATES + 2, "it came behind all events")
    hand.send({"t": "result", "re": 1})
    reader.until(UPDATES + 2)
    balanced(eye, reader, "drop-oldest")
    finish(scene)


def other_session(scene):
    return session(next(h for h in scene.hands if h.name == "eye"))


def cancelled(scene, inside=""):
    daemon, hand, eye, _ = alone(scene, inside)
    hand.ready()
    eye.say("exec framed long")
    hand.until("exec")
    scene.other.say("cancel exec framed")
    rig.equal(answer(scene.other), ["cancelled 1", "done"])
    rig.equal(hand.until("cancel")["re"], 1)
    return daemon, hand, eye


def loop_of(hand):
    return json.loads(asked(hand, "show loop json")[0])


def test_hf_29_a_cancel_waits_for_nobody(scene):
    _, hand, eye, _ = alone(scene, "heartbeat 0;")
    hand.ready()
    least = 1000
    for ident in range(1, 6):  # something else may want the loop meanwhile, but not each time
        eye.say("exec framed long")
        hand.until("exec")
        before = loop_of(scene.other)["wakeups"]
        scene.other.say("cancel exec framed")
        rig.equal(answer(scene.other), ["cancelled 1", "done"])
        rig.equal(hand.until("cancel")["re"], ident)
        hand.send({"t": "error", "re": ident, "code": "cancelled", "what": "at once"})
        rig.equal(answer(eye), ["error: cancelled: at once", "error"])
        least = min(least, loop_of(scene.other)["wakeups"] - before)
    # one brought the order and said it to the helper, one brought its answer and told it, one asked for the figure
    rig.expect(least <= 3, "%d wakeups", least)
    finish(scene)


def test_hf_29_cancel_wins(scene):
    _, hand, eye = cancelled(scene)
    hand.send({"t": "error", "re": 1, "code": "cancelled", "what": "as you wish"})
    rig.equal(answer(eye), ["error: cancelled: as you wish", "error"])
    finish(scene)


def test_hf_30_the_result_wins(scene):
    _, hand, eye = cancelled(scene)
    hand.send({"t": "result", "re": 1, "value": True})
    rig.equal(answer(eye), ["true", "done"])
    finish(scene)


def test_hf_31_neither_is_interrupted_and_started_again(scene):
    daemon, hand, eye = cancelled(scene, "grace 50ms;")
    told = hand.until("interrupt")
    rig.equal((told["re"], told["force_restart"]), (1, True))
    hand.at_end()
    rig.equal(answer(eye), ["error: internal: the helper ended", "error"])
    respawned(hand, daemon, "can not be interrupted")
    finish(scene)


def test_hf_32_missed_heartbeats(scene):
    daemon, hand, eye, _ = alone(scene, "heartbeat 500ms;")
    hand.ready()
    end = time.monotonic() + 2
    while time.monotonic() < end:  # longer than three of them
        hand.send({"t": "hb", "rss": 1, "depth": 0})
        rig.expect(session(eye)["state"] in ("HELLO_SENT", "READY"), "it does not live")
    hand.at_end()
    respawned(hand, daemon, "heartbeats are missing")
    finish(scene)


def test_hf_33_a_stuck_reader(scene):
    daemon, hand, eye, peer = flooded(scene, "overflow drop-oldest; stall-limit 1; heartbeat 0;")
    eye.until_line('"%s"' % route(UPDATES - 1))
    rig.until(lambda: "does not read, killed" in daemon.log(), "it is killed")
    respawned(hand, daemon, "stuck")
    peer.check()
    finish(scene)


def test_hf_34_one_that_spams_harms_nobody(scene):
    _, hand, eye, peer = alone(scene)
    hand.ready()
    peer.establish()
    pieces = b"".join(pack({"t": "cmd", "id": i, "line": "version"}) for i in range(1, 20001))
    os.set_blocking(hand.fds[1], False)
    sent, times = 0, []
    for i in range(200):
        try:
            sent += os.write(hand.fds[1], pieces[sent : sent + 65536])
        except BlockingIOError:
            pass
        start = time.monotonic()
        eye.say("announce route %s next-hop 192.0.2.1" % route(i))
        rig.equal(answer(eye), ["done"])
        times.append(time.monotonic() - start)
    rig.until(lambda: peer.announced == 200, "the peer has all")
    print("# commands of another: p99 %.1f ms" % (sorted(times)[197] * 1000))
    peer.check()
    threading.Thread(target=hand.write, args=(pieces[sent:],)).start()
    rig.equal(hand.answer(20000)[1]["t"], "result")
    finish(scene)


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


def test_hf_35_events_wait_for_the_next_life(scene):
    daemon, hand, eye, peer = alone(scene, "overflow block;")
    hand.ready()
    peer.establish()
    hand.until("event", kind="up")
    hand.send({"t": "pause"})
    rig.until(lambda: session(eye)["paused"], "it pauses")
    peer.send(messages(0, 10))
    eye.until_line('"%s"' % route(9))
    os.kill(hand.pid, signal.SIGKILL)
    hand.take().ready()
    rig.equal([hand.frame()["seq"] for _ in range(10)], list(range(3, 13)))
    finish(scene)


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
            rig.expect(rig.select.select([self.hand.fds[2]], [], [], rig.PATIENCE)[0], "nothing comes")
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
        while rig.select.select([hand.fds[2]], [], [], 0)[0]:
            got.extend(lane.take(1))
        return session(eye)["raw"]["queued"] == 0

    rig.until(drained, "the rest is written")
    peer.send(messages(0, 1))  # in front of it stands what was lost last
    got += lane.take(of["offered"] + 1 - len(got))
    rig.equal(len(got), of["offered"] + 1, "what came, and what was told as lost")
    finish(scene)


# Questions, subscriptions, the end.


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
