"""Routes as all ends of a test understand them: a prefix and a dict of words.

    origin 'igp' | next-hop '192.0.2.1' | med 77 | local-preference 100 | atomic-aggregate True
    as-path '4200000001 65001 {65010 65011}', members of a set in order
    aggregator '4200000001:192.0.2.9' | originator-id | cluster-list '1.1.1.1 2.2.2.2'
    community '65001:1 65001:2' | large-community '1:2:3' | extended-community 'target:65001:1'

Communities are in the order of their text, as routers differ in what order they tell them.
"""

import re


def in_order(words):
    return ' '.join(sorted(words))


def path_of(segments):
    """[('seq', [1, 2]), ('set', [4, 3])] as '1 2 {3 4}'."""
    words = []
    for kind, numbers in segments:
        if kind == 'seq':
            words += [str(n) for n in numbers]
        else:
            words.append('{%s}' % ' '.join(str(n) for n in sorted(numbers)))
    return ' '.join(words)


def _path_command(path):
    words = []
    for sets, numbers in re.findall(r'\{([^}]*)\}|([^{}]+)', path):
        if sets:
            words.append('( %s )' % sets)
        elif numbers.strip():
            words.append('[ %s ]' % numbers.strip())
    return ' '.join(words)


def command_of(prefix, route):
    """The words after announce that tell a route."""
    words = ['route', prefix]
    for key, value in route.items():
        if key == 'as-path':
            words += [key, _path_command(value)]
        elif key == 'atomic-aggregate':
            words.append(key)
        elif key.endswith('community') or key == 'cluster-list':
            words += [key, '[', value, ']']
        else:
            words += [key, str(value)]
    return ' '.join(words)


_KEYS = ('next-hop', 'origin', 'as-path', 'med', 'local-preference', 'atomic-aggregate',
         'aggregator', 'community', 'large-community', 'extended-community',
         'originator-id', 'cluster-list')


def of_command(line):
    """(prefix, route) of an announce route command."""
    words = re.sub(r'([\[\]()])', r' \1 ', line).split()
    route = {}
    for word in words[3:]:
        if word in _KEYS:
            value = route.setdefault(word, [])
        else:
            value.append(word)
    return words[2], {key: _value_of(key, words) for key, words in route.items()}


def _value_of(key, words):
    if key == 'as-path':
        text = ' '.join(words).replace('[', '').replace(']', '')
        return path_of(('set' if sets else 'seq', [int(n) for n in (sets or numbers).split()])
                       for sets, numbers in re.findall(r'\(([^)]*)\)|([^()]+)', text))
    if key == 'atomic-aggregate':
        return True
    if key == 'med' or key == 'local-preference':
        return int(words[0])
    if key.endswith('community'):
        return in_order(word for word in words if word not in '[]')
    return words[0]


_SEGMENTS = {'as-sequence': 'seq', 'as-set': 'set'}


def of_event(attribute, next_hop):
    """A route as JSON events tell it."""
    told = {'next-hop': next_hop}
    for key, value in attribute.items():
        if key == 'as-path' and isinstance(value, dict):
            told[key] = path_of((_SEGMENTS[s['element']], s['value'])
                                for _, s in sorted(value.items(), key=lambda p: int(p[0])))
        elif key == 'as-path':  # a flat list, its sets apart
            sets = attribute.get('as-set')
            told[key] = path_of([('seq', value)] + ([('set', sets)] if sets else []))
        elif key in ('as-set', 'confederation-path', 'next-hop'):
            continue
        elif key in ('community', 'large-community'):
            told[key] = in_order(':'.join(str(n) for n in c) for c in value)
        elif key == 'extended-community':
            told[key] = in_order(c['string'] for c in value)
        elif key == 'cluster-list':
            told[key] = ' '.join(value)
        else:
            told[key] = value
    return told


def of_update(update):
    """({prefix: route}, [prefix]) of an UPDATE event: what it announces and withdraws."""
    announced = {}
    withdrawn = []
    for family in update.get('announce', {}).values():
        for next_hop, nlris in family.items():
            for nlri in nlris:
                announced[_prefix(nlri)] = of_event(update.get('attribute', {}), next_hop)
    for family in update.get('withdraw', {}).values():
        withdrawn += [_prefix(nlri) for nlri in family]
    return announced, withdrawn


def _prefix(nlri):
    return nlri['nlri'] if isinstance(nlri, dict) else nlri
