#!/usr/bin/env python3
"""Settings: where they come from, which wins, how they are written."""

import os

import rig
from runs import ended, implicit, neighbor, run, wait_log


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
    said = ("unknown setting api.highres (%s line 2)" % file, "unknown setting other.key (%s line 8)" % file,
            "not understood: nonsense (%s line 9)" % file)
    ended(run(scene, "-e", file, "validate", conf), 0, *said)
    ended(run(scene, "-e", file, "env"), 0, *said)
    daemon = implicit(scene, "-e", file, conf)
    for line in said:
        wait_log(daemon, "WARNING " + line)


def test_a_file_that_is_named_has_to_be_there_or_is_warned_of(scene):
    conf = scene.file("c.conf", neighbor())
    gone = "environment file /absent.env: No such file or directory"
    ended(run(scene, "-e", "/absent.env", "validate", conf), 0, gone)
    ended(run(scene, "validate", conf, EXABGP_ENVFILE="/absent.env"), 0, gone)
    rig.expect("environment file" not in run(scene, "validate", conf).stderr, "the usual one may be absent")
    wait_log(implicit(scene, "-e", "/absent.env", conf), "WARNING " + gone)


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


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
