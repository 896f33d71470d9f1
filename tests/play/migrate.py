#!/usr/bin/env python3
"""migrate conf: files of older versions keep their meaning in the words of later ones."""

import glob
import itertools
import json
import os
import re
import stat
import subprocess

import rig
from runs import finished

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.path.join(HERE, "..", "..", "..", "shared", "compat")
EXAMPLES = "/usr/share/doc/exabgp/examples"
VERSIONS = ["3.4", "4", "5", "main"]
PAIRS = [p for p in itertools.combinations_with_replacement(VERSIONS, 2) if p[0] != "main" and p[1] != "3.4"]


def migrate(scene, first, last, text, *options, status=0):
    return finished(scene, "migrate", "conf", "-f", first, "-t", last, *options, "-", given=text, status=status)


def exported(scene, text):
    told = json.loads(finished(scene, "configuration", "export", scene.file("c", text)).stdout)
    return {kind: list(inside.values()) if kind == "neighbor" else inside for kind, inside in told.items()}


def encoded(scene, text):
    """The bytes of its routes; None: of a file that encode does not take (no neighbor, no route that can be said)."""
    done = subprocess.run([scene.program, "encode", "-c", scene.file("c", text)], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def case_configurations(scene):
    """The words of each case as a file."""
    for name in sorted(glob.glob(os.path.join(HERE, "..", "data", "*.case"))):
        lines = re.findall(r"^\s*words (route .*|attributes .*)$", open(name, encoding="utf-8").read(), re.M)
        good = []
        for line in lines:
            text = section("static { %s; }" % line.rstrip(";"))
            done = subprocess.run([scene.program, "validate", scene.file("c", text)], capture_output=True)
            good += [line] if done.returncode == 0 else []
        if good:
            yield os.path.basename(name), section("static {\n%s\n}" % "\n".join("\t%s;" % line.rstrip(";") for line in good))


def section(inside, address="192.0.2.1"):
    return "neighbor %s { local-address 192.0.2.2; router-id 1.1.1.1; local-as 1; peer-as 2;\n%s }\n" % (address, inside)


def configurations(scene):
    helper = scene.shell("helper", "cat\n")
    for name in sorted(glob.glob(SHARED + "/*/*/config.conf")):
        yield "/".join(name.split("/")[-3:-1]), open(name, encoding="utf-8").read().replace("./helper", helper)
    for name in sorted(glob.glob(EXAMPLES + "/*.conf")):
        text = open(name, encoding="utf-8").read()
        yield name, re.sub(r"(?m)^(\s*)run [^;]*;", r"\1run %s;" % helper, text)
    yield from case_configurations(scene)
    yield "example", finished(scene, "configuration", "example", "full").stdout.replace(
        "/usr/bin/python3 /etc/exabgp/announcer.py", helper)


def test_every_file_means_the_same_in_every_later_version(scene):
    names, said = 0, 0
    for name, text in configurations(scene):
        before, wire, seen = exported(scene, text), encoded(scene, text), {text}
        for process in before["process"].values():
            process.pop("encoder", None)  # was added where none was
        for first, last in PAIRS:
            told = migrate(scene, first, last, text).stdout
            what = "%s from %s to %s" % (name, first, last)
            if told in seen:
                continue
            seen.add(told)
            after = exported(scene, told)
            for process in after["process"].values():
                process.pop("encoder", None)
            rig.equal(after, before, what)
            rig.equal(encoded(scene, told), wire, what)
            rig.equal(migrate(scene, first, last, told).stdout, told, what + " twice")
        names, said = names + 1, said + (wire is not None)
    rig.expect(names > 30 and said > 25, "%d files, %d of them encoded", names, said)


OLD = """# the old world
group edge { # of the edge
	router-id 10.0.0.1;
	local-as 65001;
	hold-time 90; # usual
	md5 "secret";
	capability { asn4 enable; graceful-restart 60; }
	family { inet4 unicast; inet6 unicast; }
	process talk {
		run HELPER -x "a b";
		receive { parsed; update; neighbor-changes; }
	}
	static { route 10.0.0.0/24 next-hop self; }
	neighbor 192.0.2.1 {
		local-address 192.0.2.9;
		peer-as 65002;
		hold-time 30;
		capability { graceful-restart 10; }
	}
	neighbor 192.0.2.2 {
		local-address 192.0.2.9;
		peer-as 65003;
		ttl-security 5;
		process logs { run HELPER; peer-updates; }
	}
}
neighbor 192.0.2.3 {
	local-address 192.0.2.9; local-as 1; peer-as 2; rate-limit disable; # no limit
	process talk { run HELPER; encoder json; parse-routes; send-packets; }
}
"""

NEW = """
process talk { run HELPER -x "a b"; encoder text; }
process logs { run HELPER; encoder text; }
process talk-2 { run HELPER; encoder json; }
neighbor 192.0.2.1 {
	router-id 10.0.0.1; local-address 192.0.2.9; local-as 65001; peer-as 65002; hold-time 30; md5-password secret;
	capability { graceful-restart 10; }
	family { ipv4 unicast; ipv6 unicast; }
	api { processes [ talk ]; neighbor-changes; receive { parsed; update; } }
	static { route 10.0.0.0/24 next-hop self; }
}
neighbor 192.0.2.2 {
	router-id 10.0.0.1; local-address 192.0.2.9; local-as 65001; peer-as 65003; hold-time 90; md5-password secret; outgoing-ttl 5;
	capability { graceful-restart 60; }
	family { ipv4 unicast; ipv6 unicast; }
	api { processes [ logs ]; neighbor-changes; receive { parsed; update; } }
	api { processes [ talk ]; neighbor-changes; receive { parsed; update; } }
	static { route 10.0.0.0/24 next-hop self; }
}
neighbor 192.0.2.3 {
	local-address 192.0.2.9; local-as 1; peer-as 2;
	api { processes [ talk-2 ]; receive { parsed; update; }
		send { packets; open; update; notification; keepalive; refresh; operational; } }
}
"""


def apis(neighbor):
    """By their processes: which was first does not matter."""
    return {json.dumps(v.pop("processes")): v for k, v in list(neighbor.items()) if k.startswith("api") and neighbor.pop(k)}


def test_a_file_of_3_4(scene):
    helper = scene.shell("helper", "cat\n")
    for last in ("4", "5", "main"):
        told = migrate(scene, "3.4", last, OLD.replace("HELPER", helper), "-v")
        for line in ("line 2: group is template edge", "line 6: md5 is called md5-password", "line 24: process logs"):
            rig.expect(line in told.stderr, "%r is not in %s", line, told.stderr)
        got, want = exported(scene, told.stdout), exported(scene, NEW.replace("HELPER", helper))
        rig.equal([apis(n) for n in got["neighbor"]], [apis(n) for n in want["neighbor"]])
        rig.equal(got, want)
        for comment in ("# the old world\n", "# of the edge\n", "# usual\n", "# no limit\n"):
            rig.equal(told.stdout.count(comment), 1, comment)
    rig.expect("group" in finished(scene, "validate", scene.file("c", OLD), status=1).stderr, "needs it")


def test_capabilities_of_3_4_get_their_section(scene):
    names = ("asn4 enable", "add-path send/receive", "graceful-restart 120", "multi-session", "route-refresh")
    old = section("".join("%s; " % name for name in names) + "# all of them")
    told = migrate(scene, "3.4", "5", old, "-v")
    rig.expect("line 2: graceful-restart is a capability" in told.stderr, "%s", told.stderr)
    rig.equal(exported(scene, told.stdout), exported(scene, section("capability { %s }" % "".join("%s; " % name for name in names))))
    later = section("add-path { ipv4 unicast; } capability { add-path send; }")
    rig.equal(migrate(scene, "3.4", "5", later).stdout, later)


def test_values_that_main_refuses(scene):
    text = section("rate-limit disabled; listen 0; connect 0; capability { graceful-restart 5000; }")
    told = migrate(scene, "5", "main", text).stdout
    rig.equal(re.findall("rate-limit|listen|connect|graceful-restart [0-9]+", told), ["graceful-restart 904"])  # 12 bits
    rig.equal(migrate(scene, "4", "5", section("rate-limit disable;")).stdout, section("rate-limit disable;"))
    helper = scene.shell("helper", "cat\n")
    for first, encoder in (("3.4", "text"), ("4", "json")):
        told = migrate(scene, first, "5", "process p { run %s; }\n" % helper + section("")).stdout
        rig.expect("encoder %s;" % encoder in told, "%s: %s", first, told)
    text = migrate(scene, "5", "main", "process p { run %s; encoder text; }\n" % helper + section(""), "-v")
    rig.expect("warning: events are JSON" in text.stderr, "text is not for main")


def test_values_of_rules_that_only_4_names(scene):
    rule = "family { ipv4 flow; } flow { route { match { %s } then { discard; } } }"
    text = section(rule % "fragment [ !Not-A-Fragment is-fragment ]; icmp-type [ =source-quench traceroute 8 ];")
    rig.equal(migrate(scene, "3.4", "4", text).stdout, text)
    told = migrate(scene, "4", "5", text, "-v")
    rig.equal(told.stdout, section(rule % "fragment [ !0 is-fragment ]; icmp-type [ =4 30 8 ];"))
    rig.expect("line 2: not-a-fragment is 0" in told.stderr, "it is not said: %s", told.stderr)


def test_helpers_are_wrapped(scene):
    """With the program where it was found, and the arguments as they were written."""
    helper = scene.shell("helper", "cat\n")
    program = os.path.realpath(scene.program)
    file = scene.file("c.conf", """process a { run ./helper -x "a b" 'c "d"' \\
            e; encoder json; }
        process b { run "%s"; encoder json; }
        process c { run cat -u; encoder json; } # along PATH
        """ % helper + section(""))
    words = ("migrate", "conf", "-f", "5", "-t", "main", "-w")
    told = finished(scene, *words, file).stdout
    bridge = [program, "migrate", "api", "-f", "5", "-t", "main", "-e"]
    processes = exported(scene, told)["process"]
    rig.equal(processes["a"]["run"], bridge + [scene.folder + "/./helper", "-x", "a b", 'c "d"', "e"])
    rig.equal(processes["b"]["run"], bridge + [helper])
    rig.equal(processes["c"]["run"], bridge + ["cat", "-u"])
    rig.equal(migrate(scene, "5", "main", told, "-w").stdout, told, "once is enough")
    rig.equal(migrate(scene, "4", "4", open(file, encoding="utf-8").read(), "-w").stdout, open(file, encoding="utf-8").read())


def test_where_it_goes(scene):
    file = scene.file("old.conf", OLD.replace("HELPER", scene.shell("helper", "cat\n")))
    os.chmod(file, 0o640)
    before = open(file, encoding="utf-8").read()
    words = ("migrate", "conf", "-f", "3.4", "-t", "5")
    told = finished(scene, *words, file).stdout
    rig.expect("group is template" in finished(scene, *words, "-n", "-i", file).stdout, "what would be done")
    rig.equal(open(file, encoding="utf-8").read(), before)
    rig.equal(finished(scene, *words, "-o", scene.path("new.conf"), file).stdout, "")
    rig.equal(open(scene.path("new.conf"), encoding="utf-8").read(), told)
    rig.equal(finished(scene, *words, "-i", file).stdout, "")
    rig.equal(open(file, encoding="utf-8").read(), told)
    rig.equal(open(file + ".bak", encoding="utf-8").read(), before)
    rig.equal(stat.S_IMODE(os.stat(file).st_mode), 0o640)
    finished(scene, *words, "-i", file)
    rig.equal(open(file + ".bak", encoding="utf-8").read(), before, "nothing was to be done the second time")


def test_what_it_does_not_take(scene):
    file = scene.file("c", section(""))
    for words in ((), ("conf",), ("conf", "-f", "4", file), ("conf", "-f", "main", "-t", "main", file),
                  ("conf", "-f", "4", "-t", "3.4", file), ("conf", "-f", "4", "-t", "5"), ("frob",),
                  ("conf", "-f", "4", "-t", "5", "-i", "-o", "x", file)):
        rig.expect("usage: " in finished(scene, "migrate", *words, status=2).stderr, "%s", words)
    rig.expect("usage: " in finished(scene, "migrate", "--help").stdout, "help")
    rig.expect("later" in finished(scene, "migrate", "conf", "-f", "5", "-t", "4", file, status=1).stderr, "backwards")
    for text in ("neighbor", "neighbor 192.0.2.1 { frob }", "}", "neighbor x { ; }\n}", 'description "'):
        done = migrate(scene, "4", "5", text, status=1)
        rig.expect("line 1" in done.stderr or "line 2" in done.stderr, "%r: %r", text, done.stderr)
    finished(scene, "migrate", "conf", "-f", "4", "-t", "5", "/nonexistent", status=1)
    bad = scene.file("bad", section("frob 1;"))
    rig.expect("not valid" in finished(scene, "migrate", "conf", "-f", "3.4", "-t", "5", "-i", bad, status=1).stderr, "bad")
    rig.expect(not os.path.exists(bad + ".bak"), "a file that would not be valid is left")


def test_a_large_file(scene):
    routes = "".join("\troute 10.%d.%d.%d/32 next-hop 192.0.2.1;\n" % (n >> 16, n >> 8 & 255, n & 255) for n in range(100000))
    text = section("static {\n%s}" % routes)
    rig.equal(migrate(scene, "4", "main", text).stdout, text)


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
