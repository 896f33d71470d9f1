/* UPDATEs as the commands that would send them. */
#include "commands.h"

#include "base/num.h"
#include "bgp/attrs.h"
#include "bgp/family.h"
#include "bgp/shape.h"
#include "lang/emit.h"

#define RECORD_ROOM 65536

/* Next to each other in this order, whatever their codes are. */
static const uint8_t before_next_hop[] = { 1, 2 };
static const uint8_t behind_next_hop[] = { 5, 4, 6, 7, 8, 32, 16, 25 };
static const uint8_t behind_rule[] = { 5, 4, 6, 7, 16, 25, 8, 32 };
static const uint8_t at_the_end[] = { 9, 10, 40 };

/* What every UPDATE to an internal peer has, and commands of families without prefixes leave out.
 */
static const uint8_t igp[] = { 0 };
static const uint8_t preferred[] = { 0, 0, 0, 100 };

static bool
is_in(uint8_t code, const uint8_t *codes, size_t n)
{
	return memchr(codes, code, n) != NULL;
}

static bool
is_placed(uint8_t code)
{
	return is_in(code, before_next_hop, sizeof(before_next_hop)) ||
	    is_in(code, behind_next_hop, sizeof(behind_next_hop)) ||
	    is_in(code, at_the_end, sizeof(at_the_end));
}

/* A set of one member, to be spelt by itself. f: of the route, or NULL. */
static void
put_record(struct text *to, const struct family *f, const struct record *r)
{
	bool policy = f != NULL && (f->traits & FAMILY_POLICY) != 0;
	static uint8_t room[RECORD_ROOM];
	struct writer w = writer_on(room, sizeof(room));
	struct attrs_build b = { .room = &w };
	struct emit e = emit_on(to, SPELL_WORDS, policy ? SHAPE_POLICY : 0);
	struct attrs *one;
	size_t start;

	if (!build_add(&b, r->code, r->flags, r->kind, r->value))
		return;
	one = attrs_freeze(&b);
	text_char(to, ' ');
	start = to->len;
	attrs_emit(&e, one);
	if (to->len == start) /* an empty AS_PATH has no words */
		to->at[--to->len] = '\0';
	attrs_drop(one);
}

/* Families of prefixes, which "route" and "attributes" are for. */
static bool
has_prefixes(const struct family *f)
{
	return f->afi <= 2 && (f->safi <= 4 || f->safi == 128);
}

static bool
is_usual(const struct record *r)
{
	return (r->code == 1 && slice_same(r->value, slice_of(igp, sizeof(igp)))) ||
	    (r->code == 2 && r->value.len == 0) ||
	    (r->code == 5 && slice_same(r->value, slice_of(preferred, sizeof(preferred))));
}

static bool
is_all_usual(const struct attrs *a)
{
	struct record r;

	for (size_t at = 0; attrs_next(a, &at, &r);)
		if (!is_usual(&r))
			return false;
	return true;
}

static void
put_records(
    struct text *to, const struct family *f, const struct attrs *a, const uint8_t *codes, size_t n)
{
	bool usual = f == NULL || has_prefixes(f);
	struct record r;

	for (size_t i = 0; i < n; i++)
		if (attrs_find(a, codes[i], &r) && (usual || !is_usual(&r)))
			put_record(to, f, &r);
}

static void
put_next_hop(struct text *to, const struct attrs *a)
{
	struct slice hop = attrs_next_hop(a);
	struct addr next_hop = addr_of_bytes(hop.len == 32 ? slice_of(hop.at, 16) : hop);

	if (next_hop.family == ADDR_NONE)
		return;
	text_string(to, " next-hop ");
	addr_print(to, &next_hop);
}

enum hop_place { HOP_ELSEWHERE, HOP_INSIDE };

/* f: of the route, or NULL. Other families than those of prefixes leave out what is usual. */
static void
put_attributes(struct text *to, const struct family *f, const struct attrs *a, enum hop_place hop)
{
	bool rule = f != NULL && !has_prefixes(f);
	struct record r;

	put_records(to, f, a, before_next_hop, sizeof(before_next_hop));
	if (hop == HOP_INSIDE)
		put_next_hop(to, a);
	put_records(to, f, a, rule ? behind_rule : behind_next_hop, sizeof(behind_next_hop));
	for (size_t at = 0; attrs_next(a, &at, &r);)
		if (!is_placed(r.code))
			put_record(to, f, &r);
	put_records(to, f, a, at_the_end, sizeof(at_the_end));
}

static bool
parts_any(const struct update_part parts[UPDATE_PARTS])
{
	return parts[0].family != NULL || parts[1].family != NULL;
}

static bool
can_say(const struct update_part parts[UPDATE_PARTS])
{
	for (size_t i = 0; i < UPDATE_PARTS; i++)
		if (parts[i].family != NULL && parts[i].family->parse == NULL)
			return false;
	return true;
}

/* A prefix has its next hop at once, and its other words behind. */
static void
put_nlri(struct text *to, const struct nlri *n, const struct attrs *a)
{
	struct text words = { 0 };
	struct emit e = emit_on(&words, SPELL_WORDS, 0);
	struct slice all;
	struct slice prefix;
	struct slice rest;

	n->family->emit(&e, n);
	all = text_view(&words);
	if (!has_prefixes(n->family) || !word_cut(all, ' ', &prefix, &rest)) {
		prefix = all;
		rest = SLICE("");
	}
	text_slice(to, prefix);
	if (a != NULL)
		put_next_hop(to, a);
	text_string(to, rest.len > 0 ? " " : "");
	text_slice(to, rest);
	text_free(&words);
}

/* "route", or the words of the family. */
static void
put_verb(struct text *to, const char *verb, const struct family *f)
{
	bool route = f->afi == 1 && f->safi != 2 && has_prefixes(f);

	text_string(to, verb);
	text_string(to, route ? " route" : " ");
	text_string(to, route ? "" : f->name);
	text_char(to, ' ');
}

/* Whether all routes have one identifier, or none, which is given then. */
static bool
is_one_path(const struct update_part *p, struct nlri *first)
{
	struct nlri_walk w = nlri_walk_on(p);
	struct nlri n;

	if (!nlri_next(&w, first))
		return false;
	while (nlri_next(&w, &n))
		if (n.path_id != first->path_id)
			return false;
	return true;
}

/* Several prefixes of one set and path. */
static void
announce_many(struct text *to, const struct update_part *p, const struct nlri *first)
{
	struct nlri_walk w = nlri_walk_on(p);
	struct addr id = addr_v4_of(first->path_id);
	struct nlri n;

	text_string(to, "announce attributes");
	if (first->has_path_id) {
		text_string(to, " path-information ");
		addr_print(to, &id);
	}
	put_next_hop(to, p->attrs);
	put_attributes(to, p->family, p->attrs, HOP_ELSEWHERE);
	text_string(to, " nlri");
	while (nlri_next(&w, &n)) {
		text_char(to, ' ');
		n.has_path_id = false;
		put_nlri(to, &n, NULL);
	}
	text_char(to, '\n');
}

static void
announce_part(struct text *to, const struct update_part *p)
{
	struct nlri_walk w = nlri_walk_on(p);
	struct nlri n;

	if (p->family->safi == 1 && has_prefixes(p->family) && nlri_count(p) > 1 &&
	    is_one_path(p, &n)) {
		announce_many(to, p, &n);
		return;
	}
	while (nlri_next(&w, &n)) {
		put_verb(to, "announce", p->family);
		put_nlri(to, &n, p->attrs);
		put_attributes(to, p->family, p->attrs, HOP_ELSEWHERE);
		text_char(to, '\n');
	}
}

/* with: the attributes that go with withdraws, as a group of commands. */
static void
withdraw_part(struct text *to, const struct update_part *p, const struct attrs *with)
{
	struct nlri_walk w = nlri_walk_on(p);
	bool prefixes = has_prefixes(p->family);
	struct nlri n;

	while (nlri_next(&w, &n)) {
		if (with != NULL && (prefixes || !is_all_usual(with))) {
			text_string(to, "group attributes");
			put_attributes(to, NULL, with, HOP_INSIDE);
			text_string(to, " ; ");
		}
		put_verb(to, "withdraw", p->family);
		put_nlri(to, &n, NULL);
		text_string(to, prefixes ? "" : " next-hop 0.0.0.0");
		text_char(to, '\n');
	}
}

static bool
has_members(const struct attrs *a)
{
	struct record r;
	size_t at = 0;

	return a != NULL && attrs_next(a, &at, &r);
}

bool
commands_of_update(const struct update *u, struct text *to)
{
	bool announces = parts_any(u->announce);
	bool twisted = parts_any(u->twisted);
	bool withdraws = parts_any(u->withdraw);
	const struct attrs *with =
	    !announces && !twisted && has_members(u->attrs) ? u->attrs : NULL;

	if (u->eor != NULL) {
		text_string(to, "announce eor ");
		text_string(to, u->eor->name);
		text_char(to, '\n');
		return true;
	}
	if (with != NULL && !withdraws) {
		text_string(to, "attributes");
		put_attributes(to, NULL, with, HOP_INSIDE);
		text_char(to, '\n');
		return true;
	}
	if ((!announces && !withdraws && !twisted) || !can_say(u->announce) ||
	    !can_say(u->withdraw) || !can_say(u->twisted))
		return false;
	for (size_t i = 0; i < UPDATE_PARTS; i++)
		if (u->withdraw[i].family != NULL)
			withdraw_part(to, &u->withdraw[i], with);
	for (size_t i = 0; i < UPDATE_PARTS; i++)
		if (u->twisted[i].family != NULL)
			withdraw_part(to, &u->twisted[i], NULL);
	for (size_t i = 0; i < UPDATE_PARTS; i++)
		if (u->announce[i].family != NULL)
			announce_part(to, &u->announce[i]);
	return true;
}
