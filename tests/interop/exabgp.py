"""ExaBGP 4.2, which is a helper's tool too: its routes are what its own helper is told."""

import re
import sys

from alone import ROUTER, SPEAKER
from checks import main
from router import ROUTER_AS, SPEAKER_AS, Router
from routes import command_of
from speaker import BRIDGE, Wire, updates

_CONFIG = '''
process bridge { run %(run)s; encoder json; }
'''

_NEIGHBOR = '''
neighbor %(peer)s {
	local-address %(local)s;
	router-id 192.0.2.2;
	local-as %(router_as)d;
	peer-as %(peer_as)d;
	hold-time 6;
	%(passive)s
	%(password)s
	capability { route-refresh enable; }
	family { ipv4 unicast; ipv6 unicast; }
	api {
		processes [ bridge ];
		neighbor-changes;
		receive { parsed; update; notification; }
	}
}
'''


class Exabgp(Router):
    name = 'ExaBGP'
    programs = ('/usr/sbin/exabgp',)

    def __init__(self, directory):
        super().__init__(directory)
        self.wire = None

    def config(self):
        text = _CONFIG % {'run': ' '.join((sys.executable, BRIDGE, self.path('exabgp')))}
        for ip, peer_as in ((4, SPEAKER_AS), (6, ROUTER_AS)):
            password = 'md5-password %s;' % self.password[ip] if ip in self.password else ''
            text += _NEIGHBOR % {'peer': SPEAKER[ip], 'local': ROUTER[ip], 'peer_as': peer_as,
                                 'router_as': ROUTER_AS, 'password': password,
                                 'passive': '' if self.calls else 'passive; listen 179;'}
        self.write('exabgp.conf', text)

    def command(self):
        return ['/usr/sbin/exabgp', self.path('exabgp.conf')]

    def environment(self):
        return {'exabgp.daemon.user': 'root', 'exabgp.api.cli': 'false',
                'exabgp.log.destination': 'stdout', 'exabgp.log.level': 'DEBUG'}

    def start(self):
        if self.wire:
            self.wire.close()
        self.wire = Wire(self.path('exabgp'))
        super().start()

    def ready(self):
        if not self.wire.socket:
            self.wire.open()
        return True

    def stop(self):
        super().stop()
        if self.wire:
            self.wire.close()
            self.wire = None

    def routes(self):
        """What the events tell, from the last time that the session came up."""
        told = {}
        for event in self.wire.events[:]:
            if event['type'] == 'state' and event['neighbor']['state'] == 'down':
                peer = event['neighbor']['address']['peer']
                told = {p: (by, route) for p, (by, route) in told.items() if by != peer}
            for peer in SPEAKER.values():
                announced, withdrawn = updates(event, peer, 'receive')
                told.update((p, (peer, route)) for p, route in announced.items())
                for prefix in withdrawn:
                    told.pop(prefix, None)
        return {prefix: _as_written(route) for prefix, (_, route) in told.items()}

    def put(self, prefix, route):
        self.wire.do('announce ' + command_of(prefix, route))

    def take(self, prefix, route):
        self.wire.do('withdraw ' + command_of(prefix, route))

    def refresh_in(self, ip):
        self.wire.do('neighbor %s announce route-refresh ipv4 unicast' % SPEAKER[ip])
        self.wire.do('neighbor %s announce route-refresh ipv6 unicast' % SPEAKER[ip])

    cease = 3  # 4.2 tells nothing of a Cease with a text of RFC 9003, as 2 and 4 have

    def cease_heard(self):
        return any(e['type'] == 'notification' and 'neighbor' in e
                   and e['neighbor']['direction'] == 'receive'
                   and e['neighbor']['notification']['code'] == 6 for e in self.wire.events)


def _as_written(route):
    """With the number of an origin as a number; it is told as an address."""
    def number(match):
        parts = [int(part) for part in match[2].split('.')]
        return match[1] + str(int.from_bytes(bytes(parts), 'big'))
    if 'extended-community' not in route:
        return route
    text = re.sub(r'(origin:\d+:)(\d+\.\d+\.\d+\.\d+)', number, route['extended-community'])
    return dict(route, **{'extended-community': text})


if __name__ == '__main__':
    main(Exabgp)
