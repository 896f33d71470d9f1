/* What is written reads back as the same. */
#include "case.h"

#include "lang/emit.h"
#include "reading.h"

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
		cr_expect(x->neighbor_changes == y->neighbor_changes && x->fsm == y->fsm);
		cr_expect(x->negotiated == y->negotiated && x->signal == y->signal);
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
read_back(const char *text, const char *label)
{
	struct config *c = read_good(text, NULL);
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
	config_free(c);
	config_free(back);
	text_free(&once);
	text_free(&twice);
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
