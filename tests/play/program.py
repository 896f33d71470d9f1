#!/usr/bin/env python3
"""The program as a process: its words, its settings, its signals, its files and its end."""

import fcntl
import glob
import json
import os
import pwd
import re
import signal
import socket
import subprocess

import rig

EVENTS = "neighbor-changes; receive { parsed; update; }"


def run(scene, *words, given=None, **settings):
    """What it prints and how it ends. settings None: none of the rig's either."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("exabgp") and k != "EXABGP_ENVFILE"}
    env["EXABGP_ROOT"] = scene.folder
    env["exabgp_daemon_user"] = "root" if os.getuid() == 0 else "nobody"
    env.update(settings)
    return subprocess.run([scene.program, *words], env=env, input=given, capture_output=True, text=True,
                          timeout=rig.PATIENCE, cwd=scene.folder)


def neighbor(inside=""):
    return "neighbor 127.0.0.9 { local-address 127.0.0.1; router-id 1.1.1.1; local-as 1; peer-as 2; %s }\n" % inside


def ended(done, status, *words):
    rig.equal(done.returncode, status, "exit status (%s %s)" % (done.stdout[-300:], done.stderr[-300:]))
    for word in words:
        rig.expect(word in done.stdout + done.stderr, "%r is not in %r", word, done.stdout + done.stderr)
    return done


def test_version(scene):
    for word in ("version", "--version"):
        ended(run(scene, word), 0, "ExaBGP : 5.0.13\n", "Uname  : ")
    ended(run(scene, "version", exabgp_version="9.8.7"), 0, "ExaBGP : 9.8.7\n")


def test_no_argument_is_help_settings_and_status_one(scene):
    done = ended(run(scene), 1, "usage: ", "exabgp.tcp.bind")
    rig.equal(done.stderr, "")


def test_help_is_no_fault(scene):
    for words in (("--help",), ("-h",), ("server", "--help"), ("server", "-h"), ("validate", "-h"),
                  ("configuration", "validate", "--help"), ("configuration", "-h"), ("decode", "-h"),
                  ("encode", "--help"), ("mrt", "-h"), ("cli", "-h"), ("run", "--help"), ("env", "-h")):
        done = ended(run(scene, *words), 0, "usage: ")
        rig.equal(done.stderr, "", " ".join(words))


def test_links_are_the_programs_of_their_names(scene):
    for name, told in (("exabgpcli", "usage: peerpipe cli"), ("exabgp-cli", "usage: peerpipe cli"), ("healthcheck", "--rise"), ("exabgp-healthcheck", "--rise"), ("exabgp", "usage: ")):
        os.symlink(os.path.abspath(scene.program), scene.path(name))
        done = subprocess.run([scene.path(name), "--help"], capture_output=True, text=True, timeout=60)
        rig.expect(told in done.stdout, "%s: %s" % (name, done.stdout))
        rig.equal((done.returncode, done.stderr), (0, ""), name)
    done = subprocess.run([scene.path("exabgp"), "-v"], capture_output=True, text=True, timeout=60)
    rig.expect(done.stdout.startswith("ExaBGP : "), "-v alone is the version")


def test_bad_options_end_with_two(scene):
    conf = scene.file("c.conf", neighbor())
    for words in (("server", "--absent", conf), ("server",), ("server", "-s", "x", conf), ("server", "-s"),
                  ("validate", "-q", conf), ("validate",), ("-z", conf), ("configuration", "validate"),
                  ("env", "-x"), ("env", "word"), (conf, "-e")):
        done = ended(run(scene, *words), 2, "usage: ")
        rig.equal(done.stdout, "", " ".join(words))


def test_a_missing_or_bad_file_ends_with_one(scene):
    bad = scene.file("bad.conf", "neighbor {\n")
    for words in (("/absent.conf",), ("server", "/absent.conf"), ("-d", "-p", "/absent.conf"), ("validate", "/absent.conf")):
        ended(run(scene, *words), 1, "/absent.conf is not an exabgp config file (file not found)")
        ended(run(scene, *words, exabgp_log_enable="false"), 1, "file not found")
        ended(run(scene, *words, exabgp_log_level="CRITICAL"), 1, "file not found")
        ended(run(scene, *words, exabgp_log_configuration="false"), 1, "file not found")
    ended(run(scene, bad), 1, bad, "line 1")
    ended(run(scene, "server", scene.file("empty.conf", "")), 1)
    ended(run(scene, "server", scene.folder), 1)


EXAMPLES = "/usr/share/doc/exabgp/examples"


def test_files_of_debians_exabgp_are_valid(scene):
    """As they are installed with it: sessions, routes of most families, templates, processes."""
    names = sorted(glob.glob(EXAMPLES + "/*.conf"))
    if not names:
        raise rig.Skip("exabgp is not installed")
    for name in names:
        ended(run(scene, "validate", "-nrv", name), 0, name + " is valid")


def test_validate(scene):
    helper = scene.shell("h", "cat\n")
    fine = scene.file("fine.conf", scene.process("h") + neighbor("static { route 10.0.0.0/24 next-hop 192.0.2.1; } api { processes [ h ]; }"))
    bad = scene.file("bad.conf", neighbor("hold-time 1;"))
    for words in (("configuration", "validate", "-nrv"), ("validate", "-n", "-r", "-v"), ("validate",), ("validate", "--neighbor", "--route")):
        ended(run(scene, *words, fine), 0, "fine.conf is valid")
        ended(run(scene, *words, bad), 1, "is not a valid config file")
        ended(run(scene, *words, fine, bad), 1, "fine.conf is valid", "is not a valid config file")
    odd = scene.file("odd.conf", neighbor("static { route 2001:db8::/32 next-hop 192.0.2.1; }"))
    ended(run(scene, "validate", "-nrv", odd), 0, "odd.conf is valid")
    alone = scene.file("alone.conf", neighbor("static { attributes next-hop 192.0.2.1 med 5; }"))
    ended(run(scene, "validate", "-nrv", alone), 0, "attributes without nlri", "alone.conf is valid")
    open_end = scene.file("open.conf", neighbor("static { route 10.0.0.0/24 next-hop 192.0.2.1;").rstrip("}\n "))
    ended(run(scene, "validate", "-nrv", open_end), 0, "expected a } that closes neighbor", "open.conf is valid")
    os.chmod(helper, 0o644)
    ended(run(scene, "validate", fine), 1, "line 1")
    rig.expect("neighbor 127.0.0.9" in run(scene, "validate", "-n", scene.file("n.conf", neighbor())).stderr, "-n names neighbors")


def test_standard_input_is_a_configuration(scene):
    ended(run(scene, "validate", "-", given=neighbor()), 0)
    ended(run(scene, "validate", "-", given="neighbor"), 1, "standard input")
    ended(run(scene, "validate", "-", given=""), 1)


def settings(scene, *words, **env):
    """The settings in force, as section.option: value."""
    found, section = {}, ""
    done = ended(run(scene, *words, "env", **env), 0)
    for line in done.stdout.splitlines():
        if line.startswith("[exabgp."):
            section = line[8:-1]
        elif " = " in line:
            found[section + "." + line.partition(" = ")[0]] = line.partition(" = ")[2]
        elif line.endswith(" ="):
            found[section + "." + line[:-2]] = ""
    return found


def test_a_pipe_is_a_configuration_where_nobody_is_served_yet(scene):
    os.mkfifo(scene.path("fifo"))
    ended(run(scene, "validate", scene.path("fifo")), 1, "fifo")  # nobody writes
    reads, writes = os.pipe()
    program = subprocess.Popen(
        [scene.program, "validate", "/dev/fd/%d" % reads], pass_fds=[reads], env=scene.environment({}), stderr=subprocess.DEVNULL
    )
    os.close(reads)
    rig.until(lambda: rig.state_of(program.pid) == "S", "it waits")
    os.write(writes, neighbor().encode())
    os.close(writes)
    rig.equal(program.wait(rig.PATIENCE), 0, "exit status")


def test_defaults_are_those_of_the_reference(scene):
    have = settings(scene)
    for name, value in {
        "daemon.user": "root" if os.getuid() == 0 else "nobody", "daemon.daemonize": "false", "daemon.drop": "true",
        "daemon.umask": "0137", "log.level": "INFO", "log.destination": "stdout", "log.short": "true", "tcp.port": "179",
        "tcp.attempts": "0", "bgp.openwait": "60", "api.ack": "true", "api.respawn": "true", "api.pipename": "exabgp",
        "api.socketname": "exabgp", "api.chunk": "1", "cache.attributes": "true", "log.packets": "false", "log.reactor": "true",
    }.items():
        rig.equal(have.get(name), value, name)


def test_the_dot_wins_over_the_underscore_and_both_over_the_file(scene):
    file = scene.file("e", "[exabgp.tcp]\nport = 1001\nattempts = 7\n")
    rig.equal(settings(scene, "--env", file)["tcp.port"], "1001")
    rig.equal(settings(scene, "--env", file, exabgp_tcp_port="1002")["tcp.port"], "1002")
    both = {"exabgp.tcp.port": "1003", "exabgp_tcp_port": "1002"}
    rig.equal(settings(scene, "--env", file, **both)["tcp.port"], "1003")
    rig.equal(settings(scene, "--env", file, **both)["tcp.attempts"], "7")


def test_where_the_file_is(scene):
    file = scene.file("e", "[exabgp.tcp]\nport = 1001\n")
    for words in (("-e", file), ("--env", file), ("--env-file", file), ("--env=" + file,), ("--env-file=" + file,)):
        rig.equal(settings(scene, *words)["tcp.port"], "1001", str(words))
    rig.equal(settings(scene, EXABGP_ENVFILE=file)["tcp.port"], "1001")
    os.makedirs(scene.path("etc/exabgp"))
    scene.file("etc/exabgp/exabgp.env", "[exabgp.tcp]\nport = 1002\n")
    rig.equal(settings(scene)["tcp.port"], "1002")
    rig.equal(settings(scene, "-e", file)["tcp.port"], "1001")


def test_how_values_are_written(scene):
    file = scene.file("e", """
# a comment
; another
[exabgp.daemon]
user = 'root'
umask = 0o22
PID: "/tmp/x y"

[exabgp.log]
all = YES
short = 0
level = "DEBUG"
[exabgp.tcp]
bind = '127.0.0.1 ::1'
delay=5
[exabgp.api]
show-routes-format = v2
ack = off
compact = Enable
""")
    have = settings(scene, "-e", file, exabgp_daemon_user="'root'")
    for name, value in {"daemon.user": "root", "daemon.umask": "022", "daemon.pid": "/tmp/x y", "log.all": "true", "log.short": "false",
                        "log.level": "DEBUG", "tcp.bind": "127.0.0.1 ::1", "tcp.delay": "5", "api.show_routes_format": "v2",
                        "api.ack": "false", "api.compact": "true"}.items():
        rig.equal(have[name], value, name)
    rig.equal(settings(scene, exabgp_daemon_umask="0137")["daemon.umask"], "0137")
    rig.equal(settings(scene, exabgp_daemon_umask="77")["daemon.umask"], "077")


def test_unknown_keys_of_the_file_are_only_advice(scene):
    file = scene.file("e", "[exabgp.api]\nhighres = false\nsocket = x\nack = false\n[exabgp.reactor]\nspeed = 2.0\n[other]\nkey = 1\nnonsense\n")
    rig.equal(settings(scene, "-e", file)["api.ack"], "false")
    conf = scene.file("c.conf", neighbor())
    ended(run(scene, "-e", file, "validate", conf), 0)


def test_bad_values_are_refused_by_name(scene):
    conf = scene.file("c.conf", neighbor())
    for name, value in (("tcp.port", "x"), ("tcp.port", "65536"), ("tcp.port", "-1"), ("daemon.umask", "9"), ("daemon.umask", ""),
                        ("bgp.openwait", "1e3"), ("tcp.attempts", "99999999999"), ("api.encoder", "xml"), ("api.dialect", "4.3"),
                        ("api.version", "5"), ("api.show_routes_format", "v3")):
        ended(run(scene, conf, **{"exabgp." + name: value}), 1, name)
        section, _, option = name.partition(".")
        file = scene.file("e", "[exabgp.%s]\n%s = %s\n" % (section, option, value))
        ended(run(scene, "--env", file, conf), 1, name, "(%s line 2)" % file)
    ended(run(scene, conf, exabgp_tcp_bind="127.0.0.1 nowhere"), 1, "nowhere")


def test_words_of_settings_have_any_case_and_may_be_empty(scene):
    for name, value, meant in (("api.encoder", "JSON", "json"), ("api.encoder", "'Text'", "text"), ("api.encoder", "", "text"),
                               ("api.show_routes_format", "V2", "v2"), ("api.dialect", "6.0-V4", "6.0-v4"), ("api.dialect", "", "")):
        rig.equal(settings(scene, **{"exabgp." + name: value})[name], meant, "%s=%s" % (name, value))


def test_the_env_file_stands_anywhere_without_a_subcommand(scene):
    conf = scene.file("c.conf", neighbor())
    file = scene.file("e", "[exabgp.tcp]\nport = absent\n")
    for words in (("-e", file, conf), ("-d", "-e", file, conf), (conf, "--env", file), ("-1", conf, "--env-file=" + file)):
        ended(run(scene, *words), 1, "tcp.port", file)


def test_env_forms(scene):
    rig.expect("exabgp.tcp.bind='::1'" in run(scene, "env", "-e", exabgp_tcp_bind="::1").stdout, "environment form")
    done = run(scene, "env", "-d", exabgp_tcp_attempts="3", exabgp_daemon_user="nobody")
    rig.equal(done.stdout, "[exabgp.tcp]\nattempts = 3\n")
    rig.expect("debug" not in run(scene, "env").stdout, "debug settings are not printed")
    # what is printed is read back as the same
    first = run(scene, "env", exabgp_tcp_bind="127.0.0.1 ::1", exabgp_daemon_umask="027").stdout
    file = scene.file("e", first)
    rig.equal(run(scene, "-e", file, "env").stdout, first)


# The command line of 4.2, and configuration.

MESSAGE = rig.update(rig.attributes(asn=65002), rig.prefix("10.0.0.0/24")).hex()


def test_the_spellings_of_4_2(scene):
    peer = scene.peer()
    file = scene.file("c", peer.section())
    for option in ("-t", "--test", "--validate"):
        rig.equal(run(scene, option, file).returncode, 0, option)
        rig.equal(run(scene, option, "/nonexistent").returncode, 1, option)
    for option in ("-x", "--decode"):
        done = run(scene, option, MESSAGE, file)
        rig.equal(json.loads(done.stdout)["exabgp"], "4.0.1", option)
        rig.equal(json.loads(run(scene, option, MESSAGE).stdout)["type"], "update", option)
    for glued in ("-x" + MESSAGE, "--decode=" + MESSAGE):
        rig.equal(json.loads(run(scene, glued, file).stdout)["exabgp"], "4.0.1", glued[:9])
        rig.equal(run(scene, glued, file, "-x", MESSAGE).stdout.count("\n"), 2, "both")
    told = json.loads(run(scene, "--decode", MESSAGE, file, exabgp_api_dialect="5.0").stdout)
    rig.equal(told["exabgp"], "5.0.0")
    for old, new in (
        (("--fi",), ("env",)),
        (("--full-ini",), ("env",)),
        (("--di",), ("env", "-d")),
        (("--fe",), ("env", "-e")),
        (("--diff-env",), ("env", "-d", "-e")),
    ):
        rig.equal(run(scene, *old).stdout, run(scene, *new).stdout, old[0])
    rig.expect("--rise" in run(scene, "--run", "healthcheck", "--help").stdout, "healthcheck")
    rig.equal(run(scene, "-f", "/nowhere", "--run", "cli", "version").returncode, 1)


def test_a_configuration_as_json_and_an_example(scene):
    peer = scene.peer()
    static = "static { route 10.0.0.0/24 next-hop 192.0.2.1 med 7; }"
    file = scene.file("c", scene.process("h", run="/bin/cat") + peer.section(processes="h", inside=static))
    told = json.loads(run(scene, "configuration", "export", file).stdout)
    (neighbor,) = told["neighbor"].values()
    rig.equal(neighbor["peer-as"], "65002")
    rig.equal(neighbor["family"], ["ipv4 unicast"])
    rig.equal(neighbor["routes"], ["10.0.0.0/24 next-hop 192.0.2.1 med 7"])
    rig.equal(list(told["process"]), ["h"])
    out = scene.path("out")
    rig.equal(run(scene, "configuration", "export", "-i", "0", "-o", out, file).stdout, "")
    rig.equal(json.loads(open(out, encoding="utf-8").read()), told)
    rig.equal(run(scene, "configuration", "export", "/nonexistent").returncode, 1)
    rig.equal(run(scene, "configuration", "frob").returncode, 2)
    example = scene.file("e", run(scene, "configuration", "example", "neighbor").stdout)
    rig.equal(run(scene, "configuration", "validate", "-nrv", example).returncode, 0)
    rig.expect("process announcer" in run(scene, "configuration", "example").stdout, "all of it")


def test_debug_route_is_decoded_and_nothing_else(scene):
    file = scene.file("c", scene.peer().section())
    told = json.loads(run(scene, file, exabgp_debug_route=MESSAGE).stdout)
    rig.equal(told["type"], "update")


def wait_log(daemon, words, times=1):
    rig.until(lambda: daemon.log().count(words) >= times, "%r in the log" % words)


def test_every_option_of_the_server_is_taken(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section("h"), "-v", "-d", "-p", "-m", "-1", "--profile", "x", "-s", "1", "--debug")
    peer.establish()
    rig.expect(hand.take(), "the helper")
    wait_log(daemon, "SIGUSR1")
    wait_log(daemon, "loaded neighbors=1")
    peer.check()
    peer.drop()
    rig.equal(daemon.wait(), 0, "with -1 it ends with the first session")


def implicit(scene, *words, **settings):
    scene.daemons.append(rig.Daemon(scene, scene.program, list(words), scene.environment(settings)))
    return scene.daemons[-1]


def test_a_file_alone_means_server(scene):
    peer = scene.peer()
    implicit(scene, "-d", "-p", scene.file("c.conf", peer.section()))
    peer.establish()
    other = scene.peer()
    implicit(scene, "-e", scene.file("e", "[exabgp.log]\nlevel = DEBUG\n"), scene.file("d.conf", other.section()))
    other.establish()


def test_several_files_are_several_daemons(scene):
    peers = [scene.peer() for _ in range(3)]
    files = [scene.file("%d.conf" % i, p.section()) for i, p in enumerate(peers)]
    daemon = implicit(scene, "-e", scene.file("e", "[exabgp.tcp]\nonce = true\n"), "server", "-v", *files)
    for peer in peers:
        peer.establish()
    rig.equal(len(rig.children(daemon.pid)), 3)
    daemon.signal(signal.SIGUSR1)
    wait_log(daemon, "loaded neighbors=1", 3)
    peers[0].drop()
    rig.until(lambda: len(rig.children(daemon.pid)) == 2, "the end of the first")
    daemon.signal(signal.SIGTERM)
    rig.equal(daemon.wait(), 0)
    ended(run(scene, *files, exabgp_log_destination=scene.path("log.txt")), 1, "one file")
    ended(run(scene, "/absent.conf", "/absent2.conf"), 1, "/absent.conf", "/absent2.conf")


def test_rotate_takes_the_next_file_at_each_reload(scene):
    peers = [scene.peer() for _ in range(2)]
    files = [scene.file("%d.conf" % i, p.section()) for i, p in enumerate(peers)]
    daemon = implicit(scene, "server", *files, debug_rotate="true")
    for turn in (0, 1, 0):
        peers[turn].establish()
        daemon.signal(signal.SIGUSR1)
        rig.until(lambda: not peers[turn].alive(), "the end of the session of file %d" % turn)
        peers[turn].drop()


def test_term_hup_and_int_end_in_order(scene):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        peer = scene.peer()
        hand = scene.hand("h%d" % number)
        daemon = scene.start(scene.process(hand.name, "encoder text;") + peer.section(hand.name, api="neighbor-changes;"))
        peer.establish()
        hand.until_line("up")
        daemon.signal(number)
        hand.until_line("shutdown")
        rig.expect(hand.line() in ("", None), "nothing comes behind the shutdown")
        rig.equal(daemon.wait(), 0)
        rig.until(lambda: not peer.alive(), "the end of the session")


def test_usr1_sends_the_difference_only(scene):
    peer, other = scene.peer(), scene.peer()
    hand = scene.hand("h")
    base = scene.process("h") + other.section("h")
    daemon = scene.start(base + peer.section("h", "static { route 10.0.0.0/24 next-hop 192.0.2.1; route 10.0.1.0/24 next-hop 192.0.2.1; }"))
    peer.establish()
    other.establish()
    pid = hand.take().pid
    rig.until(lambda: len(peer.routes) == 2 and peer.ends == 1, "both routes")
    hand.say("neighbor %s announce route 10.0.9.0/24 next-hop 192.0.2.1" % peer.address)
    rig.equal(hand.answer(), ["done"])
    rig.until(lambda: len(peer.routes) == 3, "the helper's route")
    announced, withdrawn, updates = peer.announced, peer.withdrawn, other.updates
    scene.file("config.conf", base + peer.section("h", 'description "new"; static { route 10.0.0.0/24 next-hop 192.0.2.1; route 10.0.2.0/24 next-hop 192.0.2.1; }'))
    daemon.signal(signal.SIGUSR1)
    rig.until(lambda: rig.prefix("10.0.2.0/24") in peer.routes and rig.prefix("10.0.1.0/24") not in peer.routes, "the difference")
    rig.equal((peer.announced, peer.withdrawn), (announced + 1, withdrawn + 1), "announced and withdrawn")
    rig.expect(rig.prefix("10.0.9.0/24") in peer.routes, "the helper's route stays")
    rig.equal(other.updates, updates, "UPDATEs to the other")
    rig.equal(rig.state_of(pid) is not None, True, "the helper lives")
    peer.check()
    other.check()


def test_usr1_resets_only_who_changed(scene):
    peer, other = scene.peer(), scene.peer()
    daemon = scene.start(peer.section() + other.section())
    peer.establish()
    other.establish()
    scene.file("config.conf", peer.section(inside="rate-limit 100;") + other.section())
    daemon.signal(signal.SIGUSR1)
    rig.until(lambda: peer.notification is not None, "the reset")
    rig.equal(peer.notification[:2], (6, 3))
    peer.establish()
    other.check()
    # a bad file changes nothing
    scene.file("config.conf", "neighbor {")
    daemon.signal(signal.SIGUSR1)
    wait_log(daemon, "reload failed, nothing changed")
    scene.file("config.conf", other.section())
    daemon.signal(signal.SIGUSR1)
    rig.until(lambda: not peer.alive(), "the removed one ends")
    other.check()


def test_usr1_keeps_helpers_and_usr2_restarts_those_that_changed(scene):
    one, two = scene.hand("one"), scene.hand("two")
    peer = scene.peer()
    text = scene.process("one") + scene.process("two") + peer.section("one two")
    daemon = scene.start(text)
    first, second = one.take().pid, two.take().pid
    peer.establish()
    changed = text.replace("run %s;" % scene.path("one"), "run %s more;" % scene.path("one"))
    scene.file("config.conf", changed)
    daemon.signal(signal.SIGUSR1)
    wait_log(daemon, "loaded neighbors=1", 1)
    rig.expect(rig.state_of(first) is not None, "USR1 leaves it alone")
    scene.file("config.conf", changed.replace("more", "still more"))
    daemon.signal(signal.SIGUSR2)
    rig.expect(one.take().pid != first, "another process")
    rig.expect(rig.state_of(second) is not None, "the other helper lives")
    peer.check()


def test_alrm_makes_every_session_anew(scene):
    peers = [scene.peer(), scene.peer()]
    daemon = scene.start("".join(p.section() for p in peers))
    for peer in peers:
        peer.establish()
    daemon.signal(signal.SIGALRM)
    for peer in peers:
        rig.until(lambda: peer.notification is not None, "the reset")
        rig.equal(peer.notification[:2], (6, 3))
        peer.establish()


def test_signals_in_a_heap_are_survived(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section("h"))
    hand.take()
    peer.establish()
    for _ in range(50):
        daemon.signal(signal.SIGUSR1)
        daemon.signal(signal.SIGUSR2)
    daemon.signal(signal.SIGUSR1)
    daemon.signal(signal.SIGTERM)
    rig.equal(daemon.wait(), 0)


def test_signals_are_told_to_who_asked(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section("h", api="signal;"))
    hand.take()
    peer.establish()
    daemon.signal(signal.SIGUSR1)
    event = json.loads(hand.until_line('"signal"'))
    rig.expect("SIGUSR1" in json.dumps(event), "%s", event)


def test_reload_while_routes_come(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    text = scene.process("h", "encoder text;") + peer.section("h", 'description "%d"; host-name host%d;')
    daemon = scene.start(text % (0, 0))
    peer.establish()
    hand.ready()
    for i in range(20):
        hand.say(*("announce route 10.%d.%d.0/24 next-hop 192.0.2.1" % (i, n) for n in range(50)))
        scene.file("config.conf", text % (i, 0))
        daemon.signal(signal.SIGUSR1)
        hand.say("show neighbor extensive", "show neighbor json", "show adj-rib out extensive")
    for _ in range(20 * 53):
        rig.equal(hand.answer()[-1], "done")
    rig.until(lambda: len(peer.routes) == 1000, "a thousand routes")
    peer.check()


def test_attempts_end_the_program_with_zero(scene):
    for name, count in (("tcp_attempts", 2), ("tcp_connections", 2), ("tcp_once", 1)):
        peer = scene.peer()
        daemon = scene.start(peer.section(), **{name: "true" if name == "tcp_once" else count})
        for _ in range(count):
            peer.establish()
            rig.expect(daemon.running(), "it runs")
            peer.drop()
        rig.equal(daemon.wait(), 0, name)


def test_the_pid_file_is_there_while_it_runs(scene):
    os.chmod(scene.folder, 0o777)
    path = scene.path("pid")
    peer = scene.peer()
    daemon = scene.start(peer.section(), daemon_pid=path)
    rig.until(lambda: scene.contents("pid") == b"%d\n" % daemon.pid, "the pid file")
    rig.equal(os.stat(path).st_mode & 0o777, 0o640, "its mode")
    # a second one is refused and leaves it alone
    other = ended(run(scene, "server", scene.path("config.conf"), exabgp_daemon_pid=path), 1, "alive", path)
    rig.equal(scene.contents("pid"), b"%d\n" % daemon.pid)
    rig.equal(daemon.stop(), 0)
    rig.expect(not os.path.exists(path), "the pid file is left")
    rig.expect(other is not None, "")


def locked(path):
    """Has another process a lock on it?"""
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def test_of_two_that_find_an_old_pid_file_one_takes_it(scene):
    os.chmod(scene.folder, 0o777)
    config = scene.file("config.conf", scene.peer().section())
    path = scene.file("pid", "999999999\n")
    os.chmod(path, 0o666)
    with open(path, "rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)  # it is about to write its number
        ended(run(scene, "server", config, exabgp_daemon_pid=path), 1, "alive", path)
    rig.equal(scene.contents("pid"), b"999999999\n")
    first = scene.start(scene.contents("config.conf").decode(), daemon_pid=path)
    rig.until(lambda: scene.contents("pid") == b"%d\n" % first.pid, "its number")
    rig.expect(locked(path), "nobody has the file")
    for content in ("999999999\n", ""):
        scene.file("pid", content)
        ended(run(scene, "server", config, exabgp_daemon_pid=path), 1, path)
    scene.file("pid", "%d\n" % first.pid)
    first.kill()
    rig.expect(not locked(path), "the file is of a dead one")
    second = scene.start(scene.contents("config.conf").decode(), daemon_pid=path)
    rig.until(lambda: scene.contents("pid") == b"%d\n" % second.pid, "the file is taken over")
    scene.daemons.remove(first)


def test_of_many_that_start_at_once_one_has_the_pid_file(scene):
    os.chmod(scene.folder, 0o777)
    for old in ("999999999\n", None):
        if old:
            os.chmod(scene.file("pid", old), 0o666)
        many = [scene.start(scene.peer().section(), daemon_pid=scene.path("pid")) for _ in range(8)]
        rig.until(lambda: sum(not one.running() for one in many) == 7, "seven ends")
        (left,) = [one for one in many if one.running()]
        rig.until(lambda: scene.contents("pid") == b"%d\n" % left.pid, "its number")
        rig.equal(left.stop(), 0)
        rig.equal({one.wait() for one in many if one != left}, {1}, "of the others")
        scene.daemons.clear()


def test_a_pid_file_of_another_process_stays(scene):
    os.chmod(scene.folder, 0o777)
    daemon = scene.start(scene.peer().section(), daemon_pid=scene.path("pid"))
    rig.until(lambda: scene.contents("pid") == b"%d\n" % daemon.pid, "the pid file")
    scene.file("pid", "1\n")
    rig.equal(daemon.stop(), 0)
    rig.equal(scene.contents("pid"), b"1\n")


def test_who_is_refused_for_its_pid_file_has_started_nothing(scene):
    path = scene.file("pid", "%d\n" % os.getpid())
    started = scene.path("started")
    config = scene.file("config.conf", scene.process("h", run="/usr/bin/touch " + started) + scene.peer().section("h"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended(run(scene, "server", config, exabgp_daemon_pid=path, exabgp_tcp_bind="127.0.0.1", exabgp_tcp_port=port), 1, "alive", path)
    rig.expect(not os.path.exists(started), "a helper was started")


def test_an_old_pid_file(scene):
    path = scene.file("pid", "999999999\n")
    daemon = scene.start(scene.peer().section(), daemon_pid=path)
    rig.until(lambda: scene.contents("pid") == b"%d\n" % daemon.pid, "the stale file is taken over")
    rig.equal(daemon.stop(), 0)
    for content in ("", "words", "-5", "0", "12 13"):
        scene.file("pid", content)
        ended(run(scene, "server", scene.path("config.conf"), exabgp_daemon_pid=path), 1, "process id")
        rig.equal(scene.contents("pid"), content.encode())
    ended(run(scene, "server", scene.path("config.conf"), exabgp_daemon_pid="/absent/pid"), 1, "/absent/pid")


def test_a_pid_file_that_can_not_be_written_is_not_left(scene):
    disk = rig.small_disk(scene, "4k")
    try:
        scene.file("disk/full", "x" * 4096)
        ended(run(scene, "server", scene.file("config.conf", scene.peer().section()), exabgp_daemon_pid=disk + "/pid"), 1, "No space", disk)
        rig.equal(os.listdir(disk), ["full"])
    finally:
        subprocess.check_call(["umount", disk])


def test_a_pid_file_of_a_former_life_with_the_same_number(scene):
    """As of the first process of a container that was killed."""
    scene.before = ["unshare", "-p", "-f", "--kill-child"]
    if subprocess.run(scene.before + ["true"], stderr=subprocess.DEVNULL).returncode != 0:
        raise rig.Skip("no process namespace")
    scene.status_wanted = None
    peer = scene.peer()
    daemon = scene.start(peer.section(), daemon_pid=scene.file("pid", "1\n"))
    peer.establish()
    daemon.kill()


def root_only():
    if os.getuid() != 0:
        raise rig.Skip("needs root")


def uids(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        return re.search(r"^Uid:\t(\d+)\t(\d+)\t(\d+)\t(\d+)", file.read(), re.M).groups()


def test_it_becomes_the_user(scene):
    root_only()
    nobody = str(pwd.getpwnam("nobody").pw_uid)
    for number, (user, drop, helper) in enumerate((("nobody", "true", nobody), ("'nobody'", "true", nobody), ("nobody", "false", "0"))):
        peer = scene.peer()
        name = "h%d" % number
        scene.shell(name, "exec cat\n")
        daemon = scene.start(scene.process(name) + peer.section(name), daemon_user=user, daemon_drop=drop)
        peer.establish()
        rig.equal(uids(daemon.pid), (nobody,) * 4, "uids of the program")
        rig.until(lambda: rig.children(daemon.pid), "the helper")
        rig.equal(uids(list(rig.children(daemon.pid))[0])[0], helper, "uid of the helper")
        rig.equal(daemon.stop(), 0)
    ended(run(scene, "server", scene.path("config.conf"), exabgp_daemon_user="absent"), 1, "absent")


def test_where_it_and_its_helpers_live(scene):
    peer = scene.peer()
    scene.shell("h", "{ pwd; umask; echo $TERM; ls /proc/self/fd; } > %s\nexec cat\n" % scene.path("out"))
    os.chmod(scene.folder, 0o777)
    daemon = scene.start(scene.process("h") + peer.section("h"))
    peer.establish()
    rig.equal(os.readlink("/proc/%d/cwd" % daemon.pid), "/")
    rig.until(lambda: scene.contents("out").count(b"\n") >= 6, "what the helper says")
    lines = scene.contents("out").decode().split()
    rig.equal(lines[:3], ["/", "0137", "dumb"])
    rig.equal(len(lines[3:]), 4, "descriptors of a helper's ls: %s" % lines[3:])
    pid = list(rig.children(daemon.pid))[0]
    rig.equal(os.getpgid(pid), pid, "process group")


def test_descriptors_that_were_closed_become_nothing_else(scene):
    os.chmod(scene.folder, 0o777)
    scene.before = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"]
    peer = scene.peer()
    scene.shell("h", "readlink /proc/$$/fd/2 >%s\nexec cat\n" % scene.path("out"))
    daemon = scene.start(scene.process("h") + peer.section("h"))
    peer.establish()
    for fd in (0, 1, 2):
        rig.equal(os.readlink("/proc/%d/fd/%d" % (daemon.pid, fd)), "/dev/null")
    rig.until(lambda: scene.contents("out") == b"/dev/null\n", "the helper's stderr")


def test_into_the_background(scene):
    os.chmod(scene.folder, 0o777)
    peer = scene.peer()
    daemon = scene.start(peer.section(), daemon_daemonize="true", daemon_pid=scene.path("pid"), log_destination=scene.path("log.txt"))
    rig.equal(daemon.wait(), 0, "the parent")
    peer.establish()
    pid = int(scene.contents("pid"))
    rig.expect(pid != daemon.pid and os.getsid(pid) != os.getsid(0), "a session of its own")
    for fd in (0, 1, 2):
        rig.equal(os.readlink("/proc/%d/fd/%d" % (pid, fd)), "/dev/null")
    os.kill(pid, signal.SIGTERM)
    rig.until(lambda: not os.path.exists(scene.path("pid")), "the end")
    rig.until(lambda: rig.state_of(pid) in (None, "Z"), "the end of the process")


def test_a_log_on_the_terminal_keeps_it_in_the_foreground(scene):
    peer = scene.peer()
    daemon = scene.start(peer.section(), daemon_daemonize="true")
    peer.establish()
    rig.expect(daemon.running(), "it stays")
    rig.expect("stays in the foreground" in daemon.log(), "it says so")


def test_a_log_that_is_no_file_does_not_turn_over(scene):
    hand = scene.hand("h")
    os.symlink("/dev/null", scene.path("log.txt"))  # a turn would rename the link, not the device
    peer = scene.peer()
    scene.start(scene.process("h") + peer.section(processes="h"), log_destination="file:" + scene.path("log.txt"))
    line = "nonsense"
    for _ in range(200):  # some two megabytes of log
        hand.say(*[line] * 100)
        for _ in range(100):
            rig.equal(hand.answer()[-1], "error")
    rig.expect(os.path.islink(scene.path("log.txt")), "the link was renamed")


def test_a_log_pipe_that_nobody_reads_is_told(scene):
    os.mkfifo(scene.path("fifo"))
    ended(run(scene, "server", scene.file("config.conf", scene.peer().section()), exabgp_log_destination="file:" + scene.path("fifo")), 1, "No such device or address", "fifo")


def test_a_log_file_turns_over(scene):
    os.chmod(scene.folder, 0o777)
    path = scene.file("log.txt", "x" * (1024 * 1024 - 100) + "\n")
    os.chmod(path, 0o666)
    peer = scene.peer()
    daemon = scene.start(peer.section(), log_destination="file:" + path, log_short="false")
    peer.establish()
    rig.until(lambda: os.path.exists(path + ".1"), "the old file")
    rig.until(lambda: b"what=up" in scene.contents("log.txt") + scene.contents("log.txt.1"), "a line")
    rig.expect(re.search(rb"^\d\d:\d\d:\d\d +%d +\w+ +\S" % daemon.pid, (scene.contents("log.txt") + scene.contents("log.txt.1")).split(b"x\n")[-1], re.M),
               "the long form: %r", scene.contents("log.txt"))
    rig.equal(daemon.log(), "")


def test_a_log_file_of_a_relative_path_turns_over_where_it_is(scene):
    here = os.path.relpath(scene.file("log.txt", "x" * (1024 * 1024 - 100) + "\n"))
    peer = scene.peer()
    scene.start(peer.section(), log_destination="file:" + here)
    peer.establish()
    rig.until(lambda: b"what=up" in scene.contents("log.txt") + scene.contents("log.txt.1"), "a line")
    rig.expect(os.path.exists(scene.path("log.txt.1")), "the old file")


def test_levels(scene):
    for word, talks in (("CRIT", False), ("critical", False), ("ERROR", False), ("WARN", False),
                        ("NOTICE", True), ("info", True), ("NOTSET", True)):
        peer = scene.peer()
        daemon = scene.start(peer.section(), log_level=word, log_destination="file:" + scene.path(word))
        peer.establish()
        rig.equal(daemon.stop(), 0, word)
        rig.equal(b"what=up" in scene.contents(word), talks, word)
    peer = scene.peer()
    daemon = scene.start(peer.section(), log_level="LOUD")
    peer.establish()
    wait_log(daemon, 'log.level "LOUD" is none of FATAL')


def test_syslog_has_facility_and_severity(scene):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as system:
        rig.own_system_log(scene, system)
        system.settimeout(rig.PATIENCE)
        peer = scene.peer()
        daemon = scene.start(peer.section(), log_destination="syslog")
        peer.establish()
        line = b""
        while b"what=up" not in line:
            line = system.recv(4096)
        rig.expect(re.match(rb"<30>.* peerpipe\[%d\]: network " % daemon.pid, line), "%r", line)
        daemon.stop()


def test_destinations(scene):
    peer = scene.peer()
    daemon = scene.start(peer.section(), log_destination="syslog")
    peer.establish()
    rig.equal(daemon.log(), "", "nothing on stderr")
    rig.equal(daemon.stop(), 0)
    peer = scene.peer()
    daemon = scene.start(peer.section(), log_destination="host:localhost")
    peer.establish()
    wait_log(daemon, "log.destination")
    ended(run(scene, "server", scene.path("config.conf"), exabgp_log_destination="/absent/log"), 1, "/absent/log")


def test_short_lines_begin_with_their_source(scene):
    peer = scene.peer()
    daemon = scene.start(peer.section())
    peer.establish()
    wait_log(daemon, "what=up")
    for line in daemon.log().splitlines():
        rig.expect(re.match(r"(reactor|network|configuration|daemon|processes|statistics) ", line), "%r", line)
    quiet = scene.peer()
    other = implicit(scene, "server", scene.file("q.conf", quiet.section()), log_enable="false")
    before = daemon.log()
    quiet.establish()
    rig.equal(other.stop(), 0)
    rig.equal(daemon.log(), before, "a log that is off")


def test_bind_takes_who_is_configured(scene):
    port = rig.free_port()
    peer, stranger = scene.peer(), scene.peer()
    daemon = scene.start(peer.section().replace("connect", "passive true; connect"), tcp_bind="127.0.0.1", tcp_port=port)

    def listening():
        try:
            peer.connect("127.0.0.1", port)
            return True
        except OSError:
            return False

    rig.until(listening, "a listener")
    peer.handshake()
    peer.keep()
    rig.expect(peer.alive(), "a session")
    stranger.connect("127.0.0.1", port)
    rig.equal(stranger.read_kind(rig.NOTIFICATION)[:2], b"\x06\x03", "the stranger hears")
    stranger.drop()
    # a port that is taken
    other = run(scene, "server", scene.path("config.conf"), exabgp_tcp_bind="127.0.0.1", exabgp_tcp_port=str(port))
    ended(other, 1, "can not listen on 127.0.0.1 port %d" % port)
    # the end closes the listener at once
    daemon.signal(signal.SIGTERM)
    rig.equal(daemon.wait(), 0)
    with socket.socket() as s:
        rig.expect(s.connect_ex(("127.0.0.1", port)) != 0, "nobody listens")


def test_no_descriptor_left_to_accept_with(scene):
    port = rig.free_port()
    peer = scene.peer()
    path = scene.file("config.conf", peer.section())
    scene.shell("few", 'ulimit -n 24; exec "$@"\n')
    scene.daemons.append(rig.Daemon(scene, scene.path("few"), [scene.program, "server", path],
                                    scene.environment({"tcp_bind": "127.0.0.1", "tcp_port": port})))
    daemon = scene.daemons[-1]
    peer.establish()
    crowd = []
    try:
        for _ in range(60):
            s = socket.socket()
            s.bind((peer.address, 0))
            s.settimeout(rig.PATIENCE)
            s.connect(("127.0.0.1", port))
            crowd.append(s)
        wait_log(daemon, "accept failed")
        before = rig.ticks(daemon.pid)
        lines = daemon.log().count("accept failed")
        rig.until(lambda: daemon.log().count("accept failed") > lines, "a second look")
        rig.expect(rig.ticks(daemon.pid) - before < 20, "%d ticks", rig.ticks(daemon.pid) - before)
    finally:
        for s in crowd:
            s.close()
    peer.check()
    rig.equal(daemon.stop(), 0)


# What goes to routers and helpers.


def test_the_version_goes_out_as_the_software_capability(scene):
    for version, want in (("1.2.3", b"ExaBGP/1.2.3"), ("9" * 80, b"ExaBGP/" + b"9" * 54 + b"...")):
        peer = scene.peer()
        path = scene.file("s.conf", peer.section(inside="capability { software-version enable; }"))
        env = scene.environment({"version": version})
        scene.daemons.append(rig.Daemon(scene, scene.program, ["server", path], env))
        peer.establish()
        rig.expect(bytes([75, len(want) + 1, len(want)]) + want in peer.opened, "%s", peer.opened.hex())
        rig.equal(scene.daemons[-1].stop(), 0)


def test_encoder_of_a_process_that_says_none(scene):
    for settings, mark in (({}, "neighbor "), ({"api_encoder": "json"}, "{ "), ({"api_encoder": "text"}, "neighbor ")):
        peer = scene.peer()
        hand = scene.hand("h%d" % peer.port)
        daemon = scene.start(scene.process(hand.name, "") + peer.section(hand.name, api="neighbor-changes;"), **settings)
        hand.take()
        peer.establish()
        line = hand.line()
        rig.expect(line.startswith(mark), "%s: %s", settings, line)
        rig.equal(daemon.stop(), 0)
        hand.let_go()


def test_commands_of_the_daemon_itself(scene):
    peer = scene.peer()
    hand = scene.hand("h")
    daemon = scene.start(scene.process("h") + peer.section("h"))
    hand.take()
    peer.establish()
    hand.say("ping", "crash", "status json", "announce attributes med 5 next-hop 192.0.2.1 origin igp", "version json")
    rig.expect(re.match(r'\{"pong": "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "active": true\}$', hand.line()), "pong")
    rig.equal(hand.answer(), ["done"])
    rig.equal(hand.answer(), ["done"])  # of crash, as 6.0 has it
    rig.equal(hand.answer(), ["error"])
    status = json.loads(hand.line())
    rig.equal((status["pid"], list(status["peers"].values())), (daemon.pid, ["ESTABLISHED"]))
    rig.equal(hand.answer(), ["done"])
    rig.equal(hand.answer(), ["done"])
    rig.equal(json.loads(hand.line())["application"], "exabgp")
    rig.equal(hand.answer(), ["done"])
    rig.until(lambda: peer.updates == 2, "attributes alone, and the end of RIB")
    hand.say("reload")
    rig.equal(hand.answer(), ["reload in progress", "done"])
    wait_log(daemon, "loaded neighbors=1")
    hand.say("restart")
    rig.equal(hand.answer(), ["restart in progress", "done"])
    rig.until(lambda: peer.notification is not None, "the reset")
    peer.establish()
    hand.say("teardown 4")
    rig.equal(hand.answer(), ["done"])
    rig.until(lambda: peer.notification is not None, "the teardown")
    rig.equal(peer.notification[:2], (6, 4))
    peer.establish()
    hand.say("shutdown")
    rig.equal(hand.answer(), ["shutdown in progress", "done"])
    rig.equal(daemon.wait(), 0)


def test_the_second_shape_of_routes(scene):
    for settings, inside in (({}, {"127.0.0.2": {"routes": [{"prefix": "10.0.0.0/24", "family": "ipv4 unicast"}]}}),
                             ({"api_show_routes_format": "v2"}, None)):
        peer = scene.peer()
        hand = scene.hand("h%d" % peer.port)
        daemon = scene.start(scene.process(hand.name) + peer.section(hand.name), api_dialect="5.0", **settings)
        hand.say("announce route 10.0.0.0/24 next-hop 192.0.2.1 med 7", "show adj-rib out json")
        rig.equal(hand.answer(), ["done"])
        line, done = hand.answer()
        rig.equal(done, "done")
        if inside is not None:
            rig.equal(json.loads(line), inside)
        else:
            told = json.loads(line)
            rig.equal((told["family"], told["route"]["attribute"]["med"]), ("ipv4 unicast", 7))
        rig.equal(daemon.stop(), 0)
        hand.let_go()


def test_the_end_of_a_helper_may_be_the_end_of_all(scene):
    peer = scene.peer()
    scene.shell("h", 'while read -r line; do case "$line" in *" up"*) exit ;; esac; done\n')
    daemon = scene.start(scene.process("h", "respawn false; encoder text;") + peer.section("h", api="neighbor-changes;"), api_terminate="true")
    peer.establish()
    rig.equal(daemon.wait(), 1)
    scene.status_wanted = None


def test_ranges_live_through_reloads(scene):
    port = rig.free_port()
    text = ("neighbor 127.1.0.0/16 { passive true; local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as 65002; "
            "host-name %s; family { ipv4 unicast; } static { route 10.0.%d.0/24 next-hop 192.0.2.1; } }\n")
    daemon = scene.start(text % ("a", 0), tcp_bind="127.0.0.1", tcp_port=port)
    wait_log(daemon, "started")
    peers = [scene.peer(address="127.1.0.%d" % n) for n in (1, 2)]
    for peer in peers:
        peer.connect("127.0.0.1", port)
        peer.handshake()
        peer.keep()
        rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the range's route")
    scene.file("config.conf", text % ("a", 1))
    daemon.signal(signal.SIGUSR1)
    for peer in peers:
        rig.until(lambda: list(peer.routes) == [rig.prefix("10.0.1.0/24")], "the difference")
        peer.check()
    scene.file("config.conf", text % ("b", 1))
    daemon.signal(signal.SIGUSR1)
    for peer in peers:
        rig.until(lambda: not peer.alive(), "the end of a session of a changed range")
        peer.connect("127.0.0.1", port)
        peer.handshake()


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
