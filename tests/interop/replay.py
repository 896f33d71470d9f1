"""A table of the world, as it was in July 2002, announced by a helper and found in BIRD."""

import argparse
import gzip
import os
import subprocess

from alone import ROUTER
from bird import Bird
from meet import Meeting, meet
from router import ROUTER_AS, SPEAKER_AS
from routes import of_command
from tap import named, same, skip_all, until


class Replay(Meeting):
    def __init__(self, dump, bird, speaker):
        super().__init__(bird, speaker)
        self.dump = dump
        self.commands = []
        self.table = {}

    def dump_becomes_commands(self):
        with gzip.open(self.dump) as file:
            dump = file.read()
        done = subprocess.run([self.speaker.program, 'mrt', '--commands'], input=dump, check=True,
                              capture_output=True)
        self.commands = done.stdout.decode('ascii').splitlines()
        self.table = dict(of_command(command) for command in self.commands)
        same((len(self.commands), len(self.table)), (115521, 112988), 'routes and prefixes')

    def session_comes_up(self):
        self.router.start()
        session = {'local_as': SPEAKER_AS, 'peer_as': ROUTER_AS, 'hold': 90, 'events': ''}
        self.speaker.start({4: session})
        self.speaker.wire.wait_state(ROUTER[4], 'up')

    def every_prefix_gets_there(self):
        self.speaker.wire.pour(self.commands, 60)
        until('all prefixes', lambda: self.router.count() == len(self.table), 60)

    def every_attribute_is_right(self):
        seen = self.router.routes()
        wrong = []
        for prefix, route in self.table.items():
            told = seen.pop(prefix)
            told.pop('local-preference', None)  # a default of BIRD's
            if told != route:
                wrong.append((prefix, told, route))
        same((wrong[:3], len(wrong)), ([], 0), 'routes that differ')
        same(list(seen), [], 'prefixes that nobody announced')

    def all_are_there_again_after_a_reset(self):
        since = self.speaker.wire.mark()
        self.speaker.wire.do('neighbor %s teardown 4' % ROUTER[4])
        self.speaker.wire.wait_state(ROUTER[4], 'up', since)
        until('all prefixes', lambda: self.router.count() == len(self.table), 60)
        self.every_attribute_is_right()

    def none_is_left(self):
        self.speaker.wire.pour(['withdraw route ' + prefix for prefix in self.table], 60)
        until('no prefix', lambda: self.router.count() == 0, 60)

    def checks(self):
        return named(
            self.dump_becomes_commands,
            self.session_comes_up,
            self.every_prefix_gets_there,
            self.every_attribute_is_right,
            self.all_are_there_again_after_a_reset,
            self.none_is_left,
            self.stop)

    def why(self):
        return self.speaker.log_tail() + self.router.log_text()[-2000:]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('peerpipe')
    parser.add_argument('dump', help='the gzipped table dump')
    arguments = parser.parse_args()
    dump = os.path.abspath(arguments.dump)
    if not os.path.exists(dump):
        skip_all('there is no table dump')
    meet(Bird, arguments.peerpipe, lambda bird, speaker: Replay(dump, bird, speaker))


if __name__ == '__main__':
    main()
