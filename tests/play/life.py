#!/usr/bin/env python3
"""Births and deaths, of helpers and of the program: nothing is left behind."""

import json
import os
import signal
import socket
import time

import rig

EVENTS = "neighbor-changes; receive { parsed; update; }"


def standing(scene, others="", names=(), **settings):
    """The program with a peer of a short hold time, established."""
    peer = scene.peer(hold=3)
    daemon = scene.start(others + peer.section(processes=" ".join(names), api=EVENTS), **settings)
    peer.establish()
    return daemon, peer


def recorder(scene, name, more=""):
    """A shell helper that notes its pid and what it hears, and stays as long as its stdin."""
    scene.shell(
        name,
        "%s\nexec 3>&1 >>%s\necho $$ >>%s\nexec cat\n"
        % (more, scene.path(name + ".record"), scene.path(name + ".pids")),
    )
    return scene.process(name)


def pids(scene, name):
    return [int(word) for word in scene.contents(name + ".pids").split()]


def gone(*processes):
    rig.until(
        lambda: all(rig.state_of(p) in (None, "Z") for p in processes), "the end of %s" % (processes,)
    )


def test_a_thousand_children_that_die_at_once(scene):
    sections = "".join(
        "process p%d { run /bin/true; encoder text; }\n" % i for i in range(170)
    )
    daemon, peer = standing(scene, sections, ["p0", "p1"])
    rig.until(lambda: daemon.log().count(" lived=") >= 1020, "a thousand deaths")
    rig.until(lambda: not rig.children(daemon.pid), "no child lives")
    rig.until(lambda: rig.fds(daemon.pid) < 16, "their pipes are gone")
    # those that are tried again a second later leave nothing either
    rig.until(lambda: daemon.log().count(" lived=") >= 1190, "the next death of each")
    rig.until(lambda: not rig.children(daemon.pid), "no child lives")
    rig.until(lambda: rig.fds(daemon.pid) < 16, "descriptors")
    peer.check()


def test_a_killed_helper_is_started_again_and_hears(scene):
    daemon, peer = standing(scene, recorder(scene, "h"), ["h"])
    fds = None
    for life in range(1, 5):
        rig.until(lambda: len(pids(scene, "h")) == life, "life %d" % life)
        route = "198.51.100.%d/32" % life
        peer.send(rig.update(rig.attributes(), rig.prefix(route)))
        rig.until(lambda: route.encode() in scene.contents("h.record"), "the event")
        fds = fds or rig.fds(daemon.pid)
        rig.equal(rig.fds(daemon.pid), fds, "descriptors")
        pid = pids(scene, "h")[-1]
        os.kill(pid, signal.SIGKILL)
        rig.until(lambda: rig.state_of(pid) is None, "the killed helper is reaped")
    peer.check()


def test_routes_of_a_dead_helper_stay(scene):
    hand = scene.hand("h")
    daemon, peer = standing(scene, scene.process("h", "respawn false;"), ["h"])
    hand.say("announce route 10.0.0.0/24 next-hop 192.0.2.1")
    rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the route")
    hand.let_go()
    rig.until(lambda: "is not started again" in daemon.log(), "the death noticed")
    peer.drop()
    peer.establish()
    rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the route in the next session")


def test_what_the_killed_program_leaves(scene):
    """Its helpers see the end of their stdin, its peer the end of the connection, and another can
    take its place at once: address, pid file."""
    port = rig.free_port()
    where = {"tcp_bind": "127.0.0.1", "tcp_port": str(port), "daemon_pid": scene.path("pid")}
    process = recorder(scene, "h")
    daemon, peer = standing(scene, process, ["h"], **where)
    caller = scene.peer()  # calls us, as nobody configured: refused, and with a connection open
    caller.connect("127.0.0.1", port)
    rig.until(lambda: pids(scene, "h"), "the helper's pid")
    rig.equal(scene.contents("pid"), b"%d\n" % daemon.pid, "pid file")
    daemon.kill()
    gone(*pids(scene, "h"))
    rig.until(lambda: peer.closed, "the end at the peer")
    scene.status_wanted = None
    peer.drop()
    second = scene.start(process + peer.section(processes="h", api=EVENTS), **where)
    scene.status_wanted = 0
    scene.daemons.pop(0)
    peer.establish()
    rig.equal(scene.contents("pid"), b"%d\n" % second.pid, "pid file")
    rig.equal(second.stop(), 0, "exit status")
    rig.expect(not os.path.exists(scene.path("pid")), "the pid file is left")


def test_the_orderly_end_leaves_nothing(scene):
    port = rig.free_port()
    before = set(os.listdir(scene.folder))
    helpers = "".join(recorder(scene, "h%d" % i) for i in range(5))
    daemon, peer = standing(
        scene, helpers, ["h%d" % i for i in range(5)],
        tcp_bind="127.0.0.1", tcp_port=str(port), daemon_pid=scene.path("pid"),
    )
    rig.until(lambda: all(pids(scene, "h%d" % i) for i in range(5)), "the helpers")
    start = time.monotonic()
    daemon.signal(signal.SIGTERM)
    rig.equal(daemon.wait(), 0, "exit status")
    print("# ended in %.2f s" % (time.monotonic() - start))
    gone(*[pids(scene, "h%d" % i)[0] for i in range(5)])
    rig.until(lambda: peer.closed, "the end at the peer")
    rig.equal(peer.notification[:2], (6, 2), "NOTIFICATION")
    for i in range(5):
        rig.equal(len(pids(scene, "h%d" % i)), 1, "starts")
        record = scene.contents("h%d.record" % i)
        rig.equal(record.count(b'"shutdown"'), 1, "last line")
        rig.expect(record.endswith(b"\n"), "the last line is cut")
    made = {"h%d%s" % (i, end) for i in range(5) for end in ("", ".pids", ".record")}
    rig.equal(set(os.listdir(scene.folder)) - before, made | {"config.conf", "log"}, "files")
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", port))


def test_the_control_socket_goes_with_the_program(scene):
    path = scene.path("control.sock")
    where = {"api_cli": "true", "api_socketpath": path}
    hand = scene.hand("h")
    daemon, peer = standing(scene, scene.process("h"), ["h"], **where)
    rig.until(lambda: os.path.exists(path), "the control socket")
    clients = []
    for _ in range(5):
        clients.append(socket.socket(socket.AF_UNIX))
        clients[-1].connect(path)
    daemon.kill()  # its path stays, and is no obstacle
    scene.daemons.pop()
    peer.drop()
    daemon = scene.start(scene.process("h") + peer.section(processes="h"), **where)
    peer.establish()
    client = socket.socket(socket.AF_UNIX)
    rig.until(lambda: client.connect_ex(path) == 0, "a client")
    client.sendall(b"announce route 10.0.0.0/24 next-hop 192.0.2.1\n")
    rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the client's route")
    clients.append(client)
    rig.equal(daemon.stop(), 0, "exit status")
    rig.expect(not os.path.exists(path), "the control socket is left")
    for c in clients:
        c.close()


def test_the_end_does_not_wait_for_those_who_do_not_read(scene):
    """Stopped, hanging, flooding, ignoring: five seconds for all of them."""
    flood = "while :; do echo announce route 10.0.0.0/24 next-hop 192.0.2.1; done\n"
    helpers = recorder(scene, "stopped") + recorder(scene, "deaf", "trap '' TERM")
    scene.shell("flood", "exec <&-\necho $$ >%s\n%s" % (scene.path("flood.pids"), flood))
    scene.python(
        "ignore",
        "import os, signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "open(%r, 'w').write(str(os.getpid()))\n"
        "while True: signal.pause()\n" % scene.path("ignore.pids"),
    )
    names = ["stopped", "deaf", "flood", "ignore"]
    daemon, peer = standing(scene, helpers + scene.process("flood") + scene.process("ignore"), names)
    rig.until(lambda: all(pids(scene, n) for n in names), "the helpers")
    os.kill(pids(scene, "stopped")[0], signal.SIGSTOP)
    rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the flood")
    peer.check()
    start = time.monotonic()
    daemon.signal(signal.SIGTERM)
    rig.equal(daemon.wait(), 0, "exit status")
    print("# ended in %.2f s" % (time.monotonic() - start))
    gone(*[p for n in names for p in pids(scene, n)])


def test_the_end_does_not_wait_for_a_peer_that_does_not_read(scene):
    hand = scene.hand("h")
    peer = scene.peer(hold=90)
    daemon = scene.start(scene.process("h") + peer.section(processes="h"))
    peer.establish(keep=False)
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    lines = "".join(
        "announce route 10.%d.%d.%d/32 next-hop 192.0.2.%d\n" % (i >> 16, i >> 8 & 255, i & 255, i & 7)
        for i in range(200000)
    )
    hand.write(lines.encode())
    rig.equal([hand.answer()[-1] for _ in range(200000)], ["done"] * 200000)
    daemon.signal(signal.SIGTERM)
    rig.equal(daemon.wait(), 0, "exit status")


def test_an_end_at_the_beginning_leaves_nothing(scene):
    process = recorder(scene, "h")
    scene.status_wanted = None
    for i in range(10):
        peer = scene.peer(hold=3)
        daemon = scene.start(process + peer.section(processes="h", api=EVENTS))
        start = time.monotonic()
        rig.until(lambda: time.monotonic() - start > i * 0.004, "a moment")
        daemon.signal(signal.SIGTERM)
        status = daemon.wait()
        rig.expect(status in (0, -signal.SIGTERM), "exit status %d", status)
    gone(*pids(scene, "h"))


def test_a_helper_that_asks_for_the_end(scene):
    hand = scene.hand("h")
    daemon, peer = standing(scene, scene.process("h"), ["h"])
    hand.until_line('"up"')
    hand.say("shutdown")
    hand.until_line("shutdown in progress")
    rig.equal(hand.line(), "done")
    hand.until_line('"shutdown"')
    rig.equal(daemon.wait(), 0, "exit status")
    rig.equal(peer.notification[:2], (6, 2), "NOTIFICATION")


def figures(daemon):
    """What the program says of itself at its end."""
    lines = [l for l in daemon.log().splitlines() if '"events"' in l and '"residual"' in l]
    rig.equal(len(lines), 1, "figures")
    said = json.loads(lines[0][lines[0].index("{") :])
    e = said["events"]
    rig.equal(e["enqueued"], e["processed"] + e["dropped"] + e["left"], "events")
    rig.equal(said["residual"], 0, "residual")
    return said


def test_a_signal_in_the_last_moment_takes_nothing_from_the_status(scene):
    for _ in range(5):
        peer = scene.peer()
        daemon = scene.start(peer.section())
        peer.establish()
        while daemon.running():
            daemon.signal(signal.SIGTERM)
        rig.equal(daemon.wait(), 0)


def test_stops_that_come_together_are_one(scene):
    hand = scene.hand("h")
    scene.python(
        "ignore",
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "open(%r, 'w').write('x')\nwhile True: signal.pause()\n" % scene.path("ready"),
    )
    daemon, peer = standing(scene, scene.process("h") + scene.process("ignore"), ["h"])
    rig.until(lambda: scene.contents("ready"), "the one that stays")
    hand.say("shutdown")
    rig.until(lambda: "shutting down" in daemon.log(), "the first")
    for n, number in enumerate((signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGTERM), 1):
        daemon.signal(number)
        rig.until(lambda: "asked_again=%d" % n in daemon.log(), "request %d" % n)
    rig.equal(daemon.wait(), 0, "exit status")
    log = daemon.log()
    rig.equal(log.count("shutting down already"), 4, "warnings")
    rig.equal(log.count("drained routes_left="), 1, "ends")
    rig.until(lambda: peer.closed, "the end at the peer")
    rig.equal(peer.notification[:2], (6, 2), "NOTIFICATION")
    figures(daemon)


def test_failures_in_a_row_end_it_and_one_success_between_does_not(scene):
    scene.status_wanted = None
    hand = scene.hand("h")
    daemon, peer = standing(scene, scene.process("h"), ["h"], daemon_failures="10")
    hand.until_line('"up"')
    good = scene.contents("config.conf")

    def reloads(fine, count):
        scene.file("config.conf", good.decode() + ("" if fine else "rubbish"))
        word = "loaded neighbors=" if fine else "reload failed, nothing changed zone=process"
        for _ in range(count):
            before = daemon.log().count(word)
            daemon.signal(signal.SIGUSR1)
            rig.until(lambda: daemon.log().count(word) > before, word)

    reloads(False, 9)
    reloads(True, 1)
    reloads(False, 9)
    peer.check()
    reloads(False, 1)
    rig.equal(daemon.wait(), 70, "exit status")
    rig.expect("zone=process in_a_row=10" in daemon.log(), "why")
    rig.until(lambda: peer.closed, "the end at the peer")
    rig.equal(peer.notification[:2], (6, 2), "NOTIFICATION")
    rig.equal(figures(daemon)["failures"]["process"], 19, "failures")


STAYS = ["control socket stays zone=cleanup", "pid file stays zone=cleanup"]


def spoiled(scene, **settings):
    """The program, and folders where its files were, which no unlink() takes away, not even root's."""
    daemon, peer = standing(
        scene, api_cli="true", api_socketpath=scene.path("socket"), daemon_pid=scene.path("pid"), **settings
    )
    for path in (scene.path("socket"), scene.path("pid")):
        rig.until(lambda: os.path.exists(path), path)
        os.unlink(path)
        os.mkdir(path)
    return daemon, peer


def told_in_order(daemon, lines):
    log = daemon.log()
    places = [log.find(line) for line in lines]
    rig.expect(-1 not in places and places == sorted(places), "in order: %s" % (places,))
    rig.equal([log.count(line) for line in lines], [1] * len(lines), "how often")
    rig.equal(log.count("zone=cleanup"), len(STAYS), "lines of the zone")


def test_what_can_not_be_put_away_is_told_alone_when_nothing_else_was_wrong(scene):
    daemon, peer = spoiled(scene)
    rig.equal(daemon.stop(), 0, "exit status")
    told_in_order(daemon, ["drained routes_left=0"] + STAYS)
    rig.equal(daemon.log().count("ERROR"), len(STAYS), "errors")
    rig.expect("too much failed" not in daemon.log(), "a phantom")
    rig.equal(figures(daemon)["failures"], {"extract": 0, "process": 0, "deliver": 0, "cleanup": 1})


def test_what_can_not_be_put_away_in_an_emergency_is_told_behind_why_it_ends(scene):
    scene.status_wanted = None
    daemon, peer = spoiled(scene, daemon_failures="1")
    scene.file("config.conf", scene.contents("config.conf").decode() + "rubbish")
    daemon.signal(signal.SIGUSR1)
    rig.equal(daemon.wait(), 70, "exit status")
    told_in_order(daemon, ["reload failed", "too much failed zone=process in_a_row=1"] + STAYS)
    rig.equal(figures(daemon)["failures"], {"extract": 0, "process": 1, "deliver": 0, "cleanup": 1})
    rig.until(lambda: peer.closed, "the end at the peer")
    rig.equal(peer.notification[:2], (6, 2), "NOTIFICATION")


class Bucket(rig.Peer):
    """Takes what comes and looks at it later: as fast as a socket is."""

    def note_update(self, body):
        nlri = rig.split_update(body)[2]
        self.total = getattr(self, "total", 0) + len(nlri) // 5


def test_an_end_under_full_load_loses_nothing_that_was_accepted(scene):
    """What was answered with done before the end, the peer has; commands flood on meanwhile."""
    count = 200000
    hand = scene.hand("h")
    flood = "while :; do echo announce route 10.255.255.0/24 next-hop 192.0.2.1; done\n"
    scene.shell("flood", "exec <&-\n" + flood)
    peer = Bucket("127.0.0.2", hold=90)
    other = scene.peer(address="127.0.0.3", hold=90)
    scene.peers.append(peer)
    daemon = scene.start(
        scene.process("h") + scene.process("flood")
        + peer.section(processes="h") + other.section(processes="flood"),
        daemon_drainwait="60000",
    )
    peer.establish()
    other.establish()
    rig.until(lambda: rig.prefix("10.255.255.0/24") in other.routes, "the flood")
    hand.write("".join(
        "announce route 10.%d.%d.%d/32 next-hop 192.0.2.1\n" % (i >> 16, i >> 8 & 255, i & 255)
        for i in range(count)).encode() + b"shutdown\n")
    start = time.monotonic()
    rig.equal(daemon.wait(120), 0, "exit status")
    print("# ended %.2f s after the last command" % (time.monotonic() - start))
    rig.until(lambda: peer.closed, "the end at the peer")
    rig.equal(peer.total, count, "routes")
    rig.equal(peer.notification[:2], (6, 2), "NOTIFICATION")
    rig.expect("drained routes_left=0" in daemon.log(), "drained")
    figures(daemon)


def test_a_reload_stops_and_starts_what_changed(scene):
    old, stays = recorder(scene, "old"), recorder(scene, "stays")
    new = recorder(scene, "new")
    peer = scene.peer(hold=3)
    section = peer.section(api=EVENTS)
    daemon = scene.start(old + stays + section)
    peer.establish()
    rig.until(lambda: pids(scene, "old") and pids(scene, "stays"), "the helpers")
    scene.file("config.conf", stays + new + section)
    daemon.signal(signal.SIGUSR2)
    rig.until(lambda: pids(scene, "new"), "the new helper")
    rig.until(lambda: rig.state_of(pids(scene, "old")[0]) is None, "the end of the old one")
    rig.equal((len(pids(scene, "old")), len(pids(scene, "stays"))), (1, 1), "starts")
    rig.until(lambda: len(rig.children(daemon.pid)) == 2, "two children")
    peer.check()


def test_reloads_without_end_leave_nothing(scene):
    first, second = recorder(scene, "first"), recorder(scene, "second")
    peer = scene.peer(hold=3)
    section = peer.section(api=EVENTS)
    daemon = scene.start(first + section)
    peer.establish()
    fds = None
    for i in range(20):
        name, text = (("second", second), ("first", first))[i % 2]
        before = len(pids(scene, name))
        scene.file("config.conf", text + section)
        daemon.signal(signal.SIGUSR2)
        rig.until(lambda: len(pids(scene, name)) == before + 1, "reload %d" % i)
        rig.until(lambda: len(rig.children(daemon.pid)) == 1, "one child")
        if i == 1:
            fds = rig.fds(daemon.pid)
    rig.equal(rig.fds(daemon.pid), fds, "descriptors")
    peer.check()


def test_sessions_without_end_leave_nothing(scene):
    hand = scene.hand("h")
    peer = scene.peer(hold=9)
    port = rig.free_port()
    daemon = scene.start(
        scene.process("h") + peer.section(processes="h", inside="passive;", api=EVENTS),
        tcp_bind="127.0.0.1",
        tcp_port=str(port),
    )
    rig.until(lambda: "started version" in daemon.log(), "the start")
    fds = memory = None
    for i in range(200):
        peer.connect("127.0.0.1", port)
        peer.handshake()
        hand.until_line('"up"')
        peer.send(rig.update(rig.attributes(), rig.prefix("198.51.100.%d/32" % i)))
        hand.until_line('"198.51.100.%d/32"' % i)
        if i == 20:
            fds, memory = rig.fds(daemon.pid), rig.rss(daemon.pid)
        if i < 199:
            peer.drop()
            hand.until_line('"down"')
    rig.equal(rig.fds(daemon.pid), fds, "descriptors")
    grown = rig.rss(daemon.pid) - memory
    rig.expect(grown < 256 or rig.sanitized(scene.program), "grown by %d KiB", grown)


rig.main([test for name, test in list(globals().items()) if name.startswith("test_")])
