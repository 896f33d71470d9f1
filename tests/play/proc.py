"""Processes, as /proc has them; and orphans, none of which is missed."""

import ctypes
import os
import signal
import time

from claims import Failure, until

PR_SET_CHILD_SUBREAPER = 36


def stat_of(pid):
    """state, ppid, ticks of CPU; None when there is no such process."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return fields[0].decode(), int(fields[1]), int(fields[11]) + int(fields[12])


def state_of(pid):
    stat = stat_of(pid)
    return None if stat is None else stat[0]


def ticks(pid):
    return stat_of(pid)[2]


def wakeups(pid):
    """How often it has slept."""
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("voluntary_ctxt"))


def idle(pid):
    """Waits until it uses next to no time: nothing spins, nor waits for a processor."""

    def half_a_second():
        start, before, states = time.monotonic(), ticks(pid), []
        until(lambda: states.append(state_of(pid)) or time.monotonic() - start > 0.5, "half a second")
        return ticks(pid) - before <= 3 and states.count("R") * 4 < len(states)

    until(half_a_second, "%d has nothing to do" % pid)


def children(pid):
    """{pid: state} of the direct children, zombies too."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            stat = stat_of(int(name))
            if stat is not None and stat[1] == pid:
                found[int(name)] = stat[0]
    return found


def zombies(pid):
    return [p for p, state in children(pid).items() if state == "Z"]


def status_kib(pid, key):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        for line in file:
            if line.startswith(key + ":"):
                return int(line.split()[1])
    raise Failure("no %s of %d" % (key, pid))


def rss(pid):
    """Resident KiB now."""
    return status_kib(pid, "VmRSS")


def rss_peak(pid):
    return status_kib(pid, "VmHWM")


def fds(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def command_of(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def adopt():
    """Orphans become our children, so that none is missed."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def reap():
    """Orphans that ended. None of ours is running when this is called."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def leftovers(seconds):
    """What lives on after everything should have ended: told, and killed."""
    deadline = time.monotonic() + seconds
    while True:
        reap()
        alive = children(os.getpid())
        if not alive:
            return []
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    told = ["left over: %d %s" % (pid, command_of(pid)) for pid in alive]
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    until(lambda: reap() or not children(os.getpid()), "leftovers die")
    return told
