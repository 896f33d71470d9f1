#!/usr/bin/env python3
"""Session strictness: headers, OPENs, states and timers, each with the NOTIFICATION that is due."""

import struct

import bgp
from speaker import (Daemon, Failure, Peer, Suite, add_bystander, bystander_is_fine, check, is_state, main,
                     peer_of, same)

API = "api { processes [ j ]; neighbor-changes; receive { parsed; open; update; notification; } }"
NEIGHBOR = """
neighbor %s {
	local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as %s;
	hold-time %d; passive;
	family { ipv4 unicast; ipv6 unicast; }
	capability { route-refresh; extended-message %s; }
	""" + API + """
}
"""
NEIGHBORS = (NEIGHBOR % ("127.0.0.2", 65002, 180, "disable") +
             NEIGHBOR % ("127.0.0.3", 65001, 180, "disable") +
             NEIGHBOR % ("127.0.0.4", 4200000004, 180, "disable") +
             NEIGHBOR % ("127.0.0.5", 65005, 3, "disable") +
             NEIGHBOR % ("127.0.0.9", 65009, 180, "disable"))

suite = Suite()


def daemon_with_bystander(program):
    daemon = Daemon(program, NEIGHBORS, bgp_openwait=3)
    add_bystander(daemon)
    return daemon


# Headers, in three states.


def in_open_sent(daemon):
    p = Peer(daemon)
    p.expect(bgp.OPEN)
    return p


def in_open_confirm(daemon):
    return Peer(daemon).opened()


def in_established(daemon):
    return Peer(daemon).up()


STATES = (in_open_sent, in_open_confirm, in_established)

BAD_HEADERS = (
    (bgp.message(4, marker=b"\xff" * 15 + b"\xfe"), 1, 1, b"Connection Not Synchronized"),
    (bgp.message(4, marker=bytes(16)), 1, 1, b"Connection Not Synchronized"),
    (bgp.message(4, length=18), 1, 2, struct.pack("!H", 18)),
    (bgp.message(4, length=0), 1, 2, struct.pack("!H", 0)),
    (bgp.message(4, length=4097), 1, 2, struct.pack("!H", 4097)),
    (bgp.message(4, length=65535), 1, 2, struct.pack("!H", 65535)),
    (bgp.message(4, b"x"), 1, 2, struct.pack("!H", 20)),
    (bgp.message(1, bytes(9)), 1, 2, struct.pack("!H", 28)),
    (bgp.message(2, bytes(3)), 1, 2, struct.pack("!H", 22)),
    (bgp.message(3, b"\x06"), 1, 2, struct.pack("!H", 20)),
    (bgp.message(5, bytes(3)), 1, 2, struct.pack("!H", 22)),
    (bgp.message(0), 1, 3, b"\x00"),
    (bgp.message(7), 1, 3, b"\x07"),
    (bgp.message(255, b"abc"), 1, 3, b"\xff"),
)


@suite.test
def header_errors_in_every_state(daemon):
    for state in STATES:
        for sent, code, subcode, data in BAD_HEADERS:
            with state(daemon) as p:
                p.send(sent)
                try:
                    p.refused(code, subcode, data)
                except Failure as failure:
                    raise Failure("%s %s: %s" % (state.__name__, sent.hex(), failure))
    bystander_is_fine(daemon)


def open_is_refused(daemon, sent, code, subcode, data=None, address="127.0.0.2"):
    with Peer(daemon, address) as p:
        p.send(sent)
        p.expect(bgp.OPEN)
        p.refused(code, subcode, data)


@suite.test
def unknown_optional_parameter(daemon):
    for kind in (0, 3, 4, 254):
        params = bgp.param(b"".join(bgp.caps_of(65002))) + bgp.param(b"\x01", kind)
        open_is_refused(daemon, bgp.open_message(params=params), 2, 4,
                        b"Unsupported Optional Parameter")
    open_is_refused(daemon, bgp.open_message(params=bgp.param(b"\x01", 1)), 2, 5)


@suite.test
def unsupported_version(daemon):
    for version in (0, 1, 3, 5, 255):
        open_is_refused(daemon, bgp.open_message(version=version), 2, 1, b"\x00\x04")


@suite.test
def peer_as_mismatch(daemon):
    open_is_refused(daemon, bgp.open_message(asn=65003), 2, 2, b"Bad Peer AS")
    # the field is right, the capability is another
    lying = bgp.open_message(asn=65002, caps=bgp.caps_of(65003))
    open_is_refused(daemon, lying, 2, 2)
    lying = bgp.open_message(asn=65003, field=65003, caps=bgp.caps_of(65002))
    open_is_refused(daemon, lying, 2, 2)
    open_is_refused(daemon, bgp.open_message(asn=0, caps=bgp.caps_of(0)), 2, 2)
    open_is_refused(daemon, bgp.open_message(asn=4200000005), 2, 2, address="127.0.0.4")
    # AS_TRANS without the capability
    only_field = bgp.open_message(asn=4200000004, caps=[bgp.cap_mp(1, 1)])
    open_is_refused(daemon, only_field, 2, 2, address="127.0.0.4")
    with Peer(daemon, "127.0.0.4", 4200000004) as p:
        p.up(router_id="10.0.0.4")


@suite.test
def bgp_identifiers(daemon):
    open_is_refused(daemon, bgp.open_message(router_id="0.0.0.0"), 2, 3, b"Bad BGP Identifier")
    internal = bgp.open_message(asn=65001, router_id="10.0.0.1")
    open_is_refused(daemon, internal, 2, 3, address="127.0.0.3")
    with Peer(daemon, "127.0.0.2") as p:  # RFC 6286: the same one is fine in another AS
        p.up(router_id="10.0.0.1")


@suite.test
def hold_times(daemon):
    for hold in (1, 2):
        open_is_refused(daemon, bgp.open_message(hold=hold), 2, 6, b"Unacceptable Hold Time")
    for hold in (0, 3, 65535):
        with Peer(daemon) as p:
            p.up(hold=hold)


@suite.test
def truncated_opens_get_an_answer(daemon):
    whole = bgp.open_message(caps=bgp.caps_of(65002, extra=[
        bgp.cap(69, b"\x00\x01\x01\x03"), bgp.cap(64, b"\x00\x78\x00\x01\x01\x80"),
        bgp.cap_hostname(b"host", b"domain"), bgp.cap_software(b"soft"),
        bgp.cap(71, b"\x00\x01\x01\x80\x00\x00\x78")]))
    body = whole[19:]
    for size in range(len(body)):  # shorter than its length says
        with Peer(daemon) as p:
            p.send(bgp.message(bgp.OPEN, body[:size]))
            p.expect(bgp.OPEN)
            p.refused(*((1, 2) if size < 10 else (2, 0)))
    params = body[10:]
    for size in range(1, len(params)):  # the length is right, what is inside is cut
        with Peer(daemon) as p:
            p.send(bgp.open_message(params=params[:size]))
            p.expect(bgp.OPEN)
            answer = p.receive()
            check(answer is not None, "no answer to", params[:size].hex())
            if answer[18] == bgp.NOTIFICATION:
                same(answer[19:21], bytes([2, 0]), "answer to", params[:size].hex())
            else:  # it ends between two parameters
                same(answer, bgp.keepalive)
    bystander_is_fine(daemon)


@suite.test
def long_opens_both_ways(daemon):
    many = [bgp.cap(200 + i, bytes(60)) for i in range(10)]
    for extended, caps in ((True, bgp.caps_of(65002)), (True, bgp.caps_of(65002, extra=many))):
        with Peer(daemon) as p:
            p.up(extended=extended, caps=caps)
            same(p.event("open", lambda e: e["neighbor"]["direction"] == "receive")
                 ["neighbor"]["open"]["hold_time"], 180)
    # RFC 9072 2: the classic length may be any but 0 then
    long = bytearray(bgp.open_message(extended=True))
    long[28] = 1
    with Peer(daemon) as p:
        p.send(bytes(long), bgp.keepalive)
        p.expect(bgp.OPEN)
        p.daemon.event(lambda e: is_state(e, p.address, "up"), p.since)
    # 255 bytes of classic parameters are no extended ones
    caps = bgp.caps_of(65002)
    filled = b"".join(bgp.param(c) for c in caps)
    params = filled + bgp.param(bgp.cap(250, bytes(255 - len(filled) - 4)))
    same(len(params), 255)
    with Peer(daemon) as p:
        p.send(bgp.open_message(params=params), bgp.keepalive)
        p.expect(bgp.OPEN)
        p.daemon.event(lambda e: is_state(e, p.address, "up"), p.since)


@suite.test
def truncated_long_opens_get_an_answer(daemon):
    whole = bgp.open_message(extended=True)
    body = whole[19:]
    for size in range(10, len(body)):
        with Peer(daemon) as p:
            p.send(bgp.message(bgp.OPEN, body[:size]))
            p.expect(bgp.OPEN)
            p.refused(2, 0)
    for wrong in (b"\x02\x00\xff", b"\x02\xff\xff" + bytes(20), b"\x02\x00\x03\x41\x04\x00",
                  b"\x02\x00\x01\x41"):
        with Peer(daemon) as p:
            p.send(bgp.open_message(params=wrong, extended=True))
            p.expect(bgp.OPEN)
            p.refused(2, 0)
    bystander_is_fine(daemon)


BAD_CAPABILITIES = (
    bgp.cap(1, b"\x00\x01\x00"), bgp.cap(1), bgp.cap(65, b"\x00\x00\xfd"), bgp.cap(65),
    bgp.cap(69, b"\x00\x01\x01"), bgp.cap(69, b"\x00\x01\x01\x03\x00"),
    bgp.cap(64), bgp.cap(64, b"\x00"), bgp.cap(64, b"\x00\x78\x00\x01\x01"),
    bgp.cap(5, b"\x00\x01\x00\x01\x00"), bgp.cap(73, b"\x05ab"), bgp.cap(73, b"\xff"),
    bgp.cap(73), bgp.cap(75, b"\xff" + b"x" * 20), bgp.cap(75), bgp.cap(71, b"\x00\x01\x01\x80"),
    bgp.cap(76, b"\x00"), bgp.cap(3, b"\x00\x01\x00\x01\x05\x01"), bgp.cap(67, b"\xff" * 30),
    bgp.cap(9), bgp.cap(2, b"x"), bgp.cap(6, b"x"), bgp.cap(70, b"x"), bgp.cap(68), bgp.cap(131),
)


@suite.test
def bent_capabilities_get_an_answer(daemon):
    """Refused with 2/0 or lived with (RFC 5492 leaves it), never silence and never a crash."""
    for bent in BAD_CAPABILITIES:
        with Peer(daemon) as p:
            p.send(bgp.open_message(caps=bgp.caps_of(65002, extra=[bent])))
            p.expect(bgp.OPEN)
            answer = p.receive()
            check(answer is not None, "no answer to", bent.hex())
            if answer != bgp.keepalive:
                same(answer[18:20], bytes([bgp.NOTIFICATION, 2]), bent.hex())
                same(p.receive(), None)
    bystander_is_fine(daemon)


@suite.test
def names_that_are_cut_off_are_done_without(daemon):
    """They are for people, and no reason to refuse a session."""
    for bent in (bgp.cap(73), bgp.cap(73, b"\x05ab"), bgp.cap(73, b"\x02ab"), bgp.cap(75, b"\x05ab")):
        with Peer(daemon) as p:
            p.send(bgp.open_message(caps=bgp.caps_of(65002, extra=[bent])))
            p.expect(bgp.OPEN)
            same(p.receive(), bgp.keepalive, bent.hex())
    bystander_is_fine(daemon)


@suite.test
def messages_of_another_state(daemon):
    route = bgp.announce("10.1.0.0/24")
    cases = (
        (in_open_sent, route, 1), (in_open_sent, bgp.keepalive, 1),
        (in_open_sent, bgp.refresh(1, 1), 1), (in_open_confirm, route, 2),
        (in_open_confirm, bgp.refresh(1, 1), 2), (in_open_confirm, bgp.open_message(), 2),
        (in_established, bgp.open_message(), 3),
    )
    for state, sent, subcode in cases:
        with state(daemon) as p:
            p.send(sent)
            try:
                p.refused(5, subcode)
            except Failure as failure:
                raise Failure("%s %s: %s" % (state.__name__, sent.hex(), failure))
    bystander_is_fine(daemon)


@suite.test
def a_notification_is_never_answered(daemon):
    for state in STATES:
        for sent in (bgp.notification(6, 2), bgp.notification(0, 0), bgp.notification(255, 255),
                     bgp.notification(6, 4, b"\xffabc"), bgp.notification(3, 1, bytes(4000))):
            with state(daemon) as p:
                p.send(sent)
                while True:
                    m = p.receive()
                    if m is None:
                        break
                    check(m[18] != bgp.NOTIFICATION, "answered", m.hex())
    bystander_is_fine(daemon)


@suite.test
def an_open_that_never_comes(daemon):
    with Peer(daemon) as p:
        p.expect(bgp.OPEN)
        p.refused(4, 0, b"")


@suite.test
def hold_timer_runs_in_open_confirm(daemon):
    with Peer(daemon, "127.0.0.5", 65005) as p:
        p.opened(hold=3)
        p.refused(4, 0, b"")


@suite.test
def half_a_message_does_not_hold_a_session(daemon):
    with Peer(daemon, "127.0.0.5", 65005) as p:
        p.up(hold=3)
        p.send(bgp.keepalive[:18])
        p.refused(4, 0, b"")
    with Peer(daemon, "127.0.0.5", 65005) as p:  # half a header before the OPEN
        p.send(bgp.MARKER[:7])
        p.expect(bgp.OPEN)
        p.refused(4, 0, b"")
    bystander_is_fine(daemon)


@suite.test
def without_hold_time_nothing_expires(daemon):
    with Peer(daemon, "127.0.0.5", 65005) as p:
        p.up(hold=0)
        with Peer(daemon, "127.0.0.2") as other:
            other.opened(hold=3)
            other.refused(4, 0)  # the time of a hold timer passes meanwhile
        p.settled()


if __name__ == "__main__":
    main(daemon_with_bystander, suite)
