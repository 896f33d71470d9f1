#!/usr/bin/env python3
"""Helpers good and bad: how they command, how they are acknowledged, whom they harm (nobody)."""

import json
import os
import random
import signal
import subprocess
import time

import rig

EVENTS = "neighbor-changes; receive { parsed; update; }"


class Company:
    """A peer with a short hold time and a good helper: whatever else lives beside them."""

    def __init__(self, scene, others="", names=(), **settings):
        self.scene = scene
        self.peer = scene.peer(hold=3)
        self.good = scene.hand("good")
        self.daemon = scene.start(
            others
            + scene.process("good")
            + self.peer.section(processes=" ".join(["good", *names]), api=EVENTS),
            **settings
        )
        self.marks = 0
        self.peer.establish()
        self.good.until_line('"up"')

    def fine(self):
        """The good helper commands, the peer hears, and no dead child waits."""
        self.marks += 1
        route = "203.0.113.%d/32" % self.marks
        self.good.say("announce route %s next-hop 192.0.2.1" % route)
        rig.equal(self.good.answer()[-1], "done")
        rig.until(lambda: rig.prefix(route) in self.peer.routes, "the good helper's route")
        self.peer.check()
        rig.until(lambda: not rig.zombies(self.daemon.pid), "no zombies")

    def idle(self):
        rig.idle(self.daemon.pid)

    def told(self, words, times=1):
        rig.until(lambda: self.daemon.log().count(words) >= times, '"%s" in the log' % words)

    def has(self, *routes):
        rig.until(
            lambda: all(rig.prefix(r) in self.peer.routes for r in routes), "routes %s" % (routes,)
        )

    def event(self, route):
        """The peer announces; the good helper is told."""
        self.peer.send(rig.update(rig.attributes(), rig.prefix(route)))
        self.good.until_line('"%s"' % route)


def answers(hand, count):
    return [hand.answer()[-1] for _ in range(count)]


def test_one_that_can_not_be_started_harms_nobody(scene):
    scene.script("bad", "#!/no/such/interpreter\n")
    company = Company(scene, scene.process("bad"), ["bad"])
    company.told("helper bad can not be started program=%s: its interpreter is not there" % scene.path("bad"), 2)
    company.fine()


def test_frames_want_dev_null(scene):
    """As in a chroot."""
    scene.before = ["unshare", "-m", scene.shell("bare", 'mount -t tmpfs none /dev || exit 99\nexec "$@"\n')]
    if subprocess.run(scene.before + ["true"], stderr=subprocess.DEVNULL).returncode != 0:
        raise rig.Skip("no mount namespace")
    scene.script("bad", "#!/bin/sh\n")
    company = Company(scene, scene.process("bad", "protocol framed;"), ["bad"])
    company.told("helper bad can not be started program=%s: there is no /dev/null for its stdin" % scene.path("bad"))
    company.fine()


def test_one_that_dies_at_once_is_started_six_times_then_waited_for(scene):
    times = scene.path("times")
    scene.python("bad", "import time\nopen(%r, 'a').write('%%f\\n' %% time.time())\n" % times)
    company = Company(scene, scene.process("bad"), ["bad"])
    starts = lambda: [float(t) for t in scene.contents("times").split()]
    rig.until(lambda: len(starts()) >= 8, "eight starts")
    at = starts()
    rig.expect(at[6] - at[5] >= 0.9, "the seventh start came after %f s", at[6] - at[5])
    rig.expect(at[7] - at[6] >= 1.8, "the eighth start came after %f s", at[7] - at[6])
    company.fine()


def test_one_that_hangs_harms_nobody(scene):
    company = Company(scene, scene.process("bad", run="/bin/sleep 600"), ["bad"])
    for i in range(10):
        company.event("198.51.100.%d/32" % i)
    company.fine()
    company.idle()


def test_ten_megabytes_without_a_newline_are_a_fault(scene):
    scene.python(
        "bad",
        """
import os, time
while True:
    if os.path.exists(%(flag)r):
        time.sleep(600)
    open(%(flag)r, "w").close()
    block = b"announce " * 4096
    for i in range(10 << 20 >> 15):
        os.write(1, block)
"""
        % {"flag": scene.path("flag")},
    )
    company = Company(scene, scene.process("bad"), ["bad"])
    company.told("helper bad wrote a line over")
    company.told("helper bad died")
    company.told("helper bad started", 2)
    company.idle()
    rig.expect(rig.rss_peak(company.daemon.pid) < 30000 or rig.sanitized(scene.program), "memory")
    company.fine()


def test_binary_rubbish_is_answered_with_error(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad"), ["bad"])
    dice = random.Random(60000)
    for first in range(256):  # a line that starts with a sharp is a comment, whatever follows
        if first != ord("\n"):
            bad.write(bytes([first, 1]) + dice.randbytes(2000).replace(b"\n", b"") + b"\n")
            rig.equal(bad.answer()[-1], "done" if first == ord("#") else "error", "answer to byte %d" % first)
    bad.write(b"\1" + dice.randbytes(60000).replace(b"\n", b"") + b"\n")
    rig.equal(bad.answer()[-1], "error")
    bad.write(b"\0\n\xff\xfe\n\x7f\x1b[2J\n")
    rig.equal(answers(bad, 3), ["error"] * 3)
    bad.write(b"announce route 10.0.0.0/24 next-hop 192.0.2.1\0\n")
    rig.equal(bad.answer()[-1], "error")
    bad.say("announce route 10.0.0.0/24 next-hop 192.0.2.1")
    rig.equal(bad.answer()[-1], "done")
    company.has("10.0.0.0/24")
    company.fine()


def test_one_that_closed_its_stdin_still_commands(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad"), ["bad"])
    bad.ready()
    bad.close_stdin()
    company.event("198.51.100.0/24")
    bad.say("announce route 10.0.0.0/24 next-hop 192.0.2.1")
    company.has("10.0.0.0/24")
    company.told("helper bad closed its stdin")
    bad.say("announce route 10.0.1.0/24 next-hop 192.0.2.1")
    company.has("10.0.1.0/24")
    rig.equal(company.daemon.log().count("helper bad started"), 1, "starts")
    company.fine()
    company.idle()


def test_one_that_closed_its_stdout_still_listens(scene):
    scene.shell("bad", "exec cat >%s\n" % scene.path("record"))
    company = Company(scene, scene.process("bad"), ["bad"])
    for i in range(10):
        company.event("198.51.100.%d/32" % i)
    rig.until(lambda: b"198.51.100.9/32" in scene.contents("record"), "the events")
    company.fine()
    company.idle()
    rig.equal(company.daemon.log().count("helper bad started"), 1, "starts")
    rig.equal(company.daemon.stop(), 0, "exit status")
    rig.expect(b"shutdown" in scene.contents("record"), "the last line")


def test_a_grandchild_that_keeps_the_pipe_delays_no_start(scene):
    scene.shell(
        "bad",
        """
[ -e %(flag)s ] && exec cat
: >%(flag)s
sleep 600 &
echo $! >%(pid)s
echo announce route 10.0.0.0/24 next-hop 192.0.2.1
"""
        % {"flag": scene.path("flag"), "pid": scene.path("pid")},
    )
    company = Company(scene, scene.process("bad"), ["bad"])
    try:
        company.has("10.0.0.0/24")
        company.told("helper bad started", 2)
        company.fine()
        company.idle()
    finally:
        os.kill(int(scene.contents("pid")), signal.SIGKILL)


def test_one_that_ignores_the_end_is_killed(scene):
    scene.python(
        "bad",
        """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("announce route 10.0.0.0/24 next-hop 192.0.2.1", flush=True)
while True:
    signal.pause()
""",
    )
    company = Company(scene, scene.process("bad"), ["bad"])
    company.has("10.0.0.0/24")
    company.fine()
    company.idle()
    rig.equal(company.daemon.stop(), 0, "exit status")


def test_half_a_line_at_the_end_is_no_command(scene):
    scene.shell(
        "bad",
        "echo announce route 10.0.0.0/24 next-hop 192.0.2.1\n"
        "printf 'announce route 10.0.1.0/24 next-hop 192.0.2.1'\n",
    )
    company = Company(scene, scene.process("bad", "respawn false;"), ["bad"])
    company.has("10.0.0.0/24")
    company.told("helper bad is not started again")
    company.fine()
    company.idle()
    rig.expect(rig.prefix("10.0.1.0/24") not in company.peer.routes, "half a line was obeyed")


def test_the_half_line_of_one_life_is_not_of_the_next(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad"), ["bad"])
    bad.write(b"announce route 10.0.0.0/24 next-")
    bad.let_go()
    bad.take()
    bad.say("hop 192.0.2.1", "announce route 10.0.1.0/24 next-hop 192.0.2.1")
    rig.equal(answers(bad, 2), ["error", "done"])
    company.has("10.0.1.0/24")
    rig.expect(rig.prefix("10.0.0.0/24") not in company.peer.routes, "two lives made a command")
    company.fine()


def test_banners_are_errors(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad"))
    bad.say("Welcome to the helper v1.0!", "-" * 70, "", "ready.")
    rig.equal(answers(bad, 4), ["error", "error", "done", "error"])  # an empty line, as in 6.0
    bad.say("version")
    rig.equal(bad.answer()[-1], "done")
    company.fine()


def test_a_hundred_thousand_short_commands_are_each_answered(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad"))
    bad.write(b"#\n" * 100000)
    for _ in range(100000):
        if bad.line() != "done":
            raise rig.Failure("not done")
    rig.expect(bad.quiet(), "more answers than commands")
    company.fine()


def test_what_one_write_announces_and_withdraws_is_never_sent(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad"), ["bad"])
    # Two thirds of a pipe's room, in one write, but no more than takes a few milliseconds.
    count = 60 if rig.sanitized(scene.program) else 600
    routes = ["10.1.%d.%d/32" % (i >> 8, i & 255) for i in range(count)]
    lines = ["announce route %s next-hop 1.2.3.4\n" % r for r in routes]
    lines += ["withdraw route %s\n" % r for r in routes]
    data = "".join(lines).encode()
    rig.expect(len(data) < 65536, "%d bytes", len(data))
    company.fine()
    bad.ready()
    sent = []
    while len(sent) < 5 and 1 not in sent:  # who loses the processor in the middle of it sends what came before
        before = company.peer.announced
        rig.equal(os.write(bad.to, data), len(data), "bytes written")
        rig.equal(answers(bad, 2 * count), ["done"] * (2 * count))
        company.fine()
        sent.append(company.peer.announced - before)
    rig.expect(1 in sent, "announcements: %s", sent)


def test_a_thousand_announcements_then_a_thousand_withdrawals(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad"), ["bad"])
    routes = ["10.1.%d.%d/32" % (i >> 8, i & 255) for i in range(1000)]
    bad.say(*["announce route %s next-hop 192.0.2.1" % r for r in routes])
    rig.equal(answers(bad, 1000), ["done"] * 1000)
    company.has(*routes)
    bad.say(*["withdraw route %s" % r for r in routes])
    rig.equal(answers(bad, 1000), ["done"] * 1000)
    rig.until(lambda: len(company.peer.routes) == 0, "no routes")
    rig.equal(company.peer.withdrawn, 1000, "withdrawn")
    company.fine()


def test_acknowledgements_come_in_order(scene):
    company = Company(scene)
    company.good.say("announce route 10.0.0.0/24 next-hop 192.0.2.1", "nonsense", "# a comment")
    rig.equal(answers(company.good, 3), ["done", "error", "done"])
    company.good.say("neighbor 192.0.2.99 announce route 10.0.1.0/24 next-hop 192.0.2.1")
    rig.equal(company.good.answer()[-1], "error")
    company.fine()


def test_acknowledgements_are_switched(scene):
    company = Company(scene)
    hand = company.good
    hand.say("disable-ack", "#", "nonsense", "announce route 10.0.0.0/24 next-hop 192.0.2.1")
    company.has("10.0.0.0/24")
    hand.say("enable-ack", "#")
    rig.equal([hand.line() for _ in range(3)], ["done"] * 3)  # disable-ack, enable-ack, #
    hand.say("silence-ack", "#", "nonsense", "announce route 10.0.1.0/24 next-hop 192.0.2.1")
    company.has("10.0.1.0/24")
    rig.expect(hand.quiet(), "an answer after silence-ack")
    hand.say("version")  # what it asks for is still told
    rig.expect("exabgp" in hand.line(), "no version")
    hand.say("enable-ack", "nonsense")
    rig.equal(answers(hand, 2), ["done", "error"])
    company.fine()


def test_acknowledgements_are_of_a_life(scene):
    company = Company(scene)
    company.good.say("silence-ack", "announce route 10.0.0.0/24 next-hop 192.0.2.1")
    company.has("10.0.0.0/24")
    company.good.let_go()
    company.good.take()
    company.fine()


def silent_then_enabled(company, hand):
    hand.say("#", "nonsense", "announce route 10.0.0.0/24 next-hop 192.0.2.1")
    company.has("10.0.0.0/24")
    hand.say("enable-ack", "#")
    rig.equal([hand.line() for _ in range(2)], ["done"] * 2)
    rig.expect(hand.quiet(), "more answers")


def test_a_process_without_acknowledgements_has_none(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad", "ack false;"))
    bad.ready()
    bad.say("version")
    rig.expect("exabgp" in bad.line(), "no version")
    bad.say("enable-ack", "#")
    rig.equal([bad.line() for _ in range(2)], ["done"] * 2)
    rig.expect(bad.quiet(), "more answers")
    company.fine()


def test_the_setting_for_all_is_overridden_by_a_process(scene):
    loud = scene.hand("loud")
    quiet = scene.hand("quiet")
    peer = scene.peer()
    scene.start(
        scene.process("loud", "ack true;")
        + scene.process("quiet")
        + peer.section(processes="loud quiet"),
        api_ack="false",
    )
    peer.establish()
    quiet.say("#", "nonsense", "announce route 10.0.0.0/24 next-hop 192.0.2.1")
    rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the route")
    rig.expect(quiet.quiet(), "an answer though acknowledgements are off")
    loud.say("#")
    rig.equal(loud.line(), "done")
    quiet.say("enable-ack", "#")
    rig.equal([quiet.line() for _ in range(2)], ["done"] * 2)


# When a helper is all that matters.


def test_the_program_ends_with_a_helper_where_it_shall(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad", "respawn false;"), api_terminate="true")
    scene.status_wanted = 1
    bad.take()
    company.fine()
    bad.let_go()
    rig.equal(company.daemon.wait(), 1, "exit status")
    rig.equal(company.peer.notification[:2], (6, 2), "NOTIFICATION")
    company.good.until_line('"shutdown"')


def test_the_program_ends_with_a_helper_that_can_not_live(scene):
    scene.script("bad", "#!/no/such/interpreter\n")
    peer = scene.peer()
    scene.status_wanted = 1
    daemon = scene.start(scene.process("bad") + peer.section(), api_terminate="true")
    rig.equal(daemon.wait(), 1, "exit status")


def test_the_program_outlives_a_helper_that_is_started_again(scene):
    bad = scene.hand("bad")
    company = Company(scene, scene.process("bad"), api_terminate="true")
    for _ in range(3):
        bad.take()
        bad.let_go()
    bad.take()
    company.fine()


def test_python_that_prints_and_ends_without_a_flush(scene):
    scene.python(
        "wild",
        "for i in range(200):\n"
        "    print('announce route 10.0.%d.0/24 next-hop 192.0.2.1' % i)\n",
    )
    company = Company(scene, scene.process("wild", "respawn false;"), ["wild"])
    company.has(*["10.0.%d.0/24" % i for i in range(200)])
    company.told("helper wild is not started again")
    company.fine()


def test_shell_that_reads_no_acknowledgement(scene):
    scene.shell(
        "wild",
        "i=0\nwhile [ $i -lt 200 ]; do echo announce route 10.0.$i.0/24 next-hop 192.0.2.1;"
        " i=$((i + 1)); done\nexec sleep 600\n",
    )
    company = Company(scene, scene.process("wild"), ["wild"])
    company.has(*["10.0.%d.0/24" % i for i in range(200)])
    company.fine()


def test_shell_that_reads_each_acknowledgement(scene):
    scene.shell(
        "wild",
        """
i=0
while [ $i -lt 200 ]; do
	echo announce route 10.0.$i.0/24 next-hop 192.0.2.1
	read -r ack
	[ "$ack" = done ] || exit 1
	i=$((i + 1))
done
echo withdraw route 10.0.0.0/24 next-hop 192.0.2.1
read -r ack
echo announce route 10.1.0.0/16 next-hop self
while read -r line; do
	case "$line" in shutdown*) exit 0 ;; esac
done
""",
    )
    peer = scene.peer()
    daemon = scene.start(scene.process("wild", "encoder text;") + peer.section(processes="wild"))
    peer.establish()
    rig.until(lambda: rig.prefix("10.1.0.0/16") in peer.routes, "the last route")
    rig.equal(len(peer.routes), 200, "routes")
    rig.equal(daemon.log().count("helper wild started"), 1, "starts")
    rig.equal(daemon.stop(), 0, "exit status")
    rig.expect("helper wild ended" in daemon.log(), "it did not end by itself")


def test_lines_that_end_as_elsewhere(scene):
    company = Company(scene)
    company.good.write(b"announce route 10.0.0.0/24 next-hop 192.0.2.1\r\n\tversion \t\r\n")
    rig.equal(answers(company.good, 2), ["done"] * 2)
    company.has("10.0.0.0/24")
    company.fine()


def test_events_and_answers_are_whole_lines(scene):
    company = Company(scene)
    for i in range(0, 200, 10):
        nlri = b"".join(rig.prefix("198.51.100.%d/32" % k) for k in range(i, i + 10))
        company.peer.send(rig.update(rig.attributes(), nlri))
        company.good.say("#", "version", "nonsense")
    seen, acks, deadline = set(), 0, time.monotonic() + rig.PATIENCE
    while (len(seen) < 200 or acks < 60) and time.monotonic() < deadline:
        line = company.good.line()
        if line in ("done", "error"):
            acks += 1
        elif line.startswith("{"):
            event = json.loads(line)
            if event["type"] == "update":
                told = event["neighbor"]["message"]["update"]["announce"]["ipv4 unicast"]
                seen.update(r["nlri"] for hop in told.values() for r in hop)
        else:
            rig.expect(line.startswith(("exabgp ", "error: ")), "strange line %s", line)
    rig.equal((len(seen), acks), (200, 60), "routes and acknowledgements")
    company.fine()


rig.main([test for name, test in list(globals().items()) if name.startswith("test_")])
