"""A program that is fed UPDATEs in a session and asked for its events."""

import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time

import bgp
from reference import end

PATIENCE = 60

CONFIG = """
process j { run %(run)s; encoder json; }
neighbor 127.0.0.2 {
	local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as 65001;
	passive; hold-time 0;
	family { %(family)s; }
	api { processes [ j ]; neighbor-changes; receive { consolidate; packets; update; } }
}
"""


class Listener:
    """Its events by the bodies of the messages that they are of."""

    def __init__(self, command, family, afi_safi, port, **environment):
        self.folder = tempfile.TemporaryDirectory()
        os.chmod(self.folder.name, 0o755)
        self.family, self.port = afi_safi, port
        self.told, self.news, self.over = {}, threading.Condition(), False
        self.ends = 0  # sessions that it told the end of
        fifo, helper, config = (os.path.join(self.folder.name, n) for n in ("out", "helper", "conf"))
        os.mkfifo(fifo)
        self.events = os.open(fifo, os.O_RDWR)
        with open(helper, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\ncat >%s\n" % fifo)
        os.chmod(helper, 0o755)
        with open(config, "w", encoding="ascii") as file:
            file.write(CONFIG % {"run": helper, "family": family})
        env = dict(os.environ, exabgp_tcp_bind="127.0.0.1", exabgp_tcp_port=str(port),
                   exabgp_api_cli="false", exabgp_api_ack="false",
                   exabgp_daemon_user="root" if os.getuid() == 0 else "nobody", **environment)
        self.log = open(os.path.join(self.folder.name, "log"), "w+b")
        self.process = subprocess.Popen(command + [config], env=env, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()
        self.connection = None

    def read(self):
        rest = b""
        while not self.over:
            if not select.select([self.events], [], [], 0.2)[0]:
                continue
            rest += os.read(self.events, 1 << 20)
            *whole, rest = rest.split(b"\n")
            with self.news:
                for line in whole:
                    self.hear(line.decode())
                self.news.notify_all()

    def hear(self, line):
        """A line with the body that it is of: the JSON of some is none, so it is cut out."""
        self.ends += '"state": "down"' in line
        _, _, rest = line.partition('"body": "0x')
        body, _, _ = rest.partition('"')
        if body and '"category"' not in line:
            self.told[body.lower()] = line

    def close(self):
        if self.connection:
            self.connection.close()
        end(self.process)
        self.over = True
        self.thread.join()
        os.close(self.events)
        self.log.close()
        self.folder.cleanup()

    def listens(self):
        with open("/proc/net/tcp", encoding="ascii") as file:
            return any(" 0100007F:%04X 00000000:0000 0A " % self.port in line for line in file)

    def connect(self):
        """While it still ends the last session it says so, each time that it is called."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with self.news:
                while not self.listens() and time.monotonic() < deadline and self.process.poll() is None:
                    self.news.wait(0.005)
            try:
                self.connection = socket.create_connection(("127.0.0.1", self.port), 5, ("127.0.0.2", 0))
                self.connection.settimeout(PATIENCE)
                self.connection.sendall(bgp.open_message(asn=65001, hold=0, router_id="10.0.0.2",
                                                         caps=bgp.caps_of(65001, [self.family])))
                if self.message() == bgp.OPEN and self.message() == bgp.KEEPALIVE:
                    self.connection.sendall(bgp.keepalive)
                    return
            except OSError:
                pass
            if self.connection:
                self.connection.close()
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.log.seek(0)
                sys.exit("no session: " + self.log.read().decode()[-2000:])

    def message(self):
        """The type of the next message; 0 at the end."""
        header = self.exactly(19)
        return header[18] if header and self.exactly(int.from_bytes(header[16:18], "big") - 19) is not None else 0

    def exactly(self, size):
        data = b""
        while len(data) < size:
            piece = self.connection.recv(size - len(data))
            if not piece:
                return None
            data += piece
        return data

    def feed(self, messages):
        """All of them, in sessions as many as it takes; what ends one is told as None."""
        at = 0
        while at < len(messages):
            if self.connection is None:
                self.connect()
            batch = messages[at : at + 200]
            try:
                self.connection.sendall(b"".join(batch))
            except OSError:
                pass
            at += self.heard(batch)

    def heard(self, batch):
        """How many were taken: all, or up to the one that ended the session."""
        bodies = [m[19:].hex() for m in batch]
        ends = self.ends
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with self.news:
                if bodies[-1] in self.told:
                    return len(batch)
                if self.ends > ends:  # what it told before stands before that
                    self.connection.close()
                    self.connection = None
                    last = max((i for i, b in enumerate(bodies) if b in self.told), default=-1)
                    self.told[bodies[last + 1]] = None
                    return last + 2
                self.news.wait(1)
        sys.exit("nothing is told of " + bodies[-1])
