#!/usr/bin/env python3
"""Says everything at once and ends: what is in the pipe then is still read.

    process once { run /etc/peerpipe/once.py 198.51.100.0/24 32; respawn false; encoder text; }

Python writes what print() gave when the program ends, in one piece.
"""

import ipaddress
import sys

for subnet in ipaddress.ip_network(sys.argv[1]).subnets(new_prefix=int(sys.argv[2])):
    print("announce route %s next-hop self" % subnet)
