/* peer SELECTOR routes: what the peers are announced, by text and by index. */
#include "job.h"

#include "base/hex.h"
#include "base/mem.h"
#include "base/wire.h"
#include "lang/emit.h"

#include <string.h>

/* An index is the hex of: the family in hex, twice, a path identifier or that there is none, NLRI.
 */
#define NO_PATH_ID "disabled"
#define INDEX_MAX  (32 + NLRI_MAX)

static void
index_family(const struct family *f, struct text *to)
{
	for (int i = 0; i < 2; i++)
		text_format(to, "%02x%02x", f->afi, f->safi);
}

void
route_index(const struct nlri *n, struct text *to)
{
	struct text key = { 0 };
	uint8_t path[4];

	index_family(n->family, &key);
	store_u32(path, n->path_id);
	if (n->has_path_id)
		text_bytes(&key, path, sizeof(path));
	else
		text_string(&key, NO_PATH_ID);
	text_slice(&key, n->bytes);
	text_hex(to, text_view(&key));
	text_free(&key);
}

void
route_words(const struct member *m, const struct nlri *n, const struct attrs *a, struct text *to)
{
	struct emit e = emit_on(to, SPELL_TEXT, 0);
	struct addr self = peer_local(m->peer);

	route_emit(&e, n, a, &self);
}

/* [AFI [SAFI]] in front of the action: the families that are meant. */
static struct family_set
families_meant(struct call *c)
{
	struct family_set meant = { 0 };
	struct slice afi = lex_word(c->lx, "list, add or remove");
	struct slice safi = { 0 };

	if (!lex_is(c->lx, "list") && !lex_is(c->lx, "add") && !lex_is(c->lx, "remove"))
		safi = lex_word(c->lx, "list, add or remove");
	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);
		struct slice rest = slice_on(f->name);

		if (slice_same(call_word(&rest), afi) &&
		    (safi.len == 0 || family_of_words(afi, safi) == f))
			family_add(&meant, f);
	}
	if (meant.bits == 0)
		lex_fault(c->lx, "unknown family");
	return meant;
}

/* The statement behind add or remove, parsed as the command of that word; false: *why. */
static bool
parse_as(struct call *c, const char *action, struct slice route, struct text *why)
{
	struct text line = { 0 };
	bool fine;

	text_string(&line, action);
	text_slice(&line, route);
	fine = call_inside(c, text_view(&line), true, why) == CALL_DONE &&
	    c->commands->routes.count > 0;
	text_free(&line);
	return fine;
}

static bool
all_of(const struct routes *routes, struct family_set meant)
{
	for (size_t i = 0; i < routes->count; i++) {
		if (routes->at[i].nlri.family == NULL ||
		    !family_in(meant, routes->at[i].nlri.family))
			return false;
	}
	return true;
}

/* One member of the answer: "name": "value". */
static void
put_string(struct call *c, const char *name, struct slice value)
{
	text_format(c->answer, "\"%s\": \"", name);
	json_escape(c->answer, value);
	text_char(c->answer, '"');
}

static void
put_index(struct call *c, const struct nlri *n)
{
	text_string(c->answer, "\"index\": \"");
	route_index(n, c->answer);
	text_char(c->answer, '"');
}

static void
put_route(struct call *c, const struct route *r)
{
	struct text words = { 0 };

	route_words(c->peers->at[0], &r->nlri, r->attrs, &words);
	put_string(c, "route", text_view(&words));
	text_free(&words);
}

static enum call_result
not_of_family(struct call *c, struct slice route)
{
	text_char(c->answer, '{');
	put_string(c, "route", route);
	text_string(c->answer, ", \"success\": false, ");
	put_string(c, "error", SLICE("the route is of another family"));
	text_string(c->answer, "}\n");
	return CALL_MUTE;
}

static bool
answer_now(struct job *j)
{
	struct text *answer = j->more;

	j->dump.issuer->answer(j->dump.issuer, text_view(answer));
	j->dump.mute = true;
	return false;
}

static void
answer_drop(struct job *j)
{
	text_free(j->more);
	mem_free(j->more);
}

/* What would be answered now is, when the job has said its routes. */
static void
answer_behind(struct call *c)
{
	struct text *answer = mem_zero(1, sizeof(*answer));

	*answer = *c->answer;
	*c->answer = (struct text){ 0 };
	c->job->more = answer;
	c->job->then = answer_now;
	c->job->drop = answer_drop;
}

/* The first of what the statement means (it may be split) is what the answer names. */
static enum call_result
change(struct call *c, struct family_set meant, bool add)
{
	struct slice route = lex_rest(c->lx);
	struct text why = { 0 };
	bool parsed = parse_as(c, add ? "announce " : "withdraw ", route, &why);
	const struct routes *routes = &c->commands->routes;

	text_free(&why);
	lex_skip_all(c->lx);
	if (!parsed)
		return call_fails(
		    c, "Could not parse route: %.*s", (int)route.len, (const char *)route.at);
	if (!all_of(routes, meant))
		return not_of_family(c, route);
	text_string(c->answer, add ? "{" : "{\"removed\": true, ");
	if (add) {
		put_index(c, &routes->at[0].nlri);
		text_string(c->answer, ", ");
		put_route(c, &routes->at[0]);
		text_string(c->answer, ", \"success\": true}\n");
	} else {
		put_route(c, &routes->at[0]);
		text_string(c->answer, ", ");
		put_index(c, &routes->at[0].nlri);
		text_string(c->answer, "}\n");
	}
	if (routes_to_peers(c, add ? member_announce : member_withdraw) == CALL_DONE)
		return CALL_MUTE;
	answer_behind(c);
	return CALL_LATER;
}

/* The route in the bytes of an index, if it is one of the family. */
static bool
index_nlri(struct slice bytes, const struct family *f, struct nlri *to)
{
	struct text head = { 0 };
	struct reader r;
	bool ours;
	bool bare;

	index_family(f, &head);
	ours = slice_begins(bytes, text_chars(&head));
	bytes = slice_after(bytes, ours ? head.len : 0);
	text_free(&head);
	bare = slice_begins(bytes, NO_PATH_ID);
	r = reader_on(slice_after(bytes, bare ? strlen(NO_PATH_ID) : 0));
	*to = nlri_take(f, &r, !bare);
	return ours && reader_done(&r) && (f->sound == NULL || f->sound(f, to->bytes));
}

/* What is announced under that index; with other labels it is another one. */
static bool
indexed(const struct rib_out *out, const struct family *f, struct slice index, struct slice bytes,
    struct route *to)
{
	struct text own = { 0 };
	struct nlri n;
	bool found = index_nlri(bytes, f, &n) && rib_out_has(out, &n, &to->nlri, &to->attrs);

	if (!found)
		return false;
	route_index(&to->nlri, &own);
	found = slice_same(text_view(&own), index);
	text_free(&own);
	return found;
}

/* Is it announced to the peer under that index? It is withdrawn then. */
static bool
remove_one(struct member *m, const struct issuer *by, struct family_set meant, struct slice index)
{
	uint8_t bytes[INDEX_MAX];
	struct route r = { 0 };
	size_t len;

	if (!hex_decode(index, bytes, sizeof(bytes), &len))
		return false;
	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);

		if (family_in(meant, f) &&
		    indexed(peer_out(m->peer), f, index, slice_of(bytes, len), &r)) {
			member_withdraw(m, by, &r);
			return true;
		}
	}
	return false;
}

static enum call_result
remove_index(struct call *c, struct family_set meant)
{
	struct slice index = lex_word(c->lx, "the index of a route");
	bool found = false;

	if (lex_failed(c->lx))
		return call_bad_words(c);
	for (size_t i = 0; i < c->peers->count; i++)
		found |= remove_one(c->peers->at[i], c->issuer, meant, index);
	text_format(c->answer, "{\"removed\": %s, ", found ? "true" : "false");
	put_string(c, "index", index);
	text_string(c->answer, "}\n");
	return CALL_MUTE;
}

static enum call_result
peer_routes(struct call *c)
{
	struct family_set meant = family_all();

	if (!c->selected)
		return call_fails(c, "expected a selector between peer and routes");
	if (lex_over(c->lx))
		return call_fails(c, "routes requires action: list, add, or remove");
	if (!lex_is(c->lx, "list") && !lex_is(c->lx, "add") && !lex_is(c->lx, "remove"))
		meant = families_meant(c);
	if (lex_failed(c->lx))
		return call_bad_words(c);
	if (lex_take(c->lx, "list"))
		return routes_list(c, meant);
	if (lex_take(c->lx, "add"))
		return change(c, meant, true);
	if (!lex_take(c->lx, "remove"))
		return call_fails(c, "routes requires action: list, add, or remove");
	return lex_take(c->lx, "index") ? remove_index(c, meant) : change(c, meant, false);
}

const struct command commands_routes[] = {
	{ "peer routes", NULL, true, peer_routes },
	{ 0 },
};
