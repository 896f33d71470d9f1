"""What of the kernel is asked for or changed for the sake of the figures."""

import os


def go_first():
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        pass  # then others are in the figures


class Setting:
    """A number of the kernel's, changed for the sake of the figures and put back after them."""

    def __init__(self, path):
        self.path = path
        self.before = None

    def change(self, value):
        """False: there is none, or it may not be changed."""
        try:
            with open(self.path, encoding="ascii") as f:
                before = f.read()
            with open(self.path, "w", encoding="ascii") as f:
                f.write(value)
        except OSError:
            return False
        self.before = self.before or before
        return True

    def put_back(self):
        if self.before is not None:
            with open(self.path, "w", encoding="ascii") as f:
                f.write(self.before)
            self.before = None


# How long of a second real-time programs may run, and how long a guest's processor looks for work before it halts.
run_limit = Setting("/proc/sys/kernel/sched_rt_runtime_us")
halt_poll = Setting("/sys/module/haltpoll/parameters/guest_halt_poll_ns")
