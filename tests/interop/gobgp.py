"""GoBGP."""

import json

from alone import ROUTER, SPEAKER
from checks import main
from router import ROUTER_AS, SPEAKER_AS, Router
from routes import in_order, path_of

_CONFIG = '''
[global.config]
  as = %(router_as)d
  router-id = "192.0.2.2"
  local-address-list = ["192.0.2.2", "2001:db8::2"]
'''

_NEIGHBOR = '''
[[neighbors]]
  [neighbors.config]
    neighbor-address = "%(peer)s"
    peer-as = %(peer_as)d
    auth-password = "%(password)s"
  [neighbors.transport.config]
    local-address = "%(local)s"
    passive-mode = %(passive)s
  [neighbors.timers.config]
    hold-time = 6
    keepalive-interval = 1
    connect-retry = 1
    idle-hold-time-after-reset = 1
'''

_FAMILY = '''
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "%s"
'''

_RICH = '''
  [neighbors.graceful-restart.config]
    enabled = true
    restart-time = 20
'''

_RICH_FAMILY = '''
    [neighbors.afi-safis.mp-graceful-restart.config]
      enabled = true
    [neighbors.afi-safis.add-paths.config]
      receive = true
      send-max = 8
'''

# {family: (its name in the configuration, and after -a; None: only the log shows it)}
FAMILIES = {
    'ipv4 unicast': ('ipv4-unicast', 'ipv4'),
    'ipv6 unicast': ('ipv6-unicast', 'ipv6'),
    'ipv4 multicast': ('ipv4-multicast', None),
    'ipv6 multicast': ('ipv6-multicast', None),
    'ipv4 nlri-mpls': ('ipv4-labelled-unicast', 'ipv4-mpls'),
    'ipv6 nlri-mpls': ('ipv6-labelled-unicast', 'ipv6-mpls'),
    'ipv4 mpls-vpn': ('l3vpn-ipv4-unicast', 'vpnv4'),
    'ipv6 mpls-vpn': ('l3vpn-ipv6-unicast', 'vpnv6'),
    'ipv4 flow': ('ipv4-flowspec', 'ipv4-flowspec'),
    'ipv6 flow': ('ipv6-flowspec', 'ipv6-flowspec'),
    'ipv4 flow-vpn': ('l3vpn-ipv4-flowspec', 'ipv4-l3vpn-flowspec'),
    'ipv6 flow-vpn': ('l3vpn-ipv6-flowspec', 'ipv6-l3vpn-flowspec'),
    'ipv4 mup': ('ipv4-mup', 'ipv4-mup'),
    'ipv6 mup': ('ipv6-mup', 'ipv6-mup'),
    'ipv4 sr-policy': ('ipv4-srpolicy', None),
    'ipv6 sr-policy': ('ipv6-srpolicy', None),
    'ipv4 rtc': ('rtc', 'rtc'),
    'l2vpn vpls': ('l2vpn-vpls', None),
    'l2vpn evpn': ('l2vpn-evpn', 'evpn'),
    'bgp-ls bgp-ls': ('ls', None),
}


class Gobgp(Router):
    name = 'GoBGP'
    programs = ('/usr/bin/gobgpd', '/usr/bin/gobgp')
    cannot = {'ask for routes': 'it looks at what it kept, and has no code to ask again',
              'long messages': 'it has no extended messages', 'roles': 'it has no roles',
              'ttl security': 'its ttl-security is not looked at here',
              'reasons': 'version 3.10 sends none of what its command takes'}

    def config(self):
        text = _CONFIG % {'router_as': ROUTER_AS}
        for ip, peer_as in ((4, SPEAKER_AS), (6, ROUTER_AS)):
            text += _NEIGHBOR % {'peer': SPEAKER[ip], 'local': ROUTER[ip], 'peer_as': peer_as,
                                 'password': self.password.get(ip, ''),
                                 'passive': 'false' if self.calls else 'true'}
            text += _RICH if self.rich else ''
            text += ''.join(_FAMILY % FAMILIES[family][0] + (_RICH_FAMILY if self.rich else '')
                            for family in self.families)
        self.write('gobgpd.conf', text)

    def command(self):
        return ['/usr/bin/gobgpd', '--config-file', self.path('gobgpd.conf'),
                '--api-hosts', '127.0.0.1:50051', '--log-plain', '--log-level', 'debug']

    def gobgp(self, *words):
        return self.ask('/usr/bin/gobgp', *words)

    def ready(self):
        return self.asks('/usr/bin/gobgp', 'neighbor')

    def routes(self):
        told = {}
        for afi in ('ipv4', 'ipv6'):
            table = json.loads(self.gobgp('-j', 'global', 'rib', '-a', afi))
            for prefix, paths in table.items():
                for path in paths:
                    if 'neighbor-ip' in path:  # not its own
                        told[prefix] = _route(path['attrs'])
        return told

    def put(self, prefix, route):
        self.gobgp('global', 'rib', 'add', '-a', _afi(prefix), prefix,
                   'nexthop', route['next-hop'], 'origin', route['origin'],
                   'med', str(route['med']), 'community', ','.join(route['community'].split()),
                   'large-community', ','.join(route['large-community'].split()),
                   'rt', ','.join(route['extended-community'].replace('target:', '').split()))

    def take(self, prefix, route):
        self.gobgp('global', 'rib', 'del', '-a', _afi(prefix), prefix)

    def refresh_in(self, ip):
        self.gobgp('neighbor', SPEAKER[ip], 'softresetin')

    def look(self, family, nlri):
        name, option = FAMILIES[family]
        if option:
            return self.gobgp('global', 'rib', '-a', option)
        return '\n'.join(line for line in self.log_text().splitlines()
                         if '{MpReach(%s): {Nexthop' % name in line)

    def give(self, family, words):
        self.gobgp('global', 'rib', 'add', '-a', FAMILIES[family][1], *words.split())

    def take_back(self, family, words):
        self.gobgp('global', 'rib', 'del', '-a', FAMILIES[family][1], *words.split())

    def cease_heard(self):
        return 'code 6(cease) subcode 4' in self.log_text()


def _afi(prefix):
    return 'ipv6' if ':' in prefix else 'ipv4'


_ORIGIN = ('igp', 'egp', 'incomplete')

# {(type, subtype): word} of extended communities.
_EXTENDED = {(0, 2): 'target', (0, 3): 'origin'}


def _extended(c):
    return '%s:%s' % (_EXTENDED[(c['type'], c['subtype'])], c['value'])


_ATTRIBUTE = {
    1: lambda a: ('origin', _ORIGIN[a['value']]),
    2: lambda a: ('as-path', path_of(('set' if s['segment_type'] == 1 else 'seq', s['asns'])
                                     for s in a['as_paths'])),
    3: lambda a: ('next-hop', a['nexthop']),
    4: lambda a: ('med', a['metric']),
    5: lambda a: ('local-preference', a['value']),
    6: lambda a: ('atomic-aggregate', True),
    7: lambda a: ('aggregator', '%d:%s' % (a['as'], a['address'])),
    8: lambda a: ('community', in_order('%d:%d' % (c >> 16, c & 0xffff)
                                        for c in a['communities'])),
    9: lambda a: ('originator-id', a['value']),
    10: lambda a: ('cluster-list', ' '.join(a['value'])),
    14: lambda a: ('next-hop', a['nexthop']),
    16: lambda a: ('extended-community', in_order(_extended(c) for c in a['value'])),
    26: lambda a: ('aigp', a['values']),
    32: lambda a: ('large-community', in_order(
        '%d:%d:%d' % (c['ASN'], c['LocalData1'], c['LocalData2']) for c in a['value'])),
}


def _route(attributes):
    return dict(_ATTRIBUTE[a['type']](a) for a in attributes)


if __name__ == '__main__':
    main(Gobgp)
