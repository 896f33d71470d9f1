"""BIRD 2."""

import re

from alone import ROUTER
from checks import main
from router import ROUTER_AS, SPEAKER_AS, Router
from routes import in_order, path_of

_CONFIG = '''
log "%(log)s" all;
router id 192.0.2.2;
protocol device { }
%(tables)s
# MED goes to other systems only when a filter sets it.
filter own {
	if source = RTS_STATIC && defined(bgp_med) then bgp_med = bgp_med;
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
	%(rich)s
%(channels)s
}
protocol bgp v4 from speaker {
	source address 192.0.2.2;
	neighbor 192.0.2.1 as %(speaker_as)d;
	%(role)s
	%(password4)s
}
protocol bgp v6 from speaker {
	source address 2001:db8::2;
	neighbor 2001:db8::1 as %(router_as)d;
	%(password6)s
}
'''

_TABLE = '''
protocol static own_%(table)s {
	%(kind)s { table %(table)s; };
%(own)s
}
'''

_CHANNEL = '''
	%(channel)s {
		table %(table)s;
		import all;
		export filter own;
		next hop address %(hop)s;
		%(rich)s
	};
'''

_RICH = 'enable extended messages on; graceful restart on; ttl security on;'
_RICH_CHANNEL = 'aigp on; add paths on; extended next hop on; next hop keep;'

# {family: (channel, table)}
FAMILIES = {
    'ipv4 unicast': ('ipv4', 'master4'),
    'ipv6 unicast': ('ipv6', 'master6'),
    'ipv4 multicast': ('ipv4 multicast', 'multicast4'),
    'ipv6 multicast': ('ipv6 multicast', 'multicast6'),
    'ipv4 nlri-mpls': ('ipv4 mpls', 'labelled4'),
    'ipv6 nlri-mpls': ('ipv6 mpls', 'labelled6'),
    'ipv4 mpls-vpn': ('vpn4 mpls', 'private4'),
    'ipv6 mpls-vpn': ('vpn6 mpls', 'private6'),
    'ipv4 flow': ('flow4', 'rules4'),
    'ipv6 flow': ('flow6', 'rules6'),
}


class Bird(Router):
    name = 'BIRD'
    programs = ('/usr/sbin/bird', '/usr/sbin/birdc')

    def __init__(self, directory):
        super().__init__(directory)
        self.given = []  # (family, words)

    def config(self):
        own = dict.fromkeys(self.families, '')
        for prefix, route in self.own.items():
            own['ipv6 unicast' if ':' in prefix else 'ipv4 unicast'] += _static(prefix, route)
        for family, words in self.given:
            own[family] += words + '\n'
        password = {ip: 'password "%s";' % word for ip, word in self.password.items()}
        self.write('bird.conf', _CONFIG % {
            'log': self.log,
            'tables': ''.join(_table(family, own[family]) for family in self.families),
            'channels': ''.join(_channel(family, self.rich) for family in self.families),
            'rich': _RICH if self.rich else '', 'role': 'local role customer;' if self.rich else '',
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

    def shut(self, ip, text):
        self.birdc('disable', 'v%d' % ip, '"%s"' % text)

    def cease_heard(self):
        return 'Received: Administrative reset' in self.log_text()

    def look(self, family, nlri):
        return self.birdc('show', 'route', 'all', 'table', FAMILIES[family][1])

    def give(self, family, words):
        self.given.append((family, words))
        self.config()
        self.birdc('configure')

    def take_back(self, family, words):
        self.given.remove((family, words))
        self.config()
        self.birdc('configure')

    def count(self):
        """How many networks the IPv4 table has."""
        return int(re.search(r'for (\d+) networks', self.birdc('show', 'route', 'count'))[1])


def _table(family, own):
    channel, table = FAMILIES[family]
    kind = channel.split()[0]
    new = '' if table.startswith('master') else '%s table %s;' % (kind, table)
    return new + _TABLE % {'kind': kind, 'table': table, 'own': own}


def _channel(family, rich):
    channel, table = FAMILIES[family]
    return _CHANNEL % {'channel': channel, 'table': table, 'hop': ROUTER[int(family[3])],
                       'rich': _RICH_CHANNEL if rich else ''}


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
