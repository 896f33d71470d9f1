"""What a dialogue claims: a failure says why, and waiting has a deadline."""

import time

PATIENCE = 60.0  # seconds that a state may take to come, on a busy machine


class Failure(Exception):
    pass


class Skip(Exception):
    """What a test needs is not here."""


def expect(condition, message, *args):
    if not condition:
        raise Failure(message % args if args else message)


def equal(got, want, what="value"):
    if got != want:
        raise Failure("%s is %.2000r, not %.2000r" % (what, got, want))


def until(condition, what, seconds=PATIENCE):
    """Waits until condition() is true and returns what it gave."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure("not within %g s: %s" % (seconds, what))
        time.sleep(0.005)
