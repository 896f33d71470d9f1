/* What users of ExaBGP look for in a sentence: its words for the same mistake. */
#include "reading.h"

#include "case.h"

Case(known, mistakes_have_the_words_that_users_look_for)
{
#define ROUTE(words)      "static { route 10.0.0.0/24 next-hop 192.0.2.1 " words "; }"
#define RULE(match, then) "flow { route { match { " match "; } then { " then "; } } }"
	static const struct {
		const char *body;
		const char *known;
	} rows[] = {
		{ "foo bar;", "invalid keyword \"foo\"" },
		{ "foo { }", "section foo is invalid in neighbor" },
		{ "foo x { }", "section foo is invalid in neighbor" },
		{ "api { foo; }", "invalid keyword \"foo\"" },
		{ ROUTE("xyz"), "unknown command \"xyz\"" },
		{ "passive maybe;", "'maybe' is not a valid boolean" },
		{ "hold-time 2;", "hold-time 2 is invalid" },
		{ "hold-time 65536;", "hold-time 65536 is invalid" },
		{ "listen 0;", "port 0 is invalid (must be 1-65535)" },
		{ "outgoing-ttl 256;", "TTL 256 is invalid" },
		{ "peer-as x;", "'x' is not a valid ASN" },
		{ "router-id ::1;", "'::1' is not a valid router-id" },
		{ "peer-address x;", "'x' is not a valid IP address or range" },
		{ "family { ipv4 foo; }", "'foo' is not valid for ipv4" },
		{ "family { ipv4 unicast; ipv4 unicast; }", "Duplicate entry: (ipv4, unicast)" },
		{ "family { all; ipv4 unicast; }", "cannot add any family once family all is set" },
		{ "nexthop { ipv4 unicast ipv4; }", "'ipv4' is not a valid next-hop AFI" },
		{ "nexthop { ipv4 flow ipv6; }", "'flow' is not a valid SAFI for ipv4" },
		{ "capability { graceful-restart 4096; }", "4096 exceeds maximum 4095" },
		{ "capability { add-path both; }", "'both' is not a valid add-path option" },
		{ "add-path { ipv4 unicast limit 0; }", "paths-limit must be 1-65535, got 0" },
		{ "inherit a b;", "invalid inherit list" },
		{ "static { route 10.0.0.1/24 next-hop 192.0.2.1; }",
		    "'10.0.0.1/24' is not a valid network" },
		{ "static { route 10.0.0.0/33 next-hop 192.0.2.1; }", "invalid netmask 33" },
		{ ROUTE("med x"), "'x' is not a valid MED" },
		{ ROUTE("med 4294967296"), "MED value out of range: 4294967296" },
		{ ROUTE("origin x"), "'x' is not a valid origin" },
		{ ROUTE("community x"), "invalid community name x" },
		{ ROUTE("extended-community x"), "invalid extended community x" },
		{ ROUTE("label 1048576"), "MPLS label 1048576 out of range" },
		{ ROUTE("rd 1"), "invalid route-distinguisher 1" },
		{ ROUTE("split 25"), "'25' is not a valid split value" },
		{ RULE("port 70000", "discard"), "you tried to set an invalid port number 70000" },
		{ RULE("protocol foo", "discard"), "unknown protocol foo" },
		{ RULE("dscp 64", "discard"),
		    "you tried to filter a flow using an invalid dscp for a component 64" },
		{ RULE("port 80", "redirect foo"), "unrecognised ip address foo" },
		{ RULE("port 80", "redirect foo:1"), "asn is invalid: foo:1" },
		{ "l2vpn { vpls endpoint 65536; }", "invalid l2vpn vpls endpoint" },
		{ "l2vpn { vpls size 65536; }", "invalid l2vpn vpls label" },
		{ "md5-base64 true; md5-password !;", "Invalid MD5 password: not valid base64" },
		{ "api { processes [ x ]; }",
		    "an api called 'x' is used by neighbor '10.0.0.1' but not defined" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text why = { 0 };

		neighbor_fault(rows[i].body, &why);
		cr_expect(strstr(text_chars(&why), rows[i].known) != NULL, "%s: %s, not %s",
		    rows[i].body, text_chars(&why), rows[i].known);
		text_free(&why);
	}
}

Case(known, what_is_no_part_of_the_file_is_named)
{
	static const char process[] = "process a { run /bin/cat; }\nprocess a { run /bin/cat; }\n";

	expect_fault("group x { }",
	    "line 1, column 1: expected a keyword or a section of the file, found \"group\" "
	    "(section group is invalid in root)");
	expect_fault(process,
	    "line 2, column 9: expected another name: a process has this one already, found \"a\" "
	    "(a process section called \"a\" already exists)");
}
