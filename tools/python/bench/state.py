"""What the parts share: the options, and what is going on."""

import os

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))

options = {"runs": 3, "routes": 1000000, "peers": 1, "first": 0, "port": 21790, "plain": 0, "churn": 200000}
work = None  # the directory of everything
port = None  # that this run's daemon listens on
started = []  # programs of this run
urgent = False  # its programs go before whatever else runs on the machine
