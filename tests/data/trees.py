#!/usr/bin/env python3
"""Random TLVs of link state go from bytes to words, and to JSON and to words, and come back.

usage: trees.py PEERPIPE [COUNT [SEED]]

COUNT NLRI, each with an attribute 29, are valid and of what JSON tells all of; as many others have TLVs of
any type, number and length, and go by words alone. Words are read in files that hold all of them. JSON
tells lists first, so what came through it is compared TLV by TLV, in ascending order. Prints TAP.
"""

import json
import os
import random
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "play"))

import bgp
import words_of
from roundtrip import LINK_STATE, taken_apart, tlvs_in_order

BGP_LS, BGP_LS_VPN = bytes.fromhex("400447"), bytes.fromhex("400448")  # AFI and SAFI
DISTINGUISHER = bytes.fromhex("0000fdea00000064")


def tlv(code, value):
    return code.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value


class Forest:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def some(self, makers, most):
        return [make() for make in self.random.sample(makers, self.random.randint(0, min(most, len(makers))))]

    def number(self, size, least=0):
        return self.random.randint(least, 256 ** size - 1).to_bytes(size, "big")

    def several(self, make, most=3):
        return [make() for _ in range(self.random.randint(1, most))]

    def node(self):
        r = self.random
        router = r.choice((4, 6, 7, 8))
        tlvs = [tlv(code, self.number(4)) for code in (512, 513, 514, 516, 517) if r.random() < 0.5]
        tlvs += [tlv(515, self.number(router))] * (r.random() < 0.9)
        tlvs += [tlv(r.randint(600, 900), self.number(r.randint(0, 5))) for _ in range(r.randint(0, 2))]
        return r.choice((1, 2)) if router in (6, 7) else r.choice((3, 4, 5, 6, 7)), b"".join(sorted(tlvs))

    def prefix(self, size):
        length = self.random.randint(0, 8 * size)
        value = bytearray(self.number((length + 7) // 8 or 1)[: (length + 7) // 8])
        if length % 8:
            value[-1] &= 0xFF00 >> length % 8 & 0xFF
        return bytes([length]) + bytes(value)

    def topologies(self):
        return tlv(263, b"".join(self.several(lambda: (self.random.randint(0, 4095)).to_bytes(2, "big"))))

    def descriptors(self, kind):
        r = self.random
        others = [lambda: tlv(r.randint(600, 900), self.number(r.randint(0, 5)))] * 2
        if kind == 2:
            return self.some(others + [
                self.topologies, lambda: tlv(258, self.number(8)), lambda: tlv(259, self.number(4)),
                lambda: tlv(260, self.number(4)), lambda: tlv(261, self.number(16)),
                lambda: tlv(262, self.number(16)), lambda: tlv(259, self.number(4))], 7)
        if kind == 3 or kind == 4:
            return self.some(others + [lambda: tlv(264, self.number(1))], 2) + [
                tlv(265, self.prefix(4 if kind == 3 else 16))]
        return self.some(others + [self.topologies] * (kind == 6), 3) + (
            [tlv(518, self.number(16))] if kind == 6 else [])

    def nlri(self, vpn):
        kind = self.random.choice((1, 2, 3, 4, 6))
        protocol, node = self.node()
        nodes = [tlv(256, node or tlv(512, bytes(4)))]
        if kind == 2:
            nodes.append(tlv(257, self.node_of(protocol)))
        value = bytes([protocol]) + self.number(8) + b"".join(sorted(nodes + self.descriptors(kind)))
        return tlv(kind, (DISTINGUISHER if vpn else b"") + value)

    def node_of(self, protocol):
        """A node whose router a protocol can have."""
        while True:
            other, node = self.node()
            if node and (other in (1, 2)) == (protocol in (1, 2)):
                return node

    # Attribute 29: TLVs of which JSON tells all.

    def flags(self, count):
        return bytes([self.random.getrandbits(count) << 8 - count])

    def name(self):
        return bytes(self.random.choices(b"abz09-._ ", k=self.random.randint(0, 20))) + b"x"

    def real(self):
        return struct.pack(">f", self.random.choice((0.0, 1.5, 0.1, 1e38, 1e-30, 12345678.0)))

    def labelled(self, behind=b""):
        """Flags with V and L, and a label; or without, and an index. L is the bit behind V."""
        label = self.random.random() < 0.5
        value = self.random.randint(0, 2 ** 20 - 1).to_bytes(3, "big") if label else self.number(4)
        return label, behind + value

    def adjacency(self):
        label, sid = self.labelled()
        return tlv(1099, bytes([0x30 if label else 0x00, *self.number(1), 0, 0]) + sid)

    def prefix_sid(self):
        label, sid = self.labelled()
        return tlv(1158, bytes([0x0C if label else 0x40, *self.number(1), 0, 0]) + sid)

    def structure(self):
        return tlv(1252, self.number(4)) if self.random.random() < 0.5 else b""

    def endx(self, code, neighbor):
        return tlv(code, self.number(2) + self.flags(3) + self.number(2) + b"\0" + self.number(neighbor)
                   + self.number(16) + self.structure())

    def ranges(self):
        return b"".join(self.several(
            lambda: self.number(3) + tlv(1161, self.random.randint(0, 2 ** 20 - 1).to_bytes(3, "big"))))

    def told(self):
        r, n = self.random, self.number
        spare = lambda size: b"\0" + n(size)
        anomalous = lambda: bytes([r.choice((0, 0x80))])
        single = {
            258: lambda: n(8), 263: lambda: n(2 * r.randint(1, 3)), 266: lambda: n(2 * r.randint(1, 3)),
            1024: lambda: self.flags(6), 1025: lambda: n(r.randint(1, 9)), 1026: self.name,
            1032: lambda: n(4), 1034: lambda: self.flags(2) + b"\0" + self.ranges(),
            1035: lambda: n(r.randint(1, 5)), 1036: lambda: b"\0\0" + self.ranges(), 1037: lambda: n(1),
            1038: lambda: bytes([r.choice((0, 0x80)), 0, 0, 0]), 1088: lambda: n(4), 1089: self.real,
            1090: self.real, 1091: lambda: b"".join(self.real() for _ in range(8)), 1092: lambda: n(4),
            1093: lambda: self.flags(6) + b"\0", 1094: lambda: self.flags(2), 1095: lambda: n(3),
            1096: lambda: n(4 * r.randint(1, 3)), 1097: lambda: n(r.randint(1, 9)), 1098: self.name,
            1114: lambda: anomalous() + n(3), 1115: lambda: anomalous() + n(3) + spare(3),
            1116: lambda: spare(3), 1117: lambda: anomalous() + n(3), 1118: self.real, 1119: self.real,
            1120: self.real, 1152: lambda: self.flags(4), 1153: lambda: n(4 * r.randint(1, 3)),
            1154: lambda: n(8 * r.randint(1, 2)), 1155: lambda: n(4), 1156: lambda: n(r.choice((4, 16))),
            1157: lambda: n(r.randint(1, 9)), 1170: lambda: self.flags(3), 1171: lambda: n(r.choice((4, 16))),
            1173: lambda: n(8), 1174: lambda: n(4), 1250: lambda: n(2) + b"\0" + n(1),
            1251: lambda: self.flags(3) + n(1) + b"\0\0" + n(8), 1252: lambda: n(4),
        }
        listed = [
            lambda: tlv(1027, n(1, 1) + n(r.randint(0, 7)) if r.random() < 0.9 else b"\0"),
            lambda: tlv(1028, n(4)), lambda: tlv(1029, n(16)), lambda: tlv(1030, n(4)),
            lambda: tlv(1031, n(16)), self.adjacency, self.prefix_sid,
            lambda: self.endx(1106, 0), lambda: self.endx(1107, 6), lambda: self.endx(1108, 4),
            lambda: tlv(1162, self.flags(1) + n(1) + b"\0\0" + n(4)),
            lambda: tlv(1039, n(4) + b"".join(self.some([lambda: tlv(1040, n(8)), lambda: tlv(1043, n(1))], 2))),
            lambda: tlv(1044, n(1) + b"\0\0\0" + n(4)),
            lambda: tlv(1122, b"\4\4\0\0" + n(8) + tlv(1092, n(4))),
            lambda: tlv(1159, self.flags(5) + b"\0" + n(2) + self.prefix_sid()),
            lambda: tlv(1172, n(4) + tlv(1095, n(3)) + self.adjacency()),
            lambda: tlv(r.randint(2000, 3000), n(r.randint(0, 6))),
        ]
        codes = r.sample(sorted(single), r.randint(0, 6))
        return b"".join([tlv(code, single[code]()) for code in codes] + self.some(listed * 2, 5))

    def wild(self):
        """Of any length: what has no words is said as bytes."""
        r = self.random
        codes = list(range(256, 268)) + list(range(1024, 1047)) + list(range(1088, 1123)) + list(
            range(1152, 1175)) + list(range(1250, 1253))
        value = b"".join(tlv(r.choice(codes), self.number(r.choice((0, 1, 2, 3, 4, 7, 8, 12, 16, 22, 32)) or 1)
                             [: r.randint(0, 32)]) for _ in range(r.randint(0, 6)))
        return value + (tlv(r.choice((1039, 1122, 1159, 1162, 1172)), bytes(r.choice((4, 8))) + self.told())
                        if r.random() < 0.5 else b"")

    def message(self, attribute):
        vpn = self.random.random() < 0.25
        hop = (bytes(8) if vpn else b"") + bytes((192, 0, 2, 1))
        reach = (BGP_LS_VPN if vpn else BGP_LS) + bytes([len(hop)]) + hop + b"\0"
        parts = ((0x40, 1, b"\0"), (0x40, 2, b""), (0x90, LINK_STATE, attribute),
                 (0x90, 14, reach + self.nlri(vpn)))
        block = b"".join(bytes((flags, code)) + len(value).to_bytes(2 if flags & 0x10 else 1, "big") + value
                         for flags, code, value in parts)
        body = bytes(2) + len(block).to_bytes(2, "big") + block
        return bgp.MARKER + (19 + len(body)).to_bytes(2, "big") + b"\2" + body


class Program:
    def __init__(self, path):
        self.path = os.path.abspath(path)
        self.environment = dict(os.environ, exabgp_api_dialect="6.0")

    def run(self, *words, text=""):
        done = subprocess.run([self.path, *words], input=text, capture_output=True, text=True,
                              env=self.environment, timeout=240, check=False)
        if done.returncode != 0 or done.stderr:
            raise SystemExit("%s: %s%s" % (" ".join(words), done.stdout[-500:], done.stderr[-500:]))
        return done.stdout.splitlines()

    def encoded(self, statements):
        """The messages of the routes of a file, in their order."""
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write("neighbor 192.0.2.2 { router-id 192.0.2.1; local-address 192.0.2.1; local-as 65001; "
                       "peer-as 65001; family { bgp-ls bgp-ls; bgp-ls bgp-ls-vpn; } announce { bgp-ls {\n")
            file.writelines(statement + ";\n" for statement in statements)
            file.write("} } }\n")
            file.flush()
            return [bytes.fromhex(line) for line in self.run("encode", "-c", file.name)]


def essence(message):
    was = taken_apart(message)
    return was["family"], was["hop"], was["routes"], was["attributes"].get(LINK_STATE, (0, b""))[1]


def from_commands(program, text):
    """bgp-ls NLRI WORDS"""
    return [line.split(" ", 2)[2] for line in program.run("decode", "-m", text=text)]


def from_json(program, text):
    for line in program.run("decode", text=text):
        update = json.loads(line)["neighbor"]["message"]["update"]
        for family, words in words_of.announcements(update):
            yield "%s %s" % (family.split()[1], words)


def compare(title, number, messages, statements, encoded, ordered):
    wrong = []
    if len(encoded) != len(messages):
        wrong.append("%d messages of %d" % (len(encoded), len(messages)))
    for was, words, now in zip(messages, statements, encoded):
        a, b = essence(was), essence(now)
        if a[:3] != b[:3] or (tlvs_in_order(a[3]) != tlvs_in_order(b[3]) if ordered else a[3] != b[3]):
            wrong.append("%s\nwas %s\nis  %s" % (words, was.hex(), now.hex()))
    print("%sok %d %d %s" % ("not " if wrong else "", number, len(messages), title), flush=True)
    for why in wrong[:5]:
        print("# " + why.replace("\n", "\n# "))
    return bool(wrong)


def main(path, count=10000, seed=1):
    program, forest = Program(path), Forest(int(seed))
    told = [forest.message(forest.told()) for _ in range(int(count))]
    wild = [forest.message(forest.wild()) for _ in range(int(count))]
    print("1..3\n# seed %s" % seed)
    failed = False
    ways = (("trees by words", told, from_commands, False), ("trees by JSON", told, from_json, True),
            ("trees of any form by words", wild, from_commands, False))
    for number, (title, messages, say, ordered) in enumerate(ways, 1):
        statements = list(say(program, "".join(m.hex() + "\n" for m in messages)))
        failed |= compare(title, number, messages, statements, program.encoded(statements), ordered)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
