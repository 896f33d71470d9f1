/* Events of a session's life, byte for byte. */
#include "bgp/message.h"
#include "case.h"
#include "scene.h"

#define HEAD(version, time, counter, type)                                                         \
	"{ \"exabgp\": \"" version "\", \"time\": " time                                           \
	", \"host\" : \"vm\", \"pid\" : 1921, \"ppid\" : 1736, \"counter\": " counter              \
	", \"type\": \"" type "\", "
#define WHO                                                                                        \
	"\"neighbor\": { \"address\": { \"local\": \"127.0.0.1\", \"peer\": \"127.0.0.1\" }, "     \
	"\"asn\": { \"local\": 65001, \"peer\": 65002 }, \"router-id\": \"10.0.0.2\" "
#define KEEPALIVE "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF001304"

static struct event
state(const struct scene *s, const char *name, const char *reason)
{
	struct event e = scene_event(s, EVENT_STATE);

	e.state.name = name;
	e.state.reason = slice_on(reason);
	return e;
}

Case(tell, state_is_the_line_of_the_reference)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = state(s, "connected", "");

	SAYS(s, &e,
	    "{ \"exabgp\": \"5.0.0\", \"time\": 1795219573.36, \"host\" : \"vm\", \"pid\" :"
	    " 1921, \"ppid\" : 1736, "
	    "\"counter\": 3, \"type\": \"state\", \"neighbor\": { \"address\": { \"local\":"
	    " \"127.0.0.1\", \"peer\": "
	    "\"127.0.0.1\" }, \"asn\": { \"local\": 65001, \"peer\": 65002 }, \"router-id\""
	    ": \"10.0.0.2\" , \"stat"
	    "e\": \"connected\" } }\n");
	e = state(s, "down", "notification sent (6,2)");
	CONTENT(s, &e, ", \"state\": \"down\", \"reason\": \"notification sent (6,2)\" } }\n");
	scene_free(s);
}

#define DOWN_4_2                                                                                   \
	"{ \"exabgp\": \"4.0.1\", \"time\": 1795219573.36, \"host\" : \"vm\", "                    \
	"\"pid\" : 1921, \"ppid\" : 1736, \"counter\": 3, \"type\": \"state\", "                   \
	"\"neighbor\": { \"address\": { \"local\": \"127.0.0.1\", \"peer\": \"127.0.0.1\" }, "     \
	"\"asn\": { \"local\": 65001, \"peer\": 65002 } , \"state\": \"down\", "                   \
	"\"reason\": \"peer reset, message ("

Case(tell, state_of_4_2_has_no_router_id_and_wraps_the_reason)
{
	struct scene *s = scene_new("4.2", TELL_JSON);
	struct event e = state(s, "down", "a sentence [removed]");

	SAYS(s, &e, DOWN_4_2 "a sentence (removed)) error()\" } }\n");
	scene_free(s);
}

Case(tell, a_4_2_does_not_wrap_an_end_that_was_wanted)
{
	static const char gently[] =
	    "graceful restarted negotiated, closing without sending any notification";
	struct notification said = { 6, 2, SLICE("\x04gone") };
	struct scene *s = scene_new("4.2", TELL_JSON);
	struct event e = state(s, "down", "stop, message [removed]");

	e.state.said = &said;
	cr_expect(strstr(scene_tell(s, &e), "\"reason\": \"stop, message (removed)\"") != NULL,
	    "%s", text_chars(&s->out));
	s->how.encoder = TELL_TEXT;
	SAYS(s, &e, "neighbor 127.0.0.1 down - stop, message [removed]\n\n");
	e = state(s, "down", gently);
	cr_expect(strstr(scene_tell(s, &e), "down - graceful") != NULL, "%s", text_chars(&s->out));
	scene_free(s);
}

Case(tell, a_4_2_says_who_closed_and_what_a_cease_says)
{
	struct notification said = { 6, 4, SLICE("\5again") };
	struct scene *s = scene_new("4.2", TELL_TEXT);
	struct event e = state(s, "down", "closing connection");

	SAYS(s, &e,
	    "neighbor 127.0.0.1 down - peer reset, message [closing connection] error[the TCP "
	    "connection was closed by the remote end]\n\n");
	e = state(s, "down", "notification received (6,4)");
	e.state.said = &said;
	SAYS(s, &e,
	    "neighbor 127.0.0.1 down - peer reset, message [notification received (6,4)] "
	    "error[Cease / Administrative Reset / again]\n\n");
	scene_free(s);
}

Case(tell, a_4_2_says_what_the_peer_was_told)
{
	struct notification said = { 3, 10, SLICE("bad [1]") };
	struct scene *s = scene_new("4.2", TELL_TEXT);
	struct event e = state(s, "down", "notification sent (3,10)");

	e.state.said = &said;
	SAYS(s, &e,
	    "neighbor 127.0.0.1 down - peer reset, message [notification sent (3,10)] "
	    "error[UPDATE message error / Invalid Network Field / bad [1]]\n\n");
	scene_free(s);
	s = scene_new("4.2", TELL_JSON);
	e = state(s, "down", "notification sent (3,10)");
	e.state.said = &said;
	SAYS(s, &e,
	    DOWN_4_2 "notification sent (3,10)) "
		     "error(UPDATE message error / Invalid Network Field / bad (1))\" } }\n");
	scene_free(s);
}

Case(tell, text_of_states_ends_in_an_empty_line)
{
	struct scene *s = scene_new("5.0", TELL_TEXT);
	struct event e = state(s, "up", "");

	SAYS(s, &e, "neighbor 127.0.0.1 up\n\n");
	e = state(s, "down", "closing\nconnection");
	SAYS(s, &e, "neighbor 127.0.0.1 down - closing\\nconnection\n\n");
	scene_free(s);
}

Case(tell, peers_are_not_mixed_up)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct text t = { 0 };

	for (unsigned round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 2000; i++) {
			struct event e = state(s, "up", "");

			s->peer.peer = addr_v4_of(0x0a000000 + i % 1000 * 7);
			s->peer.peer_as = i;
			text_clear(&t);
			text_string(&t, "\"peer\": \"");
			addr_print(&t, &s->peer.peer);
			text_format(&t, "\" }, \"asn\": { \"local\": 65001, \"peer\": %u }", i);
			cr_assert(strstr(scene_tell(s, &e), text_chars(&t)) != NULL, "%s",
			    text_chars(&s->out));
		}
	text_free(&t);
	scene_free(s);
}

Case(tell, time_is_written_as_a_float_is)
{
	static const struct {
		usec wall;
		const char *shown;
	} rows[] = {
		{ 0, "\"time\": 0.0," },
		{ 1000000, "\"time\": 1.0," },
		{ INT64_C(1795219573360000), "\"time\": 1795219573.36," },
		{ INT64_C(1795219614344633), "\"time\": 1795219614.344633," },
		{ INT64_C(1795219614000001), "\"time\": 1795219614.000001," },
		{ INT64_C(1795219614100000), "\"time\": 1795219614.1," },
	};
	struct scene *s = scene_new("5.0", TELL_JSON);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct event e = state(s, "up", "");
		const char *got;

		e.wall = rows[i].wall;
		got = scene_tell(s, &e);
		cr_expect(strstr(got, rows[i].shown) != NULL, "%s not in %s", rows[i].shown, got);
	}
	scene_free(s);
}

Case(tell, fsm_and_signal_are_told_in_json_only)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event fsm = scene_event(s, EVENT_FSM);
	struct event signal = scene_event(s, EVENT_SIGNAL);

	fsm.state.name = "OPENSENT";
	signal.signal.number = 15;
	signal.signal.name = "SIGTERM";
	CONTENT(s, &fsm, ", \"state\": \"OPENSENT\" } }\n");
	CONTENT(s, &signal, ", \"code\": \"15\", \"name\": \"SIGTERM\" } }\n");
	cr_expect(tell_count(&fsm, &s->how) == 1);
	s->how.encoder = TELL_TEXT;
	SAYS(s, &fsm, "");
	SAYS(s, &signal, "");
	cr_expect(tell_count(&fsm, &s->how) == 0);
	scene_free(s);
}

Case(tell, shutdown_has_neither_neighbor_nor_counter)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = { .kind = EVENT_SHUTDOWN, .wall = INT64_C(1795219614344633) };

	SAYS(s, &e,
	    "{ \"exabgp\": \"5.0.0\", \"time\": 1795219614.344633, \"host\" : \"vm\", \"pid"
	    "\" : 1921, \"ppid\" : 17"
	    "36, \"type\": \"notification\", \"notification\": \"shutdown\" }\n");
	s->how.encoder = TELL_TEXT;
	SAYS(s, &e, "shutdown 1921 1736\n\n");
	cr_expect(tell_count(&e, &s->how) == 0);
	scene_free(s);
}

Case(tell, lost_events_are_counted_and_numbered)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = {
		.kind = EVENT_GAP,
		.wall = INT64_C(1795219614344633),
		.gap = { 3, 7, 9, "drop-oldest" },
	};

	SAYS(s, &e,
	    "{ \"exabgp\": \"5.0.0\", \"time\": 1795219614.344633, \"host\" : \"vm\", \"pid"
	    "\" : 1921, \"ppid\" : 1736, \"type\": \"dropped\", \"dropped\": { \"count\": 3, "
	    "\"first\": 7, \"last\": 9, \"by\": \"drop-oldest\" } }\n");
	s->how.encoder = TELL_TEXT;
	SAYS(s, &e, "dropped count 3 first 7 last 9 by drop-oldest\n\n");
	cr_expect(tell_count(&e, &s->how) == 0, "no peer's number");
	scene_free(s);
}

Case(tell, backpressure_is_told_by_whom)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_event(s, EVENT_BACKPRESSURE);

	e.pressure.on = true;
	e.pressure.by = "slow";
	CONTENT(s, &e, ", \"backpressure\": { \"state\": \"held\", \"by\": \"slow\" } } }\n");
	s->how.encoder = TELL_TEXT;
	e.pressure.on = false;
	SAYS(s, &e, "neighbor 127.0.0.1 backpressure released by slow\n\n");
	scene_free(s);
}

Case(tell, negotiated_is_the_block_of_the_reference)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_event(s, EVENT_NEGOTIATED);

	CONTENT(s, &e,
	    ", \"negotiated\": { \"message_size\": 4096, \"hold_time\": 60, \"asn4\": true,"
	    " \"multisession\": f"
	    "alse, \"operational\": true, \"refresh\": \"enhanced\", \"families\": [\"ipv4 "
	    "unicast\", \"ipv6 uni"
	    "cast\"], \"nexthop\": [], \"add_path\": {\"send\": [], \"receive\": []} }  } }\n");
	family_add(&s->session.next_hop_v6, family_of(1, 1));
	family_add(&s->session.path_ids_in, family_of(2, 1));
	s->session.refresh = REFRESH_NORMAL;
	CONTENT(s, &e,
	    ", \"negotiated\": { \"message_size\": 4096, \"hold_time\": 60, \"asn4\": true,"
	    " \"multisession\": f"
	    "alse, \"operational\": true, \"refresh\": \"normal\", \"families\": [\"ipv4 un"
	    "icast\", \"ipv6 unica"
	    "st\"], \"nexthop\": [\"ipv4 unicast ipv6\"], \"add_path\": {\"send\": [], \"re"
	    "ceive\": [\"ipv6 unica"
	    "st\"]} }  } }\n");
	s->how.dialect = dialect_of(SLICE("4.2"));
	cr_expect(
	    strstr(scene_tell(s, &e),
		"\"families\": [ \"ipv4 unicast\" ,\"ipv6 unicast\" ], \"nexthop\": [ \"ipv4 un"
		"icast ipv6\" ], \"add"
		"_path\": { \"send\": [  ], \"receive\": [ \"ipv6 unicast\" ] } }  } }\n") != NULL,
	    "%s", text_chars(&s->out));
	scene_free(s);
}

Case(tell, keepalive_has_two_blanks_where_content_would_be)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_KEEPALIVE, "");

	CONTENT(s, &e, ", \"direction\": \"receive\"  } }\n");
	e.direction = EVENT_SEND;
	CONTENT(s, &e, ", \"direction\": \"send\"  } }\n");
	s->how.encoder = TELL_TEXT;
	SAYS(s, &e, "neighbor 127.0.0.1 send keepalive\n\n");
	scene_free(s);
}

Case(tell, consolidated_keepalive_has_its_header_and_no_body)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_KEEPALIVE, "");

	s->how.consolidate = true;
	s->how.packets = true;
	SAYS(s, &e,
	    HEAD("5.0.0", "1795219573.36", "3", "keepalive") "\"header\": \"" KEEPALIVE "\", " WHO
							     ", \"direction\": \"receive\"  } }\n");
	cr_expect(tell_count(&e, &s->how) == 1);
	s->how.encoder = TELL_TEXT;
	SAYS(s, &e, "neighbor 127.0.0.1 receive keepalive header " KEEPALIVE "\n\n");
	scene_free(s);
}

Case(tell, notification_shows_text_and_bytes)
{
	struct scene *s = scene_new("5.0", TELL_JSON);

	RECEIVED(s, MESSAGE_NOTIFICATION, "0104010203",
	    "\"notification\": { \"code\": 1, \"subcode\": 4, \"data\": \"0x010203\", "
	    "\"message\": \"\\u0001\\u0002\\u0003\" }");
	RECEIVED(s, MESSAGE_NOTIFICATION, "0602056279652121",
	    "\"notification\": { \"code\": 6, \"subcode\": 2, \"data\": "
	    "\"0x53687574646F776E20436F6D6D756E69636174696F6E3A2022627965212122\", "
	    "\"message\": \"Shutdown Communication: \\\"bye!!\\\"\" }");
	RECEIVED(s, MESSAGE_NOTIFICATION, "0400",
	    "\"notification\": { \"code\": 4, \"subcode\": 0, \"data\": \"0x\", "
	    "\"message\": \"\" }");
	s->how.encoder = TELL_TEXT;
	RECEIVED(
	    s, MESSAGE_NOTIFICATION, "0104010203", "notification code 1 subcode 4 data 0x010203");
	scene_free(s);
}

Case(tell, notification_of_4_2_has_no_message)
{
	struct scene *s = scene_new("4.2", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_NOTIFICATION, "0104010203");

	cr_expect(strstr(scene_tell(s, &e), "\"data\": \"0x010203\" }  } }\n") != NULL, "%s",
	    text_chars(&s->out));
	scene_free(s);
}

Case(tell, sent_notification_shows_what_goes_out)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_NOTIFICATION, "0602026f6b");

	e.direction = EVENT_SEND;
	CONTENT(s, &e,
	    ", \"direction\": \"send\", \"notification\": { \"code\": 6, \"subcode\": 2, \""
	    "data\": \"0x026F6B\", \"m"
	    "essage\": \"\\u0002ok\" } } }\n");
	scene_free(s);
}

Case(tell, refresh_names_families_and_kinds)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e;

	e = RECEIVED(s, MESSAGE_REFRESH, "00010001",
	    "\"route-refresh\": { \"afi\": \"ipv4\", \"safi\": \"unicast\", "
	    "\"subtype\": \"query\" }");
	cr_expect(strstr(scene_tell(s, &e), "\"type\": \"refresh\"") != NULL);
	RECEIVED(s, MESSAGE_REFRESH, "7ffe01fd",
	    "\"route-refresh\": { \"afi\": \"32766\", \"safi\": \"253\", \"subtype\": "
	    "\"begin\" }");
	s->how.encoder = TELL_TEXT;
	RECEIVED(s, MESSAGE_REFRESH, "00020201", "route-refresh afi ipv6 safi unicast end");
	scene_free(s);
}

Case(tell, operational_is_read_from_its_body)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e;

	RECEIVED(s, MESSAGE_OPERATIONAL, "0002000800010168656c6c6f",
	    "\"operational\": { \"name\": \"ASM\", \"afi\": \"ipv4\", \"safi\": "
	    "\"unicast\", \"advisory\": \"hello\" }");
	RECEIVED(s, MESSAGE_OPERATIONAL, "0004000f0001010a0000090000000700000064",
	    "\"operational\": { \"name\": \"RPCP\", \"afi\": \"ipv4\", \"safi\": "
	    "\"unicast\", \"router-id\": \"10.0.0.9\", \"sequence\": 7, \"counter\": "
	    "100 }");
	RECEIVED(s, MESSAGE_OPERATIONAL, "0063000201ab",
	    "\"operational\": { \"name\": \"unknown\", \"type\": "
	    "\"operational-type-99\", \"data\": \"0x01AB\" }");
	e = scene_message(s, MESSAGE_OPERATIONAL, "0002000900010168656c6c6f");
	SAYS(s, &e, "");
	cr_expect(tell_count(&e, &s->how) == 0);
	s->how.encoder = TELL_TEXT;
	RECEIVED(s, MESSAGE_OPERATIONAL, "0002000700010161220a62",
	    "operational ASM afi ipv4 safi unicast advisory \"a\\\"\\nb\"");
	scene_free(s);
}

Case(tell, packets_come_before_what_they_mean)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_KEEPALIVE, "");

	s->how.packets = true;
	SAYS(s, &e,
	    HEAD("5.0.0", "1795219573.36", "3", "keepalive") WHO
	    ", \"direction\": \"receive\", \"message\": { \"category\": 4, \"header\": \"" KEEPALIVE
	    "\", \"body\": \"0x\" }  } }\n" HEAD("5.0.0", "1795219573.36", "4", "keepalive") WHO
	    ", \"direction\": \"receive\"  } }\n");
	cr_expect(tell_count(&e, &s->how) == 2);
	s->how.parsed = false;
	s->how.encoder = TELL_TEXT;
	SAYS(s, &e, "neighbor 127.0.0.1 receive 4 header " KEEPALIVE "\n\n");
	e = scene_message(s, MESSAGE_REFRESH, "00010001");
	s->how.encoder = TELL_JSON;
	cr_expect(strstr(scene_tell(s, &e), "\"type\": \"route-refresh\"") != NULL, "%s",
	    text_chars(&s->out));
	scene_free(s);
}

Case(tell, bytes_of_4_2_go_with_consolidate_alone_and_refreshes_have_a_blank)
{
	struct scene *s = scene_new("4.2", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_KEEPALIVE, "");

	s->how.parsed = false;
	s->how.consolidate = true;
	cr_expect(strstr(scene_tell(s, &e), "\"header\": \"" KEEPALIVE "\"") != NULL, "%s",
	    text_chars(&s->out));
	s->how.consolidate = false;
	s->how.packets = true;
	e = scene_message(s, MESSAGE_REFRESH, "00010001");
	cr_expect(strstr(scene_tell(s, &e), "\"type\": \"route refresh\"") != NULL, "%s",
	    text_chars(&s->out));
	scene_free(s);
}

Case(tell, packets_of_6_0_always_say_what_was_negotiated)
{
	struct scene *s = scene_new("6.0", TELL_JSON);
	struct event e = scene_message(s, MESSAGE_KEEPALIVE, "");

	s->how.packets = true;
	s->how.parsed = false;
	e.session = NULL;
	CONTENT(s, &e,
	    ", \"direction\": \"receive\", \"message\": { \"category\": 4, \"header\": \"" KEEPALIVE
	    "\", \"body\": \"0x\" } , \"negotiated\": { \"message_size\": 4096, \"hold_time"
	    "\": 0, \"asn4\": false,"
	    " \"multisession\": false, \"operational\": false, \"refresh\": \"absent\", \"f"
	    "amilies\": [], \"next"
	    "hop\": [], \"add_path\": {\"send\": [], \"receive\": []} }  } }\n");
	scene_free(s);
}

Case(tell, a_message_of_no_known_type_has_its_raw_form_only)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_message(s, 255, "00");

	SAYS(s, &e, "");
	s->how.consolidate = true;
	s->how.packets = true;
	cr_expect(tell_count(&e, &s->how) == 1);
	cr_expect(strstr(scene_tell(s, &e), "\"type\": \"unknown\"") != NULL);
	scene_free(s);
}
