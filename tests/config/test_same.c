/* Which changes need a new session. */
#include "case.h"

#include "reading.h"

static bool
same_session(const char *a, const char *b)
{
	struct config *x = read_neighbor(a);
	struct config *y = read_neighbor(b);
	bool same = peer_conf_same_session(&x->neighbors[0]->peer, &y->neighbors[0]->peer);
	bool back = peer_conf_same_session(&y->neighbors[0]->peer, &x->neighbors[0]->peer);

	cr_expect(same == back);
	config_free(x);
	config_free(y);
	return same;
}

Case(same, changes_that_need_a_new_session)
{
	static const char *const changes[] = { "router-id 9.9.9.9;", "local-as 5;", "peer-as 5;",
		"peer-address 10.0.0.9;", "passive;", "listen 1790;", "connect 1790;",
		"hold-time 60;", "rate-limit 5;", "host-name a;", "domain-name a;",
		"md5-password a;", "md5-ip 10.0.0.7;", "outgoing-ttl 1;", "incoming-ttl 1;",
		"group-updates false;", "auto-flush false;", "adj-rib-in false;",
		"adj-rib-out false;", "local-address 10.0.0.3; router-id 10.0.0.2;",
		"capability { asn4 disable; }", "capability { route-refresh; }",
		"capability { graceful-restart 5; }", "capability { nexthop; }",
		"capability { add-path send; }",
		"capability { multi-session; } family { ipv4 unicast; }",
		"capability { operational; }", "capability { aigp; }",
		"capability { extended-message no; }", "capability { software-version yes; }",
		"capability { link-local-nexthop yes; }", "capability { role customer; }",
		"capability { role-strict; }", "family { ipv4 unicast; }" };

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		cr_expect(!same_session("", changes[i]), "%s", changes[i]);
		cr_expect(same_session(changes[i], changes[i]), "%s", changes[i]);
	}
}

Case(same, changes_that_wait_for_the_next_session)
{
	static const char *const changes[] = { "description other;", "manual-eor true;", "queue 7;",
		"queue-bytes 5000;", "batch-size 7;", "batch-time 7; batch-mode tick;",
		"source-interface eth9;", "md5-base64 auto;", "local-link-local fe80::1;",
		"tcp-ao { keyid 1; algorithm hmac-sha-256; password x; }",
		"static { route 10.0.0.0/8 next-hop 10.0.0.9; }", "api { signal; }",
		"capability { link-local-prefer true; }", "add-path { ipv4 unicast; }" };

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		cr_expect(same_session("", changes[i]), "%s", changes[i]);
	cr_expect(same_session("capability { add-path send; } add-path { ipv4 unicast; }",
	    "capability { add-path send; } add-path { ipv6 unicast; }"));
	cr_expect(
	    !same_session("capability { add-path send; }", "capability { add-path receive; }"));
}

Case(same, helpers_are_the_same_in_all_their_settings)
{
	struct config *a = read_good("process a { run x y; }", NULL);
	static const char *const others[] = { "process b { run x y; }", "process a { run x; }",
		"process a { run x y z; }", "process a { run z y; }",
		"process a { run x y; encoder json; }", "process a { run x y; respawn no; }",
		"process a { run x y; respawn 5/60s; }" };

	cr_expect(helper_conf_same(a->helpers[0], a->helpers[0]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct config *b = read_good(others[i], NULL);

		cr_expect(!helper_conf_same(a->helpers[0], b->helpers[0]), "%s", others[i]);
		config_free(b);
	}
	config_free(a);
}
