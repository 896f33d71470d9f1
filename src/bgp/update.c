/*
 * UPDATE: RFC 4271 4.3 and 6.3, RFC 4760, RFC 7606. Three parts, the attributes that carry NLRI of
 * other families, End of RIB, and the verdict of all of it.
 */
#include "bgp/update.h"

#include "attr.h"

#include "base/map.h"
#include "base/mem.h"
#include "bgp/message.h"

#define UPDATE_ERROR    3
#define MALFORMED_LIST  1
#define FLAGS_ERROR     4
#define OPTIONAL_ERROR  9
#define INVALID_NETWORK 10
#define UNSPECIFIC      0

static const char note_withdraw[] = "treat-as-withdraw";
static const char note_discard[] = "discard";

/* What a block of attributes, without those that carry NLRI, comes to. */
struct block {
	struct attrs *attrs; /* held; with the next hop that was asked for */
	enum verdict verdict;
	const char *note;
	bool mandatory;    /* ORIGIN and AS_PATH are there */
	bool mandatory_v4; /* and NEXT_HOP */
};

/*
 * Blocks that were seen before. A place per hash; a place keeps its room. What does not fit in the
 * limit pushes others out, place after place.
 */
struct cached {
	uint64_t hash;
	struct block block; /* attrs NULL: empty */
	uint8_t *bytes;     /* next hop, then attributes */
	uint32_t len;
	uint32_t size;
	uint8_t next_hop_len;
	uint8_t context;
};

struct attr_cache {
	struct cached *at;
	size_t places; /* a power of two, or 0 */
	size_t used;
	size_t bytes; /* of rooms */
	size_t most;
	size_t hand; /* whose room is taken next */
};

#define CACHE_DEFAULT (4u << 20)
#define CACHE_LEAST   64
#define CACHE_LONGEST 4096

struct attr_cache *
attr_cache_new(size_t most_bytes)
{
	struct attr_cache *c = mem_zero(1, sizeof(*c));

	c->most = most_bytes == 0 ? CACHE_DEFAULT : most_bytes;
	return c;
}

void
attr_cache_free(struct attr_cache *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->places; i++) {
		attrs_drop(c->at[i].block.attrs);
		mem_free(c->at[i].bytes);
	}
	mem_free(c->at);
	mem_free(c);
}

/* What the same bytes may mean something else under. */
static uint8_t
context_of(const struct session *s, bool mp)
{
	return (uint8_t)(s->asn4 | s->aigp << 1 | session_internal(s) << 2 | mp << 3);
}

static uint64_t
block_hash(struct slice block, struct slice next_hop, uint8_t context)
{
	uint64_t h = hash_bytes(block.at, block.len) + context;

	return next_hop.len == 0 ? h : h ^ hash_bytes(next_hop.at, next_hop.len);
}

static bool
cached_is(const struct cached *c, uint64_t hash, struct slice block, struct slice next_hop,
    uint8_t context)
{
	return c->block.attrs != NULL && c->hash == hash && c->context == context &&
	    c->len == block.len + next_hop.len && c->next_hop_len == next_hop.len &&
	    (next_hop.len == 0 || memcmp(c->bytes, next_hop.at, next_hop.len) == 0) &&
	    (block.len == 0 || memcmp(c->bytes + next_hop.len, block.at, block.len) == 0);
}

static void
cached_empty(struct attr_cache *cache, struct cached *c)
{
	if (c->block.attrs == NULL)
		return;
	attrs_drop(c->block.attrs);
	c->block.attrs = NULL;
	cache->used--;
}

/* Twice the places while half of them are used and the places themselves are a small part. */
static void
cache_grow(struct attr_cache *cache)
{
	size_t places = cache->places == 0 ? CACHE_LEAST : cache->places * 2;
	struct cached *old = cache->at;

	if (cache->used * 2 < cache->places ||
	    (cache->places != 0 && places * sizeof(*old) * 4 > cache->most))
		return;
	cache->at = mem_zero(places, sizeof(*old));
	for (size_t i = 0; i < cache->places; i++) {
		/* nobody else comes to that place: the lower bits of the hash say the old one */
		if (old[i].block.attrs != NULL || old[i].bytes != NULL)
			cache->at[old[i].hash & (places - 1)] = old[i];
	}
	mem_free(old);
	cache->places = places;
	cache->hand = 0;
}

static void
cache_make_room(struct attr_cache *cache, const struct cached *but, size_t more)
{
	for (size_t n = 0; n < cache->places && cache->bytes + more > cache->most; n++) {
		struct cached *c = &cache->at[cache->hand];

		cache->hand = (cache->hand + 1) & (cache->places - 1);
		if (c == but)
			continue;
		cached_empty(cache, c);
		cache->bytes -= c->size;
		mem_free(c->bytes);
		c->bytes = NULL;
		c->size = 0;
	}
}

static void
cache_put(struct attr_cache *cache, uint64_t hash, struct slice block, struct slice next_hop,
    uint8_t context, const struct block *from)
{
	size_t len = block.len + next_hop.len;
	struct cached *c;

	if (len > CACHE_LONGEST)
		return;
	cache_grow(cache);
	c = &cache->at[hash & (cache->places - 1)];
	cached_empty(cache, c);
	if (c->size < len) {
		cache_make_room(cache, c, len - c->size);
		cache->bytes += len - c->size;
		c->bytes = mem_grow(c->bytes, len);
		c->size = (uint32_t)len; /* limited above */
	}
	if (next_hop.len != 0)
		memcpy(c->bytes, next_hop.at, next_hop.len);
	if (block.len != 0)
		memcpy(c->bytes + next_hop.len, block.at, block.len);
	c->hash = hash;
	c->len = (uint32_t)len;
	c->next_hop_len = (uint8_t)next_hop.len; /* at most 32 */
	c->context = context;
	c->block = *from;
	(void)attrs_hold(c->block.attrs);
	cache->used++;
}

/* A block being decoded. */
struct taking {
	const struct session *session;
	struct attrs_build build;
	enum verdict verdict;
	const char *note;
	uint64_t seen[4]; /* by code */
};

static void
judge(struct taking *t, enum verdict v, const char *note)
{
	if (v > t->verdict)
		t->note = note;
	t->verdict = verdict_worst(t->verdict, v);
}

static const char *
note_of(enum verdict v)
{
	return v == VERDICT_DISCARD ? note_discard : note_withdraw;
}

static bool
seen(const struct taking *t, uint8_t code)
{
	return (t->seen[code / 64] >> code % 64 & 1) != 0;
}

/* What we know nothing of passes on unchanged, marked partial: RFC 4271 5. */
static void
take_unknown(struct taking *t, const struct attr_wire *a)
{
	uint8_t flags = (uint8_t)((a->flags & ~ATTR_EXTENDED) | ATTR_PARTIAL);

	if ((a->flags & ATTR_TRANSITIVE) != 0 &&
	    !build_add(&t->build, a->code, flags, RECORD_VALUE, a->value))
		judge(t, VERDICT_WITHDRAW, note_withdraw);
}

static void
take_known(struct taking *t, const struct attr *row, const struct attr_wire *a)
{
	enum verdict malformed = row->malformed;
	struct reader r = reader_on(a->value);
	enum verdict v;

	/* RFC 7606 7.5, 7.9, 7.10 */
	if ((row->traits & ATTR_INTERNAL_ONLY) != 0 && !session_internal(t->session))
		malformed = VERDICT_DISCARD;
	if (((a->flags ^ row->flags) & ATTR_OPT_TRANS) != 0) { /* RFC 7606 3 (c) */
		judge(t, malformed, note_of(malformed));
		return;
	}
	if (a->value.len == 0 && (row->traits & ATTR_EMPTY_FINE) == 0) { /* RFC 7606 4 */
		judge(t, malformed, malformed == VERDICT_WITHDRAW ? row->due : note_of(malformed));
		return;
	}
	v = row->decode(&r, t->session, &t->build);
	if (v == VERDICT_FINE && !writer_ok(t->build.room))
		v = VERDICT_WITHDRAW; /* more than a set holds */
	if (v == VERDICT_WITHDRAW)
		v = malformed;
	judge(t, v, note_of(v));
}

static void
take_all(struct taking *t, struct slice block)
{
	struct reader r = reader_on(block);
	struct attr_wire a;

	while (reader_more(&r)) {
		const struct attr *row;

		if (!attr_take(&r, &a)) { /* RFC 7606 4 */
			judge(t, VERDICT_WITHDRAW, note_withdraw);
			return;
		}
		if (seen(t, a.code)) /* RFC 7606 3 (g) */
			continue;
		t->seen[a.code / 64] |= UINT64_C(1) << a.code % 64;
		row = attr_of(a.code);
		if (row == NULL)
			take_unknown(t, &a);
		else
			take_known(t, row, &a);
	}
}

static bool
all_seen(const struct taking *t, unsigned traits)
{
	const struct attr *row;

	for (size_t i = 0; (row = attr_at(i)) != NULL; i++)
		if ((row->traits & traits) != 0 && !seen(t, row->code))
			return false;
	return true;
}

/* next_hop: that of MP_REACH_NLRI if mp. */
static struct block
block_decode(struct slice block, const struct session *s, bool mp, struct slice next_hop)
{
	uint8_t room[ATTRS_MAX];
	struct writer w = writer_on(room, sizeof(room));
	struct taking t = { .session = s, .build = { .room = &w } };
	const struct attr *row;

	take_all(&t, block);
	for (size_t i = 0; (row = attr_at(i)) != NULL; i++)
		if (row->settle != NULL)
			row->settle(&t.build, s);
	if (mp)
		t.build.next_hop = next_hop;
	return (struct block){
		.attrs = attrs_freeze(&t.build),
		.verdict = t.verdict,
		.note = t.note,
		.mandatory = all_seen(&t, ATTR_MANDATORY),
		.mandatory_v4 = all_seen(&t, ATTR_MANDATORY | ATTR_MANDATORY_V4),
	};
}

/* The same, out of the cache if it is there; attrs is held for the caller. */
static struct block
block_find(struct slice block, const struct session *s, struct attr_cache *cache, bool mp,
    struct slice next_hop)
{
	uint8_t context = context_of(s, mp);
	struct block b;
	uint64_t hash;

	if (cache == NULL)
		return block_decode(block, s, mp, next_hop);
	hash = block_hash(block, next_hop, context);
	if (cache->places != 0) {
		const struct cached *c = &cache->at[hash & (cache->places - 1)];

		if (cached_is(c, hash, block, next_hop, context)) {
			b = c->block;
			(void)attrs_hold(b.attrs);
			return b;
		}
	}
	b = block_decode(block, s, mp, next_hop);
	cache_put(cache, hash, block, next_hop, context, &b);
	return b;
}

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

static bool
part_set(struct update_part *part, const struct family *f, struct slice nlri,
    const struct session *s, struct update *to)
{
	*part = (struct update_part){
		.family = f, .nlri = nlri, .path_ids = family_in(s->path_ids_in, f)
	};
	if (part_check(part))
		return true;
	part->family = NULL;
	reset(to, INVALID_NETWORK, nothing);
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
	return part_set(&to->withdraw[UPDATE_MP], f, read_rest(&r), s, to);
}

/* RFC 8950: an IPv6 next hop where IPv4 stands in the family. */
static bool
next_hop_allowed(const struct family *f, const struct session *s, size_t len)
{
	uint64_t lens = f->next_hop_lens;

	if (family_in(s->next_hop_v6, f)) {
		if ((f->traits & FAMILY_NEXT_HOP_RD) != 0)
			lens |= UINT64_C(1) << 24 | UINT64_C(1) << 40 | UINT64_C(1) << 48;
		else
			lens |= UINT64_C(1) << 16 | UINT64_C(1) << 32;
	}
	return len < 64 && (lens >> len & 1) != 0;
}

#define RD_LEN 8

/* Without the route distinguishers, which are zero: RFC 4364 4.3.2, RFC 4659 3.2.1. The second of
 * two addresses has one of its own, or not. False: malformed. */
static bool
next_hop_take(const struct family *f, struct slice value, uint8_t room[32], struct slice *to)
{
	static const uint8_t zero[RD_LEN];
	struct reader r = reader_on(value);
	size_t len = 0;

	*to = value;
	if ((f->traits & FAMILY_NEXT_HOP_RD) == 0)
		return value.len <= 32;
	while (reader_more(&r)) {
		size_t n = value.len < 16 ? 4 : 16;

		if (value.len != 40 || len == 0) {
			struct slice rd = read_slice(&r, RD_LEN);

			if (rd.len != RD_LEN || memcmp(rd.at, zero, RD_LEN) != 0)
				return false;
		}
		if (len + n > 32)
			return false;
		read_copy(&r, room + len, n);
		len += n;
	}
	*to = slice_of(room, len);
	return reader_ok(&r);
}

static bool
take_reach(
    struct pieces *p, const struct session *s, struct arena *a, uint8_t room[32], struct update *to)
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
	if (!reader_ok(&r) || f == NULL || !next_hop_allowed(f, s, next_hop.len) ||
	    !next_hop_take(f, next_hop, room, &p->next_hop) || reader_done(&r)) {
		reset(to, UNSPECIFIC, nothing);
		return false;
	}
	return part_set(&to->announce[UPDATE_MP], f, read_rest(&r), s, to);
}

static bool
take_classic(const struct pieces *p, const struct session *s, struct update *to)
{
	const struct family *f = family_of(1, 1);

	if (p->withdrawn.len != 0 &&
	    !part_set(&to->withdraw[UPDATE_CLASSIC], f, p->withdrawn, s, to))
		return false;
	return p->nlri.len == 0 || part_set(&to->announce[UPDATE_CLASSIC], f, p->nlri, s, to);
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
	struct slice block = without_mp(p, room);
	struct update_part *classic = &to->announce[UPDATE_CLASSIC];
	struct update_part *mp = &to->announce[UPDATE_MP];
	struct block b;

	if (classic->family != NULL) {
		b = block_find(block, s, cache, false, nothing);
		believe(to, classic, &b, b.mandatory_v4);
	}
	if (mp->family != NULL) {
		b = block_find(block, s, cache, true, p->next_hop);
		believe(to, mp, &b, b.mandatory);
	}
	if (classic->family != NULL)
		to->attrs = attrs_hold(classic->attrs);
	else if (mp->family != NULL)
		to->attrs = attrs_hold(mp->attrs);
	else if (block.len != 0) {
		b = block_find(block, s, cache, false, nothing);
		to->attrs = b.attrs;
		to->verdict = b.verdict;
		to->note = b.note;
		/* RFC 7606 5.2: perhaps there were routes, which we can't find */
		if (b.verdict > VERDICT_DISCARD)
			reset(to, MALFORMED_LIST, nothing);
	}
}

static void
twist(struct update *u)
{
	for (size_t i = 0; i < UPDATE_PARTS; i++) {
		u->twisted[i] = u->announce[i];
		u->announce[i] = (struct update_part){ 0 };
		attrs_drop(u->twisted[i].attrs);
		u->twisted[i].attrs = NULL;
	}
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
	uint8_t next_hop[32];

	*to = (struct update){ 0 };
	if (split_body(body, &p, to) && find_mp(&p, a, to) && take_classic(&p, s, to) &&
	    (p.unreach.whole.at == NULL || take_unreach(&p, s, a, to)) &&
	    (p.reach.whole.at == NULL || take_reach(&p, s, a, next_hop, to)))
		take_attributes(&p, s, cache, to);
	if (to->verdict == VERDICT_RESET)
		forget(to);
	else if (to->verdict == VERDICT_WITHDRAW)
		twist(to);
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

struct nlri_walk
nlri_walk_on(const struct update_part *part)
{
	return (struct nlri_walk){ part, reader_on(part->nlri) };
}

bool
nlri_next(struct nlri_walk *w, struct nlri *n)
{
	if (!reader_more(&w->r))
		return false;
	*n = nlri_take(w->part->family, &w->r, w->part->path_ids);
	return reader_ok(&w->r);
}

size_t
nlri_count(const struct update_part *part)
{
	struct nlri_walk w;
	struct nlri n;
	size_t count = 0;

	if (part->family == NULL)
		return 0;
	w = nlri_walk_on(part);
	while (nlri_next(&w, &n))
		count++;
	return count;
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
