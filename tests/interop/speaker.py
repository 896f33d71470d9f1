"""The program under test with one helper, whose lines the test reads and writes itself."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from alone import ROUTER, SPEAKER
from routes import of_update
from tap import Wrong, expect, same

BRIDGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'bridge.py')


class Wire:
    """The test's end of a bridge: all lines that came, and a way to wait for the next ones."""

    def __init__(self, path):
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(1)
        self.more = threading.Condition()
        self.events = []
        self.answers = []
        self.taken = 0
        self.socket = None

    def open(self, seconds=20):
        self.listener.settimeout(seconds)
        self.socket, _ = self.listener.accept()
        self.socket.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()

    def close(self):
        self.listener.close()
        if self.socket:
            self.socket.close()
        os.unlink(self.path)

    def _read(self):
        with self.socket.makefile('r', encoding='ascii') as lines:
            for line in lines:
                with self.more:
                    if line.startswith('{'):
                        self.events.append(json.loads(line))
                    else:
                        self.answers.append(line.strip())
                    self.more.notify_all()

    def say(self, command):
        """Gives a command and returns its answer, without waiting for what it does."""
        self.socket.sendall(command.encode('ascii') + b'\n')
        end = time.monotonic() + 10
        with self.more:
            while True:
                while self.taken < len(self.answers):
                    answer = self.answers[self.taken]
                    self.taken += 1
                    if answer in ('done', 'error'):
                        return answer
                if not self.more.wait(end - time.monotonic()):
                    raise Wrong('no answer to ' + command)

    def do(self, command):
        answer = self.say(command)
        expect(answer == 'done', '%s: %s' % (command, answer))

    def pour(self, commands, seconds):
        """Gives many commands at once, and returns when all are done."""
        wanted = self.taken + len(commands)
        self.socket.sendall(''.join(c + '\n' for c in commands).encode('ascii'))
        end = time.monotonic() + seconds
        with self.more:
            while len(self.answers) < wanted:
                if not self.more.wait(max(0, end - time.monotonic())):
                    raise Wrong('%d of %d answers within %d s' % (
                        len(self.answers) - self.taken, len(commands), seconds))
            answers = self.answers[self.taken:wanted]
            self.taken = wanted
        same(set(answers), {'done'}, 'answers')

    def mark(self):
        """Where the events stand now, to ask for what comes after."""
        with self.more:
            return len(self.events)

    def wait(self, what, sees, since=0, seconds=30):
        """The first event after the mark for which sees() is true."""
        end = time.monotonic() + seconds
        at = since
        with self.more:
            while True:
                while at < len(self.events):
                    found = sees(self.events[at])
                    if found:
                        return found
                    at += 1
                if not self.more.wait(max(0, end - time.monotonic())):
                    if time.monotonic() >= end:
                        raise Wrong('%s: not within %d s' % (what, seconds))

    def wait_state(self, peer, state, since=0, seconds=30):
        def sees(event):
            return (event['type'] == 'state' and _peer(event) == peer
                    and event['neighbor']['state'] == state and event)
        return self.wait('%s %s' % (peer, state), sees, since, seconds)

    def wait_notification(self, peer, direction, code, subcode, since=0, seconds=30):
        def sees(event):
            if event['type'] != 'notification' or 'neighbor' not in event or _peer(event) != peer:
                return None
            n = event['neighbor']['notification']
            return (event['neighbor']['direction'] == direction
                    and (n['code'], n['subcode']) == (code, subcode) and event)
        return self.wait('%s %s %d/%d' % (peer, direction, code, subcode), sees, since, seconds)

    def wait_refresh(self, peer, direction, since=0, seconds=30):
        def sees(event):
            return (event['type'] == 'refresh' and _peer(event) == peer
                    and event['neighbor']['direction'] == direction and event)
        return self.wait('%s %s refresh' % (peer, direction), sees, since, seconds)

    def wait_route(self, peer, direction, prefix, since=0, seconds=30):
        """The route as the first UPDATE that announces the prefix tells it."""
        def sees(event):
            return updates(event, peer, direction)[0].get(prefix)
        return self.wait('%s %s %s' % (peer, direction, prefix), sees, since, seconds)

    def wait_withdrawn(self, peer, direction, prefix, since=0, seconds=30):
        def sees(event):
            return prefix in updates(event, peer, direction)[1]
        return self.wait('%s %s withdraw %s' % (peer, direction, prefix), sees, since, seconds)

    def tail(self, count=12):
        with self.more:
            return '\n'.join(json.dumps(e)[:600] for e in self.events[-count:])


def _peer(event):
    return event['neighbor']['address']['peer']


def updates(event, peer, direction):
    """({prefix: route}, [prefix]) of an event of this peer and direction, else of nothing."""
    if event['type'] != 'update' or _peer(event) != peer:
        return {}, []
    if event['neighbor'].get('direction') != direction:
        return {}, []
    return of_update(event['neighbor']['message'].get('update', {}))


_NEIGHBOR = '''
neighbor %(peer)s {
	local-address %(local)s;
	router-id %(id)s;
	local-as %(local_as)d;
	peer-as %(peer_as)d;
	hold-time %(hold)d;
	%(more)s
	capability { route-refresh enable; %(capability)s }
	family { %(families)s }
	api { processes [ bridge ]; neighbor-changes; %(events)s }
}
'''

EVENTS = ('receive { parsed; update; notification; refresh; }'
          ' send { parsed; update; notification; }')


class Speaker:
    """peerpipe with a session to the router over IPv4 and one over IPv6."""

    def __init__(self, program, directory):
        self.program = program
        self.directory = directory
        self.log = os.path.join(directory, 'speaker.log')
        self.process = None
        self.wire = None

    def start(self, sessions, events=EVENTS):
        """sessions: {4: {...}, 6: {...}} with local_as, peer_as, and what _NEIGHBOR has."""
        self.wire = Wire(os.path.join(self.directory, 'bridge'))
        conf = 'process bridge { run %s %s %s; encoder json; }\n' % (
            sys.executable, BRIDGE, self.wire.path)
        for ip, session in sessions.items():
            words = {'peer': ROUTER[ip], 'local': SPEAKER[ip], 'id': SPEAKER[4], 'hold': 6,
                     'more': '', 'capability': '', 'events': events,
                     'families': 'ipv4 unicast; ipv6 unicast;'}
            conf += _NEIGHBOR % {**words, **session}
        path = os.path.join(self.directory, 'speaker.conf')
        with open(path, 'w', encoding='ascii') as file:
            file.write(conf)
        env = {**os.environ, 'exabgp_daemon_user': 'root', 'exabgp_api_cli': 'false',
               'exabgp_log_destination': 'stderr', 'exabgp_log_level': 'DEBUG',
               'exabgp_log_short': 'false'}
        with open(self.log, 'a', encoding='ascii') as log:
            self.process = subprocess.Popen([self.program, 'server', path], env=env,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wire.open()

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                code = self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                code = self.process.wait()
            self.process = None
            self.wire.close()
            expect(code == 0, 'peerpipe ended with %d' % code)

    def kill(self):
        """Ends it without letting it say goodbye."""
        self.process.kill()
        self.process.wait()
        self.process = None
        self.wire.close()

    def alive(self):
        return self.process and self.process.poll() is None

    def wait_up(self, since=0, seconds=30):
        for ip in ROUTER:
            self.wire.wait_state(ROUTER[ip], 'up', since, seconds)

    def log_tail(self, lines=25):
        with open(self.log, encoding='utf-8', errors='replace') as file:
            return ''.join(file.readlines()[-lines:])
