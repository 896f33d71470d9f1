#!/usr/bin/env python3
"""migrate api: commands and events of older versions in the words and shapes of later ones, and back."""

import glob
import json
import os
import re
import signal
import subprocess

import rig

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "..", "data", "*.case")
SHARED = os.path.join(HERE, "..", "..", "..", "shared", "compat", "*", "*", "expect.txt")
DIALECTS = {"4": "4.2", "5": "5.0", "main": "6.0"}
ENVELOPE = ("time", "host", "pid", "ppid", "counter")


def call(scene, *words):
    return [scene.program, "migrate", "api", *words]


def run(scene, *words, given="", status=0):
    done = subprocess.run(call(scene, *words), input=given, capture_output=True, text=True, timeout=rig.PATIENCE)
    rig.equal(done.returncode, status, "%s: %s" % (words, done.stdout + done.stderr))
    return done


def wires():
    """Every message that is given somewhere, by the options that decode it."""
    found = {}
    for name in glob.glob(CASES):
        options, wire = "", None
        for line in open(name, encoding="utf-8").read().splitlines() + [""]:
            key, _, rest = line.partition(" ")
            if key == "wire":
                wire = rest
            elif key == "decode":
                options = rest
            elif not key and wire:
                found.setdefault(options, set()).add(wire)
                options, wire = "", None
    for name in glob.glob(SHARED):
        found.setdefault("", set()).update(re.findall(r"^message (\w+)", open(name, encoding="utf-8").read(), re.M))
    return {options: sorted(w) for options, w in found.items()}


def decoded(scene, options, lines, dialect):
    env = {k: v for k, v in os.environ.items() if not k.startswith("exabgp")}
    # what was negotiated is known then, and a next hop can stand in its NLRI
    file = scene.file("c", "neighbor 127.0.0.1 { local-address 127.0.0.1; router-id 127.0.0.1; local-as 65533; peer-as 65533; }")
    done = subprocess.run([scene.program, "decode", "-c", file, *options.split()], input="\n".join(lines), capture_output=True, text=True,
                          env={**env, "exabgp_api_dialect": dialect}, timeout=rig.PATIENCE)
    return [line for line in done.stdout.splitlines() if line.startswith("{")]


def value(line):
    return {k: v for k, v in json.loads(line).items() if k not in ENVELOPE}


def told(scene, first, last, lines):
    """What a helper of version `first` is told of a daemon of version `last`."""
    out = scene.path("told")
    run(scene, "-f", first, "-t", last, "-e", "sh", "-c", "cat > '%s'" % out, given="".join(line + "\n" for line in lines))
    with open(out, encoding="utf-8") as file:
        return file.read().splitlines()


# What the other shape does not say, so nobody can tell it: by what stands in an event then.
LOST = re.compile("|".join((
    '"error"', "tunnel-encap", "attribute-0x17", '"capabilities"', '"bgp-ls": ', '"psn"', '"interface-address"', "pmsi", "tcp-flags",
    'confederation-path": .? ?[0-9]', "confederation-set", "extended-community-ipv6", "srv6sid",
)))


def compared(scene, first, last, translate):
    """Events of `last` as helpers of `first` hear them, beside those of `first` itself."""
    same, lost, bad = 0, 0, []
    for options, lines in wires().items():
        before = decoded(scene, options, lines, DIALECTS[last])
        want = decoded(scene, options, lines, DIALECTS[first])
        got = translate(before)
        rig.equal(len(got), len(want), options)
        for a, b, origin in zip(got, want, before):
            if value(a) == value(b):
                same += 1
            elif LOST.search(b + origin):
                lost += 1
            else:
                bad.append("told %s\nwant %s\nfrom %s" % (a, b, origin))
    if bad:
        raise rig.Failure("%d of them\n%s" % (len(bad), "\n".join(bad[:3])))
    return same, lost


def names_once(pairs):
    rig.equal(len({k for k, _ in pairs}), len(pairs), "names of %s" % pairs)
    return dict(pairs)


def test_events_for_older_helpers(scene):
    for first, last in (("4", "main"), ("5", "main"), ("4", "5")):
        same, lost = compared(scene, first, last, lambda lines: told(scene, first, last, lines))
        print("# %s for %s: %d the same, %d lost something" % (last, first, same, lost))
        rig.expect(same > 250 and lost * 4 < same, "%d the same, %d lost something", same, lost)


def test_events_of_older_daemons(scene):
    """What was not said before stays absent: members of the newer shape are those that both have."""
    lines = [line for options, found in wires().items() for line in decoded(scene, options, found, "4.2")]
    for first, last in (("4", "5"), ("4", "main"), ("5", "main")):
        given = [line for options, found in wires().items() for line in decoded(scene, options, found, DIALECTS[first])]
        want = [line for options, found in wires().items() for line in decoded(scene, options, found, DIALECTS[last])]
        got = run(scene, "-f", first, "-t", last, given="\n".join(given)).stdout.splitlines()
        rig.equal(len(got), len(given))
        for a, b, origin in zip(got, want, given):
            json.loads(a, object_pairs_hook=names_once)
            told, other = value(a), value(b)
            rig.equal(told["exabgp"], other["exabgp"])
            for update in (told, other):
                update["neighbor"].pop("router-id", None)
            inside = told["neighbor"].get("message", {}).get("update", {}).get("attribute", {})
            if inside.get("as-path") and not re.search("confed|as-set", origin + b):
                rig.equal(inside["as-path"], other["neighbor"]["message"]["update"]["attribute"]["as-path"])
    rig.expect(len(lines) > 300, "%d events", len(lines))


def test_a_reason_is_unwrapped_whatever_the_peer_was_told(scene):
    line = '{ "exabgp": "4.0.1", "type": "state", "neighbor": { "address": {}, "state": "down", "reason": "%s" } }'
    words = "peer reset, message (notification sent (3,10)) error(%s)"
    for detail in ("", "UPDATE message error / Invalid Network Field / no route (1) error(2)"):
        got = run(scene, "-f", "4", "-t", "5", given=line % (words % detail)).stdout
        rig.equal(json.loads(got)["neighbor"]["reason"], "notification sent (3,10)")


def test_other_lines_stay(scene):
    lines = ["", "done", "error", "shutdown 1 2", "{", '{ "a": 1 }', "{ } }", '{ "exabgp": 5 }', "[1]", "# x", "\u00e9"]
    for first, last in (("4", "5"), ("4", "main"), ("5", "main"), ("5", "5")):
        rig.equal(told(scene, first, last, lines), lines)
    rig.equal(told(scene, "5", "main", ["error: no such thing", "error"]), ["error"])
    rig.equal(run(scene, "-f", "4", "-t", "5", given="version\nannounce route x\nlast").stdout, "version\nannounce route x\nlast\n")


VALUES = [None, [], {}, 1, -5, "x", [[]], [[1]], [["x"]], 18446744073709551616, {"0": 1}, [{"value": 1}], [{"a": 1}, 2], True]


def names_of(tree):
    for name, inside in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield name
        yield from names_of(inside)


def replaced(tree, name, value):
    """The tree with another value wherever something has the name."""
    if isinstance(tree, dict):
        return {k: value if k == name else replaced(v, name, value) for k, v in tree.items()}
    if isinstance(tree, list):
        return [value if k == name else replaced(v, name, value) for k, v in enumerate(tree)]
    return tree


def oddities(lines):
    """Each member and element that stands anywhere, once with each of the values."""
    seen = set()
    for tree in map(json.loads, lines):
        kind = "ls" if "ls-nlri-type" in json.dumps(tree) else ""
        for name in sorted({n for n in names_of(tree) if (kind, n) not in seen}, key=str):
            seen.add((kind, name))
            yield from (json.dumps(replaced(tree, name, v)) for v in VALUES)


def is_json(line):
    try:
        return json.loads(line) is not None
    except ValueError:
        return False


def test_whatever_stands_in_an_event_json_stays_json(scene):
    down = '{"exabgp": "6.0.0", "type": "state", "neighbor": {"state": "down", "reason": "peer reset, message () error()"}}'
    for first, last in (("4", "5"), ("4", "main"), ("5", "main")):
        base = [line for options, found in wires().items() for line in decoded(scene, options, found, DIALECTS[last])]
        lines = list(oddities(base + [down]))
        rig.expect(len(lines) > 2000, "%d lines", len(lines))
        for got in (told(scene, first, last, lines), run(scene, "-f", first, "-t", last, given="\n".join(lines)).stdout.splitlines()):
            rig.equal(len(got), len(lines))
            for a, b in zip(lines, got):
                rig.expect(is_json(b), "%s becomes %s", a, b)


COMMANDS = """announce route 10.0.0.0/24 next-hop self | peer * announce route 10.0.0.0/24 next-hop self
neighbor 192.0.2.1 announce route 10.0.0.0/24 next-hop self | peer 192.0.2.1 announce route 10.0.0.0/24 next-hop self
neighbor 192.0.2.1 local-as 1, neighbor 192.0.2.2 withdraw route 10.0.0.0/24 | peer [192.0.2.1 local-as 1, 192.0.2.2] withdraw route 10.0.0.0/24
neighbor * announce eor ipv4 unicast | peer * announce eor ipv4 unicast
announce flow route { match { source 10.0.0.0/24; } then { discard; } } | peer * announce flow route { match { source 10.0.0.0/24; } then { discard; } }
neighbor 192.0.2.1 teardown 4 | peer 192.0.2.1 teardown 4
teardown 4 | # teardown 4
show neighbor summary | peer show summary text
show neighbor 192.0.2.1 extensive | peer show extensive 192.0.2.1 text
show neighbor json | peer show json
show adj-rib out extensive | rib show out extensive text
show adj-rib-in json | rib show in json
flush adj-rib out | rib flush out
clear adj-rib in | rib clear in
version | system version text
shutdown | daemon shutdown text
help | system help text
disable-ack | session ack disable
create neighbor 192.0.2.1 local-as 1 | peer create 192.0.2.1 local-as 1
peer * announce route 10.0.0.0/24 next-hop self | peer * announce route 10.0.0.0/24 next-hop self
daemon reload | daemon reload
# a comment | # a comment
debug said | debug said"""


def test_commands(scene):
    lines = [line.split(" | ") for line in COMMANDS.splitlines()]
    given = "".join(old + "\n" for old, _ in lines)
    got = run(scene, "-f", "4", "-t", "main", given=given).stdout.splitlines()
    rig.equal(got, [new for _, new in lines])
    rig.equal(run(scene, "-f", "5", "-t", "main", given="\n".join(got)).stdout.splitlines(), got, "twice")
    rig.equal(run(scene, "-f", "4", "-t", "5", given=given).stdout, given)
    done = run(scene, "-f", "4", "-t", "main", given="frobnicate all\n")
    rig.equal(done.stdout, "frobnicate all\n")
    rig.expect("frobnicate all" in done.stderr, "it is told of")


def test_answers_are_those_of_version_4(scene):
    """Asked by the old words and the new ones, a daemon says the same."""
    peer = scene.peer()
    hand = scene.hand("h")
    scene.start(scene.process("h", "encoder text;") + peer.section(processes="h"), api_version="6")
    for old, new in (line.split(" | ") for line in COMMANDS.splitlines() if line.startswith(("show", "version", "help"))):
        if "json" in old:
            continue
        new = run(scene, "-f", "5", "-t", "main", given=new).stdout.strip()
        hand.say(old + " text")
        want = hand.answer()
        hand.say(new)
        rig.equal(hand.answer(), want, new)


def bridge(scene, script, **how):
    return subprocess.Popen(call(scene, "-f", "4", "-t", "main", "-e", "sh", "-c", script), stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)


def test_the_program_ends_as_it_ends(scene):
    rig.equal(run(scene, "-f", "4", "-t", "5", "-e", "sh", "-c", "exit 7", status=7).stdout, "")
    run(scene, "-f", "4", "-t", "5", "-e", "/nonexistent", status=1)
    run(scene, "-f", "4", "-t", "5", "--exec=true")
    rig.equal(run(scene, "-f", "4", "-t", "5", "-e", "echo", "-f", "x").stdout, "-f x\n", "options behind -e are the program's")
    for number, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        both = bridge(scene, "trap - INT; echo ready; exec sleep 60")
        rig.equal(both.stdout.readline(), b"ready\n")
        both.send_signal(number)
        rig.equal(both.wait(rig.PATIENCE), status)
        both.communicate()
    quiet = bridge(scene, "exec >&-; read line; echo $line >&2; exit 3")
    rig.equal(quiet.stdout.read(), b"", "the end of its output is passed on")
    quiet.stdin.write(b"hello\n")
    rig.equal(quiet.communicate()[1], b"hello\n")
    rig.equal(quiet.returncode, 3)
    orphan = bridge(scene, "sleep 30 & echo $!; echo last")
    pid = int(orphan.stdout.readline())
    rig.equal(orphan.stdout.readline(), b"last\n", "who holds the pipe is not waited for")
    rig.equal(orphan.wait(rig.PATIENCE), 0)
    os.kill(pid, signal.SIGKILL)
    orphan.communicate()


def test_floods_both_ways_do_not_lock_up(scene):
    """A helper that writes and only then reads, under a daemon that writes and only then reads."""
    count = 50000
    script = "i=0; while [ $i -lt %d ]; do echo version; i=$((i+1)); done; wc -l >&2" % count
    both = bridge(scene, script)
    event = decoded(scene, "", wires()[""][:1], "6.0")[0].encode() + b"\n"
    pid = os.fork()
    if pid == 0:
        try:
            both.stdout.close()
            for _ in range(20000):
                both.stdin.write(event)
            both.stdin.close()
        finally:
            os._exit(0)
    both.stdin.close()
    rig.equal(both.stdout.read().count(b"system version text\n"), count)
    rig.equal(int(both.stderr.read()), 20000)
    rig.equal(both.wait(rig.PATIENCE), 0)
    os.waitpid(pid, 0)
    both.stdout.close()
    both.stderr.close()


def test_what_it_does_not_take(scene):
    for words in ((), ("-f", "4"), ("-f", "3.4", "-t", "5"), ("-f", "4", "-t", "4"), ("-f", "main", "-t", "main"),
                  ("-f", "4", "-t", "5", "frob"), ("--frob",)):
        rig.expect("usage: " in run(scene, *words, status=2).stderr, "%s", words)
    rig.expect("usage: " in run(scene, "-h").stdout, "help")


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
