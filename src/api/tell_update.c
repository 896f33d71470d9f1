/* UPDATE: routes by family and next hop in JSON, a line for each in text. */
#include "bgp/attrs.h"
#include "bgp/family.h"
#include "bgp/message.h"
#include "bgp/shape.h"
#include "bgp/update.h"
#include "tale.h"

#define KEY_ROOM 80 /* a family's name or an address, with quotes and colon */

/* The key of a member that is known at run time. */
struct key {
	char room[KEY_ROOM];
	struct spell spell;
};

static struct text
key_begin(struct key *k)
{
	struct text t = { .at = k->room, .size = sizeof(k->room) };

	text_char(&t, '"');
	return t;
}

static const struct spell *
key_end(struct key *k, struct text *t)
{
	text_bytes(t, "\": ", 3);
	k->spell = (struct spell){ { [SPELL_JSON] = text_view(t) } };
	return &k->spell;
}

static const struct spell *
key_family(struct key *k, const struct family *f)
{
	struct text t = key_begin(k);

	text_string(&t, f->name);
	return key_end(k, &t);
}

struct addr
next_hop_shown(struct slice next_hop)
{
	/* RFC 2545 3: global, then link-local */
	return addr_of_bytes(next_hop.len == 32 ? slice_of(next_hop.at, 16) : next_hop);
}

static struct slice
part_next_hop(const struct update_part *p)
{
	return p->attrs == NULL ? slice_of(NULL, 0) : attrs_next_hop(p->attrs);
}

static const struct spell *
key_next_hop(struct key *k, const struct addr *a)
{
	struct text t = key_begin(k);

	if (a->family == ADDR_NONE)
		text_string(&t, "no-nexthop");
	else
		addr_print(&t, a);
	return key_end(k, &t);
}

static void
emit_nlris(struct emit *e, const struct update_part *p)
{
	struct nlri_walk w = nlri_walk_on(p);
	struct nlri n;

	e->next_hop = part_next_hop(p);
	while (nlri_next(&w, &n))
		p->family->emit(e, &n);
	e->next_hop = (struct slice){ NULL, 0 };
}

/* Both parts may be of one family: the classic field and MP_REACH of IPv4 unicast. */
static const struct update_part *
twin(const struct update_part parts[UPDATE_PARTS], size_t i)
{
	return i == 0 && parts[1].family == parts[0].family ? &parts[1] : NULL;
}

static bool
parts_any(const struct update_part parts[UPDATE_PARTS])
{
	return parts[0].family != NULL || parts[1].family != NULL;
}

static bool
parts_skip(const struct update_part parts[UPDATE_PARTS], size_t i)
{
	return parts[i].family == NULL || (i == 1 && parts[0].family == parts[1].family);
}

/* Under one family, by next hop. */
static void
emit_announced(struct emit *e, const struct update_part *part, const struct update_part *other)
{
	struct addr a = next_hop_shown(part_next_hop(part));
	struct addr b = other == NULL ? a : next_hop_shown(part_next_hop(other));
	struct key key;

	emit_open(e, key_next_hop(&key, &a), &MARKS_LIST);
	emit_nlris(e, part);
	if (!addr_same(&a, &b)) {
		emit_close(e);
		emit_open(e, key_next_hop(&key, &b), &MARKS_LIST);
	}
	if (other != NULL)
		emit_nlris(e, other);
	emit_close(e);
}

static void
emit_announces(struct emit *e, const struct update_part parts[UPDATE_PARTS])
{
	struct key key;

	emit_open(e, &FIELD("announce"), &MARKS_OBJECT);
	for (size_t i = 0; i < UPDATE_PARTS; i++) {
		if (parts_skip(parts, i))
			continue;
		emit_open(e, key_family(&key, parts[i].family), &MARKS_OBJECT);
		emit_announced(e, &parts[i], twin(parts, i));
		emit_close(e);
	}
	emit_close(e);
}

#define WITHDRAWN_PARTS (2 * UPDATE_PARTS)

/* What is gone for the receiver: withdraws, and announces that are treated as such (RFC 7606 2). */
static const struct update_part *
withdrawn_part(const struct update *u, size_t i)
{
	const struct update_part *p =
	    i < UPDATE_PARTS ? &u->withdraw[i] : &u->twisted[i - UPDATE_PARTS];

	return p->family == NULL ? NULL : p;
}

static bool
withdrawn_any(const struct update *u)
{
	return parts_any(u->withdraw) || parts_any(u->twisted);
}

static bool
was_before(const struct update *u, size_t i)
{
	const struct family *f = withdrawn_part(u, i)->family;

	while (i-- > 0)
		if (withdrawn_part(u, i) != NULL && withdrawn_part(u, i)->family == f)
			return true;
	return false;
}

static void
emit_withdraws(struct emit *e, const struct update *u)
{
	struct key key;

	emit_open(e, &FIELD("withdraw"), &MARKS_OBJECT);
	for (size_t i = 0; i < WITHDRAWN_PARTS; i++) {
		const struct update_part *p = withdrawn_part(u, i);

		if (p == NULL || was_before(u, i))
			continue;
		emit_open(e, key_family(&key, p->family), &MARKS_LIST);
		for (size_t j = i; j < WITHDRAWN_PARTS; j++) {
			const struct update_part *same = withdrawn_part(u, j);

			if (same != NULL && same->family == p->family)
				emit_nlris(e, same);
		}
		emit_close(e);
	}
	emit_close(e);
}

/* Members of the set and the note; false: there are none, and nothing is written. */
static bool
emit_members(struct emit *e, const struct update *u)
{
	size_t start = e->to->len;

	if (u->attrs != NULL)
		attrs_emit(e, u->attrs);
	if (u->note != NULL && (e->shape & SHAPE_NO_ERROR) == 0)
		emit_word(e, &FIELD("error"), slice_on(u->note));
	return e->to->len != start;
}

static void
emit_attribute(struct emit *e, const struct update *u)
{
	struct emit before = *e;
	size_t len = e->to->len;

	if (u->attrs == NULL && u->note == NULL)
		return;
	emit_open(e, &FIELD("attribute"), &MARKS_OBJECT);
	if (emit_members(e, u)) {
		emit_close(e);
		return;
	}
	*e = before; /* a set without anything to show: as if there were none */
	e->to->len = len;
	e->to->at[len] = '\0';
}

static void
put_eor(struct text *to, const struct family *f)
{
	text_string(to, ", \"message\": { \"eor\": { \"afi\" : \"");
	text_string(to, f->afi_word);
	text_string(to, "\", \"safi\" : \"");
	text_string(to, f->safi_word);
	text_string(to, "\" } }");
}

static uint32_t
shape_for(const struct tale *t, const struct update *u)
{
	uint32_t shape = t->how->dialect->shape;

	if (!withdrawn_any(u) || !u->next_hop)
		shape &= ~(uint32_t)SHAPE_NEXT_HOP_INSIDE;
	return t->how->compact ? shape | SHAPE_COMPACT : shape;
}

static void
update_json(struct tale *t, const struct update *u)
{
	struct emit e = emit_on(t->to, SPELL_JSON, shape_for(t, u));

	tale_open(t, "update", tale_consolidated(t));
	if (u->eor != NULL) {
		put_eor(t->to, u->eor);
	} else {
		text_slice(t->to, SLICE(", \"message\": { \"update\": { "));
		emit_attribute(&e, u);
		if (parts_any(u->announce))
			emit_announces(&e, u->announce);
		if (withdrawn_any(u))
			emit_withdraws(&e, u);
		text_slice(t->to, SLICE(" } }"));
	}
	if (tale_wants_negotiated(t))
		tale_put_negotiated(t);
	tale_close(t);
}

/* A piece of what was written, to be written again. */
struct again {
	size_t at;
	size_t len;
};

static void
put_again(struct text *to, struct again what)
{
	text_reserve(to, what.len);
	text_bytes(to, to->at + what.at, what.len);
}

/* Attributes, each behind a blank. */
static struct again
put_attributes(struct tale *t, const struct update *u)
{
	struct emit e = emit_on(t->to, SPELL_TEXT, t->how->dialect->shape);
	struct again what = { t->to->len, 0 };

	text_char(t->to, ' ');
	if (!emit_members(&e, u))
		t->to->at[--t->to->len] = '\0';
	what.len = t->to->len - what.at;
	return what;
}

static void
announced_lines(struct tale *t, const struct update *u, struct again who)
{
	struct again attributes = { 0, 0 };
	bool have = false;

	for (size_t i = 0; i < UPDATE_PARTS; i++) {
		const struct update_part *p = &u->announce[i];
		char room[HOP_WORDS_MAX];
		struct slice hop = tale_hop_words(room, part_next_hop(p));
		struct nlri_walk w;
		struct nlri n;

		if (p->family == NULL)
			continue;
		w = nlri_walk_on(p);
		while (nlri_next(&w, &n)) {
			put_again(t->to, who);
			text_slice(t->to, SLICE("announced "));
			tale_nlri_words(t->to, t->how->dialect->shape, &n, hop);
			if (have)
				put_again(t->to, attributes);
			else
				attributes = put_attributes(t, u);
			have = true;
			text_char(t->to, '\n');
		}
	}
}

static void
withdrawn_lines(struct tale *t, const struct update *u, struct again who)
{
	for (size_t i = 0; i < WITHDRAWN_PARTS; i++) {
		const struct update_part *p = withdrawn_part(u, i);
		struct nlri_walk w;
		struct nlri n;

		if (p == NULL)
			continue;
		w = nlri_walk_on(p);
		while (nlri_next(&w, &n)) {
			struct emit e = emit_on(t->to, SPELL_TEXT, t->how->dialect->shape);

			put_again(t->to, who);
			text_slice(t->to, SLICE("withdrawn "));
			p->family->emit(&e, &n);
			text_char(t->to, '\n');
		}
	}
}

static void
eor_line(struct tale *t, const struct family *f, struct again who)
{
	put_again(t->to, who);
	text_string(t->to, "route eor ");
	text_uint(t->to, f->afi);
	text_char(t->to, '/');
	text_uint(t->to, f->safi);
	text_string(t->to, " (");
	text_string(t->to, f->name);
	text_string(t->to, ")\n");
}

static void
update_text(struct tale *t, const struct update *u)
{
	struct again who = { t->to->len, 0 };

	tale_who_did(t);
	text_string(t->to, "update ");
	who.len = t->to->len - who.at;
	text_string(t->to, "start\n");
	if (u->eor != NULL)
		eor_line(t, u->eor, who);
	if (tale_has(t, SHAPE_TEXT_6)) {
		announced_lines(t, u, who);
		withdrawn_lines(t, u, who);
	} else {
		withdrawn_lines(t, u, who);
		announced_lines(t, u, who);
	}
	if (tale_consolidated(t)) {
		tale_header_body(t);
		text_char(t->to, '\n');
	}
	put_again(t->to, who);
	text_string(t->to, "end\n\n");
}

void
tale_update(struct tale *t)
{
	if (t->how->encoder == TELL_JSON)
		update_json(t, t->e->update);
	else
		update_text(t, t->e->update);
}
