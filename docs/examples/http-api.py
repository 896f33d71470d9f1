#!/usr/bin/env python3
"""Takes commands by HTTP and prints them, as the test beds of switches do.

    process http-api { run /etc/peerpipe/http-api.py 5000; encoder json; }

    curl -d 'command=announce route 10.0.0.0/24 next-hop 192.0.2.1' http://127.0.0.1:5000/
    curl -d 'commands=announce route 10.0.0.0/24 next-hop self;announce route 10.0.1.0/24 next-hop self' ...

The commands of one request are joined by ";". Answers of the program are read and thrown away, so
that they don't wait in the pipe; with `exabgp_api_ack=false` there are none. Flow routes have ";"
in themselves: send each as a `command` of its own.
"""

import sys
import threading
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        size = int(self.headers.get("Content-Length", 0))
        form = parse_qs(self.rfile.read(size).decode())
        lines = form.get("command", [])
        for joined in form.get("commands", []):
            lines += [line.strip() for line in joined.split(";") if line.strip()]
        with lock:
            for line in lines:
                print(line)
            sys.stdout.flush()
        self.send_response(200 if lines else 400)
        self.end_headers()
        self.wfile.write(b"OK\n" if lines else b"command or commands is missing\n")

    def log_message(self, *_):
        pass


def forget_answers():
    for _ in sys.stdin:
        pass
    os._exit(0)  # the program is gone


threading.Thread(target=forget_answers, daemon=True).start()
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
