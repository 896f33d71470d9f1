#!/usr/bin/env python3
"""Plays dialogues with the program: the .play files beside it.

usage: dialogue.py PEERPIPE [NAME...]

A file says first which rows of the program it is about, `covers KIND NAME`, and then, a line each, what
is done and what must come of it:

    env NAME VALUE        a setting of the environment, exabgp_NAME; in front of `start`, as are
    process NAME WORDS    a helper with the statements of its section, `encoder` among them
    config                and indented below it the rest of the file; {port} is tcp.port
    start                 the program
    peer ADDRESS ASN [AFI/SAFI...] [+HEX...]    a session comes up; +HEX: capabilities besides
    offers HEX            our OPEN has these bytes;    lacks HEX    it has not
    gets HEX              the next message to this peer but KEEPALIVE (without its marker)
    gives HEX             the peer sends it (without its marker)
    floods N HEX          the same, N times
    deaf NAME             a helper does not read any more;    listens NAME    it does again
    refused CODE SUBCODE  a NOTIFICATION and the end
    ends                  the connection does
    say [NAME:] LINE      a helper does
    hear [NAME:] LINE     the next line, but events, that a helper hears that is like this
    next [NAME:] LINE     the next line, but events, that a helper hears is like this
    told [NAME:] JSON     the next event with these members
    texts [NAME:] LINE    the next line at all that is this one
    signal NAME           the program gets it
    run WORDS             the program is run with other words;    prints LINE    which it printed next
    stop                  the program is ended, cleanly; the end of the file does the same

In `hear`, `next`, `texts` and `prints` a * stands for anything. The peer that was named last is meant.
Prints TAP.
"""

import fnmatch
import glob
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading

import bgp
import rig
import speaker
from speaker import check, same

HERE = os.path.dirname(os.path.abspath(__file__))


class Daemon(speaker.Daemon):
    """With processes that have more than an encoder."""

    def __init__(self, program, sections, neighbors, **settings):
        self.sections = sections
        encoders = [(name, "json" if "json" in words else "text") for name, words in sections.items()]
        super().__init__(program, neighbors, processes=encoders, **settings)

    def write(self, neighbors):
        with open(self.config, "w", encoding="ascii") as file:
            for h in self.helpers.values():
                file.write("process %s { run %s; %s }\n" % (h.name, h.path, self.sections[h.name]))
            file.write(neighbors.replace("{port}", str(self.port)))


def has(told, wanted):
    """Whether an event has these members, with others beside them."""
    if isinstance(wanted, dict):
        return isinstance(told, dict) and all(k in told and has(told[k], v) for k, v in wanted.items())
    return told == wanted


def is_event(line):
    return line.startswith(b'{ "exabgp"')


def like(pattern):
    """fnmatch without sets: brackets are brackets."""
    wanted = re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
    return lambda line: wanted.match(line.decode("utf-8", "replace")) is not None


class Play:
    def __init__(self, program, path):
        self.program, self.path = os.path.abspath(program), path
        self.settings, self.sections, self.config = {}, {}, ""
        self.daemon = self.peer = None
        self.at = {}  # where a helper's lines were read up to, by kind
        self.printed = []

    def helper(self, rest):
        """The helper that is meant, and what of the line is left."""
        name, colon, line = rest.partition(": ")
        if colon and name in self.sections:
            return self.daemon.helpers[name], line
        return self.daemon.helpers[next(iter(self.sections))], rest

    def await_line(self, helper, kind, wanted):
        place = (helper.name, kind)
        since = self.at.get(place, 0)
        helper.wait(wanted, since)
        with helper.news:
            while not wanted(helper.lines[since]):
                since += 1
        self.at[place] = since + 1

    def do_env(self, rest):
        name, _, value = rest.partition(" ")
        self.settings[name] = value

    def do_process(self, rest):
        name, _, words = rest.partition(" ")
        self.sections[name] = words

    def do_start(self, _):
        self.daemon = Daemon(self.program, self.sections, self.config, **self.settings)

    def do_peer(self, rest):
        address, asn, *others = rest.split()
        families = [tuple(map(int, o.split("/"))) for o in others if "/" in o]
        extra = [bytes.fromhex(o[1:]) for o in others if o[0] == "+"]
        self.peer = speaker.Peer(self.daemon, address, int(asn))
        self.peer.opened(caps=bgp.caps_of(int(asn), families or [bgp.IPV4], extra))
        self.peer.send(bgp.keepalive)

    def do_offers(self, rest):
        check(bytes.fromhex(rest) in self.peer.theirs, "our OPEN is", self.peer.theirs.hex())

    def do_lacks(self, rest):
        check(bytes.fromhex(rest) not in self.peer.theirs, "our OPEN is", self.peer.theirs.hex())

    def do_gets(self, rest):
        got = self.peer.receive()
        while got is not None and got[18] == bgp.KEEPALIVE:
            got = self.peer.receive()
        same(got and got[16:].hex().upper(), rest.replace(" ", "").upper(), "message")

    def do_gives(self, rest):
        self.peer.send(bgp.MARKER + bytes.fromhex(rest))

    def do_floods(self, rest):
        count, _, message = rest.partition(" ")
        flood = (bgp.MARKER + bytes.fromhex(message)) * int(count)
        threading.Thread(target=self.peer.send, args=[flood], daemon=True).start()

    def do_deaf(self, rest):
        self.daemon.helpers[rest].hears.clear()

    def do_listens(self, rest):
        self.daemon.helpers[rest].hears.set()

    def do_refused(self, rest):
        self.peer.refused(*map(int, rest.split()))

    def do_ends(self, _):
        self.peer.ended()

    def do_say(self, rest):
        helper, line = self.helper(rest)
        helper.say(line)

    def do_hear(self, rest):
        helper, line = self.helper(rest)
        wanted = like(line)
        self.await_line(helper, "hear", lambda l: not is_event(l) and wanted(l))

    def do_next(self, rest):
        helper, line = self.helper(rest)
        place = (helper.name, "hear")
        got = helper.wait(lambda l: not is_event(l), self.at.get(place, 0))
        check(like(line)(got), "expected", line, "got", got)
        self.await_line(helper, "hear", lambda l: not is_event(l))

    def do_texts(self, rest):
        helper, line = self.helper(rest)
        self.await_line(helper, "texts", like(line))

    def do_told(self, rest):
        helper, line = self.helper(rest)
        wanted = json.loads(line)
        self.await_line(helper, "told", lambda l: is_event(l) and has(speaker.strict_json(l), wanted))

    def do_signal(self, rest):
        self.daemon.process.send_signal(getattr(signal, rest))

    def do_run(self, rest):
        env = dict(os.environ, **{"exabgp_" + k: v for k, v in self.settings.items()})
        if self.daemon:
            rest = rest.replace("{config}", self.daemon.config)
        done = subprocess.run([self.program, *shlex.split(rest)], env=env, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=rig.PATIENCE, check=False)
        self.printed = (done.stdout + done.stderr).splitlines()

    def do_prints(self, rest):
        wanted = like(rest)
        check(any(map(wanted, self.printed)), "expected", rest, "of", self.printed)
        while not wanted(self.printed.pop(0)):
            pass

    def do_stop(self, _):
        daemon, self.daemon = self.daemon, None
        if self.peer:
            self.peer.close()
        daemon.stop()

    def play(self, lines):
        lines = list(lines)
        while lines:
            number, line = lines.pop(0)
            word, _, rest = line.partition(" ")
            if word == "config":
                while lines and lines[0][1].startswith("\t"):
                    self.config += lines.pop(0)[1] + "\n"
                continue
            try:
                getattr(self, "do_" + word)(rest)
            except rig.Failure as failure:
                raise rig.Failure("line %d, %s: %s" % (number, line, failure)) from failure

    def run(self):
        with open(self.path, encoding="utf-8") as file:
            lines = [(n, l.rstrip("\n")) for n, l in enumerate(file, 1)]
        try:
            self.play((n, l) for n, l in lines if l and not l.startswith(("covers ", "#")))
            if self.daemon:
                self.do_stop("")
        finally:
            if self.peer:
                self.peer.close()
            if self.daemon:
                self.daemon.process.kill()
                self.daemon.process.wait()


def main(program, *names):
    paths = [os.path.join(HERE, n + ".play") for n in names] or sorted(glob.glob(HERE + "/*.play"))
    print("1..%d" % len(paths))
    failed = 0
    for number, path in enumerate(paths, 1):
        name = os.path.basename(path)
        try:
            Play(program, path).run()
            print("ok %d %s" % (number, name), flush=True)
        except Exception as fault:  # whatever it is, the others shall run
            failed += 1
            print("not ok %d %s" % (number, name))
            print("# " + ("%s: %s" % (type(fault).__name__, fault)).replace("\n", "\n# "), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
