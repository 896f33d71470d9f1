/* UPDATE events, byte for byte. */
#include "bgp/message.h"
#include "case.h"
#include "lang/json.h"
#include "scene.h"

#define TWO                                                                                        \
	"000000224001010040020602010000fdea400304c00002018004040000000ac00804fdea0001180a0101180a" \
	"0102"
/* AS_PATH says two and has none */
#define TRUNCATED                                                                                  \
	"0000001040010100400202"                                                                   \
	"0202400304c0000201180a0101"

#define UPDATE(members) "\"message\": { \"update\": { " members " } }"

#define ATTRIBUTES_5                                                                               \
	"\"attribute\": { \"origin\": \"igp\", \"as-path\": {\"0\": {\"element\": \"as-"           \
	"sequence\", \"value\": [65"                                                               \
	"002]}}, \"med\": 10, \"community\": [ [ 65002, 1 ] ] }, "
#define ROUTES                                                                                     \
	"\"announce\": { \"ipv4 unicast\": { \"192.0.2.1\": [ { \"nlri\": \"10.1.1.0/24"           \
	"\" }, { \"nlri\": \"10."                                                                  \
	"1.2.0/24\" } ] } }"

Case(update, is_the_line_of_the_reference_in_5_0)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_UPDATE, TWO);

	e.wall = INT64_C(1795219574050000);
	e.counter = 17;
	SAYS(s, &e,
	    "{ \"exabgp\": \"5.0.0\", \"time\": 1795219574.05, \"host\" : \"vm\", \"pid\" :"
	    " 1921, \"ppid\" : 1736, "
	    "\"counter\": 17, \"type\": \"update\", \"neighbor\": { \"address\": { \"local\""
	    ": \"127.0.0.1\", \"peer\""
	    ": \"127.0.0.1\" }, \"asn\": { \"local\": 65001, \"peer\": 65002 }, \"router-id"
	    "\": \"10.0.0.2\" , \"di"
	    "rection\": \"receive\", \"message\": { \"update\": { \"attribute\": { \"origin"
	    "\": \"igp\", \"as-path\":"
	    " {\"0\": {\"element\": \"as-sequence\", \"value\": [65002]}}, \"med\": 10, \"c"
	    "ommunity\": [ [ 65002,"
	    " 1 ] ] }, \"announce\": { \"ipv4 unicast\": { \"192.0.2.1\": [ { \"nlri\": \"1"
	    "0.1.1.0/24\" }, { \"n"
	    "lri\": \"10.1.2.0/24\" } ] } } } } } }\n");
	scene_free(s);
}

Case(update, is_the_line_of_the_reference_in_4_2)
{
	struct scene *s = scene_new("4.2", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_UPDATE, TWO);

	tell_identity("vm", 1908, 1740);
	e.wall = INT64_C(1795219571400000);
	e.counter = 16;
	SAYS(s, &e,
	    "{ \"exabgp\": \"4.0.1\", \"time\": 1795219571.4, \"host\" : \"vm\", \"pid\" : "
	    "1908, \"ppid\" : 1740, \""
	    "counter\": 16, \"type\": \"update\", \"neighbor\": { \"address\": { \"local\":"
	    " \"127.0.0.1\", \"peer\":"
	    " \"127.0.0.1\" }, \"asn\": { \"local\": 65001, \"peer\": 65002 } , \"direction"
	    "\": \"receive\", \"mess"
	    "age\": { \"update\": { \"attribute\": { \"origin\": \"igp\", \"as-path\": [ 65"
	    "002 ], \"confederation"
	    "-path\": [], \"med\": 10, \"community\": [ [ 65002, 1 ] ] }, \"announce\": { \""
	    "ipv4 unicast\": { "
	    "\"192.0.2.1\": [ { \"nlri\": \"10.1.1.0/24\" }, { \"nlri\": \"10.1.2.0/24\" } "
	    "] } } } } } }\n");
	scene_free(s);
}

Case(update, of_6_0_ends_in_what_was_negotiated)
{
	struct scene *s = scene_new("6.0", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_UPDATE, TWO);

	CONTENT(s, &e,
	    ", \"direction\": \"receive\", \"message\": { \"update\": { " ATTRIBUTES_5 ROUTES
	    " } }, \"negotiated\": { \"message_size\": 4096, \"hold_time\": 60, \"asn4\": t"
	    "rue, \"multisession"
	    "\": false, \"operational\": true, \"refresh\": \"enhanced\", \"families\": [\""
	    "ipv4 unicast\", \"ipv6"
	    " unicast\"], \"nexthop\": [], \"add_path\": {\"send\": [], \"receive\": []} }  } }\n");
	scene_free(s);
}

Case(update, in_text_is_a_block_of_lines)
{
	struct scene *s = scene_new("5.0", TELL_TEXT);

	RECEIVED(s, MESSAGE_UPDATE, TWO,
	    "update start\n"
	    "neighbor 127.0.0.1 receive update announced 10.1.1.0/24 next-hop "
	    "192.0.2.1 origin igp as-path ( 65002 ) med 10 community 65002:1\n"
	    "neighbor 127.0.0.1 receive update announced 10.1.2.0/24 next-hop "
	    "192.0.2.1 origin igp as-path ( 65002 ) med 10 community 65002:1\n"
	    "neighbor 127.0.0.1 receive update end");
	scene_free(s);
}

Case(update, in_text_has_withdraws_first_or_last)
{
	/* withdraw 10.1.3.0/24, announce 10.1.1.0/24 */
	static const char both[] = "0004180a0103001440010100400206020100"
				   "00fdea400304c0000201180a0101";
	struct scene *s = scene_new("5.0", TELL_TEXT);
	struct event e;

	e = RECEIVED(s, MESSAGE_UPDATE, both,
	    "update start\n"
	    "neighbor 127.0.0.1 receive update withdrawn 10.1.3.0/24\n"
	    "neighbor 127.0.0.1 receive update announced 10.1.1.0/24 next-hop "
	    "192.0.2.1 origin igp as-path ( 65002 )\n"
	    "neighbor 127.0.0.1 receive update end");
	s->how.dialect = dialect_of(SLICE("6.0-v4"));
	SAYS(s, &e,
	    "neighbor 127.0.0.1 receive update start\nneighbor 127.0.0.1 receive update ann"
	    "ounced 10.1"
	    ".1.0/24 next-hop 192.0.2.1 origin igp as-path ( 65002 )\nneighbor 127.0.0.1 re"
	    "ceive updat"
	    "e withdrawn 10.1.3.0/24\nneighbor 127.0.0.1 receive update end\n\n");
	s->how.encoder = TELL_JSON;
	cr_expect(
	    strstr(scene_tell(s, &e),
		"\"value\": [65002]}}, \"next-hop\": \"192.0.2.1\" }, \"announce\": { \"ipv4 un"
		"icast\": { \"192.0.2."
		"1\": [ { \"nlri\": \"10.1.1.0/24\" } ] } }, \"withdraw\": { \"ipv4 unicast\": "
		"[ { \"nlri\": \"10.1.3"
		".0/24\" } ] } } }") != NULL,
	    "%s", text_chars(&s->out));
	s->how.dialect = &dialect_5_0;
	cr_expect(strstr(scene_tell(s, &e), "\"next-hop\"") == NULL, "%s", text_chars(&s->out));
	scene_free(s);
}

Case(update, consolidated_in_text_has_a_line_of_bytes_before_the_end)
{
	struct scene *s = scene_new("5.0", TELL_TEXT);
	struct event e;

	s->how.consolidate = true;
	s->how.packets = true;
	e = RECEIVED(s, MESSAGE_UPDATE, "0004180a01030000",
	    "update start\n"
	    "neighbor 127.0.0.1 receive update withdrawn 10.1.3.0/24\n"
	    " header 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF001B02 body 0x0004180A01030000\n"
	    "neighbor 127.0.0.1 receive update end");
	s->how.encoder = TELL_JSON;
	cr_expect(
	    strstr(scene_tell(s, &e),
		"\"type\": \"update\", \"header\": \"0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF001B02\""
		", \"body\": \"0x00041"
		"80A01030000\", \"neighbor\": {") != NULL,
	    "%s", text_chars(&s->out));
	scene_free(s);
}

Case(update, treated_as_withdraw_says_so)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e;

	e = RECEIVED(s, MESSAGE_UPDATE, TRUNCATED,
	    UPDATE("\"attribute\": { \"origin\": \"igp\", \"error\": \"treat-as-withdraw\" }, "
		   "\"withdraw\": { \"ipv4 unicast\": [ { \"nlri\": \"10.1.1.0/24\" } ] }"));
	s->how.dialect = dialect_of(SLICE("6.0"));
	cr_expect(strstr(scene_tell(s, &e), "\"error\"") == NULL, "%s", text_chars(&s->out));
	scene_free(s);
}

Case(update, end_of_rib_has_the_form_of_5_0_in_all_dialects)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e;
	const struct dialect *d;

	e = RECEIVED(s, MESSAGE_UPDATE, "00000000",
	    "\"message\": { \"eor\": { \"afi\" : \"ipv4\", \"safi\" : \"unicast\" } }");
	for (unsigned i = 0; (d = dialect_at(i)) != NULL; i++) {
		const char *eor = "\"message\": { \"eor\": { \"afi\" : \"ipv4\", \"safi\" : "
				  "\"unicast\" } }";

		s->how.dialect = d;
		cr_expect(strstr(scene_tell(s, &e), eor) != NULL, "%s", text_chars(&s->out));
	}
	s->how.dialect = &dialect_5_0;
	RECEIVED(s, MESSAGE_UPDATE, "00000006800f03000201",
	    "\"message\": { \"eor\": { \"afi\" : \"ipv6\", \"safi\" : \"unicast\" } }");
	s->how.encoder = TELL_TEXT;
	RECEIVED(s, MESSAGE_UPDATE, "00000006800f03000201",
	    "update start\n"
	    "neighbor 127.0.0.1 receive update route eor 2/1 (ipv6 unicast)\n"
	    "neighbor 127.0.0.1 receive update end");
	scene_free(s);
}

Case(update, of_nothing_is_an_empty_object)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_UPDATE, "0004180a01030000");
	struct update nothing = { 0 };

	e.update = &nothing;
	CONTENT(s, &e, ", \"direction\": \"receive\", \"message\": { \"update\": {  } } } }\n");
	scene_free(s);
}

Case(update, of_attributes_alone_has_only_them)
{
	struct scene *s = scene_new("5.0", TELL_JSON);

	RECEIVED(s, MESSAGE_UPDATE, "0000000440010100",
	    UPDATE("\"attribute\": { \"origin\": \"igp\" }"));
	scene_free(s);
}

Case(update, of_a_withdraw_has_no_attribute_member)
{
	struct scene *s = scene_new("5.0", TELL_JSON);

	RECEIVED(s, MESSAGE_UPDATE, "0000000b800f080002012020010db8",
	    UPDATE("\"withdraw\": { \"ipv6 unicast\": [ { \"nlri\": \"2001:db8::/32\" } ] }"));
	scene_free(s);
}

#define V6                                                                                         \
	"40010100400200"                                                                           \
	"800e"                                                                                     \
	"2a"                                                                                       \
	"000201"                                                                                   \
	"20"                                                                                       \
	"20010db8000000000000000000000001"                                                         \
	"fe800000000000000000000000000001"                                                         \
	"00"                                                                                       \
	"2020010db8"

Case(update, shows_the_global_address_of_a_pair)
{
	struct scene *s = scene_new("5.0", TELL_JSON);

	RECEIVED(s, MESSAGE_UPDATE, "00000034" V6,
	    UPDATE("\"attribute\": { \"origin\": \"igp\" }, \"announce\": { \"ipv6 unicast\": "
		   "{ \"2001:db8::1\": [ { \"nlri\": \"2001:db8::/32\" } ] } }"));
	scene_free(s);
}

Case(update, of_one_family_in_both_fields_has_one_key)
{
	/* NEXT_HOP 192.0.2.1 and MP_REACH of IPv4 unicast */
	static const char same[] =
	    "0000001e40010100400200400304c0000201800e0d00010104c000020100180a0901180a0101";
	static const char other[] =
	    "0000001e40010100400200400304c0000201800e0d00010104c000020200180a0901180a0101";
	struct scene *s = scene_new("5.0", TELL_JSON);

	RECEIVED(s, MESSAGE_UPDATE, same,
	    UPDATE("\"attribute\": { \"origin\": \"igp\" }, \"announce\": { \"ipv4 unicast\": "
		   "{ \"192.0.2.1\": [ { \"nlri\": \"10.1.1.0/24\" }, { \"nlri\": "
		   "\"10.9.1.0/24\" } ] } }"));
	RECEIVED(s, MESSAGE_UPDATE, other,
	    UPDATE("\"attribute\": { \"origin\": \"igp\" }, \"announce\": { \"ipv4 unicast\": "
		   "{ \"192.0.2.1\": [ { \"nlri\": \"10.1.1.0/24\" } ], \"192.0.2.2\": [ { "
		   "\"nlri\": \"10.9.1.0/24\" } ] } }"));
	scene_free(s);
}

Case(update, compact_has_bare_prefixes)
{
	struct scene *s = scene_new("5.0", TELL_JSON);

	s->how.compact = true;
	RECEIVED(s, MESSAGE_UPDATE, "0004180a01030000",
	    UPDATE("\"withdraw\": { \"ipv4 unicast\": [ \"10.1.3.0/24\" ] }"));
	scene_free(s);
}

Case(update, of_4_2_has_communities_as_they_came)
{
	struct scene *s = scene_new("4.2", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_UPDATE, "0000000f40010100c008080002000100010002");

	cr_assert(e.parsed);
	cr_expect(
	    strstr(scene_tell(s, &e), "[ [ 2, 1 ], [ 1, 2 ] ]") != NULL, "%s", text_chars(&s->out));
	s->how.dialect = &dialect_5_0;
	cr_expect(
	    strstr(scene_tell(s, &e), "[ [ 1, 2 ], [ 2, 1 ] ]") != NULL, "%s", text_chars(&s->out));
	scene_free(s);
}
