"""A helper that is only a wire: lines of the unix socket given as argument go out as commands,
events and answers come back on it."""

import os
import select
import socket
import sys


def main():
    wire = socket.socket(socket.AF_UNIX)
    wire.connect(sys.argv[1])
    while True:
        ready, _, _ = select.select([0, wire], [], [])
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                return
            wire.sendall(data)
        if wire in ready:
            data = wire.recv(65536)
            if not data:
                return
            while data:
                data = data[os.write(1, data):]


main()
