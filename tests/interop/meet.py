"""A router and peerpipe meet where nobody else is."""

import argparse
import importlib
import os
import sys
import tempfile

import alone
from speaker import Speaker
from tap import run, skip_all


class Meeting:
    """The two of them; a kind of meeting gives its checks() besides."""

    def __init__(self, router, speaker):
        self.router = router
        self.speaker = speaker

    @property
    def wire(self):
        return self.speaker.wire

    def stop(self):
        try:
            self.speaker.stop()
        finally:
            self.router.stop()

    def why(self):
        text = 'events:\n' + self.wire.tail(4) if self.wire else ''
        text += '\npeerpipe:\n' + self.speaker.log_tail(8)
        log = self.router.log_text().splitlines()[-12:]
        return text + self.router.name + ':\n' + '\n'.join(log)


def meet(router_class, peerpipe, kind):
    """Runs the checks of kind(router, speaker), a Meeting, in namespaces of their own, and exits."""
    program = os.path.abspath(peerpipe)
    missing = router_class.missing()
    if missing:
        skip_all('%s is not installed' % missing)
    why = alone.go_alone()
    if why:
        skip_all(why)
    if router_class.needs_root and not alone.is_root():
        skip_all('%s must be started by root' % router_class.name)
    alone.settle()
    with tempfile.TemporaryDirectory(dir='/run') as directory:
        os.chmod(directory, 0o755)
        both = kind(router_class(directory), Speaker(program, directory))
        failed = run(both.checks(), both.why)
    sys.exit(1 if failed else 0)


def meet_the_named(kind):
    """The router is a word of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument('peerpipe')
    parser.add_argument('router', help='bird, frr, gobgp or openbgpd')
    arguments = parser.parse_args()
    router_class = getattr(importlib.import_module(arguments.router),
                           arguments.router.capitalize())
    meet(router_class, arguments.peerpipe, kind)
