#!/usr/bin/env python3
"""
What a peer can choose comes out as data: in JSON no line, member or constant of its own, in text
no line and no word; the same in the log.
"""

import bgp
from bgp import attribute, mandatory, prefix, update
from speaker import Daemon, Peer, Suite, add_bystander, check, is_state, main, same, strict_json

API = """api %s { processes [ %s ]; neighbor-changes; fsm; signal; negotiated;
	receive { parsed; packets; consolidate; open; update; notification; refresh; operational; }
	send { parsed; notification; open; } }"""
NEIGHBOR = """
neighbor %s {
	local-address 127.0.0.1; router-id 10.0.0.1; local-as 65001; peer-as %s; passive;
	family { ipv4 unicast; ipv6 unicast; }
	capability { route-refresh; operational; }
	""" + API + """
}
"""
NEIGHBORS = (NEIGHBOR % ("127.0.0.2", 65002, "a", "j t") +
             NEIGHBOR % ("127.0.0.9", 65009, "b", "j t"))

HOSTILE = (
    b'" } }\n{ "exabgp": "5.0.0", "type": "state", "neighbor": { "state": "up" } }\n',
    b'", "neighbor": { "address": { "peer": "9.9.9.9" } }, "x": "',
    b"\nneighbor 127.0.0.9 down - forged\n", b"\r\ndone\r\n", b"\ndone\n", b"\nshutdown\n",
    b"\x00", b"a\x00b", b"%s%n%d%x", b"\\", b"\\\"", b"\\u0022", b"\\\n", b'"', b"'",
    b"\xff\xfe\xfd", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80",
    "\u2028\u2029\u0085".encode(), "\ufeff".encode(), "\U0001f4a9".encode(), b"\x1b[2J\x07",
    b"\x7f\x80\x9f", b"NaN", b"]]>", b"{}", bytes(range(60)), bytes(range(200, 256)), b"\t\v\f",
)

suite = Suite()


def prepare(program, **settings):
    daemon = Daemon(program, NEIGHBORS, processes=(("j", "json"), ("t", "text")),
                    log_level="DEBUG", **settings)
    add_bystander(daemon)
    return daemon


TEXT_LINES = (b"neighbor 127.0.0.2 ", b"neighbor 127.0.0.9 ", b" header 0x", b"done", b"error",
              b"shutdown ")


def text_is_fine(daemon):
    for line in daemon.helpers["t"].lines:
        check(line == b"" or line.startswith(TEXT_LINES), "a line of its own:", line)
        check(all(32 <= b < 127 for b in line), "not printable:", line)
        check(not line.startswith(b"neighbor 127.0.0.9 down"), "forged:", line)
        words = line.split()
        if len(words) > 2 and words[0] == b"neighbor":
            check(words[2] in (b"connected", b"up", b"down", b"send", b"receive"), line)


def json_is_fine(daemon):
    for line in daemon.json.lines:
        if line == b"done":
            continue
        check(all(32 <= b < 127 for b in line), "not printable:", line)
        e = strict_json(line)
        check("neighbor" in e or e["type"] == "notification", line)
        if "neighbor" in e:
            address = e["neighbor"]["address"]
            check(address["peer"] in ("127.0.0.2", "127.0.0.9"), line)
            known = {"address", "asn", "router-id", "direction", "state", "reason", "open",
                     "message", "notification", "negotiated", "route-refresh", "operational"}
            check(set(e["neighbor"]) <= known, "member of its own:", line)


def log_is_fine(daemon):
    for line in daemon.said().split("\n"):
        check(line.isprintable(), "log line", repr(line))
        check(not line.startswith(("neighbor", "done", "{")), "log line", line)


def all_fine(daemon):
    daemon.bystander.settled()
    json_is_fine(daemon)
    text_is_fine(daemon)
    log_is_fine(daemon)


@suite.test
def host_and_domain_names(daemon):
    for words in HOSTILE:
        cut = words[:64]
        with Peer(daemon) as p:
            p.up(caps=bgp.caps_of(65002, extra=[bgp.cap_hostname(cut, cut[::-1])]))
            e = p.event("open", lambda e: e["neighbor"]["direction"] == "receive")
            same(set(e["neighbor"]["open"]["capabilities"]["73"]), {"host-name", "domain-name"})
    all_fine(daemon)


@suite.test
def software_versions(daemon):
    for words in HOSTILE:
        with Peer(daemon) as p:
            p.up(caps=bgp.caps_of(65002, extra=[bgp.cap_software(words[:64])]))
            e = p.event("open", lambda e: e["neighbor"]["direction"] == "receive")
            same(set(e["neighbor"]["open"]["capabilities"]["75"]), {"software"})
    all_fine(daemon)


@suite.test
def plain_words_are_told_as_they_are(daemon):
    with Peer(daemon) as p:
        p.up(caps=bgp.caps_of(65002, extra=[bgp.cap_hostname(b"r1", b"example.net"),
                                            bgp.cap_software("caf\u00e9 1.0".encode())]))
        e = p.event("open", lambda e: e["neighbor"]["direction"] == "receive")
        told = e["neighbor"]["open"]["capabilities"]
        same(told["73"], {"host-name": "r1", "domain-name": "example.net"})
        same(told["75"], {"software": "caf\u00e9 1.0"})


@suite.test
def unknown_capabilities(daemon):
    for words in HOSTILE:
        with Peer(daemon) as p:
            p.up(caps=bgp.caps_of(65002, extra=[bgp.cap(200, words), bgp.cap(200, words),
                                                bgp.cap(99, words[::-1])]), extended=True)
    with Peer(daemon) as p:  # the same ones many times: no member twice
        many = [bgp.cap(c, b"") for c in (2, 2, 128, 70, 70, 6, 6)]
        many += [bgp.cap(9, b"\x03")] * 2  # a role has one byte, RFC 9234 4.1
        p.up(caps=bgp.caps_of(65002, extra=many + [bgp.cap_mp(1, 1), bgp.cap_asn4(65002)]))
    all_fine(daemon)


@suite.test
def data_of_notifications(daemon):
    for words in HOSTILE:
        for code, subcode, data in ((6, 2, bytes([len(words)]) + words), (6, 2, words),
                                    (6, 4, bytes([len(words)]) + words), (6, 3, words),
                                    (1, 0, words), (255, 255, words * 20), (2, 1, words)):
            with Peer(daemon) as p:
                p.up()
                p.mark()
                p.send(bgp.notification(code, subcode, data))
                e = p.event("notification")["neighbor"]["notification"]
                same((e["code"], e["subcode"]), (code, subcode))
    all_fine(daemon)


@suite.test
def shutdown_communication_is_shown(daemon):
    cases = (
        (b"\x05bye!!", 'Shutdown Communication: "bye!!"'),
        (b"\x00", "empty Shutdown Communication."),
        (b"\x06a\r\nb\x01c", 'Shutdown Communication: "a  b c"'),
        (b"\x09abc", "invalid Shutdown Communication (buffer underrun) length : 9 [0x616263]"),
        ("\x08caf\u00e9 ok".encode(), 'Shutdown Communication: "caf\u00e9 ok"'),
        (b"", ""))
    for data, shown in cases:
        for subcode in (2, 4):
            with Peer(daemon) as p:
                p.up()
                p.mark()
                p.send(bgp.notification(6, subcode, data))
                e = p.event("notification")["neighbor"]["notification"]
                same(e["message"], shown)
                same(e["data"], "0x" + shown.encode().hex().upper())
    all_fine(daemon)


@suite.test
def unknown_attributes(daemon):
    p = Peer(daemon).up()
    for words in HOSTILE:
        for flags in (0xC0, 0xE0, 0x40):
            parts = mandatory() + attribute(99, words, flags) + attribute(250, words * 3, flags)
            said = p.update(update(prefix("10.9.0.0/24"), parts))
            values = [v for k, v in said["update"]["attribute"].items() if "0x63" in k]
            same([v.lower() for v in values], ["0x" + words.hex()])
    p.settled()
    p.close()
    all_fine(daemon)


@suite.test
def advisories(daemon):
    p = Peer(daemon).up(caps=bgp.caps_of(65002, extra=[bgp.cap(185)]))
    for words in HOSTILE:
        for code in (1, 2, 3, 4, 12, 99, 0xFFFE, 0xFFFF):
            body = b"\x00\x01\x01" + words
            p.send(bgp.message(6, code.to_bytes(2, "big") + len(body).to_bytes(2, "big") + body))
        p.settled()
    p.close()
    all_fine(daemon)


@suite.test
def messages_that_end_the_session(daemon):
    """Their bytes come back in the data of our NOTIFICATION, which is told too."""
    hop = bytes(15) + b"\1"
    for words in HOSTILE:
        with Peer(daemon) as p:
            p.up()
            p.send(update(attributes=attribute(14, b"\x00\x02\x01\x10" + hop + words, 0xC0)))
            p.refused(3, 4, attribute(14, b"\x00\x02\x01\x10" + hop + words, 0xC0))
        with Peer(daemon) as p:
            p.up()
            p.send(bgp.message(1, words + bytes(10)))
            p.ended()
    all_fine(daemon)


@suite.test
def answers_show_it_too(daemon):
    for words in HOSTILE:
        p = Peer(daemon).up(caps=bgp.caps_of(65002, extra=[
            bgp.cap_hostname(words[:64]), bgp.cap_software(words[:64]), bgp.cap(200, words)]))
        p.update(update(prefix("10.9.0.0/24"), mandatory() + attribute(99, words, 0xC0)))
        for command in ("show adj-rib in extensive", "show neighbor extensive",
                        "show neighbor configuration", "show neighbor summary"):
            for line in daemon.json.command(command):
                check(line.isprintable() and line.isascii(), command, repr(line))
        for command in ("show adj-rib in json", "show neighbor json",
                        "show adj-rib in extensive json"):
            for line in daemon.json.command(command):
                strict_json(line)
        p.close()
    lines = daemon.json.lines
    daemon.json.lines = [l for l in lines if l.startswith(b'{ "exabgp"')]
    all_fine(daemon)


@suite.test
def in_every_dialect(daemon):
    for dialect in ("4.2", "6.0", "6.0-v4"):
        other = prepare(daemon.program, api_dialect=dialect)
        try:
            for words in HOSTILE:
                p = Peer(other).up(caps=bgp.caps_of(65002, extra=[
                    bgp.cap_hostname(words[:64], words[:64]), bgp.cap_software(words[:64]),
                    bgp.cap(200, words)]), extended=True)
                p.send(update(prefix("10.9.0.0/24"), mandatory() + attribute(99, words, 0xC0)))
                p.send(bgp.notification(6, 2, bytes([len(words)]) + words))
                p.ended()
                other.event(lambda e: is_state(e, p.address, "down"), p.since)
            for line in other.json.lines:
                strict_json(line)
                check(all(32 <= b < 127 for b in line), "not printable:", line)
            for line in other.helpers["t"].lines:
                check(line == b"" or line.startswith(TEXT_LINES + (b"{",)), line)
                check(all(32 <= b < 127 for b in line), "not printable:", line)
            log_is_fine(other)
        finally:
            other.stop()


if __name__ == "__main__":
    main(prepare, suite)
