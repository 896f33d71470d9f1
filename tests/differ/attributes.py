"""Random path attributes that are valid, as bytes of their RFCs: a session of one AS, ASNs of four bytes."""

import struct

import bgp


def asn(r):
    return r.choice([r.randrange(1, 65535), r.randrange(65536, 1 << 32), 23456, 65001])


def address(r, size=4):
    """Of no special range: 11.0.0.0 to 99.255.255.255, or of 2001:db8::/32."""
    if size == 4:
        return bytes([r.randrange(11, 100)]) + r.randbytes(3)
    return bytes.fromhex("20010db8") + r.randbytes(12)


def origin(r):
    return bgp.attribute(1, bytes([r.randrange(3)]))


def as_path(r):
    """RFC 4271 4.3: sequences and sets, of an internal peer perhaps none; RFC 5065 3 in front."""
    kinds = r.choice([[], [2], [2], [2], [2, 1], [2, 1, 2], [3, 2], [3, 4, 2], [3]])
    return bgp.attribute(2, b"".join(
        bgp.segment([asn(r) for _ in range(r.randrange(1, 6))], kind) for kind in kinds))


def med(r):
    return bgp.attribute(4, r.randbytes(4))


def local_preference(r):
    return bgp.attribute(5, r.randbytes(4))


def atomic_aggregate(_):
    return bgp.attribute(6)


def aggregator(r):
    return bgp.attribute(7, asn(r).to_bytes(4, "big") + address(r))


def community(r):
    """RFC 1997, and well-known ones."""
    known = [0xFFFFFF01, 0xFFFFFF02, 0xFFFFFF03, 0xFFFFFF04, 0xFFFF029A]
    some = {r.choice(known) if r.random() < 0.2 else r.randrange(1 << 32)
            for _ in range(r.randrange(1, 6))}
    return bgp.attribute(8, b"".join(c.to_bytes(4, "big") for c in r.sample(sorted(some), len(some))))


def originator_id(r):
    return bgp.attribute(9, address(r))


def cluster_list(r):
    return bgp.attribute(10, b"".join(address(r) for _ in range(r.randrange(1, 4))))


def extended(r):
    """One of RFC 4360, 5668, 8955, 4761, 9012, 7432."""
    two, four = r.randrange(1, 65535), r.randrange(1 << 32)
    return r.choice([
        lambda: struct.pack("!BBHI", 0, r.choice([2, 3]), two, four),
        lambda: struct.pack("!BB", 1, r.choice([2, 3])) + address(r) + struct.pack("!H", two),
        lambda: struct.pack("!BBIH", 2, r.choice([2, 3]), r.randrange(65536, 1 << 32), two),
        lambda: struct.pack("!BBHf", 0x80, 6, two, float(r.randrange(1 << 24))),
        lambda: struct.pack("!BBIH", 0x80, 7, 0, r.randrange(4)),
        lambda: struct.pack("!BBHI", 0x80, 8, two, four),
        lambda: struct.pack("!BBIBB", 0x80, 9, 0, 0, r.randrange(64)),
        lambda: struct.pack("!BBBBHH", 0x80, 10, 19, r.randrange(4), r.randrange(1500), two),
        lambda: struct.pack("!BBIH", 3, 12, 0, r.choice([0, 1, 2, 7, 8, 9, 10, 12, 13])),
        lambda: struct.pack("!BBBBI", 6, 0, r.randrange(2), 0, four),
        lambda: bytes([0x43, 0x77]) + r.randbytes(6),  # no row knows it
    ])()


def extended_community(r):
    some = {extended(r) for _ in range(r.randrange(1, 5))}
    return bgp.attribute(16, b"".join(r.sample(sorted(some), len(some))))


def pmsi(r):
    """RFC 6514 5: ingress replication, or no tunnel."""
    label = (r.randrange(1 << 20) << 4).to_bytes(3, "big")
    kind, tunnel = r.choice([(6, address(r)), (0, b"")])
    return bgp.attribute(22, bytes([r.randrange(2), kind]) + label + tunnel)


def large_community(r):
    some = {r.randbytes(12) for _ in range(r.randrange(1, 4))}
    return bgp.attribute(32, b"".join(r.sample(sorted(some), len(some))))


def prefix_sid(r):
    """RFC 8669: a label index, perhaps with the originator's blocks."""
    value = struct.pack("!BHBHI", 1, 7, 0, 0, r.randrange(1 << 20))
    if r.random() < 0.5:
        blocks = b"".join((r.randrange(16, 1 << 20)).to_bytes(3, "big") +
                          (r.randrange(1, 1 << 16)).to_bytes(3, "big") for _ in range(r.randrange(1, 3)))
        value += struct.pack("!BHH", 3, 2 + len(blocks), 0) + blocks
    return bgp.attribute(40, value)


def unknown(r):
    return bgp.attribute(r.choice([99, 128, 200]), r.randbytes(r.randrange(1, 9)), 0xC0)


def tlv(kind, value):
    return struct.pack("!HH", kind, len(value)) + value


# RFC 9552 5.3, what stands in each
LINK_STATE = {
    1024: lambda r: bytes([r.randrange(16) << 4]),
    1026: lambda r: b"router-%d" % r.randrange(1000),
    1028: address,
    1029: lambda r: address(r, 16),
    1030: address,
    1031: lambda r: address(r, 16),
    1088: lambda r: r.randbytes(4),
    1089: lambda r: struct.pack("!f", r.randrange(1 << 24)),
    1090: lambda r: struct.pack("!f", r.randrange(1 << 24)),
    1091: lambda r: struct.pack("!8f", *(r.randrange(1 << 24) for _ in range(8))),
    1092: lambda r: r.randbytes(4),
    1094: lambda r: bytes([r.choice([0, 0x80, 0x40, 0xC0])]),
    1095: lambda r: r.randbytes(r.choice([1, 2, 3])),
    1096: lambda r: b"".join(r.randbytes(4) for _ in range(r.randrange(1, 4))),
    1098: lambda r: b"link-%d" % r.randrange(1000),
    1152: lambda r: bytes([r.randrange(16) << 4]),
    1153: lambda r: b"".join(r.randbytes(4) for _ in range(r.randrange(1, 4))),
    1155: lambda r: r.randbytes(4),
    1156: lambda r: address(r, r.choice([4, 16])),
}


def link_state(r):
    """Each at most once."""
    chosen = r.sample(sorted(LINK_STATE), r.randrange(1, 5))
    return bgp.attribute(29, b"".join(tlv(kind, LINK_STATE[kind](r)) for kind in chosen))


# in the order of their codes, with how often they stand in an UPDATE
OPTIONAL = [
    (med, 0.5), (local_preference, 0.8), (atomic_aggregate, 0.1), (aggregator, 0.2),
    (community, 0.4), (originator_id, 0.2), (cluster_list, 0.2), (extended_community, 0.4),
    (pmsi, 0.0), (link_state, 0.0), (large_community, 0.3), (prefix_sid, 0.1), (unknown, 0.1),
]


def optional(r, also=()):
    """The attributes behind the mandatory ones; also: those of the family, always there."""
    return b"".join(make(r) for make, often in OPTIONAL if make in also or r.random() < often)
