"""OpenBGPD."""

import json
import os
import re

from alone import ROUTER, SPEAKER
from checks import main
from router import ROUTER_AS, SPEAKER_AS, Router
from routes import in_order, path_of
from tap import until

_RELOADED = 'RDE soft reconfiguration done'
_HOME = '/run/openbgpd'  # of its user, whose processes are locked up in it

_CONFIG = '''
AS %(router_as)d
router-id 192.0.2.2
fib-update no
holdtime 6
holdtime min 3
nexthop qualify via bgp
listen on 192.0.2.2
listen on 2001:db8::2
socket "%(socket)s"
%(networks)s
%(neighbors)s
allow from any
allow to any
'''

# A listening socket gets no key of a neighbor that has a local-address: 7.7 compares it with
# an address that has lost its length. So only who is to connect has one.
_NEIGHBOR = '''
neighbor %(peer)s {
	remote-as %(peer_as)d
	%(connect)s
	multihop 2
%(rich)s
%(families)s
	%(password)s
}
'''


FAMILIES = {
    'ipv4 unicast': 'IPv4 unicast',
    'ipv6 unicast': 'IPv6 unicast',
    'ipv4 mpls-vpn': 'IPv4 vpn',
    'ipv6 mpls-vpn': 'IPv6 vpn',
}


class Openbgpd(Router):
    name = 'OpenBGPD'
    programs = ('/usr/sbin/bgpd', '/usr/sbin/bgpctl')
    needs_root = True
    cannot = {
        'answer a refresh': 'version 7.7 refuses just the families that are negotiated',
        'forget VPN routes': 'version 7.7 counts a withdrawal, and keeps the route',
        'AIGP': 'version 7.7 has no AIGP',
        'ttl security': 'its ttl-security goes with neighbors at one hop only',
        'long messages': 'version 7.7 has no extended messages',
        'other next hops': 'version 7.7 has no IPv6 next hops for IPv4',
    }

    def config(self):
        neighbors = ''
        families = '\n'.join('\tannounce ' + FAMILIES[family] for family in self.families)
        for ip, peer_as in ((4, SPEAKER_AS), (6, ROUTER_AS)):
            password = 'tcp md5sig password "%s"' % self.password[ip] if ip in self.password else ''
            neighbors += _NEIGHBOR % {
                'peer': SPEAKER[ip], 'peer_as': peer_as, 'password': password,
                'families': families, 'rich': self.rich_words(ip),
                'connect': 'local-address ' + ROUTER[ip] if self.calls else 'passive'}
        path = self.write('bgpd.conf', _CONFIG % {
            'router_as': ROUTER_AS, 'socket': self.path('bgpd.sock'), 'neighbors': neighbors,
            'networks': ''.join(_network(p, r) for p, r in self.own.items())})
        os.chmod(path, 0o600)
        os.makedirs(_HOME, exist_ok=True)

    def rich_words(self, ip):
        words = '\tannounce add-path recv yes\n\tannounce add-path send all\n'
        role = '\tannounce policy customer\n' if ip == 4 else ''
        return words + role if self.rich else ''

    def command(self):
        return ['/usr/sbin/bgpd', '-d', '-v', '-f', self.path('bgpd.conf')]

    def bgpctl(self, *words):
        return self.ask('/usr/sbin/bgpctl', '-s', self.path('bgpd.sock'), *words)

    def ready(self):
        _, started, log = self.log_text().rpartition('startup')
        return started and _RELOADED in log and self.asks(
            '/usr/sbin/bgpctl', '-s', self.path('bgpd.sock'), 'show')

    def routes(self):
        table = json.loads(self.bgpctl('-j', 'show', 'rib', 'detail'))
        return {path['prefix']: _route(path) for path in table.get('rib', [])
                if path['neighbor'].get('description') != 'LOCAL'}

    def put(self, prefix, route):
        reloads = self.log_text().count(_RELOADED)
        self.config()
        self.bgpctl('reload')  # it would be ignored while another one runs
        until('reload', lambda: self.log_text().count(_RELOADED) > reloads)

    take = put  # all that it has to announce is in its configuration

    def look(self, family, nlri):
        return self.bgpctl('show', 'rib', 'detail')

    def refresh_in(self, ip):
        self.bgpctl('neighbor', SPEAKER[ip], 'refresh')

    def refreshes(self, ip):
        return self.log_text().count('neighbor %s: route refresh: AID' % SPEAKER[ip])

    def wake(self):
        for peer in SPEAKER.values():
            self.bgpctl('neighbor', peer, 'up')

    def shut(self, ip, text):
        self.bgpctl('neighbor', SPEAKER[ip], 'down', text)

    def cease_heard(self):
        return 'received notification: Cease, administrative reset' in self.log_text()


def _network(prefix, route):
    words = ['metric %d' % route['med'], 'nexthop ' + route['next-hop']]
    words += ['community ' + c for c in route['community'].split()]
    words += ['large-community ' + c for c in route['large-community'].split()]
    words += ['ext-community rt ' + c.replace('target:', '')
              for c in route['extended-community'].split()]
    return 'network %s set { %s }\n' % (prefix, ' '.join(words))


_NAMES = {'NO_EXPORT': '65535:65281'}
_EXTENDED = {'rt': 'target', 'soo': 'origin'}


def _extended(text):
    kind, value = text.split()
    return '%s:%s' % (_EXTENDED[kind], value)


def _route(path):
    segments = [('seq', [int(asn)]) if asn else ('set', [int(n) for n in members.split()])
                for members, asn in re.findall(r'\{([^}]*)\}|(\d+)', path['aspath'])]
    told = {'origin': path['origin'].lower(), 'next-hop': path['exit_nexthop'],
            'as-path': path_of(segments), 'local-preference': path['localpref']}
    if path['metric']:  # none is told as 0
        told['med'] = path['metric']
    if 'communities' in path:
        told['community'] = in_order(_NAMES.get(c, c) for c in path['communities'])
    if 'large_communities' in path:
        told['large-community'] = in_order(path['large_communities'])
    if 'extended_communities' in path:
        told['extended-community'] = in_order(_extended(c) for c in path['extended_communities'])
    for attribute in path.get('attributes', []):
        if attribute['type'] == 'Atomic Aggregate':
            told['atomic-aggregate'] = True
        elif attribute['type'] == 'Aggregator':
            told['aggregator'] = '%d:%s' % (attribute['AS'], attribute['router_id'])
        elif attribute['type'] == 'Originator Id':
            told['originator-id'] = attribute['originator']
        elif attribute['type'] == 'Cluster Id List':
            told['cluster-list'] = ' '.join(attribute['cluster_list'])
    return told


if __name__ == '__main__':
    main(Openbgpd)
