"""A row a family: what peerpipe says, and what BIRD, FRR, GoBGP and OpenBGPD show of it; then what
some of them say in their own words, and what a helper is told of that.

Shown text is compared with single blanks; ' ... ' is anything. Next hops are nobody's.
"""


class Cannot:
    """Stands in a column where a router shows nothing, and tells why."""

    def __init__(self, why):
        self.why = why


NO = Cannot('has no such family')


class Kept:
    """Stands in a column where a router shows the text, but passes nothing on."""

    def __init__(self, text):
        self.text = text


class Changed:
    """Stands in a column where a router shows the text, and passes on something else."""

    def __init__(self, text, **members):
        self.text = text
        self.members = members


class Said:
    def __init__(self, family, says, bird=NO, frr=NO, gobgp=NO, openbgpd=NO):
        self.family = family
        self.says = says
        self.nlri = says.split()[0]
        self.name = '%s %s' % (family, ' '.join(says.split()[:2]))
        self.bird = bird
        self.frr = frr
        self.gobgp = gobgp
        self.openbgpd = openbgpd

    def command(self, verb):
        return '%s %s %s' % (verb, self.family, self.says)


class Own:
    def __init__(self, router, family, words, next_hop, told, **attributes):
        self.router = router
        self.family = family
        self.words = words
        self.next_hop = next_hop
        self.told = told
        self.attributes = {key.replace('_', '-'): value for key, value in attributes.items()}


_AS_UNICAST = Cannot('takes NLRI of multicast for such of unicast')

_LOCAL = 'node-descriptors [ autonomous-system 65001 bgp-ls-identifier 0 router-id 0000.0000.0001 ] '
_REMOTE = 'node-descriptors [ autonomous-system 65001 bgp-ls-identifier 0 router-id 0000.0000.0002 ] '

_RT = 'extended-community [ target:65001:7 ]'

SAID = (
    Said('ipv4 multicast', '198.18.1.0/24 next-hop 192.0.2.100',
         bird='198.18.1.0/24 ... BGP.next_hop: 192.0.2.100',
         frr='entry for 198.18.1.0/24 ... 4200000001 192.0.2.100',
         gobgp=_AS_UNICAST),
    Said('ipv6 multicast', '2001:db8:1801::/48 next-hop 2001:db8::100',
         bird='2001:db8:1801::/48 ... BGP.next_hop: 2001:db8::100',
         frr='entry for 2001:db8:1801::/48 ... 4200000001 2001:db8::100',
         gobgp=_AS_UNICAST),
    Said('ipv4 nlri-mpls', '198.18.2.0/24 label 1002 next-hop 192.0.2.100',
         bird='198.18.2.0/24 ... BGP.mpls_label_stack: 1002',
         frr=Kept('entry for 198.18.2.0/24 ... Remote label: 1002'),
         gobgp='198.18.2.0/24 [1002] 192.0.2.100'),
    Said('ipv6 nlri-mpls', '2001:db8:1802::/48 label 1002 next-hop 2001:db8::100',
         bird='2001:db8:1802::/48 ... BGP.mpls_label_stack: 1002',
         frr=Kept('entry for 2001:db8:1802::/48 ... Remote label: 1002'),
         gobgp='2001:db8:1802::/48 [1002] 2001:db8::100'),
    Said('ipv4 mpls-vpn', '198.18.3.0/24 rd 65001:7 label 1003 next-hop 192.0.2.100 ' + _RT,
         bird='65001:7 198.18.3.0/24 ... BGP.ext_community: (rt, 65001, 7) '
              'BGP.mpls_label_stack: 1003',
         frr='65001:7:198.18.3.0/24 ... RT:65001:7 Remote label: 1003',
         gobgp='65001:7:198.18.3.0/24 [1003] 192.0.2.100 ... {Extcomms: [65001:7]}',
         openbgpd='rd 65001:7 198.18.3.0/24 ... Nexthop 192.0.2.100 ... rt 65001:7'),
    Said('ipv6 mpls-vpn', '2001:db8:1803::/48 rd 65001:7 label 1003 next-hop 2001:db8::100 ' + _RT,
         bird='65001:7 2001:db8:1803::/48 ... BGP.ext_community: (rt, 65001, 7) '
              'BGP.mpls_label_stack: 1003',
         frr='65001:7:2001:db8:1803::/48 ... RT:65001:7 Remote label: 1003',
         gobgp='65001:7:2001:db8:1803::/48 [1003] 2001:db8::100 ... {Extcomms: [65001:7]}',
         openbgpd='rd 65001:7 2001:db8:1803::/48 ... Nexthop 2001:db8::100 ... rt 65001:7'),
    Said('ipv4 nlri-mpls', '198.18.12.0/24 label 1012 next-hop 192.0.2.100 '
         'bgp-prefix-sid [ 300, [ ( 800000,4096 ) ] ]',
         bird='198.18.12.0/24 ... BGP.28 [t]: 01 00 07 00 00 00 00 00 01 2c '
              '03 00 08 00 00 0c 35 00 00 10 00 BGP.mpls_label_stack: 1012',
         frr=Kept('entry for 198.18.12.0/24 ... Remote label: 1012 Label Index: 300'),
         gobgp=Kept('198.18.12.0/24 [1012] 192.0.2.100 ... {Prefix SID attributes: }')),
    Said('ipv6 mpls-vpn', '2001:db8:180c::/48 rd 65001:7 label 3 next-hop 2001:db8::100 '
         'extended-community [ target:65001:7 origin:65001:8 ] large-community [ 65001:1:2 ] '
         'bgp-prefix-sid-srv6 ( l3-service 2001:db8:1:1:: 0x12 [40,24,16,0,0,0] )',
         bird='65001:7 2001:db8:180c::/48 ... BGP.ext_community: (rt, 65001, 7) (ro, 65001, 8) '
              'BGP.large_community: (65001, 1, 2) BGP.28 [t]: 05 00 22 ... '
              'BGP.mpls_label_stack: 3',
         frr=Kept('65001:7:2001:db8:180c::/48 ... Extended Community: RT:65001:7 SoO:65001:8 '
                  'Large Community: 65001:1:2 Remote label: 3 Remote SID: 2001:db8:1:1::'),
         gobgp='65001:7:2001:db8:180c::/48 [3] 2001:db8::100 ... {LargeCommunity: [ 65001:1:2]} '
               '{Prefix SID attributes: {SRv6 L3 Service Attribute: {SRv6 Information Sub TLV: '
               'SID: 2001:db8:1:1:: Flag: 0 Endpoint Behavior: 18',
         openbgpd='rd 65001:7 2001:db8:180c::/48 ... rt 65001:7 soo 65001:8 '
                  'Large Communities: 65001:1:2'),
    Said('ipv4 flow', 'destination 198.18.4.0/24 source 198.18.5.0/25 protocol [ =tcp =udp ] '
         'destination-port [ >=80&<=90 =8080 ] source-port [ >1024 ] packet-length [ <=1500 ] '
         'dscp 46 tcp-flags [ syn ] rate-limit 9600',
         bird='flow4 { dst 198.18.4.0/24; src 198.18.5.0/25; proto 6,17; dport 80..90,8080; '
              'sport > 1024; tcp flags !0x0/0x2; length <= 1500; dscp 46; } ... '
              '(generic, 0x80060000, 0x46160000)',
         frr='Destination Address 198.18.4.0/24 Source Address 198.18.5.0/25 '
             'IP Protocol = 6 , = 17 Destination Port >= 80 , <= 90 , = 8080 Source Port > 1024 '
             'TCP Flags ... 2 Packet Length <= 1500 DSCP field = 46 FS:rate 9600.000000',
         gobgp='[destination: 198.18.4.0/24][source: 198.18.5.0/25][protocol: ==tcp ==udp]'
               '[destination-port: >=80&<=90 ==8080][source-port: >1024][tcp-flags: S]'
               '[packet-length: <=1500][dscp: ==46] ... {Extcomms: [rate: 9600.000000]}'),
    Said('ipv4 flow', 'destination 198.18.6.0/24 fragment [ is-fragment ] redirect 65001:7',
         bird='flow4 { dst 198.18.6.0/24; fragment !!is_fragment; } ... '
              '(generic, 0x8008fde9, 0x7)',
         frr='Destination Address 198.18.6.0/24 Packet Fragment ... FS:redirect VRF RT:65001:7',
         gobgp='[destination: 198.18.6.0/24][fragment: is-fragment] ... [redirect: 65001:7]'),
    Said('ipv6 flow', 'destination 2001:db8:1804::/48/0 next-header [ =udp ] source-port [ =53 ] '
         'flow-label [ =7 ] discard',
         bird='flow6 { dst 2001:db8:1804::/48; next header 17; sport 53; label 7; } ... '
              '(generic, 0x80060000, 0x0)',
         frr='Destination Address 2001:db8:1804::/48/off 0 IP Protocol = 17 Source Port = 53 '
             'Packet Flow Label = 7 FS:rate 0.000000',
         gobgp='[destination: 2001:db8:1804::/48/0][protocol: ==udp][source-port: ==53]'
               '[label: ==7] ... {Extcomms: [discard]}'),
    Said('ipv4 flow-vpn', 'rd 65001:7 destination 198.18.7.0/24 protocol [ =tcp ] discard ' + _RT,
         gobgp='[rd: 65001:7][destination: 198.18.7.0/24][protocol: ==tcp] ... '
               '{Extcomms: [65001:7], [discard]}'),
    Said('ipv6 flow-vpn', 'rd 65001:7 source 2001:db8:1807::/48/0 next-header [ =tcp ] '
         'mark 10 ' + _RT,
         gobgp='[rd: 65001:7][source: 2001:db8:1807::/48/0][protocol: ==tcp] ... '
               '{Extcomms: [65001:7], [remark: 10]}'),
    Said('ipv4 mup', 'mup-isd 198.18.8.0/24 rd 65001:7 next-hop 2001:db8::100 ' + _RT
         + ' bgp-prefix-sid-srv6 ( l3-service 2001:db8:0:1:: 0x48 [64,24,16,0,0,0] )',
         gobgp='[type:isd][rd:65001:7][prefix:198.18.8.0/24] ... 2001:db8::100 ... '
               '{SRv6 L3 Service Attribute: {SRv6 Information Sub TLV: SID: 2001:db8:0:1:: '),
    Said('ipv4 mup', 'mup-dsd 198.18.8.1 rd 65001:7 next-hop 2001:db8::100 '
         'extended-community [ target:65001:7 mup:10:10 ]',
         gobgp='[type:dsd][rd:65001:7][prefix:198.18.8.1] ... [65001:7], [10:10]'),
    Said('ipv4 mup', 'mup-t1st 198.18.8.1/32 rd 65001:7 teid 12345 qfi 9 endpoint 192.0.2.9 '
         'next-hop 2001:db8::100 ' + _RT,
         gobgp='[type:t1st][rd:65001:7][prefix:198.18.8.1/32] 12345 9 192.0.2.9 2001:db8::100'),
    Said('ipv4 mup', 'mup-t2st 192.0.2.9 rd 65001:7 teid 12345/32 next-hop 2001:db8::100 ' + _RT,
         gobgp='[type:t2st][rd:65001:7][endpoint:192.0.2.9][teid:12345] 2001:db8::100'),
    Said('ipv6 mup', 'mup-isd 2001:db8:1808::/48 rd 65001:7 next-hop 2001:db8::100 ' + _RT,
         gobgp='[type:isd][rd:65001:7][prefix:2001:db8:1808::/48]'),
    Said('ipv6 mup', 'mup-t1st 2001:db8:1808::1/128 rd 65001:7 teid 12345 qfi 9 '
         'endpoint 2001:db8::9 next-hop 2001:db8::100 ' + _RT,
         gobgp='[type:t1st][rd:65001:7][prefix:2001:db8:1808::1/128] 12345 9 2001:db8::9'),
    Said('l2vpn vpls', 'endpoint 7 base 20000 offset 2 size 10 rd 65001:7 next-hop 192.0.2.100 '
         + _RT,
         gobgp='[65001:7:7:2 (Block Size: 10, Label Base: {[20000]})]'),
    Said('l2vpn evpn', 'ethernet-ad rd 65001:7 esi 00:01:02:03:04:05:06:07:08:09 ethernet-tag 5 '
         'label 1001 next-hop 192.0.2.100 extended-community [ target:65001:7 esi-label:1001 ]',
         frr=Changed('Route [1]:[5]:[00:01:02:03:04:05:06:07:08:09]:[32]:[0.0.0.0]',
                     label=[[0]]),
         gobgp='[type:A-D][rd:65001:7][esi:ESI_ARBITRARY | 01:02:03:04:05:06:07:08:09][etag:5]'
               ' [16017] 192.0.2.100 ... {Extcomms: [65001:7], [esi-label: 16016]}'),
    Said('l2vpn evpn', 'mac-ip rd 65001:7 mac 02:00:00:00:00:01 ip 198.18.9.1 ethernet-tag 5 '
         'vni 1002 next-hop 192.0.2.100 '
         'extended-community [ target:65001:7 encap:VXLAN mac-mobility:3:sticky ]',
         frr='Route [2]:[5]:[48]:[02:00:00:00:00:01]:[32]:[198.18.9.1] VNI 1002 ... '
             'RT:65001:7 ET:8 MM:3, sticky MAC',
         gobgp='[type:macadv][rd:65001:7][etag:5][mac:02:00:00:00:00:01][ip:198.18.9.1] [1002] '
               '192.0.2.100 ... [VXLAN]'),
    Said('l2vpn evpn', 'multicast rd 65001:7 ip 192.0.2.100 ethernet-tag 5 next-hop 192.0.2.100 '
         'pmsi ( ingress-replication 192.0.2.100 vni 1002 ) '
         'extended-community [ target:65001:7 encap:VXLAN ]',
         frr='Route [3]:[5]:[32]:[192.0.2.100] ... RT:65001:7 ET:8 ... '
             'PMSI Tunnel Type: Ingress Replication, label: 1002',
         gobgp='[type:multicast][rd:65001:7][etag:5][ip:192.0.2.100] 192.0.2.100 ... '
               'ingress-repl'),
    Said('l2vpn evpn', 'ethernet-segment rd 65001:7 esi 00:01:02:03:04:05:06:07:08:09 '
         'ip 192.0.2.100 next-hop 192.0.2.100 '
         'extended-community [ es-import:01:02:03:04:05:06 ]',
         frr='Route [4]:[00:01:02:03:04:05:06:07:08:09]:[32]:[192.0.2.100] ... '
             'ES-Import-Rt:01:02:03:04:05:06',
         gobgp='[type:esi][rd:65001:7][esi:ESI_ARBITRARY | 01:02:03:04:05:06:07:08:09]'
               '[ip:192.0.2.100] 192.0.2.100 ... [es-import rt: 01:02:03:04:05:06]'),
    Said('l2vpn evpn', 'prefix rd 65001:7 ip 198.18.9.0/24 gateway 192.0.2.9 ethernet-tag 5 '
         'label 1005 next-hop 192.0.2.100 '
         'extended-community [ target:65001:7 router-mac:02:00:00:00:00:02 ]',
         frr=Changed('Route [5]:[5]:[24]:[198.18.9.0] ... RT:65001:7 Rmac:02:00:00:00:00:02',
                     gateway='0.0.0.0'),
         gobgp='[type:Prefix][rd:65001:7][etag:5][prefix:198.18.9.0/24] [16081] 192.0.2.100 ... '
               '[router\'s mac: 02:00:00:00:00:02] ... [GW: 192.0.2.9]'),
    Said('l2vpn evpn', 'prefix rd 65001:7 ip 2001:db8:1809::/48 label 1005 '
         'next-hop 192.0.2.100 ' + _RT,
         frr='Route [5]:[0]:[48]:[2001:db8:1809::]',
         gobgp='[type:Prefix][rd:65001:7][etag:0][prefix:2001:db8:1809::/48] [16081]'),
    Said('ipv4 sr-policy', 'distinguisher 1 color 100 endpoint 192.0.2.9 next-hop 192.0.2.100 '
         'preference 7 binding-sid mpls 25000 priority 10 segment-list weight 2 '
         'segment type-a mpls 16001 segment type-a mpls 16002',
         gobgp='{Flags: 0x00, Preference: 7}, {S-Flag: false, I-Flag: false, BSID: 25000}, '
               '{Priority: 10}, {Weight: {Flags: 0x00, Weight: 2},Segment List: ... Label: 16001 '
               '... Label: 16002 ... Distinguisher: 1, Color 100, Endpoint: 192.0.2.9'),
    Said('ipv6 sr-policy', 'distinguisher 1 color 100 endpoint 2001:db8::9 next-hop 2001:db8::100 '
         'segment-list weight 2 segment type-b srv6 2001:db8:0:1::',
         gobgp='Sid: 2001:db8:0:1:: ... Distinguisher: 1, Color 100, Endpoint: 2001:db8::9'),
    Said('bgp-ls bgp-ls', 'node protocol-id isis-l2 ' + _LOCAL +
         'next-hop 192.0.2.100 bgp-ls [ node-name rtr1 local-router-ids 0.0.0.7 ]',
         gobgp='NODE { AS:65001 BGP-LS ID:0 0000.0000.0001 ISIS-L2:0 }'),
    Said('bgp-ls bgp-ls', 'link protocol-id isis-l2 local-' + _LOCAL +
         'remote-' + _REMOTE + 'interface-addresses 192.0.2.1 neighbor-addresses 192.0.2.2 '
         'next-hop 192.0.2.100 bgp-ls [ igp-metric 10 ]',
         gobgp='LINK { LOCAL_NODE: 0000.0000.0001 REMOTE_NODE: 0000.0000.0002 '
               'LINK: 192.0.2.1->192.0.2.2}'),
    Said('bgp-ls bgp-ls', 'prefix-v4 protocol-id isis-l2 ' + _LOCAL +
         'ip-reach-prefix 198.18.10.0/24 next-hop 192.0.2.100 bgp-ls [ igp-flags D ]',
         gobgp='PREFIXv4 { LOCAL_NODE: 0000.0000.0001 PREFIX: [198.18.10.0/24] }'),
    Said('bgp-ls bgp-ls', 'prefix-v6 protocol-id isis-l2 ' + _LOCAL +
         'ip-reach-prefix 2001:db8:1810::/48 next-hop 192.0.2.100 bgp-ls [ igp-flags D ]',
         gobgp='PREFIXv6 { LOCAL_NODE: 0000.0000.0001 PREFIX: [2001:db8:1810::/48] }'),
)


def _rt(number):
    """The extended community that each route of a router's own has: target:65002:7."""
    return {'value': 842131417595904 + number, 'string': 'target:65002:%d' % number}


_DISCARD = {'value': 9225060886715039744, 'string': 'rate-limit:0'}
_VXLAN = {'value': 219550481834311688, 'string': 'encap:VXLAN'}
_RATE = {'value': 9225060887890886656, 'string': 'rate-limit:9600'}

OWN = (
    Own('bird', 'ipv4 multicast', 'route 198.19.1.0/24 blackhole;', '192.0.2.2',
        {'nlri': '198.19.1.0/24'}),
    Own('bird', 'ipv6 multicast', 'route 2001:db8:1901::/48 blackhole;', '2001:db8::2',
        {'nlri': '2001:db8:1901::/48'}),
    Own('bird', 'ipv4 nlri-mpls', 'route 198.19.2.0/24 via "lo" mpls 2002;', '192.0.2.2',
        {'nlri': '198.19.2.0/24', 'label': [[3]]}),
    Own('bird', 'ipv6 nlri-mpls', 'route 2001:db8:1902::/48 via "lo" mpls 2002;', '2001:db8::2',
        {'nlri': '2001:db8:1902::/48', 'label': [[3]]}),
    Own('bird', 'ipv4 mpls-vpn', 'route 65002:7 198.19.3.0/24 via "lo" mpls 2003 '
        '{ bgp_ext_community.add((rt, 65002, 7)); };', '192.0.2.2',
        {'nlri': '198.19.3.0/24', 'label': [[3]], 'rd': '65002:7'}, extended_community=[_rt(7)]),
    Own('bird', 'ipv6 mpls-vpn', 'route 65002:7 2001:db8:1903::/48 via "lo" mpls 2003 '
        '{ bgp_ext_community.add((rt, 65002, 7)); };', '2001:db8::2',
        {'nlri': '2001:db8:1903::/48', 'label': [[3]], 'rd': '65002:7'},
        extended_community=[_rt(7)]),
    Own('bird', 'ipv4 flow', 'route flow4 { dst 198.19.4.0/24; proto = 6; dport 80..90, 8080; '
        'tcp flags 0x02/0x12; fragment is_fragment; } '
        '{ bgp_ext_community.add((generic, 0x80060000, 0x46160000)); };', 'no-nexthop',
        {'destination-ipv4': ['198.19.4.0/24'], 'protocol': ['=tcp'],
         'destination-port': ['>=80&<=90', '=8080'], 'tcp-flags': ['=syn&!ack'],
         'fragment': ['=is-fragment'],
         'string': 'flow destination-ipv4 198.19.4.0/24 protocol =tcp destination-port '
                   '[ >=80&<=90 =8080 ] tcp-flags [ =syn&!ack ] fragment =is-fragment'},
        extended_community=[_RATE]),
    Own('bird', 'ipv6 flow', 'route flow6 { dst 2001:db8:1904::/48; next header = 17; sport = 53; '
        'label = 7; } { bgp_ext_community.add((generic, 0x80060000, 0)); };', 'no-nexthop',
        {'destination-ipv6': ['2001:db8:1904::/48/0'], 'next-header': ['=udp'],
         'source-port': ['=53'], 'flow-label': ['=7'],
         'string': 'flow destination-ipv6 2001:db8:1904::/48/0 next-header =udp source-port =53 '
                   'flow-label =7'}, extended_community=[_DISCARD]),
    Own('bird', 'ipv6 flow', 'route flow6 { dst ::1234:5678:9a00:0/104 offset 64; '
        'next header = 17; dport = 53; } '
        '{ bgp_ext_community.add((generic, 0x80060000, 0)); };', 'no-nexthop',
        {'destination-ipv6': ['::1234:5678:9a00:0/104/64'], 'next-header': ['=udp'],
         'destination-port': ['=53'],
         'string': 'flow destination-ipv6 ::1234:5678:9a00:0/104/64 next-header =udp '
                   'destination-port =53'}, extended_community=[_DISCARD]),

    Own('frr', 'ipv4 multicast', 'network 198.19.1.0/24', '192.0.2.2',
        {'nlri': '198.19.1.0/24'}),
    Own('frr', 'ipv6 multicast', 'network 2001:db8:1901::/48', '::ffff:192.0.2.2',
        {'nlri': '2001:db8:1901::/48'}),
    Own('frr', 'ipv4 mpls-vpn', 'network 198.19.3.0/24 rd 65002:7 label 2003', '192.0.2.2',
        {'nlri': '198.19.3.0/24', 'label': [[2003]], 'rd': '65002:7'}),
    Own('frr', 'ipv6 mpls-vpn', 'network 2001:db8:1903::/48 rd 65002:7 label 2003',
        '::ffff:192.0.2.2',
        {'nlri': '2001:db8:1903::/48', 'label': [[2003]], 'rd': '65002:7'}),

    Own('gobgp', 'ipv4 nlri-mpls', '198.19.2.0/24 2002 nexthop 192.0.2.200', '192.0.2.200',
        {'nlri': '198.19.2.0/24', 'label': [[2002]]}),
    Own('gobgp', 'ipv6 nlri-mpls', '2001:db8:1902::/48 2002 nexthop 2001:db8::200',
        '2001:db8::200', {'nlri': '2001:db8:1902::/48', 'label': [[2002]]}),
    Own('gobgp', 'ipv4 mpls-vpn', '198.19.3.0/24 label 2003 rd 65002:7 rt 65002:7 '
        'nexthop 192.0.2.200', '192.0.2.200',
        {'nlri': '198.19.3.0/24', 'label': [[2003]], 'rd': '65002:7'},
        extended_community=[_rt(7)]),
    Own('gobgp', 'ipv6 mpls-vpn', '2001:db8:1903::/48 label 2003 rd 65002:7 rt 65002:7 '
        'nexthop 2001:db8::200', '2001:db8::200',
        {'nlri': '2001:db8:1903::/48', 'label': [[2003]], 'rd': '65002:7'},
        extended_community=[_rt(7)]),
    Own('gobgp', 'ipv4 flow', 'match destination 198.19.4.0/24 protocol tcp destination-port '
        '>=80&<=90 ==8080 fragment is-fragment tcp-flags =SA then rate-limit 9600', 'no-nexthop',
        {'destination-ipv4': ['198.19.4.0/24'], 'protocol': ['=tcp'],
         'destination-port': ['>=80&<=90', '=8080'], 'tcp-flags': ['=syn+ack'],
         'fragment': ['is-fragment'],
         'string': 'flow destination-ipv4 198.19.4.0/24 protocol =tcp destination-port '
                   '[ >=80&<=90 =8080 ] tcp-flags =syn+ack fragment is-fragment'},
        extended_community=[_RATE]),
    Own('gobgp', 'ipv6 flow', 'match destination 2001:db8:1904::/48 protocol udp '
        'source-port ==53 label ==7 then redirect 65002:7', 'no-nexthop',
        {'destination-ipv6': ['2001:db8:1904::/48/0'], 'next-header': ['=udp'],
         'source-port': ['=53'], 'flow-label': ['=7'],
         'string': 'flow destination-ipv6 2001:db8:1904::/48/0 next-header =udp source-port =53 '
                   'flow-label =7'},
        extended_community=[{'value': 9225903018132635655, 'string': 'redirect:65002:7'}]),
    Own('gobgp', 'ipv4 flow-vpn', 'rd 65002:7 match destination 198.19.5.0/24 dscp ==46 '
        'then mark 10 rt 65002:7', 'no-nexthop',
        {'destination-ipv4': ['198.19.5.0/24'], 'dscp': ['=46'], 'rd': '65002:7',
         'string': 'flow destination-ipv4 198.19.5.0/24 dscp =46 rd 65002:7'},
        extended_community=[_rt(7), {'value': 9225905311645171722, 'string': 'mark 10'}]),
    Own('gobgp', 'ipv6 flow-vpn', 'rd 65002:7 match source 2001:db8:1905::/48 icmp-type ==128 '
        'then discard rt 65002:7', 'no-nexthop',
        {'source-ipv6': ['2001:db8:1905::/48/0'], 'icmp-type': ['=128'], 'rd': '65002:7',
         'string': 'flow source-ipv6 2001:db8:1905::/48/0 icmp-type =128 rd 65002:7'},
        extended_community=[_rt(7), _DISCARD]),
    Own('gobgp', 'ipv4 mup', 'isd 198.19.6.0/24 rd 65002:7 prefix 2001:db8:0:1::/64 '
        'locator-node-length 24 function-length 16 behavior ENDM_GTP4E rt 65002:7 '
        'nexthop 2001:db8::200', '2001:db8::200',
        {'name': 'InterworkSegmentDiscoveryRoute', 'arch': 1, 'code': 1, 'prefix_ip_len': 24,
         'prefix_ip': '198.19.6.0', 'rd': '65002:7', 'raw': '0100010C0000FDEA0000000718C61306'},
        extended_community=[_rt(7)], bgp_prefix_sid={'l3-service': [{
            'sid': '2001:db8:0:1::', 'flags': 0, 'endpoint_behavior': 72, 'structure': {
                'locator-block-length': 64, 'locator-node-length': 24, 'function-length': 16,
                'argument-length': 0, 'transposition-length': 0, 'transposition-offset': 0}}]}),
    Own('gobgp', 'ipv4 mup', 't2st 192.0.2.9 rd 65002:7 rt 65002:7 teid 12345 mup 10:10 '
        'nexthop 2001:db8::200', '2001:db8::200',
        {'name': 'Type2SessionTransformedRoute', 'arch': 1, 'code': 4, 'endpoint_len': 64,
         'endpoint_ip': '192.0.2.9', 'rd': '65002:7', 'teid': '12345',
         'raw': '010004110000FDEA0000000740C000020900003039'},
        extended_community=[_rt(7), {'value': 864691171404808202, 'string': 'mup:10:10'}]),
    Own('gobgp', 'ipv6 mup', 't1st 2001:db8:1906::1/128 rd 65002:7 rt 65002:7 teid 12345 qfi 9 '
        'endpoint 2001:db8::9 nexthop 2001:db8::200', '2001:db8::200',
        {'name': 'Type1SessionTransformedRoute', 'arch': 1, 'code': 3, 'prefix_ip_len': 128,
         'prefix_ip': '2001:db8:1906::1', 'teid': '12345', 'qfi': '9', 'rd': '65002:7',
         'endpoint_ip_len': 128, 'endpoint_ip': '2001:db8::9', 'source_ip_len': 0,
         'source_ip': "b''", 'raw': '0100032F0000FDEA000000078020010DB819060000000000000000000100'
         '003039098020010DB8000000000000000000000009'}, extended_community=[_rt(7)]),
    Own('gobgp', 'l2vpn evpn', 'a-d esi ARBITRARY 01:02:03:04:05:06:07:08:09 etag 5 label 2001 '
        'rd 65002:7 rt 65002:7 esi-label 2001 nexthop 192.0.2.200', '192.0.2.200',
        {'code': 1, 'parsed': True,
         'raw': '01190000FDEA0000000700010203040506070809000000050007D1',
         'name': 'Ethernet Auto-Discovery', 'rd': '65002:7',
         'esi': '00:01:02:03:04:05:06:07:08:09', 'ethernet-tag': 5, 'label': [[125, 2001]]},
        extended_community=[_rt(7), {'value': 432627039204280273, 'string': ''}]),
    Own('gobgp', 'l2vpn evpn', 'macadv 02:00:00:00:00:01 198.19.9.1 etag 5 label 2002 rd 65002:7 '
        'rt 65002:7 encap vxlan nexthop 192.0.2.200', '192.0.2.200',
        {'code': 2, 'parsed': True, 'raw': '02250000FDEA0000000700000000000000000000000000053002'
         '000000000120C61309010007D2', 'name': 'MAC/IP advertisement', 'rd': '65002:7',
         'esi': '-', 'ethernet-tag': 5, 'mac': '02:00:00:00:00:01', 'label': [[125, 2002]],
         'ip': '198.19.9.1'}, extended_community=[_rt(7), _VXLAN]),
    Own('gobgp', 'l2vpn evpn', 'multicast 192.0.2.200 etag 5 rd 65002:7 rt 65002:7 encap vxlan '
        'pmsi ingress-repl 2002 192.0.2.200 nexthop 192.0.2.200', '192.0.2.200',
        {'code': 3, 'parsed': True, 'raw': '03110000FDEA000000070000000520C00002C8',
         'name': 'Inclusive Multicast Ethernet Tag', 'rd': '65002:7', 'ethernet-tag': 5,
         'ip': '192.0.2.200'}, extended_community=[_rt(7), _VXLAN],
        pmsi='pmsi:ingressreplication:0:125(2002):192.0.2.200'),
    Own('gobgp', 'l2vpn evpn', 'esi 192.0.2.200 esi 0 rd 65002:7 rt 65002:7 nexthop 192.0.2.200',
        '192.0.2.200',
        {'code': 4, 'parsed': True, 'raw': '04170000FDEA000000070000000000000000000020C00002C8',
         'name': 'Ethernet Segment', 'rd': '65002:7', 'esi': '-', 'ip': '192.0.2.200'},
        extended_community=[_rt(7)]),
    Own('gobgp', 'l2vpn evpn', 'prefix 198.19.9.0/24 gw 192.0.2.9 etag 5 label 2005 rd 65002:7 '
        'rt 65002:7 router-mac 02:00:00:00:00:02 nexthop 192.0.2.200', '192.0.2.200',
        {'code': 5, 'parsed': True, 'raw': '05220000FDEA00000007000000000000000000000000000518C6'
         '130900C00002090007D5', 'name': 'IP Prefix Advertisement', 'rd': '65002:7', 'esi': '-',
         'ethernet-tag': 5, 'label': [[125, 2005]], 'ip': '198.19.9.0', 'iplen': 24,
         'gateway': '192.0.2.9'},
        extended_community=[_rt(7), {'value': 433192188180955138, 'string': ''}]),
    Own('frr', 'l2vpn evpn', 'network 198.19.9.0/24 rd 65002:7 ethtag 5 label 2005 '
        'esi 00:00:00:00:00:00:00:00:00:00 gwip 192.0.2.9 routermac 02:00:00:00:00:02',
        '::ffff:192.0.2.2',
        {'code': 5, 'parsed': True, 'raw': '05220000FDEA00000007000000000000000000000000000518C6'
         '13090000000000007D51', 'name': 'IP Prefix Advertisement', 'rd': '65002:7', 'esi': '-',
         'ethernet-tag': 5, 'label': [[2005, 32081]], 'ip': '198.19.9.0', 'iplen': 24,
         'gateway': '0.0.0.0'},
        extended_community=[{'value': 433192188180955138, 'string': ''}]),
)
