"""What the checks want from a router; each router fills it in, in a file of its own."""

import os
import shutil
import signal
import subprocess

from tap import until

SPEAKER_AS = 4200000001
ROUTER_AS = 4200000002


def wait_for_all(group):
    """Waits for the children of a leader that ended: they hold its sockets, and are ours now."""
    try:
        while True:
            os.waitpid(-group, 0)
    except ChildProcessError:
        pass


class Router:
    name = ''
    programs = ()  # all must be there
    needs_root = False  # the router wants to become another user
    cannot = {}  # {what: why}; whats are what the checks call what they ask for
    needs_restart = False  # it ends a table, and so answers, only to who can restart
    settle = 40  # seconds within which a session that was lost is back

    def __init__(self, directory):
        self.directory = directory
        self.log = os.path.join(directory, 'router.log')
        self.password = {}  # by IP version
        self.families = ('ipv4 unicast', 'ipv6 unicast')  # in peerpipe's words
        self.calls = False  # it connects; else it waits to be connected to
        self.rich = False  # with all capabilities that features.py is about
        self.process = None
        self.own = {}

    @classmethod
    def missing(cls):
        """The program that is not installed, if any."""
        for program in cls.programs:
            if not shutil.which(program):
                return program
        return None

    # To be filled in.

    def config(self):
        """Writes the configuration file."""
        raise NotImplementedError

    def command(self):
        """The words that run it in the foreground."""
        raise NotImplementedError

    def routes(self):
        """{prefix: route} of what came from sessions, see routes.py."""
        raise NotImplementedError

    def put(self, prefix, route):
        """Announces a route of its own, with the attributes given, on all sessions."""
        raise NotImplementedError

    def take(self, prefix, route):
        """Withdraws a route that it announced."""
        raise NotImplementedError

    def refresh_in(self, ip):
        """Asks the speaker for its routes again."""
        raise NotImplementedError

    def refreshes(self, ip):
        """How many ROUTE-REFRESH it took from the speaker; for one that can't answer them."""
        raise NotImplementedError

    def look(self, family, nlri):
        """What it shows of a family, or of the first word of an NLRI in it; see families.py."""
        raise NotImplementedError

    def give(self, family, words):
        """Announces a route that stands in its own words in family_rows.py."""
        raise NotImplementedError

    def take_back(self, family, words):
        """Withdraws it."""
        raise NotImplementedError

    def shut(self, ip, text):
        """Ends a session for a reason that it tells."""
        raise NotImplementedError

    cease = 4  # the subcode that a teardown is tried with

    def cease_heard(self):
        """True if it has told that it received a Cease."""
        raise NotImplementedError

    def ready(self):
        """True once it answers."""
        raise NotImplementedError

    def wake(self):
        """What an operator does when it would let a lost session rest for long."""

    # The same for all.

    def announce(self, prefix, route):
        self.own[prefix] = route
        self.put(prefix, route)

    def withdraw(self, prefix):
        self.take(prefix, self.own.pop(prefix))

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='ascii') as file:
            file.write(text)
        return self.path(name)

    def start(self):
        self.config()
        with open(self.log, 'a', encoding='ascii') as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True,
                                            env={**os.environ, **self.environment()})
        until('%s is ready' % self.name, self.ready)
        for prefix, route in self.own.items():
            self.put(prefix, route)

    def environment(self):
        return {}

    def signal(self, number):
        """To the router with all its processes: it leads a group of its own."""
        os.killpg(self.process.pid, number)

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def kill(self):
        """Ends it without letting it say goodbye."""
        self.signal(signal.SIGKILL)
        group = self.process.pid
        self.process.wait()
        self.process = None
        wait_for_all(group)

    def stop(self):
        if not self.process:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def ask(self, *words):
        """The output of a command that must work."""
        return subprocess.run(words, check=True, capture_output=True, text=True,
                              timeout=20).stdout

    def asks(self, *words):
        """True if the command works."""
        return subprocess.run(words, capture_output=True, timeout=20).returncode == 0

    def log_text(self):
        with open(self.log, encoding='utf-8', errors='replace') as file:
            return file.read()
