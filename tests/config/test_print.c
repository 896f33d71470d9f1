/* What is written reads back as the same. */
#include "case.h"

#include "bgp/message.h"
#include "lang/emit.h"
#include "parse.h"
#include "reading.h"

#include <stdio.h>

static void
expect_text(const char *a, const char *b, const char *what)
{
	cr_expect_str_eq(a, b, "%s: \"%s\", not \"%s\"", what, b, a);
}

static void
expect_same_caps(const struct caps *a, const struct caps *b)
{
	struct caps x = *a;
	struct caps y = *b;

	cr_expect(slice_same(a->host_name, b->host_name));
	cr_expect(slice_same(a->domain_name, b->domain_name));
	cr_expect(slice_same(a->software, b->software));
	x.host_name = y.host_name = x.domain_name = y.domain_name = x.software = y.software =
	    (struct slice){ NULL, 0 };
	cr_expect(memcmp(&x.families, &y.families, sizeof(x.families)) == 0);
	cr_expect(x.asn4 == y.asn4 && x.asn == y.asn && x.route_refresh == y.route_refresh);
	cr_expect(x.enhanced_refresh == y.enhanced_refresh && x.operational == y.operational);
	cr_expect(x.extended_message == y.extended_message && x.multisession == y.multisession);
	cr_expect(x.link_local_nexthop == y.link_local_nexthop);
	cr_expect(x.graceful == y.graceful && x.graceful_time == y.graceful_time);
	cr_expect(x.graceful_restarting == y.graceful_restarting);
	cr_expect(x.graceful_families.bits == y.graceful_families.bits);
	cr_expect(memcmp(x.addpath, y.addpath, sizeof(x.addpath)) == 0);
	cr_expect(memcmp(x.paths_limit, y.paths_limit, sizeof(x.paths_limit)) == 0);
	cr_expect(x.has_addpath == y.has_addpath && x.has_paths_limit == y.has_paths_limit);
	cr_expect(x.next_hop == y.next_hop && x.next_hop_v6.bits == y.next_hop_v6.bits);
}

/* Row by row, so that one which is new is not forgotten. */
static void
expect_same_settings(const struct settings *s, const void *a, const void *b)
{
	for (size_t i = 0; i < s->count; i++)
		cr_expect(setting_same(&s->at[i], a, b), "%s", s->at[i].word);
}

static void
expect_same_rows(const struct peer_conf *a, const struct peer_conf *b)
{
	struct neighbor_draft x = neighbor_unmake(a);
	struct neighbor_draft y = neighbor_unmake(b);

	expect_same_settings(&neighbor_settings, &x, &y);
	expect_same_settings(&capability_settings, &x, &y);
	expect_same_settings(&tcp_ao_settings, &x, &y);
}

static void
expect_same_peer(const struct peer_conf *a, const struct peer_conf *b)
{
	expect_text(a->name, b->name, "name");
	expect_text(a->description, b->description, "description");
	expect_text(a->host_name, b->host_name, "host-name");
	expect_text(a->domain_name, b->domain_name, "domain-name");
	expect_text(a->interface, b->interface, "source-interface");
	expect_text(a->md5_password, b->md5_password, "md5-password");
	expect_text(a->ao_password, b->ao_password, "password of tcp-ao");
	cr_expect(memcmp(&a->ao, &b->ao, sizeof(a->ao)) == 0 && a->ao_id == b->ao_id);
	cr_expect(addr_same(&a->peer.addr, &b->peer.addr) && a->peer.len == b->peer.len);
	cr_expect(addr_same(&a->local, &b->local) && addr_same(&a->link_local, &b->link_local));
	cr_expect(addr_same(&a->md5_ip, &b->md5_ip) && a->md5_coding == b->md5_coding);
	cr_expect(slice_same(slice_of(a->md5, a->md5_len), slice_of(b->md5, b->md5_len)));
	cr_expect(a->local_as == b->local_as && a->peer_as == b->peer_as);
	cr_expect(a->router_id == b->router_id && a->hold_time == b->hold_time);
	cr_expect(a->listen == b->listen && a->connect == b->connect);
	cr_expect(a->rate_limit == b->rate_limit);
	cr_expect(a->ttl_in == b->ttl_in && a->ttl_out == b->ttl_out);
	cr_expect(a->passive == b->passive && a->group_updates == b->group_updates);
	cr_expect(a->auto_flush == b->auto_flush && a->adj_rib_in == b->adj_rib_in);
	cr_expect(a->adj_rib_out == b->adj_rib_out && a->manual_eor == b->manual_eor);
	cr_expect(a->route_refresh == b->route_refresh && a->aigp == b->aigp);
	cr_expect(a->families.bits == b->families.bits);
	cr_expect(slice_same(text_view(&a->operational), text_view(&b->operational)));
	expect_same_caps(&a->caps, &b->caps);
	expect_same_rows(a, b);
}

static void
expect_same_apis(const struct neighbor_conf *a, const struct neighbor_conf *b)
{
	cr_assert(a->api_count == b->api_count && a->grant_count == b->grant_count);
	for (size_t i = 0; i < a->api_count; i++) {
		const struct api_conf *x = &a->apis[i];
		const struct api_conf *y = &b->apis[i];

		expect_text(x->name, y->name, "api");
		cr_assert(x->process_count == y->process_count && x->match_count == y->match_count);
		for (size_t k = 0; k < x->process_count; k++)
			expect_text(x->processes[k], y->processes[k], "processes");
		for (size_t k = 0; k < x->match_count; k++)
			expect_text(x->matches[k], y->matches[k], "processes-match");
		expect_same_settings(&api_settings, x, y);
		cr_expect(memcmp(&x->send, &y->send, sizeof(x->send)) == 0);
		cr_expect(memcmp(&x->receive, &y->receive, sizeof(x->receive)) == 0);
	}
}

static void
expect_same_routes(const struct routes *a, const struct routes *b)
{
	cr_assert(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct route *x = &a->at[i];
		const struct route *y = &b->at[i];

		cr_expect(x->nlri.family == y->nlri.family && x->attrs == y->attrs);
		cr_expect(slice_same(x->nlri.bytes, y->nlri.bytes));
		cr_expect(x->nlri.has_path_id == y->nlri.has_path_id);
		cr_expect(x->nlri.path_id == y->nlri.path_id);
		cr_expect(slice_same(x->name, y->name) && slice_same(x->watchdog, y->watchdog));
		cr_expect(x->withdrawn == y->withdrawn);
		cr_expect(x->split == y->split && x->split_bits == y->split_bits);
	}
}

/* The helpers of a configuration, as neighbors name them. */
static void
print_helpers(const struct config *c, struct text *to)
{
	for (size_t i = 0; i < c->helper_count; i++)
		text_format(to, "process %s { run x; }\n", c->helpers[i]->name);
}

static void
print_laid_out(const struct neighbor_conf *n, const struct layout *l, struct text *to)
{
	neighbor_print_settings(n, l, to);
	text_string(to, "}\n");
}

/* However it is laid out: what is read back is the same session. */
static void
sessions_back(const struct config *c, const char *label)
{
	const struct dialect *d;

	for (unsigned i = 0; (d = dialect_at(i)) != NULL; i++) {
		struct text t = { 0 };
		struct config *back;

		print_helpers(c, &t);
		for (size_t k = 0; k < c->neighbor_count; k++)
			print_laid_out(c->neighbors[k], d->layout, &t);
		back = read_good(text_chars(&t), NULL);
		cr_assert(back->neighbor_count == c->neighbor_count, "%s %s", label, d->word);
		for (size_t k = 0; k < c->neighbor_count; k++)
			cr_expect(peer_conf_same_session(
				      &c->neighbors[k]->peer, &back->neighbors[k]->peer),
			    "%s %s:\n%s", label, d->word, text_chars(&t));
		config_free(back);
		text_free(&t);
	}
}

/* Takes the configuration. */
static void
config_back(struct config *c, const char *label)
{
	struct text once = { 0 };
	struct text twice = { 0 };
	struct config *back;

	print_helpers(c, &once);
	print_helpers(c, &twice);
	for (size_t i = 0; i < c->neighbor_count; i++)
		neighbor_print(c->neighbors[i], &once);
	back = read_good(text_chars(&once), NULL);
	cr_assert(back->neighbor_count == c->neighbor_count, "%s", label);
	for (size_t i = 0; i < c->neighbor_count; i++) {
		expect_same_peer(&c->neighbors[i]->peer, &back->neighbors[i]->peer);
		expect_same_apis(c->neighbors[i], back->neighbors[i]);
		expect_same_routes(&c->neighbors[i]->routes, &back->neighbors[i]->routes);
		neighbor_print(back->neighbors[i], &twice);
	}
	cr_expect_str_eq(text_chars(&once), text_chars(&twice), "%s", label);
	sessions_back(c, label);
	config_free(c);
	config_free(back);
	text_free(&once);
	text_free(&twice);
}

static void
read_back(const char *text, const char *label)
{
	config_back(read_good(text, NULL), label);
}

static void
sample_back(const struct sample *s)
{
	read_back(text_chars(&s->text), s->name);
}

Case(print, every_sample_reads_back_the_same)
{
	each_sample(sample_back);
}

Case(print, odd_strings_read_back_the_same)
{
	static const char *const strings[] = { "a b", "it's", "x;y", "{", "}", "#", "\\u0022",
		"a\\u0022b'c", "\\\\", "\\n", "\\u00e9", "" };

	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		struct text t = { 0 };

		text_format(&t,
		    "neighbor 10.0.0.1 { local-address 10.0.0.2; local-as 1; peer-as 2;\n"
		    "description \"%s\"; md5-password \"%s\"; host-name \"%s\"; api \"x%s\" { } }\n",
		    strings[i], strings[i], strings[i], strings[i]);
		read_back(text_chars(&t), strings[i]);
		text_free(&t);
	}
}

Case(print, multicast_among_unicast_reads_back_the_same)
{
	read_back("neighbor 10.0.0.1 { local-address 10.0.0.2; local-as 1; peer-as 2;\n"
		  "announce { ipv4 { multicast 10.0.0.0/8 next-hop 10.0.0.9;\n"
		  "unicast 10.0.0.0/8 next-hop 10.0.0.9; multicast 224.0.0.0/8 next-hop 10.0.0.9;\n"
		  "unicast 224.0.0.0/8 next-hop 10.0.0.9; } }\n"
		  "static { route 224.1.0.0/16 next-hop 10.0.0.9; attributes med 5; } }",
	    "multicast");
}

Case(print, split_routes_read_back_the_same)
{
	read_back("neighbor 10.0.0.1 { local-address 10.0.0.2; local-as 1; peer-as 2;\n"
		  "family { all; }\n"
		  "static { route 10.0.0.0/8 next-hop 10.0.0.9 split /27 med 5;\n"
		  "route 10.0.0.0/8 next-hop 10.0.0.9 label 3 rd 1:2 split /12;\n"
		  "attributes med 6 next-hop 10.0.0.9 split /9 nlri 10.0.0.0/8 11.0.0.0/8; }\n"
		  "announce { ipv6 { unicast 2001:db8::/32 next-hop ::1 split /48; } } }",
	    "split");
}

Case(print, has_the_shape_that_users_know)
{
	struct config *c =
	    read_good("process p { run x; }\nneighbor 127.0.0.1 { router-id 10.0.0.2;\n"
		      "local-address 127.0.0.1; local-as 65001; peer-as 65002; hold-time "
		      "60;\nfamily { ipv4 unicast; } api a { processes [ p ]; }\n"
		      "static { route 10.0.0.0/24 next-hop self; } }",
		NULL);
	struct text t = { 0 };

	neighbor_print(c->neighbors[0], &t);
	cr_expect_str_eq(text_chars(&t),
	    "neighbor 127.0.0.1 {\n"
	    "  description \"\";\n"
	    "  router-id 10.0.0.2;\n"
	    "  host-name \"\";\n"
	    "  domain-name \"\";\n"
	    "  local-address 127.0.0.1;\n"
	    "  source-interface \"\";\n"
	    "  local-as 65001;\n"
	    "  peer-as 65002;\n"
	    "  hold-time 60;\n"
	    "  rate-limit disable;\n"
	    "  manual-eor false;\n"
	    "\n"
	    "  passive false;\n"
	    "  group-updates true;\n"
	    "  auto-flush true;\n"
	    "  adj-rib-in true;\n"
	    "  adj-rib-out true;\n"
	    "  md5-base64 false;\n"
	    "  md5-ip \"127.0.0.1\";\n"
	    "  capability {\n"
	    "    asn4 enable;\n"
	    "    route-refresh disable;\n"
	    "    graceful-restart disable;\n"
	    "    software-version disable;\n"
	    "    nexthop disable;\n"
	    "    add-path disable;\n"
	    "    multi-session disable;\n"
	    "    operational disable;\n"
	    "    aigp disable;\n"
	    "    extended-message enable;\n"
	    "    link-local-nexthop disable;\n"
	    "  }\n"
	    "  family {\n"
	    "    ipv4 unicast;\n"
	    "  }\n"
	    "  nexthop {\n"
	    "  }\n"
	    "  add-path {\n"
	    "  }\n"
	    "  api a {\n"
	    "    processes [ p ];\n"
	    "  }\n"
	    "  static {\n"
	    "    route 10.0.0.0/24 next-hop self;\n"
	    "  }\n"
	    "}\n");
	text_free(&t);
	config_free(c);
}

/* As Debian's 4.2.21 prints it, but for names: where none is set it has the machine's. */
Case(print, has_the_shape_of_4_2_for_those_who_know_that)
{
	static const char words[] =
	    "neighbor 127.0.0.1 { router-id 10.0.0.2; local-address 127.0.0.1; local-as 65001;\n"
	    "peer-as 65002; hold-time 60; host-name abc; domain-name def.org; passive;\n"
	    "listen 1790; outgoing-ttl 5; family { ipv4 unicast; }\n"
	    "%s capability { add-path send/receive; %s } }";
	static const char *const told[] = {
		"neighbor 127.0.0.1 {\n"
		"  description \"\";\n"
		"  router-id 10.0.0.2;\n"
		"  host-name abc;\n"
		"  domain-name def.org;\n"
		"  local-address 127.0.0.1;\n"
		"  local-as 65001;\n"
		"  peer-as 65002;\n"
		"  hold-time 60;\n"
		"  rate-limit disable;\n"
		"  manual-eor false;\n"
		"\n"
		"  passive true;\n"
		"\n"
		"  listen 1790;\n"
		"  group-updates true;\n"
		"  auto-flush true;\n"
		"  adj-rib-in true;\n"
		"  adj-rib-out true;\n"
		"  md5-base64 auto;\n"
		"  md5-ip \"127.0.0.1\";\n"
		"  outgoing-ttl 5;\n"
		"\n"
		"  capability {\n"
		"    asn4 enable;\n"
		"    route-refresh disable;\n"
		"    graceful-restart disable;\n"
		"    nexthop disable;\n"
		"    add-path send/receive;\n",
		("  md5-password \"secret\";\n"
		 "  md5-base64 false;\n"),
		"  source-interface eth0;\n",
		"    software-version enable;\n",
	};
	struct text plain = { 0 };
	struct text more = { 0 };
	struct text t = { 0 };
	struct config *c;

	text_format(&plain, words, "", "");
	c = read_good(text_chars(&plain), NULL);
	print_laid_out(c->neighbors[0], dialect_of(SLICE("4.2"))->layout, &t);
	cr_expect(strncmp(text_chars(&t), told[0], strlen(told[0])) == 0, "%s", text_chars(&t));
	config_free(c);
	text_clear(&t);
	text_format(&more, words, "md5-password secret; source-interface eth0;",
	    "software-version enable;");
	c = read_good(text_chars(&more), NULL);
	print_laid_out(c->neighbors[0], dialect_of(SLICE("4.2"))->layout, &t);
	for (size_t i = 1; i < sizeof(told) / sizeof(told[0]); i++)
		cr_expect(
		    strstr(text_chars(&t), told[i]) != NULL, "%s in\n%s", told[i], text_chars(&t));
	config_free(c);
	text_free(&plain);
	text_free(&more);
	text_free(&t);
}

/* Every setting, alone and with others. */

#define VALUES 16

/* Words that a row may take; some are refused beside others. */
static size_t
values_of(const struct setting *row, const char *to[VALUES], char room[2][24])
{
	size_t n = 0;

	for (const struct choice *c = row->choices; c != NULL && c->word != NULL; c++)
		to[n++] = c->word;
	switch (row->slot) {
	case SLOT_BOOL:
		to[n++] = "true";
		to[n++] = "false";
		break;
	case SLOT_U16:
	case SLOT_INT:
	case SLOT_SPAN:
		snprintf(room[0], sizeof(room[0]), "%lld", (long long)row->min);
		snprintf(room[1], sizeof(room[1]), "%lld",
		    (long long)(row->max == 0 ? INT16_MAX : row->max));
		to[n++] = room[0];
		to[n++] = room[1];
		break;
	case SLOT_RATE:
		to[n++] = "5/60s";
		to[n++] = "false";
		break;
	case SLOT_ASN: to[n++] = "4200000000"; break;
	case SLOT_ID: to[n++] = "192.0.2.9"; break;
	case SLOT_ADDR:
		to[n++] = (row->traits & SETTING_LINK_LOCAL) != 0 ? "fe80::9" : "192.0.2.9";
		break;
	case SLOT_PREFIX: to[n++] = "10.0.0.9"; break;
	case SLOT_STRING:
		to[n++] = "eth0.7";
		to[n++] = "\"a b\"";
		break;
	case SLOT_CHOICE: break;
	}
	return n;
}

struct some { /* of a neighbor's statements */
	struct text body;
	struct text capability;
	struct text api;
	uint32_t seed;
};

static uint32_t
roll(struct some *s, size_t sides)
{
	s->seed = s->seed * 1664525 + 1013904223;
	return (uint32_t)((s->seed >> 8) % sides);
}

static struct config *
read_some(const struct some *s)
{
	static const struct config_env env = { .directory = "/nowhere" };
	struct text whole = { 0 };
	struct text why = { 0 };
	struct config *c;

	text_format(&whole,
	    "neighbor 10.0.0.1 { router-id 10.0.0.2; local-address 10.0.0.2; local-as 1; peer-as 2;\n"
	    "family { ipv4 unicast; ipv6 unicast; l2vpn vpls; }\n"
	    "nexthop { ipv4 unicast ipv6; }\n%s\ncapability { %s }\napi x { %s } }\n",
	    text_chars(&s->body), text_chars(&s->capability), text_chars(&s->api));
	c = config_parse(text_view(&whole), &env, &why, NULL);
	text_free(&why);
	text_free(&whole);
	return c;
}

static void
some_done(struct some *s)
{
	text_free(&s->body);
	text_free(&s->capability);
	text_free(&s->api);
}

/* Returns how many of the row's values are taken alone; all that are must be read back. */
static size_t
each_value_back(const struct setting *row, bool capability)
{
	char room[2][24];
	const char *values[VALUES];
	size_t n = values_of(row, values, room);
	size_t taken = 0;

	for (size_t i = 0; i < n; i++) {
		struct some s = { 0 };
		struct config *c;

		text_format(capability ? &s.capability : &s.body, "%s %s;%s", row->word, values[i],
		    strcmp(row->word, "role-strict") == 0 ? " role peer;" : "");
		c = read_some(&s);
		if (c != NULL) {
			taken++;
			config_back(c, text_chars(capability ? &s.capability : &s.body));
		}
		some_done(&s);
	}
	return taken;
}

Case(print, every_value_of_every_setting_reads_back_the_same)
{
	for (size_t i = 0; i < neighbor_settings.count; i++)
		cr_expect(each_value_back(&neighbor_settings.at[i], false) != 0, "%s",
		    neighbor_settings.at[i].word);
	for (size_t i = 0; i < capability_settings.count; i++)
		cr_expect(each_value_back(&capability_settings.at[i], true) != 0, "%s",
		    capability_settings.at[i].word);
}

static void
add_some(struct some *s, const struct settings *rows, struct text *to)
{
	for (size_t i = 0; i < rows->count; i++) {
		char room[2][24];
		const char *values[VALUES];
		size_t n = values_of(&rows->at[i], values, room);

		if (roll(s, 4) == 0)
			text_format(to, "%s %s;\n", rows->at[i].word, values[roll(s, n)]);
	}
}

static void
add_direction(struct some *s, const char *word)
{
	text_format(&s->api, "%s {\n", word);
	add_some(s, &direction_settings, &s->api);
	for (uint8_t type = 1; type < 32; type++)
		if (message_of(type) != NULL && roll(s, 2) == 0)
			text_format(&s->api, "%s;\n", message_of(type)->word);
	text_string(&s->api, "}\n");
}

Case(print, random_settings_read_back_the_same)
{
	size_t taken = 0;

	for (uint32_t seed = 0; seed < 2000; seed++) {
		struct some s = { .seed = seed };
		struct config *c;

		add_some(&s, &neighbor_settings, &s.body);
		add_some(&s, &capability_settings, &s.capability);
		add_some(&s, &api_settings, &s.api);
		add_direction(&s, "receive");
		add_direction(&s, "send");
		c = read_some(&s);
		if (c != NULL) {
			taken++;
			config_back(c, text_chars(&s.body));
		}
		some_done(&s);
	}
	cr_expect(taken > 100, "%zu", taken);
}
