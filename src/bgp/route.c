/* The route statement: words to routes. */
#include "bgp/route.h"

#include "draft.h"
#include "routes.h"

#include "base/map.h"
#include "base/must.h"

static const struct family *
family_for(const struct prefix *p, uint8_t safi)
{
	return family_of(p->addr.family == ADDR_IPV4 ? 1 : 2, safi == 0 ? 1 : safi);
}

/* Length, what stands in front, bits: RFC 4271 4.3, RFC 8277 2. */
static struct slice
prefix_nlri(struct routes *to, const struct prefix *p, struct slice head)
{
	size_t bytes = prefix_bytes(p);
	uint8_t *at = arena_get(&to->arena, 1 + head.len + bytes);

	at[0] = (uint8_t)(head.len * 8 + p->len); /* whoever fills the head keeps it in a byte */
	if (head.len != 0)
		memcpy(at + 1, head.at, head.len);
	memcpy(at + 1 + head.len, p->addr.bytes, bytes);
	return slice_of(at, 1 + head.len + bytes);
}

/* All of a draft but its NLRI. */
static struct route *
add_draft(struct routes *to, const struct draft *d, struct attrs *attrs)
{
	struct route *r = routes_make(to, attrs);

	r->nlri.path_id = d->path_id;
	r->nlri.has_path_id = d->has_path_id;
	r->withdrawn = d->withdrawn;
	r->acts = d->acts;
	r->name = d->name;
	r->watchdog = d->watchdog;
	return r;
}

static void
add_prefix(struct routes *to, const struct draft *d, const struct prefix *p, struct attrs *attrs)
{
	struct route *r = add_draft(to, d, attrs);

	r->nlri.family = d->family != NULL ? d->family : family_for(p, d->safi);
	r->nlri.bytes = prefix_nlri(to, p, slice_of(d->head, d->head_len));
}

/* All prefixes of the split length inside of p: the first, and in how many bits they differ. */
static void
add_split(struct routes *to, const struct draft *d, const struct prefix *whole, struct attrs *attrs)
{
	struct prefix first = *whole;
	struct route *r;

	first.len = d->split;
	add_prefix(to, d, &first, attrs);
	r = &to->at[to->count - 1];
	r->split = d->split;
	r->split_bits = (uint8_t)(d->split - whole->len); /* a byte less a smaller one */
}

/* What stands in front of the prefix, by what its family wants. */
static void
settle(struct lex *lx, struct draft *d, const struct prefix *p, enum route_use use)
{
	const struct family *f = d->family != NULL ? d->family : family_for(p, d->safi);
	size_t bits = d->has_split && d->split > p->len ? d->split : p->len;

	d->head_len = 0;
	if (f->settle != NULL)
		f->settle(lx, d, f, use != ROUTE_WITHDRAW);
	else if (d->safi != 0)
		lex_fault(lx, "label and rd have no place in %s", f->name);
	if (d->head_len * 8 + bits > UINT8_MAX)
		lex_fault(lx, "too many labels for a prefix of %zu bits", bits);
}

static void
add_prefixes(struct lex *lx, struct routes *to, struct draft *d, const struct prefix *p,
    enum route_use use, struct attrs *attrs)
{
	unsigned most = p->addr.family == ADDR_IPV4 ? 32 : 128;

	settle(lx, d, p, use);
	if (lex_failed(lx))
		return;
	if (!d->has_split || d->split <= p->len)
		add_prefix(to, d, p, attrs);
	else if (d->split > most)
		lex_fault(lx, "split /%u is longer than an address", d->split);
	else if (d->split - p->len > ROUTE_SPLIT_MAX)
		lex_fault(
		    lx, "split /%u gives more than %u routes", d->split, 1u << ROUTE_SPLIT_MAX);
	else
		add_split(to, d, p, attrs);
}

static void
add_nlri(struct routes *to, const struct draft *d, struct attrs *attrs)
{
	struct route *r = add_draft(to, d, attrs);

	r->nlri.family = d->family;
	r->nlri.bytes = arena_copy(&to->arena, d->nlri);
}

/* Words are borrowed: the routes keep their own. */
static void
keep_words(struct routes *to, struct draft *d)
{
	if (d->name.at != NULL)
		d->name = arena_copy(&to->arena, d->name);
	if (d->watchdog.at != NULL)
		d->watchdog = arena_copy(&to->arena, d->watchdog);
}

/* The words that go before those of the statement: the first of an attribute counts. */
static void
parse_shared(struct lex *lx, struct draft *d, struct routes *to)
{
	struct lex shared;

	if (to->shared.len == 0)
		return;
	lex_init(&shared, to->shared, LEX_COMMAND);
	draft_words(&shared, d, NULL);
	if (!lex_failed(&shared) && !lex_over(&shared))
		lex_fault(&shared, "expected words");
	if (lex_failed(&shared))
		lex_fault(lx, "in what is shared, %s", text_chars(&shared.fault));
	keep_words(to, d);
	lex_done(&shared);
}

static bool
has_next_hop(const struct draft *d)
{
	return d->build.next_hop.len != 0 || d->build.next_hop_self;
}

static void
want_next_hop(struct lex *lx, const struct draft *d, enum route_use use)
{
	struct text prefix = { 0 };

	if (use == ROUTE_WITHDRAW || has_next_hop(d))
		return;
	if (d->family != NULL && (d->family->traits & FAMILY_NO_NEXT_HOP) != 0)
		return;
	draft_said(d, &prefix);
	lex_fault(lx, "missing next-hop (announce requires nexthop%s)", text_chars(&prefix));
	text_free(&prefix);
}

/* The routes of a draft that is complete; the set, borrowed from them, or NULL. */
static struct attrs *
finish(struct lex *lx, struct draft *d, enum route_use use, struct routes *to)
{
	size_t before = to->count;
	struct attrs *attrs;

	want_next_hop(lx, d, use);
	if (d->nlri.at != NULL && d->family->settle != NULL)
		d->family->settle(lx, d, d->family, use != ROUTE_WITHDRAW);
	if (lex_failed(lx))
		return NULL;
	attrs = attrs_freeze(&d->build);
	keep_words(to, d);
	if (d->nlri.at != NULL)
		add_nlri(to, d, attrs);
	else
		add_prefixes(lx, to, d, &d->prefix, use, attrs);
	if (lex_failed(lx))
		routes_cut(to, before);
	attrs_drop(attrs);
	return lex_failed(lx) ? NULL : attrs;
}

static void
add_cached(struct routes *to, const struct prefix *p, struct attrs *attrs)
{
	struct route *r = routes_make(to, attrs);

	r->nlri.family = family_for(p, 0);
	r->nlri.bytes = prefix_nlri(to, p, (struct slice){ NULL, 0 });
}

static void
parse_words(struct lex *lx, struct prefix p, enum route_use use, struct routes *to)
{
	struct draft d;

	draft_init(&d);
	draft_prefix(&d, p);
	parse_shared(lx, &d, to);
	if (lex_take(lx, "{"))
		draft_block(lx, &d);
	else
		draft_words(lx, &d, NULL);
	if (lex_is(lx, "{"))
		lex_fault(lx, "expected words or a block, not both");
	(void)finish(lx, &d, use, to);
}

/* The rest of the text is the statement, and nothing in it but makes the set: worth keeping. */
static void
parse_keeping(struct lex *lx, struct prefix p, enum route_use use, struct routes *to)
{
	struct slice text = lex_rest(lx);
	uint64_t hash = hash_bytes(text.at, text.len);
	struct attrs *attrs = route_cache_find(to, text, hash);
	struct draft d;

	if (attrs != NULL) {
		lex_skip_all(lx);
		add_cached(to, &p, attrs);
		return;
	}
	draft_init(&d);
	draft_prefix(&d, p);
	draft_words(lx, &d, NULL);
	if (lex_is(lx, "{"))
		lex_fault(lx, "expected words or a block, not both");
	attrs = finish(lx, &d, use, to);
	if (attrs != NULL && d.plain && has_next_hop(&d) && lex_over(lx))
		route_cache_put(to, text, hash, attrs);
}

struct nlri
route_nlri(const struct prefix *p, uint8_t *room)
{
	room[0] = p->len;
	memcpy(room + 1, p->addr.bytes, prefix_bytes(p));
	return (struct nlri){ .family = family_for(p, 0),
		.bytes = slice_of(room, 1 + prefix_bytes(p)) };
}

void
route_parse_behind(struct lex *lx, struct prefix p, enum route_use use, struct routes *to)
{
	if (lx->mode == LEX_COMMAND && to->shared.len == 0 && !lex_is(lx, "{"))
		parse_keeping(lx, p, use, to);
	else
		parse_words(lx, p, use, to);
}

void
route_parse(struct lex *lx, enum route_use use, struct routes *to)
{
	struct prefix p = lex_prefix(lx, "a prefix");

	if (!lex_failed(lx))
		route_parse_behind(lx, p, use, to);
}

static void
add_alone(struct routes *to, const struct draft *d, struct attrs *attrs)
{
	struct route *r = routes_make(to, attrs);

	r->withdrawn = d->withdrawn;
	r->name = d->name;
	r->watchdog = d->watchdog;
}

void
route_parse_attributes(struct lex *lx, enum route_use use, struct routes *to)
{
	size_t before = to->count;
	struct draft d;
	struct attrs *attrs;

	draft_init(&d);
	parse_shared(lx, &d, to);
	draft_words(lx, &d, "nlri");
	if (lex_take(lx, "nlri") && !lex_ends(lx))
		want_next_hop(lx, &d, use);
	if (lex_failed(lx))
		return;
	attrs = attrs_freeze(&d.build);
	keep_words(to, &d);
	if (lex_ends(lx))
		add_alone(to, &d, attrs);
	while (!lex_ends(lx)) {
		struct prefix p = lex_prefix(lx, "a prefix");

		if (!lex_failed(lx))
			add_prefixes(lx, to, &d, &p, use, attrs);
	}
	if (lex_failed(lx))
		routes_cut(to, before);
	attrs_drop(attrs);
}

void
route_parse_family(struct lex *lx, struct slice afi, enum route_use use, struct routes *to)
{
	struct token where = lx->now;
	struct slice safi = lex_word(lx, "an address family");
	struct draft d;

	if (lex_failed(lx))
		return;
	draft_init(&d);
	d.family = family_of_words(afi, safi);
	if (d.family == NULL || d.family->parse == NULL) {
		lex_fault_at(
		    lx, &where, "unknown command \"%.*s\"", (int)safi.len, (const char *)safi.at);
		return;
	}
	parse_shared(lx, &d, to);
	d.family->parse(lx, &d);
	draft_words(lx, &d, NULL);
	(void)finish(lx, &d, use, to);
}

static const struct family *
family_stating(const char *word)
{
	for (unsigned id = 0; id < family_count(); id++) {
		const struct family *f = family_at(id);

		if (f->statement != NULL && strcmp(f->statement, word) == 0)
			return f;
	}
	return NULL;
}

void
route_parse_statement(struct lex *lx, const char *word, enum route_use use, struct routes *to)
{
	const struct family *f = family_stating(word);
	struct draft d;

	MUST(f != NULL);
	draft_init(&d);
	parse_shared(lx, &d, to);
	f->statement_parse(lx, &d);
	(void)finish(lx, &d, use, to);
}
