"""The other side of a session."""

import select
import socket
import threading
import time

from claims import PATIENCE, Failure, expect
from wire import KEEPALIVE, MARKER, NOTIFICATION, OPEN, UPDATE, bgp, capability, prefixes, split_update


class Peer:
    """The other side of a session. It listens, for the program connects with connect PORT; with
    connect() it is the one that calls."""

    def __init__(self, address, asn=65002, local_as=65001, hold=180, families=((1, 1),), capable=()):
        self.address = address
        self.asn = asn
        self.local_as = local_as
        self.hold = hold
        self.families = families
        self.capable = capable  # more capabilities, as bytes
        self.port = 0
        self.listen()
        self.socket = None
        self.data = bytearray()
        self.opened = None  # body of the OPEN that came
        self.keeper = None
        self.sending = threading.Lock()
        self.stopping = threading.Event()
        self.reset()

    def listen(self):
        """Where it did before, if it did."""
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((self.address, self.port))
        self.listener.listen(8)
        self.port = self.listener.getsockname()[1]

    def reset(self):
        self.routes = {}  # NLRI as bytes: attributes as bytes, what stands now
        self.updates = 0
        self.announced = self.withdrawn = 0
        self.ends = 0  # End-of-RIB markers of IPv4 unicast
        self.beats = []  # times of KEEPALIVEs
        self.notification = None  # code, subcode, data
        self.closed = None  # why the keeper ended

    def section(self, processes="", inside="", api=""):
        """The neighbor section of the program's configuration."""
        families = "ipv4 unicast; ipv6 unicast;" if (2, 1) in self.families else "ipv4 unicast;"
        if processes or api:
            api = "api { %s %s }" % ("processes [ %s ];" % processes if processes else "", api)
        return (
            "neighbor %s { local-address 127.0.0.1; router-id 10.0.0.1; local-as %d; peer-as %d; "
            "connect %d; hold-time %d; family { %s } %s %s }\n"
            % (self.address, self.local_as, self.asn, self.port, max(self.hold, 3) if self.hold else 0,
               families, inside, api)
        )

    def accept(self, seconds=PATIENCE):
        expect(select.select([self.listener], [], [], seconds)[0], "no connection to %s", self.address)
        self.take(self.listener.accept()[0])

    def connect(self, address, port):
        s = socket.socket()
        s.bind((self.address, 0))
        s.settimeout(PATIENCE)
        s.connect((address, port))
        self.take(s)

    def take(self, s):
        self.drop()
        self.reset()
        s.settimeout(PATIENCE)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = s

    def send(self, data):
        """Whole messages; the keeper's are never in the middle of them."""
        with self.sending:
            self.socket.sendall(data)

    def beat(self):
        """A KEEPALIVE, unless somebody is stuck in sending: then what it sends is life enough."""
        if self.sending.acquire(blocking=False):
            try:
                self.socket.sendall(bgp(KEEPALIVE))
            finally:
                self.sending.release()

    def read(self, seconds=PATIENCE):
        """The next message as (type, body); None when the other side closed."""
        deadline = time.monotonic() + seconds
        while True:
            if len(self.data) >= 19:
                length = int.from_bytes(self.data[16:18], "big")
                expect(length >= 19 and self.data[:16] == MARKER, "broken header %s", self.data[:19].hex())
                if len(self.data) >= length:
                    message = self.data[18], bytes(self.data[19:length])
                    del self.data[:length]
                    return message
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise Failure("no message from the program within %g s" % seconds)
            try:
                piece = self.socket.recv(1 << 18)
            except ConnectionError:
                return None
            if not piece:
                return None
            self.data += piece

    def read_kind(self, kind, seconds=PATIENCE):
        """The body of the next message of this kind; those before are read over."""
        deadline = time.monotonic() + seconds
        while True:
            message = self.read(max(0.0, deadline - time.monotonic()))
            expect(message is not None, "%s: closed instead of message %d", self.address, kind)
            if message[0] == kind:
                return message[1]
            if message[0] == NOTIFICATION:
                raise Failure("NOTIFICATION %s instead of message %d" % (message[1].hex(), kind))

    def capabilities(self):
        every = [capability(1, a.to_bytes(2, "big") + bytes([0, s])) for a, s in self.families]
        return every + [capability(65, self.asn.to_bytes(4, "big"))] + list(self.capable)

    def open_message(self, version=4, asn=None, hold=None, router_id="10.0.0.2", parameters=None):
        asn = self.asn if asn is None else asn
        if parameters is None:
            joined = b"".join(self.capabilities())
            parameters = bytes([2, len(joined)]) + joined
        return bgp(
            OPEN,
            bytes([version])
            + (asn if asn < 65536 else 23456).to_bytes(2, "big")
            + (self.hold if hold is None else hold).to_bytes(2, "big")
            + socket.inet_aton(router_id)
            + bytes([len(parameters)])
            + parameters,
        )

    def handshake(self):
        """OPEN and KEEPALIVE in both directions on the connection that there is."""
        self.send(self.open_message())
        self.opened = self.read_kind(OPEN)
        self.send(bgp(KEEPALIVE))
        self.read_kind(KEEPALIVE)

    def establish(self, keep=True):
        """Accepts, shakes hands, and then reads and sends KEEPALIVEs by itself if it shall."""
        self.accept()
        self.handshake()
        if keep:
            self.keep()
        return self

    # A thread reads, counts and keeps the session alive.

    def keep(self):
        self.stopping.clear()
        self.keeper = threading.Thread(target=self.keep_on, daemon=True)
        self.keeper.start()

    def keep_on(self):
        interval = self.hold / 3 if self.hold else 30
        due = time.monotonic()
        try:
            while not self.stopping.is_set():
                if time.monotonic() >= due:
                    due = time.monotonic() + interval
                    self.beat()
                if not self.hear():
                    self.closed = "closed"
                    return
        except (OSError, Failure) as failure:
            self.closed = str(failure)

    def hear(self):
        self.take_messages()  # some may have come with the last one that was read by hand
        if not select.select([self.socket], [], [], 0.05)[0]:
            return True
        piece = self.socket.recv(1 << 18)
        self.data += piece
        self.take_messages()
        return bool(piece)

    def take_messages(self):
        at = 0
        while len(self.data) - at >= 19:
            length = int.from_bytes(self.data[at + 16 : at + 18], "big")
            if length < 19 or len(self.data) - at < length:
                break
            self.note(self.data[at + 18], bytes(self.data[at + 19 : at + length]))
            at += length
        del self.data[:at]

    def note(self, kind, body):
        if kind == KEEPALIVE:
            self.beats.append(time.monotonic())
        elif kind == NOTIFICATION:
            self.notification = body[0], body[1], body[2:]
            self.socket.shutdown(socket.SHUT_RDWR)
        elif kind == UPDATE:
            self.note_update(body)

    def note_update(self, body):
        self.updates += 1
        if body == b"\0\0\0\0":
            self.ends += 1
            return
        withdrawn, attrs, nlri = split_update(body)
        for route in prefixes(withdrawn):
            self.withdrawn += 1
            self.routes.pop(route, None)
        for route in prefixes(nlri):
            self.announced += 1
            self.routes[route] = attrs

    def alive(self):
        return self.closed is None and self.notification is None

    def check(self):
        """The session that is kept stands still."""
        expect(self.alive(), "%s: session lost: %s %s", self.address, self.closed, self.notification)

    def drop(self):
        """Closes the connection without a word."""
        self.stopping.set()
        if self.keeper is not None:
            self.keeper.join()
            self.keeper = None
        if self.socket is not None:
            self.socket.close()
            self.socket = None
        self.data.clear()

    def close(self):
        self.drop()
        self.listener.close()
