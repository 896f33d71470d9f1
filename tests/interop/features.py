"""Capabilities all at once: several paths, IPv6 next hops for IPv4, long messages, roles, AIGP, TTL
security, a restart that nobody notices, and the reason of a shutdown. What a router has not is in its
file, as `cannot`."""

from alone import ROUTER
from meet import Meeting, meet_the_named
from router import ROUTER_AS, SPEAKER_AS
from speaker import updates
from tap import Unknown, expect, named, same, until

_PREFIX = {4: '198.18.1.0/24', 6: '2001:db8:1801::/48'}
_HOP = {4: '192.0.2.10%d', 6: '2001:db8::10%d'}
_CAPABILITY = 'add-path send/receive; nexthop enable; graceful-restart 20; '
_NEXT_HOPS = 'nexthop { ipv4 unicast ipv6; } '
_NEAR_BY = 'outgoing-ttl 255; incoming-ttl 255; '


class Features(Meeting):
    """peerpipe with an external session over IPv4, a provider there, and an internal one."""

    def __init__(self, router, speaker):
        super().__init__(router, speaker)
        router.rich = True

    def needs(self, what):
        if what in self.router.cannot:
            raise Unknown(self.router.cannot[what])

    def start_speaker(self, static=''):
        role = '' if 'roles' in self.router.cannot else 'role provider; role-strict enable; '
        both = {'peer_as': ROUTER_AS, 'hold': 30}
        more = _NEXT_HOPS + ('' if 'ttl security' in self.router.cannot else _NEAR_BY)
        self.speaker.start({
            4: {**both, 'local_as': SPEAKER_AS, 'more': more + static,
                'capability': _CAPABILITY + 'aigp enable; ' + role},
            6: {**both, 'local_as': ROUTER_AS, 'id': '192.0.2.3', 'more': more,
                'capability': _CAPABILITY}})

    def say(self, command):
        self.wire.do('neighbor %s %s' % (ROUTER[4], command))

    def paths(self, prefix):
        """{path identifier: MED} of what the router passes on."""
        paths = {}
        with self.wire.more:
            events = list(self.wire.events)
        for event in events:
            announced, withdrawn = updates(event, ROUTER[6], 'receive')
            if prefix not in announced and prefix not in withdrawn:
                continue
            update = event['neighbor']['message']['update']
            for kind in ('withdraw', 'announce'):
                for number in _identifiers(update.get(kind, {}), prefix):
                    paths.pop(number, None)
                    if kind == 'announce':
                        paths[number] = update['attribute'].get('med')
        return paths

    def wait_meds(self, meds):
        for prefix in _PREFIX.values():
            until('MEDs %s of %s' % (meds, prefix),
                  lambda prefix=prefix: sorted(self.paths(prefix).values()) == meds)

    # The checks, in order.

    def sessions_come_up(self):
        self.router.start()
        self.start_speaker()
        self.speaker.wait_up(0, self.router.settle)

    def several_paths_are_passed_on(self):
        for ip, prefix in _PREFIX.items():
            for n in (1, 2, 3):
                self.say('announce route %s next-hop %s path-information %d med %d' % (
                    prefix, _HOP[ip] % n, n, n))
        self.wait_meds([1, 2, 3])

    def a_path_alone_is_replaced_or_goes(self):
        for ip, prefix in _PREFIX.items():
            self.say('announce route %s next-hop %s path-information 3 med 4' % (
                prefix, _HOP[ip] % 3))
            self.say('withdraw route %s path-information 2' % prefix)
        self.wait_meds([1, 4])

    def next_hops_are_of_either_kind(self):
        self.needs('other next hops')
        hops = {'198.18.2.0/24': _HOP[6] % 4, '198.18.3.0/24': _HOP[4] % 5}
        for prefix, hop in hops.items():
            self.say('announce route %s next-hop %s' % (prefix, hop))
        until('both are there', lambda: set(hops) <= set(self.router.routes()))
        routes = self.router.routes()
        same({prefix: routes[prefix]['next-hop'] for prefix in hops}, hops, 'next hops')
        for prefix in hops:
            self.say('withdraw route ' + prefix)

    def messages_are_long(self):
        self.needs('long messages')
        community = ' '.join('65001:%d' % n for n in range(1, 3001))
        self.say('announce route 198.18.4.0/24 next-hop %s community [ %s ]' % (
            _HOP[4] % 1, community))
        passed_on = self.wire.wait_route(ROUTER[6], 'receive', '198.18.4.0/24')
        same(sorted(passed_on['community'].split()), sorted(community.split()), 'communities')
        self.say('withdraw route 198.18.4.0/24')

    def what_a_provider_says_is_marked(self):
        self.needs('roles')
        self.say('announce route 198.18.5.0/24 next-hop ' + _HOP[4] % 1)
        self.say('announce route 198.18.6.0/24 otc 65009 next-hop ' + _HOP[4] % 1)
        for prefix, asn in (('198.18.5.0/24', SPEAKER_AS), ('198.18.6.0/24', 65009)):
            for ip, direction in ((4, 'send'), (6, 'receive')):
                told = self.wire.wait_route(ROUTER[ip], direction, prefix)
                same((told.get('otc'), told.get('error')), (asn, None), '%s %s' % (direction, prefix))

    def distances_are_passed_on(self):
        self.needs('AIGP')
        self.say('announce route 198.18.9.0/24 aigp 4294967300 next-hop ' + _HOP[4] % 1)
        told = self.wire.wait_route(ROUTER[6], 'receive', '198.18.9.0/24')
        same(told.get('aigp'), '0x0000000100000004', 'AIGP')
        self.say('withdraw route 198.18.9.0/24')

    def a_restart_is_not_noticed(self):
        """Routes of before stay until the End of RIB of after, and go then if not said again."""
        kept, lost = '198.18.7.0/24', '198.18.8.0/24'
        for prefix in (kept, lost):
            self.say('announce route %s next-hop %s' % (prefix, _HOP[4] % 1))
        until('both are there', lambda: {kept, lost} <= set(self.router.routes()))
        self.speaker.kill()
        expect({kept, lost} <= set(self.router.routes()), 'routes went with the session')
        self.start_speaker('static { route %s next-hop %s; }' % (kept, _HOP[4] % 1))
        until('it is gone', lambda: self.looks_restarted(kept, lost), self.router.settle)

    def looks_restarted(self, kept, lost):
        routes = self.router.routes()
        expect(kept in routes, 'a route went that was said again')
        return lost not in routes

    def a_shutdown_has_a_reason(self):
        self.needs('reasons')
        self.speaker.wait_up(0, self.router.settle)
        self.router.shut(4, 'maintenance at noon')
        event = self.wire.wait_notification(ROUTER[4], 'receive', 6, 2)
        same(event['neighbor']['notification']['message'],
             'Shutdown Communication: "maintenance at noon"', 'reason')

    def checks(self):
        return named(
            self.sessions_come_up,
            self.several_paths_are_passed_on,
            self.a_path_alone_is_replaced_or_goes,
            self.next_hops_are_of_either_kind,
            self.messages_are_long,
            self.what_a_provider_says_is_marked,
            self.distances_are_passed_on,
            self.a_restart_is_not_noticed,
            self.a_shutdown_has_a_reason,
            self.stop)


def _identifiers(families, prefix):
    """Of the routes of the prefix, in the announces or withdraws of an UPDATE."""
    found = []
    for told in families.values():
        for nlri in sum(told.values(), []) if isinstance(told, dict) else told:
            if nlri['nlri'] == prefix:
                found.append(nlri['path-information'])
    return found


if __name__ == '__main__':
    meet_the_named(Features)
