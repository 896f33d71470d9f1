"""A program that says what it is told to: a session with it, and the words of its helper."""

import os
import socket
import subprocess
import sys
import tempfile
import time

import bgp
import rig
from reference import end

PATIENCE = 60
MARK = "announce route 198.18.0.1/32 next-hop 192.0.2.1 med %d"
MARK_NLRI = bytes.fromhex("20c6120001")

HEAD = "process j { run %s; encoder text; }\n"
NEIGHBOR = """neighbor %s {
	router-id 192.0.2.3; local-address 127.0.0.1; local-as 65001; peer-as 65001;
	passive; hold-time 180; manual-eor true; group-updates false;
	%s
}
"""


class Speaker:
    """Neighbors by address, each with what stands in its section besides."""

    def __init__(self, command, neighbors, **environment):
        self.folder = tempfile.TemporaryDirectory()
        os.chmod(self.folder.name, 0o755)
        said, answers, helper, config, log = (
            os.path.join(self.folder.name, name) for name in ("said", "answers", "helper", "conf", "log"))
        for name in (said, answers):
            os.mkfifo(name)
            os.chmod(name, 0o666)
        self.said = os.open(said, os.O_RDWR)
        self.answers = os.fdopen(os.open(answers, os.O_RDWR), encoding="ascii")
        with open(helper, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\ncat <%s &\nexec cat >%s\n" % (said, answers))
        os.chmod(helper, 0o755)
        with open(config, "w", encoding="ascii") as file:
            file.write(HEAD % helper + "".join(NEIGHBOR % both for both in neighbors.items()))
        self.port = rig.free_port()
        env = dict(os.environ, exabgp_tcp_bind="127.0.0.1", exabgp_tcp_port=str(self.port),
                   exabgp_api_cli="false", exabgp_daemon_user="root" if os.getuid() == 0 else "nobody",
                   **environment)
        self.log = open(log, "w+b")
        self.process = subprocess.Popen(command + [config], env=env, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        self.marks = 0
        self.connection = None

    def connect(self, address, families):
        """A session from there; gives the body of its OPEN."""
        ours = bgp.open_message(asn=65001, hold=180, router_id="192.0.2.4", caps=bgp.caps_of(65001, families))
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            if self.connection:
                self.connection.close()
                self.connection = None
            try:  # 4.2 resets it while it is not ready for this neighbor
                self.connection = socket.create_connection(("127.0.0.1", self.port), 5, (address, 0))
                self.connection.settimeout(PATIENCE)
                self.connection.sendall(ours + bgp.keepalive)
                kind, body = self.message()
                if kind == bgp.OPEN:
                    return body
            except (OSError, EOFError):
                time.sleep(0.02)
        self.log.seek(0)
        sys.exit("no session: " + self.log.read().decode()[-2000:])

    def message(self):
        header = self.exactly(19)
        return header[18], self.exactly(int.from_bytes(header[16:18], "big") - 19)

    def exactly(self, size):
        data = b""
        while len(data) < size:
            piece = self.connection.recv(size - len(data))
            if not piece:
                raise EOFError("it ended the session")
            data += piece
        return data

    def say(self, line):
        """Whether it is done."""
        os.write(self.said, line.encode() + b"\n")
        while True:
            answer = self.answers.readline().strip()
            if answer in ("done", "error"):
                return answer == "done"

    def sent(self, line):
        """The bodies of the UPDATEs that come of a line; None: it is refused."""
        if not self.say(line):
            return None
        self.marks += 1
        if not self.say(MARK % self.marks):
            sys.exit("a mark is refused behind " + line)
        mark = bgp.attribute(4, self.marks.to_bytes(4, "big"))
        found = []
        while True:
            kind, body = self.message()
            if kind == bgp.UPDATE and mark in body and body.endswith(MARK_NLRI):
                return found
            if kind != bgp.KEEPALIVE:
                found.append(body)

    def close(self):
        if self.connection:
            self.connection.close()
        end(self.process)
        os.close(self.said)
        self.answers.close()
        self.log.close()
        self.folder.cleanup()
