/* Answers of show and help, byte for byte. */
#include "api/show.h"
#include "base/arena.h"
#include "case.h"
#include "lang/json.h"

static struct show_peer
peer_up(void)
{
	struct show_peer p = { .name = "neighbor 127.0.0.1 local-ip 127.0.0.1",
		.up = true,
		.duration = 5,
		.fsm = "ESTABLISHED",
		.sent = { 1, 0, 1, 4, 0 },
		.received = { 1, 0, 1, 1, 0 },
		.prefixes_received = 2 };
	struct caps ours = {
		.asn4 = true, .route_refresh = true, .operational = true, .extended_message = true
	};
	struct caps theirs = { .asn4 = true, .route_refresh = true, .operational = true };

	family_list_add(&p.families, family_of(1, 1));
	family_list_add(&ours.families, family_of(1, 1));
	family_list_add(&theirs.families, family_of(1, 1));
	show_side_caps(&p.local, &ours);
	show_side_caps(&p.peer, &theirs);
	p.agreed = family_list_set(&p.families);
	p.local.known = true;
	p.peer.known = true;
	p.local.address = addr_v4_of(0x7f000001);
	p.peer.address = addr_v4_of(0x7f000001);
	p.local.as = 65001;
	p.peer.as = 65002;
	p.local.router_id = 0x0a000002;
	p.peer.router_id = 0x0a000009;
	p.local.hold_time = 60;
	p.peer.hold_time = 60;
	return p;
}

static struct show_peer
peer_down(void)
{
	struct show_peer p = peer_up();

	p.up = false;
	p.fsm = "IDLE";
	p.peer = (struct show_side){ .address = addr_v4_of(0xc000024d), .as = 65009 };
	p.agreed = (struct family_set){ 0 };
	p.sent = (struct show_messages){ 0 };
	p.received = (struct show_messages){ 0 };
	return p;
}

#define EXPECT(got, want)                                                                          \
	cr_expect(                                                                                 \
	    strcmp(text_chars(&(got)), want) == 0, "got\n%s\nwant\n%s", text_chars(&(got)), want)

Case(show, dialects_are_found_by_their_word)
{
	const struct dialect *d;
	unsigned n = 0;

	for (; (d = dialect_at(n)) != NULL; n++)
		cr_expect(dialect_of(slice_on(d->word)) == d);
	cr_expect(n == 4);
	cr_expect(dialect_of(SLICE("5.0")) == &dialect_5_0);
	cr_expect(dialect_of(SLICE("5")) == NULL);
	cr_expect(dialect_of(SLICE("")) == NULL);
}

Case(show, summary_is_the_table_of_the_reference)
{
	struct show_peer up = peer_up();
	struct show_peer down = peer_down();
	struct text t = { 0 };

	show_summary_head(&dialect_5_0, &t);
	cr_expect(show_summary_row(&dialect_5_0, &up, &t));
	cr_expect(show_summary_row(&dialect_5_0, &down, &t));
	EXPECT(t,
	    "Peer            AS        up/down state       |     #sent     #recvd\n"
	    "127.0.0.1       65002     0:00:05 established           4          1\n"
	    "192.0.2.77      65009        down idle                  0          0\n");
	text_clear(&t);
	show_summary_head(dialect_of(SLICE("6.0")), &t);
	show_summary_row(dialect_of(SLICE("6.0")), &up, &t);
	EXPECT(t,
	    "Peer            AS        up/down state       |     #sent     #recvd    #pfx_in\n"
	    "127.0.0.1       65002     0:00:05 established           4          1          2\n");
	text_clear(&t);
	cr_expect(!show_summary_row(dialect_of(SLICE("4.2")), &down, &t));
	up.peer.as = 0;
	up.duration = 2 * 86400 + 3661;
	show_summary_row(&dialect_5_0, &up, &t);
	EXPECT(t, "127.0.0.1       auto    2 days, 1:01:01 established           4          1\n");
	text_free(&t);
}

static const char extensive[] =
    "Neighbor 127.0.0.1\n"
    "\n"
    "    Session                       Local\n"
    "   local                      127.0.0.1                                \n"
    "   state                    ESTABLISHED                                \n"
    "   up for                       0:00:05                                \n"
    "\n"
    "    Setup                         Local          Remote\n"
    "   AS                             65001           65002                \n"
    "   ID                          10.0.0.2        10.0.0.9                \n"
    "   hold-time                         60              60                \n"
    "\n"
    "    Capability                    Local          Remote\n"
    "   asn4:                        enabled         enabled                \n"
    "   route-refresh:               enabled         enabled                \n"
    "   multi-session:              disabled        disabled                \n"
    "   operational:                 enabled         enabled                \n"
    "   add-path:                   disabled        disabled                \n"
    "   extended-message:            enabled        disabled                \n"
    "   graceful-restart:           disabled        disabled                \n"
    "\n"
    "    Families                      Local          Remote        Add-Path\n"
    "   ipv4 unicast:                enabled         enabled disabled       \n"
    "\n"
    "    Message Statistic              Sent        Received\n"
    "   open:                              1               1                \n"
    "   notification:                      0               0                \n"
    "   keepalive:                         1               1                \n"
    "   update:                            4               1                \n"
    "   refresh:                           0               0                \n"
    "   total:                             6               3                \n"
    "\n";

Case(show, extensive_is_the_table_of_the_reference)
{
	struct show_peer p = peer_up();
	struct text t = { 0 };

	show_extensive(&dialect_5_0, &p, &t);
	EXPECT(t, extensive);
	text_free(&t);
}

/* As Debian's 4.2.21 prints it, but for the peer's ID, where it has ours. */
static const char extensive_4[] =
    "Neighbor 127.0.0.1\n"
    "\n"
    "  Session                         Local\n"
    "   local                      127.0.0.1                                \n"
    "   state                    ESTABLISHED                                \n"
    "   up for                       0:00:05                                \n"
    "\n"
    "  Setup                           Local          Remote\n"
    "   AS                             65001           65002                \n"
    "   ID                          10.0.0.2        10.0.0.9                \n"
    "   hold-time                         60              60                \n"
    "\n"
    "  Capability                      Local          Remote\n"
    "   asn4:                        enabled         enabled                \n"
    "   route-refresh:               enabled         enabled                \n"
    "   multi-session:              disabled        disabled                \n"
    "   operational:                 enabled         enabled                \n"
    "   add-path:                   disabled        disabled                \n"
    "   extended-message:            enabled        disabled                \n"
    "   graceful-restart:           disabled        disabled                \n"
    "\n"
    "  Families                        Local          Remote        Add-Path\n"
    "   ipv4 unicast:                enabled         enabled        disabled\n"
    "\n"
    "  Message Statistic                Sent        Received\n"
    "   open:                              1               1                \n"
    "   notification:                      0               0                \n"
    "   keepalive:                         1               1                \n"
    "   update:                            4               1                \n"
    "   refresh:                           0               0                \n"
    "   total:                             6               3                \n"
    "\n";

Case(show, extensive_of_4_2_is_that_of_4_2)
{
	struct show_peer p = peer_up();
	struct text t = { 0 };

	show_extensive(dialect_of(SLICE("4.2")), &p, &t);
	EXPECT(t, extensive_4);
	text_free(&t);
}

static const char extensive_6[] =
    "Neighbor 127.0.0.1\n"
    "    Session                        Local\n"
    "    local                      127.0.0.1                                \n"
    "    state                           IDLE                                \n"
    "    down for                     0:00:05                                \n"
    "    Setup                          Local          Remote\n"
    "    AS                             65001           65009                \n"
    "    ID                          10.0.0.2             n/a                \n"
    "    hold-time                         60             n/a                \n"
    "    Capability                     Local          Remote\n"
    "    asn4:                        enabled             n/a                \n"
    "    route-refresh:               enabled             n/a                \n"
    "    multi-session:              disabled             n/a                \n"
    "    operational:                 enabled             n/a                \n"
    "    add-path:                   disabled             n/a                \n"
    "    extended-message:            enabled             n/a                \n"
    "    graceful-restart:           disabled             n/a                \n"
    "    Families                       Local          Remote        Add-Path\n"
    "    ipv4 unicast:                enabled             n/a disabled       \n"
    "    Message Statistic               Sent        Received\n"
    "    open:                              0               0                \n"
    "    notification:                      0               0                \n"
    "    keepalive:                         0               0                \n"
    "    update:                            0               0                \n"
    "    refresh:                           0               0                \n"
    "    total:                             0               0                \n"
    "    Prefix Statistic            Received\n"
    "    received:                          2                                \n"
    "    withdrawn:                         0                                \n"
    "\n";

Case(show, extensive_of_6_0_has_no_gaps_and_counts_prefixes)
{
	struct show_peer p = peer_down();
	struct text t = { 0 };

	p.peer.address = p.local.address;
	show_extensive(dialect_of(SLICE("6.0")), &p, &t);
	EXPECT(t, extensive_6);
	text_free(&t);
}

Case(show, extensive_tells_add_path_in_the_words_of_the_dialect)
{
	static const struct {
		const char *dialect;
		bool out, in, known;
		const char *line;
	} rows[] = {
		{ "4.2", true, true, true, "enabled         enabled         enabled\n" },
		{ "4.2", true, false, true, "enabled         enabled            send\n" },
		{ "4.2", false, true, true, "enabled         enabled         receive\n" },
		{ "4.2", false, false, false, "enabled             n/a             n/a\n" },
		{ "5.0", true, true, true, "enabled         enabled send/receive   \n" },
		{ "5.0", false, false, false, "enabled             n/a n/a            \n" },
		{ "6.0", true, false, true, "enabled         enabled send           \n" },
	};
	const struct family *f = family_of(1, 1);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct show_peer p = peer_up();
		struct text t = { 0 };

		p.local.addpath[f->id] = ADDPATH_BOTH;
		p.peer.known = rows[i].known;
		if (rows[i].out)
			family_add(&p.addpath_out, f);
		if (rows[i].in)
			family_add(&p.addpath_in, f);
		show_extensive(dialect_of(slice_on(rows[i].dialect)), &p, &t);
		cr_expect(strstr(text_chars(&t), rows[i].line) != NULL, "%s %zu:\n%s",
		    rows[i].dialect, i, text_chars(&t));
		text_free(&t);
	}
}

Case(show, extensive_of_a_peer_that_is_down_knows_what_it_does_not_know)
{
	struct show_peer p = peer_down();
	struct text t = { 0 };

	show_extensive(&dialect_5_0, &p, &t);
	cr_expect(strstr(text_chars(&t), "   down for ") != NULL);
	cr_expect(
	    strstr(text_chars(&t),
		"   ID                          10.0.0.2             n/a                \n") !=
	    NULL);
	cr_expect(strstr(text_chars(&t),
		      "   ipv4 unicast:                enabled             n/a "
		      "disabled       \n") != NULL);
	text_free(&t);
}

static void
expect_json(const char *line)
{
	struct arena a = { 0 };
	struct text why = { 0 };

	cr_expect(json_read(slice_on(line), &a, &why) != NULL, "%s: %s", text_chars(&why), line);
	for (const char *c = line; *c != '\0'; c++)
		cr_assert((*c >= ' ' && *c < 127) || (*c == '\n' && c[1] == '\0'));
	text_free(&why);
	arena_free(&a);
}

Case(show, json_has_the_keys_of_the_reference_in_order)
{
	struct show_peer p = peer_up();
	struct show_peer down = peer_down();
	struct text t = { 0 };

	show_neighbor_json(&dialect_5_0, &p, &t);
	EXPECT(t,
	    "{\"state\": \"up\", \"duration\": 5, \"fsm\": \"ESTABLISHED\", \"local\": "
	    "{\"capabilities\": {\"asn4\": true, \"route-refresh\": true, "
	    "\"multi-session\": false, "
	    "\"operational\": true, \"add-path\": false, \"extended-message\": true, "
	    "\"graceful-restart\": false}, \"families\": {\"ipv4 unicast\": true}, \"add-path\": "
	    "{\"ipv4 unicast\": false}, \"address\": \"127.0.0.1\", \"as\": 65001, \"id\": "
	    "\"10.0.0.2\", \"hold\": 60}, \"peer\": {\"capabilities\": {\"asn4\": true, "
	    "\"route-refresh\": true, \"multi-session\": false, \"operational\": true, "
	    "\"add-path\": false, \"extended-message\": false, \"graceful-restart\": false}, "
	    "\"families\": {\"ipv4 unicast\": true}, \"add-path\": {\"ipv4 unicast\": false}, "
	    "\"address\": \"127.0.0.1\", \"as\": 65002, \"id\": \"10.0.0.9\", \"hold\": 60}, "
	    "\"messages\": {\"sent\": {\"open\": 1, \"notification\": 0, \"keepalive\": 1, "
	    "\"update\": 4, \"refresh\": 0, \"total\": 6}, \"received\": {\"open\": 1, "
	    "\"notification\": 0, \"keepalive\": 1, \"update\": 1, \"refresh\": 0, \"total\": 3}}, "
	    "\"capabilities\": [\"asn4\", \"route-refresh\", \"operational\"], \"families\": "
	    "[\"ipv4 unicast\"], \"add-path\": {\"ipv4 unicast\": \"disabled\"}}");
	for (unsigned i = 0; dialect_at(i) != NULL; i++) {
		text_clear(&t);
		show_neighbor_json(dialect_at(i), &p, &t);
		expect_json(text_chars(&t));
		text_clear(&t);
		show_neighbor_json(dialect_at(i), &down, &t);
		expect_json(text_chars(&t));
	}
	text_free(&t);
}

static struct attrs *
a_set(void)
{
	static const uint8_t hop[] = { 192, 0, 2, 1 };
	struct attrs_build b = { .room = NULL, .next_hop = slice_of(hop, 4) };
	uint8_t room[64];
	struct writer w = writer_on(room, sizeof(room));
	static const uint8_t origin[] = { 0 };

	b.room = &w;
	cr_assert(build_add(&b, 1, 0x40, RECORD_VALUE, slice_of(origin, 1)));
	return attrs_freeze(&b);
}

/* One object of one route. */
static void
routes_json(const struct dialect *d, const struct show_route *r, const struct show_peer *about,
    struct text *to)
{
	show_routes_json_open(r->peer, to);
	show_routes_json_add(d, r, true, to);
	show_routes_json_close(d, about, to);
}

Case(show, routes_are_shown_as_each_dialect_does)
{
	static const uint8_t bytes[] = { 24, 10, 1, 1 };
	struct nlri n = { .family = family_of(1, 1), .bytes = slice_of(bytes, 4) };
	struct addr peer = addr_v4_of(0x7f000001);
	struct show_peer about = peer_up();
	struct show_route r = {
		.peer = &peer, .name = "neighbor 127.0.0.1 local-ip", .nlri = &n, .attrs = a_set()
	};
	struct text t = { 0 };

	show_route_text(&dialect_5_0, &r, &t);
	show_route_text(dialect_of(SLICE("6.0-v4")), &r, &t);
	show_route_text(dialect_of(SLICE("4.2")), &r, &t);
	routes_json(&dialect_5_0, &r, NULL, &t);
	routes_json(dialect_of(SLICE("6.0")), &r, NULL, &t);
	EXPECT(t,
	    "127.0.0.1 ipv4 unicast 10.1.1.0/24 next-hop 192.0.2.1\n"
	    "127.0.0.1 ipv4 unicast 10.1.1.0/24\n"
	    "neighbor 127.0.0.1 ipv4 unicast 10.1.1.0/24 next-hop 192.0.2.1\n"
	    "{\"127.0.0.1\": {\"routes\": [{\"prefix\": \"10.1.1.0/24\", \"family\": \"ipv4 "
	    "unicast\"}]}}\n"
	    "{\"127.0.0.1\": {\"routes\": [{\"family\": \"ipv4 unicast\", \"prefix\": "
	    "\"10.1.1.0/24\"}]}}\n");
	text_clear(&t);
	show_route_extensive(&dialect_5_0, &r, &t);
	cr_expect(
	    strncmp(text_chars(&t),
		"neighbor 127.0.0.1 local-ip ipv4 unicast 10.1.1.0/24 next-hop 192.0.2.1", 70) == 0,
	    "%s", text_chars(&t));
	text_clear(&t);
	routes_json(&dialect_5_0, &r, &about, &t);
	expect_json(text_chars(&t));
	text_clear(&t);
	show_route_json_v2(&dialect_5_0, &r, &t);
	expect_json(text_chars(&t));
	attrs_drop((struct attrs *)(uintptr_t)r.attrs);
	text_free(&t);
}

Case(show, filters_choose_families)
{
	struct family_set set = { 0 };

	cr_expect(show_filter(SLICE("inet"), &set));
	cr_expect(family_in(set, family_of(1, 1)) && family_in(set, family_of(2, 1)));
	cr_expect(show_filter(SLICE("flow"), &set));
	cr_expect(!family_in(set, family_of(1, 1)));
	cr_expect(!show_filter(SLICE("extensive"), &set));
}

Case(show, help_is_sorted_and_padded)
{
	static const struct show_command rows[] = {
		{ .words = "version" },
		{ .words = "announce attribute", .selector = true },
		{ .words = "show neighbor", .options = "[ summary | extensive | configuration ]" },
		{ .words = "#" },
	};
	struct text t = { 0 };

	show_help(rows, 4, false, &t);
	EXPECT(t,
	    "\navailable API commands are listed here:\n"
	    "=======================================\n"
	    "\nfilter can be: [local-ip <ip>][local-as <asn>][peer-as <asn>][router-id "
	    "<router-id>]\n"
	    "\ncommand are:\n------------\n\n"
	    "# \n"
	    "[neighbor <ip> [filters]] announce attribute\n"
	    "show neighbor [ summary | extensive | configuration ] \n"
	    "version \n\n");
	text_free(&t);
}

Case(show, help_of_version_6_has_its_own_heads_and_options)
{
	struct show_command rows[] = {
		{ .words = "system api version", .options = "[ 4 | 6 ]" },
		{ .words = "announce route", .selector = true, .behind_peer = true },
		{ .words = "peer group", .selector = true, .behind_peer = true },
		{ .words = "rib clear in", .selector = true },
	};
	struct text t = { 0 };

	show_help(rows, 4, true, &t);
	EXPECT(t,
	    "\navailable API commands (v6 format):\n"
	    "====================================\n"
	    "\nfilter can be: [local-ip <ip>][local-as <asn>][peer-as <asn>][router-id "
	    "<router-id>]\n"
	    "\ncommands:\n---------\n\n"
	    "[peer <ip> [filters]] announce route\n"
	    "[peer <ip> [filters]] group\n"
	    "rib clear in\n"
	    "system api version [ 4 | 6 ] \n\n");
	text_clear(&t);
	show_help_json(rows, 4, &t);
	EXPECT(t,
	    "{\"description\": \"Available API commands (v6 format)\", \"peer_filters\": "
	    "[\"local-ip\", \"local-as\", \"peer-as\", \"router-id\"], \"commands\": ["
	    "{\"command\": \"peer announce route\", \"neighbor_support\": true, "
	    "\"json_support\": true}, "
	    "{\"command\": \"peer group\", \"neighbor_support\": true, \"json_support\": true}, "
	    "{\"command\": \"rib clear in\", \"neighbor_support\": true, "
	    "\"json_support\": true}, "
	    "{\"command\": \"system api version\", \"neighbor_support\": false, "
	    "\"json_support\": true, \"options\": [\"4\", \"6\"]}]}\n");
	text_free(&t);
}
