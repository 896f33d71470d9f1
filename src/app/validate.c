/* validate: parse a configuration, encode each of its routes, decode the bytes, compare. */
#include "app.h"

#include "base/mem.h"
#include "bgp/message.h"
#include "bgp/update.h"
#include "daemon.h"
#include "load.h"
#include "rib/pack.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

struct validation {
	bool neighbors; /* -n: say each */
	bool routes;    /* -r: encode, decode, compare */
	bool verbose;   /* -v */
	struct arena arena;
	struct text why;
};

static uint8_t sent[2 * BGP_EXTENDED_MAX];
static uint8_t again[2 * BGP_EXTENDED_MAX];

/* The session that the neighbor would have with a peer that offers what we offer. */
static struct session
session_with(const struct peer_conf *p, bool mirrored)
{
	struct session s = session_assumed();

	s.local_as = p->local_as != 0 ? p->local_as : s.local_as;
	s.peer_as = p->peer_as != 0 ? p->peer_as : s.local_as;
	s.local_id = p->router_id;
	if (p->local.family != ADDR_NONE)
		s.local = p->local;
	else if (p->peer.addr.family == ADDR_IPV6)
		s.local = p->peer.addr;
	s.peer = p->peer.addr;
	s.asn4 = p->caps.asn4;
	s.aigp = p->aigp;
	s.message_max = p->caps.extended_message ? BGP_EXTENDED_MAX : BGP_MESSAGE_MAX;
	for (unsigned i = 0; i < family_count(); i++) {
		if ((p->caps.addpath[i] & ADDPATH_SEND) == 0)
			continue;
		family_add(mirrored ? &s.path_ids_in : &s.path_ids_out, family_at(i));
		if (mirrored)
			family_add(&s.path_ids_out, family_at(i)); /* to say again what was heard */
	}
	return s;
}

/* Bytes that the file spells out may be anything: they are sent, not understood. */
static bool
has_raw(const struct attrs *a)
{
	struct record r;
	size_t at = 0;

	while (attrs_next(a, &at, &r)) {
		if (r.kind == RECORD_RAW)
			return true;
	}
	return false;
}

/* IPv4 behind a prefix of IPv6 is sent as it was written, but nobody, we neither, believes it. */
static bool
has_foreign_next_hop(const struct route *r)
{
	const struct family *f = r->nlri.family;

	return f->afi == AFI_IPV6 && r->attrs->next_hop_len == 4 &&
	    (f->next_hop_lens & UINT64_C(1) << 4) == 0;
}

/* What was decoded, said again, must be the same bytes. */
static bool
says_the_same(
    struct validation *v, const struct update *u, const struct session *s, struct slice message)
{
	for (int part = 0; part < UPDATE_PARTS; part++) {
		const struct update_part *p = &u->announce[part];
		struct nlri_walk walk = nlri_walk_on(p);
		struct writer w = writer_on(again, sizeof(again));
		struct nlri n;

		if (p->family == NULL || !nlri_next(&walk, &n))
			continue;
		if (pack_route(&n, p->attrs, false, s, &w) && slice_same(writer_slice(&w), message))
			return true;
		text_string(&v->why, "what its bytes say is not what was written: ");
		text_hex(&v->why, message);
		return false;
	}
	text_string(&v->why, "its bytes hold no route");
	return false;
}

static bool
route_is_sound(struct validation *v, const struct peer_conf *p, const struct route *r)
{
	struct session s = session_with(p, false);
	struct session mirror = session_with(p, true);
	struct writer w = writer_on(sent, sizeof(sent));
	struct slice message;
	struct update u;
	bool fine;

	if (r->nlri.family == NULL)
		return true; /* attributes alone, which nobody is told */
	if (!pack_route(&r->nlri, r->attrs, false, &s, &w)) {
		text_string(&v->why, "it can not be sent to this neighbor");
		return false;
	}
	if (has_raw(r->attrs) || has_foreign_next_hop(r))
		return true;
	message = writer_slice(&w);
	update_decode(message_body(message), &mirror, &v->arena, NULL, &u);
	fine = u.verdict == VERDICT_FINE;
	if (!fine)
		text_string(&v->why, u.note == NULL ? "its bytes would be refused" : u.note);
	else
		fine = says_the_same(v, &u, &mirror, message);
	update_done(&u);
	arena_reset(&v->arena);
	return fine;
}

static void
name_route(const struct route *r, struct text *to)
{
	struct emit e = emit_on(to, SPELL_WORDS, 0);

	route_emit_whole(&e, r);
}

static bool
neighbor_is_sound(struct validation *v, const struct neighbor_conf *n)
{
	if (v->neighbors)
		fprintf(stderr, "✓ %s\n", n->peer.name);
	for (size_t i = 0; v->routes && i < n->routes.count; i++) {
		struct text name = { 0 };
		bool fine = route_is_sound(v, &n->peer, &n->routes.at[i]);

		if (!fine || v->verbose) {
			name_route(&n->routes.at[i], &name);
			fprintf(stderr, "%s route %s%s%s\n", fine ? "fine:" : "error: invalid",
			    text_chars(&name), fine ? "" : ": ", text_chars(&v->why));
		}
		text_free(&name);
		if (!fine)
			return false;
	}
	return true;
}

static bool
validate_file(struct validation *v, const char *name, const struct env *s)
{
	struct text why = { 0 };
	struct text warnings = { 0 };
	struct config *c = NULL;
	uid_t uid;
	gid_t gid;
	bool fine = daemon_ids(s, &uid, &gid, &why);

	if (fine)
		c = load_config(name, true, s, uid, gid, &why, &warnings);
	fputs(text_chars(&warnings), stderr);
	fine = c != NULL;
	if (!fine)
		fprintf(
		    stderr, "error: %s is not a valid config file: %s\n", name, text_chars(&why));
	for (size_t i = 0; fine && i < c->neighbor_count; i++)
		fine = neighbor_is_sound(v, c->neighbors[i]);
	config_free(c);
	text_free(&why);
	text_free(&warnings);
	if (fine)
		fprintf(stderr, "%s is valid\n", name);
	return fine;
}

static int
usage(FILE *to)
{
	fputs("usage: peerpipe validate [-n] [-r] [-v] [-p] CONFIGURATION...\n", to);
	if (to != stdout)
		return 2;
	fputs("\n"
	      "  -n, --neighbor  name the neighbors\n"
	      "  -r, --route     encode each route, decode the bytes, compare\n"
	      "  -v, --verbose   with -r: say also what is fine\n"
	      "  -p              accepted, without effect\n",
	    to);
	return 0;
}

int
app_validate(int argc, char **argv)
{
	static const struct option words[] = {
		{ "neighbor", no_argument, NULL, 'n' },
		{ "route", no_argument, NULL, 'r' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "pdb", no_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct validation v = { 0 };
	struct env s;
	struct text advice = { 0 };
	bool fine = true;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "nrvph", words, NULL)) != -1) {
		switch (c) {
		case 'n': v.neighbors = true; break;
		case 'r': v.routes = true; break;
		case 'v': v.verbose = true; break;
		case 'h': return usage(stdout);
		case 'p': break; /* of the reference's interpreter */
		default: return usage(stderr);
		}
	}
	if (optind == argc)
		return usage(stderr);
	if (!env_load(&s, app_env_file(), &v.why, &advice)) {
		fprintf(stderr, "%s\n", text_chars(&v.why));
		fine = false;
	}
	if (!s.absent)
		fputs(text_chars(&advice), stderr);
	for (int i = optind; fine && i < argc; i++)
		fine = validate_file(&v, argv[i], &s);
	env_free(&s);
	arena_free(&v.arena);
	text_free(&v.why);
	text_free(&advice);
	return fine ? 0 : 1;
}
