"""BGP as bytes: messages and their parts."""

import socket

MARKER = b"\xff" * 16
OPEN, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH = 1, 2, 3, 4, 5


def bgp(kind, body=b"", length=None, marker=MARKER):
    length = 19 + len(body) if length is None else length
    return marker + length.to_bytes(2, "big") + bytes([kind]) + body


def prefix(text):
    """NLRI of "10.0.0.0/24" or "2001:db8::/32"."""
    address, _, size = text.partition("/")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    packed = socket.inet_pton(family, address)
    bits = int(size) if size else 8 * len(packed)
    return bytes([bits]) + packed[: (bits + 7) // 8]


def capability(code, value=b""):
    return bytes([code, len(value)]) + value


def attribute(flags, code, value):
    if len(value) > 255:
        flags |= 0x10
    size = len(value).to_bytes(2 if flags & 0x10 else 1, "big")
    return bytes([flags, code]) + size + value


def attributes(asn=65002, next_hop="127.0.0.2", more=b""):
    """ORIGIN, a path of one four octet AS number, NEXT_HOP, and what else is wanted."""
    path = b"\x02\x01" + asn.to_bytes(4, "big")
    return (
        attribute(0x40, 1, b"\0")
        + attribute(0x40, 2, path)
        + attribute(0x40, 3, socket.inet_aton(next_hop))
        + more
    )


def update(attrs=b"", nlri=b"", withdrawn=b""):
    body = len(withdrawn).to_bytes(2, "big") + withdrawn
    return bgp(UPDATE, body + len(attrs).to_bytes(2, "big") + attrs + nlri)


def split_update(body):
    """withdrawn, attributes, nlri of the body of an UPDATE."""
    withdrawn = int.from_bytes(body[:2], "big")
    attrs_at = 4 + withdrawn
    attrs = int.from_bytes(body[2 + withdrawn : attrs_at], "big")
    return body[2 : 2 + withdrawn], body[attrs_at : attrs_at + attrs], body[attrs_at + attrs :]


def prefixes(nlri):
    """The prefixes of IPv4 NLRI without path identifiers, each as its bytes."""
    found, at = [], 0
    while at < len(nlri):
        end = at + 1 + (nlri[at] + 7) // 8
        found.append(nlri[at:end])
        at = end
    return found
