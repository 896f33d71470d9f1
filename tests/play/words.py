#!/usr/bin/env python3
"""Bytes to commands and back: decode -m says what encode makes the same bytes of."""

import json

import rig
from runs import printed

ROUTES = [
    "route 10.0.0.0/24 next-hop 192.0.2.1",
    "route 10.0.0.0/24 next-hop 192.0.2.1 med 5 community [ 1:2 no-export ]",
    "route 0.0.0.0/0 next-hop 192.0.2.1 origin incomplete local-preference 4294967295",
    "route 10.1.2.3/32 next-hop 192.0.2.1 as-path [ 65536 1 ] ( 7 8 ) [ 4200000000 ]",
    "route 10.0.0.0/8 next-hop 192.0.2.1 atomic-aggregate aggregator ( 18144:219.118.225.189 )",
    "route 10.0.0.0/8 next-hop 192.0.2.1 originator-id 10.0.0.9 cluster-list [ 1.1.1.1 2.2.2.2 ]",
    "route 10.0.0.0/8 next-hop 192.0.2.1 large-community [ 1:2:3 4294967295:0:1 ]",
    "route 10.0.0.0/8 next-hop 192.0.2.1 extended-community [ target:65001:1 origin:10.0.0.1:5 bandwidth:65000:1000000 ]",
    "route 10.0.0.0/8 next-hop 192.0.2.1 attribute [ 0x99 0xe0 0x0102 ]",
    "route 10.0.0.0/8 next-hop 2001:db8::1",
]
SIX = [
    "route 2001:db8::/32 next-hop 2001:db8::1",
    "route ::/0 next-hop 2001:db8::1 med 7 community 65001:1",
]


def back_and_forth(scene, routes, *family):
    for route in routes:
        (sent,) = printed(scene, "encode", *family, route)
        (command,) = printed(scene, "decode", "-m", sent)
        verb = "announce %s " % (family[1] if family else "route")
        rig.expect(command.startswith(verb), "%s gave %s", route, command)
        rig.equal(printed(scene, "encode", *family, "route " + command[len(verb):]), [sent], command)


def test_commands_make_the_bytes_that_they_came_from(scene):
    back_and_forth(scene, ROUTES)


def test_also_of_the_other_family(scene):
    back_and_forth(scene, SIX, "-f", "ipv6 unicast")


def test_withdraws_and_ends_of_rib_are_commands(scene):
    marker = "ff" * 16
    rig.equal(printed(scene, "decode", "-m", marker + "001b02000418010100" + "0000"), ["withdraw route 1.1.0.0/24"])
    rig.equal(printed(scene, "decode", "-m", marker + "00170200000000"), ["announce eor ipv4 unicast"])
    rig.equal(printed(scene, "decode", "-m", marker + "001e0200000007900f0003000201"), ["announce eor ipv6 unicast"])


def test_several_routes_of_one_update_are_one_command(scene):
    body = "0000" + "001c" + "40010100" + "400200" + "400304c0000201" + "80040400000005" + "40050400000064" + "180a0000" + "180a0001"
    (command,) = printed(scene, "decode", "-m", body)
    rig.equal(command, "announce attributes next-hop 192.0.2.1 origin igp local-preference 100 med 5 nlri 10.0.0.0/24 10.0.1.0/24")


def test_lines_of_input_are_decoded_one_by_one(scene):
    lines = printed(scene, "decode", given="00000000\n\n0000 0000\nff:ff\n", status=1)
    rig.equal(len(lines), 3, "lines")
    rig.equal([json.loads(l)["counter"] for l in lines[:2]], [1, 2])
    rig.equal(lines[2], "invalid payload")


def test_external_bytes_differ_from_internal_ones(scene):
    route = "route 10.0.0.0/24 next-hop 192.0.2.1 local-preference 200"
    (internal,) = printed(scene, "encode", route)
    (external,) = printed(scene, "encode", "-a", "65001", "-z", "65002", route)
    rig.expect("400504000000C8" in internal and "4005" not in external, "LOCAL_PREF")
    rig.expect("40020602010000FDE9" in external, "AS_PATH of 65001")
    (bare,) = printed(scene, "encode", "-n", route)
    rig.equal(bare, "180A0000")
    (body,) = printed(scene, "encode", "--no-header", route)
    rig.equal(internal[38:], body)


def test_routes_of_a_file_are_those_that_it_announces(scene):
    """The word withdraw means something with a watchdog only, and then until the watchdog says otherwise."""
    routes = "".join("route 10.0.%d.0/24 next-hop 192.0.2.1%s; " % (i, word)
                     for i, word in enumerate(("", " withdraw", " withdraw watchdog dog")))
    conf = scene.file("c", "neighbor 192.0.2.1 { local-address 192.0.2.2; local-as 1; peer-as 1; static { %s} }" % routes)
    lines = printed(scene, "encode", "-n", "-c", conf)
    rig.equal(lines, ["180A0000", "180A0001", "180A0002"])
    for nlri, message in zip(lines, printed(scene, "encode", "-c", conf)):
        rig.expect(message.endswith("40050400000064" + nlri), "%s", message)


def test_either_case_marks_hexadecimal_digits(scene):
    for words in ("community 0xAB", "large-community 0x00000001000000020000000a", "extended-community 0x0002FDE9000000ab", "aigp 0xab",
                  "attribute [ 0x63 0xc0 0x01ab ]", "bgp-prefix-sid-srv6 ( l3-service ::1 0xab )", "rd 0x000000010000000a label 5",
                  "extended-community-ipv6 0x" + "0a" * 20, "pmsi ( rsvp-te-p2mp 0x0a )", "bgp-ls [ generic-lsid-9 0x0a ]"):
        route = "route 10.0.0.0/24 next-hop 192.0.2.1 " + words
        rig.equal(printed(scene, "encode", route.replace("0x", "0X")), printed(scene, "encode", route), words)


def test_bad_words_are_explained(scene):
    for words in ("route 10.0.0.0/33 next-hop 1.1.1.1", "route 10.0.0.0/24", "nonsense"):
        (line,) = printed(scene, "encode", words, status=1)
        rig.expect(line.startswith("configuration error: "), "%r", line)


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
