"""BIRD 2."""

import re

from checks import main
from router import ROUTER_AS, SPEAKER_AS, Router
from routes import in_order, path_of

_CONFIG = '''
log "%(log)s" all;
router id 192.0.2.2;
protocol device { }
protocol static own4 {
	ipv4;
%(own4)s
}
protocol static own6 {
	ipv6;
%(own6)s
}
# MED goes to other systems only when a filter sets it.
filter own {
	if source != RTS_STATIC then reject;
	bgp_med = bgp_med;
	accept;
}
template bgp speaker {
	local as %(router_as)d;
	multihop 2;
	strict bind on;
	passive %(passive)s;
	connect delay time 1;
	connect retry time 1;
	hold time 6;
	error wait time 1, 1;
	error forget time 1;
	startup hold time 6;
	ipv4 {
		import all;
		export filter own;
		next hop address 192.0.2.2;
	};
	ipv6 {
		import all;
		export filter own;
		next hop address 2001:db8::2;
	};
}
protocol bgp v4 from speaker {
	source address 192.0.2.2;
	neighbor 192.0.2.1 as %(speaker_as)d;
	%(password4)s
}
protocol bgp v6 from speaker {
	source address 2001:db8::2;
	neighbor 2001:db8::1 as %(router_as)d;
	%(password6)s
}
'''


class Bird(Router):
    name = 'BIRD'
    programs = ('/usr/sbin/bird', '/usr/sbin/birdc')

    def config(self):
        own = {4: '', 6: ''}
        for prefix, route in self.own.items():
            own[6 if ':' in prefix else 4] += _static(prefix, route)
        password = {ip: 'password "%s";' % word for ip, word in self.password.items()}
        self.write('bird.conf', _CONFIG % {
            'log': self.log, 'own4': own[4], 'own6': own[6],
            'passive': 'off' if self.calls else 'on',
            'router_as': ROUTER_AS, 'speaker_as': SPEAKER_AS,
            'password4': password.get(4, ''), 'password6': password.get(6, '')})

    def command(self):
        return ['/usr/sbin/bird', '-f', '-c', self.path('bird.conf'), '-s', self.path('bird.ctl'),
                '-P', self.path('bird.pid')]

    def birdc(self, *words):
        return self.ask('/usr/sbin/birdc', '-s', self.path('bird.ctl'), *words)

    def ready(self):
        return self.asks('/usr/sbin/birdc', '-s', self.path('bird.ctl'), 'show', 'status')

    def routes(self):
        told = {}
        prefix = None
        for line in self.birdc('show', 'route', 'all').splitlines():
            words = line.split()
            if line[:1] not in ' \t' and words and '/' in words[0]:
                prefix = words[0]
            key, _, value = line.strip().partition(':')
            if key.startswith('BGP.'):
                told.setdefault(prefix, {}).update(_attribute(key[4:], value.strip()))
        return told

    def put(self, prefix, route):
        self.config()
        self.birdc('configure')

    take = put  # all that it has to announce is in its configuration

    def refresh_in(self, ip):
        self.birdc('reload', 'in', 'v%d' % ip)

    def cease_heard(self):
        return 'Received: Administrative reset' in self.log_text()

    def count(self):
        """How many networks the IPv4 table has."""
        return int(re.search(r'for (\d+) networks', self.birdc('show', 'route', 'count'))[1])


def _static(prefix, route):
    words = ['bgp_med = %d;' % route['med']]
    words += ['bgp_community.add((%s));' % c.replace(':', ',')
              for c in route['community'].split()]
    words += ['bgp_large_community.add((%s));' % c.replace(':', ',')
              for c in route['large-community'].split()]
    words += ['bgp_ext_community.add((rt, %s));' % c.replace('target:', '').replace(':', ', ')
              for c in route['extended-community'].split()]
    words += ['bgp_origin = ORIGIN_IGP;']
    return '\troute %s blackhole { %s };\n' % (prefix, ' '.join(words))


_EXTENDED = {'rt': 'target', 'ro': 'origin'}


def _attribute(key, value):
    """One line of show route all as [(key, value)] of a route."""
    if key == 'origin':
        return [('origin', value.lower())]
    if key == 'as_path':
        parts = re.findall(r'\{([^}]*)\}|(\d+)', value)
        segments = [('seq', [int(asn)]) if asn else ('set', [int(n) for n in members.split()])
                    for members, asn in parts]
        return [('as-path', path_of(segments))]
    if key == 'next_hop':
        return [('next-hop', value.split()[0])]
    if key == 'med':
        return [('med', int(value))]
    if key == 'local_pref':
        return [('local-preference', int(value))]
    if key == 'atomic_aggr':
        return [('atomic-aggregate', True)]
    if key == 'aggregator':
        address, asn = value.split()
        return [('aggregator', '%s:%s' % (asn[2:], address))]
    if key == 'originator_id':
        return [('originator-id', value)]
    if key == 'cluster_list':
        return [('cluster-list', value)]
    if key in ('community', 'large_community'):
        groups = re.findall(r'\(([^)]*)\)', value)
        return [(key.replace('_', '-'), in_order(re.sub(r', *', ':', g) for g in groups))]
    if key == 'ext_community':
        groups = [re.split(r', *', g) for g in re.findall(r'\(([^)]*)\)', value)]
        return [('extended-community',
                 in_order(':'.join([_EXTENDED.get(g[0], g[0])] + g[1:]) for g in groups))]
    return [(key, value)]


if __name__ == '__main__':
    main(Bird)
