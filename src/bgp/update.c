/*
 * UPDATE: RFC 4271 4.3 and 6.3, RFC 4760, RFC 7606. Three parts, the attributes that carry NLRI of
 * other families, End of RIB, and the verdict of all of it.
 */
#include "bgp/update.h"

#include "attr.h"
#include "attr_block.h"
#include "mp_next_hop.h"

#include "bgp/message.h"
#include "bgp/role.h"

#define UPDATE_ERROR    3
#define MALFORMED_LIST  1
#define FLAGS_ERROR     4
#define OPTIONAL_ERROR  9
#define INVALID_NETWORK 10
#define UNSPECIFIC      0

/* The message in pieces. */
struct pieces {
	struct slice withdrawn;
	struct slice attributes;
	struct slice nlri;
	struct attr_wire reach; /* whole.at == NULL: absent */
	struct attr_wire unreach;
	struct slice next_hop; /* of MP_REACH_NLRI, without route distinguishers */
};

static void
reset(struct update *to, uint8_t subcode, struct slice data)
{
	to->verdict = VERDICT_RESET;
	to->why = (struct notification){ UPDATE_ERROR, subcode, data };
}

static const struct slice nothing;

static bool
split_body(struct slice body, struct pieces *p, struct update *to)
{
	struct reader r = reader_on(body);

	p->withdrawn = read_slice(&r, read_u16(&r));
	p->attributes = read_slice(&r, read_u16(&r));
	p->nlri = read_rest(&r);
	if (!reader_ok(&r)) /* RFC 7606 3 (b) */
		reset(to, MALFORMED_LIST, nothing);
	return reader_ok(&r);
}

/* Finds what carries NLRI; false: it can't be believed. */
static bool
find_mp(struct pieces *p, struct arena *a, struct update *to)
{
	struct reader r = reader_on(p->attributes);
	struct attr_wire w;

	while (reader_more(&r) && attr_take(&r, &w)) {
		const struct attr *row = attr_of(w.code);
		struct attr_wire *place;

		if (row == NULL || (row->traits & ATTR_REACH) == 0)
			continue;
		place = row == &attr_mp_reach ? &p->reach : &p->unreach;
		if (place->whole.at != NULL) { /* RFC 7606 3 (g) */
			reset(to, MALFORMED_LIST, nothing);
			return false;
		}
		if (((w.flags ^ row->flags) & ATTR_OPT_TRANS) != 0) { /* RFC 7606 5.3 */
			reset(to, FLAGS_ERROR, arena_copy(a, w.whole));
			return false;
		}
		*place = w;
	}
	return true;
}

/* The attributes without those; in place if they had none, else copied to room. */
static struct slice
without_mp(const struct pieces *p, uint8_t *room)
{
	struct slice cuts[2] = { p->reach.whole, p->unreach.whole };
	const uint8_t *at = p->attributes.at;
	const uint8_t *end = at + p->attributes.len;
	size_t len = 0;

	if (cuts[0].at == NULL && cuts[1].at == NULL)
		return p->attributes;
	if (cuts[0].at == NULL || (cuts[1].at != NULL && cuts[1].at < cuts[0].at)) {
		cuts[0] = p->unreach.whole;
		cuts[1] = p->reach.whole;
	}
	for (size_t i = 0; i < 2 && cuts[i].at != NULL; i++) {
		memcpy(room + len, at, (size_t)(cuts[i].at - at));
		len += (size_t)(cuts[i].at - at);
		at = cuts[i].at + cuts[i].len;
	}
	memcpy(room + len, at, (size_t)(end - at));
	return slice_of(room, len + (size_t)(end - at));
}

/* All NLRI of a part are well-formed: RFC 7606 5.3. */
static bool
part_check(const struct update_part *part)
{
	struct nlri_walk w = nlri_walk_on(part);
	struct nlri n;

	while (nlri_next(&w, &n))
		;
	return reader_ok(&w.r);
}

/* What can't be believed of one family ends the session, or that family alone: RFC 7606 2. */
static bool
spoil(struct update *to, const struct family *f, const struct session *s, uint8_t subcode)
{
	if (s->disable_family)
		family_add(&to->disable, f);
	else
		reset(to, subcode, nothing);
	return s->disable_family;
}

static bool
part_set(
    struct update_part *part, const struct family *f, struct slice nlri, const struct session *s)
{
	*part = (struct update_part){
		.family = f, .nlri = nlri, .path_ids = family_in(s->path_ids_in, f)
	};
	if (part_check(part))
		return true;
	part->family = NULL;
	return false;
}

static const struct family *
agreed_family(struct reader *r, const struct session *s)
{
	uint16_t afi = read_u16(r);
	const struct family *f = family_of(afi, read_u8(r));

	return f != NULL && family_in(s->family_bits, f) ? f : NULL;
}

static bool
take_unreach(const struct pieces *p, const struct session *s, struct arena *a, struct update *to)
{
	struct reader r = reader_on(p->unreach.value);
	const struct family *f = agreed_family(&r, s);

	if (!reader_ok(&r)) { /* RFC 7606 5.3 */
		reset(to, OPTIONAL_ERROR, arena_copy(a, p->unreach.whole));
		return false;
	}
	if (f == NULL) {
		reset(to, UNSPECIFIC, nothing);
		return false;
	}
	if (reader_done(&r)) {
		/* RFC 4724 2: alone, it is the End of RIB */
		if (p->unreach.whole.len == p->attributes.len && p->withdrawn.len == 0 &&
		    p->nlri.len == 0)
			to->eor = f;
		return true;
	}
	return part_set(&to->withdraw[UPDATE_MP], f, read_rest(&r), s) ||
	    spoil(to, f, s, INVALID_NETWORK);
}

static bool
take_reach(struct pieces *p, const struct session *s, struct arena *a,
    uint8_t room[MP_NEXT_HOP_MOST], struct update *to)
{
	struct reader r = reader_on(p->reach.value);
	const struct family *f = agreed_family(&r, s);
	struct slice next_hop = read_slice(&r, read_u8(&r));

	read_skip(&r, 1);             /* RFC 4760 3: reserved, ignored */
	if (p->reach.value.len < 5) { /* RFC 7606 5.3 */
		reset(to, OPTIONAL_ERROR, arena_copy(a, p->reach.whole));
		return false;
	}
	/* RFC 7606 7.11: where the NLRI begins is not known then */
	if (f == NULL) {
		reset(to, UNSPECIFIC, nothing);
		return false;
	}
	if (!reader_ok(&r) || !mp_next_hop_take(f, s, next_hop, room, &p->next_hop) ||
	    reader_done(&r))
		return spoil(to, f, s, UNSPECIFIC);
	return part_set(&to->announce[UPDATE_MP], f, read_rest(&r), s) ||
	    spoil(to, f, s, INVALID_NETWORK);
}

static bool
take_classic(const struct pieces *p, const struct session *s, struct update *to)
{
	const struct family *f = family_of(1, 1);

	if ((p->withdrawn.len == 0 ||
		part_set(&to->withdraw[UPDATE_CLASSIC], f, p->withdrawn, s)) &&
	    (p->nlri.len == 0 || part_set(&to->announce[UPDATE_CLASSIC], f, p->nlri, s)))
		return true;
	reset(to, INVALID_NETWORK, nothing);
	return false;
}

/* What a block says about the part that it is announced with. */
static void
believe(struct update *to, struct update_part *part, const struct block *b, bool complete)
{
	if (b->verdict > to->verdict)
		to->note = b->note;
	to->verdict = verdict_worst(to->verdict, b->verdict);
	/* RFC 7606 3 (d) */
	if (!complete && to->verdict < VERDICT_WITHDRAW) {
		to->verdict = VERDICT_WITHDRAW;
		to->note = note_withdraw;
	}
	part->attrs = b->attrs;
}

static void
take_attributes(
    const struct pieces *p, const struct session *s, struct attr_cache *cache, struct update *to)
{
	uint8_t room[65535];
	struct block_key key = { .bytes = without_mp(p, room), .session = s };
	struct update_part *classic = &to->announce[UPDATE_CLASSIC];
	struct update_part *mp = &to->announce[UPDATE_MP];
	struct block b;

	if (classic->family != NULL) {
		b = block_find(&key, cache);
		to->next_hop = b.next_hop;
		believe(to, classic, &b, b.mandatory_v4);
	} else if (mp->family == NULL && key.bytes.len != 0) {
		b = block_find(&key, cache);
		to->attrs = b.attrs;
		to->next_hop = b.next_hop;
		to->verdict = b.verdict;
		to->note = b.note;
		/* RFC 7606 5.2: perhaps there were routes, which we can't find */
		if (b.verdict > VERDICT_DISCARD && to->disable.bits == 0)
			reset(to, MALFORMED_LIST, nothing);
		return;
	}
	if (mp->family != NULL) {
		key.mp = true;
		key.next_hop = p->next_hop;
		b = block_find(&key, cache);
		to->next_hop = b.next_hop;
		believe(to, mp, &b, b.mandatory);
	}
	if (classic->family != NULL)
		to->attrs = attrs_hold(classic->attrs);
	else if (mp->family != NULL)
		to->attrs = attrs_hold(mp->attrs);
}

static void
twist(struct update *u, size_t i)
{
	u->twisted[i] = u->announce[i];
	u->announce[i] = (struct update_part){ 0 };
	attrs_drop(u->twisted[i].attrs);
	u->twisted[i].attrs = NULL;
}

/* RFC 9234 5: a part that leaked is withdrawn. */
static void
take_roles(struct update *u, const struct session *s)
{
	for (size_t i = UPDATE_PARTS; i-- > 0;) {
		struct update_part *part = &u->announce[i];

		if (part->attrs == NULL)
			continue;
		if (!role_hears(s, part->family, &part->attrs)) {
			twist(u, i);
			u->verdict = verdict_worst(u->verdict, VERDICT_WITHDRAW);
			u->note = attr_only_to_customer.due;
			continue;
		}
		attrs_drop(u->attrs);
		u->attrs = attrs_hold(part->attrs); /* the first part is the last */
	}
}

/* A part whose NLRI were all passed over says nothing of its family. */
static void
drop_empty(struct update_part *part)
{
	if (part->family == NULL || part->family->sound == NULL || nlri_count(part) != 0)
		return;
	attrs_drop(part->attrs);
	*part = (struct update_part){ 0 };
}

static void
drop_all_empty(struct update *u)
{
	for (size_t i = 0; i < UPDATE_PARTS; i++) {
		drop_empty(&u->announce[i]);
		drop_empty(&u->withdraw[i]);
		drop_empty(&u->twisted[i]);
	}
}

/* What else was wrong is of no interest then. */
static void
disable_families(struct update *u, struct arena *a)
{
	struct text note = { 0 };

	u->verdict = VERDICT_DISABLE_FAMILY;
	text_string(&note, "disable-family due to");
	for (unsigned id = 0; id < FAMILY_MAX; id++) {
		if ((u->disable.bits >> id & 1) == 0)
			continue;
		text_char(&note, ' ');
		text_string(&note, family_at((uint8_t)id)->name);
	}
	text_char(&note, '\0');
	u->note = (const char *)arena_copy(a, text_view(&note)).at;
	text_free(&note);
}

/* Nothing of a message that ends the session is believed. */
static void
forget(struct update *u)
{
	struct notification why = u->why;

	update_done(u);
	u->verdict = VERDICT_RESET;
	u->why = why;
}

void
update_decode(struct slice body, const struct session *s, struct arena *a, struct attr_cache *cache,
    struct update *to)
{
	struct pieces p = { 0 };
	uint8_t next_hop[MP_NEXT_HOP_MOST];

	*to = (struct update){ 0 };
	if (split_body(body, &p, to) && find_mp(&p, a, to) && take_classic(&p, s, to) &&
	    (p.unreach.whole.at == NULL || take_unreach(&p, s, a, to)) &&
	    (p.reach.whole.at == NULL || take_reach(&p, s, a, next_hop, to)))
		take_attributes(&p, s, cache, to);
	if (to->verdict == VERDICT_RESET)
		forget(to);
	else if (to->verdict == VERDICT_WITHDRAW)
		for (size_t i = 0; i < UPDATE_PARTS; i++)
			twist(to, i);
	else if (s->role != ROLE_NONE)
		take_roles(to, s);
	if (to->disable.bits != 0)
		disable_families(to, a);
	drop_all_empty(to);
	if (body.len == 4 && to->verdict == VERDICT_FINE)
		to->eor = family_of(1, 1); /* RFC 4724 2 */
}

void
update_done(struct update *u)
{
	for (size_t i = 0; i < UPDATE_PARTS; i++)
		attrs_drop(u->announce[i].attrs);
	attrs_drop(u->attrs);
	*u = (struct update){ 0 };
}

void
eor_encode(const struct family *f, struct writer *w)
{
	struct gap message = message_begin(w, MESSAGE_UPDATE);
	struct gap attributes;

	write_u16(w, 0);
	attributes = open_u16(w);
	if ((f->traits & FAMILY_CLASSIC) == 0) {
		/* a length of two bytes, as ExaBGP's */
		attr_header(w, ATTR_NON_TRANS | ATTR_EXTENDED, attr_mp_unreach.code, 3);
		write_u16(w, f->afi);
		write_u8(w, f->safi);
	}
	close_u16(w, attributes);
	message_finish(w, message);
}
