"""Checks with names, told as TAP; and waiting, always with a deadline."""

import sys
import time
import traceback


class Wrong(Exception):
    """What was seen is not what was expected."""


class Unknown(Exception):
    """The router can not do what the check is about."""


def expect(true, what):
    if not true:
        raise Wrong(what)


def same(seen, wanted, what):
    if seen != wanted:
        raise Wrong('%s\n  seen   %r\n  wanted %r' % (what, seen, wanted))


def until(what, ask, seconds=30):
    """Asks again and again until the answer is true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Wrong('%s: not within %d s' % (what, seconds))
        time.sleep(0.02)


def skip_all(why):
    print('1..0 # SKIP ' + why)
    sys.exit(0)


def named(*checks):
    """Each with the words of its function's name."""
    return [(check.__name__.replace('_', ' '), check) for check in checks]


def run(checks, after_failure):
    """Runs (name, function) in order; after_failure gives text that helps to find out why."""
    print('1..%d' % len(checks), flush=True)
    failed = 0
    for number, (name, check) in enumerate(checks, 1):
        began = time.monotonic()
        try:
            check()
            print('ok %d - %s (%.1f s)' % (number, name, time.monotonic() - began), flush=True)
        except Unknown as why:
            print('ok %d - %s # SKIP %s' % (number, name, why), flush=True)
        except Exception:  # whatever it is, the next check may still tell something
            failed += 1
            print('not ok %d - %s' % (number, name))
            for line in (traceback.format_exc() + after_failure()).splitlines():
                print('# ' + line)
            sys.stdout.flush()
    return failed
