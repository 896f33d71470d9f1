/* UPDATEs as the commands that would send them. */
#include "commands.h"

#include "bgp/attrs.h"
#include "bgp/family.h"
#include "bgp/shape.h"
#include "lang/emit.h"

#define RECORD_ROOM 65536

/* Next to each other in this order, whatever their codes are; 0 stands for the next hop. */
static const uint8_t before_next_hop[] = { 1, 2 };
static const uint8_t behind_next_hop[] = { 5, 4, 6, 7, 8, 32, 16, 25 };
static const uint8_t at_the_end[] = { 9, 10, 40 };

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

static void
put_records(struct text *to, const struct family *f, const struct attrs *a, const uint8_t *codes,
    size_t n)
{
	struct record r;

	for (size_t i = 0; i < n; i++)
		if (attrs_find(a, codes[i], &r))
			put_record(to, f, &r);
}

static void
put_attributes(struct text *to, const struct family *f, const struct attrs *a)
{
	struct slice hop = attrs_next_hop(a);
	struct addr next_hop = addr_of_bytes(hop.len == 32 ? slice_of(hop.at, 16) : hop);
	struct record r;

	if (next_hop.family != ADDR_NONE) {
		text_string(to, " next-hop ");
		addr_print(to, &next_hop);
	}
	put_records(to, f, a, before_next_hop, sizeof(before_next_hop));
	put_records(to, f, a, behind_next_hop, sizeof(behind_next_hop));
	for (size_t at = 0; attrs_next(a, &at, &r);)
		if (!is_placed(r.code))
			put_record(to, f, &r);
	put_records(to, f, a, at_the_end, sizeof(at_the_end));
}

static bool
is_unicast(const struct family *f)
{
	return f->safi == 1 && (f->afi == 1 || f->afi == 2);
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

static void
put_nlri(struct text *to, const struct nlri *n)
{
	struct emit e = emit_on(to, SPELL_WORDS, 0);

	n->family->emit(&e, n);
}

/* "route", or the words of the family. */
static void
put_verb(struct text *to, const char *verb, const struct family *f)
{
	text_string(to, verb);
	text_string(to, is_unicast(f) ? " route" : " ");
	if (!is_unicast(f))
		text_string(to, f->name);
	text_char(to, ' ');
}

/* Several prefixes of one set, which have no identifiers of their own. */
static void
announce_many(struct text *to, const struct update_part *p)
{
	struct nlri_walk w = nlri_walk_on(p);
	struct nlri n;

	text_string(to, "announce attributes");
	put_attributes(to, p->family, p->attrs);
	text_string(to, " nlri");
	while (nlri_next(&w, &n)) {
		text_char(to, ' ');
		put_nlri(to, &n);
	}
	text_char(to, '\n');
}

static void
announce_part(struct text *to, const struct update_part *p)
{
	struct nlri_walk w = nlri_walk_on(p);
	struct nlri n;

	if (is_unicast(p->family) && !p->path_ids && nlri_count(p) > 1) {
		announce_many(to, p);
		return;
	}
	while (nlri_next(&w, &n)) {
		put_verb(to, "announce", p->family);
		put_nlri(to, &n);
		put_attributes(to, p->family, p->attrs);
		text_char(to, '\n');
	}
}

/* with: the attributes that go with withdraws, as a group of commands. */
static void
withdraw_part(struct text *to, const struct update_part *p, const struct attrs *with)
{
	struct nlri_walk w = nlri_walk_on(p);
	struct nlri n;

	while (nlri_next(&w, &n)) {
		if (with != NULL) {
			text_string(to, "group attributes");
			put_attributes(to, NULL, with);
			text_string(to, " ; ");
		}
		put_verb(to, "withdraw", p->family);
		put_nlri(to, &n);
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
