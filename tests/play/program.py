#!/usr/bin/env python3
"""The program by its words: help, versions, options, configurations, several of them."""

import glob
import json
import os
import re
import signal
import subprocess

import rig
from runs import ended, implicit, neighbor, run, wait_log


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


def test_help_tells_what_each_option_does(scene):
    for word in ("server", "validate", "decode", "encode", "mrt", "cli", "run", "env"):
        usage, _, told = run(scene, word, "--help").stdout.partition("\n")
        options = re.findall(r"(?<![\w-])--?\w[\w-]*", usage)
        rig.expect(options, word)
        rig.equal([o for o in options if not re.search(r"^  (?:-\w, )*%s\b" % o, told, re.M)], [], word)


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
    ended(run(scene, "validate", "-nrv", open_end), 0, "open.conf: line 1, column 135: expected a } that closes neighbor", "open.conf is valid")
    os.chmod(helper, 0o644)
    ended(run(scene, "validate", fine), 1, "line 1")
    rig.expect("neighbor 127.0.0.9" in run(scene, "validate", "-n", scene.file("n.conf", neighbor())).stderr, "-n names neighbors")


def test_standard_input_is_a_configuration(scene):
    ended(run(scene, "validate", "-", given=neighbor()), 0)
    ended(run(scene, "validate", "-", given="neighbor"), 1, "standard input")
    ended(run(scene, "validate", "-", given=""), 1)


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


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
