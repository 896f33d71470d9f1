/* What a block of path attributes comes to: RFC 4271 6.3, RFC 7606. */
#include "attr_block.h"

#include "attr.h"

const char note_withdraw[] = "treat-as-withdraw";
static const char note_discard[] = "discard";

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

static struct block
block_decode(const struct block_key *k)
{
	uint8_t room[ATTRS_MAX];
	struct writer w = writer_on(room, sizeof(room));
	struct taking t = { .session = k->session, .build = { .room = &w } };
	const struct attr *row;

	take_all(&t, k->bytes);
	for (size_t i = 0; (row = attr_at(i)) != NULL; i++)
		if (row->settle != NULL)
			row->settle(&t.build, k->session);
	if (k->mp)
		t.build.next_hop = k->next_hop;
	return (struct block){
		.attrs = attrs_freeze(&t.build),
		.verdict = t.verdict,
		.note = t.note,
		.mandatory = all_seen(&t, ATTR_MANDATORY),
		.mandatory_v4 = all_seen(&t, ATTR_MANDATORY | ATTR_MANDATORY_V4),
		.next_hop = all_seen(&t, ATTR_MANDATORY_V4),
	};
}

struct block
block_find(const struct block_key *k, struct attr_cache *cache)
{
	const struct block *known;
	struct block b;
	uint64_t hash;

	if (cache == NULL)
		return block_decode(k);
	hash = attr_cache_hash(k);
	known = attr_cache_find(cache, k, hash);
	if (known != NULL) {
		(void)attrs_hold(known->attrs);
		return *known;
	}
	b = block_decode(k);
	attr_cache_put(cache, k, hash, &b);
	return b;
}
