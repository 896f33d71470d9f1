/* Keywords of a neighbor: defaults, values, limits. */
#include "case.h"

#include "reading.h"

Case(neighbor, defaults_are_those_of_the_manual)
{
	struct config *c = read_neighbor("");
	const struct peer_conf *p = &c->neighbors[0]->peer;

	cr_expect(p->peer.len == 32 && !peer_conf_is_range(p));
	cr_expect(p->hold_time == 180 && p->listen == 0 && p->connect == 0 && p->rate_limit == 0);
	cr_expect(p->ttl_in == PEER_TTL_UNSET && p->ttl_out == PEER_TTL_UNSET);
	cr_expect(!p->passive && p->group_updates && p->auto_flush && p->adj_rib_in);
	cr_expect(p->adj_rib_out && !p->manual_eor && !p->route_refresh && !p->aigp);
	cr_expect(p->md5_len == 0 && p->md5_ip.family == ADDR_NONE);
	cr_expect(p->link_local.family == ADDR_NONE);
	cr_expect(p->router_id == 0x0a000002, "of the local address");
	cr_expect_str_empty(p->description);
	cr_expect_str_empty(p->host_name);
	cr_expect_str_empty(p->domain_name);
	cr_expect_str_empty(p->interface);
	cr_expect_str_empty(p->md5_password);
	cr_expect(p->families.bits == family_all().bits);
	cr_expect(p->caps.families.count == family_count());
	config_free(c);
}

/* A keyword with a value, and how the neighbor is written afterwards; NULL: it is refused. */
static const struct {
	const char *body;
	const char *line;
} rows[] = {
	{ "peer-address 10.0.0.9;", "neighbor 10.0.0.9 {" },
	{ "peer-address 10.0.0.8/30; passive;", "neighbor 10.0.0.8/30 {" },
	{ "peer-address 10.0.0.9/30; passive;", "neighbor 10.0.0.9/30 {" },
	{ "description foo;", "  description \"foo\";" },
	{ "description \"a b\";", "  description \"a b\";" },
	{ "description \"\";", "  description \"\";" },
	{ "router-id 1.2.3.4;", "  router-id 1.2.3.4;" },
	{ "host-name r1.x;", "  host-name r1.x;" },
	{ "domain-name x;", "  domain-name x;" },
	{ "local-address 10.0.0.3;", "  local-address 10.0.0.3;" },
	{ "local-address auto; router-id 1.1.1.1;", "  local-address auto;" },
	{ "local-link-local fe80::1;", "  local-link-local fe80::1;" },
	{ "local-link-local febf::1;", "  local-link-local febf::1;" },
	{ "source-interface eth0;", "  source-interface eth0;" },
	{ "local-as 4294967295;", "  local-as 4294967295;" },
	{ "local-as 1.2;", "  local-as 65538;" },
	{ "local-as auto;", "  local-as auto;" },
	{ "local-as 0;", "  local-as auto;" },
	{ "peer-as 0;", "  peer-as auto;" },
	{ "peer-as 65535.65535;", "  peer-as 4294967295;" },
	{ "hold-time 0;", "  hold-time 0;" },
	{ "hold-time 3;", "  hold-time 3;" },
	{ "hold-time 65535;", "  hold-time 65535;" },
	{ "rate-limit 5;", "  rate-limit 5;" },
	{ "queue 1;", "  queue 1;" },
	{ "queue-bytes 4096;", "  queue-bytes 4096;" },
	{ "batch-size 1000000;", "  batch-size 1000000;" },
	{ "batch-time 60000;", "  batch-time 60000;" },
	{ "batch-mode tick; batch-time 10;", "  batch-time 10;\n  batch-mode tick;" },
	{ "disable-family;", "  disable-family true;" },
	{ "rate-limit 0;", "  rate-limit disable;" },
	{ "rate-limit -5;", "  rate-limit disable;" },
	{ "rate-limit disabled;", "  rate-limit disable;" },
	{ "passive;", "  passive true;" },
	{ "passive false;", "  passive false;" },
	{ "listen 1;", "  listen 1;" },
	{ "listen 65535;", "  listen 65535;" },
	{ "connect 1179;", "  connect 1179;" },
	{ "outgoing-ttl 0;", "  outgoing-ttl 0;" },
	{ "outgoing-ttl 255;", "  outgoing-ttl 255;" },
	{ "incoming-ttl 64;", "  incoming-ttl 64;" },
	{ "md5-password x;", "  md5-password \"x\";" },
	{ "md5-password x; md5-base64;", "  md5-base64 false;" },
	{ "md5-password c2VjcmV0; md5-base64 yes;", "  md5-base64 true;" },
	{ "md5-base64 auto;", "  md5-base64 auto;" },
	{ "md5-ip 10.0.0.4;", "  md5-ip \"10.0.0.4\";" },
	{ "group-updates;", "  group-updates true;" },
	{ "group-updates no;", "  group-updates false;" },
	{ "auto-flush false;", "  auto-flush false;" },
	{ "adj-rib-in;", "  adj-rib-in false;" },
	{ "adj-rib-in enable;", "  adj-rib-in true;" },
	{ "adj-rib-out;", "  adj-rib-out false;" },
	{ "manual-eor;", "  manual-eor false;" },
	{ "manual-eor True;", "  manual-eor true;" },
	{ "passive YES;", "  passive true;" },
	{ "passive 1;", "  passive true;" },
	{ "passive Disabled;", "  passive false;" },
	{ "peer-address x;", NULL },
	{ "peer-address 10.0.0.0/33;", NULL },
	{ "peer-address;", NULL },
	{ "description;", NULL },
	{ "router-id ::1;", NULL },
	{ "router-id 1;", NULL },
	{ "router-id 0.0.0.0; local-address auto;", NULL },
	{ "local-address x;", NULL },
	{ "local-link-local 2001:db8::1;", NULL },
	{ "local-link-local 10.0.0.1;", NULL },
	{ "source-interface abcdefghijklmnop;", NULL },
	{ "local-as 4294967296;", NULL },
	{ "local-as 1.65536;", NULL },
	{ "local-as x;", NULL },
	{ "local-as -1;", NULL },
	{ "peer-as;", NULL },
	{ "hold-time 1;", NULL },
	{ "hold-time 2;", NULL },
	{ "hold-time 65536;", NULL },
	{ "hold-time x;", NULL },
	{ "rate-limit x;", NULL },
	{ "queue 0;", NULL },
	{ "queue 1000001;", NULL },
	{ "queue-bytes 4095;", NULL },
	{ "batch-size 0;", NULL },
	{ "batch-time 60001;", NULL },
	{ "batch-mode often;", NULL },
	{ "batch-mode tick;", NULL },
	{ "rate-limit;", NULL },
	{ "listen 0;", NULL },
	{ "listen 65536;", NULL },
	{ "connect 0;", NULL },
	{ "outgoing-ttl 256;", NULL },
	{ "outgoing-ttl -1;", NULL },
	{ "incoming-ttl true;", NULL },
	{ "md5-ip x;", NULL },
	{ "md5-base64 maybe;", NULL },
	{ "passive maybe;", NULL },
	{ "passive \"\";", NULL },
	{ "ttl-security 1;", NULL },
	{ "processes [ a ];", NULL },
	{ "inherit;", NULL },
	{ "inherit a b;", NULL },
	{ "inherit nobody;", NULL },
	{ "description \"a\\u0000b\";", NULL },
};

static void
expect_line(const char *body, const char *line)
{
	struct config *c = read_neighbor(body);
	struct text t = { 0 };
	struct text want = { 0 };

	neighbor_print(c->neighbors[0], &t);
	text_format(&want, "\n%s\n", line);
	cr_expect(strstr(text_chars(&t), text_chars(&want)) != NULL ||
		strncmp(text_chars(&t), line, strlen(line)) == 0,
	    "%s: no %s in\n%s", body, line, text_chars(&t));
	text_free(&t);
	text_free(&want);
	config_free(c);
}

Case(neighbor, keywords_take_their_values_and_refuse_others)
{
	static const struct config_env env = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text t = { 0 };
		struct text why = { 0 };

		if (rows[i].line != NULL) {
			expect_line(rows[i].body, rows[i].line);
			continue;
		}
		text_format(&t,
		    "neighbor 10.0.0.1 { local-as 1; peer-as 2; local-address 10.0.0.2; %s }",
		    rows[i].body);
		cr_expect(
		    config_parse(text_view(&t), &env, &why, NULL) == NULL, "%s", rows[i].body);
		text_free(&t);
		text_free(&why);
	}
}

Case(neighbor, faults_say_where_and_what_was_expected)
{
	expect_fault("neighbor 10.0.0.1 {\n  hold-time 2;\n}\n",
	    "line 2, column 13: expected seconds (0, or 3 to 65535) for hold-time, found \"2\"");
	expect_fault("neighbor 10.0.0.1 {\n  listen;\n}\n",
	    "line 2, column 9: expected a port (1 to 65535) for listen, found \";\"");
	expect_fault("neighbor 10.0.0.300 {\n}\n",
	    "line 1, column 10: expected an IP address or range, found \"10.0.0.300\"");
	expect_fault(
	    "neighbor {\n}\n", "line 1, column 10: expected an IP address or range, found \"{\"");
	expect_neighbor_fault(
	    "passive perhaps;", "expected true or false for passive, found \"perhaps\"");
	expect_neighbor_fault(
	    "local-as [ 1 ];", "expected an ASN or auto for local-as, found \"[\"");
}

Case(neighbor, an_empty_password_is_none)
{
	struct config *c = read_neighbor("md5-password;");

	cr_expect(c->neighbors[0]->peer.md5_len == 0);
	config_free(c);
}

Case(neighbor, passwords_become_keys)
{
	static const struct {
		const char *body;
		const char *key;
	} keys[] = {
		{ "md5-password secret;", "secret" },
		{ "md5-password c2VjcmV0; md5-base64 true;", "secret" },
		{ "md5-password c2VjcmV0; md5-base64 auto;", "c2VjcmV0" },
		{ "md5-password 6162; md5-base64 auto;", "\xeb\x5e\xb6" },
		{ "md5-password c2VjcmV0; md5-base64 false;", "c2VjcmV0" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct config *c = read_neighbor(keys[i].body);
		const struct peer_conf *p = &c->neighbors[0]->peer;

		cr_expect(slice_is(slice_of(p->md5, p->md5_len), keys[i].key), "%s", keys[i].body);
		config_free(c);
	}
	expect_neighbor_fault("md5-password \"a?b\"; md5-base64 true;",
	    "md5-password must be base64 of 80 bytes at most");
}

#define AO_REST "keyid 7; algorithm hmac-sha-256; "

Case(neighbor, tcp_ao_wants_a_whole_key_of_80_bytes_at_most)
{
	static const struct {
		const char *body;
		const char *key;
	} keys[] = {
		{ "tcp-ao { " AO_REST "password secret; }", "secret" },
		{ "tcp-ao { " AO_REST "password c2VjcmV0; base64 true; }", "secret" },
		{ "tcp-ao { " AO_REST "password c2VjcmV0; base64 false; }", "c2VjcmV0" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct config *c = read_neighbor(keys[i].body);
		const struct net_ao *ao = &c->neighbors[0]->peer.ao;

		cr_expect(slice_is(slice_of(ao->bytes, ao->len), keys[i].key), "%s", keys[i].body);
		cr_expect(ao->id == 7 && ao->algorithm == NET_AO_SHA256);
		config_free(c);
	}
	expect_neighbor_fault(
	    "tcp-ao { }", "incomplete tcp-ao, it wants keyid, algorithm and password");
	expect_neighbor_fault("tcp-ao { keyid 7; algorithm hmac-sha-256; }",
	    "incomplete tcp-ao, it wants keyid, algorithm and password");
	expect_neighbor_fault("tcp-ao { keyid 7; password x; }",
	    "incomplete tcp-ao, it wants keyid, algorithm and password");
	expect_neighbor_fault("tcp-ao { algorithm hmac-sha-256; password x; }",
	    "incomplete tcp-ao, it wants keyid, algorithm and password");
	expect_neighbor_fault(
	    "tcp-ao { keyid 256; }", "expected a number (0 to 255) for keyid, found \"256\"");
	expect_neighbor_fault("tcp-ao { algorithm md5; }",
	    "expected hmac-sha-1-96, aes-128-cmac-96 or hmac-sha-256 for algorithm, "
	    "found \"md5\"");
	expect_neighbor_fault("tcp-ao { " AO_REST "password \"a?b\"; base64 true; }",
	    "the password of tcp-ao must be base64 of 80 bytes at most");
	expect_neighbor_fault("tcp-ao { " AO_REST "password "
			      "0123456789012345678901234567890123456789"
			      "01234567890123456789012345678901234567890; }",
	    "the password of tcp-ao must be no larger than 80 bytes");
	expect_neighbor_fault("md5-password a;\ntcp-ao { " AO_REST "password b; }",
	    "md5-password and tcp-ao are mutually exclusive");
}

Case(neighbor, eighty_characters_are_the_longest_password)
{
	struct text body = { 0 };
	struct config *c;

	text_string(&body, "md5-password ");
	for (int i = 0; i < 80; i++)
		text_char(&body, 'x');
	text_char(&body, ';');
	c = read_neighbor(text_chars(&body));
	cr_expect(c->neighbors[0]->peer.md5_len == 80);
	config_free(c);
	body.len--;
	text_string(&body, "x;");
	expect_neighbor_fault(
	    text_chars(&body), "MD5 password must be no larger than 80 characters");
	text_free(&body);
}

Case(neighbor, all_spellings_of_a_bool_are_read)
{
	static const char *const spellings[] = { "true", "True", "TRUE", "enable", "enabled", "yes",
		"1", "false", "False", "disable", "disabled", "no", "0", "NO" };

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		struct text body = { 0 };
		struct config *c;

		text_format(
		    &body, "passive %s; capability { asn4 %s; }", spellings[i], spellings[i]);
		c = read_neighbor(text_chars(&body));
		cr_expect(c->neighbors[0]->peer.passive == (i < 7), "%s", spellings[i]);
		cr_expect(c->neighbors[0]->peer.caps.asn4 == (i < 7), "%s", spellings[i]);
		config_free(c);
		text_free(&body);
	}
}
