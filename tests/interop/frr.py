"""FRR's bgpd, without zebra."""

import json
import re

from alone import ROUTER, SPEAKER
from checks import main
from router import ROUTER_AS, SPEAKER_AS, Router
from routes import in_order, path_of

_CONFIG = '''
log file %(log)s
debug bgp neighbor-events
router bgp %(router_as)d
 bgp router-id 192.0.2.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 no bgp default ipv4-unicast
 bgp log-neighbor-changes
 neighbor 192.0.2.1 remote-as %(speaker_as)d
 neighbor 2001:db8::1 remote-as %(router_as)d
%(neighbors)s
%(families)s
exit
route-map out permit 10
 set ip next-hop 192.0.2.2
 set ipv6 next-hop global 2001:db8::2
exit
'''

_NEIGHBOR = ''' neighbor %(peer)s disable-connected-check
 neighbor %(peer)s timers 1 6
 neighbor %(peer)s timers connect 1
 neighbor %(peer)s update-source %(local)s
'''

_ACTIVATE = '''  neighbor %(peer)s activate
  neighbor %(peer)s send-community all
'''

_NEXT_HOP = '''  neighbor %(peer)s route-map out out
'''

_RICH = '''  neighbor %(peer)s addpath-tx-all-paths
'''

FAMILIES = {
    'ipv4 unicast': 'ipv4 unicast',
    'ipv6 unicast': 'ipv6 unicast',
    'ipv4 multicast': 'ipv4 multicast',
    'ipv6 multicast': 'ipv6 multicast',
    'ipv4 nlri-mpls': 'ipv4 labeled-unicast',
    'ipv6 nlri-mpls': 'ipv6 labeled-unicast',
    'ipv4 mpls-vpn': 'ipv4 vpn',
    'ipv6 mpls-vpn': 'ipv6 vpn',
    'ipv4 flow': 'ipv4 flowspec',
    'ipv6 flow': 'ipv6 flowspec',
    'l2vpn evpn': 'l2vpn evpn',
}


class Frr(Router):
    name = 'FRR'
    programs = ('/usr/lib/frr/bgpd', '/usr/bin/vtysh')
    needs_restart = True
    cannot = {'AIGP': 'version 8.4 has no AIGP'}

    def config(self):
        peers = SPEAKER.values()
        neighbors = ''.join(
            _NEIGHBOR % {'peer': SPEAKER[ip], 'local': ROUTER[ip]} for ip in SPEAKER)
        if not self.calls:
            neighbors += ''.join(' neighbor %s passive\n' % peer for peer in peers)
        if self.rich:
            neighbors += ' neighbor %s local-role customer\n' % SPEAKER[4]
            neighbors += ''.join(' neighbor %s capability extended-nexthop\n' % p for p in peers)
            neighbors += ''.join(' neighbor %s ttl-security hops 1\n' % p for p in peers)
        for ip, word in self.password.items():
            neighbors += ' neighbor %s password %s\n' % (SPEAKER[ip], word)
        self.write('bgpd.conf', _CONFIG % {
            'log': self.log, 'router_as': ROUTER_AS, 'speaker_as': SPEAKER_AS,
            'neighbors': neighbors,
            'families': ''.join(_family_config(family, peers, self.rich)
                                for family in self.families)})
        self.write('vtysh.conf', '')

    def command(self):
        return ['/usr/lib/frr/bgpd', '--no_zebra', '--no_kernel', '--skip_runas',
                '--listenon', ROUTER[4], '--listenon', ROUTER[6],
                '--config_file', self.path('bgpd.conf'), '--pid_file', self.path('bgpd.pid'),
                '--vty_socket', self.directory, '--vty_port', '0', '--socket', self.path('zserv')]

    def vtysh(self, *commands):
        words = ['/usr/bin/vtysh', '--vty_socket', self.directory, '-d', 'bgpd']
        for command in commands:
            words += ['-c', command]
        return self.ask(*words)

    def ready(self):
        return self.asks('/usr/bin/vtysh', '--vty_socket', self.directory, '-d', 'bgpd',
                         '-c', 'show version')

    def routes(self):
        told = {}
        for afi in ('ipv4', 'ipv6'):
            table = json.loads(self.vtysh('show bgp %s unicast json' % afi))
            details = self.vtysh(*('show bgp %s unicast %s json' % (afi, prefix)
                                   for prefix in table['routes'])) if table['routes'] else ''
            for detail in _all_json(details):
                for path in detail.get('paths', []):
                    if not path.get('sourced'):
                        told[detail['prefix']] = _route(path)
        return told

    def put(self, prefix, route):
        name = re.sub(r'\W', '-', prefix)
        extended = route['extended-community'].replace('target:', 'rt ')
        self.vtysh('configure terminal', 'route-map %s permit 10' % name,
                   'set metric %d' % route['med'],
                   'set community ' + route['community'],
                   'set large-community ' + route['large-community'],
                   'set extcommunity ' + extended,
                   'set origin ' + route['origin'],
                   'exit', 'router bgp %d' % ROUTER_AS, _family(prefix),
                   'network %s route-map %s' % (prefix, name))

    def take(self, prefix, route):
        name = re.sub(r'\W', '-', prefix)
        self.vtysh('configure terminal', 'router bgp %d' % ROUTER_AS, _family(prefix),
                   'no network %s route-map %s' % (prefix, name))

    def refresh_in(self, ip):
        for afi in ('ipv4', 'ipv6'):
            self.vtysh('clear bgp %s unicast %s soft in' % (afi, SPEAKER[ip]))

    def look(self, family, nlri):
        if family == 'l2vpn evpn':
            return self.vtysh('show bgp l2vpn evpn route detail')
        what = 'detail' if family.endswith('flow') else nlri
        return self.vtysh('show bgp %s %s' % (FAMILIES[family], what))

    def give(self, family, words):
        self.vtysh('configure terminal', 'router bgp %d' % ROUTER_AS,
                   'address-family ' + FAMILIES[family], words)

    def take_back(self, family, words):
        self.give(family, 'no ' + words.split(' routermac ')[0])

    def shut(self, ip, text):
        self.vtysh('configure terminal', 'router bgp %d' % ROUTER_AS,
                   'neighbor %s shutdown message %s' % (SPEAKER[ip], text))

    def cease_heard(self):
        return 'Cease/Administrative Reset' in self.log_text()


def _family_config(family, peers, rich):
    activate = _ACTIVATE + (_RICH if rich else '')
    if family.endswith('unicast'):
        activate += _NEXT_HOP
    lines = ''.join(activate % {'peer': peer} for peer in peers)
    return ' address-family %s\n%s exit-address-family\n' % (FAMILIES[family], lines)


def _all_json(text):
    """The values of a text that holds one after the other."""
    text = text.strip()
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        yield value
        text = text[end:].lstrip()


def _family(prefix):
    return 'address-family %s unicast' % ('ipv6' if ':' in prefix else 'ipv4')


def _route(path):
    told = {'origin': path['origin'].lower()}
    segments = path['aspath'].get('segments', [])
    if segments:
        told['as-path'] = path_of(
            ('set' if s['type'] == 'as-set' else 'seq', s['list']) for s in segments)
    hops = [hop['ip'] for hop in path['nexthops'] if hop.get('scope') != 'link-local']
    told['next-hop'] = hops[0]
    for key, name in (('med', 'metric'), ('med', 'med'), ('local-preference', 'locPrf')):
        if name in path:
            told[key] = path[name]
    if path.get('atomicAggregate'):
        told['atomic-aggregate'] = True
    if 'aggregatorAs' in path:
        told['aggregator'] = '%d:%s' % (path['aggregatorAs'], path['aggregatorId'])
    if 'community' in path:
        told['community'] = in_order(_NAMES.get(c, c) for c in path['community']['list'])
    if 'largeCommunity' in path:
        told['large-community'] = in_order(path['largeCommunity']['list'])
    if 'extendedCommunity' in path:
        text = path['extendedCommunity']['string']
        told['extended-community'] = in_order(
            text.replace('RT:', 'target:').replace('SoO:', 'origin:').split())
    if 'originatorId' in path:
        told['originator-id'] = path['originatorId']
    if 'clusterList' in path:
        told['cluster-list'] = ' '.join(path['clusterList']['list'])
    return told


_NAMES = {'noExport': '65535:65281'}


if __name__ == '__main__':
    main(Frr)
