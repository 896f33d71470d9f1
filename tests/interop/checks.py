"""What is true of peerpipe and every router. A router's file calls main() with its class."""

import argparse

import alone
from alone import ROUTER
from meet import Meeting, meet
from router import ROUTER_AS, SPEAKER_AS
from routes import command_of
from tap import Unknown, named, same, until

# The session over IPv4 is external, the one over IPv6 internal.
LOCAL_AS = {4: SPEAKER_AS, 6: ROUTER_AS}

# Next hops are on the shared network, but nobody's.
NEXT_HOP = {4: '192.0.2.100', 6: '2001:db8::100'}

EXTERNAL = {
    'origin': 'incomplete',
    'as-path': '4200000001 65001 4200000003 {65010 4200000010}',
    'med': 77,
    'atomic-aggregate': True,
    'aggregator': '4200000001:192.0.2.9',
    'community': '65001:1 65001:65535 65535:65281',
    'large-community': '4200000001:0:4294967295 65001:2:3',
    'extended-community': 'origin:65001:200 target:65001:100',
}

INTERNAL = {
    'origin': 'egp',
    'as-path': '65001 4200000003',
    'med': 4294967295,
    'local-preference': 250,
    'community': '65001:3',
    'originator-id': '192.0.2.77',
    'cluster-list': '192.0.2.78 192.0.2.79',
    'large-community': '65001:4:5',
    'extended-community': 'target:65001:300',
}

PLAIN = {'origin': 'igp', 'as-path': '4200000001'}


def _with_next_hop(ip, attributes):
    return {'next-hop': NEXT_HOP[ip], **attributes}


# {session: {prefix: route}} that peerpipe announces.
OURS = {
    4: {
        '198.18.1.0/24': _with_next_hop(4, EXTERNAL),
        '198.18.2.1/32': _with_next_hop(4, PLAIN),
        '2001:db8:1801::/48': _with_next_hop(6, EXTERNAL),
        '2001:db8:1802::1/128': _with_next_hop(6, PLAIN),
    },
    6: {
        '198.18.129.0/24': _with_next_hop(4, INTERNAL),
        '2001:db8:1881::/48': _with_next_hop(6, INTERNAL),
    },
}

# What the router announces, on both sessions.
THEIRS = {
    'origin': 'igp',
    'med': 9,
    'community': '65002:7 65002:8',
    'large-community': '4200000002:7:8',
    'extended-community': 'target:65002:70',
}
THEIR_PREFIX = {4: '198.19.1.0/24', 6: '2001:db8:1901::/48'}
THEIR_NEXT = {4: '198.19.2.0/24', 6: '2001:db8:1902::/48'}


def _sessions(passwords, capability, more):
    sessions = {}
    for ip, local_as in LOCAL_AS.items():
        password = 'md5-password %s;' % passwords[ip] if ip in passwords else ''
        sessions[ip] = {'local_as': local_as, 'peer_as': ROUTER_AS, 'more': more + password,
                        'capability': capability}
    return sessions


class Pair(Meeting):
    """peerpipe and a router that talk, and the checks on them."""

    def start(self, ours=None, theirs=None, capability='', calls=False, both=False):
        """calls: the router connects, and peerpipe listens; both: peerpipe connects as well."""
        self.stop()
        self.router.password = theirs or {}
        self.router.calls = calls
        more = ''
        if calls:
            more = 'listen 179; ' if both else 'passive; listen 179; '
        listener, caller = self.router.start, lambda: self.speaker.start(
            _sessions(ours or {}, capability, more))
        if calls:
            listener, caller = caller, listener
        listener()
        caller()

    def up(self, since=0):
        self.speaker.wait_up(since, self.router.settle)

    def announce_ours(self):
        for ip, routes in OURS.items():
            for prefix, route in routes.items():
                self.wire.do('neighbor %s announce %s' % (ROUTER[ip], command_of(prefix, route)))

    def has_ours(self):
        wanted = set(OURS[4]) | set(OURS[6])
        until('%s has all routes' % self.router.name,
              lambda: wanted <= set(self.router.routes()))

    def check_ours(self):
        seen = self.router.routes()
        for ip, routes in OURS.items():
            for prefix, route in routes.items():
                if ip == 4:  # a default of the router's own
                    seen[prefix].pop('local-preference', None)
                same(seen[prefix], route, prefix)

    def check_theirs(self, ip, since):
        for version in THEIR_PREFIX:
            seen = dict(self.wire.wait_route(ROUTER[ip], 'receive', THEIR_PREFIX[version], since))
            wanted = dict(THEIRS, **{'next-hop': ROUTER[version]})
            if ip == 4:
                wanted['as-path'] = str(ROUTER_AS)
            else:
                wanted['local-preference'] = 100
            same(seen, wanted, '%s over IPv%d' % (THEIR_PREFIX[version], ip))

    # The checks, in order.

    def session_over_ipv4(self):
        self.start()
        self.wire.wait_state(ROUTER[4], 'up', 0, self.router.settle)

    def session_over_ipv6(self):
        self.wire.wait_state(ROUTER[6], 'up', 0, self.router.settle)

    def routes_get_there(self):
        self.announce_ours()
        self.has_ours()
        self.check_ours()

    def routes_come_back(self):
        for version, prefix in THEIR_PREFIX.items():
            self.router.announce(prefix, dict(THEIRS, **{'next-hop': ROUTER[version]}))
        for ip in ROUTER:
            self.check_theirs(ip, 0)

    def withdrawn_routes_go(self):
        gone = {4: '198.18.2.1/32', 6: '2001:db8:1802::1/128'}
        for prefix in gone.values():
            self.wire.do('neighbor %s withdraw route %s' % (ROUTER[4], prefix))
        for prefix in gone.values():
            until('%s lost %s' % (self.router.name, prefix),
                  lambda p=prefix: p not in self.router.routes())
        for version, prefix in THEIR_NEXT.items():
            self.router.announce(prefix, dict(THEIRS, **{'next-hop': ROUTER[version]}))
        for prefix in THEIR_NEXT.values():
            self.wire.wait_route(ROUTER[4], 'receive', prefix)
            self.wire.wait_route(ROUTER[6], 'receive', prefix)
            since = self.wire.mark()
            self.router.withdraw(prefix)
            self.wire.wait_withdrawn(ROUTER[4], 'receive', prefix, since)
            self.wire.wait_withdrawn(ROUTER[6], 'receive', prefix, since)
        self.announce_ours()
        self.has_ours()

    def replaced_routes_change(self):
        changed = dict(OURS[4]['198.18.1.0/24'], med=78, community='65001:9')
        self.wire.do('neighbor %s announce %s' % (ROUTER[4], command_of('198.18.1.0/24', changed)))
        until('the new med', lambda: self.router.routes()['198.18.1.0/24'].get('med') == 78)
        until('the new community', lambda:
              self.router.routes()['198.18.1.0/24'].get('community') == '65001:9')
        self.announce_ours()
        until('the old community', lambda:
              self.router.routes()['198.18.1.0/24'].get('community') == EXTERNAL['community'])

    def refresh_asked_by_us(self):
        if 'answer a refresh' in self.router.cannot:
            self.refresh_is_heard_at_least()
            raise Unknown(self.router.cannot['answer a refresh'])
        if self.router.needs_restart:
            self.start(capability='graceful-restart 10;')
            self.up()
        try:
            self.ask_for_refresh()
        finally:
            if self.router.needs_restart:
                self.start()
                self.up()
                self.announce_ours()
                self.has_ours()

    def ask_for_refresh(self):
        for version, words in ((4, 'ipv4 unicast'), (6, 'ipv6 unicast')):
            for ip in ROUTER:
                since = self.wire.mark()
                self.wire.do('neighbor %s announce route-refresh %s' % (ROUTER[ip], words))
                self.wire.wait_route(ROUTER[ip], 'receive', THEIR_PREFIX[version], since)

    def refresh_is_heard_at_least(self):
        for ip in ROUTER:
            before = self.router.refreshes(ip)
            for words in ('ipv4 unicast', 'ipv6 unicast'):
                self.wire.do('neighbor %s announce route-refresh %s' % (ROUTER[ip], words))
            until('both families are asked for', lambda ip=ip, before=before:
                  self.router.refreshes(ip) == before + 2)

    def refresh_asked_by_them(self):
        if 'ask for routes' in self.router.cannot:
            self.nothing_is_asked()
            raise Unknown(self.router.cannot['ask for routes'])
        for ip in ROUTER:
            since = self.wire.mark()
            self.router.refresh_in(ip)
            self.wire.wait_refresh(ROUTER[ip], 'receive', since)
            for prefix in OURS[ip]:
                self.wire.wait_route(ROUTER[ip], 'send', prefix, since)
        self.has_ours()
        self.check_ours()

    def nothing_is_asked(self):
        """A route behind the command shows when it is done."""
        since = self.wire.mark()
        for ip in ROUTER:
            self.router.refresh_in(ip)
        self.router.announce(THEIR_NEXT[4], dict(THEIRS, **{'next-hop': ROUTER[4]}))
        for ip in ROUTER:
            self.wire.wait_route(ROUTER[ip], 'receive', THEIR_NEXT[4], since)
        self.router.withdraw(THEIR_NEXT[4])
        same([e for e in self.wire.events[since:] if e['type'] == 'refresh'], [], 'refreshes')
        self.check_ours()

    def teardown_is_a_cease(self):
        for ip in ROUTER:
            since = self.wire.mark()
            self.wire.do('neighbor %s teardown %d' % (ROUTER[ip], self.router.cease))
            self.wire.wait_state(ROUTER[ip], 'down', since)
            until('the Cease is heard', self.router.cease_heard)
            self.router.wake()
            self.wire.wait_state(ROUTER[ip], 'up', since, self.router.settle)
            self.check_theirs(ip, since)
        self.has_ours()
        self.check_ours()

    def hold_time_ends_silence(self):
        since = self.wire.mark()
        self.router.freeze()
        try:
            for ip in ROUTER:
                self.wire.wait_notification(ROUTER[ip], 'send', 4, 0, since, 20)
                self.wire.wait_state(ROUTER[ip], 'down', since, 20)
        finally:
            self.router.thaw()
        until('%s is awake' % self.router.name, self.router.ready)
        self.router.wake()
        self.up(since)
        for ip in ROUTER:
            self.check_theirs(ip, since)
        self.has_ours()

    def routes_survive_a_restart(self):
        since = self.wire.mark()
        self.router.kill()
        for ip in ROUTER:
            self.wire.wait_state(ROUTER[ip], 'down', since)
        self.router.start()
        self.up(since)
        for ip in ROUTER:
            self.check_theirs(ip, since)
        self.has_ours()
        self.check_ours()

    def peerpipe_ends_in_peace(self):
        self.stop()

    def routes_go_both_ways(self, **how):
        self.start(**how)
        self.up()
        self.announce_ours()
        self.has_ours()
        for ip in ROUTER:
            self.check_theirs(ip, 0)
        self.stop()

    def router_calls_too(self):
        self.routes_go_both_ways(calls=True)

    def both_call(self):
        self.routes_go_both_ways(calls=True, both=True)

    def md5_lets_in_who_knows(self):
        passwords = {4: 'four-words', 6: 'six-words'}
        for calls in (False, True):
            self.start(passwords, passwords, calls=calls)
            self.up()
            self.announce_ours()
            self.has_ours()
            self.stop()

    def md5_keeps_out_who_does_not(self):
        refused = alone.netstat('TCPMD5Failure')
        self.start({4: 'four-words', 6: 'wrong'}, {4: 'four-words', 6: 'six-words'})
        self.wire.wait_state(ROUTER[4], 'up', 0, self.router.settle)
        until('a wrong signature', lambda: alone.netstat('TCPMD5Failure') > refused)
        up = [e for e in self.wire.events if e['type'] == 'state'
              and e['neighbor']['address']['peer'] == ROUTER[6]
              and e['neighbor']['state'] != 'down']
        same(up, [], 'the session with the wrong password')
        self.stop()

    def checks(self):
        return named(
            self.session_over_ipv4,
            self.session_over_ipv6,
            self.routes_get_there,
            self.routes_come_back,
            self.withdrawn_routes_go,
            self.replaced_routes_change,
            self.refresh_asked_by_us,
            self.refresh_asked_by_them,
            self.teardown_is_a_cease,
            self.hold_time_ends_silence,
            self.routes_survive_a_restart,
            self.peerpipe_ends_in_peace,
            self.router_calls_too,
            self.both_call,
            self.md5_lets_in_who_knows,
            self.md5_keeps_out_who_does_not,
        )

    def why(self):
        text = 'peerpipe is %s\n' % ('alive' if self.speaker.alive() else 'gone')
        if self.wire:
            text += 'events:\n' + self.wire.tail()
        text += '\npeerpipe:\n' + self.speaker.log_tail()
        text += '%s:\n' % self.router.name + '\n'.join(self.router.log_text().splitlines()[-25:])
        return text


def main(router_class):
    parser = argparse.ArgumentParser()
    parser.add_argument('peerpipe')
    meet(router_class, parser.parse_args().peerpipe, Pair)
