"""Families besides unicast: what a router shows of what peerpipe says, what it passes on, and what
it says itself. Which routes, and how each router has them: family_rows.py."""

from alone import ROUTER
from family_rows import OWN, SAID, Cannot, Changed, Kept
from meet import Meeting, meet_the_named
from router import ROUTER_AS, SPEAKER_AS
from tap import Unknown, Wrong, same, until

# What each end may add, and what a router tells of a path through itself.
_OF_THE_SESSION = ('as-path', 'local-preference', 'med', 'originator-id', 'cluster-list')


def shows(text, wanted):
    """True if the pieces between ' ... ' follow each other in the text."""
    at = 0
    text = ' '.join(text.split())
    for piece in wanted.split(' ... '):
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def routes_of(event, direction, kind, family):
    """[(next hop, NLRI)] of an UPDATE event, without next hops for kind 'withdraw'."""
    if event['type'] != 'update' or event['neighbor'].get('direction') != direction:
        return []
    told = event['neighbor']['message'].get('update', {}).get(kind, {}).get(family, {})
    if kind == 'withdraw':
        return [(None, nlri) for nlri in told]
    return [(next_hop, nlri) for next_hop, nlris in told.items() for nlri in nlris]


def attributes_of(event):
    attribute = event['neighbor']['message']['update'].get('attribute', {})
    return {key: value for key, value in attribute.items() if key not in _OF_THE_SESSION}


def identity(nlri):
    """Without what a withdrawal does not say, or may say otherwise (RFC 8277 2.4)."""
    return {key: value for key, value in nlri.items() if key not in ('label', 'raw', 'nexthop')}


def bring_up(router, speaker):
    """An external session over IPv4 and an internal one over IPv6, with the router's families."""
    families = ''.join('%s; ' % family for family in router.families)
    ids = {4: '192.0.2.1', 6: '192.0.2.3'}  # a router passes nothing on to where it came from
    router.start()
    speaker.start({ip: {'local_as': local_as, 'peer_as': ROUTER_AS, 'id': ids[ip],
                        'families': families, 'hold': 30}
                   for ip, local_as in ((4, SPEAKER_AS), (6, ROUTER_AS))})
    speaker.wait_up(0, router.settle)


class Exchange(Meeting):
    """peerpipe with an external session over IPv4, and an internal one that hears what the router
    passes on."""

    def __init__(self, router, speaker):
        super().__init__(router, speaker)
        self.column = router.name.lower()
        said = [row for row in SAID if not isinstance(self.wanted(row), Cannot)]
        self.past = []  # identities of routes that are over; the other session may be late
        self.own = [own for own in OWN if own.router == self.column]
        self.router.families = sorted({row.family for row in said})

    def wanted(self, row):
        return getattr(row, self.column)

    def sessions_come_up(self):
        bring_up(self.router, self.speaker)

    def say(self, verb, row):
        self.wire.do('neighbor %s %s' % (ROUTER[4], row.command(verb)))

    def wait_told(self, direction, row, since, peers=tuple(ROUTER.values())):
        """(event, next hop, NLRI) of the first route of the family since then."""
        def sees(event):
            for next_hop, nlri in routes_of(event, direction, 'announce', row.family):
                if (event['neighbor']['address']['peer'] in peers
                        and identity(nlri) not in self.past):
                    return event, next_hop, nlri
            return None
        return self.wire.wait('%s %s' % (direction, row.family), sees, since)

    def one_is_shown(self, row):
        wanted = self.wanted(row)
        if isinstance(wanted, Cannot):
            raise Unknown('%s %s' % (self.router.name, wanted.why))
        since = self.wire.mark()
        self.say('announce', row)
        if isinstance(wanted, Kept):
            self.wait_shown(row, wanted.text)
            self.say('withdraw', row)
            until('it is not shown any more', lambda: not self.sees(row, wanted.text))
            return
        changes = {}
        if isinstance(wanted, Changed):
            wanted, changes = wanted.text, wanted.members
        self.wait_shown(row, wanted)
        nlri = self.wait_passed_on(row, since, changes)
        self.say('withdraw', row)
        if 'forget VPN routes' not in self.router.cannot:
            self.wait_gone(row.family, nlri, since)

    def sees(self, row, text):
        return shows(self.router.look(row.family, row.nlri), text)

    def wait_shown(self, row, text):
        try:
            until('it is shown', lambda: self.sees(row, text))
        except Wrong:
            same(' '.join(self.router.look(row.family, row.nlri).split()), text, row.says)

    def wait_passed_on(self, row, since, changes):
        event, next_hop, nlri = self.wait_told('send', row, since)
        back, back_hop, back_nlri = self.wait_told('receive', row, since)
        if changes:
            nlri = {**nlri, **changes}
            nlri.pop('raw')
            back_nlri.pop('raw')
        same(back_nlri, nlri, 'what is passed on')
        same(attributes_of(back), attributes_of(event), 'attributes of it')
        if back['neighbor']['address']['peer'] == ROUTER[6]:
            same(back_hop, next_hop, 'its next hop')
        return nlri

    def wait_gone(self, family, nlri, since):
        def sees(event):
            return any(identity(told) == identity(nlri)
                       for _, told in routes_of(event, 'receive', 'withdraw', family))
        self.wire.wait('withdrawal of %s' % nlri, sees, since)
        self.past.append(identity(nlri))

    def one_of_its_own(self, own):
        since = self.wire.mark()
        self.router.give(own.family, own.words)
        event, next_hop, nlri = self.wait_told('receive', own, since, [ROUTER[4]])
        same((next_hop, nlri), (own.next_hop, own.told), own.words)
        told = attributes_of(event)
        told.pop('origin')
        same(told, own.attributes, 'attributes')
        self.router.take_back(own.family, own.words)
        self.wait_gone(own.family, nlri, since)

    def checks(self):
        shown = [('%s is shown, passed on and withdrawn' % row.name,
                  lambda row=row: self.one_is_shown(row)) for row in SAID]
        own = [('%s of its own: %s' % (own.family, own.words.replace('#', '')[:50]),
                lambda own=own: self.one_of_its_own(own)) for own in self.own]
        return ([('sessions come up', self.sessions_come_up)] + shown + own
                + [('all ends in peace', self.stop)])


if __name__ == '__main__':
    meet_the_named(Exchange)
