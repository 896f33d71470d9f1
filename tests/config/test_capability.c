/* Capabilities, families, next hops, paths. */
#include "case.h"

#include "reading.h"

static const struct family *
family(const char *afi, const char *safi)
{
	const struct family *f = family_of_words(slice_on(afi), slice_on(safi));

	cr_assert(f != NULL);
	return f;
}

Case(capability, defaults_offer_asn4_and_long_messages)
{
	struct config *c = read_neighbor("");
	const struct caps *o = &c->neighbors[0]->peer.caps;

	cr_expect(o->asn4 && o->asn == 65001 && o->extended_message);
	cr_expect(!o->route_refresh && !o->enhanced_refresh && !o->route_refresh_cisco);
	cr_expect(!o->operational && !o->link_local_nexthop && !o->multisession && !o->graceful);
	cr_expect(!o->has_addpath && !o->has_paths_limit && !o->next_hop);
	cr_expect(o->host_name.at == NULL && o->software.at == NULL);
	config_free(c);
}

Case(capability, keywords_alone_mean_what_they_always_meant)
{
	struct config *c = read_neighbor(
	    "capability { asn4; nexthop; multi-session; operational; route-refresh; aigp; "
	    "extended-message; software-version; link-local-prefer; graceful-restart; }\n"
	    "hold-time 77; family { ipv4 unicast; }");
	const struct caps *o = &c->neighbors[0]->peer.caps;

	cr_expect(o->asn4 && o->next_hop && o->multisession && o->operational);
	cr_expect(o->route_refresh && o->enhanced_refresh && !o->route_refresh_cisco);
	cr_expect(c->neighbors[0]->peer.aigp && c->neighbors[0]->peer.route_refresh);
	cr_expect(o->extended_message && o->software.at == NULL);
	cr_expect(o->graceful && o->graceful_restarting && o->graceful_time == 77);
	cr_expect(o->graceful_families.bits == o->graceful_forwarding.bits);
	cr_expect(o->graceful_families.bits == c->neighbors[0]->peer.families.bits);
	config_free(c);
}

Case(capability, values_are_limited)
{
	static const char *const bad[] = {
		"graceful-restart 4096;",
		"graceful-restart enable;",
		"add-path receive/send;",
		"add-path;",
		"add-path 1;",
		"link-local-nexthop;",
		"asn4 perhaps;",
		"colour red;",
	};
	static const struct config_env env = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct text t = { 0 };
		struct text why = { 0 };

		text_format(&t,
		    "neighbor 10.0.0.1 { local-as 1; peer-as 2; local-address 10.0.0.2; capability { "
		    "%s } }",
		    bad[i]);
		cr_expect(config_parse(text_view(&t), &env, &why, NULL) == NULL, "%s", bad[i]);
		text_free(&t);
		text_free(&why);
	}
	expect_neighbor_fault("capability { add-path receive/send; }",
	    "expected send, receive, send/receive or disable for add-path, found \"receive/send\"");
}

Case(capability, graceful_restart_has_a_time_or_the_hold_time)
{
	static const struct {
		const char *word;
		int want; /* -1: off */
	} rows[] = { { "0", 180 }, { "5", 5 }, { "4095", 4095 }, { "disable", -1 },
		{ "disabled", -1 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text t = { 0 };
		struct config *c;
		const struct caps *o;

		text_format(&t, "capability { graceful-restart %s; }", rows[i].word);
		c = read_neighbor(text_chars(&t));
		o = &c->neighbors[0]->peer.caps;
		cr_expect(o->graceful == (rows[i].want >= 0));
		cr_expect(!o->graceful || o->graceful_time == rows[i].want);
		config_free(c);
		text_free(&t);
	}
}

Case(capability, long_hold_times_fit_the_bits_of_graceful_restart)
{
	struct config *c = read_neighbor("hold-time 65535; capability { graceful-restart; }");

	cr_expect(c->neighbors[0]->peer.caps.graceful_time == 4095);
	config_free(c);
}

Case(capability, names_are_cut_and_need_a_host)
{
	struct text t = { 0 };
	struct config *c = read_neighbor("domain-name example;");

	cr_expect(c->neighbors[0]->peer.caps.host_name.at == NULL);
	config_free(c);
	text_string(&t, "host-name ");
	for (int i = 0; i < 100; i++)
		text_char(&t, 'h');
	text_char(&t, ';');
	c = read_neighbor(text_chars(&t));
	cr_expect(c->neighbors[0]->peer.caps.host_name.len == 64);
	cr_expect(strlen(c->neighbors[0]->peer.host_name) == 100);
	cr_expect(c->neighbors[0]->peer.caps.domain_name.len == 0);
	config_free(c);
	text_free(&t);
}

Case(family, order_is_by_number_whatever_the_file_says)
{
	struct config *c = read_neighbor("family { ipv6 unicast; ipv4 multicast; ipv4 unicast; }");
	const struct family_list *l = &c->neighbors[0]->peer.caps.families;

	cr_assert(l->count == 3);
	cr_expect(family_at(l->ids[0]) == family("ipv4", "unicast"));
	cr_expect(family_at(l->ids[1]) == family("ipv4", "multicast"));
	cr_expect(family_at(l->ids[2]) == family("ipv6", "unicast"));
	config_free(c);
}

Case(family, all_and_nothing_are_every_family)
{
	static const char *const bodies[] = { "family { all; }", "family { }", "" };

	for (size_t i = 0; i < 3; i++) {
		struct config *c = read_neighbor(bodies[i]);

		cr_expect(c->neighbors[0]->peer.families.bits == family_all().bits);
		config_free(c);
	}
}

Case(family, all_behind_a_family_adds_nothing)
{
	struct config *c = read_neighbor("family { ipv4 unicast; all; }");

	cr_expect(c->neighbors[0]->peer.caps.families.count == 1);
	config_free(c);
}

Case(family, faults)
{
	expect_neighbor_fault("family { ipv4 unicast; ipv4 unicast; }",
	    "expected a family that is not listed yet, found \"ipv4\"");
	expect_neighbor_fault(
	    "family { all; ipv4 unicast; }", "expected no family once all are set, found \"ipv4\"");
	expect_neighbor_fault(
	    "family { ipv4 tea; }", "expected a SAFI that is known with this AFI, found \"tea\"");
	expect_neighbor_fault("family { ipv4; }", "expected a SAFI, found \";\"");
	expect_neighbor_fault("family { IPV4 unicast; }",
	    "expected a keyword or a section of family, found \"IPV4\"");
}

Case(next_hop, needs_both_families)
{
	struct config *c =
	    read_neighbor("family { ipv4 unicast; ipv4 multicast; ipv6 unicast; }\n"
			  "nexthop { ipv4 unicast ipv6; ipv4 multicast ipv6; ipv6 unicast ipv4; }");
	const struct caps *o = &c->neighbors[0]->peer.caps;

	cr_expect(o->next_hop);
	cr_expect(family_in(o->next_hop_v6, family("ipv4", "unicast")));
	cr_expect(!family_in(o->next_hop_v6, family("ipv4", "multicast")), "no ipv6 multicast");
	cr_expect(!family_in(o->next_hop_v6, family("ipv6", "unicast")));
	config_free(c);
}

Case(next_hop, is_on_by_its_section_and_off_by_its_keyword)
{
	struct config *c =
	    read_neighbor("nexthop { ipv4 unicast ipv6; } capability { nexthop no; }");

	cr_expect(!c->neighbors[0]->peer.caps.next_hop);
	cr_expect(c->neighbors[0]->peer.caps.next_hop_v6.bits == 0);
	config_free(c);
	c = read_neighbor("nexthop { }");
	cr_expect(!c->neighbors[0]->peer.caps.next_hop);
	config_free(c);
	c = read_neighbor("capability { nexthop; }");
	cr_expect(c->neighbors[0]->peer.caps.next_hop);
	cr_expect(c->neighbors[0]->peer.caps.next_hop_v6.bits == 0);
	config_free(c);
}

Case(next_hop, faults)
{
	expect_neighbor_fault("nexthop { ipv4 unicast ipv4; }",
	    "expected ipv6, the kind of the next hop, found \"ipv4\"");
	expect_neighbor_fault(
	    "nexthop { ipv6 unicast; }", "expected ipv4, the kind of the next hop, found \";\"");
	expect_neighbor_fault("nexthop { l2vpn vpls ipv4; }",
	    "expected a keyword or a section of nexthop, found \"l2vpn\"");
}

Case(add_path, is_for_all_families_or_those_listed)
{
	static const struct {
		const char *body;
		bool v4;
		bool v6;
	} rows[] = {
		{ "capability { add-path send; }", true, true },
		{ "capability { add-path send; } add-path { }", true, true },
		{ "capability { add-path send; } add-path { all; }", true, true },
		{ "capability { add-path send; } add-path { ipv6 unicast; }", false, true },
		{ "capability { add-path disable; } add-path { ipv6 unicast; }", false, false },
		{ "add-path { ipv6 unicast; }", false, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config *c = read_neighbor(rows[i].body);
		const struct caps *o = &c->neighbors[0]->peer.caps;

		cr_expect(o->addpath[family("ipv4", "unicast")->id] ==
			(rows[i].v4 ? ADDPATH_SEND : ADDPATH_NONE),
		    "%s", rows[i].body);
		cr_expect(o->addpath[family("ipv6", "unicast")->id] ==
			(rows[i].v6 ? ADDPATH_SEND : ADDPATH_NONE),
		    "%s", rows[i].body);
		cr_expect(o->has_addpath == (rows[i].v4 || rows[i].v6), "%s", rows[i].body);
		config_free(c);
	}
}

/* ExaBGP offers MUP but never EVPN, for which it has to be asked for. */
Case(add_path, is_for_evpn_where_that_is_named)
{
	static const struct {
		const char *body;
		uint8_t evpn;
	} rows[] = {
		{ "capability { add-path send; }", ADDPATH_NONE },
		{ "capability { add-path send; } add-path { all; }", ADDPATH_NONE },
		{ "capability { add-path send; } add-path { l2vpn evpn; ipv4 mup; }",
		    ADDPATH_SEND },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config *c = read_neighbor(rows[i].body);
		const struct caps *o = &c->neighbors[0]->peer.caps;

		cr_expect(
		    o->addpath[family("l2vpn", "evpn")->id] == rows[i].evpn, "%s", rows[i].body);
		cr_expect(
		    o->addpath[family("ipv4", "mup")->id] == ADDPATH_SEND, "%s", rows[i].body);
		config_free(c);
	}
}

Case(add_path, leaves_out_families_that_are_not_configured)
{
	struct config *c =
	    read_neighbor("family { ipv4 unicast; } capability { add-path receive; } "
			  "add-path { ipv4 unicast; ipv6 unicast; }");

	cr_expect(c->neighbors[0]->peer.caps.addpath[family("ipv6", "unicast")->id] == 0);
	config_free(c);
}

Case(add_path, limits_are_for_those_who_receive)
{
	static const struct {
		const char *mode;
		uint16_t want;
	} rows[] = { { "receive", 7 }, { "send/receive", 7 }, { "send", 0 } };

	for (size_t i = 0; i < 3; i++) {
		struct text t = { 0 };
		struct config *c;
		const struct caps *o;

		text_format(&t, "capability { add-path %s; } add-path { ipv4 unicast limit 7; }",
		    rows[i].mode);
		c = read_neighbor(text_chars(&t));
		o = &c->neighbors[0]->peer.caps;
		cr_expect(o->paths_limit[family("ipv4", "unicast")->id] == rows[i].want);
		cr_expect(o->has_paths_limit == (rows[i].want != 0));
		config_free(c);
		text_free(&t);
	}
}

Case(add_path, faults)
{
	expect_neighbor_fault("add-path { ipv4 unicast limit 0; }",
	    "expected a number of paths (1 to 65535), found \"0\"");
	expect_neighbor_fault("add-path { ipv4 unicast limit 65536; }",
	    "expected a number of paths (1 to 65535), found \"65536\"");
	expect_neighbor_fault("add-path { ipv4 unicast limit; }",
	    "expected a number of paths (1 to 65535), found \";\"");
	expect_neighbor_fault("add-path { ipv4 unicast limits 3; }",
	    "expected ; or limit and a number of paths, found \"limits\"");
}
