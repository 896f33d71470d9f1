#!/usr/bin/env python3
"""EVPN and route targets: said in a file and by commands, heard as events, and said again by what was heard."""

import json

import rig
from runs import printed

EVPN, RTC = (25, 70), (1, 132)
SEGMENT = "00:11:22:33:44:55:66:77:88:99"
RD = "0000fdea00000064"

# words behind the family, and the NLRI that they are
ROUTES = [
    ("l2vpn evpn", "ethernet-ad rd 65002:100 esi %s ethernet-tag 10 label 62" % SEGMENT,
     "0119" + RD + "00112233445566778899" + "0000000a" + "0003e1"),
    ("l2vpn evpn", "mac-ip rd 65002:100 ethernet-tag 10 mac 00:11:22:33:44:55 ip 10.1.1.1 label 62",
     "0225" + RD + "00" * 10 + "0000000a" + "30001122334455" + "200a010101" + "0003e1"),
    ("l2vpn evpn", "mac-ip rd 65002:100 esi %s ethernet-tag 0 mac 00:11:22:33:44:56 ip 2001:db8::5 vni [ 100 200 ]" % SEGMENT,
     "0234" + RD + "00112233445566778899" + "00000000" + "30001122334456"
     + "80" + "20010db8000000000000000000000005" + "0000640000c8"),
    ("l2vpn evpn", "multicast rd 65002:100 ethernet-tag 10 ip 10.1.1.1", "0311" + RD + "0000000a" + "200a010101"),
    ("l2vpn evpn", "ethernet-segment rd 65002:100 esi %s ip 10.1.1.1" % SEGMENT,
     "0417" + RD + "00112233445566778899" + "200a010101"),
    ("l2vpn evpn", "prefix rd 65002:100 ethernet-tag 10 ip 10.1.1.0/24 gateway 10.9.9.9 vni 5000",
     "0522" + RD + "00" * 10 + "0000000a" + "180a010100" + "0a090909" + "001388"),
    ("ipv4 rtc", "origin-as 65002 route-target target:65002:1", "600000fdea0002fdea00000001"),
    ("ipv4 rtc", "origin-as 65002", "200000fdea"),
    ("ipv4 rtc", "default", "00"),
]
PMSI = "pmsi ( ingress-replication 10.4.4.4 vni 100 flags 1 )"
COMMUNITIES = "extended-community [ target:65002:1 encap:VXLAN mac-mobility:5:sticky router-mac:00:11:22:33:44:55 ]"
# PMSI and communities as they are sent, in the order of their codes
SENT = "c010200002fdea00000001" + "030c000000000008" + "0600010000000005" + "0603001122334455" + "c0160901060000640a040404"
NAMES = {
    "Ethernet Auto-Discovery": "ethernet-ad", "MAC/IP advertisement": "mac-ip",
    "Inclusive Multicast Ethernet Tag": "multicast", "Ethernet Segment": "ethernet-segment",
    "IP Prefix Advertisement": "prefix",
}


def numbers(family):
    return EVPN if family == "l2vpn evpn" else RTC


def section(peer, inside="", **more):
    return peer.section(inside=inside, **more).replace("family { ipv4 unicast; }", "family { l2vpn evpn; ipv4 rtc; }")


def reach(family, nlri):
    """MP_REACH_NLRI behind a next hop of 192.0.2.1."""
    afi, safi = numbers(family)
    value = afi.to_bytes(2, "big") + bytes([safi, 4, 192, 0, 2, 1, 0]) + bytes.fromhex(nlri)
    return rig.attribute(0x80, 14, value)


def unreach(family, nlri):
    afi, safi = numbers(family)
    return rig.attribute(0x80, 15, afi.to_bytes(2, "big") + bytes([safi]) + bytes.fromhex(nlri))


def attributes_of(peer):
    """Those of the next UPDATE."""
    return rig.split_update(peer.read_kind(rig.UPDATE))[1]


def scene_of(scene, inside="", api=""):
    peer = scene.peer(families=(EVPN, RTC))
    hand = scene.hand("h")
    scene.start(scene.process("h", "encoder json;") + section(peer, inside, processes="h", api=api))
    peer.establish(keep=False)
    return peer, hand


def expect_all(peer, attribute):
    """Each route comes in an UPDATE of its own, in any order."""
    left = {attribute(family, nlri): words for family, words, nlri in ROUTES}
    while left:
        said = attributes_of(peer)
        found = [a for a in left if a in said]
        rig.equal(len(found), 1, "routes known in %s" % said.hex())
        del left[found[0]]


def expect_ends(peer):
    """Of both families, in the order of the OPEN of the peer."""
    for afi, safi in (EVPN, RTC):
        rig.equal(attributes_of(peer), bytes.fromhex("900f0003") + afi.to_bytes(2, "big") + bytes([safi]), "an end")


def test_a_file_says_them_on_lines(scene):
    lines = "".join(
        "%s { %s %s next-hop 192.0.2.1; }\n" % (family.split()[0], family.split()[1], words)
        for family, words, _ in ROUTES)
    peer, _ = scene_of(scene, "announce { %s }" % lines)
    expect_all(peer, reach)


def test_a_file_says_them_in_the_section_of_l2vpn(scene):
    family, words, nlri = ROUTES[1]
    other = words.replace("mac-ip ", "").replace("00:11:22:33:44:55", "00:11:22:33:44:57").split(" ")
    block = "".join("%s %s; " % pair for pair in zip(other[::2], other[1::2]))
    peer, _ = scene_of(scene, "l2vpn { evpn %s next-hop 192.0.2.1 %s %s;\nevpn mac-ip one { %s next-hop 192.0.2.1; } }"
                       % (words, PMSI, COMMUNITIES, block))
    said = attributes_of(peer)
    rig.expect(reach(family, nlri) in said and bytes.fromhex(SENT) in said, "%s", said.hex())
    rig.expect(reach(family, nlri.replace("001122334455", "001122334457")) in attributes_of(peer), "the block")


def test_commands_announce_and_withdraw_them(scene):
    peer, hand = scene_of(scene)
    expect_ends(peer)
    for family, words, nlri in ROUTES:
        hand.say("announce %s %s next-hop 192.0.2.1" % (family, words))
        rig.equal(hand.answer(), ["done"])
        rig.expect(reach(family, nlri) in attributes_of(peer), "%s", words)
    for family, words, nlri in ROUTES:
        hand.say("withdraw %s %s" % (family, words))
        rig.equal(hand.answer(), ["done"])
        rig.expect(unreach(family, nlri) in attributes_of(peer), "%s", words)


def test_evpn_is_a_command_of_its_own(scene):
    peer, hand = scene_of(scene)
    expect_ends(peer)
    for words in ("mac-ip { rd 1:1; mac 00:11:22:33:44:55; next-hop 192.0.2.1; }",
                  "mac-ip rd 1:1 mac 00:11:22:33:44:55 next-hop 192.0.2.1 vni 5"):
        hand.say("announce evpn %s" % words)
        rig.equal(hand.answer(), ["done"])
        rig.expect(b"\x30\0\x11\x22\x33\x44\x55" in attributes_of(peer), "%s", words)
    hand.say("withdraw evpn mac-ip rd 1:1 mac 00:11:22:33:44:55")  # without its label
    rig.equal(hand.answer(), ["done"])
    rig.expect(attributes_of(peer)[:2] == b"\x80\x0f", "withdrawn")


def test_bad_words_are_an_error(scene):
    peer, hand = scene_of(scene)
    expect_ends(peer)
    for words in ("l2vpn evpn mac-ip rd 1:1 next-hop 192.0.2.1", "l2vpn evpn host rd 1:1 next-hop 192.0.2.1",
                  "ipv4 rtc target:1:1 next-hop 192.0.2.1", "l2vpn evpn multicast rd 1:1 ip 1.1.1.1"):
        hand.say("announce " + words)
        rig.equal(hand.answer()[-1], "error", words)


def event_of(hand):
    while True:
        told = json.loads(hand.until_line('"update"'))["neighbor"]["message"]
        if "update" in told:
            return told["update"]


def words_of(member):
    """The words of an EVPN route out of its JSON."""
    words = [NAMES[member["name"]], "rd", member["rd"]]
    if member.get("esi", "-") != "-":
        words += ["esi", member["esi"]]
    if "ethernet-tag" in member:
        words += ["ethernet-tag", str(member["ethernet-tag"])]
    if "mac" in member:
        words += ["mac", member["mac"]]
    if "ip" in member:
        words += ["ip", member["ip"] + ("/%d" % member["iplen"] if "iplen" in member else "")]
    if member.get("gateway", "0.0.0.0") not in ("0.0.0.0", "::"):
        words += ["gateway", member["gateway"]]
    if "label" in member:
        words += ["vni", str(member["label"][0][1])]  # the field as it came
    return " ".join(words)


def test_events_can_be_said_again(scene):
    peer, hand = scene_of(scene, "adj-rib-in true;", "receive { parsed; update; }")
    expect_ends(peer)
    for family, words, nlri in ROUTES:
        peer.send(rig.update(rig.attributes(next_hop="192.0.2.1", more=reach(family, nlri))))
        (member,) = event_of(hand)["announce"][family]["192.0.2.1"]
        if family == "ipv4 rtc":
            target = member["route-target"]
            rig.equal((member["origin"], target), (0 if words == "default" else 65002,
                                                   words.split(" ")[3] if "target" in words else None))
            continue
        rig.equal(bytes.fromhex(member["raw"]), bytes.fromhex(nlri))
        if "[" not in words:  # of two labels one is told
            hand.say("announce l2vpn evpn %s next-hop 192.0.2.1" % words_of(member))
            rig.equal(hand.answer(), ["done"])
            rig.expect(reach(family, nlri) in attributes_of(peer), "%s", words)
        hand.say("announce l2vpn evpn raw 0x%s next-hop 192.0.2.1" % member["raw"], "withdraw l2vpn evpn raw 0x%s" % member["raw"])
        rig.equal(hand.answer() + hand.answer(), ["done", "done"])
        rig.until(lambda nlri=nlri, family=family: unreach(family, nlri) in attributes_of(peer), "withdrawn")


def test_adj_ribs_show_words_that_can_be_said(scene):
    peer, hand = scene_of(scene, "adj-rib-in true;")
    expect_ends(peer)
    for family, words, nlri in ROUTES:
        peer.send(rig.update(rig.attributes(next_hop="192.0.2.1", more=reach(family, nlri))))
        hand.say("announce %s %s next-hop 192.0.2.1" % (family, words))
        rig.equal(hand.answer(), ["done"])
        rig.expect(reach(family, nlri) in attributes_of(peer), "%s", words)
    want = sorted("%s %s %s" % (peer.address, family, words) for family, words, _ in ROUTES)
    for side in ("in", "out"):
        hand.say("show adj-rib " + side)
        lines = [line.split(" next-hop ")[0] for line in hand.answer()[:-1]]
        rig.equal(sorted(lines), want, side)


def test_paths_have_identifiers_where_that_was_agreed(scene):
    offer = rig.capability(69, bytes.fromhex("00194603"))
    peer = scene.peer(families=(EVPN, RTC), capable=[offer])
    hand = scene.hand("h")
    inside = "adj-rib-in true; capability { add-path send/receive; } add-path { l2vpn evpn; }"
    scene.start(scene.process("h", "encoder json;") + section(peer, inside, processes="h", api="receive { parsed; update; }"))
    peer.establish(keep=False)
    rig.expect(offer in peer.opened, "offered")
    expect_ends(peer)
    family, words, nlri = ROUTES[3]
    for path in ("0.0.0.1", "0.0.0.2"):
        said = "l2vpn evpn %s path-information %s" % (words, path)
        number = rig.prefix(path + "/32")[1:].hex()
        hand.say("announce %s next-hop 192.0.2.1" % said)
        rig.equal(hand.answer(), ["done"])
        rig.expect(reach(family, number + nlri) in attributes_of(peer), "%s", path)
        peer.send(rig.update(rig.attributes(next_hop="192.0.2.1", more=reach(family, number + nlri))))
        (member,) = event_of(hand)["announce"][family]["192.0.2.1"]
        rig.equal(member["path-information"], path)
        for side in ("in", "out"):
            hand.say("show adj-rib " + side)
            rig.expect(any(said in line for line in hand.answer()), "%s in %s", said, side)
    hand.say("withdraw l2vpn evpn %s path-information 0.0.0.1" % words)
    rig.equal(hand.answer(), ["done"])
    rig.expect(unreach(family, "00000001" + nlri) in attributes_of(peer), "withdrawn")


TOLD = {  # the tunnel, and what a community without a name is
    "4.2": ("pmsi:ingressreplication:1:6(100):10.4.4.4", ""),
    "5.0": ("pmsi:ingressreplication:1:6(100):10.4.4.4", ""),
    "6.0": ("pmsi:ingressreplication:1:6:10.4.4.4", "0x0603001122334455"),
    "6.0-v4": ("pmsi:ingressreplication:1:6:10.4.4.4", "0x0603001122334455"),
}


def test_each_dialect_tells_them_in_its_shape(scene):
    peer = scene.peer(families=(EVPN, RTC))
    hands = {name: scene.hand("h%d" % i) for i, name in enumerate(TOLD)}
    text = scene.hand("text")
    apis = "".join("api %s { processes [ %s ]; receive { parsed; update; } }\n" % (h.name, h.name) for h in (*hands.values(), text))
    scene.start(
        "".join(scene.process(h.name, "encoder json; dialect %s;" % name) for name, h in hands.items())
        + scene.process("text", "encoder text; dialect 5.0;") + section(peer, apis))
    peer.establish(keep=False)
    family, words, nlri = ROUTES[1]
    more = bytes.fromhex(SENT) + reach(family, nlri)
    peer.send(rig.update(rig.attributes(next_hop="192.0.2.1", more=more)))
    for name, (tunnel, unknown) in TOLD.items():
        update = event_of(hands[name])
        rig.equal(update["attribute"]["pmsi"], tunnel, name)
        strings = [c["string"] for c in update["attribute"]["extended-community"]]
        rig.equal(sorted(strings), sorted(["target:65002:1", "encap:VXLAN", "mac-mobility:5:sticky", unknown]), name)
        (member,) = update["announce"][family]["192.0.2.1"]
        rig.equal((member["code"], member["mac"], member["label"]), (2, "00:11:22:33:44:55", [[62, 993]]), name)
    line = text.until_line("announced")
    rig.expect("announced afi l2vpn safi evpn" in line and "pmsi pmsi:ingressreplication:1:6(100):10.4.4.4" in line, "%s", line)


def test_bytes_become_the_words_that_they_came_from(scene):
    """encode, decode -m and encode again."""
    for family, words, _ in ROUTES:
        more = " %s %s" % (PMSI, COMMUNITIES) if family == "l2vpn evpn" else ""
        (sent,) = printed(scene, "encode", "-f", family, "route %s next-hop 192.0.2.1%s" % (words, more))
        (command,) = printed(scene, "decode", "-m", sent)
        rig.expect(command.startswith("announce %s %s next-hop 192.0.2.1" % (family, words)), "%s", command)
        again = command.replace("announce " + family, "route")
        rig.equal(printed(scene, "encode", "-f", family, again), [sent], command)


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])
