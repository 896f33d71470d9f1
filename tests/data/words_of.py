"""The JSON of an UPDATE as words: what a helper would have to say to announce what it heard."""

import ipaddress

import words_of_links


def listed(values):
    return "[ %s ]" % " ".join(str(v) for v in values)


# Attributes: member of the JSON of 6.0, to words.

SEGMENTS = {"as-sequence": "[ %s ]", "as-set": "( %s )"}
CONFEDERATION = {"as-confed-sequence": 3, "as-confed-set": 4, "as-sequence": 2, "as-set": 1}


def raw(code, flags, value):
    return "attribute [ 0x%02x 0x%02x 0x%s ]" % (code, flags, value)


def as_path(segments):
    segments = list(segments.values())
    if all(s["element"] in SEGMENTS for s in segments):
        return "as-path " + " ".join(
            SEGMENTS[s["element"]] % " ".join(map(str, s["value"])) for s in segments)
    return raw(2, 0x40, "".join(
        "%02x%02x" % (CONFEDERATION[s["element"]], len(s["value"])) +
        "".join("%08x" % asn for asn in s["value"]) for s in segments))


TUNNELS = {"ingressreplication": "ingress-replication", "notunnel": "no-tunnel",
           "rsvp-tep2mplsp": "rsvp-te-p2mp", "mldpp2mplsp": "mldp-p2mp", "pim-ssmtree": "pim-ssm",
           "pim-smtree": "pim-sm", "bidir-pimtree": "bidir-pim", "mldpmp2mplsp": "mldp-mp2mp"}


def pmsi(text):
    _, kind, flags, label, tunnel = text.split(":", 4)
    return "pmsi ( %s %s label %s flags %s )" % (TUNNELS[kind], tunnel, label, flags)


STRUCTURE = ("locator-block-length", "locator-node-length", "function-length", "argument-length",
             "transposition-length", "transposition-offset")


def prefix_sid(value):
    for service in ("l3-service", "l2-service"):
        if service in value:
            one = value[service][0]
            structure = one.get("structure")
            lengths = " [ %s ]" % ",".join(str(structure[n]) for n in STRUCTURE) if structure else ""
            return "bgp-prefix-sid-srv6 ( %s %s 0x%x%s )" % (
                service, one["sid"], one["endpoint_behavior"], lengths)
    blocks = value.get("sr-srgbs", [])
    return "bgp-prefix-sid [ %s%s ]" % (value["sr-label-index"], ", [ %s ]" % ", ".join(
        "( %d,%d )" % (base, size) for base, size in blocks) if blocks else "")


BEHAVIOR = ("behavior", "lb-length", "ln-length", "fun-length", "arg-length")


def behavior(value):
    return " endpoint-behavior " + " ".join(str(value[n]) for n in BEHAVIOR) if value else ""


LINK_WORDS = ("local-if-id {local_if_id} local-ipv6 {local_ipv6} "
              "remote-if-id {remote_if_id} remote-ipv6 {remote_ipv6}")
SEGMENT_WORDS = {
    "A": "type-a mpls {label}", "B": "type-b srv6 {sid}",
    "C": "type-c ipv4 {ipv4_node} algorithm {algorithm}",
    "D": "type-d ipv6 {ipv6_node} algorithm {algorithm}",
    "E": "type-e local-if-id {local_if_id} ipv4 {ipv4_node}",
    "F": "type-f local {local_ipv4} remote {remote_ipv4}",
    "G": "type-g " + LINK_WORDS, "H": "type-h local {local_ipv6} remote {remote_ipv6}",
    "I": "type-i ipv6 {ipv6_node} algorithm {algorithm}",
    "J": "type-j " + LINK_WORDS + " algorithm {algorithm}",
    "K": "type-k local {local_ipv6} remote {remote_ipv6} algorithm {algorithm}",
}


def segment(value):
    words = "segment " + SEGMENT_WORDS[value["type"]].format(**value)
    return words + (" sid %s" % value["sid"] if "sid" in value and value["type"] != "B" else "") + \
        behavior(value.get("endpoint-behavior"))


def policy(member, value):
    if member == "binding-sid":
        return "binding-sid " + ("mpls %d" % value["label"] if value else "null")
    if member == "srv6-binding-sid" and isinstance(value, dict):
        return "srv6-binding-sid " + value["sid"] + behavior(value)
    if member == "segment-lists":
        return " ".join("segment-list weight %d %s" % (
            one["weight"], " ".join(map(segment, one["segments"]))) for one in value)
    return "%s %s" % (member, value)


ATTRIBUTES = {
    "origin": "origin {}".format, "as-path": as_path, "med": "med {}".format,
    "local-preference": "local-preference {}".format,
    "atomic-aggregate": lambda _: "atomic-aggregate", "aggregator": "aggregator ( {} )".format,
    "community": lambda v: "community " + listed("%d:%d" % tuple(c) for c in v),
    "originator-id": "originator-id {}".format,
    "cluster-list": lambda v: "cluster-list " + listed(v),
    "extended-community": lambda v: "extended-community " + listed("0x%016X" % c["value"] for c in v),
    "extended-community-ipv6": lambda v: raw(25, 0xC0, "".join("%040x" % c["value"] for c in v)),
    "large-community": lambda v: "large-community " + listed("%d:%d:%d" % tuple(c) for c in v),
    "aigp": lambda v: "aigp %d" % int(v, 16), "otc": "otc {}".format, "pmsi": pmsi,
    "bgp-prefix-sid": prefix_sid, "bgp-ls": words_of_links.attribute,
    "tunnel-encap": lambda v: " ".join(policy(*m) for m in v["sr-policy"].items()),
    "next-hop": lambda _: "",
}


def attribute(member, value):
    if member.startswith("attribute-0x"):
        _, code, flags = member.split("-")
        return raw(int(code, 16), int(flags, 16), value[2:])
    return ATTRIBUTES[member](value)


def prefix(nlri):
    words = nlri["nlri"]
    if "path-information" in nlri:
        words += " path-information " + nlri["path-information"]
    if "label" in nlri:
        words += " label " + listed(l[0] for l in nlri["label"])
    return words + (" rd " + nlri["rd"] if "rd" in nlri else "")


def rule(nlri):
    words = ["rd " + nlri["rd"]] if "rd" in nlri else []
    return " ".join(words + ["%s %s" % (name, terms[0] if len(terms) == 1 else listed(terms))
                             for name, terms in nlri.items() if isinstance(terms, list)])


def vpls(nlri):
    if "raw" in nlri:
        return "raw 0x" + nlri["raw"]
    return " ".join("%s %s" % item for item in nlri.items())


def target(nlri):
    if nlri["route-target"] is None:
        return "origin-as %d" % nlri["origin"] if nlri["origin"] else "default"
    return "origin-as %d route-target %s" % (nlri["origin"], nlri["route-target"])


EVPN = {1: "ethernet-ad", 2: "mac-ip", 3: "multicast", 4: "ethernet-segment", 5: "prefix"}
ONE_LABEL = 35  # bytes of a MAC with one label, but the address


def evpn(nlri):
    address = bits(nlri["ip"]) // 8 if "ip" in nlri else 0
    two_labels = nlri["code"] == 2 and len(nlri["raw"]) // 2 > ONE_LABEL + address
    if not nlri["parsed"] or two_labels:  # only the first is told
        return "raw 0x" + nlri["raw"]
    words = [EVPN[nlri["code"]], "rd", nlri["rd"]]
    for member in ("esi", "ethernet-tag", "mac", "ip", "gateway"):
        if member in nlri and (member, nlri[member]) != ("esi", "-"):
            size = "/%d" % nlri["iplen"] if member == "ip" and "iplen" in nlri else ""
            words += [member, "%s%s" % (nlri[member], size)]
    if "label" in nlri:
        number, *field = nlri["label"][0]
        words += ["label", str(number)] if field == [number << 4 | 1] else ["vni", str(*field or [0])]
    return " ".join(words)


MULTICAST = {5: "source-ad source", 6: "shared-join rp", 7: "source-join source"}


def multicast(nlri):
    words = "%s %s group %s rd %s" % (
        MULTICAST[nlri["code"]], nlri["source"], nlri["group"], nlri["rd"])
    return words + (" source-as " + nlri["source-as"] if "source-as" in nlri else "")


def bits(address):
    return ipaddress.ip_address(address).max_prefixlen


def mobile(nlri):
    rd = " rd " + nlri["rd"]
    if nlri["code"] == 1:
        return "mup-isd %s/%d" % (nlri["prefix_ip"], nlri["prefix_ip_len"]) + rd
    if nlri["code"] == 2:
        return "mup-dsd " + nlri["ip"] + rd
    if nlri["code"] == 4:
        return "mup-t2st %s%s teid %s/%d" % (
            nlri["endpoint_ip"], rd, nlri["teid"], nlri["endpoint_len"] - bits(nlri["endpoint_ip"]))
    return "mup-t1st %s/%d%s teid %s qfi %s endpoint %s%s" % (
        nlri["prefix_ip"], nlri["prefix_ip_len"], rd, nlri["teid"], nlri["qfi"], nlri["endpoint_ip"],
        " source " + nlri["source_ip"] if nlri["source_ip_len"] else "")


NLRI = {"unicast": prefix, "multicast": prefix, "nlri-mpls": prefix, "mpls-vpn": prefix,
        "bgp-ls": words_of_links.nlri, "bgp-ls-vpn": words_of_links.nlri,
        "flow": rule, "flow-vpn": rule, "vpls": vpls, "rtc": target, "evpn": evpn,
        "mcast-vpn": multicast, "mup": mobile, "sr-policy": vpls}


def nlri_words(family, nlri):
    return NLRI[family.split()[1]](nlri)


def announcements(update):
    """Family, and words behind "route", of each route that is announced."""
    members = update.get("attribute", {})
    said = " ".join(filter(None, (attribute(*m) for m in members.items())))
    if "as-path" not in members:
        said += " as-path [ ]"
    for family, hops in update.get("announce", {}).items():
        for hop, routes in hops.items():
            next_hop = "" if hop == "no-nexthop" else " next-hop " + hop
            for nlri in routes:
                yield family, nlri_words(family, nlri) + next_hop + " " + said


def withdrawals(update):
    for family, routes in update.get("withdraw", {}).items():
        for nlri in routes:
            yield family, nlri_words(family, nlri)
