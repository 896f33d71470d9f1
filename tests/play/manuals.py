#!/usr/bin/env python3
"""What the manuals show as configuration is one, and what they show as a command is done.

usage: manuals.py PEERPIPE

- A code block that begins with ```conf is a file; one with ```conf neighbor stands inside of a neighbor.
  Programs of helpers are nobody's: another is put in their place.
- docs/config.md has an example for each family, which is a route in a file and a command, and for each
  word of a route.
- Commands of docs/api.md are those in `backticks` that begin with announce or withdraw and have no
  placeholder, and lines with -> that are answered by `done`.

Prints TAP.
"""

import glob
import os
import re
import subprocess
import sys
import tempfile

from dialogue import Play

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))

NEIGHBOR = """neighbor 127.0.0.2 {
	router-id 10.0.0.1; local-address 127.0.0.1; passive; local-as 65001; peer-as 65002;
	capability { operational; }
	family { all; }
	%s
}
"""
PLACEHOLDER = re.compile(r"\b[A-Z]{3,}\b|\.\.\.|[{|]")
POLICY = "23"


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def blocks():
    """Where, and a whole configuration."""
    for path in sorted(glob.glob(ROOT + "/docs/**/*.md", recursive=True) + glob.glob(ROOT + "/*.md")):
        name = os.path.relpath(path, ROOT)
        text = read(name)
        for block in re.finditer(r"^```conf( neighbor)?\n(.*?)^```$", text, re.M | re.S):
            where = "%s:%d" % (name, text.count("\n", 0, block.start()) + 1)
            yield where, NEIGHBOR % block[2] if block[1] else block[2]


def section(title):
    return read("docs/config.md").split("\n## %s\n" % title)[1].split("\n## ")[0]


def families():
    return re.findall(r"^\| `(\S+)` \| `(\S+)` \| \d+/\d+ \| `?([^`|]*)`? \|$", section("Families"), re.M)


def words():
    """A route with each word."""
    policy = "distinguisher 1 color 1 endpoint 10.0.0.9 "
    rows = re.findall(r"^\| `(\S+)` \| (\d+) \|(?: `([^`]*)`)?.* \|$", section("Words of a route"), re.M)
    for word, code, says in rows:
        hop = "" if word == "next-hop" else "next-hop 192.0.2.1 "
        route = "ipv4 sr-policy " + policy if code == POLICY else "route 10.0.0.0/24 "
        yield word, says, route + hop + says


def commands():
    text = read("docs/api.md")
    shown = re.findall(r"`((?:announce|withdraw) [^`]*)`", text)
    shown += re.findall(r"^ +-> (.*)\n +<- done$", text, re.M)
    return [one for one in shown if not PLACEHOLDER.search(one) and re.search(r"\d", one)]


class Manuals:
    def __init__(self, program):
        self.program = os.path.abspath(program)

    def fault(self, configuration):
        """What is wrong with it, or nothing."""
        configuration = re.sub(r"run [^;]+;", "run /bin/cat;", configuration)
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write(configuration)
            file.flush()
            done = subprocess.run([self.program, "validate", "-nrv", file.name], capture_output=True,
                                  text=True, timeout=60, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def dialogue(self, said):
        """What is wrong with a command, or nothing."""
        lines = ["process j encoder json;", "config"]
        lines += ["\t" + line for line in (NEIGHBOR % "api { processes [ j ]; }").splitlines()] + ["start"]
        for one in said:
            lines += ["say " + one, "hear *", "# " + one]
        with tempfile.NamedTemporaryFile("w", suffix=".play") as file:
            file.write("\n".join(line.replace("hear *", "hear done") for line in lines) + "\n")
            file.flush()
            try:
                Play(self.program, file.name).run()
            except Exception as wrong:
                number = int(re.search(r"line (\d+)", str(wrong))[1]) if "line " in str(wrong) else 0
                return "%s: %s" % (lines[number - 2] if number else "", wrong)
        return ""

    def claims(self):
        for where, configuration in blocks():
            yield where, lambda c=configuration: self.fault(c)
        shown = families()
        bare = [safi for _, safi, says in shown if not says.startswith(safi + " ")]
        bare += [word for word, says, _ in words() if not says.startswith(word)]
        yield "each family and each word has an example", lambda: " ".join(bare)
        for afi, safi, says in shown:
            yield "%s %s" % (afi, safi), lambda afi=afi, says=says: self.fault(
                NEIGHBOR % ("announce { %s { %s; } }" % (afi, says)))
        yield "words of a route", lambda: self.dialogue("announce " + route for *_, route in words())
        yield "families as commands", lambda: self.dialogue(
            "announce %s %s" % (afi, says) for afi, _, says in shown)
        yield "commands of docs/api.md", lambda: self.dialogue(commands())


def main(program):
    claims = list(Manuals(program).claims())
    print("1..%d" % len(claims))
    failed = 0
    for number, (name, check) in enumerate(claims, 1):
        why = check()
        failed += bool(why)
        print("%sok %d %s" % ("not " if why else "", number, name))
        if why:
            print("# " + why.strip().replace("\n", "\n# "), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
