"""Random NLRI that are valid, by family, as bytes of their RFCs; a family is a row of FAMILIES."""

import struct

import attributes
import bgp


def prefix(r, most, least=0):
    """Bits, and the bytes that they take; what is beyond them is zero (RFC 4271 4.3)."""
    bits = r.choice([r.randrange(least, most + 1), most, most * 3 // 4])
    value = r.getrandbits(bits) << (most - bits)
    return bits, value.to_bytes(most // 8, "big")[: (bits + 7) // 8]


def distinguisher(r):
    """RFC 4364 4.2."""
    return r.choice([
        lambda: struct.pack("!HHI", 0, r.randrange(65536), r.randrange(1 << 32)),
        lambda: struct.pack("!H", 1) + attributes.address(r) + struct.pack("!H", r.randrange(65536)),
        lambda: struct.pack("!HIH", 2, r.randrange(65536, 1 << 32), r.randrange(65536)),
    ])()


def label(r, last=True):
    return (r.randrange(16, 1 << 20) << 4 | last).to_bytes(3, "big")


def labels(r, most=3):
    """RFC 8277: a stack, the last with its bit."""
    count = min(r.choice([1, 1, 1, 2, 3]), most)
    return b"".join(label(r, i == count - 1) for i in range(count))


def inet(most):
    def make(r):
        bits, data = prefix(r, most)
        return bytes([bits]) + data
    return make


def labelled(most):
    def make(r):
        stack = labels(r)
        bits, data = prefix(r, most)
        return bytes([8 * len(stack) + bits]) + stack + data
    return make


def vpn(most):
    def make(r):
        front = labels(r, 2) + distinguisher(r)  # of 255 bits at most in all
        bits, data = prefix(r, most)
        return bytes([8 * len(front) + bits]) + front + data
    return make


# FlowSpec, RFC 8955 4 and RFC 8956 3.


def operators(r, widths, flags):
    """A list of operator and value; flags: which bits an operator may have."""
    data = b""
    count = r.randrange(1, 4)
    for i in range(count):
        width = r.choice(widths)
        operator = r.choice(flags) | {1: 0, 2: 0x10, 4: 0x20}[width]
        if i > 0 and r.random() < 0.4:
            operator |= 0x40
        if i == count - 1:
            operator |= 0x80
        data += bytes([operator]) + r.randrange(1 << (8 * width)).to_bytes(width, "big")
    return data


NUMERIC = [1, 2, 3, 4, 5, 6]


def numeric(*widths):
    return lambda r: operators(r, widths, NUMERIC)


def tcp_flags(r):
    return flags_of(r, 0xFF)


def fragment(r):
    return flags_of(r, 0x0F)


def flags_of(r, mask):
    data = b""
    count = r.randrange(1, 3)
    for i in range(count):
        operator = r.choice([0, 1, 2, 3]) | (0x80 if i == count - 1 else 0)
        if i > 0 and r.random() < 0.4:
            operator |= 0x40
        data += bytes([operator, r.randrange(1, mask + 1)])
    return data


def flow_prefix(most):
    def make(r):
        bits, data = prefix(r, most, 1)
        return bytes([bits]) + (b"\0" if most == 128 else b"") + data
    return make


def rule(most):
    components = [
        (1, flow_prefix(most)), (2, flow_prefix(most)), (3, numeric(1)), (4, numeric(1, 2)),
        (5, numeric(1, 2)), (6, numeric(1, 2)), (7, numeric(1)), (8, numeric(1)), (9, tcp_flags),
        (10, numeric(1, 2)), (11, lambda r: bytes([0x81, r.randrange(64)])), (12, fragment),
    ]
    if most == 128:
        components.append((13, numeric(4)))

    def make(r):
        """In ascending order, at least one."""
        chosen = sorted(r.sample(range(len(components)), r.randrange(1, 6)))
        return b"".join(bytes([components[i][0]]) + components[i][1](r) for i in chosen)
    return make


def flow(most, front=lambda r: b""):
    make = rule(most)

    def whole(r):
        data = front(r) + make(r)
        return (bytes([len(data)]) if len(data) < 240 else
                struct.pack("!H", 0xF000 | len(data))) + data
    return whole


def vpls(r):
    """RFC 4761 3.2.2."""
    return (struct.pack("!H", 17) + distinguisher(r) +
            struct.pack("!HHH", *(r.randrange(1, 65536) for _ in range(3))) +
            (r.randrange(16, 1 << 20) << 4 | 1).to_bytes(3, "big"))


def segment_identifier(r):
    return r.choice([bytes(10), r.randbytes(10)])


def internet(r, sizes=(4, 16)):
    size = r.choice(sizes)
    return bytes([8 * size]) + (attributes.address(r, size) if size else b"")


def evpn(r):
    """RFC 7432 7, RFC 9136 3.1, and a type that nobody has."""
    rd, tag = distinguisher(r), struct.pack("!I", r.choice([0, r.randrange(1 << 32)]))
    kind = r.choice([1, 2, 2, 3, 4, 5, 5, 99])
    if kind == 1:
        value = rd + segment_identifier(r) + tag + label(r)
    elif kind == 2:
        value = (rd + segment_identifier(r) + tag + b"\x30" + r.randbytes(6) +
                 internet(r, (0, 4, 16)) + b"".join(label(r) for _ in range(r.randrange(1, 3))))
    elif kind == 3:
        value = rd + tag + internet(r)
    elif kind == 4:
        value = rd + segment_identifier(r) + internet(r)
    elif kind == 5:
        size = r.choice([4, 16])
        bits, data = prefix(r, 8 * size)
        gateway = r.choice([bytes(size), attributes.address(r, size)])
        value = (rd + segment_identifier(r) + tag + bytes([bits]) + data.ljust(size, b"\0") +
                 gateway + label(r))
    else:
        value = r.randbytes(r.randrange(1, 20))
    return bytes([kind, len(value)]) + value


# BGP-LS, RFC 9552 5.2.


def node(r, protocol, kind=256):
    """AS, identifier, for OSPF the area, and the router."""
    inside = attributes.tlv(512, attributes.asn(r).to_bytes(4, "big")) + attributes.tlv(513, r.randbytes(4))
    if protocol in (3, 6):
        inside += attributes.tlv(514, attributes.address(r))
        inside += attributes.tlv(515, attributes.address(r, 4) + r.choice([b"", attributes.address(r)]))
    else:
        inside += attributes.tlv(515, r.randbytes(6) + r.choice([b"", bytes([r.randrange(1, 256)])]))
    return attributes.tlv(kind, inside)


def link(r, protocol):
    inside = node(r, protocol) + node(r, protocol, 257)
    if r.random() < 0.5:
        inside += attributes.tlv(258, r.randbytes(8))
    for kind, size in ((259, 4), (260, 4), (261, 16), (262, 16)):
        if r.random() < 0.5:
            inside += attributes.tlv(kind, attributes.address(r, size))
    return inside


def reach(r, protocol, most):
    bits, data = prefix(r, most, 1)
    inside = node(r, protocol)
    if protocol in (3, 6):
        inside += attributes.tlv(264, bytes([r.randrange(1, 7)]))
    return inside + attributes.tlv(265, bytes([bits]) + data)


def link_state(front=lambda r: b""):
    def make(r):
        protocol = r.choice([1, 2, 3, 6])
        kind = r.choice([1, 2, 3, 4])
        inside = [node, link, lambda r, p: reach(r, p, 32), lambda r, p: reach(r, p, 128)][kind - 1]
        value = front(r) + bytes([protocol]) + struct.pack("!Q", r.randrange(1 << 32))
        return attributes.tlv(kind, value + inside(r, protocol))
    return make


def no_hop(_):
    return b""


def hop4(r):
    return attributes.address(r, 4)


def hop6(r):
    """RFC 2545 3: perhaps with the link-local one."""
    return attributes.address(r, 16) + r.choice([b"", b"", b"", b"\xfe\x80" + bytes(6) + r.randbytes(8)])


def vpn_hop4(r):
    return bytes(8) + hop4(r)


def vpn_hop6(r):
    return bytes(8) + attributes.address(r, 16)


# name: AFI, SAFI, one NLRI, the next hop, how many NLRI at most, attributes that belong to it
FAMILIES = {
    "ipv4 unicast": (1, 1, inet(32), hop4, 5, ()),
    "ipv4 multicast": (1, 2, inet(32), hop4, 5, ()),
    "ipv4 nlri-mpls": (1, 4, labelled(32), hop4, 3, ()),
    "ipv4 mpls-vpn": (1, 128, vpn(32), vpn_hop4, 3, ()),
    "ipv4 flow": (1, 133, flow(32), no_hop, 1, ()),
    "ipv4 flow-vpn": (1, 134, flow(32, distinguisher), no_hop, 1, ()),
    "ipv6 unicast": (2, 1, inet(128), hop6, 5, ()),
    "ipv6 nlri-mpls": (2, 4, labelled(128), hop6, 3, ()),
    "ipv6 mpls-vpn": (2, 128, vpn(128), vpn_hop6, 3, ()),
    "ipv6 flow": (2, 133, flow(128), no_hop, 1, ()),
    "ipv6 flow-vpn": (2, 134, flow(128, distinguisher), no_hop, 1, ()),
    "l2vpn vpls": (25, 65, vpls, hop4, 1, ()),
    "l2vpn evpn": (25, 70, evpn, hop4, 2, (attributes.pmsi,)),
    "bgp-ls bgp-ls": (16388, 71, link_state(), hop4, 1, (attributes.link_state,)),
}


def classic(r, make, most):
    """RFC 4271 4.3: withdrawn routes, attributes, routes."""
    nlri = b"".join(make(r) for _ in range(r.randrange(most + 1)))
    gone = b"".join(make(r) for _ in range(r.randrange(1, most) if not nlri or r.random() < 0.2 else 0))
    set_ = attributes.origin(r) + attributes.as_path(r) + bgp.attribute(3, hop4(r)) if nlri else b""
    return bgp.update(nlri, set_ + attributes.optional(r) if nlri else b"", gone)


def update(r, name):
    """An UPDATE of the family, RFC 4760: two of ten withdraw."""
    afi, safi, make, hop, most, also = FAMILIES[name]
    if (afi, safi) == (1, 1) and r.random() < 0.7:
        return classic(r, make, most)
    nlri = b"".join(make(r) for _ in range(r.randrange(1, most + 1)))
    if r.random() < 0.2:
        return bgp.update(attributes=bgp.mp_unreach(afi, safi, nlri))
    return bgp.update(attributes=attributes.origin(r) + attributes.as_path(r) +
                      attributes.optional(r, also) + bgp.mp_reach(afi, safi, hop(r), nlri))
