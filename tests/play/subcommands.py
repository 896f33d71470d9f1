#!/usr/bin/env python3
"""Subcommands around the daemon: schema and shell."""

import glob
import json
import os
import re
import shutil
import subprocess

import rig
from runs import finished

SHARED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "compat")


def run(scene, *words, given=None, status=0, **env):
    return finished(scene, *words, given=given, status=status, **{"HOME": scene.folder, **env})


def configurations(scene):
    """The given ones, with a program that can be run for their processes; empty where there are none."""
    helper = scene.shell("helper", "cat\n")
    for name in sorted(glob.glob(SHARED + "/*/*/config.conf")):
        text = open(name, encoding="utf-8").read()
        yield "/".join(name.split("/")[-3:-1]), text.replace("./helper", helper)


TYPES = {"object": dict, "array": list, "string": str, "integer": int}


def faults(schema, value, path="$"):
    """As much of JSON Schema as is used here."""
    known = {"$schema", "title", "description", "default", "$comment", "type", "enum", "pattern", "minimum", "maximum",
             "minLength", "maxLength", "properties", "patternProperties", "additionalProperties", "items", "anyOf"}
    rig.equal(set(schema) - known, set(), path)
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if kinds and not any(isinstance(value, TYPES[k]) for k in kinds):
        yield "%s: %r is no %s" % (path, value, kinds)
    if "enum" in schema and value not in schema["enum"]:
        yield "%s: %r is none of %s" % (path, value, schema["enum"])
    if "anyOf" in schema and all(list(faults(one, value, path)) for one in schema["anyOf"]):
        yield "%s: %r is none of %s" % (path, value, schema["anyOf"])
    if isinstance(value, str):
        if not re.search(schema.get("pattern", ""), value):
            yield "%s: %r is not like %s" % (path, value, schema["pattern"])
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 1 << 30):
            yield "%s: length of %r" % (path, value)
    elif isinstance(value, int):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield "%s: %d" % (path, value)
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from faults(schema.get("items", {}), item, "%s[%d]" % (path, n))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from member_faults(schema, name, item, path + "." + name)


def member_faults(schema, name, item, path):
    inside = schema.get("properties", {}).get(name)
    for pattern, other in schema.get("patternProperties", {}).items():
        if inside is None and re.search(pattern, name):
            inside = other
    if inside is None:
        inside = schema.get("additionalProperties", {})
    if inside is False:
        yield "%s: no such member" % path
    else:
        yield from faults(inside, item, path)


def schema_of(scene, *words):
    return json.loads(run(scene, "schema", "export", *words).stdout)


def test_what_is_exported_is_valid_by_the_schema(scene):
    schema = schema_of(scene)
    count = 0
    for name, text in configurations(scene):
        exported = run(scene, "configuration", "export", scene.file("c", text)).stdout
        rig.equal(list(faults(schema, json.loads(exported))), [], name)
        count += 1
    example = scene.file("e", run(scene, "configuration", "example", "neighbor").stdout)
    exported = json.loads(run(scene, "configuration", "export", example).stdout)
    rig.equal(list(faults(schema, exported)), [])
    (neighbor,) = exported["neighbor"].values()
    for change in ({"hold-tim": "3"}, {"hold-time": 70000}, {"hold-time": "x"}, {"passive": "perhaps"}, {"peer-as": "a.b"},
                   {"capability": {"role": "king"}}, {"family": {}}, {"api x": {"processes": 1}}):
        rig.expect(any(faults(schema, {"neighbor": {"x": {**neighbor, **change}}})), "%s is refused", change)
    for change in ({"hold-time": 90}, {"passive": True}, {"api": {"neighbor-changes": "true"}}, {"local-as": "auto"}):
        rig.equal(list(faults(schema, {"neighbor": {"x": {**neighbor, **change}}})), [], str(change))


def defaults(schema):
    if "default" in schema:
        yield schema
    for inside in schema.get("properties", {}).values():
        yield from defaults(inside)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from defaults(schema["additionalProperties"])


def test_defaults_are_valid_by_their_own_schema(scene):
    rows = list(defaults(schema_of(scene)))
    rig.expect(len(rows) > 40, "%d settings", len(rows))
    for row in rows:
        rig.equal(list(faults(row, row["default"])), [])


def settings(schema):
    """Names and rows of all that has a value of its own: no sections and no lists of statements."""
    for name, row in schema.get("properties", {}).items():
        if row.get("type") not in ("object", "array"):
            yield name, row
    for inside in [schema.get("additionalProperties"), *schema.get("properties", {}).values(),
                   *schema.get("patternProperties", {}).values()]:
        if isinstance(inside, dict):
            yield from settings(inside)


def test_each_setting_says_what_it_is_for(scene):
    rows = list(settings(schema_of(scene)))
    rig.expect(len(rows) > 40, "%d settings", len(rows))
    rig.equal([name for name, row in rows if not row.get("description")], [], "those that say nothing")


def test_a_statement_of_words_is_a_text_or_a_list(scene):
    row = schema_of(scene)["properties"]["process"]["additionalProperties"]["properties"]["run"]
    for good in ("/bin/cat -u", ["/bin/cat", "-u"]):
        rig.equal(list(faults(row, good)), [], str(good))
    for bad in (5, True, {"run": "/bin/cat"}):
        rig.expect(any(faults(row, bad)), "%s is refused", bad)


def test_a_rate_is_a_switch_or_a_number_in_a_time(scene):
    row = schema_of(scene)["properties"]["process"]["additionalProperties"]["properties"]["respawn"]
    for good in (True, "disable", "5/60s", "5/60"):
        rig.equal(list(faults(row, good)), [], good)
    for bad in (5, "often", "5/", "5/60h"):
        rig.expect(any(faults(row, bad)), "%s is refused", bad)


def test_a_section_alone_and_on_one_line(scene):
    whole = run(scene, "schema", "export", "--compact").stdout
    rig.equal(whole.count("\n"), 1)
    rig.equal(json.loads(whole), schema_of(scene))
    neighbor = json.loads(whole)["properties"]["neighbor"]["additionalProperties"]["properties"]
    rig.equal(schema_of(scene, "capability")["properties"], neighbor["capability"]["properties"])
    rig.equal(schema_of(scene, "-c", "family")["type"], "array")
    rig.expect("a section" in run(scene, "schema", "export", "frob", status=1).stderr, "says what was expected")
    for words in ((), ("frob",), ("export", "family", "api"), ("export", "--frob")):
        rig.expect("usage: " in run(scene, "schema", *words, status=2).stderr, "%s", words)


PLACES = {
    "bash": [".local/share/bash-completion/completions/" + n for n in ("peerpipe", "exabgp", "exabgpcli")],
    "zsh": [".zsh/completions/_peerpipe"],
    "fish": [".config/fish/completions/%s.fish" % n for n in ("peerpipe", "exabgp", "exabgpcli")],
}


def files(scene):
    return {os.path.relpath(os.path.join(d, f), scene.folder) for d, _, fs in os.walk(scene.folder) for f in fs}


def test_completion_is_installed_and_removed(scene):
    before = files(scene)
    for shell, places in PLACES.items():
        for words in (("install", "-n", shell), ("install", "--dry-run", shell), ("uninstall", shell), ("uninstall", shell)):
            run(scene, "shell", *words)
            rig.equal(files(scene), before, " ".join(words))
        run(scene, "shell", "install", shell)
        rig.equal(files(scene) - before, set(places))
        script = run(scene, "shell", "completion", shell).stdout
        for place in places:
            path = os.path.join(scene.folder, place)
            rig.equal(open(path, encoding="utf-8").read(), script)
            inode = os.stat(path).st_ino
            rig.expect("up to date" in run(scene, "shell", "install", shell).stdout, "twice")
            rig.equal(os.stat(path).st_ino, inode)
        run(scene, "shell", "uninstall", "-n", shell)
        rig.equal(files(scene) - before, set(places))
        run(scene, "shell", "uninstall", shell)
        rig.equal(files(scene), before)
    run(scene, "shell", "install", SHELL="/usr/bin/fish", XDG_CONFIG_HOME=scene.path("there"))
    rig.expect("there/fish/completions/peerpipe.fish" in files(scene), "the shell and the folder of the environment")


def test_files_of_others_are_left(scene):
    theirs = os.path.join(scene.folder, PLACES["bash"][1])
    os.makedirs(os.path.dirname(theirs))
    scene.file(PLACES["bash"][1], "theirs\n")
    for act in ("install", "uninstall"):
        rig.expect("not of this program" in run(scene, "shell", act, "bash", status=1).stderr, act)
        rig.equal(open(theirs, encoding="utf-8").read(), "theirs\n")
    old = os.path.join(scene.folder, PLACES["zsh"][0])
    run(scene, "shell", "install", "zsh")
    with open(old, "a", encoding="utf-8") as file:
        file.write("# of an older version\n")
    rig.expect("replaced" in run(scene, "shell", "install", "zsh").stdout, "ours is replaced")


def test_what_shell_does_not_know(scene):
    for words in ((), ("frob",), ("install", "bash", "zsh"), ("install", "--frob")):
        rig.expect("usage: " in run(scene, "shell", *words, status=2).stderr, "%s", words)
    rig.expect("bash, zsh or fish" in run(scene, "shell", "install", "tcsh", status=1).stderr, "tcsh")
    rig.expect("bash, zsh or fish" in run(scene, "shell", "install", SHELL="/bin/sh", status=1).stderr, "the user's")
    rig.expect("HOME" in run(scene, "shell", "install", "bash", HOME="", status=1).stderr, "no home")


def offered(scene, shell, words, current):
    script = run(scene, "shell", "completion", shell).stdout
    line = " ".join([*words, current])
    if shell == "bash":
        ask = "COMP_WORDS=(%s '%s')\nCOMP_CWORD=%d\n_peerpipe\nprintf '%%s\\n' \"${COMPREPLY[@]}\"" % (" ".join(words), current, len(words))
        call = ["bash", "-c", script + ask]
    elif shell == "zsh":
        stubs = "compdef() { }\n_files() { }\ncompadd() { shift; for w; do [[ $w == \"$PREFIX\"* ]] && print -r -- $w; done; true }\n"
        ask = "words=(%s '%s') CURRENT=%d PREFIX='%s'\n_peerpipe\n" % (" ".join(words), current, len(words) + 1, current)
        call = ["zsh", "-f", "-c", stubs + script + ask]
    else:
        call = ["fish", "--no-config", "-c", script + "\ncomplete -C '%s'" % line]
    done = subprocess.run(call, capture_output=True, text=True, timeout=rig.PATIENCE, cwd=scene.path("empty"),
                          env={**os.environ, "HOME": scene.folder})
    rig.equal(done.stderr, "", shell)
    return sorted(set(done.stdout.split()))


def completes(scene, shell):
    if shutil.which(shell) is None:
        raise rig.Skip("no %s" % shell)
    os.mkdir(scene.path("empty"))
    for words, current, want in (
        (["peerpipe"], "val", ["validate"]),
        (["peerpipe", "run", "show"], "adj", ["adj-rib", "adj-rib-in", "adj-rib-out"]),
        (["exabgp", "cli", "show", "adj-rib"], "", ["in", "out"]),
        (["exabgpcli"], "fl", ["flush"]),
        (["exabgpcli", "daemon"], "re", ["reload", "restart"]),
        (["/usr/bin/exabgpcli", "show", "adj-rib"], "", ["in", "out"]),
        (["peerpipe", "run"], "adj", []),
        (["peerpipe", "decode"], "", []),
    ):
        if shell == "fish" and "/" in words[0] and shutil.which(words[0]) is None:
            continue  # it completes only for what is there
        rig.equal(offered(scene, shell, words, current), want, "%s: %s %s" % (shell, words, current))


def test_bash_completes_words(scene):
    completes(scene, "bash")


def test_zsh_completes_words(scene):
    completes(scene, "zsh")


def test_fish_completes_words(scene):
    completes(scene, "fish")


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
