"""BGP messages as bytes, right and wrong ones, and their reading."""

import ipaddress
import struct

OPEN, UPDATE, NOTIFICATION, KEEPALIVE, REFRESH, OPERATIONAL = 1, 2, 3, 4, 5, 6
MARKER = b"\xff" * 16

IPV4 = (1, 1)
IPV6 = (2, 1)


def message(kind, body=b"", marker=MARKER, length=None):
    if length is None:
        length = 19 + len(body)
    return marker + struct.pack("!HB", length, kind) + body


keepalive = message(KEEPALIVE)


def notification(code, subcode, data=b""):
    return message(NOTIFICATION, bytes([code, subcode]) + data)


def refresh(afi, safi, subtype=0):
    return message(REFRESH, struct.pack("!HBB", afi, subtype, safi))


def cap(code, value=b""):
    return bytes([code, len(value)]) + value


def cap_mp(afi, safi):
    return cap(1, struct.pack("!HBB", afi, 0, safi))


def cap_asn4(asn):
    return cap(65, struct.pack("!I", asn))


cap_refresh = cap(2)
cap_enhanced = cap(70)
cap_extended = cap(6)


def cap_hostname(host, domain=b""):
    return cap(73, bytes([len(host)]) + host + bytes([len(domain)]) + domain)


def cap_software(text):
    return cap(75, bytes([len(text)]) + text)


def caps_of(asn, families=(IPV4, IPV6), extra=()):
    return [cap_mp(*f) for f in families] + [cap_asn4(asn), cap_refresh, *extra]


def param(value, kind=2, extended=False):
    return struct.pack("!BH" if extended else "!BB", kind, len(value)) + value


def open_message(asn=65002, hold=180, router_id="10.0.0.2", caps=None, version=4, params=None,
                 extended=False, field=None):
    """params: the bytes of the optional parameters instead of those that hold caps."""
    if caps is None:
        caps = caps_of(asn)
    if params is None:
        params = b"".join(param(c, extended=extended) for c in caps)
    if field is None:
        field = asn if asn < 65536 else 23456
    head = struct.pack("!BHH", version, field, hold) + ipaddress.ip_address(router_id).packed
    if extended:
        head += b"\xff\xff" + struct.pack("!H", len(params))
    else:
        head += bytes([len(params)])
    return message(OPEN, head + params)


OPTIONAL, TRANSITIVE, PARTIAL, EXTENDED = 0x80, 0x40, 0x20, 0x10
FLAGS = {1: 0x40, 2: 0x40, 3: 0x40, 4: 0x80, 5: 0x40, 6: 0x40, 7: 0xC0, 8: 0xC0, 9: 0x80,
         10: 0x80, 14: 0x80, 15: 0x80, 16: 0xC0, 17: 0xC0, 18: 0xC0, 22: 0xC0, 23: 0xC0,
         25: 0xC0, 26: 0x80, 29: 0x80, 32: 0xC0, 35: 0xC0, 40: 0xC0}


def attribute(code, value=b"", flags=None, length=None):
    """length: what the header says instead of the truth."""
    if flags is None:
        flags = FLAGS.get(code, 0xC0)
    if length is None:
        length = len(value)
    if length > 255:
        flags |= EXTENDED
    return struct.pack("!BBH" if flags & EXTENDED else "!BBB", flags, code, length) + value


def segment(asns, kind=2, width=4):
    return bytes([kind, len(asns)]) + b"".join(a.to_bytes(width, "big") for a in asns)


def as_path(*asns):
    return attribute(2, segment(asns) if asns else b"")


origin = attribute(1, b"\x00")


def next_hop(address="192.0.2.1"):
    return attribute(3, ipaddress.ip_address(address).packed)


def prefix(text):
    net = ipaddress.ip_network(text)
    return bytes([net.prefixlen]) + net.network_address.packed[: (net.prefixlen + 7) // 8]


def mandatory(asn=65002):
    return origin + as_path(asn) + next_hop()


def update(nlri=b"", attributes=b"", withdrawn=b"", attributes_length=None, withdrawn_length=None):
    wlen = len(withdrawn) if withdrawn_length is None else withdrawn_length
    alen = len(attributes) if attributes_length is None else attributes_length
    body = struct.pack("!H", wlen) + withdrawn + struct.pack("!H", alen) + attributes + nlri
    return message(UPDATE, body)


def announce(text, *more, asn=65002):
    return update(prefix(text), mandatory(asn) + b"".join(more))


def withdraw(text):
    return update(withdrawn=prefix(text))


def mp_reach(afi, safi, hop, nlri, reserved=b"\x00"):
    return attribute(14, struct.pack("!HBB", afi, safi, len(hop)) + hop + reserved + nlri)


def mp_unreach(afi, safi, nlri=b"", flags=None):
    return attribute(15, struct.pack("!HB", afi, safi) + nlri, flags)


def announce6(text, *more, hop="2001:db8::1", asn=65002):
    reach = mp_reach(2, 1, ipaddress.ip_address(hop).packed, prefix(text))
    return update(attributes=origin + as_path(asn) + b"".join(more) + reach)


eor = update()


def end_of_rib(afi, safi):
    """Of a family with multiprotocol NLRI, as we say it: a length of two bytes."""
    return update(attributes=struct.pack("!BBHHB", 0x90, 15, 3, afi, safi))



def kind_of(whole):
    return whole[18]


def nlri_list(data):
    """Prefixes of IPv4 NLRI as text."""
    told = []
    while data:
        size = (data[0] + 7) // 8
        address = data[1 : 1 + size] + bytes(4 - size)
        told.append("%s/%d" % (ipaddress.ip_address(address), data[0]))
        data = data[1 + size :]
    return told


def update_parts(whole):
    """Withdrawn, attributes and NLRI of an UPDATE, as bytes."""
    body = whole[19:]
    w = struct.unpack("!H", body[:2])[0]
    a = struct.unpack("!H", body[2 + w : 4 + w])[0]
    return body[2 : 2 + w], body[4 + w : 4 + w + a], body[4 + w + a :]
