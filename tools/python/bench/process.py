"""Programs that run, ours and those of the bench, and waiting for what they do."""

import json
import os
import signal
import subprocess
import tempfile
import time

from bench import state
from bench.kernel import go_first

SETTLE = 0.5  # seconds after which what came up is quiet


class Process:
    """One program of ours or of the bench; its files are in a directory of its own."""

    def __init__(self, argv, environment=None):
        self.dir = tempfile.mkdtemp(dir=state.work)
        os.chmod(self.dir, 0o777)
        self.argv = argv
        self.environment = environment
        self.process = None
        self.lasts = True  # its end is the end of the run

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="ascii") as f:
            f.write(text)
        return self.path(name)

    def start(self, first=True):
        with open(self.path("out"), "wb") as out, open(self.path("err"), "wb") as err:
            self.process = subprocess.Popen(
                self.argv,
                cwd=self.dir,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=dict(os.environ, **(self.environment or {})),
                preexec_fn=go_first if state.urgent and first else None,
            )
        state.started.append(self)
        return self

    def cpu(self):
        """Seconds of all threads of the process, without its children."""
        total = 0
        try:
            for thread in os.listdir("/proc/%d/task" % self.process.pid):
                with open("/proc/%d/task/%s/schedstat" % (self.process.pid, thread)) as f:
                    total += int(f.read().split()[0])
        except OSError:
            pass  # it ended
        return total / 1e9

    def memory(self, name="VmRSS"):
        """Bytes."""
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as f:
            for line in f:
                if line.startswith(name + ":"):
                    return int(line.split()[1]) * 1024
        return 0

    def alive(self):
        return self.process.poll() is None

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        if self.alive():
            self.process.send_signal(how)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def events(self):
        """Lines of JSON on its stdout."""
        found = []
        with open(self.path("out"), encoding="ascii", errors="replace") as f:
            for line in f:
                try:
                    found.append(json.loads(line))
                except ValueError:
                    pass  # half a line, or a log
        return found

    def event(self, name):
        for e in self.events():
            if e.get("ev") == name:
                return e
        return None


def stop_all():
    while state.started:
        state.started.pop().stop()


class Failed(Exception):
    """A run that gives no figures."""


def wait_for(what, limit=60.0, step=0.01):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        if not all(p.alive() for p in state.started if p.lasts):
            raise Failed("a program ended")
        time.sleep(step)
    raise Failed("it took too long")


def read_json(path):
    try:
        with open(path, encoding="ascii") as f:
            return json.load(f)
    except (OSError, ValueError):
        return None


def quiet(daemon, limit=60.0):
    """Until the daemon uses no CPU; when that began."""
    last, since = daemon.cpu(), time.monotonic()
    end = since + limit
    while time.monotonic() < end:
        time.sleep(0.05)
        now = daemon.cpu()
        if now - last > 0.002:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > 0.6:
            return since
    raise Failed("it is never quiet")
