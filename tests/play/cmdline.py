#!/usr/bin/env python3
"""Command lines of every version, also wrong ones: what they mean, what they print, how they end."""

import os
import re
import shutil
import signal
import subprocess

import rig

NEIGHBOR = "neighbor 127.0.0.9 { local-address 127.0.0.1; router-id 1.1.1.1; local-as 1; peer-as 2; }\n"


def run(scene, *words, status=0, name=None, given="", **settings):
    env = {k: v for k, v in os.environ.items() if not k.startswith("exabgp") and not k.startswith("EXABGP")}
    env.update({"EXABGP_ROOT": scene.folder, "exabgp_daemon_user": "root" if os.getuid() == 0 else "nobody"})
    env.update(settings)
    env = {k: v for k, v in env.items() if v is not None}
    done = subprocess.run([name or scene.program, *words], env=env, input=given, capture_output=True, text=True,
                          timeout=rig.PATIENCE, cwd=scene.folder)
    rig.equal(done.returncode, status, "%s: %s" % (words, (done.stdout + done.stderr)[-500:]))
    return done


def named(scene, name):
    if not os.path.exists(scene.path(name)):
        os.symlink(scene.program, scene.path(name))
    return scene.path(name)


def test_version_is_four_lines(scene):
    folder = os.path.dirname(os.path.realpath(scene.program))
    for words in (("version",), ("--version",), ("-v",)):
        lines = run(scene, *words).stdout.splitlines()
        rig.equal([line.split(":")[0].strip() for line in lines], ["ExaBGP", "peerpipe", "Uname", "From"])
        rig.equal(lines[3], "From   : " + folder)
    rig.expect("usage: peerpipe version" in run(scene, "version", "extra", status=2).stderr, "takes nothing")


def test_wrong_words_end_with_two_and_a_usage(scene):
    file = scene.file("c", NEIGHBOR)
    for words in (
        ("decode", "--frob"), ("encode", "--frob"), ("mrt", "--frob"), ("env", "extra"), ("env", "-x"), ("run",), ("run", "--frob", "x"),
        ("cli", "--frob"), ("cli", "--batch"), ("cli", "--pipe", "--socket", "version"), ("server",), ("server", "--frob", file),
        ("validate",), ("validate", "--frob", file), ("configuration",), ("configuration", "frob"), ("configuration", "example", "frob"),
        ("--frob",), ("-e",), ("--env",), ("--root",), ("-f",), ("--env-file",), (file, "-e"),
    ):
        done = run(scene, *words, status=2)
        rig.equal(done.stdout, "", words)
        rig.equal(len(re.findall("^usage: ", done.stderr, re.M)), 1, "usages for %s: %s" % (words, done.stderr))
    for words in (("-x",), ("--decode",), (file, "-x"), ("--run",), ("--run", "frob")):
        rig.expect("expected" in run(scene, *words, status=2).stderr, "%s", words)


def test_options_of_4_2_in_front_of_a_file_to_test(scene):
    file = scene.file("c", NEIGHBOR)
    for words in (("--signal", "2"), ("--signal=2",), ("--profile", "p"), ("-1", "-d", "-s")):
        for test in ("-t", "--validate"):
            run(scene, *words, test, file)
            run(scene, test, *words, file)
    for words in (("--run", "cli", "--help"), ("--run", "cli", "-h"), ("--run", "healthcheck", "--help")):
        rig.expect(run(scene, *words).stdout.startswith("usage: "), "%s", words)


def test_the_env_file_in_every_spelling(scene):
    file = scene.file("e", "[exabgp.tcp]\nport = 1001\n")
    for words in (("-e", file), ("-e" + file,), ("--env", file), ("--en", file), ("--env-f", file), ("--env-file", file),
                  ("--env=" + file,), ("--env-fi=" + file,), ("--env-file=" + file,)):
        rig.expect("port = 1001" in run(scene, *words, "env", "-d").stdout, "%s", words)
        rig.expect("port = 1001" in run(scene, *words, "--di").stdout, "%s", words)
        rig.expect("port = 1001" in run(scene, "--di", *words).stdout, "%s", words)


def test_the_root_in_every_spelling(scene):
    os.makedirs(scene.path("there/etc/exabgp"))
    scene.file("there/etc/exabgp/exabgp.env", "[exabgp.tcp]\nport = 1002\n")
    scene.file("there/etc/exabgp/x.conf", NEIGHBOR)
    there = scene.path("there")
    for words in (("-f", there), ("--root", there), ("--root=" + there,), ("--folder", there), ("-f" + there,)):
        rig.expect("port = 1002" in run(scene, *words, "env", "-d").stdout, "%s", words)
        run(scene, *words, "validate", "etc/exabgp/x.conf")
        run(scene, *words, "validate", "x.conf")
        run(scene, *words, "--test", "etc/exabgp/x.conf")
    run(scene, "validate", "etc/exabgp/x.conf", status=1)
    run(scene, "validate", "etc/exabgp/x.conf", EXABGP_ROOT=there)
    run(scene, "validate", "etc/exabgp/x.conf", EXABGP_ETC=there + "/etc/exabgp")


def test_the_root_is_where_the_program_is(scene):
    """As of /usr/local/bin; only if there is an etc/exabgp, else it is that of the machine."""
    for folder, found in (("bin", True), ("sbin", True), ("libexec", False)):
        os.makedirs(scene.path("at/" + folder), exist_ok=True)
        program = shutil.copy(scene.program, scene.path("at/%s/exabgp" % folder))
        os.makedirs(scene.path("at/etc/exabgp"), exist_ok=True)
        scene.file("at/etc/exabgp/exabgp.env", "[exabgp.tcp]\nport = 1003\n")
        done = run(scene, "env", "-d", name=program, EXABGP_ROOT=None)
        rig.equal("port = 1003" in done.stdout, found, folder)
        rig.expect("port = 1003" not in run(scene, "env", "-d", name=program, EXABGP_ROOT="").stdout, "an empty root is one")


def test_exabgpcli_of_4_2(scene):
    cli = named(scene, "exabgpcli")
    file = scene.file("e", "[exabgp.api]\npipename = other\n")
    for words in (("--env", file), ("-e", file), ("--root", scene.folder, "-e", file)):
        told = run(scene, *words, "version", name=cli, status=1).stderr
        rig.expect("other.in" in told, "%s: %s", words, told)
    told = run(scene, "-f", scene.path("there"), "version", name=cli, status=1).stderr
    places = re.findall(r"^ - (.*)$", told, re.M)
    rig.equal(places, [root + run_ + more for root in ("", scene.path("there")) for run_ in ("/run/", "/var/run/")
                       for more in ("exabgp/", "%d/" % os.getuid(), "")])


def test_options_of_the_server_in_4_2_and_later(scene):
    peer = scene.peer()
    file = scene.file("c", peer.section())
    for words in (("-s", file), ("-d", "-s", file), ("-s1", file), ("-s", "1", file), ("--signal=1", file), ("--memory", file), ("-dpv1Pm", file)):
        daemon = subprocess.Popen([scene.program, "server", *words], env={**scene.environment({}), "exabgp_tcp_port": "1"},
                                  stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        line = daemon.stderr.readline()
        while line and "started version" not in line:
            line = daemon.stderr.readline()
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate()
        rig.equal((daemon.returncode, bool(line)), (0, True), words)
    for words in (("server", "-1s", "x", file), ("server", "--signal", "x", file)):
        rig.expect("usage: " in run(scene, *words, status=2).stderr, "%s", words)


def test_a_missing_file_among_several(scene):
    file = scene.file("c", NEIGHBOR)
    told = run(scene, file, "/nonexistent", status=1)
    rig.expect("/nonexistent is not an exabgp config file (file not found)" in told.stderr, told.stderr)
    rig.expect("started" not in told.stderr, "none is served: %s", told.stderr)


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
