"""Link state: the JSON of 6.0 as words. Members and words have the same names."""

import ipaddress


def listed(values):
    return "[ %s ]" % " ".join(str(v) for v in values)


def member(name, value):
    if name.startswith("generic-"):
        return "%s %s" % (name, listed(value))
    return "%s %s" % (name, value)


def descriptors(members):
    return "[ %s ]" % " ".join(member(*item) for one in members for item in one.items()
                               if item[0] != "psn")  # it is the end of the router-id


def by_version(nlri, names):
    """Addresses in the order of their TLVs: of IPv4 from each member, then of IPv6."""
    for version in (4, 6):
        for name in names:
            for address in nlri.get(name, []):
                if ipaddress.ip_address(address).version == version:
                    yield "%s %s" % (name, address)


def nlri(told):
    if "code" in told:
        return "raw 0x" + told["raw"]
    kind = {"bgpls-srv6sid": "srv6-sid"}.get(told["ls-nlri-type"], told["ls-nlri-type"][6:])
    told = dict(told, **told.get("srv6-sid-descriptors", {}))
    words = [kind] + (["rd " + told["rd"]] if "rd" in told else [])
    words += ["protocol-id %d l3-routing-topology %d" % (
        told["protocol-id"], told["l3-routing-topology"])]
    words += ["%s %s" % (name, descriptors(told[name])) for name in (
        "node-descriptors", "local-node-descriptors", "remote-node-descriptors") if name in told]
    words += ["link-identifiers ( link-local-id %(link-local-id)d link-remote-id %(link-remote-id)d )" % one
              for one in told.get("link-identifiers", [])]
    words += by_version(told, ("interface-addresses", "neighbor-addresses"))
    if told.get("multi-topology-ids"):
        words.append("multi-topology-ids " + listed(told["multi-topology-ids"]))
    words += [member(name, value) for name, value in told.items()
              if name in ("ospf-route-type", "ip-reach-prefix", "srv6-sid") or name.startswith("generic-")]
    return " ".join(words)


BYTES = ("opaque", "opaque-link", "opaque-prefix")
LISTS = ("sr-algorithms", "unreserved-bandwidth", "shared-risk-link-groups", "igp-route-tags",
         "igp-extended-route-tags")


def bits(flags):
    """A byte; the members stand from the left."""
    return "0x%02x" % sum(bit << 7 - place for place, bit in enumerate(flags.values()) if bit)


def sid(value, flags):
    """RFC 9085 2.2.1: with V and L it is a label, else an index."""
    return "%s %d" % ("label" if flags.get("V") and flags.get("L") else "index", value)


def fields(value):
    words = []
    flags = next((v for v in value.values() if isinstance(v, dict) and "RSV" in v), {})
    for name, one in value.items():
        if name.startswith("undecoded") or one == []:
            continue
        if name == "sids":
            words.append(sid(one[0], flags))
        elif name == "srv6-sid-structure":
            words.append("%s %s" % (name, fields(one)))
        elif isinstance(one, dict):
            words.append("%s %s" % (name, bits(one)))
        elif name == "neighbor-id" and "." not in one:
            words.append("%s 0x%s" % (name, one))
        else:
            words.append("%s %s" % (name, str(one).lower()))
    return "( %s )" % " ".join(words)


def tlv(name, value):
    """The words of one member, that of a list once for each element."""
    if name in BYTES:
        return "%s 0x%s" % (name, value)
    if name in ("node-name", "link-name"):
        return '%s "%s"' % (name, value)
    if name in LISTS:
        return "%s %s" % (name, listed(value))
    if isinstance(value, list):
        return " ".join(tlv(name, one) for one in value)
    if isinstance(value, dict):
        flags = "RSV" in value
        return "%s %s" % (name, bits(value) if flags else fields(value))
    return "%s %s" % (name, value)


def attribute(value):
    value = dict(value)
    words = []
    if "sr-capability-flags" in value:
        ranges = " ".join("%d label %d" % tuple(one) for one in value.pop("sids"))
        words.append("sr-capabilities ( sr-capability-flags %s sids [ %s ] )" % (
            bits(value.pop("sr-capability-flags")), ranges))
    return "bgp-ls [ %s ]" % " ".join(words + [tlv(*item) for item in value.items()])
