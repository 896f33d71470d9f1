/* show: neighbors and their adj-ribs. */
#include "long.h"
#include "routes.h"

#include "api/show.h"
#include "base/mem.h"
#include "engine/report.h"
#include "lang/emit.h"

/* The words behind show neighbor and show adj-rib: an address restricts, the others choose. */
struct show_words {
	bool json;
	bool summary;
	bool extensive;
	bool configuration;
	struct family_set families; /* inet, flow, l2vpn */
	struct addr only;           /* family none: all */
};

static void
show_words(struct call *c, struct show_words *w)
{
	*w = (struct show_words){ .families = family_all(), .json = c->json };
	while (!lex_over(c->lx)) {
		struct slice word = lex_next(c->lx).word;

		if (slice_is(word, "json"))
			w->json = true;
		else if (slice_is(word, "summary"))
			w->summary = true;
		else if (slice_is(word, "extensive"))
			w->extensive = true;
		else if (slice_is(word, "configuration"))
			w->configuration = true;
		else if (slice_is(word, "routes") || slice_is(word, "static"))
			continue; /* 4.2: all of them */
		else if (!show_filter(word, &w->families) && !addr_parse(word, &w->only))
			lex_fault(c->lx, "\"%.*s\" is no address and no option of show",
			    (int)word.len, (const char *)word.at);
	}
}

static bool
shown(const struct member *m, const struct show_words *w)
{
	struct addr a = peer_address(m->peer);

	return w->only.family == ADDR_NONE || addr_same(&a, &w->only);
}

static struct meant
meant_by(struct call *c, const struct show_words *w)
{
	struct meant meant = { .names = mem_zero(c->peers->count, sizeof(char *)) };

	for (size_t i = 0; i < c->peers->count; i++)
		if (shown(c->peers->at[i], w))
			meant_add(&meant, c->peers->at[i]);
	return meant;
}

static enum call_result
show_neighbor(struct call *c)
{
	struct show_words w;

	show_words(c, &w);
	if (lex_failed(c->lx))
		return call_bad_words(c);
	if (w.json)
		return neighbors_told(c, TOLD_JSON, meant_by(c, &w));
	if (w.summary)
		return neighbors_told(c, TOLD_SUMMARY, meant_by(c, &w));
	if (w.extensive)
		return neighbors_told(c, TOLD_EXTENSIVE, meant_by(c, &w));
	if (w.configuration)
		return configuration_told(c, meant_by(c, &w));
	show_usage(engine_dialect(c->engine, c->issuer), c->answer);
	return CALL_DONE;
}

/* "show adj-rib": in slices of routes, over members, in the order of the file. */

#define RIB_SLICE 32          /* routes of a step */
#define RIB_PIECE (32 * 1024) /* bytes: its reader is not woken for less */

struct rib_dump {
	struct dump dump;
	struct show_words words;
	bool in;
	bool listed;       /* one JSON list */
	bool begun;        /* it has a route */
	bool torn;         /* what was given ends in the middle of a line */
	const void *table; /* being walked; a reload may have put another in its place */
	struct meant meant;
	struct rib_walk walk;
	struct text lines;
	size_t open; /* routes in the JSON object that is being given; 0: none is open */
};

static bool
next_route(struct rib_dump *d, struct member *m, struct nlri *n, struct attrs **a)
{
	if (!d->in)
		return rib_out_next(peer_out(m->peer), &d->walk, n, a);
	return rib_in_next(peer_in(m->peer), &d->walk, n, a);
}

static const void *
table_of(const struct rib_dump *d, const struct member *m)
{
	if (m == NULL)
		return NULL;
	return d->in ? (const void *)peer_in(m->peer) : (const void *)peer_out(m->peer);
}

/* True: the walk goes on, or begins. */
static bool
walk_enter(struct rib_dump *d, struct member *m)
{
	const struct dialect *dialect = engine_dialect(d->dump.engine, d->dump.issuer);
	const void *table = table_of(d, m);

	if (d->table == NULL && table != NULL) {
		d->table = table;
		if (d->in)
			rib_in_walk_begin(peer_in(m->peer), &d->walk);
		else
			rib_out_walk_begin(peer_out(m->peer), &d->walk);
		if (dialect->layout->ranked)
			rib_walk_order(&d->walk, &peer_conf(m->peer)->caps.families);
	}
	return table != NULL && table == d->table;
}

static void
walk_leave(struct rib_dump *d, struct member *m)
{
	if (d->table != NULL && table_of(d, m) == d->table) {
		if (d->in)
			rib_in_walk_end(peer_in(m->peer), &d->walk);
		else
			rib_out_walk_end(peer_out(m->peer), &d->walk);
	}
	d->table = NULL;
}

static void
list_route(struct rib_dump *d, const struct member *m, const struct nlri *n, const struct attrs *a)
{
	struct text words = { 0 };

	text_string(&d->lines, !d->begun ? "{\"index\": \"" : ", {\"index\": \"");
	route_index(n, &d->lines);
	text_string(&d->lines, "\", \"route\": \"");
	route_words(m, n, a, &words);
	json_escape(&d->lines, text_view(&words));
	text_string(&d->lines, "\", \"neighbor\": \"");
	json_escape(&d->lines, slice_on(peer_name(m->peer)));
	text_string(&d->lines, "\"}");
	d->begun = true;
	text_free(&words);
}

/* Closes the object of several routes. m: NULL if it is gone. */
static void
close_json(struct rib_dump *d, const struct member *m)
{
	struct show_peer about;
	bool tells = d->words.extensive && m != NULL;

	if (d->open == 0)
		return;
	if (tells)
		report_member(m, &about);
	show_routes_json_close(
	    engine_dialect(d->dump.engine, d->dump.issuer), tells ? &about : NULL, &d->lines);
	d->open = 0;
}

/* api.chunk routes of a neighbor share an object. */
static void
add_json(struct rib_dump *d, const struct member *m, const struct show_route *r)
{
	const struct dialect *dialect = engine_dialect(d->dump.engine, d->dump.issuer);

	if (d->open == 0)
		show_routes_json_open(r->peer, &d->lines);
	show_routes_json_add(dialect, r, d->open == 0, &d->lines);
	if (++d->open >= engine_conf(d->dump.engine)->chunk)
		close_json(d, m);
}

static void
print_route(struct rib_dump *d, const struct member *m, const struct nlri *n, const struct attrs *a)
{
	const struct dialect *dialect = engine_dialect(d->dump.engine, d->dump.issuer);
	struct addr peer = peer_address(m->peer);
	struct addr self = peer_local(m->peer);
	struct show_route r = {
		.peer = &peer,
		.name = peer_name(m->peer),
		.nlri = n,
		.attrs = a,
		.self = &self,
	};

	if (d->listed) {
		list_route(d, m, n, a);
	} else if (d->words.json && !d->words.extensive && engine_conf(d->dump.engine)->routes_v2) {
		show_route_json_v2(dialect, &r, &d->lines);
	} else if (d->words.json) {
		add_json(d, m, &r);
	} else if (d->words.extensive) {
		show_route_extensive(dialect, &r, &d->lines);
	} else {
		show_route_text(dialect, &r, &d->lines);
	}
}

static void
give_lines(struct rib_dump *d)
{
	if (d->lines.len == 0)
		return;
	d->torn = text_chars(&d->lines)[d->lines.len - 1] != '\n';
	d->dump.issuer->answer(d->dump.issuer, text_view(&d->lines));
	text_clear(&d->lines);
}

static bool
rib_step(struct dump *dump)
{
	struct rib_dump *d = owner_of(dump, struct rib_dump, dump);
	struct member *m;
	struct nlri n;
	struct attrs *a;

	if (meant_over(&d->meant))
		return false;
	m = meant_member(&d->meant, dump->engine);
	for (int i = 0; i < RIB_SLICE; i++) {
		if (!walk_enter(d, m) || !next_route(d, m, &n, &a)) {
			close_json(d, m);
			walk_leave(d, m);
			d->meant.at++;
			break;
		}
		if (family_in(d->words.families, n.family))
			print_route(d, m, &n, a);
	}
	if (d->listed && meant_over(&d->meant))
		text_string(&d->lines, "]\n");
	if (d->lines.len >= RIB_PIECE || meant_over(&d->meant))
		give_lines(d);
	return !meant_over(&d->meant);
}

static void
rib_done(struct dump *dump)
{
	struct rib_dump *d = owner_of(dump, struct rib_dump, dump);

	if (d->table != NULL)
		walk_leave(d, meant_member(&d->meant, dump->engine));
	if (d->torn) /* it is cut off: what comes next is another line */
		dump->issuer->answer(dump->issuer, SLICE("\n"));
	meant_free(&d->meant);
	text_free(&d->lines);
	mem_free(d);
}

static struct rib_dump *
rib_dump_new(struct call *c, const struct show_words *w)
{
	struct rib_dump *d = mem_zero(1, sizeof(*d));

	d->dump.step = rib_step;
	d->dump.done = rib_done;
	d->words = *w;
	d->meant = meant_by(c, w);
	return d;
}

enum call_result
routes_list(struct call *c, struct family_set families)
{
	struct show_words w = { .families = families };
	struct rib_dump *d = rib_dump_new(c, &w);

	d->dump.mute = true;
	d->listed = true;
	text_char(&d->lines, '[');
	dump_start(&d->dump, c->engine, c->issuer);
	return CALL_LATER;
}

static enum call_result
show_rib(struct call *c, bool in)
{
	struct show_words w;
	struct rib_dump *d;

	show_words(c, &w);
	if (lex_failed(c->lx))
		return call_bad_words(c);
	d = rib_dump_new(c, &w);
	d->in = in;
	dump_start(&d->dump, c->engine, c->issuer);
	return CALL_LATER;
}

static enum call_result
show_rib_in(struct call *c)
{
	return show_rib(c, true);
}

static enum call_result
show_rib_out(struct call *c)
{
	return show_rib(c, false);
}

const struct command commands_show[] = {
	{ "show neighbor", "[ summary | extensive | configuration ]", true, show_neighbor },
	{ "show adj-rib in", "[ extensive ]", true, show_rib_in },
	{ "show adj-rib out", "[ extensive ]", true, show_rib_out },
	{ "show adj-rib-in", NULL, true, show_rib_in },
	{ "show adj-rib-out", NULL, true, show_rib_out },
	{ 0 },
};
