#!/usr/bin/env python3
"""healthcheck as a helper of the program: what the router has, state by state."""

import os
import signal
import subprocess
import sys

import rig

NET = rig.prefix("192.0.2.10/32")


def check(scene, options, **settings):
    """The program with a health check whose command is the test's: it succeeds while "well" is there."""
    run = "%s healthcheck --ip 192.0.2.10 --no-ip-setup --no-syslog --interval 1 --fast-interval 1" % scene.program
    run += " --command 'test -e %s' %s" % (scene.path("well"), options)
    peer = scene.peer()
    scene.start(scene.process("hc", "encoder text;", run=run) + peer.section(processes="hc"), **settings)
    peer.establish()
    return peer


def has_metric(peer, metric):
    return rig.attribute(0x80, 4, metric.to_bytes(4, "big")) in peer.routes.get(NET, b"")


def get_well(scene):
    scene.file("well", "")


def get_ill(scene):
    os.unlink(scene.path("well"))


def test_metrics_follow_the_state(scene):
    get_well(scene)
    peer = check(scene, "--rise 2 --fall 2 --up-metric 50 --down-metric 700 --disabled-metric 300 --disable %s" % scene.path("off"))
    rig.until(lambda: has_metric(peer, 50), "the metric of up")
    get_ill(scene)
    rig.until(lambda: has_metric(peer, 700), "the metric of down")
    get_well(scene)
    rig.until(lambda: has_metric(peer, 50), "up again")
    scene.file("off", "")
    rig.until(lambda: has_metric(peer, 300), "the metric of disabled")
    peer.check()


def test_down_withdraws_where_asked(scene):
    get_well(scene)
    peer = check(scene, "--rise 1 --fall 1 --withdraw-on-down --community 65001:7")
    rig.until(lambda: NET in peer.routes, "the route")
    rig.expect(rig.attribute(0xC0, 8, bytes.fromhex("fde90007")) in peer.routes[NET], "its community")
    get_ill(scene)
    rig.until(lambda: NET not in peer.routes, "the withdraw")
    peer.check()


def test_it_is_started_as_the_module_of_exabgp_too(scene):
    os.symlink(os.path.abspath(scene.program), scene.path("peerpipe"))
    settings = {"PYTHONPATH": os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "python"),
                "PATH": scene.folder + ":" + os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        start_modules(scene)
    finally:
        os.environ.clear()
        os.environ.update(before)


def start_modules(scene):
    for n, words in enumerate(("exabgp healthcheck", "exabgp.application.healthcheck")):
        run = "%s -m %s --ip 192.0.2.10 --no-ip-setup --no-syslog --rise 1 --up-metric %d" % (sys.executable, words, n + 5)
        peer = scene.peer()
        daemon = scene.start(scene.process("hc", "encoder text;", run=run) + peer.section(processes="hc"))
        peer.establish()
        rig.until(lambda: has_metric(peer, n + 5), words)
        rig.equal(daemon.stop(), 0)
    done = subprocess.run([sys.executable, "-m", "exabgp", "--version"], capture_output=True, text=True, timeout=rig.PATIENCE)
    rig.expect("peerpipe : " in done.stdout, "it is the program: %s", done)


def test_nothing_is_sent_twice(scene):
    get_well(scene)
    peer = check(scene, "--rise 1")
    rig.until(lambda: NET in peer.routes, "the route")
    get_ill(scene)
    rig.until(lambda: has_metric(peer, 1000), "down, some rounds later")
    rig.equal(peer.announced, 2, "announcements")


def test_its_end_withdraws(scene):
    get_well(scene)
    peer = check(scene, "--rise 1 --pid %s" % scene.path("pid"), api_respawn="false")
    rig.until(lambda: NET in peer.routes, "the route")
    os.kill(int(scene.contents("pid")), signal.SIGTERM)
    rig.until(lambda: NET not in peer.routes, "the withdraw")
    peer.check()


def test_who_is_enabled_begins_anew(scene):
    get_well(scene)
    hook = "--execute 'echo $STATE >>%s'" % scene.path("said")
    peer = check(scene, "--rise 2 --disable %s %s" % (scene.file("off", ""), hook))
    rig.until(lambda: has_metric(peer, 500), "the metric of disabled")
    os.unlink(scene.path("off"))
    rig.until(lambda: has_metric(peer, 100), "the metric of up")
    rig.equal(scene.contents("said").split(), [b"DISABLED", b"INIT", b"RISING", b"UP"])


def test_hooks_are_told_the_state(scene):
    get_well(scene)
    said = scene.path("said")
    peer = check(scene, "--rise 1 --fall 1 --execute 'echo any $STATE >>%s' --down-execute 'echo down $STATE >>%s'" % (said, said))
    rig.until(lambda: b"any UP\n" in scene.contents("said"), "the hook of up")
    get_ill(scene)
    rig.until(lambda: b"down DOWN\n" in scene.contents("said"), "the hook of down")
    rig.until(lambda: b"any DOWN\n" in scene.contents("said"), "the hook of all")
    peer.check()


def test_a_check_that_hangs_has_failed(scene):
    run = "%s healthcheck --ip 192.0.2.10 --no-ip-setup --no-syslog --interval 1 --fall 1 --timeout 1" % scene.program
    run += " --command 'sleep 600'"
    peer = scene.peer()
    scene.start(scene.process("hc", "encoder text;", run=run) + peer.section(processes="hc"))
    peer.establish()
    rig.until(lambda: has_metric(peer, 1000), "the metric of down")
    peer.check()


def test_options_come_from_a_file_too(scene):
    get_well(scene)
    scene.file("options", "# comment\nrise = 1\nup-metric = 77\nip = 192.0.2.10\nno-ip-setup\nno-syslog\n")
    run = "%s healthcheck --config %s" % (scene.program, scene.path("options"))
    peer = scene.peer()
    scene.start(scene.process("hc", "encoder text;", run=run) + peer.section(processes="hc"))
    peer.establish()
    rig.until(lambda: has_metric(peer, 77), "the metric of the file")


def alone(scene, *options, **how):
    """A health check that ends after its first announcement."""
    words = [scene.program, "healthcheck", "--no-syslog", "--no-ip-setup", "--interval", "0", "--rise", "1", "--fall", "1"]
    return subprocess.run(words + list(options), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, **how)


def test_options_are_spelled_as_argparse_takes_them(scene):
    """Letters, glued and joined ones, beginnings of names, "=" and values that may be left out."""
    file = scene.file("options", "up-metric = 77\nip = 192.0.2.10\n")
    for words in (
        ["-F", file],
        ["--config=" + file],
        ["--conf", file, "-as"],
        ["--ip", "192.0.2.10", "--up-m=77", "-f2", "-N", "self", "--syslog-facility"],
        ["--ip", "192.0.2.10", "--up-metric", "77", "-sF", "local3", "--fast-interval", "0.5"],
        ["--ip=192.0.2.10", "--up-metric", "77", "--syslog-facility", "--no-ack", "-n", "name", "-t5", "-dcfalse", "-ctrue"],
    ):
        ended = alone(scene, *words)
        rig.equal(ended.stdout, "neighbor * announce route 192.0.2.10/32 next-hop self med 77\n", str(words))
        rig.equal(ended.returncode, 0, str(words))


def test_steps_lead_down_too(scene):
    ended = alone(scene, "--ip", "192.0.2.1", "--ip", "192.0.2.2", "--ip", "192.0.2.3", "--increase", "-60", "-s")
    rig.equal([line.split()[-1] for line in ended.stdout.splitlines()], ["100", "40", "0"], "metrics")


def test_wrong_options_are_told(scene):
    ip = ["--ip", "192.0.2.10"]
    file = scene.file("options", "# two\nintervall = 5\n")
    for words, status, told in (
        (ip + ["--up-metric", "many"], 2, "--up-metric: expected a number"),
        (ip + ["--interval", "1.x"], 2, "--interval: expected a number of seconds"),
        (ip + ["--next-hop", "nowhere"], 2, "--next-hop: expected an address or self"),
        (ip + ["--neighbor", "nobody"], 2, "--neighbor: expected an address or *"),
        (["--ip", "192.0.2.1/24"], 2, "--ip: expected a network"),
        (ip + ["--med", "5"], 2, "--med"),
        (ip + ["--comm", "5"], 2, "ambiguous"),
        (ip + ["--name"], 2, "requires an argument"),
        (ip + ["--no-ack=yes"], 2, "--no-ack"),
        (ip + ["word"], 2, 'found "word"'),
        (ip + ["--config", file], 2, 'line 2: unknown option "intervall"'),
        (ip + ["--pid", "/nonexistent/pid"], 1, "/nonexistent/pid: No such file"),
        (ip + ["--user", "no-such-user"], 1, "--user"),
    ):
        ended = alone(scene, *words)
        rig.expect(told in ended.stderr, "%s: %s" % (words, ended.stderr))
        rig.equal((ended.returncode, ended.stdout), (status, ""), str(words))


def test_a_start_that_fails_leaves_the_pid_of_another(scene):
    file = scene.file("pid", "1")
    alone(scene, "--ip", "nonsense", "--pid", file)
    rig.equal(scene.contents("pid"), b"1", "the file")


def test_a_failed_check_says_why(scene):
    for _ in range(20):  # what it printed may come after the news of its end
        ended = alone(scene, "--ip", "192.0.2.10", "--command", "echo out of order; exit 3")
        rig.expect("the check failed: exit status 3" in ended.stderr, ended.stderr)
        rig.expect("out of order" in ended.stderr, ended.stderr)


IP = """#!/bin/sh
echo "$*" >>%s
case "$*" in
*show*)
    echo '1: lo    inet 127.0.0.1/8 scope host lo'
    echo '1: lo    inet 192.0.2.77/32 scope global lo:web1'
    echo '1: lo    inet 192.0.3.1/24 scope global lo:web2'
    echo '1: lo    inet 192.0.2.78/32 scope global lo:db'
    ;;
*add*192.0.2.10*) exit %d ;;
esac
"""


def said_to_ip(scene):
    lines = scene.contents("said").decode().splitlines()
    return [line.replace("address ", "") for line in lines if "show" not in line]


def with_ip(scene, *options, exists=False):
    """A stand-alone check that can say what it wants to ip(8)."""
    os.makedirs(scene.path("bin"), exist_ok=True)
    scene.script("bin/ip", IP % (scene.path("said"), 2 if exists else 0))
    words = [scene.program, "healthcheck", "--no-syslog", "--silent", "--rise", "1", "--fall", "1", "--interval", "1", *options]
    env = dict(os.environ, PATH=scene.path("bin") + ":" + os.environ["PATH"])
    return subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def finish(check):
    check.send_signal(signal.SIGTERM)
    out, _ = check.communicate(timeout=60)
    rig.equal(check.returncode, 0, "its status")
    return out.splitlines()


def test_addresses_that_were_found_are_left_alone(scene):
    check = with_ip(scene, "--label", "web", "--debounce")
    for net in ("192.0.2.77/32", "192.0.3.1/32"):
        rig.expect(net in check.stdout.readline(), net)
    finish(check)
    rig.equal(said_to_ip(scene), [], "ip")


def test_addresses_go_at_the_end_if_they_are_ours(scene):
    for exists, said in ((False, ["add 192.0.2.10/32 dev lo", "del 192.0.2.10/32 dev lo"]), (True, ["add 192.0.2.10/32 dev lo"])):
        scene.file("said", "")
        check = with_ip(scene, "--ip", "192.0.2.10", exists=exists)
        check.stdout.readline()
        rig.equal(finish(check)[-1], "neighbor * withdraw route 192.0.2.10/32 next-hop self", "the last word")
        rig.equal(said_to_ip(scene), said, "ip")


def test_addresses_follow_the_state_where_asked(scene):
    """Also those that somebody else set up: they would draw traffic to what is down."""
    check = with_ip(scene, "--label", "web", "--dynamic-ip-setup", "--command", "test -e " + scene.path("well"))
    gone = ["del 192.0.2.77/32 dev lo label lo:web", "del 192.0.3.1/24 dev lo label lo:web"]
    rig.until(lambda: said_to_ip(scene) == gone, "removed")
    get_well(scene)
    rig.until(lambda: said_to_ip(scene) == gone + [line.replace("del", "add") for line in gone], "restored")
    finish(check)
    rig.equal(len(said_to_ip(scene)), 4, "foreign addresses stay")


def test_no_hook_is_told_of_the_end(scene):
    check = with_ip(scene, "--ip", "192.0.2.10", "--no-ip-setup", "--execute", "echo $STATE >>" + scene.path("states"))
    rig.until(lambda: scene.contents("states") == b"UP\n", "up")
    finish(check)
    rig.equal(scene.contents("states"), b"UP\n", "states")


rig.main([
    test_metrics_follow_the_state,
    test_down_withdraws_where_asked,
    test_it_is_started_as_the_module_of_exabgp_too,
    test_nothing_is_sent_twice,
    test_its_end_withdraws,
    test_who_is_enabled_begins_anew,
    test_hooks_are_told_the_state,
    test_a_check_that_hangs_has_failed,
    test_options_come_from_a_file_too,
    test_options_are_spelled_as_argparse_takes_them,
    test_steps_lead_down_too,
    test_wrong_options_are_told,
    test_a_start_that_fails_leaves_the_pid_of_another,
    test_a_failed_check_says_why,
    test_addresses_that_were_found_are_left_alone,
    test_addresses_go_at_the_end_if_they_are_ours,
    test_addresses_follow_the_state_where_asked,
    test_no_hook_is_told_of_the_end,
])
