/* OPEN events: capabilities by code, by name and in words. */
#include "bgp/message.h"
#include "case.h"
#include "scene.h"

Case(open, received_open_shows_every_capability_by_code)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_OPEN,
	    "04fdea00b40a000009830206010400010001020601040002000102020200020e050c0001000100"
	    "0200010080"
	    "000202020600020c400ac078000101800002010002064104000f4240020e450c00010103000201"
	    "0200018001"
	    "02024600020a4908036162630364656602084b060545462f313102074c05000101000a02024d00"
	    "0203090103"
	    "0203c801010202b900");

	cr_assert(e.parsed);
	SAME_WORDS(s, &e,
	    ", \"direction\": \"receive\", \"open\": { \"version\": 4, \"asn\": 65002, \"ho"
	    "ld_time\": 180, \"route"
	    "r_id\": \"10.0.0.9\", \"capabilities\": { \"1\": { \"name\": \"multiprotocol\""
	    ", \"families\": [ \"ipv4"
	    "/unicast\", \"ipv6/unicast\" ] }, \"2\": { \"name\": \"route-refresh\", \"vari"
	    "ant\": \"RFC\" }, \"5\": "
	    "{ \"name\": \"nexthop\", \"conversion\": [ \"ipv4/unicast/ipv6\", \"ipv4/mpls-"
	    "vpn/ipv6\" ] }, \"6\":"
	    " { \"name\": \"extended-message\", \"size\": 65535 }, \"64\": { \"name\": \"gr"
	    "aceful restart\", \"tim"
	    "e\": 120, \"address-family-flags\": { \"ipv4/unicast\": [ \"restart\" ] , \"ip"
	    "v6/unicast\": [ ] }"
	    ", \"restart-flags\": [ \"forwarding\" ]  }, \"65\": { \"name\": \"asn4\", \"as"
	    "n4\": 1000000 }, \"69\":"
	    " { \"name\": \"addpath\", \"ipv4/unicast\": \"send/receive\",\"ipv6/unicast\":"
	    " \"send\",\"ipv4/mpls-v"
	    "pn\": \"receive\" }, \"70\": { \"name\": \"enhanced-route-refresh\" }, \"73\":"
	    " { \"host-name\": \"abc\""
	    ", \"domain-name\": \"def\" }, \"75\": { \"software\": \"EF/11\" }, \"76\": { \""
	    "name\": \"unknown\", \"iana\": \"unassigned\", \"value\": 76, \"raw\": "
	    "\"000101000A\" }, \"77\": { \"name\": \"unknown\", \"iana\": \"unassigned\", "
	    "\"value\": 77, \"raw\": \"\" }, \"9\": {"
	    " \"name\": \"unknown\", "
	    "\"iana\": \"unknown\", \"value\": 9, \"raw\": \"03\" }, \"200\": { \"name\": \""
	    "unknown\", \"iana\": \"reser"
	    "ved\", \"value\": 200, \"raw\": \"01\" }, \"185\": { \"name\": \"operational\""
	    " } } } } }\n");
	scene_free(s);
}

Case(open, graceful_restart_has_the_blanks_of_its_dialect)
{
	struct scene *s = scene_new("4.2", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_OPEN, "04fdea003c0a00000206020440028078");

	cr_expect(strstr(scene_tell(s, &e), "\"restart-flags\": [ \"forwarding\" ] } }") != NULL,
	    "%s", text_chars(&s->out));
	s->how.dialect = &dialect_5_0;
	cr_expect(strstr(scene_tell(s, &e), "\"restart-flags\": [ \"forwarding\" ]  } }") != NULL,
	    "%s", text_chars(&s->out));
	scene_free(s);
}

Case(open, sent_open_has_names_and_the_real_as)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e =
	    scene_message(s, MESSAGE_OPEN, "045ba0003c0a00000210020601040001000102064104000f4240");

	cr_assert(e.parsed);
	e.direction = EVENT_SEND;
	CONTENT(s, &e,
	    ", \"direction\": \"send\", \"open\": { \"version\": 4, \"asn\": 1000000, \"hol"
	    "d_time\": 60, \"router_"
	    "id\": \"10.0.0.2\", \"capabilities\": { \"multiprotocol\": { \"name\": \"multi"
	    "protocol\", \"families"
	    "\": [ \"ipv4/unicast\" ] }, \"asn4\": { \"name\": \"asn4\", \"asn4\": 1000000 "
	    "} } } } }\n");
	s->how.dialect = dialect_of(SLICE("6.0"));
	cr_expect(strstr(scene_tell(s, &e), "\"asn\": 23456,") != NULL, "%s", text_chars(&s->out));
	scene_free(s);
}

Case(open, sent_capability_has_its_code_where_the_dialect_has_no_name_for_it)
{
	struct scene *s = scene_new("4.2", TELL_JSON);
	struct event e =
	    scene_message(s, MESSAGE_OPEN, "04fde9003c0a0000020c020a49060261620263644d00");

	cr_assert(e.parsed);
	e.direction = EVENT_SEND;
	cr_expect(strstr(scene_tell(s, &e), "{ \"73\": { \"name\": \"unknown\"") != NULL, "%s",
	    text_chars(&s->out));
	cr_expect(strstr(text_chars(&s->out), "\"77\": { \"name\": \"unknown\"") != NULL);
	s->how.dialect = dialect_of(SLICE("6.0"));
	cr_expect(strstr(scene_tell(s, &e), "{ \"hostname\": { \"host-name\": \"ab\"") != NULL,
	    "%s", text_chars(&s->out));
	cr_expect(strstr(text_chars(&s->out), "\"link-local-nexthop\": {") != NULL);
	scene_free(s);
}

Case(open, open_in_text_lists_capabilities_by_code)
{
	struct scene *s = scene_new("5.0", TELL_TEXT);
	struct event e = scene_message(s, MESSAGE_OPEN,
	    "04fdea003c0a000009210206010400010001020641040000fdea02020200020206000202460002"
	    "03640103");

	cr_assert(e.parsed);
	SAYS(s, &e,
	    "neighbor 127.0.0.1 receive open version 4 asn 65002 hold_time 60 router_id 10."
	    "0.0.9 capa"
	    "bilities [multiprotocol(ipv4 unicast), route refresh, extended message(65535),"
	    " asn4(6500"
	    "2), enhanced route refresh, unassigned 100]"
	    "\n\n");
	scene_free(s);
}
