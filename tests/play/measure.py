#!/usr/bin/env python3
"""What is measured is true: queues, batches, backpressure; and others can read it."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading

import rig
from frames import FramedHand, process

MANY = 30000  # UPDATEs: more than a channel, an intake and two sockets hold


def cli(scene, *words):
    env = dict(os.environ, exabgp_api_socketpath=scene.path("c.sock"))
    done = subprocess.run([scene.program, "cli", *words], env=env, capture_output=True, text=True, timeout=rig.PATIENCE)
    return done.stdout


def start(scene, configuration):
    daemon = scene.start(configuration, api_cli="true", api_socketpath=scene.path("c.sock"))
    rig.until(lambda: os.path.exists(scene.path("c.sock")), "the control socket")
    return daemon


def answer(text):
    """JSON in front of the acknowledgement."""
    return json.loads(text.splitlines()[0])


def queue(scene, stage, of=""):
    """The only one of this stage and owner."""
    found = [q for q in answer(cli(scene, "show queues json")) if q["stage"] == stage and of in q["of"]]
    rig.equal(len(found), 1, "queues of " + stage)
    return found[0]


def messages(count):
    attrs = rig.attributes()
    return b"".join(rig.update(attrs, b"\x18\x0a" + n.to_bytes(2, "big")) for n in range(count))


def conserved(q, more=0):
    return q["offered"] == q["taken"] + sum(q["dropped"].values()) + q["depth"] + more


def test_the_forms_say_the_same(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    start(scene, scene.process("h") + peer.section("h", api="receive { parsed; update; }"))
    hand.take()
    peer.establish()
    peer.send(messages(5))
    rig.until(lambda: queue(scene, "channel")["taken"] >= 5, "five events")
    intake = queue(scene, "intake")
    rig.equal((intake["depth"], intake["offered"], intake["limit"], intake["wait-max-us"]), (0, intake["taken"], 1000, 0))
    rig.equal(conserved(intake), True)
    words = [w for w in cli(scene, "show queues").splitlines() if w.startswith("queue stage intake of ")]
    rig.equal(len(words), 1)
    rig.expect(" limit 1000 limit-bytes 4194304 " in words[0], "%s", words[0])
    every = answer(cli(scene, "show metrics json"))
    rig.equal(sorted(every), ["loop", "peers", "queues"])
    rig.equal([(p["up"], p["received"]["open"]) for p in every["peers"]], [(1, 1)])
    rig.equal(sorted(q["stage"] for q in every["queues"]), ["channel", "client", "commands", "intake", "pending", "receipts", "receipts"])
    loop = answer(cli(scene, "show loop json"))
    rig.expect(loop["rounds"] >= loop["wakeups"] > 0 and loop["slowest-name"], "%s", loop)
    rig.equal(cli(scene, "show loop nonsense").splitlines()[0], "error: expected json, prometheus, openmetrics or nothing")


def test_commands_that_wait_are_measured(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    start(scene, scene.process("h") + peer.section("h"))
    hand.ready()
    hand.say("announce route 10.0.0.0/8 split /27 next-hop 192.0.2.1", *["version"] * 10)
    now = rig.until(lambda: (lambda q: q if q["depth"] else None)(queue(scene, "commands")), "commands that wait")
    rig.equal((now["depth"], now["bytes"], now["high-water"], now["shut"]), (10, 80, 10, 1))
    for _ in range(11):
        rig.equal(hand.answer()[-1], "done")
    then = queue(scene, "commands")
    rig.equal([then[k] for k in ("depth", "bytes", "high-water", "high-water-bytes", "taken")], [0, 0, 10, 80, 11])
    rig.expect(0 < then["wait-p50-us"] <= then["wait-max-us"], "%s", then)
    rig.expect(then["blocked-us"] > 1000, "%s", then)
    cli(scene, "clear high-water")
    rig.equal(queue(scene, "commands")["high-water"], 0)


def test_commands_in_frames_that_wait_are_measured(scene):
    hand = FramedHand(scene, "framed")
    start(scene, process(scene, "framed") + scene.peer().section("framed"))
    hand.ready(inflight=1)
    ident = hand.cmd("exec framed self")[0]
    hand.until("exec")
    later = hand.cmd("#", "#", "#")
    rig.until(lambda: queue(scene, "commands")["depth"] == 3, "commands that wait")
    hand.send({"t": "result", "re": 1, "value": 1})
    for i in [ident] + later:
        rig.equal(hand.answer(i)[1]["t"], "result")
    then = queue(scene, "commands")
    rig.equal((then["depth"], then["bytes"], then["high-water"], then["high-water-bytes"]), (0, 0, 3, 3))
    rig.expect(then["wait-max-us"] > 0, "%s", then)
    hand.let_go()


def test_receipts_are_measured(scene):
    peer, away = scene.peer(), scene.peer()
    hand = scene.hand("h")
    start(scene, scene.process("h") + peer.section("h") + away.section("h"))
    hand.ready()
    peer.establish()
    for n in range(5):
        hand.say("receipt acked %d neighbor %s announce route 10.0.%d.0/24 next-hop 192.0.2.1" % (n, peer.address, n))
        rig.equal([hand.line(), hand.line()], ["done", "receipt %d acked" % n])
    hand.say("receipt sent f neighbor %s announce route 10.0.0.0/24 next-hop 192.0.2.1" % away.address)
    rig.expect("error" in (hand.line(), hand.line())[1], "it came")
    of = queue(scene, "receipts", "h")
    rig.equal((of["depth"], of["high-water"], of["limit"], of["offered"], of["taken"]), (0, 1, 1000, 6, 5))
    rig.equal((of["dropped"], conserved(of)), ({"failed": 1, "gone": 0}, True))
    rig.expect(of["wait-max-us"] > 0 and "bytes" not in of and "shut" not in of, "%s", of)


SAMPLE = re.compile(r'([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([0-9]+(?:\.[0-9]+)?)')
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\\\\n]|\\\\[\\\\"n])*)"')
ENDINGS = {"gauge": ("",), "counter": ("_total",), "summary": ("", "_sum", "_count")}


def open_metrics(text):
    """Families of a text of OpenMetrics 1.0 as {name: (type, unit, samples)}; what is not as it says fails."""
    rig.expect(text.endswith("\n# EOF\n") and text.count("# EOF") == 1, "no end: %s", text[-80:])
    families, name, seen = {}, None, set()
    for line in text.splitlines()[:-1]:
        if line.startswith("# "):
            _, word, of, *rest = line.split(" ", 3)
            if of != name:
                rig.expect(of not in families, "%s comes twice", of)
                families[of] = [None, None, None, []]
                name = of
            place = {"TYPE": 0, "UNIT": 1, "HELP": 2}[word]
            rig.expect(families[of][place] is None and not families[of][3], "%s", line)
            families[of][place] = rest[0]
            continue
        match = SAMPLE.fullmatch(line)
        rig.expect(match is not None, "no sample: %s", line)
        kind, unit, _, samples = families[name]
        labels = dict(LABEL.findall(match[2] or ""))
        rig.equal(",".join('%s="%s"' % pair for pair in labels.items()), match[2] or "", "labels")
        rig.expect(match[1].startswith(name) and match[1][len(name):] in ENDINGS[kind], "%s in a %s", line, kind)
        rig.equal("quantile" in labels, kind == "summary" and match[1] == name, "a quantile in " + line)
        rig.expect(labels.get("quantile", "1.0") in ("0.5", "0.99", "1.0"), "%s", line)
        rig.expect(not match[1].endswith("_count") or match[3].isdigit(), "%s", line)
        rig.expect((match[1], match[2]) not in seen, "%s comes twice", line)
        seen.add((match[1], match[2]))
        samples.append(line)
    for name, (kind, unit, text, _) in families.items():
        rig.expect(kind in ENDINGS and text, "%s has no type, or no help", name)
        rig.expect(unit is None or name.endswith("_" + unit), "the unit of %s is %s", name, unit)
        rig.expect(not name.endswith("_total"), "%s is the name of a sample", name)
        rig.equal(unit, next((u for u in ("seconds", "bytes") if name.endswith("_" + u)), None), "unit of " + name)
        ends = {name + end for end in ENDINGS[kind] if end}
        rig.expect(not ends & set(families), "%s says the same as another", name)
    return families


def test_openmetrics_is_strict(scene):
    peers, hand = [scene.peer(), scene.peer()], scene.hand("h")
    start(scene, scene.process("h") + "".join(p.section("h", api="receive { parsed; update; }") for p in peers))
    hand.ready()
    for peer in peers:
        peer.establish()
        peer.send(messages(5))
    rig.until(lambda: queue(scene, "channel")["taken"] >= 10, "the events")
    for words in ("show metrics openmetrics", "show queues openmetrics", "show loop openmetrics"):
        said = cli(scene, words)
        text = said[: said.index("# EOF\n") + 6]
        families = open_metrics(text)
        old = [l for l in cli(scene, words.replace("openmetrics", "prometheus")).splitlines() if l.startswith("# TYPE")]
        rig.equal(len(families), len(old), "families")
        if shutil.which("promtool") is None:
            continue
        samples = [line if line.startswith("#") else line + " 1700000000" for line in text.splitlines()]
        path = scene.file("metrics", "".join(line + "\n" for line in samples))
        done = subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", path, scene.path("blocks")],
                              capture_output=True, text=True)
        rig.equal(done.returncode, 0, done.stdout + done.stderr)


def test_prometheus_takes_it(scene):
    if shutil.which("promtool") is None:
        raise rig.Skip("no promtool (package prometheus)")
    peers = [scene.peer(), scene.peer()]
    start(scene, "".join(p.section() for p in peers))
    for peer in peers:
        peer.establish()
    for words in ("show metrics prometheus", "show queues prometheus", "show loop prometheus"):
        text = "".join(line + "\n" for line in cli(scene, words).splitlines() if line != "done")
        samples = [line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")]
        rig.expect(len(samples) > 9, "%s", text)
        rig.equal(len(samples), len(set(samples)), "different samples")
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
        rig.equal((done.returncode, done.stdout + done.stderr), (0, ""), words)


def test_a_helper_that_does_not_read_slows_its_neighbor_and_nothing_is_lost(scene):
    slow, other = scene.peer(hold=3), scene.peer()
    hand = scene.hand("h")
    start(
        scene,
        scene.process("h", "encoder json; queue-bytes 65536;")
        + slow.section("h", inside="queue 200;", api="receive { parsed; update; }")
        + other.section(),
    )
    hand.take()  # and reads nothing
    slow.establish()
    other.establish()
    slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
    sender = threading.Thread(target=slow.send, args=(messages(MANY),), daemon=True)
    sender.start()
    full = rig.until(lambda: (lambda q: q if q["depth"] == 200 else None)(queue(scene, "intake", slow.address)), "a full intake")
    rig.equal(full["high-water"], 200)
    rig.equal(full["shut"], 1)
    rig.equal(queue(scene, "intake", other.address)["shut"], 0)
    beats = len(slow.beats)
    rig.until(lambda: len(slow.beats) >= beats + 4, "KEEPALIVEs for longer than the hold time")
    rig.expect(slow.notification is None and sender.is_alive(), "the neighbor is slowed, and lives")
    rig.equal(queue(scene, "intake", slow.address)["depth"], 200, "messages that wait")
    told = 0
    while told < MANY:
        event = json.loads(hand.line())
        if event.get("type") == "update":
            rig.expect('"10.%d.%d.0/24"' % (told >> 8, told & 255) in json.dumps(event), "event %d is %s", told, event)
            told += 1
    sender.join(rig.PATIENCE)
    intake = rig.until(lambda: (lambda q: q if not q["shut"] and conserved(q) else None)(queue(scene, "intake", slow.address)), "an open intake")
    rig.equal(sum(intake["dropped"].values()), 0)
    rig.expect(intake["blocked-us"] > 3000000 and intake["wait-max-us"] > 3000000, "%s", intake)
    cli(scene, "clear high-water")
    rig.expect(queue(scene, "intake", slow.address)["high-water"] < 200, "a new mark")


def test_batches_come_by_ticks(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    start(
        scene,
        scene.process("h")
        + peer.section("h", inside="batch-mode tick; batch-time 20; batch-size 10;", api="receive { parsed; update; }"),
    )
    hand.take()
    peer.establish()
    rig.until(lambda: queue(scene, "intake")["empty-ticks"] > 3, "ticks that bring nothing")
    peer.send(messages(105))
    for _ in range(105):
        hand.line()
    intake = queue(scene, "intake")
    rig.expect(intake["batches"]["size"] >= 9 and intake["batches"]["time"] >= 1, "%s", intake)
    rig.equal((intake["taken"], conserved(intake)), (105, True))


def test_what_is_open_and_what_waits_in_it(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    start(scene, scene.process("h") + peer.section("h"))
    hand.take()
    peer.establish()
    peer.send(rig.MARKER[:10])
    hand.write(b"announce rou")  # whole when the test is done

    def buffers():
        return {b["stage"]: b for b in answer(cli(scene, "show buffers json"))}

    rig.until(lambda: buffers()["peer"]["have"] == 10 and buffers()["helper"]["have"] == 12, "halves of messages")
    found = buffers()
    rig.equal((found["peer"]["need"], found["peer"]["place"], found["peer"]["held"]), (9, "header", 0))
    rig.equal(found["helper"]["place"], "body")
    hand.write(b"te 10.0.0.0/8 next-hop self\n")
    rig.equal(hand.line(), "done")
    opened = answer(cli(scene, "show fds json"))
    rig.equal(sorted(set(f["of"] for f in opened)), ["control", "helper", "peer", "signals"])
    rig.equal([f["reads"] for f in opened if f["of"] == "peer"], [1])
    rig.equal(cli(scene, "show fds prometheus").splitlines()[0], "error: expected json or nothing")
    steps = cli(scene, "show history").splitlines()
    rig.expect(any("event=GOT_KEEPALIVE next=ESTABLISHED" in s and s.startswith("neighbor ") for s in steps), "%s", steps)
    rig.expect(any(s.startswith("h: ") and s.endswith("state=SPAWNING event=SPAWNED next=RUNNING") for s in steps), "%s", steps)


def test_the_way_of_one_update(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    start(
        scene,
        scene.process("h")
        + peer.section("h", inside="batch-time 60000; batch-size 3;", api="receive { parsed; update; }"),
    )
    hand.take()
    peer.establish()
    rig.equal(answer(cli(scene, "show trace json")), [])
    cli(scene, "trace update")
    rig.equal(answer(cli(scene, "show trace json"))[0]["length"], 0)
    peer.send(messages(2))
    way = rig.until(lambda: (lambda w: w if w["length"] else None)(answer(cli(scene, "show trace json"))[0]), "a message")
    rig.equal(("framed-us" in way, "taken-us" in way), (True, False), "where it is")
    peer.send(messages(1))
    hand.line()
    way = rig.until(lambda: (lambda w: w if "flushed-us" in w else None)(answer(cli(scene, "show trace json"))[0]), "the end")
    times = [way[s + "-us"] for s in ("framed", "taken", "decoded", "told", "applied", "flushed")]
    rig.equal(times, sorted(times), "stages in their order")
    rig.equal(way["length"], len(messages(1)))


def test_the_loop_tells_of_itself_when_it_shall(scene):
    scene.before = ["env", "PEERPIPE_DEBUG=loop"]
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section("h"))
    hand.take()
    peer.establish()
    rig.until(lambda: "debug rounds=" in daemon.log(), "a second")
    rig.until(lambda: 'debug watched for nothing fd=' in daemon.log(), "a pipe with nothing to write")
    rig.equal("watched twice" in daemon.log(), False)


rig.main(
    [
        test_the_forms_say_the_same,
        test_commands_that_wait_are_measured,
        test_commands_in_frames_that_wait_are_measured,
        test_receipts_are_measured,
        test_openmetrics_is_strict,
        test_prometheus_takes_it,
        test_a_helper_that_does_not_read_slows_its_neighbor_and_nothing_is_lost,
        test_batches_come_by_ticks,
        test_what_is_open_and_what_waits_in_it,
        test_the_way_of_one_update,
        test_the_loop_tells_of_itself_when_it_shall,
    ]
)
