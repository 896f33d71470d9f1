"""A router and peerpipe meet where nobody else is."""

import os
import sys
import tempfile

import alone
from speaker import Speaker
from tap import run, skip_all


def meet(router_class, peerpipe, kind):
    """Runs the checks of kind(router, speaker) in namespaces of their own, and exits."""
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
