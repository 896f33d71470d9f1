#!/usr/bin/env python3
"""Says whether a route may pass, when it is asked. Speaks frames (HF/1), and remembers how often.

    process verdicts {
        run /etc/exabgp/verdicts.py 203.0.113.0/24;
        protocol framed;
        heartbeat 0;
    }

and then, from anywhere: peerpipe cli exec verdicts verdict '"203.0.113.128/25"'
"""

import base64
import ipaddress
import json
import os
import struct
import sys

FROM, TO = (int(n) for n in os.environ["PEERPIPE_HELPER_FDS"].split(",")[:2])
mine = [ipaddress.ip_network(word) for word in sys.argv[1:]]
count = 0
newest = 0


def say(**frame):
    body = json.dumps(frame).encode()
    os.write(TO, struct.pack("!I", len(body)) + body)  # short: a pipe takes it whole


def ask(**frame):
    """With an id of ours; its answer comes as one of the next frames."""
    global newest
    newest += 1
    say(id=newest, **frame)


def frames():
    data = b""
    while True:
        piece = os.read(FROM, 65536)
        if not piece:
            return
        data += piece
        while len(data) >= 4 and len(data) >= 4 + struct.unpack_from("!I", data)[0]:
            size = struct.unpack_from("!I", data)[0]
            yield json.loads(data[4 : 4 + size])
            data = data[4 + size :]


def verdict(word):
    route = ipaddress.ip_network(word)
    inside = any(route.version == net.version and route.subnet_of(net) for net in mine)
    return {"route": word, "verdict": "accept" if inside else "reject", "asked": count}


for frame in frames():
    kind = frame["t"]
    if kind == "hello":
        say(t="ready", proto=1, name="verdicts", caps=[], subscribe={}, inflight=1)
    elif kind == "restore":
        count = int(base64.b64decode(frame["keys"]["count"]))
    elif kind == "exec":
        count += 1
        try:
            say(t="result", re=frame["id"], value=verdict(frame["body"]))
        except (TypeError, ValueError) as fault:
            say(t="error", re=frame["id"], code="bad-args", what=str(fault))
        data = base64.b64encode(str(count).encode()).decode()
        ask(t="checkpoint", key="count", data=data)
    elif kind == "error":
        print(frame["code"], frame.get("why", ""), file=sys.stderr)  # goes to the log
    elif kind == "shutdown":
        say(t="bye", code=0)
        break
