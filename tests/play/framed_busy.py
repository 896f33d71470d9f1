#!/usr/bin/env python3
"""Helpers that speak frames: many requests, events that wait, what is cancelled, who is stuck."""

import json
import os
import threading
import time

import rig
from frames import (
    accounts,
    alone,
    answer,
    asked,
    finish,
    messages,
    pack,
    respawned,
    route,
    session,
)


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


def loop_of(hand):
    return json.loads(asked(hand, "show loop json")[0])


def cancelled(scene, inside=""):
    daemon, hand, eye, _ = alone(scene, inside)
    hand.ready()
    eye.say("exec framed long")
    hand.until("exec")
    scene.other.say("cancel exec framed")
    rig.equal(answer(scene.other), ["cancelled 1", "done"])
    rig.equal(hand.until("cancel")["re"], 1)
    return daemon, hand, eye


def test_hf_29_a_cancel_waits_for_nobody(scene):
    _, hand, eye, _ = alone(scene, "heartbeat 0;")
    hand.ready()
    least = 1000
    for ident in range(1, 6):  # something else may want the loop meanwhile, but not each time
        eye.say("exec framed long")
        hand.until("exec")
        before = loop_of(scene.other)
        scene.other.say("cancel exec framed")
        rig.equal(answer(scene.other), ["cancelled 1", "done"])
        rig.equal(hand.until("cancel")["re"], ident)
        hand.send({"t": "error", "re": ident, "code": "cancelled", "what": "at once"})
        rig.equal(answer(eye), ["error: cancelled: at once", "error"])
        after = loop_of(scene.other)
        woken, timers = (after[name] - before[name] for name in ("wakeups", "timers"))
        least = min(least, woken - min(timers, 1))
    # one brought the order and said it to the helper, one brought its answer and told it, one asked for the figure,
    # which has to wait for its turn, by a timer, where the one before was a moment ago
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


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
