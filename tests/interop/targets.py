"""Route target membership (RFC 4684) with GoBGP: it keeps VPN routes back until their targets are
asked for, and asks for those of its own VRFs. A session with this family keeps routes of other
families back, so it is not among those in families.py."""

import argparse

from alone import ROUTER
from families import Exchange, bring_up, routes_of
from gobgp import Gobgp
from meet import meet
from tap import named, same

_RTC = 'ipv4 rtc'
_VPN = 'ipv4 mpls-vpn'


class Targets(Exchange):
    def __init__(self, router, speaker):
        super().__init__(router, speaker)
        router.families = (_RTC, _VPN)

    def target(self, verb, number):
        self.wire.do('neighbor %s %s %s origin-as 4200000001 route-target target:65002:%d '
                     'next-hop 192.0.2.100' % (ROUTER[4], verb, _RTC, number))

    def wait(self, kind, family, nlri, peer, since=0):
        def sees(event):
            return (nlri in [told for _, told in routes_of(event, 'receive', kind, family)]
                    and event['neighbor']['address']['peer'] == peer)
        self.wire.wait('%s of %s' % (kind, nlri), sees, since)

    def vpn_routes(self):
        with self.wire.more:
            events = list(self.wire.events)
        return [nlri['nlri'] for event in events
                for _, nlri in routes_of(event, 'receive', 'announce', _VPN)]

    def sessions_come_up(self):
        bring_up(self.router, self.speaker)
        for number in (7, 8):
            self.router.give(_VPN, '198.19.%d.0/24 label 200%d rd 65002:%d rt 65002:%d '
                             'nexthop 192.0.2.200' % ((number,) * 4))

    def a_target_brings_its_routes(self):
        for number in (8, 7):
            since = self.wire.mark()
            self.target('announce', number)
            self.wait('announce', _VPN, _route(number), ROUTER[4], since)
        same(self.vpn_routes(), ['198.19.8.0/24', '198.19.7.0/24'], 'VPN routes in their order')

    def a_target_is_shown_and_passed_on(self):
        text = self.router.look(_RTC, None)
        same([n for n in (7, 8) if ' 4200000001:65002:%d ' % n in text], [7, 8], 'targets shown')
        self.wait('announce', _RTC, _target(4200000001, 7), ROUTER[6])

    def without_a_target_its_routes_go(self):
        since = self.wire.mark()
        self.target('withdraw', 7)
        self.wait('withdraw', _RTC, _target(4200000001, 7), ROUTER[6], since)
        self.wait('withdraw', _VPN, _route(7), ROUTER[4], since)

    def targets_of_its_vrf_are_told(self):
        since = self.wire.mark()
        self.router.gobgp('vrf', 'add', 'red', 'rd', '65002:9', 'rt', 'both', '65002:9')
        for peer in ROUTER.values():
            self.wait('announce', _RTC, _target(4200000002, 9), peer, since)
        self.router.gobgp('vrf', 'del', 'red')
        for peer in ROUTER.values():
            self.wait('withdraw', _RTC, _target(4200000002, 9), peer, since)

    def checks(self):
        return named(
            self.sessions_come_up,
            self.a_target_brings_its_routes,
            self.a_target_is_shown_and_passed_on,
            self.without_a_target_its_routes_go,
            self.targets_of_its_vrf_are_told,
            self.stop)


def _target(asn, number):
    return {'origin': asn, 'route-target': 'target:65002:%d' % number}


def _route(number):
    return {'nlri': '198.19.%d.0/24' % number, 'label': [[2000 + number]],
            'rd': '65002:%d' % number}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('peerpipe')
    meet(Gobgp, parser.parse_args().peerpipe, Targets)


if __name__ == '__main__':
    main()
