#!/usr/bin/env python3
"""Checks the .case files beside it, or rewrites them.

usage: cases.py [--bless] PEERPIPE [NAME...]

A file is about one row of the program, and says which: `covers KIND NAME`. Behind that stand entries,
with an empty line between; each is spellings of one message, one a line:

    words     what `encode` makes the bytes of; without it the message is one that only others say
    family    the option -f of encode, where it is not IPv4 unicast
    encode    other options of encode
    decode    options of decode
    wire      the whole message, hexadecimal
    command   what `decode -m` makes of the bytes; encoded again it must give them
    json      what helpers are told, without the envelope, where all dialects say the same; else
    json-4.2, json-5.0, json-6.0
    text      the lines of the text encoder, in 5.0
    text-4.2, text-6.0   where these say it otherwise; an entry may leave them out

All arrows between them are checked. --bless writes down what the program says now, and the wire of
entries that have words only: read the difference before you believe it. Prints TAP.
"""

import glob
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DIALECTS = ("4.2", "5.0", "6.0")
ENVELOPE = ("address", "asn", "router-id", "direction")
ORDER = ("words", "family", "encode", "decode", "wire", "command",
         "json", *("json-" + d for d in DIALECTS), "text", "text-4.2", "text-6.0")


class Program:
    def __init__(self, path):
        self.path = os.path.abspath(path)

    def run(self, *arguments, **settings):
        env = {k: v for k, v in os.environ.items() if not k.startswith("exabgp")}
        env.update({"exabgp_api_" + k: v for k, v in settings.items()})
        done = subprocess.run([self.path, *arguments], env=env, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False)
        if done.returncode != 0 or done.stderr:
            raise ValueError("%s: %s%s" % (" ".join(arguments), done.stdout, done.stderr))
        return done.stdout

    def encode(self, words, family=None, options=""):
        chosen = ["-f", family] if family else []
        return self.run("encode", *chosen, *options.split(), words).strip()

    def decode(self, wire, options="", **settings):
        return self.run("decode", *options.split(), wire, **settings)


def said_of(program, entry):
    """Everything that the program says of the bytes of an entry."""
    wire, options = entry["wire"][0], entry.get("decode", [""])[0]
    said = {}
    for dialect in DIALECTS:
        told = json.loads(program.decode(wire, options, dialect=dialect))["neighbor"]
        said["json-" + dialect] = [json.dumps({k: v for k, v in told.items() if k not in ENVELOPE})]
    if len({v for v, in said.values()}) == 1:
        said = {"json": said["json-5.0"]}
    texts = {d: program.decode(wire, options + " --text", dialect=d).rstrip("\n").split("\n") for d in DIALECTS}
    said["text"] = texts.pop("5.0")
    said.update({"text-" + d: text for d, text in texts.items() if text != said["text"]})
    if "words" in entry:
        said["command"] = program.decode(wire, options + " -m").rstrip("\n").split("\n")
    return said


def words_of(command):
    """A command as the words and the family that encode wants."""
    verb, afi, rest = command.split(" ", 2)
    if verb != "announce":
        raise ValueError("%s: expected announce" % command)
    if afi == "route":
        return "route " + rest, None
    safi, rest = rest.split(" ", 1)
    return "route " + rest, "%s %s" % (afi, safi)


def encoded(program, entry, words, family):
    return program.encode(words, family or entry.get("family", [None])[0],
                          entry.get("encode", [""])[0])


def check(program, entry):
    """What is wrong with an entry, a line each."""
    said = said_of(program, entry)
    if "words" in entry:
        said["wire"] = [encoded(program, entry, entry["words"][0], None)]
    for key, values in said.items():
        if key.startswith("text-") and key not in entry:
            continue
        if key.startswith("json"):
            same = [json.loads(v) for v in values] == [json.loads(v) for v in entry.get(key, [])]
        else:
            same = values == entry.get(key)
        if not same:
            yield "%s: expected %s\ngot %s" % (key, entry.get(key), values)
    for command in said.get("command", []):
        again = encoded(program, entry, *words_of(command))
        if again != entry["wire"][0]:
            yield "%s gives %s" % (command, again)


def read(path):
    """The rows that a file covers, and its entries."""
    covers, entries = [], [{}]
    with open(path, encoding="utf-8") as file:
        for line in file:
            key, _, rest = line.rstrip("\n").partition(" ")
            if key == "covers":
                covers.append(rest)
            elif key:
                entries[-1].setdefault(key, []).append(rest)
            elif entries[-1]:
                entries.append({})
    return covers, [e for e in entries if e]


def write(path, covers, entries):
    blocks = ["".join("covers %s\n" % c for c in covers)]
    for entry in entries:
        lines = [(key + " " + value).rstrip() for key in ORDER for value in entry.get(key, [])]
        blocks.append("\n".join(lines) + "\n")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(blocks))


def blessed(program, path):
    """Whether it could be written."""
    covers, entries = read(path)
    try:
        for entry in entries:
            if "wire" not in entry:
                entry["wire"] = [encoded(program, entry, entry["words"][0], None)]
            for key in [k for k in entry if k.startswith(("json", "text"))]:
                del entry[key]
            entry.update(said_of(program, entry))
    except ValueError as fault:
        print("%s: %s" % (path, fault))
        return False
    write(path, covers, entries)
    return True


def wrong_with(program, path):
    covers, entries = read(path)
    if not covers or not entries:
        yield "it covers nothing, or says nothing"
    for entry in entries:
        unknown = set(entry) - set(ORDER)
        if unknown or "wire" not in entry:
            yield "no wire, or unknown lines: " + " ".join(sorted(unknown))
            continue
        try:
            yield from check(program, entry)
        except ValueError as fault:
            yield str(fault)


def main(arguments):
    blessing = arguments[:1] == ["--bless"]
    program = Program(arguments[blessing])
    names = arguments[blessing + 1:]
    paths = [os.path.join(HERE, n + ".case") for n in names] or sorted(glob.glob(HERE + "/*.case"))
    if blessing:
        return sum([not blessed(program, path) for path in paths])
    print("1..%d" % len(paths))
    failed = 0
    for number, path in enumerate(paths, 1):
        wrong = list(wrong_with(program, path))
        failed += bool(wrong)
        print("%sok %d %s" % ("not " if wrong else "", number, os.path.basename(path)), flush=True)
        for why in wrong:
            print("# " + why.replace("\n", "\n# "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
