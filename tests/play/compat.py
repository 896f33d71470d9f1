#!/usr/bin/env python3
"""Runs the given cases (configuration, commands, expected bytes and JSON) against the program.

usage: compat.py PEERPIPE CASES [NAME...]

CASES is a folder with encoding/, api/ and decoding/ in the format that its README describes. Prints
TAP. A case of a family that the program does not know yet is told by its name in WAITING.
"""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 30  # seconds
IGNORED = ("time", "host", "pid", "ppid", "counter")


def items(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            word, _, rest = line.strip().partition(" ")
            if word:
                yield word, rest


class Expectation:
    def __init__(self, path):
        self.options = {}
        self.groups = []
        for word, rest in items(path):
            if word == "option":
                name, _, value = rest.partition(" ")
                self.options[name] = value
            elif word == "group":
                self.groups.append([])
            elif word == "message":
                self.groups[-1].append({"bytes": bytes.fromhex(rest)})
            elif word in ("json", "json-v4", "json-v6"):
                self.groups[-1][-1][word] = json.loads(rest)
        self.messages = [m for g in self.groups for m in g]


class Failure(Exception):
    pass


class Peer:
    """The checking peer: answers the daemon's OPEN with its own, compares all the rest."""

    def __init__(self, expectation, listener):
        self.expectation = expectation
        self.pending = [list(group) for group in expectation.groups]
        self.listener = listener

    def read(self, connection, size):
        """In one call, as the peer of the suite does: a message that comes in pieces is lost to it."""
        if not select.select([connection], [], [], PATIENCE)[0]:
            raise Failure("%d seconds without a message, missing %s" % (PATIENCE, self.missing()))
        data = connection.recv(size)
        if data and len(data) < size:
            raise Failure("%d of %d bytes came alone: %s" % (len(data), size, data.hex()))
        return data or None

    def missing(self):
        return [m["bytes"].hex() for m in self.pending[0]] if self.pending else []

    def message(self, connection):
        header = self.read(connection, 19)
        if header is None:
            return None
        size = int.from_bytes(header[16:18], "big") - 19
        body = self.read(connection, size) if size else b""
        return None if body is None else header + body

    def answer_open(self, opened):
        answer = bytearray(opened)
        answer[27] = (answer[27] + 1) & 255
        asn = self.expectation.options.get("peer-as")
        if asn is not None:
            asn = int(asn)
            answer[20:22] = min(asn, 65535 if asn < 65536 else 23456).to_bytes(2, "big")
            at = 29
            while at < len(answer):
                if answer[at] == 2 and answer[at + 2] == 65:
                    answer[at + 4 : at + 8] = asn.to_bytes(4, "big")
                at += 2 + answer[at + 1]
        return bytes(answer)

    def compare(self, message):
        group = self.pending[0]
        for i, expected in enumerate(group):
            if expected["bytes"] == message:
                del group[i]
                break
        else:
            raise Failure("unexpected %s, missing %s" % (message.hex(), self.missing()))
        while self.pending and not self.pending[0]:
            del self.pending[0]

    def talk(self, connection):
        keepalive = b"\xff" * 16 + b"\x00\x13\x04"
        opened = self.message(connection)
        if opened is None:
            return
        connection.sendall(self.answer_open(opened) + keepalive)
        while self.pending:
            message = self.message(connection)
            if message is None:
                return
            connection.sendall(keepalive)
            if message[18] != 4:
                self.compare(message)

    def run(self, deadline):
        while self.pending:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.listener], [], [], left)[0]:
                raise Failure("no connection, missing %s" % self.missing())
            connection, _ = self.listener.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                try:
                    self.talk(connection)
                except ConnectionError:
                    pass


def environment(**settings):
    env = dict(os.environ)
    env.update({"exabgp_" + name: value for name, value in settings.items()})
    return env


def prepare(folder, case):
    """A copy that any user can read, with the helper beside the configuration."""
    for name in os.listdir(case):
        shutil.copy(os.path.join(case, name), folder)
    helper = os.path.join(folder, "helper")
    shutil.copy(os.path.join(HERE, "helper.py"), helper)
    os.chmod(helper, 0o755)
    os.chmod(folder, 0o755)


def migrate(program, folder):
    """The file in the words of 6.0, its helper behind a translator of commands and events."""
    words = ["migrate", "conf", "-f", "5", "-t", "main", "-w", "-i", os.path.join(folder, "config.conf")]
    done = subprocess.run([program] + words, capture_output=True, text=True, timeout=PATIENCE)
    with open(os.path.join(folder, "config.conf"), encoding="utf-8") as file:
        if done.returncode != 0 or "migrate api" not in file.read():
            raise Failure("not migrated: %s" % done.stderr)


def run_migrated(program, case):
    """api: helpers of version 4 with a daemon that speaks version 6."""
    run_daemon(program, case, "6")


def run_daemon(program, case, version="4"):
    """encoding and api: the daemon's messages, byte for byte."""
    expectation = Expectation(os.path.join(case, "expect.txt"))
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listener:
        prepare(folder, case)
        if version == "6":
            migrate(program, folder)
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        log = open(os.path.join(folder, "log"), "w+b")
        daemon = subprocess.Popen(
            [program, os.path.join(folder, "config.conf")],
            env=environment(
                tcp_port=str(listener.getsockname()[1]),
                tcp_bind="",
                tcp_connections="1",
                api_version=version,
                api_cli="false",
                version="5.0.0-0+test",
                daemon_user="root" if os.getuid() == 0 else "nobody",
            ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            Peer(expectation, listener).run(time.monotonic() + 2 * PATIENCE)
            status = daemon.wait(PATIENCE)
            if status != 0:
                raise Failure("exit status %d" % status)
        except (Failure, subprocess.TimeoutExpired) as failure:
            log.seek(0)
            raise Failure("%s\n%s" % (failure, log.read().decode("utf-8", "replace")[-3000:]))
        finally:
            if daemon.poll() is None:
                daemon.send_signal(signal.SIGKILL)
                daemon.wait()
            log.close()
    if version == "4":
        check_json(program, case, expectation)


def without(value, names):
    if isinstance(value, dict):
        return {k: without(v, names) for k, v in value.items() if k not in names}
    if isinstance(value, list):
        return [without(v, names) for v in value]
    return value


def decode(program, arguments, dialect="4", **settings):
    done = subprocess.run(
        [program, "decode"] + arguments,
        env=environment(log_enable="false", api_version=dialect, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
    )
    if done.stderr:
        raise Failure("stderr is not empty: %s" % done.stderr.decode())
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise Failure("no JSON: %s" % done.stdout.decode())


def check_json(program, case, expectation):
    """The JSON of each message in both dialects, as decode prints it with the case's configuration."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder, case)
        for message in expectation.messages:
            for dialect, version in (("4", "4.0.1"), ("6", "6.0.0")):
                want = message.get("json", message.get("json-v" + dialect))
                if want is None:
                    continue
                told = decode(
                    program,
                    ["-c", os.path.join(folder, "config.conf"), message["bytes"].hex()],
                    dialect,
                    daemon_user="root" if os.getuid() == 0 else "nobody",
                )
                want = dict(want, exabgp=version)
                if without(told, IGNORED) != without(want, IGNORED):
                    raise Failure("told %s\nwant %s" % (json.dumps(told), json.dumps(want)))


def run_decoding(program, case):
    values = dict(items(case))
    arguments = ["--" + values["type"]]
    if "family" in values:
        arguments = ["-f", values["family"]] + arguments
    told = decode(program, arguments + [values["hex"]])
    names = ("exabgp", "host", "pid", "ppid", "time", "version")
    told = {k: v for k, v in told.items() if k not in names} if isinstance(told, dict) else told
    want = json.loads(values["json"])
    if told != want:
        raise Failure("told %s\nwant %s" % (json.dumps(told), json.dumps(want)))


def run_validate(program, case):
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder, case)
        done = subprocess.run(
            [program, "configuration", "validate", "-nrv", os.path.join(folder, "config.conf")],
            env=environment(
                log_enable="false", daemon_user="root" if os.getuid() == 0 else "nobody"
            ),
            capture_output=True,
            timeout=PATIENCE,
        )
    if done.returncode != 0:
        raise Failure("exit status %d: %s" % (done.returncode, done.stderr.decode()))


def cases(folder):
    for part, run in (("encoding", run_daemon), ("api", run_daemon)):
        for name in sorted(os.listdir(os.path.join(folder, part))):
            path = os.path.join(folder, part, name)
            yield "validate/" + name, run_validate, path
            yield part + "/" + name, run, path
            if part == "api":
                yield "migrated/" + name, run_migrated, path
    for name in sorted(os.listdir(os.path.join(folder, "decoding"))):
        yield "decoding/" + name[:-4], run_decoding, os.path.join(folder, "decoding", name)


# The helpers of these tell phases apart by the clock: a machine that stops one in the middle of a burst makes two of
# it. The suite of the reference plays what failed once more, too.
TRIES = {run_daemon: 2, run_migrated: 2, run_decoding: 1, run_validate: 1}


def attempts(run, program, path):
    """What the tries that failed say."""
    failures = []
    while len(failures) < TRIES[run]:
        try:
            run(program, path)
            break
        except Failure as failure:
            failures.append(str(failure))
    return failures


def main(program, folder, names):
    waiting = {}
    for word, rest in items(os.path.join(HERE, "waiting.txt")):
        waiting[word] = rest
    chosen = [c for c in cases(folder) if not names or c[0] in names]
    failed = 0
    print("1..%d" % len(chosen))
    for number, (name, run, path) in enumerate(chosen, 1):
        if name in waiting and not names:
            print("ok %d %s # SKIP %s" % (number, name, waiting[name]))
            continue
        failures = attempts(run, os.path.abspath(program), path)
        if len(failures) == TRIES[run]:
            failed += 1
            print("not ", end="")
        print("ok %d %s" % (number, name))
        for failure in failures:
            print("# " + failure.replace("\n", "\n# "))
        sys.stdout.flush()
    return 1 if failed else 0


if not os.path.isdir(sys.argv[2]):
    print("1..0 # SKIP %s is not there" % sys.argv[2])
    sys.exit(0)
sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
